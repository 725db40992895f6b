# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that the audit makes, as values.

Source: the API references of Amazon S3, S3 Control, KMS, STS and Organizations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Tuple

from .._aws.model import Pairs, Request
from .._aws.protocols import json_request
from .model import KeyDetail, Question

PAGE = 1000  # buckets, and keys, in a page of a listing


@dataclass(frozen=True)
class BucketCall:
    """How a question is asked: the call, the sub-resource in its query, the right that IAM wants, and the field of
    ``BucketFacts`` that the answer fills."""

    action: str
    subresource: str
    permission: str
    field: str

    @property
    def query(self) -> Pairs:
        """The query of the request."""
        return ((self.subresource, ""),)


BUCKET_CALLS: Mapping[Question, BucketCall] = {
    Question.ENCRYPTION: BucketCall(
        "s3:GetBucketEncryption", "encryption", "s3:GetEncryptionConfiguration", "encryption"
    ),
    Question.POLICY: BucketCall("s3:GetBucketPolicy", "policy", "s3:GetBucketPolicy", "policy"),
    Question.POLICY_STATUS: BucketCall(
        "s3:GetBucketPolicyStatus", "policyStatus", "s3:GetBucketPolicyStatus", "policy_is_public"
    ),
    Question.PUBLIC_ACCESS_BLOCK: BucketCall(
        "s3:GetPublicAccessBlock", "publicAccessBlock", "s3:GetBucketPublicAccessBlock", "public_access_block"
    ),
    Question.ACL: BucketCall("s3:GetBucketAcl", "acl", "s3:GetBucketAcl", "grants"),
    Question.OWNERSHIP: BucketCall(
        "s3:GetBucketOwnershipControls", "ownershipControls", "s3:GetBucketOwnershipControls", "ownership"
    ),
    Question.VERSIONING: BucketCall("s3:GetBucketVersioning", "versioning", "s3:GetBucketVersioning", "versioning"),
    Question.LOGGING: BucketCall("s3:GetBucketLogging", "logging", "s3:GetBucketLogging", "logging"),
    Question.OBJECT_LOCK: BucketCall(
        "s3:GetObjectLockConfiguration", "object-lock", "s3:GetBucketObjectLockConfiguration", "object_lock"
    ),
    Question.LIFECYCLE: BucketCall(
        "s3:GetBucketLifecycleConfiguration", "lifecycle", "s3:GetLifecycleConfiguration", "lifecycle"
    ),
    Question.TAGS: BucketCall("s3:GetBucketTagging", "tagging", "s3:GetBucketTagging", "tags"),
    Question.WEBSITE: BucketCall("s3:GetBucketWebsite", "website", "s3:GetBucketWebsite", "website"),
}
_QUERIES: Mapping[Question, Pairs] = {question: call.query for question, call in BUCKET_CALLS.items()}

# The field of each question, those included that take more than one call.
FIELDS: Mapping[Question, str] = {
    **{question: call.field for question, call in BUCKET_CALLS.items()},
    Question.OBJECTS: "objects",
    Question.KMS_KEY: "kms_key",
}


def bucket_request(question: Question, bucket: str, region: str) -> Request:
    """The call that answers a question of :data:`BUCKET_CALLS` about a bucket."""
    return Request(BUCKET_CALLS[question].action, bucket, "s3", region, path=f"/{bucket}", query=_QUERIES[question])


# --- finding buckets -------------------------------------------------------------------------------------------------


def list_buckets(region: str, token: str = "", prefix: str = "", bucket_region: str = "") -> Request:
    """A page of ListBuckets. S3 tells the regions of buckets only when the request has a parameter.

    With ``bucket_region`` S3 wants to be asked in that region.
    """
    query = [("max-buckets", str(PAGE))]
    query += [("prefix", prefix)] if prefix else []
    query += [("bucket-region", bucket_region)] if bucket_region else []
    query += [("continuation-token", token)] if token else []
    return Request("s3:ListBuckets", "", "s3", bucket_region or region, query=tuple(query))


def head_bucket(bucket: str, region: str, owner: str = "") -> Request:
    """HeadBucket: tells the region in ``x-amz-bucket-region``; refused when the bucket is not ``owner``'s."""
    return Request("s3:HeadBucket", bucket, "s3", region, method="HEAD", path=f"/{bucket}", headers=_owned_by(owner))


def bucket_location(bucket: str, region: str, owner: str = "") -> Request:
    """GetBucketLocation; refused when the bucket is not ``owner``'s."""
    query = (("location", ""),)
    return Request(
        "s3:GetBucketLocation", bucket, "s3", region, path=f"/{bucket}", query=query, headers=_owned_by(owner)
    )


def _owned_by(account: str) -> Pairs:
    return (("x-amz-expected-bucket-owner", account),) if account else ()


# --- objects ---------------------------------------------------------------------------------------------------------


def list_objects(
    bucket: str, region: str, *, prefix: str = "", delimiter: str = "", start_after: str = "", token: str = ""
) -> Request:
    """A page of ListObjectsV2; keys come percent-encoded, since XML cannot hold every key."""
    query: List[Tuple[str, str]] = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", str(PAGE))]
    given = (("prefix", prefix), ("delimiter", delimiter), ("start-after", start_after), ("continuation-token", token))
    query += [pair for pair in given if pair[1]]
    return Request("s3:ListObjectsV2", bucket, "s3", region, path=f"/{bucket}", query=tuple(query))


def head_object(bucket: str, key: str, region: str) -> Request:
    """HeadObject."""
    return Request("s3:HeadObject", f"{bucket}/{key}", "s3", region, method="HEAD", path=f"/{bucket}/{key}")


def get_object(bucket: str, key: str, region: str) -> Request:
    """GetObject."""
    return Request("s3:GetObject", f"{bucket}/{key}", "s3", region, path=f"/{bucket}/{key}")


def inventory_configuration(bucket: str, name: str, region: str) -> Request:
    """GetBucketInventoryConfiguration."""
    query = (("inventory", ""), ("id", name))
    return Request("s3:GetBucketInventoryConfiguration", bucket, "s3", region, path=f"/{bucket}", query=query)


# --- account ---------------------------------------------------------------------------------------------------------


ACCOUNT_BLOCK_PERMISSION = "s3:GetAccountPublicAccessBlock"


def account_block(account: str, region: str) -> Request:
    """S3 Control GetPublicAccessBlock."""
    return Request(
        "s3control:GetPublicAccessBlock",
        account,
        "s3control",
        region,
        path="/v20180820/configuration/publicAccessBlock",
        headers=(("x-amz-account-id", account),),
    )


def list_accounts(region: str, token: str = "") -> Request:
    """A page of Organizations ListAccounts."""
    body = {"NextToken": token} if token else {}
    return json_request("organizations:ListAccounts", "", region, body)


# --- keys ------------------------------------------------------------------------------------------------------------


def describe_key(key: str, region: str) -> Request:
    """KMS DescribeKey of a key in any spelling."""
    return _kms("DescribeKey", key, region, {"KeyId": key})


def key_detail(detail: KeyDetail, arn: str, region: str, marker: str = "") -> Request:
    """The call that tells a detail of a key, named by its ARN; ``marker`` for further pages of aliases."""
    body: Mapping[str, Any] = {"KeyId": arn}
    if detail is KeyDetail.POLICY:
        return _kms("GetKeyPolicy", arn, region, {**body, "PolicyName": "default"})
    if detail is KeyDetail.ROTATION:
        return _kms("GetKeyRotationStatus", arn, region, body)
    return _kms("ListAliases", arn, region, {**body, "Limit": 100, **({"Marker": marker} if marker else {})})


def _kms(operation: str, key: str, region: str, body: Mapping[str, Any]) -> Request:
    return json_request(f"kms:{operation}", key, region, body)
