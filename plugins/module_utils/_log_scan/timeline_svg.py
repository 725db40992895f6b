# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A timeline as an SVG image of its own, for a mail, a ticket or a wiki: it follows the reader's light or dark screen."""

from __future__ import annotations

from typing import Iterator, Mapping

from .._report.html_kit import text
from .report_model import SEVERITIES
from .timeline import Buckets, Spread, spread
from .timeline_text import label, notes
from .wording import harmless

_WIDTH, _LABEL, _TOTAL, _ROW = 760, 190, 70, 34
_MOST_LABEL = 26
_STYLE = (
    "svg{color-scheme:light dark;font:13px sans-serif}.g{fill:#fff}.t{fill:#161a22}.s{fill:#545d6c;font-size:12px}"
    ".l{stroke:#c9ced8}.b{fill:#4a5fd9}.critical{fill:#8f1239}.high{fill:#d6454b}.medium{fill:#e9a23b}.low{fill:#7ca7d8}"
    "@media(prefers-color-scheme:dark){.g{fill:#171b23}.t{fill:#e8ebf1}.s{fill:#a2abba}.l{stroke:#3d4554}.b{fill:#8796f5}"
    ".critical{fill:#c22a5c}.high{fill:#e5646a}.medium{fill:#e0a048}.low{fill:#6f9bd1}}"
)


def svg(series: Mapping[str, Buckets], columns: int = 60) -> str:
    """A row of columns for each of the series, on one axis, with their totals."""
    drawn = spread(series, columns)
    height = _ROW * max(1, len(series)) + 56
    words = "; ".join(f"{name}: {buckets.dated + buckets.undated:,}" for name, buckets in series.items()) or "nothing"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" role="img"',
        f' aria-label="{_text(words)}"><style>{_STYLE}</style><rect class="g" width="{_WIDTH}" height="{height}" rx="10"/>',
    ]
    for number, (name, buckets) in enumerate(series.items()):
        parts.extend(_row(drawn, name, buckets, 12 + number * _ROW))
    parts.extend(_foot(drawn, 12 + _ROW * max(1, len(series))))
    return "".join([*parts, "</svg>"])


def _row(drawn: "Spread[str]", name: str, buckets: Buckets, top: int) -> Iterator[str]:
    shown = name if len(name) <= _MOST_LABEL else f"{name[: _MOST_LABEL - 1]}…"
    base = top + _ROW - 8
    yield f'<text class="t" x="14" y="{base - 2}">{_text(shown)}<title>{_text(name)}</title></text>'
    yield f'<text class="t" x="{_WIDTH - 14}" y="{base - 2}" text-anchor="end">{buckets.dated + buckets.undated:,}</text>'
    yield f'<line class="l" x1="{_LABEL}" x2="{_WIDTH - _TOTAL}" y1="{base}" y2="{base}"/>'
    counts = drawn.counts[name]
    highest, width = max(counts, default=0), (_WIDTH - _LABEL - _TOTAL) / max(1, drawn.columns)
    look = name if name in SEVERITIES else "b"
    for number, count in enumerate(counts):
        if count:
            tall = max((_ROW - 12) * count / highest, 2.0)
            said = f"{label(drawn.start + number * drawn.width, drawn.width)}: {count:,}"
            yield (
                f'<rect class="{look}" x="{_LABEL + number * width:.2f}" y="{base - tall:.1f}" width="{max(width * 0.86, 0.8):.2f}"'
                f' height="{tall:.1f}"><title>{said}</title></rect>'
            )


def _foot(drawn: "Spread[str]", top: int) -> Iterator[str]:
    if not drawn.columns:
        yield f'<text class="s" x="14" y="{top + 16}">{"no times are known" if drawn.undated else "nothing was found"}</text>'
        return
    yield f'<text class="s" x="{_LABEL}" y="{top + 10}">{label(drawn.start, drawn.width)}</text>'
    yield f'<text class="s" x="{_WIDTH - _TOTAL}" y="{top + 10}" text-anchor="end">{label(drawn.stop, drawn.width)} UTC</text>'
    yield f'<text class="s" x="{_LABEL}" y="{top + 30}">{_text("; ".join(notes(drawn)))}</text>'


def _text(value: str) -> str:
    return text(harmless(value))
