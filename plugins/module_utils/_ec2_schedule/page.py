# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report: one page that needs nothing but itself, for a screen, a phone and paper. It reads without a script.

Every text from outside is escaped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Dict, Iterator, List, Sequence, Tuple

from .._report.html_kit import listed, text
from .._report.html_page import Page, end, foot, head, top
from .model import SCHEMA, Wanted
from .outlook import Outlook, Row
from .page_parts import SHAPES, moment_tag, names, pill
from .page_script import SCRIPT
from .page_style import STYLE
from .page_tables import actions, left_alone, saved
from .page_timeline import timeline
from .report_model import TOOL, ScheduleReport
from .wording import distance, hours, money, place, plural

MOST_NEXT = 9
MOST_PROBLEMS = 100
_WORDS = {
    "ok": "On schedule",
    "warning": "Needs a look",
    "critical": "Critical",
    "unknown": "Not all is known",
}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16'"
    " rx='4' fill='%234a5fd9'/%3E%3Cpath fill='none' stroke='white' stroke-width='1.8' stroke-linecap='round'"
    " d='M3.5 5.5h6M6.5 10.5h6'/%3E%3C/svg%3E"
)
PAGE = Page(STYLE, SCRIPT, _ICON, ("timeline", "Skip to the timeline"), SHAPES)


def render(report: ScheduleReport) -> Iterator[str]:
    """The page as chunks of text."""
    yield head(PAGE, report.title)
    yield from _top(report)
    yield '<main class="wrap" id="main">\n'
    yield from _cards(report)
    yield from _problems(report)
    yield from _tools(report)
    if report.outlook is not None:
        yield from timeline(report.outlook)
    else:
        yield '<div id="timeline"></div>\n'
    yield from actions(report)
    if report.outlook is not None:
        yield from _next(report.outlook)
    yield from left_alone(report)
    yield from saved(report)
    yield '<p class="empty" id="nothing" hidden>Nothing on this page matches.</p></main>\n'
    yield '<div id="tip" role="tooltip" hidden></div><p class="hidden" id="said" role="status"></p>\n'
    yield foot({"schema": SCHEMA, **report.run.as_dict()})
    yield from end(PAGE)


def _top(report: ScheduleReport) -> Iterator[str]:
    run = report.run
    zone = report.outlook.zone if report.outlook is not None else "UTC"
    entries = [
        ("Account" if len(run.accounts) == 1 else "Accounts", listed(run.accounts)),
        ("Region" if len(run.regions) == 1 else "Regions", listed(run.regions)),
        ("As of", moment_tag(run.now, zone, year=True)),
        ("Run", f"<bdi>{text(run.run_id)}</bdi>"),
    ]
    if run.what_if:
        entries.append(("Mode", "what if: nothing was done"))
    elif run.check_mode:
        entries.append(("Mode", "check mode: nothing was done"))
    word = _WORDS[report.status] if report.decisions or report.status != "ok" else "Nothing to do"
    yield from top(TOOL, report.title, report.status, word, report.summary["sentence"], entries)


# --- the cards --------------------------------------------------------------------------------------------------------


def _cards(report: ScheduleReport) -> Iterator[str]:
    yield '<div class="cards">\n'
    yield _states(report)
    yield _run(report)
    if report.savings is not None and report.savings.percent is not None:
        yield _saved(report)
    yield "</div>\n"


def _states(report: ScheduleReport) -> str:
    counts = [(state, report.summary[state]) for state in ("running", "stopped", "changing")]
    total = sum(count for _other, count in counts) or 1
    parts, at = [], 0.0
    for state, count in counts:
        if count:
            width = 100 * count / total
            parts.append(f'<rect class="f-{state}" x="{at:.2f}%" width="{max(width - 0.6, 0.4):.2f}%" height="10"/>')
            at += width
    rows = "".join(
        f'<li><i class="dot s-{state}"></i><b>{count:,}</b><span>{state}</span></li>'
        for state, count in counts
        if count or state != "changing"
    )
    words = ", ".join(f"{count} {state}" for state, count in counts)
    moved = {"start": 0, "stop": 0}
    for entry in report.actions:
        if entry.get("outcome") != "failed":
            moved["start" if entry["action"] == "start" else "stop"] += 1
    running = report.summary["running"] + moved["start"] - moved["stop"]
    when = "after this run" if report.run.acted else "if it were done now"
    note = f'<p class="note">{running:,} running {when}.</p>' if any(moved.values()) else ""
    return (
        '<section class="card" aria-labelledby="now-title"><h2 id="now-title">Found</h2>'
        f'<ul class="tall">{rows}</ul>'
        f'<svg class="share" role="img" aria-label="{words}">{"".join(parts)}</svg>{note}</section>\n'
    )


def _run(report: ScheduleReport) -> str:
    due = report.summary["due"]
    acted = report.run.acted
    failed, pending = report.summary["failed"], report.summary["pending"]
    rows = [
        (due["start"], "start", "to start"),
        (due["stop"], "stop", "to stop"),
        (due["hibernate"], "hibernate", "to hibernate"),
    ]
    lines = "".join(
        f'<li>{pill(action)}<b>{count:,}</b><span class="hidden">{words}</span></li>'
        for count, action, words in rows
        if count or action != "hibernate"
    )
    notes = []
    if acted and failed:
        notes.append(f'<a class="bad" href="#actions">{failed:,} failed</a>')
    if acted and pending:
        notes.append(f"{pending:,} still on the way")
    if report.summary["not_touched"]:
        notes.append(f'<a href="#left">{report.summary["not_touched"]:,} left alone</a>')
    if not acted and any(due.values()):
        notes.insert(0, "nothing was done")
    note = f'<p class="note">{", ".join(notes)}.</p>' if notes else ""
    title = "Due now" if acted else "Would be due"
    return (
        f'<section class="card" aria-labelledby="due-title"><h2 id="due-title">{title}</h2>'
        f'<ul class="tall pills">{lines}</ul>{note}</section>\n'
    )


def _saved(report: ScheduleReport) -> str:
    savings = report.savings
    if savings is None or savings.percent is None:
        return ""
    days = distance(savings.stop - savings.start)
    share = 100 - savings.percent
    if savings.saved is not None:
        big = f"<b>{text(money(savings.saved, report.currency))}</b><span>less than always on</span>"
    else:
        big = f"<b>{hours(savings.hours_saved)}</b><span>fewer than always on</span>"
    unpriced = len(savings.unpriced)
    more = f" {plural(unpriced, 'resource')} without a known price." if unpriced else ""
    return (
        f'<section class="card" aria-labelledby="saved-title"><h2 id="saved-title">Saved in the coming {days}</h2>'
        f'<p class="big">{big}</p>'
        f'<svg class="share" role="img" aria-label="{savings.percent:.0f} percent of the hours are saved">'
        f'<rect class="f-stopped" width="100%" height="10"/><rect class="f-run" width="{share:.2f}%" height="10"/></svg>'
        f'<p class="note">{savings.percent:.0f} % of the hours: {hours(savings.hours)} of'
        f" {hours(savings.hours_always_on)} run.{more}</p></section>\n"
    )


# --- the rest ---------------------------------------------------------------------------------------------------------


def _problems(report: ScheduleReport) -> Iterator[str]:
    if not report.problems:
        return
    yield '<section class="card trouble" id="problems" aria-labelledby="problems-title" data-rows>'
    yield f'<h2 id="problems-title">{plural(len(report.problems), "problem")}</h2><ul>\n'
    for problem in report.problems[:MOST_PROBLEMS]:
        yield f'<li data-row dir="auto">{text(problem)}</li>\n'
    yield "</ul>"
    if len(report.problems) > MOST_PROBLEMS:
        yield f'<p class="note">The first {MOST_PROBLEMS} of {len(report.problems):,}. The JSON report has all.</p>'
    yield "</section>\n"


def _tools(report: ScheduleReport) -> Iterator[str]:
    if not report.decisions:
        return
    yield (
        '<div class="filter" id="tools" hidden role="search" aria-label="Filter this page"><div class="find">'
        '<svg class="icon" aria-hidden="true"><use href="#i-search"/></svg>'
        '<input type="search" id="q" autocomplete="off" spellcheck="false"'
        ' aria-label="Filter by name, id, schedule, region, account or reason"'
        ' placeholder="Filter by name, id, schedule, region…"><kbd aria-hidden="true">/</kbd></div>'
        '<p id="count" role="status"></p></div>\n'
    )


def _next(outlook: Outlook) -> Iterator[str]:
    """The next instants at which something turns, each with what turns there."""
    found: Dict[Tuple[datetime, str], Dict[str, List[Row]]] = {}
    for row in outlook.rows:
        if row.left_alone:
            continue
        for edge in row.pattern.edges[:MOST_NEXT]:
            turns = found.setdefault((edge.at, row.pattern.zone), {})
            turns.setdefault(edge.to.value, []).append(row)
    if not found:
        return
    yield '<section class="card" aria-labelledby="next-title" data-rows><h2 id="next-title">What comes next</h2>'
    yield '<ol class="next">\n'
    for (at, zone), turns in sorted(found.items())[:MOST_NEXT]:
        for to, group in turns.items():
            verb = "start" if to == Wanted.RUNNING.value else "stop"
            schedules = _schedules([row.pattern.schedule for row in group])
            yield (
                f'<li data-row><span class="at">{moment_tag(at, zone)}<span class="where">{text(place(zone))}</span></span>'
                f'<span class="in">in {distance(at - outlook.now)}</span>'
                f"<span>{pill(verb)}</span><span>{names([row.decision.resource.name for row in group])}"
                f'<span class="where">{schedules}</span></span></li>\n'
            )
    yield "</ol></section>\n"


def _schedules(values: Sequence[str]) -> str:
    return listed(list(dict.fromkeys(values)))
