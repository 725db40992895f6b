# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The systemd journal, read by ``journalctl`` from a cursor on: no entry twice, and none lost without a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Iterator, List, Optional, Tuple

from ..._common.errors import GatewayError
from ..journal_entries import FIELDS, MESSAGE, Batch, Entry, batches_of, entries_of, later, lost_between
from ..model import Cause, Event
from .child import Child

NAME = "journal"  # what it is called where logs have a path
_SECONDS = 60.0  # for an answer of one entry
# What journalctl says, and goes on, when the reader is neither root nor in a group that may read everything.
_BLIND = ("not seeing messages", "insufficient permissions")
_NO_FILES = "No journal files were found"


@dataclass(frozen=True)
class Selection:
    """Which entries: of any of the units, at least that urgent, with any of the identifiers, and matching."""

    units: Tuple[str, ...] = ()
    priority: str = ""  # as journalctl has it: err, or emerg..warning
    identifiers: Tuple[str, ...] = ()
    matches: Tuple[str, ...] = ()  # FIELD=VALUE, as arguments of journalctl
    directory: str = ""  # of journal files; empty: the machine's own

    def arguments(self) -> List[str]:
        """The choice as arguments of journalctl."""
        return [
            *(f"--unit={unit}" for unit in self.units),
            *((f"--priority={self.priority}",) if self.priority else ()),
            *(f"--identifier={identifier}" for identifier in self.identifiers),
            *(("--", *self.matches) if self.matches else ()),
        ]


class Journal:
    """One reading of the journal: from ``cursor`` up to what is there now. Use as a context.

    :param cursor: where the last run ended; None on the first run.
    :param first: what a first run reads: ``end`` (nothing), ``beginning``, ``since``.
    :param since: for ``since``: from when on.

    ``events`` says what was lost, ``problems`` what could not be seen; both are complete once the batches are.
    ``cursor`` is the place for the next run: behind the last batch that was given.
    """

    def __init__(
        self, selection: Selection, cursor: Optional[str], first: str = "end", since: Optional[datetime] = None
    ) -> None:
        self._selection = selection
        self._place: List[str] = [f"--directory={selection.directory}"] if selection.directory else []
        self._first, self._since = first, since
        self._before = cursor
        self._open: Optional[Child] = None
        self.cursor = cursor or ""
        self.events: List[Event] = []
        self.problems: List[str] = []

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    def close(self) -> None:
        """End the reading, also in the middle."""
        if self._open is not None:
            self._open.close()

    def batches(self) -> Iterator[Batch]:
        """The entries, the oldest first, about 1 MiB at a time.

        :raises GatewayError: when journalctl is missing or fails.
        """
        # Asked before reading: up to there everything is read, or was not asked for.
        newest = self._newest()
        end = newest.cursor if newest is not None else ""
        before = self._before
        if before is None and self._first == "end":
            self.cursor = end
            return
        if before and end == before:
            return
        if before and not end:
            self._gone(None)
            self.cursor = ""
            return
        for batch in batches_of(self._entries(before)):
            self.cursor = batch.cursor
            yield batch
        self.cursor = later(end, self.cursor)

    def _entries(self, before: Optional[str]) -> Iterator[Entry]:
        if before:
            # --after-cursor would do, but passes over an entry when the cursor's own is not selected, or gone.
            start = [f"--cursor={before}"]
        elif before is None and self._first == "since" and self._since is not None:
            stamp = self._since.astimezone(timezone.utc)
            start = [f"--since=@{int(stamp.timestamp())}.{stamp.microsecond:06d}"]
        else:
            start = []
        self._open = child = self._start([*start, *self._selection.arguments()])
        with child:
            entries = entries_of(child.chunks())
            first = next(entries, None)
            if before and (first is None or first.cursor != before):
                self._check(before, first)
            elif before:
                first = None  # it was read in the last run
            if first is not None:
                yield first
            yield from entries
            self._end(child)

    def _check(self, before: str, first: Optional[Entry]) -> None:
        """Whether the cursor's own entry is merely not selected any more, or gone."""
        chosen = len(self._selection.arguments()) > 0
        oldest = self._oldest(before) if chosen else first
        if oldest is None or oldest.cursor != before:
            self._gone(oldest)

    def _gone(self, oldest: Optional[Entry]) -> None:
        lost = lost_between(self._before or "", oldest.cursor) if oldest is not None else None
        if lost == 0:
            return  # what was read is gone, and nothing else
        if oldest is None:
            detail = "the journal no longer has the entry up to which it was read, nor a later one: what came between is lost"
        else:
            count = "it is not known how many" if lost is None else f"{lost}, of all units,"
            detail = (
                "the journal no longer has the entry up to which it was read; the oldest that follows is of "
                f"{oldest.at.isoformat()}, and {count} entries between are lost"
            )
        self.events.append(Event(Cause.VANISHED, NAME, detail))

    def _newest(self) -> Optional[Entry]:
        """The last entry of all, whatever is selected. It is heard to its end, for what is said of permissions."""
        with self._start(["--lines=1"], _SECONDS) as child:
            entries = list(entries_of(child.chunks()))
            self._end(child)
            return entries[-1] if entries else None

    def _oldest(self, cursor: str) -> Optional[Entry]:
        """The first entry of all from a place on, whatever is selected."""
        with self._start([f"--cursor={cursor}"], _SECONDS) as child:
            entry = next(entries_of(child.chunks()), None)
            if entry is None:
                self._end(child)
            return entry

    def _start(self, arguments: List[str], seconds: Optional[float] = None) -> Child:
        fields = ",".join((MESSAGE, *FIELDS))
        argv = ["journalctl", "--no-pager", "--all", "--output=json", f"--output-fields={fields}", *self._place]
        try:
            return Child([*argv, *arguments], "read", seconds=seconds, environment={"LC_ALL": "C"})
        except GatewayError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                cause = "journalctl is not on this machine: it is a part of systemd, and the option journal needs it"
                raise GatewayError("read", f"the {NAME}", cause) from None
            raise

    def _end(self, child: Child) -> None:
        code = child.end()
        if child.timed_out:
            raise GatewayError("read", f"the {NAME}", f"journalctl did not answer within {_SECONDS:g} seconds")
        said = child.complaints
        if code or _NO_FILES in said:
            raise GatewayError("read", f"the {NAME}", said or f"journalctl ended with {code}")
        if any(each in said for each in _BLIND):
            problem = "not all of the journal can be seen: it needs root, or a user in the group systemd-journal"
            if problem not in self.problems:
                self.problems.append(problem)
