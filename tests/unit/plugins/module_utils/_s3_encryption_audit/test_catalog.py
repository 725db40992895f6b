# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import (
    BY_ID,
    CHECKS,
    OF_RUNS,
    questions_of,
    rules_for_report,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.custom import parse_custom_checks
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.frameworks import (
    FRAMEWORKS,
    LISTED,
    TITLES,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Question
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.profiles import (
    PROFILES,
    SelectionError,
    profile,
    select,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements

# How each framework spells the ids of its controls.
SPELLING = {
    "security-hub": r"(S3|KMS)\.\d+",
    "cis-": r"\d\.\d+(\.\d+)?",
    "nist-800-53r5": r"[A-Z]{2}-\d+[a-d]?(\(\d+\))?",
    "nist-800-171r2": r"3\.\d+\.\d+",
    "pci-dss-": r"\d+\.\d+(\.\d+)?(\.[a-d])?",
    "hipaa": r"164\.3(08|12)(\([a-e]\))(\(\d\))?(\([iv]+\))?(\([A-D]\))?",
    "iso-27001-2022": r"A\.\d\.\d+",
    "soc2": r"(CC|A|C|PI)\d\.\d",
    "fedramp-moderate": r"[A-Z]{2}-\d+(\([a-z0-9]+\))*",
    "mitre-attack": r"T\d{4}",
}


def test_the_checks_are_these():
    assert [check.id for check in CHECKS] == [
        "default_encryption", "encryption_algorithm", "kms_key", "kms_key_state", "kms_key_rotation", "bucket_key",
        "sse_c_blocked", "tls_only", "tls_min_version", "public_access_block", "account_public_access_block",
        "not_public", "object_ownership", "versioning", "mfa_delete", "access_logging", "object_lock", "lifecycle",
        "object_encryption",
    ]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_explains_itself(check):
    assert check.title and not check.title.endswith(".")
    assert check.rationale.endswith(".") and check.remediation.endswith(".")
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/[A-Za-z0-9/_-]+\.html", check.url)
    assert check.of_account or check.questions
    assert check.frameworks == LISTED.get(check.id, {})


def test_frameworks_name_checks_and_checks_name_frameworks():
    assert set(FRAMEWORKS) <= set(BY_ID)
    assert {framework for controls in FRAMEWORKS.values() for framework in controls} == set(TITLES)
    # Blocked SSE-C and bucket keys are newer than, or no matter of, every framework.
    assert set(BY_ID) - set(FRAMEWORKS) == {"bucket_key", "sse_c_blocked"}


@pytest.mark.parametrize("check", FRAMEWORKS)
def test_controls_are_spelled_as_their_framework_spells_them(check):
    for framework, controls in FRAMEWORKS[check].items():
        pattern = next(pattern for prefix, pattern in SPELLING.items() if framework.startswith(prefix))
        assert controls and len(set(controls)) == len(controls)
        for control in controls:
            assert re.fullmatch(pattern, control), (framework, control)
    assert LISTED[check] == {framework: list(ids) for framework, ids in FRAMEWORKS[check].items()}


@pytest.mark.parametrize(
    "check, framework, control",
    [
        ("account_public_access_block", "security-hub", "S3.1"),
        ("tls_only", "security-hub", "S3.5"),
        ("public_access_block", "security-hub", "S3.8"),
        ("encryption_algorithm", "security-hub", "S3.17"),
        ("mfa_delete", "security-hub", "S3.20"),
        ("default_encryption", "cis-1.4", "2.1.1"),
        ("tls_only", "cis-1.4", "2.1.2"),
        ("tls_only", "cis-5.0", "2.1.1"),
        ("tls_only", "cis-7.0", "3.1.1"),
        ("account_public_access_block", "cis-1.5", "2.1.5"),
        ("account_public_access_block", "cis-2.0", "2.1.4"),
        ("public_access_block", "cis-6.0", "3.1.4"),
        ("encryption_algorithm", "pci-dss-4.0.1", "3.5.1"),
        ("tls_only", "pci-dss-4.0.1", "4.2.1"),
        ("tls_only", "nist-800-171r2", "3.13.8"),
        ("default_encryption", "hipaa", "164.312(a)(2)(iv)"),
        ("tls_only", "mitre-attack", "T1040"),
    ],
)
def test_well_known_controls(check, framework, control):
    assert control in FRAMEWORKS[check][framework]


def test_cis_dropped_default_encryption_with_version_2():
    assert [name for name in FRAMEWORKS["default_encryption"] if name.startswith("cis-")] == ["cis-1.4", "cis-1.5"]


def test_profiles_select_existing_checks_and_require_valid_policies():
    assert set(PROFILES) == {"baseline", "strict", *TITLES}
    for selection in PROFILES.values():
        assert selection.checks and set(selection.checks) <= set(BY_ID)
        parse_requirements({}, selection.policy)
    assert PROFILES["strict"].checks == tuple(BY_ID)
    assert set(PROFILES["cis-5.0"].checks) == {
        "kms_key_rotation", "tls_only", "public_access_block", "account_public_access_block", "mfa_delete",
    }  # fmt: skip
    assert PROFILES["security-hub"].policy == {"algorithm": "aws:kms"}
    assert PROFILES["cis-5.0"].policy == {}


def test_selection():
    assert [check.id for check in select("cis-2.0")] == list(profile("cis-2.0").checks)
    # in the order of the catalog, each once, whatever the order asked for
    assert [check.id for check in select("strict", ["versioning", "tls_only", "versioning"])] == [
        "tls_only",
        "versioning",
    ]
    own = parse_custom_checks([{"name": "mine", "severity": "low", "expression": "website"}])
    assert [check.id for check in select("baseline", ["tls_only"], own)] == ["tls_only", "mine"]
    assert [check.id for check in select("baseline", ["mine"], own)] == ["mine"]
    assert [check.id for check in select("baseline", None, own)][-1] == "mine"


@pytest.mark.parametrize(
    "name, checks, message",
    [
        ("cis-5", None, "check_profile: there is no 'cis-5'; did you mean cis-5.0 or "),
        ("qqqq", None, "check_profile: there is no 'qqqq'; known are baseline, strict, security-hub, cis-1.4"),
        ("baseline", ["tls_only", "tls_onyl"], "checks[1]: there is no 'tls_onyl'; did you mean tls_only"),
        ("baseline", ["kms"], "checks[0]: there is no 'kms'; did you mean kms_key"),
    ],
)
def test_unknown_names(name, checks, message):
    with pytest.raises(SelectionError) as caught:
        select(name, checks)
    assert str(caught.value).startswith(message)


def test_only_what_is_needed_is_asked():
    assert questions_of(select("baseline", ["tls_only", "tls_min_version"])) == {Question.POLICY}
    assert questions_of(select("baseline", ["account_public_access_block"])) == frozenset()
    assert questions_of(select("strict")) == set(Question) - {Question.TAGS, Question.WEBSITE}


def test_rules():
    rules = rules_for_report(select("strict"))
    assert [rule.id for rule in rules] == [*BY_ID, *(rule.id for rule in OF_RUNS)]
    assert rules[7].frameworks["cis-7.0"] == ["3.1.1"]
    assert {rule.severity for rule in rules} == {"low", "medium", "high", "critical"}
