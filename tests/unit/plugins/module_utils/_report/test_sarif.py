# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SARIF report: valid by the published schema, and what code-scanning services need."""

from __future__ import annotations

import json
import pathlib
from typing import Any, Dict, List

import jsonschema
import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import sarif
from ansible_collections.day2.ops.plugins.module_utils._report.model import Findings
from ansible_collections.day2.ops.tests.support import report_samples as samples

SCHEMA = json.loads((pathlib.Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def rendered(findings: Findings, **run: Any) -> Dict[str, Any]:
    text = "".join(sarif.render(samples.info(**run), findings, samples.summary(findings)))
    document: Dict[str, Any] = json.loads(text.encode("utf-8", "backslashreplace"))
    return document


@pytest.mark.parametrize(
    "findings",
    [[], list(samples.account(10)), list(samples.account(10, compared=True)), samples.hostile()],
    ids=["none", "real", "compared", "hostile"],
)
def test_it_is_valid(findings: List[Any]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(rendered(findings))] == []


def test_it_lists_problems_and_counts_the_rest() -> None:
    findings = list(samples.account(20))
    (run,) = rendered(findings)["runs"]
    open_ones = [finding["id"] for finding in findings if finding["status"] != "pass"]
    assert [result["partialFingerprints"]["findingId/v1"] for result in run["results"]] == open_ones
    assert run["properties"]["summary"]["pass"] == sum(finding["status"] == "pass" for finding in findings)


@pytest.mark.parametrize(
    "status, severity, kind, level",
    [
        ("fail", "critical", "fail", "error"),
        ("fail", "high", "fail", "error"),
        ("fail", "medium", "fail", "warning"),
        ("fail", "low", "fail", "note"),
        ("unknown", "critical", "open", "none"),  # only what fails may have a level
        ("exempt", "low", "fail", "note"),
    ],
)
def test_kind_and_level(status: str, severity: str, kind: str, level: str) -> None:
    (result,) = rendered([samples.finding(status=status, severity=severity)])["runs"][0]["results"]
    assert (result["kind"], result["level"]) == (kind, level)


def test_an_exemption_is_a_suppression_with_its_reason() -> None:
    evidence = {"exemption": {"reason": "old scanner", "owner": "team-x", "expires": "2026-09-30"}, "verdict": "fail"}
    statuses = ("exempt", "fail", "unknown")  # what is unknown stays so
    findings = [samples.finding(status=status, evidence=evidence) for status in statuses]
    exempt, failing, unknown = rendered(findings)["runs"][0]["results"]
    assert exempt["suppressions"][0]["justification"] == "old scanner (owner team-x, until 2026-09-30)"
    assert "suppressions" not in failing and "suppressions" not in unknown


@pytest.mark.parametrize(
    "bucket, region, uri",
    [
        ("logs", "eu-west-1", "123456789012/eu-west-1/logs"),
        ("", "", "123456789012"),  # a check of the whole account
        ("a b:/é?#%", "eu-west-1", "123456789012/eu-west-1/a%20b%3A%2F%C3%A9%3F%23%25"),
    ],
)
def test_a_location_has_no_scheme(bucket: str, region: str, uri: str) -> None:
    (result,) = rendered([samples.finding(bucket=bucket, region=region)])["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_all_results_say_how_they_compare_or_none_does() -> None:
    findings = list(samples.account(20, compared=True))
    states = [result.get("baselineState") for result in rendered(findings)["runs"][0]["results"]]
    assert set(states) == {"new", "unchanged"}
    assert all("baselineState" not in result for result in rendered(list(samples.account(5)))["runs"][0]["results"])


def test_rules_point_to_the_controls_of_their_frameworks() -> None:
    (run,) = rendered([samples.finding("tls_only"), samples.finding("kms_key"), samples.finding("my_own")])["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["kms_key", "tls_only", "my_own"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for relationship in rules[1]["relationships"]:
        target = relationship["target"]
        taxonomy = run["taxonomies"][target["toolComponent"]["index"]]
        assert taxonomy["name"] == target["toolComponent"]["name"]
        assert taxonomy["taxa"][target["index"]]["id"] == target["id"]
    assert rules[1]["properties"]["security-severity"] == "8.0"


def test_the_start_is_in_utc() -> None:
    (run,) = rendered([], started_at="2026-03-01T12:00:00+02:00")["runs"]
    assert run["invocations"][0]["startTimeUtc"] == "2026-03-01T10:00:00Z"
