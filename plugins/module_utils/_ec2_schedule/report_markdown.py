# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Markdown report: one screen for people, in a merge request, a ticket or a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Dict, Iterator, List, Sequence, Tuple

from .._report.markdown_text import MARKS, code, escape
from .report_model import Entry, ScheduleReport
from .wording import TURNS, hours, moment, money, place, plural

MOST = 30
MOST_NEXT = 10


def render(report: ScheduleReport) -> Iterator[str]:
    """The report as chunks of text."""
    yield f"## {MARKS[report.status]} {escape(report.title)}: {report.status}\n\n"
    yield f"**{escape(report.summary['sentence'])}**\n\n"
    yield _line(report)
    yield from _savings(report)
    yield from _actions(report)
    yield from _next(report)
    if report.problems:
        yield from _bullets("Problems", [escape(problem) for problem in report.problems], folded=False)
    left = [
        f"{code(entry['name'])} ({_where(entry)}): {escape(entry['reason'])}"
        for entry in report.not_touched[: MOST + 1]
    ]
    yield from _bullets("Left alone", left, len(report.not_touched))


def _line(report: ScheduleReport) -> str:
    run = report.run
    parts = [
        f"Account {code(run.accounts[0])}" if len(run.accounts) == 1 else f"{len(run.accounts)} accounts",
        f"region {code(run.regions[0])}" if len(run.regions) == 1 else f"{len(run.regions)} regions",
        _time(report, run.now, ""),
        f"run {code(run.run_id)}",
    ]
    mode = " (what if: nothing was done)" if run.what_if else " (check mode)" if run.check_mode else ""
    return ", ".join(parts) + mode + "\n\n"


def _time(report: ScheduleReport, at: datetime, schedule: str) -> str:
    zone = report.outlook.zone_of(schedule) if report.outlook is not None else "UTC"
    return f"{moment(at, zone)} {escape(place(zone))}"


def _savings(report: ScheduleReport) -> Iterator[str]:
    savings = report.savings
    if savings is None or savings.percent is None:
        return
    days = round((savings.stop - savings.start).total_seconds() / 86400)
    less = f", {escape(money(savings.saved, report.currency))} less" if savings.saved is not None else ""
    yield (
        f"The coming {plural(days, 'day')}: {hours(savings.hours)} of {hours(savings.hours_always_on)} that the machines"
        f" would run without schedules: **{savings.percent:.0f} % saved**{less}.\n\n"
    )


def _actions(report: ScheduleReport) -> Iterator[str]:
    if not report.actions:
        return
    # What failed is what people look for.
    entries = sorted(report.actions, key=lambda entry: entry.get("outcome") != "failed")
    yield "| Action | Resource | Why | Outcome |\n|:--|:--|:--|:--|\n"
    for entry in entries[:MOST]:
        outcome = str(entry.get("outcome", "due"))
        said = f"**failed**: {escape(entry['error'])}" if entry.get("error") else escape(outcome)
        if entry.get("note"):
            said += f" ({escape(entry['note'])})"
        yield f"| {entry['action']} | {code(entry['name'])}, {_where(entry)} | {escape(entry['reason'])} | {said} |\n"
    if len(entries) > MOST:
        yield f"\nand {len(entries) - MOST:,} more.\n"
    yield "\n"


def _where(entry: Entry) -> str:
    return f"{escape(entry['kind'])} in {escape(entry['region'])}"


def _next(report: ScheduleReport) -> Iterator[str]:
    found: Dict[Tuple[str, str, str], List[Entry]] = {}
    for entry in report.next_edges:
        found.setdefault((entry["at"], entry["schedule"], entry["to"]), []).append(entry)
    lines = []
    for (at, schedule, to), entries in list(found.items())[: MOST_NEXT + 1]:
        names = code(entries[0]["name"]) if len(entries) == 1 else plural(len(entries), "resource")
        when = _time(report, datetime.fromisoformat(at.replace("Z", "+00:00")), schedule)
        turn = TURNS[to] if len(entries) > 1 or to == "any" else f"{TURNS[to]}s"
        lines.append(f"{when}: {names} {turn} ({code(schedule)})")
    yield from _bullets("What comes next", lines, len(found), MOST_NEXT)


def _bullets(title: str, lines: Sequence[str], total: int = -1, most: int = MOST, folded: bool = True) -> Iterator[str]:
    if not lines:
        return
    total = len(lines) if total < 0 else total
    yield f"<details><summary>{title} ({total:,})</summary>\n\n" if folded else f"### {title}\n\n"
    for line in lines[:most]:
        yield f"- {line}\n"
    if total > most:
        yield f"- and {total - most:,} more\n"
    yield "\n</details>\n\n" if folded else "\n"
