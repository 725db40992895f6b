# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting with a bound on memory: the most frequent values, and how many events fell into one window of time."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

MOST_VALUES = 128
MOST_TIMES = 4096
MOST_CARRIED = 500
_STEPS = 64  # into how many steps a window is cut when there are too many times to keep each


class Top:
    """The most frequent values. Each has a count that is certain, and how many more there may have been.

    As long as there are few values all counts are exact. Else the rarest are forgotten, and what comes anew may have been
    there before as often as the most frequent one that was forgotten.
    """

    def __init__(self, most: int = MOST_VALUES) -> None:
        self._most = most
        self._counts: Dict[str, int] = {}
        self._missed: Dict[str, int] = {}  # what may be missing; only where it is more than nothing
        self._lost = 0

    def __contains__(self, value: str) -> bool:
        return value in self._counts

    def add(self, value: str, count: int = 1) -> None:
        """Count a value."""
        counts = self._counts
        if value in counts:
            counts[value] += count
            return
        counts[value] = count
        if self._lost:
            self._missed[value] = self._lost
        if len(counts) > 2 * self._most:
            self._forget()

    def _forget(self) -> None:
        # Dropping half at a time makes the cost of it small for each value.
        ranked = sorted(self._counts, key=lambda value: (-self._counts[value] - self._missed.get(value, 0), value))
        for value in ranked[self._most :]:
            self._lost = max(self._lost, self._counts.pop(value) + self._missed.pop(value, 0))

    def ranked(self) -> List[Tuple[str, int, int]]:
        """Value, certain count, and the most that it can be; the most frequent first."""
        found = [(value, count, count + self._missed.get(value, 0)) for value, count in self._counts.items()]
        return sorted(found, key=lambda entry: (-entry[1], -entry[2], entry[0]))


class Window:
    """The greatest number of events within a span of time, in whatever order they come.

    Times are kept to the millisecond. When there are too many, they are rounded to a part of the span, and if that does
    not help the oldest are forgotten: what is found then is never too many.
    """

    def __init__(self, span: float, carried: Sequence[Sequence[int]] = ()) -> None:
        """:param carried: what ``recent`` gave at the end of an earlier run; it counts beside new events only."""
        self.span = max(1, round(span * 1000))
        self._step = 1
        self._times: Dict[int, int] = {}
        self._carried = {int(at): int(count) for at, count in carried}
        self._peak = (0, 0)  # of what was there before something was forgotten

    def add(self, millisecond: int, count: int = 1) -> None:
        """An event, or more of them."""
        at = millisecond - millisecond % self._step
        times = self._times
        times[at] = times.get(at, 0) + count
        if len(times) > MOST_TIMES:
            self._coarsen()

    def _coarsen(self) -> None:
        self._peak = max(self._peak, self.peak(), key=lambda peak: peak[0])
        step = max(1, self.span // _STEPS)
        if self._step < step:
            self._step = step
            self._times = _rounded(self._times, step)
            self._carried = _rounded(self._carried, step)
        if len(self._times) > MOST_TIMES // 2:
            self._times = dict(sorted(self._times.items())[-MOST_TIMES // 2 :])

    def peak(self) -> Tuple[int, int]:
        """The most events in ``[start, start + span)``, a new one among them, and the start in milliseconds."""
        times = sorted({*self._times, *self._carried})
        best, inside, new, begin = self._peak, 0, 0, 0
        # Rounded down, an event of the last step may really be up to a step later: the span is that much shorter.
        span = self.span if self._step == 1 else self.span - self._step + 1
        for at in times:
            inside += self._all(at)
            new += self._times.get(at, 0)
            while times[begin] <= at - span:
                inside -= self._all(times[begin])
                new -= self._times.get(times[begin], 0)
                begin += 1
            if new and inside > best[0]:
                best = (inside, times[begin])
        return best

    def _all(self, at: int) -> int:
        return self._times.get(at, 0) + self._carried.get(at, 0)

    def recent(self) -> List[List[int]]:
        """The events of the last span, for a later run to begin with, since a window may lie over both."""
        times = sorted({*self._times, *self._carried})
        return [[at, self._all(at)] for at in times if at > times[-1] - self.span][-MOST_CARRIED:]


def _rounded(times: Dict[int, int], step: int) -> Dict[int, int]:
    found: Dict[int, int] = {}
    for at, count in times.items():
        found[at - at % step] = found.get(at - at % step, 0) + count
    return found
