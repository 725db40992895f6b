# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.civil import (
    instant,
    zone_name,
    zone_names,
    zone_of,
)
from ansible_collections.day2.ops.tests.support.clocks import ZONES
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.scheduled import utc
from hypothesis import given, settings
from hypothesis import strategies as st

# zone, day, minutes, as a start, as a stop
TABLE = [
    ("UTC", "2026-03-08", 150, "2026-03-08T02:30", "2026-03-08T02:30"),
    ("UTC", "2026-12-31", 1440, "2027-01-01T00:00", "2027-01-01T00:00"),
    ("America/New_York", "2026-03-08", 119, "2026-03-08T06:59", "2026-03-08T06:59"),
    ("America/New_York", "2026-03-08", 120, "2026-03-08T07:00", "2026-03-08T07:00"),
    ("America/New_York", "2026-03-08", 150, "2026-03-08T07:00", "2026-03-08T07:00"),
    ("America/New_York", "2026-03-08", 180, "2026-03-08T07:00", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01", 59, "2026-11-01T04:59", "2026-11-01T04:59"),
    ("America/New_York", "2026-11-01", 60, "2026-11-01T05:00", "2026-11-01T06:00"),
    ("America/New_York", "2026-11-01", 119, "2026-11-01T05:59", "2026-11-01T06:59"),
    ("America/New_York", "2026-11-01", 120, "2026-11-01T07:00", "2026-11-01T07:00"),
    ("America/New_York", "2026-10-31", 1440 + 90, "2026-11-01T05:30", "2026-11-01T06:30"),
    ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:30", "2026-10-03T15:30"),
    ("Pacific/Apia", "2011-12-30", 0, "2011-12-30T10:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-30", 1439, "2011-12-30T10:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-31", 1, "2011-12-30T10:01", "2011-12-30T10:01"),
]


@pytest.mark.parametrize("zone, day, minutes, start, stop", TABLE)
def test_the_instant_of_a_wall_time(zone, day, minutes, start, stop):
    where = zone_of(zone)
    assert instant(date.fromisoformat(day), minutes, where) == utc(start)
    assert instant(date.fromisoformat(day), minutes, where, stop=True) == utc(stop)


DAYS = st.dates(date(1920, 1, 1), date(2100, 1, 1))


@settings(max_examples=tries(150))
@given(zone=st.sampled_from(ZONES), day=DAYS, one=st.integers(0, 2880), other=st.integers(0, 2880))
def test_starts_and_stops_keep_the_order_of_the_wall(zone, day, one, other):
    where, first, second = zone_of(zone), min(one, other), max(one, other)
    for stop in (False, True):
        assert instant(day, first, where, stop) <= instant(day, second, where, stop)
    start, stop = instant(day, one, where), instant(day, one, where, stop=True)
    assert start <= stop
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=one)
    for at in (start, stop):
        shown = at.astimezone(where).replace(tzinfo=None)
        before = (at - timedelta(seconds=1)).astimezone(where).replace(tzinfo=None)
        assert shown == wall or before < wall < shown  # it shows it, or skips it at that second


def test_names_of_zones():
    assert zone_name("europe/madrid") == "Europe/Madrid"
    assert zone_name("utc") == "UTC"
    assert zone_name("Europe") == zone_name("") == zone_name("../../etc/passwd") == zone_name("right/UTC") == ""
    assert {*ZONES, "UTC"} <= zone_names()
    assert zone_of("asia/kolkata") is zone_of("Asia/Kolkata") or zone_of("asia/kolkata") == ZoneInfo("Asia/Kolkata")
    assert zone_of("UTC") is timezone.utc
    with pytest.raises(Day2Error, match="'Europe/Nowhere' is not a time zone"):
        zone_of("Europe/Nowhere")


def test_a_machine_without_time_zones_is_told_what_to_install():
    program = (
        "import sys, zoneinfo; sys.modules['tzdata'] = None; zoneinfo.reset_tzpath(())\n"
        "from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule as parse\n"
        "print(parse('Mon-Fri 07:00-19:00').zone)\n"
        "try: parse('Mon-Fri 07:00-19:00 Europe/Madrid')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[0] == "UTC", done.stderr  # which needs none
    assert "install the package tzdata" in done.stdout.splitlines()[1]
