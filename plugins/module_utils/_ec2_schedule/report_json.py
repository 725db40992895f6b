# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON report: one document with everything, each entry of its lists on a line of its own."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Mapping, Optional

from .._report.encode import compact
from .model import SCHEMA
from .outlook import Outlook, Pattern, Row
from .report_model import ScheduleReport
from .result import iso, named
from .savings import NotCounted, Savings
from .savings import Row as Saved


def render(report: ScheduleReport) -> Iterator[str]:
    """The report as chunks of text."""
    yield "{\n"
    head = {
        "schema": SCHEMA,
        "title": report.title,
        "run": report.run.as_dict(),
        "status": report.status,
        "summary": report.summary,
        "problems": list(report.problems),
    }
    for key, value in head.items():
        yield f'"{key}": {compact(value)},\n'
    yield from _list("actions", report.actions)
    yield ",\n"
    yield from _list("not_touched", report.not_touched)
    yield ",\n"
    yield from _list("next_edges", report.next_edges)
    if report.outlook is not None:
        yield ',\n"preview": '
        yield from _preview(report.outlook)
    if report.savings is not None:
        yield ',\n"savings": '
        yield from _savings(report.savings, report.currency)
    yield "\n}\n"


def _list(name: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f'"{name}": ['
    before = "\n"
    for entry in entries:
        yield before + compact(entry)
        before = ",\n"
    yield "\n]"


def _object(head: Mapping[str, Any], *lists: Iterator[str]) -> Iterator[str]:
    yield compact(head)[:-1]
    for each in lists:
        yield ",\n"
        yield from each
    yield "}"


def _preview(outlook: Outlook) -> Iterator[str]:
    known: Dict[int, Mapping[str, Any]] = {}  # thousands of resources have one pattern
    yield from _object(_span(outlook), _list("resources", (_resource(row, known) for row in outlook.rows)))


def preview_entry(outlook: Outlook, most: int) -> Dict[str, Any]:
    """The days to come as a part of a result: the first ``most`` resources, and ``truncated`` counts the others."""
    known: Dict[int, Mapping[str, Any]] = {}
    rows = [_resource(row, known) for row in outlook.rows[:most]]
    return {**_span(outlook), "resources": rows, "truncated": max(0, len(outlook.rows) - most)}


def _span(outlook: Outlook) -> Dict[str, Any]:
    return {
        "start": iso(outlook.start),
        "now": iso(outlook.now),
        "stop": iso(outlook.stop),
        "timezone": outlook.zone,
    }


def _resource(row: Row, known: Dict[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    pattern = known.get(id(row.pattern))
    if pattern is None:
        pattern = known[id(row.pattern)] = pattern_entry(row.pattern)
    resource = row.decision.resource
    return {**named(resource), "state": resource.state.value, "left_alone": row.left_alone, **pattern}


def pattern_entry(pattern: Pattern) -> Dict[str, Any]:
    """What is to come, as part of an entry."""
    entry: Dict[str, Any] = {
        "schedule": pattern.schedule,
        "reads": pattern.says,
        "timezone": pattern.zone,
        "windows": [
            {"start": iso(stripe.start), "stop": iso(stripe.stop), "override": stripe.by_override}
            for stripe in pattern.bars
        ],
        "edges": [{"at": iso(edge.at), "to": edge.to.value} for edge in pattern.edges],
        "left_out": [{"start": iso(off.start), "stop": iso(off.stop), "calendar": off.calendar} for off in pattern.off],
    }
    if pattern.override is not None:
        entry["override"] = {"wanted": pattern.override.wanted.value, "until": iso(pattern.override.until)}
    if pattern.why:
        entry["problem"] = pattern.why
    return entry


def _savings(savings: Savings, currency: str) -> Iterator[str]:
    head = savings_entry(savings, currency)
    rows = _list("resources", (_saved(row) for row in savings.rows))
    others = _list("not_counted", (_not_counted(one) for one in savings.not_counted))
    yield from _object(head, rows, others)


def savings_entry(savings: Savings, currency: str) -> Dict[str, Any]:
    """The sums: hours are of machines; money only where prices are known."""
    entry: Dict[str, Any] = {
        "start": iso(savings.start),
        "stop": iso(savings.stop),
        "hours": _rounded(savings.hours),
        "hours_always_on": _rounded(savings.hours_always_on),
        "hours_saved": _rounded(savings.hours_saved),
        "percent": _rounded(savings.percent),
    }
    if savings.priced:
        entry.update(
            currency=currency,
            cost=_rounded(savings.cost),
            cost_always_on=_rounded(savings.cost_always_on),
            saved=_rounded(savings.saved),
            unpriced=len(savings.unpriced),
        )
    return entry


def _saved(row: Saved) -> Dict[str, Any]:
    return {
        **named(row.resource),
        "schedule": row.schedule,
        "machines": row.members,
        "hours": _rounded(row.hours),
        "hours_always_on": _rounded(row.hours_always_on),
        "cost": _rounded(row.cost),
        "saved": _rounded(row.saved),
    }


def _not_counted(one: NotCounted) -> Dict[str, Any]:
    return {**named(one.resource), "schedule": one.schedule, "reason": one.reason}


def _rounded(value: Optional[float]) -> Optional[float]:
    return None if value is None else round(value, 2)
