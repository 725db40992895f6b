# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from functools import cache
from typing import Any, Dict, Mapping, Tuple
from urllib.parse import parse_qsl, quote

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import requests
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    BucketFacts,
    KeyDetail,
    Question,
)
from botocore.serialize import create_serializer
from botocore.session import get_session

B, R = "bucket.a", "eu-west-1"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ODD = "a b/ü+%/c"

Given = Tuple[Request, Dict[str, Any]]
CALLS: Dict[str, Given] = {
    **{f"{question}": (requests.bucket_request(question, B, R), {"Bucket": B}) for question in requests.BUCKET_CALLS},
    "buckets": (requests.list_buckets(R), {"MaxBuckets": 1000}),
    "buckets, narrowed": (
        requests.list_buckets(R, "t/=", "acme-", "eu-south-1"),
        {"MaxBuckets": 1000, "Prefix": "acme-", "BucketRegion": "eu-south-1", "ContinuationToken": "t/="},
    ),
    "head": (requests.head_bucket(B, R, "123456789012"), {"Bucket": B, "ExpectedBucketOwner": "123456789012"}),
    "head of anybody's": (requests.head_bucket(B, R), {"Bucket": B}),
    "location": (requests.bucket_location(B, R, "1" * 12), {"Bucket": B, "ExpectedBucketOwner": "1" * 12}),
    "objects": (requests.list_objects(B, R), {"Bucket": B, "EncodingType": "url", "MaxKeys": 1000}),
    "objects, narrowed": (
        requests.list_objects(B, R, prefix=ODD, delimiter="/", start_after="a", token="n="),
        {
            "Bucket": B,
            "EncodingType": "url",
            "MaxKeys": 1000,
            "Prefix": ODD,
            "Delimiter": "/",
            "StartAfter": "a",
            "ContinuationToken": "n=",
        },
    ),
    "head of an object": (requests.head_object(B, ODD, R), {"Bucket": B, "Key": ODD}),
    "an object": (requests.get_object(B, ODD, R), {"Bucket": B, "Key": ODD}),
    "inventory": (requests.inventory_configuration(B, "daily", R), {"Bucket": B, "Id": "daily"}),
    "account block": (requests.account_block("1" * 12, R), {"AccountId": "1" * 12}),
    "accounts": (requests.list_accounts(R), {}),
    "more accounts": (requests.list_accounts(R, "n"), {"NextToken": "n"}),
    "key": (requests.describe_key("alias/x", R), {"KeyId": "alias/x"}),
    "rotation": (requests.key_detail(KeyDetail.ROTATION, KEY, R), {"KeyId": KEY}),
    "key policy": (requests.key_detail(KeyDetail.POLICY, KEY, R), {"KeyId": KEY, "PolicyName": "default"}),
    "aliases": (requests.key_detail(KeyDetail.ALIASES, KEY, R), {"KeyId": KEY, "Limit": 100}),
    "more aliases": (
        requests.key_detail(KeyDetail.ALIASES, KEY, R, "m"),
        {"KeyId": KEY, "Limit": 100, "Marker": "m"},
    ),
}


@cache
def _model(service: str) -> Any:
    return get_session().get_service_model(service)


def _lower(headers: Mapping[str, str]) -> Dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("request_, parameters", CALLS.values(), ids=list(CALLS))
def test_each_call_is_the_one_that_botocore_makes(request_: Request, parameters: Dict[str, Any]) -> None:
    model = _model(request_.service)
    operation = model.operation_model(request_.action.partition(":")[2])
    expected = create_serializer(model.metadata["protocol"], False).serialize_to_request(parameters, operation)
    path, _unused, query = expected["url_path"].partition("?")
    pairs = dict(parse_qsl(query, keep_blank_values=True))
    pairs.update({name: str(value) for name, value in dict(expected["query_string"] or {}).items()})

    assert request_.method == expected["method"]
    assert quote(request_.path, safe="/") == path
    assert dict(request_.query) == pairs
    if request_.body:
        assert dict(request_.headers) == _lower(expected["headers"])
        assert _decoded(request_.body) == _decoded(expected["body"])
    else:
        assert _lower(dict(request_.headers)) == _lower(expected["headers"])


def _decoded(body: Any) -> Any:
    if isinstance(body, dict):
        return body
    return json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))


def test_a_listing_of_one_region_is_asked_for_there() -> None:
    assert requests.list_buckets(R, bucket_region="eu-south-1").region == "eu-south-1"
    assert requests.list_buckets(R).region == R


def test_every_question_fills_a_field_of_its_own() -> None:
    assert set(requests.FIELDS) == set(Question)
    assert len(set(requests.FIELDS.values())) == len(Question)
    assert set(requests.FIELDS.values()) <= set(BucketFacts.__dataclass_fields__)
