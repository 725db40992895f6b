# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import (
    Calendar,
    calendar_of_dates,
    merged,
    united,
)
from ansible_collections.day2.ops.tests.support.scheduled import utc


@pytest.mark.parametrize(
    "entries, days",
    [
        (["2026-12-25"], ["2026-12-25"]),
        ([date(2026, 12, 25), datetime(2026, 12, 26, 7, tzinfo=timezone.utc)], ["2026-12-25", "2026-12-26"]),
        (["2026-12-31 .. 2027-01-01"], ["2026-12-31", "2027-01-01"]),
        (["12-25"], ["2026-12-25", "2027-12-25"]),
        (["12-31..01-01"], ["2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"]),
        (["02-28..03-01"], ["2026-02-28", "2026-03-01", "2027-02-28", "2027-03-01"]),
        (["02-29"], []),
        ([], []),
    ],
)
def test_the_days_of_a_list(entries, days):
    calendar = calendar_of_dates("c", entries)
    two_years = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    assert [day.isoformat() for day in two_years if calendar.has(day)] == days
    assert (calendar.name, calendar.spans, calendar.known) == ("c", (), None)


def test_the_29th_of_february_is_a_day_of_some_years():
    assert calendar_of_dates("c", ["02-29"]).has(date(2028, 2, 29))


@pytest.mark.parametrize(
    "entry, says",
    [
        ("Christmas", "'Christmas' is not a date such as"),
        ("2026-02-30", "there is no day 2026-02-30"),
        ("13-01", "there is no day 13-01"),
        ("20261225", "is not a date"),
        ("2026-W52-5", "is not a date"),
        ("2026-12-25..", "is not a date"),
        ("2026-12-25..12-26", "is not a date"),
        ("2026-12-25..2026-12-24", "it ends before it begins"),
        ("0001-01-01..9999-12-31", "it has more than"),
        (7, "'7' is not a date"),
    ],
)
def test_a_wrong_entry_is_named(entry, says):
    with pytest.raises(Day2Error, match=rf"^calendars.bank\[1\]: .*{says}"):
        calendar_of_dates("bank", ["2026-12-25", entry])


def test_several_calendars_as_one():
    one = Calendar("one", frozenset((date(2026, 1, 1),)), ((utc("2026-01-01T00:00"), utc("2026-01-02T00:00")),))
    two = Calendar("two", spans=((utc("2026-01-02T00:00"), utc("2026-01-03T00:00")),), yearly=frozenset(((5, 1),)))
    three = Calendar("three", known=(date(2026, 1, 1), date(2027, 1, 1)))
    four = Calendar("four", known=(date(2026, 6, 1), date(2028, 1, 1)))
    whole = ((utc("2026-01-01T00:00"), utc("2026-01-03T00:00")),)
    assert united("c", [one, two]) == Calendar("c", one.dates, whole, two.yearly)
    assert united("c", [one, three, four]).known == (date(2026, 6, 1), date(2027, 1, 1))
    assert united("c", []) == Calendar("c")


def test_spans_are_sorted_and_joined_and_none_is_empty():
    hours = [utc(f"2026-01-01T{hour:02}:00") for hour in range(9)]
    spans = [
        (hours[5], hours[6]),
        (hours[0], hours[2]),
        (hours[2], hours[3]),
        (hours[1], hours[2]),
        (hours[8], hours[8]),
    ]
    assert merged(spans) == ((hours[0], hours[3]), (hours[5], hours[6]))
