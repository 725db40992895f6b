# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to read of a log, decided from what was known of it and what its directory holds now.

Every line is to be read once. So a text that is known is never read again, under whatever name it turns up; a text that
cannot be shown to be known is read rather than passed over, and that is said; and bytes that were seen and can no longer
be found are counted as a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Callable, Dict, List, Optional, Sequence, Set, Tuple, Union

from . import identity
from .family import age_of, is_newer, uncompressed
from .kinship import Homes, homes, is_being_copied, original_of, seen_of
from .model import Cause, Event, Fingerprint, Generation, LogState, Observed, Read, Reading, Segment

# Where a first run begins in a file: an offset at the start of a line; None to pass over all of it.
FirstRun = Callable[[Observed], Optional[int]]

_PATIENCE = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def decide(
    state: Optional[LogState],
    path: str,
    observed: Sequence[Observed],
    first: FirstRun,
    late_window: float,
    now: datetime,
) -> Reading:
    """What to read of the log at ``path``.

    :param state: what the last run knew; None when the log was never looked at.
    :param observed: the log, if it is there, and all files that may be its generations.
    :param first: where to begin in each file when there is no state.
    :param late_window: seconds for which a rotated log must be quiet until nobody is expected to write to it any more.
    """
    plan = _Plan(path, late_window, now)
    if state is None:
        _first_run(plan, observed, first)
    else:
        _next_run(plan, state, observed)
    return plan.reading()


def advance(reading: Reading, results: Sequence[Optional[Read]]) -> LogState:
    """What is known of the log after reading. ``results`` belong to the segments; None: it could not be opened."""
    if len(results) != len(reading.segments):
        raise ValueError("one result for each segment")
    entries = list(reading.known) + [_after(*each) for each in zip(reading.segments, results)]
    generations = tuple(entries[index] for index in reading.order)
    horizon = reading.horizon
    if horizon is None:
        horizon = generations[-1].modified if generations else 0
    return LogState(reading.path, generations, horizon)


def _after(segment: Segment, result: Optional[Read]) -> Generation:
    one = segment.generation
    if result is None:  # as before, but for the bytes that were seen: should they be gone next time, they are a gap
        return replace(one, size=max(one.size, segment.size or 0))
    finished = segment.settled and result.ended and result.mark.offset >= result.size
    return replace(
        one,
        mark=result.mark,
        size=result.size,
        modified=result.modified,
        finished=finished,
        quiet_since=None if finished else one.quiet_since,
        line=result.line,
        line_offset=result.line_offset,
    )


@dataclass
class _Plan:
    """A reading in the making."""

    path: str
    late_window: float
    now: datetime
    entries: List[Union[Generation, Segment]] = field(default_factory=list)  # the oldest first
    events: List[Event] = field(default_factory=list)
    gap: int = 0
    causes: List[Cause] = field(default_factory=list)
    skipped: int = 0
    horizon: Optional[int] = None

    def tell(self, cause: Cause, path: str, detail: str) -> None:
        self.events.append(Event(cause, path, detail))

    def lose(self, count: int, cause: Cause) -> None:
        if count > 0:
            self.gap += count
            if cause not in self.causes:
                self.causes.append(cause)

    def segment(self, each: Observed, start: int, one: Generation, settled: bool) -> None:
        """Read ``each`` from ``start``; with nothing behind it, only its mark is taken."""
        size = None if each.compression else each.size
        live = each.path == self.path
        self.entries.append(Segment(each.path, start, size, each.compression, one, live, settled))

    def new(self, each: Observed, start: int = 0) -> None:
        """A file that is read for the first time."""
        line = 1 if start == 0 else None
        size = 0 if each.compression else each.size
        one = Generation(each.path, _seen(each, start), size, each.modified, line=line)
        live = each.path == self.path
        since = None if live else self.quiet_since(each, None)
        one = replace(one, quiet_since=None if since is None else since.isoformat())
        self.segment(each, start, one, bool(each.compression) or self.is_over(since))

    def new_copy(self, each: Observed) -> None:
        """A copy of the log in the making: only its mark is taken, by which it is known once the log is cut."""
        if not each.size and not each.compression:
            return  # a copy that has just begun, or an empty log that was rotated: its text will tell
        detail = (
            "it begins as the log does and is no longer: it is taken for a copy in the making, and not read by itself"
        )
        self.tell(Cause.ROTATED, each.path, detail)
        one = Generation(each.path, _seen(each, 0), each.size, each.modified, copied=True)
        self.segment(each, each.size, one, settled=False)

    def keep_unread(self, each: Observed) -> None:
        """A file that is only to be known again; what may be added to it is read."""
        offset = 0 if each.compression else each.size
        self.entries.append(Generation(each.path, _seen(each, offset), offset, each.modified, finished=True))

    def quiet_since(self, each: Observed, before: Optional[str]) -> datetime:
        """Since when nothing was added to a rotated file: as looked at, or by its own time where that is earlier."""
        looked = datetime.fromisoformat(before) if before else self.now
        return min(looked, _EPOCH + timedelta(microseconds=each.modified // 1000))

    def is_over(self, since: Optional[datetime]) -> bool:
        """Whether a rotated file was quiet for long enough to take its last line for ended."""
        return since is not None and (self.now - since).total_seconds() >= self.late_window

    def waits(self, one: Generation) -> bool:
        """Whether one that nobody finds may still be waited for; not for ever because of one file of another user."""
        return one.quiet_since is None or self.now - datetime.fromisoformat(one.quiet_since) < _PATIENCE

    def reading(self) -> Reading:
        known = [each for each in self.entries if isinstance(each, Generation)]
        segments = [each for each in self.entries if isinstance(each, Segment)]
        places: Dict[int, int] = {id(each): index for index, each in enumerate([*known, *segments])}
        return Reading(
            path=self.path,
            segments=tuple(segments),
            known=tuple(known),
            events=tuple(self.events),
            gap=self.gap,
            gap_causes=tuple(self.causes),
            skipped=self.skipped,
            horizon=self.horizon,
            order=tuple(places[id(each)] for each in self.entries),
        )


# --- the first look at a log ---


def _first_run(plan: _Plan, observed: Sequence[Observed], first: FirstRun) -> None:
    readable = [each for each in observed if not each.unreadable]
    live = next((each for each in readable if each.path == plan.path), None)
    for each in _by_age(plan.path, _without_twins(readable, observed)):
        if is_being_copied(each, live):
            plan.new_copy(each)
            continue
        start = first(each)
        if start is None:
            plan.keep_unread(each)
            plan.skipped += 0 if each.compression else each.size
        else:
            plan.new(each, start)
            plan.skipped += start
    for each in observed:
        if each.unreadable:
            plan.tell(Cause.UNREADABLE, each.path, each.unreadable)
            if not plan.skipped:  # from the beginning means from the beginning, should it be readable one day
                plan.horizon = 0
    if plan.skipped:
        plan.tell(
            Cause.SKIPPED, plan.path, f"{plan.skipped} bytes were there before the place where the first run begins"
        )


# --- every further one: the rules in their order ---


def _next_run(plan: _Plan, state: LogState, observed: Sequence[Observed]) -> None:
    known = state.generations
    there = homes(known, plan.path, observed)
    live = next((each for each in there.strangers if each.path == plan.path), None)
    blind, veiled = _unreadable(plan, known, observed, there)
    plan.horizon = state.horizon if veiled else None
    last: Optional[int] = None
    # 1. What is known and still there is carried on, the oldest first; what lies at the log's own path comes last.
    for index, one in enumerate(known):
        home = there.of.get(index)
        if home is not None and home.path == plan.path:
            last = index
        elif one.copied:
            _keep_copy(plan, one, home, index in there.hidden, there.of.get(len(known) - 1))
        elif home is not None:
            _carry_on(plan, one, home, index in there.short)
            if one.path == plan.path:
                _tell_rotated(plan, one, home, observed)
        # 2. What cannot be looked at may still be there: it waits. Nothing is given up for want of a permission.
        elif index in blind or (veiled and plan.waits(one)):
            since = one.quiet_since or plan.now.isoformat()
            plan.entries.append(replace(one, size=seen_of(one, index, there), quiet_since=since))
        # 3. What is gone and was read to its end is forgotten; of all else the loss is told and counted.
        elif not one.finished:
            _give_up(plan, one, live)
    # 4. Rotated files that nobody knows: copies are passed over, what is newer than all we knew was missed and is read.
    _strangers(plan, state, observed, there)
    # 5. The log itself.
    if last is not None:
        _carry_on_live(plan, known[last], there.of[last], last in there.short, last == len(known) - 1)
    elif live is not None:
        _begin_live(plan, known, live, there)
    elif known and known[-1].path == plan.path and len(known) - 1 not in {*there.of, *blind} and not veiled:
        # 6. With no log at its place, what it was is kept in mind: a restored copy of it must not be read again, and
        #    what was written since is told from what is old by its time.
        plan.entries.append(replace(known[-1], finished=True))


def _unreadable(
    plan: _Plan, known: Sequence[Generation], observed: Sequence[Observed], there: Homes
) -> Tuple[Set[int], bool]:
    """Which generations lie in files that cannot be read, and whether others might, for all that is known."""
    blind: Set[int] = set()
    veiled = False
    for each in observed:
        if not each.unreadable:
            continue
        found = [index for index, one in enumerate(known) if each.inode and one.mark.inode == each.inode]
        if not found:
            veiled = True
            found = [index for index, one in enumerate(known) if one.path == each.path]
        found = [index for index in found if index not in there.of]
        blind.update(found)
        if not found or not all(known[index].finished for index in found):
            plan.tell(Cause.UNREADABLE, each.path, each.unreadable)
    return blind, veiled


def _carry_on(plan: _Plan, one: Generation, home: Observed, short: bool) -> None:
    """A generation that was rotated: read what was added, until it is over."""
    moved = _moved(one, home)
    offset = one.mark.offset
    if home.compression:
        # An archive is complete: it is read from where its plain text was left, and then only known.
        if one.finished:
            plan.entries.append(replace(moved, modified=home.modified, quiet_since=None))
        else:
            plan.segment(home, offset, moved, settled=True)
        return
    # What was seen and is not in the file any more was cut off, or written to the log after this copy was made.
    plan.lose(one.size - max(home.size, offset), Cause.SHRUNK if home.inode == one.mark.inode else Cause.TRUNCATED)
    grown = home.size != one.size or one.path == plan.path
    since = plan.quiet_since(home, None if grown else one.quiet_since)
    moved = replace(moved, quiet_since=since.isoformat())
    settled = plan.is_over(since)
    if short:
        plan.segment(home, home.size, moved, settled)
    elif home.size > offset:  # also of one that was over: a daemon that did write on after all
        plan.segment(home, offset, moved, settled)
    else:
        finished = one.finished or settled
        quiet = None if finished else moved.quiet_since
        moved = replace(moved, size=home.size, modified=home.modified, finished=finished, quiet_since=quiet)
        plan.entries.append(moved)


def _carry_on_live(plan: _Plan, one: Generation, home: Observed, short: bool, was_live: bool) -> None:
    """The log at its own path, holding a text that is known."""
    offset = one.mark.offset
    finished = one.finished and bool(home.compression)
    moved = replace(_moved(one, home), finished=finished, quiet_since=None, copied=False)
    if not was_live or one.path != plan.path or home.inode != one.mark.inode:
        plan.tell(
            Cause.RESTORED,
            home.path,
            f"it is the text known from {one.path}, in another file; it goes on at byte {offset}",
        )
    if home.compression:
        if one.finished and home.modified == one.modified:
            plan.entries.append(moved)
        else:
            plan.segment(home, offset, moved, settled=True)
        return
    plan.lose(one.size - max(home.size, offset), Cause.SHRUNK)
    if short:
        plan.tell(
            Cause.SHRUNK,
            home.path,
            f"it ends at byte {home.size}, before byte {offset} that it was read up to, and begins as before: its end was "
            "cut off, or an older copy was put in its place; what is added from now on is read",
        )
        plan.segment(home, home.size, moved, settled=False)
    elif home.size > offset:
        if home.size < one.size:
            plan.tell(Cause.SHRUNK, home.path, f"it was {one.size} bytes long and is {home.size}")
        plan.segment(home, offset, moved, settled=False)
    else:
        if home.size < one.size:
            plan.tell(Cause.SHRUNK, home.path, f"it was {one.size} bytes long and is {home.size}")
        plan.entries.append(replace(moved, size=home.size, modified=home.modified))


def _moved(one: Generation, home: Observed) -> Generation:
    if one.mark.offset == 0 and one.mark.head_length == 0:  # it was empty, and may not be read in this run either
        return replace(one, path=home.path, mark=_seen(home, 0))
    return replace(one, path=home.path, mark=replace(one.mark, device=home.device, inode=home.inode))


def _keep_copy(plan: _Plan, one: Generation, home: Optional[Observed], hidden: bool, log: Optional[Observed]) -> None:
    """What was taken for a copy in the making stays one, unless it has grown by what the log does not hold."""
    if home is None:
        if hidden:
            plan.entries.append(one)
    elif log is not None and log.path == plan.path and home.size > one.size and not is_being_copied(home, log):
        plan.segment(home, one.mark.offset, replace(_moved(one, home), copied=False), settled=False)
    else:
        plan.entries.append(_moved(one, home))


def _tell_rotated(plan: _Plan, one: Generation, home: Observed, observed: Sequence[Observed]) -> None:
    plan.tell(Cause.ROTATED, home.path, f"{one.path} was rotated to {home.path} after byte {one.mark.offset} was read")
    # A plain file under another inode is a copy. An archive always is one: there it takes the old inode with another
    # text in it to tell a log that was copied and cut from one that was renamed, unless that inode was given out again.
    left = any(each.inode == one.mark.inode for each in observed if each.path != home.path)
    if home.inode != one.mark.inode and (left or not home.compression):
        plan.tell(
            Cause.WINDOW,
            plan.path,
            f"{home.path} is a copy of it (copytruncate, or a move to another file system): what was written between the "
            "copy and the cut is in neither file, and how much that was cannot be known",
        )


def _give_up(plan: _Plan, one: Generation, live: Optional[Observed]) -> None:
    """A generation that is nowhere any more."""
    unread = one.size - one.mark.offset
    rest = (
        f"{unread} bytes that were seen and not yet read are lost" if unread > 0 else "all that was seen of it was read"
    )
    rest += "; what was written to it after that, if anything, cannot be known"
    if live is None or live.inode != one.mark.inode or one.path != plan.path:
        cause = Cause.VANISHED
        plan.tell(cause, one.path, f"it is gone, and no generation of the log holds its text: {rest}")
    elif live.size < one.size:
        cause = Cause.TRUNCATED
        plan.tell(cause, one.path, f"it was cut, and no copy holds what it held: {rest}")
    else:
        cause = Cause.REWRITTEN
        plan.tell(cause, one.path, f"it holds another text than before, and no copy has the earlier one: {rest}")
    plan.lose(unread, cause)


def _strangers(plan: _Plan, state: LogState, observed: Sequence[Observed], there: Homes) -> None:
    known = state.generations
    base = plan.path.rpartition("/")[2]
    rotated = [each for each in there.strangers if each.path != plan.path]
    live = next((each for each in observed if each.path == plan.path), None)
    newest = there.of.get(len(known) - 1)
    for each in _by_age(plan.path, _without_twins(rotated, observed)):
        if is_being_copied(each, live):
            plan.new_copy(each)
            continue
        if original_of(each, known, plan.path, there) is not None:
            continue
        # The names tell the order, too, where the clock was set back or an archive has the time of its packing.
        later = newest is not None and is_newer(base, _name(each.path), _name(newest.path))
        if each.modified >= state.horizon or later:
            plan.tell(Cause.ROTATED, each.path, "it was written and rotated since the last run, and is read as a whole")
            plan.new(each)
        else:
            plan.tell(Cause.RESTORED, each.path, "it is older than what was read before and unknown; it was not read")
            plan.keep_unread(each)


def _begin_live(plan: _Plan, known: Sequence[Generation], live: Observed, there: Homes) -> None:
    """The log at its own path, holding a text that was not there before."""
    index = original_of(live, known, plan.path, there)
    if index is not None and not live.compression:
        # A generation that is still there was copied back: what it holds beyond that one is new.
        home = there.of[index]
        end = min(live.size, known[index].mark.offset if home.compression else max(home.size, known[index].mark.offset))
        plan.tell(Cause.RESTORED, live.path, f"it is a copy of {home.path}; it goes on at byte {end}")
        plan.new(live, end)
        return
    plan.new(live)


def _without_twins(some: Sequence[Observed], observed: Sequence[Observed]) -> List[Observed]:
    """An archive beside its own plain text is that text, half written: one log."""
    plain = {each.path for each in observed if not each.compression}
    return [each for each in some if not (each.compression and uncompressed(each.path) in plain)]


def _by_age(path: str, some: Sequence[Observed]) -> List[Observed]:
    """The oldest first, the log itself last; where the times are equal, the names tell."""
    base = path.rpartition("/")[2]
    return sorted(some, key=lambda each: (each.path == path, each.modified, age_of(base, _name(each.path)), each.path))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _seen(each: Observed, offset: int) -> Fingerprint:
    """By what it begins with, a text is known again even before a byte of it is read."""
    return identity.mark(each.device, each.inode, offset, each.opening, b"")
