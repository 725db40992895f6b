# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where moto answers the story otherwise than AWS does, and what AWS answers: why there is a fake at all.

A test fails when a gap closes: then its line goes, and moto and the fake must agree.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

from .story import ALL_USERS, EU, OWNER

Answer = Tuple[int, Any]
_FULL = {"Grantee": {**OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
_OBJECT = {
    "AcceptRanges": "bytes",
    "ContentLength": 5,
    "ContentType": "text/plain",
    "ETag": '"5d41402abc4b2a76b9719d911017c592"',
    "LastModified": "a time",
    "Metadata": {"x": "y"},
    "ServerSideEncryption": "AES256",
}
_LISTED = {"Name": EU, "CreationDate": "a time"}
_ACTED_ON = {
    "ID": "tagged",
    "Status": "Enabled",
    "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeGreaterThan": 10}},
    "Expiration": {"Days": 30},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
_VERSIONS = {
    "ID": "versions",
    "Status": "Disabled",
    "Filter": {"Tag": {"Key": "k", "Value": "v"}},
    "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
    "NoncurrentVersionTransitions": [{"NoncurrentDays": 5, "StorageClass": "GLACIER"}],
    "NoncurrentVersionExpiration": {"NoncurrentDays": 9, "NewerNoncurrentVersions": 2},
}


def _encryption(**more: Any) -> Answer:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False, **more}
    return 200, {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


_LOCK_RULE = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
_ENFORCED = {"ObjectOwnership": "BucketOwnerEnforced"}
_ALL_ON = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}

GAPS: Dict[str, Dict[str, Answer]] = {
    "moto omits BucketRegion, ignores MaxBuckets, has another owner id there": {
        "list": (200, {"Buckets": [_LISTED], "Owner": OWNER}),
        "list with a limit": (200, {"Buckets": [{**_LISTED, "BucketRegion": "eu-west-1"}], "Owner": OWNER}),
        "list with a prefix": (
            200,
            {"Buckets": [{**_LISTED, "BucketRegion": "eu-west-1"}], "Owner": OWNER, "Prefix": "acme-conform-e"},
        ),
    },
    "moto accepts and forgets BlockedEncryptionTypes": {
        "get blocked types": _encryption(BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}),
    },
    "since January 2023 every bucket has SSE-S3 at least": {
        "encryption of a new bucket": _encryption(),
        "get after deleting": _encryption(),
        "put an object": (200, {"ETag": '"5d41402abc4b2a76b9719d911017c592"', "ServerSideEncryption": "AES256"}),
        "head the object": (200, _OBJECT),
        "get the object": (200, {**_OBJECT, "Body": b"hello"}),
    },
    "since April 2023 new buckets block public access and have no ACLs": {
        "block of a new bucket": (200, {"PublicAccessBlockConfiguration": _ALL_ON}),
        "ownership of a new bucket": (
            200,
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        ),
    },
    "moto accepts and forgets MFADelete": {
        "put MFA delete without MFA": (403, "AccessDenied"),
        "get MFA delete": (200, {"Status": "Enabled", "MFADelete": "Enabled"}),
        "get suspended": (200, {"Status": "Suspended", "MFADelete": "Disabled"}),
    },
    "moto checks little of what it is given": {
        "create with a bad name": (400, "InvalidBucketName"),
        "put an unknown algorithm": (400, "MalformedXML"),
        "put a key for AES256": (400, "InvalidArgument"),
        "put a policy that is no JSON": (400, "MalformedPolicy"),
        "put a policy of another bucket": (400, "MalformedPolicy"),
        "put a policy with a bad effect": (400, "MalformedPolicy"),
        "put a policy over 20 KB": (400, "MalformedPolicy"),
        "put lifecycle without an action": (400, "InvalidRequest"),
        "suspend a locked bucket": (409, "InvalidBucketState"),
    },
    "moto does not enforce what public access block and ownership forbid": {
        "put a public policy against the block": (403, "AccessDenied"),
        "enforce ownership over grants": (400, "InvalidBucketAclWithObjectOwnership"),
        "put an ACL against ownership": (400, "AccessControlListNotSupported"),
    },
    "other statuses": {
        "put a policy": (204, {}),
        "put a public policy": (204, {}),
        "lock without versioning": (409, "InvalidBucketState"),
        "put a block of the account": (201, {}),
        "delete the block of the account": (204, {}),
        "put logging": (200, {}),  # moto: 500
        "get logging": (200, {"LoggingEnabled": {"TargetBucket": EU, "TargetPrefix": "self/"}}),
    },
    "since November 2025 S3 tells no display names": {
        "ACL of a new bucket": (200, {"Owner": OWNER, "Grants": [_FULL]}),
        "get the canned ACL": (
            200,
            {"Owner": OWNER, "Grants": [_FULL, {"Grantee": ALL_USERS, "Permission": "READ"}]},
        ),
        "get grants": (200, {"Owner": OWNER, "Grants": [{"Grantee": ALL_USERS, "Permission": "READ_ACP"}]}),
    },
    "moto loses or adds a detail": {
        "head": (200, {"BucketRegion": "eu-west-1", "AccessPointAlias": False}),
        "get the lock": (200, {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": _LOCK_RULE}}),
        "get lifecycle with much in it": (
            200,
            {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K", "Rules": [_ACTED_ON, _VERSIONS]},
        ),
    },
}

AWS: Dict[str, Answer] = {label: answer for answers in GAPS.values() for label, answer in answers.items()}
