# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts of a run: a client for each, by whatever role leads there."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random
from types import TracebackType
from typing import (
    Any,
    Awaitable,
    Callable,
    Coroutine,
    Dict,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from ..._aws.access import Access
from ..._aws.arn import parse_arn
from ..._aws.gateway.client import Client
from ..._aws.gateway.session import Session
from ..._aws.gateway.whoami import identify
from ..._common.errors import GatewayError
from ..._common.job import Clock
from ..model import Kind

T = TypeVar("T")


class Refused(NamedTuple):
    """What could not be read: an account, a region of it (or all, when it is empty), a kind of resources (or all)."""

    account: str
    region: str
    kind: Optional[Kind]
    message: str

    def __str__(self) -> str:
        """In a sentence, for people."""
        where = ", ".join(part for part in (self.account, self.region, self.kind.value if self.kind else "") if part)
        return f"{where}: {self.message}" if where else self.message


class Accounts:
    """Clients by account id; an asynchronous context manager.

    ``refused`` says which accounts could not be reached, and why: the others go on.

    :param fleet: who to be in each account. They differ in nothing but the role.
    :param concurrency: how many calls may be under way in each account.
    """

    def __init__(
        self,
        fleet: Sequence[Access],
        *,
        concurrency: int,
        rng: Random,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.clients: Dict[str, Client] = {}
        self.refused: List[Refused] = []
        self.region = ""  # the one of the credentials
        self._fleet = fleet
        self._concurrency = concurrency
        self._rng = rng
        self._clock = clock
        self._sleep = sleep
        self._all: List[Client] = []
        self._stack = AsyncExitStack()

    @property
    def calls(self) -> Dict[str, int]:
        """How many HTTP requests were sent so far, by action, in all accounts."""
        calls: Dict[str, int] = {}
        for client in self._all:
            for action, count in client.calls.items():
                calls[action] = calls.get(action, 0) + count
        return calls

    async def __aenter__(self) -> "Accounts":
        """Find out whose credentials these are.

        :raises GatewayError: when not one account can be reached.
        """
        if not self._fleet:
            raise GatewayError("find accounts", "", "there are none")
        # Reads files, and may ask a program or a server for credentials.
        base = await asyncio.get_running_loop().run_in_executor(None, Session.open, self._fleet[0], self._clock)
        self.region = base.region
        try:
            opened = await asyncio.gather(*(self._open(base.for_role(access), access) for access in self._fleet))
        except BaseException:
            await self._stack.aclose()
            raise
        errors: List[GatewayError] = []
        for access, result in zip(self._fleet, opened):
            if isinstance(result, GatewayError):
                errors.append(result)
                self.refused.append(Refused(_account_of(access), "", None, _explained(result, access)))
                continue
            account, client = result
            if account in self.clients:
                twice = f"this account is reached a second time, by {access.assume_role_arn or 'the credentials themselves'}"
                self.refused.append(Refused(account, "", None, f"{twice}: left out"))
                continue
            self.clients[account] = client
        if not self.clients:
            await self._stack.aclose()
            if len(errors) == 1:
                raise errors[0]
            raise GatewayError("assume roles", f"{len(errors)} of {len(errors)}", str(errors[0]))
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        await self._stack.aclose()

    async def _open(self, session: Session, access: Access) -> Union[Tuple[str, Client], GatewayError]:
        client = Client(session, concurrency=self._concurrency, rng=self._rng, clock=self._clock, sleep=self._sleep)
        self._all.append(client)
        try:
            await self._stack.enter_async_context(client)
            return (await identify(client, session.region)).account, client
        except GatewayError as error:
            return error


def converse(accounts: Accounts, talk: Callable[[Accounts], Coroutine[Any, Any, T]]) -> T:
    """What ``talk`` returns; for code that blocks. The accounts are open as long as it runs.

    :raises GatewayError: when not one account can be reached.
    """

    async def conversation() -> T:
        async with accounts:
            return await talk(accounts)

    return asyncio.run(conversation())


def _account_of(access: Access) -> str:
    arn = parse_arn(access.assume_role_arn)
    return arn.account if arn is not None else ""


def _explained(error: GatewayError, access: Access) -> str:
    """The error, and the role where it does not name it."""
    role, said = access.assume_role_arn, str(error)
    return said if not role or role in said else f"{role}: {said}"
