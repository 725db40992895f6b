# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed since an earlier run, finding by finding, by their stable ids.

Only failing findings are compared: an earlier failure is *fixed* when the same finding passes now, *open* when it
still fails (or is exempt now: nobody fixed it), *not seen* when it is unknown or absent now, and a failure that was
none before is *new*.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import groupby
from typing import Dict, Iterable, Optional, Tuple

from .._common.verdict import Status

NEW, FIXED, OPEN, NOT_SEEN = "new", "fixed", "open", "not_seen"


class Comparison:
    """An earlier run against the stream of findings of this one.

    Ids are kept as 64-bit hashes, nine bytes for each earlier failure: 200,000 take 2 MB. Two ids of one hash
    (one chance in 10^9 for so many) would be taken for one.
    """

    def __init__(self, earlier: Iterable[Tuple[str, str]]) -> None:
        """:param earlier: id and status of each finding of the earlier report."""
        failing = sorted(hash(id) for id, status in earlier if status == Status.FAIL.value)
        self._failing = array("q", (value for value, _unused in groupby(failing)))
        self._seen = bytearray(len(self._failing))
        self._counts = {NEW: 0, FIXED: 0, OPEN: 0}

    def mark(self, id: str, status: Status) -> Optional[str]:
        """How a finding of this run compares: ``new``, ``fixed``, ``open``, or ``None`` for nothing to say."""
        place = self._place(id)
        if place is None:
            mark = NEW if status is Status.FAIL else None
        elif status is Status.UNKNOWN:
            return None  # it may still fail: that counts as not seen
        else:
            self._seen[place] = 1
            mark = FIXED if status is Status.PASS else OPEN
        if mark is not None:
            self._counts[mark] += 1
        return mark

    def counts(self) -> Dict[str, int]:
        """``new``, ``fixed``, ``open``, and ``not_seen`` once every finding was marked."""
        return {**self._counts, NOT_SEEN: len(self._seen) - sum(self._seen)}

    def _place(self, id: str) -> Optional[int]:
        value = hash(id)
        place = bisect_left(self._failing, value)
        return place if place < len(self._failing) and self._failing[place] == value else None
