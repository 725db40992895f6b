# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    Grant,
    PublicAccessBlock,
    Unknown,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import Requirements
from ansible_collections.day2.ops.tests.support.facts import ACCOUNT, ALL_BLOCKED, DENIED, GOOD

NOTHING = PublicAccessBlock()
ACLS = PublicAccessBlock(block_public_acls=True, ignore_public_acls=True)
POLICIES = PublicAccessBlock(block_public_policy=True, restrict_public_buckets=True)
LATE = Unknown("s3control:GetPublicAccessBlock: timed out")


def decide(check, account=None, **changes):
    bucket = replace(GOOD, **changes)
    return BY_ID[check].decide(bucket, AccountFacts(ACCOUNT, public_access_block=account), Requirements())


@pytest.mark.parametrize(
    "own, account, status, message",
    [
        (ALL_BLOCKED, None, "pass", "all public access is blocked by the bucket"),
        (None, ALL_BLOCKED, "pass", "all public access is blocked by the account"),
        (ACLS, POLICIES, "pass", "all public access is blocked by the bucket and the account together"),
        (ACLS, NOTHING, "fail",
         "public access is not blocked by BlockPublicPolicy, RestrictPublicBuckets; required: all four"),
        (None, None, "fail",
         "public access is not blocked by BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets;"
         " required: all four"),
        # what could not be seen matters only where it could change the verdict
        (ALL_BLOCKED, LATE, "pass", "all public access is blocked by the bucket"),
        (DENIED, ALL_BLOCKED, "pass", "all public access is blocked by the account"),
        (ACLS, LATE, "unknown",
         "the public access block could not be seen: s3control:GetPublicAccessBlock: timed out"),
        (DENIED, POLICIES, "unknown", "the public access block could not be seen: s3:Get: AccessDenied"),
        (DENIED, LATE, "unknown",
         "the public access block could not be seen: s3:Get: AccessDenied;"
         " s3control:GetPublicAccessBlock: timed out"),
    ],
)  # fmt: skip
def test_public_access_block(own, account, status, message):
    verdict = decide("public_access_block", account, public_access_block=own)
    assert (verdict.status.value, verdict.message) == (status, message)


@pytest.mark.parametrize(
    "account, status, message",
    [
        (ALL_BLOCKED, "pass", "the account blocks all public access"),
        (None, "fail", "the account blocks no public access; required: all four flags"),
        (ACLS, "fail",
         "the account does not block public access by BlockPublicPolicy, RestrictPublicBuckets;"
         " required: all four flags"),
        (LATE, "unknown",
         "the public access block of the account could not be seen: s3control:GetPublicAccessBlock: timed out"),
    ],
)  # fmt: skip
def test_account_public_access_block(account, status, message):
    verdict = decide("account_public_access_block", account)
    assert (verdict.status.value, verdict.message) == (status, message)


EVERYBODY = (Grant("http://acs.amazonaws.com/groups/global/AllUsers", "READ"),)
ANY_ACCOUNT = (Grant("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "WRITE"),)
LOG_DELIVERY = (Grant("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE"),)
OPEN = {"public_access_block": None, "ownership": "ObjectWriter", "grants": (), "policy_is_public": False}


@pytest.mark.parametrize(
    "account, changes, status, message",
    [
        (None, {}, "pass", "neither the policy nor the ACL lets everybody in"),
        (None, {"grants": LOG_DELIVERY}, "pass", "neither the policy nor the ACL lets everybody in"),
        (None, {"policy_is_public": True}, "fail", "the bucket is public: its policy is public"),
        (None, {"grants": EVERYBODY}, "fail", "the bucket is public: its ACL grants READ to AllUsers"),
        (None, {"grants": EVERYBODY + ANY_ACCOUNT, "policy_is_public": True}, "fail",
         "the bucket is public: its policy is public and its ACL grants READ to AllUsers, WRITE to AuthenticatedUsers"),
        # blocks and ownership take the effect away
        (None, {"policy_is_public": True, "public_access_block": POLICIES}, "pass",
         "public access is granted but without effect: it is blocked"),
        (POLICIES, {"policy_is_public": True}, "pass", "public access is granted but without effect: it is blocked"),
        (None, {"policy_is_public": True, "public_access_block": ACLS}, "fail",
         "the bucket is public: its policy is public"),
        # BlockPublicPolicy keeps new policies out; the one that is there stays in effect
        (None, {"policy_is_public": True, "public_access_block": PublicAccessBlock(block_public_policy=True)}, "fail",
         "the bucket is public: its policy is public"),
        (None, {"grants": EVERYBODY, "public_access_block": ACLS}, "pass",
         "public access is granted but without effect: it is blocked"),
        (None, {"grants": EVERYBODY, "ownership": "BucketOwnerEnforced"}, "pass",
         "public access is granted but without effect: it is blocked"),
        (None, {"grants": EVERYBODY, "ownership": None}, "fail",
         "the bucket is public: its ACL grants READ to AllUsers"),
        # unknown
        (None, {"policy_is_public": DENIED}, "unknown",
         "whether the bucket is public could not be seen: s3:Get: AccessDenied"),
        (None, {"grants": DENIED}, "unknown",
         "whether the bucket is public could not be seen: s3:Get: AccessDenied"),
        (LATE, {"policy_is_public": True}, "unknown",
         "whether the bucket is public could not be seen: s3control:GetPublicAccessBlock: timed out"),
        (None, {"grants": EVERYBODY, "ownership": DENIED}, "unknown",
         "whether the bucket is public could not be seen: s3:Get: AccessDenied"),
        # … but not where it does not matter
        (ALL_BLOCKED, dict.fromkeys(("policy_is_public", "grants", "ownership", "public_access_block"), DENIED), "pass",
         "neither the policy nor the ACL lets everybody in"),
        (LATE, {"public_access_block": DENIED, "ownership": DENIED}, "pass",
         "neither the policy nor the ACL lets everybody in"),
        (LATE, {"grants": EVERYBODY, "policy_is_public": DENIED, "public_access_block": ACLS}, "unknown",
         "whether the bucket is public could not be seen: s3:Get: AccessDenied;"
         " s3control:GetPublicAccessBlock: timed out"),
        (None, {"grants": EVERYBODY, "policy_is_public": DENIED}, "fail",
         "the bucket is public: its ACL grants READ to AllUsers"),
    ],
)  # fmt: skip
def test_not_public(account, changes, status, message):
    verdict = decide("not_public", account, **{**OPEN, **changes})
    assert (verdict.status.value, verdict.message) == (status, message)


@pytest.mark.parametrize(
    "ownership, status, message",
    [
        ("BucketOwnerEnforced", "pass", "the bucket owner owns every object; ACLs are off"),
        ("ObjectWriter", "fail", "object ownership is ObjectWriter; required: BucketOwnerEnforced"),
        (None, "fail", "object ownership is not configured; required: BucketOwnerEnforced"),
        (DENIED, "unknown", "object ownership could not be seen: s3:Get: AccessDenied"),
    ],
)
def test_object_ownership(ownership, status, message):
    verdict = decide("object_ownership", ownership=ownership)
    assert (verdict.status.value, verdict.message) == (status, message)
