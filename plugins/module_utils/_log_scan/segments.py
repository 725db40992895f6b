# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a piece of one generation: from its bytes to matches, and to the place where the next run goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Callable, Iterator, List, Optional, Tuple, Union

from .._common.errors import GatewayError
from .budget import Budget
from .containers import JSON, TEXT, format_of
from .detect import Detector, Match
from .gateway.engines.sparse import FileEngine, Sparse
from .gateway.reading import Text
from .gather import AROUND, NOTHING, Around, Gatherer, around
from .identity import HEAD, TAIL, mark, same_head
from .idle import is_known, unread
from .json_lines import fields_of
from .line_count import LineCount
from .lines import encoding_of
from .model import Block, Cause, Event, Observed, Read, Segment
from .multiline import LINE
from .options import AUTO, PathOption
from .stages import Stages
from .stamps import Stamps

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass
class SegmentReader:
    """What all segments of a run have in common."""

    detector: Detector
    gatherer: Gatherer
    budget: Budget
    now: datetime
    zone: tzinfo  # of time stamps that name none
    file_engine: Optional[FileEngine] = None  # searches plain files by itself
    partial_after: float = 0.0  # seconds after which a last line that nobody goes on with is given out
    warn: Callable[[str], None] = lambda sentence: None
    scanned: int = 0  # bytes

    def __post_init__(self) -> None:
        self.stated: List[str] = []  # what was inferred about times

    def read(
        self, segment: Segment, seen: Optional[Observed], option: PathOption, stop: Optional[int] = None
    ) -> Optional[Read]:
        """Read a segment.

        :param seen: the file as it was observed: another one may lie there by now, and is left to the next run.
        :param stop: where to end, of a text that was read before; without it, up to what is there.
        :returns: None when it cannot be opened, is another file, or holds another text by now.
        """
        if seen is not None and is_known(segment) and self.budget.is_over():
            return unread(segment, seen)
        try:
            text = Text(segment.path, segment.compression)
        except GatewayError:
            return None
        with text:
            if seen is not None and not _is_still(text, seen):
                return None
            if segment.generation.copied:  # only its mark is wanted, also where it has grown since it was observed
                stop = segment.start
            reading = _Reading(self, segment, text, option, stop)
            if seen is not None and not reading.is_known_text():
                return None
            read = reading.read()
            # Cut before anything of it was read: where its text went, the next run finds out.
            return None if read.pending_cause is Cause.TRUNCATED and read.mark.offset <= segment.start else read

    def count(self, size: int) -> None:
        """So many bytes of text were scanned."""
        self.scanned += size
        self.budget.spend(size)

    def stamps(self, written: Optional[int] = None) -> Stamps:
        """What reads the time stamps of a log that was last written to then (st_mtime_ns)."""
        return Stamps(self.now, self.zone, None if written is None else _time(written))

    def state(self, stamps: Stamps) -> None:
        """Remember what was inferred."""
        if stamps.stated and stamps.stated not in self.stated:
            self.stated.append(stamps.stated)

    def is_settled(self, segment: Segment, written: int) -> bool:
        """Whether the last line of a segment is ended even without a newline."""
        return segment.settled or (self.now - _time(written)).total_seconds() >= self.partial_after


class _Reading:
    """One segment while it is read."""

    def __init__(
        self, reader: SegmentReader, segment: Segment, text: Text, option: PathOption, stop: Optional[int]
    ) -> None:
        self._reader = reader
        self._segment = segment
        self._text = text
        self._stop = stop
        self._source: Union[_Plain, _Compressed] = (_Compressed if segment.compression else _Plain)(text, stop)
        self._form = format_of(self._source.head) if option.format == AUTO else option.format
        self._encoding = option.encoding
        self._stages = self._staged(segment.start)
        self._lines = LineCount(segment.generation.line, segment.generation.line_offset, text.blocks)
        self._stamps = reader.stamps(text.modified)

    def read(self) -> Read:
        cause: Optional[Cause] = None
        events: Tuple[Event, ...] = ()
        try:
            cause = self._scan_all()
        except GatewayError as error:
            cause = Cause.UNREADABLE
            events = (Event(cause, self._segment.path, error.cause),)
        self._reader.state(self._stamps)
        return self._result(cause, events)

    def _scan_all(self) -> Optional[Cause]:
        """Read to the end, or as far as may be; why not further."""
        budget = self._reader.budget
        if budget.is_over():
            return Cause.BUDGET
        for _block in self._blocks():
            if budget.is_over():
                return Cause.BUDGET
        if self._text.was_cut():  # what is left of a line goes on elsewhere
            return Cause.TRUNCATED
        # Text that was read before ends where a record does.
        settled = self._stop is not None or self._reader.is_settled(self._segment, self._text.modified)
        for block in self._stages.finish(settled):
            self._scan(block)
        return None

    def _blocks(self) -> Iterator[Block]:
        """All whole records, each block scanned when it is given."""
        start, engine = self._segment.start, self._reader.file_engine
        if engine is not None and self._is_searchable():
            sparse = Sparse(engine, self._text, start, self._stop or self._text.file_size)
            for block in sparse.blocks():
                self._scan(block)
                yield block
            if sparse.problem:
                self._reader.warn(f"{sparse.problem}; what it did not search is searched without it")
            start = sparse.offset
            self._stages = self._staged(start)
        for chunk in self._source.chunks(start):
            for block in self._stages.feed(chunk):
                self._scan(block)
                yield block

    def _staged(self, start: int) -> Stages:
        return Stages(start, self._source.head, self._form, self._reader.detector.rule, self._encoding)

    def _is_searchable(self) -> bool:
        """Whether a program may look through the file by itself: text as it is, of which each line is a record."""
        return (
            not self._segment.compression
            and self._form in (JSON, TEXT)
            and self._reader.detector.rule is LINE
            and encoding_of(self._source.head, self._encoding) == ("utf-8", 0)
        )

    def _scan(self, block: Block) -> None:
        for match in self._reader.detector.matches(block):
            self._take(block, match)
        self._lines.pass_over(block)
        self._reader.count(block.consumed)

    def _take(self, block: Block, match: Match) -> None:
        record = match.hit.record
        fields = dict(fields_of(record) if self._form == JSON else self._stages.fields_of(match.hit.offset))
        # What a container's runtime says is when the line was written; in a line of JSON it is a field like others.
        stamp = fields.pop("time", "") if self._form not in (JSON, TEXT) else ""
        at = (self._stamps.of(stamp.encode()) if stamp else None) or self._stamps.of(record)
        line = self._lines.at(block, match.start)
        self._reader.gatherer.take(match, self._segment.path, line, at, fields, self._around(block, match))

    def _around(self, block: Block, match: Match) -> Around:
        if not self._reader.gatherer.context:
            return NOTHING
        before, after = around(block, match)
        if block.origins is None and not self._segment.compression:  # the text itself goes further than the block
            begin, end = block.offset + match.start, block.offset + match.end
            before = self._text.read(max(0, begin - AROUND), min(AROUND, begin))
            after = self._text.read(end, AROUND)
        return before, after

    def is_known_text(self) -> bool:
        """Whether it begins as it did when it was last looked at."""
        known = self._segment.generation.mark
        return known.head_length == 0 or same_head(known, self._source.head)

    def _result(self, cause: Optional[Cause], events: Tuple[Event, ...]) -> Read:
        text, offset, ended = self._text, self._stages.offset, cause is None
        # What stood before the place can be read no more in a text that was cut: its head has to do.
        before = b"" if text.was_cut() else self._source.before(offset)
        return Read(
            mark=mark(text.device, text.inode, offset, self._source.head, before),
            size=max(offset, self._source.size(ended, self._segment.generation.size)),
            modified=text.modified,
            ended=ended,
            pending_cause=cause,
            line=self._lines.line,
            line_offset=self._lines.offset,
            events=events,
        )


class _Plain:
    """The text of a generation that can be read anywhere."""

    def __init__(self, text: Text, stop: Optional[int]) -> None:
        self._text = text
        self._stop = stop
        self.head = text.read(0, HEAD)

    def chunks(self, start: int) -> Iterator[bytes]:
        """The text from an offset on."""
        return self._text.blocks(start, self._stop)

    def before(self, offset: int) -> bytes:
        """What stands before an offset, as a fingerprint needs it."""
        return self._text.read(max(0, offset - TAIL), min(TAIL, offset))

    def size(self, ended: bool, known: int) -> int:
        """How much text there is."""
        return self._text.file_size if self._stop is None else self._stop


class _Compressed:
    """The text of a compressed generation: it passes by once, so what a fingerprint needs of it is kept."""

    def __init__(self, text: Text, stop: Optional[int]) -> None:
        self._text = text
        self._stop = stop
        self._end = 0  # of what was given out
        self._trail = b""  # the last of it, and of what stands before
        self.head = b"".join(text.blocks(0, HEAD))

    def chunks(self, start: int) -> Iterator[bytes]:
        """The text from an offset on."""
        lead = min(TAIL, start)
        self._end = start
        for chunk in self._text.blocks(start - lead, self._stop):
            self._trail = self._trail[-_KEPT:] + chunk
            if lead:
                lead, chunk = max(0, lead - len(chunk)), chunk[lead:]
            if chunk:
                self._end += len(chunk)
                yield chunk

    def before(self, offset: int) -> bytes:
        """What stands before an offset that was passed not long ago."""
        end = len(self._trail) - (self._end - offset)
        return self._trail[max(0, end - TAIL) : max(0, end)]

    def size(self, ended: bool, known: int) -> int:
        """How much text there is, as far as it is known."""
        return self._end if ended else max(self._end, known)


_KEPT = 4 << 20
"""More than the stages hold back: a line, a record, pieces of container lines."""


def _is_still(text: Text, seen: Observed) -> bool:
    """Whether it is the file that was observed, and not cut since."""
    return (text.device, text.inode) == (seen.device, seen.inode) and (
        bool(text.compression) or text.file_size >= seen.size
    )


def _time(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)
