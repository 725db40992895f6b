# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The charts of the HTML page as inline SVG and tables, drawn without a script so that they print and mail well."""

from __future__ import annotations

from typing import Dict, Iterator, List, Mapping, Sequence, Tuple

from .html_kit import icon, number, text
from .html_rows import NOT_JUDGED, Survey
from .model import SEVERITIES, STATUSES, Rule, Summary

MOST_GRID_ROWS = 30
_RING_RADIUS = 52.0
_GLYPHS = {"fail": "×", "unknown": "?", "exempt": "–", "pass": "✓"}


def ring(summary: Summary) -> str:
    """The score in a ring whose arcs are the shares of each status."""
    total = sum(summary[status] for status in STATUSES)
    arcs: List[str] = []
    turned = 0.0
    for status in ("pass", "exempt", "unknown", "fail"):
        share = 100.0 * summary[status] / total if total else 0.0
        if share:
            # A thin gap between arcs, never wider than half of one.
            shown = share if share == 100.0 else share - min(0.8, share / 2)
            arcs.append(
                f'<circle class="arc s-{status}" r="{_RING_RADIUS}" cx="64" cy="64" pathLength="100"'
                f' stroke-dasharray="{shown:.3f} {100 - shown:.3f}" stroke-dashoffset="{-turned:.3f}"/>'
            )
        turned += share
    score = summary["score"]
    shown_score = "–" if score is None else number(score)
    label = "no score" if score is None else f"score {shown_score} of 100"
    counts = ", ".join(f"{summary[status]} {status}" for status in STATUSES)
    return (
        f'<svg class="ring" viewBox="0 0 128 128" role="img" aria-label="{label}: {counts}">'
        f'<circle class="track" r="{_RING_RADIUS}" cx="64" cy="64"/>'
        f'<g transform="rotate(-90 64 64)">{"".join(arcs)}</g>'
        f'<text class="score" x="64" y="70">{shown_score}</text>'
        f'<text class="of" x="64" y="88">{"no score" if score is None else "of 100"}</text></svg>'
    )


def stacked_bar(counts: Mapping[str, int], label: str) -> str:
    """The shares of each status in one stacked bar."""
    total = sum(counts[status] for status in STATUSES)
    parts: List[str] = []
    at = 0.0
    for status in STATUSES:
        width = 100.0 * counts[status] / total if total else 0.0
        if width:
            gap = 0.0 if at + width > 99.99 else min(0.5, width / 3)
            parts.append(f'<rect class="s-{status}" x="{at:.2f}" width="{width - gap:.2f}" height="8"/>')
        at += width
    return (
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{text(label)}">'
        f"{''.join(parts)}</svg>"
    )


def severities(by_severity: Mapping[str, int]) -> str:
    """Failing findings by severity, as bars to choose from."""
    most = max([by_severity.get(severity, 0) for severity in SEVERITIES] + [1])
    rows = []
    for severity in SEVERITIES:
        count = by_severity.get(severity, 0)
        width = max(100.0 * count / most, 1.5) if count else 0.0
        rows.append(
            f'<li><button type="button" class="sevrow" data-status="fail" data-severity="{severity}">'
            f'<span class="name">{severity.capitalize()}</span>'
            f'<svg class="sevbar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="track" width="100" height="10"/>'
            f'<rect class="v-{severity}" width="{width:.2f}" height="10"/></svg>'
            f'<span class="count">{count:,}</span></button></li>'
        )
    return f'<ul class="sevs">{"".join(rows)}</ul>'


def checks(rules: Sequence[Rule], by_check: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Each check with its bar, the worst first."""
    ordered = sorted(
        rules,
        key=lambda rule: (
            not by_check[rule.id]["fail"],
            SEVERITIES.index(rule.severity),
            -by_check[rule.id]["fail"],
            -by_check[rule.id]["unknown"],
        ),
    )
    yield '<ul class="checks">'
    for rule in ordered:
        counts = by_check[rule.id]
        words = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
        numbers = "".join(
            f'<span class="n t-{status}">{icon(status)}{counts[status]:,}<span class="hidden"> {status}</span></span>'
            if counts[status]
            else '<span class="n"></span>'
            for status in STATUSES
        )
        yield (
            f'<li><button type="button" class="check" data-check="{text(rule.id)}">'
            f'<span class="sev v-{rule.severity}">{rule.severity}</span>'
            f'<span class="title" dir="auto">{text(rule.title)}</span>'
            f'<span class="numbers">{numbers}</span>{stacked_bar(counts, words)}</button></li>\n'
        )
    yield "</ul>"


def grid(rules: Sequence[Rule], seen: Survey, noun: str) -> Iterator[str]:
    """The worst resources against all checks, one mark for each finding."""
    paths = sorted(set(seen.grid) - seen.whole, key=lambda path: (-seen.weights[path], path))
    shown = paths[:MOST_GRID_ROWS]
    # A check of the whole account says nothing of single resources: without a mark it gets no column.
    columns = [number for number in range(len(rules)) if any(seen.grid[path][number] != NOT_JUDGED for path in shown)]
    heads = "".join(
        f'<th scope="col"><button type="button" data-check="{text(rules[number].id)}"'
        f' title="{text(rules[number].title)}"><span dir="auto">'
        f"{text(rules[number].title)}</span></button></th>"
        for number in columns
    )
    yield (
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="grid-title"><table class="grid"><thead>'
        f'<tr><th scope="col" class="corner">{text(noun)}</th>{heads}</tr></thead><tbody>\n'
    )
    marks = _marks(rules)
    for path in shown:
        name = text(seen.names[path])
        cells = "".join(marks[number][seen.grid[path][number]] for number in columns)
        yield (
            f'<tr><th scope="row"><button type="button" data-resource="{name}" title="{name}"><bdi>{name}</bdi>'
            f"</button></th>{cells}</tr>\n"
        )
    yield "</tbody></table></div>"
    if len(paths) > len(shown):
        yield f'<p class="note">The {len(shown)} worst of {len(paths):,}.</p>'


def _marks(rules: Sequence[Rule]) -> List[Dict[int, str]]:
    """The cell for each rule and status; a failure has the colour of its severity."""
    cells = []
    for rule in rules:
        by_status = {NOT_JUDGED: '<td class="none"><span class="hidden">not judged</span></td>'}
        for place, status in enumerate(STATUSES):
            look = f"v-{rule.severity}" if status == "fail" else f"s-{status}"
            by_status[place] = (
                f'<td><span class="mark {look}" data-rule="{text(rule.id)}" title="{text(rule.title)}: {status}">'
                f'<span aria-hidden="true">{_GLYPHS[status]}</span><span class="hidden">{status}</span></span></td>'
            )
        cells.append(by_status)
    return cells


def legend() -> str:
    """What the marks of the grid mean."""
    entries: List[Tuple[str, str, str]] = [(f"v-{severity}", "×", f"fails, {severity}") for severity in SEVERITIES]
    entries += [(f"s-{status}", _GLYPHS[status], status) for status in ("unknown", "exempt", "pass")]
    return '<ul class="legend" aria-hidden="true">' + "".join(
        f'<li><span class="mark {look}">{glyph}</span>{words}</li>' for look, glyph, words in entries
    ) + "</ul>"  # fmt: skip
