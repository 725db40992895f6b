# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.recurrence import (
    Budget,
    RuleError,
    occurrences,
    parse_rule,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

at = datetime.fromisoformat  # wall times have no zone
RANGE = (at("2026-01-01"), at("2030-01-01"))


def found(rule: str, first: str, start: datetime = RANGE[0], stop: datetime = RANGE[1]) -> List[datetime]:
    return list(occurrences(parse_rule(rule), datetime.fromisoformat(first), start, stop, Budget()))


# The first occurrences from 2026 on, looked up in a calendar of paper.
CASES = {
    # yearly
    ("FREQ=YEARLY", "2020-12-25"): ["2026-12-25", "2027-12-25", "2028-12-25"],
    ("FREQ=YEARLY", "2020-02-29"): ["2028-02-29"],
    ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7", "2021-01-15"): ["2027-01-15", "2027-07-15", "2029-01-15"],
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "1997-11-27"): ["2026-11-26", "2027-11-25", "2028-11-23"],  # Thanksgiving
    ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19"): ["2026-05-18", "2027-05-17", "2028-05-15"],
    ("FREQ=YEARLY;BYDAY=-1SU", "2020-01-01"): ["2026-12-27", "2027-12-26", "2028-12-31"],
    ("FREQ=YEARLY;BYYEARDAY=1,100,-1", "2020-01-01"): ["2026-01-01", "2026-04-10", "2026-12-31"],
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12"): ["2026-05-11", "2027-05-17", "2028-05-15"],
    ("FREQ=YEARLY;BYWEEKNO=53", "2020-12-31"): ["2026-12-31"],
    ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=TU", "1996-11-05"): [
        "2026-11-03",
        "2027-11-02",
        "2028-11-07",
    ],
    ("FREQ=YEARLY;UNTIL=20271231T000000", "2020-12-31"): ["2026-12-31", "2027-12-31"],
    ("FREQ=YEARLY;UNTIL=20271230", "2020-12-31"): ["2026-12-31"],
    ("FREQ=YEARLY;COUNT=7", "2020-12-31"): ["2026-12-31"],
    # monthly
    ("FREQ=MONTHLY", "2020-01-31"): ["2026-01-31", "2026-03-31", "2026-05-31"],
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2020-01-31"): ["2026-01-31", "2026-02-28", "2026-03-31"],
    ("FREQ=MONTHLY;BYDAY=2TU", "2020-01-14"): ["2026-01-13", "2026-02-10", "2026-03-10"],  # the day of the patches
    ("FREQ=MONTHLY;BYDAY=-1FR", "2020-01-31"): ["2026-01-30", "2026-02-27", "2026-03-27"],
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02"): ["2026-02-13", "2026-03-13", "2026-11-13"],
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2020-01-31"): ["2026-01-30", "2026-02-27", "2026-03-31"],
    ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10", "2020-09-10"): ["2026-09-10", "2028-03-10", "2029-09-10"],
    # weekly
    ("FREQ=WEEKLY", "2025-12-31"): ["2026-01-07", "2026-01-14", "2026-01-21"],
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "2025-12-30"): ["2026-01-04", "2026-01-13", "2026-01-18"],
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "2025-12-30"): ["2026-01-11", "2026-01-13", "2026-01-25"],
    ("FREQ=WEEKLY;BYMONTH=2;BYDAY=MO", "2020-02-03"): ["2026-02-02", "2026-02-09", "2026-02-16"],
    # daily and less
    ("FREQ=DAILY;INTERVAL=100", "2025-12-31"): ["2026-04-10", "2026-07-19", "2026-10-27"],
    ("FREQ=DAILY;BYMONTH=1;BYDAY=SA", "2020-01-01"): ["2026-01-03", "2026-01-10", "2026-01-17"],
    ("FREQ=DAILY;BYHOUR=9,17;COUNT=3", "2026-03-01T09:00"): ["2026-03-01T09", "2026-03-01T17", "2026-03-02T09"],
    ("FREQ=HOURLY;INTERVAL=36", "2026-01-01T06:30"): ["2026-01-01T06:30", "2026-01-02T18:30", "2026-01-04T06:30"],
    ("FREQ=HOURLY;BYHOUR=4;BYMINUTE=0,30", "2026-01-01"): ["2026-01-01T04", "2026-01-01T04:30", "2026-01-02T04"],
    ("FREQ=MINUTELY;INTERVAL=90;COUNT=3", "2026-01-01T09:00"): ["2026-01-01T09", "2026-01-01T10:30", "2026-01-01T12"],
    ("FREQ=SECONDLY;INTERVAL=40;UNTIL=20260101T000120", "2026-01-01"): [
        "2026-01-01",
        "2026-01-01T00:00:40",
        "2026-01-01T00:01:20",
    ],
    # never
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2020-01-01"): [],
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2020-01-01"): [],
    ("FREQ=WEEKLY;UNTIL=20251231", "2020-01-01"): [],
    ("FREQ=WEEKLY;COUNT=3", "2020-01-01"): [],
    ("FREQ=DAILY", "2031-01-01"): [],
}


@pytest.mark.parametrize(("rule", "first"), CASES)
def test_what_a_rule_gives(rule: str, first: str) -> None:
    expected = [_time(text) for text in CASES[rule, first]]
    got = found(rule, first)
    assert got[: max(3, len(expected))] == expected


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" not in text or ":" in text else f"{text}:00")


def test_a_rule_that_ends_ends() -> None:
    assert len(found("FREQ=DAILY;COUNT=12", "2025-12-25")) == 5
    assert len(found("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5", "2026-01-07")) == 5


WRONG = {
    "": "is no part of a rule",
    "FREQ": "is no part of a rule",
    "FREQ=FORTNIGHTLY": "FREQ must be one of",
    "INTERVAL=2": "FREQ must be one of",
    "FREQ=DAILY;FREQ=DAILY": "is no part of a rule",
    "FREQ=DAILY;COUNT=0": "COUNT",
    "FREQ=DAILY;COUNT=1;UNTIL=20260101": "exclude each other",
    "FREQ=DAILY;INTERVAL=-1": "INTERVAL",
    "FREQ=DAILY;UNTIL=2026": "UNTIL",
    "FREQ=DAILY;UNTIL=20261301": "UNTIL",
    "FREQ=DAILY;BYMONTH=13": "BYMONTH",
    "FREQ=DAILY;BYMONTHDAY=0": "BYMONTHDAY",
    "FREQ=DAILY;BYMONTHDAY=x": "BYMONTHDAY",
    "FREQ=DAILY;BYDAY=2MO": "numbered weekday",
    "FREQ=YEARLY;BYDAY=0MO": "BYDAY",
    "FREQ=YEARLY;BYDAY=MOO": "BYDAY",
    "FREQ=YEARLY;WKST=XX": "WKST",
    "FREQ=MONTHLY;BYWEEKNO=3": "BYWEEKNO",
    "FREQ=YEARLY;RSCALE=HEBREW": "RSCALE is not known",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(RuleError, match=WRONG[text]):
        parse_rule(text)


BOMBS = [
    "FREQ=SECONDLY",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;COUNT=999999999",
    "FREQ=DAILY;BYHOUR={};BYMINUTE={};BYSECOND={}",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_nobody_can_afford(bomb: str) -> None:
    text = bomb.format(*(",".join(map(str, range(most))) for most in (24, 60, 60)))
    budget = Budget(steps=20_000)
    with pytest.raises(RuleError, match="take too long: more than 20,000"):
        for _at in occurrences(parse_rule(text), at("0001-01-01"), *RANGE, budget):
            pass


def test_centuries_before_the_range_cost_nothing() -> None:
    cheap = Budget(steps=3000)
    rule = parse_rule("FREQ=DAILY")
    assert len(list(occurrences(rule, at("0001-01-01"), *RANGE, cheap))) == 1461


def test_the_ends_of_time() -> None:
    last = (at("9999-12-01"), at("9999-12-31T23:59"))
    for frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"):
        for more in ("", ";INTERVAL=999999999", ";UNTIL=99991231T235959Z", ";BYDAY=FR"):
            rule = parse_rule(f"FREQ={frequency}{more}")
            until = rule.until
            if until is None or until.tzinfo is None:
                found_at = list(occurrences(rule, at("9999-12-03"), *last, Budget()))
                assert found_at == sorted(set(found_at))


numbers = st.lists(st.integers(1, 28), min_size=1, max_size=3, unique=True)
weekdays = st.lists(st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU")), min_size=1, max_size=3, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that have occurrences in every year: dateutil would look for those of others until the year 9999."""
    frequency = draw(st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 4))}")
    kind = draw(st.sampled_from(("plain", "day", "monthday")))
    if kind == "day":
        days = draw(weekdays)
        if frequency in ("YEARLY", "MONTHLY") and draw(st.booleans()):
            days = [f"{draw(st.sampled_from((1, 2, 4, -1, -3)))}{day}" for day in days]
            if frequency == "MONTHLY" and draw(st.booleans()):
                parts.append(f"BYSETPOS={draw(st.sampled_from((1, -1)))}")
        parts.append(f"BYDAY={','.join(days)}")
        parts.append(f"WKST={draw(st.sampled_from(('MO', 'SU')))}")
    elif kind == "monthday" and frequency in ("YEARLY", "MONTHLY"):
        sign = draw(st.sampled_from((1, -1)))
        parts.append("BYMONTHDAY=" + ",".join(str(sign * day) for day in draw(numbers)))
    if frequency == "YEARLY" and draw(st.booleans()):
        parts.append("BYMONTH=" + ",".join(str(month) for month in draw(st.sets(st.integers(1, 12), min_size=1))))
    if draw(st.booleans()):
        parts.append("BYHOUR=8,17")
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(("COUNT=3", "COUNT=70", "UNTIL=20270315T120000"))))
    return ";".join(parts)


@settings(max_examples=tries(40))
@given(rules(), st.datetimes(at("2025-01-01"), at("2027-01-28")))
def test_the_same_as_dateutil(text: str, first: datetime) -> None:
    from dateutil.rrule import rrulestr

    first = first.replace(day=min(first.day, 28), microsecond=0)
    start, stop = at("2026-02-01"), at("2027-06-01")
    expected = []
    for each in rrulestr(text, dtstart=first):
        if each >= stop:
            break
        if each >= start:
            expected.append(each)
    assert list(occurrences(parse_rule(text), first, start, stop, Budget())) == expected


@settings(max_examples=tries(100))
@given(
    st.one_of(
        st.text(max_size=60), st.from_regex(r"(FREQ|UNTIL|COUNT|BYDAY|BYMONTH|WKST)=[-+0-9A-Z,]{0,9};?", fullmatch=True)
    )
)
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except RuleError:
        return
    try:
        for each in occurrences(rule, at("2000-01-01"), *RANGE, Budget(3000)):
            assert RANGE[0] <= each < RANGE[1]
    except RuleError as error:
        assert "too long" in str(error)
