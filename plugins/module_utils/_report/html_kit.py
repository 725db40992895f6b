# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small pieces that pages are made of. What is given to them as text comes out escaped."""

from __future__ import annotations

from html import escape
from typing import Any, Dict, Iterable, Sequence, Tuple

_MOST_LISTED = 3
# Characters that turn the direction of what follows them.
_TURNS = {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
SHAPES: Dict[str, str] = {
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


def text(value: object) -> str:
    """Text for an element or a quoted attribute. Characters that turn the direction of what follows show as what
    they are, so that no name looks like another."""
    return escape(str(value).translate(_TURNS))


def icon(name: str) -> str:
    """A symbol of the page's sprite: one of ``SHAPES``, or of the page's own."""
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'


def number(value: float) -> str:
    """A number with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def listed(values: Sequence[Any]) -> str:
    """The first few of some names, and how many more there are."""
    shown = ", ".join(f"<bdi>{text(value)}</bdi>" for value in values[:_MOST_LISTED])
    more = len(values) - _MOST_LISTED
    return (shown + (f" and {more} more" if more > 0 else "")) or "–"


def facts(entries: Iterable[Tuple[str, str]]) -> str:
    """Names with what they stand for, both as markup."""
    return f'<dl class="facts">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)}</dl>'


def plain(value: Any) -> str:
    """A value of a run's header as people read it."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def safe_json(document: str) -> str:
    """JSON that means the same and holds nothing that an HTML parser, or an old script parser, could stumble over."""
    return (
        document.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
