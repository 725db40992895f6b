# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide says what the code does: every check with its severity, every profile, column, risk and permission."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import FrozenSet, List, Set, Tuple

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import facts_row, requests
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import CHECKS
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import KeyDetail
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.profiles import PROFILES
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate import calls
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    ALLOWABLE,
    Aspect,
    Document,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import REMEDIABLE
from ansible_collections.day2.ops.tests.support.examples import blocks_of, literals, table_of

GUIDE = Path(__file__).parents[3] / "docs/docsite/rst/s3_encryption_audit.rst"
TEXT = GUIDE.read_text(encoding="utf-8")
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"

# The rights of calls whose names differ from them, by the Service Authorization Reference of AWS.
RIGHTS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3control:PutPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
    "s3control:DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock",
}


def table(column: str) -> List[Tuple[str, ...]]:
    """The cells of the list-table whose first heading is ``column``, without the headings."""
    return table_of(TEXT, column)


def rights_of_policy(number: int) -> FrozenSet[str]:
    """The actions of one of the IAM policies."""
    policies = [json.loads(block.text) for block in blocks_of(GUIDE) if block.language == "json"]
    (statement,) = policies[number]["Statement"]
    assert len(set(statement["Action"])) == len(statement["Action"])
    return frozenset(statement["Action"])


def test_every_check_with_its_severity() -> None:
    assert [row[:2] for row in table("Check")] == [(f"``{check.id}``", check.severity.value) for check in CHECKS]


def test_every_profile() -> None:
    (paragraph,) = re.findall(r"^``check_profile`` names a set of checks.*$", TEXT, re.MULTILINE)
    assert literals(paragraph.partition("``checks``")[0]) - {"check_profile"} == set(PROFILES)


def test_every_column() -> None:
    named: Set[str] = set()
    for columns, meaning in table("Columns"):
        prefix = ""
        for name in re.findall(r"``(.+?)``", columns):
            prefix = name.partition(".")[0] if not name.startswith("…") else prefix
            named.add(name.replace("…", prefix))
        if "``account_public_access_block.…``" in meaning:
            named |= {f"account_{name}" for name in named if name.startswith("public_access_block.")}
    assert {name.replace("tags.<key>", facts_row.TAGS) for name in named} == facts_row.NAMES


def test_everything_that_can_be_repaired_and_every_risk_that_can_be_allowed() -> None:
    (repaired,) = re.findall(r"^These can be repaired: (.*)$", TEXT, re.MULTILINE)
    assert literals(repaired) == set(REMEDIABLE)
    (risks,) = re.findall(r"until ``allow_risk`` allows it: (.*?)\. ", TEXT)
    assert literals(risks) == {risk.value for risk in ALLOWABLE}


def test_rights_to_audit() -> None:
    needed = {call.permission for call in requests.BUCKET_CALLS.values()} | {requests.ACCOUNT_BLOCK_PERMISSION}
    made = [
        requests.list_buckets("eu-west-1"),
        requests.bucket_location("acme", "eu-west-1"),
        requests.describe_key(KEY, "eu-west-1"),
        *(requests.key_detail(detail, KEY, "eu-west-1") for detail in KeyDetail),
    ]
    needed |= {RIGHTS.get(call.action, call.action) for call in made}
    assert rights_of_policy(0) == needed


def test_rights_to_look_at_objects_and_organizations() -> None:
    # HeadBucket and ListObjectsV2 need s3:ListBucket, HeadObject needs s3:GetObject.
    needed = {"s3:ListBucket", "s3:GetObject", "s3:GetInventoryConfiguration", "sts:AssumeRole"}
    needed.add(requests.list_accounts("us-east-1").action)
    (paragraph,) = re.findall(r"^For ``object_encryption`` add .*$", TEXT, re.MULTILINE)
    assert needed <= literals(paragraph)


def test_rights_to_repair() -> None:
    made: Set[str] = set()
    resources = {Aspect.KMS_KEY_ROTATION: KEY, Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK: "123456789012"}
    for aspect in Aspect:
        resource = resources.get(aspect, "acme")
        documents: List[Document] = [{}, None] if aspect is not Aspect.POLICY else ["{}", None]
        if aspect is Aspect.KMS_KEY_ROTATION:
            documents = [{"KeyRotationEnabled": True}, None]
        target = Target(aspect, resource, "eu-west-1")
        made |= {calls.write(target, "123456789012", document).action for document in documents}
    # Versioning is suspended, and logging written empty: neither is ever deleted.
    made.discard("s3:DeleteBucketVersioning")
    assert rights_of_policy(1) == {RIGHTS.get(action, action) for action in made}
