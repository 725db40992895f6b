# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake's HTTP: whatever way the bytes come, the same requests; whatever fault is ordered, that one."""

from __future__ import annotations

import socket
import time
from typing import List, Tuple, Union

import pytest
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCESS_KEY
from ansible_collections.day2.ops.tests.support.aws.wire import Connection
from hypothesis import given, settings
from hypothesis import strategies as st

_HEADERS = (
    f"Authorization: AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20260301/eu-west-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=00\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\n"
)


def request(target: str, method: str = "GET", body: bytes = b"", extra: str = "") -> bytes:
    """The bytes of a request; a signature is there but not true."""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_HEADERS}{length}{extra}\r\n".encode() + body


class Sink:
    """The transport of a connection that has no socket."""

    def __init__(self) -> None:
        self.written = bytearray()
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True


def connect(server: FakeS3) -> Tuple[Connection, Sink]:
    """A connection without a socket: what is fed to it is answered into the sink."""
    connection, sink = Connection(server.service, False), Sink()
    connection.connection_made(sink)  # type: ignore[arg-type]
    return connection, sink


def statuses(answers: Union[bytes, bytearray]) -> List[int]:
    """Statuses of several answers, one after the other."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


CHUNKED = b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
STREAM = b"".join(
    (
        request("/acme?encryption"),
        request("/acme/key", "PUT", b"x" * 300),
        request("/acme/other", "PUT", extra="Transfer-Encoding: chunked\r\n") + CHUNKED,
        request("/acme/key", "HEAD"),
        request("/acme?policy"),
        request("/none?policy"),
    )
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
@settings(derandomize=True)
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: List[int]) -> None:
    server = FakeS3()
    server.store.add("acme")
    connection, sink = connect(server)
    places = [0, *sorted(cuts), len(STREAM)]
    for start, end in zip(places, places[1:]):
        connection.data_received(STREAM[start:end])
    assert statuses(sink.written) == [200, 200, 200, 200, 404, 404]
    assert server.store.buckets["acme"].objects["other"].body == b"hello world"
    assert server.service.in_flight == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
        b"\x16\x03\x01" * 30_000,
    ],
)
def test_what_is_not_http_is_refused_and_recorded(sent: bytes) -> None:
    server = FakeS3()
    connection, sink = connect(server)
    connection.data_received(sent)
    assert sink.written.startswith(b"HTTP/1.1 400 ") and sink.closed
    assert server.unexpected[0].startswith("not HTTP: ")


def test_ten_thousand_pipelined_requests_do_not_nest() -> None:
    server = FakeS3()
    server.store.add("acme")
    connection, sink = connect(server)
    connection.data_received(request("/acme?encryption") * 10_000)
    assert statuses(sink.written) == [200] * 10_000


# --- over real sockets -----------------------------------------------------------------------------------------------


class Client:
    """A socket to the server."""

    def __init__(self, server: FakeS3) -> None:
        self.sock = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.seen = b""

    def ask(self, *requests: bytes) -> None:
        """Send, all at once."""
        self.sock.sendall(b"".join(requests))

    def until(self, count: int) -> List[int]:
        """Statuses, when there are as many answers."""
        while self.seen.count(b"\r\n0\r\n\r\n") + self.seen.count(b"Length: 0\r\n\r\n") < count:
            more = self.sock.recv(65536)
            if not more:
                break
            self.seen += more
        return statuses(self.seen)

    def to_the_end(self) -> bytes:
        """All that comes until the server closes."""
        while True:
            more = self.sock.recv(65536)
            if not more:
                return self.seen
            self.seen += more


@pytest.fixture
def server(fake: FakeS3) -> FakeS3:
    """A server with one bucket."""
    fake.store.add("acme")
    return fake


def test_latency_adds_up_on_one_connection_and_not_on_many(server: FakeS3) -> None:
    server.settings.latency = 0.05
    clients = [Client(server) for _unused in range(40)]
    start = time.monotonic()
    for client in clients:
        client.ask(request("/acme?encryption"))
    assert [client.until(1) for client in clients] == [[200]] * 40
    assert time.monotonic() - start < 1.9  # one after the other they would take two seconds
    assert server.max_in_flight == server.service.max_connections == 40
    clients[0].ask(request("/acme?encryption") * 3)
    start = time.monotonic()
    assert clients[0].until(4) == [200] * 4
    assert time.monotonic() - start >= 0.15


def test_expect_continue(server: FakeS3) -> None:
    client = Client(server)
    head = request("/acme/key", "PUT", extra="Content-Length: 3\r\nExpect: 100-continue\r\n")
    client.ask(head)
    assert client.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.ask(b"abc")
    assert client.until(1) == [200]


def test_keep_alive_ends_with_notice_when_asked_to() -> None:
    with FakeS3(keep_alive_requests=2) as server:
        server.store.add("acme")
        client = Client(server)
        client.ask(request("/acme?encryption") * 3)
        answers = client.to_the_end()
    assert statuses(answers) == [200, 200]
    assert answers.split(b"HTTP/1.1 ")[2].count(b"Connection: close") == 1


def test_error_rule(server: FakeS3) -> None:
    rule = server.rules.add(action="GetBucketPolicy", bucket="ac*", code="SlowDown")
    client = Client(server)
    client.ask(request("/acme?policy"), request("/acme?encryption"))
    assert client.until(2) == [503, 200]
    assert b"<Code>SlowDown</Code>" in client.seen
    assert rule.hits == 1


def test_truncated_answers_promise_more_than_they_bring(server: FakeS3) -> None:
    server.settings.chunked = False
    server.rules.add(kind="truncate", times=1)
    client = Client(server)
    client.ask(request("/acme?encryption"))
    head, _unused, body = client.to_the_end().partition(b"\r\n\r\n")
    assert (
        f"Content-Length: {len(body) * 2}".encode() in head or f"Content-Length: {len(body) * 2 + 1}".encode() in head
    )


@pytest.mark.parametrize("chunked", [True, False])
def test_cut_answers_are_sound_http_and_half_a_document(server: FakeS3, chunked: bool) -> None:
    server.settings.chunked = chunked
    server.rules.add(kind="cut", times=1)
    client = Client(server)
    client.ask(request("/acme?encryption"), request("/acme?versioning", extra="Connection: close\r\n"))
    first = client.to_the_end().split(b"HTTP/1.1 ")[1]
    head, _unused, body = first.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert body.startswith(b"<?xml") and b"</ServerSideEncryptionConfiguration>" not in body


def test_half_of_a_head(server: FakeS3) -> None:
    server.rules.add(kind="truncate_head")
    client = Client(server)
    client.ask(request("/acme?encryption"))
    seen = client.to_the_end()
    assert seen.startswith(b"HTTP/1.1 200 OK\r\n") and b"\r\n\r\n" not in seen


def test_reset(server: FakeS3) -> None:
    server.rules.add(kind="reset")
    client = Client(server)
    client.ask(request("/acme?encryption"))
    with pytest.raises(ConnectionResetError):
        client.to_the_end()


def test_half_close_ends_the_servers_side_only(server: FakeS3) -> None:
    server.rules.add(kind="half_close", times=1)
    client = Client(server)
    client.ask(request("/acme?encryption"))
    assert client.to_the_end() == b""
    client.ask(b"still open for us")
    client.sock.close()


def test_garbage(server: FakeS3) -> None:
    server.rules.add(kind="garbage")
    client = Client(server)
    client.ask(request("/acme?encryption"))
    assert not client.to_the_end().startswith(b"HTTP")


def test_close_after_an_answer_without_notice(server: FakeS3) -> None:
    server.rules.add(kind="close_after")
    client = Client(server)
    client.ask(request("/acme?encryption"))
    answer = client.to_the_end()
    assert statuses(answer) == [200] and b"Connection: close" not in answer


def test_delay_rule(server: FakeS3) -> None:
    server.rules.add(kind="delay", delay=0.05, times=1)
    client = Client(server)
    start = time.monotonic()
    client.ask(request("/acme?encryption") * 2)
    assert client.until(2) == [200, 200]
    assert 0.05 <= time.monotonic() - start < 1


def test_a_client_that_goes_away_in_mid_request_leaves_nothing_behind(server: FakeS3) -> None:
    server.settings.latency = 0.02
    for _unused in range(5):
        client = Client(server)
        client.ask(request("/acme?encryption"))
        client.sock.close()
    last = Client(server)
    last.ask(request("/acme?encryption"))
    assert last.until(1) == [200]
    last.sock.close()
    deadline = time.monotonic() + 5
    while server.service.connections and time.monotonic() < deadline:
        server.run(lambda: None)
    assert (server.service.connections, server.service.in_flight) == (0, 0)
