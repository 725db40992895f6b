# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of AWS from code that blocks: one event loop and one set of connections for each conversation."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any, Callable, Coroutine, Dict, TypeVar

from ..._common.job import Clock
from .client import Client
from .session import Session

T = TypeVar("T")


class Caller:
    """Holds conversations with AWS, and counts the calls of all of them in ``calls``."""

    def __init__(self, session: Session, concurrency: int, rng: Random, clock: Clock) -> None:
        self.session = session
        self.calls: Dict[str, int] = {}
        self._concurrency = concurrency
        self._rng = rng
        self._clock = clock

    def run(self, talk: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        """What ``talk`` returns; it is given a client that lives as long as it runs."""

        async def conversation() -> T:
            client = Client(self.session, concurrency=self._concurrency, rng=self._rng, clock=self._clock)
            try:
                async with client:
                    return await talk(client)
            finally:
                for action, count in client.calls.items():
                    self.calls[action] = self.calls.get(action, 0) + count

        return asyncio.run(conversation())
