# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CSV report, safe to open in a spreadsheet: what was found, what could not be read, and what went wrong."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping

from .._report.csv_cells import csv_lines, safe_row
from .._report.encode import compact
from .report_model import Entry, LogReport, gap_words, headline

COLUMNS = (
    "kind",  # match, log, problem
    "host",
    "severity",
    "pattern",
    "count",
    "met",
    "at",
    "path",
    "line",
    "offset",
    "message",
    "text",
    "fields",
)
_ROWS_PER_CHUNK = 200


def render(report: LogReport) -> Iterator[str]:
    """The report as chunks of text: a header line; then one for each sample, each log with something amiss, each
    problem."""
    yield csv_lines([COLUMNS])
    rows: List[List[str]] = []
    for cells in _cells(report):
        cells.setdefault("host", report.host)
        rows.append(safe_row([_cell(cells.get(column)) for column in COLUMNS]))
        if len(rows) == _ROWS_PER_CHUNK:
            yield csv_lines(rows)
            rows = []
    yield csv_lines(rows)


def _cells(report: LogReport) -> Iterator[Dict[str, Any]]:
    for entry in report.matches:
        common = {"kind": "match", **{key: entry[key] for key in ("severity", "pattern", "count", "met")}}
        for sample in entry["samples"]:
            yield {**common, **_sample(sample)}
        if not entry["samples"]:
            yield {**common, **(entry["last"] or {}), "message": headline(entry)}
    for entry in report.files:
        message = amiss(entry)
        if message:
            yield {"kind": "log", **_host(entry), "path": entry["path"], "message": message}
    for problem in report.problems:
        yield {"kind": "problem", "message": problem}


def _sample(sample: Entry) -> Dict[str, Any]:
    cells = {key: sample.get(key) for key in ("at", "path", "line", "offset", "message", "text")}
    return {**cells, **_host(sample), "fields": compact(dict(sample["fields"])) if sample["fields"] else ""}


def _host(entry: Entry) -> Mapping[str, Any]:
    return {"host": entry["host"]} if entry.get("host") else {}


def amiss(entry: Entry) -> str:
    """What of a log was not read, and why; empty when all was."""
    parts = []
    if entry.get("unreadable"):
        parts.append(f"unreadable: {entry['unreadable']}")
    if entry.get("gap"):
        parts.append(f"{entry['gap']:,} bytes lost ({gap_words(entry)})")
    if entry.get("pending"):
        cause = str(entry.get("pending_cause") or "").replace("_", " ")
        parts.append(f"{entry['pending']:,} bytes left for the next run ({cause or 'cause unknown'})")
    return "; ".join(parts)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
