# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection of facts, run against a server on loopback with the real client."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, FrozenSet, List, Optional, Tuple, TypeVar

from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.client import Client
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.sender import Sender
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Request, Response
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.asked import Asked
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.collect import (
    Collected,
    collect,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    BucketFacts,
    Question,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.selection import Selection

from .aws.store import ACCESS_KEY, SECRET_KEY

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
REGION = "eu-west-1"


class RealClock:
    """The time of this machine: signatures need it."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Seconds that never jump back."""
        return time.monotonic()


async def _at_once(_seconds: float) -> None:
    """A pause between attempts that takes no time."""
    await asyncio.sleep(0)


@dataclass
class Gathered:
    """What a collection handed over, and what it asked for."""

    outcome: Optional[Collected] = None
    accounts: List[AccountFacts] = field(default_factory=list)
    buckets: Dict[str, BucketFacts] = field(default_factory=dict)
    progress: List[Tuple[int, int, bool]] = field(default_factory=list)
    calls: Dict[str, int] = field(default_factory=dict)

    def add(self, facts: BucketFacts) -> None:
        """Take a bucket; each may come but once."""
        assert facts.name not in self.buckets, facts.name
        assert self.accounts, "a bucket before its account"
        self.buckets[facts.name] = facts


def with_client(
    url: str,
    talk: Callable[[Client], Awaitable[T]],
    *,
    concurrency: int = 16,
    token: str = "",
    access_key: str = ACCESS_KEY,
    secret_key: str = SECRET_KEY,
    max_attempts: int = 8,
) -> T:
    """What ``talk`` returns of a conversation with the server at ``url``; retries do not wait."""
    access = Access(access_key=access_key, secret_key=secret_key, session_token=token, region=REGION, endpoint_url=url)
    clock = RealClock()

    async def converse() -> T:
        client = Client(
            Session.open(access, clock),
            concurrency=concurrency,
            max_attempts=max_attempts,
            rng=random.Random(7),
            clock=clock,
            sleep=_at_once,
        )
        async with client:
            return await talk(client)

    return asyncio.run(converse())


def gather(
    url: str,
    questions: FrozenSet[Question] = frozenset(),
    selection: Optional[Selection] = None,
    *,
    now: datetime = NOW,
    concurrency: int = 16,
    on_bucket: Optional[Callable[[BucketFacts], None]] = None,
    client: Optional[Dict[str, Any]] = None,
    **asked: Any,
) -> Gathered:
    """Collect from the server at ``url``; further keywords are those of ``Asked``."""
    result = Gathered()

    async def talk(sender: Client) -> None:
        try:
            await _gather(sender, result, Asked(questions, **asked), selection, now, concurrency, on_bucket)
        finally:
            result.calls = dict(sender.calls)

    with_client(url, talk, concurrency=concurrency, **(client or {}))
    return result


def gather_from(
    sender: Sender, questions: FrozenSet[Question], selection: Optional[Selection] = None, **asked: Any
) -> Gathered:
    """Collect from a sender of the test's own."""
    result = Gathered()
    asyncio.run(_gather(sender, result, Asked(questions, **asked), selection, NOW, 4, None))
    return result


async def _gather(
    sender: Sender,
    result: Gathered,
    asked: Asked,
    selection: Optional[Selection],
    now: datetime,
    concurrency: int,
    on_bucket: Optional[Callable[[BucketFacts], None]],
) -> None:
    def take(facts: BucketFacts) -> None:
        result.add(facts)
        if on_bucket is not None:
            on_bucket(facts)

    result.outcome = await collect(
        sender,
        REGION,
        asked,
        selection or Selection(),
        concurrency=concurrency,
        rng=random.Random(11),
        now=now,
        on_account=result.accounts.append,
        on_bucket=take,
        on_progress=lambda *state: result.progress.append(state),
    )


class Scripted:
    """Answers from a table, for what no server on loopback can be brought to say.

    A request is answered by the first of its action's answers, which is then used up, the last one excepted. An
    answer is a body, or an error to raise; a list is a stream of chunks, or of an error after some.
    """

    def __init__(self, **answers: List[Any]) -> None:
        self.requests: List[Request] = []
        self._answers = answers

    def _next(self, request: Request) -> Any:
        self.requests.append(request)
        answers = self._answers[request.action.partition(":")[2]]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def send(self, request: Request) -> Response:
        """The next answer."""
        answer = self._next(request)
        if isinstance(answer, Exception):
            raise answer
        return Response(200, {}, answer)

    async def stream(self, request: Request) -> AsyncIterator[bytes]:
        """The next answer, piece by piece."""
        answer = self._next(request)
        for chunk in answer if isinstance(answer, list) else [answer]:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def error(action: str, code: str, status: int, message: str = "") -> AwsError:
    """An error of AWS."""
    return AwsError(action, "target", code, status, message)
