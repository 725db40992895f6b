# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that change something are those that botocore would send."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Dict, Tuple
from urllib.parse import parse_qsl, unquote

import botocore.session
import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import calls
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action, Kind, Resource, Sizes, State
from botocore.serialize import create_serializer

REGION = "eu-central-1"
SHARDED = "a b/c+é"  # what a tag may hold


def resource(kind: Kind, name: str, arn: str = "") -> Resource:
    return Resource(kind, name, "123456789012", REGION, State.RUNNING, {}, arn=arn)


DATABASE = resource(Kind.RDS, "db-1", "arn:aws:rds:eu-central-1:123456789012:db:db-1")
CLUSTER = resource(Kind.CLUSTER, "c-1", "arn:aws:rds:eu-central-1:123456789012:cluster:c-1")
GROUP = resource(Kind.ASG, "web group")
NODES = resource(Kind.NODEGROUP, "prod/blue", "arn:aws:eks:eu-central-1:123456789012:nodegroup/prod/blue/9ab")
TAGS = {"ScheduleState": "stopped 2026-11-28T18:00:00Z", "ScheduleStateOf": SHARDED}
LISTED = [{"Key": key, "Value": value} for key, value in TAGS.items()]
OF_GROUP = {"ResourceId": "web group", "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}

CASES: Tuple[Tuple[Request, str, Dict[str, Any]], ...] = (
    (calls.change_instances(REGION, Action.STOP, ["i-1", "i-2"]), "StopInstances", {"InstanceIds": ["i-1", "i-2"]}),
    (
        calls.change_instances(REGION, Action.HIBERNATE, ["i-1"]),
        "StopInstances",
        {"InstanceIds": ["i-1"], "Hibernate": True},
    ),
    (calls.change_instances(REGION, Action.START, ["i-1"]), "StartInstances", {"InstanceIds": ["i-1"]}),
    (calls.tag_instances(REGION, ["i-1", "i-2"], TAGS), "CreateTags", {"Resources": ["i-1", "i-2"], "Tags": LISTED}),
    (calls.tag(resource(Kind.EC2, "i-1"), TAGS), "CreateTags", {"Resources": ["i-1"], "Tags": LISTED}),
    (calls.change_database(DATABASE, Action.STOP), "StopDBInstance", {"DBInstanceIdentifier": "db-1"}),
    (calls.change_database(DATABASE, Action.HIBERNATE), "StopDBInstance", {"DBInstanceIdentifier": "db-1"}),
    (calls.change_database(DATABASE, Action.START), "StartDBInstance", {"DBInstanceIdentifier": "db-1"}),
    (calls.change_database(CLUSTER, Action.STOP), "StopDBCluster", {"DBClusterIdentifier": "c-1"}),
    (calls.change_database(CLUSTER, Action.START), "StartDBCluster", {"DBClusterIdentifier": "c-1"}),
    (calls.tag(DATABASE, TAGS), "AddTagsToResource", {"ResourceName": DATABASE.arn, "Tags": LISTED}),
    (calls.tag(CLUSTER, TAGS), "AddTagsToResource", {"ResourceName": CLUSTER.arn, "Tags": LISTED}),
    (
        calls.resize(GROUP, Sizes(0, 0, 4)),
        "UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "web group", "MinSize": 0, "MaxSize": 4, "DesiredCapacity": 0},
    ),
    (
        calls.suspend(GROUP, ["Launch", "Terminate"]),
        "SuspendProcesses",
        {"AutoScalingGroupName": "web group", "ScalingProcesses": ["Launch", "Terminate"]},
    ),
    (
        calls.suspend(GROUP, ["Launch"], resume=True),
        "ResumeProcesses",
        {"AutoScalingGroupName": "web group", "ScalingProcesses": ["Launch"]},
    ),
    (calls.tag(GROUP, TAGS), "CreateOrUpdateTags", {"Tags": [{**OF_GROUP, **each} for each in LISTED]}),
    (
        calls.resize(NODES, Sizes(0, 0, 4)),
        "UpdateNodegroupConfig",
        {
            "clusterName": "prod",
            "nodegroupName": "blue",
            "scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 4},
        },
    ),
    (calls.tag(NODES, TAGS), "TagResource", {"resourceArn": NODES.arn, "tags": TAGS}),
)


@lru_cache(maxsize=8)
def model_of(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@pytest.mark.parametrize("request_, operation, parameters", CASES, ids=[case[0].action for case in CASES])
def test_they_are_botocores(request_: Request, operation: str, parameters: Dict[str, Any]) -> None:
    model = model_of(request_.service)
    serializer = create_serializer(model.metadata["protocol"])
    wanted = serializer.serialize_to_request(parameters, model.operation_model(operation))
    assert (request_.action, request_.region) == (f"{request_.service}:{operation}", REGION)
    assert request_.method == wanted["method"]
    assert unquote(request_.path) == unquote(wanted["url_path"])
    if request_.service == "eks":
        theirs = json.loads(wanted["body"])
        theirs.pop("clientRequestToken", None)  # botocore's own invention
        assert json.loads(request_.body) == theirs
    else:
        sent = dict(parse_qsl(request_.body.decode(), keep_blank_values=True))
        assert sent == {name: str(value) for name, value in wanted["body"].items()}


def test_what_a_call_is_about_is_told_in_errors() -> None:
    assert CASES[0][0].target == "i-1 and 1 more" and CASES[2][0].target == "i-1"
