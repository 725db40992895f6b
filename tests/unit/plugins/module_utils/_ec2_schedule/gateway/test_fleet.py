# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several accounts and regions at once, of which some do not answer as they should."""

from __future__ import annotations

import random
from typing import Any, Awaitable, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Request, Response
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.accounts import Accounts, Refused
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.fleet import (
    Fleet,
    look,
    read_fleet,
    restarted_by_aws,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.tests.support.aws.ec2_store import REGIONS, Database, Instance
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2
from ansible_collections.day2.ops.tests.support.aws.store import ACCESS_KEY, ACCOUNT
from ansible_collections.day2.ops.tests.support.aws_answers import cluster, database, group, query_answer
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access, run

ROLES = tuple(f"arn:aws:iam::{number * 12}:role/scheduler" for number in "123")
OFFICE = {"Schedule": "office"}
EC2 = frozenset((Kind.EC2,))


@pytest.fixture(scope="module")
def one_fake() -> Iterator[FakeEc2]:
    with FakeEc2() as server:
        yield server


@pytest.fixture
def ec2(one_fake: FakeEc2) -> Iterator[FakeEc2]:
    """An empty fake EC2; fails the test that asked it for something it does not model."""
    one_fake.renew()
    yield one_fake
    assert one_fake.unexpected == []


def talk(ec2: FakeEc2, work: Callable[[Accounts], Awaitable[Any]], roles: Sequence[str] = ("",)) -> Any:
    """What the work returns that is done with these accounts."""

    async def test() -> Any:
        keys = {"access_key": ACCESS_KEY, "secret_key": "secret", "region": "eu-central-1"}
        fleet = [access(ec2.url, **keys, **({"assume_role_arn": role} if role else {})) for role in roles]
        clock = FakeClock()
        async with Accounts(fleet, concurrency=8, rng=random.Random(3), clock=clock, sleep=clock.sleep) as accounts:
            return await work(accounts)

    return run(test())


def read(ec2: FakeEc2, kinds: Any = EC2, regions: Sequence[str] = REGIONS, roles: Sequence[str] = ("",)) -> Fleet:
    found: Fleet = talk(ec2, lambda accounts: read_fleet(accounts, frozenset(kinds), regions, "Schedule"), roles)
    return found


def places(fleet: Fleet) -> List[Tuple[str, str, str]]:
    return sorted((each.account, each.region, each.id) for each in fleet.resources)


# --- accounts --------------------------------------------------------------------------------------------------------


def test_every_account_in_every_region(ec2: FakeEc2) -> None:
    expected = []
    for role in ROLES:
        account = role.split(":")[4]
        for region in REGIONS:
            ec2.store.place(region, account).add(Instance("i-1", tags=OFFICE), Instance("i-2"))
            expected.append((account, region, "i-1"))
    fleet = read(ec2, roles=ROLES)
    assert places(fleet) == sorted(expected)
    assert fleet.refused == []
    assert ec2.counters == {"sts:AssumeRole": 3, "sts:GetCallerIdentity": 3, "ec2:DescribeInstances": 9}


def test_a_role_that_cannot_be_assumed_does_not_keep_the_others(ec2: FakeEc2) -> None:
    ec2.rules.add(action="AssumeRole", code="AccessDenied", status=403, message="not authorized", times=1)
    for role in ROLES:
        ec2.store.place("us-east-1", role.split(":")[4]).add(Instance("i-1", tags=OFFICE))

    async def work(accounts: Accounts) -> Tuple[Fleet, List[Refused], Dict[str, int]]:
        fleet = await read_fleet(accounts, EC2, ["us-east-1"], "Schedule")
        return fleet, accounts.refused, accounts.calls

    fleet, (refused,), calls = talk(ec2, work, ROLES)
    assert len(fleet.resources) == 2 and fleet.refused == []
    assert refused.account not in {each.account for each in fleet.resources}
    (role,) = (role for role in ROLES if refused.account in role)
    assert role in refused.message and "AccessDenied" in refused.message
    assert str(refused).startswith(f"{refused.account}: ")
    assert calls == {"sts:GetCallerIdentity": 2, "ec2:DescribeInstances": 2}


def test_no_account_at_all_is_an_error(ec2: FakeEc2) -> None:
    ec2.rules.add(action="AssumeRole", code="AccessDenied", status=403)
    with pytest.raises(GatewayError, match="assume roles 3 of 3: .*AccessDenied"):
        read(ec2, roles=ROLES)
    ec2.rules.clear()
    ec2.rules.add(action="GetCallerIdentity", code="InvalidClientTokenId", status=403)
    with pytest.raises(GatewayError, match="^sts:GetCallerIdentity: InvalidClientTokenId"):
        read(ec2)


def test_the_same_account_twice_is_read_once(ec2: FakeEc2) -> None:
    ec2.store.place("us-east-1", "1" * 12).add(Instance("i-1", tags=OFFICE))
    again = ROLES[0].replace("scheduler", "other")

    async def work(accounts: Accounts) -> Tuple[Fleet, List[Refused]]:
        return await read_fleet(accounts, EC2, ["us-east-1"], "Schedule"), accounts.refused

    fleet, (refused,) = talk(ec2, work, (ROLES[0], again))
    assert places(fleet) == [("1" * 12, "us-east-1", "i-1")]
    assert again in refused.message and "a second time" in refused.message


# --- regions ---------------------------------------------------------------------------------------------------------


def test_regions_by_name_of_the_credentials_and_all(ec2: FakeEc2) -> None:
    for region in REGIONS:
        ec2.store.place(region).add(Instance("i-1", tags=OFFICE))
    assert [region for _other, region, _other in places(read(ec2, regions=["us-east-1", "us-east-1"]))] == ["us-east-1"]
    assert [region for _other, region, _other in places(read(ec2, regions=[]))] == ["eu-central-1"]
    assert [region for _other, region, _other in places(read(ec2, regions=["all"]))] == list(REGIONS)
    assert ec2.counters["ec2:DescribeRegions"] == 1


def test_regions_that_are_not_told(ec2: FakeEc2) -> None:
    ec2.rules.add(action="DescribeRegions", code="UnauthorizedOperation", status=403)
    fleet = read(ec2, regions=["all"])
    assert fleet.resources == []
    (refused,) = fleet.refused
    assert refused[:3] == (ACCOUNT, "", None)
    assert "its regions are not known: ec2:DescribeRegions: UnauthorizedOperation" in refused.message


def test_one_region_denied_and_one_switched_off(ec2: FakeEc2) -> None:
    for region in REGIONS:
        ec2.store.place(region).add(Instance("i-1", tags=OFFICE))
        ec2.store.place(region).databases["a"] = Database("a", tags=OFFICE)
    ec2.rules.add(service="ec2", bucket="us-east-1", code="UnauthorizedOperation", status=403, message="no")
    ec2.rules.add(service="rds", bucket="eu-west-1", code="InvalidClientTokenId", status=403)
    fleet = read(ec2, (Kind.EC2, Kind.RDS))
    assert [(region, name) for _other, region, name in places(fleet)] == [
        ("eu-central-1", "a"),
        ("eu-central-1", "i-1"),
        ("eu-west-1", "i-1"),
        ("us-east-1", "a"),
    ]
    off, denied = fleet.refused
    assert denied == Refused(ACCOUNT, "us-east-1", Kind.EC2, "ec2:DescribeInstances: UnauthorizedOperation (403): no")
    assert off[:3] == (ACCOUNT, "eu-west-1", Kind.RDS)
    assert "switched on" in off.message
    assert str(denied) == f"{ACCOUNT}, us-east-1, ec2: {denied.message}"


def test_progress_is_told_in_regions_and_kinds(ec2: FakeEc2) -> None:
    ec2.rules.add(service="ec2", bucket="us-east-1", code="UnauthorizedOperation", status=403)
    seen: List[Tuple[int, int]] = []
    kinds = frozenset((Kind.EC2, Kind.RDS))
    talk(ec2, lambda all_: read_fleet(all_, kinds, REGIONS, "Schedule", lambda *pair: seen.append(pair)), ROLES)
    assert seen == [(done, 18) for done in range(19)]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_two_thousand_instances_are_two_calls(ec2: FakeEc2) -> None:
    ec2.store.seed(2000)
    fleet = read(ec2, regions=["eu-central-1"])
    assert len({each.key for each in fleet.resources}) == 2000
    assert ec2.counters["ec2:DescribeInstances"] == 2
    ec2.reset()
    seen = talk(ec2, lambda accounts: look(accounts.clients[ACCOUNT], fleet.resources))
    assert seen == {each.key: each for each in fleet.resources}
    assert ec2.counters["ec2:DescribeInstances"] == 2


def test_databases_are_asked_once_for_both_kinds(ec2: FakeEc2) -> None:
    place = ec2.store.place()
    place.databases["a"] = Database("a", tags=OFFICE)
    place.clusters["docs"] = Database("docs", engine="docdb", tags=OFFICE, cluster=True)
    place.clusters["graph"] = Database("graph", "stopped", "neptune", OFFICE, True)
    fleet = read(ec2, (Kind.RDS, Kind.CLUSTER), ["eu-central-1"])
    assert {each.id: (each.kind, each.state, each.obstacle) for each in fleet.resources} == {
        "a": (Kind.RDS, State.RUNNING, ""),
        "docs": (Kind.CLUSTER, State.RUNNING, ""),
        "graph": (Kind.CLUSTER, State.STOPPED, ""),
    }
    assert ec2.counters["rds:DescribeDBInstances"] == ec2.counters["rds:DescribeDBClusters"] == 1


# --- troubles --------------------------------------------------------------------------------------------------------


def test_throttling_is_waited_out(ec2: FakeEc2) -> None:
    ec2.store.place().add(Instance("i-1", tags=OFFICE))
    rule = ec2.rules.add(service="ec2", code="RequestLimitExceeded", status=503, times=4)
    assert [each.id for each in read(ec2, regions=["eu-central-1"]).resources] == ["i-1"]
    assert rule.hits == 4


@pytest.mark.parametrize("code, status", [("RequestExpired", 400), ("ExpiredToken", 403)])
def test_credentials_that_expire_are_told_once(ec2: FakeEc2, code: str, status: int) -> None:
    """EC2 says RequestExpired of them. Nothing more is asked then."""
    ec2.rules.add(service="ec2", code=code, status=status, message="is expired")
    ec2.rules.add(service="rds", code="ExpiredToken", status=403)
    fleet = read(ec2, (Kind.EC2, Kind.RDS, Kind.CLUSTER))
    assert fleet.resources == []
    (refused,) = fleet.refused
    assert refused[:3] == (ACCOUNT, "", None) and "ExpiredToken" in refused.message
    assert sum(ec2.counters.values()) <= 1 + 9


def test_instances_that_are_gone_do_not_hide_the_others(ec2: FakeEc2) -> None:
    ec2.store.place().add(Instance("i-0a", tags=OFFICE), Instance("i-0b", "stopped", OFFICE))
    asked = [
        Resource(Kind.EC2, each, ACCOUNT, "eu-central-1", State.RUNNING, {})
        for each in ("i-0a", "i-0b", "i-0c", "i-0d")
    ]
    seen = talk(ec2, lambda accounts: look(accounts.clients[ACCOUNT], asked))
    assert {key[3]: each.state for key, each in seen.items()} == {"i-0a": State.RUNNING, "i-0b": State.STOPPED}
    assert ec2.counters["ec2:DescribeInstances"] == 2
    assert talk(ec2, lambda accounts: look(accounts.clients[ACCOUNT], asked[2:])) == {}
    assert talk(ec2, lambda accounts: look(accounts.clients[ACCOUNT], [])) == {}
    ec2.rules.add(service="ec2", code="UnauthorizedOperation", status=403)
    with pytest.raises(GatewayError, match="UnauthorizedOperation"):
        talk(ec2, lambda accounts: look(accounts.clients[ACCOUNT], asked))


# --- answers by hand: what neither moto nor the fake says ------------------------------------------------------------


class Script:
    """A client that answers by action; of several answers one after the other, the last again and again."""

    def __init__(self, answers: Mapping[str, Sequence[Any]]) -> None:
        self.asked: List[Request] = []
        self._answers = {action: list(given) for action, given in answers.items()}

    async def send(self, request: Request) -> Response:
        self.asked.append(request)
        assert len(self.asked) < 50, "it asks for ever"
        given = self._answers[request.action]
        answer = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(answer, str):
            raise AwsError(request.action, request.target, answer, 400)
        return Response(200, {}, answer)

    def stream(self, request: Request) -> Any:
        raise AssertionError("nothing is streamed")


class One:
    """One account with such a client."""

    def __init__(self, **answers: Sequence[Any]) -> None:
        self.script = Script({name.replace("_", ":"): given for name, given in answers.items()})
        self.clients = {"1": self.script}
        self.refused: List[Refused] = []
        self.region = "eu-west-1"

    def read(self, *kinds: Kind) -> Fleet:
        return run(read_fleet(self, frozenset(kinds), [], "Schedule"))


def groups(*items: str, token: str = "") -> bytes:
    inner = f"<AutoScalingGroups>{''.join(items)}</AutoScalingGroups>"
    return query_answer("DescribeAutoScalingGroups", inner, token, "NextToken")


def databases(*items: str, marker: str = "") -> bytes:
    return query_answer("DescribeDBInstances", f"<DBInstances>{''.join(items)}</DBInstances>", marker)


def clusters(*items: str) -> bytes:
    return query_answer("DescribeDBClusters", f"<DBClusters>{''.join(items)}</DBClusters>")


def test_page_after_page() -> None:
    account = One(rds_DescribeDBInstances=[databases(database(id="a"), marker="m"), databases(database(id="b"))])
    assert [each.id for each in account.read(Kind.RDS).resources] == ["a", "b"]
    assert b"Marker=m" in account.script.asked[1].body and b"Marker" not in account.script.asked[0].body


@pytest.mark.parametrize("tokens", ["x", "xyx"])
def test_a_page_that_comes_again_is_an_error(tokens: str) -> None:
    account = One(autoscaling_DescribeAutoScalingGroups=[groups(group("1/1/1"), token=each) for each in tokens])
    fleet = account.read(Kind.ASG)
    assert fleet.resources == []
    (refused,) = fleet.refused
    assert refused.message == "autoscaling:DescribeAutoScalingGroups: the same page again"


@pytest.mark.parametrize("body", [b"", b"<html>proxy</html>", b"{}", groups("<member/>")])
def test_an_answer_that_is_none(body: bytes) -> None:
    account = One(autoscaling_DescribeAutoScalingGroups=[body], eks_ListClusters=[b"[]"])
    fleet = account.read(Kind.ASG, Kind.NODEGROUP)
    assert [each.kind for each in fleet.refused] == [Kind.ASG, Kind.NODEGROUP]
    assert fleet.refused[0].message.startswith("autoscaling:DescribeAutoScalingGroups: ")


def test_a_cluster_is_not_lost_with_its_members() -> None:
    account = One(rds_DescribeDBClusters=[clusters(cluster("a"))], rds_DescribeDBInstances=["AccessDenied"])
    (found,) = account.read(Kind.CLUSTER).resources
    assert (found.members, found.units) == (("a",), ())
    fleet = One(rds_DescribeDBClusters=[clusters(cluster("a"))], rds_DescribeDBInstances=["AccessDenied"]).read(
        Kind.CLUSTER, Kind.RDS
    )
    assert [each.kind for each in fleet.refused] == [Kind.RDS]
    assert [each.id for each in fleet.resources] == ["sales"]


def test_members_are_not_asked_for_clusters_without_a_schedule() -> None:
    account = One(rds_DescribeDBClusters=[clusters(cluster("a").replace("Schedule", "Other"))])
    assert account.read(Kind.CLUSTER) == Fleet([], [])
    assert [each.action for each in account.script.asked] == ["rds:DescribeDBClusters"]


def test_a_node_group_that_vanishes_between_two_calls() -> None:
    listed = {"eks_ListClusters": [b'{"clusters": ["blue"]}'], "eks_ListNodegroups": [b'{"nodegroups": ["main"]}']}
    gone: Dict[str, Sequence[Any]] = {**listed, "eks_DescribeNodegroup": ["ResourceNotFoundException"]}
    assert One(**gone).read(Kind.NODEGROUP) == Fleet([], [])
    denied: Dict[str, Sequence[Any]] = {**listed, "eks_DescribeNodegroup": ["AccessDeniedException"]}
    (refused,) = One(**denied).read(Kind.NODEGROUP).refused
    assert refused.message.startswith("eks:DescribeNodegroup blue/main: AccessDeniedException")


# --- who started it --------------------------------------------------------------------------------------------------


def events(*messages: str) -> bytes:
    items = "".join(
        f"<Event><Message>{message}</Message><Date>2026-11-2{number}T12:00:00.000Z</Date></Event>"
        for number, message in enumerate(messages)
    )
    return query_answer("DescribeEvents", f"<Events>{items}</Events>")


EXCEEDED = "The DB instance is being started due to it exceeding the maximum allowed time being stopped."


def suspect(name: str, kind: Kind = Kind.RDS, account: str = "1") -> Resource:
    return Resource(kind, name, account, "eu-west-1", State.RUNNING, OFFICE)


def test_databases_that_aws_has_started() -> None:
    account = One(rds_DescribeEvents=[events("DB instance stopped", EXCEEDED, "DB instance started")])
    asked = [suspect("a"), suspect("c", Kind.CLUSTER), suspect("i-1", Kind.EC2), suspect("b", account="elsewhere")]
    assert run(restarted_by_aws(account, asked)) == {asked[0].key, asked[1].key}
    assert [b"SourceType=db-cluster" in each.body for each in account.script.asked] == [False, True]
    person = One(rds_DescribeEvents=[events("DB instance stopped", "DB instance started")])
    assert run(restarted_by_aws(person, asked)) == frozenset()


def test_who_started_it_may_not_be_told() -> None:
    account = One(rds_DescribeEvents=["AccessDenied"])
    assert run(restarted_by_aws(account, [suspect("a")])) == frozenset()
    (refused,) = account.refused
    assert refused[:3] == ("1", "eu-west-1", Kind.RDS)
    assert refused.message.startswith("whether AWS has started a itself is not known")
    assert "counts as somebody's start: rds:DescribeEvents" in refused.message
