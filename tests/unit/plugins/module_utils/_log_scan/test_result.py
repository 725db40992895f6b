# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Cause, Event, Ledger
from ansible_collections.day2.ops.plugins.module_utils._log_scan.result import again, failure, result, returned

QUIET = Ledger("/var/log/quiet.log")
READ = Ledger("/var/log/read.log", scanned=100)
LOST = Ledger("/var/log/lost.log", scanned=1, gap=4096, gap_causes=(Cause.VANISHED,))
LEFT = Ledger("/var/log/left.log", pending=50, pending_cause=Cause.BUDGET)
HALF = Ledger("/var/log/half.log", pending=5, pending_cause=Cause.PARTIAL)
BLIND = Ledger("/var/log/blind.log", unreadable="Permission denied")
MOVED = Ledger("/var/log/moved.log", events=(Event(Cause.ROTATED, "/var/log/moved.log.1", "it was renamed"),))


def entry(severity="high", count=3, met=True):
    return {"pattern": "p", "severity": severity, "count": count, "met": met}


def made(*ledgers, found=(), verdicts=(), problems=()):
    return result("r1", "grep", found, verdicts, ledgers, problems, [], 2.0, 100, 0)


@pytest.mark.parametrize(
    "ledgers, found, problems, status, sentence",
    [
        ([READ], [], [], "ok", "No matches in 1 log (100 B new)."),
        ([], [], [], "ok", "No logs were found."),
        ([READ], [entry()], [], "critical", "3 matches of 1 pattern in 1 log (100 B new): 3 high."),
        ([READ], [entry("medium")], [], "warning", "3 matches of 1 pattern in 1 log (100 B new): 3 medium."),
        (
            [READ],
            [entry(met=False)],
            [],
            "ok",
            "3 matches of 1 pattern in 1 log (100 B new): none often enough to matter.",
        ),
        ([LOST], [], [], "unknown", "No matches in 1 log (1 B new); 4.1 KB were lost."),
        ([LEFT], [], [], "ok", "No matches in 1 log (0 B new); 50 B are left for the next run."),
        ([HALF], [], [], "ok", "No matches in 1 log (0 B new)."),
        ([BLIND], [], [], "unknown", "No matches in 1 log (0 B new); 1 log could not be read."),
        ([READ], [], ["x: it is a FIFO"], "unknown", "No matches in 1 log (100 B new); 1 problem."),
        ([LOST], [entry()], [], "critical", "3 matches of 1 pattern in 1 log (1 B new): 3 high; 4.1 KB were lost."),
    ],
)
def test_status_and_sentence(ledgers, found, problems, status, sentence):
    verdicts = [(Status.FAIL, Severity(each["severity"])) for each in found if each["met"]]
    whole = made(*ledgers, found=found, verdicts=verdicts, problems=problems)
    assert (whole["status"], whole["summary"]["sentence"]) == (status, sentence)


def test_the_ledger_adds_up_and_what_has_most_to_tell_comes_first():
    whole = made(QUIET, READ, MOVED, HALF, LEFT, BLIND, LOST)
    assert [each["path"].split("/")[-1] for each in whole["files"]] == [
        *("blind.log", "lost.log", "half.log", "left.log", "moved.log", "read.log", "quiet.log"),
    ]
    assert all(each["appended"] == each["scanned"] + each["pending"] + each["gap"] for each in whole["files"])
    summary = whole["summary"]
    assert summary["appended"] == summary["scanned"] + summary["pending"] + summary["gap"] == 101 + 55 + 4096
    assert whole["backlog_bytes"] == 50 and whole["bytes_per_second"] == 50


def test_lists_are_bounded_and_what_is_left_out_is_counted():
    whole = made(QUIET, READ, LOST, found=[entry()] * 5, problems=["a", "b"])
    found = returned(whole, 2, [{"path": "/r"}], ["report /x: disk full"])
    assert [len(found[name]) for name in ("matches", "files", "problems")] == [2, 2, 2]
    assert found["truncated"] == {"matches": 3, "files": 1, "problems": 1}
    assert found["reports"] == [{"path": "/r"}] and whole["truncated"] == {} and whole["problems"] == ["a", "b"]


def test_once_more():
    whole = made(READ)
    repeated = again(whole)
    assert repeated["redelivered"] and not whole["redelivered"] and repeated["run_id"] == whole["run_id"]
    assert "not acknowledged" in repeated["summary"]["sentence"]


def test_what_fails_a_task():
    whole = made(READ)
    assert failure(("critical",), "critical", whole) is None
    assert failure(("ok",), "whatever", whole) == "fail_on is whatever: No matches in 1 log (100 B new)."
