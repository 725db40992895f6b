# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change asked of AWS: for one resource, or for as many instances as a call may name."""

from __future__ import annotations

import asyncio
from typing import Callable, Dict, Hashable, NamedTuple, Sequence

from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError, Request
from ..._common.errors import GatewayError
from ..attempts import Attempts, Batch
from ..model import Resource
from ..refusals import explain


class Answer(NamedTuple):
    """Why AWS would not do it, for people and as a code; both are empty when it would."""

    error: str = ""
    code: str = ""


async def ask(client: Sender, resource: Resource, request: Request) -> Answer:
    """What AWS says to a change."""
    try:
        await client.send(request)
    except AwsError as error:
        return Answer(explain(resource, request.action, error.code, message_of(error), error.status), error.code)
    except GatewayError as error:
        return Answer(str(error))
    return Answer()


async def change(client: Sender, resource: Resource, request: Request) -> str:
    """Why AWS would not do it, or nothing."""
    return (await ask(client, resource, request)).error


async def change_many(
    client: Sender,
    ids: Sequence[str],
    place: Callable[[str], Hashable],
    request_of: Callable[[Sequence[str]], Request],
) -> Attempts:
    """The same change for many instances, in as few calls as possible, none of them in the way of another."""
    attempts = Attempts(ids, place)

    async def attempt(batch: Batch) -> None:
        try:
            await client.send(request_of(batch.ids))
        except AwsError as error:
            attempts.refuse(batch, error.code, message_of(error), error.status)
        except GatewayError as error:
            attempts.refuse(batch, "", str(error), 0)
        else:
            attempts.accept(batch)

    while True:
        batches = attempts.round()
        if not batches:
            return attempts
        await asyncio.gather(*map(attempt, batches))


def message_of(error: AwsError) -> str:
    """AWS's own words."""
    return error.cause.partition("): ")[2]


def refusals_of(attempts: Attempts, resources: Dict[str, Resource], action: str) -> Dict[str, str]:
    """Why instances were given up, each in a sentence."""
    return {
        each: explain(resources[each], action, why.code, why.message, 400 if why.code else 0)
        for each, why in attempts.refused.items()
    }
