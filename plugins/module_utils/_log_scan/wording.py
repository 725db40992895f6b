# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words for people: bytes, counts and spans of time, and log text that does no harm where it is shown."""

from __future__ import annotations

import re
from typing import Optional

_COLOURS = re.compile(r"\x1b\[[0-9;:]*[mK]")
# Besides control characters, halves of surrogates and what turns the direction of text.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNITS = ("KB", "MB", "GB", "TB", "PB")
_SPANS = ((604800, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def decoded(data: bytes) -> str:
    """Log text as text: UTF-8, else Latin-1, which every byte is a character of. Colours for terminals are left out."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return _COLOURS.sub("", text) if "\x1b" in text else text


def harmless(text: str) -> str:
    """Text without what a terminal or a page would obey: such characters are written as what they are."""
    return _UNSHOWN.sub(_escaped, text)


def _escaped(found: "re.Match[str]") -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def shown_path(path: str) -> str:
    """A path that may hold bytes that are no UTF-8, as text: ``caf\\xe9.log``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def size(count: float) -> str:
    """``812 B``, ``1.2 GB``."""
    if count < 1000:
        return f"{count:.0f} B"
    for unit in _UNITS:
        count /= 1000
        if count < 999.5 or unit == _UNITS[-1]:
            break
    return f"{count:.0f} {unit}" if count >= 100 else f"{count:.1f}".rstrip("0").rstrip(".") + f" {unit}"


def plural(count: int, noun: str, many: Optional[str] = None) -> str:
    """``1 match``, ``1,000 matches``."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def matches(count: int) -> str:
    """``1 match``, ``1,000 matches``."""
    return plural(count, "match", "matches")


def span(seconds: float) -> str:
    """``5 minutes``, ``90 seconds``: in the greatest unit that it is a whole number of."""
    for unit, noun in _SPANS:
        if seconds >= unit and seconds % unit == 0:
            return plural(int(seconds // unit), noun)
    return f"{seconds:g} seconds"
