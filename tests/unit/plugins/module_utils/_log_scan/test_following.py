# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks one after the other, and what they do with events that did not arrive."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path
from random import Random
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.following import ARGUMENTS, Follower
from ansible_collections.day2.ops.tests.support.log_place import PATTERN, LogPlace

_SEEDS = itertools.count()  # two runs of one second are told apart by chance


@pytest.fixture
def place(tmp_path: Path) -> LogPlace:
    return LogPlace(tmp_path)


def follower(place: LogPlace, **more: Any) -> Follower:
    given = {"paths": [str(place.path())], "patterns": PATTERN, "state_dir": str(place.state_dir), "timezone": "UTC"}
    return Follower({**given, "first_run": "beginning", **more}, place, Random(next(_SEEDS)))


def looked(one: Follower, acknowledged: Any = None) -> List[Dict[str, Any]]:
    return list(one.events(acknowledged))


def words(events: List[Dict[str, Any]]) -> List[str]:
    return [event["fields"]["what"] for event in events if event["kind"] == "match"]


def told(events: List[Dict[str, Any]]) -> List[str]:
    return [event["message"] for event in events if event["kind"] != "match"]


def test_events_come_again_until_their_run_is_acknowledged(place: LogPlace) -> None:
    one = follower(place)
    place.append("FOUND first\n")
    first = looked(one)
    place.append("FOUND second\n")
    again = looked(one)
    assert words(first) == words(again) == ["first"]
    assert [event["id"] for event in first] == [event["id"] for event in again]
    assert [event["redelivered"] for event in first + again] == [False, True]
    assert words(looked(one, one.run_id)) == ["second"]


def test_what_arrived_is_known_after_a_restart(place: LogPlace) -> None:
    one = follower(place)
    place.append("FOUND first\n")
    assert words(looked(one)) == ["first"]
    one.arrived()
    place.append("FOUND second\n")
    assert words(looked(follower(place))) == ["second"]
    assert words(looked(follower(place))) == ["second"]  # that one did not arrive


def test_every_event_says_where_it_is_from(place: LogPlace) -> None:
    place.append("FOUND it\n")
    (event,) = looked(follower(place, name="shop"))
    assert (event["host"], event["name"]) == (os.uname().nodename, "shop")


def test_the_state_is_its_own(place: LogPlace) -> None:
    place.append("FOUND it\n")
    assert place.found(first_run="beginning") == ["it"]
    assert words(looked(follower(place))) == ["it"]


def test_what_lasts_is_told_when_it_begins(place: LogPlace) -> None:
    one = follower(place)
    place.path().mkdir()
    (directory,) = told(looked(one))
    assert "directory" in directory
    assert told(looked(one, one.run_id)) == []
    place.path().rmdir()
    place.append("FOUND it\n")
    assert told(looked(one, one.run_id)) == []
    place.path().unlink()
    place.path().mkdir()
    assert directory in told(looked(one, one.run_id))


def test_losses_are_told_each_time(place: LogPlace) -> None:
    one = follower(place)
    found = []
    for _round in range(2):
        place.append("FOUND this\nnot ended")
        looked(one, one.run_id)
        place.path().unlink()
        found.append([event["gap"] for event in looked(one, one.run_id) if event["kind"] == "problem"])
    assert found == [[9], [9]]


def test_a_look_that_fails_is_an_event(place: LogPlace) -> None:
    one = follower(place)
    place.append("FOUND it\n")
    place.state_dir.write_text("in the way", encoding="utf-8")
    (event,) = looked(one)
    assert (event["kind"], one.run_id) == ("problem", None) and str(place.state_dir) in event["message"]
    assert looked(one) == []
    one.arrived()
    place.state_dir.unlink()
    assert words(looked(one)) == ["it"]


def test_a_receipt_that_cannot_be_left_loses_nothing(place: LogPlace) -> None:
    one = follower(place)
    place.append("FOUND it\n")
    looked(one)
    moved = place.state_dir.with_name("moved")
    place.state_dir.rename(moved)
    one.arrived()
    moved.rename(place.state_dir)
    (event,) = looked(one, one.run_id)
    assert event["kind"] == "problem" and ".ack" in event["message"]


def test_what_is_left_for_want_of_time(place: LogPlace) -> None:
    one = follower(place, max_bytes=1)
    for word in ("one", "two"):
        place.append(f"FOUND {word}\n")
        shutil.copyfile(place.path(), place.path("other.log"))
    place.append("FOUND three\n")
    many = follower(place, max_bytes=1, paths=[str(place.folder / "*.log")])
    assert one.backlog == 0
    looked(many)
    assert many.backlog > 0
    looked(many, many.run_id)
    assert many.backlog == 0


@pytest.mark.parametrize(
    "more, wrong",
    [
        ({"interval": 0}, "interval: it is not more than 0"),
        ({"interval": "soon"}, "interval: 'soon' is no span"),
        ({"ack": "auto"}, "ack: there is no such option"),
        ({"max_samples": "many"}, "max_samples: 'many' is not of the type int"),
        ({"patterns": {"x": {"regex": "("}}}, "patterns.x.regex"),
        ({"paths": []}, "paths, journal or command"),
    ],
)
def test_arguments_that_make_no_sense(place: LogPlace, more: Dict[str, Any], wrong: str) -> None:
    with pytest.raises(Day2Error, match=wrong):
        follower(place, **more)


@pytest.mark.parametrize("interval, is_seconds", [("500ms", 0.5), (2, 2.0), ("1m", 60.0), (0.25, 0.25)])
def test_intervals(place: LogPlace, interval: Any, is_seconds: float) -> None:
    assert follower(place, interval=interval).interval == is_seconds


def test_nothing_of_a_task_is_asked_for() -> None:
    assert {"reports", "reset", "ack", "receipt", "fail_on"}.isdisjoint(ARGUMENTS)
