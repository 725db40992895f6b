# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Dict
from urllib.parse import parse_qsl

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Credentials, Request
from ansible_collections.day2.ops.plugins.module_utils._aws.protocols import (
    json_request,
    query_request,
    rest_json_request,
)
from ansible_collections.day2.ops.plugins.module_utils._aws.sigv4 import Signer
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

R = "eu-west-1"
ARN = "arn:aws:eks:eu-west-1:123456789012:nodegroup/blue/main pool/0c1"


@lru_cache(maxsize=8)
def _service(name: str) -> ServiceModel:
    return ServiceModel(Loader(include_default_search_paths=True).load_service_model(name, "service-2"), name)


def _theirs(request: Request, parameters: Dict[str, Any]) -> Dict[str, Any]:
    """What botocore would send."""
    service, _other, operation = request.action.partition(":")
    model = _service(service)
    serializer: Any = create_serializer(model.metadata["protocol"], False)
    found: Dict[str, Any] = serializer.serialize_to_request(parameters, model.operation_model(operation))
    return found


# Our call, and the parameters by the names of the SDK.
FORMS = [
    (
        query_request(
            "ec2:DescribeInstances",
            "",
            R,
            {"Filter": [{"Name": "tag-key", "Value": ["Schedule", "Büro"]}], "MaxResults": 1000, "NextToken": None},
        ),
        {"Filters": [{"Name": "tag-key", "Values": ["Schedule", "Büro"]}], "MaxResults": 1000},
    ),
    (
        query_request("ec2:StopInstances", "", R, {"InstanceId": ("i-1", "i-2"), "Hibernate": True, "Force": False}),
        {"InstanceIds": ["i-1", "i-2"], "Hibernate": True, "Force": False},
    ),
    (
        query_request("ec2:CreateTags", "", R, {"ResourceId": ["i-1"], "Tag": [{"Key": "a b", "Value": "x&y=+/:@ü"}]}),
        {"Resources": ["i-1"], "Tags": [{"Key": "a b", "Value": "x&y=+/:@ü"}]},
    ),
    (
        query_request(
            "rds:DescribeDBClusters", "", R, {"Filters": [{"Name": "engine", "Values": ["docdb", "neptune"]}], "MaxRecords": 100}
        ),
        {"Filters": [{"Name": "engine", "Values": ["docdb", "neptune"]}], "MaxRecords": 100},
    ),
    (
        query_request("rds:AddTagsToResource", "", R, {"ResourceName": "arn:x", "Tags": [{"Key": "k", "Value": "v"}]}),
        {"ResourceName": "arn:x", "Tags": [{"Key": "k", "Value": "v"}]},
    ),
    (
        query_request("rds:RemoveTagsFromResource", "", R, {"ResourceName": "arn:x", "TagKeys": ["k", "l"]}),
        {"ResourceName": "arn:x", "TagKeys": ["k", "l"]},
    ),
    (
        query_request(
            "rds:DescribeEvents", "", R, {"SourceType": "db-instance", "EventCategories": ["notification"], "Duration": 60}
        ),
        {"SourceType": "db-instance", "EventCategories": ["notification"], "Duration": 60},
    ),
    (
        query_request(
            "autoscaling:DescribeAutoScalingGroups",
            "",
            R,
            {"AutoScalingGroupNames": ["web ü"], "Filters": [{"Name": "tag-key", "Values": ["Schedule"]}]},
        ),
        {"AutoScalingGroupNames": ["web ü"], "Filters": [{"Name": "tag-key", "Values": ["Schedule"]}]},
    ),
    (
        query_request(
            "autoscaling:CreateOrUpdateTags",
            "",
            R,
            {"Tags": [{"ResourceId": "web", "Key": "k", "Value": "v", "PropagateAtLaunch": False}]},
        ),
        {"Tags": [{"ResourceId": "web", "Key": "k", "Value": "v", "PropagateAtLaunch": False}]},
    ),
    (
        query_request(
            "autoscaling:SuspendProcesses", "", R, {"AutoScalingGroupName": "web", "ScalingProcesses": ["Launch", "Terminate"]}
        ),
        {"AutoScalingGroupName": "web", "ScalingProcesses": ["Launch", "Terminate"]},
    ),
    (query_request("sts:GetCallerIdentity", "", R, {}), {}),
]  # fmt: skip


@pytest.mark.parametrize("request_, parameters", FORMS, ids=lambda value: getattr(value, "action", ""))
def test_a_form_is_what_the_sdk_sends(request_: Request, parameters: Dict[str, Any]) -> None:
    theirs = _theirs(request_, parameters)
    fields = dict(parse_qsl(request_.body.decode(), keep_blank_values=True, strict_parsing=True))
    assert fields == {name: str(value) for name, value in theirs["body"].items()}
    assert request_.body.isascii()
    assert dict(request_.headers)["content-type"] == theirs["headers"]["Content-Type"]
    assert (request_.method, request_.path, request_.query) == ("POST", theirs["url_path"], ())


DOCUMENTS = [
    (json_request("ssm:GetParameter", "", R, {"Name": "/a", "WithDecryption": True}), {"Name": "/a", "WithDecryption": True}),
    (json_request("dynamodb:Scan", "", R, {"TableName": "schedules"}), {"TableName": "schedules"}),
    (json_request("pricing:GetProducts", "", R, {"ServiceCode": "AmazonEC2"}), {"ServiceCode": "AmazonEC2"}),
    (json_request("kms:DescribeKey", "", R, {"KeyId": "alias/ü"}), {"KeyId": "alias/ü"}),
    (json_request("organizations:ListAccounts", "", R, {}), {}),
]  # fmt: skip


@pytest.mark.parametrize("request_, parameters", DOCUMENTS, ids=lambda value: getattr(value, "action", ""))
def test_json_is_what_the_sdk_sends(request_: Request, parameters: Dict[str, Any]) -> None:
    theirs = _theirs(request_, parameters)
    assert json.loads(request_.body) == json.loads(theirs["body"])
    headers = {name.lower(): value for name, value in theirs["headers"].items()}
    assert dict(request_.headers) == headers
    assert (request_.method, request_.path) == ("POST", theirs["url_path"])


RESTS = [
    (
        rest_json_request(
            "eks:ListNodegroups", "", R, "GET", ("clusters", "blue ü", "node-groups"), query=(("maxResults", "100"),)
        ),
        {"clusterName": "blue ü", "maxResults": 100},
    ),
    (
        rest_json_request("eks:DescribeNodegroup", "", R, "GET", ("clusters", "../a b", "node-groups", "x/y%2F?#")),
        {"clusterName": "../a b", "nodegroupName": "x/y%2F?#"},
    ),
    (
        rest_json_request("eks:TagResource", "", R, "POST", ("tags", ARN), {"tags": {"Schedule": "x"}}),
        {"resourceArn": ARN, "tags": {"Schedule": "x"}},
    ),
    (
        rest_json_request(
            "eks:UpdateNodegroupConfig",
            "",
            R,
            "POST",
            ("clusters", "c", "node-groups", "n", "update-config"),
            {"scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 3}, "clientRequestToken": "t"},
        ),
        {
            "clusterName": "c",
            "nodegroupName": "n",
            "scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 3},
            "clientRequestToken": "t",
        },
    ),
]


@pytest.mark.parametrize("request_, parameters", RESTS, ids=lambda value: getattr(value, "action", ""))
def test_a_rest_call_is_what_the_sdk_sends(request_: Request, parameters: Dict[str, Any]) -> None:
    theirs = _theirs(request_, parameters)
    assert request_.path == theirs["url_path"] and request_.method == theirs["method"]
    assert dict(request_.query) == {name: str(value) for name, value in theirs["query_string"].items()}
    assert (json.loads(request_.body) if request_.body else "") == (
        json.loads(theirs["body"]) if theirs["body"] else ""
    )


def test_what_is_signed_is_what_is_sent() -> None:
    request = rest_json_request("eks:TagResource", "", R, "POST", ("tags", ARN), {"tags": {}})
    signer = Signer(Credentials("AKIDEXAMPLE", "secret"), "eks", R, "eks.eu-west-1.amazonaws.com")
    target, _lines = signer.sign(
        request.method, request.path, (), request.headers, request.body, "20261201T120000Z", request.path_is_encoded
    )
    assert target == "/tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Anodegroup%2Fblue%2Fmain%20pool%2F0c1"
