# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys
from datetime import date, datetime, timezone
from typing import List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.ical import read_ical
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.recurrence import Budget
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""


def read(*parts: str, zone: str = "Europe/Madrid") -> Calendar:
    """A calendar of events (lines without BEGIN and END) and of whole components."""
    inside = "".join(part if part.startswith("BEGIN") else f"BEGIN:VEVENT\n{part}\nEND:VEVENT\n" for part in parts)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{inside}END:VCALENDAR\n"
    return read_ical("holidays", text.replace("\n", "\r\n").encode(), FIRST, LAST, zone, Budget(30_000, 5000))


def days(calendar: Calendar) -> List[str]:
    assert calendar.spans == ()
    return sorted(day.isoformat() for day in calendar.dates)


def spans(calendar: Calendar) -> List[str]:
    assert not calendar.dates
    return [f"{start:%Y-%m-%dT%H:%M}/{stop:%Y-%m-%dT%H:%M}" for start, stop in calendar.spans]


def event(*lines: str) -> str:
    return "\n".join(lines)


def test_days() -> None:
    christmas = event("UID:1", "DTSTART;VALUE=DATE:20261225")
    fair = event("UID:2", "DTSTART;VALUE=DATE:20260330", "DTEND;VALUE=DATE:20260402")
    easter = event("UID:3", "DTSTART;VALUE=DATE:20260403", "DURATION:P2D")
    same = event("UID:4", "DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260501")  # Outlook writes this
    calendar = read(christmas, fair, easter, same)
    assert days(calendar) == [
        *("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-03", "2026-04-04", "2026-05-01", "2026-12-25")
    ]
    assert (calendar.name, calendar.known) == ("holidays", (FIRST, LAST))


def test_days_of_every_year() -> None:
    lines = ("DTSTART;VALUE=DATE:19701225", "DTEND;VALUE=DATE:19701227", "RRULE:FREQ=YEARLY")
    assert days(read(event(*lines))) == ["2026-12-25", "2026-12-26", "2027-12-25", "2027-12-26"]
    assert days(read(event(*lines, "EXDATE;VALUE=DATE:20261225"))) == ["2027-12-25", "2027-12-26"]
    # one that begins before the range and reaches into it
    assert days(read(event("DTSTART;VALUE=DATE:20201231", "DURATION:P3D", "RRULE:FREQ=YEARLY"))) == [
        *("2026-01-01", "2026-01-02", "2026-12-31", "2027-01-01", "2027-01-02", "2027-12-31")
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # UTC, a zone of IANA in winter and in summer, one of Windows, and the zone of the run
        (("DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"), "2026-01-05T09:00/2026-01-05T10:00"),
        (("DTSTART;TZID=America/New_York:20260105T090000", "DURATION:PT90M"), "2026-01-05T14:00/2026-01-05T15:30"),
        (("DTSTART;TZID=America/New_York:20260705T090000", "DURATION:PT90M"), "2026-07-05T13:00/2026-07-05T14:30"),
        (("DTSTART;TZID=Pacific Standard Time:20260105T090000", "DURATION:PT1H"), "2026-01-05T17:00/2026-01-05T18:00"),
        (("DTSTART:20260105T090000", "DTEND:20260105T100000"), "2026-01-05T08:00/2026-01-05T09:00"),
        # another zone at the end
        (
            ("DTSTART;TZID=Asia/Tokyo:20260105T090000", "DTEND;TZID=Europe/Madrid:20260105T090000"),
            "2026-01-05T00:00/2026-01-05T08:00",
        ),
        # a day on the wall, over the change of the clock; and 24 hours
        (("DTSTART;TZID=Europe/Madrid:20260328T120000", "DURATION:P1D"), "2026-03-28T11:00/2026-03-29T10:00"),
        (("DTSTART;TZID=Europe/Madrid:20260328T120000", "DURATION:PT24H"), "2026-03-28T11:00/2026-03-29T10:00"),
        # skipped, and twice on the wall: with the offset from before
        (("DTSTART;TZID=Europe/Madrid:20260329T023000", "DURATION:PT1H"), "2026-03-29T01:30/2026-03-29T02:30"),
        (("DTSTART;TZID=Europe/Madrid:20261025T023000", "DURATION:PT1H"), "2026-10-25T00:30/2026-10-25T01:30"),
    ],
)
def test_times(lines: Tuple[str, ...], expected: str) -> None:
    assert spans(read(event(*lines))) == [expected]


def test_a_time_without_an_end_is_no_time() -> None:
    assert spans(read(event("DTSTART:20260105T090000Z"))) == []


def test_rules_repeat_what_the_wall_shows() -> None:
    lines = ("DTSTART;TZID=Europe/Madrid:20260315T080000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
    assert spans(read(event(*lines))) == [
        "2026-03-15T07:00/2026-03-15T08:00",
        "2026-03-22T07:00/2026-03-22T08:00",
        "2026-03-29T06:00/2026-03-29T07:00",
        "2026-04-05T06:00/2026-04-05T07:00",
    ]


def test_a_rule_until_an_instant() -> None:
    lines = ("DTSTART;TZID=America/New_York:20260105T200000", "DURATION:PT1H")
    # the third occurrence is at 01:00 UTC of the eighth
    assert len(spans(read(event(*lines, "RRULE:FREQ=DAILY;UNTIL=20260108T010000Z")))) == 3
    assert len(spans(read(event(*lines, "RRULE:FREQ=DAILY;UNTIL=20260108T005959Z")))) == 2


def test_a_zone_that_the_calendar_defines() -> None:
    lines = ("DTSTART;TZID=Customized Time Zone:20260328T080000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    assert spans(read(OWN_ZONE, event(*lines))) == [
        "2026-03-28T07:00/2026-03-28T08:00",
        "2026-03-29T06:00/2026-03-29T07:00",
    ]
    # another calendar's zone of the same name is another
    other = OWN_ZONE.replace("+0200", "-0400").replace("+0100", "-0500")
    assert spans(read(other, event(*lines)))[0] == "2026-03-28T13:00/2026-03-28T14:00"
    with pytest.raises(
        Day2Error, match=r"calendar holidays: line 3: the time zone 'Customized Time Zone' is neither known"
    ):
        read(event(*lines))


def test_exceptions_of_a_series() -> None:
    series = ("UID:s", "DTSTART;TZID=Europe/Madrid:20260105T080000", "DTEND;TZID=Europe/Madrid:20260105T090000")
    rule = "RRULE:FREQ=DAILY;COUNT=4"
    moved = event(
        *("UID:s", "RECURRENCE-ID;TZID=Europe/Madrid:20260106T080000", "DTSTART:20260106T200000Z", "DURATION:PT1H")
    )
    cancelled = event("UID:s", "RECURRENCE-ID:20260107T070000Z", "DTSTART:20260107T070000Z", "STATUS:CANCELLED")
    assert spans(read(moved, event(*series, rule), cancelled)) == [
        "2026-01-05T07:00/2026-01-05T08:00",
        "2026-01-06T20:00/2026-01-06T21:00",
        "2026-01-08T07:00/2026-01-08T08:00",
    ]
    without = ("EXDATE;TZID=Europe/Madrid:20260105T080000,20260106T080000", "EXDATE;VALUE=DATE:20260107")
    assert spans(read(event(*series, rule, *without))) == ["2026-01-08T07:00/2026-01-08T08:00"]
    more = ("RDATE:20260201T000000Z", "RDATE;VALUE=PERIOD:20260202T000000Z/PT2H,20260203T000000Z/20260203T030000Z")
    assert spans(read(event(*series, *more))) == [
        "2026-01-05T07:00/2026-01-05T08:00",
        "2026-02-01T00:00/2026-02-01T01:00",
        "2026-02-02T00:00/2026-02-02T02:00",
        "2026-02-03T00:00/2026-02-03T03:00",
    ]


def test_what_is_cancelled_is_nothing() -> None:
    assert days(read(event("DTSTART;VALUE=DATE:20260106", "STATUS:CANCELLED"))) == []


def test_what_is_none_of_our_business() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT1H\nDTSTART:nonsense\nDURATION:nonsense\nEND:VALARM"
    lines = (
        "DTSTART;VALUE=DATE:20260106",
        "DESCRIPTION:DTSTART:",
        " folded",
        "X-ÄÖ:1",
        "ATTENDEE",
        "TRANSP:TRANSPARENT",
    )
    to_do = "BEGIN:VTODO\nDTSTART:nonsense\nEND:VTODO\n"
    assert days(read(event(*lines, alarm), to_do)) == ["2026-01-06"]


def test_lines_that_are_folded() -> None:
    assert days(read("DTSTART;VALUE=DA\n TE:2026\n\t0106\nRRULE:FREQ=\n WEEKLY;COUNT=2")) == [
        "2026-01-06",
        "2026-01-13",
    ]


def test_change_calendars_are_their_events_whatever_is_open_by_default() -> None:
    text = "BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:{}\r\n{}END:VCALENDAR\r\n"
    freeze = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261220T000000Z\r\nDTEND:20270104T000000Z\r\nEND:VEVENT\r\n"
    for kind in ("DEFAULT_OPEN", "DEFAULT_CLOSED"):
        calendar = read_ical("freeze", text.format(kind, freeze).encode(), FIRST, LAST, "UTC")
        assert calendar.spans == (
            (datetime(2026, 12, 20, tzinfo=timezone.utc), datetime(2027, 1, 4, tzinfo=timezone.utc)),
        )


WRONG = {
    "DTSTART:2026": r"line 3: DTSTART: ",
    "SUMMARY:New Year\nDTEND:20260101T000000Z": r"line 3: DTSTART is missing \('New Year'\)",
    "DTSTART:20260102T000000Z\nDTEND:20260101T000000Z": "line 3: it ends before it begins",
    "DTSTART;VALUE=DATE:20260102\nDTEND:20260103T000000Z": "one is a day and the other a time",
    "DTSTART:20260102T000000Z\nDURATION:-PT1H": "less than nothing",
    "DTSTART:20260102T000000Z\nDURATION:soon": "line 3: DURATION",
    "DTSTART:20260102T000000Z\nRRULE:FREQ=SOMETIMES": "line 3: RRULE: FREQ must be one of",
    "DTSTART:20260102T000000Z\nEXRULE:FREQ=DAILY": "EXRULE is not read",
    "DTSTART:20260102T000000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260102T000000Z": "THISANDFUTURE is not read",
    "DTSTART:20260102T000000Z\nDTSTART:20260103T000000Z": "DTSTART stands there more than once",
    "DTSTART;TZID=Mars/Olympus:20260102T000000": "the time zone 'Mars/Olympus' is neither known nor defined",
    "DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY": r"line 3: more than 5,000 occurrences",
    "DTSTART:19700101T000000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30": r"line 3: its rules take too long",
    "DTSTART:20260102T000000Z\nBEGIN:VALARM": "line 7: END:VEVENT ends nothing that has begun",
    f"DTSTART:{'1' * 70_000}": "line 4: DTSTART is longer than 65536 characters",
}


@pytest.mark.parametrize("lines", WRONG, ids=lambda lines: lines[:60])
def test_what_is_wrong_with_an_event(lines: str) -> None:
    with pytest.raises(Day2Error, match=f"^calendar holidays: .*{WRONG[lines]}"):
        read(f"{lines}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "it is empty: BEGIN:VCALENDAR is expected"),
        (b"<html>", "line 1: BEGIN:VCALENDAR is expected, not '<html>'"),
        (b"BEGIN:VEVENT\nEND:VEVENT", "line 1: BEGIN:VCALENDAR is expected, not BEGIN:VEVENT"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART", "line 2: VEVENT begins here and does not end"),
        (b"BEGIN:VCALENDAR\n" * 9, "line 9: components lie too deep"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 10_001, "line 20003: more than 10,000 events"),
        (b"x" * (4 << 20) + b"x", "a calendar of more than 4 MiB"),
    ],
    ids=["empty", "html", "event", "cut", "deep", "many", "large"],
)
def test_what_is_no_calendar(text: bytes, message: str) -> None:
    with pytest.raises(Day2Error, match=f"^calendar x: {message}"):
        read_ical("x", text, FIRST, LAST, "UTC")


def test_a_zone_that_is_a_bomb() -> None:
    bomb = OWN_ZONE.replace("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(Day2Error, match="its rules take too long"):
        read(bomb, event("DTSTART;TZID=Customized Time Zone:20260328T080000"))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar.cal", None)
    with pytest.raises(
        Day2Error, match=r"^calendars\.holidays: the Python package icalendar is needed .* pip install icalendar"
    ):
        read(event("DTSTART;VALUE=DATE:20260106"))


lines = st.one_of(
    st.sampled_from(
        ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:X"]
    ),
    st.builds(
        "{}{}:{}".format,
        st.sampled_from(
            ["DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "STATUS", "TZOFFSETTO"]
        ),
        st.sampled_from(["", ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=X", ";TZID=Asia/Tokyo", ";TZID=", ';X="']),
        st.one_of(
            st.sampled_from(
                ["20260101", "20260101T000000", "00010101T000000Z", "99991231T235959", "P1D", "-PT1S", "+0100"]
            ),
            st.text(max_size=8),
        ),
    ),
    st.sampled_from(["RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY;COUNT=9", "RRULE:X"]),
    st.text(max_size=12),
)


@settings(max_examples=tries(100))
@given(st.lists(lines, max_size=12), st.booleans())
def test_any_text_is_a_calendar_or_refused(texts: List[str], inside: bool) -> None:
    text = "\r\n".join(texts)
    if inside:
        text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\n{text}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    try:
        calendar = read_ical("x", text.encode("utf-8", "surrogatepass"), FIRST, LAST, "UTC", Budget(5000))
    except Day2Error as error:
        assert str(error).startswith("calendar x: ")
        return
    assert all(FIRST <= day <= LAST for day in calendar.dates)
    assert all(start < stop for start, stop in calendar.spans)
