# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that options of many subjects have in common, read and refused in the same words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Optional

from .errors import Day2Error

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}")


def is_integer(value: Any) -> bool:
    """Whether a value, of JSON for one, is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def between(name: str, value: int, least: int, most: int) -> int:
    """A number within its bounds.

    :raises Day2Error: naming the option and the bounds.
    """
    if not least <= value <= most:
        raise Day2Error(f"{name}: {value} is not a number from {least} to {most}")
    return value


def instant(name: str, text: str) -> datetime:
    """A time of day, aware.

    :raises Day2Error: for what is none, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Day2Error(f"{name}: {text!r} is not a time such as 2027-03-31T18:00:00Z") from error
    if found.tzinfo is None:
        raise Day2Error(f"{name}: {text!r} has no offset; write {text}Z for UTC")
    return found


def run_id(given: Optional[str], now: datetime) -> str:
    """The name of a run: the given one, else the time: ``20260301T120000Z``.

    :raises Day2Error: for a name that cannot be part of a file's name.
    """
    if not given:
        return f"{now:%Y%m%dT%H%M%SZ}"
    if not _RUN_ID.fullmatch(given):
        raise Day2Error(f"run_id: {given!r} is not made of letters, digits and . _ : + - (at most 100)")
    return given


def filled(path: str, account: str, run: str, now: datetime) -> str:
    """A path of a report with ``{account}``, ``{run_id}`` and ``{date}`` filled in; other braces stay as they are."""
    for name, value in {"{account}": account, "{run_id}": run, "{date}": f"{now:%Y-%m-%d}"}.items():
        path = path.replace(name, value)
    return path
