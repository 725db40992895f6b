# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import format_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.structured import parse_named
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def _text(value, timezone="UTC"):
    return format_schedule(parse_named("office", value, timezone).schedule)


@pytest.mark.parametrize(
    "value, text",
    [
        ("Mon-Fri 07:30-19:00", "Mon-Fri 07:30-19:00 Asia/Tokyo"),
        ({"schedule": "Mon-Fri 07:30-19:00", "timezone": "Europe/Madrid"}, "Mon-Fri 07:30-19:00 Europe/Madrid"),
        ({"schedule": "stop-only 19:00 not @x UTC"}, "stop-only 19:00 not @x UTC"),
        ({"windows": [{"days": "Mon-Fri", "times": "07:30-19:00"}]}, "Mon-Fri 07:30-19:00 Asia/Tokyo"),
        (
            {"windows": [{"days": ["Mon", "Wed-Thu"], "start": "07:30", "stop": "19:00"}]},
            "Mon+Wed+Thu 07:30-19:00 Asia/Tokyo",
        ),
        (
            {
                "windows": [
                    {"days": "Sat", "times": ["08:00-10:00", "12:00-13:00"], "months": ["Jan", "Feb"]},
                    "1st-Mon",
                ]
            },
            "Jan+Feb Sat 08:00-10:00+12:00-13:00 and 1st-Mon Asia/Tokyo",
        ),
        (
            {"windows": [{"dates": [date(2026, 12, 24), "2026-12-30..2027-01-02"]}], "timezone": "utc"},
            "2026-12-24+2026-12-30..2027-01-02 UTC",
        ),
        (
            {"windows": [{"start": "22:00", "stop": "06:00"}], "not": "b", "only": ["@a", "c"]},
            "22:00-06:00 not @b only @a+@c Asia/Tokyo",
        ),
        (
            {"mode": "stop-only", "windows": [{"days": "weekdays", "stop": "19:00"}]},
            "stop-only Mon-Fri 19:00 Asia/Tokyo",
        ),
        (
            {"mode": "start-only", "windows": [{"times": ["07:00", "09:00"]}, "Sat 10:00"]},
            "start-only 07:00+09:00 and Sat 10:00 Asia/Tokyo",
        ),
        ({"mode": "windows", "windows": ["Mon and Tue"]}, "Mon and Tue Asia/Tokyo"),
        ({"mode": "never", "timezone": "UTC"}, "never"),
    ],
)
def test_what_the_keys_mean(value, text):
    assert _text(value, "Asia/Tokyo") == text


def test_what_a_named_schedule_says_otherwise_than_the_run():
    named = parse_named("x", {"schedule": "always", "enforce": True, "hibernate": False, "description": "d"}, "UTC")
    assert (named.enforce, named.retain_running, named.hibernate, named.description) == (True, None, False, "d")
    plain = parse_named("x", "always", "UTC")
    assert plain == Named("x", plain.schedule)


@pytest.mark.parametrize(
    "value, says",
    [
        (None, "schedules.office: a text such as"),
        (["Mon"], "schedules.office: a text such as"),
        ("Mon-Fry", "schedules.office: 'Mon-Fry', column 5: 'Fry' is not a weekday"),
        ({}, "schedules.office: either schedule .* or windows"),
        ({"schedule": "Mon-Fry"}, "schedules.office.schedule: 'Mon-Fry', column 5"),
        ({"schedule": 7}, "schedules.office.schedule: a text is expected"),
        ({"schedule": "Mon", "windows": ["Mon"]}, "schedules.office.windows: does not go with schedule"),
        ({"schedule": "Mon", "not": ["x"]}, "schedules.office.not: does not go with schedule"),
        ({"shedule": "Mon"}, "schedules.office: there is no key 'shedule'.*did you mean schedule"),
        ({"schedule": "Mon", "enforce": "yes"}, "schedules.office.enforce: true or false"),
        ({"schedule": "Mon", "timezone": "Europe/Nowhere"}, "schedules.office.timezone: .*is not a time zone"),
        ({"windows": "Mon"}, "schedules.office.windows: a list"),
        ({"windows": []}, "schedules.office.windows: a list"),
        ({"windows": [7]}, r"schedules.office.windows\[0\]: a mapping"),
        ({"windows": [{}]}, r"schedules.office.windows\[0\]: a mapping"),
        ({"windows": ["Mon", "Mon-Fry"]}, r"schedules.office.windows\[1\]: 'Mon-Fry"),
        ({"windows": ["Mon not @x"]}, r"windows\[0\]: .* calendars stand in not and only"),
        ({"windows": ["Mon Asia/Tokyo"]}, r"windows\[0\]: .*'tz=UTC' is too much"),
        ({"windows": ["never"]}, r"windows\[0\]: .* is more than a window"),
        ({"windows": [{"day": "Mon"}]}, r"windows\[0\]: there is no key 'day'.*did you mean days"),
        ({"windows": [{"days": "Fry"}]}, r"windows\[0\].days: 'Fry"),
        ({"windows": [{"days": "Mon 07:00-19:00"}]}, r"windows\[0\].days: .*is more than days"),
        ({"windows": [{"days": "Mon and Tue"}]}, r"windows\[0\].days: .*is more than days"),
        ({"windows": [{"days": []}]}, r"windows\[0\].days: the list is empty"),
        ({"windows": [{"days": [True]}]}, r"windows\[0\].days: a text or a list of texts"),
        ({"windows": [{"months": "Jun", "dates": "2026-13-01"}]}, r"windows\[0\].dates: '2026-13-01"),
        ({"windows": [{"start": "07:00"}]}, r"windows\[0\].stop: is missing; mode: start-only is for"),
        ({"windows": [{"stop": "19:00"}]}, r"windows\[0\].start: is missing; mode: stop-only is for"),
        (
            {"windows": [{"start": "07:00", "stop": 1140}]},
            r'windows\[0\].stop: 1140 is a number.*write "19:00" or "11:40"',
        ),
        ({"windows": [{"start": 7, "stop": "19:00"}]}, r'windows\[0\].start: 7 is a number.*write "07:00"'),
        ({"windows": [{"times": "07:00-19:00", "stop": "1"}]}, r"windows\[0\]: either times, or start and stop"),
        ({"windows": [{"times": "07:00"}]}, r"windows\[0\]: '07:00.*one time"),
        ({"mode": "stop-only", "windows": [{"days": "Mon"}]}, r"windows\[0\]: .*a time for stop-only"),
        ({"mode": "stop-only", "windows": [{"start": "07:00"}]}, r"windows\[0\]: with mode: stop-only there is stop"),
        ({"mode": "sometimes", "windows": ["Mon"]}, "schedules.office.mode: 'sometimes' is none of"),
        ({"mode": "always", "windows": ["Mon"]}, "schedules.office.windows: does not go with mode: always"),
        ({"windows": ["Mon"], "not": [7]}, "schedules.office.not: the name of a calendar"),
        ({"windows": ["Mon"], "only": ["a b"]}, "schedules.office.only: "),
    ],
)
def test_what_is_wrong_is_named_by_its_key(value, says):
    with pytest.raises(Day2Error, match=f"^{says}" if says.startswith("schedules") else says):
        parse_named("office", value, "UTC")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
SCALARS = SCALARS | st.sampled_from(("Mon-Fri", "07:00-19:00", "19:00", "x", "stop-only", "Jan", "always"))
NESTED = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "schedule",
                    "windows",
                    "mode",
                    "not",
                    "only",
                    "days",
                    "times",
                    "start",
                    "stop",
                    "dates",
                    "timezone",
                    "enforce",
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=tries(100))
@given(NESTED)
def test_nothing_that_yaml_can_say_does_anything_but_to_be_refused_or_read(value):
    try:
        named = parse_named("x", value, "UTC")
    except Day2Error as error:
        assert str(error).startswith("schedules.x")
    else:
        assert format_schedule(named.schedule)
