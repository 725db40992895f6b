# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Encryption, ObjectEvidence
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import DENIED, GOOD, GOOD_ACCOUNT

SSE_S3 = Encryption("AES256")
SSE_KMS = Encryption("aws:kms")
DSSE = Encryption("aws:kms:dsse")
ODD = Encryption("aws:fsx")


def decide(check, bucket, policy=None):
    return BY_ID[check].decide(bucket, GOOD_ACCOUNT, parse_requirements(policy or {}))


@pytest.mark.parametrize(
    "check, encryption, policy, status, message",
    [
        ("default_encryption", SSE_S3, {}, "pass", "default encryption is SSE-S3 (AES256)"),
        ("default_encryption", DSSE, {}, "pass", "default encryption is DSSE-KMS (aws:kms:dsse)"),
        ("default_encryption", None, {}, "fail", "no default encryption is configured"),
        ("default_encryption", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        # one name is the least acceptable, a list is exact
        ("encryption_algorithm", SSE_S3, {}, "pass", "default encryption is SSE-S3 (AES256)"),
        ("encryption_algorithm", DSSE, {"algorithm": "aws:kms"}, "pass",
         "default encryption is DSSE-KMS (aws:kms:dsse)"),
        ("encryption_algorithm", DSSE, {"algorithm": ["aws:kms"]}, "fail",
         "default encryption is DSSE-KMS (aws:kms:dsse); required: aws:kms"),
        ("encryption_algorithm", SSE_S3, {"algorithm": "aws:kms"}, "fail",
         "default encryption is SSE-S3 (AES256); required: aws:kms or aws:kms:dsse"),
        ("encryption_algorithm", SSE_KMS, {"algorithm": "aws:kms:dsse"}, "fail",
         "default encryption is SSE-KMS (aws:kms); required: aws:kms:dsse"),
        ("encryption_algorithm", ODD, {}, "fail",
         "default encryption is aws:fsx; required: AES256 or aws:kms or aws:kms:dsse"),
        ("encryption_algorithm", None, {}, "fail",
         "no default encryption is configured; required: AES256 or aws:kms or aws:kms:dsse"),
        ("encryption_algorithm", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        ("bucket_key", replace(SSE_KMS, bucket_key=True), {}, "pass", "the S3 Bucket Key is on"),
        ("bucket_key", SSE_KMS, {}, "fail", "the S3 Bucket Key is off; required: on"),
        ("bucket_key", SSE_KMS, {"bucket_key": False}, "pass", "the S3 Bucket Key is off"),
        ("bucket_key", replace(SSE_KMS, bucket_key=True), {"bucket_key": False}, "fail",
         "the S3 Bucket Key is on; required: off"),
        ("bucket_key", DSSE, {}, "pass", "not applicable: S3 Bucket Keys exist for SSE-KMS only"),
        ("bucket_key", SSE_S3, {}, "pass", "not applicable: S3 Bucket Keys exist for SSE-KMS only"),
        ("bucket_key", None, {}, "pass", "not applicable: S3 Bucket Keys exist for SSE-KMS only"),
        ("bucket_key", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        ("sse_c_blocked", replace(SSE_S3, blocked=("SSE-C",), blocked_known=True), {}, "pass",
         "uploads with SSE-C are blocked"),
        ("sse_c_blocked", replace(SSE_S3, blocked=("NONE",), blocked_known=True), {}, "fail",
         "uploads with SSE-C are not blocked (blocked: NONE)"),
        ("sse_c_blocked", replace(SSE_S3, blocked_known=True), {}, "fail",
         "uploads with SSE-C are not blocked (blocked: none)"),
        # silence is no answer: the default changed in 2026, and not for everybody
        ("sse_c_blocked", SSE_S3, {}, "unknown",
         "S3 does not say whether it blocks SSE-C, and its default depends on the account;"
         " required: blocked explicitly"),
        ("sse_c_blocked", None, {}, "unknown",
         "S3 does not say whether it blocks SSE-C, and its default depends on the account;"
         " required: blocked explicitly"),
        ("sse_c_blocked", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        ("sse_c_blocked", DENIED, {"sse_c_blocked": False}, "pass", "not applicable: the policy accepts SSE-C"),
    ],
)  # fmt: skip
def test_default_encryption(check, encryption, policy, status, message):
    verdict = decide(check, replace(GOOD, encryption=encryption), policy)
    assert (verdict.status.value, verdict.message) == (status, message)


MARCH = datetime(2026, 3, 1, 4, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "objects, policy, status, message",
    [
        (ObjectEvidence("sample", 20, {"AES256": 20}), {}, "unknown",
         "0 of 20 sampled objects are encrypted otherwise than required; that says nothing of the others"),
        (ObjectEvidence("sample", 0), {}, "unknown",
         "0 of 0 sampled objects are encrypted otherwise than required; that says nothing of the others"),
        (ObjectEvidence("sample", 20, {"AES256": 19, "NOT-SSE": 1}, ("old.csv",)), {}, "fail",
         "1 of 20 sampled objects are not encrypted as required (1 NOT-SSE), such as old.csv"),
        (ObjectEvidence("sample", 20, {"AES256": 15, "SSE-C": 5}, ("a", "b", "c", "d", "e")), {}, "fail",
         "5 of 20 sampled objects are not encrypted as required (5 SSE-C), such as a, b, c and 2 more"),
        (ObjectEvidence("sample", 20, {"AES256": 15, "SSE-C": 5}, ("a",)), {"sse_c_blocked": False}, "unknown",
         "0 of 20 sampled objects are encrypted otherwise than required; that says nothing of the others"),
        (ObjectEvidence("inventory", 9, {"AES256": 9}, complete=True, as_of=MARCH), {}, "pass",
         "all 9 objects in the inventory of 2026-03-01 are encrypted as required"),
        (ObjectEvidence("inventory", 9, {"AES256": 9}, as_of=MARCH), {}, "unknown",
         "0 of 9 objects in the incomplete or outdated inventory of 2026-03-01 are encrypted otherwise than required;"
         " that says nothing of the others"),
        (ObjectEvidence("inventory", 9, {"AES256": 4, "aws:kms": 5}, complete=True), {"algorithm": "aws:kms"}, "fail",
         "4 of 9 objects in the inventory are not encrypted as required (4 AES256)"),
        (ObjectEvidence("inventory", 9, {"AES256": 0, "aws:kms": 9}, complete=True), {"algorithm": "aws:kms"}, "pass",
         "all 9 objects in the inventory are encrypted as required"),
        (DENIED, {}, "unknown", "the encryption of objects could not be seen: s3:Get: AccessDenied"),
    ],
)  # fmt: skip
def test_object_encryption(objects, policy, status, message):
    verdict = decide("object_encryption", replace(GOOD, objects=objects), policy)
    assert (verdict.status.value, verdict.message) == (status, message)


def test_evidence_of_bad_objects_names_them():
    objects = ObjectEvidence("sample", 3, {"NOT-SSE": 2, "AES256": 1}, ("x", "y"), as_of=MARCH)
    assert decide("object_encryption", replace(GOOD, objects=objects)).evidence == {
        "source": "sample",
        "seen": 3,
        "by_encryption": {"NOT-SSE": 2, "AES256": 1},
        "as_of": "2026-03-01T04:05:00+00:00",
        "objects": ["x", "y"],
    }
