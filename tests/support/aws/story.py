# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One story told to any S3: every sub-resource put, read, deleted, and what is refused.

A step is a label, an operation of boto3 and its arguments. The same steps run against moto and against the fake.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Dict, List, NamedTuple, Tuple

from botocore.exceptions import ClientError

EU, US = "acme-conform-eu", "acme-conform-us"
OWNER = {"ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"}
ALL_USERS = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
BLOCK = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
NO_BLOCK = dict.fromkeys(BLOCK, False)


class Step(NamedTuple):
    """One call."""

    label: str
    operation: str
    arguments: Dict[str, Any]


def policy(effect: str = "Deny", bucket: str = EU, **changes: Any) -> str:
    """A bucket policy of one statement."""
    statement: Dict[str, Any] = {
        "Sid": "one",
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    if effect == "Deny":
        statement["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changes}]}, indent=1)


def encryption(algorithm: str, key: str = "", **rule: Any) -> Dict[str, Any]:
    """Arguments of PutBucketEncryption."""
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    return {
        "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default, **rule}]},
    }


_RULE: Dict[str, Any] = {
    "ID": "tidy",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 30},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
_TAGS = [{"Key": "owner", "Value": "Büro & Söhne"}, {"Key": "責任者", "Value": "<山田>"}]
_GRANTS = {"Owner": OWNER, "Grants": [{"Grantee": ALL_USERS, "Permission": "READ_ACP"}]}
_MFA = "arn:aws:iam::123456789012:mfa/root 123456"
_LOCKED = "acme-conform-lock"
_NONE = "acme-conform-none"
_KEY = "a b/ü+%.txt"
_MUCH = (
    {
        **_RULE,
        "ID": "tagged",
        "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeGreaterThan": 10}},
    },
    {
        "ID": "versions",
        "Status": "Disabled",
        "Filter": {"Tag": {"Key": "k", "Value": "v"}},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 9, "NewerNoncurrentVersions": 2},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 5, "StorageClass": "GLACIER"}],
    },
)


def _s(label: str, operation: str, Bucket: str = EU, **arguments: Any) -> Step:
    return Step(label, operation, {"Bucket": Bucket, **arguments})


def _create(label: str, bucket: str = EU, region: str = "eu-west-1", **arguments: Any) -> Step:
    return _s(label, "create_bucket", bucket, CreateBucketConfiguration={"LocationConstraint": region}, **arguments)


def _policy(label: str, text: str) -> Step:
    return _s(label, "put_bucket_policy", Policy=text)


def _block(label: str, flags: Dict[str, bool]) -> Step:
    return _s(label, "put_public_access_block", PublicAccessBlockConfiguration=flags)


def _ownership(label: str, setting: str) -> Step:
    controls = {"Rules": [{"ObjectOwnership": setting}]}
    return _s(label, "put_bucket_ownership_controls", OwnershipControls=controls)


def _versioning(label: str, Bucket: str = EU, **configuration: str) -> Step:
    mfa = {"MFA": configuration.pop("MFA")} if "MFA" in configuration else {}
    return _s(label, "put_bucket_versioning", Bucket, VersioningConfiguration=configuration, **mfa)


def _lock(label: str, bucket: str, **more: Any) -> Step:
    configuration = {"ObjectLockEnabled": "Enabled", **more}
    return _s(label, "put_object_lock_configuration", bucket, ObjectLockConfiguration=configuration)


def _logging(label: str, target: str = "", prefix: str = "") -> Step:
    status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": prefix}} if target else {}
    return _s(label, "put_bucket_logging", BucketLoggingStatus=status)


def _lifecycle(label: str, *rules: Dict[str, Any]) -> Step:
    return _s(label, "put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": list(rules)})


def _tags(label: str, *tags: Dict[str, str]) -> Step:
    return _s(label, "put_bucket_tagging", Tagging={"TagSet": list(tags)})


STEPS: Tuple[Step, ...] = (
    _create("create in a region"),
    _create("create again"),
    _s("create without a region", "create_bucket", US),
    _create("create elsewhere", US, "us-west-2"),
    _create("create with a bad name", "Acme_Bad"),
    _s("where it is", "get_bucket_location"),
    _s("head", "head_bucket"),
    _s("head of none", "head_bucket", _NONE),
    Step("list", "list_buckets", {}),
    Step("list with a limit", "list_buckets", {"MaxBuckets": 1}),
    Step("list with a prefix", "list_buckets", {"Prefix": "acme-conform-e"}),
    # default encryption
    _s("encryption of a new bucket", "get_bucket_encryption"),
    _s("encryption of none", "get_bucket_encryption", _NONE),
    _s("put KMS", "put_bucket_encryption", **encryption("aws:kms", KEY, BucketKeyEnabled=True)),
    _s("get KMS", "get_bucket_encryption"),
    _s("put DSSE", "put_bucket_encryption", **encryption("aws:kms:dsse", "alias/acme", BucketKeyEnabled=False)),
    _s("get DSSE", "get_bucket_encryption"),
    _s(
        "put blocked types",
        "put_bucket_encryption",
        **encryption("AES256", BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}),
    ),
    _s("get blocked types", "get_bucket_encryption"),
    _s("put replaces all", "put_bucket_encryption", **encryption("AES256")),
    _s("get after replacing", "get_bucket_encryption"),
    _s("put an unknown algorithm", "put_bucket_encryption", **encryption("ROT13")),
    _s("put a key for AES256", "put_bucket_encryption", **encryption("AES256", KEY)),
    _s("put no rule", "put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": []}),
    _s("delete encryption", "delete_bucket_encryption"),
    _s("get after deleting", "get_bucket_encryption"),
    # policy
    _s("no policy", "get_bucket_policy"),
    _s("status without a policy", "get_bucket_policy_status"),
    _policy("put a policy", policy()),
    _s("get the policy", "get_bucket_policy"),
    _s("status of a deny", "get_bucket_policy_status"),
    _policy("put a policy that is no JSON", "{nope"),
    _policy("put a policy of another bucket", policy(bucket="acme-other")),
    _policy("put a policy with a bad effect", policy(effect="Maybe")),
    _policy("put a policy over 20 KB", policy(Sid="x" * 21_000)),
    _s("policy of none", "get_bucket_policy", _NONE),
    # public access block
    _s("block of a new bucket", "get_public_access_block"),
    _block("put a block", BLOCK),
    _s("get the block", "get_public_access_block"),
    _block("put a part of a block", {"BlockPublicAcls": True}),
    _s("get what was left out", "get_public_access_block"),
    _block("put all flags off", NO_BLOCK),
    _policy("put a public policy", policy(effect="Allow", Action="s3:GetObject", Resource=f"arn:aws:s3:::{EU}/*")),
    _s("status of a public policy", "get_bucket_policy_status"),
    _s("delete the block", "delete_public_access_block"),
    _s("no block", "get_public_access_block"),
    _s("delete no block", "delete_public_access_block"),
    _s("delete the policy", "delete_bucket_policy"),
    _s("delete no policy", "delete_bucket_policy"),
    _block("block all", dict.fromkeys(BLOCK, True)),
    _policy("put a public policy against the block", policy(effect="Allow")),
    _s("unblock", "delete_public_access_block"),
    # ownership and ACL
    _s("ownership of a new bucket", "get_bucket_ownership_controls"),
    _ownership("put ownership", "ObjectWriter"),
    _s("get ownership", "get_bucket_ownership_controls"),
    _s("ACL of a new bucket", "get_bucket_acl"),
    _s("put a canned ACL", "put_bucket_acl", ACL="public-read"),
    _s("get the canned ACL", "get_bucket_acl"),
    _s("put grants", "put_bucket_acl", AccessControlPolicy=_GRANTS),
    _s("get grants", "get_bucket_acl"),
    _ownership("enforce ownership over grants", "BucketOwnerEnforced"),
    _s("put the private ACL", "put_bucket_acl", ACL="private"),
    _ownership("enforce ownership", "BucketOwnerEnforced"),
    _s("put an ACL against ownership", "put_bucket_acl", ACL="public-read"),
    _s("delete ownership", "delete_bucket_ownership_controls"),
    _s("no ownership", "get_bucket_ownership_controls"),
    # versioning and object lock
    _s("versioning of a new bucket", "get_bucket_versioning"),
    _lock("lock without versioning", EU),
    _s("no lock", "get_object_lock_configuration"),
    _versioning("put versioning", Status="Enabled"),
    _s("get versioning", "get_bucket_versioning"),
    _versioning("put MFA delete without MFA", Status="Enabled", MFADelete="Enabled"),
    _versioning("put MFA delete", MFA=_MFA, Status="Enabled", MFADelete="Enabled"),
    _s("get MFA delete", "get_bucket_versioning"),
    _versioning("unset MFA delete", MFA=_MFA, Status="Enabled", MFADelete="Disabled"),
    _versioning("suspend versioning", Status="Suspended"),
    _s("get suspended", "get_bucket_versioning"),
    _create("create with a lock", _LOCKED, ObjectLockEnabledForBucket=True),
    _s("lock of a locked bucket", "get_object_lock_configuration", _LOCKED),
    _s("versioning of a locked bucket", "get_bucket_versioning", _LOCKED),
    _lock("put a lock", _LOCKED, Rule={"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}),
    _s("get the lock", "get_object_lock_configuration", _LOCKED),
    _versioning("suspend a locked bucket", _LOCKED, Status="Suspended"),
    # logging
    _s("no logging", "get_bucket_logging"),
    _logging("put logging", EU, "self/"),
    _s("get logging", "get_bucket_logging"),
    _logging("put logging to another region", US, "eu/"),
    _logging("put logging to none", _NONE),
    _logging("put logging off"),
    _s("get logging off", "get_bucket_logging"),
    # lifecycle
    _s("no lifecycle", "get_bucket_lifecycle_configuration"),
    _lifecycle("put lifecycle", _RULE),
    _s("get lifecycle", "get_bucket_lifecycle_configuration"),
    _lifecycle("put lifecycle with much in it", *_MUCH),
    _s("get lifecycle with much in it", "get_bucket_lifecycle_configuration"),
    _lifecycle("put lifecycle without an action", {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}}),
    _lifecycle("put lifecycle without a filter", {"ID": "x", "Status": "Enabled", "Expiration": {"Days": 1}}),
    _s("delete lifecycle", "delete_bucket_lifecycle"),
    _s("lifecycle deleted", "get_bucket_lifecycle_configuration"),
    # tags and website
    _s("no tags", "get_bucket_tagging"),
    _tags("put tags", *_TAGS),
    _s("get tags", "get_bucket_tagging"),
    _tags("put a tag twice", {"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}),
    _tags("put a system tag", {"Key": "aws:x", "Value": "1"}),
    _s("delete tags", "delete_bucket_tagging"),
    _s("tags deleted", "get_bucket_tagging"),
    _s("no website", "get_bucket_website"),
    _s(
        "put a website",
        "put_bucket_website",
        WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "404.html"}},
    ),
    _s("get the website", "get_bucket_website"),
    _s(
        "put a redirecting website",
        "put_bucket_website",
        WebsiteConfiguration={"RedirectAllRequestsTo": {"HostName": "acme.example", "Protocol": "https"}},
    ),
    _s("get the redirecting website", "get_bucket_website"),
    _s("delete the website", "delete_bucket_website"),
    _s("website deleted", "get_bucket_website"),
    # objects
    _s("put an object", "put_object", Key=_KEY, Body=b"hello", ContentType="text/plain", Metadata={"x": "y"}),
    _s("head the object", "head_object", Key=_KEY),
    _s("get the object", "get_object", Key=_KEY),
    _s("put an object with KMS", "put_object", Key="kms", Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=KEY),
    _s("head the object with KMS", "head_object", Key="kms"),
    _s("put only if it is new", "put_object", Key="kms", Body=b"", IfNoneMatch="*"),
    _s("head no object", "head_object", Key="none"),
    _s("get no object", "get_object", Key="none"),
    _s("list objects", "list_objects_v2"),
    _s("list one object", "list_objects_v2", MaxKeys=1),
    _s("list by prefix and delimiter", "list_objects_v2", Prefix="a", Delimiter="/"),
    _s("list objects of none", "list_objects_v2", _NONE),
    _s("delete a full bucket", "delete_bucket"),
    _s("delete an object", "delete_object", Key="kms"),
    _s("delete no object", "delete_object", Key="none"),
    _s("delete the last object", "delete_object", Key=_KEY),
    _s("delete the bucket", "delete_bucket"),
    _s("delete no bucket", "delete_bucket"),
    _s("delete the other bucket", "delete_bucket", US),
    _s("delete the locked bucket", "delete_bucket", _LOCKED),
)

ACCOUNT_STEPS: Tuple[Step, ...] = (
    Step("no block of the account", "get_public_access_block", {"AccountId": "123456789012"}),
    Step(
        "put a block of the account",
        "put_public_access_block",
        {"AccountId": "123456789012", "PublicAccessBlockConfiguration": BLOCK},
    ),
    Step("get the block of the account", "get_public_access_block", {"AccountId": "123456789012"}),
    Step("delete the block of the account", "delete_public_access_block", {"AccountId": "123456789012"}),
    Step("block of the account deleted", "get_public_access_block", {"AccountId": "123456789012"}),
    Step("block of another account", "get_public_access_block", {"AccountId": "111111111111"}),
)


def _plain(value: Any) -> Any:
    """An answer without what differs from server to server by nature: times, request ids, tokens, checksums."""
    if isinstance(value, dict):
        dropped = {"ResponseMetadata", "NextContinuationToken", "ContinuationToken"}
        return {key: _plain(one) for key, one in value.items() if key not in dropped and not key.startswith("Checksum")}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return "a time"
    if hasattr(value, "read"):
        return value.read()
    return value


def tell(client: Any, steps: Tuple[Step, ...] = STEPS) -> Dict[str, Any]:
    """What a server answers to each step, by label: a status and the parsed answer, or a status and an error code."""
    answers: Dict[str, Any] = {}
    for step in steps:
        try:
            found = getattr(client, step.operation)(**step.arguments)
            answers[step.label] = (found["ResponseMetadata"]["HTTPStatusCode"], _plain(found))
        except ClientError as error:
            metadata = error.response["ResponseMetadata"]
            answers[step.label] = (metadata["HTTPStatusCode"], error.response["Error"]["Code"])
    return answers


def labels() -> List[str]:
    """All labels, for parametrised tests."""
    return [step.label for step in (*STEPS, *ACCOUNT_STEPS)]
