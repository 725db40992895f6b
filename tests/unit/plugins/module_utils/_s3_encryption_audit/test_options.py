# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, FrozenSet, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import KeyDetail, Question
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.options import Audit, parse_options
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.profiles import PROFILES
from ansible_collections.day2.ops.tests.support.auditing import audited, merged, options

NOWHERE = "http://127.0.0.1:9"  # nothing is asked of it
NOW = datetime(2026, 3, 1, 12, 0, 5, tzinfo=timezone.utc)
REPAIR: Dict[str, Any] = {"remediate": ["tls_only"], "backup_dir": "b"}


def parsed(**given: Any) -> Audit:
    return parse_options(options(given), NOW)


@pytest.mark.parametrize(
    "given, said",
    [
        ({"check_profile": "cis"}, r"check_profile: there is no 'cis'; did you mean"),
        ({"checks": ["tls_only", "nothing"]}, r"checks\[1\]: there is no 'nothing'"),
        ({"remediate": ["tls"], "backup_dir": "b"}, r"remediate\[0\]: there is no check 'tls'"),
        ({"checks": ["versioning"], **REPAIR}, r"remediate\[0\]: tls_only is not among the checks of this run"),
        ({"remediate": ["tls_only"]}, r"remediate needs backup_dir"),
        ({"checks": ["mfa_delete"], "remediate": ["mfa_delete"], "backup_dir": "b"}, "remediate: mfa_delete cannot be"),
        (
            {"checks": ["access_logging"], "remediate": ["access_logging"], "backup_dir": "b"},
            r"access_logging needs policy\.log_bucket",
        ),
        ({"max_remediations": "-1"}, r"max_remediations: '-1' is neither"),
        ({"max_remediations": "101%"}, r"max_remediations: '101%' is neither"),
        ({"max_remediations": ""}, r"max_remediations: '' is neither"),
        ({"concurrency": 0}, r"concurrency: 0 is not a number from 1 to 1024"),
        ({"concurrency": 1025}, r"concurrency: 1025 "),
        ({"sample_objects": -1}, r"sample_objects: -1 "),
        ({"sample_objects": 1001}, r"sample_objects: 1001 "),
        ({"inventory_max_age_days": 0}, r"inventory_max_age_days: 0 "),
        ({"max_returned": -1}, r"max_returned: -1 "),
        ({"max_unknown_percent": 100.5}, r"max_unknown_percent: 100\.5 is not a percentage"),
        ({"max_unknown_percent": -0.1}, r"max_unknown_percent: -0\.1 "),
        ({"max_unknown_percent": float("nan")}, r"max_unknown_percent: nan "),
        ({"run_id": "a/b"}, r"run_id: 'a/b' is not made of"),
        ({"run_id": "../x"}, r"run_id: '\.\./x' "),
        ({"run_id": "x" * 101}, r"run_id: "),
        ({"policy": {"algorithm": "rot13"}}, r"policy\.algorithm.*rot13"),
        ({"policy": {"min_tls": "1.9"}}, r"policy\.min_tls.*1\.9"),
        ({"custom_checks": [{"name": "tls_only", "expression": "website"}]}, r"custom_checks\[0\].*tls_only"),
        ({"custom_checks": [{"name": "mine", "expression": "(website"}]}, r"custom_checks\[0\].*expression"),
        ({"exemptions": [{"bucket": "b", "check": ["x"], "reason": "r", "owner": "o"}]}, r"exemptions\[0\].*'x'"),
        ({"exemptions": [{"bucket": "b", "check": [], "reason": "r", "owner": "o"}]}, r"exemptions\[0\].*check"),
        (
            {"exemptions": [{"bucket": "b", "check": ["tls_only"], "reason": "", "owner": "o"}]},
            r"exemptions\[0\].*reason",
        ),
        (
            {"exemptions": [{"bucket": "b", "check": ["tls_only"], "reason": "r", "owner": " "}]},
            r"exemptions\[0\].*owner",
        ),
        ({"access_key": "a", "secret_key": ""}, r"secret_key is missing"),
        ({"assume_role_arn": "role/x"}, r"assume_role_arn 'role/x'"),
        ({"external_id": "x"}, r"external_id needs assume_role_arn"),
    ],
)
def test_refusals_name_the_option(given: Dict[str, Any], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        parsed(**given)


@pytest.mark.parametrize(
    "kind",
    [
        lambda **given: audited(NOWHERE, **given),
        lambda **given: audited(NOWHERE, state="reverted", revert_from="none.json", **given),
        lambda **given: merged(NOWHERE, slices="none", expected_accounts=["1"], **{"run_id": "one", **given}),
    ],
    ids=["audited", "reverted", "merged"],
)
@pytest.mark.parametrize(
    "given, said",
    [
        ({"concurrency": 0}, "concurrency: 0 is not a number from 1 to 1024"),
        ({"max_returned": -1}, "max_returned: -1 is not a number from 0 to 100000"),
        ({"max_unknown_percent": 500}, "max_unknown_percent: 500 is not a percentage"),
        ({"run_id": "a/b"}, "run_id: 'a/b' "),
    ],
)
def test_every_kind_of_run_refuses_the_same(kind: Callable[..., Any], given: Dict[str, Any], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        kind(**given)


@pytest.mark.parametrize("name", ["concurrency", "fail_on"])
def test_what_ansible_refuses_never_gets_here(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        options({name: {"not": "this"}})


def test_defaults_are_the_baseline_without_repairs() -> None:
    audit = parsed()
    assert tuple(check.id for check in audit.checks) == PROFILES["baseline"].checks
    assert not audit.wishes.checks
    assert audit.run_id == "20260301T120005Z"
    assert (audit.max_returned, audit.fail_on, audit.reports, audit.compare_to) == (200, "never", (), "")
    assert audit.limit.number == 10 and not audit.limit.percent


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_accepted(name: str) -> None:
    assert tuple(check.id for check in parsed(check_profile=name).checks) == PROFILES[name].checks


def test_named_checks_do_not_bring_the_policy_of_a_profile() -> None:
    assert parsed(check_profile="strict").requirements.customer_managed
    assert not parsed(check_profile="strict", checks=["kms_key"]).requirements.customer_managed


@pytest.mark.parametrize(
    "given, questions, details",
    [
        ({"checks": ["versioning"]}, {Question.VERSIONING}, set()),
        ({"checks": ["kms_key_rotation"]}, {Question.ENCRYPTION, Question.KMS_KEY}, {KeyDetail.ROTATION}),
        ({"checks": ["kms_key_state"]}, {Question.ENCRYPTION, Question.KMS_KEY}, {KeyDetail.POLICY}),
        (
            {"checks": ["kms_key"], "policy": {"kms_keys": ["alias/x"]}},
            {Question.ENCRYPTION, Question.KMS_KEY},
            {KeyDetail.ALIASES},
        ),
    ],
)
def test_only_what_is_needed_is_asked(given: Dict[str, Any], questions: FrozenSet[Question], details: Any) -> None:
    asked = parsed(**given).asked
    assert asked.questions - {Question.ENCRYPTION} == questions - {Question.ENCRYPTION}
    assert asked.key_details == details


def test_a_repair_asks_what_decides_about_its_risks() -> None:
    checks: List[str] = ["tls_only"]
    assert Question.WEBSITE not in parsed(checks=checks).asked.questions
    asked = parsed(checks=checks, **REPAIR).asked
    assert {Question.WEBSITE, Question.TAGS, Question.PUBLIC_ACCESS_BLOCK} <= asked.questions
    assert asked.account_block


def test_what_an_object_may_be_encrypted_with() -> None:
    assert parsed(policy={"algorithm": "aws:kms", "sse_c_blocked": True}).asked.acceptable >= {"aws:kms"}
    assert "SSE-C" not in parsed(policy={"sse_c_blocked": True}).asked.acceptable
    assert "SSE-C" in parsed(policy={"sse_c_blocked": False}).asked.acceptable
    assert parsed(inventory_max_age_days=3).asked.inventory_max_age == timedelta(days=3)
