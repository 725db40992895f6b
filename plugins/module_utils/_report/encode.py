# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as JSON text, at the least cost: what is JSON already is not parsed to be encoded again."""

from __future__ import annotations

import json
from typing import Iterator, Protocol, runtime_checkable

from .model import Finding, Findings

# One encoder for all: json.dumps with arguments of its own would build a new one for each finding. What cannot be
# JSON (NaN) is a defect of the caller and raises ValueError.
compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@runtime_checkable
class Spooled(Protocol):
    """Findings that are kept as JSON text, one a line, and can be found by their check."""

    def json_lines(self) -> Iterator[str]:
        """Each finding as the text that ``compact`` made of it, without a line end."""

    def of_check(self, check: str) -> Iterator[Finding]:
        """The findings of one check."""


def json_lines(findings: Findings) -> Iterator[str]:
    """Each finding as one line of JSON, without a line end."""
    if isinstance(findings, Spooled):
        return findings.json_lines()
    return map(compact, findings)


def of_check(findings: Findings, check: str) -> Iterator[Finding]:
    """The findings of one check."""
    if isinstance(findings, Spooled):
        return findings.of_check(check)
    return (finding for finding in findings if finding["check"] == check)
