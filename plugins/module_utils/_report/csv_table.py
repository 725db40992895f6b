# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CSV report (RFC 4180), safe to open in a spreadsheet: no cell of it is a formula."""

from __future__ import annotations

from typing import Iterator, List, Sequence

from .csv_cells import csv_lines, safe_row
from .encode import compact
from .model import Finding, Findings, ReportInfo, Rule, Summary, exemption_of, rules_in_use

_ROWS_PER_CHUNK = 200


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text: a header line, then one line per finding."""
    yield csv_lines(
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
            yield csv_lines(rows)
            rows = []
    yield csv_lines(rows)


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
    return safe_row(cells)


def _frameworks(rule: Rule) -> str:
    return "; ".join(f"{name}: {', '.join(map(str, ids))}" for name, ids in rule.frameworks.items())
