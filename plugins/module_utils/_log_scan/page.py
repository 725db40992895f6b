# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report: one page that needs nothing but itself, for a screen, a phone and paper. It reads without a script.

Every text from outside is escaped; log text is the most hostile there is.
"""

from __future__ import annotations

from typing import Iterator, List, Tuple

from .._report.html_kit import listed, text
from .._report.html_page import Page, end, foot, head, top
from .page_found import found
from .page_hosts import hosts
from .page_logs import logs
from .page_parts import SHAPES, at_tag, share
from .page_script import SCRIPT
from .page_style import STYLE
from .page_timeline import timeline
from .report_model import SCHEMA, SEVERITIES, TOOL, LogReport
from .timeline import Spread, spread
from .wording import plural, size

MOST_PROBLEMS = 100
COLUMNS = 96
_WORDS = {
    "ok": "Nothing found",
    "warning": "Needs a look",
    "critical": "Critical",
    "unknown": "Not all is known",
}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16'"
    " rx='4' fill='%234a5fd9'/%3E%3Cpath fill='none' stroke='white' stroke-width='1.8' stroke-linecap='round'"
    " d='M4 12V9m4 3V4m4 8V7'/%3E%3C/svg%3E"
)
PAGE = Page(STYLE, SCRIPT, _ICON, ("found", "Skip to what was found"), SHAPES)


def render(report: LogReport) -> Iterator[str]:
    """The page as chunks of text."""
    axis = spread(report.times(), COLUMNS)
    yield head(PAGE, report.title)
    yield from _top(report)
    yield '<main class="wrap" id="main">\n'
    yield from _cards(report)
    yield from _problems(report)
    yield from _tools(report, axis)
    yield from timeline(axis)
    yield from found(report, axis)
    yield from hosts(report)
    yield from logs(report)
    yield '<p class="empty" id="nothing" hidden>Nothing on this page matches.</p></main>\n'
    yield '<div id="tip" role="tooltip" hidden></div><p class="hidden" id="said" role="status"></p>\n'
    yield foot({"schema": SCHEMA, **{key: value for key, value in report.run().items() if value != ""}})
    yield from end(PAGE)


def _top(report: LogReport) -> Iterator[str]:
    run = report.run()
    entries: List[Tuple[str, str]] = []
    if report.hosts:
        names = [entry["host"] for entry in report.hosts]
        entries.append((plural(len(names), "host"), listed(names)))
    elif report.host:
        entries.append(("Host", f"<bdi>{text(report.host)}</bdi>"))
    entries.append(("Logs", f"{len(report.files):,}"))
    if report.started_at:
        entries.append(("As of", at_tag(report.started_at, year=True)))
    entries.append(("Run", f"<bdi>{text(run['run_id'])}</bdi>"))
    if report.check_mode:
        entries.append(("Mode", "check mode: the place to go on from was not moved"))
    if report.result.get("redelivered"):
        entries.append(("Delivered", "again: this result was not acknowledged before"))
    word = _WORDS[report.status]
    if report.status == "ok" and report.matches:
        word = "Nothing that matters"
    yield from top(TOOL, report.title, report.status, word, report.sentence, entries)


# --- cards ------------------------------------------------------------------------------------------------------------


def _cards(report: LogReport) -> Iterator[str]:
    yield '<div class="cards">\n'
    yield _found(report)
    if report.hosts:
        yield _answered(report)
    yield _read(report)
    yield "</div>\n"


def _found(report: LogReport) -> str:
    counts = report.by_severity()
    total = sum(counts.values())
    rows = "".join(
        f'<li class="{"" if counts[severity] else "zero"}"><i class="dot v-{severity}"></i><b>{counts[severity]:,}</b>'
        f"<span>{severity}</span></li>"
        for severity in SEVERITIES
    )
    words = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES)
    shares = (
        share([(f"v-{severity}", counts[severity]) for severity in SEVERITIES], f"Matches: {words}") if total else ""
    )
    below = report.below()
    note = f'<p class="note">{below:,} more below the threshold of their pattern.</p>' if below else ""
    return (
        '<section class="card" aria-labelledby="sum-title"><h2 id="sum-title">Found</h2>'
        f'<ul class="tall">{rows}</ul>{shares}{note}</section>\n'
    )


def _answered(report: LogReport) -> str:
    silent = [entry["host"] for entry in report.hosts if not entry["answered"]]
    hit = sum(1 for entry in report.hosts if sum(entry["by_severity"].values()))
    answered = len(report.hosts) - len(silent)
    rows = [
        (answered - hit, "v-ok", "without a match"),
        (hit, "v-high", "with matches"),
        (len(silent), "v-unknown", "did not answer"),
    ]
    lines = "".join(
        f'<li class="{"" if count else "zero"}"><i class="dot {look}"></i><b>{count:,}</b><span>{words}</span></li>'
        for count, look, words in rows
    )
    shares = share(
        [(look, count) for count, look, _words in rows], ", ".join(f"{count} {words}" for count, _l, words in rows)
    )
    note = f'<p class="note">No answer from {listed(silent)}.</p>' if silent else ""
    return (
        '<section class="card" aria-labelledby="answer-title"><h2 id="answer-title">Hosts</h2>'
        f'<ul class="tall">{lines}</ul>{shares}{note}</section>\n'
    )


def _read(report: LogReport) -> str:
    scanned, pending, gap = (report.total(column) for column in ("scanned", "pending", "gap"))
    unreadable = len(report.unreadable())
    parts = [("v-read", scanned), ("v-pending", pending), ("v-gap", gap)]
    label = f"{size(scanned)} read, {size(pending)} left for the next run, {size(gap)} lost"
    shares = share(parts, label)
    missed = [
        (gap, f'<a class="bad" href="#logs">{size(gap)} lost</a> before it could be read'),
        (unreadable, f'<a class="bad" href="#logs">{plural(unreadable, "log")}</a> could not be read'),
        (pending, f"{size(pending)} left for the next run"),
    ]
    lines = "".join(f"<li>{words}</li>" for count, words in missed if count)
    rest = f'<ul class="missed">{lines}</ul>' if lines else '<p class="quietly">All that was new was read.</p>'
    speed = report.result.get("bytes_per_second") or 0
    engine = report.run()["engine"]
    how = [f"at {size(speed)} per second"] if speed else []
    how += [f"with {text(engine)}"] if engine else []
    note = f'<p class="note">Read {" ".join(how)}.</p>' if how and scanned else ""
    return (
        '<section class="card" aria-labelledby="read-title"><h2 id="read-title">Read</h2>'
        f'<p class="big"><b>{size(scanned)}</b><span>new in {plural(len(report.files), "log")}</span></p>'
        f"{rest}{shares if scanned or pending or gap else ''}{note}</section>\n"
    )


# --- what is above the lists ------------------------------------------------------------------------------------------


def _problems(report: LogReport) -> Iterator[str]:
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


def _tools(report: LogReport, axis: "Spread[str]") -> Iterator[str]:
    if not report.matches:
        return
    there = [severity for severity in SEVERITIES if any(entry["severity"] == severity for entry in report.matches)]
    chips = "".join(
        f'<button type="button" class="chip" data-severity="{severity}" aria-pressed="false">'
        f'<i class="dot v-{severity}"></i>{severity}</button>'
        for severity in there
    )
    yield (
        '<div class="filter" id="tools" hidden role="search" aria-label="Filter this page"><div class="find">'
        '<svg class="icon" aria-hidden="true"><use href="#i-search"/></svg>'
        '<input type="search" id="q" autocomplete="off" spellcheck="false"'
        ' aria-label="Filter by pattern, text, log, host or value"'
        ' placeholder="Filter by pattern, text, log, host…"><kbd aria-hidden="true">/</kbd></div>'
        f'<div class="chips" role="group" aria-label="Severity">{chips if len(there) > 1 else ""}</div>'
        '<button type="button" class="token" id="when" hidden>Any time</button>'
        '<p id="count" role="status"></p></div>\n'
    )
