# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person wants of one resource for a while: ``running until 2026-12-01T18:00+01:00``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Optional

from .._common.errors import Day2Error
from .model import Wanted

_OVERRIDE = re.compile(r"(running|stopped)\s+until\s+(\S+)", re.IGNORECASE)
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?",
    re.IGNORECASE,
)
_EXAMPLE = "running until 2026-12-01T18:00+01:00"


class OverrideError(Day2Error):
    """An override that cannot be read."""


class Override(NamedTuple):
    """Which state is wanted, whatever the schedule says, and until when (UTC)."""

    wanted: Wanted
    until: datetime


def parse_override(text: str) -> Optional[Override]:
    """The override that a tag's value stands for; ``None`` when the value is blank, which is how consoles empty a tag.

    :raises OverrideError: for anything else that is no override. An instant without an offset is none: nobody could
        say whose six o'clock is meant.
    """
    if not text.strip():
        return None
    shown = text if len(text) <= 80 else text[:77] + "..."
    found = _OVERRIDE.fullmatch(text.strip())
    if found is None:
        raise OverrideError(f"{shown!r} is no override: one reads like {_EXAMPLE}, or stopped until ...")
    parts = _INSTANT.fullmatch(found[2])
    if parts is None:
        raise OverrideError(f"{shown!r}: {found[2]!r} is no instant: one reads like {_EXAMPLE}")
    if not parts[7] and not parts[8]:
        raise OverrideError(f"{shown!r}: the instant has no offset from UTC: write it like {_EXAMPLE}, or with a Z")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
        local = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
        offset = timedelta(hours=int(parts[9] or 0), minutes=int(parts[10] or 0))
        if offset >= timedelta(hours=24):
            raise OverrideError(f"{shown!r}: there is no offset {parts[8]}{parts[9]}:{parts[10]}")
        until = local + offset if parts[8] == "-" else local - offset
    except (ValueError, OverflowError) as error:
        raise OverrideError(f"{shown!r}: there is no such instant: {error}") from error
    return Override(Wanted(found[1].lower()), until)
