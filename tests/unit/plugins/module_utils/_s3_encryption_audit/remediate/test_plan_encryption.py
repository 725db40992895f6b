# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    Encryption,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.encryption import repaired
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Concern,
    Risk,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import (
    ACCOUNT,
    DENIED,
    GOOD,
    KEY,
    KEY_ARN,
    REGION,
)
from ansible_collections.day2.ops.tests.support.planning import DATA, KMS, OTHER, OTHER_ARN, change, plan, refused

AES = Encryption("AES256", blocked=("SSE-C",), blocked_known=True)
PRIVATE = replace(GOOD, encryption=AES, kms_key=None)


# --- encryption ------------------------------------------------------------------------------------------------------


def encryption(algorithm, key="", bucket_key=False, blocked=("SSE-C",)):
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}
    if blocked:
        rule["BlockedEncryptionTypes"] = {"EncryptionType": list(blocked)}
    return {"Rule": rule}


DATA_KEYS = {"alias/data": KEY}


@pytest.mark.parametrize(
    "before, checks, policy, after",
    [
        # from absent
        (
            None,
            ["default_encryption"],
            {},
            {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}},
        ),
        (
            None,
            ["default_encryption", "encryption_algorithm", "kms_key"],
            {**KMS, **DATA},
            encryption("aws:kms", KEY_ARN, True, ()),
        ),
        (
            None,
            ["default_encryption", "sse_c_blocked"],
            {},
            {
                "Rule": {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                    "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                }
            },
        ),
        # the least that is acceptable; the bucket key as the policy has it, as it is new; blocked types kept
        (AES, ["encryption_algorithm"], KMS, encryption("aws:kms", "", True)),
        (AES, ["encryption_algorithm"], {**KMS, "bucket_key": False}, encryption("aws:kms", "", False)),
        (AES, ["encryption_algorithm"], {"algorithm": "aws:kms:dsse"}, encryption("aws:kms:dsse")),
        (AES, ["encryption_algorithm"], {"algorithm": ["aws:kms:dsse", "aws:kms"]}, encryption("aws:kms", "", True)),
        # a policy that names keys is obeyed by what is new, asked for or not
        (AES, ["encryption_algorithm"], {**KMS, **DATA}, encryption("aws:kms", KEY_ARN, True)),
        (AES, ["kms_key"], DATA, encryption("aws:kms", KEY_ARN, True)),
        # KMS of another kind keeps its key
        (
            Encryption("aws:kms", OTHER_ARN, True, ("SSE-C",), True),
            ["encryption_algorithm"],
            {"algorithm": "aws:kms:dsse", **DATA},
            encryption("aws:kms:dsse", OTHER_ARN),  # there are no bucket keys with DSSE-KMS
        ),
        (
            Encryption("aws:kms:dsse", OTHER_ARN, False, ("SSE-C",), True),
            ["encryption_algorithm"],
            {"algorithm": ["aws:kms"]},
            encryption("aws:kms", OTHER_ARN, True),
        ),
        (
            Encryption("aws:kms", OTHER_ARN, True, ("SSE-C",), True),
            ["encryption_algorithm"],
            {"algorithm": ["AES256"]},
            encryption("AES256", "", True),  # S3 takes no key with SSE-S3
        ),
        # the key alone: algorithm and bucket key stay
        (
            Encryption("aws:kms", OTHER_ARN, False, ("SSE-C",), True),
            ["kms_key"],
            DATA,
            encryption("aws:kms", KEY_ARN, False),
        ),
        (
            Encryption("aws:kms:dsse", "", False, ("SSE-C",), True),
            ["kms_key"],
            {**DATA, "customer_managed": True},
            encryption("aws:kms:dsse", KEY_ARN, False),
        ),
        # the rest
        (
            Encryption("aws:kms", KEY_ARN, False, (), True),
            ["bucket_key"],
            {},
            encryption("aws:kms", KEY_ARN, True, ("NONE",)),
        ),
        (
            Encryption("aws:kms", KEY_ARN, True, ("SSE-C",), True),
            ["bucket_key"],
            {"bucket_key": False},
            encryption("aws:kms", KEY_ARN, False),
        ),
        (Encryption("AES256", "", True, (), True), ["sse_c_blocked"], {}, encryption("AES256", "", True)),
        (
            Encryption("AES256", "", False, ("FUTURE",), True),
            ["sse_c_blocked"],
            {},
            encryption("AES256", "", False, ("FUTURE", "SSE-C")),
        ),
        # all at once is one document
        (
            Encryption("AES256"),
            ["encryption_algorithm", "kms_key", "sse_c_blocked"],
            {**KMS, **DATA},
            encryption("aws:kms", KEY_ARN, True),
        ),
    ],
)
def test_encryption(before, checks, policy, after):
    keys = DATA_KEYS if "kms_keys" in policy else {}
    made = change(replace(GOOD, encryption=before, kms_key=None), checks, policy, keys=keys)
    assert made.after == after
    assert made.target == Target(Aspect.ENCRYPTION, "good", REGION)
    assert set(made.checks) == set(checks)


def test_encryption_keeps_what_it_does_not_know():
    live = {"Rule": {**encryption("AES256")["Rule"], "Future": {"A": "1"}}, "Other": "x"}
    made = change(PRIVATE, ["encryption_algorithm"], KMS, documents={Aspect.ENCRYPTION: live})
    assert made.before == live
    assert made.after["Other"] == "x" and made.after["Rule"]["Future"] == {"A": "1"}


@pytest.mark.parametrize(
    "key, policy, problem",
    [
        (replace(KEY, state="Disabled"), DATA, "alias/data: it is in the state Disabled"),
        (replace(KEY, state="PendingDeletion"), DATA, "PendingDeletion"),
        (replace(KEY, state="NotFound"), DATA, "NotFound"),
        (DENIED, DATA, "AccessDenied"),
        (replace(KEY, arn=KEY_ARN.replace(REGION, "us-east-1")), DATA, "not in the bucket's region"),
        (replace(KEY, manager="AWS"), {**DATA, "customer_managed": True}, "AWS-managed"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused(key, policy, problem):
    proposal = plan(
        PRIVATE, ["kms_key"], policy, keys={"alias/data": key}, allow=[risk.value for risk in list(Risk)[:4]]
    )
    assert refused(proposal) == [("kms_key", "unusable_key")]
    assert problem in proposal.refusals[0].message
    assert "allow_risk" not in proposal.refusals[0].message


def test_the_first_key_that_can_be_used_is_taken():
    policy = {"kms_keys": ["alias/gone", "alias/data", OTHER_ARN]}
    keys = {"alias/gone": replace(KEY, state="NotFound"), "alias/data": KEY, OTHER_ARN: OTHER}
    assert change(PRIVATE, ["kms_key"], policy, keys=keys).after == encryption("aws:kms", KEY_ARN, True)


def test_a_customer_managed_key_that_is_not_named_cannot_be_set():
    proposal = plan(PRIVATE, ["encryption_algorithm"], {**KMS, "customer_managed": True})
    assert refused(proposal) == [("encryption_algorithm", "unusable_key")]
    assert "policy.kms_keys" in proposal.refusals[0].message


def test_what_needs_no_key_is_repaired_even_if_the_key_is_refused():
    facts = replace(GOOD, encryption=Encryption("aws:kms", OTHER_ARN, False, (), True), kms_key=OTHER)
    proposal = plan(facts, ["kms_key", "bucket_key", "sse_c_blocked"], DATA, keys={"alias/data": DENIED})
    assert [(one.check, one.risk) for one in proposal.refusals] == [("kms_key", Risk.UNUSABLE_KEY)]
    (made,) = proposal.remediations
    assert made.after == encryption("aws:kms", OTHER_ARN, True) and made.checks == ("bucket_key", "sse_c_blocked")


# --- keys ------------------------------------------------------------------------------------------------------------


def test_rotation_of_the_bucket_s_key():
    made = change(replace(GOOD, kms_key=replace(KEY, rotation=False)), ["kms_key_rotation"])
    assert made.target == Target(Aspect.KMS_KEY_ROTATION, KEY_ARN, REGION)
    assert (made.before, made.after) == ({"KeyRotationEnabled": False}, {"KeyRotationEnabled": True})
    assert made.bucket == "good"


def test_rotation_of_the_key_that_the_bucket_is_given():
    keys = {"alias/data": replace(KEY, rotation=False)}
    proposal = plan(PRIVATE, ["kms_key"], DATA, keys=keys, also=["kms_key_rotation"])
    assert [one.target.resource for one in proposal.remediations] == ["good", KEY_ARN]
    # and not of the key that it had
    facts = replace(GOOD, encryption=Encryption("aws:kms", OTHER_ARN, True), kms_key=replace(OTHER, rotation=False))
    proposal = plan(facts, ["kms_key", "kms_key_rotation"], DATA, keys=DATA_KEYS)
    assert [one.target.resource for one in proposal.remediations] == ["good"]


@pytest.mark.parametrize(
    "key, problem",
    [
        (replace(KEY, rotation=False, state="Disabled"), "in the state Disabled"),
        (
            replace(KEY, rotation=False, primary="arn:primary"),
            "is a replica: enable the rotation of its primary key arn:primary",
        ),
        (replace(KEY, rotation=False, arn=KEY_ARN.replace(ACCOUNT, "999988887777")), "another account"),
    ],
)
def test_rotation_that_cannot_be_enabled(key, problem):
    proposal = plan(replace(GOOD, kms_key=key), ["kms_key_rotation"])
    assert refused(proposal) == [("kms_key_rotation", "unusable_key")]
    assert problem in proposal.refusals[0].message


def test_several_rules_are_not_made_one():
    two = {"Rule": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}, {"BucketKeyEnabled": True}]}
    assert repaired(two, frozenset(("sse_c_blocked",)), parse_requirements({}), GOOD, {}) == (
        two,
        [Concern(Risk.UNKNOWN, "the default encryption has more than the one rule that is known, and is left alone")],
    )


def test_an_empty_default_is_that_of_s3():
    before = {"Rule": {"ApplyServerSideEncryptionByDefault": {}}}
    after, concerns = repaired(before, frozenset(("sse_c_blocked",)), parse_requirements({}), GOOD, {})
    assert after["Rule"]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"} and not concerns
