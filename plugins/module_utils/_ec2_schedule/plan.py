# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decisions of a run as a plan, and whether they stop more of the fleet than they may."""

from __future__ import annotations

from typing import Iterable, List, Optional

from .._common.limit import Limit
from .._common.plan import Change, Plan
from .model import RUNS, Action, Decision, Resource
from .state import own_state, tag_names

STOPS = frozenset((Action.STOP, Action.HIBERNATE))
_AFTER = {Action.START: "running", Action.STOP: "stopped", Action.HIBERNATE: "stopped (hibernated)"}


def breach(limit: Optional[Limit], decisions: Iterable[Decision]) -> str:
    """Why the decisions stop too much, or nothing.

    A percentage is one of all running resources that carry a schedule, of all accounts and regions together. Those count
    that are left alone for now; those that are never stopped by themselves do not: else the members of one group, which
    hands its tags on, would make room for everything else. A group counts as one.

    :param limit: the option ``max_stop``; ``None`` is no limit.
    """
    if limit is None:
        return ""
    stops = running = 0
    for decision in decisions:
        stops += decision.action in STOPS
        running += decision.resource.state in RUNS and not decision.resource.obstacle
    if limit.allows(stops, running):
        return ""
    return f"{stops:,} of {running:,} running resources would be stopped and max_stop is {limit}: nothing was done"


def as_plan(decisions: Iterable[Decision], tag: str = "Schedule") -> Plan:
    """One change for each action, and one for each state tag that is all there is to write.

    The state tag of what is acted on is not a change of its own: it is written once the state was seen.
    """
    names = tag_names(tag)
    changes: List[Change] = []
    for each in decisions:
        if each.action is not None:
            before, after = each.resource.state.value, _AFTER[each.action]
            changes.append(Change(title(each.resource), "state", before, after, each.reason))
        elif each.mark:
            before = own_state(each.resource, names)
            changes.append(Change(title(each.resource), f"tag {names.state}", before or None, each.mark, each.reason))
    return Plan(tuple(changes))


def title(resource: Resource) -> str:
    """A resource as the head of a diff: ``ec2 i-0abc (web-1) in eu-south-2 of 111122223333``."""
    name = "" if resource.name == resource.id else f" ({resource.name})"
    return f"{resource.kind.value} {resource.id}{name} in {resource.region} of {resource.account}"
