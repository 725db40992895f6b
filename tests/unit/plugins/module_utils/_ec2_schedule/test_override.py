# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Wanted
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.override import (
    Override,
    OverrideError,
    parse_override,
)
from ansible_collections.day2.ops.tests.support.scheduled import utc
from hypothesis import given
from hypothesis import strategies as st

UNTIL = Override(Wanted.RUNNING, utc("2026-12-01T17:00"))


@pytest.mark.parametrize(
    "text",
    [
        "running until 2026-12-01T18:00+01:00",
        "running until 2026-12-01T18:00:00+0100",
        "running until 2026-12-01T17:00Z",
        "Running  UNTIL 2026-12-01t17:00:00.000z",
        " running until 2026-12-01T11:30-05:30 ",
    ],
)
def test_one_instant_in_many_ways(text):
    assert parse_override(text) == UNTIL


def test_stopped_until():
    assert parse_override("stopped until 2026-12-01T17:00Z") == Override(Wanted.STOPPED, UNTIL.until)


@pytest.mark.parametrize("text", ["", " ", "\t"])
def test_an_empty_tag_is_no_override(text):
    assert parse_override(text) is None


@pytest.mark.parametrize(
    "text, why",
    [
        ("running", "no override"),
        ("running 2026-12-01T18:00Z", "no override"),
        ("hibernated until 2026-12-01T18:00Z", "no override"),
        ("running until tomorrow", "no instant"),
        ("running until 2026-12-01", "no instant"),
        ("running until 2026-12-01 18:00Z", "no override"),
        ("running until 2026-12-01T18:00", "no offset"),
        ("running until 2026-12-01T18:00 Europe/Madrid", "no override"),
        ("running until 2026-02-30T18:00Z", "no such instant"),
        ("running until 2026-12-01T24:00Z", "no such instant"),
        ("running until 2026-12-01T18:00+99:00", "no offset"),
        ("running until 0001-01-01T00:00+01:00", "no such instant"),
        ("running until 9999-12-31T23:59-01:00", "no such instant"),
        ("running until ٢٠٢٦-12-01T18:00Z", "no instant"),
    ],
)
def test_what_cannot_be_read_says_why_and_shows_how(text, why):
    with pytest.raises(OverrideError, match=why) as error:
        parse_override(text)
    assert text in str(error.value)


def test_a_long_text_is_not_repeated_in_full():
    with pytest.raises(OverrideError) as error:
        parse_override("x" * 256)
    assert len(str(error.value)) < 200


@given(
    st.text(max_size=60)
    | st.from_regex(
        r"(running|stopped) until [0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]([+-][0-9]{4}|Z)", fullmatch=True
    )
)
def test_any_text_is_an_override_or_an_error_in_words(text):
    try:
        found = parse_override(text)
    except OverrideError as error:
        assert str(error)
    else:
        assert found is None or found.until.utcoffset() is not None
