# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words for people: instants as a clock on their wall shows them, spans of time, hours and money."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Optional
from zoneinfo import ZoneInfo

from .model import Kind, Wanted

KINDS = {
    Kind.EC2.value: "EC2 instance",
    Kind.RDS.value: "RDS instance",
    Kind.CLUSTER.value: "database cluster",
    Kind.ASG.value: "Auto Scaling group",
    Kind.NODEGROUP.value: "EKS node group",
}
TURNS = {Wanted.RUNNING.value: "start", Wanted.STOPPED.value: "stop", Wanted.ANY.value: "are left as they are"}


def local(at: datetime, zone: str) -> datetime:
    """The instant in that zone; in UTC at the ends of time, where zones cannot follow."""
    try:
        return at.astimezone(ZoneInfo(zone))
    except OverflowError:
        return at.astimezone(timezone.utc)


def day(at: datetime, zone: str) -> str:
    """``Tue 1 Dec``."""
    there = local(at, zone)
    return f"{there:%a} {there.day} {there:%b}"


def clock(at: datetime, zone: str) -> str:
    """``19:05``."""
    return f"{local(at, zone):%H:%M}"


def moment(at: datetime, zone: str) -> str:
    """``Tue 1 Dec, 19:05``."""
    return f"{day(at, zone)}, {clock(at, zone)}"


def span(start: datetime, stop: datetime, zone: str) -> str:
    """``Tue 1 Dec, 07:30 – 19:00``; the day of the end is said where it is another."""
    if stop - start < timedelta(hours=24) or day(start, zone) == day(stop, zone):
        return f"{moment(start, zone)} – {clock(stop, zone)}"
    return f"{moment(start, zone)} – {moment(stop, zone)}"


def place(zone: str) -> str:
    """``New York`` for ``America/New_York``."""
    return zone.rpartition("/")[2].replace("_", " ")


def distance(gap: timedelta) -> str:
    """How long something is: ``2 days 4 h``, ``4 h 30 min``, ``5 min``."""
    minutes = round(gap.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} day{'s' if days > 1 else ''}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes and not days else []
    return " ".join(parts) or "less than a minute"


def hours(value: float) -> str:
    """``1,204 h``; with a decimal where there are few."""
    return f"{value:,.0f} h" if value >= 100 else f"{value:.1f}".rstrip("0").rstrip(".") + " h"


def money(value: Optional[float], currency: str) -> str:
    """``USD 84.20``; a dash for what is not known."""
    return "–" if value is None else f"{currency} {value:,.2f}".strip()


def plural(count: int, noun: str) -> str:
    """``1 resource``, ``1,000 resources``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
