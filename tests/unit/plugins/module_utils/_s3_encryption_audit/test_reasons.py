# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.reasons import Deleted, why

WHO = "User: arn:aws:sts::123456789012:assumed-role/audit/x is not authorized to perform: "
ON = 'on resource: "arn:aws:s3:::a"'


def _aws(action: str, code: str, status: int, message: str = "") -> AwsError:
    return AwsError(action, "bucket-a", code, status, message)


@pytest.mark.parametrize(
    "error, permission, reason",
    [
        (
            _aws("s3:GetBucketPolicy", "AccessDenied", 403, "Access Denied"),
            "s3:GetBucketPolicy",
            "s3:GetBucketPolicy: AccessDenied (403)",
        ),
        (
            _aws("s3:GetBucketEncryption", "AccessDenied", 403, "Access Denied"),
            "s3:GetEncryptionConfiguration",
            "s3:GetBucketEncryption: AccessDenied (403), needs s3:GetEncryptionConfiguration",
        ),
        (
            _aws(
                "s3:GetBucketPolicy",
                "AccessDenied",
                403,
                f"{WHO}s3:GetBucketPolicy {ON} with an explicit deny in a resource-based policy",
            ),
            "s3:GetBucketPolicy",
            "s3:GetBucketPolicy: AccessDenied (403), with an explicit deny in a resource-based policy",
        ),
        (
            _aws(
                "kms:DescribeKey",
                "AccessDeniedException",
                400,
                f"{WHO}kms:DescribeKey {ON} because no identity-based policy allows the kms:DescribeKey action",
            ),
            "",
            "kms:DescribeKey: AccessDeniedException (400), "
            "because no identity-based policy allows the kms:DescribeKey action",
        ),
        (
            _aws("s3:GetBucketAcl", "Timeout", 0, "no answer within 30 s (after 8 attempts)"),
            "",
            "s3:GetBucketAcl: Timeout: no answer within 30 s (after 8 attempts)",
        ),
        (_aws("s3:GetBucketAcl", "InternalError", 500), "", "s3:GetBucketAcl: InternalError (500)"),
        (_aws("s3:GetBucketAcl", "X", 400, "m" * 300), "", "s3:GetBucketAcl: X (400): " + "m" * 200),
        (GatewayError("s3:GetBucketAcl", "a", "no"), "", "s3:GetBucketAcl a: no"),
        (Day2Error("not well-formed XML"), "", "s3:GetBucketAcl: not well-formed XML"),
    ],
)
def test_reasons(error: Day2Error, permission: str, reason: str) -> None:
    action = getattr(error, "action", "s3:GetBucketAcl")
    assert why(error, action, permission).reason == reason


def test_a_bucket_that_is_gone_is_told_apart() -> None:
    reason = why(_aws("s3:GetBucketAcl", "NoSuchBucket", 404), "s3:GetBucketAcl")
    assert isinstance(reason, Deleted)
    assert reason.reason == "the bucket was deleted while the audit ran (s3:GetBucketAcl: NoSuchBucket)"


def test_one_denial_of_many_buckets_is_one_object() -> None:
    first, again = (why(_aws("s3:GetBucketAcl", "AccessDenied", 403), "s3:GetBucketAcl") for _bucket in range(2))
    assert first is again
