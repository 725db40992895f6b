# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Markdown report: one screen for people, in a merge request, a ticket or a chat."""

from __future__ import annotations

from typing import Iterator, List

from .._report.markdown_text import MARKS, code, escape
from .report_csv import amiss
from .report_model import Entry, LogReport, headline, where
from .timeline import Buckets, spread
from .timeline_text import sparkline, ticks
from .wording import plural, size

MOST = 30
MOST_TEXT = 300
_COLUMNS = 60


def render(report: LogReport) -> Iterator[str]:
    """The report as chunks of text."""
    yield f"## {MARKS[report.status]} {escape(report.title)}: {report.status}\n\n"
    yield f"**{escape(report.sentence)}**\n\n"
    yield _line(report)
    yield from _hosts(report)
    yield from _timeline(report)
    yield from _matches(report)
    yield from _bullets("Not read", [_log(entry) for entry in report.files if amiss(entry)])
    yield from _bullets("Problems", [escape(problem) for problem in report.problems])
    yield from _samples(report)


def _line(report: LogReport) -> str:
    parts = [f"Host {code(report.host)}"] if report.host else []
    parts += [plural(len(report.hosts), "host")] if report.hosts else []
    parts.append(f"{size(report.total('scanned'))} of {plural(len(report.files), 'log')} read")
    parts += [escape(report.started_at)] if report.started_at else []
    parts.append(f"run {code(report.run()['run_id'])}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}{' (check mode)' if report.check_mode else ''}\n\n"


def _hosts(report: LogReport) -> Iterator[str]:
    silent = [entry for entry in report.hosts if not entry["answered"]]
    yield from _bullets(
        "Did not answer", [f"{code(entry['host'])}: {escape(entry['reason'] or 'no reason given')}" for entry in silent]
    )


def _timeline(report: LogReport) -> Iterator[str]:
    together = Buckets()
    for buckets in report.times().values():
        together.merge(buckets)
    drawn = spread({"all": together}, _COLUMNS)
    if drawn.columns > 1:
        yield f"```text\n{sparkline(drawn.counts['all'])}\n{ticks(drawn)}\n```\n\n"


def _matches(report: LogReport) -> Iterator[str]:
    if not report.matches:
        return
    many = bool(report.hosts)
    yield f"| Severity | Pattern | Matches | {'Hosts | ' if many else ''}Last |\n|:--|:--|--:|{'--:|' if many else ''}:--|\n"
    for entry in report.matches[:MOST]:
        count = f"**{entry['count']:,}**" if entry["met"] else f"{entry['count']:,} (below its threshold)"
        hosts = f" {len(entry['hosts']):,} |" if many else ""
        last = entry["last"] or {}
        yield (
            f"| {entry['severity']} | {escape(headline(entry)[:MOST_TEXT])} ({code(entry['pattern'])}) | {count} |{hosts}"
            f" {escape(last.get('at') or '–')}, {code(where(last)) if last else '–'} |\n"
        )
    if len(report.matches) > MOST:
        yield f"\nand {len(report.matches) - MOST:,} more.\n"
    yield "\n"


def _log(entry: Entry) -> str:
    host = f"{code(entry['host'])} " if entry.get("host") else ""
    return f"{host}{code(entry['path'])}: {escape(amiss(entry))}"


def _samples(report: LogReport) -> Iterator[str]:
    lines: List[str] = []
    for entry in report.matches[:MOST]:
        if entry["samples"]:
            last = entry["samples"][-1]
            lines.append(f"{code(where(last))} {code(last['text'][:MOST_TEXT])}")
    yield from _bullets("The last line of each", lines, folded=True)


def _bullets(title: str, lines: List[str], folded: bool = False) -> Iterator[str]:
    if not lines:
        return
    yield f"<details><summary>{title} ({len(lines):,})</summary>\n\n" if folded else f"### {title} ({len(lines):,})\n\n"
    for line in lines[:MOST]:
        yield f"- {line}\n"
    if len(lines) > MOST:
        yield f"- and {len(lines) - MOST:,} more\n"
    yield "\n</details>\n\n" if folded else "\n"
