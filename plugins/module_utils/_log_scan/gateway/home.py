# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host says of itself: its name, its time zone, and where state belongs."""

from __future__ import annotations

import os
import time
from datetime import timedelta, timezone, tzinfo
from functools import cache

from ..._common.errors import Day2Error

_OF_ROOT = "/var/lib/day2-ops/log_scan"
_ZONE_FILE = "/etc/localtime"


def state_dir() -> str:
    """Where state lies when nobody says it: of root below ``/var/lib``, of others below their home."""
    if os.geteuid() == 0:
        return _OF_ROOT
    base = os.environ.get("XDG_STATE_HOME", "")
    return os.path.join(base if base.startswith("/") else os.path.expanduser("~/.local/state"), "day2-ops", "log_scan")


def host_name() -> str:
    """The name of this host."""
    return os.uname().nodename


@cache
def time_zone(name: str = "") -> tzinfo:
    """A time zone by its IANA name; without one that of the host.

    :raises Day2Error: when this host does not know it.
    """
    from zoneinfo import ZoneInfo

    if name.upper() in ("UTC", "Z"):
        return timezone.utc
    if name:
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise Day2Error(
                f"timezone: this host does not know {name!r}; one looks like Europe/Madrid, and needs the package tzdata"
            ) from error
    try:
        with open(_ZONE_FILE, "rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):  # no such file, or none that can be read: the offset of today
        return timezone(timedelta(seconds=time.localtime().tm_gmtoff))
