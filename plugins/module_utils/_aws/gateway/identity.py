# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom we sign as and by which clock: credentials that are renewed in time, and a clock that AWS agrees with."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Callable, Optional

from ..._common.errors import Day2Error
from ..._common.job import Clock
from ..model import Credentials
from ..sigv4 import amz_date
from .session import Session

_STAMP = 0.5  # seconds for which the time of a signature is used again
_RENEW_BEFORE = timedelta(minutes=15)  # botocore renews from then on, too
_TRY_AGAIN = 60.0  # seconds between a renewal that gave nothing new and the next


class Identity:
    """The credentials of a client, renewed outside the event loop, by one at a time."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.credentials = Credentials("", "")
        self.problem = ""  # why the last renewal failed
        self._session = session
        self._clock = clock
        self._skew = timedelta(0)  # how far AWS's clock is ahead of ours
        self._stamp = ""
        self._stamp_until = float("-inf")
        self._renewal: Optional[asyncio.Task[None]] = None
        self._forced = False
        self._not_before = float("-inf")

    async def open(self) -> None:
        """Get the first credentials.

        :raises GatewayError: when there are none.
        """
        self.credentials = await asyncio.get_running_loop().run_in_executor(None, self._session.credentials)

    def close(self) -> None:
        """Stop a renewal that is under way."""
        if self._renewal is not None:
            self._renewal.cancel()

    def stamp(self) -> str:
        """The time to sign with; empty when :meth:`fresh_stamp` has to be asked."""
        return self._stamp if self._clock.monotonic() < self._stamp_until else ""

    async def fresh_stamp(self) -> str:
        """The time to sign with. Credentials that are of no use any more are renewed first, those that soon will be meanwhile."""
        if self._renewal is not None and self._forced:
            await asyncio.shield(self._renewal)
        monotonic = self._clock.monotonic()
        now = self._clock.now() + self._skew
        expires = self.credentials.expires
        if expires is not None and now >= expires - _RENEW_BEFORE and monotonic >= self._not_before:
            if self._renewal is None:
                self._start(self._session.credentials, forced=False)
            if now >= expires and self._renewal is not None:
                await asyncio.shield(self._renewal)
        self._stamp = amz_date(now)
        self._stamp_until = monotonic + _STAMP
        return self._stamp

    def adjust(self, skew: timedelta) -> None:
        """Sign with a clock that is ``skew`` ahead of ours."""
        self._skew = skew
        self._stamp_until = float("-inf")

    async def renew(self, refused: Credentials) -> bool:
        """Get other credentials than those that AWS has refused; false when there are none to be had."""
        while self.credentials is refused:
            if self._renewal is None:
                if self._clock.monotonic() < self._not_before:
                    return False
                self._start(self._session.renew, forced=True)
            renewal, forced = self._renewal, self._forced
            if renewal is None:
                raise AssertionError("a renewal was asked for, and none is under way")
            await asyncio.shield(renewal)
            if forced:
                break
        return self.credentials is not refused

    def _start(self, fetch: Callable[[], Credentials], forced: bool) -> None:
        self._forced = forced
        if forced:
            self._stamp_until = float("-inf")  # who comes now waits for the outcome
        self._renewal = asyncio.get_running_loop().create_task(self._fetch(fetch))

    async def _fetch(self, fetch: Callable[[], Credentials]) -> None:
        try:
            found = await asyncio.get_running_loop().run_in_executor(None, fetch)
        except Day2Error as error:
            self.problem = str(error)
            self._not_before = self._clock.monotonic() + _TRY_AGAIN
        else:
            if (found.access_key, found.token) != (self.credentials.access_key, self.credentials.token):
                self.credentials = found
            else:
                self._not_before = self._clock.monotonic() + _TRY_AGAIN
        finally:
            self._renewal = None
