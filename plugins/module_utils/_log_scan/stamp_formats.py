# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How time stamps look in logs. Every regex names the parts of a stamp as ``stamps.py`` reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Dict, Tuple
from typing import Pattern as Regex

MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), start=1
    )
}

# Hours east of Greenwich, of abbreviations that mean one zone, or one far more often than another. The run's own zone
# is asked before. Those that are anybody's guess (IST) are not in here.
_HOURS = {
    -10: "HST",
    -9: "AKST",
    -8: "PST AKDT",
    -7: "MST PDT",
    -6: "CST MDT",
    -5: "EST CDT",
    -4: "EDT",
    -3: "ADT BRT",
    -2.5: "NDT",
    0: "UTC GMT UCT WET",
    1: "CET MEZ BST WEST",
    2: "CEST MESZ EET SAST",
    3: "EEST MSK TRT",
    5: "PKT",
    7: "WIB",
    8: "SGT HKT AWST",
    9: "JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
ABBREVIATIONS: Dict[str, float] = {name: hours for hours, names in _HOURS.items() for name in names.split()}


@dataclass(frozen=True)
class Format:
    """One way to write a time."""

    regex: "Regex[bytes]"
    anywhere: bool = False  # not to be mistaken, so it counts wherever in the line it stands


_MONTH = b"(?P<month>" + b"|".join(MONTHS) + b")"
_CLOCK = rb"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_TIGHT = rb"(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_OFFSET = rb"(?P<offset>Z|[+-]\d\d(?::?\d\d)?)(?![\w:])"
_NAMED = rb"(?P<named>[A-Z]{3,5}(?![\w./:-])|[A-Z][a-z]+(?:/[A-Z][\w+-]+){1,2})"
_ZONE = rb"(?: ?" + _OFFSET + rb"| " + _NAMED + rb")?"
_ALONE = rb"(?<![\w.:/+-])"  # not in the middle of a number, a path or another time

_FORMATS: Tuple[Tuple[bytes, bool], ...] = (
    # 2026-11-28T19:20:07.123Z, 2026-11-28 19:20:07,123, 2026-11-28  9:20:07.123 CET, 2026/11/28 19:20:07
    (_ALONE + rb"(?P<year>\d{4})([-/])(?P<month>\d\d)\2(?P<day>\d\d)[Tt _] ?" + _CLOCK + _ZONE, False),
    # Nov 28 19:20:07, Nov 28 2026 19:20:07, Sat Nov 28 19:20:07.123456 2026, Sat Nov 28 19:20:07 UTC 2026
    (
        _ALONE
        + _MONTH
        + rb" +(?P<day>\d{1,2})(?: (?P<year>\d{4}),?)? +"
        + _CLOCK
        + rb"(?:(?: (?P<named>[A-Z]{3,5}))? (?P<late_year>(?:19|20)\d\d)(?![\w:.]))?",
        False,
    ),
    # [28/Nov/2026:19:20:07 +0000] of an access log
    (rb"\[(?P<day>\d{1,2})/" + _MONTH + rb"/(?P<year>\d{4}):" + _CLOCK + _ZONE + rb"\]", True),
    # 28-Nov-2026 19:20:07 Europe/Berlin, 28 Nov 2026 19:20:07.123, Sat, 28 Nov 2026 19:20:07 GMT
    (_ALONE + rb"(?P<day>\d{1,2})([ /-])" + _MONTH + rb"\2(?P<year>\d{4})[ :]" + _CLOCK + _ZONE, False),
    # E1128 19:20:07.123456, E20261128 19:20:07.123456
    (rb"^[IWEFD](?P<year>\d{4})?(?P<month>\d\d)(?P<day>\d\d) (?=\d\d:\d\d:\d\d\.)" + _CLOCK, False),
    # 20261128T192007Z, 20261128 19:20:07.123
    (
        _ALONE + rb"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)[T -]" + _TIGHT + rb"(?:" + _OFFSET + rb"|(?!\w))",
        False,
    ),
    # 261128  9:20:07
    (rb"^(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d) +" + _CLOCK + rb"\b", False),
    # 1795893607.123, [1795893607], audit(1795893607.123:42)
    (rb"(?:^\[?|audit\()(?P<epoch>\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})(?=[\s\]:,|;]|$)", False),
)
_JSON = (
    rb'"(?:@?timestamp|Timestamp|time|Time|@t|ts?|datetime|date|asctime|[Ee]vent_?[Tt]ime|time_local|time_iso8601)"'
    rb'\s*:\s*(?:\{\s*"\$date"\s*:\s*)?(?:"(?P<text>[^"\\]{8,48})"|(?P<epoch>\d+(?:\.\d+)?(?:[eE]\+?\d+)?)(?=[\s,}]))'
)


@cache
def formats() -> Tuple[Format, ...]:
    """All of them, but for JSON. Compiled by the first line that is asked for its time: most scans ask none."""
    return tuple(Format(re.compile(regex), anywhere) for regex, anywhere in _FORMATS)


@cache
def json_key() -> "Regex[bytes]":
    """A time under one of the keys that writers of JSON use for it."""
    return re.compile(_JSON)
