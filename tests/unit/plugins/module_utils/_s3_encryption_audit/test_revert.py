# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Remediation,
    Risk,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.revert import (
    SCHEMA,
    Backup,
    BackupError,
    parse_backup,
    reversal,
)
from ansible_collections.day2.ops.tests.support.facts import ACCOUNT, DENIED, KEY_ARN, REGION
from hypothesis import given, settings
from hypothesis import strategies as st

FLAGS = {"BlockPublicAcls": True}
KMS = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}}
AES = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}
OURS = '{"Version":"2012-10-17","Statement":[{"Sid":"a"},{"Sid":"b"}]}'


def made(aspect, before, after, resource="b", bucket="b"):
    return Remediation(Target(aspect, resource, REGION), bucket, before, after, ("tls_only", "bucket_key"))


def back(change, found):
    return reversal(Backup("run-1", ACCOUNT, "aws", (change,)), {change.target: found})


@pytest.mark.parametrize(
    "aspect, before, after, found, wanted",
    [
        (Aspect.POLICY, "{}", OURS, OURS, "{}"),
        (Aspect.POLICY, None, OURS, OURS, None),
        # S3 gives a policy back in its own form
        (Aspect.POLICY, "{}", OURS, '{"Version": "2012-10-17", "Statement": [{"Sid": "a"}, {"Sid": "b"}]}', "{}"),
        (Aspect.PUBLIC_ACCESS_BLOCK, None, FLAGS, {**FLAGS, "IgnorePublicAcls": False}, None),
        (Aspect.ENCRYPTION, AES, KMS, KMS, AES),
        (Aspect.ENCRYPTION, None, KMS, KMS, None),
        (Aspect.VERSIONING, None, {"Status": "Enabled"}, {"Status": "Enabled"}, {"Status": "Suspended"}),
        (
            Aspect.VERSIONING,
            {"Status": "Suspended"},
            {"Status": "Enabled"},
            {"Status": "Enabled"},
            {"Status": "Suspended"},
        ),
        (
            Aspect.KMS_KEY_ROTATION,
            {"KeyRotationEnabled": False},
            {"KeyRotationEnabled": True},
            {"KeyRotationEnabled": True},
            {"KeyRotationEnabled": False},
        ),
    ],
)
def test_what_a_run_left_is_put_back(aspect, before, after, found, wanted):
    proposal = back(made(aspect, before, after), found)
    (change,) = proposal.remediations
    assert (change.before, change.after) == (found, wanted)
    assert proposal.refusals == ()


@pytest.mark.parametrize(
    "aspect, before, after, found",
    [
        (Aspect.POLICY, "{}", OURS, "{}"),
        (Aspect.POLICY, None, OURS, None),
        (Aspect.ENCRYPTION, None, KMS, AES),  # which is what S3 does without a configuration
        (Aspect.ENCRYPTION, None, AES, AES),
        (Aspect.VERSIONING, None, {"Status": "Enabled"}, {"Status": "Suspended"}),
        (Aspect.VERSIONING, None, {"Status": "Enabled"}, None),
        (Aspect.PUBLIC_ACCESS_BLOCK, {"BlockPublicAcls": False}, FLAGS, {}),
    ],
)
def test_what_is_back_already_is_left_alone(aspect, before, after, found):
    proposal = back(made(aspect, before, after), found)
    assert proposal.remediations == proposal.refusals == ()


@pytest.mark.parametrize(
    "found, risk, words",
    [
        (OURS.replace("b", "c"), Risk.CHANGED_SINCE, "changed since the run run-1"),
        (None, Risk.CHANGED_SINCE, "changed since"),
        (DENIED, Risk.UNKNOWN, "AccessDenied"),
    ],
)
def test_what_somebody_changed_since_is_left_alone_and_named(found, risk, words):
    proposal = back(made(Aspect.POLICY, "{}", OURS), found)
    assert proposal.remediations == ()
    assert [(one.bucket, one.check, one.risk) for one in proposal.refusals] == [
        ("b", "tls_only", risk),
        ("b", "bucket_key", risk),
    ]
    assert words in proposal.refusals[0].message


def test_what_was_not_read_is_not_changed():
    backup = Backup("r", ACCOUNT, "aws", (made(Aspect.POLICY, "{}", OURS),))
    assert [one.risk for one in reversal(backup, {}).refusals] == [Risk.UNKNOWN] * 2


def test_versioning_says_that_it_does_not_go_all_the_way_back():
    (change,) = back(made(Aspect.VERSIONING, None, {"Status": "Enabled"}), {"Status": "Enabled"}).remediations
    assert "cannot go back to never enabled: suspended" in change.reason


def test_the_way_back_is_the_other_way_round():
    changes = (
        made(Aspect.POLICY, None, OURS),
        made(Aspect.PUBLIC_ACCESS_BLOCK, None, FLAGS),
        made(Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, None, FLAGS, ACCOUNT, ""),
    )
    live = {change.target: change.after for change in changes}
    found = reversal(Backup("r", ACCOUNT, "aws", changes), live).remediations
    # the blocks go first: under them S3 would not take back a policy that is public
    assert [change.target.aspect for change in found] == [
        Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK,
        Aspect.PUBLIC_ACCESS_BLOCK,
        Aspect.POLICY,
    ]


# --- the document ----------------------------------------------------------------------------------------------------

_documents = st.none() | st.dictionaries(st.text(), st.text() | st.booleans() | st.integers() | st.lists(st.text()))
_changes = st.builds(
    lambda aspect, before, after, checks: Remediation(Target(aspect, "b", REGION), "b", before, after, tuple(checks)),
    st.sampled_from(sorted(set(Aspect) - {Aspect.POLICY})),
    _documents,
    _documents,
    st.lists(st.text()),
) | st.builds(lambda text: made(Aspect.POLICY, None, text), st.text())


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(_changes, max_size=4))
def test_a_backup_holds_all_there_is(changes):
    backup = Backup("run", ACCOUNT, "aws-cn", tuple(changes), 7)
    assert parse_backup("".join(backup.chunks()), "x.json", ACCOUNT) == backup


BACKUP = Backup(
    "run", ACCOUNT, "aws", (made(Aspect.POLICY, None, OURS), made(Aspect.KMS_KEY_ROTATION, {}, {}, KEY_ARN))
)


def test_the_shape_of_a_backup():
    assert json.loads("".join(replace(BACKUP, changes=BACKUP.changes[:1]).chunks())) == {
        "schema": "day2.ops/s3_encryption_audit_backup/1",
        "run_id": "run",
        "account": ACCOUNT,
        "partition": "aws",
        "audited": 0,
        "changes": [
            {
                "bucket": "b",
                "resource": "b",
                "region": REGION,
                "aspect": "policy",
                "checks": ["tls_only", "bucket_key"],
                "before": None,
                "after": OURS,
            }
        ],
    }


def broken(**changes):
    entry = json.loads("".join(BACKUP.chunks()))
    entry["changes"][0].update(changes)
    return json.dumps(entry)


@pytest.mark.parametrize(
    "text, problem",
    [
        ("", "b.json: not a backup"),
        ("[" * 100_000, "b.json: not a backup"),
        ("[]", "schema is not " + SCHEMA),
        ('{"schema": "day2.ops/s3_encryption_audit/1"}', "schema is not"),
        (json.dumps({"schema": SCHEMA, "changes": {}}), "changes is not a list"),
        (json.dumps({"schema": SCHEMA, "audited": 1, "changes": []}), "run_id is missing"),
        (json.dumps({"schema": SCHEMA, "changes": []}), "audited is missing or not a number"),
        (json.dumps({"schema": SCHEMA, "audited": True, "changes": []}), "audited is missing or not a number"),
        (json.dumps({**json.loads("".join(BACKUP.chunks())), "changes": [1]}), r"changes\[0\]: not an object"),
        (broken(aspect="acl"), r"changes\[0\]: there is no aspect 'acl'"),
        (broken(before={}), r"changes\[0\]: before is missing or not of the kind of a policy"),
        (broken(region=None), r"changes\[0\]: region is missing"),
        (broken(checks="tls_only"), r"changes\[0\]: checks is not a list"),
        ("".join(BACKUP.chunks()).replace(ACCOUNT, "999988887777"), "a backup of account 999988887777"),
    ],
)
def test_what_is_no_backup_is_refused(text, problem):
    with pytest.raises(BackupError, match=problem):
        parse_backup(text, "b.json", ACCOUNT)
