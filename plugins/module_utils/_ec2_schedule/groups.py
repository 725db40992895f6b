# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups of instances, which are not stopped but emptied: what is kept of one before, and what is restored.

The tag ``ScheduleKept`` is written before a group is touched. It says ``2/4/6`` (the sizes: minimum, desired, maximum)
when it is emptied, or ``suspended`` when its processes are suspended and its instances stopped; behind that word stand
the processes that somebody had suspended before us (``suspended AZRebalance+AlarmNotification``), and that stay so.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Tuple

from .._common.errors import Day2Error
from .model import Action, AsgMethod, Kind, Resource, Sizes

GROUPS = frozenset((Kind.ASG, Kind.NODEGROUP))
SUSPENDED = (
    "Launch",
    "Terminate",
    "HealthCheck",
    "ReplaceUnhealthy",
    "AZRebalance",
    "AlarmNotification",
    "ScheduledActions",
    "InstanceRefresh",
)
"""The processes of an Auto Scaling group that would replace, or end, an instance that stands still."""

_SIZES = re.compile(r"([0-9]{1,6})/([0-9]{1,6})/([0-9]{1,6})")
_PROCESSES = re.compile(r"suspended(?: ([A-Za-z]+(?:\+[A-Za-z]+)*))?")


class KeptError(Day2Error):
    """A tag that does not say what to restore."""


class Kept(NamedTuple):
    """What a group was like before it was stopped: its sizes, or else the processes that were suspended already."""

    sizes: Optional[Sizes]
    suspended: Tuple[str, ...] = ()

    def __str__(self) -> str:
        """The value of the tag."""
        if self.sizes is not None:
            return sizes_text(self.sizes)
        return f"suspended {'+'.join(self.suspended)}" if self.suspended else "suspended"

    @property
    def to_resume(self) -> Tuple[str, ...]:
        """The processes that we suspended, and nobody before us."""
        return tuple(process for process in SUSPENDED if process not in self.suspended)


def sizes_text(sizes: Sizes) -> str:
    """Sizes as people read them: minimum, desired, maximum."""
    return f"{sizes.minimum}/{sizes.desired}/{sizes.maximum}"


def parse_kept(text: str) -> Kept:
    """What the tag's value says.

    :raises KeptError: when it says neither sizes that a group can have, nor suspended processes.
    """
    processes = _PROCESSES.fullmatch(text.strip())
    if processes is not None:
        return Kept(None, tuple(processes[1].split("+")) if processes[1] else ())
    found = _SIZES.fullmatch(text.strip())
    if found is None:
        raise KeptError(f"{text[:80]!r} is neither minimum/desired/maximum (2/4/6) nor suspended processes")
    sizes = Sizes(*map(int, found.groups()))
    if not sizes.minimum <= sizes.desired <= sizes.maximum:
        raise KeptError(f"{text!r}: the desired size lies outside of the minimum and the maximum")
    return Kept(sizes)


def to_keep(resource: Resource, method: AsgMethod, text: str = "", again: bool = False) -> Kept:
    """What must be kept of a group before it is stopped. Only Auto Scaling groups can be suspended.

    :param text: what its tag says now. A run that ended between suspending the processes and stopping the instances left
        it: what is suspended now is then our own work, and what is kept stays.
    :param again: whether we had stopped it, and undo what somebody has done since. What it is like now is their doing: what
        was kept then stays.
    """
    suspends = resource.kind is Kind.ASG and method is AsgMethod.SUSPEND
    try:
        before = parse_kept(text)
    except KeptError:
        before = Kept(resource.sizes)
    if again and (before.sizes is None) is suspends and (before.sizes is None or before.sizes.desired):
        return before
    if not suspends:
        return Kept(resource.sizes)
    if before.sizes is None and set(SUSPENDED) <= set(resource.suspended):
        return before
    return Kept(None, tuple(sorted(resource.suspended)))


def emptied(sizes: Sizes) -> Sizes:
    """The sizes of a group that we have stopped; the maximum stays, so that a change of it shows."""
    return Sizes(0, 0, sizes.maximum)


def sizes_for(action: Action, resource: Resource, kept: Optional[Kept]) -> Optional[Sizes]:
    """The sizes to set for an action; ``None`` when it is not done by sizes.

    :param kept: what the tag says. The maximum of a group that is stopped is set to what is kept: somebody may have
        changed it since, and that is undone.
    """
    kept_sizes = kept.sizes if kept is not None else None
    if action is Action.START:
        return kept_sizes
    sizes = kept_sizes or resource.sizes
    return emptied(sizes) if sizes is not None else None


def cannot_stop(resource: Resource, method: AsgMethod) -> str:
    """Why a group must not be stopped now, or nothing."""
    if resource.sizes is None:
        return "its sizes are not known, so that they could not be restored"
    if resource.kind is Kind.ASG and method is AsgMethod.SIZES and "Terminate" in resource.suspended:
        return "its process Terminate is suspended, so that it would not become empty: resume it first"
    return ""


def cannot_start(resource: Resource, text: str, tag: str) -> str:
    """Why a group that is stopped must not be started now, or nothing.

    :param text: the value of the tag of what was kept; empty when there is none, or it is another group's.
    :param tag: the name of that tag.
    """
    if not text:
        return f"it is empty and the tag {tag} is missing: set its sizes by hand, or write them there (2/4/6)"
    try:
        kept = parse_kept(text)
    except KeptError as error:
        return f"the tag {tag} is of no use: {error}"
    if kept.sizes is None:
        if resource.sizes is None or resource.sizes.desired:
            return ""
        return f"it is empty, and the tag {tag} says {text}, which is no sizes: set them by hand, or write them there (2/4/6)"
    if kept.sizes.desired == 0:
        return f"the tag {tag} says {text}, which is empty: set the sizes by hand"
    if resource.sizes != emptied(kept.sizes):
        now = sizes_text(resource.sizes) if resource.sizes is not None else "not known"
        left = sizes_text(emptied(kept.sizes))
        return (
            f"somebody has changed its sizes since it was stopped: they are {now} and were left at {left}; set them by"
            f" hand, or correct the tag {tag} ({text})"
        )
    if resource.kind is Kind.ASG and "Launch" in resource.suspended:
        return "its process Launch is suspended, so that no instance would be launched: resume it first"
    return ""
