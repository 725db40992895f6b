# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups of instances: what they were like is kept in a tag first, then they are emptied, or suspended; and back."""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Sequence

from ..._aws.gateway.sender import Sender
from ..._common.errors import Day2Error, GatewayError
from ..attempts import place_of
from ..calls import change_instances, resize, suspend, tag
from ..groups import SUSPENDED, Kept, parse_kept, sizes_for, to_keep
from ..model import Action, AsgMethod, Kind, Resource, State
from ..state import TagNames
from ..verify import Verdict
from .change import ask, change, change_many, refusals_of
from .fleet import look
from .watch import Patience, watch


class Acted(NamedTuple):
    """How far it came: refused (``error``), or accepted; whether it has ``arrived`` is ``None`` while nobody has looked."""

    error: str = ""
    arrived: Optional[bool] = None
    code: str = ""  # AWS's own, where the sizes were refused


async def act_on_group(
    client: Sender,
    resource: Resource,
    action: Action,
    method: AsgMethod,
    names: TagNames,
    patience: Patience,
    again: bool = False,
) -> Acted:
    """Start or stop one group.

    :param again: whether we had stopped it before, and somebody has started it since.
    """
    text = resource.tags.get(names.kept, "")
    if action is not Action.START:
        kept = to_keep(resource, method, text, again)
        error = await _keep(client, resource, kept, names)
        if error:
            return Acted(f"what it is like could not be kept in the tag {names.kept}, and nothing was done: {error}")
        if kept.sizes is None:
            return await _suspend(client, resource, patience)
    else:
        try:
            kept = parse_kept(text)
        except Day2Error as problem:
            return Acted(f"the tag {names.kept} is of no use: {problem}")
        if kept.sizes is None:
            return await _resume(client, resource, kept, patience)
    sizes = sizes_for(action, resource, kept)
    if sizes is None:
        return Acted("its sizes are not known")
    said = await ask(client, resource, resize(resource, sizes))
    return Acted(said.error, code=said.code)


async def _keep(client: Sender, resource: Resource, kept: Kept, names: TagNames) -> str:
    tags: Dict[str, str] = {}
    if resource.tags.get(names.kept) != str(kept):
        tags[names.kept] = str(kept)
    if resource.tags.get(names.owner, resource.id) != resource.id:
        # A copy of another group's tags: from here on they are its own, and the state among them is not.
        tags[names.owner] = resource.id
        tags[names.kept] = str(kept)
        if names.state in resource.tags:
            tags[names.state] = ""
    return await change(client, resource, tag(resource, tags)) if tags else ""


async def _suspend(client: Sender, resource: Resource, patience: Patience) -> Acted:
    """First the processes, or the group would replace its instances as they stop."""
    left = [process for process in SUSPENDED if process not in resource.suspended]
    error = await change(client, resource, suspend(resource, left)) if left else ""
    if error:
        return Acted(f"its processes could not be suspended, and nothing was stopped: {error}")
    return await _members(client, resource, Action.STOP, patience)


async def _resume(client: Sender, resource: Resource, kept: Kept, patience: Patience) -> Acted:
    """First the instances, or the group would end those that stand still."""
    acted = await _members(client, resource, Action.START, patience)
    if acted.error or not acted.arrived:
        return acted
    suspended = [process for process in kept.to_resume if process in resource.suspended]
    error = await change(client, resource, suspend(resource, suspended, resume=True)) if suspended else ""
    if error:
        return Acted(f"its instances run, and its processes could not be resumed: {error}")
    return Acted(arrived=True)


async def _members(client: Sender, group: Resource, action: Action, patience: Patience) -> Acted:
    """Start or stop a group's instances; those that do not exist any more are the group's own affair."""
    region, ids = group.region, group.members
    asked = [Resource(Kind.EC2, each, group.account, region, State.CHANGING, {}) for each in ids]
    try:
        found = await look(client, asked) if asked else {}
    except GatewayError as error:
        return Acted(f"its instances could not be looked at: {error}")
    members = {each.id: each for each in found.values() if each.state is not State.GONE}
    operation = "ec2:StartInstances" if action is Action.START else "ec2:StopInstances"
    attempts = await change_many(
        client, list(members), lambda each: place_of(members[each]), lambda ids: change_instances(region, action, ids)
    )
    errors = [f"{each}: {why}" for each, why in refusals_of(attempts, members, operation).items()]
    seen = await watch(client, [(members[each], action) for each in attempts.accepted], patience)
    errors += [f"{key[3]}: {each.why}" for key, each in seen.items() if each.verdict is Verdict.FAILED]
    if errors:
        return Acted(_several(errors, action))
    return Acted(arrived=all(each.verdict is Verdict.FINAL for each in seen.values()))


def _several(errors: Sequence[str], action: Action) -> str:
    more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
    stays = "; its processes stay suspended until all of them run" if action is Action.START else ""
    return f"{len(errors):,} of its instances could not be {_DONE[action]}: {errors[0]}{more}{stays}"


_DONE: Dict[Action, str] = {Action.START: "started", Action.STOP: "stopped", Action.HIBERNATE: "hibernated"}
