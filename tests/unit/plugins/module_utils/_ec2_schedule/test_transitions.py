# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both nights of the year in which clocks are put forward and back, in twelve zones, to the minute.

What is expected was reckoned by hand from what the laws of the countries say, and stands here in UTC.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import edges, windows
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Wanted
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.position import position
from ansible_collections.day2.ops.tests.support.clocks import ZONES
from ansible_collections.day2.ops.tests.support.scheduled import utc

NEW_YORK, MADRID, LONDON = "America/New_York", "Europe/Madrid", "Europe/London"

# zone, schedule, from, to (UTC), the windows between
NIGHTS = [
    # both peers fail in these: forward at 07:00Z, back at 06:00Z
    (NEW_YORK, "02:30-05:00", "2026-03-08T00:00", "2026-03-09T00:00", ["08T07:00 08T09:00"]),
    (NEW_YORK, "00:30-02:30", "2026-03-08T00:00", "2026-03-09T00:00", ["08T05:30 08T07:00"]),
    (NEW_YORK, "02:10-02:50", "2026-03-07T06:00", "2026-03-10T00:00", ["07T07:10 07T07:50", "09T06:10 09T06:50"]),
    (NEW_YORK, "00:30-01:30", "2026-11-01T00:00", "2026-11-02T00:00", ["01T04:30 01T06:30"]),
    (NEW_YORK, "01:15-05:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T05:15 01T10:00"]),
    (NEW_YORK, "01:00-04:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T05:00 01T09:00"]),
    (NEW_YORK, "01:00-05:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T05:00 01T10:00"]),
    # windows that touch: at midnight, within the hour that comes twice, on both sides of the gap
    (NEW_YORK, "20:00-24:00 and 00:00-04:00", "2026-11-01T02:00", "2026-11-02T00:00", ["01T02:00 01T09:00"]),
    (NEW_YORK, "00:00-01:30+01:30-05:00", "2026-11-01T02:00", "2026-11-02T00:00", ["01T04:00 01T10:00"]),
    (NEW_YORK, "00:00-02:10 and 02:50-05:00", "2026-03-08T02:00", "2026-03-09T00:00", ["08T05:00 08T09:00"]),
    # over midnight, which is refused elsewhere
    (NEW_YORK, "Sat 22:00-06:00", "2026-03-07T00:00", "2026-03-09T00:00", ["08T03:00 08T10:00"]),
    (NEW_YORK, "Sat 22:00-06:00", "2026-10-31T00:00", "2026-11-02T00:00", ["01T02:00 01T11:00"]),
    (NEW_YORK, "Sat 02:30-02:30", "2026-03-07T00:00", "2026-03-09T00:00", ["07T07:30 08T07:00"]),
    (MADRID, "02:30-08:00", "2026-03-28T12:00", "2026-03-29T20:00", ["29T01:00 29T06:00"]),
    (MADRID, "02:30-08:00", "2026-10-24T12:00", "2026-10-25T20:00", ["25T00:30 25T07:00"]),
    (MADRID, "22:00-02:30", "2026-10-24T12:00", "2026-10-25T20:00", ["24T20:00 25T01:30"]),
    (MADRID, "2026-10-25", "2026-10-24T12:00", "2026-10-26T20:00", ["24T22:00 25T23:00"]),
    (LONDON, "01:30-09:00", "2026-03-28T12:00", "2026-03-29T20:00", ["29T01:00 29T08:00"]),
    (LONDON, "01:30-01:31", "2026-10-24T12:00", "2026-10-25T20:00", ["25T00:30 25T01:31"]),
    ("Australia/Lord_Howe", "01:45-02:15", "2026-04-04T12:00", "2026-04-05T12:00", ["04T14:45 04T15:45"]),
    ("Australia/Lord_Howe", "02:15-04:00", "2026-10-03T12:00", "2026-10-04T12:00", ["03T15:30 03T17:00"]),
    ("Australia/Lord_Howe", "02:05-02:25", "2026-10-03T12:00", "2026-10-04T12:00", []),
    # the 30th of December 2011 was not
    (
        "Pacific/Apia",
        "07:00-19:00",
        "2011-12-29T12:00",
        "2011-12-31T12:00",
        ["29T17:00 30T05:00", "30T17:00 31T05:00"],
    ),
    ("Pacific/Apia", "22:00-06:00", "2011-12-30T00:00", "2011-12-31T00:00", ["30T08:00 30T16:00"]),
    ("Pacific/Apia", "2011-12-30", "2011-12-27T00:00", "2012-01-03T00:00", []),
    ("Pacific/Apia", "2011-12-29+2011-12-31", "2011-12-27T00:00", "2012-01-03T00:00", ["29T10:00 31T10:00"]),
    ("Pacific/Apia", "Fri", "2011-12-26T00:00", "2012-01-03T00:00", []),
    # midnight itself is in the gap, and comes back an hour later; abolished in 2019
    ("America/Sao_Paulo", "00:00-06:00", "2018-11-04T00:00", "2018-11-05T00:00", ["04T03:00 04T08:00"]),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-03T00:00", "2018-11-06T00:00", ["04T03:00 05T02:00"]),
    ("America/Sao_Paulo", "23:30-23:45", "2019-02-16T12:00", "2019-02-17T12:00", ["17T01:30 17T02:45"]),
    ("America/Sao_Paulo", "2019-02-16", "2019-02-15T00:00", "2019-02-19T00:00", ["16T02:00 17T03:00"]),
    ("America/Sao_Paulo", "00:00-06:00", "2019-11-03T00:00", "2019-11-04T00:00", ["03T03:00 03T09:00"]),
    # around Ramadan
    ("Africa/Casablanca", "02:30-06:00", "2023-03-19T00:00", "2023-03-20T00:00", ["19T01:30 19T06:00"]),
    ("Africa/Casablanca", "02:30-06:00", "2023-04-23T00:00", "2023-04-24T00:00", ["23T02:00 23T05:00"]),
    ("Asia/Kolkata", "07:30-19:00", "2026-03-29T00:00", "2026-03-30T00:00", ["29T02:00 29T13:30"]),
    ("America/St_Johns", "02:30-06:00", "2026-03-08T00:00", "2026-03-09T00:00", ["08T05:30 08T08:30"]),
    ("America/St_Johns", "01:30-06:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T04:00 01T09:30"]),
    # at one minute past midnight: the day before begins again
    ("America/St_Johns", "Sat 23:30-24:00", "2006-10-28T12:00", "2006-10-30T00:00", ["29T02:00 29T03:30"]),
    ("America/St_Johns", "00:30-03:00", "2006-04-02T00:00", "2006-04-03T00:00", ["02T03:31 02T05:30"]),
    ("Asia/Tehran", "00:00-06:00", "2022-03-21T12:00", "2022-03-22T12:00", ["21T20:30 22T01:30"]),
    ("Asia/Tehran", "23:15-23:45", "2022-09-21T12:00", "2022-09-22T12:00", ["21T18:45 21T20:15"]),
    ("Asia/Tehran", "00:00-06:00", "2023-03-21T12:00", "2023-03-22T12:00", ["21T20:30 22T02:30"]),
    # two hours
    ("Antarctica/Troll", "01:30-02:45", "2026-03-28T12:00", "2026-03-29T12:00", []),
    ("Antarctica/Troll", "00:30-02:00", "2026-03-28T12:00", "2026-03-29T12:00", ["29T00:30 29T01:00"]),
    ("Antarctica/Troll", "01:30-02:30", "2026-10-24T12:00", "2026-10-25T12:00", ["24T23:30 25T02:30"]),
    ("Pacific/Auckland", "02:30-05:00", "2026-04-04T00:00", "2026-04-05T00:00", ["04T13:30 04T17:00"]),
    ("Pacific/Auckland", "02:30-05:00", "2026-09-26T00:00", "2026-09-27T00:00", ["26T14:00 26T16:00"]),
]

# zone, schedule, from, to, the edges between
MOMENTS = [
    (NEW_YORK, "stop-only 02:00", "2026-03-08T00:00", "2026-03-09T00:00", ["08T07:00"]),
    (NEW_YORK, "stop-only 02:15+02:45", "2026-03-08T00:00", "2026-03-09T00:00", ["08T07:00"]),
    (NEW_YORK, "stop-only 01:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T06:00"]),
    (NEW_YORK, "start-only 01:00", "2026-11-01T00:00", "2026-11-02T00:00", ["01T05:00"]),
    (MADRID, "start-only 02:30", "2026-03-28T12:00", "2026-03-29T12:00", ["29T01:00"]),
    ("Pacific/Apia", "stop-only Fri 19:00", "2011-12-29T12:00", "2012-01-02T00:00", ["30T10:00"]),
    ("Antarctica/Troll", "stop-only 01:00", "2026-10-24T12:00", "2026-10-25T12:00", ["25T01:00"]),
]


def _day(at):
    return f"{at:%dT%H:%M}"


@pytest.mark.parametrize("zone, text, start, stop, expected", NIGHTS)
def test_windows_of_a_night_on_which_the_clock_is_changed(zone, text, start, stop, expected):
    found = windows(parse_schedule(text, zone), {}, utc(start), utc(stop))
    assert [f"{_day(begin)} {_day(end)}" for begin, end in found] == expected


@pytest.mark.parametrize("zone, text, start, stop, expected", NIGHTS)
def test_every_half_hour_of_the_night_stands_where_the_table_says(zone, text, start, stop, expected):
    schedule, at, end = parse_schedule(text, zone), utc(start), utc(stop)
    days = {f"{at + timedelta(days=number):%d}": at + timedelta(days=number) for number in range((end - at).days + 2)}
    table = [tuple(utc(f"{days[each[:2]]:%Y-%m}-{each}") for each in pair.split()) for pair in expected]
    while at < end:
        inside = any(first <= at < last for first, last in table)
        assert position(schedule, {}, at).wanted is (Wanted.RUNNING if inside else Wanted.STOPPED), at
        at += timedelta(minutes=30)


@pytest.mark.parametrize("zone, text, start, stop, expected", MOMENTS)
def test_nothing_fires_twice_or_is_missed(zone, text, start, stop, expected):
    assert [_day(edge.at) for edge in edges(parse_schedule(text, zone), {}, utc(start), utc(stop))] == expected


def test_all_twelve_zones_are_in_the_table():
    assert {night[0] for night in NIGHTS} == set(ZONES)
