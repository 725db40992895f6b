# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fixed number of workers over one queue of steps."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Awaitable, Callable, Deque, Iterable, Optional

Step = Callable[[], Awaitable[None]]
Push = Callable[[Step], None]


class Workers:
    """Runs steps, many at a time; a step may push further ones.

    No task is made per step: that would cost more than all else that is done for a call.

    :param refill: called when the queue is empty: pushes what comes next, and says whether there was anything.
    :param expecting: whether :attr:`refill` may have something later; :meth:`wake` tells when.
    """

    def __init__(self, refill: Callable[[], bool], expecting: Callable[[], bool]) -> None:
        self._refill = refill
        self._expecting = expecting
        self._ready: Deque[Step] = deque()
        self._sleepers: "Deque[asyncio.Future[None]]" = deque()
        self._busy = 0

    def push(self, step: Step) -> None:
        """Queue a step for whichever worker is free."""
        self._ready.append(step)
        self.wake(1)

    def wake(self, count: int) -> None:
        """Have up to ``count`` idle workers look again."""
        while count > 0 and self._sleepers:
            sleeper = self._sleepers.popleft()
            if not sleeper.done():
                sleeper.set_result(None)
                count -= 1

    async def run(self, count: int) -> None:
        """Work with ``count`` workers until nothing is left. What a step raises ends all of them."""
        workers = [asyncio.ensure_future(self._work()) for _number in range(count)]
        try:
            await asyncio.gather(*workers)
        finally:
            await end(workers)

    async def _work(self) -> None:
        while True:
            step = self._next()
            if step is not None:
                self._busy += 1
                await step()
                self._busy -= 1
            elif self._busy or self._expecting():
                sleeper = asyncio.get_running_loop().create_future()
                self._sleepers.append(sleeper)
                await sleeper
            else:
                self.wake(len(self._sleepers))
                return

    def _next(self) -> Optional[Step]:
        while not self._ready:
            if not self._refill():
                return None
        return self._ready.popleft()


async def end(tasks: "Iterable[asyncio.Future[Any]]") -> None:
    """Cancel tasks and wait until they are over."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
