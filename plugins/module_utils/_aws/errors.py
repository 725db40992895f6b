# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies in which AWS says no, read without trusting them.

Four shapes: S3's ``<Error>``, the query protocol's ``<ErrorResponse><Error>``, EC2's ``<Response><Errors><Error>``, and JSON
with ``__type``. They are searched, not parsed: no entity is ever expanded, and a body that is cut off still gives what it holds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Mapping, Pattern, Tuple

_LOOKED_AT = 64 * 1024  # bytes: an error is short
_MESSAGE = 500  # characters of a message that are kept

_XML_CODE = re.compile(r"<Code>\s*([^<]{1,200}?)\s*</Code>")
_XML_MESSAGE = re.compile(r"<(?:M|m)essage>([^<]*)")
_XML_REGION = re.compile(r"<Region>\s*([^<]{1,40}?)\s*</Region>")
_XML_ENDPOINT = re.compile(
    r"<Endpoint>[^<]{0,255}?\bs3[.-](?:dualstack\.)?([a-z]{2,}(?:-[a-z0-9]+)+)\.[^<]*</Endpoint>"
)
_JSON_CODE = re.compile(r'"(?:__type|code|Code)"\s*:\s*"([^"\\]{1,200})"')
_TITLE = re.compile(r"<title>([^<]*)", re.IGNORECASE)
# EC2 has codes of before 2013 with the side that is to blame: Client.RequestLimitExceeded
_SIDES = ("Client.", "Server.")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z0-9]+)+\Z")

# What a status means when the body does not say more: a HEAD, a proxy, a load balancer.
_BY_STATUS = {
    301: "PermanentRedirect",
    307: "TemporaryRedirect",
    400: "BadRequest",
    403: "AccessDenied",
    404: "NotFound",
    405: "MethodNotAllowed",
    407: "ProxyAuthenticationRequired",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "EntityTooLarge",
    429: "TooManyRequestsException",
    500: "InternalError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}


@dataclass(frozen=True)
class ErrorBody:
    """What an error says: its code, its message, and the region that the request should have gone to."""

    code: str
    message: str = ""
    region: str = ""


def parse_error(status: int, headers: Mapping[str, str], body: bytes) -> ErrorBody:
    """Read an error response of any of the protocols; total: bytes of any kind give an answer."""
    text = body[:_LOOKED_AT].decode("utf-8", "replace")
    start = text.lstrip("\ufeff \t\r\n")[:1]
    code = message = region = ""
    if start == "<":
        code = _first(_XML_CODE, text)
        message = _first(_XML_MESSAGE, text) or ("" if code else _first(_TITLE, text))
        code, message = unescape(code), unescape(message)
        region = _first(_XML_REGION, text) or _first(_XML_ENDPOINT, text)
    elif start == "{":
        code, message = _json_error(text)
    code = headers.get("x-amzn-errortype", "") or code
    # "com.amazonaws.kms#NotFoundException" and "NotFoundException:http://internal.amazon.com/..."
    code = code.rpartition("#")[2].partition(":")[0].strip()
    if code.startswith(_SIDES):
        code = code.partition(".")[2]
    region = headers.get("x-amz-bucket-region", "") or region
    return ErrorBody(
        code=_printable(code) or _BY_STATUS.get(status, f"Http{status}"),
        message=_printable(message),
        region=region if _REGION.match(region) else "",
    )


def is_error_document(body: bytes) -> bool:
    """Whether a body is S3's ``<Error>``, which some operations send with status 200."""
    head = body[:200].lstrip()
    if head.startswith(b"<?xml"):
        head = head.partition(b"?>")[2].lstrip()
    return head.startswith((b"<Error>", b"<Error "))


def _json_error(text: str) -> Tuple[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return _first(_JSON_CODE, text), ""
    code = document.get("__type") or document.get("code") or document.get("Code") or ""
    message = document.get("message") or document.get("Message") or ""
    return code if isinstance(code, str) else "", message if isinstance(message, str) else ""


def _first(pattern: Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""


def _printable(text: str) -> str:
    """One line, without control characters, of bounded length: it ends up in reports and job logs."""
    line = " ".join(text.split())[:_MESSAGE]
    return line if line.isprintable() else "".join(character for character in line if character.isprintable())
