# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listings, and the services beside S3."""

from __future__ import annotations

import json
from typing import Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import parse
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import KmsKey
from ansible_collections.day2.ops.tests.support.aws.schema import document


def test_a_page_of_buckets() -> None:
    inner = (
        "<Owner><ID>me</ID></Owner><Buckets>"
        "<Bucket><Name>a.b</Name><CreationDate>x</CreationDate><BucketRegion>us-east-1</BucketRegion></Bucket>"
        "<Bucket><Name>c</Name></Bucket></Buckets><ContinuationToken>t/+=</ContinuationToken>"
    )
    for body in (document("ListAllMyBucketsResult", inner), document("ListAllMyBucketsResult", inner, "")):
        page = parse.bucket_page(body)
        assert page == ((("a.b", "us-east-1"), ("c", "")), "t/+=")
    assert parse.bucket_page(b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>") == ((), "")


@pytest.mark.parametrize("text, region", [("", "us-east-1"), ("EU", "eu-west-1"), ("ap-south-2", "ap-south-2")])
def test_a_location(text: str, region: str) -> None:
    assert parse.location(document("LocationConstraint", text)) == region


def test_a_page_of_objects() -> None:
    inner = (
        "<Name>b</Name><IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken>"
        "<EncodingType>url</EncodingType><Contents><Key>a%20b+c%2Bd%0A</Key></Contents>"
        "<CommonPrefixes><Prefix>gr%C3%B6%C3%9Fe/</Prefix></CommonPrefixes>"
    )
    assert parse.object_page(f"<ListBucketResult>{inner}</ListBucketResult>".encode()) == (
        ("a b c+d\n",),
        ("größe/",),
        "n",
    )
    with pytest.raises(AnswerError, match="NextContinuationToken"):
        parse.object_page(b"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")


@pytest.mark.parametrize(
    "extra, rotatable",
    [
        ({}, True),
        ({"Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT"}, True),
        ({"Origin": "EXTERNAL"}, False),
        ({"Origin": "AWS_CLOUDHSM"}, False),
        ({"KeySpec": "RSA_2048"}, False),
    ],
)
def test_a_described_key(extra: Dict[str, str], rotatable: bool) -> None:
    body = json.dumps({"KeyMetadata": {"Arn": "arn:k", "KeyManager": "CUSTOMER", "KeyState": "Disabled", **extra}})
    assert parse.described_key(body.encode()) == KmsKey("arn:k", "CUSTOMER", "Disabled", rotatable=rotatable)


@pytest.mark.parametrize("kind, primary", [("PRIMARY", ""), ("REPLICA", "arn:p")])
def test_a_replica_knows_its_primary(kind: str, primary: str) -> None:
    regions = {"MultiRegionKeyType": kind, "PrimaryKey": {"Arn": "arn:p", "Region": "us-east-1"}, "ReplicaKeys": []}
    found = {"Arn": "arn:k", "KeyManager": "CUSTOMER", "KeyState": "Enabled", "MultiRegionConfiguration": regions}
    assert parse.described_key(json.dumps({"KeyMetadata": found}).encode()).primary == primary


def test_pages_of_aliases_and_accounts() -> None:
    aliases = {"Aliases": [{"AliasName": "alias/a", "TargetKeyId": "k"}], "Truncated": True, "NextMarker": "m"}
    assert parse.alias_page(json.dumps(aliases).encode()) == (("alias/a",), "m")
    assert parse.alias_page(b'{"Aliases": [], "Truncated": false, "NextMarker": "stale"}') == ((), "")
    accounts = {
        "Accounts": [
            {"Id": "111111111111", "Name": "new", "State": "ACTIVE"},
            {"Id": "222222222222", "Name": "old", "Status": "SUSPENDED"},
        ],
        "NextToken": "n",
    }
    page = parse.account_page(json.dumps(accounts).encode())
    assert [(one.id, one.name, one.status) for one in page.accounts] == [
        ("111111111111", "new", "ACTIVE"),
        ("222222222222", "old", "SUSPENDED"),
    ]
    assert page.token == "n"


@pytest.mark.parametrize(
    "headers, encryption",
    [
        ({"x-amz-server-side-encryption": "AES256"}, "AES256"),
        ({"x-amz-server-side-encryption": "aws:kms:dsse"}, "aws:kms:dsse"),
        ({"x-amz-server-side-encryption-customer-algorithm": "AES256"}, "SSE-C"),
        ({"etag": "x"}, "NOT-SSE"),
    ],
)
def test_how_an_object_is_encrypted(headers: Dict[str, str], encryption: str) -> None:
    assert parse.object_encryption(headers) == encryption
