# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import (
    SUSPENDED,
    Kept,
    KeptError,
    cannot_start,
    cannot_stop,
    parse_kept,
    sizes_for,
    to_keep,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action, AsgMethod, Kind, Sizes
from ansible_collections.day2.ops.tests.support.scheduled import group
from hypothesis import given
from hypothesis import strategies as st

WEB = Sizes(2, 4, 6)
EMPTY = Sizes(0, 0, 6)


@pytest.mark.parametrize(
    "text, kept",
    [
        ("2/4/6", Kept(WEB)),
        ("0/0/0", Kept(Sizes(0, 0, 0))),
        ("suspended", Kept(None)),
        ("suspended AZRebalance+AlarmNotification", Kept(None, ("AZRebalance", "AlarmNotification"))),
    ],
)
def test_what_is_kept(text, kept):
    assert parse_kept(text) == kept
    assert str(kept) == text


@pytest.mark.parametrize("text", ["", "2", "2/4", "2/4/6/8", "-1/0/1", "3/2/6", "2/7/6", "suspended A,B", "٢/4/6"])
def test_what_says_nothing_to_restore(text):
    with pytest.raises(KeptError):
        parse_kept(text)


def test_blanks_around_what_a_person_wrote_do_no_harm():
    assert parse_kept(" 2/4/6 ") == Kept(WEB)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,7}/[0-9]{1,7}/[0-9]{1,7}", fullmatch=True))
def test_any_text_is_kept_or_an_error(text):
    try:
        kept = parse_kept(text)
    except KeptError:
        return
    assert parse_kept(str(kept)) == kept


def test_sizes_are_kept_and_restored():
    kept = to_keep(group(WEB), AsgMethod.SIZES)
    assert str(kept) == "2/4/6"
    assert sizes_for(Action.STOP, group(WEB), None) == EMPTY
    assert sizes_for(Action.START, group(EMPTY), kept) == WEB


def test_processes_that_somebody_else_suspended_stay_so():
    kept = to_keep(group(WEB, suspended=("AZRebalance",)), AsgMethod.SUSPEND)
    assert str(kept) == "suspended AZRebalance"
    assert kept.to_resume == tuple(name for name in SUSPENDED if name != "AZRebalance")
    assert sizes_for(Action.START, group(WEB), kept) is None


def test_what_a_run_that_ended_midway_has_suspended_is_not_taken_for_somebody_elses():
    half = group(WEB, suspended=SUSPENDED)
    assert to_keep(half, AsgMethod.SUSPEND, "suspended AZRebalance") == Kept(None, ("AZRebalance",))
    # What was kept of an earlier evening, and was resumed since, is not kept again.
    assert to_keep(group(WEB), AsgMethod.SUSPEND, "suspended AZRebalance") == Kept(None)
    assert to_keep(group(WEB), AsgMethod.SUSPEND, "2/4/6") == Kept(None)


@pytest.mark.parametrize(
    "method, text, kept",
    [
        (AsgMethod.SIZES, "2/4/6", Kept(WEB)),
        (AsgMethod.SIZES, "0/0/6", Kept(Sizes(1, 1, 8))),
        (AsgMethod.SIZES, "suspended", Kept(Sizes(1, 1, 8))),
        (AsgMethod.SUSPEND, "suspended AZRebalance", Kept(None, ("AZRebalance",))),
        (AsgMethod.SUSPEND, "2/4/6", Kept(None)),
    ],
)
def test_what_was_kept_stays_when_somebodys_start_is_undone(method, text, kept):
    theirs = group(Sizes(1, 1, 8))
    assert to_keep(theirs, method, text, again=True) == kept
    if kept.sizes == WEB:
        assert sizes_for(Action.STOP, theirs, kept) == EMPTY


def test_node_groups_have_no_processes():
    assert to_keep(group(WEB, kind=Kind.NODEGROUP), AsgMethod.SUSPEND) == Kept(WEB)


@pytest.mark.parametrize(
    "what, method, why",
    [
        (group(WEB), AsgMethod.SIZES, ""),
        (group(WEB, suspended=("Launch",)), AsgMethod.SIZES, ""),
        (group(WEB, suspended=("Terminate",)), AsgMethod.SIZES, "Terminate is suspended"),
        (group(WEB, suspended=("Terminate",)), AsgMethod.SUSPEND, ""),
        (group(WEB)._replace(sizes=None), AsgMethod.SIZES, "sizes are not known"),
    ],
)
def test_what_keeps_a_group_from_being_stopped(what, method, why):
    said = cannot_stop(what, method)
    assert (why in said) if why else not said


@pytest.mark.parametrize(
    "what, kept, why",
    [
        (group(EMPTY), "2/4/6", ""),
        (group(EMPTY), "", "ScheduleKept is missing"),
        (group(EMPTY), "lots", "of no use"),
        (group(EMPTY), "0/0/6", "is empty"),
        (group(Sizes(0, 0, 10)), "2/4/6", "they are 0/0/10 and were left at 0/0/6"),
        (group(EMPTY)._replace(sizes=None), "2/4/6", "not known"),
        (group(EMPTY, suspended=("Launch",)), "2/4/6", "Launch is suspended"),
        (group(WEB, suspended=SUSPENDED), "suspended", ""),
        (group(EMPTY), "suspended AZRebalance", "is no sizes"),
    ],
)
def test_what_keeps_a_group_from_being_started(what, kept, why):
    said = cannot_start(what, kept, "ScheduleKept")
    assert (why in said) if why else not said
