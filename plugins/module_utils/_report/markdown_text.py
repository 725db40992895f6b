# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text in Markdown that shows as itself, whatever it is."""

from __future__ import annotations

import re

MARKS = {"ok": "🟢", "warning": "🟠", "critical": "🔴", "unknown": "⚪"}
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
# What starts a mention, a reference to an issue, or a bare link where Markdown is shown.
_REFERENCE = re.compile(r"([@#!$%&~](?=\w)|:(?=//)|www(?=\.))")
_TICKS = re.compile("`+")
_ZERO_WIDTH_SPACE = "\u200b"


def escape(text: object) -> str:
    """Text that shows as itself within a line: no markup, no HTML, no link, and nobody is mentioned."""
    line = _REFERENCE.sub(r"\1" + _ZERO_WIDTH_SPACE, _SPACES.sub(" ", str(text)).strip())
    line = _SPECIAL.sub(r"\\\1", line)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: object) -> str:
    """A name as a code span, in a table cell too."""
    line = _SPACES.sub(" ", str(text)).strip().replace("|", "\\|")
    if not line:
        return "–"
    fence = "`" * (max((len(ticks) for ticks in _TICKS.findall(line)), default=0) + 1)
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{pad}{line}{pad}{fence}"
