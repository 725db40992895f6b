# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to AWS: signed, sent, tried again, sent elsewhere, and held back when AWS asks for it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import deque
from random import Random
from types import TracebackType
from typing import Any, AsyncIterator, Awaitable, Callable, Coroutine, Deque, Dict, Optional, Tuple, Type

from ..._common.job import Clock
from ..errors import is_error_document, parse_error
from ..http1 import MAX_BODY, ResponseParser, request_bytes
from ..limit import AdaptiveLimit
from ..model import AwsError, Credentials, Pairs, Request, Response
from ..retry import PERHAPS_EXPIRED, Kind, Patience, classify, clock_skew, delay, retry_after
from ..sigv4 import Signer
from .identity import Identity
from .session import Session
from .transport import Connection, Host, Pool, StaleConnection, TransportError

_CONNECT_TIMEOUT = 10.0  # seconds
_SENT_ALWAYS = "user-agent: day2.ops\r\naccept-encoding: identity\r\n"
_S3_LIKE = frozenset(("s3", "s3control"))
_MOST_REDIRECTS = 2
_REDIRECTS = frozenset(
    ("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException")
)


class Gate:
    """Lets as many calls through as a limit says; the others wait in line."""

    __slots__ = ("limit", "inside", "_waiting")

    def __init__(self, limit: AdaptiveLimit) -> None:
        self.limit = limit
        self.inside = 0
        self._waiting: Deque[asyncio.Future[None]] = deque()

    def enter(self) -> "Optional[asyncio.Future[None]]":
        """``None``: go. Else a future to give to :meth:`wait`."""
        if self.inside < self.limit.value:
            self.inside += 1
            return None
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    async def wait(self, turn: "asyncio.Future[None]") -> None:
        """Until it is our turn."""
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # it was given to us in the moment in which we gave up
            raise

    def leave(self) -> None:
        """Make room for the next."""
        self.inside -= 1
        while self._waiting and self.inside < self.limit.value:
            turn = self._waiting.popleft()
            if not turn.done():
                self.inside += 1
                turn.set_result(None)


class _Target:
    """A service in a region: where it is and how it is doing."""

    __slots__ = ("service", "region", "host", "gate", "patience", "authority", "signing_region", "lines", "_signer")

    def __init__(self, session: Session, pool: Pool, concurrency: int, service: str, region: str, account: str) -> None:
        endpoint = session.endpoint(service, region, account)
        self.service = service
        self.region = region
        self.host: Host = pool.host(endpoint, session.proxy(endpoint))
        self.gate = Gate(AdaptiveLimit(concurrency))
        self.patience = Patience()
        name = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
        standard = endpoint.port == (443 if endpoint.scheme == "https" else 80)
        self.authority = name if standard else f"{name}:{endpoint.port}"
        self.signing_region = endpoint.signing_region
        self.lines = _SENT_ALWAYS + self.host.lines
        self._signer = Signer(Credentials("", ""), service, endpoint.signing_region, self.authority)

    def signer(self, credentials: Credentials) -> Signer:
        if self._signer.credentials is not credentials:
            self._signer = Signer(credentials, self.service, self.signing_region, self.authority)
        return self._signer


class _Reading:
    """A streamed answer while its body is being read."""

    parser: ResponseParser
    connection: Connection
    host: Host


class Client:
    """Sends the calls of a run; an asynchronous context manager.

    At most ``concurrency`` calls are in flight, per endpoint fewer when AWS throttles. ``timeout`` is for one attempt, in seconds; a call
    has ``max_attempts``. What ``aws_config`` says of either comes first. ``calls`` counts the HTTP requests per action, retries included.
    """

    def __init__(
        self,
        session: Session,
        *,
        concurrency: int = 64,
        timeout: float = 30.0,
        max_attempts: int = 8,
        rng: Random,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.calls: Dict[str, int] = {}
        self._session = session
        self._concurrency = concurrency
        self._timeout = session.read_timeout or timeout
        self._max_attempts = session.max_attempts or max_attempts
        self._rng = rng
        self._clock = clock
        self._sleep = sleep
        self._identity = Identity(session, clock)
        self._gate = Gate(AdaptiveLimit(concurrency))  # of all endpoints together; never told to narrow
        self._targets: Dict[Tuple[str, ...], _Target] = {}
        self._moved: Dict[str, str] = {}  # bucket: the region where it really is
        self._pool: Pool

    async def __aenter__(self) -> "Client":
        self._pool = Pool(
            most=self._concurrency,
            connect_timeout=self._session.connect_timeout or min(_CONNECT_TIMEOUT, self._timeout),
            read_timeout=self._timeout,
            tls_context=self._session.tls_context,
        )
        await self._identity.open()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._identity.close()
        self._pool.close()

    def send(self, request: Request) -> Coroutine[Any, Any, Response]:
        """The answer to one call, to be awaited.

        :raises AwsError: for everything else than success. ``code`` is AWS's own; with ``status`` 0 there was no answer and it is Timeout,
            ConnectionError, DNSError, TLSError, ProxyError, TruncatedResponse, MalformedResponse or, for an endpoint that has answered
            nobody for a minute, EndpointUnavailable.
        """
        return self._ask(request, None)

    async def stream(self, request: Request) -> AsyncIterator[bytes]:
        """The body of one answer, piece by piece, for bodies of any size.

        :raises AwsError: as :meth:`send`; also in mid-body, as nothing is tried again once a piece was given out.
        """
        reading = _Reading()
        await self._ask(request, reading)
        parser, connection = reading.parser, reading.connection
        try:
            while True:
                piece = parser.take()
                if piece:
                    yield piece
                elif parser.done:
                    break
                else:
                    await connection.more()
        except TransportError as error:
            raise AwsError(request.action, request.target, error.code, 0, str(error)) from None
        finally:
            reading.host.give_back(connection)

    async def _ask(self, request: Request, reading: "Optional[_Reading]") -> Response:
        failures = redirects = 0
        renewed = corrected = False
        while True:
            target = self._target(request)
            patience, limit = target.patience, target.gate.limit
            if patience.failing and not patience.allows(self._clock.monotonic()):
                what = f"no answer of {target.authority} for a minute: {patience.last_error}"
                raise AwsError(request.action, request.target, "EndpointUnavailable", 0, what)
            try:
                parser, credentials = await self._exchange(target, request, reading)
            except TransportError as error:
                failures += 1
                if error.retryable:
                    limit.refused()
                    patience.failed(self._clock.monotonic(), str(error))
                    if failures < self._max_attempts:
                        await self._sleep(delay(Kind.TRANSIENT, failures, self._rng))
                        continue
                raise AwsError(request.action, request.target, error.code, 0, _after(str(error), failures)) from None

            status = parser.status
            if 200 <= status < 300:
                body = parser.take() if reading is None else b""
                if not (b"<Error" in body[:200] and _is_disguised_error(request, body)):
                    limit.answered()
                    patience.answered()
                    return Response(status, parser.headers, body)
            else:
                body = parser.take()

            problem = parse_error(status, parser.headers, body)
            code, message = problem.code, problem.message
            kind = classify(status, code)
            if kind is Kind.THROTTLE or kind is Kind.TRANSIENT:
                failures += 1
                if kind is Kind.THROTTLE:
                    limit.refused()
                else:
                    limit.answered()
                patience.failed(self._clock.monotonic(), f"{code} ({status})")
                if failures < self._max_attempts:
                    await self._sleep(delay(kind, failures, self._rng, retry_after(parser.headers)))
                    continue
                raise AwsError(request.action, request.target, code, status, _after(message, failures))

            limit.answered()
            patience.answered()
            may_be_skewed = kind is Kind.SKEWED and not corrected
            skew = clock_skew(code, parser.headers, self._clock.now()) if may_be_skewed else None
            elsewhere = problem.region not in ("", target.region)
            if elsewhere and (code in _REDIRECTS or status in (301, 307) or (status, request.method) == (400, "HEAD")):
                redirects += 1
                if request.service == "s3" and redirects <= _MOST_REDIRECTS:
                    self._moved[_bucket(request.path)] = problem.region
                    continue
            elif skew is not None:
                self._identity.adjust(skew)
                corrected = True
                continue
            elif kind is Kind.EXPIRED or code == PERHAPS_EXPIRED:
                if not renewed and await self._identity.renew(credentials):
                    renewed = True
                    continue
                code = "ExpiredToken"
                if self._identity.problem:
                    message = f"{message} (and no new credentials: {self._identity.problem})"
            raise AwsError(request.action, request.target, code, status, message)

    async def _exchange(
        self, target: _Target, request: Request, reading: "Optional[_Reading]"
    ) -> Tuple[ResponseParser, Credentials]:
        """One attempt: an HTTP answer of any status, and the credentials that it was asked with."""
        turn = target.gate.enter()
        if turn is not None:
            await target.gate.wait(turn)
        try:
            turn = self._gate.enter()
            if turn is not None:
                await self._gate.wait(turn)
            try:
                identity, host = self._identity, target.host
                stamp = identity.stamp() or await identity.fresh_stamp()
                credentials = identity.credentials
                place, lines = target.signer(credentials).sign(
                    request.method,
                    request.path,
                    request.query,
                    _headers(request),
                    request.body,
                    stamp,
                    request.path_is_encoded,
                )
                data = request_bytes(request.method, host.prefix + place, lines + target.lines, request.body)
                parser = ResponseParser(request.method, MAX_BODY if reading is None else 0)
                connection = host.take() or await host.open()
                try:
                    while True:
                        self.calls[request.action] = self.calls.get(request.action, 0) + 1
                        try:
                            await connection.start(data, parser, reading is not None)
                            break
                        except StaleConnection:
                            connection = await host.open()
                    if reading is not None and parser.status < 300:
                        reading.parser, reading.connection, reading.host = parser, connection, host
                        return parser, credentials
                    while not parser.done:  # an error in place of the body to be read
                        if parser.received > MAX_BODY:
                            raise TransportError("MalformedResponse", f"the error is larger than {MAX_BODY} bytes")
                        await connection.more()
                except BaseException:
                    connection.abort()  # an answer may still come: it must not meet another request
                    raise
                host.give_back(connection)
                return parser, credentials
            finally:
                self._gate.leave()
        finally:
            target.gate.leave()

    def _target(self, request: Request) -> _Target:
        service, region = request.service, request.region
        if service == "s3":
            if self._moved:
                region = self._moved.get(_bucket(request.path), region)
        elif service == "s3control":
            return self._target_at(service, region, _account(request.headers))
        target = self._targets.get((service, region))
        return target if target is not None else self._target_at(service, region)

    def _target_at(self, service: str, region: str, account: str = "") -> _Target:
        key = (service, region, account) if account else (service, region)
        target = self._targets.get(key)
        if target is None:
            region = region or self._session.region
            target = self._targets[key] = _Target(
                self._session, self._pool, self._concurrency, service, region, account
            )
        return target


def _bucket(path: str) -> str:
    """The bucket of a path-style S3 request; empty for the list of buckets."""
    return path.lstrip("/").partition("/")[0]


def _account(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "x-amz-account-id"), "")


def _headers(request: Request) -> Pairs:
    """The headers of a request; S3 wants a checksum with most of what changes a bucket."""
    if not request.body or request.service not in _S3_LIKE:
        return request.headers
    if any(
        name.lower() == "content-md5" or name.lower().startswith("x-amz-checksum-") for name, _value in request.headers
    ):
        return request.headers
    digest = hashlib.md5(request.body, usedforsecurity=False).digest()
    return request.headers + (("content-md5", base64.b64encode(digest).decode()),)


def _is_disguised_error(request: Request, body: bytes) -> bool:
    """Whether a success is none: S3 begins some answers before it knows, and then sends an error with status 200.

    An object that is read may well look like that.
    """
    reads_object = request.method == "GET" and not request.query and "/" in request.path.strip("/")
    return request.service == "s3" and not reads_object and is_error_document(body)


def _after(message: str, failures: int) -> str:
    return f"{message} (after {failures} attempts)".lstrip() if failures > 1 else message
