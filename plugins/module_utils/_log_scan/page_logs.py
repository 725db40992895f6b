# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ledger of the page: what became of the new bytes of each log. Gaps come first, and what has nothing new is folded."""

from __future__ import annotations

from typing import Iterator, List, Tuple

from .._report.html_kit import icon, text
from .page_parts import more, share
from .report_model import Entry, LogReport, gap_words
from .wording import plural, size

MOST_LOGS = 500
MOST_QUIET = 1000
MOST_EVENTS = 8


def logs(report: LogReport) -> Iterator[str]:
    """The whole card."""
    if not report.files:
        return
    quiet = [entry for entry in report.files if _is_quiet(entry)]
    told = sorted((entry for entry in report.files if not _is_quiet(entry)), key=_rank)
    yield '<section class="card wide" id="logs" aria-labelledby="logs-title" data-rows><h2 id="logs-title">Logs</h2>\n'
    if told:
        yield (
            '<ul class="legend keys" aria-hidden="true"><li><i class="key v-read"></i>read</li>'
            '<li><i class="key v-pending"></i>left for the next run</li><li><i class="key v-gap"></i>lost</li></ul>'
            '<table class="plain ledger"><thead><tr><th scope="col">Log</th><th scope="col" class="n">New</th>'
            '<th scope="col">Became</th><th scope="col">What happened</th></tr></thead><tbody>\n'
        )
        for entry in told[:MOST_LOGS]:
            yield _log(entry)
        yield f"</tbody></table>{more(len(told) - MOST_LOGS, 'logs')}"
    if quiet:
        names = "".join(f"<li data-row>{_name(entry)}</li>" for entry in quiet[:MOST_QUIET])
        left = f"<li>and {len(quiet) - MOST_QUIET:,} more</li>" if len(quiet) > MOST_QUIET else ""
        yield (
            f'<details class="quiet-logs"><summary>{icon("chevron")}{plural(len(quiet), "log")} with nothing new</summary>'
            f"<ul>{names}{left}</ul></details>"
        )
    yield "</section>\n"


def _is_quiet(entry: Entry) -> bool:
    new = any(entry.get(column) for column in ("scanned", "pending", "gap", "skipped"))
    return not new and not entry.get("events") and not entry.get("unreadable")


def _rank(entry: Entry) -> Tuple[bool, int, bool, int]:
    return (
        not entry.get("unreadable"),
        -(entry.get("gap") or 0),
        not entry.get("events"),
        -(entry.get("scanned") or 0),
    )


def _name(entry: Entry) -> str:
    host = f'<bdi class="soft">{text(entry["host"])}</bdi> ' if entry.get("host") else ""
    return f'{host}<code dir="ltr">{text(entry["path"])}</code>'


def _log(entry: Entry) -> str:
    scanned, pending, gap = (entry.get(column) or 0 for column in ("scanned", "pending", "gap"))
    words = [f"{size(scanned)} read"] if scanned else []
    if pending:
        cause = str(entry.get("pending_cause") or "").replace("_", " ")
        words.append(f"{size(pending)} left{f' ({text(cause)})' if cause else ''}")
    words += [f'<span class="bad">{size(gap)} lost</span>'] if gap else []
    words += [f"{size(entry['skipped'])} before its first run"] if entry.get("skipped") else []
    shares = share([("v-read", scanned), ("v-pending", pending), ("v-gap", gap)]) if scanned or pending or gap else ""
    flag = ""
    if entry.get("unreadable"):
        flag = '<span class="flag f-bad">unreadable</span>'
    elif gap:
        flag = '<span class="flag f-bad">gap</span>'
    return (
        f'<tr data-row><th scope="row">{_name(entry)}{flag}</th>'
        f'<td data-label="New" class="n">{size(scanned + pending + gap)}</td>'
        f'<td>{shares}<span class="where">{", ".join(words) or "–"}</span></td>'
        f"{_happened(entry)}</tr>\n"
    )


def _happened(entry: Entry) -> str:
    lines: List[str] = []
    if entry.get("unreadable"):
        lines.append(f'<li class="bad" dir="auto">{text(entry["unreadable"])}</li>')
    if entry.get("gap"):
        lines.append(f'<li class="bad">{size(entry["gap"])} lost: {text(gap_words(entry))}</li>')
    events = entry.get("events") or ()
    for event in events[:MOST_EVENTS]:
        lines.append(
            f'<li dir="auto"><span class="flag">{text(str(event["cause"]).replace("_", " "))}</span> {text(event["detail"])}</li>'
        )
    if len(events) > MOST_EVENTS:
        lines.append(f"<li>and {len(events) - MOST_EVENTS:,} more</li>")
    return f'<td><ul class="events">{"".join(lines)}</ul></td>' if lines else '<td class="none soft">–</td>'
