# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import List, Sequence, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.http1 import (
    MAX_HEAD,
    MalformedResponse,
    ResponseParser,
    TruncatedResponse,
    request_bytes,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

OK = b"HTTP/1.1 200 OK\r\nServer: AmazonS3\r\n"
Seen = Tuple[int, bytes, bool, bool]
Case = Tuple[bytes, str, bool, int, bytes, bool]


def _feed(data: bytes, cuts: Sequence[int] = (), method: str = "GET", eof: bool = False) -> Seen:
    """Status, body, done, keep_alive of a response that arrives cut at these places."""
    parser = ResponseParser(method)
    places = sorted({min(cut, len(data)) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(data)]):
        if start < end:
            parser.feed(data[start:end])
    if eof:
        parser.feed_eof()
    return parser.status, parser.take(), parser.done, parser.keep_alive


RESPONSES: List[Case] = [
    # (bytes, method, end of file after it, status, body, may the connection be kept)
    (OK + b"Content-Length: 5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (OK + b"content-length:5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (OK + b"Content-Length: 0\r\n\r\n", "GET", False, 200, b"", True),
    (OK + b"Content-Length: 5, 5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (OK + b"Content-Length: 5\r\nConnection: Close\r\n\r\nhello", "GET", False, 200, b"hello", False),
    (OK + b"Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "GET", False, 200, b"hello", False),
    (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "GET", False, 200, b"hello", True),
    (OK + b"\r\nuntil the end", "GET", True, 200, b"until the end", False),
    (OK + b"\r\n", "GET", True, 200, b"", False),
    (OK + b"Content-Length: 500\r\n\r\n", "HEAD", False, 200, b"", True),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n", "HEAD", False, 200, b"", True),
    (b"HTTP/1.1 204 No Content\r\nContent-Length: 500\r\n\r\n", "DELETE", False, 204, b"", True),
    (b"HTTP/1.1 304 Not Modified\r\n\r\n", "GET", False, 304, b"", True),
    (b"HTTP/1.0 200 Connection established\r\n\r\n", "CONNECT", False, 200, b"", False),
    (
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
        "GET",
        False,
        200,
        b"hello world",
        True,
    ),
    (
        OK + b"Transfer-Encoding: Chunked\r\n\r\n0A\r\n0123456789\r\n00\r\nX-T: 1\r\n\r\n",
        "GET",
        False,
        200,
        b"0123456789",
        True,
    ),
    # Two lengths: chunked counts, and the connection is not trusted further (RFC 9112 6.3).
    (
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "GET",
        False,
        200,
        b"hello",
        False,
    ),
    (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nhi",
        "GET",
        False,
        200,
        b"hi",
        True,
    ),
    # More than was announced: the answer counts, the connection does not.
    (OK + b"Content-Length: 5\r\n\r\nhelloHTTP/1.1", "GET", False, 200, b"hello", False),
]


@settings(derandomize=True, max_examples=tries(400))
@given(case=st.sampled_from(RESPONSES), cuts=st.lists(st.integers(0, 250), max_size=12))
def test_the_same_response_however_it_is_cut(case: Case, cuts: List[int]) -> None:
    data, method, eof, status, body, keep = case
    assert _feed(data, cuts, method, eof) == (status, body, True, keep)


@pytest.mark.parametrize("case", RESPONSES)
def test_byte_by_byte(case: Case) -> None:
    data, method, eof, status, body, keep = case
    assert _feed(data, range(len(data)), method, eof) == (status, body, True, keep)


@pytest.mark.parametrize("case", RESPONSES)
def test_a_response_that_ends_early_is_truncated_and_never_done(case: Case) -> None:
    data, method, eof, _status, body, _keep = case
    whole = data.index(b"HTTP/1.1 200 OK") if b" 100 " in data else 0
    for size in range(whole + 1, len(data)):
        parser = ResponseParser(method)
        if parser.feed(data[:size]):
            assert parser.take() == body  # only what nobody had announced is missing
            continue
        if eof and parser.head_done:
            parser.feed_eof()
            assert parser.done and body.startswith(parser.take())
            continue
        with pytest.raises(TruncatedResponse):
            parser.feed_eof()


MALFORMED = [
    (b"\x16\x03\x01\x02\x00", "not an HTTP/1 answer"),  # TLS spoken to a plain client
    (b"SSH-2.0-OpenSSH_9.2\r\n", "not an HTTP/1 answer"),
    (b"HTTP/2 200\r\n\r\n", "not an HTTP/1 answer"),
    (b"HTTP/1.1 2000 OK\r\n\r\n", "not an HTTP/1 answer"),
    (b"HTTP/1.1 abc OK\r\n\r\n", "not an HTTP/1 answer"),
    (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "switched"),
    (OK + b"Content-Length: -1\r\n\r\n", "content-length"),
    (OK + b"Content-Length: 5, 6\r\n\r\n", "content-length"),
    (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", "content-length"),
    (OK + b"Content-Length: +5\r\n\r\n", "content-length"),
    (OK + b"Content-Length: \xb2\r\n\r\n", "content-length"),
    (OK + b"Content-Length: 9999999999999999\r\n\r\n", "content-length"),
    (OK + b"Content-Length: 99999999999\r\n\r\n", "larger than"),
    (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "transfer-encoding"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "chunk size"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", "chunk size"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", "longer than it said"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFF\r\n", "chunk size"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1" + b";" * 2000, "chunk line"),
    (
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b" * 200 + b"\r\n" + (b"c: d" * 200 + b"\r\n") * 90,
        "trailers",
    ),
    (OK + b"X: " + b"y" * MAX_HEAD, "head of the answer"),
    (OK + b"X: " + b"y" * MAX_HEAD + b"\r\n\r\n", "head of the answer"),
]


@pytest.mark.parametrize("data, message", MALFORMED)
@pytest.mark.parametrize("piece", [1, 7, 10**9])
def test_malformed_is_said(data: bytes, message: str, piece: int) -> None:
    parser = ResponseParser("GET")
    with pytest.raises(MalformedResponse, match=message):
        for start in range(0, len(data), piece):
            parser.feed(data[start : start + piece])


@settings(derandomize=True, max_examples=tries(500))
@given(
    head=st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\n", OK + b"Content-Length: 9\r\n\r\n"]
    ),
    pieces=st.lists(st.binary(max_size=30), max_size=8),
)
def test_garbage_never_surprises(head: bytes, pieces: List[bytes]) -> None:
    parser = ResponseParser("GET")
    try:
        for piece in [head, *pieces]:
            if piece and parser.feed(piece):
                break
        parser.feed_eof()
    except (MalformedResponse, TruncatedResponse) as error:
        assert str(error)
    else:
        assert parser.done


def test_a_body_is_bounded_unless_it_is_streamed() -> None:
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    bounded = ResponseParser("GET", max_body=2048)
    with pytest.raises(MalformedResponse, match="larger than 2048 bytes"):
        bounded.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3)
    endless = ResponseParser("GET", max_body=2048)
    with pytest.raises(MalformedResponse, match="larger than 2048 bytes"):
        endless.feed(OK + b"\r\n" + b"x" * 3000)
    streamed = ResponseParser("GET", max_body=0)
    streamed.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3)
    assert (streamed.unread, len(streamed.take()), streamed.unread, streamed.take()) == (3072, 3072, 0, b"")
    assert streamed.received == 3072


def test_headers_by_lower_case_name() -> None:
    parser = ResponseParser("GET")
    parser.feed(
        b'HTTP/1.1 200 OK\r\nETag: "a:b" \r\nX-A:1\r\nx-a: 2\r\nno colon\r\nX-Utf: \xc3\xa9\r\nContent-Length: 0\r\n\r\n'
    )
    assert dict(parser.headers) == {
        "etag": '"a:b"', "x-a": "1, 2", "no colon": "", "x-utf": "Ã©", "content-length": "0",
    }  # fmt: skip
    assert parser.headers["etag"] == '"a:b"'
    assert "ETag" not in parser.headers
    assert len(parser.headers) == 5
    assert parser.headers.get("date") is None


def test_untouched_until_the_first_byte() -> None:
    parser = ResponseParser("GET")
    assert parser.untouched
    parser.feed(b"H")
    assert not parser.untouched


@pytest.mark.parametrize(
    "method, body, expected",
    [
        ("GET", b"", b"GET /b?policy= HTTP/1.1\r\nhost:h\r\n\r\n"),
        ("PUT", b"xy", b"PUT /b?policy= HTTP/1.1\r\nhost:h\r\ncontent-length: 2\r\n\r\nxy"),
        ("PUT", b"", b"PUT /b?policy= HTTP/1.1\r\nhost:h\r\ncontent-length: 0\r\n\r\n"),
        ("DELETE", b"", b"DELETE /b?policy= HTTP/1.1\r\nhost:h\r\n\r\n"),
    ],
)
def test_a_request(method: str, body: bytes, expected: object) -> None:
    assert request_bytes(method, "/b?policy=", "host:h\r\n", body) == expected
