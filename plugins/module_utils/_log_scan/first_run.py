# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the first run begins in a log that nobody has looked at."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Optional

from .._common.errors import GatewayError
from .follow import FirstRun
from .gateway.reading import Text
from .model import Observed
from .options import First
from .seek import offset_of, unfinished_at
from .stamps import Stamps

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def first_run(
    rule: First, path: str, since: Optional[datetime], now: datetime, zone: tzinfo, encoding: str = ""
) -> FirstRun:
    """The rule as a function of a file: an offset at the start of a line, or None to pass over all of it.

    :param since: for ``First.SINCE``.
    """

    def at_end(each: Observed) -> Optional[int]:
        return None if each.path != path or each.compression else _last_line(each, encoding)

    def from_then(each: Observed) -> Optional[int]:
        written = _EPOCH + timedelta(microseconds=each.modified // 1000)
        if since is None or written < since:
            return at_end(each)
        return 0 if each.compression else _line_since(each, since, Stamps(now, zone, written), encoding)

    return {First.END: at_end, First.BEGINNING: lambda each: 0, First.SINCE: from_then}[rule]


def _last_line(each: Observed, encoding: str) -> int:
    """Where the line begins that is not ended yet; the end, if all are."""
    try:
        with Text(each.path) as text:
            return unfinished_at(text.read, each.size, encoding)
    except GatewayError:
        return each.size


def _line_since(each: Observed, since: datetime, stamps: Stamps, encoding: str) -> int:
    try:
        with Text(each.path) as text:
            return offset_of(text.read, each.size, since, stamps.of, encoding)
    except GatewayError:
        return 0  # reading it says why
