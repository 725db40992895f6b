# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.dates import days_within, possible
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Days
from ansible_collections.day2.ops.tests.support.clocks import chosen
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def _days(text, year=2026, month=0):
    rule = parse_schedule(text).rules[0]
    first = date(year, month or 1, 1).toordinal()
    last = (date(year, month + 1, 1) if 0 < month < 12 else date(year + 1, 1, 1)).toordinal() - 1
    return [date.fromordinal(day).isoformat()[5:] for day in days_within(rule.days, first, last)]


@pytest.mark.parametrize(
    "text, year, month, expected",
    [
        ("Mon", 2026, 11, ["11-02", "11-09", "11-16", "11-23", "11-30"]),
        ("1st-Mon", 2026, 11, ["11-02"]),
        ("5th-Mon+last-Tue", 2026, 11, ["11-24", "11-30"]),
        ("5th-Sun", 2026, 10, []),
        ("last-Sat", 2026, 10, ["10-31"]),
        ("day-1..3+15", 2026, 11, ["11-01", "11-02", "11-03", "11-15"]),
        ("day-last", 2026, 2, ["02-28"]),
        ("day-last", 2028, 2, ["02-29"]),
        ("day-last-1..last", 2026, 4, ["04-29", "04-30"]),
        ("day-31", 2026, 4, []),
        ("day-30..last", 2026, 2, []),
        ("day-13 Fri", 2026, 0, ["02-13", "03-13", "11-13"]),
        ("Nov-Jan 1st-Sun", 2026, 0, ["01-04", "11-01", "12-06"]),
        ("2026-12-30..2027-01-02", 2026, 12, ["12-30", "12-31"]),
        ("2026-12-24..2027-01-02 weekends", 2026, 12, ["12-26", "12-27"]),
        ("2026-12-24+2026-12-31 Dec Thu 4th-Thu", 2026, 0, ["12-24"]),
    ],
)
def test_the_days_of_selectors(text, year, month, expected):
    assert _days(text, year, month) == expected


DAYS = st.builds(
    Days,
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.dates(date(2026, 6, 1), date(2027, 1, 1))),
        max_size=1,
    ).map(tuple),
    st.frozensets(st.integers(1, 12), max_size=4),
    st.frozensets(st.integers(1, 31) | st.integers(-7, -1), max_size=6),
    st.frozensets(st.tuples(st.sampled_from((1, 2, 3, 4, 5, -1)), st.integers(0, 6)), max_size=6),
    st.frozensets(st.integers(0, 6), max_size=4),
)


@settings(max_examples=tries(80))
@given(days=DAYS, first=st.dates(date(2026, 1, 1), date(2028, 3, 1)), length=st.integers(0, 100))
def test_months_at_a_time_are_the_days_one_by_one(days, first, length):
    span = range(first.toordinal(), first.toordinal() + length)
    one_by_one = [day for day in span if chosen(days, date.fromordinal(day))]
    assert list(days_within(days, span.start, span.stop - 1)) == one_by_one
    assert possible(days) or not one_by_one


@pytest.mark.parametrize(
    "days, expected",
    [
        (Days(months=frozenset((2,)), monthdays=frozenset((30,))), False),
        (Days(months=frozenset((2,)), monthdays=frozenset((29,)), weekdays=frozenset((0,))), True),
        (Days(months=frozenset((2,)), nth=frozenset(((5, 0),))), True),
        (Days(months=frozenset((4, 6)), monthdays=frozenset((31,))), False),
        (Days(monthdays=frozenset((8,)), nth=frozenset(((1, 0),))), False),
        (Days(((date(2026, 12, 24), date(2026, 12, 24)),), weekdays=frozenset((6,))), False),
        (Days(((date(2026, 12, 24), date(2026, 12, 27)),), weekdays=frozenset((6,))), True),
        (Days(), True),
    ],
)
def test_whether_there_is_ever_such_a_day(days, expected):
    assert possible(days) is expected
