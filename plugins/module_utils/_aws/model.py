# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a call to AWS is: who calls, what is asked, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Mapping, Optional, Tuple

from .._common.errors import GatewayError

Pairs = Tuple[Tuple[str, str], ...]


@dataclass(frozen=True)
class Credentials:
    """What a request is signed with."""

    access_key: str
    secret_key: str
    token: str = ""
    expires: Optional[datetime] = None  # aware

    def __repr__(self) -> str:
        return f"Credentials({self.access_key[:4]}…)"  # secrets stay out of tracebacks and logs


@dataclass(frozen=True)
class Endpoint:
    """Where a service of a region answers, and the region that its signatures name."""

    scheme: str  # http | https
    host: str
    port: int
    signing_region: str


@dataclass(frozen=True)
class Request:
    """One call, unsigned.

    ``path`` and ``query`` are not yet percent-encoded, unless ``path_is_encoded``. ``action`` and ``target`` name it in
    errors and in the count of calls: ``s3:GetBucketPolicy`` of ``bucket-a``.
    """

    action: str
    target: str
    service: str  # one of endpoints.SERVICES
    region: str
    method: str = "GET"
    path: str = "/"
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    path_is_encoded: bool = False  # a slash in one of its segments is %2F then


@dataclass(frozen=True)
class Response:
    """A successful answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AwsError(GatewayError):
    """AWS said no: ``s3:GetBucketPolicy bucket-a: AccessDenied (403)``."""

    def __init__(self, action: str, target: str, code: str, status: int, message: str = "") -> None:
        super().__init__(action, target, f"{code} ({status})" + (f": {message}" if message else ""))
        self.code = code
        self.status = status
