# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import ScheduleError, parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import NotKnown, edges, windows
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Edge, Position, Wanted
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.position import position
from ansible_collections.day2.ops.tests.support.clocks import texts
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.scheduled import utc
from hypothesis import assume, given, settings
from hypothesis import strategies as st

RUNNING, STOPPED, ANY = Wanted.RUNNING, Wanted.STOPPED, Wanted.ANY
NOW = utc("2026-11-28T12:00")  # a Saturday
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LOW, HIGH = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)
CALENDARS = {
    "holidays": Calendar("holidays", frozenset((date(2026, 12, 25), date(2027, 1, 6))), yearly=frozenset(((5, 1),))),
    "release-days": Calendar("release-days", frozenset(date(2026, 11, 1) + 3 * number * DAY for number in range(60))),
    "freeze": Calendar("freeze", spans=((utc("2026-11-20T06:30"), utc("2026-12-03T18:00")),)),
}


def _at(text, now=NOW, calendars=None):
    return position(parse_schedule(text), calendars or CALENDARS, now)


@pytest.mark.parametrize(
    "text, wanted, last, coming",
    [
        ("Mon-Fri 07:30-19:00 Europe/Madrid", STOPPED, "2026-11-27T18:00", "2026-11-30T06:30"),
        ("Sat 07:30-19:00 Europe/Madrid", RUNNING, "2026-11-28T06:30", "2026-11-28T18:00"),
        ("12:00-13:00", RUNNING, "2026-11-28T12:00", "2026-11-28T13:00"),  # at the very instant of a start
        ("11:00-12:00", STOPPED, "2026-11-28T12:00", "2026-11-29T11:00"),  # and of a stop
        ("Fri-Mon", RUNNING, "2026-11-27T00:00", "2026-12-01T00:00"),
        ("1st-Mon", STOPPED, "2026-11-03T00:00", "2026-12-07T00:00"),
        ("5th-Sat Oct 10:00-11:00", STOPPED, "2026-10-31T11:00", "2027-10-30T10:00"),
        ("Feb day-29 10:00-11:00", STOPPED, "2024-02-29T11:00", "2028-02-29T10:00"),
        ("Feb day-29 Sun 10:00-11:00", STOPPED, None, "2032-02-29T10:00"),
        ("2026-12-24..2027-01-02 08:00-12:00", STOPPED, None, "2026-12-24T08:00"),
        ("2020-01-01+2060-01-01", STOPPED, "2020-01-02T00:00", "2060-01-01T00:00"),  # dates with a year are far away
        ("2026-11-01..2026-11-28", RUNNING, "2026-11-01T00:00", "2026-11-29T00:00"),
        ("1990-01-01..2080-01-01", RUNNING, "1990-01-01T00:00", "2080-01-02T00:00"),
        ("daily", RUNNING, None, None),
        ("07:00-19:00 and 19:00-07:00 America/New_York", RUNNING, None, None),
        ("07:00-07:00 Europe/London", RUNNING, None, None),
        ("Mon-Fri not @freeze", STOPPED, "2026-11-20T06:30", "2026-12-03T18:00"),
        ("daily 06:00-20:00 only @freeze", RUNNING, "2026-11-28T06:00", "2026-11-28T20:00"),
        ("Thu 06:00-20:00 only @freeze", STOPPED, "2026-11-26T20:00", "2026-12-03T06:00"),
        ("daily only @holidays", STOPPED, "2026-05-02T00:00", "2026-12-25T00:00"),
        ("May day-2 only @holidays", STOPPED, None, None),
        ("always", RUNNING, None, None),
        ("never", STOPPED, None, None),
        ("ignore", ANY, None, None),
    ],
)
def test_where_a_schedule_stands(text, wanted, last, coming):
    to_last, to_next = (RUNNING, STOPPED) if wanted is RUNNING else (STOPPED, RUNNING)
    assert _at(text) == Position(wanted, last and Edge(utc(last), to_last), coming and Edge(utc(coming), to_next))


@pytest.mark.parametrize(
    "text, last, coming, to",
    [
        ("stop-only Mon-Fri 19:00", "2026-11-27T19:00", "2026-11-30T19:00", STOPPED),
        ("stop-only 12:00", "2026-11-28T12:00", "2026-11-29T12:00", STOPPED),
        ("start-only Feb day-29 07:00", "2024-02-29T07:00", "2028-02-29T07:00", RUNNING),
        ("start-only 07:00 only @release-days", "2026-11-28T07:00", "2026-12-01T07:00", RUNNING),
        ("stop-only 2027-01-01 07:00", None, "2027-01-01T07:00", STOPPED),
    ],
)
def test_schedules_that_only_stop_or_start_want_nothing_between_their_edges(text, last, coming, to):
    assert _at(text) == Position(ANY, last and Edge(utc(last), to), coming and Edge(utc(coming), to), once=True)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize(
    "text", ["22:00-21:00", "Feb day-29 12:00-11:00", "stop-only 23:59", "start-only 00:00", "0001-01-01..9999-12-31"]
)
def test_far_from_the_present_and_at_the_ends_of_the_calendar(zone, text):
    schedule = parse_schedule(text, zone)
    west, east = timezone(timedelta(hours=-23)), timezone(timedelta(hours=23))
    for now in (LOW.replace(tzinfo=east), LOW + 400 * DAY, HIGH, HIGH.replace(tzinfo=west)):
        here = position(schedule, {}, now)
        assert here.last is None or here.next is None or here.last.at < here.next.at
    for year in (8, 2600, 9992):
        here = position(schedule, {}, datetime(year, 3, 1, 11, 30, tzinfo=timezone.utc))
        assert (here.last and here.next) or text.startswith("0001")


def test_any_offset_of_now_is_the_same_instant():
    for hours in range(-12, 15):
        assert _at("07:00-19:00 Europe/Madrid", NOW.astimezone(timezone(timedelta(hours=hours)))) == _at(
            "07:00-19:00 Europe/Madrid"
        )


KNOWN = {"c": Calendar("c", frozenset((date(2026, 12, 25),)), known=(date(2026, 11, 1), date(2026, 12, 31)))}


@pytest.mark.parametrize(
    "text, now, last, coming",
    [
        ("1st-Mon not @c", "2026-12-20T00:00", "2026-12-08T00:00", None),  # the one in January may be a day of it
        ("2nd-Fri not @c", "2026-11-13T12:00", "2026-11-13T00:00", "2026-11-14T00:00"),
        ("last-Wed not @c", "2026-11-08T12:00", None, "2026-11-25T00:00"),
        ("20:00-04:00 not @c", "2026-12-31T23:59", "2026-12-31T20:00", None),
        ("20:00-04:00 not @c", "2026-11-01T04:00", None, "2026-11-01T20:00"),
        ("06:00-18:00 only @c", "2026-11-01T00:00", None, "2026-12-25T06:00"),
        ("06:00-18:00 only @c", "2026-12-31T00:00", "2026-12-25T18:00", None),
        ("stop-only 1st-Mon 19:00 not @c", "2026-12-20T00:00", "2026-12-07T19:00", None),
        ("Mon-Fri 07:00-19:00 not @c Pacific/Auckland", "2026-12-31T10:00", "2026-12-31T06:00", None),
    ],
)
def test_an_edge_beyond_what_a_calendar_knows_is_none(text, now, last, coming):
    here = _at(text, utc(now), KNOWN)
    assert (here.last and here.last.at, here.next and here.next.at) == (last and utc(last), coming and utc(coming))


@pytest.mark.parametrize(
    "text, now",
    [
        ("20:00-04:00 not @c", "2026-11-01T03:59"),  # a window of the day before may have begun
        ("06:00-18:00 not @c", "2026-10-31T23:59"),
        ("06:00-18:00 not @c", "2027-01-01T00:00"),
        ("06:00-18:00 not @c Pacific/Auckland", "2026-12-31T11:00"),
        ("stop-only 19:00 only @c", "2036-01-01T00:00"),
    ],
)
def test_a_state_that_a_calendar_does_not_know_is_refused(text, now):
    with pytest.raises(NotKnown, match="c from 2026-11-01 to 2026-12-31"):
        _at(text, utc(now), KNOWN)


def test_a_calendar_that_is_missing_is_named():
    with pytest.raises(Day2Error, match="there is no calendar 'bank'; there are c"):
        _at("daily not @bank", NOW, KNOWN)


SOME_TIME = st.datetimes(datetime(2026, 3, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc))  # noqa: DTZ001


@settings(max_examples=tries(40))
@given(text=texts(), now=SOME_TIME)
def test_the_position_is_that_of_the_windows(text, now):
    try:
        schedule = parse_schedule(text)
    except ScheduleError:
        assume(False)
    here = position(schedule, CALENDARS, now)
    assert here == position(schedule, CALENDARS, now)
    last, coming = here.last, here.next
    if coming is not None:
        assert coming.at > now
        assert edges(schedule, CALENDARS, now, coming.at) == [coming]
    if last is not None:
        assert last.at <= now
        assert edges(schedule, CALENDARS, last.at - MINUTE, now)[-1:] == [last]
    around = edges(schedule, CALENDARS, now - 60 * DAY, now + 60 * DAY)
    assert [edge for edge in around if edge.at <= now][-1:] == [last] * bool(last and last.at > now - 60 * DAY)
    assert [edge for edge in around if edge.at > now][:1] == [coming] * bool(coming and coming.at <= now + 60 * DAY)
    if schedule.mode.value != "windows":
        assert here.wanted is (ANY if schedule.rules else here.wanted)
        return
    assert here.wanted is (RUNNING if windows(schedule, CALENDARS, now, now + MINUTE / 60) else STOPPED)
    assert last is None or last.to is here.wanted
    assert coming is None or coming.to is not here.wanted
    for edge in (last, coming):  # the state is a function of the instant: it turns at the edge, and not before
        if edge is not None:
            assert position(schedule, CALENDARS, edge.at).wanted is edge.to
            assert position(schedule, CALENDARS, edge.at - MINUTE / 60).wanted is not edge.to
