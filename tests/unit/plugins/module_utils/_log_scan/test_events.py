# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A result as events."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.events import KINDS, events_of, lasting, warning


def sample(text: str, at: Optional[str] = None) -> Dict[str, Any]:
    return {"path": "/l", "line": 1, "offset": 0, "at": at, "text": text, "message": f"says {text}", "fields": {}}


def entry(pattern: str, samples: List[Dict[str, Any]], **more: Any) -> Dict[str, Any]:
    nothing: Dict[str, Any] = {"aggregates": {}, "logs": [], "first": None, "last": None, "threshold": None}
    named = {"pattern": pattern, "pattern_set": "", "severity": "high", "message": "m", "met": True}
    return {**named, **nothing, "samples": samples, "count": len(samples), **more}


def log(**more: Any) -> Dict[str, Any]:
    account = {"path": "/l", "gap": 0, "gap_causes": [], "pending_cause": None, "events": [], "unreadable": ""}
    return {**account, **more}


def result(*matches: Dict[str, Any], **more: Any) -> Dict[str, Any]:
    return {"run_id": "r1", "redelivered": False, "matches": list(matches), "files": [], "problems": [], **more}


def test_matches_come_in_the_order_of_their_time() -> None:
    one = entry("a", [sample("first", "2026-11-28T12:00:00Z"), sample("fourth", "2026-11-28T12:00:02.500Z")])
    two = entry("b", [sample("third", "2026-11-28T14:00:02+02:00"), sample("its trail")])
    three = entry("c", [sample("second", "2026-11-28T12:00:01Z")])
    texts = [event["text"] for event in events_of(result(one, two, three))]
    assert texts == ["first", "second", "third", "its trail", "fourth"]


def test_a_match_says_what_it_is() -> None:
    (event,) = events_of(result(entry("a", [sample("x")])))
    assert (event["kind"], event["pattern"], event["severity"], event["message"]) == ("match", "a", "high", "says x")
    assert (event["id"], event["run_id"], event["redelivered"], event["met"]) == ("r1-0", "r1", False, True)


def test_ids_are_those_of_the_first_delivery() -> None:
    once = result(entry("a", [sample("x"), sample("y")]), problems=["p"])
    again = {**once, "redelivered": True}
    ids = [[event["id"] for event in events_of(each)] for each in (once, again)]
    assert ids[0] == ids[1] and len(set(ids[0])) == 3


@pytest.mark.parametrize(
    "more, counted",
    [
        ({}, False),
        ({"count": 9}, True),
        ({"threshold": {"count": 1}, "met": True}, True),
        ({"threshold": {"count": 5}, "met": False}, False),
    ],
)
def test_what_samples_do_not_show(more: Dict[str, Any], counted: bool) -> None:
    counts = [event for event in events_of(result(entry("a", [sample("x")], **more))) if event["kind"] == "count"]
    assert len(counts) == counted
    if counted:
        assert (counts[0]["count"], counts[0]["samples"]) == (more.get("count", 1), 1)


def test_what_went_wrong() -> None:
    files = [
        log(gap=1200, gap_causes=["vanished"]),
        log(path="/m", unreadable="Permission denied"),
        log(path="/n", pending_cause="unreadable"),
        log(path="/o", pending_cause="unreadable", events=[{"cause": "unreadable", "path": "/o.gz", "detail": "CRC"}]),
        log(path="/p", pending_cause="partial", events=[{"cause": "rotated", "path": "/p", "detail": "d"}]),
    ]
    events = list(events_of(result(files=files, problems=["the pattern x was disabled"])))
    assert [event["message"] for event in events] == [
        "1,200 bytes of /l were lost (vanished)",
        "/m cannot be read: Permission denied",
        "/n cannot be read: it could not be opened",
        "/o cannot be read: CRC",
        "the pattern x was disabled",
    ]
    assert events[0]["gap"] == 1200 and events[0]["causes"] == ["vanished"]
    # A loss is told each time, the others are conditions.
    assert [bool(lasting(event)) for event in events] == [False, True, True, True, True]


def test_only_conditions_last() -> None:
    (match,) = events_of(result(entry("a", [sample("x")])))
    assert lasting(match) == "" and lasting(warning("slow"))
    assert {match["kind"], warning("slow")["kind"]} <= set(KINDS)
