# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real time: the one place that asks for it. Everything else is given a clock."""

from __future__ import annotations

import time
from datetime import datetime, timezone


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Seconds that never jump back."""
        return time.monotonic()
