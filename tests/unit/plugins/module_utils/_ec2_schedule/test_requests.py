# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict
from urllib.parse import parse_qsl

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import requests
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

R = "eu-west-1"
ALIVE = {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}
TAGGED = {"Name": "tag-key", "Values": ["Schedule"]}

CALLS = [
    (requests.describe_regions(R), {"AllRegions": False}),
    (requests.describe_instances(R, "Schedule"), {"Filters": [TAGGED, ALIVE], "MaxResults": 1000}),
    (
        requests.describe_instances(R, "Schedule", "t+/="),
        {"Filters": [TAGGED, ALIVE], "MaxResults": 1000, "NextToken": "t+/="},
    ),
    (requests.look_at_instances(R, ["i-1", "i-2"]), {"InstanceIds": ["i-1", "i-2"]}),
    (requests.describe_databases(R), {"MaxRecords": 100}),
    (requests.describe_databases(R, "m"), {"MaxRecords": 100, "Marker": "m"}),
    (
        requests.describe_databases(R, ids=["a", "b"]),
        {"MaxRecords": 100, "Filters": [{"Name": "db-instance-id", "Values": ["a", "b"]}]},
    ),
    (
        requests.describe_clusters(R, "m", ["a"]),
        {"MaxRecords": 100, "Marker": "m", "Filters": [{"Name": "db-cluster-id", "Values": ["a"]}]},
    ),
    (
        requests.describe_events(R, "db-cluster", "sales"),
        {"SourceType": "db-cluster", "SourceIdentifier": "sales", "Duration": 20160, "MaxRecords": 100},
    ),
    (requests.describe_groups(R, "Schedule", "t"), {"Filters": [TAGGED], "MaxRecords": 100, "NextToken": "t"}),
    (requests.look_at_groups(R, ["web ü"]), {"AutoScalingGroupNames": ["web ü"], "MaxRecords": 100}),
    (requests.list_clusters(R), {"maxResults": 100}),
    (requests.list_clusters(R, "t="), {"maxResults": 100, "nextToken": "t="}),
    (requests.list_node_groups(R, "a/b"), {"clusterName": "a/b", "maxResults": 100}),
    (requests.describe_node_group(R, "blue", "main pool"), {"clusterName": "blue", "nodegroupName": "main pool"}),
]


@lru_cache(maxsize=8)
def _service(name: str) -> ServiceModel:
    return ServiceModel(Loader(include_default_search_paths=True).load_service_model(name, "service-2"), name)


@pytest.mark.parametrize("request_, parameters", CALLS, ids=lambda value: getattr(value, "action", ""))
def test_each_call_is_the_one_that_botocore_makes(request_: Request, parameters: Dict[str, Any]) -> None:
    service, _other, operation = request_.action.partition(":")
    model = _service(service)
    serializer: Any = create_serializer(model.metadata["protocol"])  # it checks the parameters, too
    theirs = serializer.serialize_to_request(parameters, model.operation_model(operation))
    assert (request_.service, request_.method, request_.path) == (service, theirs["method"], theirs["url_path"])
    if service == "eks":
        assert dict(request_.query) == {name: str(value) for name, value in theirs["query_string"].items()}
        assert not request_.body
    else:
        sent = dict(parse_qsl(request_.body.decode(), strict_parsing=True))
        assert sent == {name: str(value) for name, value in theirs["body"].items()}


def test_what_a_call_is_about_is_told_in_short() -> None:
    many = requests.look_at_instances(R, [f"i-{n}" for n in range(1000)])
    assert many.target == "i-0 and 999 more"
    assert requests.describe_node_group(R, "blue", "main").target == "blue/main"
