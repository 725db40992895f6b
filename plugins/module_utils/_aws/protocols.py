# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls in the protocols that services of AWS speak, S3's own aside: query (forms and XML), JSON 1.0 and 1.1, and REST-JSON.

Each takes the action by its IAM-like name (``ec2:StopInstances``), whose first half is the service. The tests compare with what
botocore's serializers make of the services' models.
"""

from __future__ import annotations

import json
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote, urlencode

from .model import Pairs, Request

# Query protocol. Service: version of its API
_VERSIONS = {"autoscaling": "2011-01-01", "ec2": "2016-11-15", "rds": "2014-10-31", "sts": "2011-06-15"}
# How a member of a list is called on the wire: EC2 has no word for it, RDS one for each kind of list, others "member".
_FLAT = frozenset(("ec2",))
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "rds": {"EventCategories": "EventCategory", "Filters": "Filter", "Tags": "Tag", "Values": "Value"}
}

# JSON protocols. Service: version of the protocol, and what stands before the name of an operation in x-amz-target
_JSON = {
    "dynamodb": ("1.0", "DynamoDB_20120810"),
    "kms": ("1.1", "TrentService"),
    "organizations": ("1.1", "AWSOrganizationsV20161128"),
    "pricing": ("1.1", "AWSPriceListService"),
    "ssm": ("1.1", "AmazonSSM"),
}

_FORM = (("content-type", "application/x-www-form-urlencoded; charset=utf-8"),)


def query_request(action: str, target: str, region: str, parameters: Mapping[str, Any]) -> Request:
    """A call of EC2, RDS, Auto Scaling or STS.

    ``parameters`` by their names on the wire (EC2: ``InstanceId``, not ``InstanceIds``), with lists and mappings in them
    as they are; ``None`` is left out.
    """
    service, _other, operation = action.partition(":")
    pairs: List[Tuple[str, str]] = [("Action", operation), ("Version", _VERSIONS[service])]
    members = _MEMBERS.get(service, {})
    for name, value in parameters.items():
        pairs += _flattened(name, name, value, service in _FLAT, members)
    return Request(action, target, service, region, method="POST", headers=_FORM, body=urlencode(pairs).encode())


def json_request(action: str, target: str, region: str, parameters: Mapping[str, Any]) -> Request:
    """A call of Systems Manager, DynamoDB, the Price List, KMS or Organizations; ``parameters`` as the API names them."""
    service, _other, operation = action.partition(":")
    version, prefix = _JSON[service]
    headers = (("content-type", f"application/x-amz-json-{version}"), ("x-amz-target", f"{prefix}.{operation}"))
    body = json.dumps(parameters).encode()
    return Request(action, target, service, region, method="POST", headers=headers, body=body)


def rest_json_request(
    action: str,
    target: str,
    region: str,
    method: str,
    segments: Sequence[str],
    parameters: Optional[Mapping[str, Any]] = None,
    query: Pairs = (),
) -> Request:
    """A call of EKS: ``segments`` of its path, in which a name or ARN is one segment whatever is in it; ``parameters`` are its body."""
    service = action.partition(":")[0]
    path = "".join(f"/{quote(segment, safe='')}" for segment in segments)
    headers: Pairs = ()
    body = b""
    if parameters is not None:
        headers, body = (("content-type", "application/json"),), json.dumps(parameters).encode()
    return Request(action, target, service, region, method, path, query, headers, body, path_is_encoded=True)


def _flattened(prefix: str, name: str, value: Any, flat: bool, members: Mapping[str, str]) -> Iterator[Tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flattened(f"{prefix}.{key}", key, inner, flat, members)
    elif isinstance(value, (list, tuple)):
        label = prefix if flat else f"{prefix}.{members.get(name, 'member')}"
        for index, inner in enumerate(value, 1):
            yield from _flattened(f"{label}.{index}", "", inner, flat, members)
    elif isinstance(value, bool):
        yield prefix, "true" if value else "false"
    else:
        yield prefix, str(value)
