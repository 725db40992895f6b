# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people write out of habit, from other schedulers or other languages, and what it is called here."""

from __future__ import annotations

import re
from typing import Collection, Dict, Iterable, List, Optional, Tuple

from . import words
from .schedule import DAY

EXAMPLE = "Mon-Fri 07:30-19:00 Europe/Madrid"

_FOREIGN = "is the language of another scheduler"
_LETTERS = dict(zip("mtwhfsu", words.WEEKDAYS))  # of Cloud Custodian, where Sunday is U
_ZONES = {
    **dict.fromkeys(("pt", "pst", "pdt", "pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("mt", "mdt", "mountain"), "America/Denver"),
    **dict.fromkeys(("ct", "cst", "cdt", "central"), "America/Chicago"),
    **dict.fromkeys(("et", "edt", "eastern"), "America/New_York"),
    **dict.fromkeys(("bst", "britain"), "Europe/London"),
    **dict.fromkeys(("cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("ist", "india"), "Asia/Kolkata"),
    **dict.fromkeys(("jst",), "Asia/Tokyo"),
    **dict.fromkeys(("z", "utc+0", "gmt+0"), "UTC"),
}
_MEANT = {
    **dict.fromkeys(("24/7", "24x7", "7x24", "allways", "on", "running", "true", "yes"), "always"),
    **dict.fromkeys(("off", "none", "stopped", "false", "no"), "never"),
    **dict.fromkeys(("disabled", "skip", "exempt", "manual"), "ignore"),
    **dict.fromkeys(("everyday", "every", "each", "*", "?"), "daily"),
    **dict.fromkeys(("&", "&&", "or", "|", "||", "plus"), "and"),
    **dict.fromkeys(("except", "without", "but", "excluding"), "not @calendar"),
    **dict.fromkeys(("stop", "stoponly", "stop_only", "off-only"), "stop-only"),
    **dict.fromkeys(("start", "startonly", "start_only", "on-only"), "start-only"),
    **dict.fromkeys(("noon",), "12:00"),
    **dict.fromkeys(("midnight",), "24:00"),
    **dict.fromkeys(("business", "workdays", "working", "weekday", "wd"), "weekdays"),
    **dict.fromkeys(("weekend", "we"), "weekends"),
}
RANGE = frozenset(("to", "until", "till", "through", "thru", "from", "bis", "von", "a", "de"))
_OFFSET = re.compile(r"(utc|gmt)?[+-][0-9]{1,2}(:?[0-9]{2})?", re.IGNORECASE | re.ASCII)
_CRON = re.compile(r"[0-9*?/,l#w-]+|[0-9a-z,-]{3,}", re.ASCII)
_CUSTODIAN = re.compile(r"(on|off)=[\[(]*([a-z])(?:-([a-z]))?,([0-9]{1,2})[\])]*", re.ASCII)
_CUSTODIAN_ZONE = re.compile(r"tz=([a-z_/]+)", re.ASCII)


def foreign(text: str) -> Optional[Tuple[int, str, str]]:
    """What a text is when it is the whole sentence of another scheduler: where that begins, how far, and what to say."""
    folded = text.lower()
    begin = len(text) - len(text.lstrip())
    first = folded[begin:].split(None, 1)[0] if folded.strip() else ""
    if re.match(r"(on|off)\s*=", folded[begin:]):
        ours = _custodian(folded)
        said = f"here that is {ours}" if ours else f"here a schedule is windows: {EXAMPLE}"
        return begin, text[begin:].split(None, 1)[0], f"{_FOREIGN}; {said}"
    if first.startswith(("cron(", "rate(", "at(")):
        return begin, text[begin:].split(None, 1)[0], f"{_FOREIGN}; here a schedule is windows: {EXAMPLE}"
    fields = folded.split()
    if "*" in folded and len(fields) in (5, 6) and all(_CRON.fullmatch(field) for field in fields):
        return begin, text.strip(), f"is a cron expression; here a schedule is windows: {EXAMPLE}"
    if text[begin : begin + 1] in ("{", "[", "(", "<"):
        return begin, text[begin], f"is no part of a schedule; one looks like {EXAMPLE}"
    return None


def _custodian(text: str) -> str:
    """``off=(M-F,19);on=(M-F,7);tz=pt`` in our words; empty when it says more than can be told in a line."""
    found: Dict[str, Tuple[str, str]] = {}
    if text.count("(") > text.count("="):
        return ""
    for match in _CUSTODIAN.finditer("".join(text.split())):
        kind, first, last, hour = match.groups()
        days = [_LETTERS.get(letter, "") for letter in (first, last or first)]
        if kind in found or not all(days) or int(hour) > 23:
            return ""
        found[kind] = (days[0] if days[0] == days[1] else "-".join(days), f"{int(hour):02}:00")
    zone = _CUSTODIAN_ZONE.search(text)
    behind = ""
    if zone is not None:
        behind = _ZONES.get(zone[1], "") or "/".join(part.title() for part in zone[1].split("/"))
    if len(found) == 2:
        (days_on, on), (days_off, off) = found["on"], found["off"]
        return " ".join((days_on, f"{on}-{off}", behind)).strip() if days_on == days_off else ""
    for kind, mode in (("off", "stop-only"), ("on", "start-only")):
        if kind in found:
            return " ".join((mode, *found[kind], behind)).strip()
    return ""


def hint(word: str, keywords: Iterable[str]) -> str:
    """What somebody may have meant by a word that is none of ours, or nothing."""
    folded = word.lower()
    if folded in _MEANT:
        return f"; did you mean {_MEANT[folded]}?"
    if folded in RANGE:
        return "; from … to … is written with a dash: Mon-Fri, 07:30-19:00"
    if folded in _ZONES:
        return f"; did you mean {_ZONES[folded]}?"
    days = _days(word)
    if days:
        return f"; did you mean {days}?"
    if folded.startswith("@"):
        return f"; calendars stand behind not or only: not {word[:40]}"
    return words.near(word, keywords)


def _days(word: str) -> str:
    """``M-F`` and ``Mo-Fr`` in our words."""
    parts = re.split(r"([-+/.&|])", word)
    found: List[str] = []
    for part in parts[::2]:
        day = _LETTERS.get(part.lower(), "")
        if not day and 2 <= len(part) <= 12:
            index = words.weekday_index(part)
            begun = [each for each in words.WEEKDAYS if each.lower().startswith(part.lower())]
            day = words.WEEKDAYS[index] if index >= 0 else begun[0] if len(begun) == 1 else ""
        if not day:
            return ""
        found.append(day)
    return "".join(one + two for one, two in zip(found, ["-" if each == "-" else "+" for each in parts[1::2]] + [""]))


def zone_hint(text: str, zones: Collection[str]) -> str:
    """The zone that somebody may have meant, or nothing."""
    folded = text.lower()
    if folded in _ZONES:
        return f"; did you mean {_ZONES[folded]}?"
    if _OFFSET.fullmatch(text):
        return "; an offset knows no summer time"
    there = city_hint(text, zones)
    if there:
        return there
    region, slash, city = folded.rpartition("/")
    # Those that have something in common, as comparing with all of them takes long.
    near = [
        zone
        for zone in sorted(zones)
        if zone.lower().rpartition("/")[2][:2] == city[:2] or (slash and zone.lower().startswith(f"{region}/"))
    ]
    return words.near(text, near)


def city_hint(text: str, zones: Collection[str]) -> str:
    """``Europe/Madrid`` for ``Madrid``, or nothing."""
    same = sorted(zone for zone in zones if zone.lower().endswith(f"/{text.lower()}"))
    return f"; did you mean {same[0]}?" if text and same else ""


def window_hint(part: str) -> str:
    """``07:00-19:00`` for ``7-19``, ``7am-7pm``, ``0700-1900``, ``07.30-19h``; empty for what is not like a window."""
    ends = [time_hint(end) for end in part.split("-")]
    return "-".join(ends) if len(ends) == 2 and all(ends) else ""


def time_hint(word: str) -> str:
    """``07:30`` for ``7.30``, ``730``, ``7:30am``; empty for what is not like a time."""
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?::[0-9]{2})?h?(am|pm)?", word.lower(), re.ASCII)
    if match is None:
        return ""
    hours, minutes = int(match[1]), int(match[2] or 0)
    if match[3] and not 1 <= hours <= 12:
        return ""
    if match[3]:
        hours = hours % 12 + (12 if match[3] == "pm" else 0)
    return words.time_text(hours * 60 + minutes) if minutes < 60 and hours * 60 + minutes <= DAY else ""


def date_hint(word: str) -> str:
    """``2026-12-24`` for ``2026/12/24``, ``20261224`` and ``24.12.2026``; empty where day and month may be confused."""
    match = re.fullmatch(r"([0-9]{4})[-./]?([0-9]{1,2})[-./]?([0-9]{1,2})", word, re.ASCII)
    if match is None:
        match = re.fullmatch(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})", word, re.ASCII)
        if match is None:
            return ""
        first, second, year = (int(number) for number in match.groups())
        if first <= 12 and second <= 12 and first != second:
            return ""
        day, month = (first, second) if second <= 12 else (second, first)
    else:
        year, month, day = (int(number) for number in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if words.is_date(year, month, day) else ""
