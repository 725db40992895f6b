# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be changed, as it is right now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError
from ..._common.errors import Day2Error
from ..model import Encryption, Fact, KeyDetail, KmsKey, Unknown
from ..reasons import why
from ..remediate import calls
from ..remediate.documents import decode
from ..remediate.model import Document, Target
from ..requests import head_bucket
from .keys import Keys
from .workers import Step

Spelled = Tuple[str, str]
"""A region and a key as somebody spelled it."""


@dataclass(frozen=True)
class Live:
    """A configuration and the bytes that it was read from."""

    document: Document
    body: bytes = b""


async def read(sender: Sender, target: Target, account: str) -> Live:
    """One target.

    :raises AwsError: when AWS does not give it.
    :raises DocumentError: when what it gives cannot be read.
    """
    try:
        answer = await sender.send(calls.read(target, account))
    except AwsError as error:
        if calls.means_absent(target.aspect, error.code):
            return Live(None)
        raise
    return Live(decode(target.aspect, answer.body, answer.headers), answer.body)


async def read_all(sender: Sender, targets: Iterable[Target], account: str) -> Dict[Target, Fact[Document]]:
    """Many targets, at the concurrency of the client; what cannot be had is ``Unknown``."""
    wanted = list(dict.fromkeys(targets))
    return dict(zip(wanted, await asyncio.gather(*(_fact(sender, target, account) for target in wanted))))


async def _fact(sender: Sender, target: Target, account: str) -> Fact[Document]:
    try:
        return (await read(sender, target, account)).document
    except Day2Error as error:
        return why(error, calls.read(target, account).action)


async def required_keys(
    sender: Sender,
    account: str,
    partition: str,
    names: Iterable[str],
    regions: Iterable[str],
    details: FrozenSet[KeyDetail],
) -> Dict[Spelled, Fact[KmsKey]]:
    """The keys that ``names`` stand for in each of the ``regions``."""
    found: Dict[Spelled, Fact[KmsKey]] = {}

    def note(spelled: Spelled, fact: object) -> None:
        found[spelled] = fact if isinstance(fact, (KmsKey, Unknown)) else Unknown("there is no such key")

    steps: List[Step] = []
    keys = Keys(sender, account, partition, details, steps.append)
    for region in dict.fromkeys(regions):
        for name in names:
            keys.want(Encryption("aws:kms", name), region, partial(note, (region, name)))
    while steps:
        batch, steps[:] = steps[:], []
        await asyncio.gather(*(step() for step in batch))
    return found


async def log_buckets(
    sender: Sender, met: Mapping[str, Sequence[str]], wanted: str, account: str, region: str
) -> Mapping[str, Sequence[str]]:
    """The buckets that access may be logged to, by region: those that the audit has met, and the one that the policy
    names although the audit is not about it, if it is the account's and can be seen.

    :param wanted: the requirement ``log_bucket``, a name or a glob.
    :param region: where to ask first; S3 says where the bucket really is.
    """
    if not wanted or any(character in "*?[" for character in wanted) or any(wanted in names for names in met.values()):
        return met
    try:
        answer = await sender.send(head_bucket(wanted, region, account))
    except AwsError:
        return met
    where = answer.headers.get("x-amz-bucket-region", region)
    return {**met, where: [*met.get(where, ()), wanted]}
