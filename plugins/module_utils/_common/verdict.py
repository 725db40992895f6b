# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of every verdict: how bad, which way, and what a run comes to."""

from __future__ import annotations

from enum import Enum
from typing import Iterable, Tuple


class Severity(str, Enum):
    """How much a failing check matters; ordered by ``rank``."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return list(Severity).index(self)


class Status(str, Enum):
    """What a check says of one resource; not being allowed to look is ``UNKNOWN``, never ``PASS``."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


class Overall(str, Enum):
    """What a whole run comes to: the ``status`` of every result of the collection."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


def overall(verdicts: Iterable[Tuple[Status, Severity]]) -> Overall:
    """The status of a run: critical when something of high or critical severity fails, warning when
    something else fails, unknown when anything could not be judged, else ok."""
    unknown = warning = False
    for status, severity in verdicts:
        if status is Status.FAIL:
            if severity.rank >= Severity.HIGH.rank:
                return Overall.CRITICAL
            warning = True
        elif status is Status.UNKNOWN:
            unknown = True
    return Overall.WARNING if warning else Overall.UNKNOWN if unknown else Overall.OK
