# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    KmsKey,
    Logging,
    PublicAccessBlock,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.foreseen import Foreseen
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    RemediationError,
    Risk,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import (
    REMEDIABLE,
    mandate,
    remediations,
    required_keys,
    to_repair,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.facts import (
    ACCOUNT,
    DENIED,
    GOOD,
    GOOD_ACCOUNT,
    KEY,
    KEY_ARN,
    KEY_ID,
    REGION,
    accounts,
    buckets,
    tls_policy,
)
from ansible_collections.day2.ops.tests.support.planning import OPEN, OTHER, OTHER_ARN, change, finding, plan, refused
from ansible_collections.day2.ops.tests.support.remediation import repaired, situation
from hypothesis import given, settings
from hypothesis import strategies as st

# --- policy ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, checks, sids",
    [
        (None, ["tls_only"], ["Day2DenyInsecureTransport"]),
        (None, ["tls_min_version"], ["Day2DenyInsecureTransport", "Day2DenyOldTls"]),  # plain HTTP is older still
        (None, ["tls_only", "tls_min_version"], ["Day2DenyInsecureTransport", "Day2DenyOldTls"]),
        (tls_policy("good", None), ["tls_min_version"], [None, "Day2DenyOldTls"]),
        (tls_policy("other"), ["tls_only"], [None, None, "Day2DenyInsecureTransport"]),
    ],
)
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_policy(before, checks, sids, partition):
    if before:
        before = before.replace("arn:aws:", f"arn:{partition}:")
    made = change(replace(GOOD, policy=before, partition=partition), checks)
    assert made.target == Target(Aspect.POLICY, "good", REGION)
    assert [one.get("Sid") for one in json.loads(made.after)["Statement"]] == sids
    for check in checks:
        facts = replace(GOOD, policy=made.after, partition=partition)
        assert BY_ID[check].decide(facts, GOOD_ACCOUNT, parse_requirements({})).status is Status.PASS


def test_a_policy_that_was_repaired_meanwhile_is_left_alone():
    proposal = plan(replace(GOOD, policy=None), ["tls_only"], documents={Aspect.POLICY: tls_policy("good")})
    assert proposal.remediations == proposal.refusals == ()


ALLOW = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::good/*",
}


def named(sid):
    """A bucket with a policy of one statement of that name."""
    return replace(GOOD, policy=json.dumps({"Statement": [{**ALLOW, "Sid": sid}]}, separators=(",", ":")))


def large(size):
    """A bucket whose policy has ``size`` bytes once our statement is in it."""
    return named("x" * (size - len(change(named(""), ["tls_only"]).after)))


def test_a_policy_of_20_kb_is_taken_and_one_byte_more_is_not():
    assert len(change(large(20 * 1024), ["tls_only"]).after) == 20 * 1024
    proposal = plan(large(20 * 1024 + 1), ["tls_only"])
    assert refused(proposal) == [("tls_only", "policy_too_large")]
    assert "20481 bytes" in proposal.refusals[0].message


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"Statement": [{"Effect": "Perhaps"}]}', '{"Statement": {}, "Statement": {}}']
)
def test_a_policy_that_cannot_be_read_is_not_edited(text):
    assert refused(plan(replace(GOOD, policy=text), ["tls_only"])) == [("tls_only", "unreadable_policy")]


# --- the other aspects -----------------------------------------------------------------------------------------------

FLAGS = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@pytest.mark.parametrize("before", [None, PublicAccessBlock(), PublicAccessBlock(True, True, True, False)])
def test_public_access_block(before):
    assert change(replace(GOOD, public_access_block=before), ["public_access_block"], account=OPEN).after == FLAGS


@pytest.mark.parametrize("before", [None, "ObjectWriter", "BucketOwnerPreferred"])
def test_ownership(before):
    made = change(replace(GOOD, ownership=before), ["object_ownership"])
    assert made.after == {"Rule": {"ObjectOwnership": "BucketOwnerEnforced"}}


@pytest.mark.parametrize("before", ["", "Suspended"])
def test_versioning(before):
    made = change(replace(GOOD, versioning=Versioning(before)), ["versioning"])
    assert made.before == ({"Status": before} if before else None)
    assert made.after == {"Status": "Enabled"}


def test_versioning_under_mfa_delete_is_for_the_root_user():
    proposal = plan(replace(GOOD, versioning=Versioning("Suspended", mfa_delete=True)), ["versioning"])
    assert refused(proposal) == [("versioning", "mfa_required")]


@pytest.mark.parametrize(
    "before, target",
    [
        (None, {"TargetBucket": "logs", "TargetPrefix": "good/"}),
        (Logging("elsewhere", "mine/"), {"TargetBucket": "logs", "TargetPrefix": "mine/"}),
    ],
)
def test_logging(before, target):
    made = change(replace(GOOD, logging=before), ["access_logging"], {"log_bucket": "log*"}, log_buckets=("logs",))
    assert made.after == {"LoggingEnabled": target}


def test_logging_keeps_grants_and_formats():
    live = {"LoggingEnabled": {"TargetBucket": "a", "TargetGrants": {"Grant": []}, "TargetPrefix": "p"}}
    facts = replace(GOOD, logging=Logging("a", "p"))
    made = change(
        facts, ["access_logging"], {"log_bucket": "logs"}, log_buckets=("logs",), documents={Aspect.LOGGING: live}
    )
    assert made.after["LoggingEnabled"] == {**live["LoggingEnabled"], "TargetBucket": "logs"}


@pytest.mark.parametrize("log_buckets", [(), ("logs-a", "logs-b")])
def test_logging_needs_one_bucket_to_log_to(log_buckets):
    proposal = plan(replace(GOOD, logging=None), ["access_logging"], {"log_bucket": "logs-*"}, log_buckets=log_buckets)
    assert refused(proposal) == [("access_logging", "no_log_bucket")]


ABORT = {
    "ID": "day2-abort-incomplete-multipart-uploads",
    "Filter": {"Prefix": ""},
    "Status": "Enabled",
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
EXPIRE = {"ID": "expire", "Filter": {"Prefix": "tmp/"}, "Status": "Enabled", "Expiration": {"Days": 1}}
OLD_FORM = {"ID": "old", "Prefix": "tmp/", "Status": "Enabled", "Expiration": {"Days": 1}}


@pytest.mark.parametrize(
    "before, rules",
    [
        (None, [ABORT]),
        ({"Rule": [EXPIRE]}, [EXPIRE, ABORT]),
        # S3 takes no mixture of the two forms
        (
            {"Rule": [OLD_FORM]},
            [OLD_FORM, {key: value for key, value in ABORT.items() if key != "Filter"} | {"Prefix": ""}],
        ),
        # ours, when it is too late or off, is replaced where it stands
        ({"Rule": [{**ABORT, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 30}}, EXPIRE]}, [ABORT, EXPIRE]),
        ({"Rule": [{**ABORT, "Status": "Disabled"}]}, [ABORT]),
        # one of ours that does more is not ours any more
        (
            {"Rule": [{**ABORT, "Status": "Disabled", "Expiration": {"Days": 1}}]},
            [{**ABORT, "Status": "Disabled", "Expiration": {"Days": 1}}, {**ABORT, "ID": ABORT["ID"] + "-2"}],
        ),
    ],
)
def test_lifecycle(before, rules):
    live = before and {**before, "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    facts = replace(GOOD, lifecycle=())
    made = change(facts, ["lifecycle"], documents={Aspect.LIFECYCLE: live})
    assert made.after["Rule"] == rules
    assert made.after.get("TransitionDefaultMinimumObjectSize") == (before and "varies_by_storage_class")


def test_lifecycle_as_required():
    made = change(replace(GOOD, lifecycle=()), ["lifecycle"], {"abort_multipart_days": 3})
    assert made.after["Rule"][0]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}


# --- any bucket ------------------------------------------------------------------------------------------------------

_policies = st.fixed_dictionaries(
    {},
    optional={
        "algorithm": st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse", ["aws:kms"], ["AES256", "aws:kms:dsse"]]),
        "kms_keys": st.sampled_from([[KEY_ID], ["alias/data"], [OTHER_ARN, KEY_ARN]]),
        "customer_managed": st.booleans(),
        "bucket_key": st.booleans(),
        "sse_c_blocked": st.booleans(),
        "min_tls": st.sampled_from(["1.2", "1.3"]),
        "abort_multipart_days": st.integers(1, 30),
    },
)
_described = st.sampled_from([KEY, replace(KEY, rotation=False), replace(KEY, state="Disabled"), DENIED])


@settings(derandomize=True, max_examples=tries(250))
@given(
    facts=buckets,
    account=accounts,
    checks=st.sets(st.sampled_from(sorted(set(REMEDIABLE) - {"account_public_access_block"})), min_size=1),
    policy=_policies,
    described=_described,
    allow=st.sets(st.sampled_from([risk.value for risk in list(Risk)[:4]])),
)
def test_what_fails_is_repaired_or_refused_and_the_second_run_plans_nothing(
    facts, account, checks, policy, described, allow
):
    requirements = parse_requirements({"log_bucket": "logs", **policy})
    try:
        wishes = mandate(checks, requirements, allow)
    except RemediationError:
        return
    keys = {name: OTHER if name == OTHER_ARN else described for name in required_keys(wishes)}

    def failing(of):
        decided = {name: BY_ID[name].decide(of, account, requirements) for name in checks}
        return to_repair([finding(name, verdict.status) for name, verdict in decided.items()], of, wishes)

    wanted = failing(facts)
    first = remediations(situation(facts, account, keys, ("logs",)), wanted, wishes)
    changed = {check for one in first.remediations for check in one.checks}
    refused_ = {one.check for one in first.refusals}
    assert changed | refused_ >= wanted - {"kms_key_rotation"} and not changed & refused_
    assert all(one.risk.value not in allow for one in first.refusals)

    after = repaired(facts, first.remediations, keys)
    foreseen = Foreseen(first.remediations, [key for key in keys.values() if isinstance(key, KmsKey)]).bucket(facts)
    for name in checks:
        assert BY_ID[name].decide(foreseen, account, requirements) == BY_ID[name].decide(after, account, requirements)
    left = failing(after)
    assert not left & changed
    second = remediations(situation(after, account, keys, ("logs",)), left, wishes)
    assert second.remediations == ()


def test_a_bucket_in_order_needs_nothing():
    assert plan(GOOD, []).remediations == ()


@pytest.mark.parametrize("check", sorted(set(REMEDIABLE) - {"account_public_access_block"}))
def test_nothing_is_planned_from_what_could_not_be_read(check):
    proposal = remediations(
        replace(situation(replace(GOOD, kms_key=replace(KEY, rotation=False)), GOOD_ACCOUNT), documents={}),
        {check},
        mandate([check], parse_requirements({"log_bucket": "logs"})),
    )
    assert refused(proposal) == [(check, "unknown")]
    assert "not asked" in proposal.refusals[0].message
