# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a fleet of every kind that moto serves. It has neither DocumentDB nor Neptune, whose answers are RDS's."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import Any, Awaitable, Callable, Dict, List, Tuple

from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.accounts import Accounts
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.fleet import (
    Fleet,
    look,
    read_fleet,
    restarted_by_aws,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import SUSPENDED
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, Sizes, State
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access, run

REGION = "ap-southeast-2"  # nobody else's
IMAGE = "ami-12c6146b"  # one that moto comes with
TAG = "Hours"
TAGS = [{"Key": TAG, "Value": "office"}, {"Key": "Name", "Value": "é <&>"}]
EVERYTHING = frozenset(Kind)


def talk(url: str, work: Callable[[Accounts], Awaitable[Any]], **options: Any) -> Any:
    """What the work returns that is done with the account of moto."""

    async def test() -> Any:
        to: Access = access(url, region=REGION, **options)
        clock = FakeClock(datetime.now(timezone.utc))
        async with Accounts([to], concurrency=16, rng=random.Random(3), clock=clock, sleep=clock.sleep) as accounts:
            return await work(accounts)

    return run(test())


def read(url: str, *kinds: Kind, regions: Tuple[str, ...] = ()) -> List[Resource]:
    """All resources of these kinds; nothing may be refused."""
    fleet: Fleet = talk(url, lambda accounts: read_fleet(accounts, frozenset(kinds), regions, TAG))
    assert fleet.refused == []
    return sorted(fleet.resources, key=lambda each: each.id)


def instances(url: str, count: int, **options: Any) -> List[str]:
    ec2 = boto_client(url, "ec2", REGION)
    made = ec2.run_instances(ImageId=IMAGE, MinCount=count, MaxCount=count, InstanceType="t3.micro", **options)
    return sorted(each["InstanceId"] for each in made["Instances"])


def test_instances(moto_url: str) -> None:
    specification = [{"ResourceType": "instance", "Tags": TAGS}]
    running, stopped, ended = instances(moto_url, 3, TagSpecifications=specification)
    instances(moto_url, 1)  # without the tag
    ec2 = boto_client(moto_url, "ec2", REGION)
    ec2.stop_instances(InstanceIds=[stopped])
    ec2.terminate_instances(InstanceIds=[ended])

    found = {each.id: each for each in read(moto_url, Kind.EC2)}
    assert set(found) == {running, stopped}
    assert (found[running].state, found[stopped].state) == (State.RUNNING, State.STOPPED)
    assert found[running].tags == {TAG: "office", "Name": "é <&>"}
    assert (found[running].type, found[running].region, found[running].account) == ("t3.micro", REGION, "123456789012")
    assert "UserInitiatedShutdown" in found[stopped].why and found[running].launched is not None

    lost = found[running]._replace(id="i-0123456789abcdef0")
    asked = [*found.values(), lost, lost._replace(id=ended)]
    seen = talk(moto_url, lambda accounts: look(accounts.clients["123456789012"], asked))
    assert {key[3]: each.state for key, each in seen.items()} == {
        running: State.RUNNING,
        stopped: State.STOPPED,
        ended: State.GONE,
    }
    assert {key: each for key, each in seen.items() if key[3] != ended} == {each.key: each for each in found.values()}


def test_databases_and_clusters(moto_url: str) -> None:
    rds = boto_client(moto_url, "rds", REGION)
    common: Dict[str, Any] = {"MasterUsername": "admin", "MasterUserPassword": "hunter2hunter2", "Tags": TAGS[:1]}
    small = {"DBInstanceClass": "db.t3.micro", "Engine": "mysql", "AllocatedStorage": 10}
    for number in range(3):
        rds.create_db_instance(DBInstanceIdentifier=f"alone-{number}", **small, **common)
    rds.create_db_instance(DBInstanceIdentifier="untagged", **small, **{**common, "Tags": []})
    rds.stop_db_instance(DBInstanceIdentifier="alone-1")
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="alone-2", Tags=TAGS[:1]
    )
    rds.create_db_cluster(DBClusterIdentifier="sales", Engine="aurora-mysql", **common)
    rds.create_db_cluster(DBClusterIdentifier="other", Engine="aurora-mysql", **{**common, "Tags": []})
    for number in range(2):
        rds.create_db_instance(
            DBInstanceIdentifier=f"sales-{number}",
            DBClusterIdentifier="sales",
            DBInstanceClass="db.r6g.large",
            Engine="aurora-mysql",
            Tags=TAGS[:1],
        )

    found = {each.id: each for each in read(moto_url, Kind.RDS, Kind.CLUSTER)}
    assert set(found) == {"alone-0", "alone-1", "alone-2", "copy", "sales", "sales-0", "sales-1"}
    assert (found["alone-0"].state, found["alone-1"].state) == (State.RUNNING, State.STOPPED)
    assert found["alone-0"].arn.endswith(":db:alone-0") and found["alone-0"].obstacle == ""
    assert "read replica of alone-2" in found["copy"].obstacle and "replica copy" in found["alone-2"].obstacle
    assert "member of the cluster sales" in found["sales-0"].obstacle
    cluster = found["sales"]
    assert (cluster.kind, cluster.state, cluster.obstacle) == (Kind.CLUSTER, State.RUNNING, "")
    assert (cluster.members, cluster.units) == (("sales-0", "sales-1"), (("db.r6g.large", 2),))

    rds.stop_db_cluster(DBClusterIdentifier="sales")
    asked = [found["alone-0"], cluster, cluster._replace(id="lost")]
    seen = talk(moto_url, lambda accounts: look(accounts.clients["123456789012"], asked))
    assert {key[3]: each.state for key, each in seen.items()} == {"alone-0": State.RUNNING, "sales": State.STOPPED}


def test_nobody_but_people_starts_databases_in_moto(moto_url: str) -> None:
    rds = boto_client(moto_url, "rds", REGION)
    keys: Dict[str, Any] = {"MasterUsername": "admin", "MasterUserPassword": "hunter2hunter2", "Tags": TAGS[:1]}
    rds.create_db_instance(
        DBInstanceIdentifier="woken", DBInstanceClass="db.t3.micro", Engine="mysql", AllocatedStorage=10, **keys
    )
    (database,) = (each for each in read(moto_url, Kind.RDS) if each.id == "woken")
    assert talk(moto_url, lambda accounts: restarted_by_aws(accounts, [database])) == frozenset()


def test_auto_scaling_groups(moto_url: str) -> None:
    scaling = boto_client(moto_url, "autoscaling", REGION)
    scaling.create_launch_configuration(LaunchConfigurationName="lc", ImageId=IMAGE, InstanceType="m5.large")
    for name, desired in (("awake", 2), ("empty", 0), ("still", 2)):
        tag = {"Key": TAG, "Value": "office", "ResourceId": name, "ResourceType": "auto-scaling-group"}
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName="lc",
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=desired,
            AvailabilityZones=[f"{REGION}a"],
            Tags=[{**tag, "PropagateAtLaunch": name == "still"}],
        )
    scaling.suspend_processes(AutoScalingGroupName="still", ScalingProcesses=list(SUSPENDED))
    members = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["still"])["AutoScalingGroups"][0]["Instances"]
    ec2 = boto_client(moto_url, "ec2", REGION)
    ec2.stop_instances(InstanceIds=[each["InstanceId"] for each in members])

    found = {each.id: each for each in read(moto_url, Kind.ASG)}
    assert {name: (each.state, each.sizes) for name, each in found.items()} == {
        "awake": (State.RUNNING, Sizes(0, 2, 4)),
        "empty": (State.STOPPED, Sizes(0, 0, 4)),
        "still": (State.STOPPED, Sizes(0, 2, 4)),
    }
    assert found["awake"].units == (("m5.large", 2),) and len(found["awake"].members) == 2
    assert set(found["still"].suspended) == set(SUSPENDED)

    ec2.start_instances(InstanceIds=[members[0]["InstanceId"]])
    asked = [*found.values(), found["awake"]._replace(id="lost")]
    seen = talk(moto_url, lambda accounts: look(accounts.clients["123456789012"], asked))
    assert {key[3]: each.state for key, each in seen.items()} == {
        "awake": State.RUNNING,
        "empty": State.STOPPED,
        "still": State.MIXED,
    }
    # The members are known for what they are.
    members_found = [each for each in read(moto_url, Kind.EC2) if each.tags.get("aws:autoscaling:groupName") == "still"]
    assert len(members_found) == 2 and {each.obstacle for each in members_found} == {
        "member of the Auto Scaling group still"
    }


def test_node_groups(moto_url: str) -> None:
    eks = boto_client(moto_url, "eks", REGION)
    role = "arn:aws:iam::123456789012:role/eks"
    for cluster in ("blue", "green"):
        eks.create_cluster(name=cluster, roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]})
    for cluster, name, tags in (
        ("blue", "main-pool", {TAG: "office"}),
        ("blue", "other", {}),
        ("green", "b", {TAG: "x"}),
    ):
        eks.create_nodegroup(
            clusterName=cluster,
            nodegroupName=name,
            nodeRole=role,
            subnets=["subnet-1"],
            scalingConfig={"minSize": 1, "maxSize": 4, "desiredSize": 2},
            instanceTypes=["m5.large"],
            tags=tags,
        )
    found = {each.id: each for each in read(moto_url, Kind.NODEGROUP)}
    assert set(found) == {"blue/main-pool", "green/b"}
    group = found["blue/main-pool"]
    assert (group.state, group.sizes, group.units) == (State.RUNNING, Sizes(1, 2, 4), (("m5.large", 2),))

    asked = [*found.values(), group._replace(id="blue/lost")]
    seen = talk(moto_url, lambda accounts: look(accounts.clients["123456789012"], asked))
    assert seen == {each.key: each for each in found.values()}


def test_every_region_of_the_account(moto_url: str) -> None:
    progress: List[Tuple[int, int]] = []

    async def count(accounts: Accounts) -> Fleet:
        kinds = frozenset((Kind.ASG,))
        return await read_fleet(
            accounts, kinds, ("all",), "NobodyHasIt", lambda done, total: progress.append((done, total))
        )

    fleet = talk(moto_url, count)
    assert fleet == Fleet([], [])
    totals = {total for _done, total in progress}
    assert len(totals) == 1 and totals.pop() >= 15
    assert [done for done, _total in progress] == list(range(progress[0][1] + 1))
