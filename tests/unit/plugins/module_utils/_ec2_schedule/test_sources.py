# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendar_sources import (
    parse_calendars,
    parse_sources,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.items import schedules_of_items


def test_calendars() -> None:
    plain, full = parse_calendars(
        {
            "holidays": ["2026-12-25", date(2026, 12, 26)],
            "es/madrid": {
                "dates": ["05-02"],
                "ical": "s3://b/k.ics",
                "ssm": ["freeze", " arn:aws:ssm:x:1:document/y "],
            },
        }
    )
    assert (plain.name, plain.icals, plain.changes) == ("holidays", (), ())
    assert plain.days.dates == {date(2026, 12, 25), date(2026, 12, 26)}
    assert full.days.yearly == {(5, 2)}
    assert (full.icals, full.changes) == (("s3://b/k.ics",), ("freeze", "arn:aws:ssm:x:1:document/y"))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"@holidays": ["2026-12-25"]}, "calendars.@holidays: the name of a calendar"),
        ({"": ["2026-12-25"]}, "the name of a calendar"),
        ({7: ["2026-12-25"]}, "calendars.7: the name of a calendar"),
        ({"x": "2026-12-25"}, "calendars.x: a list of dates, or a mapping with dates, ical, ssm"),
        ({"x": {}}, "calendars.x: a list of dates"),
        ({"x": {"ics": "y"}}, "calendars.x: there is no key 'ics'"),
        ({"x": {"dates": "2026-12-25"}}, "calendars.x.dates: a list"),
        ({"x": [20261225]}, "calendars.x.dates: a list"),
        ({"x": ["2026-12-32"]}, r"calendars.x\[0\]"),
        ({"x": {"ical": [""]}}, "calendars.x.ical: a text"),
        ({"x": {"ical": {"path": "y"}}}, "calendars.x.ical: a text"),
        ({"x": {"ical": "http://h/k.ics?token=1"}}, "calendars.x.ical: http://h/k.ics: only https"),
        ({"x": {"ical": "s3://bucket"}}, "calendars.x.ical: s3://bucket: s3://bucket/key"),
        ({"x": {"ssm": 7}}, "calendars.x.ssm: a text"),
    ],
)
def test_calendars_that_are_wrong(option: Dict[Any, Any], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        parse_calendars(option)


@pytest.mark.parametrize("name", ["holidays", "es/madrid", "a.b:c=d_e-f", "2026"])
def test_a_name_that_is_taken_here_can_be_written_in_a_schedule(name: str) -> None:
    (source,) = parse_calendars({name: ["2026-12-25"]})
    assert parse_schedule(f"07:00-08:00 not @{source.name}").without == (name,)


def test_places_of_schedules() -> None:
    found = parse_sources(["a.yml", "SSM:/ops/x", "dynamodb: t", "s3://b/k.json", "https://h/x.yml"])
    assert found.documents == ("a.yml", "s3://b/k.json", "https://h/x.yml")
    assert found.parameters == {"SSM:/ops/x": "/ops/x"}
    assert found.tables == {"dynamodb: t": "t"}


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ([""], r"schedules_from\[0\]: the place is empty"),
        (["a.yml", "ssm:"], r"schedules_from\[1\]: ssm: names nothing"),
        (["a.yml", "a.yml"], r"schedules_from\[1\]: a.yml is there twice"),
        (["http://h/x"], r"schedules_from\[0\]: http://h/x: only https"),
        (["s3://b/"], r"schedules_from\[0\]: s3://b/"),
    ],
)
def test_places_of_schedules_that_are_wrong(places: List[str], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        parse_sources(places)


def test_items() -> None:
    day = {"M": {"days": {"SS": ["Tue", "Mon"]}, "start": {"S": "07:00"}, "stop": {"S": "19:00"}}}
    items = [
        {
            "name": {"S": "a"},
            "schedule": {"S": "always"},
            "enforce": {"BOOL": True},
            "comment": {"S": "x"},
            "_v": {"N": "1"},
        },
        {"name": {"S": "b"}, "windows": {"L": [day]}, "timezone": {"NULL": True}, "blob": {"B": "eA=="}},
        {
            "name": {"S": "c"},
            "n": {"L": [{"N": "7"}, {"N": "0.5"}, {"N": "x"}, {"N": "1e999999999"}, {"N": 1}, 5]},
        },
    ]
    assert schedules_of_items("dynamodb:t", items) == {
        "a": {"schedule": "always", "enforce": True},
        "b": {"windows": [{"days": ["Mon", "Tue"], "start": "07:00", "stop": "19:00"}]},
        "c": {"n": [7, 0.5, None, float("inf"), None, None]},
    }


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"type": {"S": "schedule"}}], r"dynamodb:t: an item without name \(S\) .* are type"),
        ([{"name": {"N": "1"}}], "an item without name"),
        ([7], "an item without name .* are none"),
        ([{"name": {"S": "a"}}, {"name": {"S": "a"}}], "two items have the name 'a'"),
    ],
)
def test_items_that_are_no_schedules(items: List[Any], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        schedules_of_items("dynamodb:t", items)
