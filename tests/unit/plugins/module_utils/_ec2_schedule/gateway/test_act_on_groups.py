# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups and databases against the strict fake, and runs that are killed on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Iterator, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import SUSPENDED
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import (
    AsgMethod,
    Decision,
    Kind,
    Resource,
    Sizes,
    State,
)
from ansible_collections.day2.ops.tests.support.acting import (
    REGION,
    RUNNING,
    STOPPED,
    Killed,
    act_in,
    group_of,
    only_mark,
    read,
    start,
    stop,
)
from ansible_collections.day2.ops.tests.support.aws.ec2_store import Database, Group, Instance, NodeGroup
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.scheduled import OFFICE, inline, utc

EVENING, MORNING = utc("2026-11-30T21:00"), utc("2026-12-01T09:00")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeEc2]:
    with FakeEc2() as running:
        yield running


@pytest.fixture
def fake(server: FakeEc2) -> Iterator[FakeEc2]:
    server.renew()
    yield server
    assert server.unexpected == []


def put_group(fake: FakeEc2, name: str = "web", **tags: str) -> Group:
    members = [Instance(f"i-{name}{number}", tags={"aws:autoscaling:groupName": name}) for number in range(4)]
    fake.store.place().add(*members)
    group = Group(name, (2, 4, 6), {"Schedule": "office", **tags}, [each.id for each in members])
    fake.store.place().groups[name] = group
    return group


def members_of(fake: FakeEc2, group: Group) -> List[str]:
    return [fake.store.place().instances[each].state for each in group.members]


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_a_group_is_emptied_and_filled_again(fake: FakeEc2) -> None:
    group = put_group(fake)
    run = act_in(fake, [stop(group_of(group))])
    assert run.done == ["web"] and group.sizes == (0, 0, 6)
    assert group.tags == {
        "Schedule": "office",
        "ScheduleKept": "2/4/6",
        "ScheduleState": STOPPED,
        "ScheduleStateOf": "web",
    }
    assert run.calls == {
        "autoscaling:CreateOrUpdateTags": 2,
        "autoscaling:UpdateAutoScalingGroup": 1,
        "autoscaling:DescribeAutoScalingGroups": 1,
    }
    run = act_in(fake, [start(group_of(group))])
    assert run.done == ["web"] and group.sizes == (2, 4, 6) and group.tags["ScheduleState"] == RUNNING


def test_what_is_kept_already_is_not_written_again(fake: FakeEc2) -> None:
    group = put_group(fake, ScheduleKept="2/4/6")
    run = act_in(fake, [stop(group_of(group), mark="")])
    assert "autoscaling:CreateOrUpdateTags" not in run.calls and group.sizes == (0, 0, 6)


def test_what_was_kept_is_not_lost_to_the_sizes_of_a_start_that_is_undone(fake: FakeEc2) -> None:
    group = put_group(fake)
    act_in(fake, [stop(group_of(group))])
    group.sizes = (1, 1, 8)  # somebody; and the run enforces the schedule
    act_in(fake, [stop(group_of(group), mark="")])
    assert group.sizes == (0, 0, 6) and group.tags["ScheduleKept"] == "2/4/6"


def test_tags_copied_from_another_group_become_its_own_and_their_state_does_not(fake: FakeEc2) -> None:
    group = put_group(fake, ScheduleKept="9/9/9", ScheduleState=STOPPED, ScheduleStateOf="other")
    with pytest.raises(Killed):
        act_in(fake, [stop(group_of(group))], kill=(2, False))
    assert group.tags["ScheduleKept"] == "2/4/6" and group.tags["ScheduleStateOf"] == "web"
    assert group.tags["ScheduleState"] == ""


def test_what_cannot_be_kept_is_not_touched(fake: FakeEc2) -> None:
    group = put_group(fake)
    fake.rules.add(action="CreateOrUpdateTags", code="AccessDenied", message="no", status=403)
    run = act_in(fake, [stop(group_of(group))])
    assert group.sizes == (2, 4, 6) and "autoscaling:UpdateAutoScalingGroup" not in run.calls
    assert run.errors["web"].startswith(
        "what it is like could not be kept in the tag ScheduleKept, and nothing was done"
    )


def test_nothing_of_use_kept(fake: FakeEc2) -> None:
    group = put_group(fake, ScheduleKept="many")
    group.sizes = (0, 0, 6)
    run = act_in(fake, [start(group_of(group))])
    assert "ScheduleKept is of no use" in run.errors["web"] and run.calls == {}


def test_one_group_in_trouble_is_alone_with_it(fake: FakeEc2) -> None:
    groups = [put_group(fake, "web"), put_group(fake, "api")]
    gone = group_of(groups[0])._replace(id="gone")
    run = act_in(fake, [stop(gone), *(stop(group_of(each)) for each in groups)])
    assert run.done == ["web", "api"] and "not found" in run.errors["gone"]


# --- suspended -------------------------------------------------------------------------------------------------------


def test_a_group_is_suspended_and_resumed(fake: FakeEc2) -> None:
    group = put_group(fake)
    group.suspended = ["AZRebalance"]
    run = act_in(fake, [stop(group_of(group))], method=AsgMethod.SUSPEND)
    assert run.done == ["web"] and set(members_of(fake, group)) == {"stopped"}
    assert set(group.suspended) == set(SUSPENDED) and group.sizes == (2, 4, 6)
    assert group.tags["ScheduleKept"] == "suspended AZRebalance" and group.tags["ScheduleState"] == STOPPED
    for each in group.members:
        fake.store.place().instances[each].on_the_way = 2
    run = act_in(fake, [start(group_of(group))])  # whatever the method is now
    assert run.done == ["web"] and members_of(fake, group) == ["running"] * 4
    assert group.suspended == ["AZRebalance"] and group.tags["ScheduleState"] == RUNNING


def test_processes_are_not_resumed_before_all_instances_run(fake: FakeEc2) -> None:
    group = put_group(fake)
    act_in(fake, [stop(group_of(group))], method=AsgMethod.SUSPEND)
    slow = fake.store.place().instances[group.members[0]]
    slow.on_the_way = 99
    run = act_in(fake, [start(group_of(group))], wait=10)
    assert run.pending == ["web"] and set(group.suspended) == set(SUSPENDED) and len(group.members) == 4
    assert group.tags["ScheduleState"] == STOPPED
    slow.left = 0
    run = act_in(fake, [start(group_of(group))])
    assert run.done == ["web"] and group.suspended == [] and len(group.members) == 4


def test_an_instance_that_cannot_be_started_is_not_replaced(fake: FakeEc2) -> None:
    group = put_group(fake)
    act_in(fake, [stop(group_of(group))], method=AsgMethod.SUSPEND)
    fake.store.room["m5.large", "eu-central-1a"] = 3
    run = act_in(fake, [start(group_of(group))])
    assert "1 of its instances could not be started: i-web3" in run.errors["web"]
    assert "no more capacity" in run.errors["web"] and set(group.suspended) == set(SUSPENDED)


def test_an_instance_that_is_gone_is_the_groups_own_affair(fake: FakeEc2) -> None:
    group = put_group(fake)
    before = group_of(group)
    fake.store.place().instances[group.members[0]].state = "terminated"
    run = act_in(fake, [stop(before)], method=AsgMethod.SUSPEND)
    assert run.done == ["web"] and members_of(fake, group) == ["terminated", "stopped", "stopped", "stopped"]


def test_one_that_is_half_started_is_started_to_its_end_before_it_is_marked(fake: FakeEc2) -> None:
    group = put_group(fake)
    act_in(fake, [stop(group_of(group))], method=AsgMethod.SUSPEND)
    fake.store.place().instances[group.members[0]].go("pending", "running", ("", ""))  # by hand, say
    run = act_in(fake, [only_mark(group_of(group), RUNNING)])
    assert run.done == ["web"] and group.suspended == [] and members_of(fake, group) == ["running"] * 4
    assert group.tags["ScheduleState"] == RUNNING
    assert act_in(fake, [only_mark(group_of(group), STOPPED)]).calls == {"autoscaling:CreateOrUpdateTags": 1}


# --- databases -------------------------------------------------------------------------------------------------------


def database_of(each: Database, state: State = State.RUNNING) -> Resource:
    kind = Kind.CLUSTER if each.cluster else Kind.RDS
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:{'cluster' if each.cluster else 'db'}:{each.id}"
    return Resource(kind, each.id, ACCOUNT, REGION, state, dict(each.tags), arn=arn)


def test_databases_are_asked_and_not_waited_for(fake: FakeEc2) -> None:
    place = fake.store.place()
    place.databases["db-1"] = Database("db-1", tags={"Schedule": "office"})
    for engine in ("aurora-postgresql", "docdb", "neptune"):
        place.clusters[engine] = Database(engine, engine=engine, cluster=True)
    busy = place.databases["db-2"] = Database("db-2", "backing-up")
    decisions = [stop(database_of(each)) for each in (*place.databases.values(), *place.clusters.values())]
    run = act_in(fake, decisions)
    assert run.done == run.pending == ["db-1", "aurora-postgresql", "docdb", "neptune"] and run.clock.slept == []
    assert "its state does not allow it" in run.errors["db-2"] and busy.status == "backing-up"
    # Only what is in the way of one is looked at: it might be what was asked.
    assert run.calls == {"rds:StopDBInstance": 2, "rds:StopDBCluster": 3, "rds:DescribeDBInstances": 1}
    assert "ScheduleState" not in place.databases["db-1"].tags  # nobody has seen it stopped
    place.databases["db-1"].status = "stopped"
    act_in(fake, [only_mark(database_of(place.databases["db-1"], State.STOPPED))])
    assert place.databases["db-1"].tags["ScheduleState"] == STOPPED
    act_in(fake, [start(database_of(place.databases["db-1"], State.STOPPED))])
    assert place.databases["db-1"].status == "starting"


@pytest.mark.parametrize("cluster", [False, True])
@pytest.mark.parametrize("before, on_the_way", [("available", "stopping"), ("stopped", "starting")])
def test_a_database_whose_answer_was_lost_is_on_its_way(
    fake: FakeEc2, cluster: bool, before: str, on_the_way: str
) -> None:
    each = Database("db-1", before, "aurora-mysql", cluster=cluster)
    (fake.store.place().clusters if cluster else fake.store.place().databases)["db-1"] = each
    fake.rules.add(kind="truncate", action="St*DB*", times=1)
    resource = database_of(each, State.RUNNING if before == "available" else State.STOPPED)
    run = act_in(fake, [(stop if before == "available" else start)(resource)])
    assert run.pending == ["db-1"] and run.errors == {} and each.status == on_the_way
    fake.rules.add(action="DescribeDB*", code="AccessDenied", status=403)
    again = act_in(fake, [(stop if before == "available" else start)(resource)])
    assert "its state does not allow it" in again.errors["db-1"]


# --- node groups -----------------------------------------------------------------------------------------------------


def nodes_of(each: NodeGroup, state: State) -> Resource:
    arn = f"arn:aws:eks:{REGION}:{ACCOUNT}:nodegroup/{each.cluster}/{each.name}/0123"
    name = f"{each.cluster}/{each.name}"
    return Resource(Kind.NODEGROUP, name, ACCOUNT, REGION, state, dict(each.tags), arn=arn, sizes=Sizes(*each.sizes))


def test_a_node_group_is_emptied_and_filled_again(fake: FakeEc2) -> None:
    nodes = fake.store.place().node_groups["prod/blue"] = NodeGroup("prod", "blue", tags={"Schedule": "office"})
    run = act_in(fake, [stop(nodes_of(nodes, State.RUNNING))])
    assert run.done == run.pending == ["prod/blue"] and nodes.sizes == (0, 0, 4)
    assert nodes.tags == {"Schedule": "office", "ScheduleKept": "1/2/4"}  # nobody has seen it empty
    again = act_in(fake, [stop(nodes_of(nodes, State.RUNNING)._replace(sizes=Sizes(1, 2, 4)))])
    assert again.pending == ["prod/blue"] and again.errors == {}  # another run was quicker
    nodes.sizes = (1, 2, 4)
    again = act_in(fake, [stop(nodes_of(nodes, State.RUNNING))])
    assert "another update of it is under way" in again.errors["prod/blue"]
    nodes.sizes = (0, 0, 4)
    nodes.status = "ACTIVE"
    act_in(fake, [only_mark(nodes_of(nodes, State.STOPPED))])
    assert nodes.tags["ScheduleState"] == STOPPED and nodes.tags["ScheduleStateOf"] == "prod/blue"
    act_in(fake, [start(nodes_of(nodes, State.STOPPED))])
    assert nodes.sizes == (1, 2, 4)


# --- killed ----------------------------------------------------------------------------------------------------------


def decided(fake: FakeEc2, at: datetime, method: AsgMethod) -> List[Decision]:
    """What the core says of everything with a schedule, as a run that begins now reads it."""
    return decide(read(fake.url, Kind.EC2, Kind.ASG), inline(), {}, Rules("Schedule", asg_method=method), at)


def right(fake: FakeEc2, running: bool) -> bool:
    """Whether everything stands as it should, with what was kept, and says so."""
    place = fake.store.place()
    words = {each.state for each in place.instances.values()}
    says = {
        each.tags["ScheduleState"].split()[0]
        for each in (*place.instances.values(), *place.groups.values())
        if "Schedule" in each.tags
    }
    return words <= {"running" if running else "stopped"} and says == {"running" if running else "stopped"}


def put_all(fake: FakeEc2) -> Group:
    place = fake.store.place()
    place.add(*(Instance(f"i-{number:04x}", tags={"Schedule": OFFICE}) for number in range(3)))
    return put_group(fake, Schedule=OFFICE)


@pytest.mark.parametrize("once_done", [False, True])
@pytest.mark.parametrize("method", list(AsgMethod))
def test_wherever_a_run_is_killed_the_next_one_finishes(fake: FakeEc2, method: AsgMethod, once_done: bool) -> None:
    for breaths in range(1, 40):
        if not one_night(fake, method, (breaths, once_done)):
            return
    raise AssertionError("it never came to its end")


def one_night(fake: FakeEc2, method: AsgMethod, kill: Tuple[int, bool]) -> int:
    """How many of the two runs were killed; each is followed by one that is not, and by one that finds nothing to do."""
    fake.store.places.clear()
    group, killed = put_all(fake), 0
    for at, running in ((EVENING, False), (MORNING, True)):
        try:
            act_in(fake, decided(fake, at, method), method=method, kill=kill)
        except Killed:
            killed += 1
        act_in(fake, decided(fake, at, method), method=method)
        assert group.sizes == ((2, 4, 6) if running or method is AsgMethod.SUSPEND else (0, 0, 6)), kill
        assert right(fake, running), (kill, running)
        assert [each for each in decided(fake, at, method) if each.action or each.mark] == [], kill
    if method is AsgMethod.SUSPEND:
        assert len(group.members) == 4 and group.suspended == [], kill
    return killed
