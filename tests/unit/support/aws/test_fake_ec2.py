# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake EC2, by boto3, which knows what AWS's answers look like."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from ansible_collections.day2.ops.tests.support.aws.ec2_store import Instance
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2
from ansible_collections.day2.ops.tests.support.aws.process import FakeEc2Process
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def server() -> Iterator[FakeEc2]:
    with FakeEc2() as running:
        yield running


@pytest.fixture
def fake(server: FakeEc2) -> FakeEc2:
    server.renew()
    return server


def code_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    code: str = refused.value.response["Error"]["Code"]
    return code


def test_pages_and_filters(fake: FakeEc2) -> None:
    fake.store.seed(1200)
    fake.store.place().add(Instance("i-other", tags={"Team": "shop"}))
    ec2 = fake.client()
    filters = [{"Name": "tag-key", "Values": ["Schedule"]}, {"Name": "instance-state-name", "Values": ["running"]}]
    first = ec2.describe_instances(Filters=filters, MaxResults=1000)
    second = ec2.describe_instances(Filters=filters, MaxResults=1000, NextToken=first["NextToken"])
    assert (len(first["Reservations"]), len(second["Reservations"])) == (1000, 200) and "NextToken" not in second
    one = first["Reservations"][0]["Instances"][0]
    assert one["State"] == {"Code": 16, "Name": "running"} and {"Key": "Schedule", "Value": "office"} in one["Tags"]
    assert fake.counters == {"ec2:DescribeInstances": 2} and fake.unexpected == []


def test_all_of_a_call_or_none(fake: FakeEc2) -> None:
    fake.store.seed(3)
    ec2, ids = fake.client(), list(fake.store.place().instances)
    assert code_of(ec2.stop_instances, InstanceIds=[*ids, "i-0"]) == "InvalidInstanceID.NotFound"
    fake.store.room["m5.large", "eu-central-1a"] = 0
    answer = ec2.stop_instances(InstanceIds=ids)["StoppingInstances"]
    assert {each["CurrentState"]["Name"] for each in answer} == {"stopping"}
    assert code_of(ec2.start_instances, InstanceIds=ids) == "InsufficientInstanceCapacity"
    assert {each.state for each in fake.store.place().instances.values()} == {"stopped"}
    ec2.start_instances(InstanceIds=ids[1:])
    ec2.create_tags(Resources=ids, Tags=[{"Key": "ScheduleState", "Value": "x"}])
    found = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    assert [each["Instances"][0]["State"]["Name"] for each in found] == ["stopped", "running", "running"]
    assert all({"Key": "ScheduleState", "Value": "x"} in each["Instances"][0]["Tags"] for each in found)
    assert found[0]["Instances"][0]["StateReason"]["Code"] == "Client.UserInitiatedShutdown"


def test_the_way_takes_as_many_looks_as_one_likes(fake: FakeEc2) -> None:
    fake.store.place().add(Instance("i-1", on_the_way=2))
    ec2 = fake.client()
    ec2.stop_instances(InstanceIds=["i-1"])
    words = []
    for _unused in range(4):
        found = ec2.describe_instances(InstanceIds=["i-1"])["Reservations"]
        words.append(found[0]["Instances"][0]["State"]["Name"])
    assert words == ["stopping", "stopping", "stopped", "stopped"]


def test_what_is_not_modelled_is_refused_and_told(fake: FakeEc2) -> None:
    ec2 = fake.client()
    assert code_of(ec2.describe_vpcs) == "InvalidAction"
    assert code_of(ec2.describe_instances, Filters=[{"Name": "vpc-id", "Values": ["x"]}]) == "InvalidAction"
    assert code_of(ec2.stop_instances, InstanceIds=["i-1"], Force=True) == "InvalidAction"
    assert code_of(fake.client("eks").list_fargate_profiles, clusterName="x") == "InvalidAction"
    assert fake.unexpected == [
        "ec2:DescribeVpcs 2016-11-15",
        "DescribeInstances with the filter vpc-id",
        "StopInstances with the parameter Force",
        "eks GET /clusters/x/fargate-profiles",
    ]
    fake.reset()


def test_faults_by_action_and_region(fake: FakeEc2) -> None:
    fake.rules.add(bucket="us-east-1", code="UnauthorizedOperation", status=403)
    fake.rules.add(action="DescribeRegions", code="RequestLimitExceeded", status=503, times=1)
    assert code_of(fake.client(region="us-east-1").describe_instances) == "UnauthorizedOperation"
    ec2 = fake.client()
    assert code_of(ec2.describe_regions) == "RequestLimitExceeded"
    assert len(ec2.describe_regions()["Regions"]) == 3


def test_a_process_of_its_own() -> None:
    with FakeEc2Process("--seed", "3") as process:
        from ansible_collections.day2.ops.tests.support.aws.clients import boto_client

        ec2 = boto_client(process.url, "ec2", "eu-central-1")
        assert len(ec2.describe_instances()["Reservations"]) == 3
        assert process.control("GET", "counters") == {"ec2:DescribeInstances": 1}
        assert process.control("GET", "unexpected") == []
