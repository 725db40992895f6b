# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spans of time as people write them: ``30s``, ``5m``, ``2h``, ``1d``."""

from __future__ import annotations

import re
from typing import Any

from .._common.errors import Day2Error

_SPAN = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(ms|s|m|h|d|w)?\s*")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


def seconds(name: str, value: Any) -> float:
    """A span in seconds; a bare number is one already.

    :raises Day2Error: naming the option, and what would be right.
    """
    match = None if isinstance(value, bool) else _SPAN.fullmatch(str(value))
    if match is None:
        raise Day2Error(f"{name}: {value!r} is no span of time: one is written like 30s, 5m, 2h or 1d")
    return float(match[1]) * _UNITS[match[2] or "s"]
