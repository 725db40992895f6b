# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows and edges, against an oracle that only looks at the clock on the wall."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar, calendar_of_dates
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import ScheduleError, parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import (
    NotKnown,
    Window,
    bounded,
    edges,
    windows,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Edge, Wanted
from ansible_collections.day2.ops.tests.support.clocks import (
    ZONES,
    Oracle,
    instant_of,
    instants,
    minutes_of,
    texts,
    ticks,
    transitions,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.scheduled import utc
from hypothesis import assume, given, settings
from hypothesis import strategies as st

START, STOP = utc("2026-01-01T00:00"), utc("2028-01-01T00:00")
CALENDARS = {
    "holidays": calendar_of_dates("holidays", ["12-25", "2026-12-24..2027-01-06", "2026-05-01", "2024-02-29"]),
    "release-days": calendar_of_dates("release-days", ["2026-03-08", "2026-10-25..2026-11-01", "01-01..01-31"]),
    "freeze": Calendar(
        "freeze",
        frozenset((date(2026, 3, 29),)),
        (
            (utc("2026-03-08T06:45"), utc("2026-03-08T07:15")),
            (utc("2026-03-29T00:30"), utc("2026-03-30T12:00")),
            (utc("2026-10-25T00:45"), utc("2026-10-25T03:30")),
            (utc("2027-06-01T00:00"), utc("2027-07-01T00:00")),
        ),
    ),
}
BUSY = [
    "Mon-Fri 07:30-12:00+13:00-19:00 and Sat-Sun 22:15-02:30 not @holidays",
    "00:15-02:45 and last-Sun+2nd-Sun 22:00-21:45 and day-1..2+last 12:00-12:00 not @freeze",
    "daily 01:30-01:15 and Nov-Feb 01:15-01:30 only @freeze+release-days",
]


def _differences(text, zone, clock):
    """Instants of a clock at which windows and oracle do not agree, and how many there were."""
    schedule = parse_schedule(text, zone)
    oracle = Oracle(schedule, CALENDARS)
    found = iter(windows(schedule, CALENDARS, instant_of(clock[0]), instant_of(clock[-1]) + timedelta(minutes=1)))
    begin, end, wrong = 0, clock[0].at, []
    for tick in clock:
        while end <= tick.at:
            window = next(found, None)
            begin, end = (minutes_of(window.start), minutes_of(window.stop)) if window else (tick.at + 9**9, 9**99)
        if (begin <= tick.at < end) is not oracle.runs(tick):
            wrong.append(instant_of(tick))
    return wrong, len(clock)


@pytest.mark.parametrize("zone", ZONES)
def test_two_years_in_steps_of_a_quarter(zone):
    clock = ticks(zone, START, STOP, 15)
    tried = 0
    for text in BUSY[:1]:
        wrong, count = _differences(text, zone, clock)
        assert wrong == [], text
        tried += count
    print(f"{tried} instants in {zone}")
    assert tried == (STOP - START) // timedelta(minutes=15)


@pytest.mark.parametrize("zone", ZONES)
def test_the_nights_of_transitions_in_steps_of_a_minute(zone):
    nights = transitions(zone, utc("2010-12-01T00:00"), utc("2012-02-01T00:00")) + transitions(zone, START, STOP)
    nights = nights[:2] + nights[-2:] or [START]
    tried = 0
    for night in nights:
        clock = list(instants(zone, [night], 20))
        for text in BUSY:
            wrong, count = _differences(text, zone, clock)
            assert wrong == [], text
            tried += count
    print(f"{tried} instants in {zone}")
    assert tried == len(nights) * len(BUSY) * 40 * 60


@settings(max_examples=tries(40))
@given(text=texts(windows=True), zone=st.sampled_from(ZONES), data=st.data())
def test_any_schedule_runs_when_the_clock_on_the_wall_says_so(text, zone, data):
    schedule = _possible(text, zone)
    around = transitions(zone, utc("2018-01-01T00:00"), utc("2020-01-01T00:00")) or [START]
    at = data.draw(st.sampled_from(around) | st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31)))  # noqa: DTZ001
    clock = list(instants(schedule.zone, [at.replace(minute=0, second=0, microsecond=0, tzinfo=timezone.utc)], 30))[::5]
    wrong, _count = _differences(text, zone, clock)
    assert wrong == []


def _possible(text, zone="UTC"):
    try:
        return parse_schedule(text, zone)
    except ScheduleError as error:
        assert "is never" in str(error)  # all else of these texts is right
        assume(False)
        raise


SPANS = st.tuples(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(1, 2000))  # noqa: DTZ001


@settings(max_examples=tries(40))
@given(text=texts(), span=SPANS)
def test_edges_alternate_and_are_the_ends_of_windows(text, span):
    schedule = _possible(text)
    start = span[0].replace(tzinfo=timezone.utc)
    stop = start + timedelta(hours=span[1])
    found = windows(schedule, CALENDARS, start, stop)
    assert all(window.start < window.stop for window in found)
    assert all(one.stop < two.start for one, two in zip(found, found[1:]))  # they never touch
    turned = edges(schedule, CALENDARS, start, stop)
    assert [edge.at for edge in turned] == sorted({edge.at for edge in turned})
    assert all(start < edge.at <= stop for edge in turned)
    if schedule.mode.value == "windows":
        assert all(one.to is not two.to for one, two in zip(turned, turned[1:]))
        inner = [edge for edge in turned if edge.at < stop]
        ends = [Edge(at, to) for window in found for at, to in zip(window, (Wanted.RUNNING, Wanted.STOPPED))]
        assert inner == [edge for edge in ends if start < edge.at < stop]


@settings(max_examples=tries(40))
@given(text=texts(windows=True), hours=st.lists(st.integers(0, 24 * 60), min_size=3, max_size=3, unique=True))
def test_a_range_may_be_asked_for_in_pieces(text, hours):
    schedule = _possible(text)
    first, middle, last = (utc("2026-10-01T00:00") + timedelta(hours=hour) for hour in sorted(hours))
    assert edges(schedule, CALENDARS, first, last) == [
        *edges(schedule, CALENDARS, first, middle),
        *edges(schedule, CALENDARS, middle, last),
    ]
    whole, one, two = (
        sum(((stop - start) for start, stop in windows(schedule, CALENDARS, *span)), timedelta())
        for span in ((first, last), (first, middle), (middle, last))
    )
    assert whole == one + two


def _of(text, start, stop, calendars=None):
    found = windows(parse_schedule(text), calendars or CALENDARS, utc(start), utc(stop))
    return [f"{window.start:%dT%H:%M} {window.stop:%dT%H:%M}" for window in found]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("always", ["24T12:00 26T12:00"]),
        ("never", []),
        ("ignore", []),
        ("stop-only 19:00", []),
        ("start-only 07:00", []),
        ("daily", ["24T12:00 26T12:00"]),
        ("Thu+Fri 20:00-04:00", ["24T20:00 25T04:00", "25T20:00 26T04:00"]),
        ("20:00-22:00 and 22:00-04:00", ["24T20:00 25T04:00", "25T20:00 26T04:00"]),  # they touch, across rules
        ("20:00-23:00 and 22:00-04:00+01:00-03:00", ["24T20:00 25T04:00", "25T20:00 26T04:00"]),
        ("07:00-07:00", ["24T12:00 26T12:00"]),
        ("20:00-04:00 not @yule", ["24T20:00 25T04:00"]),  # what starts on the day is dropped, what ends on it is not
        ("20:00-04:00 only @yule", ["25T20:00 26T04:00"]),
        ("20:00-04:00 not @night", ["24T20:00 24T22:00", "25T02:00 25T04:00", "25T20:00 26T04:00"]),
        ("20:00-04:00 only @night", ["24T22:00 25T02:00"]),
        ("20:00-04:00 only @night+yule", ["24T22:00 25T02:00", "25T20:00 26T04:00"]),
        ("20:00-04:00 not @yule only @night", ["24T22:00 25T02:00"]),
        ("20:00-04:00 not @night only @yule", ["25T20:00 26T04:00"]),
        ("20:00-04:00 not @yule+night", ["24T20:00 24T22:00", "25T02:00 25T04:00"]),
        ("daily not @yule", ["24T12:00 25T00:00", "26T00:00 26T12:00"]),
        ("daily only @nothing", []),
    ],
)
def test_what_windows_are(text, expected):
    calendars = {
        "yule": Calendar("yule", frozenset((date(2026, 12, 25),))),
        "night": Calendar("night", spans=((utc("2026-12-24T22:00"), utc("2026-12-25T02:00")),)),
        "nothing": Calendar("nothing"),
    }
    assert _of(text, "2026-12-24T12:00", "2026-12-26T12:00", calendars) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("stop-only Thu+Fri 19:00", ["24T19:00", "25T19:00"]),
        ("stop-only 19:00 not @yule", ["24T19:00"]),
        ("stop-only 19:00 only @yule", ["25T19:00"]),
        ("stop-only 19:00+23:00 not @night", ["24T19:00", "25T19:00", "25T23:00"]),
        ("start-only 19:00+23:00 only @night", ["24T23:00"]),
        ("start-only 19:00+19:00 and 19:00", ["24T19:00", "25T19:00"]),
        ("always", []),
        ("ignore", []),
    ],
)
def test_edges_of_schedules_without_windows(text, expected):
    calendars = {
        "yule": Calendar("yule", frozenset((date(2026, 12, 25),))),
        "night": Calendar("night", spans=((utc("2026-12-24T22:00"), utc("2026-12-25T02:00")),)),
    }
    found = edges(parse_schedule(text), calendars, utc("2026-12-24T12:00"), utc("2026-12-26T12:00"))
    assert [f"{edge.at:%dT%H:%M}" for edge in found] == expected
    assert {edge.to for edge in found} <= {Wanted.STOPPED if text.startswith("stop") else Wanted.RUNNING}


def test_the_range_is_open_at_its_begin_and_closed_at_its_end():
    schedule = parse_schedule("07:00-19:00")
    seven, nineteen = utc("2026-11-27T07:00"), utc("2026-11-27T19:00")
    assert edges(schedule, {}, seven, nineteen) == [Edge(nineteen, Wanted.STOPPED)]
    assert windows(schedule, {}, seven, nineteen) == [Window(seven, nineteen)]
    assert edges(schedule, {}, nineteen, seven) == windows(schedule, {}, nineteen, seven) == []


def test_a_calendar_that_is_missing_is_named():
    with pytest.raises(Day2Error, match="there is no calendar 'bank'; there are freeze, holidays, release-days"):
        windows(parse_schedule("daily not @bank"), CALENDARS, START, STOP)
    with pytest.raises(Day2Error, match="there is no calendar 'bank'"):
        edges(parse_schedule("stop-only 19:00 only @bank"), {}, START, STOP)


def test_what_a_calendar_does_not_know_is_not_guessed():
    calendars = {"c": Calendar("c", frozenset((date(2026, 12, 25),)), known=(date(2026, 12, 1), date(2026, 12, 31)))}
    schedule = parse_schedule("20:00-04:00 not @c")
    ask = [utc("2026-12-01T04:00"), utc("2026-12-31T23:59")]
    assert len(windows(schedule, calendars, *ask)) == 30
    assert len(edges(schedule, calendars, *ask)) == 60 - 1
    for start, stop in ((utc("2026-12-01T03:59"), ask[1]), (ask[0], utc("2027-01-01T00:01"))):
        with pytest.raises(NotKnown, match="c from 2026-12-01 to 2026-12-31"):
            windows(schedule, calendars, start, stop)
    with pytest.raises(NotKnown):  # a window may begin at that very instant, and touch
        edges(schedule, calendars, ask[0], utc("2027-01-01T00:00"))


def test_the_ends_of_the_calendar():
    low, high = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)
    assert bounded(low) == utc("0001-01-04T00:00")
    assert bounded(high.replace(tzinfo=timezone(timedelta(hours=-12)))) == utc("9999-12-28T00:00")
    assert bounded(utc("2026-01-01T00:00")) == utc("2026-01-01T00:00")
    for zone in ZONES:
        schedule = parse_schedule("Jun day-1..9 12:00-13:00", zone)
        assert len(windows(schedule, {}, low, utc("0005-01-01T00:00"))) == 4 * 9
        assert len(edges(schedule, {}, utc("9995-01-01T00:00"), high)) == 5 * 9 * 2
        assert len(windows(parse_schedule("22:00-21:00", zone), {}, utc("9999-12-20T00:00"), high)) in (8, 9)
