# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Buckets for tests: one in perfect order, and any bucket at all."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import datetime, timezone
from typing import Any, Dict, Optional

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    NOT_ASKED,
    AccountFacts,
    BucketFacts,
    Encryption,
    Grant,
    KmsKey,
    LifecycleRule,
    Logging,
    ObjectEvidence,
    ObjectLock,
    PublicAccessBlock,
    Unknown,
    Versioning,
)
from hypothesis import strategies as st

ACCOUNT = "111122223333"
REGION = "eu-central-1"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
ALL_BLOCKED = PublicAccessBlock(True, True, True, True)
DENIED = Unknown("s3:Get: AccessDenied")


def tls_policy(bucket: str, version: Optional[str] = "1.2") -> str:
    """The bucket policy that denies plain HTTP and, with ``version``, older TLS."""
    everywhere: Dict[str, Any] = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    statements = [{**everywhere, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]
    if version is not None:
        statements.append({**everywhere, "Condition": {"NumericLessThan": {"s3:TlsVersion": version}}})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def key_policy(principal: Any) -> str:
    """A key policy with one statement that lets somebody use the key."""
    statement = {"Sid": "use", "Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


KEY = KmsKey(
    arn=KEY_ARN,
    manager="CUSTOMER",
    state="Enabled",
    aliases=("alias/data",),
    rotation=True,
    policy=key_policy({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
)

GOOD = BucketFacts(
    name="good",
    region=REGION,
    account=ACCOUNT,
    encryption=Encryption("aws:kms", KEY_ARN, bucket_key=True, blocked=("SSE-C",), blocked_known=True),
    policy=tls_policy("good"),
    policy_is_public=False,
    public_access_block=ALL_BLOCKED,
    grants=(Grant("owner-id", "FULL_CONTROL"),),
    ownership="BucketOwnerEnforced",
    versioning=Versioning("Enabled", mfa_delete=True),
    logging=Logging("logs", "good/"),
    object_lock=ObjectLock("COMPLIANCE", days=30),
    lifecycle=(LifecycleRule("tidy", True, True, abort_multipart_days=7),),
    tags={"env": "prod", "cost center": "42"},
    website=False,
    objects=ObjectEvidence(
        "inventory", 1000, {"aws:kms": 1000}, complete=True, as_of=datetime(2026, 3, 1, tzinfo=timezone.utc)
    ),
    kms_key=KEY,
)
"""Passes every check, whatever the policy requires short of particular names."""

GOOD_ACCOUNT = AccountFacts(ACCOUNT, public_access_block=ALL_BLOCKED)


def unseen(bucket: BucketFacts, reason: Unknown = DENIED) -> BucketFacts:
    """The same bucket with nothing to be seen of it."""
    facts: Dict[str, Any] = {field.name: reason for field in fields(BucketFacts) if field.default is NOT_ASKED}
    return replace(bucket, **facts)


unknowns = st.sampled_from([DENIED, Unknown("kms:DescribeKey: timed out"), Unknown("the bucket is gone")])
blocks = st.builds(PublicAccessBlock, st.booleans(), st.booleans(), st.booleans(), st.booleans())
_key_spellings = st.sampled_from(
    ["", KEY_ID, KEY_ARN, "alias/data", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/data", "alias/aws/s3", "not a key"]
)
_keys = st.builds(
    KmsKey,
    arn=st.sampled_from([KEY_ARN, KEY_ARN.replace(ACCOUNT, "999988887777"), "nonsense"]),
    manager=st.sampled_from(["AWS", "CUSTOMER"]),
    state=st.sampled_from(["Enabled", "Disabled", "PendingDeletion", "Unavailable"]),
    aliases=unknowns | st.sampled_from([(), ("alias/data",), ("alias/other", "alias/data")]),
    rotation=unknowns | st.booleans(),
    rotatable=st.booleans(),
    policy=unknowns
    | st.sampled_from(["", "{", key_policy("*"), key_policy({"AWS": "*"}), key_policy({"AWS": ACCOUNT})]),
)
_policies = st.none() | st.sampled_from(
    [tls_policy("b"), tls_policy("b", None), tls_policy("other"), "", "[]", "{", '{"Statement": []}']
)
_groups = [f"http://acs.amazonaws.com/groups/{group}" for group in ("global/AllUsers", "s3/LogDelivery")]
_rules = st.builds(
    LifecycleRule,
    id=st.sampled_from(["a", "b"]),
    enabled=st.booleans(),
    whole_bucket=st.booleans(),
    abort_multipart_days=st.none() | st.integers(1, 30),
    acts=st.sampled_from([(), ("Expiration",)]),
)
buckets = st.builds(
    BucketFacts,
    name=st.just("b"),
    region=st.just(REGION),
    account=st.just(ACCOUNT),
    encryption=unknowns
    | st.none()
    | st.builds(
        Encryption,
        algorithm=st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"]),
        kms_key=_key_spellings,
        bucket_key=st.booleans(),
        blocked=st.sampled_from([(), ("SSE-C",), ("NONE",)]),
        blocked_known=st.booleans(),
    ),
    policy=unknowns | _policies,
    policy_is_public=unknowns | st.booleans(),
    public_access_block=unknowns | st.none() | blocks,
    grants=unknowns
    | st.lists(st.builds(Grant, st.sampled_from(["somebody", *_groups]), st.just("READ")), max_size=3).map(tuple),
    ownership=unknowns | st.none() | st.sampled_from(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]),
    versioning=unknowns | st.builds(Versioning, st.sampled_from(["", "Enabled", "Suspended"]), st.booleans()),
    logging=unknowns | st.none() | st.builds(Logging, st.sampled_from(["b", "logs", "other"]), st.just("p/")),
    object_lock=unknowns
    | st.none()
    | st.builds(ObjectLock, st.sampled_from(["", "GOVERNANCE", "COMPLIANCE"]), st.integers(0, 40), st.integers(0, 2)),
    lifecycle=unknowns | st.lists(_rules, max_size=3).map(tuple),
    tags=unknowns | st.dictionaries(st.sampled_from(["env", "ключ"]), st.text(max_size=3)),
    website=unknowns | st.booleans(),
    objects=unknowns
    | st.builds(
        ObjectEvidence,
        source=st.sampled_from(["sample", "inventory"]),
        seen=st.integers(0, 50),
        by_encryption=st.dictionaries(
            st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NOT-SSE"]), st.integers(0, 9)
        ),
        offenders=st.sampled_from([(), ("a", "b", "c", "d")]),
        complete=st.booleans(),
        as_of=st.none() | st.just(datetime(2026, 3, 1, tzinfo=timezone.utc)),
    ),
    kms_key=unknowns | st.none() | _keys,
)
"""Any bucket: every fact known, absent or unknown, also in combinations that AWS never shows."""

accounts = st.builds(AccountFacts, account=st.just(ACCOUNT), public_access_block=unknowns | st.none() | blocks)
