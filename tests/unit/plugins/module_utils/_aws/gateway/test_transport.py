# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from pathlib import Path
from typing import Iterator, List, Union

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.tls import TlsLayer
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.transport import Pool
from ansible_collections.day2.ops.plugins.module_utils._aws.http1 import ResponseParser
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Endpoint, Request
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.tests.support.aws.certificates import Certificates, make_certificates
from ansible_collections.day2.ops.tests.support.aws.proxy import ConnectProxy
from ansible_collections.day2.ops.tests.support.loopback import (
    FakeClock,
    Step,
    access,
    client,
    ok,
    run,
    serving,
)

GET = Request("s3:GetBucketPolicy", "bucket-a", "s3", "eu-west-1", path="/bucket-a", query=(("policy", ""),))
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClock]:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    yield FakeClock()


# --- TLS -------------------------------------------------------------------------------------------------------------


def test_calls_over_tls_share_connections_and_sessions(clock: FakeClock, certificates: Certificates) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok(b"x" * 100_000)], certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock) as aws:
                for _unused in range(5):
                    assert len((await aws.send(GET)).body) == 100_000
                assert (server.connections, server.resumed) == (1, 0)
                await asyncio.gather(*(aws.send(GET) for _unused in range(8)))
        assert server.connections > 4
        assert server.resumed == server.connections - 1

    run(test())


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_bundle_of_the_environment(
    clock: FakeClock, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, certificates.ca)

    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            async with client(access(server.url), clock) as aws:
                await aws.send(GET)

    run(test())


def test_a_certificate_that_nobody_vouches_for(clock: FakeClock, certificates: Certificates) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            async with client(access(server.url), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(GET)
            assert (caught.value.code, caught.value.status, aws.calls) == ("TLSError", 0, {})
            assert "127.0.0.1: its certificate is not trusted: " in str(caught.value)
            assert (clock.slept, server.requests) == ([], [])
            async with client(access(server.url, validate_certs=False), clock) as aws:
                await aws.send(GET)

    run(test())


def test_a_certificate_of_somebody_else(clock: FakeClock, tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path, names=("s3.example",))

    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock) as aws:
                with pytest.raises(AwsError, match=r"TLSError.*127\.0\.0\.1") as caught:
                    await aws.send(GET)
        assert caught.value.code == "TLSError"

    run(test())


def test_an_expired_certificate(clock: FakeClock, tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path, days=-3)

    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock) as aws:
                with pytest.raises(AwsError, match="expired"):
                    await aws.send(GET)

    run(test())


def test_a_plain_server_where_tls_was_expected(clock: FakeClock) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    async def test() -> None:
        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with client(access(f"https://127.0.0.1:{port}"), clock) as aws:
            with pytest.raises(AwsError) as caught:
                await aws.send(GET)
        server.close()
        assert (caught.value.code, clock.slept) == ("TLSError", [])

    run(test())


@pytest.mark.parametrize("hangs, code", [(True, "Timeout"), (False, "ConnectionError")])
def test_a_handshake_that_comes_to_nothing(clock: FakeClock, hangs: bool, code: str) -> None:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hangs:
            await reader.read()
        writer.close()

    async def test() -> None:
        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        to = access(f"https://127.0.0.1:{port}", aws_config={"connect_timeout": 0.1})
        async with client(to, clock, max_attempts=2) as aws:
            with pytest.raises(AwsError) as caught:
                await aws.send(GET)
        server.close()
        assert caught.value.code == code
        assert len(clock.slept) == 1

    run(test())


@pytest.mark.parametrize("end, complete", [(Step.CLOSE, True), (Step.RESET, False)])
def test_only_a_good_bye_ends_a_body_without_length(
    clock: FakeClock, certificates: Certificates, end: Step, complete: bool
) -> None:
    async def test() -> None:
        steps: List[Union[bytes, Step]] = [b"HTTP/1.1 200 OK\r\n\r\nto the end", end]
        async with serving(lambda request, number: steps, certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock, max_attempts=1) as aws:
                if complete:
                    assert (await aws.send(GET)).body == b"to the end"
                else:
                    with pytest.raises(AwsError) as caught:
                        await aws.send(GET)
                    assert caught.value.code in ("TruncatedResponse", "ConnectionError")

    run(test())


def test_a_large_request_over_tls(clock: FakeClock, certificates: Certificates) -> None:
    body = os.urandom(3_000_000)

    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock) as aws:
                await aws.send(Request("s3:PutObject", "k", "s3", "eu-west-1", "PUT", "/b/k", body=body))
        assert server.requests[0].body == body

    run(test())


def test_a_stream_over_tls(clock: FakeClock, certificates: Certificates) -> None:
    body = os.urandom(5_000_000)

    async def test() -> None:
        async with serving(lambda request, number: [ok(body)], certificates) as server:
            async with client(access(server.url, aws_ca_bundle=certificates.ca), clock) as aws:
                assert b"".join([chunk async for chunk in aws.stream(GET)]) == body

    run(test())


def test_the_bundle_cannot_be_read(clock: FakeClock, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (tmp_path / "missing.pem", empty):

        async def test(path: Path = bundle) -> None:
            async with client(access("https://127.0.0.1:1", aws_ca_bundle=str(path)), clock) as aws:
                await aws.send(GET)

        with pytest.raises(GatewayError, match=f"read the CA bundle {bundle}: "):
            run(test())


def test_records_may_be_cut_anywhere(certificates: Certificates) -> None:
    ours, theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_verify_locations(certificates.ca)
    theirs.load_cert_chain(certificates.chain, certificates.key)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = theirs.wrap_bio(incoming, outgoing, server_side=True)
    layer = TlsLayer(ours, "localhost", None, memoryview(bytearray(4096)))
    layer.handshake()
    while not layer.established:
        incoming.write(layer.outgoing())
        try:
            server.do_handshake()
        except ssl.SSLWantReadError:
            pass
        for byte in outgoing.read():
            if layer.handshake(bytes([byte])):
                break
    incoming.write(layer.outgoing())
    server.do_handshake()
    server.write(b"a" * 40_000)
    server.write(b"b")
    records = outgoing.read()
    assert (
        b"".join(layer.decrypt(records[start : start + 999]) for start in range(0, len(records), 999))
        == b"a" * 40_000 + b"b"
    )
    incoming.write(layer.encrypt(b"c" * 100_000))
    received = b""
    while len(received) < 100_000:
        received += server.read(65536)
    assert received == b"c" * 100_000
    assert not layer.closed
    with pytest.raises(ssl.SSLWantReadError):
        server.unwrap()
    layer.decrypt(outgoing.read())
    assert layer.closed


# --- proxies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_option", [True, False])
def test_tls_goes_through_a_tunnel(
    clock: FakeClock, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, by_option: bool
) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()], certificates) as server:
            with ConnectProxy(server.port, user="me:p@ss/word") as proxy:
                url = proxy.url.replace("://", "://me:p%40ss%2Fword@")
                options = {"aws_config": {"proxies": {"https": url}}} if by_option else {}
                if not by_option:
                    monkeypatch.setenv("HTTPS_PROXY", url)
                to = access(f"https://localhost:{server.port}", aws_ca_bundle=certificates.ca, **options)
                async with client(to, clock) as aws:
                    await aws.send(GET)
                    await aws.send(GET)
                assert proxy.asked == [f"localhost:{server.port}"]
        assert [request.target for request in server.requests] == ["/bucket-a?policy="] * 2
        assert all("proxy-authorization" not in request.headers for request in server.requests)

    run(test())


def test_a_proxy_that_refuses(clock: FakeClock, certificates: Certificates) -> None:
    async def test() -> None:
        with ConnectProxy(9, user="me:right") as proxy:
            options = {"proxies": {"https": proxy.url.replace("://", "://me:wrong@")}}
            async with client(access("https://localhost:9", aws_config=options), clock) as aws:
                with pytest.raises(AwsError) as caught:
                    await aws.send(GET)
        assert (caught.value.code, clock.slept, proxy.refused) == ("ProxyError", [], 1)
        assert "refused a connection to localhost:9: status 407" in str(caught.value)
        assert "wrong" not in str(caught.value)

    run(test())


def test_plain_http_asks_the_proxy_for_the_whole_url(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            monkeypatch.setenv("http_proxy", f"me:word@127.0.0.1:{server.port}")
            async with client(access("http://s3.example:9000"), clock) as aws:
                await aws.send(GET)
        [request] = server.requests
        assert request.target == "http://s3.example:9000/bucket-a?policy="
        assert request.headers["host"] == "s3.example:9000"
        assert request.headers["proxy-authorization"] == "Basic bWU6d29yZA=="

    run(test())


def test_no_proxy_is_honoured(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "example.org,127.0.0.1")

    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            async with client(access(server.url), clock) as aws:
                await aws.send(GET)

    run(test())


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1080", "https://127.0.0.1:3128", "http://[::1", "http://"])
def test_a_proxy_that_we_cannot_use_is_refused(clock: FakeClock, url: str) -> None:
    async def test() -> None:
        async with client(access("https://localhost:9", aws_config={"proxies": {"https": url}}), clock) as aws:
            await aws.send(GET)

    with pytest.raises(Day2Error, match="proxy must look like http://host:port"):
        run(test())


# --- room ------------------------------------------------------------------------------------------------------------


def test_many_hosts_do_not_add_up_to_many_connections(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to endpoints that are not used at the moment make room for others; the longest unused goes first."""
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **kwargs: real("127.0.0.1", *args, **kwargs))

    async def test() -> None:
        async with serving(lambda request, number: [ok()]) as server:
            pool = Pool(most=4, connect_timeout=5.0, read_timeout=5.0, tls_context=ssl.create_default_context)
            hosts = [pool.host(Endpoint("http", f"{number}.example", server.port, ""), None) for number in range(10)]
            for host in hosts:
                connection = await host.open()
                parser = ResponseParser("GET")
                await connection.start(b"GET / HTTP/1.1\r\n\r\n", parser)
                host.give_back(connection)
                await asyncio.sleep(0)
                assert len(pool.connections) <= 4
            assert [bool(host.take()) for host in hosts] == [False] * 6 + [True] * 4
            pool.close()
        assert server.connections == 10

    run(test())
