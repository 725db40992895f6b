# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signature Version 4, the server's side: what a request claims, and whether it is true.

Written from "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference and independent of the
product's signer, so that neither hides a mistake of the other.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone
from functools import lru_cache
from typing import List, NamedTuple, Optional, Tuple
from urllib.parse import unquote

from .errors import S3Error
from .wire import HttpRequest

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW_LIMIT = 15 * 60  # seconds
_EMPTY = hashlib.sha256(b"").hexdigest()
_UNSIGNED = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Claim(NamedTuple):
    """The Authorization header, taken apart."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: Tuple[str, ...]
    signature: str


def claim_of(authorization: str) -> Optional[Claim]:
    """The claim of a header, or ``None`` when it is not of Signature Version 4."""
    algorithm, _unused, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        return None
    fields = {}
    for part in rest.split(","):
        name, _unused, value = part.strip().partition("=")
        fields[name] = value
    scope = fields.get("Credential", "").split("/")
    if len(scope) != 5 or scope[4] != "aws4_request" or not fields.get("Signature"):
        return None
    headers = tuple(fields.get("SignedHeaders", "").split(";"))
    return Claim(scope[0], scope[1], scope[2], scope[3], headers, fields["Signature"])


def encode(raw: bytes, keep: bytes = b"") -> str:
    """Percent-encoding as Signature Version 4 wants it."""
    return "".join(chr(byte) if byte in _SAFE or byte in keep else f"%{byte:02X}" for byte in raw)


def _decoded(text: str) -> bytes:
    return unquote(text, encoding="latin-1").encode("latin-1")


@lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def canonical_request(request: HttpRequest, signed_headers: Tuple[str, ...], payload_hash: str) -> str:
    """The canonical request of an S3 request: the path is encoded once and not normalised."""
    path, _unused, query = request.target.partition("?")
    pairs: List[Tuple[str, str]] = []
    for part in query.split("&") if query else ():
        name, _unused, value = part.partition("=")
        pairs.append((encode(_decoded(name)), encode(_decoded(value))))
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed_headers)
    return "\n".join(
        (
            request.method,
            encode(_decoded(path), b"/") or "/",
            "&".join(f"{name}={value}" for name, value in sorted(pairs)),
            headers,
            ";".join(signed_headers),
            payload_hash,
        )
    )


def _time_of(request: HttpRequest) -> Optional[datetime]:
    try:
        return datetime.strptime(request.headers.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def verify(request: HttpRequest, claim: Claim, secret: str, now: float) -> None:
    """Nothing when the request is signed with ``secret`` at about ``now`` (seconds since the epoch).

    :raises S3Error: RequestTimeTooSkewed, SignatureDoesNotMatch, AuthorizationHeaderMalformed or AccessDenied.
    """
    moment = _time_of(request)
    if moment is None:
        raise S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")
    if abs(moment.timestamp() - now) > SKEW_LIMIT:
        server = datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        raise S3Error(
            "RequestTimeTooSkewed",
            elements={
                "RequestTime": request.headers["x-amz-date"],
                "ServerTime": server,
                "MaxAllowedSkewMilliseconds": str(SKEW_LIMIT * 1000),
            },
        )
    stamp = request.headers["x-amz-date"]
    if claim.date != stamp[:8]:
        raise S3Error("AuthorizationHeaderMalformed", "The credential date and the request date differ.")
    needed = {"host"} | {name for name in request.headers if name.startswith("x-amz-")}
    if needed - set(claim.signed_headers):
        raise S3Error("AccessDenied", "There were headers present in the request which were not signed")
    if list(claim.signed_headers) != sorted(claim.signed_headers):
        raise S3Error("AuthorizationHeaderMalformed", "SignedHeaders are not in order.")
    payload = request.headers.get("x-amz-content-sha256") or hashlib.sha256(request.body).hexdigest()
    canonical = canonical_request(request, claim.signed_headers, payload)
    scope = f"{claim.date}/{claim.region}/{claim.service}/aws4_request"
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _signing_key(secret, claim.date, claim.region, claim.service)
    expected = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, claim.signature):
        raise S3Error(
            "SignatureDoesNotMatch",
            elements={"AWSAccessKeyId": claim.access_key, "StringToSign": to_sign, "CanonicalRequest": canonical},
        )


def check_payload(request: HttpRequest) -> None:
    """Nothing when the body is what ``x-amz-content-sha256`` says.

    :raises S3Error: when the header is missing, malformed or wrong.
    """
    given = request.headers.get("x-amz-content-sha256")
    if given is None:
        raise S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    if given in _UNSIGNED:
        return
    if given != (hashlib.sha256(request.body).hexdigest() if request.body else _EMPTY):
        if len(given) != 64:
            raise S3Error(
                "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER or a valid sha256 "
                "value.",
            )
        raise S3Error("XAmzContentSHA256Mismatch", elements={"ClientComputedContentSHA256": given})
