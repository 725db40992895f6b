# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CSV report (RFC 4180), safe to open in a spreadsheet: no cell of it is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Iterator, List, Sequence

from .encode import compact
from .model import Finding, Findings, ReportInfo, Rule, Summary, exemption_of, rules_in_use

_ROWS_PER_CHUNK = 200

# A spreadsheet takes a cell for a formula when it begins with one of these; U+2212 is the minus sign.
_FORMULA = "=+-@\u2212"


def safe_cell(text: str) -> str:
    """The text, with a leading apostrophe where a spreadsheet would otherwise run it.

    Spaces and invisible characters before the sign do not hide it, nor does its full-width or small form: some
    spreadsheets overlook them too.
    """
    if not text:
        return text
    if text[0] in "\t\r\n":
        return "'" + text
    for character in text:
        if unicodedata.category(character)[0] not in "ZC":
            return "'" + text if unicodedata.normalize("NFKC", character)[0] in _FORMULA else text
    return text


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text: a header line, then one line per finding."""
    yield _lines(
        [
            (
                "id",
                "check",
                info.resource_key,
                "region",
                "account",
                "status",
                "severity",
                "message",
                "remediation",
                "frameworks",
                "exempt_reason",
                "exempt_owner",
                "exempt_until",
                "comparison",
                "evidence",
            )
        ]
    )
    frameworks = {rule.id: _frameworks(rule) for rule in rules_in_use(info, summary)}
    rows: List[Sequence[str]] = []
    for finding in findings:
        rows.append(_row(info, finding, frameworks[finding["check"]]))
        if len(rows) == _ROWS_PER_CHUNK:
            yield _lines(rows)
            rows = []
    yield _lines(rows)


def _row(info: ReportInfo, finding: Finding, frameworks: str) -> Sequence[str]:
    exemption = exemption_of(finding)
    cells: Sequence[str] = (
        finding["id"],
        finding["check"],
        finding[info.resource_key],
        finding["region"],
        finding["account"],
        finding["status"],
        finding["severity"],
        finding["message"],
        finding["remediation"],
        frameworks,
        exemption.get("reason") or "",
        exemption.get("owner") or "",
        exemption.get("expires") or "",
        finding.get("comparison", ""),
        compact(finding["evidence"]),
    )
    # Nearly every cell begins with a letter or a digit; asking here spares a call for each. Many readers of CSV take a
    # NUL for the end, and so does the csv module of Python 3.10.
    return [(cell if cell[:1].isalnum() else safe_cell(cell)).replace("\0", "\ufffd") for cell in cells]


def _frameworks(rule: Rule) -> str:
    return "; ".join(f"{name}: {', '.join(map(str, ids))}" for name, ids in rule.frameworks.items())


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
