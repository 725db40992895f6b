# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The S3 of a test seen from outside the collection, through boto3: JSON in, JSON out.

``seed`` makes buckets what its input says, ``show`` tells what they are in the same words (a policy as its text),
``clean`` removes them all. An aspect that is ``null`` is not there. ``@bucket@`` stands for the name of the bucket.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from typing import Any, Callable, Dict, Optional
from urllib.parse import urlsplit, urlunsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ["AWS_ENDPOINT_URL"]
CONFIG = Config(s3={"addressing_style": "path"})
REGION = os.environ["AWS_REGION"]
S3 = boto3.client("s3", region_name=REGION, config=CONFIG)
ENCRYPTION = "ServerSideEncryptionConfiguration"
BLOCK = "PublicAccessBlockConfiguration"


def _get(read: Callable[[], Any], *path: Any) -> Any:
    """What lies at the end of the path in an answer; ``None`` when there is nothing."""
    try:
        found = read()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return None
        raise
    for step in path:
        if found is not None:
            found = found.get(step) if isinstance(step, str) else found[step]
    return found


def show(bucket: str) -> Dict[str, Any]:
    """All aspects of a bucket."""
    name = {"Bucket": bucket}
    return {
        "encryption": _get(lambda: S3.get_bucket_encryption(**name), ENCRYPTION, "Rules", 0),
        "block": _get(lambda: S3.get_public_access_block(**name), BLOCK),
        "ownership": _get(lambda: S3.get_bucket_ownership_controls(**name), "OwnershipControls", "Rules", 0),
        "policy": _get(lambda: S3.get_bucket_policy(**name), "Policy"),
        "versioning": _get(lambda: S3.get_bucket_versioning(**name), "Status"),
        "logging": _get(lambda: S3.get_bucket_logging(**name), "LoggingEnabled"),
        "lifecycle": _get(lambda: S3.get_bucket_lifecycle_configuration(**name), "Rules"),
        "tags": _get(lambda: S3.get_bucket_tagging(**name), "TagSet"),
    }


def _encrypt(bucket: str, rule: Any) -> None:
    if rule is not None:
        S3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    elif os.environ["AWS_SERVICE"] == "fake":
        # S3 itself no longer lets a bucket be without; what is older than that still may be.
        order = json.dumps({"remove": ["encryption"]}).encode()
        request = urllib.request.Request(f"{URL}/_control/buckets/{bucket}", order, method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
    else:
        S3.delete_bucket_encryption(Bucket=bucket)


def seed(bucket: str, wanted: Dict[str, Any]) -> None:
    """Make a bucket what is wanted; aspects that are not named stay."""
    name = {"Bucket": bucket}
    for aspect, value in wanted.items():
        if aspect == "encryption":
            _encrypt(bucket, value)
        elif aspect == "block":
            S3.delete_public_access_block(**name)
            if value:
                S3.put_public_access_block(**name, PublicAccessBlockConfiguration=value)
        elif aspect == "ownership" and value:
            S3.put_bucket_ownership_controls(**name, OwnershipControls={"Rules": [value]})
        elif aspect == "ownership":
            S3.delete_bucket_ownership_controls(**name)
        elif aspect == "acl":
            S3.put_bucket_acl(**name, ACL=value)
        elif aspect == "policy" and value:
            S3.put_bucket_policy(**name, Policy=json.dumps(value, indent=2).replace("@bucket@", bucket))
        elif aspect == "policy":
            S3.delete_bucket_policy(**name)
        elif aspect == "versioning" and value:
            S3.put_bucket_versioning(**name, VersioningConfiguration={"Status": value})
        elif aspect == "logging":
            S3.put_bucket_logging(**name, BucketLoggingStatus={"LoggingEnabled": value} if value else {})
        elif aspect == "lifecycle" and value:
            S3.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": value})
        elif aspect == "lifecycle":
            S3.delete_bucket_lifecycle(**name)
        elif aspect == "tags" and value:
            S3.put_bucket_tagging(**name, Tagging={"TagSet": value})
        elif aspect == "website" and value:
            S3.put_bucket_website(**name, WebsiteConfiguration={"IndexDocument": {"Suffix": value}})


class Account:
    """The public access block of the account."""

    def __init__(self) -> None:
        self._client = boto3.client("s3control", region_name=REGION)
        self._client.meta.events.register("before-send.s3-control", self._without_account_in_host)
        self._id = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]

    @staticmethod
    def _without_account_in_host(request: Any, **_: Any) -> None:
        parts = urlsplit(request.url)
        request.headers["Host"] = urlsplit(URL).netloc
        request.url = urlunsplit(parts._replace(netloc=urlsplit(URL).netloc))

    def show(self) -> Optional[Dict[str, bool]]:
        """The four flags."""
        found: Optional[Dict[str, bool]] = _get(lambda: self._client.get_public_access_block(AccountId=self._id), BLOCK)
        return found

    def seed(self, flags: Optional[Dict[str, bool]]) -> None:
        """Set them."""
        if flags:
            self._client.put_public_access_block(AccountId=self._id, PublicAccessBlockConfiguration=flags)
        else:
            self._client.delete_public_access_block(AccountId=self._id)


class Keys:
    """KMS keys by alias, and whether they are rotated."""

    def __init__(self) -> None:
        self._client = boto3.client("kms", region_name=REGION)

    def seed(self, alias: str, rotated: bool) -> str:
        """Make a key, if there is none of that alias; its ARN."""
        known = {entry["AliasName"]: entry for entry in self._client.list_aliases()["Aliases"]}
        if alias not in known:
            key = self._client.create_key()["KeyMetadata"]["KeyId"]
            self._client.create_alias(AliasName=alias, TargetKeyId=key)
        metadata = self._client.describe_key(KeyId=alias)["KeyMetadata"]
        change = self._client.enable_key_rotation if rotated else self._client.disable_key_rotation
        change(KeyId=metadata["KeyId"])
        return str(metadata["Arn"])

    def show(self, alias: str) -> bool:
        """Whether it is rotated."""
        key = self._client.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"]
        return bool(self._client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])


def main() -> None:
    """One command; its input follows on stdin, behind a word without which Jinja would take the JSON apart again."""
    command, given = sys.argv[1], json.loads(sys.stdin.read().partition(" ")[2] or "{}")
    account, keys = Account(), Keys()
    names = [entry["Name"] for entry in S3.list_buckets()["Buckets"]]
    result: Dict[str, Any] = {}
    if command == "clean":
        for bucket in sorted(names, key=lambda name: name.endswith("logs")):  # nothing is logged there any more then
            while True:
                entries = S3.list_objects_v2(Bucket=bucket).get("Contents")
                if not entries:
                    break
                for entry in entries:
                    S3.delete_object(Bucket=bucket, Key=entry["Key"])
            S3.delete_bucket(Bucket=bucket)
        account.seed(None)
    elif command == "seed":
        result["keys"] = {alias: keys.seed(alias, rotated) for alias, rotated in given.get("keys", {}).items()}
        kept = given.get("kept", {})  # what all of these buckets have unless they say otherwise
        for bucket, wanted in given.get("buckets", {}).items():
            if bucket not in names:
                place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}} if REGION != "us-east-1" else {}
                S3.create_bucket(Bucket=bucket, **place)
            seed(bucket, {**kept, **wanted})
        if "account" in given:
            account.seed(given["account"])
    else:
        result = {
            "buckets": {bucket: show(bucket) for bucket in names},
            "account": account.show(),
            "keys": {alias: keys.show(alias) for alias in given.get("keys", {})},
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
