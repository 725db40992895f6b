# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan, carried out: a change is made only if nothing moved since, and is looked at afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError
from ..._common.errors import Day2Error
from ..remediate import calls
from ..remediate.documents import fulfils, identical
from ..remediate.model import Aspect, Remediation
from .live import read

Sleep = Callable[[float], Awaitable[None]]

# S3 may give an old configuration for a moment after a new one was written: it is asked again after so many seconds.
LOOKS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0)


class Outcome(str, Enum):
    """What became of a change."""

    APPLIED = "applied"
    DROPPED = "dropped"  # somebody changed the configuration after it was planned: the next run plans anew
    FAILED = "failed"
    UNVERIFIED = "unverified"  # written, or perhaps written, but not seen when read back


@dataclass(frozen=True)
class Applied:
    """A change and what became of it; ``problem`` is empty when it was applied."""

    remediation: Remediation
    outcome: Outcome
    problem: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """The change as it stands in results."""
        remediation = self.remediation
        return {
            "bucket": remediation.bucket,
            "resource": remediation.target.resource,
            "aspect": remediation.target.aspect.value,
            "outcome": self.outcome.value,
            "reason": self.problem or remediation.reason,
        }


async def apply(
    sender: Sender, changes: Sequence[Remediation], account: str, sleep: Sleep = asyncio.sleep
) -> Tuple[Applied, ...]:
    """Make the changes of a plan and say of each, in the order given, what became of it.

    Different buckets are changed at once, as many as the client lets through; the changes of one bucket, which S3
    does not take at once, in their order. Those of the account stand at one end of a plan and are made alone. What
    fails keeps nothing else from being changed.
    """
    outcomes: Dict[int, Applied] = {}
    for wave in _waves(changes):
        lanes: Dict[str, List[int]] = {}
        for number in wave:
            lanes.setdefault(changes[number].target.resource, []).append(number)

        async def lane(numbers: List[int]) -> None:
            for number in numbers:
                outcomes[number] = await _change(sender, changes[number], account, sleep)

        await asyncio.gather(*(lane(numbers) for numbers in lanes.values()))
    return tuple(outcomes[number] for number in range(len(changes)))


def _waves(changes: Sequence[Remediation]) -> List[List[int]]:
    """Runs of changes that need not wait for each other: the buckets' on one side, the account's on the other."""
    waves: List[List[int]] = []
    last = None
    for number, change in enumerate(changes):
        whole = change.target.aspect is Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK
        if whole is not last:
            waves.append([])
            last = whole
        waves[-1].append(number)
    return waves


async def _change(sender: Sender, change: Remediation, account: str, sleep: Sleep) -> Applied:
    target = change.target
    try:
        live = await read(sender, target, account)
        if not identical(target.aspect, live.document, change.before):
            return Applied(change, Outcome.DROPPED, "it was changed meanwhile, and left alone")
        request = calls.write(target, account, change.after, live.body)
    except Day2Error as error:
        return Applied(change, Outcome.FAILED, str(error))
    try:
        await sender.send(request)
    except Day2Error as error:
        if isinstance(error, AwsError) and 0 < error.status < 500:
            return Applied(change, Outcome.FAILED, str(error))
        # Without an answer the change may have been made all the same.
        seen = await _look(sender, change, account, sleep)
        if seen is None:
            return Applied(change, Outcome.APPLIED)
        if seen.blind:
            return Applied(change, Outcome.UNVERIFIED, f"it may have been written ({error}), but {seen.problem}")
        return Applied(change, Outcome.FAILED, str(error))
    seen = await _look(sender, change, account, sleep)
    if seen is None:
        return Applied(change, Outcome.APPLIED)
    return Applied(change, Outcome.UNVERIFIED, f"it was written, but {seen.problem}")


@dataclass(frozen=True)
class _Miss:
    """What was seen in place of a change; ``blind`` when the last look failed."""

    problem: str
    blind: bool


async def _look(sender: Sender, change: Remediation, account: str, sleep: Sleep) -> Optional[_Miss]:
    """Read back what was written: ``None`` when it is there."""
    miss: Optional[_Miss] = None
    for seconds in LOOKS:
        if seconds:
            await sleep(seconds)
        try:
            live = await read(sender, change.target, account)
        except Day2Error as error:
            miss = _Miss(f"could not be read back: {error}", True)
            if isinstance(error, AwsError) and 400 <= error.status < 500:
                return miss  # looking longer does not help
            continue
        if fulfils(change.target.aspect, live.document, change.after):
            return None
        miss = _Miss("AWS still gives another configuration", False)
    return miss
