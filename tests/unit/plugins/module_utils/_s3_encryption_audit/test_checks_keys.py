# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Encryption, Unknown
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import (
    ACCOUNT,
    DENIED,
    GOOD,
    GOOD_ACCOUNT,
    KEY,
    KEY_ARN,
    KEY_ID,
    REGION,
    key_policy,
)

ALIAS_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/data"
OTHER_REGION = KEY_ARN.replace(REGION, "us-east-1")
PRIMARY = KEY_ARN.replace(REGION, "us-east-1")
OTHER_ACCOUNT = KEY_ARN.replace(ACCOUNT, "999988887777")
OTHER_ID = "99999999-12ab-34cd-56ef-1234567890ab"
MANAGED = replace(KEY, manager="AWS", aliases=("alias/aws/s3",))


def decide(check, spelling, key, policy=None):
    bucket = replace(GOOD, encryption=Encryption("aws:kms", spelling), kms_key=key)
    return BY_ID[check].decide(bucket, GOOD_ACCOUNT, parse_requirements(policy or {}))


@pytest.mark.parametrize("configured", [KEY_ID, KEY_ARN, "alias/data", ALIAS_ARN])
@pytest.mark.parametrize("required", [KEY_ID, KEY_ID.upper(), KEY_ARN, "alias/data", ALIAS_ARN])
def test_any_spelling_matches_any_other(configured, required):
    verdict = decide("kms_key", configured, KEY, {"kms_keys": ["alias/none", required]})
    assert (verdict.status.value, verdict.message) == ("pass", f"the default encryption uses the KMS key {configured}")


@pytest.mark.parametrize(
    "configured, key, required, status",
    [
        # region and account count
        (KEY_ARN, KEY, OTHER_REGION, "fail"),
        (KEY_ARN, KEY, OTHER_ACCOUNT, "fail"),
        (KEY_ARN, KEY, OTHER_ID, "fail"),
        (KEY_ARN, KEY, ALIAS_ARN.replace(REGION, "us-east-1"), "fail"),
        (KEY_ARN, KEY, "alias/other", "fail"),
        (OTHER_ACCOUNT, replace(KEY, arn=OTHER_ACCOUNT), "alias/data", "fail"),
        (OTHER_ACCOUNT, replace(KEY, arn=OTHER_ACCOUNT), ALIAS_ARN.replace(ACCOUNT, "999988887777"), "pass"),
        (OTHER_ACCOUNT, replace(KEY, arn=OTHER_ACCOUNT), KEY_ID, "pass"),
        # the description decides, when there is one
        ("alias/moved", KEY, "alias/data", "pass"),
        ("alias/moved", KEY, KEY_ID, "pass"),
        # without a description, what the configured spelling tells
        (KEY_ARN, DENIED, KEY_ARN, "pass"),
        (KEY_ID, DENIED, KEY_ARN, "pass"),
        (KEY_ID, DENIED, OTHER_REGION, "fail"),
        (OTHER_ACCOUNT, DENIED, KEY_ARN, "fail"),
        (OTHER_ACCOUNT, DENIED, OTHER_ACCOUNT, "pass"),
        (KEY_ARN, DENIED, "alias/data", "unknown"),
        (OTHER_ACCOUNT, DENIED, "alias/data", "fail"),
        ("alias/data", DENIED, "alias/data", "pass"),
        ("alias/data", DENIED, ALIAS_ARN, "pass"),
        ("alias/data", DENIED, "alias/other", "unknown"),
        ("alias/data", DENIED, KEY_ID, "unknown"),
        ("not a key", DENIED, KEY_ID, "unknown"),
        ("alias/data", replace(KEY, arn="nonsense"), KEY_ID, "unknown"),
        (KEY_ARN, None, "alias/data", "unknown"),
        # aliases that could not be listed leave only alias requirements open
        (KEY_ARN, replace(KEY, aliases=DENIED), "alias/data", "unknown"),
        (KEY_ARN, replace(KEY, aliases=DENIED), OTHER_ID, "fail"),
        ("", MANAGED, "alias/aws/s3", "pass"),
        ("", DENIED, "alias/aws/s3", "pass"),
        ("", MANAGED, KEY_ARN.replace("1234abcd", "00000000"), "fail"),
    ],
)
def test_required_keys(configured, key, required, status):
    assert decide("kms_key", configured, key, {"kms_keys": [required]}).status.value == status


def test_one_match_is_enough_and_one_doubt_is_a_doubt():
    assert decide("kms_key", KEY_ARN, DENIED, {"kms_keys": ["alias/data", KEY_ARN]}).status.value == "pass"
    verdict = decide("kms_key", KEY_ARN, DENIED, {"kms_keys": ["alias/data", OTHER_ID]})
    assert (verdict.status.value, verdict.message) == (
        "unknown",
        f"whether the KMS key {KEY_ARN} is alias/data, {OTHER_ID} could not be seen: s3:Get: AccessDenied",
    )


@pytest.mark.parametrize(
    "configured, key, policy, status, message",
    [
        (KEY_ARN, KEY, {}, "pass", "not applicable: the policy requires no particular KMS key"),
        (KEY_ARN, KEY, {"customer_managed": True}, "pass", f"the default encryption uses the KMS key {KEY_ARN}"),
        ("", MANAGED, {"customer_managed": True}, "fail",
         "the KMS key alias/aws/s3 is AWS-managed; required: a customer-managed key"),
        ("", DENIED, {"customer_managed": True}, "fail",
         "the KMS key alias/aws/s3 is AWS-managed; required: a customer-managed key"),
        (KEY_ARN, DENIED, {"customer_managed": True}, "unknown",
         f"whether the KMS key {KEY_ARN} is a customer-managed key could not be seen: s3:Get: AccessDenied"),
        (KEY_ARN, MANAGED, {"kms_keys": KEY_ARN, "customer_managed": True}, "fail",
         f"the KMS key {KEY_ARN} is AWS-managed; required: {KEY_ARN}, customer-managed"),
        (KEY_ARN, KEY, {"kms_keys": OTHER_ID}, "fail",
         f"the default encryption uses the KMS key {KEY_ARN}; required: {OTHER_ID}"),
    ],
)  # fmt: skip
def test_kms_key(configured, key, policy, status, message):
    verdict = decide("kms_key", configured, key, policy)
    assert (verdict.status.value, verdict.message) == (status, message)


@pytest.mark.parametrize(
    "check, encryption, policy, status, message",
    [
        ("kms_key", Encryption("AES256"), {"kms_keys": KEY_ID}, "fail",
         f"default encryption is SSE-S3 (AES256) and uses no KMS key; required: {KEY_ID}"),
        ("kms_key", None, {"customer_managed": True}, "fail",
         "default encryption is not configured and uses no KMS key; required: a customer-managed key"),
        ("kms_key", Encryption("AES256"), {}, "pass", "not applicable: the policy requires no particular KMS key"),
        ("kms_key", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        ("kms_key_state", Encryption("AES256"), {}, "pass", "not applicable: the default encryption uses no KMS key"),
        ("kms_key_state", None, {}, "pass", "not applicable: the default encryption uses no KMS key"),
        ("kms_key_state", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
        ("kms_key_rotation", Encryption("AES256"), {}, "pass",
         "not applicable: the default encryption uses no KMS key"),
        ("kms_key_rotation", DENIED, {}, "unknown", "default encryption could not be seen: s3:Get: AccessDenied"),
    ],
)  # fmt: skip
def test_without_a_key(check, encryption, policy, status, message):
    bucket = replace(GOOD, encryption=encryption)
    verdict = BY_ID[check].decide(bucket, GOOD_ACCOUNT, parse_requirements(policy))
    assert (verdict.status.value, verdict.message) == (status, message)


@pytest.mark.parametrize(
    "configured, key, status, message",
    [
        (KEY_ARN, KEY, "pass", f"the KMS key {KEY_ARN} is Enabled, and its policy does not open it to everyone"),
        (KEY_ARN, replace(KEY, state="Updating"), "pass",
         f"the KMS key {KEY_ARN} is Updating, and its policy does not open it to everyone"),
        ("", MANAGED, "pass", "alias/aws/s3 is AWS-managed: AWS keeps it enabled and private"),
        ("", DENIED, "pass", "alias/aws/s3 is AWS-managed: AWS keeps it enabled and private"),
        ("alias/aws/s3", None, "pass", "alias/aws/s3 is AWS-managed: AWS keeps it enabled and private"),
        ("alias/team-alias/aws/s3", DENIED, "unknown",
         "the state of the KMS key alias/team-alias/aws/s3 could not be seen: s3:Get: AccessDenied"),
        (KEY_ARN, replace(KEY, state="Disabled"), "fail",
         f"the KMS key {KEY_ARN} is in the state Disabled; required: Enabled"),
        (KEY_ARN, replace(KEY, state="PendingDeletion", policy=DENIED), "fail",
         f"the KMS key {KEY_ARN} is in the state PendingDeletion; required: Enabled"),
        ("", replace(MANAGED, state="Disabled"), "fail",
         f"the KMS key {KEY_ARN} is in the state Disabled; required: Enabled"),
        (KEY_ARN, replace(KEY, policy=DENIED), "unknown",
         f"the policy of the KMS key {KEY_ARN} could not be seen: s3:Get: AccessDenied"),
        (OTHER_ACCOUNT, Unknown("kms:DescribeKey: AccessDenied"), "unknown",
         f"the state of the KMS key {OTHER_ACCOUNT} could not be seen: kms:DescribeKey: AccessDenied"),
        (KEY_ARN, None, "unknown", f"the state of the KMS key {KEY_ARN} could not be seen: the key was not described"),
    ],
)  # fmt: skip
def test_kms_key_state(configured, key, status, message):
    verdict = decide("kms_key_state", configured, key)
    assert (verdict.status.value, verdict.message) == (status, message)


def test_a_key_policy_that_admits_everyone_fails():
    verdict = decide("kms_key_state", KEY_ARN, replace(KEY, policy=key_policy({"AWS": "*"})))
    assert verdict.status.value == "fail"
    assert verdict.message.startswith(f"the KMS key {KEY_ARN} is open to everyone: statement use allows kms:* ")
    assert verdict.message.endswith(verdict.evidence["opened_by"])


def test_a_key_policy_that_cannot_be_read_is_unknown():
    verdict = decide("kms_key_state", KEY_ARN, replace(KEY, policy="{"))
    assert verdict.status.value == "unknown"
    assert verdict.message.startswith(f"the policy of the KMS key {KEY_ARN} cannot be read: ")


@pytest.mark.parametrize(
    "configured, key, status, message",
    [
        (KEY_ARN, KEY, "pass", f"the KMS key {KEY_ARN} is rotated automatically"),
        (KEY_ARN, replace(KEY, rotation=False), "fail",
         f"the KMS key {KEY_ARN} is not rotated automatically; required: automatic rotation"),
        (KEY_ARN, replace(KEY, rotation=DENIED), "unknown",
         f"the rotation of the KMS key {KEY_ARN} could not be seen: s3:Get: AccessDenied"),
        (KEY_ARN, replace(KEY, primary=PRIMARY), "pass",
         f"the KMS key {KEY_ARN} is a replica of {PRIMARY}, which is rotated automatically"),
        (KEY_ARN, replace(KEY, primary=PRIMARY, rotation=False), "fail",
         f"the KMS key {KEY_ARN} is a replica of {PRIMARY}, which is not rotated automatically; "
         "required: automatic rotation"),
        (KEY_ARN, replace(KEY, rotatable=False, rotation=False), "pass",
         f"not applicable: AWS cannot rotate the KMS key {KEY_ARN} (imported material or a custom key store)"),
        ("", replace(MANAGED, rotation=DENIED), "pass", "alias/aws/s3 is AWS-managed: AWS rotates it every year"),
        ("", DENIED, "pass", "alias/aws/s3 is AWS-managed: AWS rotates it every year"),
        (KEY_ARN, DENIED, "unknown", f"the rotation of the KMS key {KEY_ARN} could not be seen: s3:Get: AccessDenied"),
    ],
)  # fmt: skip
def test_kms_key_rotation(configured, key, status, message):
    verdict = decide("kms_key_rotation", configured, key)
    assert (verdict.status.value, verdict.message) == (status, message)
