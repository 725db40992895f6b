# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much is tried where the same tests run in full on another Python or another ansible-core."""

from __future__ import annotations

import os

LESS = "DAY2_LESS_EFFORT"
"""Set by the suite for the versions in between."""


def in_full() -> bool:
    """Whether everything is to be tried."""
    return not os.environ.get(LESS)


def tries(full: int) -> int:
    """For ``max_examples``: ``full``, or a fifth of it in between."""
    return full if in_full() else max(5, full // 5)
