# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Overall, Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.summary import FAIL_ON, Tally, failure
from hypothesis import given, settings
from hypothesis import strategies as st

LOW, MEDIUM, HIGH, CRITICAL = Severity
PASS, FAIL, UNKNOWN, EXEMPT = Status


def tally(*findings, checks=()):
    result = Tally(checks)
    for status, severity in findings:
        result.count(f"check_{severity.value}", "b", status, severity)
    return result


def test_summary():
    result = Tally(["a", "never"])
    result.count("a", "one", PASS, HIGH)
    result.count("a", "two", FAIL, HIGH)
    result.count("b", "one", UNKNOWN, LOW)
    result.count("b", "two", EXEMPT, LOW)
    result.count("account", "", FAIL, CRITICAL)
    assert result.as_dict({"new": 1, "fixed": 2, "open": 0, "not_seen": 3}) == {
        "resources": 2,
        "findings": 5,
        "pass": 1,
        "fail": 2,
        "unknown": 1,
        "exempt": 1,
        "by_check": {
            "a": {"pass": 1, "fail": 1, "unknown": 0, "exempt": 0},
            "never": {"pass": 0, "fail": 0, "unknown": 0, "exempt": 0},
            "b": {"pass": 0, "fail": 0, "unknown": 1, "exempt": 1},
            "account": {"pass": 0, "fail": 1, "unknown": 0, "exempt": 0},
        },
        "by_severity": {"low": 0, "medium": 0, "high": 1, "critical": 1},
        "score": 23.5,  # 4 of 4 + 4 + 1 + 8
        "unknown_percent": 20.0,
        "sentence": "2 buckets, 5 findings: 1 pass, 2 fail (1 critical, 1 high), 1 unknown, 1 exempt; score 23.5;"
        " since the earlier run 1 new, 2 fixed, 0 open, 3 not seen.",
        "comparison": {"new": 1, "fixed": 2, "open": 0, "not_seen": 3},
    }


def test_nothing_to_judge():
    summary = Tally().as_dict()
    assert (summary["score"], summary["unknown_percent"]) == (None, 0.0)
    assert summary["sentence"] == "0 buckets, 0 findings: 0 pass, 0 fail, 0 unknown, 0 exempt."
    assert "comparison" not in summary
    assert tally((EXEMPT, HIGH)).score is None


@pytest.mark.parametrize(
    "findings, score",
    [
        ([(PASS, LOW)], 100),
        ([(FAIL, LOW)], 0),
        ([(UNKNOWN, LOW)], 0),  # unknown is not pass
        ([(PASS, LOW), (FAIL, CRITICAL)], 11.1),
        ([(PASS, CRITICAL), (FAIL, LOW)], 88.8),  # rounded down
        ([(PASS, LOW), (EXEMPT, CRITICAL)], 100),
        ([(PASS, CRITICAL)] * 9999 + [(UNKNOWN, LOW)], 99.9),
    ],
)
def test_score(findings, score):
    assert tally(*findings).score == score


@pytest.mark.parametrize(
    "findings, status",
    [
        ([], "ok"),
        ([(PASS, CRITICAL), (EXEMPT, CRITICAL)], "ok"),
        ([(UNKNOWN, LOW), (PASS, HIGH)], "unknown"),
        ([(UNKNOWN, CRITICAL), (FAIL, MEDIUM)], "warning"),
        ([(UNKNOWN, LOW), (FAIL, HIGH)], "critical"),
    ],
)
def test_overall(findings, status):
    assert tally(*findings).overall() is Overall(status)


MIXED = [(FAIL, MEDIUM), (FAIL, HIGH), (UNKNOWN, LOW), (PASS, LOW)]


@pytest.mark.parametrize(
    "findings, fail_on, percent, message",
    [
        (MIXED, "never", None, None),
        (MIXED, "critical", None, None),
        (MIXED, "high", None, "fail_on is high: 1 findings of that severity or above fail"),
        (MIXED, "low", None, "fail_on is low: 2 findings of that severity or above fail"),
        (MIXED, "unknown", None, "fail_on is unknown: 2 findings fail and 1 are unknown"),
        ([(FAIL, LOW)], "medium", None, None),
        ([(FAIL, LOW)], "unknown", None, "fail_on is unknown: 1 findings fail and 0 are unknown"),
        ([(EXEMPT, CRITICAL), (PASS, LOW)], "unknown", None, None),
        ([(UNKNOWN, CRITICAL)], "low", None, None),
        (MIXED, "never", 25, None),
        (MIXED, "never", 24.9, "max_unknown_percent is 24.9: 25.0 % of the findings are unknown (1 of 4)"),
        (MIXED, "critical", 0, "max_unknown_percent is 0: 25.0 % of the findings are unknown (1 of 4)"),
        ([(PASS, LOW)], "never", 0, None),
        ([], "unknown", 0, None),
    ],
)
def test_when_the_task_fails(findings, fail_on, percent, message):
    assert failure(tally(*findings), fail_on, percent) == message


def test_the_documented_sentence_is_one_that_is_said():
    module = Path(__file__).resolve().parents[5] / "plugins/modules/s3_encryption_audit.py"
    (sample,) = re.findall(r'sample: "(60 buckets, .*)"', module.read_text(encoding="utf-8"))
    result = Tally()
    kinds = [(PASS, MEDIUM)] * 170 + [(FAIL, HIGH)] * 2 + [(FAIL, MEDIUM)] * 5 + [(UNKNOWN, MEDIUM)] * 3
    for number, (status, severity) in enumerate(kinds):
        result.count(f"check-{number % 3}", f"bucket-{number % 60}", status, severity)
    assert result.sentence() == sample


@settings(derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(Status), st.sampled_from(Severity)), max_size=30))
def test_laws(findings):
    result = tally(*findings)
    summary = result.as_dict()
    assert summary["findings"] == len(findings) == sum(summary[status.value] for status in Status)
    assert summary["fail"] == sum(summary["by_severity"].values())
    perfect = all(status in (PASS, EXEMPT) for status, _unused in findings)
    assert (summary["score"] in (100, None)) is perfect
    assert (result.overall() is Overall.OK) is perfect
    # each word is at least as strict as the one before it
    strictness = [
        failure(result, word) is not None for word in ("never", "critical", "high", "medium", "low", "unknown")
    ]
    assert strictness == sorted(strictness) and FAIL_ON == ("never", "low", "medium", "high", "critical", "unknown")
    worse = tally(*findings, (UNKNOWN, HIGH))
    assert result.score is None or worse.score <= result.score
