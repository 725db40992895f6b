# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
from typing import Dict, Iterable, Iterator, Union

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
                await asyncio.gather(*(aws.send(get()) for _unused in range(3)))
                opened = server.connections
                for _unused in range(20):
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
                for _unused in range(2):
                    await aws.send(get("bucket-a"))
                await aws.send(get("bucket-b"))
        regions = [request.headers["authorization"].split("/")[2] for request in server.requests]
        assert regions == ["eu-west-1", "us-west-2", "us-west-2", "eu-west-1"]
        assert clock.slept == []

    run(test())


def test_the_bare_refusal_of_a_head_is_followed(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        here = "/us-west-2/" in request.headers["authorization"]
        return [reply(200, b"") if here else reply(400, b"", "x-amz-bucket-region: us-west-2")]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                await aws.send(Request("s3:HeadBucket", "bucket-a", "s3", "eu-west-1", "HEAD", "/bucket-a"))
        assert len(server.requests) == 2

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


def twenty_minutes_ahead(request: Received, number: int) -> Steps:
    right = request.headers["x-amz-date"] == "20261201T122000Z"
    return [ok() if right else error(403, "RequestTimeTooSkewed", "Date: Tue, 01 Dec 2026 12:20:00 GMT")]


def test_a_wrong_clock_is_corrected_once_and_for_all(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(twenty_minutes_ahead) as server:
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


def test_servers_whose_clocks_disagree_do_not_keep_us_for_ever(clock: FakeClock) -> None:
    def answer(request: Received, number: int) -> Steps:
        return [error(403, "RequestTimeTooSkewed", f"Date: Tue, 01 Dec 2026 {(12, 13)[number % 2]}:30:00 GMT")]

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError, match="RequestTimeTooSkewed"):
                    await aws.send(get())
        assert len(server.requests) == 2

    run(test())


def test_all_that_were_under_way_when_the_clock_was_corrected_are_sent_again(clock: FakeClock) -> None:
    async def test() -> None:
        async with serving(twenty_minutes_ahead) as server:
            async with client(access(server.url), clock, max_attempts=1) as aws:
                await asyncio.gather(*(aws.send(get(f"bucket-{n}")) for n in range(5)))
        assert len(server.requests) == 10

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
        for _unused in range(400):
            sent["bytes"] += 65536
            yield piece
        yield b"0\r\n\r\n"

    async def test() -> None:
        async with serving(answer) as server:
            async with client(access(server.url), clock) as aws:
                total = 0
                async for chunk in aws.stream(get()):
                    if not total:
                        for _unused in range(200):
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
