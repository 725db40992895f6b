# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.answers import (
    instances,
    instant_of,
    regions,
    unknown_ids,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.tests.support.aws_answers import (
    ACCOUNT,
    REGION,
    instance,
    instances_answer,
    spoilt,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICE = {"Schedule": "office", "Name": "a <b> & c!"}


def only(text: str) -> Resource:
    page = instances(instances_answer(text), ACCOUNT, REGION)
    (found,) = page.resources
    return found


def test_the_example_of_the_reference() -> None:
    page = instances(instances_answer(instance(OFFICE), token="next="), ACCOUNT, REGION)
    assert page.token == "next="
    assert page.resources == [
        Resource(
            Kind.EC2,
            "i-1234567890abcdef0",
            ACCOUNT,
            REGION,
            State.RUNNING,
            OFFICE,
            "running",
            type="t2.micro",
            zone="eu-west-1c",
            units=(("t2.micro", 1),),
            launched=datetime(2026, 5, 8, 16, 46, 19, tzinfo=timezone.utc),
        )
    ]


@pytest.mark.parametrize(
    "word, state",
    [
        ("pending", State.CHANGING),
        ("running", State.RUNNING),
        ("stopping", State.CHANGING),
        ("stopped", State.STOPPED),
        ("shutting-down", State.GONE),
        ("terminated", State.GONE),
        ("levitating", State.CHANGING),  # a word that is newer than we are: nothing is asked of it
    ],
)
def test_states(word: str, state: State) -> None:
    found = only(instance(OFFICE, state=word))
    assert (found.state, found.aws_state) == (state, word)


def because(code: str, message: str) -> str:
    return f"<stateReason><code>{code}</code><message>{message}</message></stateReason>"


@pytest.mark.parametrize(
    "given_, why",
    [
        ({}, ""),
        ({"reason": "User initiated (2026-11-27 18:00:04 GMT)"}, "User initiated (2026-11-27 18:00:04 GMT)"),
        (
            {"more": because("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown")},
            "Client.UserInitiatedShutdown: User initiated shutdown",
        ),
        (
            {"reason": "Server.InternalError", "more": because("Server.InternalError", "Internal error on launch")},
            "Server.InternalError: Internal error on launch",
        ),
        ({"more": because("pending", "pending")}, "pending"),
        ({"more": because("", "words only")}, "words only"),
    ],
)
def test_why_it_is_in_its_state(given_: Dict[str, str], why: str) -> None:
    assert only(instance(OFFICE, **given_)).why == why


@pytest.mark.parametrize(
    "tags, given_, obstacle",
    [
        ({}, {}, ""),
        ({}, {"more": "<instanceLifecycle>spot</instanceLifecycle>"}, "spot instance"),
        ({}, {"more": "<instanceLifecycle>capacity-block</instanceLifecycle>"}, "instance of a capacity block, which is paid for in advance"),
        ({}, {"more": "<instanceLifecycle>odd</instanceLifecycle>"}, "odd instance, of which it is not known that it may be stopped"),
        ({}, {"root": "instance-store"}, "its root volume is an instance store: it can be ended, and not stopped"),
        ({}, {"type": "mac2.metal", "tenancy": "host"}, "Mac instance: its host is paid for all the same, and cannot be used for hours after a stop"),
        ({}, {"more": "<operator><managed>true</managed><principal>eks.amazonaws.com</principal></operator>"}, "managed by eks.amazonaws.com"),
        ({}, {"more": "<operator><managed>false</managed></operator>"}, ""),
        ({"aws:autoscaling:groupName": "web"}, {}, "member of the Auto Scaling group web"),
        # The more telling of two: nobody scales the group of a node group by itself.
        ({"aws:autoscaling:groupName": "eks-1", "eks:nodegroup-name": "blue"}, {}, "node of the EKS node group blue"),
        ({"kubernetes.io/cluster/prod": "owned"}, {}, "node of the Kubernetes cluster prod"),
        ({"karpenter.sh/nodepool": "default"}, {}, "node that Karpenter made for its pool default"),
        ({"aws:elasticmapreduce:job-flow-id": "j-1"}, {}, "node of the EMR cluster j-1"),
        ({"aws:ec2:fleet-id": ""}, {}, "member of the EC2 fleet (without a name)"),
        ({"groupName": "web", "kubernetes.io/role": "x"}, {}, ""),
    ],
)  # fmt: skip
def test_what_is_never_stopped_by_itself(tags: Dict[str, str], given_: Dict[str, str], obstacle: str) -> None:
    assert only(instance({**OFFICE, **tags}, **given_)).obstacle == obstacle


def test_hibernation_has_to_be_configured() -> None:
    assert only(instance(OFFICE, hibernation="true")).can_hibernate
    assert not only(instance(OFFICE, hibernation="false")).can_hibernate


def test_an_instance_on_a_host_of_ones_own_is_not_priced_by_its_type() -> None:
    found = only(instance(OFFICE, tenancy="host"))
    assert (found.type, found.units, found.obstacle) == ("t2.micro", (("dedicated host", 1),), "")


def test_many_instances_in_one_reservation_and_many_reservations() -> None:
    texts = [instance({"Schedule": str(n)}, id=f"i-{n}") for n in range(70)]
    together = texts[0].rpartition("</instancesSet>")[0] + texts[1].partition("<instancesSet>")[2]
    page = instances(instances_answer(together, *texts[2:]), ACCOUNT, REGION)
    assert [(each.id, each.tags) for each in page.resources] == [(f"i-{n}", {"Schedule": str(n)}) for n in range(70)]


def test_no_instances() -> None:
    assert instances(instances_answer(), ACCOUNT, REGION) == ([], "")
    assert instances(
        instances_answer().replace(b"<reservationSet></reservationSet>", b"<reservationSet/>"), "1", "r"
    ) == ([], "")


GOOD = instances_answer(instance(OFFICE))


@pytest.mark.parametrize(
    "body, said",
    [
        (b"", "not well-formed"),
        (b"<html><body>Proxy</body></html>", "<html> instead of"),
        (b"{}", "not well-formed"),
        (GOOD[:-40], "not well-formed"),
        (GOOD.replace(b"</networkInterfaceSet>", b""), "<networkInterfaceSet> does not end"),
        (GOOD.replace(b"</instancesSet>", b""), "<instancesSet> does not end"),
        (GOOD.replace(b"<reservationSet>", b"<set>").replace(b"</reservationSet>", b"</set>"), "reservationSet"),
        (GOOD.replace(b"instanceId>", b"instanceID>"), "instanceId"),
        (GOOD.replace(b"<name>running</name>", b""), "instanceState"),
        (GOOD.replace(b"<key>Name</key>", b""), "<key> is missing"),
        (GOOD.replace(b"2026-05-08T16:46:19.000Z", b"yesterday"), "not a time"),
        (GOOD.replace(b"<instancesSet>", b"<instancesSet x='1'>"), "not what it should be"),
        (GOOD.replace(b"t2.micro", b"<![CDATA[x</instancesSet>]]>"), "refused"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + GOOD, "refused"),
        (GOOD.decode().encode("utf-16"), "refused"),
    ],
)
def test_what_is_no_answer(body: bytes, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        instances(body, ACCOUNT, REGION)


@settings(derandomize=True, max_examples=tries(400))
@given(body=st.one_of(st.binary(max_size=60), spoilt(GOOD), spoilt(GOOD).flatmap(spoilt)))
def test_any_bytes_are_resources_or_an_error(body: bytes) -> None:
    try:
        page = instances(body, ACCOUNT, REGION)
    except AnswerError:
        return
    assert all(each.id and each.aws_state and isinstance(each.state, State) for each in page.resources)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-11-28T07:30:12.000Z", datetime(2026, 11, 28, 7, 30, 12, tzinfo=timezone.utc)),
        ("2026-11-28T07:30:12Z", datetime(2026, 11, 28, 7, 30, 12, tzinfo=timezone.utc)),
        ("2026-11-28T07:30:12.1234567Z", datetime(2026, 11, 28, 7, 30, 12, tzinfo=timezone.utc)),
        (" ", None),
        (None, None),
    ],
)
def test_times(text: Any, expected: Any) -> None:
    assert instant_of(text) == expected


@pytest.mark.parametrize("text", ["2026-11-28", "now", "2026-11-28T07:30:12+02:00", "2026-13-28T07:30:12Z"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(AnswerError, match="not a time"):
        instant_of(text)


def test_regions_that_are_switched_on() -> None:
    body = (
        b'<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>'
        b"<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
        b"<item><regionName>af-south-1</regionName><optInStatus>opted-in</optInStatus></item>"
        b"<item><regionName>ap-east-1</regionName><optInStatus>not-opted-in</optInStatus></item>"
        b"</regionInfo></DescribeRegionsResponse>"
    )
    assert regions(body) == ["af-south-1", "us-east-1"]
    for wrong in (
        b"<DescribeRegionsResponse/>",
        b"<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>",
        b"x",
    ):
        with pytest.raises(AnswerError):
            regions(wrong)


def test_ids_that_ec2_does_not_know() -> None:
    assert unknown_ids("The instance IDs 'i-0abc, i-1def' do not exist") == ["i-0abc", "i-1def"]
    assert unknown_ids("The instance ID 'i-0abc' does not exist") == ["i-0abc"]
    assert unknown_ids("no") == []
