# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a merged page, those that did not answer first."""

from __future__ import annotations

from typing import Iterator

from .._report.html_kit import text
from .page_parts import at_tag, more, share, status
from .report_model import SEVERITIES, Entry, LogReport
from .wording import size

MOST_HOSTS = 1000


def hosts(report: LogReport) -> Iterator[str]:
    """The whole card; nothing on the page of one host."""
    if not report.hosts:
        return
    yield '<section class="card wide" id="hosts" aria-labelledby="hosts-title" data-rows><h2 id="hosts-title">Hosts</h2>\n'
    yield '<table class="plain hosts"><thead><tr><th scope="col">Host</th><th scope="col">Status</th>'
    yield '<th scope="col">What it says</th><th scope="col">Matches</th><th scope="col" class="n">Read</th></tr></thead><tbody>\n'
    for entry in report.hosts[:MOST_HOSTS]:
        yield _host(entry)
    yield f"</tbody></table>{more(len(report.hosts) - MOST_HOSTS, 'hosts')}</section>\n"


def _host(entry: Entry) -> str:
    name = f'<th scope="row"><bdi>{text(entry["host"])}</bdi>'
    if not entry["answered"]:
        return (
            f'<tr data-row class="silent">{name}</th><td data-label="Status"><span class="pill w-unknown">no answer</span></td>'
            f'<td data-label="Why" dir="auto" colspan="3">{text(entry["reason"])}</td></tr>\n'
        )
    when = f'<span class="where">{at_tag(entry["started_at"])}</span>' if entry.get("started_at") else ""
    counts = entry["by_severity"]
    total = sum(counts.values())
    words = ", ".join(f"{counts[each]:,} {each}" for each in SEVERITIES if counts.get(each))
    shares = share([(f"v-{each}", counts.get(each, 0)) for each in SEVERITIES]) if total else ""
    shown = (
        f'<span class="meter-n"><b class="n">{total:,}</b>{shares}</span><span class="where">{words or "none"}</span>'
    )
    lost = f'<span class="flag f-bad">{size(entry["gap"])} lost</span>' if entry["gap"] else ""
    return (
        f'<tr data-row>{name}{when}</th><td data-label="Status">{status(entry["status"])}</td>'
        f'<td data-label="Says" dir="auto">{text(entry["sentence"])}</td><td data-label="Matches">{shown}</td>'
        f'<td data-label="Read" class="n">{size(entry["scanned"])}{lost}</td></tr>\n'
    )
