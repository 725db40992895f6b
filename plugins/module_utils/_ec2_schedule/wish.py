# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a schedule and an override together want of a resource at an instant, and since when.

An override that is in force goes before the schedule. One that has ended is an edge of its own: from that instant the
schedule is followed again, even where it wants what the override wanted. It is forgotten once the schedule has had an
edge after it, so that nobody needs to remove the tag.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Callable, NamedTuple, Optional

from .._common.errors import Day2Error
from .model import Edge, Position, Wanted
from .override import Override
from .state import StateTag

FAR = timedelta(days=3660)
"""What comes after an override that lasts longer than this is nobody's concern today."""


class Wish(NamedTuple):
    """What is wanted, since which instant, and what comes next.

    ``at`` is ``None`` when it has always been wanted, or by an override whose begin nobody knows. ``once`` is true when
    it is wanted at that instant and not after it. ``mark`` is what the state tag says when it was followed; empty when
    nothing is wanted.
    """

    wanted: Wanted
    at: Optional[datetime]
    next: Optional[Edge]
    once: bool
    mark: str
    override: Optional[Override] = None  # the one in force
    ended: bool = False  # ``at`` is the end of an override


def wish(
    position: Position, override: Optional[Override], now: datetime, later: Callable[[datetime], Position]
) -> Wish:
    """What is wanted now.

    :param position: where the schedule stands now.
    :param later: where it will stand at another instant; asked for the end of an override.
    """
    if override is not None and now < override.until:
        mark = StateTag(override.wanted, until=override.until)
        return Wish(override.wanted, None, _after(override, now, later), False, str(mark), override=override)
    wanted = _wanted(position)
    if wanted is Wanted.ANY:
        return Wish(wanted, None, position.next, position.once, "")
    at = position.last.at if position.last is not None else None
    ended = override is not None and (at is None or override.until > at)
    if ended and override is not None:
        at = override.until
    return Wish(wanted, at, position.next, position.once, str(StateTag(wanted, at)), ended=ended)


def _wanted(position: Position) -> Wanted:
    """Schedules that only stop or only start want what their last edge wanted, and nothing before their first."""
    if not position.once:
        return position.wanted
    return position.last.to if position.last is not None else Wanted.ANY


def _after(override: Override, now: datetime, later: Callable[[datetime], Position]) -> Optional[Edge]:
    if override.until - now > FAR:
        return None
    try:
        return Edge(override.until, _wanted(later(override.until)))
    except Day2Error:  # a calendar does not reach that far, which need not bother anybody before it must
        return Edge(override.until, Wanted.ANY)
