# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Histories that nobody made up, of real files and whole scans: each line is processed in exactly one run id.

Daemons write, tools rotate, pack, cut, remove and restore. Runs are short of budget, their answers are lost, they are
killed at any instant, two come at once, and logs move while a run reads them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Set

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan import lines
from ansible_collections.day2.ops.plugins.module_utils._log_scan.identity import HEAD
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_account import LOSSES, Account, given_out
from ansible_collections.day2.ops.tests.support.log_histories import PACKED, Log, Numbers, pieces_in
from ansible_collections.day2.ops.tests.support.log_place import LogPlace
from ansible_collections.day2.ops.tests.support.log_runs import AFTER_RENAME, BEFORE_RENAME, Instant, ScanProcess
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

# Make it thousands: DAY2_LOG_HISTORIES=5000 pytest -s test_histories.py
HISTORIES = int(os.environ.get("DAY2_LOG_HISTORIES", "0"))
SHRINK = not os.environ.get("DAY2_LOG_NO_SHRINK")  # which takes minutes
NAMES = ("app.log", "db.log")
TRIED: Dict[str, int] = {}
EXPRESSIONS = (r"<\d{6}>", r"<[0-9]+> said", r"(?s)^.*<(?P<what>\d+)>")
LOGS = st.integers(0, 1)
INSTANTS = st.one_of(st.integers(1, 6000).map(Instant), st.sampled_from([BEFORE_RENAME, AFTER_RENAME]))


class History(RuleBasedStateMachine):
    """What daemons, logrotate, people and a scheduler do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="day2-"))
        (self.folder / "old").mkdir()
        self.place = LogPlace(self.folder)
        self.numbers = Numbers()
        self.logs: List[Log] = []
        self.accounts: List[Account] = []
        self.first_run = "beginning"
        self.options: Dict[str, Any] = {}
        self.patterns: Dict[str, Any] = {}
        self.added: List[str] = []  # patterns that no run has looked for
        self.window = 60.0
        self.ack = "receipt"
        self.arrived = ""  # the id of the last answer that arrived and was acknowledged
        self.answers: Dict[str, List[int]] = {}  # that arrived, by run id
        self.results: Dict[str, List[int]] = {}  # that were committed
        self.owed: Set[str] = set()  # those whose answers must arrive
        self.steps = 0
        self.process: Optional[ScanProcess] = None  # a run that is stopped in its middle
        self.before: Dict[str, Set[int]] = {}  # what there was when it began
        self.was, self.state_before = "", b""
        count("histories")

    @initialize(
        schemes=st.lists(st.sampled_from(["number", "date", "olddir"]), min_size=2, max_size=2),
        window=st.sampled_from([0, 60]),
        first_run=st.sampled_from(["beginning", "beginning", "end"]),
        ack=st.sampled_from(["receipt", "manual"]),
        multiline=st.sampled_from(["", "", "indent"]),
        expression=st.sampled_from(EXPRESSIONS),
        backfill=st.booleans(),
    )
    def begin(
        self,
        schemes: List[str],
        window: int,
        first_run: str,
        ack: str,
        multiline: str,
        expression: str,
        backfill: bool,
    ) -> None:
        self.window, self.first_run, self.ack = float(window), first_run, ack
        for name, scheme in zip(NAMES, schemes):
            log = Log(self.place, name, self.numbers, scheme, self.folder / "old")
            self.logs.append(log)
            self.accounts.append(Account(log, self.numbers))
        self.patterns = {"found": {"regex": expression, "max_samples": 1000}}
        self.options = {
            "paths": [{"path": str(self.place.folder / "*.log"), "olddir": str(self.folder / "old")}],
            "first_run": first_run,
            "late_window": f"{window}s",
            "multiline": multiline or None,
            "lock_timeout": 0,
            "backfill": backfill,
        }

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None and self.logs:
                self.quiet()
        finally:
            if self.process is not None:
                self.process.kill()
            for log in self.logs:
                log.stop()
            count("pieces", len(self.numbers.pieces))
            shutil.rmtree(self.folder)

    def step(self) -> None:
        """Life goes on: with every third step a daemon writes a line."""
        count("steps")
        self.steps += 1
        if self.steps % 3 == 1:
            self.logs[self.steps // 3 % 2].write()

    # --- daemons ---

    @rule(log=LOGS, many=st.sampled_from([1, 2, 20]), length=st.sampled_from([0, 40, 700]), indented=st.booleans())
    def append(self, log: int, many: int, length: int, indented: bool) -> None:
        self.step()
        for _each in range(many):
            self.logs[log].write(indented=indented, length=0 if indented or self.logs[log].broken else length)

    @rule(log=LOGS, indented=st.booleans())
    def append_half_a_line(self, log: int, indented: bool) -> None:
        self.step()
        self.logs[log].write(ends=False, indented=indented)

    @rule(seconds=st.sampled_from([1, 100, 5000]))
    def time_passes(self, seconds: int) -> None:
        self.step()
        if seconds >= self.window:
            self.all_open()  # a daemon that writes to a rotated log for longer than that is told by nobody
        self.place.wait(seconds)

    def all_open(self) -> None:
        for log in self.logs:
            log.hup()

    @rule(log=LOGS)
    def hup(self, log: int) -> None:
        self.step()
        self.logs[log].hup()

    @rule(log=LOGS)
    def daemon_ends(self, log: int) -> None:
        self.step()
        self.logs[log].stop()

    # --- rotation ---

    def is_free(self, log: Log) -> bool:
        return log.path.exists() and log.copy is None

    def is_written(self, log: Log) -> bool:
        return log.writer >= 0 and log.path.exists() and os.fstat(log.writer).st_ino == log.path.stat().st_ino

    @rule(log=LOGS, hup=st.booleans())
    def rename_and_create(self, log: int, hup: bool) -> None:
        self.step()
        one = self.logs[log]
        if not self.is_free(one):
            return
        hup = hup or self.window == 0 or not self.is_written(one)
        one.rename()
        if hup:
            one.hup()

    @rule(log=LOGS, part=st.sampled_from([0.0, 0.3, 0.9, 1.0]))
    def copytruncate_copies(self, log: int, part: float) -> None:
        self.step()
        if self.is_free(self.logs[log]):
            self.logs[log].begin_copy(part)

    @rule(log=LOGS, writes=st.booleans())
    def copytruncate_cuts(self, log: int, writes: bool) -> None:
        self.step()
        one = self.logs[log]
        if one.copy is not None:
            one.end_copy()
            if writes:
                one.write(ends=True)
            one.cut()

    @rule(log=LOGS, part=st.sampled_from([0.3, 1.0]))
    def copytruncate(self, log: int, part: float) -> None:
        self.step()
        one = self.logs[log]
        if self.is_free(one):
            one.begin_copy(part)
            one.end_copy()
            one.cut()

    @rule(log=LOGS)
    def truncate(self, log: int) -> None:
        self.step()
        if self.is_free(self.logs[log]):
            self.logs[log].cut()

    @rule(log=LOGS, opens=st.booleans())
    def delete(self, log: int, opens: bool) -> None:
        self.step()
        one, account = self.logs[log], self.accounts[log]
        if self.is_free(one):
            account.inode_goes(one.path)
            one.path.unlink()
            one.stop()
            if opens:
                one.hup()

    @rule(log=LOGS, ending=st.sampled_from(sorted(PACKED)), which=st.integers(0, 3))
    def compress(self, log: int, ending: str, which: int) -> None:
        self.step()
        one = self.logs[log]
        plain = [path for path in one.rotated() if path.suffix not in PACKED]
        if one.packing is None and plain:
            one.begin_packing(plain[which % len(plain)], ending)

    @rule(log=LOGS, keeps_time=st.booleans())
    def compressed(self, log: int, keeps_time: bool) -> None:
        self.step()
        if self.logs[log].packing is not None:
            self.accounts[log].inode_goes(self.logs[log].packing)
            self.logs[log].end_packing(keeps_time)

    @rule(log=LOGS)
    def remove_the_oldest(self, log: int) -> None:
        self.step()
        rotated = self.logs[log].rotated()
        if rotated:
            oldest = min(rotated, key=lambda path: path.stat().st_mtime_ns)
            self.accounts[log].inode_goes(oldest)
            oldest.unlink()

    # --- people ---

    @rule(log=LOGS)
    def replaced(self, log: int) -> None:
        self.step()
        one, account = self.logs[log], self.accounts[log]
        if self.is_free(one):
            data = one.path.read_bytes()
            account.confused |= account.size(pieces_in(data) & account.done()) < HEAD
            one.replace(data)

    @rule(log=LOGS)
    def backed_up(self, log: int) -> None:
        self.step()
        if self.logs[log].path.exists():
            self.logs[log].backup = self.logs[log].path.read_bytes()

    @rule(log=LOGS)
    def restored(self, log: int) -> None:
        self.step()
        one, account = self.logs[log], self.accounts[log]
        if self.is_free(one) and one.backup is not None:
            held = pieces_in(one.backup)
            # What is too short to be told from a new log that begins alike, or to be found again, is read again.
            account.confused |= account.size(held & account.done()) < HEAD or not held <= account.there()
            account.restored = True
            one.replace(one.backup)

    # --- runs ---

    def there(self) -> Dict[str, Set[int]]:
        return {account.log.name: account.there() for account in self.accounts}

    def state(self) -> bytes:
        path = self.place.state_dir / "default.json"
        return path.read_bytes() if path.exists() else b""

    def pending(self) -> Dict[str, Any]:
        """The result that the state holds."""
        state = self.state()
        return json.loads(state)["pending"] if state else {"run_id": "", "result": None}

    def is_acknowledged(self, run_id: str) -> bool:
        """Whether no answer is owed any more; one with nothing in it never is, where receipts are left."""
        return not run_id or self.arrived == run_id or run_id not in self.owed

    def asked(self, **more: Any) -> Dict[str, Any]:
        how = {"receipt": True} if self.ack == "receipt" else {"ack": self.arrived or "manual"}
        return {**self.options, "patterns": self.patterns, **how, **more}

    @rule(budget=st.sampled_from([None, None, 1, 300]), lost=st.booleans(), unacknowledged=st.booleans())
    def run(self, budget: Optional[int], lost: bool, unacknowledged: bool) -> None:
        self.step()
        before, was, state = self.there(), self.pending()["run_id"], self.state()
        try:
            result = self.place.scan(**self.asked(max_bytes=budget))
        except GatewayError as error:
            assert self.process is not None and "holds it" in str(error)
            count("refused")
            return
        due = not self.is_acknowledged(was)
        assert result["redelivered"] == due
        self.committed(was, before, before, state)
        self.answered(result, lost, unacknowledged)
        if self.process is not None:  # it has not begun yet, or is at its end
            self.started()

    @rule(instant=INSTANTS)
    def run_is_killed(self, instant: Instant) -> None:
        self.step()
        if self.process is not None:
            return
        count("kills")
        before, was, state = self.there(), self.pending()["run_id"], self.state()
        process = self.scan_process(instant, signal.SIGKILL)
        answer = process.result()
        self.committed(was, before, before, state)
        if answer is not None:
            self.answered(answer, False, False)

    @rule(instant=INSTANTS)
    def run_stops_in_its_middle(self, instant: Instant) -> None:
        self.step()
        if self.process is not None or not (self.first_run == "beginning" or all(one.began for one in self.accounts)):
            return  # where a first run begins that is interrupted, nobody can say
        self.started()
        self.process = self.scan_process(instant, signal.SIGSTOP)
        self.committed(self.was, self.before, self.before, self.state_before)
        self.was, self.state_before = self.pending()["run_id"], self.state()
        if not self.process.stopped:
            self.goes_on(False)

    def started(self) -> None:
        """A run in a process sees from here on what there is."""
        self.before, self.was, self.state_before = self.there(), self.pending()["run_id"], self.state()

    @precondition(lambda self: self.process is not None)
    @rule(killed=st.booleans(), lost=st.booleans())
    def run_goes_on(self, killed: bool, lost: bool) -> None:
        self.step()
        if killed and self.process is not None:
            self.process.kill()
        self.goes_on(lost)

    def goes_on(self, lost: bool) -> None:
        process, self.process = self.process, None
        assert process is not None
        answer = process.result()
        self.committed(self.was, self.before, self.there(), self.state_before, still=False)
        if answer is not None:
            self.answered(answer, lost, False)

    def scan_process(self, instant: Instant, with_signal: int) -> ScanProcess:
        return ScanProcess(self.place, self.folder / "answer", instant, with_signal, self.asked())

    @rule(budget=st.sampled_from([None, 1]))
    def check_mode(self, budget: Optional[int]) -> None:
        self.step()
        state, run_id = self.state(), self.pending()["run_id"]
        result = self.place.scan(check_mode=True, **self.asked(max_bytes=budget))
        assert self.state() == state
        if not self.is_acknowledged(run_id):
            assert result["redelivered"] and result["run_id"] == run_id
            return
        for account in self.accounts:
            again = account.mine(given_out(result)) & account.done()
            assert not again or account.confused or account.restored, again

    @rule(expression=st.sampled_from(EXPRESSIONS))
    def expression_changes(self, expression: str) -> None:
        self.step()
        if self.options["backfill"]:
            return  # it would be looked for in all old text again
        self.patterns = {**self.patterns, "found": {"regex": expression, "max_samples": 1000}}

    @precondition(lambda self: self.process is None and len(self.patterns) < 4)
    @rule()
    def pattern_is_added(self) -> None:
        self.step()
        name = f"added{len(self.patterns)}"
        self.patterns = {**self.patterns, name: self.patterns["found"]}
        self.added.append(name)

    def committed(
        self, was: str, before: Dict[str, Set[int]], after: Dict[str, Set[int]], state: bytes, still: bool = True
    ) -> None:
        """Judge what a run has left, whether or not its answer came."""
        pending = self.pending()
        if pending["run_id"] == was:
            assert self.state() == state
            return
        assert self.is_acknowledged(was), "a result was dropped that may not have arrived"
        count("runs")
        for account in self.accounts:
            for name in self.added:
                account.expect(name, self.options["backfill"])
        self.added = []
        result = pending["result"]
        assert pending["run_id"] not in self.results
        problems = [
            each for each in result["problems"] if not each.endswith(": it cannot be read again for new patterns")
        ]
        assert not problems or not still, problems
        # A log that comes later is new from its beginning.
        first_run = "beginning" if self.results else self.first_run
        self.results[pending["run_id"]] = given_out(result)
        if pending["wants_receipt"]:
            self.owed.add(pending["run_id"])
        else:
            assert self.ack == "receipt" and not given_out(result) and not any(map(is_news, result["files"]))
        for account in self.accounts:
            account.judge(result, before[account.log.name], after[account.log.name], first_run, still)

    def answered(self, result: Dict[str, Any], lost: bool, unacknowledged: bool) -> None:
        """What the caller sees of a run, if it does."""
        run_id = result["run_id"]
        assert given_out(result) == self.results[run_id]
        if lost:
            return
        self.answers[run_id] = given_out(result)
        if not unacknowledged and run_id == self.pending()["run_id"]:
            self.arrived = run_id
            if self.ack == "receipt" and run_id in self.owed:
                Path(result["receipt_file"]).touch()

    # --- the end ---

    def quiet(self) -> None:
        """Nothing happens any more, and runs come until nothing is left: then all that can be read has been given out."""
        if self.process is not None:
            self.goes_on(False)
        for number, log in enumerate(self.logs):
            self.compressed(number, False)
            if log.copy is not None:
                log.end_copy()
                log.cut()
            log.stop()
        for _each in range(4):
            self.place.wait(4000)
            self.run(None, False, False)
        for account in self.accounts:
            left = account.there() - set(account.run_of) - account.passed
            assert not left or not account.began, (left, self.pending()["result"]["files"])
        assert self.owed <= set(self.answers)


def is_news(entry: Mapping[str, Any]) -> bool:
    return entry["gap"] or any(event["cause"] in LOSSES for event in entry["events"])


def count(what: str, number: int = 1) -> None:
    TRIED[what] = TRIED.get(what, 0) + number


def test_each_line_is_processed_in_exactly_one_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK", 400)  # so that a budget ends in the middle of a log
    TRIED.clear()
    some = settings(
        max_examples=HISTORIES or tries(12),
        stateful_step_count=60 if HISTORIES else 40,
        deadline=None,
        derandomize=not HISTORIES,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, *([Phase.shrink] if SHRINK else [])],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(History, settings=some)  # type: ignore[no-untyped-call]
    with capsys.disabled():
        print("\nwhole scans: " + ", ".join(f"{number} {what}" for what, number in TRIED.items()))
