# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much a run may read."""

from __future__ import annotations

from typing import Callable, Optional


class Budget:
    """Bytes and seconds, counted while they are spent.

    :param monotonic: seconds that never jump back.
    """

    def __init__(self, max_bytes: Optional[int], max_seconds: Optional[float], monotonic: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._until = None if max_seconds is None else monotonic() + max_seconds
        self._monotonic = monotonic
        self.spent = 0  # bytes

    def spend(self, count: int) -> None:
        """So many bytes were read."""
        self.spent += count

    def is_over(self) -> bool:
        """Whether nothing more may be read."""
        if self._max_bytes is not None and self.spent >= self._max_bytes:
            return True
        return self._until is not None and self._monotonic() >= self._until
