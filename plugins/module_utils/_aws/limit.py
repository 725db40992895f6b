# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many calls may be in flight, found by asking.

Additive increase, multiplicative decrease, which converges to a fair share of what the service gives (Chiu and Jain, 1989; RFC 5681
does it for TCP, Netflix' concurrency-limits for calls). Judged per window of as many answers as may be in flight: S3 answers the odd
503 at any load, and one of those must not halve the speed.
"""

from __future__ import annotations

_TOLERATED = 0.1  # share of a window that may be throttled without being a sign of too many calls
_SMALLEST_WINDOW = 10


class AdaptiveLimit:
    """``value`` calls may be in flight: between a sixteenth of ``most`` and ``most``."""

    __slots__ = ("value", "_most", "_least", "_left", "_window", "_throttled")

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("at least one call must be allowed")
        self.value = most
        self._most = most
        self._least = max(1, most // 16)
        self._left = 0
        self._throttled = 0
        self._open_window()

    def answered(self) -> None:
        """A call was served."""
        self._left -= 1
        if not self._left:
            self._close_window()

    def refused(self) -> None:
        """A call was throttled, or timed out."""
        self._left -= 1
        self._throttled += 1
        if not self._left:
            self._close_window()

    def _open_window(self) -> None:
        self._left = self._window = max(self.value, _SMALLEST_WINDOW)
        self._throttled = 0

    def _close_window(self) -> None:
        if self._throttled > _TOLERATED * self._window:
            self.value = max(self._least, self.value // 2)
        else:
            self.value = min(self._most, self.value + self._least)
        self._open_window()
