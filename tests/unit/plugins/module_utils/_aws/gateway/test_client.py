# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import random
import socket
from typing import Dict, Iterable, Iterator, List, Union

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


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_call_is_signed_and_answered(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok(b"{}", "ETag: x")]) as server:
            async with client(access(server.url, session_token="token"), clock) as aws:
                response = await aws.send(get("bucket.with.dots"))
        assert (response.status, response.body, response.headers["etag"]) == (200, b"{}", "x")
        assert aws.calls == {"s3:GetBucketPolicy": 1}
        [request] = server.requests
        assert (request.method, request.target) == ("GET", "/bucket.with.dots?policy=")
        assert request.headers["host"] == f"127.0.0.1:{server.port}"
        assert request.headers["x-amz-date"] == "20261201T120000Z"
        assert request.headers["x-amz-security-token"] == "token"
        assert "Credential=AKIDEXAMPLE/20261201/eu-west-1/s3/aws4_request" in request.headers["authorization"]
        assert request.headers["user-agent"] == "day2.ops"

    run(test())


def test_connections_are_kept_and_the_last_one_is_used_first(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(server.url), clock) as aws:
                await asyncio.gather(*(aws.send(get()) for _ in range(3)))
                opened = server.connections
                for _ in range(20):
                    await aws.send(get())
        assert (opened, server.connections) == (3, 3)
        assert len({request.connection for request in server.requests[3:]}) == 1

    run(test())


def test_no_more_calls_are_in_flight_than_allowed(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(server.url), clock, concurrency=5) as aws:
                answers = await asyncio.gather(*(aws.send(get(f"bucket-{number}")) for number in range(200)))
        assert len(answers) == 200
        assert (server.most_in_flight, server.connections) == (5, 5)
        assert {request.target for request in server.requests} == {f"/bucket-{number}?policy=" for number in range(200)}

    run(test())


def test_a_put_has_its_checksum_and_a_post_its_target(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(server.url), clock) as aws:
                await aws.send(get(method="PUT", body=b"hello"))  # type: ignore[arg-type]
                headers = (("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "TrentService.DescribeKey"))
                await aws.send(Request("kms:DescribeKey", "k", "kms", "us-east-1", "POST", headers=headers, body=b"{}"))
        put, post = server.requests
        assert (put.body, put.headers["content-md5"]) == (b"hello", "XUFAKrxLKna5cZ2REBfFkg==")
        assert "content-md5" in put.headers["authorization"]
        assert (post.body, post.headers["x-amz-target"]) == (b"{}", "TrentService.DescribeKey")
        assert "content-md5" not in post.headers
        assert "/us-east-1/kms/" in post.headers["authorization"]

    run(test())


def test_s3control_on_a_custom_endpoint_goes_to_that_host(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(server.url), clock) as aws:
                for account in ("111111111111", "222222222222"):
                    path, headers = "/v20180820/configuration/publicAccessBlock", (("X-Amz-Account-Id", account),)
                    await aws.send(
                        Request(
                            "s3:GetPublicAccessBlock", account, "s3control", "eu-west-1", path=path, headers=headers
                        )
                    )
        assert [request.headers["x-amz-account-id"] for request in server.requests] == ["111111111111", "222222222222"]
        assert all("/eu-west-1/s3/" in request.headers["authorization"] for request in server.requests)
        assert all("x-amz-account-id" in request.headers["authorization"] for request in server.requests)

    run(test())


def test_a_head_has_no_body_and_names_its_failure(clock: FakeClock) -> None:
    async def test() -> None:
        def answer(request: Received, number: int) -> Steps:
            return [
                b"HTTP/1.1 %d X\r\nContent-Length: 500\r\nx-amz-server-side-encryption: AES256\r\n\r\n"
                % (404 if number else 200)
            ]

        async with serving(answer) as server, client(access(server.url), clock) as aws:
            response = await aws.send(get(method="HEAD"))
            assert response.headers["x-amz-server-side-encryption"] == "AES256"
            with pytest.raises(AwsError) as caught:
                await aws.send(get(method="HEAD"))
            assert (caught.value.code, caught.value.status) == ("NotFound", 404)
        assert server.connections == 1

    run(test())


# --- no --------------------------------------------------------------------------------------------------------------


def test_a_denied_call_is_not_repeated_and_says_what_was_denied(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [error(403, "AccessDenied")]) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
        assert str(caught.value) == "s3:GetBucketPolicy bucket-a: AccessDenied (403): because"
        assert (len(server.requests), aws.calls, clock.slept) == (1, {"s3:GetBucketPolicy": 1}, [])

    run(test())


def test_an_error_in_the_guise_of_a_success_is_an_error(clock: FakeClock) -> None:
    answers = [error(200, "InternalError"), error(200, "AccessDenied")]

    async def test() -> None:
        async with serving(lambda request, number: [answers[min(number, 1)]]) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
                assert (caught.value.code, len(server.requests)) == ("AccessDenied", 2)
                # An object may well have such a body.
                body = (await aws.send(Request("s3:GetObject", "k", "s3", "eu-west-1", path="/bucket-a/k"))).body
                assert body.startswith(b"<Error>")

    run(test())


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
                await asyncio.gather(*(aws.send(get()) for _ in range(30)))
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

                await asyncio.gather(*(worker() for _ in range(16)))
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
                for _ in range(40):
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
                await asyncio.gather(*(aws.send(get()) for _ in range(100)), return_exceptions=True)
                throttled["now"] = False
                server.most_in_flight = 0
                await asyncio.gather(*(aws.send(get()) for _ in range(12)))
                narrow = server.most_in_flight
                await asyncio.gather(*(aws.send(get()) for _ in range(600)))
        assert narrow <= 6
        assert server.most_in_flight == 32

    run(test())


def test_the_odd_503_among_many_does_not_slow_us(clock: FakeClock) -> None:
    dice = random.Random(3)

    async def test() -> None:
        async with serving(lambda request, number: [reply(503) if dice.random() < 0.01 else ok()]) as server:
            async with client(access(server.url), clock, concurrency=32) as aws:
                await asyncio.gather(*(aws.send(get()) for _ in range(2000)))
        assert server.most_in_flight == 32
        assert len(server.requests) < 2060

    run(test())


# --- elsewhere -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moved",
    [
        reply(301, b"", "x-amz-bucket-region: us-west-2"),
        error(301, "PermanentRedirect", extra="<Endpoint>bucket-a.s3.us-west-2.amazonaws.com</Endpoint>"),
        error(400, "AuthorizationHeaderMalformed", extra="<Region>us-west-2</Region>"),
        error(307, "TemporaryRedirect", "x-amz-bucket-region: us-west-2", "Location: http://evil.example/"),
    ],
)
def test_a_bucket_elsewhere_is_found_and_remembered(clock: FakeClock, moved: bytes) -> None:
    def answer(request: Received, number: int) -> Steps:
        here = "/us-west-2/" in request.headers["authorization"] or request.target.startswith("/bucket-b")
        return [ok() if here else moved]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock, max_attempts=1) as aws:
                for _ in range(2):
                    await aws.send(get("bucket-a"))
                await aws.send(get("bucket-b"))
        regions = [request.headers["authorization"].split("/")[2] for request in server.requests]
        assert regions == ["eu-west-1", "us-west-2", "us-west-2", "eu-west-1"]
        assert clock.slept == []

    run(test())


@pytest.mark.parametrize("region", ["us-west-%d", "evil.example.com/%d", "eu-west-1"])
def test_redirects_end(clock: FakeClock, region: str) -> None:
    def answer(request: Received, number: int) -> Steps:
        return [reply(301, b"", f"x-amz-bucket-region: {region % number if '%' in region else region}")]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
        assert (caught.value.code, caught.value.status) == ("PermanentRedirect", 301)
        assert len(server.requests) <= 3

    run(test())


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_wrong_clock_is_corrected_once_and_for_all(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        right = request.headers["x-amz-date"] == "20261201T122000Z"
        return [ok() if right else error(403, "RequestTimeTooSkewed", "Date: Tue, 01 Dec 2026 12:20:00 GMT")]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock, max_attempts=1) as aws:
                await aws.send(get())
                await aws.send(get())
        assert len(server.requests) == 3

    run(test())


@pytest.mark.parametrize(
    "code, date", [("RequestTimeTooSkewed", "12:20"), ("SignatureDoesNotMatch", "12:00"), ("RequestTimeTooSkewed", "x")]
)
def test_a_clock_that_cannot_be_the_reason_is_left_alone(clock: FakeClock, code: str, date: str) -> None:
    async def test() -> None:
        stubborn = error(403, code, f"Date: Tue, 01 Dec 2026 {date}:00 GMT")
        async with serving(lambda request, number: [stubborn]) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(get())
        assert caught.value.code == code
        assert len(server.requests) <= 2

    run(test())


# --- streams ---------------------------------------------------------------------------------------------------------


def test_a_large_body_is_read_in_pieces_and_not_ahead(clock: FakeClock) -> None:
    sent: Dict[str, int] = {"bytes": 0}
    piece = b"%x\r\n" % 65536 + bytes(65536) + b"\r\n"

    def answer(request: Received, number: int) -> Iterator[bytes]:
        if number:
            yield ok()
            return
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for _ in range(400):
            sent["bytes"] += 65536
            yield piece
        yield b"0\r\n\r\n"

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                total = 0
                async for chunk in aws.stream(get()):
                    if not total:
                        for _ in range(200):
                            await asyncio.sleep(0.001)  # a slow reader
                        assert sent["bytes"] < 20_000_000
                    total += len(chunk)
                assert total == 400 * 65536
                await aws.send(get())
        assert server.connections == 1

    run(test())


def test_a_stream_that_breaks_says_so_and_is_not_repeated(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok(b"x" * 5000)[:-100], Step.CLOSE]) as server:
            async with client(access(server.url), clock) as aws:
                seen = b""
                with pytest.raises(AwsError) as caught:
                    async for chunk in aws.stream(get()):
                        seen += chunk
        assert (caught.value.code, len(seen), len(server.requests)) == ("TruncatedResponse", 4900, 1)

    run(test())


def test_a_stream_begins_after_retries_and_reports_refusals(clock: FakeClock) -> None:
    answers = [reply(503), ok(b"fine"), error(403, "AccessDenied")]

    async def test() -> None:
        async with serving(lambda request, number: [answers[number]]) as server:
            async with client(access(server.url), clock) as aws:
                assert b"".join([chunk async for chunk in aws.stream(get())]) == b"fine"
                with pytest.raises(AwsError) as caught:
                    async for _chunk in aws.stream(get()):
                        pass
        assert (caught.value.code, server.connections) == ("AccessDenied", 1)

    run(test())


def test_a_stream_that_is_left_early_closes_its_connection(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()] if number else [ok(b"x" * 3_000_000)]) as server:
            async with client(access(server.url), clock, concurrency=1) as aws:
                stream = aws.stream(get())
                async for _chunk in stream:
                    break
                await stream.aclose()  # type: ignore[attr-defined]
                assert (await aws.send(get())).body == b"<x/>"
        assert server.connections == 2

    run(test())


def test_a_silent_stream_is_a_timeout(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok(b"x" * 5000)[:-100], Step.HANG]) as server:
            async with client(access(server.url), clock, timeout=0.1) as aws:
                with pytest.raises(AwsError) as caught:
                    async for _chunk in aws.stream(get()):
                        pass
        assert caught.value.code == "Timeout"

    run(test())
