# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Histories of a log that nobody made up: a daemon writes, tools rotate, pack, cut and remove, people meddle, runs are killed.

After each run every byte that the daemon has ever written must be accounted for: read in exactly one run, still pending,
counted as a gap because a run had seen it, or lost unseen, with an event that says so.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any, Dict, List, Optional, Set, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import identity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Cause
from ansible_collections.day2.ops.plugins.module_utils._log_scan.state import from_json, to_json
from ansible_collections.day2.ops.tests.support.log_directory import LIVE, OLD, Directory, File, Run
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

# Make it thousands: DAY2_LOG_HISTORIES=5000 pytest -s test_model_of_a_log.py
HISTORIES = int(os.environ.get("DAY2_LOG_HISTORIES", "0"))
LOSSES = {Cause.VANISHED, Cause.TRUNCATED, Cause.REWRITTEN, Cause.WINDOW, Cause.SHRUNK, Cause.RESTORED}
TRIED: Dict[str, int] = {}


class Log(RuleBasedStateMachine):
    """What daemons and logrotate do."""

    def __init__(self) -> None:
        super().__init__()
        self.world = Directory()
        self.writer: Optional[File] = None  # the file that the daemon has open
        self.kept: List[File] = []  # so that no id is used again
        self.rotated: List[File] = []  # the oldest first
        self.copy: Optional[File] = None  # of copytruncate, before the cut
        self.whole = False  # and whether that has all of the log
        self.packing: Optional[File] = None  # what is being compressed
        self.scheme = "number"
        self.lines = 0
        self.broken = False  # the daemon is in the middle of a line
        self.seen: Set[int] = set()  # places that a run has had before it
        self.written_to: List[Tuple[int, int]] = []  # for each place in the stream: which text it belonged to
        self.cuts: Dict[int, int] = {}  # how often a file was cut: each time another text begins
        self.looked: Set[Tuple[int, int]] = set()  # texts that were not empty when they were last looked at
        self.lost: Set[int] = set()
        self.owed = False  # an event for bytes that are lost unseen
        self.gap = self.gap_due = 0
        TRIED["histories"] = TRIED.get("histories", 0) + 1

    @initialize(
        scheme=st.sampled_from(["number", "date", "olddir"]), reuse=st.booleans(), window=st.sampled_from([0.0, 60.0])
    )
    def begin(self, scheme: str, reuse: bool, window: float) -> None:
        self.scheme = scheme
        self.world = Directory(reuse, window)
        self.writer = self.world.create(LIVE)

    def teardown(self) -> None:
        TRIED["bytes"] = TRIED.get("bytes", 0) + len(self.world.stream)

    def step(self) -> None:
        TRIED["steps"] = TRIED.get("steps", 0) + 1

    # --- the daemon ---

    def write(self, data: bytes) -> None:
        assert self.writer is not None
        self.world.append(self.writer, data)
        self.written_to += [self.text_of(self.writer)] * len(data)

    def text_of(self, file: File) -> Tuple[int, int]:
        return id(file), self.cuts.get(id(file), 0)

    @precondition(lambda self: self.writer is not None)
    @rule(count=st.integers(1, 4), length=st.sampled_from([0, 40, 700]))
    def append(self, count: int, length: int) -> None:
        self.step()
        for _each in range(count):
            self.lines += 1
            self.write(f"{self.lines:012d} said {'x' * length}\n".encode())
        self.broken = False

    @precondition(lambda self: self.writer is not None)
    @rule()
    def append_half_a_line(self) -> None:
        self.step()
        self.lines += 1
        self.write(f"{self.lines:012d} begun, ".encode())
        self.broken = True

    @rule(seconds=st.sampled_from([0.001, 1, 100, 5000]))
    def time_passes(self, seconds: float) -> None:
        self.step()
        if seconds >= self.world.late_window or self.world.late_window == 0:
            self.reopen()  # a daemon that writes to a rotated log for longer than that is told by nobody
        self.world.now += timedelta(seconds=seconds)

    @rule()
    def hup(self) -> None:
        self.step()
        self.reopen()

    def reopen(self) -> None:
        self.writer = self.world.files.get(LIVE) or self.world.create(LIVE)

    # --- rotation ---

    def shift(self) -> str:
        """Make room for the newest rotated log, and say where."""
        world = self.world
        if self.scheme == "date":
            day = f"/log/app.log-{world.now:%Y%m%d%H%M%S}"
            count, path = 0, day
            while path in world.files or f"{path}.gz" in world.files:
                count += 1
                path = f"{day}.{count}"
            return path
        folder = "/log" if self.scheme == "number" else OLD
        for number in range(60, 0, -1):
            for end in ("", ".gz"):
                file = world.files.pop(f"{folder}/app.log.{number}{end}", None)
                if file is not None:
                    world.files[f"{folder}/app.log.{number + 1}{end}"] = file
        return f"{folder}/app.log.1"

    @precondition(lambda self: LIVE in self.world.files and self.copy is None)
    @rule(create=st.booleans(), hup=st.booleans())
    def rename_and_create(self, create: bool, hup: bool) -> None:
        self.step()
        if self.world.late_window == 0 or (self.writer is not None and self.writer is not self.world.files[LIVE]):
            hup = True
        target = self.shift()
        file = self.world.files.pop(LIVE)
        self.world.files[target] = file
        self.rotated.append(file)
        if create:
            self.world.create(LIVE)
        if hup:
            self.reopen()

    @precondition(lambda self: LIVE in self.world.files and self.copy is None and self.writer is not None)
    @precondition(lambda self: not any(each.unreadable for each in self.world.files.values()))
    @rule(part=st.sampled_from([0.0, 0.3, 0.9, 1.0]))
    def copytruncate_copies(self, part: float) -> None:
        self.step()
        live = self.world.files[LIVE]
        self.whole = part == 1
        self.copy = self.world.create(self.shift(), live.places[: int(len(live.places) * part)])
        # An inode that was seen with an empty log and fell to this copy would pass for that log: nothing tells them apart.
        self.world.fresh_inode(self.copy)
        self.rotated.append(self.copy)

    @precondition(lambda self: self.copy is not None)
    @rule()
    def copytruncate_has_copied(self) -> None:
        self.step()
        assert self.copy is not None
        self.whole = True
        self.copy.places = list(self.world.files[LIVE].places)
        self.copy.modified = self.world.stamp()

    @precondition(lambda self: self.copy is not None)
    @rule(again=st.booleans())
    def copytruncate_cuts(self, again: bool) -> None:
        self.step()
        if again or not self.whole:  # what comes after the copy and before the cut is lost
            self.copytruncate_has_copied()
        assert self.copy is not None
        self.cut()
        self.copy = None

    def cut(self) -> None:
        live = self.world.files[LIVE]
        live.places = []
        self.cuts[id(live)] = self.cuts.get(id(live), 0) + 1
        live.modified = self.world.stamp()

    @precondition(lambda self: LIVE in self.world.files and self.copy is None)
    @rule()
    def truncate(self) -> None:
        self.step()
        self.cut()

    @precondition(lambda self: LIVE in self.world.files and self.copy is None)
    @rule(create=st.booleans())
    def delete(self, create: bool) -> None:
        self.step()
        gone = self.world.files.pop(LIVE)
        self.kept.append(gone)
        if self.cuts.get(id(gone)):
            # Copied and cut, then removed, and the copy packed: to whoever comes later it looks renamed and packed.
            self.looked = {each for each in self.looked if each[0] != id(gone) or each == self.text_of(gone)}
        if self.writer is gone:
            self.writer = None
        if create:
            self.reopen()

    def idle(self) -> List[File]:
        """Rotated logs that nobody has open."""
        return [each for each in self.rotated if each not in (self.writer, self.copy, self.packing)]

    @precondition(lambda self: self.packing is None and any(not each.compression for each in self.idle()))
    @rule(data=st.data())
    def compress(self, data: st.DataObject) -> None:
        self.step()
        plain = data.draw(st.sampled_from([each for each in self.idle() if not each.compression]))
        path = self.world.path_of(plain)
        self.packing = plain
        self.world.create(f"{path}.gz", plain.places).half = True

    @precondition(lambda self: self.packing is not None)
    @rule(keeps_time=st.booleans())
    def compressed(self, keeps_time: bool) -> None:
        self.step()
        assert self.packing is not None
        path = self.world.path_of(self.packing)
        assert path is not None
        archive = self.world.files[f"{path}.gz"]
        archive.half = False
        archive.modified = self.packing.modified if keeps_time else self.world.stamp()
        archive.unreadable = self.packing.unreadable
        del self.world.files[path]
        self.rotated[self.rotated.index(self.packing)] = archive
        self.kept.append(self.packing)
        self.packing = None

    @precondition(lambda self: self.idle() and self.rotated[0] in self.idle())
    @rule()
    def remove_the_oldest(self) -> None:
        self.step()
        self.kept.append(self.rotated[0])
        path = self.world.path_of(self.rotated.pop(0))
        assert path is not None
        del self.world.files[path]

    # --- the machine, and permissions ---

    @rule(device=st.sampled_from([7, 8]))
    def reboot(self, device: int) -> None:
        self.step()
        self.world.device = device

    @precondition(lambda self: self.world.files and self.copy is None)
    @rule(data=st.data())
    def permission_changes(self, data: st.DataObject) -> None:
        """Not while a log is copied: a copy is known as one when it is seen beside the log."""
        self.step()
        file = self.world.files[data.draw(st.sampled_from(sorted(self.world.files)))]
        file.unreadable = not file.unreadable

    # --- runs ---

    @rule(budget=st.sampled_from([0, 60, 1500, 1 << 30, 1 << 30]))
    def run(self, budget: int) -> None:
        self.step()
        self.world.state = again(self.world.state)
        self.judge(self.world.run(budget=budget))

    @rule()
    def run_is_killed(self) -> None:
        self.step()
        self.world.run(killed=True)

    def judge(self, run: Run) -> None:
        world = self.world
        veiled = any(each.unreadable for each in world.files.values())
        present = world.present()
        twice = {place for place, count in world.reads.items() if count > 1}
        self.judge_repeats(twice, run)
        gone = {place for place in range(len(world.stream)) if place not in present and not world.reads.get(place)}
        new, self.lost = gone - self.lost, gone
        self.gap_due += len(new & self.seen)
        self.gap += run.account.gap
        self.owed |= any(self.written_to[place] in self.looked for place in new - self.seen)
        assert (run.account.gap > 0) == bool(run.account.gap_causes)
        self.judge_losses(run, veiled)
        unread = {place for place in present if not world.reads.get(place)}
        if not veiled:
            self.judge_pending(len(unread), run)
        readable = [each for each in world.files.values() if not (each.unreadable or each.half)]
        self.seen |= {place for each in readable for place in each.places}
        known = {self.text_of(each) for each in world.files.values() if each.unreadable} & self.looked
        self.looked = known | {self.text_of(each) for each in readable if each.places}

    def judge_repeats(self, twice: Set[int], run: Run) -> None:
        assert not twice, (bytes(self.world.stream[place] for place in sorted(twice)), run.account)

    def judge_losses(self, run: Run, veiled: bool) -> None:
        if veiled:  # what cannot be looked at may still hold it
            assert self.gap <= self.gap_due, run.account
            return
        assert self.gap == self.gap_due, (self.gap, self.gap_due, run.account)
        assert not self.owed or run.causes & LOSSES, run.account
        self.owed = False

    def judge_pending(self, unread: int, run: Run) -> None:
        assert unread == run.account.pending, (unread, run.account)


class Meddled(Log):
    """And what people do: put backups back, cut the end off, edit. Then a repeat or a loss may be beyond us, but it
    has an event, in its run or before it."""

    def __init__(self) -> None:
        super().__init__()
        self.backups: List[File] = []
        self.repeated: Set[int] = set()
        self.told: Set[Cause] = set()
        self.followed = self.edited = False

    @precondition(lambda self: self.world.files)
    @rule(data=st.data())
    def back_up(self, data: st.DataObject) -> None:
        self.step()
        file = self.world.files[data.draw(st.sampled_from(sorted(self.world.files)))]
        if not file.half:
            self.backups.append(File(0, list(file.places), file.modified))

    @precondition(lambda self: self.backups and self.copy is None and self.packing is None)
    @rule(data=st.data(), keeps_time=st.booleans(), live=st.booleans())
    def restore(self, data: st.DataObject, keeps_time: bool, live: bool) -> None:
        self.step()
        backup = data.draw(st.sampled_from(self.backups))
        path = LIVE if live else f"/log/app.log.{data.draw(st.integers(70, 90))}"
        gone = self.world.files.pop(path, None)
        if gone is not None:
            self.kept.append(gone)
        self.world.create(path, backup.places, backup.modified if keeps_time else None)
        if live:
            self.reopen()

    @precondition(lambda self: LIVE in self.world.files and self.copy is None)
    @rule(data=st.data())
    def cut_the_end_off(self, data: st.DataObject) -> None:
        self.step()
        live = self.world.files[LIVE]
        # One byte that is left is the beginning of any line: a whole number stays, or nothing.
        left = data.draw(st.integers(11, max(11, len(live.places))))
        live.places = live.places[:left] if left > 11 else []
        live.modified = self.world.stamp()

    @precondition(lambda self: LIVE in self.world.files and self.copy is None)
    @rule()
    def edit_in_another_file(self) -> None:
        self.step()
        live = self.world.files.pop(LIVE)
        self.edited = True
        self.kept.append(live)
        middle = len(live.places) // 2
        self.world.create(LIVE, live.places[:middle] + live.places[middle + 20 :])
        self.reopen()

    def judge(self, run: Run) -> None:
        world = self.world
        self.told |= run.causes & (LOSSES | {Cause.ROTATED, Cause.UNREADABLE})
        twice = {place for place, count in world.reads.items() if count > 1}
        # It was told when it was decided, perhaps some budgets ago. A first run has nothing to know a second copy by.
        assert not twice - self.repeated or self.told or not self.followed, run.account
        self.followed = True
        self.repeated = twice
        gone = set(range(len(world.stream))) - world.present() - set(world.reads)
        # What was not read yet has no fingerprint: nobody sees that it was edited.
        assert not gone & self.seen or self.told or self.edited, run.account
        readable = [each for each in world.files.values() if not (each.unreadable or each.half)]
        self.seen |= {place for each in readable for place in each.places}
        assert run.account.appended >= 0 and run.account.gap >= 0 and run.account.pending >= 0
        state = world.state
        assert state is not None
        assert (
            len(state.generations) <= len(world.files) + 2 + sum(each.unreadable for each in world.files.values()) * 9
        )
        # Looking once more at a directory at rest reads nothing, loses nothing, and has nothing to tell but what is unreadable.
        if world.late_window == 0 and all(not each.half for each in world.files.values()):
            world.run()
            world.run()
            rest = world.run()
            assert not rest.given and not rest.account.gap and rest.causes <= {Cause.UNREADABLE}, rest.account
            for place in world.reads:
                self.repeated |= {place} if world.reads[place] > 1 else set()


def again(state: Any) -> Any:
    """A state as the next run finds it: from its file."""
    return None if state is None else from_json(to_json({state.path: state}))[state.path]


def try_histories(machine: Any, capsys: pytest.CaptureFixture[str], few: int, title: str) -> None:
    TRIED.clear()
    some = settings(
        max_examples=HISTORIES or few,
        stateful_step_count=50 if HISTORIES else 40,
        deadline=None,
        derandomize=not HISTORIES,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=some)
    with capsys.disabled():
        print(
            f"\n{title}: {TRIED['histories']} histories, {TRIED['steps']} steps, {TRIED['bytes']} bytes accounted for"
        )


def test_every_byte_of_a_log_is_accounted_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # With a head as short as a line's number every log is long enough to be known by its text alone.
    monkeypatch.setattr(identity, "HEAD", 12)
    try_histories(Log, capsys, 35, "long logs")


def test_so_it_is_of_short_ones(capsys: pytest.CaptureFixture[str]) -> None:
    try_histories(Log, capsys, 35, "short logs")


@pytest.mark.parametrize("head", [12, identity.HEAD])
def test_people_may_meddle_but_not_without_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, head: int
) -> None:
    monkeypatch.setattr(identity, "HEAD", head)
    try_histories(Meddled, capsys, 15, "meddled logs")
