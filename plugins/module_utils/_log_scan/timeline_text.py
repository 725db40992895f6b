# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A timeline in characters, for terminals, mails and chats."""

from __future__ import annotations

from typing import List, Mapping, Sequence

from .timeline import Buckets, Spread, moment, spread
from .wording import harmless, span

_BARS = " ▁▂▃▄▅▆▇█"
_DAY = 86400


def sparkline(counts: Sequence[int], highest: int = 0) -> str:
    """A character for each count; what is not nothing can be seen."""
    top = max(highest, *counts, 1)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // top)] for count in counts)


def label(second: int, width: int) -> str:
    """A time as precise as the columns: ``28 Nov``, ``28 Nov 19:20``, ``28 Nov 19:20:07``; always UTC."""
    at = moment(second)
    day = f"{at.day} {at:%b}"
    if width >= _DAY:
        return f"{day} {at.year}"
    return f"{day} {at:%H:%M:%S}" if width < 60 else f"{day} {at:%H:%M}"


def ticks(drawn: Spread[str]) -> str:
    """What stands below a sparkline: its first and its last time, apart as far as it is wide."""
    left, right = label(drawn.start, drawn.width), label(drawn.stop, drawn.width)
    return f"{left}{' ' * max(2, drawn.columns - len(left) - len(right))}{right} UTC"


def draw(series: Mapping[str, Buckets], columns: int = 60) -> str:
    """A line for each of the series, on one axis, with their totals; below it the axis and what is not on it."""
    series = {" ".join(harmless(name).split()): buckets for name, buckets in series.items()}
    drawn = spread(series, columns)
    totals = {name: buckets.dated + buckets.undated for name, buckets in series.items()}
    if not drawn.columns:
        lines = [f"{name}  {total:,}" for name, total in totals.items()]
        return "\n".join([*lines, "no times are known"] if lines else ["nothing was found"])
    names = max(len(name) for name in series)
    numbers = max(len(f"{total:,}") for total in totals.values())
    lines = [
        f"{name:<{names}}  {totals[name]:>{numbers},}  {sparkline(counts)}" for name, counts in drawn.counts.items()
    ]
    lines.append(f"{'':<{names + numbers + 4}}{ticks(drawn)}")
    lines.append(f"{'':<{names + numbers + 4}}{'; '.join(notes(drawn))}")
    return "\n".join(lines)


def notes(drawn: "Spread[str]") -> List[str]:
    """How wide a column is, and what is not drawn."""
    said = [f"a column is {span(drawn.width)}"]
    said += [f"{drawn.undated:,} without a time"] if drawn.undated else []
    said += [f"{drawn.earlier:,} more than a year earlier"] if drawn.earlier else []
    said += [f"{drawn.later:,} more than a year later"] if drawn.later else []
    return said
