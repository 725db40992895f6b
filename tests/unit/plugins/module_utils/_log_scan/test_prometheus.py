# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metrics of a scan: what the exposition format asks for, counters that never fall, and a repeat that counts once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.prometheus import read, render
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_model import LogReport
from ansible_collections.day2.ops.tests.support import log_reports as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

# https://prometheus.io/docs/instrumenting/exposition_formats/
LINE = re.compile(
    r'[a-zA-Z_:][a-zA-Z0-9_:]*\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
    r'(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*")*\} [0-9.e+]+'
)
FOUND = samples.report(patterns=(("oom_kill", "critical"), ("never_seen", "low")))


def text_of(report: LogReport) -> str:
    return "".join(render(report))


def values(text: str) -> Dict[str, float]:
    return {f"{name}{dict(labels)}": value for (name, labels), value in read(text).items()}


def run(report: LogReport, number: int, before: str = "", **more: Any) -> LogReport:
    result = {**report.result, "run_id": f"run-{number}", **more}
    return replace(report, result=result, earlier_metrics=before, finished=1000 * number)


def test_it_is_the_exposition_format() -> None:
    seen: List[str] = []
    for line in text_of(FOUND).splitlines():
        if line.startswith("#"):
            kind, name = line.split()[1:3]
            assert kind in ("HELP", "TYPE") and name.startswith("day2_log_scan_")
            seen += [name] if kind == "TYPE" else []
        else:
            assert LINE.fullmatch(line), line
            assert line.partition("{")[0] == seen[-1]  # all of a metric stand together, below its type
    assert len(seen) == len(set(seen)) == 11  # all but the success, which it was none
    assert text_of(FOUND).endswith("\n")


def test_what_is_said_of_a_run() -> None:
    said = values(text_of(FOUND))
    assert said["matches_total{'name': 'default', 'pattern': 'failed_password', 'severity': 'high'}"] == 420
    assert said["matches_total{'name': 'default', 'pattern': 'never_seen', 'severity': 'low'}"] == 0
    assert said["gap_bytes_total{'name': 'default'}"] == 2_100_000
    assert said["pending_bytes{'name': 'default'}"] == 1_110_128
    assert said["unreadable_logs{'name': 'default'}"] == 1
    assert said["status{'name': 'default', 'status': 'critical'}"] == 1
    assert said["status{'name': 'default', 'status': 'ok'}"] == 0
    assert said["last_run_timestamp_seconds{'name': 'default'}"] == 1795867203


def test_counters_go_on_and_a_repeat_counts_once() -> None:
    key = "matches_total{'name': 'default', 'pattern': 'oom_kill', 'severity': 'critical'}"
    text = ""
    for number, expected in ((1, 1), (2, 2), (2, 2), (3, 3)):
        text = text_of(run(FOUND, number, text))
        assert values(text)[key] == expected
    quiet = text_of(run(FOUND, 4, text, matches=[]))
    assert values(quiet)[key] == 3
    assert values(quiet)["matches{'name': 'default', 'pattern': 'oom_kill', 'severity': 'critical'}"] == 0


def test_success_is_to_have_read_everything() -> None:
    key = "last_success_timestamp_seconds{'name': 'default'}"
    quiet = samples.quiet()
    text = text_of(run(quiet, 1))
    assert values(text)[key] == 1000
    for more in (
        {"problems": ["a"]},
        {"status": "unknown"},
        {"files": [{**samples.LEDGER, "path": "/", "unreadable": "x"}]},
    ):
        later = values(text_of(run(quiet, 2, text, **more)))
        assert later[key] == 1000 and later["last_run_timestamp_seconds{'name': 'default'}"] == 2000
    assert key not in values(text_of(run(quiet, 1, problems=["a"])))
    assert values(text_of(run(quiet, 3, text)))[key] == 3000


def test_scans_of_other_names_are_left_alone() -> None:
    other = text_of(replace(FOUND, name="other"))
    key = "scanned_bytes_total{'name': 'default'}"
    assert values(text_of(run(FOUND, 1, other)))[key] == FOUND.total("scanned")


@settings(derandomize=True, max_examples=tries(30))
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.sampled_from(["", "\\", '"', "\n", "}", ',a="b'])
)
def test_any_name_can_be_read_back(name: str, more: str) -> None:
    whole = name + more
    match = {**FOUND.matches[0], "pattern": whole}
    text = text_of(replace(FOUND, name=whole, result={**FOUND.result, "matches": [match]}, patterns=()))
    known = [dict(labels) for (metric, labels), _value in read(text).items() if metric == "matches_total"]
    assert known == [{"name": whole, "pattern": whole, "severity": "critical"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\0\0",
        "day2_log_scan_matches_total 3",
        'day2_log_scan_matches_total{name="default",pattern="oom_kill",severity="critical"} 1.2.3',
        'other_matches_total{name="default",pattern="oom_kill",severity="critical"} 7',
        'day2_log_scan_matches_total{name="default",pattern="oom_kill",severity="crit',
    ],
)
def test_what_cannot_be_read_back_is_a_counter_that_begins_anew(text: str) -> None:
    key = "matches_total{'name': 'default', 'pattern': 'oom_kill', 'severity': 'critical'}"
    assert values(text_of(run(FOUND, 1, text)))[key] == 1
