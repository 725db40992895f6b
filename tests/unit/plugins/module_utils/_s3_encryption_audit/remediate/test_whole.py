# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import AccountFacts
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Concern,
    Proposal,
    Refusal,
    Remediation,
    Risk,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import mandate
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.whole import (
    Limit,
    account_remediation,
    as_plan,
    assembled,
    parse_limit,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import ACCOUNT, DENIED, KEY_ARN, REGION

FLAGS = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
USED = (Concern(Risk.PUBLIC_WEBSITE, "it serves a website"),)
DARK = (Concern(Risk.PUBLIC_WEBSITE, "not asked", unseen=True),)


def account(document, in_use=None, unseen="", allow=()):
    wishes = mandate(["account_public_access_block"], parse_requirements({}), allow)
    return account_remediation(AccountFacts(ACCOUNT), REGION, document, wishes, in_use or {}, unseen)


@pytest.mark.parametrize("before", [None, {"BlockPublicAcls": True, "IgnorePublicAcls": False}])
def test_the_account_is_blocked_when_nobody_is_cut_off(before):
    (made,) = account(before, {"a": (), "b": ()}).remediations
    assert made.target == Target(Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, ACCOUNT, REGION)
    assert (made.bucket, made.before, made.after) == ("", before, FLAGS)


def test_an_account_that_is_blocked_already_is_left_alone():
    assert account(FLAGS, {"a": USED}) == Proposal()


@pytest.mark.parametrize(
    "in_use, unseen, risks, words",
    [
        ({"a": USED, "b": ()}, "", [Risk.PUBLIC_WEBSITE], "1 bucket(s) of the account are in public use"),
        ({str(n): USED for n in range(5)}, "", [Risk.PUBLIC_WEBSITE], ": 0, 1, 2 and 2 more"),
        ({"a": DARK}, "", [Risk.UNKNOWN], "of 1 bucket(s) (a) could not be seen: not asked"),
        (
            {},
            "3 buckets were left out",
            [Risk.UNKNOWN],
            "the other buckets of the account could not be seen: 3 buckets",
        ),
        ({"a": USED, "b": DARK}, "", [Risk.PUBLIC_WEBSITE, Risk.UNKNOWN], "in public use"),
    ],
)
def test_the_account_is_not_blocked_over_the_head_of_a_bucket(in_use, unseen, risks, words):
    proposal = account(None, in_use, unseen)
    assert proposal.remediations == ()
    assert [refusal.risk for refusal in proposal.refusals] == risks
    assert words in proposal.refusals[0].message
    assert all(refusal.bucket == "" for refusal in proposal.refusals)
    assert all(("allow_risk" in one.message) is (one.risk is not Risk.UNKNOWN) for one in proposal.refusals)
    allowed = account(None, in_use, unseen, ["public_website"])
    assert [refusal.risk for refusal in allowed.refusals] == [risk for risk in risks if risk is Risk.UNKNOWN]
    assert bool(allowed.remediations) is not bool(allowed.refusals)


def test_an_account_that_cannot_be_read_is_refused():
    assert [refusal.risk for refusal in account(DENIED).refusals] == [Risk.UNKNOWN]


def made(aspect, resource, bucket=None):
    return Remediation(Target(aspect, resource, REGION), resource if bucket is None else bucket, None, {"x": 1}, ("c",))


BLOCK_A = made(Aspect.PUBLIC_ACCESS_BLOCK, "a")
POLICY_A = made(Aspect.POLICY, "a")
POLICY_B = made(Aspect.POLICY, "b")
WHOLE = made(Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, ACCOUNT, "")


def test_changes_are_ordered_bucket_by_bucket_with_the_policy_before_the_block_and_the_account_last():
    refusal = Refusal("a", "c", Risk.UNKNOWN, "why")
    found = assembled([Proposal((WHOLE,)), Proposal((POLICY_B,)), Proposal((BLOCK_A, POLICY_A), (refusal,))])
    assert found == Proposal((POLICY_A, BLOCK_A, POLICY_B, WHOLE), (refusal,))


def test_a_key_of_several_buckets_is_changed_once():
    keys = [made(Aspect.KMS_KEY_ROTATION, KEY_ARN, bucket) for bucket in ("a", "b", "c")]
    (one,) = assembled([Proposal((key,)) for key in keys]).remediations
    assert one.bucket == "a" and one.reason == "c; the key of 3 of these buckets"


def test_the_plan_shows_what_is_changed():
    (diff,) = as_plan([BLOCK_A]).as_diff()
    assert diff["before_header"] == "a (public_access_block)" and diff["before"] == "" and '"x": 1' in diff["after"]


@pytest.mark.parametrize(
    "text, shown",
    [
        ('{"Statement":[{"Sid":"é"}]}', '{\n  "Statement": [\n    {\n      "Sid": "é"\n    }\n  ]\n}\n'),
        ("{", "{\n"),
    ],
)
def test_a_policy_is_shown_so_that_it_can_be_read(text, shown):
    (diff,) = as_plan([Remediation(POLICY_A.target, "a", text, None)]).as_diff()
    assert (diff["before"], diff["after"]) == (shown, "")


@pytest.mark.parametrize(
    "text, limit",
    [("10", Limit(10, False)), ("0", Limit(0, False)), (" 25% ", Limit(25, True)), ("100%", Limit(100, True))],
)
def test_a_limit(text, limit):
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "101%", "ten", "10 %", "1e3", "٣"])
def test_what_is_no_limit(text):
    with pytest.raises(Day2Error, match="max_remediations"):
        parse_limit(text)


@pytest.mark.parametrize(
    "text, changes, audited, breached",
    [
        ("3", [POLICY_A, BLOCK_A, POLICY_B], 2, False),
        ("2", [POLICY_A, BLOCK_A, POLICY_B], 2, True),  # changes are counted, not buckets
        ("0", [], 2, False),
        ("0", [POLICY_A], 2, True),
        ("50%", [POLICY_A, BLOCK_A], 2, False),  # buckets are counted, not changes
        ("49%", [POLICY_A], 2, True),
        ("100%", [POLICY_A, POLICY_B], 2, False),
        ("100%", [], 0, False),
        ("10%", [WHOLE], 9, True),
        ("10%", [POLICY_A, WHOLE], 20, False),
    ],
)
def test_a_plan_that_is_too_large(text, changes, audited, breached):
    breach = parse_limit(text).breach(changes, audited)
    assert bool(breach) is breached
    assert not breach or "max_remediations" in breach
