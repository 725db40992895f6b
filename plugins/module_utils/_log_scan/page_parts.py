# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small pieces that only this page has."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional, Sequence, Tuple

from .._report.html_kit import icon, text

SHAPES = {
    "critical": '<path d="M8 1 15.2 14H.8Z"/><path class="cut" d="M8 6v3.6m0 1.9v.1"/>',
    "high": '<circle cx="8" cy="8" r="7"/><path class="cut" d="M8 4.4v4.2m0 2.6v.1"/>',
    "medium": '<path d="M8 1 15 8 8 15 1 8Z"/><path class="cut" d="M8 5v3.4m0 2.2v.1"/>',
    "low": '<circle cx="8" cy="8" r="7"/><path class="cut" d="M8 7.4v4m0-6.6v.1"/>',
}


def severity(name: str) -> str:
    """A severity with its symbol."""
    return f'<span class="pill w-{name}">{icon(name)}{name}</span>'


def status(name: str) -> str:
    """What a host came to."""
    look = {"ok": "pass", "warning": "medium", "critical": "critical"}.get(name, "unknown")
    return f'<span class="pill w-{look}">{text(name)}</span>'


def at_tag(written: str, year: bool = False, usual: Optional[int] = None) -> str:
    """A time of a result for people, in UTC, with what was written in its attributes.

    :param usual: the year that need not be said; any other is.
    """
    try:
        at = datetime.fromisoformat(written.replace("Z", "+00:00"))
        at = at.replace(tzinfo=at.tzinfo or timezone.utc).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return f"<bdi>{text(written)}</bdi>"
    said = f" {at.year}" if year or usual not in (None, at.year) else ""
    words = f"{at.day} {at:%b}{said}, {at:%H:%M:%S}{' UTC' if year else ''}"
    return f'<time datetime="{text(written)}" title="{text(written)}">{words}</time>'


def share(parts: Sequence[Tuple[str, int]], label: str = "") -> str:
    """Shares of a whole as one bar; what is not nothing can be seen."""
    total = sum(count for _look, count in parts) or 1
    shown = [(look, max(100 * count / total, 1.5)) for look, count in parts if count]
    scale = 100 / (sum(width for _look, width in shown) or 1)
    rects, at = [], 0.0
    for look, width in shown:
        gap = 0.0 if at + width * scale > 99.9 else 0.5
        rects.append(f'<rect class="{look}" x="{at:.2f}%" width="{max(width * scale - gap, 0.5):.2f}%" height="10"/>')
        at += width * scale
    role = f'role="img" aria-label="{text(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="share" {role}>{"".join(rects)}</svg>'


def more(left: int, what: str) -> str:
    """What is not on the page."""
    return f'<p class="note">And {left:,} more {what}. The JSON report has all.</p>' if left > 0 else ""
