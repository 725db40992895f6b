# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Dict, List, Tuple
from unittest import mock
from urllib.parse import quote

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Credentials, Pairs
from ansible_collections.day2.ops.plugins.module_utils._aws.sigv4 import Signer, amz_date, canonical_query
from ansible_collections.day2.ops.tests.support.effort import tries
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import example, given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, 0, 7, tzinfo=timezone.utc)
HOST = "s3.eu-west-1.amazonaws.com"


def _signed(
    service: str,
    method: str,
    path: str,
    query: Pairs,
    headers: Pairs,
    body: bytes,
    token: str,
    when: datetime = NOON,
    signer: "Signer | None" = None,
    path_is_encoded: bool = False,
) -> Tuple[str, Dict[str, str]]:
    signer = signer or Signer(Credentials("AKIDEXAMPLE", "wJalr/XUtn+FEMI", token), service, "eu-west-1", HOST)
    target, lines = signer.sign(method, path, query, headers, body, amz_date(when), path_is_encoded)
    assert lines.endswith("\r\n")
    pairs = [line.split(":", 1) for line in lines[:-2].split("\r\n")]
    assert len({name for name, _value in pairs}) == len(pairs)
    return target, dict(pairs)


def _oracle(
    service: str, method: str, target: str, headers: Pairs, body: bytes, token: str, when: datetime
) -> Dict[str, str]:
    """The headers that botocore's own signer adds."""
    credentials = BotocoreCredentials("AKIDEXAMPLE", "wJalr/XUtn+FEMI", token or None)
    request = AWSRequest(method=method, url=f"http://{HOST}{target}", data=body)
    for name, value in headers:
        request.headers.add_header(name, value)
    like_s3 = service in ("s3", "s3control")
    signer = (auth.S3SigV4Auth if like_s3 else auth.SigV4Auth)(credentials, "s3" if like_s3 else service, "eu-west-1")
    with mock.patch.object(auth, "get_current_datetime", lambda: when.replace(tzinfo=None)):
        signer.add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


printable = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
paths = st.lists(
    st.one_of(printable, st.sampled_from(["", ".", "..", "a b", "a+b", "a%2Fb", "~", "é", "a:b=c&d"])), max_size=5
)
queries = st.lists(st.tuples(printable.filter(bool), printable), max_size=4).map(tuple)
names = st.sampled_from(
    ["x-amz-account-id", "Content-Type", "X-Amz-Target", "content-md5", "x-amz-expected-bucket-owner"]
)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
extra = st.lists(st.tuples(names, values), max_size=4, unique_by=lambda pair: pair[0].lower()).map(tuple)


@settings(derandomize=True, max_examples=tries(400))
@given(
    service=st.sampled_from(["s3", "s3control", "kms", "sts"]),
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE"]),
    segments=paths,
    query=queries,
    headers=extra,
    body=st.binary(max_size=40),
    token=st.sampled_from(["", "FwoGZXIvYXdzEBYaD+/=="]),
)
@example(
    "s3", "GET", ["bucket.with.dots", "a//b", "..", "é ü~*'()"], (("list-type", "2"), ("prefix", "ü/ +&=")), (), b"", ""
)
@example(
    "kms", "POST", ["a", "..", "", "b", "."], (), (("x-amz-target", "  TrentService.DescribeKey   x "),), b"{}", "t"
)
def test_signs_as_botocore_does(
    service: str, method: str, segments: List[str], query: Pairs, headers: Pairs, body: bytes, token: str
) -> None:
    path = "/" + "/".join(segments)
    target, ours = _signed(service, method, path, query, headers, body, token)
    theirs = _oracle(service, method, target, headers, body, token, NOON)
    assert ours["authorization"] == theirs["authorization"]
    assert ours["x-amz-date"] == theirs["x-amz-date"]
    assert ours.get("x-amz-security-token") == theirs.get("x-amz-security-token")
    assert ours.get("x-amz-content-sha256") == theirs.get("x-amz-content-sha256")
    assert target.partition("?")[0] == quote(path)


@settings(derandomize=True, max_examples=tries(100))
@given(segments=paths, service=st.sampled_from(["eks", "s3"]))
@example(["tags", "arn:aws:eks:eu-west-1:1:nodegroup/blue/a b/0c1"], "eks")
def test_a_path_that_is_encoded_is_sent_as_it_is_and_signed_as_botocore_does(segments: List[str], service: str) -> None:
    path = "".join(f"/{quote(segment, safe='')}" for segment in segments) or "/"
    target, ours = _signed(service, "POST", path, (), (), b"{}", "", path_is_encoded=True)
    assert target == path
    assert ours["authorization"] == _oracle(service, "POST", target, (), b"{}", "", NOON)["authorization"]


@settings(derandomize=True, max_examples=tries(60))
@given(seconds=st.lists(st.integers(0, 3 * 86400), min_size=1, max_size=6))
def test_one_signer_serves_any_order_of_times_and_days(seconds: List[int]) -> None:
    signer = Signer(Credentials("AKIDEXAMPLE", "wJalr/XUtn+FEMI"), "s3", "eu-west-1", HOST)
    for second in seconds:
        when = NOON + timedelta(seconds=second)
        for query in ((("policy", ""),), (("acl", ""),)):
            target, ours = _signed("s3", "GET", "/b", query, (), b"", "", when, signer)
            assert ours["authorization"] == _oracle("s3", "GET", target, (), b"", "", when)["authorization"]


def test_the_published_example() -> None:
    # "Example: GET Object" of "Signature calculations for the Authorization header" in the S3 API reference.
    credentials = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    signer = Signer(credentials, "s3", "us-east-1", "examplebucket.s3.amazonaws.com")
    target, lines = signer.sign("GET", "/test.txt", (), (("Range", "bytes=0-9"),), b"", "20130524T000000Z")
    assert target == "/test.txt"
    assert "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\r\n" in lines


def test_a_query_is_sorted_after_it_is_encoded() -> None:
    assert canonical_query((("b", "2"), ("a", "ü"), ("a", "&"), ("policy", ""))) == "a=%26&a=%C3%BC&b=2&policy="


@pytest.mark.parametrize("header", [("x-a", "b\r\nx-evil: 1"), ("x-a\n", "b"), ("x-a", "b\0"), ("x:a", "b")])
def test_no_header_smuggles_another(header: Tuple[str, str]) -> None:
    signer = Signer(Credentials("AKIDEXAMPLE", "secret"), "s3", "eu-west-1", HOST)
    with pytest.raises(ValueError, match="one line"):
        signer.sign("GET", "/", (), (header,), b"", "20130524T000000Z")


def test_a_secret_is_not_sent() -> None:
    _target, headers = _signed("s3", "GET", "/", (), (), b"", "token")
    assert not any("wJalr" in value for value in headers.values())
