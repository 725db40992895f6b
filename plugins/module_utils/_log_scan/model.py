# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scan speaks of: logs and their generations, blocks of text, patterns, hits, and what became of every byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Mapping, Optional, Sequence, Tuple
from typing import Pattern as Regex

from .._common.verdict import Severity

# --- what is looked for ---


@dataclass(frozen=True)
class Threshold:
    """A pattern matters from ``count`` matches on, within ``per`` seconds by the log's own time, or in the run."""

    count: int
    per: Optional[float] = None  # seconds; None: in one run


@dataclass(frozen=True)
class LogPattern:
    """One thing to find. ``regex`` matches bytes: text is compared as UTF-8, and case folds for ASCII only."""

    name: str
    regex: "Regex[bytes]"
    severity: Severity
    exclude: Tuple["Regex[bytes]", ...] = ()  # a record that one of these matches is no match
    fields: Mapping[str, str] = field(default_factory=dict)  # constants for every match, beside its named groups
    max_samples: Optional[int] = None  # None: as the run says
    threshold: Optional[Threshold] = None  # None: one match is enough
    message: str = ""  # for people; {field} stands for a field
    pattern_set: str = ""  # the shipped set that it comes from
    multiline: str = ""  # the record rule that its records are joined by; empty: a line is a record


# --- where it is looked for ---


@dataclass(frozen=True)
class Fingerprint:
    """By what one generation of a log is known again, whatever its name is by then.

    ``head`` is the SHA-256 (hex) of the first ``head_length`` bytes of its text, ``tail`` that of the ``tail_length``
    bytes before ``offset``. Of a compressed generation all of it counts decompressed bytes. Device and inode are 0
    where they are not known (compressed since).
    """

    device: int
    inode: int
    offset: int  # read up to here: the start of a record
    head_length: int
    head: str
    tail_length: int
    tail: str


@dataclass(frozen=True)
class Generation:
    """One file that a log was, is, or has become by rotation, as the state knows it."""

    path: str  # where it was last seen
    mark: Fingerprint
    size: int  # text bytes seen when it was last looked at
    modified: int  # st_mtime_ns then
    finished: bool = False  # read to its end and quiet for long enough, or compressed: only known, no longer read
    quiet_since: Optional[str] = None  # ISO 8601: since when nothing was added to a rotated one
    # The line number of the line at ``line_offset``, counted from 1, where it is known; samples say it.
    line: Optional[int] = None
    line_offset: int = 0
    # A copy of the log that was being made (copytruncate) when it was seen: its text belongs to the log's generation.
    copied: bool = False


@dataclass(frozen=True)
class LogState:
    """What is known of one log: its generations, the oldest first; the last one lies at the log's own path."""

    path: str
    generations: Tuple[Generation, ...] = ()
    # st_mtime_ns: an unknown rotated file from then on was written since all of the family could last be looked at.
    horizon: int = 0


@dataclass(frozen=True)
class Observed:
    """A file in a log's family as it is now: opened first, then looked at, so that all of it is of one file."""

    path: str
    device: int
    inode: int
    size: int  # of the file; of a compressed one that is not the size of its text
    modified: int  # st_mtime_ns
    compression: str = ""  # gz, bz2, xz, zst
    # Which of the state's generations (index) it carries on, by content.
    same_head: Tuple[int, ...] = ()  # its text begins as theirs did; an empty head says nothing and is not in here
    same_tail: Tuple[int, ...] = ()  # and the bytes before their offset are there, too: implies size >= offset
    unreadable: str = ""  # then: why
    # What its text begins with (``identity.HEAD`` bytes at most): two files that no state knows are compared by it.
    opening: bytes = b""


class Cause(str, Enum):
    """What happened to a log, or to bytes of it, that a reader of the result must know."""

    ROTATED = "rotated"  # renamed, and a new one made
    TRUNCATED = "truncated"  # cut in place, as copytruncate does
    REWRITTEN = "rewritten"  # other text at the same place, same name or same inode
    RESTORED = "restored"  # the same text under a new inode: a backup, a copy, another file system
    SHRUNK = "shrunk"  # shorter than what was read of it
    VANISHED = "vanished"  # neither it nor a generation of it is there any more
    UNREADABLE = "unreadable"  # no permission, a damaged archive, a hung mount
    PARTIAL = "partial"  # a last line, or record, that is not ended yet
    BUDGET = "budget"  # max_bytes or max_seconds
    WINDOW = "copytruncate_window"  # what was written between the copy and the cut, which nobody can know
    SKIPPED = "skipped"  # before first_run's place


@dataclass(frozen=True)
class Event:
    """Something that happened to a log since the last run."""

    cause: Cause
    path: str
    detail: str  # a sentence


@dataclass(frozen=True)
class Segment:
    """A piece to read: one generation, from an offset up to what is there."""

    path: str
    start: int
    size: Optional[int]  # text bytes there are; None for a compressed one, which only reading tells
    compression: str
    generation: Generation  # as it was known before; a new one has offset 0
    live: bool  # at the log's own path: its last line may still be written
    settled: bool = False  # complete for certain (compressed): a last line without its newline is given out


@dataclass(frozen=True)
class Reading:
    """What to read of a log in this run, the oldest first, and what was found out about it."""

    path: str
    segments: Tuple[Segment, ...]
    known: Tuple[Generation, ...]  # kept in the state without being read
    events: Tuple[Event, ...] = ()
    gap: int = 0  # bytes that can be proved lost
    gap_causes: Tuple[Cause, ...] = ()
    skipped: int = 0  # text bytes before the place of a first run
    order: Tuple[int, ...] = ()  # of all generations, the oldest first: indices into ``known + segments``
    horizon: Optional[int] = None  # the state's, kept since some of the family cannot be looked at; None: a new one


@dataclass(frozen=True)
class Read:
    """What reading a segment came to. One that was not reached for want of time has it, too, with a mark at its start."""

    mark: Fingerprint  # where the next run begins; of an archive that ends before the segment's start: at its end
    size: int  # text bytes there are now; of an archive that was not read to its end: those that were seen
    modified: int
    ended: bool  # all that there was has been looked at; what is pending then is a line that is not ended
    pending_cause: Optional[Cause] = None  # where something is pending; None: a line that is not ended
    line: Optional[int] = None
    line_offset: int = 0
    events: Tuple[Event, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """What became of every byte of a log that was new to this run: ``appended == scanned + pending + gap``."""

    path: str
    scanned: int = 0
    pending: int = 0
    pending_cause: Optional[Cause] = None
    gap: int = 0
    gap_causes: Tuple[Cause, ...] = ()
    skipped: int = 0  # by first_run; never part of ``appended``
    events: Tuple[Event, ...] = ()
    generations: int = 0  # that were read
    unreadable: str = ""

    @property
    def appended(self) -> int:
        """The new bytes."""
        return self.scanned + self.pending + self.gap


# --- text and hits ---


@dataclass(frozen=True)
class Block:
    """Whole lines of one generation, each ended by a newline here even where the log has none at its end.

    A line longer than ``lines.LONGEST`` is a block of its own with its head only. Text that the log has in another
    form (UTF-16, the JSON of a container) is UTF-8 here, and ``origins`` then says for each line where it stands.
    """

    offset: int  # of the first byte, in the text of the generation
    data: bytes
    consumed: int  # bytes of the generation's text that this stands for
    origins: Optional[Sequence[int]] = None  # the offset of each line of ``data``; None: byte for byte
    cut: int = 0  # bytes of a long line that are not in ``data``


@dataclass(frozen=True)
class Hit:
    """A record that a pattern matches."""

    pattern: str  # its name
    offset: int  # of the record, in the text of the generation
    record: bytes  # without its last newline
    fields: Mapping[str, str]
    cut: int = 0  # bytes of a long line that were not looked at


@dataclass(frozen=True)
class Place:
    """Where a sample stands."""

    path: str
    offset: int
    line: Optional[int]  # counted from 1; None where counting would mean to read what was never read


@dataclass(frozen=True)
class Sample:
    """A match to show, redacted."""

    place: Place
    text: str
    at: Optional[datetime]  # by the log's own time stamp
    fields: Mapping[str, str]
    before: Tuple[str, ...] = ()
    after: Tuple[str, ...] = ()
