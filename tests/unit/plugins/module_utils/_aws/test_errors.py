# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.errors import ErrorBody, is_error_document, parse_error
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

S3 = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message>'
    b"<BucketName>b</BucketName><RequestId>R</RequestId><HostId>H</HostId></Error>"
)
MOVED = (
    b"<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified "
    b"endpoint.</Message><Endpoint>%s</Endpoint><Bucket>b</Bucket></Error>"
)
WRONG_REGION = (
    b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message>"
    b"<Region>eu-west-1</Region></Error>"
)
STS = (
    b'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <Error>\n    <Type>Sender</Type>\n    <Code>AccessDenied</Code>\n'
    b"    <Message>User: arn:aws:iam::1:user/x is not authorized</Message>\n  </Error>\n  <RequestId>R</RequestId>\n</ErrorResponse>"
)
EC2 = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>IncorrectInstanceState</Code>'
    b"<Message>The instance 'i-1' is not in a state from which it can be stopped.</Message></Error></Errors>"
    b"<RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>"
)
EC2_MESSAGE = "The instance 'i-1' is not in a state from which it can be stopped."
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Error><Code>&b;</Code><Message>&b;</Message></Error>'


@pytest.mark.parametrize(
    "status, headers, body, expected",
    [
        (404, {}, S3, ErrorBody("NoSuchBucketPolicy", "The bucket policy does not exist")),
        (403, {}, STS, ErrorBody("AccessDenied", "User: arn:aws:iam::1:user/x is not authorized")),
        (400, {}, EC2, ErrorBody("IncorrectInstanceState", EC2_MESSAGE)),
        (400, {}, EC2.replace(b"IncorrectInstanceState", b"InvalidInstanceID.NotFound")[:-40], ErrorBody("InvalidInstanceID.NotFound", EC2_MESSAGE)),
        (503, {}, EC2.replace(b"IncorrectInstanceState", b"Client.RequestLimitExceeded"), ErrorBody("RequestLimitExceeded", EC2_MESSAGE)),
        (400, {}, b'{"__type":"NotFoundException","message":"Key \'k\' \\u00e9"}', ErrorBody("NotFoundException", "Key 'k' é")),
        (400, {}, b'{"__type":"com.amazon.coral.service#AccessDenied","Message":"m"}', ErrorBody("AccessDenied", "m")),
        (400, {"x-amzn-errortype": "DisabledException:http://internal.amazon.com/"}, b"{}", ErrorBody("DisabledException")),
        # Where the bucket really is: by header, by <Region>, by host name.
        (301, {"x-amz-bucket-region": "eu-west-1"}, b"", ErrorBody("PermanentRedirect", "", "eu-west-1")),
        (400, {}, WRONG_REGION, ErrorBody("AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'", "eu-west-1")),
        # No body: a HEAD, a proxy, a balancer.
        (404, {}, b"", ErrorBody("NotFound")),
        (503, {}, b"", ErrorBody("ServiceUnavailable")),
        (418, {}, b"", ErrorBody("Http418")),
        (502, {}, b"<html><head><title>502 Bad Gateway</title></head></html>", ErrorBody("BadGateway", "502 Bad Gateway")),
        (403, {}, b"plain text", ErrorBody("AccessDenied")),
        # Cut off: what is there counts.
        (503, {}, b"<Error><Code>SlowDown</Code><Message>Reduce your requ", ErrorBody("SlowDown", "Reduce your requ")),
        (503, {}, b"<Error><Code>SlowD", ErrorBody("ServiceUnavailable")),
        (400, {}, b'{"__type":"ThrottlingException","mess', ErrorBody("ThrottlingException")),
        # Hostile: nothing is expanded, a message is one printable line of bounded length.
        (400, {}, BOMB, ErrorBody("&b;", "&b;")),
        (400, {}, b"<Error><Code>A&amp;B</Code><Message>x\r\ny\x1b[2J\x00z</Message></Error>", ErrorBody("A&B", "x y[2Jz")),
        (400, {"x-amz-bucket-region": "evil.example.com/"}, b"", ErrorBody("BadRequest")),
        (400, {}, b"[" * 100_000, ErrorBody("BadRequest")),
        (400, {}, b'{"a":' * 100_000, ErrorBody("BadRequest")),
        (400, {}, b'{"__type": 7, "message": ["x"]}', ErrorBody("BadRequest")),
        (400, {}, b"{}", ErrorBody("BadRequest")),
    ],
)  # fmt: skip
def test_what_an_error_says(status: int, headers: Dict[str, str], body: bytes, expected: object) -> None:
    assert parse_error(status, headers, body) == expected


@pytest.mark.parametrize(
    "endpoint, region",
    [
        (b"b.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        (b"b.s3-eu-west-1.amazonaws.com", "eu-west-1"),
        (b"b.s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        (b"s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (b"b.s3.amazonaws.com", ""),
        (b"evil.example.com", ""),
    ],
)
def test_the_region_of_an_endpoint(endpoint: bytes, region: str) -> None:
    assert parse_error(301, {}, MOVED % endpoint).region == region


def test_a_message_is_bounded() -> None:
    assert len(parse_error(400, {}, b"<Error><Code>C</Code><Message>" + b"m" * 10_000).message) == 500


@settings(derandomize=True, max_examples=tries(500))
@given(
    status=st.integers(100, 999),
    body=st.one_of(st.binary(max_size=80), st.sampled_from([S3, STS, BOMB, WRONG_REGION]), st.text().map(str.encode)),
    cut=st.integers(0, 300),
)
def test_any_bytes_give_a_code(status: int, body: bytes, cut: int) -> None:
    found = parse_error(status, {}, body[:cut])
    assert found.code and found.code.isprintable() and found.message.isprintable()


@pytest.mark.parametrize(
    "body, expected",
    [
        (S3, True),
        (b"<Error><Code>InternalError</Code></Error>", True),
        (b'<?xml version="1.0"?>\n\n<Error xmlns="x"><Code>', True),
        (b"<ErrorDocument><Key>error.html</Key></ErrorDocument>", False),
        (b"<WebsiteConfiguration><ErrorDocument>", False),
        (b'{"Statement": "<Error>"}', False),
        (b"", False),
    ],
)
def test_an_error_in_the_guise_of_a_success(body: bytes, expected: object) -> None:
    assert is_error_document(body) is expected
