# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.calls import write
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.documents import (
    fulfils,
    identical,
)
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
from ansible_collections.day2.ops.tests.support.effort import tries
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

_texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")))
_names = st.from_regex(r"[A-Z][A-Za-z]{0,9}", fullmatch=True).filter(lambda name: name != "Rule")
_documents = st.none() | st.dictionaries(_names, _texts | st.booleans() | st.integers() | st.lists(_texts))
_changes = st.builds(
    lambda aspect, before, after, checks: Remediation(Target(aspect, "b", REGION), "b", before, after, tuple(checks)),
    st.sampled_from(sorted(set(Aspect) - {Aspect.POLICY, Aspect.KMS_KEY_ROTATION})),
    _documents,
    _documents,
    st.lists(st.text()),
) | st.builds(lambda text: made(Aspect.POLICY, None, text), _texts)


@settings(derandomize=True, max_examples=tries(100))
@given(st.lists(_changes, max_size=4))
def test_a_backup_holds_all_there_is(changes):
    backup = Backup("run", ACCOUNT, "aws-cn", tuple(changes), 7)
    assert parse_backup("".join(backup.chunks()), "x.json", ACCOUNT) == backup


def nested(depth):
    return {"Rule": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    "aspect, document, problem",
    [
        (Aspect.ENCRYPTION, {"Rule": {"BlockedEncryptionTypes": {"EncryptionType": [1, "a"]}}}, "no list of names"),
        (Aspect.ENCRYPTION, {"Rule": {"BlockedEncryptionTypes": {"EncryptionType": "a"}}}, "no list of names"),
        (Aspect.ENCRYPTION, {"Rule": {"BlockedEncryptionTypes": "a"}}, "no list of names"),
        (Aspect.ENCRYPTION, {"Rule": None}, "Rule is neither text, number, list nor object"),
        (Aspect.ENCRYPTION, {"Rule": 1.5}, "Rule is neither text, number, list nor object"),
        (Aspect.ENCRYPTION, {"Rule><x": "y"}, "'Rule><x' is not the name of an element"),
        (Aspect.LOGGING, {"LoggingEnabled": {"TargetPrefix": "a\x00"}}, "TargetPrefix has characters"),
        (Aspect.LOGGING, {"LoggingEnabled": {"xsi:type": 5}}, "xsi:type is not a text"),
        (Aspect.LIFECYCLE, {"TransitionDefaultMinimumObjectSize": "a\r\nX: y"}, "is not one word"),
        (Aspect.LIFECYCLE, nested(30), "Rule is nested too deeply"),
        (Aspect.POLICY, "\ud800", "policy has characters"),
        (Aspect.KMS_KEY_ROTATION, {"KeyRotationEnabled": "false"}, "neither true nor false"),
    ],
)
def test_what_could_not_be_written_is_refused_when_it_is_read(aspect, document, problem):
    backup = Backup("run", ACCOUNT, "aws", (made(aspect, document, None),))
    with pytest.raises(BackupError, match=rf"b.json: changes\[0\]: before: .*{re.escape(problem)}"):
        parse_backup("".join(backup.chunks()), "b.json", ACCOUNT)


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["\ud800", "a\r\nb"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(
                ["Rule", "BlockedEncryptionTypes", "EncryptionType", "xsi:type", "TransitionDefaultMinimumObjectSize"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(derandomize=True, max_examples=tries(400))
@given(st.sampled_from(Aspect), _ANY)
def test_what_is_taken_can_be_compared_and_written(aspect, document):
    text = "".join(Backup("run", ACCOUNT, "aws", (made(aspect, document, None),)).chunks())
    try:
        [change] = parse_backup(text, "b.json", ACCOUNT).changes
    except BackupError:
        return
    request = write(change.target, ACCOUNT, change.before)
    assert isinstance(request.body, bytes)
    assert all("\n" not in value for _name, value in request.headers)
    assert identical(aspect, change.before, change.before) and fulfils(aspect, change.before, change.before)


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
