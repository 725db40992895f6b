# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many hosts found of one pattern, as one entry; and looking at what hosts send."""

from __future__ import annotations

import heapq
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .._common.verdict import Severity
from .collect import MOST_LISTED, order
from .timeline import Buckets, second_of

_LONGEST = 1e9  # seconds
MOST_HOSTS = 500  # listed for a pattern
Match = Dict[str, Any]


def object_of(value: Any, what: str) -> Mapping[str, Any]:
    """
    :raises Day2Error: for what is no object.
    """
    if not isinstance(value, Mapping):
        raise Day2Error(f"{what} is not an object")
    return value


def text_of(value: Mapping[str, Any], name: str) -> str:
    """
    :raises Day2Error: for what is no text.
    """
    if not isinstance(value.get(name), str):
        raise Day2Error(f"{name} is missing or not a text")
    return str(value[name])


def list_of(value: Mapping[str, Any], name: str) -> List[Any]:
    """A list; none is an empty one.

    :raises Day2Error: for what is no list.
    """
    found = value.get(name) or []
    if not isinstance(found, list):
        raise Day2Error(f"{name} is not a list")
    return found


def count_of(value: Mapping[str, Any], name: str) -> int:
    """A count; none is nothing.

    :raises Day2Error: for what is no count.
    """
    found = value.get(name) or 0
    if not isinstance(found, int) or found < 0:
        raise Day2Error(f"{name} is not a count")
    return int(found)


def match_of(value: Any) -> Match:
    """An entry of ``matches`` of a host.

    :raises Day2Error: when it is none.
    """
    entry = object_of(value, "an entry of matches")
    severity = text_of(entry, "severity")
    if severity not in [each.value for each in Severity]:
        raise Day2Error(f"severity {severity[:60]!r} is none")
    return {
        "pattern": text_of(entry, "pattern"),
        "pattern_set": str(entry.get("pattern_set") or ""),
        "severity": severity,
        "message": str(entry.get("message") or ""),
        "count": count_of(entry, "count"),
        "met": entry.get("met") is not False,
        "threshold": _threshold(entry.get("threshold")),
        "first": _spot(entry.get("first")),
        "last": _spot(entry.get("last")),
        "samples": [_sample(each) for each in list_of(entry, "samples")],
        "aggregates": {
            str(name): [_value(each) for each in values]
            for name, values in object_of(entry.get("aggregates") or {}, "aggregates").items()
            if isinstance(values, list)
        },
        "timeline": Buckets.of(entry.get("timeline")).as_dict(),
    }


def _threshold(value: Any) -> Optional[Dict[str, Any]]:
    """What it takes; how near a host came to it is told by that host only."""
    if value is None:
        return None
    entry = object_of(value, "a threshold")
    per = entry.get("per_seconds")
    if per is not None and (isinstance(per, bool) or not isinstance(per, (int, float)) or not 0 < per < _LONGEST):
        raise Day2Error("per_seconds is no number of seconds")
    return {"count": count_of(entry, "count"), "per_seconds": per}


def _spot(value: Any) -> Optional[Dict[str, Any]]:
    if value is None:
        return None
    place = object_of(value, "a place")
    at = place.get("at")
    if at is not None:
        second_of(at)
    line = place.get("line")
    return {
        "at": None if at is None else str(at),
        "path": text_of(place, "path"),
        "line": None if line is None else count_of(place, "line"),
        "offset": count_of(place, "offset"),
    }


def _sample(value: Any) -> Dict[str, Any]:
    entry = object_of(value, "a sample")
    fields = object_of(entry.get("fields") or {}, "fields")
    return {
        **(_spot(entry) or {}),
        "text": text_of(entry, "text"),
        "cut_bytes": count_of(entry, "cut_bytes"),
        "message": str(entry.get("message") or ""),
        "fields": {str(name): str(said) for name, said in fields.items()},
        "before": [str(line) for line in list_of(entry, "before")],
        "after": [str(line) for line in list_of(entry, "after")],
    }


def _value(value: Any) -> Dict[str, Any]:
    entry = object_of(value, "a value")
    count = count_of(entry, "count")
    return {"value": text_of(entry, "value"), "count": count, "at_most": max(count, count_of(entry, "at_most"))}


def joined(hosts: Sequence[Tuple[str, Sequence[Match]]], max_samples: int) -> List[Match]:
    """One entry for each pattern and severity that any host has found, the worst first."""
    found: Dict[Tuple[str, str], List[Tuple[str, Match]]] = {}
    for host, matches in hosts:
        for match in matches:
            found.setdefault((match["pattern"], match["severity"]), []).append((host, match))
    return sorted((_joined(group, max_samples) for group in found.values()), key=order)


def _joined(group: List[Tuple[str, Match]], max_samples: int) -> Match:
    first = group[0][1]
    times = Buckets()
    for _host, match in group:
        times.merge(Buckets.of(match["timeline"]))
    hosts = [{"host": host, "count": match["count"], "met": match["met"]} for host, match in group]
    hosts.sort(key=lambda entry: (not entry["met"], -entry["count"], entry["host"]))
    names = sorted({name for _host, match in group for name in match["aggregates"]})
    return {
        **{key: first[key] for key in ("pattern", "pattern_set", "severity", "message", "threshold")},
        "count": sum(match["count"] for _host, match in group),
        # A threshold holds for each host: many hosts with a little each are not one with too much.
        "met": any(match["met"] for _host, match in group),
        "first": _outermost(group, "first"),
        "last": _outermost(group, "last"),
        "samples": list(_samples(group, max_samples)),
        "aggregates": {
            name: _aggregate([match["aggregates"].get(name, []) for _host, match in group]) for name in names
        },
        "logs": [],
        "hosts": hosts[:MOST_HOSTS],
        "hosts_total": len(hosts),
        "timeline": times.as_dict(),
    }


def _outermost(group: List[Tuple[str, Match]], end: str) -> Optional[Dict[str, Any]]:
    spots = [{"host": host, **match[end]} for host, match in group if match[end] is not None]
    dated = [spot for spot in spots if spot["at"] is not None]
    if dated:
        choose = min if end == "first" else max
        return choose(dated, key=lambda spot: second_of(spot["at"]))
    return spots[0 if end == "first" else -1] if spots else None


def _samples(group: List[Tuple[str, Match]], most: int) -> Iterator[Dict[str, Any]]:
    """Some of each host, before there are more of one; of a host, the last ones first."""
    ranked = [
        (number, place, {"host": host, **sample})
        for place, (host, match) in enumerate(group)
        for number, sample in enumerate(reversed(match["samples"]))
    ]
    chosen = heapq.nsmallest(max(0, most), ranked, key=lambda each: each[:2])
    return (sample for _number, _place, sample in sorted(chosen, key=lambda each: (each[1], -each[0])))


def _hidden(values: List[Dict[str, Any]]) -> int:
    """How often a value that is not listed may have been there."""
    if len(values) < MOST_LISTED:
        return 0
    fewest: int = min(entry["count"] for entry in values)
    doubt: int = max(entry["at_most"] - entry["count"] for entry in values)
    return fewest + doubt


def _aggregate(lists: Sequence[List[Dict[str, Any]]]) -> List[Dict[str, Any]]:
    """The most frequent values of all hosts. Of a host that lists only its first few, another value may be there as
    often as the last of those."""
    certain: Dict[str, int] = {}
    possible: Dict[str, int] = {}
    hidden = [_hidden(values) for values in lists]
    for values, missed in zip(lists, hidden):
        for entry in values:
            value = entry["value"]
            certain[value] = certain.get(value, 0) + entry["count"]
            possible[value] = possible.get(value, sum(hidden)) + entry["at_most"] - missed
    ranked = sorted(certain, key=lambda value: (-certain[value], value))[:MOST_LISTED]
    return [
        {"value": value, "count": certain[value]}
        if possible[value] <= certain[value]
        else {"value": value, "count": certain[value], "at_most": possible[value]}
        for value in ranked
    ]
