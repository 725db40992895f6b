# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An organisation of two members, with a bucket in the first; the ids of all its accounts, the management's first."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any, List

import boto3

REGION = os.environ["AWS_REGION"]
BUCKETS = ("acme-merge", "acme-merge-member")


def buckets_of(role: str = "") -> Any:
    """S3 as an account sees it."""
    keys = {}
    if role:
        made = boto3.client("sts", region_name=REGION).assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        keys = dict(zip(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"), map(made.get, names)))
    return boto3.client("s3", region_name=REGION, **keys)


def main() -> None:
    """Make what is not there yet."""
    client = boto3.client("organizations", region_name=REGION)
    with contextlib.suppress(client.exceptions.AlreadyInOrganizationException):
        client.create_organization(FeatureSet="ALL")
    manager = client.describe_organization()["Organization"]["MasterAccountId"]

    def members() -> List[str]:
        return sorted(entry["Id"] for entry in client.list_accounts()["Accounts"] if entry["Id"] != manager)

    for number in range(len(members()), 2):
        client.create_account(AccountName=f"acme-{number}", Email=f"acme-{number}@acme.example")
    roles = ("", f"arn:aws:iam::{members()[0]}:role/audit")
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}} if REGION != "us-east-1" else {}
    for role, bucket in zip(roles, BUCKETS):
        s3 = buckets_of(role)
        if bucket not in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=bucket, **place)
    print(json.dumps([manager, *members()]))


if __name__ == "__main__":
    main()
