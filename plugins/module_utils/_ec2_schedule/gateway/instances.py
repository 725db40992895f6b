# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances: started, stopped and hibernated a thousand at a time."""

from __future__ import annotations

import asyncio
from typing import Dict, List, NamedTuple, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..attempts import place_of
from ..calls import change_instances
from ..model import Action, Resource
from .change import change_many, refusals_of

Key = Tuple[str, str, str, str]
_CANNOT_HIBERNATE = frozenset(("UnsupportedHibernationConfiguration", "UnsupportedOperation"))
# Somebody was quicker, perhaps: what is seen afterwards tells.
_PERHAPS_DONE = frozenset(("IncorrectInstanceState",))
_APIS = {
    Action.START: "ec2:StartInstances",
    Action.STOP: "ec2:StopInstances",
    Action.HIBERNATE: "ec2:StopInstances",
}


class Changed(NamedTuple):
    """What AWS said to one action on instances of one region.

    ``to_see`` are to be looked at: those that it took, and those that may be what was wanted already; of these ``errors`` has
    what AWS said, in case they are not.
    """

    to_see: List[Tuple[Resource, Action]]
    errors: Dict[Key, str]
    notes: Dict[Key, str]


async def act_on_instances(client: Sender, resources: Sequence[Resource], action: Action) -> Changed:
    """Start, stop or hibernate instances of one region; those that cannot be hibernated are stopped."""
    by_id = {resource.id: resource for resource in resources}
    region = resources[0].region
    attempts = await change_many(
        client,
        list(by_id),
        lambda each: place_of(by_id[each]),
        lambda ids: change_instances(region, action, ids),
    )
    to_see = [(by_id[each], action) for each in attempts.accepted]
    errors: Dict[Key, str] = {}
    notes: Dict[Key, str] = {}
    stopped_instead: List[Resource] = []
    for each, why in refusals_of(attempts, by_id, _APIS[action]).items():
        code, resource = attempts.refused[each].code, by_id[each]
        if action is Action.HIBERNATE and code in _CANNOT_HIBERNATE:
            stopped_instead.append(resource)
            notes[resource.key] = f"stopped instead of hibernated: {why}"
            continue
        errors[resource.key] = why
        if code in _PERHAPS_DONE:
            to_see.append((resource, action))
    if stopped_instead:
        further = await act_on_instances(client, stopped_instead, Action.STOP)
        to_see += further.to_see
        errors.update(further.errors)
    return Changed(to_see, errors, notes)


async def act_on_all(client: Sender, wanted: Dict[Action, List[Resource]]) -> Changed:
    """Every action on its instances, all at the same time."""
    every = await asyncio.gather(*(act_on_instances(client, resources, action) for action, resources in wanted.items()))
    together = Changed([], {}, {})
    for each in every:
        together.to_see.extend(each.to_see)
        together.errors.update(each.errors)
        together.notes.update(each.notes)
    return together
