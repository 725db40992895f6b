# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import datetime, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID, CHECKS
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.custom import parse_custom_checks
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.exemptions import (
    Exemptions,
    parse_exemptions,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.judge import as_dict, judge, judge_account
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    NOT_ASKED,
    AccountFacts,
    BucketFacts,
    Encryption,
    KmsKey,
    ObjectLock,
    PublicAccessBlock,
    Unknown,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import (
    Requirements,
    parse_requirements,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.summary import Tally
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.facts import (
    ACCOUNT,
    ALL_BLOCKED,
    DENIED,
    GOOD,
    GOOD_ACCOUNT,
    KEY_ARN,
    accounts,
    buckets,
    unseen,
)
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 3, 31, 12, tzinfo=timezone.utc)
OF_BUCKETS = [check.id for check in CHECKS if not check.of_account]


def exemptions(*entries):
    return Exemptions(parse_exemptions(entries, {*BY_ID}), NOW)


def findings(bucket, account=GOOD_ACCOUNT, policy=None, exempt=None):
    return list(judge(bucket, account, CHECKS, parse_requirements(policy or {}), exempt or exemptions()))


def statuses(bucket, account=GOOD_ACCOUNT, policy=None):
    return {finding.check: finding.status for finding in findings(bucket, account, policy)}


def test_a_bucket_in_perfect_order_passes_everything():
    policy = {"algorithm": "aws:kms", "customer_managed": True, "kms_keys": "alias/data", "log_bucket": "logs"}
    assert statuses(GOOD, policy=policy) == dict.fromkeys(OF_BUCKETS, Status.PASS)


def test_a_bucket_of_which_nothing_was_seen_is_unknown_in_everything():
    nothing = AccountFacts(ACCOUNT, public_access_block=DENIED)
    for finding in findings(unseen(GOOD), nothing, {"customer_managed": True}):
        assert finding.status is Status.UNKNOWN
        assert "s3:Get: AccessDenied" in finding.message


def test_a_fact_that_was_not_asked_is_unknown_too():
    asked_nothing = BucketFacts("b", "eu-west-1", ACCOUNT)
    account = AccountFacts(ACCOUNT)
    policy = {"customer_managed": True}
    assert set(statuses(asked_nothing, account, policy).values()) == {Status.UNKNOWN}
    assert all(NOT_ASKED.reason in finding.message for finding in findings(asked_nothing, account, policy))


def test_a_finding():
    bucket = replace(GOOD, versioning=Versioning("Suspended"))
    finding = next(f for f in findings(bucket) if f.check == "versioning")
    document = as_dict(finding)
    assert document == {
        "id": "aws:111122223333:good:versioning",
        "check": "versioning",
        "bucket": "good",
        "region": "eu-central-1",
        "account": "111122223333",
        "status": "fail",
        "severity": "low",
        "message": "versioning is Suspended; required: Enabled",
        "evidence": {"status": "Suspended"},
        "remediation": BY_ID["versioning"].remediation,
        "frameworks": {name: list(ids) for name, ids in BY_ID["versioning"].frameworks.items()},
    }
    assert json.loads(json.dumps(document)) == document
    assert document["remediation"] is BY_ID["versioning"].remediation  # shared by all findings, not copied


def test_findings_of_the_account():
    account = AccountFacts(ACCOUNT, "aws-cn", None)
    (finding,) = judge_account(account, CHECKS, Requirements(), exemptions())
    assert finding.id == "aws-cn:111122223333::account_public_access_block"
    assert (finding.bucket, finding.region, finding.account, finding.status) == ("", "", ACCOUNT, Status.FAIL)
    assert "account_public_access_block" not in OF_BUCKETS
    # only the checks that were chosen
    assert list(judge_account(account, [BY_ID["tls_only"]], Requirements(), exemptions())) == []


WHY = {"reason": "legacy", "owner": "ops"}


@pytest.mark.parametrize(
    "versioning, status, verdict",
    [
        (Versioning(), "exempt", "fail"),  # keeps the underlying verdict
        (DENIED, "unknown", None),  # stays unknown
        (Versioning("Enabled"), "pass", None),
    ],
)
def test_an_exemption(versioning, status, verdict):
    exempt = exemptions({"bucket": "go*", "check": "versioning", "expires": "2027-01-01", **WHY})
    bucket = replace(GOOD, versioning=versioning)
    finding = next(f for f in findings(bucket, exempt=exempt) if f.check == "versioning")
    assert finding.status.value == status
    assert finding.evidence.get("verdict") == verdict
    if verdict:
        assert finding.evidence["exemption"] == {**WHY, "expires": "2027-01-01"}
        assert finding.evidence["status"] is None  # and the evidence
        assert finding.message == "versioning is not enabled; required: Enabled"
    assert [unused.bucket for unused in exempt.unused()] == (["go*"] if status == "pass" else [])


def test_an_expired_exemption_is_a_finding_and_exempts_no_more():
    exempt = exemptions({"bucket": "go*", "check": ["versioning", "tls_only"], "expires": "2026-03-30", **WHY})
    bucket = replace(GOOD, versioning=Versioning())
    assert next(f for f in findings(bucket, exempt=exempt) if f.check == "versioning").status is Status.FAIL
    *_unused, finding = judge_account(GOOD_ACCOUNT, CHECKS, Requirements(), exempt)
    assert as_dict(finding) == {
        "id": "aws:111122223333::exemption_expired:go*:versioning+tls_only",
        "check": "exemption_expired",
        "bucket": "",
        "region": "",
        "account": "111122223333",
        "status": "fail",
        "severity": "low",
        "message": "the exemption of go* from versioning, tls_only expired (2026-03-30): legacy (owner ops)",
        "evidence": {"bucket": "go*", "check": ["versioning", "tls_only"], **WHY, "expires": "2026-03-30"},
        "remediation": "Remove the exemption, or have its owner renew it with a new date and reason.",
        "frameworks": {},
    }


def test_the_account_can_be_exempt():
    exempt = exemptions({"bucket": "*", "check": "account_public_access_block", **WHY})
    (finding,) = judge_account(AccountFacts(ACCOUNT, public_access_block=None), CHECKS, Requirements(), exempt)
    assert finding.status is Status.EXEMPT


def test_custom_checks_are_judged_like_the_others():
    own = parse_custom_checks([{"name": "mine", "severity": "critical", "expression": "tags.env == 'test'"}])
    (finding,) = judge(GOOD, GOOD_ACCOUNT, own, Requirements(), exemptions())
    assert (finding.id, finding.status.value, finding.severity.value) == (
        "aws:111122223333:good:mine",
        "fail",
        "critical",
    )
    assert as_dict(finding)["frameworks"] == {}


def test_findings_can_be_counted():
    tally = Tally()
    for finding in findings(replace(GOOD, versioning=DENIED, ownership=None)):
        tally.add(finding)
    assert [tally.total(status) for status in Status] == [15, 1, 2, 0]
    assert tally.as_dict()["resources"] == 1


policies = st.fixed_dictionaries(
    {},
    optional={
        "algorithm": st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse", ["AES256"]]),
        "kms_keys": st.sampled_from(["alias/data", KEY_ARN, "alias/aws/s3"]),
        "customer_managed": st.booleans(),
        "bucket_key": st.booleans(),
        "sse_c_blocked": st.booleans(),
        "min_tls": st.sampled_from(["1.2", "1.3"]),
        "log_bucket": st.sampled_from(["logs", "l*"]),
        "object_lock_mode": st.sampled_from(["GOVERNANCE", "COMPLIANCE"]),
        "object_lock_days": st.integers(0, 60),
        "abort_multipart_days": st.integers(1, 10),
    },
)


@settings(derandomize=True, max_examples=tries(120))
@given(buckets, accounts, policies)
def test_judging_is_total(bucket, account, policy):
    made = findings(bucket, account, policy)
    assert [finding.check for finding in made] == OF_BUCKETS
    assert made == findings(bucket, account, policy)
    for finding in made:
        assert finding.status in (Status.PASS, Status.FAIL, Status.UNKNOWN)
        assert finding.message and "\n" not in finding.message
        json.dumps(as_dict(finding))
        if finding.status is Status.UNKNOWN and "reasons" in finding.evidence:
            assert finding.evidence["reasons"]


FACTS = [field.name for field in fields(BucketFacts) if field.default is NOT_ASKED]


@settings(derandomize=True, max_examples=tries(120))
@given(buckets, accounts, policies, st.sets(st.sampled_from(FACTS), min_size=1), st.booleans())
def test_seeing_less_never_turns_a_verdict_over(bucket, account, policy, hidden, hide_account):
    """What is hidden may turn pass or fail into unknown, never into each other, and never unknown into either."""
    less = replace(bucket, **dict.fromkeys(hidden, DENIED))
    lesser = replace(account, public_access_block=DENIED) if hide_account else account
    before, after = statuses(bucket, account, policy), statuses(less, lesser, policy)
    for check, status in after.items():
        assert status in (before[check], Status.UNKNOWN), check


STRONGER = [
    lambda b: replace(b, versioning=Versioning("Enabled", True)),
    lambda b: replace(b, public_access_block=ALL_BLOCKED),
    lambda b: replace(b, ownership="BucketOwnerEnforced"),
    lambda b: replace(b, policy_is_public=False, grants=()),
    lambda b: replace(b, object_lock=ObjectLock("COMPLIANCE", 36500)),
    lambda b: replace(b, policy=GOOD.policy.replace("good", b.name)),
    lambda b: replace(b, lifecycle=GOOD.lifecycle),
    lambda b: replace(b, kms_key=replace(b.kms_key, rotation=True)) if isinstance(b.kms_key, KmsKey) else b,
    lambda b: replace(b, kms_key=replace(b.kms_key, state="Enabled")) if isinstance(b.kms_key, KmsKey) else b,
    lambda b: (
        replace(b, encryption=replace(b.encryption, blocked=("SSE-C",), blocked_known=True))
        if isinstance(b.encryption, Encryption)
        else b
    ),
]


@settings(derandomize=True, max_examples=tries(120))
@given(buckets, accounts, policies, st.sampled_from(STRONGER))
def test_a_stronger_setting_never_turns_a_pass_into_a_fail(bucket, account, policy, stronger):
    requirements = {**policy, "min_tls": "1.2"}
    before, after = statuses(bucket, account, requirements), statuses(stronger(bucket), account, requirements)
    # that Object Lock or versioning is on says nothing of the rest, and so for each of them
    assert not [check for check in before if before[check] is Status.PASS and after[check] is Status.FAIL]


@settings(derandomize=True, max_examples=tries(60))
@given(buckets, accounts)
def test_blocking_on_the_account_helps_every_bucket(bucket, account):
    before = statuses(bucket, account)
    after = statuses(bucket, replace(account, public_access_block=ALL_BLOCKED))
    assert after["public_access_block"] is Status.PASS and after["not_public"] is Status.PASS
    weaker = statuses(bucket, replace(account, public_access_block=PublicAccessBlock()))
    assert not [check for check in weaker if weaker[check] is Status.PASS and before[check] is Status.FAIL]


def test_an_unknown_reason_is_repeated_as_it_is():
    bucket = replace(GOOD, versioning=Unknown("s3:GetBucketVersioning: NoSuchBucket"))
    finding = next(f for f in findings(bucket) if f.check == "mfa_delete")
    assert finding.message == "MFA delete could not be seen: s3:GetBucketVersioning: NoSuchBucket"
