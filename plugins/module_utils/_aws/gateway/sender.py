# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What those who ask need of a client, and when they stop asking."""

from __future__ import annotations

from typing import AsyncIterator, Optional, Protocol

from ..model import AwsError, Request, Response

_EXPIRED = frozenset(("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"))


class Sender(Protocol):
    """A client of AWS: signs, sends, retries."""

    async def send(self, request: Request) -> Response:
        """The answer of a call, when it is a success.

        :raises AwsError: otherwise.
        """

    def stream(self, request: Request) -> AsyncIterator[bytes]:
        """The body of a successful answer, piece by piece.

        :raises AwsError: when it is none, or ends too early.
        """


class Guard:
    """A client that asks nothing more once its credentials have expired and could not be renewed.

    The client has tried to renew them by then; thousands of further calls would each fail in the same way.
    """

    def __init__(self, client: Sender) -> None:
        self._client = client
        self._ended: Optional[AwsError] = None

    async def send(self, request: Request) -> Response:
        """As the client's own."""
        self._check(request)
        try:
            return await self._client.send(request)
        except AwsError as error:
            self._note(error)
            raise

    async def stream(self, request: Request) -> AsyncIterator[bytes]:
        """As the client's own."""
        self._check(request)
        try:
            async for chunk in self._client.stream(request):
                yield chunk
        except AwsError as error:
            self._note(error)
            raise

    def _check(self, request: Request) -> None:
        if self._ended is not None:
            message = self._ended.cause.partition("): ")[2]
            raise AwsError(request.action, request.target, self._ended.code, self._ended.status, message)

    def _note(self, error: AwsError) -> None:
        if error.code in _EXPIRED:
            self._ended = error
