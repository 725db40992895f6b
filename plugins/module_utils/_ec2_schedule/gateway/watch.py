# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at what was acted on, until it is what was wanted or the time is up."""

from __future__ import annotations

from typing import Awaitable, Callable, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..._common.errors import GatewayError
from ..model import Action, Resource
from ..verify import Seen, Verdict, verify
from .fleet import look

Key = Tuple[str, str, str, str]
_PAUSES = (1.0, 2.0, 3.0, 5.0, 8.0)  # seconds between looks; the last one again and again


class Patience(NamedTuple):
    """How long is waited, and by which clock."""

    seconds: float
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


async def watch(client: Sender, acted: Sequence[Tuple[Resource, Action]], patience: Patience) -> Dict[Key, Seen]:
    """What became of resources of one account and region; at least one look is taken."""
    seen: Dict[Key, Seen] = {}
    left: Mapping[Key, Tuple[Resource, Action]] = {resource.key: (resource, action) for resource, action in acted}
    begun = patience.monotonic()
    looks = 0
    while left:
        resources: List[Resource] = [resource for resource, _action in left.values()]
        try:
            now = await look(client, resources)
        except GatewayError as error:
            # What was asked stands; a later run sees what became of it.
            return {**seen, **{key: Seen(Verdict.PENDING, "", f"it could not be looked at: {error}") for key in left}}
        since = patience.monotonic() - begun
        for key, (resource, action) in left.items():
            seen[key] = verify(action, resource, now.get(key), since)
        left = {key: each for key, each in left.items() if seen[key].verdict is Verdict.PENDING}
        pause = _PAUSES[min(looks, len(_PAUSES) - 1)]
        looks += 1
        if not left or since + pause > patience.seconds:
            break
        await patience.sleep(pause)
    return seen
