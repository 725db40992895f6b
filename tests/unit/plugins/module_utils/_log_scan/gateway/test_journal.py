# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal from a cursor on: with the real journald where it runs, and else with a strict stand-in for journalctl."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.journal import Journal, Selection
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Cause
from ansible_collections.day2.ops.tests.support.log_journal import AnyJournal, FakeJournal, can_be_real, real_journal

KINDS = ["journald" if can_be_real() else "stand-in"]


@pytest.fixture(params=KINDS)
def journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnyJournal]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="day2-", dir="/tmp")))
        if request.param == "journald":
            yield stack.enter_context(real_journal(folder))
            return
        fake = FakeJournal(folder)
        fake.install(folder / "bin")
        monkeypatch.setenv("PATH", str(folder / "bin"))
        yield fake


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeJournal:
    made = FakeJournal(tmp_path)
    made.install(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return made


def read(
    journal: AnyJournal,
    cursor: Optional[str],
    first: str = "end",
    since: Optional[datetime] = None,
    unit: str = "",
    identifiers: Tuple[str, ...] = (),
) -> Tuple[List[str], Journal]:
    """The messages that tests wrote, and the reading."""
    matches = (f"DAY2_UNIT={unit}",) if unit else ()
    reading = Journal(
        Selection(directory=journal.directory, matches=matches, identifiers=identifiers), cursor, first, since
    )
    with reading:
        entries = [entry for batch in reading.batches() for entry in batch.entries]
    mine = [entry for entry in entries if "systemd" not in entry.fields.get("identifier", "")]
    return [entry.message.decode("utf-8", "replace") for entry in mine], reading


def test_every_entry_is_read_once(journal: AnyJournal) -> None:
    journal.write("one")
    messages, first = read(journal, None, "beginning")
    assert messages == ["the journal begins", "one"]
    assert read(journal, first.cursor)[0] == []
    journal.write("two")
    journal.write("three")
    messages, second = read(journal, first.cursor)
    assert messages == ["two", "three"]
    messages, third = read(journal, second.cursor)
    assert (messages, third.cursor, third.events, third.problems) == ([], second.cursor, [], [])


def test_a_first_run_from_the_end_reads_nothing_and_misses_nothing(journal: AnyJournal) -> None:
    messages, first = read(journal, None)
    assert messages == []
    journal.write("new")
    assert read(journal, first.cursor)[0] == ["new"]


def test_a_first_run_since_a_time(journal: AnyJournal) -> None:
    journal.write("later")
    reading = Journal(Selection(directory=journal.directory), None, "beginning")
    with reading:
        times = {entry.message: entry.at for batch in reading.batches() for entry in batch.entries}
    assert read(journal, None, "since", times[b"later"])[0] == ["later"]
    assert read(journal, None, "since", times[b"later"] + timedelta(microseconds=1))[0] == []
    zone = timezone(timedelta(hours=5))
    messages, last = read(journal, None, "since", times[b"the journal begins"].astimezone(zone))
    assert messages == ["the journal begins", "later"]
    assert read(journal, last.cursor)[0] == []


def test_the_selection_may_change_between_two_runs(journal: AnyJournal) -> None:
    journal.write("a1", "a")
    messages, first = read(journal, None, "beginning", unit="a")
    assert messages == ["a1"]
    journal.write("b1", "b")
    journal.write("a2", "a")
    journal.write("b2", "b")
    messages, second = read(journal, first.cursor, unit="b")
    assert (messages, second.events) == (["b1", "b2"], [])
    journal.write("a3", "a")
    # The cursor stands on an entry of b: an entry of a that follows is not passed over.
    messages, third = read(journal, second.cursor, unit="a")
    assert (messages, third.events) == (["a3"], [])
    assert read(journal, third.cursor, unit="a")[0] == []


def test_a_cursor_stays_young_though_nothing_is_selected(journal: AnyJournal) -> None:
    _unused, first = read(journal, None, "beginning", unit="a")
    journal.write("b1", "b")
    messages, second = read(journal, first.cursor, unit="a")
    assert messages == []
    assert second.cursor != first.cursor


@pytest.mark.parametrize("unit", ["", "a"])
def test_a_vacuumed_journal_is_a_loss_that_is_told(journal: AnyJournal, unit: str) -> None:
    journal.write("read", "a")
    _messages, first = read(journal, None, "beginning", unit=unit)
    journal.write("lost", "a")
    journal.write("lost, too", "a")
    journal.vacuum()
    journal.write("new", "a")
    messages, second = read(journal, first.cursor, unit=unit)
    assert messages == ["new"]
    (event,) = second.events
    assert event.cause is Cause.VANISHED
    assert "no longer has the entry up to which it was read" in event.detail
    assert " entries between are lost" in event.detail
    messages, third = read(journal, second.cursor, unit=unit)
    assert (messages, third.events) == ([], [])


def test_what_is_gone_and_was_read_is_no_loss(fake: FakeJournal) -> None:
    _messages, first = read(fake, None, "beginning")
    fake.vacuum()
    fake.write("new")
    messages, second = read(fake, first.cursor)
    assert (messages, second.events) == (["new"], [])


def test_an_emptied_journal_is_a_loss_that_is_told(fake: FakeJournal) -> None:
    _messages, first = read(fake, None, "beginning")
    fake.vacuum()
    messages, second = read(fake, first.cursor)
    assert (messages, second.cursor, len(second.events)) == ([], "", 1)
    messages, third = read(fake, second.cursor)
    assert (messages, third.cursor, third.events) == ([], "", [])
    fake.write("new")
    assert read(fake, third.cursor)[0] == ["new"], "also on a run that would not read a first time"


@pytest.mark.parametrize("message", [b"caf\xe9 \x00\x01\xff", b"", "tab\t \u20ac \U0001f600 \x1b[31mred".encode()])
def test_any_message_comes_as_it_was_written(journal: AnyJournal, message: bytes) -> None:
    _unused, first = read(journal, None)
    journal.write(message)
    reading = Journal(Selection(directory=journal.directory), first.cursor)
    with reading:
        (entry,) = [entry for batch in reading.batches() for entry in batch.entries]
    assert entry.message == message


def test_a_long_message_keeps_its_head(journal: AnyJournal) -> None:
    _unused, first = read(journal, None)
    journal.write("x" * 150_000)
    journal.write("next")
    reading = Journal(Selection(directory=journal.directory), first.cursor)
    with reading:
        long, following = [entry for batch in reading.batches() for entry in batch.entries]
    assert (long.message, long.cut) == (b"x" * 65536, 150_000 - 65536)
    assert following.message == b"next"


def test_fields_and_the_line_that_syslog_would_have(journal: AnyJournal) -> None:
    _unused, first = read(journal, None)
    journal.write("Failed password\n  for root", PRIORITY="3", SYSLOG_IDENTIFIER="sshd", SYSLOG_PID="815")
    reading = Journal(Selection(directory=journal.directory, priority="err", identifiers=("sshd",)), first.cursor)
    with reading:
        (batch,) = reading.batches()
    (entry,) = batch.entries
    host = entry.fields["hostname"]
    assert entry.fields["priority"] == "3"
    stamp = entry.at.isoformat(timespec="microseconds")
    assert batch.block.data == f"{stamp} {host} sshd[815]: Failed password\n  for root\n".encode()
    assert batch.block.origins == (0, 0)
    assert read(journal, first.cursor, identifiers=("cron",))[0] == []


def test_ending_in_the_middle_goes_on_there(fake: FakeJournal) -> None:
    _unused, first = read(fake, None)
    for number in range(25):
        fake.write(f"{number} " + "x" * 50_000)
    reading = Journal(Selection(directory=fake.directory), first.cursor)
    with reading:
        batch = next(reading.batches())
    assert 1 << 20 <= len(batch.block.data) < (1 << 20) + 60_000
    messages, _second = read(fake, reading.cursor)
    assert messages[0].split()[0] == str(len(batch.entries))
    assert len(messages) + len(batch.entries) == 25


def test_a_cursor_that_is_none_is_refused(fake: FakeJournal) -> None:
    with pytest.raises(GatewayError, match="read the journal: .*(cursor|option)"):
        read(fake, "nonsense")


def test_what_journalctl_cannot_see_is_a_problem(fake: FakeJournal) -> None:
    Path(fake.directory, "says").write_text(
        "Hint: You are currently not seeing messages from other users and the system.\n      Users in groups …"
    )
    _messages, reading = read(fake, None)
    _messages, reading = read(fake, reading.cursor)
    assert reading.problems == [
        "not all of the journal can be seen: it needs root, or a user in the group systemd-journal"
    ]


@pytest.mark.parametrize("said", ["No journal files were found.", "Failed to open files: I/O error"])
def test_no_journal_and_a_failure_are_errors(fake: FakeJournal, said: str) -> None:
    Path(fake.directory, "says").write_text(said)
    fake.vacuum()
    if "Failed" in said:
        Path(fake.directory, "fails").touch()
    with pytest.raises(GatewayError, match=f"read the journal: {said}"):
        read(fake, None, "beginning")


def test_a_missing_journalctl_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("journalctl") is None
    with pytest.raises(GatewayError) as refused:
        list(Journal(Selection(), None).batches())
    assert str(refused.value) == (
        "read the journal: journalctl is not on this machine: it is a part of systemd, and the option journal needs it"
    )
