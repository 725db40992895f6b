# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has it come to what was wanted? Told from what is seen after an action, and never from AWS having said yes to it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Optional

from .groups import KeptError, parse_kept
from .model import Action, Kind, Resource, State, Wanted
from .refusals import explain_fall_back
from .state import TagNames

STALE = 15.0
"""Seconds for which AWS may still show what was before an action."""


IN_THE_WAY = frozenset(
    (
        "InvalidDBClusterStateFault",
        "InvalidDBClusterStateFaultException",
        "InvalidDBInstanceState",
        "InvalidDBInstanceStateFault",
        "ResourceInUseException",
    )
)
"""What databases and node groups say while something else is done to them, and while the same is done already."""


class Verdict(Enum):
    """What a look tells."""

    FINAL = "final"  # the wanted state
    PENDING = "pending"  # on the way to it
    FAILED = "failed"  # not on the way any more


class Seen(NamedTuple):
    """A verdict, with AWS's word for the state, and why it failed."""

    verdict: Verdict
    state: str
    why: str = ""


def verify(action: Action, before: Resource, now: Optional[Resource], since: float) -> Seen:
    """What became of a resource that was acted on.

    :param before: as it was decided upon.
    :param now: as it is seen; ``None`` when AWS does not show it.
    :param since: seconds since the action was accepted.
    """
    if now is None:
        if since < STALE:
            return Seen(Verdict.PENDING, "")
        return Seen(Verdict.FAILED, "", "it does not exist any more")
    word = now.aws_state or now.state.value
    if now.state is State.GONE:
        return Seen(Verdict.FAILED, word, f"it is {word}")
    wanted = State.RUNNING if action is Action.START else State.STOPPED
    if now.state is wanted:
        return Seen(Verdict.FINAL, word)
    # The same reason as before may be what was before: EC2 shows the effect of a call after a while only.
    told = now.why != before.why or since >= STALE
    if told and action is Action.START and now.state is State.STOPPED and now.kind is Kind.EC2:
        return Seen(Verdict.FAILED, word, explain_fall_back(now))
    return Seen(Verdict.PENDING, word)


def is_under_way(action: Action, now: Resource) -> bool:
    """Whether a database or a node group, as it is seen, is what the action wants, or on its way there."""
    start = action is Action.START
    if now.sizes is not None:
        return bool(now.sizes.desired) is start
    return now.state is (State.RUNNING if start else State.STOPPED) or now.aws_state == (
        "starting" if start else "stopping"
    )


def is_half_started(resource: Resource, mark: str, names: TagNames) -> bool:
    """Whether the instances of a suspended group run while its processes are suspended still.

    A run that ended on its way leaves such a group, and so does a person who starts its instances. It is to be started to its
    end before it is marked as running.
    """
    if resource.kind is not Kind.ASG or not mark.startswith(Wanted.RUNNING.value):
        return False
    try:
        kept = parse_kept(resource.tags.get(names.kept, ""))
    except KeptError:
        return False
    return kept.sizes is None and not set(kept.to_resume).isdisjoint(resource.suspended)
