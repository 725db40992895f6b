# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from datetime import date

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import (
    LONGEST,
    MOST_RULES,
    ScheduleError,
    format_schedule,
    parse_schedule,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import (
    Days,
    Mode,
    Rule,
    Schedule,
    calendars_needed,
)
from ansible_collections.day2.ops.tests.support.clocks import texts
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import example, given, settings
from hypothesis import strategies as st

WEEK = frozenset(range(5))
DAY = ((0, 1440),)


def _schedule(*rules, **rest):
    return Schedule(Mode.WINDOWS, rules, **rest)


@pytest.mark.parametrize(
    "text, tree",
    [
        ("Mon-Fri 07:30-19:00", _schedule(Rule(Days(weekdays=WEEK), ((450, 1140),)))),
        ("  mon-FRIDAY\t7:30-19:00\n", _schedule(Rule(Days(weekdays=WEEK), ((450, 1140),)))),
        ("22:00-06:00", _schedule(Rule(Days(), ((1320, 1800),)))),
        ("22:00-24:00", _schedule(Rule(Days(), ((1320, 1440),)))),
        ("22:00-00:00", _schedule(Rule(Days(), ((1320, 1440),)))),
        ("06:00-06:00", _schedule(Rule(Days(), ((360, 1800),)))),
        ("daily", _schedule(Rule(Days(), DAY))),
        ("Jan-Dec", _schedule(Rule(Days(), DAY))),
        ("Fri-Mon", _schedule(Rule(Days(weekdays=frozenset((4, 5, 6, 0))), DAY))),
        ("Mon+Wed+Fri-Sat", _schedule(Rule(Days(weekdays=frozenset((0, 2, 4, 5))), DAY))),
        ("Mon, Wed , Fri - Sat", _schedule(Rule(Days(weekdays=frozenset((0, 2, 4, 5))), DAY))),
        (
            "weekends 10:00-12:00 + 13:00-14:00",
            _schedule(Rule(Days(weekdays=frozenset((5, 6))), ((600, 720), (780, 840)))),
        ),
        ("2nd-Tue+last-Fri", _schedule(Rule(Days(nth=frozenset(((2, 1), (-1, 4)))), DAY))),
        ("day-1..3+15+last", _schedule(Rule(Days(monthdays=frozenset((1, 2, 3, 15, -1))), DAY))),
        ("day-1-3+last-1", _schedule(Rule(Days(monthdays=frozenset((1, 2, 3, -2))), DAY))),
        ("day-29..last", _schedule(Rule(Days(monthdays=frozenset((29, 30, 31))), DAY))),
        ("Nov-Feb", _schedule(Rule(Days(months=frozenset((11, 12, 1, 2))), DAY))),
        (
            "2026-12-24..2027-01-02+2027-01-03",
            _schedule(Rule(Days(dates=((date(2026, 12, 24), date(2027, 1, 3)),)), DAY)),
        ),
        (
            "Mon 08:00-09:00; Tue and Wed 10:00-11:00",
            _schedule(
                Rule(Days(weekdays=frozenset((0,))), ((480, 540),)),
                Rule(Days(weekdays=frozenset((1,))), DAY),
                Rule(Days(weekdays=frozenset((2,))), ((600, 660),)),
            ),
        ),
        ("daily only @b not @z+@a+a", _schedule(Rule(Days(), DAY), without=("a", "z"), only=("b",))),
        ("daily not @a , @b europe/madrid", _schedule(Rule(Days(), DAY), without=("a", "b"), zone="Europe/Madrid")),
        ("daily tz=utc", _schedule(Rule(Days(), DAY))),
        ("daily Etc/GMT+5", _schedule(Rule(Days(), DAY), zone="Etc/GMT+5")),
        ("daily america/port-au-prince", _schedule(Rule(Days(), DAY), zone="America/Port-au-Prince")),
        ("ALWAYS", Schedule(Mode.ALWAYS)),
        ("never", Schedule(Mode.NEVER)),
        ("ignore Asia/Tokyo", Schedule(Mode.IGNORE, zone="Asia/Tokyo")),
        ("stop-only Mon-Fri 19:00", Schedule(Mode.STOP_ONLY, (Rule(Days(weekdays=WEEK), ((1140, 1140),)),))),
        ("Start-Only 09:00+07:00", Schedule(Mode.START_ONLY, (Rule(Days(), ((420, 420), (540, 540))),))),
    ],
)
def test_what_a_text_means(text, tree):
    assert parse_schedule(text) == tree
    assert parse_schedule(format_schedule(tree)) == tree


@pytest.mark.parametrize(
    "text, canonical",
    [
        ("mon-fri 7:30-19:00", "Mon-Fri 07:30-19:00 UTC"),
        ("Mon,Tue", "Mon+Tue UTC"),
        ("Sun+Mon+Sat", "Sat-Mon UTC"),
        ("Mon-Sun 09:00-10:00+08:00-09:30", "08:00-09:30+09:00-10:00 UTC"),
        ("00:00-00:00", "daily UTC"),
        (
            "weekdays 2026-01-01..2026-12-31 Feb-Apr 10:00-00:00",
            "2026-01-01..2026-12-31 Feb-Apr Mon-Fri 10:00-24:00 UTC",
        ),
        ("last-Fri+1st-Mon", "1st-Mon+last-Fri UTC"),
        ("day-last+3+1+2", "day-1..3+last UTC"),
        ("Mon only @b not @a tz=europe/madrid", "Mon not @a only @b Europe/Madrid"),
        ("Mon; Mon ; Tue", "Mon and Tue UTC"),
        ("stop-only 19:00 UTC", "stop-only 19:00 UTC"),
        ("Always", "always"),
        ("never tz=Asia/Tokyo", "never Asia/Tokyo"),
    ],
)
def test_there_is_one_spelling(text, canonical):
    assert format_schedule(parse_schedule(text)) == canonical
    assert format_schedule(parse_schedule(canonical)) == canonical


def test_a_schedule_without_a_zone_is_in_the_given_one():
    assert parse_schedule("daily", "europe/madrid").zone == "Europe/Madrid"
    assert parse_schedule("daily UTC", "Europe/Madrid").zone == "UTC"
    with pytest.raises(Day2Error, match="timezone: 'Europe/Nowhere' is not a time zone"):
        parse_schedule("daily", "Europe/Nowhere")


def test_the_calendars_that_a_schedule_needs():
    assert calendars_needed(parse_schedule("daily not @b+a only @c")) == {"a", "b", "c"}
    assert calendars_needed(parse_schedule("always")) == frozenset()


# text, column, what the error says
WRONG = [
    ("", 1, "it is empty.*always"),
    ("Mon-Fry 07:00-19:00", 5, "'Fry' is not a weekday: Mon, .*did you mean Fri"),
    ("Mon-Fri 07:00-25:00", 15, "'25:00' is not a time from 00:00 to 24:00"),
    ("Mon-Fri 24:00-25:00", 9, "'24:00' is not a time from 00:00 to 23:59"),
    ("Mon-Fri 07:60-19:00", 9, "'07:60' is not a time"),
    ("Mon Tue 07:00-19:00", 5, r"'Tue' comes after other weekdays: join them with \+"),
    ("Mon-Fri 07:00-19:00 Sat 09:00-12:00", 21, "'Sat' comes after the times.*begins with and"),
    ("Mon+", 5, r"something is missing after 'Mon\+'"),
    ("Mon + Tus", 7, "'Tus' is not a weekday"),
    ("Mon , , Tue", 7, "something is missing"),
    ("Mon and", 8, "a weekday .* is expected here"),
    ("Mon and not @x", 9, "'not' stands where a weekday"),
    ("Mon not", 8, "a calendar such as @holidays is expected here"),
    ("Mon not holidays", 9, "'holidays' is no calendar: write @holidays"),
    ("Mon not @", 9, "'@' is not the name of a calendar"),
    ("Mon not @a not @b", 12, "'not' comes twice"),
    ("@x", 1, "calendars stand behind not or only"),
    ("Mon Europe/Madrid not @x", 19, "'not' comes after the time zone, which stands last"),
    ("Mon Europe/Madrid x", 19, "'x' is too much"),
    ("Europe/Madrid Mon", 1, "a time zone stands last"),
    ("always not @x", 8, "'not' cannot come after always"),
    ("Feb day-30", 1, "is never: there is no day"),
    ("2026-12-24 Sun", 1, "is never"),
    ("2026-02-30", 1, "'2026-02-30' is not a day of the calendar"),
    ("2026-12-24..2026-12-23", 1, "ends before it begins"),
    ("day-32", 5, "'32' is not a day of the month"),
    ("day-5..1", 5, "ends before it begins; write two"),
    ("6th-Mon", 1, "'6th-Mon' is not like 2nd-Tue"),
    ("2nd-Tus", 5, "did you mean Tue"),
    ("stop-only Mon-Fri", 18, "a time for stop-only"),
    ("stop-only Mon-Fri 19:00-20:00", 19, "is a window; stop-only and start-only take moments, such as 19:00"),
    ("stop-only 24:00", 11, "is not a time from 00:00 to 23:59"),
    # what people bring along from Cloud Custodian
    ("off=(M-F,19)", 1, "another scheduler; here that is stop-only Mon-Fri 19:00$"),
    ("on=(M-F,7)", 1, "here that is start-only Mon-Fri 07:00$"),
    ("off=(M-F,19);on=(M-F,7);tz=pt", 1, "here that is Mon-Fri 07:00-19:00 America/Los_Angeles$"),
    ("off=[(M-F,19),(S,10)]", 1, "another scheduler; here a schedule is windows: Mon-Fri 07:30-19:00"),
    ("on=[]", 1, "another scheduler"),
    ("(M,F,19)", 1, "'\\(' is no part of a schedule"),
    ("19:30", 1, "one time, and a window has two.*stop-only 19:30, start-only 19:30"),
    ("Mon-Fri 19:00", 9, "stop-only Mon-Fri 19:00, start-only Mon-Fri 19:00"),
    ("M-F 07:00-19:00", 1, "did you mean Mon-Fri"),
    ("1-5", 1, "'1' is not a time"),
    ("1-5 07:00-19:00", 1, "did you mean Mon-Fri"),
    ("Mon-Fri 07:00-19:00 tz=Europe/Nowhere", 24, "'Europe/Nowhere' is not a time zone"),
    # from cron, Instance Scheduler, and from elsewhere
    ("0 7 * * 1-5", 1, "is a cron expression"),
    ("cron(0 7 ? * MON-FRI *)", 1, "another scheduler"),
    ("rate(1 hour)", 1, "another scheduler"),
    ("Mon-Fri 7-19", 9, "did you mean 07:00-19:00"),
    ("Mon-Fri 7am-7pm", 9, "did you mean 07:00-19:00"),
    ("Mon-Fri 12am-12pm", 9, "did you mean 00:00-12:00"),
    ("Mon-Fri 0700-1900", 9, "did you mean 07:00-19:00"),
    ("Mon-Fri 07.30-19h", 9, "did you mean 07:30-19:00"),
    ("Mon-Fri 08:00-12:00+13-17", 21, "did you mean 13:00-17:00"),
    ("stop-only 7pm", 11, "did you mean 19:00"),
    ("Mon-Fri 07:00 to 19:00", 9, "ranges are written with a dash"),
    ("Mon to Fri", 5, "written with a dash"),
    ("Mon/Tue", 1, r"did you mean Mon\+Tue"),
    ("Mo-Fr 07:00-19:00", 1, "did you mean Mon-Fri"),
    ("workdays 07:00-19:00", 1, "did you mean weekdays"),
    ("24/7", 1, "did you mean always"),
    ("off", 1, "did you mean never"),
    ("24.12.2026", 1, "did you mean 2026-12-24"),
    ("2026/12/24", 1, "did you mean 2026-12-24"),
    ("2026-1-5", 1, "did you mean 2026-01-05"),
    ("01/02/2026", 1, "'01/02/2026' is not a time from 00:00 to 23:59$"),  # in which of two months?
    ("Mon-Fri 07:00-19:00 Madrid", 21, "did you mean Europe/Madrid"),
    ("Mon-Fri 07:00-19:00 Europe/Madird", 21, "did you mean Europe/Madrid"),
    ("Mon-Fri 07:00-19:00 PST", 21, "did you mean America/Los_Angeles"),
    ("Mon-Fri 07:00-19:00 UTC+2", 21, "an offset knows no summer time"),
    ("daily | Mon", 7, "did you mean and"),
    ("allways", 1, "did you mean always"),
    ("stop_only 19:00", 1, "did you mean stop-only"),
]


@pytest.mark.parametrize("text, column, says", WRONG)
def test_what_is_wrong_with_a_text(text, column, says):
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(text)
    error = caught.value
    assert re.search(says, str(error)), str(error)
    assert f", column {column}: " in str(error)
    assert (error.text, error.position) == (text, column - 1)
    assert error.expected and error.expected in str(error)


@pytest.mark.parametrize(
    "text, _column, says", [each for each in WRONG if "did you mean" in each[2] or "that is" in each[2]]
)
def test_what_is_proposed_is_right(text, _column, says):
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(text)
    found = re.search(r"(?:did you mean|here that is) (.+?)\??$", str(caught.value))
    assert found
    proposed = found[1]
    if proposed not in ("and",):
        mode = f"{proposed} 19:00" if proposed == "stop-only" else proposed
        if re.fullmatch("[0-9]{2}:[0-9]{2}", proposed):
            mode = f"stop-only {proposed}"
        parse_schedule(f"daily {proposed}" if "/" in proposed and " " not in proposed else mode)


ALPHABET = " +-=._:/@;,0123456789MonTueFriJanDecalwysnever"
PIECES = st.sampled_from(
    (
        *(
            "Mon",
            "Fri",
            "-",
            "+",
            " ",
            "..",
            "07:00",
            "19:00",
            "24:00",
            "and",
            "not",
            "only",
            "@",
            "x",
            "tz=",
            "Europe/Madrid",
        ),
        *(
            "UTC",
            "day-",
            "last",
            "1st",
            "5th",
            "31",
            "2026-12-24",
            "stop-only",
            "start-only",
            "always",
            "Jan",
            ";",
            ",",
            "/",
        ),
        *("weekdays", "daily", "=", "(", ")", "*", "0", "off=", "M-F", "\u0130", "\ud800", "\0", "\n", "ß", "١٢:٠٠"),
    )
)


def _total(text):
    try:
        schedule = parse_schedule(text)
    except ScheduleError as error:
        assert 0 <= error.position <= len(text)
        assert error.expected and f"column {error.position + 1}" in str(error)
        assert str(error).isprintable() and len(str(error)) < 1000
        return False
    assert parse_schedule(format_schedule(schedule)) == schedule
    return True


@settings(max_examples=tries(150))
@given(st.text(ALPHABET, max_size=60) | st.text(max_size=60) | st.lists(PIECES, max_size=14).map("".join))
@example("\u0130stanbul/x")
@example("tz=")
@example("Mon tz=")
@example("- - -")
@example("--1")
@example("5th-")
@example("@\ud800")
def test_no_text_does_anything_but_to_be_refused_or_read(text):
    _total(text)


@settings(max_examples=tries(60))
@given(text=texts(), at=st.integers(0, 200), piece=PIECES | st.text(max_size=2))
def test_nor_does_a_schedule_with_a_slip(text, at, piece):
    place = at % (len(text) + 1)
    _total(text[:place] + piece + text[place:])
    _total(text[:place] + text[place + 1 :])


@settings(max_examples=tries(80))
@given(texts())
def test_what_is_written_is_read_as_the_same(text):
    try:
        schedule = parse_schedule(text)
    except ScheduleError as error:
        assert "is never" in str(error)
        return
    canonical = format_schedule(schedule)
    assert parse_schedule(canonical) == schedule
    assert format_schedule(parse_schedule(canonical)) == canonical
    assert re.fullmatch(r"[A-Za-z0-9 +\-=._:/@]*", canonical)  # what all tags allow


@pytest.mark.parametrize(
    "piece",
    [" ", "+", ",", ";", "-", "Mon", "Mon+", "Mon and ", "07:00-", "9", "@", "Mon not @", "a/", "..", "(", "* "],
)
def test_hostile_texts_are_refused(piece):
    long, small = piece * (1_000_000 // len(piece)), piece * (LONGEST // len(piece))
    with pytest.raises(ScheduleError, match=f"at most {LONGEST} characters"):
        parse_schedule(long)
    with pytest.raises(ScheduleError):
        parse_schedule(small)


def test_there_may_be_so_many_rules_and_no_more():
    days = [f"day-{number + 1}" for number in range(MOST_RULES + 1)]
    assert len(parse_schedule(" and ".join(days[:-1])).rules) == MOST_RULES
    with pytest.raises(ScheduleError, match=f"at most {MOST_RULES} rules"):
        parse_schedule(" and ".join(days))
