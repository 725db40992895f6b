# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Wanted
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.state import (
    StateTag,
    own_state,
    parse_state,
    tag_names,
)
from ansible_collections.day2.ops.tests.support.scheduled import followed, machine, utc
from hypothesis import given
from hypothesis import strategies as st

AT = utc("2026-11-28T18:00")
INSTANTS = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(timezone.utc)).map(  # noqa: DTZ001 - Hypothesis wants it naive
    lambda at: at.replace(microsecond=0)
)


@pytest.mark.parametrize(
    "text, state",
    [
        ("stopped 2026-11-28T18:00:00Z", StateTag(Wanted.STOPPED, AT)),
        ("running until 2026-11-28T18:00:00Z", StateTag(Wanted.RUNNING, until=AT)),
        ("running", StateTag(Wanted.RUNNING)),
        ("running 2026-11-28T18:00:00Z retained", StateTag(Wanted.RUNNING, AT, retained=True)),
    ],
)
def test_what_a_state_tag_says(text, state):
    assert parse_state(text) == state
    assert str(state) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "any",
        "Stopped",
        "stopped ",
        "stopped 2026-11-28",
        "stopped 2026-02-31T18:00:00Z",
        "stopped 2026-11-28T18:00:00+01:00",
        "stopped until",
        "stopped 2026-11-28T18:00:00Z retained ",
        "stopped ٢٠٢٦-11-28T18:00:00Z",
    ],
)
def test_what_we_have_not_written(text):
    assert parse_state(text) is None


@given(st.builds(StateTag, st.sampled_from([Wanted.RUNNING, Wanted.STOPPED]), st.none() | INSTANTS, st.just(None)))
def test_a_state_is_read_as_it_was_written(state):
    assert parse_state(str(state)) == state


@given(st.text(max_size=60) | st.from_regex(r"(running|stopped) (until )?[0-9TZ:-]{0,22}( retained)?", fullmatch=True))
def test_any_text_is_a_state_or_none(text):
    state = parse_state(text)
    assert state is None or str(state) == text


@pytest.mark.parametrize("owner, state", [("i-1", "running"), ("i-2", ""), (None, "")])
def test_a_state_that_was_copied_is_none(owner, state):
    tags = {key: value for key, value in followed("running", owner or "").items() if value}
    assert own_state(machine(tags=tags), tag_names("Schedule")) == state


def test_all_tags_are_named_after_the_schedules():
    names = tag_names("day2:on")
    assert names == ("day2:on", "day2:onState", "day2:onStateOf", "day2:onOverride", "day2:onKept")
