# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CSV report, safe to open in a spreadsheet: one line for each resource that carries a schedule."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional

from .._report.csv_cells import csv_lines, safe_row
from .model import Decision
from .report_model import Entry, Key, ScheduleReport, key_of
from .result import iso
from .savings import Row

COLUMNS = (
    "account",
    "region",
    "kind",
    "resource",
    "name",
    "type",
    "state",
    "schedule",
    "timezone",
    "action",
    "outcome",
    "error",
    "reason",
    "at",
    "not_touched",
    "problem",
    "next_at",
    "next_to",
    "machines",
    "hours",
    "hours_always_on",
    "cost",
    "saved",
    "currency",
)
_ROWS_PER_CHUNK = 200


def render(report: ScheduleReport) -> Iterator[str]:
    """The report as chunks of text: a header line, then one line per resource."""
    yield csv_lines([COLUMNS])
    became = {key_of(entry): entry for entry in report.actions}
    saved: Dict[Key, Row] = {}
    if report.savings is not None:
        saved = {row.resource.key: row for row in report.savings.rows}
    rows: List[List[str]] = []
    for decision in report.decisions:
        key = decision.resource.key
        rows.append(safe_row(_row(report, decision, became.get(key, {}), saved.get(key))))
        if len(rows) == _ROWS_PER_CHUNK:
            yield csv_lines(rows)
            rows = []
    yield csv_lines(rows)


def _row(report: ScheduleReport, decision: Decision, became: Entry, saved: Optional[Row]) -> List[str]:
    resource, then = decision.resource, decision.next
    cells: Mapping[str, Any] = {
        "account": resource.account,
        "region": resource.region,
        "kind": resource.kind.value,
        "resource": resource.id,
        "name": resource.name,
        "type": resource.type,
        "state": resource.state.value,
        "schedule": decision.schedule,
        "timezone": report.outlook.zone_of(decision.schedule) if report.outlook is not None else "",
        "action": decision.action.value if decision.action is not None else "",
        "outcome": became.get("outcome", ""),
        "error": became.get("error", ""),
        "reason": decision.reason,
        "at": iso(decision.at),
        "not_touched": decision.not_touched,
        "problem": decision.problem,
        "next_at": iso(then.at) if then is not None else "",
        "next_to": then.to.value if then is not None else "",
    }
    if saved is not None:
        cells = {
            **cells,
            "machines": saved.members,
            "hours": _money(saved.hours),
            "hours_always_on": _money(saved.hours_always_on),
            "cost": _money(saved.cost),
            "saved": _money(saved.saved),
            "currency": report.currency if saved.cost is not None else "",
        }
    return [_cell(cells.get(column)) for column in COLUMNS]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _money(value: Optional[float]) -> Optional[str]:
    return None if value is None else f"{value:.2f}"
