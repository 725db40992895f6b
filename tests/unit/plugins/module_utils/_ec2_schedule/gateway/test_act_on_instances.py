# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances, and everything that may be wrong with some of them, against the strict fake."""

from __future__ import annotations

from typing import Iterator, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action
from ansible_collections.day2.ops.tests.support.acting import (
    REGION,
    RUNNING,
    STOPPED,
    act_in,
    instance_of,
    only_mark,
    start,
    stop,
)
from ansible_collections.day2.ops.tests.support.aws.ec2_store import KMS_REASON, USER_STOPPED, Instance
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2


@pytest.fixture(scope="module")
def server() -> Iterator[FakeEc2]:
    with FakeEc2() as running:
        yield running


@pytest.fixture
def fake(server: FakeEc2) -> Iterator[FakeEc2]:
    server.renew()
    yield server
    assert server.unexpected == []


def put(fake: FakeEc2, count: int, state: str = "running", **values: object) -> List[Instance]:
    """So many instances in the fake, whose state tags are their own."""
    made = []
    for number in range(count):
        tags = {"Schedule": "office", "ScheduleStateOf": f"i-{number:04x}"}
        made.append(Instance(f"i-{number:04x}", state, tags))
        for name, value in values.items():
            setattr(made[-1], name, value)
        if state == "stopped":
            made[-1].reason = USER_STOPPED
    fake.store.place().add(*made)
    return made


def marks(fake: FakeEc2, region: str = REGION) -> List[Optional[str]]:
    return [each.tags.get("ScheduleState") for each in fake.store.place(region).instances.values()]


def states(fake: FakeEc2) -> List[str]:
    return [each.state for each in fake.store.place().instances.values()]


@pytest.mark.parametrize("count, calls", [(1, 1), (1000, 1), (1001, 2)])
def test_a_thousand_at_a_time(fake: FakeEc2, count: int, calls: int) -> None:
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, count)])
    assert len(run.done) == count and not run.errors and set(states(fake)) == {"stopped"}
    assert set(marks(fake)) == {STOPPED}
    assert run.calls == {"ec2:StopInstances": calls, "ec2:DescribeInstances": calls, "ec2:CreateTags": calls}
    assert run.clock.slept == [] and run.told and len(run.told) == count


def test_start_and_stop_at_the_same_time_in_the_order_of_the_decisions(fake: FakeEc2) -> None:
    instances = put(fake, 4)
    for each in instances[::2]:
        each.state = "stopped"
    decisions = [start(instance_of(each)) if each.state == "stopped" else stop(instance_of(each)) for each in instances]
    run = act_in(fake, decisions)
    assert run.done == [each.id for each in instances]
    assert states(fake) == ["running", "stopped"] * 2 and marks(fake) == [RUNNING, STOPPED] * 2
    assert run.calls == {
        "ec2:StartInstances": 1,
        "ec2:StopInstances": 1,
        "ec2:DescribeInstances": 1,
        "ec2:CreateTags": 2,
    }


def test_the_first_time_the_tags_say_whose_they_are(fake: FakeEc2) -> None:
    instances = put(fake, 3)
    del instances[0].tags["ScheduleStateOf"]
    instances[1].tags.update(ScheduleStateOf="i-ffff", ScheduleState="running")  # a clone
    run = act_in(fake, [stop(instance_of(each)) for each in instances])
    assert [each.tags["ScheduleStateOf"] for each in instances] == [each.id for each in instances]
    assert set(marks(fake)) == {STOPPED} and run.calls["ec2:CreateTags"] == 3


def test_what_is_right_already_is_only_marked(fake: FakeEc2) -> None:
    run = act_in(fake, [only_mark(instance_of(each)) for each in put(fake, 3, "stopped")])
    assert run.calls == {"ec2:CreateTags": 1} and set(marks(fake)) == {STOPPED} and len(run.done) == 3


def test_nothing_to_do_is_no_call(fake: FakeEc2) -> None:
    decisions = [only_mark(instance_of(each), "") for each in put(fake, 3)]
    run = act_in(fake, decisions)
    assert run.outcomes == [] and run.calls == {}


def test_an_action_without_a_mark_writes_none(fake: FakeEc2) -> None:
    run = act_in(fake, [stop(instance_of(each), mark="") for each in put(fake, 2)])
    assert len(run.done) == 2 and marks(fake) == [None, None] and "ec2:CreateTags" not in run.calls


# --- slow ------------------------------------------------------------------------------------------------------------


def test_a_slow_stop_is_waited_for(fake: FakeEc2) -> None:
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, 3, on_the_way=3)])
    assert len(run.done) == 3 and run.clock.slept == [1.0, 2.0, 3.0] and set(marks(fake)) == {STOPPED}


def test_only_those_on_their_way_are_looked_at_again(fake: FakeEc2) -> None:
    instances = put(fake, 1500)
    instances[0].on_the_way = 2
    run = act_in(fake, [stop(instance_of(each)) for each in instances])
    assert len(run.done) == 1500 and run.calls["ec2:DescribeInstances"] == 2 + 2 and run.calls["ec2:CreateTags"] == 2


def test_what_takes_longer_than_one_waits_is_pending_and_not_marked(fake: FakeEc2) -> None:
    instances = put(fake, 2)
    instances[1].on_the_way = 99
    run = act_in(fake, [stop(instance_of(each)) for each in instances], wait=10)
    assert run.done == ["i-0000"] and run.pending == ["i-0001"] and not run.errors
    assert marks(fake) == [STOPPED, None] and sum(run.clock.slept) <= 10
    assert run.outcomes[1].seen == "stopping"


def test_without_waiting_there_is_one_look(fake: FakeEc2) -> None:
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, 2, on_the_way=1)], wait=0)
    assert run.pending == ["i-0000", "i-0001"] and run.clock.slept == [] and run.calls["ec2:DescribeInstances"] == 1


# --- refused ---------------------------------------------------------------------------------------------------------


def test_bad_ones_cost_themselves_only(fake: FakeEc2) -> None:
    instances = put(fake, 300)
    missing = [Instance(f"i-bad{number}") for number in range(3)]
    instances[7].state = "terminated"
    instances[8].refuses["StopInstances"] = ("OperationNotPermitted", "The instance '{id}' may not be stopped.")
    instances[9].refuses["StopInstances"] = ("SomethingNew", "no")
    decisions = [stop(instance_of(each)) for each in instances]
    decisions[7] = stop(instance_of(instances[6])._replace(id="i-0007"))  # it was running when it was decided upon
    decisions += [stop(instance_of(each)) for each in missing]
    run = act_in(fake, decisions)
    assert len(run.done) == 297
    assert set(run.errors) == {"i-0007", "i-0008", "i-0009", "i-bad0", "i-bad1", "i-bad2"}
    assert "does not exist any more" in run.errors["i-bad0"] and "disableApiStop" in run.errors["i-0008"]
    assert "SomethingNew" in run.errors["i-0009"] and "IncorrectInstanceState" in run.errors["i-0007"]
    assert [each for each in marks(fake) if each is None] == [None] * 3
    assert run.calls["ec2:StopInstances"] <= 1 + 2 * 6 * 9


def test_somebody_was_quicker(fake: FakeEc2) -> None:
    """Refused for its state, which then is the wanted one: that is done, not failed."""
    instances = put(fake, 2)
    instances[1].state = "stopped"
    instances[1].refuses["StopInstances"] = ("IncorrectInstanceState", "This instance '{id}' is not in a state …")
    decisions = [stop(instance_of(each)) for each in instances]
    run = act_in(fake, decisions)
    assert len(run.done) == 2 and set(marks(fake)) == {STOPPED}


def test_capacity_of_one_type_blocks_no_other(fake: FakeEc2) -> None:
    instances = put(fake, 60, "stopped")
    for number, each in enumerate(instances):
        each.type, each.zone = ("m5.large", "c6i.large", "t3.small")[number % 3], "ab"[number % 2]
    fake.store.room.update({("m5.large", "a"): 0, ("c6i.large", "b"): 4})
    run = act_in(fake, [start(instance_of(each)) for each in instances])
    assert len(run.done) == 60 - 10 - 6 and len(run.errors) == 16
    assert run.errors["i-0000"].startswith("AWS has no more capacity for m5.large in a now; every run tries again")
    assert run.clock.slept == [] and run.calls["ec2:StartInstances"] <= 1 + 6 * (1 + 4)
    assert marks(fake).count(RUNNING) == 44 and states(fake).count("running") == 44
    fake.store.room.clear()
    again = act_in(fake, [start(instance_of(each)) for each in instances if each.state == "stopped"])
    assert len(again.done) == 16 and set(marks(fake)) == {RUNNING}


def test_a_start_that_falls_back_is_reported_with_the_grant(fake: FakeEc2) -> None:
    instances = put(fake, 3, "stopped", on_the_way=1)
    instances[1].falls_back = KMS_REASON
    run = act_in(fake, [start(instance_of(each)) for each in instances])
    assert run.done == ["i-0000", "i-0002"] and "i-0001 needs kms:CreateGrant" in run.errors["i-0001"]
    assert marks(fake) == [RUNNING, None, RUNNING]


def test_what_cannot_be_hibernated_is_stopped_with_a_note(fake: FakeEc2) -> None:
    instances = put(fake, 5, can_hibernate=True)
    instances[2].can_hibernate = False
    decisions = [stop(instance_of(each), action=Action.HIBERNATE) for each in instances]
    run = act_in(fake, decisions)
    assert len(run.done) == 5 and set(marks(fake)) == {STOPPED} and set(states(fake)) == {"stopped"}
    notes = {each.decision.resource.id: each.note for each in run.outcomes if each.note}
    assert set(notes) == {"i-0002"} and notes["i-0002"].startswith("stopped instead of hibernated: it cannot be")


def test_throttled_calls_are_tried_again(fake: FakeEc2) -> None:
    rule = fake.rules.add(action="*Instances", code="RequestLimitExceeded", status=503, times=3)
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, 5)])
    assert len(run.done) == 5 and rule.hits == 3 and len(run.clock.slept) == 3


def test_throttled_to_the_end_is_told_and_left_for_the_next_run(fake: FakeEc2) -> None:
    fake.rules.add(action="StopInstances", code="RequestLimitExceeded", status=503)
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, 5)])
    assert len(run.errors) == 5 and "throttles ec2:StopInstances" in run.errors["i-0000"]
    assert marks(fake) == [None] * 5 and set(states(fake)) == {"running"}


def test_a_region_that_is_denied_costs_itself_only(fake: FakeEc2) -> None:
    fake.rules.add(bucket="us-east-1", code="UnauthorizedOperation", message="not yours", status=403)
    here, there = put(fake, 2), Instance("i-0099", "running", {"Schedule": "office", "ScheduleStateOf": "i-0099"})
    fake.store.place("us-east-1").add(there)
    run = act_in(fake, [*(stop(instance_of(each)) for each in here), stop(instance_of(there, "us-east-1"))])
    assert run.done == ["i-0000", "i-0001"] and set(run.errors) == {"i-0099"}
    assert "the permission ec2:StopInstances is missing" in run.errors["i-0099"] and there.state == "running"


def test_marks_that_are_refused_are_told(fake: FakeEc2) -> None:
    instances = put(fake, 3)
    instances[1].refuses["CreateTags"] = ("UnauthorizedOperation", "You may not tag {id}.")
    run = act_in(fake, [stop(instance_of(each)) for each in instances])
    assert set(states(fake)) == {"stopped"} and marks(fake) == [STOPPED, None, STOPPED]
    assert run.errors["i-0001"].startswith("its tag ScheduleState was not written: the permission ec2:CreateTags")


def test_looking_that_is_denied_marks_nothing(fake: FakeEc2) -> None:
    fake.rules.add(action="DescribeInstances", code="UnauthorizedOperation", status=403)
    run = act_in(fake, [stop(instance_of(each)) for each in put(fake, 2)])
    assert run.pending == ["i-0000", "i-0001"] and marks(fake) == [None, None]
    assert "could not be looked at" in run.outcomes[0].note
