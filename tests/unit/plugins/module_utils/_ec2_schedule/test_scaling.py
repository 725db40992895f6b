# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import SUSPENDED
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, Sizes, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.scaling import (
    cluster_names,
    groups,
    node_group,
    node_group_names,
    stands_still,
    with_instances,
)
from ansible_collections.day2.ops.tests.support.aws_answers import (
    ACCOUNT,
    REGION,
    group,
    member,
    query_answer,
    spoilt,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

PROTECTED = "<ProtectedFromScaleIn>true</ProtectedFromScaleIn>"
ALL_OF_THEM = " ".join(SUSPENDED)


def answer(*items: str, token: str = "") -> bytes:
    inner = f"<AutoScalingGroups>{''.join(items)}</AutoScalingGroups>"
    return query_answer("DescribeAutoScalingGroups", inner, token, "NextToken")


def one(*arguments: str, **given_: str) -> Resource:
    (found,) = groups(answer(group(*arguments, **given_)), ACCOUNT, REGION).resources
    return found


def test_a_group() -> None:
    page = groups(
        answer(group("1/2/4", member("i-1"), member("i-2"), suspended="AZRebalance"), token="t"), ACCOUNT, REGION
    )
    assert page.token == "t"
    assert page.resources == [
        Resource(
            Kind.ASG,
            "web",
            ACCOUNT,
            REGION,
            State.RUNNING,
            {"Schedule": "office"},
            "2 of 2 instances",
            arn="arn:aws:autoscaling:eu-west-1:123456789012:g:web",
            type="m5.large",
            sizes=Sizes(1, 2, 4),
            members=("i-1", "i-2"),
            units=(("m5.large", 2),),
            suspended=("AZRebalance",),
        )
    ]


@pytest.mark.parametrize(
    "found, state, word",
    [
        (one("0/0/4"), State.STOPPED, "empty"),
        (one("0/0/4", member("i-1", "Terminating:Wait")), State.STOPPED, "empty"),  # it cannot come back from that
        (one("0/0/4", member("i-1")), State.CHANGING, "emptying, 1 instances left"),
        (one("0/0/4", member("i-1", more=PROTECTED)), State.CHANGING, "empty but for 1 instances that are protected from scale-in"),
        (one("1/2/4"), State.RUNNING, "0 of 2 instances"),
        (one("1/2/4", more="<Status>Delete in progress</Status>"), State.GONE, "Delete in progress"),
    ],
)  # fmt: skip
def test_states(found: Resource, state: State, word: str) -> None:
    assert (found.state, found.aws_state) == (state, word)


def test_the_group_of_a_node_group_is_not_touched() -> None:
    tag = "<member><Key>eks:nodegroup-name</Key><Value>blue</Value></member>"
    assert one("1/1/1", tags=tag).obstacle == "belongs to the EKS node group blue: tag that instead"


def test_an_empty_group_may_tell_what_it_would_consist_of() -> None:
    policy = (
        "<MixedInstancesPolicy><LaunchTemplate><Overrides><member><InstanceType>c7g.large</InstanceType></member>"
        "</Overrides></LaunchTemplate></MixedInstancesPolicy>"
    )
    assert (one("0/0/1", more=policy).type, one("0/0/1").type) == ("c7g.large", "")


# --- groups whose instances stand still ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found, still",
    [
        (one("1/1/1", member("i-1"), suspended=ALL_OF_THEM), True),
        (one("1/1/1", member("i-1"), suspended=f"{ALL_OF_THEM} AddToLoadBalancer"), True),
        (one("1/1/1", member("i-1"), suspended="Launch Terminate"), False),
        (one("1/1/1", suspended=ALL_OF_THEM), False),
        (one("0/0/1", suspended=ALL_OF_THEM), False),
    ],
)
def test_which_groups_must_be_looked_into(found: Resource, still: bool) -> None:
    assert stands_still(found) is still


@pytest.mark.parametrize(
    "states, expected",
    [
        ([State.STOPPED, State.STOPPED], State.STOPPED),
        ([State.RUNNING, State.RUNNING], State.RUNNING),
        ([State.STOPPED, State.GONE], State.STOPPED),
        ([State.RUNNING, State.STOPPED], State.MIXED),
        ([State.RUNNING, State.CHANGING, State.STOPPED], State.CHANGING),
        ([State.CHANGING], State.CHANGING),
        ([], State.RUNNING),  # nobody knows better than the group itself
    ],
)
def test_the_state_of_a_group_whose_processes_are_suspended(states: Any, expected: State) -> None:
    found = one("1/2/3", member("i-1"), member("i-2"), suspended=ALL_OF_THEM)
    instances = [Resource(Kind.EC2, f"i-{n}", ACCOUNT, REGION, state, {}) for n, state in enumerate(states)]
    told = with_instances(found, iter(instances))  # which can be walked through once
    assert told.state is expected
    if instances:
        assert told.aws_state == f"suspended, {states.count(State.RUNNING)} of 2 instances running"


# --- EKS -------------------------------------------------------------------------------------------------------------

NODES: Dict[str, Any] = {
    "nodegroupName": "main pool",
    "nodegroupArn": "arn:aws:eks:eu-west-1:123456789012:nodegroup/blue/main pool/0c1",
    "clusterName": "blue",
    "version": "1.33",
    "createdAt": 1.7e9,
    "status": "ACTIVE",
    "capacityType": "ON_DEMAND",
    "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 2},
    "instanceTypes": ["m5.large", "m5a.large"],
    "resources": {"autoScalingGroups": [{"name": "eks-1"}]},
    "health": {"issues": []},
    "tags": {"Schedule": "office"},
}


def nodes(**given_: Any) -> Resource:
    return node_group(json.dumps({"nodegroup": {**NODES, **given_}}).encode(), ACCOUNT, REGION)


def test_a_node_group() -> None:
    assert nodes() == Resource(
        Kind.NODEGROUP,
        "blue/main pool",
        ACCOUNT,
        REGION,
        State.RUNNING,
        {"Schedule": "office"},
        "ACTIVE",
        arn=NODES["nodegroupArn"],
        type="m5.large",
        sizes=Sizes(1, 2, 4),
        units=(("m5.large", 2),),
    )


@pytest.mark.parametrize(
    "status, desired, state",
    [
        ("ACTIVE", 0, State.STOPPED),
        ("DEGRADED", 2, State.RUNNING),
        ("UPDATING", 0, State.CHANGING),
        ("CREATING", 2, State.CHANGING),
        ("DELETING", 2, State.GONE),
        ("CREATE_FAILED", 2, State.GONE),
        ("DAYDREAMING", 2, State.CHANGING),
    ],
)
def test_states_of_node_groups(status: str, desired: int, state: State) -> None:
    sizes = {"minSize": 0, "maxSize": 4, "desiredSize": desired}
    assert nodes(status=status, scalingConfig=sizes).state is state


def test_a_node_group_without_tags_and_types_and_with_troubles() -> None:
    ill = {"issues": [{"code": "AsgInstanceLaunchFailures", "message": "no capacity", "resourceIds": ["eks-1"]}]}
    found = nodes(tags=None, instanceTypes=None, health=ill)
    assert (found.tags, found.type, found.units) == ({}, "", ())
    assert found.why == "AsgInstanceLaunchFailures: no capacity"


@pytest.mark.parametrize(
    "wrong",
    [
        {"scalingConfig": None},
        {"scalingConfig": {"minSize": 1, "maxSize": 4}},
        {"scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": -1}},
        {"scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": True}},
        {"status": None},
        {"clusterName": 3},
        {"tags": ["x"]},
        {"tags": {"x": 1}},
        {"instanceTypes": "m5.large"},
    ],
)
def test_what_is_no_node_group(wrong: Dict[str, Any]) -> None:
    with pytest.raises(AnswerError):
        nodes(**wrong)


def test_names() -> None:
    assert cluster_names(b'{"clusters": ["a", "b"], "nextToken": "t"}') == (["a", "b"], "t")
    assert node_group_names(b'{"nodegroups": [], "nextToken": null}') == ([], "")
    for wrong in (
        b"{}",
        b'{"clusters": [1]}',
        b'{"clusters": "a"}',
        b'{"clusters": [], "nextToken": 1}',
        b"[]",
        b"<x/>",
    ):
        with pytest.raises(AnswerError):
            cluster_names(wrong)


@pytest.mark.parametrize(
    "body",
    [
        b"<html/>",
        query_answer("DescribeAutoScalingGroups", ""),
        answer("<member/>"),
        answer(group("1/x/3")),
        answer(group("1/-1/3")),
        answer(group("1/1/3", "<member><LifecycleState>InService</LifecycleState></member>")),
    ],
)
def test_what_is_no_group(body: bytes) -> None:
    with pytest.raises(AnswerError):
        groups(body, ACCOUNT, REGION)


@settings(derandomize=True, max_examples=tries(200))
@given(
    body=st.one_of(
        st.binary(max_size=40),
        spoilt(answer(group("1/2/3", member("i-1"), suspended="Launch"))),
        spoilt(json.dumps({"nodegroup": NODES}).encode()),
        spoilt(b'{"clusters": ["a"], "nextToken": "t"}'),
    )
)
def test_any_bytes_are_resources_or_an_error(body: bytes) -> None:
    for parse in (groups, node_group):
        try:
            parse(body, ACCOUNT, REGION)
        except AnswerError:
            pass
    try:
        cluster_names(body)
    except AnswerError:
        pass
