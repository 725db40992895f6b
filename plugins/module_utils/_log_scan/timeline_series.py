# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A timeline of whatever a playbook has: a whole result, its matches, or any records with a time."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping

from .._common.errors import Day2Error
from .report_model import SEVERITIES
from .timeline import Buckets, iso, second_of, spread
from .timeline_svg import svg
from .timeline_text import draw

MOST_COLUMNS = 400
ALL = "all"


def series_of(value: Any, by: str) -> Dict[str, Buckets]:
    """What is to be drawn, by its name.

    :param value: the result of a scan, a list of its matches, or a list of records that have ``at``.
    :param by: the key of a match or record whose values are told apart; ``all`` tells nothing apart.

    :raises Day2Error: for anything else.
    """
    entries = value.get("matches") if isinstance(value, Mapping) else value
    if isinstance(entries, (str, bytes)) or not isinstance(entries, (list, tuple)):
        raise Day2Error("a result of log_scan, a list of its matches, or a list of records with at is expected")
    found: Dict[str, Buckets] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise Day2Error(f"entry {number} is neither a match nor a record with at")
        name = ALL if by == ALL else str(entry.get(by, "–"))
        buckets = found.setdefault(name, Buckets())
        try:
            _take(buckets, entry)
        except Day2Error as error:
            raise Day2Error(f"entry {number}: {error}") from error
    if by == "severity":
        ranks = {severity: rank for rank, severity in enumerate(SEVERITIES)}
        return dict(sorted(found.items(), key=lambda item: ranks.get(item[0], len(ranks))))
    return found


def _take(buckets: Buckets, entry: Mapping[str, Any]) -> None:
    if "timeline" in entry:
        buckets.merge(Buckets.of(entry["timeline"]))
    elif "at" not in entry:
        raise Day2Error("it has neither a timeline nor at")
    elif entry["at"] is None:
        buckets.undated += 1
    else:
        buckets.add(second_of(entry["at"]))


def listed(series: Mapping[str, Buckets], columns: int) -> List[Dict[str, Any]]:
    """The columns as data: ``start``, ``end``, ``count``, and ``by`` name."""
    drawn = spread(series, columns)
    found = []
    for number in range(drawn.columns):
        start, by = drawn.start + number * drawn.width, drawn.column(number)
        found.append({"start": iso(start), "end": iso(start + drawn.width), "count": sum(by.values()), "by": by})
    return found


FORMATS: Mapping[str, Callable[[Mapping[str, Buckets], int], Any]] = {"text": draw, "svg": svg, "buckets": listed}


def rendered(value: Any, form: str, by: str, columns: Any) -> Any:
    """The timeline in one of the ``FORMATS``.

    :raises Day2Error: naming what is not as it should be.
    """
    if form not in FORMATS:
        raise Day2Error(f"format: {form!r} is none of {', '.join(FORMATS)}")
    if not isinstance(columns, int) or isinstance(columns, bool) or not 1 <= columns <= MOST_COLUMNS:
        raise Day2Error(f"columns: {columns!r} is not a number from 1 to {MOST_COLUMNS}")
    return FORMATS[form](series_of(value, by), columns)
