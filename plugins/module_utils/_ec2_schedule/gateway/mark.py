# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state tags that say which edge was followed: one call for each thousand instances that are to say the same."""

from __future__ import annotations

import asyncio
from typing import Dict, List, Mapping, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..calls import tag, tag_instances
from ..model import Kind, Resource
from ..state import TagNames
from .change import change, change_many, refusals_of

Key = Tuple[str, str, str, str]


async def write_marks(client: Sender, marks: Sequence[Tuple[Resource, str]], names: TagNames) -> Dict[Key, str]:
    """Write the state tags of resources of one region; what could not be written, with the reason.

    Where the tag that says whose state it is does not name the resource, both are written in one call, so that the state of a
    clone is never taken for its own.
    """
    same: Dict[str, List[Resource]] = {}
    single: List[Tuple[Resource, str]] = []
    for resource, value in marks:
        if resource.kind is Kind.EC2 and resource.tags.get(names.owner) == resource.id:
            same.setdefault(value, []).append(resource)
        else:
            single.append((resource, value))
    errors: Dict[Key, str] = {}

    async def together(value: str, resources: List[Resource]) -> None:
        by_id = {resource.id: resource for resource in resources}
        region = resources[0].region
        attempts = await change_many(
            client, list(by_id), lambda each: "", lambda ids: tag_instances(region, ids, {names.state: value})
        )
        for each, why in refusals_of(attempts, by_id, "ec2:CreateTags").items():
            errors[by_id[each].key] = why

    async def alone(resource: Resource, value: str) -> None:
        why = await change(client, resource, tag(resource, state_tags(resource, value, names)))
        if why:
            errors[resource.key] = why

    await asyncio.gather(
        *(together(value, resources) for value, resources in same.items()),
        *(alone(resource, value) for resource, value in single),
    )
    return errors


def state_tags(resource: Resource, value: str, names: TagNames) -> Mapping[str, str]:
    """The tags to write so that the resource's state says ``value``."""
    if resource.tags.get(names.owner) == resource.id:
        return {names.state: value}
    return {names.state: value, names.owner: resource.id}
