# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    Encryption,
    KeyDetail,
    Question,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    RemediationError,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import (
    REMEDIABLE,
    key_details,
    mandate,
    questions_for,
    required_keys,
    targets,
    to_repair,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import (
    DENIED,
    GOOD,
    KEY_ARN,
    KEY_ID,
    REGION,
)
from ansible_collections.day2.ops.tests.support.planning import DATA, KMS, OTHER, OTHER_ARN, finding

# --- wishes ----------------------------------------------------------------------------------------------------------


def test_what_can_be_repaired_are_checks_and_their_order_is_that_of_the_catalogue():
    assert list(REMEDIABLE) == [name for name in BY_ID if name in REMEDIABLE]


@pytest.mark.parametrize("name", sorted(set(BY_ID) - set(REMEDIABLE)) + ["my_own"])
def test_what_cannot_be_repaired_is_refused_up_front(name):
    with pytest.raises(
        RemediationError, match=f"{name} cannot be repaired; these can: default_encryption, .*lifecycle"
    ):
        mandate(["tls_only", name], parse_requirements({}))


@pytest.mark.parametrize(
    "checks, policy, allow, problem",
    [
        (["access_logging"], {}, [], "policy.log_bucket"),
        (["kms_key"], {"customer_managed": True}, [], "policy.kms_keys"),
        (["kms_key"], {"kms_keys": [KEY_ID], "algorithm": ["AES256"]}, [], "contradicts"),
        (["tls_only"], {}, ["unknown"], "unknown cannot be allowed; these can: public_website, log_delivery"),
        (["tls_only"], {}, ["policy_too_large"], "policy_too_large cannot be allowed"),
    ],
)
def test_a_wish_that_leaves_open_what_to_do_is_refused(checks, policy, allow, problem):
    with pytest.raises(RemediationError, match=problem):
        mandate(checks, parse_requirements(policy), allow)


PUBLIC = {Question.PUBLIC_ACCESS_BLOCK, Question.WEBSITE, Question.ACL, Question.OWNERSHIP, Question.POLICY_STATUS}


@pytest.mark.parametrize(
    "checks, questions",
    [
        ([], set()),
        (["versioning"], {Question.TAGS}),
        (["lifecycle", "access_logging", "kms_key_rotation"], {Question.TAGS}),
        (["bucket_key", "sse_c_blocked"], {Question.TAGS}),  # no other key, nobody shut out
        (["default_encryption", "encryption_algorithm"], {Question.TAGS}),  # SSE-S3 will do
        (["kms_key"], {Question.TAGS}),  # and no key is required
        (["tls_only"], {Question.TAGS, Question.WEBSITE, Question.PUBLIC_ACCESS_BLOCK}),
        (["public_access_block"], {Question.TAGS} | PUBLIC),
        (["account_public_access_block"], {Question.TAGS} | PUBLIC),
        (["object_ownership"], {Question.TAGS} | PUBLIC - {Question.POLICY_STATUS}),
    ],
)
def test_only_what_decides_about_a_risk_is_asked(checks, questions):
    policy = parse_requirements({"log_bucket": "logs"})
    assert questions_for(mandate(checks, policy)) == questions


@pytest.mark.parametrize(
    "checks, policy",
    [
        (["default_encryption"], KMS),
        (["encryption_algorithm"], {"algorithm": ["aws:kms:dsse"]}),
        (["kms_key"], DATA),
    ],
)
def test_whoever_may_be_shut_out_by_another_key_is_asked_about(checks, policy):
    assert questions_for(mandate(checks, parse_requirements(policy))) == {Question.TAGS, Question.POLICY} | PUBLIC


def test_required_keys_are_described_when_a_key_may_be_set():
    policy = parse_requirements({"kms_keys": ["alias/data", KEY_ARN]})
    assert required_keys(mandate(["kms_key"], policy)) == ("alias/data", KEY_ARN)
    assert required_keys(mandate(["bucket_key", "tls_only"], policy)) == ()
    assert key_details(mandate(["kms_key"], policy)) == frozenset()
    assert key_details(mandate(["kms_key", "kms_key_rotation"], policy)) == {KeyDetail.ROTATION}


def test_failures_are_repaired_and_nothing_else():
    wishes = mandate(["tls_only", "versioning", "lifecycle", "sse_c_blocked"], parse_requirements({}))
    findings = [
        finding("tls_only", Status.FAIL),
        finding("versioning", Status.EXEMPT),
        finding("lifecycle", Status.UNKNOWN),
        finding("sse_c_blocked", Status.UNKNOWN),
        finding("object_ownership", Status.FAIL),
    ]
    assert to_repair(findings, GOOD, wishes) == {"tls_only"}
    # S3 that says nothing of blocked types says something once they are set
    silent = replace(GOOD, encryption=Encryption("AES256"))
    assert to_repair(findings, silent, wishes) == {"tls_only", "sse_c_blocked"}
    assert to_repair(findings, replace(GOOD, encryption=DENIED), wishes) == {"tls_only"}


def test_targets_are_what_will_be_changed():
    wishes = mandate(REMEDIABLE, parse_requirements({"log_bucket": "logs", "kms_keys": [OTHER_ARN]}))
    failing = {"tls_only", "tls_min_version", "bucket_key", "account_public_access_block", "kms_key_rotation"}
    assert targets(GOOD, failing, wishes, {}) == (
        Target(Aspect.POLICY, "good", REGION),
        Target(Aspect.ENCRYPTION, "good", REGION),
        Target(Aspect.KMS_KEY_ROTATION, KEY_ARN, REGION),
    )
    assert targets(GOOD, {"kms_key"}, wishes, {OTHER_ARN: OTHER, "x": DENIED}) == (
        Target(Aspect.ENCRYPTION, "good", REGION),
        Target(Aspect.KMS_KEY_ROTATION, OTHER_ARN, REGION),  # the bucket may be given it
    )
    assert targets(GOOD, set(), wishes, {}) == ()
