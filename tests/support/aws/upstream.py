# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services that are not S3: passed on to a moto server, or refused in their own protocol."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime
from email.utils import formatdate
from typing import Dict, List, Optional, Set, Tuple
from urllib.parse import urlsplit

from .errors import S3Error
from .store import Key, Store
from .wire import HttpRequest, split_head, status_line

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}
# What the codes of S3 are called in JSON services, and in query services (STS), with their status.
_JSON_CODES: Dict[str, Tuple[str, int]] = {
    "AccessDenied": ("AccessDeniedException", 400),
    "ExpiredToken": ("ExpiredTokenException", 400),
    "InternalError": ("InternalFailure", 500),
    "InvalidAccessKeyId": ("UnrecognizedClientException", 400),
    "InvalidToken": ("UnrecognizedClientException", 400),
    "RequestTimeTooSkewed": ("InvalidSignatureException", 400),
    "SignatureDoesNotMatch": ("InvalidSignatureException", 400),
    "SlowDown": ("ThrottlingException", 400),
}
_QUERY_CODES: Dict[str, Tuple[str, int]] = {
    "ExpiredToken": ("ExpiredToken", 403),
    "InvalidAccessKeyId": ("InvalidClientTokenId", 403),
    "InvalidToken": ("InvalidClientTokenId", 403),
    "RequestTimeTooSkewed": ("SignatureDoesNotMatch", 403),
    "SlowDown": ("Throttling", 400),
}
_STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def encode(status: int, body: bytes, content_type: str, request_id: str, now: Optional[float] = None) -> bytes:
    """A whole answer in the manner of a service that is not S3; ``now`` is its clock, which it tells."""
    head = (
        f"{status_line(status)}\r\nx-amzn-RequestId: {request_id}\r\nDate: {formatdate(now, usegmt=True)}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def refusal(request: HttpRequest, error: S3Error, request_id: str, now: float) -> bytes:
    """An error in the protocol that the request speaks: JSON with X-Amz-Target, else query."""
    if "x-amz-target" in request.headers:
        code, status = _JSON_CODES.get(error.code, (error.code, error.status))
        body = json.dumps({"__type": code, "message": error.message}).encode()
        return encode(status, body, "application/x-amz-json-1.1", request_id, now)
    code, status = _QUERY_CODES.get(error.code, (error.code, error.status))
    text = (
        f'<ErrorResponse xmlns="{_STS}"><Error><Type>Sender</Type><Code>{code}</Code>'
        f"<Message>{error.message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return encode(status, text.encode(), "text/xml", request_id, now)


def caller_identity(request: HttpRequest, request_id: str) -> bytes:
    """STS GetCallerIdentity, for when there is no moto."""
    text = (
        f'<GetCallerIdentityResponse xmlns="{_STS}"><GetCallerIdentityResult>'
        f"<Arn>arn:aws:iam::{request.account}:user/auditor</Arn><UserId>AIDATESTUSER</UserId>"
        f"<Account>{request.account}</Account></GetCallerIdentityResult>"
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )
    return encode(200, text.encode(), "text/xml", request_id)


async def forward(upstream: str, request: HttpRequest) -> bytes:
    """The answer of ``upstream`` (its URL), with the body's length known and the connection left to us."""
    where = urlsplit(upstream)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        lines: List[str] = [f"{request.method} {request.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in request.headers.items() if name not in _HOP_BY_HOP]
        lines += ["connection: close", f"content-length: {len(request.body)}", "", ""]
        writer.write("\r\n".join(lines).encode("latin-1") + request.body)
        raw = await reader.read(-1)
    finally:
        writer.close()
    head, _unused, body = raw.partition(b"\r\n\r\n")
    first, _unused, rest = head.partition(b"\r\n")
    # split_head wants a request: give it the answer's headers under a request line.
    headers = split_head(b"GET / HTTP/1.1\r\nhost: x\r\n" + rest)[2]
    status = int(first.split(b" ")[1])
    kept = [f"{name}: {value}" for name, value in headers.items() if name not in {*_HOP_BY_HOP, "host"}]
    answer = "\r\n".join([status_line(status), *kept, f"content-length: {len(body)}", "", ""])
    return answer.encode("latin-1") + body


def amend(request: HttpRequest, answer: bytes, managed: Set[str], request_id: str) -> bytes:
    """The answer of KMS with what moto gets wrong put right.

    moto makes a key for ``alias/aws/s3`` as AWS does, but calls it customer-managed and not rotated.

    :param managed: ids of the keys known to be AWS-managed; grows.
    """
    if request.service != "kms" or not answer.startswith(b"HTTP/1.1 200"):
        return answer
    result = json.loads(answer.partition(b"\r\n\r\n")[2])
    asked = str(json.loads(request.body or b"{}").get("KeyId", "")).rpartition(":")[2]
    if request.action == "DescribeKey":
        metadata = result["KeyMetadata"]
        if asked.startswith("alias/aws/"):
            managed.add(metadata["KeyId"])
        if metadata["KeyId"] not in managed:
            return answer
        metadata["KeyManager"] = "AWS"
    elif request.action == "GetKeyRotationStatus" and asked.rpartition("/")[2] in managed:
        result["KeyRotationEnabled"] = True
    else:
        return answer
    return encode(200, json.dumps(result).encode(), "application/x-amz-json-1.1", request_id)


def remember_session(store: Store, answer: bytes, requests: Optional[int]) -> None:
    """Take the session that AssumeRole made into the store, so that it may sign S3 requests."""
    text = answer.decode("utf-8", "replace")

    def value(name: str) -> str:
        found = re.search(rf"<{name}>([^<]*)</{name}>", text)
        return found[1] if found else ""

    access_key, arn = value("AccessKeyId"), value("Arn")
    if not access_key or not arn:
        return
    expires: Optional[float] = None
    try:
        expires = datetime.fromisoformat(value("Expiration").replace("Z", "+00:00")).timestamp()
    except ValueError:
        pass  # a session without an end is good enough for a test
    store.keys[access_key] = Key(arn.split(":")[4], value("SecretAccessKey"), value("SessionToken"), requests, expires)
