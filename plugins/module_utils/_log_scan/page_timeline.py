# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The histogram of the page: matches over time, stacked by severity, drawn without a script.

Positions are percents, so that the drawing fits every screen. Each column has a number, by which the script finds the
patterns and samples that are in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Iterator, List, Optional

from .._report.html_kit import text
from .report_model import SEVERITIES
from .timeline import Buckets, Spread, aligned, moment, wider
from .timeline_text import notes
from .wording import matches, span

HEIGHT = 150
_MOST_TICKS = 7
_DAY = 86400


def timeline(axis: "Spread[str]") -> Iterator[str]:
    """The whole card; nothing when no time is known."""
    if axis.columns < 2:
        return
    there = [severity for severity in SEVERITIES if any(axis.counts.get(severity, ()))]
    legend = "".join(f'<li><i class="dot v-{severity}"></i>{severity}</li>' for severity in there)
    yield (
        '<section class="card wide" id="timeline" aria-labelledby="timeline-title"><div class="titled">'
        f'<h2 id="timeline-title">When</h2><ul class="legend" aria-hidden="true">{legend}</ul></div>\n'
    )
    peak = max(range(axis.columns), key=lambda number: sum(axis.column(number).values()))
    total = sum(sum(counts) for counts in axis.counts.values())
    label = (
        f"{matches(total)} from {_words(moment(axis.start))} to {_words(moment(axis.stop))} UTC; most of them,"
        f" {sum(axis.column(peak).values()):,}, at {_words(moment(axis.start + peak * axis.width))}"
    )
    # role=application would silence what a screen reader can do here; a group with a sentence and said columns does.
    yield f'<div class="plot" tabindex="0" role="group" aria-label="{text(label)}">'
    yield f'<svg class="bars" aria-hidden="true">{"".join(_grid(axis))}'
    for number in range(axis.columns):
        yield _column(axis, number)
    yield "</svg>"
    yield f'<svg class="axis" aria-hidden="true">{"".join(_ticks(axis))}</svg></div>'
    yield f'<p class="note">{text(_note(axis))}</p></section>\n'


def _note(axis: "Spread[str]") -> str:
    said = "; ".join(notes(axis))
    return f"Times are UTC; {said}."


def _grid(axis: "Spread[str]") -> Iterator[str]:
    highest = axis.highest
    for value in {highest, highest // 2} - {0}:
        y = HEIGHT * (1 - value / highest)
        yield f'<line class="h" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/><text class="y" x="2" y="{y + 12:.1f}">{value:,}</text>'


def _column(axis: "Spread[str]", number: int) -> str:
    here = axis.column(number)
    if not here:
        return ""
    left, width = 100 * number / axis.columns, 100 / axis.columns
    title = f"{_range(axis, number)}: " + ", ".join(f"{here[each]:,} {each}" for each in SEVERITIES if each in here)
    bottom, rects = float(HEIGHT), []
    for severity in reversed(SEVERITIES):
        if severity in here:
            height = max(HEIGHT * here[severity] / axis.highest, 3.0)
            bottom -= height
            rects.append(
                f'<rect class="v-{severity}" x="{left + width * 0.08:.3f}%" width="{width * 0.84:.3f}%" y="{bottom:.1f}"'
                f' height="{height:.1f}"/>'
            )
    return (
        f'<g class="col" data-c="{number}"><title>{text(title)}</title>{"".join(rects)}'
        f'<rect class="hit" x="{left:.3f}%" width="{width:.3f}%" height="{HEIGHT}"/></g>'
    )


def strip(axis: "Spread[str]", times: Buckets, severity: str, label: str) -> str:
    """One pattern on the same axis, small."""
    counts = on(axis, times)
    highest = max(counts, default=0)
    width = 100 / axis.columns if axis.columns else 100.0
    rects = []
    for number, count in enumerate(counts):
        if count:
            height = max(24 * count / highest, 3.0)
            rects.append(
                f'<rect data-c="{number}" x="{number * width:.2f}%" width="{width * 0.86:.2f}%" y="{26 - height:.1f}"'
                f' height="{height:.1f}"><title>{_range(axis, number)}: {count:,}</title></rect>'
            )
    return (
        f'<svg class="strip v-{severity}" role="img" aria-label="{text(label)}">{"".join(rects)}'
        '<line x2="100%" y1="26" y2="26"/></svg>'
    )


def on(axis: "Spread[str]", times: Buckets) -> List[int]:
    """Counts in the columns of an axis that is at least as wide in its columns."""
    counts = [0] * axis.columns
    for second, count in times.points():
        number = column_of(axis, second)
        if number is not None:
            counts[number] += count
    return counts


def column_of(axis: "Spread[str]", second: int) -> Optional[int]:
    """The column of a time; ``None`` when it is not drawn."""
    number = (second - axis.start) // axis.width
    return number if 0 <= number < axis.columns else None


def _range(axis: "Spread[str]", number: int) -> str:
    start = axis.start + number * axis.width
    if axis.width >= _DAY:
        return f"{span(axis.width).capitalize()} from {_words(moment(start))}"
    stop = moment(start + axis.width)
    return (
        f"{_words(moment(start), axis.width < 60)} – {stop:%H:%M:%S}"
        if axis.width < 60
        else f"{_words(moment(start))} – {stop:%H:%M}"
    )


def _words(at: datetime, seconds: bool = False) -> str:
    return f"{at.day} {at:%b}, {at:%H:%M:%S}" if seconds else f"{at.day} {at:%b}, {at:%H:%M}"


def _ticks(axis: "Spread[str]") -> Iterator[str]:
    step = axis.width
    whole = axis.stop - axis.start
    while whole / step > _MOST_TICKS:
        step = wider(step)
    day = ""
    for second in _places(axis, step):
        at = moment(second)
        share = 100 * (second - axis.start) / whole
        if share > 94:
            continue
        named = f"{at.day} {at:%b}" + (f" {at.year}" if step >= 28 * _DAY else "")
        clock = f"{at:%H:%M:%S}" if step < 60 else f"{at:%H:%M}"
        yield f'<line x1="{share:.2f}%" x2="{share:.2f}%" y2="5"/>'
        if step >= _DAY:
            yield f'<text x="{share:.2f}%" dx="3" y="16">{named}</text>'
            continue
        yield f'<text x="{share:.2f}%" dx="3" y="16">{clock}</text>'
        if named != day:
            yield f'<text class="day" x="{share:.2f}%" dx="3" y="31">{named}</text>'
            day = named


def _places(axis: "Spread[str]", step: int) -> List[int]:
    return [second for second in range(aligned(axis.start, step), axis.stop, step) if second >= axis.start]
