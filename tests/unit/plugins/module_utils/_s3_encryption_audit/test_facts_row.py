# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.custom import (
    CustomCheckError,
    parse_custom_checks,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.facts_row import (
    COLUMNS,
    NAMES,
    TAGS,
    questions_for,
    row,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    Encryption,
    Grant,
    LifecycleRule,
    ObjectLock,
    PublicAccessBlock,
    Question,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import Requirements
from ansible_collections.day2.ops.plugins.module_utils._where.evaluate import UNKNOWN
from ansible_collections.day2.ops.tests.support.facts import (
    ACCOUNT,
    DENIED,
    GOOD,
    GOOD_ACCOUNT,
    KEY,
    KEY_ARN,
    accounts,
    buckets,
    unseen,
)
from hypothesis import given, settings

BARE = replace(
    GOOD,
    encryption=None,
    kms_key=None,
    policy=None,
    public_access_block=None,
    ownership=None,
    logging=None,
    object_lock=None,
    lifecycle=(),
    versioning=Versioning(),
)


@pytest.mark.parametrize(
    "bucket, name, value",
    [
        (GOOD, "bucket", "good"),
        (GOOD, "region", "eu-central-1"),
        (GOOD, "account", ACCOUNT),
        (GOOD, "partition", "aws"),
        (GOOD, "encryption.algorithm", "aws:kms"),
        (GOOD, "encryption.kms_key", KEY_ARN),
        (GOOD, "encryption.bucket_key", True),
        (GOOD, "encryption.blocked", ("SSE-C",)),
        (replace(GOOD, encryption=Encryption("aws:kms")), "encryption.kms_key", None),
        (replace(GOOD, encryption=Encryption("AES256")), "encryption.blocked", None),
        (replace(GOOD, encryption=Encryption("AES256", blocked_known=True)), "encryption.blocked", ()),
        (BARE, "encryption.algorithm", None),
        (BARE, "encryption.kms_key", None),
        (BARE, "encryption.bucket_key", False),
        (BARE, "encryption.blocked", None),
        (GOOD, "kms_key.arn", KEY_ARN),
        (GOOD, "kms_key.manager", "CUSTOMER"),
        (GOOD, "kms_key.state", "Enabled"),
        (GOOD, "kms_key.aliases", ("alias/data",)),
        (GOOD, "kms_key.rotation", True),
        (GOOD, "kms_key.rotatable", True),
        (BARE, "kms_key.arn", None),
        (BARE, "kms_key.aliases", None),
        (BARE, "kms_key.rotation", None),
        (replace(GOOD, kms_key=replace(KEY, rotation=DENIED)), "kms_key.rotation", UNKNOWN),
        (replace(GOOD, kms_key=replace(KEY, rotation=DENIED)), "kms_key.state", "Enabled"),
        (GOOD, "policy.text", GOOD.policy),
        (BARE, "policy.text", None),
        (GOOD, "policy.is_public", False),
        (GOOD, "public_access_block.ignore_public_acls", True),
        (BARE, "public_access_block.ignore_public_acls", False),
        (replace(GOOD, public_access_block=PublicAccessBlock(restrict_public_buckets=True)),
         "public_access_block.restrict_public_buckets", True),
        (replace(GOOD, public_access_block=PublicAccessBlock(restrict_public_buckets=True)),
         "public_access_block.block_public_acls", False),
        (GOOD, "account_public_access_block.block_public_policy", True),
        (GOOD, "acl.grants", 1),
        (GOOD, "acl.public", []),
        (replace(GOOD, grants=(Grant("http://acs.amazonaws.com/groups/global/AllUsers", "READ"),)), "acl.public",
         ["READ to AllUsers"]),
        (GOOD, "ownership", "BucketOwnerEnforced"),
        (BARE, "ownership", None),
        (GOOD, "versioning.status", "Enabled"),
        (BARE, "versioning.status", None),
        (GOOD, "versioning.mfa_delete", True),
        (GOOD, "logging.target_bucket", "logs"),
        (GOOD, "logging.target_prefix", "good/"),
        (BARE, "logging.target_bucket", None),
        (GOOD, "object_lock.enabled", True),
        (GOOD, "object_lock.mode", "COMPLIANCE"),
        (GOOD, "object_lock.days", 30),
        (replace(GOOD, object_lock=ObjectLock("GOVERNANCE", 0, 2)), "object_lock.days", 730),
        (replace(GOOD, object_lock=ObjectLock()), "object_lock.days", None),
        (replace(GOOD, object_lock=ObjectLock()), "object_lock.mode", None),
        (replace(GOOD, object_lock=ObjectLock()), "object_lock.enabled", True),
        (BARE, "object_lock.enabled", False),
        (BARE, "object_lock.mode", None),
        (BARE, "object_lock.days", None),
        (GOOD, "lifecycle.rules", 1),
        (GOOD, "lifecycle.enabled_rules", 1),
        (GOOD, "lifecycle.abort_multipart_days", 7),
        (BARE, "lifecycle.abort_multipart_days", None),
        (replace(GOOD, lifecycle=(LifecycleRule("a", True, True, None, ("Transition", "Expiration")),
                                  LifecycleRule("b", False, True, 1, ("Other",)))), "lifecycle.actions",
         ["Expiration", "Transition"]),
        (replace(GOOD, lifecycle=(LifecycleRule("a", False, True, 1), LifecycleRule("b", True, False, 2))),
         "lifecycle.abort_multipart_days", None),
        (GOOD, "website", False),
        (GOOD, "objects.source", "inventory"),
        (GOOD, "objects.seen", 1000),
        (GOOD, "objects.complete", True),
        (GOOD, "objects.encryptions", ["aws:kms"]),
        (GOOD, "tags.env", "prod"),
        (GOOD, "tags.cost center", "42"),
        (GOOD, "tags.owner", None),
    ],
)  # fmt: skip
def test_values(bucket, name, value):
    assert row(bucket, GOOD_ACCOUNT)[name] == value


def test_every_column_is_documented_and_tested():
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    tested = {parameters[1] for parameters in test_values.pytestmark[0].args[1]}
    families = {"public_access_block", "account_public_access_block"}
    assert {column.name for column in COLUMNS if column.name.split(".")[0] not in families} <= tested
    for column in COLUMNS:
        assert column.meaning and column.type in ("text", "number", "flag", "list")
    assert {column.question for column in COLUMNS} | {Question.TAGS} == {None, *Question}
    assert {column.name for column in COLUMNS} | {TAGS} == NAMES


def test_what_could_not_be_seen_is_unknown_with_its_reason():
    facts = row(unseen(GOOD), AccountFacts(ACCOUNT, public_access_block=DENIED))
    known = {"bucket", "region", "account", "partition"}
    assert {name for name in facts if facts[name] is not UNKNOWN} == known
    assert facts["tags.env"] is UNKNOWN
    names = {*facts, "tags.env"}
    assert facts.unknown(names) == dict.fromkeys(names - known, "s3:Get: AccessDenied")


def test_a_row_is_a_mapping_of_its_columns():
    facts = row(GOOD, GOOD_ACCOUNT)
    assert list(facts) == [*(column.name for column in COLUMNS), "tags.env", "tags.cost center"]
    assert len(facts) == len(COLUMNS) + 2 and len(dict(facts)) == len(facts)
    with pytest.raises(KeyError):
        facts["nonsense"]


def test_questions():
    assert questions_for(["region", "account_public_access_block.block_public_acls"]) == frozenset()
    assert questions_for(["tags.env", "website"]) == {Question.TAGS, Question.WEBSITE}
    assert questions_for(["kms_key.state"]) == {Question.KMS_KEY, Question.ENCRYPTION}


KINDS = {"text": str, "number": int, "flag": bool, "list": (list, tuple)}


@settings(derandomize=True)
@given(buckets, accounts)
def test_values_have_the_documented_type(bucket, account):
    facts = row(bucket, account)
    for column in COLUMNS:
        value = facts[column.name]
        assert value is None or value is UNKNOWN or isinstance(value, KINDS[column.type]), column.name


def custom(expression, **others):
    return {"name": "mine", "severity": "high", "expression": expression, **others}


def verdict_of(expression, bucket, **others):
    (check,) = parse_custom_checks([custom(expression, **others)])
    return check.decide(bucket, GOOD_ACCOUNT, Requirements())


def test_a_custom_check_passes_where_its_expression_is_true():
    verdict = verdict_of("tags.env == 'prod' and 'SSE-C' in encryption.blocked", GOOD)
    assert (verdict.status.value, verdict.evidence) == (
        "pass",
        {"tags.env": "prod", "encryption.blocked": ["SSE-C"]},
    )


def test_and_fails_where_it_is_false():
    verdict = verdict_of("tags.env == 'test'", GOOD)
    assert (verdict.status.value, verdict.message) == ("fail", "it does not hold that tags.env == 'test'")
    assert verdict_of("website", GOOD, failure_message="no site here").message == "no site here"


def test_and_is_unknown_where_facts_are_missing_that_matter():
    blind = replace(GOOD, tags=DENIED, kms_key=replace(KEY, rotation=DENIED))
    verdict = verdict_of("kms_key.rotation and tags.env == 'prod'", blind)
    assert (verdict.status.value, verdict.message) == (
        "unknown",
        "whether kms_key.rotation and tags.env == 'prod' could not be seen: kms_key.rotation: s3:Get:"
        " AccessDenied; tags.env: s3:Get: AccessDenied",
    )
    assert verdict_of("region == 'x' and tags.env == 'prod'", blind).status.value == "fail"


def test_evidence_does_not_repeat_long_texts():
    evidence = verdict_of("'Deny' in policy.text", replace(GOOD, policy="Deny" * 9000)).evidence
    assert len(evidence["policy.text"]) == 201


def test_what_a_custom_check_is():
    (check,) = parse_custom_checks(
        [
            custom(
                "kms_key.rotation or account_public_access_block.block_public_acls",
                failure_message="m",
                remediation="r",
            )
        ]
    )
    assert (check.id, check.title, check.severity.value, check.remediation) == ("mine", "m", "high", "r")
    assert check.questions == {Question.KMS_KEY, Question.ENCRYPTION}
    assert check.reads_account and not check.of_account
    assert parse_custom_checks([custom("website")])[0].title == "website"


@pytest.mark.parametrize(
    "entries, message",
    [
        ([custom("website", name="tls_only")], "custom_checks[0].name: 'tls_only' is taken; choose another name"),
        *(
            ([custom("website", name=name)], f"custom_checks[0].name: '{name}' is taken")
            for name in ("exemption_expired", "account_audited", "buckets_listed", "buckets_selected")
        ),
        ([custom("website"), custom("website")], "custom_checks[1].name: 'mine' is taken"),
        ([custom("website", name="My Check")], "custom_checks[0].name: 'My Check' is not made of a-z"),
        ([custom("website", name=None)], "custom_checks[0].name: missing"),
        ([custom("website", severity="severe")], "custom_checks[0].severity: 'severe' is not one of low, medium, high"),
        ([custom(None)], "custom_checks[0].expression: missing"),
        ([custom("")], "custom_checks[0].expression: a text is needed"),
        ([custom("website", failure_message=7)], "custom_checks[0].failure_message: a text is needed"),
        ([custom("website = true")],
         'custom_checks[0].expression: "=" is not an operator: write "==" to compare, at character 9 of: website ='),
        ([custom("encryption.algo == 'x'")],
         'custom_checks[0].expression: unknown column "encryption.algo"; did you mean encryption.algorithm'),
        ([custom("website", expresion="x")], 'custom_checks[0].expresion: no such key; did you mean "expression"?'),
        ([custom("website", zzz="x")], "custom_checks[0].zzz: no such key; known are name, severity, expression"),
    ],
)  # fmt: skip
def test_what_is_no_custom_check(entries, message):
    with pytest.raises(CustomCheckError) as caught:
        parse_custom_checks(entries)
    assert str(caught.value).startswith(message)


def test_names_of_built_in_checks_are_what_is_taken():
    assert "mine" not in BY_ID
