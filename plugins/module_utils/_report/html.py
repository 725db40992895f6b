# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report: one page that needs nothing but itself, for a screen, a phone and paper.

Its policy lets the browser load nothing and run only the one script that is in it; every text from outside is
escaped, or set as text by that script.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Iterator, List, Mapping, Sequence

from .html_charts import checks, grid, icon, legend, number, ring, severities, text
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
_MOST_LISTED = 3
_STATUS_WORDS = {
    "ok": "All clear",
    "warning": "Needs work",
    "critical": "Critical",
    "unknown": "Not all is known",
}
_SHAPES = {
    "fail": '<circle cx="8" cy="8" r="7"/><path class="cut" d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2"/>',
    "unknown": '<path d="M8 1 15 8 8 15 1 8Z"/>'
    '<path class="cut" d="M6.3 6.6a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.7.5-.7 1m0 1.9v.1"/>',
    "exempt": '<rect x="1" y="1" width="14" height="14" rx="4"/><path class="cut" d="M4.8 8h6.4"/>',
    "pass": '<circle cx="8" cy="8" r="7"/><path class="cut" d="m4.9 8.3 2.1 2.1 4.1-4.6"/>',
    "chevron": '<path class="line" d="m6 3.5 4.5 4.5L6 12.5"/>',
    "search": '<path class="line" d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4 3.4 3.4"/>',
    "theme": '<circle class="line" cx="8" cy="8" r="6.2"/><path d="M8 2a6 6 0 0 1 0 12Z"/>',
    "sort": '<path class="line" d="M5 6.2 8 3l3 3.2M5 9.8 8 13l3-3.2"/>',
}  # fmt: skip
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%234a5fd9' d='M8"
    " 0 14.5 2.4v5.2c0 4-2.7 7-6.5 8.4C4.2 14.6 1.5 11.6 1.5 7.6V2.4Z'/%3E%3Cpath fill='none' stroke='white'"
    " stroke-width='1.8' d='m4.8 8 2.3 2.3 4.2-4.6'/%3E%3C/svg%3E"
)


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The page as chunks of text."""
    rules = rules_in_use(info, summary)
    seen = survey(info, findings, rules)
    chosen = choose(seen)
    yield _head(info)
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
    yield _foot(info)
    yield '<script type="application/json" id="data">'
    yield from data(info, findings, rules, chosen)
    yield f"</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def _head(info: ReportInfo) -> str:
    policy = (
        f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )
    sprite = "".join(f'<symbol id="i-{name}" viewBox="0 0 16 16">{shape}</symbol>' for name, shape in _SHAPES.items())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<title>{text(info.title)}</title>\n<link rel="icon" href="{_ICON}">\n<style>{STYLE}</style>\n</head>\n'
        f'<body>\n<svg class="hidden" aria-hidden="true">{sprite}</svg>\n'
        '<a class="skip" href="#findings">Skip to the findings</a>\n'
    )


def _top(info: ReportInfo, summary: Summary) -> Iterator[str]:
    status = overall_of(summary).value
    word = _STATUS_WORDS[status] if summary["findings"] else "Nothing to judge"
    yield (
        f'<header class="top o-{status}"><div class="wrap"><div class="topline"><p class="maker">{text(info.tool)}</p>'
        f'<button type="button" id="theme" class="quiet" hidden>{icon("theme")}<span>Theme</span></button></div>\n'
        f'<h1 dir="auto">{text(info.title)}</h1>\n'
        f'<p class="lead"><span class="overall o-{status}">{word}</span> '
        f'<span dir="auto">{text(summary["sentence"])}</span></p>\n'
    )
    run = info.run
    entries = [
        ("Account" if len(run["accounts"]) == 1 else "Accounts", _listed(run["accounts"])),
        ("Region" if len(run["regions"]) == 1 else "Regions", _listed(run["regions"])),
        ("Started", f'<time datetime="{text(run["started_at"])}">{info.started:%d %b %Y, %H:%M} UTC</time>'),
        ("Run", f"<bdi>{text(run['run_id'])}</bdi>"),
    ]
    if run["check_mode"]:
        entries.append(("Mode", "check mode: nothing was changed"))
    yield '<dl class="facts">' + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)
    yield "</dl></div></header>\n"


def _listed(values: Sequence[Any]) -> str:
    shown = ", ".join(f"<bdi>{text(value)}</bdi>" for value in values[:_MOST_LISTED])
    more = len(values) - _MOST_LISTED
    return (shown + (f" and {more} more" if more > 0 else "")) or "–"


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


def _foot(info: ReportInfo) -> str:
    entries = "".join(
        f"<div><dt>{text(key).replace('_', ' ')}</dt><dd><bdi>{text(_plain(value))}</bdi></dd></div>"
        for key, value in {"schema": info.schema, **info.run}.items()
    )
    return (
        '<footer class="wrap"><details><summary>About this run</summary>'
        f'<dl class="facts">{entries}</dl></details></footer>\n'
    )


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "–"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
