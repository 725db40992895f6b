# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A result as events: one for each sample, one for what samples do not show, one for each thing that went wrong."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from .model import Cause
from .wording import plural

MATCH = "match"
COUNT = "count"
PROBLEM = "problem"
WARNING = "warning"
KINDS = (MATCH, COUNT, PROBLEM, WARNING)

Event = Dict[str, Any]


def events_of(result: Mapping[str, Any]) -> Iterator[Event]:
    """The events of a result, in an order that is the same each time it is delivered.

    Each has an ``id`` made of the run and its number in it: whoever has seen an id has seen the event.
    """
    run_id = result["run_id"]
    common = {"run_id": run_id, "redelivered": result["redelivered"]}
    found = [*_matches(result), *_counts(result), *problems(result)]
    for number, event in enumerate(found):
        yield {**event, "id": f"{run_id}-{number}", **common}


def _matches(result: Mapping[str, Any]) -> List[Event]:
    """The samples of all patterns, by their time; one that has none stays behind the one that was read before it."""
    timed: List[Tuple[str, Event]] = []
    for entry in result["matches"]:
        latest = ""
        for sample in entry["samples"]:
            latest = _sortable(sample["at"]) or latest
            timed.append((latest, {"kind": MATCH, **_of_pattern(entry), **sample}))
    return [event for _at, event in sorted(timed, key=lambda pair: pair[0])]


def _sortable(at: Optional[str]) -> str:
    """A time in UTC as text that sorts; empty without one."""
    if at is None:
        return ""
    from datetime import datetime, timezone  # most runs find nothing

    moment = datetime.fromisoformat(at[:-1] + "+00:00" if at.endswith("Z") else at)
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")


def _counts(result: Mapping[str, Any]) -> Iterator[Event]:
    """Patterns that were found more often than samples show, or as often as their threshold says."""
    for entry in result["matches"]:
        shown = len(entry["samples"])
        if entry["count"] > shown or (entry["threshold"] is not None and entry["met"]):
            yield {
                "kind": COUNT,
                **_of_pattern(entry),
                "message": entry["message"],
                "samples": shown,
                **{key: entry[key] for key in ("count", "threshold", "first", "last", "aggregates", "logs")},
            }


def _of_pattern(entry: Mapping[str, Any]) -> Event:
    return {key: entry[key] for key in ("pattern", "pattern_set", "severity", "met")}


def problems(result: Mapping[str, Any]) -> Iterator[Event]:
    """What was lost, what could not be read, and what else went wrong."""
    for entry in result["files"]:
        causes = [*entry["gap_causes"]]
        if entry["gap"]:
            yield problem(
                f"{plural(entry['gap'], 'byte')} of {entry['path']} were lost ({', '.join(causes) or 'unknown'})",
                entry["path"],
                gap=entry["gap"],
                causes=causes,
            )
        stuck = entry["pending_cause"] == Cause.UNREADABLE.value
        if entry["unreadable"] or stuck:
            unread = Cause.UNREADABLE.value
            told = (event["detail"] for event in entry["events"] if event["cause"] == unread)
            why = entry["unreadable"] or next(told, "it could not be opened")
            yield problem(f"{entry['path']} cannot be read: {why}", entry["path"], causes=[unread])
    for sentence in result["problems"]:
        yield problem(sentence)


def problem(message: str, path: Optional[str] = None, gap: int = 0, causes: Optional[List[str]] = None) -> Event:
    """Something that went wrong. ``gap``: bytes that are lost for good."""
    return {"kind": PROBLEM, "message": message, "path": path, "gap": gap, "causes": causes or []}


def warning(message: str) -> Event:
    """Something to look at, that loses nothing."""
    return {"kind": WARNING, "message": message, "path": None}


def lasting(event: Mapping[str, Any]) -> str:
    """What a condition is known by that is found again by each run until somebody ends it; empty for what happened once."""
    if event["kind"] not in (PROBLEM, WARNING) or event.get("gap"):
        return ""
    return f"{event['kind']}: {event['message']}"
