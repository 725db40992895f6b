# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A day of every kind of resource that moto serves: read, decided, acted on, marked; and run again."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.accounts import Accounts
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.act import carry_out
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.fleet import read_fleet
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import AsgMethod, Kind, Resource
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.outcome import Outcome
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access, run
from ansible_collections.day2.ops.tests.support.scheduled import OFFICE, inline, utc

REGION = "eu-north-1"
TAG = "NightlyOfAct"
IMAGE = "ami-12c6146b"  # which every moto has
TAGS = [{"Key": TAG, "Value": OFFICE}]
EVENING, MORNING = utc("2026-11-30T21:00"), utc("2026-12-01T09:00")
STOPPED, RUNNING = "stopped 2026-11-30T18:00:00Z", "running 2026-12-01T06:30:00Z"


class Night(NamedTuple):
    """What a run saw and did."""

    resources: List[Resource]
    outcomes: List[Outcome]
    calls: Dict[str, int]

    @property
    def changes(self) -> Dict[str, int]:
        """The calls that did not only read."""
        reads = ("Describe", "List", "GetCaller")
        return {each: n for each, n in self.calls.items() if not each.partition(":")[2].startswith(reads)}


def once(url: str, kind: Kind, at: datetime, method: AsgMethod = AsgMethod.SIZES, hibernate: bool = False) -> Night:
    """One run at an instant, over one kind of resources."""
    clock = FakeClock()
    to = access(url, region=REGION, access_key="AKIAACT")

    async def talk() -> Night:
        async with Accounts([to], concurrency=8, rng=random.Random(1), clock=clock, sleep=clock.sleep) as accounts:
            fleet = await read_fleet(accounts, frozenset({kind}), (REGION,), TAG)
            assert fleet.refused == []
            rules = Rules(TAG, hibernate=hibernate, asg_method=method)
            decisions = decide(fleet.resources, inline(), {}, rules, at)
            outcomes = await carry_out(
                *(accounts, decisions, TAG, method.value, 30.0), monotonic=clock.monotonic, sleep=clock.sleep
            )
            return Night(sorted(fleet.resources), outcomes, accounts.calls)

    return run(talk())


def day(url: str, kind: Kind, **options: Any) -> Iterator[Night]:
    """Evening and morning, each with its second run, which the state tags keep from doing anything."""
    for at, mark in ((EVENING, STOPPED), (MORNING, RUNNING)):
        night = once(url, kind, at, **options)
        assert [each.error for each in night.outcomes] == [""] * len(night.outcomes) and night.outcomes
        if any(each.pending for each in night.outcomes):
            marking = once(url, kind, at, **options)
            assert all(each.done and not each.pending and not each.error for each in marking.outcomes)
            assert all(call.startswith(("rds:AddTags", "eks:Tag")) for call in marking.changes)
        again = once(url, kind, at, **options)
        assert again.changes == {} and again.outcomes == []
        for resource in again.resources:
            assert resource.tags[f"{TAG}State"] == mark and resource.tags[f"{TAG}StateOf"] == resource.id
        yield night


@pytest.fixture(scope="module")
def moto(moto_url: str) -> str:
    return moto_url


def client(url: str, service: str) -> Any:
    return boto_client(url, service, REGION)


@pytest.fixture(scope="module")
def network(moto: str) -> Sequence[str]:
    """Two subnets."""
    found = client(moto, "ec2").describe_subnets()["Subnets"]
    return [each["SubnetId"] for each in found][:2]


def launch(url: str, count: int, **options: Any) -> List[str]:
    ec2 = client(url, "ec2")
    made = ec2.run_instances(
        ImageId=IMAGE,
        MinCount=count,
        MaxCount=count,
        InstanceType="t3.micro",
        TagSpecifications=[{"ResourceType": "instance", "Tags": TAGS}],
        **options,
    )
    return [each["InstanceId"] for each in made["Instances"]]


def test_instances(moto: str) -> None:
    ids = launch(moto, 3)
    ec2 = client(moto, "ec2")

    def states() -> List[str]:
        found = ec2.describe_instances(InstanceIds=ids)["Reservations"]
        return [each["State"]["Name"] for one in found for each in one["Instances"]]

    try:
        nights = day(moto, Kind.EC2)
        assert next(nights).changes == {"ec2:StopInstances": 1, "ec2:CreateTags": 3} and states() == ["stopped"] * 3
        assert next(nights).changes == {"ec2:StartInstances": 1, "ec2:CreateTags": 1} and states() == ["running"] * 3
        assert list(nights) == []
    finally:
        ec2.terminate_instances(InstanceIds=ids)


def test_hibernation(moto: str) -> None:
    ids = launch(moto, 1, HibernationOptions={"Configured": True})
    try:
        for night in day(moto, Kind.EC2, hibernate=True):
            assert [each.decision.resource.id for each in night.outcomes] == ids
    finally:
        client(moto, "ec2").terminate_instances(InstanceIds=ids)


def test_databases(moto: str) -> None:
    rds = client(moto, "rds")
    rds.create_db_instance(
        DBInstanceIdentifier="act-db",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="postgres",
        MasterUserPassword="secret-of-a-test",
        Tags=TAGS,
    )
    try:
        wanted = [("rds:StopDBInstance", "stopped"), ("rds:StartDBInstance", "available")]
        for night, (call, status) in zip(day(moto, Kind.RDS), wanted):
            assert night.changes == {call: 1}
            assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == status
    finally:
        rds.delete_db_instance(DBInstanceIdentifier="act-db", SkipFinalSnapshot=True)


def test_clusters_of_databases(moto: str) -> None:
    rds = client(moto, "rds")
    engines = ("aurora-postgresql", "neptune")
    for engine in engines:
        rds.create_db_cluster(
            DBClusterIdentifier=f"act-{engine}",
            Engine=engine,
            MasterUsername="postgres",
            MasterUserPassword="secret-of-a-test",
            Tags=TAGS,
        )
    try:
        wanted = [("rds:StopDBCluster", "stopped"), ("rds:StartDBCluster", "available")]
        for night, (call, status) in zip(day(moto, Kind.CLUSTER), wanted):
            assert night.changes == {call: 2}
            assert {each["Status"] for each in rds.describe_db_clusters()["DBClusters"]} == {status}
    finally:
        for engine in engines:
            rds.delete_db_cluster(DBClusterIdentifier=f"act-{engine}", SkipFinalSnapshot=True)


@pytest.mark.parametrize("method", list(AsgMethod))
def test_groups(moto: str, network: Sequence[str], method: AsgMethod) -> None:
    ec2, scaling = client(moto, "ec2"), client(moto, "autoscaling")
    name = f"act-{method.value}"
    scaling.create_launch_configuration(LaunchConfigurationName=name, ImageId=IMAGE, InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName=name,
        MinSize=1,
        DesiredCapacity=2,
        MaxSize=4,
        VPCZoneIdentifier=network[0],
        Tags=[{**TAGS[0], "PropagateAtLaunch": False}],
    )

    def group() -> Any:
        return scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    def sizes() -> List[int]:
        return [group()[each] for each in ("MinSize", "DesiredCapacity", "MaxSize")]

    try:
        before = [each["InstanceId"] for each in group()["Instances"]]
        nights = day(moto, Kind.ASG, method=method)
        evening = next(nights)
        assert len(evening.outcomes) == 1
        if method is AsgMethod.SIZES:
            assert sizes() == [0, 0, 4] and group()["Instances"] == []
        else:
            found = ec2.describe_instances(InstanceIds=before)["Reservations"]
            assert {each["State"]["Name"] for one in found for each in one["Instances"]} == {"stopped"}
        next(nights)
        assert sizes() == [1, 2, 4] and len(group()["Instances"]) == 2 and group()["SuspendedProcesses"] == []
        if method is AsgMethod.SUSPEND:
            assert [each["InstanceId"] for each in group()["Instances"]] == before
    finally:
        scaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)


def test_node_groups(moto: str, network: Sequence[str]) -> None:
    """moto tags no node groups: what is to be kept must stand there already, and nothing is marked."""
    eks = client(moto, "eks")
    role = "arn:aws:iam::123456789012:role/eks"
    eks.create_cluster(name="act", roleArn=role, resourcesVpcConfig={"subnetIds": list(network)})
    eks.create_nodegroup(
        clusterName="act",
        nodegroupName="blue",
        scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 4},
        subnets=list(network),
        nodeRole=role,
        tags={TAG: OFFICE, f"{TAG}Kept": "1/2/4"},
    )
    try:
        for at, sizes in ((EVENING, (0, 0, 4)), (MORNING, (1, 2, 4))):
            night = once(moto, Kind.NODEGROUP, at)
            assert [each.error for each in night.outcomes] == [""] and night.outcomes[0].pending
            assert night.changes == {"eks:UpdateNodegroupConfig": 1}
            found = eks.describe_nodegroup(clusterName="act", nodegroupName="blue")["nodegroup"]["scalingConfig"]
            assert (found["minSize"], found["desiredSize"], found["maxSize"]) == sizes
    finally:
        eks.delete_nodegroup(clusterName="act", nodegroupName="blue")
        eks.delete_cluster(name="act")
