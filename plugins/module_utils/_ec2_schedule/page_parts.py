# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small pieces that only this page has."""

from __future__ import annotations

from datetime import datetime
from typing import Sequence

from .._report.html_kit import icon, text
from .report_model import Entry
from .result import iso
from .wording import KINDS, local, moment, place

SHAPES = {
    "start": '<path d="M4.5 2.6v10.8c0 .5.6.9 1 .6l8-5.4c.4-.3.4-.9 0-1.2l-8-5.4c-.4-.3-1 .1-1 .6Z"/>',
    "stop": '<rect x="3" y="3" width="10" height="10" rx="2"/>',
    "hibernate": '<path d="M13.6 10.2A6 6 0 0 1 5.8 2.4 6 6 0 1 0 13.6 10.2Z"/>',
}
_DONE = {"start": "start", "stop": "stop", "hibernate": "hibernate"}
_MOST_NAMES = 3


def pill(action: str) -> str:
    """An action with its symbol."""
    known = action if action in _DONE else "stop"
    return f'<span class="pill a-{known}">{icon(known)}{text(action)}</span>'


def moment_tag(at: datetime, zone: str, year: bool = False) -> str:
    """An instant for people, with what machines and the exact want in its attributes."""
    words = moment(at, zone)
    if year:
        words = f"{words.replace(',', f' {local(at, zone).year},')} {place(zone)}"
    exact = f"{iso(at)} · {zone}"
    return f'<time datetime="{text(iso(at))}" title="{text(exact)}">{text(words)}</time>'


def names(values: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(f"<bdi>{text(value)}</bdi>" for value in values[:_MOST_NAMES])
    more = len(values) - _MOST_NAMES
    return f'<b class="names">{shown}</b>' + (f" and {more:,} more" if more > 0 else "")


def where(entry: Entry) -> str:
    """What a resource is, and where."""
    parts = [KINDS.get(entry["kind"], entry["kind"]), entry.get("type", ""), entry["region"], entry["account"]]
    if entry["resource"] != entry["name"]:
        parts.insert(0, entry["resource"])
    return " · ".join(f"<bdi>{text(part)}</bdi>" for part in parts if part)
