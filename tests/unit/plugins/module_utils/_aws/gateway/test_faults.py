# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import random
import socket
from typing import Iterable, Iterator, List, Union

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Request
from ansible_collections.day2.ops.tests.support.loopback import (
    FakeClock,
    Received,
    Step,
    access,
    client,
    error,
    ok,
    reply,
    run,
    serving,
)

Steps = Iterable[Union[bytes, Step]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClock]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield FakeClock()


def get(target: str = "bucket-a", action: str = "s3:GetBucketPolicy", query: str = "policy", **fields: str) -> Request:
    return Request(action, target, "s3", "eu-west-1", path=f"/{target}", query=((query, ""),), **fields)  # type: ignore[arg-type]


# --- faults ----------------------------------------------------------------------------------------------------------

WHOLE = ok(b"0123456789")
FAULTS = [
    # (what the server does, code of the error when it goes on doing it)
    ([Step.RESET], "ConnectionError"),
    ([Step.CLOSE], "ConnectionError"),
    ([Step.END], "ConnectionError"),
    ([WHOLE[:12], Step.RESET], "TruncatedResponse"),
    ([WHOLE[:12], Step.CLOSE], "TruncatedResponse"),
    ([WHOLE[:-3], Step.CLOSE], "TruncatedResponse"),
    ([WHOLE[:-3], Step.END], "TruncatedResponse"),
    ([WHOLE[:-3], Step.RESET], "TruncatedResponse"),
    ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", Step.CLOSE], "TruncatedResponse"),
    ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Step.HANG], "MalformedResponse"),
    ([b"220 smtp.example.com ESMTP\r\n", Step.HANG], "MalformedResponse"),
    ([b"\x15\x03\x01\x00\x02\x02\x16", Step.CLOSE], "MalformedResponse"),
    ([b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", Step.HANG], "MalformedResponse"),
    ([reply(503)], "ServiceUnavailable"),
    ([error(503, "SlowDown")], "SlowDown"),
    ([error(500, "InternalError")], "InternalError"),
    ([reply(502, b"<html><title>Bad Gateway</title>")], "BadGateway"),
    ([error(503, "SlowDown")[:-20].replace(b"Content-Length", b"X"), Step.CLOSE], "SlowDown"),
    ([reply(429)], "TooManyRequestsException"),
]


@pytest.mark.parametrize("steps, code", FAULTS)
def test_a_fault_that_passes_is_not_noticed(clock: FakeClock, steps: List[Union[bytes, Step]], code: str) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok(b"fine")] if number == 2 else steps) as server:
            async with client(access(server.url), clock) as aws:
                assert (await aws.send(get())).body == b"fine"
        assert (len(server.requests), aws.calls) == (3, {"s3:GetBucketPolicy": 3})
        assert len(clock.slept) == 2

    run(test())


@pytest.mark.parametrize("steps, code", FAULTS)
def test_a_fault_that_stays_is_reported_after_so_many_attempts(
    clock: FakeClock, steps: List[Union[bytes, Step]], code: str
) -> None:
    async def test() -> None:
        async with serving(lambda request, number: steps) as server:
            async with client(access(server.url), clock, max_attempts=4) as aws:
                with pytest.raises(AwsError, match=r"\(after 4 attempts\)$") as caught:
                    await aws.send(get())
        assert caught.value.code == code
        assert len(server.requests) == 4
        assert len(clock.slept) == 3

    run(test())


def test_silence_is_a_timeout(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [Step.HANG]) as server:
            async with client(access(server.url), clock, timeout=0.1, max_attempts=2) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
        assert (caught.value.code, caught.value.status) == ("Timeout", 0)
        assert "no answer within 0.1 seconds" in str(caught.value)
        assert (len(server.requests), server.connections) == (2, 2)

    run(test())


def test_a_trickle_does_not_hold_a_call_for_ever(clock: FakeClock) -> None:
    async def test() -> None:
        steps: List[Union[bytes, Step]] = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", Step.DRIP]
        async with serving(lambda request, number: steps) as server:
            async with client(access(server.url), clock, timeout=0.1, max_attempts=1) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
        assert caught.value.code == "Timeout"

    run(test())


def test_nobody_listens(clock: FakeClock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        port = taken.getsockname()[1]

        async def test() -> None:
            async with client(access(f"http://127.0.0.1:{port}"), clock, max_attempts=3) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
            assert (caught.value.code, caught.value.status, aws.calls) == ("ConnectionError", 0, {})
            assert f"cannot connect to 127.0.0.1:{port}: " in str(caught.value)
            assert len(clock.slept) == 2

        run(test())


@pytest.mark.parametrize("number, attempts", [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 3)])
def test_a_name_that_is_not_known(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, number: int, attempts: int
) -> None:
    asked: List[str] = []

    def getaddrinfo(host: str, *_args: object, **_kwargs: object) -> None:
        asked.append(host)
        raise socket.gaierror(number, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def test() -> None:
        async with client(access("http://s3.nowhere.example"), clock, max_attempts=3) as aws:
            with pytest.raises(AwsError) as caught:
                await aws.send(get())
        assert caught.value.code == "DNSError"
        assert "cannot resolve s3.nowhere.example" in str(caught.value)

    run(test())
    assert asked == ["s3.nowhere.example"] * attempts


def test_a_name_is_looked_up_once_for_all(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *args: object, **kwargs: object) -> object:
        asked.append(host)
        return real("127.0.0.1", *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(f"http://s3.example:{server.port}"), clock) as aws:
                await asyncio.gather(*(aws.send(get()) for _unused in range(30)))
            assert server.connections > 1
            assert server.requests[0].headers["host"] == f"s3.example:{server.port}"

    run(test())
    assert asked == ["s3.example"]


def test_a_kept_connection_that_was_closed_costs_no_attempt(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        # The second request arrives on the first connection, whose server has just decided to close it.
        return [Step.CLOSE] if number == 1 else [ok(b"%d" % number)]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock, max_attempts=1) as aws:
                assert (await aws.send(get())).body == b"0"
                assert (await aws.send(get())).body == b"2"
        assert [request.connection for request in server.requests] == [0, 0, 1]
        assert (clock.slept, aws.calls) == ([], {"s3:GetBucketPolicy": 3})

    run(test())


@pytest.mark.parametrize(
    "first", [[ok(), Step.CLOSE], [ok(), Step.RESET], [ok(b"x", "Connection: close")], [ok(), b"HTTP/1.1 408 Request Timeout\r\n\r\n", Step.CLOSE]]
)  # fmt: skip
def test_a_connection_that_is_over_is_not_used_again(clock: FakeClock, first: List[Union[bytes, Step]]) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()] if number else first) as server:
            async with client(access(server.url), clock, max_attempts=1) as aws:
                await aws.send(get())
                await aws.send(get())
        assert server.connections == 2
        assert clock.slept == []

    run(test())


def test_a_call_that_is_given_up_frees_its_place_and_its_connection(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        return [Step.HANG] if number == 0 else [ok(b"%d" % number)]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock, concurrency=1) as aws:
                first = asyncio.create_task(aws.send(get("bucket-0")))
                waiting = asyncio.create_task(aws.send(get("bucket-1")))
                given_up = asyncio.create_task(aws.send(get("bucket-2")))
                while not server.requests:
                    await asyncio.sleep(0.001)
                given_up.cancel()
                first.cancel()
                assert (await waiting).body == b"1"
                assert (await aws.send(get("bucket-3"))).body == b"2"
                assert await asyncio.gather(first, given_up, return_exceptions=True)
        assert [request.target for request in server.requests] == [f"/bucket-{number}?policy=" for number in (0, 1, 3)]

    run(test())


# --- too fast --------------------------------------------------------------------------------------------------------


def test_what_the_service_asks_for_is_waited(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(
            lambda request, number: [ok()] if number else [error(503, "SlowDown", "Retry-After: 7")]
        ) as server:
            async with client(access(server.url), clock) as aws:
                await aws.send(get())
        assert len(clock.slept) == 1
        assert 7.0 <= clock.slept[0] <= 7.1

    run(test())


def test_a_storm_is_weathered(clock: FakeClock) -> None:
    """Everything is throttled for twenty seconds: every call succeeds in the end."""

    async def test() -> None:
        def answer(request: Received, number: int) -> Steps:
            return [error(503, "SlowDown")] if clock.monotonic() < 1020.0 else [ok()]

        async with serving(answer) as server:
            async with client(access(server.url), clock, concurrency=32) as aws:
                await asyncio.gather(*(aws.send(get(f"bucket-{number}")) for number in range(100)))
        assert 100 < len(server.requests) < 800
        assert sum(aws.calls.values()) == len(server.requests)

    run(test())


def test_a_storm_without_end_is_bounded(clock: FakeClock) -> None:
    """After a minute without one answer the rest of a thousand calls fails at once, with the reason."""

    async def test() -> List[object]:
        async with serving(lambda request, number: [error(503, "SlowDown")]) as server:
            async with client(access(server.url), clock, concurrency=16) as aws:
                turns = iter(range(1000))
                outcomes: List[object] = []

                async def worker() -> None:
                    for number in turns:
                        try:
                            await aws.send(get(f"bucket-{number}"))
                        except AwsError as failure:
                            outcomes.append(failure)

                await asyncio.gather(*(worker() for _unused in range(16)))
        assert len(server.requests) < 300
        return outcomes

    outcomes = run(test())
    codes = [failure.code for failure in outcomes if isinstance(failure, AwsError)]
    assert len(codes) == 1000
    assert set(codes) == {"SlowDown", "EndpointUnavailable"}
    assert "SlowDown (503)" in str(next(f for f in outcomes if getattr(f, "code", "") == "EndpointUnavailable"))


def test_one_region_that_is_down_does_not_take_the_others_along(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        return [Step.RESET] if "/eu-west-1/" in request.headers["authorization"] else [ok()]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                for _unused in range(40):
                    with pytest.raises(AwsError):
                        await aws.send(get())
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
                assert caught.value.code == "EndpointUnavailable"
                await aws.send(Request("s3:GetBucketAcl", "b", "s3", "us-east-1", path="/b"))

    run(test())


def test_throttling_narrows_what_is_in_flight_and_recovery_widens_it(clock: FakeClock) -> None:
    throttled = {"now": True}

    async def test() -> None:
        def answer(request: Received, number: int) -> Steps:
            return [error(503, "SlowDown")] if throttled["now"] else [ok()]

        async with serving(answer) as server:
            async with client(access(server.url), clock, concurrency=32, max_attempts=3) as aws:
                await asyncio.gather(*(aws.send(get()) for _unused in range(100)), return_exceptions=True)
                throttled["now"] = False
                server.most_in_flight = 0
                await asyncio.gather(*(aws.send(get()) for _unused in range(12)))
                narrow = server.most_in_flight
                await asyncio.gather(*(aws.send(get()) for _unused in range(600)))
        assert narrow <= 6
        assert server.most_in_flight == 32

    run(test())


def test_the_odd_503_among_many_does_not_slow_us(clock: FakeClock) -> None:
    dice = random.Random(3)

    async def test() -> None:
        async with serving(lambda request, number: [reply(503) if dice.random() < 0.01 else ok()]) as server:
            async with client(access(server.url), clock, concurrency=32) as aws:
                await asyncio.gather(*(aws.send(get()) for _unused in range(2000)))
        assert server.most_in_flight == 32
        assert len(server.requests) < 2060

    run(test())
