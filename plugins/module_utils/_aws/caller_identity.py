# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose credentials these are, as STS says it."""

from __future__ import annotations

from dataclasses import dataclass

from .answer import AnswerError, filled_text, xml_root
from .model import Request
from .protocols import query_request


@dataclass(frozen=True)
class Identity:
    """Whose credentials these are."""

    account: str
    partition: str
    arn: str


def caller_identity(region: str) -> Request:
    """STS GetCallerIdentity, which needs no right."""
    return query_request("sts:GetCallerIdentity", "", region, {})


def identity(body: bytes) -> Identity:
    """Account and partition from GetCallerIdentity.

    :raises AnswerError: when the body is something else.
    """
    result = xml_root(body, "GetCallerIdentityResponse").find("GetCallerIdentityResult")
    if result is None:
        raise AnswerError("<GetCallerIdentityResult> is missing")
    arn = filled_text(result, "Arn")
    parts = arn.split(":")
    if parts[0] != "arn" or len(parts) < 6:
        raise AnswerError(f"<Arn> is {arn[:80]!r}")
    return Identity(filled_text(result, "Account"), parts[1], arn)
