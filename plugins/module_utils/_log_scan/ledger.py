# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of every byte of a log in a run: appended = scanned + pending + gap."""

from __future__ import annotations

from typing import List, Optional, Sequence

from .model import Cause, Event, Ledger, Read, Reading, Segment


def ledger(reading: Reading, results: Sequence[Optional[Read]]) -> Ledger:
    """The account of one log. ``results`` belong to the segments; None: it could not be opened."""
    scanned = pending = generations = 0
    gap, causes = reading.gap, list(reading.gap_causes)
    pending_causes: List[Cause] = []
    events: List[Event] = list(reading.events)
    for segment, result in zip(reading.segments, results):
        if result is None:
            # It was there a moment ago. Whether it is lost the next run will tell.
            pending += max(0, (segment.size or segment.generation.size) - segment.start)
            pending_causes.append(Cause.UNREADABLE)
            continue
        events.extend(result.events)
        generations += result.mark.offset > segment.start
        scanned += max(0, result.mark.offset - segment.start)
        left = max(0, result.size - max(result.mark.offset, segment.start))
        pending += left
        if left or (segment.compression and result.pending_cause is Cause.BUDGET):  # how much, only reading tells
            pending_causes.append(result.pending_cause or Cause.PARTIAL)
        lost = _lost(segment, result)
        if lost > 0:
            gap += lost
            causes.append(Cause.SHRUNK)
            events.append(Event(Cause.SHRUNK, segment.path, f"{lost} bytes that had been seen are not in it any more"))
    for one in reading.known:
        if not (one.finished or one.copied) and one.size > one.mark.offset:  # waits for a file that cannot be read
            pending += one.size - one.mark.offset
            pending_causes.append(Cause.UNREADABLE)
    unreadable = next((each.detail for each in reading.events if each.cause is Cause.UNREADABLE), "")
    return Ledger(
        path=reading.path,
        scanned=scanned,
        pending=pending,
        pending_cause=_gravest(pending_causes),
        gap=gap,
        gap_causes=tuple(dict.fromkeys(causes)),
        skipped=reading.skipped,
        events=tuple(events),
        generations=generations,
        unreadable=unreadable,
    )


def _lost(segment: Segment, result: Read) -> int:
    """Bytes that were seen before, and that the end of the text has shown to be gone."""
    if segment.size is not None:  # the decision knew the size then; what has gone since was cut while it was read
        return segment.size - max(result.size, segment.start)
    if result.ended:  # only now is known how long the text of an archive is
        return segment.generation.size - max(result.size, segment.start)
    return 0


def _gravest(causes: Sequence[Cause]) -> Optional[Cause]:
    for cause in (Cause.UNREADABLE, Cause.BUDGET):
        if cause in causes:
            return cause
    return causes[0] if causes else None
