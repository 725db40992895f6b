# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from functools import partial
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.workers import Workers
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def _nothing() -> bool:
    return False


def test_steps_that_push_steps_are_all_done_and_wake_idle_workers() -> None:
    done: List[int] = []
    together = most = 0

    async def step(workers: Workers, depth: int) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0)
        if depth:
            for _child in range(3):
                workers.push(partial(step, workers, depth - 1))
        await asyncio.sleep(0)
        together -= 1
        done.append(depth)

    async def main() -> None:
        workers = Workers(_nothing, _nothing)
        workers.push(partial(step, workers, 4))
        await workers.run(5)

    asyncio.run(asyncio.wait_for(main(), 10))
    assert sorted(done) == sorted([4] + [3] * 3 + [2] * 9 + [1] * 27 + [0] * 81)
    assert most == 5


@settings(derandomize=True, max_examples=tries(60))
@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5), st.integers(0, 4))
def test_no_arrangement_hangs_or_loses_a_step(children: List[int], count: int, late: int) -> None:
    """Steps come from the queue, from a source that has something now, and from one that has something later."""
    done: List[str] = []
    source = list(children)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pending = late

        async def leaf(name: str) -> None:
            await asyncio.sleep(0)
            done.append(name)

        async def parent(number: int) -> None:
            await asyncio.sleep(0)
            for _child in range(number):
                workers.push(partial(leaf, "child"))
            done.append("parent")

        def refill() -> bool:
            if source:
                workers.push(partial(parent, source.pop()))
                return True
            return False

        def arrive() -> None:
            nonlocal pending
            pending -= 1
            source.append(1)
            workers.wake(1)

        workers = Workers(refill, lambda: pending > 0)
        for _arrival in range(late):
            loop.call_soon(loop.call_soon, arrive)
        await workers.run(count)

    asyncio.run(asyncio.wait_for(main(), 10))
    assert done.count("parent") == len(children) + late
    assert done.count("child") == sum(children) + late


def test_an_error_ends_everything() -> None:
    cancelled: List[bool] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def broken() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    async def main() -> None:
        workers = Workers(_nothing, _nothing)
        for step in (forever, forever, broken):
            workers.push(step)
        await workers.run(4)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(asyncio.wait_for(main(), 10))
    assert cancelled == [True, True]
