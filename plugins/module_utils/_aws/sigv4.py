# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Signature Version 4, lean: what the requests of a second have in common is prepared once.

The rules are those of "Signing AWS API requests" in the AWS IAM User Guide; the tests compare with botocore's signer.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Dict, List, Tuple
from urllib.parse import quote

from .model import Credentials, Pairs

EMPTY_SHA256 = sha256(b"").hexdigest()
_BLOCK = 64  # bytes that SHA-256 takes at a time

# S3 signs the path as it is sent and wants the hash of the body as a header; s3control signs as "s3" does.
_SIGNED_AS_S3 = frozenset(("s3", "s3control"))


def amz_date(when: datetime) -> str:
    """The time of a signature, to the second: ``20261201T120000Z`` for an aware UTC time."""
    return when.strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=1024)
def encoded_path(path: str) -> str:
    """The path as it is sent: percent-encoded, slashes kept."""
    return quote(path if path[:1] == "/" else "/" + path)


@lru_cache(maxsize=256)
def canonical_query(query: Pairs) -> str:
    """The query as it is signed and sent: percent-encoded, then sorted by name and value."""
    return "&".join(
        f"{n}={v}" for n, v in sorted((quote(name, safe=""), quote(value, safe="")) for name, value in query)
    )


class Signer:
    """Signs requests of one set of credentials to one host of one service."""

    __slots__ = (
        "_common",
        "_day",
        "_host",
        "_inner",
        "_lines",
        "_outer",
        "_region",
        "_s3",
        "_scope",
        "_service",
        "_stamp",
        "_to_sign",
        "credentials",
    )

    def __init__(self, credentials: Credentials, service: str, region: str, host: str) -> None:
        self.credentials = credentials
        self._host = host
        self._region = region
        self._s3 = service in _SIGNED_AS_S3
        self._service = "s3" if self._s3 else service
        self._day = ""
        self._scope = ""
        self._inner = self._outer = sha256()  # the two halves of HMAC with the day's key
        self._stamp = ""
        self._common = self._lines = ""  # of requests without headers and body of their own
        self._to_sign = sha256()  # the inner half, and the text to sign up to the hash of the request

    def sign(
        self,
        method: str,
        path: str,
        query: Pairs,
        headers: Pairs,
        body: bytes,
        stamp: str,
        path_is_encoded: bool = False,
    ) -> Tuple[str, str]:
        """What to send: the request target, and the header lines with their line ends.

        ``path`` (unless ``path_is_encoded``) and ``query`` are not yet percent-encoded; ``stamp`` is an :func:`amz_date`. All ``headers`` are signed.

        :raises ValueError: for a header with a line break in it.
        """
        if stamp != self._stamp:
            self._prepare(stamp)
        uri = path if path_is_encoded else encoded_path(path)
        signed_uri = uri if self._s3 or uri == "/" else quote(_without_dot_segments(uri))
        encoded = canonical_query(query) if query else ""
        if headers or body:
            payload = sha256(body).hexdigest()
            names, block = self._headers(headers, payload)
            common, lines = f"{block}\n{names}\n{payload}", self._sent(names, block)
        else:
            common, lines = self._common, self._lines
        canonical = f"{method}\n{signed_uri}\n{encoded}\n{common}"
        inner = self._to_sign.copy()
        inner.update(sha256(canonical.encode()).hexdigest().encode())
        # HMAC by hand: hmac.digest looks its algorithm up on every call, which takes longer than all else here.
        outer = self._outer.copy()
        outer.update(inner.digest())
        return f"{uri}?{encoded}" if encoded else uri, f"{lines}{outer.hexdigest()}\r\n"

    def _prepare(self, stamp: str) -> None:
        self._stamp = stamp
        if stamp[:8] != self._day:
            self._derive(stamp[:8])
        names, block = self._headers((), EMPTY_SHA256)
        self._common = f"{block}\n{names}\n{EMPTY_SHA256}"
        self._lines = self._sent(names, block)
        self._to_sign = self._inner.copy()
        self._to_sign.update(f"AWS4-HMAC-SHA256\n{stamp}\n{self._scope}\n".encode())

    def _headers(self, headers: Pairs, payload: str) -> Tuple[str, str]:
        """The names of what is signed, and the canonical headers."""
        values: Dict[str, List[str]] = {"host": [self._host], "x-amz-date": [self._stamp]}
        if self._s3:
            values["x-amz-content-sha256"] = [payload]
        if self.credentials.token:
            values["x-amz-security-token"] = [self.credentials.token]
        for name, value in headers:
            if any(character in name + value for character in "\r\n\0") or ":" in name:
                raise ValueError(f"a header must be one line: {name!r}")
            values.setdefault(name.lower().strip(), []).append(" ".join(value.split()))
        names = sorted(values)
        return ";".join(names), "".join(f"{name}:{','.join(values[name])}\n" for name in names)

    def _sent(self, names: str, block: str) -> str:
        """The lines that are sent, but for the signature; as they were signed (HTTP needs no space), so that they cannot differ."""
        lines = block.replace("\n", "\r\n")
        credential = f"{self.credentials.access_key}/{self._scope}"
        return f"{lines}authorization:AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature="

    def _derive(self, day: str) -> None:
        key = f"AWS4{self.credentials.secret_key}".encode()
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._day = day
        self._scope = f"{day}/{self._region}/{self._service}/aws4_request"
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))


def _without_dot_segments(path: str) -> str:
    """The path as RFC 3986 5.2.4 normalises it, and without empty segments, as all services but S3 sign it."""
    kept: List[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment and segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")
