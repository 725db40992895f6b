# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report of findings: one page that needs nothing but itself, for a screen, a phone and paper.

Every text from outside is escaped, or set as text by the page's script.
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, Sequence

from .html_charts import checks, grid, legend, ring, severities
from .html_kit import icon, listed, number, text
from .html_page import Page, end, foot, head, top
from .html_rows import MOST_EXEMPTIONS, Survey, choose, data, survey
from .html_script import SCRIPT
from .html_style import STYLE
from .model import (
    SEVERITIES,
    STATUSES,
    Findings,
    ReportInfo,
    Rule,
    Summary,
    exemption_of,
    overall_of,
    resource_of,
    rules_in_use,
)

_LEAST_RULES_FOR_GRID = 3
_STATUS_WORDS = {
    "ok": "All clear",
    "warning": "Needs work",
    "critical": "Critical",
    "unknown": "Not all is known",
}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%234a5fd9' d='M8"
    " 0 14.5 2.4v5.2c0 4-2.7 7-6.5 8.4C4.2 14.6 1.5 11.6 1.5 7.6V2.4Z'/%3E%3Cpath fill='none' stroke='white'"
    " stroke-width='1.8' d='m4.8 8 2.3 2.3 4.2-4.6'/%3E%3C/svg%3E"
)
PAGE = Page(STYLE, SCRIPT, _ICON, ("findings", "Skip to the findings"))


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The page as chunks of text."""
    rules = rules_in_use(info, summary)
    seen = survey(info, findings, rules)
    chosen = choose(seen)
    yield head(PAGE, info.title)
    yield from _top(info, summary)
    yield '<main class="wrap" id="main">\n'
    yield from _cards(info, summary, seen)
    if rules:
        yield '<section class="card" aria-labelledby="checks-title"><h2 id="checks-title">Checks</h2>\n'
        yield from checks(rules, summary["by_check"])
        yield "</section>\n"
    if len(rules) >= _LEAST_RULES_FOR_GRID and seen.grid:
        noun = info.resource_key.capitalize()
        yield f'<section class="card" aria-labelledby="grid-title"><h2 id="grid-title">{_nouns(info)} at a glance</h2>'
        yield legend()
        yield from grid(rules, seen, noun)
        yield "</section>\n"
    yield from _findings(info, summary, sum(chosen.values()))
    yield from _exemptions(info, rules, seen, summary["exempt"])
    yield "</main>\n"
    yield foot({"schema": info.schema, **info.run})
    yield from end(PAGE, data(info, findings, rules, chosen))


def _top(info: ReportInfo, summary: Summary) -> Iterator[str]:
    status = overall_of(summary).value
    run = info.run
    entries = [
        ("Account" if len(run["accounts"]) == 1 else "Accounts", listed(run["accounts"])),
        ("Region" if len(run["regions"]) == 1 else "Regions", listed(run["regions"])),
        ("Started", f'<time datetime="{text(run["started_at"])}">{info.started:%d %b %Y, %H:%M} UTC</time>'),
        ("Run", f"<bdi>{text(run['run_id'])}</bdi>"),
    ]
    if run["check_mode"]:
        entries.append(("Mode", "check mode: nothing was changed"))
    word = _STATUS_WORDS[status] if summary["findings"] else "Nothing to judge"
    yield from top(info.tool, info.title, status, word, summary["sentence"], entries)


def _cards(info: ReportInfo, summary: Summary, seen: Survey) -> Iterator[str]:
    chips = "".join(
        f'<li><button type="button" class="tally" data-status="{status}">{icon(status)}<b>{summary[status]:,}</b>'
        f"<span>{status}</span></button></li>"
        for status in STATUSES
    )
    four = " four" if "comparison" in summary else ""
    yield (
        f'<div class="cards{four}">\n'
        '<section class="card" aria-labelledby="score-title"><h2 id="score-title">Score</h2>'
        f'<div class="scored">{ring(summary)}<ul class="tallies">{chips}</ul></div>'
        f'<p class="note">{number(summary["unknown_percent"])} % unknown, which never counts as pass.</p></section>\n'
        '<section class="card" aria-labelledby="sev-title"><h2 id="sev-title">Failing, by severity</h2>'
        f"{severities(summary['by_severity'])}</section>\n"
    )
    if "comparison" in summary:
        yield _comparison(summary["comparison"])
    yield _resources(info, summary, seen)
    yield "</div>\n"


def _comparison(counts: Mapping[str, int]) -> str:
    entries = "".join(
        f'<li><button type="button" class="delta d-{key}" data-comparison="{key}"><b>{counts[key]:,}</b>'
        f"<span>{words}</span></button></li>"
        for key, words in (("new", "new"), ("fixed", "fixed"), ("open", "still open"))
    )
    return (
        '<section class="card" aria-labelledby="delta-title"><h2 id="delta-title">Since the earlier run</h2>'
        f'<ul class="deltas">{entries}<li><div class="delta d-not_seen"><b>{counts["not_seen"]:,}</b>'
        "<span>not seen</span></div></li></ul></section>\n"
    )


def _resources(info: ReportInfo, summary: Summary, seen: Survey) -> str:
    cells_of = [cells for path, cells in seen.grid.items() if path not in seen.whole]
    failing = sum(STATUSES.index("fail") in cells for cells in cells_of)
    unknown = sum(STATUSES.index("fail") not in cells and STATUSES.index("unknown") in cells for cells in cells_of)
    entries = (
        (failing, "with a failing check", "fail"),
        (unknown, "with an unknown and nothing failing", "unknown"),
        (len(cells_of) - failing - unknown, "with neither", "pass"),
    )
    lines = "".join(f'<li class="t-{look}"><b>{count:,}</b><span>{words}</span></li>' for count, words, look in entries)
    return (
        f'<section class="card" aria-labelledby="res-title"><h2 id="res-title">{_nouns(info)}</h2>'
        f'<ul class="counts">{lines}</ul><p class="note">{summary["findings"]:,} findings in all.</p></section>\n'
    )


def _nouns(info: ReportInfo) -> str:
    noun = info.resource_key.capitalize()
    return text(noun[:-1] + "ies" if noun.endswith("y") else noun + "s")


def _findings(info: ReportInfo, summary: Summary, shown: int) -> Iterator[str]:
    total = summary["findings"]
    yield (
        '<section class="card wide" id="findings" aria-labelledby="findings-title" data-noun="'
        + text(info.resource_key.capitalize())
        + '"><h2 id="findings-title" tabindex="-1">Findings</h2>\n'
    )
    if shown < total:
        yield (
            f'<p class="notice">This page holds the {shown:,} most urgent of {total:,} findings. The other formats'
            " of the report hold all of them.</p>\n"
        )
    yield '<noscript><p class="notice">The list needs JavaScript; everything above does not.</p></noscript>\n'
    yield '<div class="tools" id="tools" hidden role="search" aria-label="Filter the findings">'
    yield (
        f'<div class="find">{icon("search")}<input type="search" id="q" autocomplete="off" spellcheck="false"'
        f' aria-label="Search {text(info.resource_key)}, check, message or evidence"'
        f' placeholder="Search {text(info.resource_key)}, check, message…"><kbd aria-hidden="true">/</kbd></div>'
    )
    for group, values in (("status", STATUSES), ("severity", SEVERITIES)):
        yield f'<div class="chips" role="group" aria-label="{group.capitalize()}">'
        for value in values:
            look = icon(value) if group == "status" else f'<i class="dot v-{value}"></i>'
            yield f'<button type="button" class="chip" data-group="{group}" data-value="{value}" aria-pressed="false">'
            yield f"{look}{value}</button>"
        yield "</div>"
    yield '<div class="selects" id="selects"></div></div>\n'
    yield '<div class="state"><p id="count" role="status"></p><div id="active"></div></div>\n'
    yield '<div id="list"></div>\n</section>\n'


def _exemptions(info: ReportInfo, rules: Sequence[Rule], seen: Survey, total: int) -> Iterator[str]:
    if not seen.exempt:
        return
    titles = {rule.id: rule.title for rule in rules}
    yield '<section class="card" aria-labelledby="exempt-title"><h2 id="exempt-title">Exemptions</h2>\n'
    yield f'<table class="plain"><thead><tr><th scope="col">{text(info.resource_key.capitalize())}</th>'
    yield '<th scope="col">Check</th><th scope="col">Reason</th><th scope="col">Owner</th><th scope="col">Until</th>'
    yield "</tr></thead><tbody>\n"
    for finding in seen.exempt:
        why = exemption_of(finding)
        cells: List[str] = [
            f'<th scope="row"><bdi>{text(resource_of(info, finding))}</bdi></th>',
            f'<td data-label="Check" dir="auto">{text(titles[finding["check"]])}</td>',
            f'<td data-label="Reason" dir="auto">{text(why.get("reason") or "–")}</td>',
            f'<td data-label="Owner" dir="auto">{text(why.get("owner") or "–")}</td>',
            f'<td data-label="Until">{text(why.get("expires") or "no end")}</td>',
        ]
        yield f"<tr>{''.join(cells)}</tr>\n"
    yield "</tbody></table>"
    if total > len(seen.exempt):
        yield f'<p class="note">The first {MOST_EXEMPTIONS} of {total:,}.</p>'
    yield "</section>\n"
