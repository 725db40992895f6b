# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is decided of a single resource, rule by rule. Friday 27 November 2026 is a working day in Madrid (UTC+1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import SKEW, Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import SUSPENDED
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import (
    Action,
    AsgMethod,
    Edge,
    Kind,
    Sizes,
    State,
    Wanted,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named
from ansible_collections.day2.ops.tests.support.scheduled import (
    OFFICE,
    decided,
    followed,
    group,
    inline,
    machine,
    marked,
    utc,
)
from hypothesis import given
from hypothesis import strategies as st

START, STOP, HIBERNATE = Action.START, Action.STOP, Action.HIBERNATE
RUNNING, STOPPED = State.RUNNING, State.STOPPED
MORNING, NOON, EVENING, NIGHT = "2026-11-27T06:30", "2026-11-27T12:00", "2026-11-27T18:00", "2026-11-27T21:00"
STARTED, ENDED = "running 2026-11-27T06:30:00Z", "stopped 2026-11-27T18:00:00Z"
YESTERDAY = "stopped 2026-11-26T18:00:00Z"


# --- windows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, tag, now, action, mark",
    [
        (STOPPED, YESTERDAY, MORNING, START, STARTED),  # at the very instant
        (STOPPED, YESTERDAY, "2026-11-27T06:29", None, ""),
        (STOPPED, YESTERDAY, NOON, START, STARTED),  # hours late
        (STOPPED, "stopped 2026-11-20T18:00:00Z", NOON, START, STARTED),  # a week late
        (RUNNING, STARTED, EVENING, STOP, ENDED),
        (RUNNING, STARTED, "2026-11-27T17:59", None, ""),
        (RUNNING, "running 2026-11-25T06:30:00Z", NIGHT, STOP, ENDED),  # missed the stop and the next start, too
        (RUNNING, YESTERDAY, NOON, None, STARTED),  # it is right already: only written down
        (STOPPED, STARTED, EVENING, None, ENDED),
        (RUNNING, STARTED, NOON, None, ""),  # all is well
        (STOPPED, ENDED, NIGHT, None, ""),
        (RUNNING, "", NIGHT, STOP, ENDED),  # never seen before
        (STOPPED, "", NOON, START, STARTED),
        (STOPPED, "", NIGHT, None, ENDED),
        (STOPPED, ENDED, "2026-11-29T12:00", None, ""),  # all the weekend
        (STOPPED, ENDED, "2026-11-30T06:31", START, "running 2026-11-30T06:30:00Z"),
    ],
)
def test_an_edge_is_followed_once_however_late(state, tag, now, action, mark):
    found = decided(machine(state, followed(tag)), now)
    assert (found.action, found.mark, found.problem, found.not_touched) == (action, mark, "", "")


def test_a_decision_says_in_words_and_local_time_why():
    found = decided(machine(RUNNING, followed(STARTED)), NIGHT)
    assert found.reason == "Mon-Fri 07:30-19:00 Europe/Madrid: stops at 2026-11-27T19:00:00+01:00"
    assert found.at == utc(EVENING)
    assert found.next == Edge(utc("2026-11-30T06:30"), Wanted.RUNNING)
    assert found.schedule == OFFICE


def test_a_name_is_told_with_what_stands_behind_it():
    found = decided(machine(tags={"Schedule": "office"}), NIGHT, {"office": Named("office", parse_schedule(OFFICE))})
    assert found.reason == f"office ({OFFICE}): stops at 2026-11-27T19:00:00+01:00"


@pytest.mark.parametrize("state, tag, did", [(RUNNING, ENDED, "started"), (STOPPED, STARTED, "stopped")])
def test_what_a_person_does_stays_until_the_next_edge(state, tag, did):
    now = NIGHT if state is RUNNING else NOON
    found = decided(machine(state, followed(tag)), now)
    assert (found.action, found.mark, found.problem) == (None, "", "")
    until = "2026-11-30T07:30:00+01:00" if state is RUNNING else "2026-11-27T19:00:00+01:00"
    assert found.not_touched == found.reason
    assert found.reason.endswith(f"somebody has {did} it since: left so until {until}")


@pytest.mark.parametrize(
    "rules, named, action",
    [(True, None, STOP), (False, None, None), (True, False, None), (False, True, STOP)],
)
def test_enforce_undoes_what_a_person_does(rules, named, action):
    office = Named("office", parse_schedule(OFFICE), enforce=named)
    found = decided(
        machine(RUNNING, {**followed(ENDED), "Schedule": "office"}), NIGHT, {"office": office}, enforce=rules
    )
    assert (found.action, found.mark) == (action, "")  # the tag says it already
    assert ("enforce" in found.reason) is (action is not None)


@pytest.mark.parametrize("owner", ["i-2", ""])
def test_the_state_of_a_resource_that_this_one_was_copied_from_is_not_its_own(owner):
    found = decided(machine(RUNNING, followed(ENDED, owner)), NIGHT)
    assert (found.action, found.mark) == (STOP, ENDED)
    settled = decided(machine(STOPPED, followed(ENDED, owner)), NIGHT)
    assert (settled.action, settled.mark) == (None, ENDED)  # written again, with its own id


def test_a_schedule_that_is_edited_makes_an_edge():
    short = {**followed(STARTED), "Schedule": "Mon-Fri 09:00-12:00 Europe/Madrid"}
    assert decided(machine(RUNNING, short), NOON).action is STOP
    shifted = {**followed(STARTED), "Schedule": "Mon-Fri 09:00-17:00 Europe/Madrid"}
    found = decided(machine(RUNNING, shifted), NOON)
    assert (found.action, found.mark) == (None, "running 2026-11-27T08:00:00Z")


# --- the clock -------------------------------------------------------------------------------------------------------


def test_a_clock_that_went_back_undoes_nothing():
    found = decided(machine(STOPPED, followed(ENDED)), NOON)
    assert (found.action, found.mark) == (None, "")
    assert found.problem == found.not_touched
    assert "2026-11-27T19:00:00+01:00" in found.problem
    assert "ScheduleState" in found.problem


def test_a_run_whose_clock_is_a_little_behind_another_says_nothing_of_it():
    just = decided(machine(STOPPED, followed(ENDED)), (utc(EVENING) - SKEW).strftime("%Y-%m-%dT%H:%M:%S"))
    assert (just.action, just.problem) == (None, "")
    assert just.not_touched
    more = (utc(EVENING) - SKEW - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    assert decided(machine(STOPPED, followed(ENDED)), more).problem


def test_a_clock_that_jumps_ahead_and_back_acts_at_most_once():
    ahead = machine(STOPPED, followed("stopped 2030-01-01T18:00:00Z"))
    assert decided(ahead, NOON).problem
    assert decided(ahead._replace(tags={"Schedule": OFFICE}), NOON).action is START  # the way out that it names


def test_an_override_may_end_in_the_future():
    ahead = {**followed("running until 2026-11-28T18:00:00Z"), "ScheduleOverride": "running until 2026-11-28T18:00Z"}
    assert not decided(machine(RUNNING, ahead), NIGHT).problem
    without = machine(RUNNING, followed("running until 2026-11-28T18:00:00Z"))  # somebody has removed it
    assert decided(without, NIGHT).action is STOP


# --- what is left alone ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tags, rest, why, problem",
    [
        ({}, {"state": State.GONE, "aws_state": "terminated"}, "gone (terminated)", False),
        ({"Schedule": "Mon-Fry 07:00"}, {}, "Schedule: ", True),
        ({"Schedule": ""}, {}, "Schedule: ", True),
        ({"ScheduleOverride": "until tomorrow"}, {}, "ScheduleOverride: ", True),
        ({"Schedule": "ignore"}, {}, "to be ignored", False),
        ({"Schedule": "ignore", "ScheduleOverride": "running until 2030-01-01T00:00Z"}, {}, "to be ignored", False),
        ({"Schedule": "ignore", "ScheduleOverride": "nonsense"}, {}, "to be ignored", False),
        ({"Env": "production-1"}, {}, "protected by its tag Env=production-1", False),
        ({"Keep": "anything"}, {}, "protected by its tag Keep=anything", False),
        ({}, {"obstacle": "spot instance"}, "spot instance", False),
        ({}, {"state": State.CHANGING, "aws_state": "stopping"}, "it is stopping now", False),
        (followed("yes"), {}, "none of our words", True),
    ],
)
def test_what_is_left_alone_says_why(tags, rest, why, problem):
    protected = {"Env": "prod*", "Keep": None}
    for enforce in (False, True):
        found = decided(machine(tags=tags, **rest), NIGHT, protected_tags=protected, enforce=enforce)
        assert (found.action, found.mark) == (None, "")
        assert why in found.not_touched
        assert bool(found.problem) is problem


def test_the_first_reason_counts():
    both = machine(tags={"Schedule": "nonsense", "Keep": ""}, state=State.GONE)
    assert "gone" in decided(both, NIGHT, protected_tags={"Keep": None}).not_touched
    assert "Schedule: " in decided(both._replace(state=RUNNING), NIGHT, protected_tags={"Keep": None}).not_touched


def test_a_tag_protects_by_its_pattern_alone():
    assert decided(machine(tags={"Env": "test"}), NIGHT, protected_tags={"Env": "prod*", "Keep": None}).action is STOP


def test_a_pattern_that_is_the_value_protects_whatever_it_would_mean():
    assert decided(machine(tags={"Env": "prod[1]"}), NIGHT, protected_tags={"Env": "prod[1]"}).action is None


def test_what_does_not_carry_the_tag_is_not_spoken_of():
    other = machine()._replace(tags={"schedule": OFFICE, "ScheduleOverride": "stopped until 2030-01-01T00:00Z"})
    assert decide([other], inline(), {}, Rules("Schedule", enforce=True), utc(NIGHT)) == []


def test_a_calendar_that_is_missing_is_a_problem_of_the_resource():
    office = Named("office", parse_schedule(f"{OFFICE.rsplit(' ', 1)[0]} not @holidays Europe/Madrid"))
    found = decided(machine(tags={"Schedule": "office"}), NIGHT, {"office": office})
    assert (found.action, found.mark) == (None, "")
    assert "holidays" in found.problem


@pytest.mark.parametrize("state", [RUNNING, STOPPED])
def test_an_edge_that_a_calendar_does_not_reach_back_to_any_more_is_no_other_edge(state):
    known = (utc("2026-11-01T00:00").date(), utc("2027-11-01T00:00").date())
    calendars = {"releases": Calendar("releases", frozenset({utc("2027-01-12T00:00").date()}), known=known)}
    tags = {**followed("stopped 2026-10-20T18:00:00Z"), "Schedule": "07:30-19:00 only @releases Europe/Madrid"}
    found = decided(machine(state, tags), NIGHT, calendars=calendars)
    assert (found.action, found.mark, found.problem) == (None, "", "")


# --- overrides -------------------------------------------------------------------------------------------------------

LATE = {"ScheduleOverride": "running until 2026-11-27T23:00+01:00"}
OFF = {"ScheduleOverride": "stopped until 2026-11-27T14:00Z"}


@pytest.mark.parametrize(
    "state, override, tag, now, action, mark",
    [
        (STOPPED, LATE, ENDED, NIGHT, START, "running until 2026-11-27T22:00:00Z"),
        (RUNNING, LATE, STARTED, NIGHT, None, "running until 2026-11-27T22:00:00Z"),
        (RUNNING, LATE, "running until 2026-11-27T22:00:00Z", NIGHT, None, ""),
        (STOPPED, LATE, "running until 2026-11-27T22:00:00Z", NIGHT, None, ""),  # a person did that
        (RUNNING, LATE, "running until 2026-11-27T20:00:00Z", NIGHT, None, "running until 2026-11-27T22:00:00Z"),
        (RUNNING, LATE, "running until 2026-11-27T22:00:00Z", "2026-11-27T22:00", STOP, "stopped 2026-11-27T22:00:00Z"),
        (RUNNING, LATE, ENDED, "2026-11-27T22:00", STOP, "stopped 2026-11-27T22:00:00Z"),  # no run while it lasted
        (STOPPED, LATE, "stopped 2026-11-27T22:00:00Z", "2026-11-28T12:00", None, ""),  # the tag may stay
        (STOPPED, LATE, "stopped 2026-11-27T22:00:00Z", "2026-11-30T07:00", START, "running 2026-11-30T06:30:00Z"),
        (RUNNING, OFF, STARTED, NOON, STOP, "stopped until 2026-11-27T14:00:00Z"),
        (STOPPED, OFF, "stopped until 2026-11-27T14:00:00Z", "2026-11-27T14:01", START, "running 2026-11-27T14:00:00Z"),
        (STOPPED, {"ScheduleOverride": " "}, ENDED, NIGHT, None, ""),
    ],
)
def test_an_override_goes_before_the_schedule_until_it_ends(state, override, tag, now, action, mark):
    found = decided(machine(state, {**followed(tag), **override}), now)
    assert (found.action, found.mark, found.problem) == (action, mark, "")


def test_an_override_that_ends_where_the_schedule_wants_the_same_is_an_edge_all_the_same():
    noon = {"ScheduleOverride": "running until 2026-11-27T11:00Z"}
    running = machine(RUNNING, {**followed("running until 2026-11-27T11:00:00Z"), **noon})
    found = decided(running, NOON)
    assert (found.action, found.mark) == (None, "running 2026-11-27T11:00:00Z")
    # Whoever stopped it meanwhile did so against the override; from its end on, the schedule is followed.
    assert decided(running._replace(state=STOPPED), NOON).action is START
    # Twice is not.
    assert decided(marked(running, found)._replace(state=STOPPED), "2026-11-27T12:05").action is None


def test_an_override_tells_its_end_as_what_comes_next():
    found = decided(machine(STOPPED, {**followed(ENDED), **LATE}), NIGHT)
    assert found.next == Edge(utc("2026-11-27T22:00"), Wanted.STOPPED)
    assert found.reason == "ScheduleOverride: running until 2026-11-27T23:00:00+01:00"
    ended = decided(machine(RUNNING, {**followed(ENDED), **LATE}), "2026-11-27T23:00")
    assert ended.reason.startswith("ScheduleOverride has ended at 2026-11-27T23:00:00+01:00, and ")


@pytest.mark.parametrize("until", ["9999-12-31T23:59Z", "2999-01-01T00:00-12:00"])
def test_an_override_for_ever(until):
    tags = {"Schedule": "Mon-Fri 07:30-19:00 Pacific/Auckland", "ScheduleOverride": f"stopped until {until}"}
    found = decided(machine(RUNNING, tags), NOON)
    assert (found.action, found.next) == (STOP, None)
    settled = marked(machine(STOPPED, tags), found)
    assert decided(settled, "2027-06-01T12:00")[2:6:3] == (None, "")


def test_an_override_of_old_is_forgotten():
    old = {"ScheduleOverride": "running until 0001-01-01T00:00Z"}
    found = decided(machine(RUNNING, {**followed(STARTED), **old}), NIGHT)
    assert (found.action, found.mark) == (STOP, ENDED)
    always = decided(machine(STOPPED, {"Schedule": "always", **old}), NIGHT)
    assert (always.action, always.mark) == (START, "running 0001-01-01T00:00:00Z")


def test_an_override_can_be_enforced():
    kept = machine(STOPPED, {**followed("running until 2026-11-27T22:00:00Z"), **LATE})
    assert decided(kept, NIGHT, enforce=True).action is START


# --- without edges ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule, state, tag, action, mark",
    [
        ("always", STOPPED, "", START, "running"),
        ("always", RUNNING, "", None, "running"),
        ("always", STOPPED, "running", None, ""),  # a person's word is the last one
        ("never", RUNNING, "", STOP, "stopped"),
        ("never", STOPPED, "stopped", None, ""),
        ("never", RUNNING, STARTED, STOP, "stopped"),  # it was an office until now
        ("never", RUNNING, YESTERDAY, STOP, "stopped"),
        (OFFICE, RUNNING, "stopped", None, STARTED),
    ],
)
def test_always_and_never_are_followed_once(schedule, state, tag, action, mark):
    found = decided(machine(state, {**followed(tag), "Schedule": schedule}), NOON)
    assert (found.action, found.mark) == (action, mark)


def test_always_is_kept_up_by_enforce():
    stopped = machine(STOPPED, {**followed("running"), "Schedule": "always"})
    assert "until its schedule changes" in decided(stopped, NOON).not_touched
    assert decided(stopped, NOON, enforce=True).action is START


# --- those that only stop, or only start -----------------------------------------------------------------------------

STOP_ONLY = {"Schedule": "stop-only Mon-Fri 19:00 Europe/Madrid"}
START_ONLY = {"Schedule": "start-only Mon-Fri 07:30 Europe/Madrid"}


@pytest.mark.parametrize(
    "tags, state, tag, launched, why, now, action, mark",
    [
        # known from the day before
        (STOP_ONLY, RUNNING, YESTERDAY, None, "", NIGHT, STOP, ENDED),
        (STOP_ONLY, RUNNING, YESTERDAY, MORNING, "", "2026-11-29T12:00", STOP, ENDED),  # missed for two days
        (STOP_ONLY, RUNNING, YESTERDAY, "2026-11-27T18:01", "", NIGHT, None, f"{ENDED} retained"),  # started after it
        (STOP_ONLY, RUNNING, YESTERDAY, MORNING, "", NOON, None, ""),  # nothing is wanted in between
        (STOP_ONLY, STOPPED, YESTERDAY, MORNING, "", NIGHT, None, ENDED),
        (STOP_ONLY, RUNNING, ENDED, None, "", NIGHT, None, ""),
        (STOP_ONLY, RUNNING, f"{ENDED} retained", None, "", NIGHT, None, ""),
        (STOP_ONLY, STOPPED, f"{ENDED} retained", None, "", NIGHT, None, ""),
        (START_ONLY, STOPPED, "running 2026-11-26T06:30:00Z", None, "", NOON, START, STARTED),
        (
            START_ONLY,
            STOPPED,
            "running 2026-11-26T06:30:00Z",
            "2026-11-27T08:00",
            "",
            NOON,
            None,
            f"{STARTED} retained",
        ),
        # launched by us and gone down at once: tried again
        (
            START_ONLY,
            STOPPED,
            "",
            "2026-11-27T06:31",
            "Client.InternalError: Client error on launch",
            NOON,
            START,
            STARTED,
        ),
        (
            START_ONLY,
            STOPPED,
            "",
            "2026-11-27T06:31",
            "Client.UserInitiatedShutdown",
            NOON,
            None,
            f"{STARTED} retained",
        ),
        # seen for the first time
        (STOP_ONLY, RUNNING, "", MORNING, "", NIGHT, STOP, ENDED),
        (STOP_ONLY, RUNNING, "", None, "", NIGHT, None, f"{ENDED} retained"),  # when it was started is not known
        (STOP_ONLY, RUNNING, "", "2026-11-27T20:00", "", NIGHT, None, f"{ENDED} retained"),
        (STOP_ONLY, RUNNING, "", MORNING, "", "2026-11-28T06:00", STOP, ENDED),  # twelve hours
        (STOP_ONLY, RUNNING, "", MORNING, "", "2026-11-28T06:01", None, f"{ENDED} retained"),  # long ago
        (START_ONLY, STOPPED, "", "2026-11-01T08:00", "", "2026-11-27T07:00", START, STARTED),
        (START_ONLY, STOPPED, "", "2026-11-01T08:00", "", "2026-11-29T07:00", None, f"{STARTED} retained"),
    ],
)
def test_an_edge_alone_is_followed_when_it_is_meant_for_this_resource(
    tags, state, tag, launched, why, now, action, mark
):
    when = utc(launched) if launched else None
    for enforce in (False, True):  # between its edges such a schedule wants nothing that could be enforced
        found = decided(machine(state, {**followed(tag), **tags}, launched=when, why=why), now, enforce=enforce)
        assert (found.action, found.mark, found.problem) == (action, mark, "")


def test_an_edge_that_was_not_meant_for_it_is_not_taken_for_one_that_was_followed():
    first = machine(RUNNING, STOP_ONLY)
    seen = decided(first, NIGHT)
    assert (seen.action, decided(marked(first, seen), NIGHT).mark) == (None, "")
    office = marked(first, seen)._replace(tags={**marked(first, seen).tags, "Schedule": OFFICE})
    assert decided(office, NIGHT).action is STOP  # it was never stopped at that instant, which is the same for both


def test_between_the_edges_nothing_is_left_alone_since_nothing_is_wanted():
    found = decided(machine(RUNNING, {**followed(ENDED), **STOP_ONLY}), NIGHT)
    assert not found.not_touched
    assert found.reason.endswith("nothing more is wanted until 2026-11-30T19:00:00+01:00")


@pytest.mark.parametrize("tag", [ENDED, "running until 2026-11-27T22:00:00Z"])
def test_an_override_postpones_an_edge_alone(tag):
    late = machine(RUNNING, {**followed(tag), **STOP_ONLY, **LATE}, launched=utc("2026-11-27T19:30"))
    assert decided(late, NIGHT).action is None
    after = decided(late, "2026-11-27T22:05")
    assert (after.action, after.mark) == (STOP, "stopped 2026-11-27T22:00:00Z")


# --- what AWS does by itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule, tag", [(OFFICE, ENDED), ("never", "stopped"), (STOP_ONLY["Schedule"], ENDED)])
@pytest.mark.parametrize("retain", [False, True])
def test_a_database_that_aws_has_started_again_is_stopped_again(schedule, tag, retain):
    base = machine(RUNNING, {**followed(tag), "Schedule": schedule}, kind=Kind.RDS)
    found = decided(base, NIGHT, restarted_by_aws={base.key}, retain_running=retain)
    assert (found.action, found.mark) == (STOP, "")
    assert "AWS has started it" in found.reason
    assert decided(base, NIGHT, retain_running=retain).action is None  # a person's start is not that
    starting = base._replace(state=State.CHANGING, aws_state="starting")
    assert decided(starting, NIGHT, restarted_by_aws={base.key}).action is None


def test_a_database_that_aws_has_started_again_is_stopped_under_an_override_too():
    off = {"ScheduleOverride": "stopped until 2026-12-20T00:00Z"}
    base = machine(RUNNING, {**followed("stopped until 2026-12-20T00:00:00Z"), **off}, kind=Kind.RDS)
    assert decided(base, NIGHT, restarted_by_aws={base.key}).action is STOP


def test_a_database_that_aws_has_started_again_in_its_window_runs_on_but_is_not_retained():
    base = machine(RUNNING, followed(YESTERDAY), kind=Kind.RDS, launched=utc("2026-11-27T03:00"))
    found = decided(base, NOON, restarted_by_aws={base.key}, retain_running=True)
    assert (found.action, found.mark) == (None, STARTED)


def test_a_database_that_aws_has_started_again_is_not_left_running_for_what_a_person_did_before():
    for tag, now in ((f"{ENDED} retained", NIGHT), (f"{STARTED} retained", NIGHT)):
        base = machine(RUNNING, followed(tag), kind=Kind.RDS)
        assert decided(base, now, restarted_by_aws={base.key}, retain_running=True).action is STOP
        assert decided(base, now, retain_running=True).action is None
    base = machine(RUNNING, followed(f"{YESTERDAY} retained"), kind=Kind.RDS)
    assert decided(base, NOON, restarted_by_aws={base.key}, retain_running=True).mark == STARTED


@pytest.mark.parametrize(
    "why, action",
    [
        ("Server.ScheduledStop: Stopped due to a scheduled retirement", START),
        ("Client.UserInitiatedShutdown: User initiated shutdown", None),
        ("Client.InstanceInitiatedShutdown: Instance initiated shutdown", None),
        ("", None),
    ],
)
def test_an_instance_that_aws_has_stopped_is_started_again(why, action):
    found = decided(machine(STOPPED, followed(STARTED), why=why), NOON)
    assert (found.action, found.mark) == (action, "")
    assert bool(found.not_touched) is (action is None)


# --- retain_running --------------------------------------------------------------------------------------------------


def test_what_a_person_started_before_its_window_is_left_running_for_days():
    rules = {"retain_running": True}
    web = machine(RUNNING, followed(YESTERDAY), launched=utc("2026-11-27T05:00"))
    steps = [
        ("2026-11-27T06:35", "running 2026-11-27T06:30:00Z retained"),
        ("2026-11-27T18:05", "stopped 2026-11-27T18:00:00Z retained"),
        ("2026-11-30T06:35", "running 2026-11-30T06:30:00Z retained"),
        ("2026-11-30T18:05", "stopped 2026-11-30T18:00:00Z retained"),
    ]
    for now, mark in steps:
        found = decided(web, now, **rules)
        assert (found.action, found.mark) == (None, mark)
        assert "started it before" in found.reason
        web = marked(web, found)
        assert decided(web, now, **rules).mark == ""
    # Then somebody stops it, and all is as on any other day.
    web = web._replace(state=STOPPED)
    found = decided(web, "2026-11-30T20:00", **rules)
    assert (found.action, found.mark) == (None, "stopped 2026-11-30T18:00:00Z")
    found = decided(marked(web, found), "2026-12-01T07:00", **rules)
    assert (found.action, found.mark) == (START, "running 2026-12-01T06:30:00Z")
    web = marked(web, found)._replace(state=RUNNING, launched=utc("2026-12-01T07:00"))
    assert decided(web, "2026-12-01T19:00", **rules).action is STOP


def test_a_start_of_ours_that_was_not_marked_is_not_a_persons():
    ours = machine(RUNNING, followed(YESTERDAY), launched=utc("2026-11-27T06:31"))
    assert decided(ours, "2026-11-27T06:35", retain_running=True).mark == STARTED
    unknown = machine(RUNNING, followed(YESTERDAY), kind=Kind.RDS)
    assert decided(unknown, "2026-11-27T06:35", retain_running=True).mark == STARTED


def test_a_persons_start_is_remembered_where_aws_does_not_tell_of_it():
    base = machine(RUNNING, followed(YESTERDAY), kind=Kind.RDS)
    seen = decided(base, "2026-11-27T05:00", retain_running=True)
    assert (seen.action, seen.mark) == (None, f"{YESTERDAY} retained")
    found = decided(marked(base, seen), "2026-11-27T06:35", retain_running=True)
    assert found.mark == f"{STARTED} retained"


@pytest.mark.parametrize("rules", [{}, {"retain_running": True, "enforce": True}])
def test_what_was_retained_is_not_any_more_when_that_is_switched_off(rules):
    web = machine(RUNNING, followed(f"{STARTED} retained"))
    assert decided(web, NOON, **rules).mark == STARTED
    assert decided(web, NIGHT, **rules).action is STOP
    assert decided(machine(RUNNING, followed(f"{ENDED} retained")), NIGHT, **rules).action is STOP


def test_an_override_goes_before_what_is_retained():
    off = {**followed(f"{STARTED} retained"), **OFF}
    assert decided(machine(RUNNING, off), NOON, retain_running=True).action is STOP


def test_retaining_can_be_the_word_of_the_schedule():
    office = Named("office", parse_schedule(OFFICE), retain_running=True)
    web = machine(RUNNING, {**followed(f"{STARTED} retained"), "Schedule": "office"})
    assert decided(web, NIGHT, {"office": office}).mark == f"{ENDED} retained"


# --- hibernation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hibernate, able, action", [(True, True, HIBERNATE), (True, False, STOP), (False, True, STOP)])
def test_what_can_hibernate_does(hibernate, able, action):
    found = decided(machine(RUNNING, can_hibernate=able), NIGHT, hibernate=hibernate)
    assert found.action is action
    assert ("cannot hibernate" in found.reason) is (hibernate and not able)


# --- groups ----------------------------------------------------------------------------------------------------------

WEB, EMPTY, KEPT = Sizes(2, 4, 6), Sizes(0, 0, 6), {"ScheduleKept": "2/4/6"}


@pytest.mark.parametrize(
    "sizes, tags, now, action, mark",
    [
        (WEB, {}, NIGHT, STOP, ENDED),
        (EMPTY, KEPT, NIGHT, None, ENDED),
        (EMPTY, {**followed(YESTERDAY, "web"), **KEPT}, NOON, START, STARTED),
        (EMPTY, KEPT, NOON, START, STARTED),  # written by hand, or the run before ended before its mark
        (WEB, {**followed(YESTERDAY, "web"), **KEPT}, NOON, None, STARTED),
        (Sizes(2, 5, 6), {**followed(YESTERDAY, "web"), **KEPT}, NOON, None, STARTED),  # it scales
    ],
)
def test_a_group_is_emptied_and_restored(sizes, tags, now, action, mark):
    found = decided(group(sizes, tags), now)
    assert (found.action, found.mark, found.problem, found.not_touched) == (action, mark, "", "")


@pytest.mark.parametrize(
    "sizes, tags, why",
    [
        (EMPTY, {}, "ScheduleKept is missing"),
        (EMPTY, {**followed(YESTERDAY, "api"), **KEPT}, "ScheduleKept is missing"),  # another group's
        (EMPTY, {"ScheduleKept": "many"}, "of no use"),
        (Sizes(0, 0, 9), KEPT, "somebody has changed its sizes"),
    ],
)
def test_a_group_that_cannot_be_restored_is_left_alone_and_told_of(sizes, tags, why):
    for enforce in (False, True):
        found = decided(group(sizes, tags), NOON, enforce=enforce)
        assert (found.action, found.mark) == (None, "")
        assert why in found.problem
        assert why in found.not_touched


def test_a_group_that_somebody_has_sized_since_is_left_so_and_told_of_once():
    web = group(Sizes(1, 1, 6), {**followed(YESTERDAY, "web"), **KEPT})
    found = decided(web, NOON)
    assert (found.action, found.mark, found.problem) == (None, STARTED, "")
    assert "1/1/6, so that 2/4/6 are not restored" in found.not_touched
    assert not decided(marked(web, found), NOON).not_touched


def test_a_group_that_never_gets_empty_is_filled_again_all_the_same():
    """Instances that are protected from scale-in stay, so that it was never seen stopped."""
    tags = {"ScheduleKept": "2/4/6", **followed("running 2026-11-27T06:30:00Z", "web")}
    stuck = group(Sizes(0, 0, 6), tags, state=State.CHANGING, aws_state="empty but for 1 instance")
    evening, morning = decided(stuck, "2026-11-27T20:00"), decided(stuck, "2026-11-30T08:00")
    assert evening.action is None and "empty but for 1 instance" in evening.not_touched
    assert morning.action is Action.START and morning.mark == "running 2026-11-30T06:30:00Z"


def test_a_group_whose_processes_would_not_let_it_is_not_emptied():
    held = group(WEB, suspended=("Terminate",))
    assert "Terminate" in decided(held, NIGHT).problem
    assert decided(held, NIGHT, asg_method=AsgMethod.SUSPEND).action is STOP


@pytest.mark.parametrize(
    "tag, now, action", [("", NIGHT, STOP), (YESTERDAY, NOON, START), (ENDED, NIGHT, None), (STARTED, NOON, None)]
)
def test_a_group_of_which_only_some_instances_stand_still_is_neither_running_nor_stopped(tag, now, action):
    half = group(WEB, {**followed(tag, "web"), "ScheduleKept": "suspended"}, state=State.MIXED, suspended=SUSPENDED)
    assert decided(half, now, asg_method=AsgMethod.SUSPEND).action is action


# --- at all ----------------------------------------------------------------------------------------------------------

NAMES = ["Schedule", "ScheduleState", "ScheduleStateOf", "ScheduleOverride", "ScheduleKept"]
VALUES = st.text(max_size=40) | st.sampled_from(
    [
        OFFICE,
        "always",
        "never",
        "stop-only 19:00",
        "i-1",
        "web",
        STARTED,
        ENDED,
        f"{ENDED} retained",
        "2/4/6",
        "suspended",
    ]
)


@given(
    st.dictionaries(st.sampled_from(NAMES), VALUES),
    st.sampled_from([state for state in State if state is not State.MIXED]),
    st.sampled_from([(Kind.EC2, None), (Kind.RDS, None), (Kind.ASG, WEB), (Kind.ASG, EMPTY)]),
    st.booleans(),
    st.booleans(),
)
def test_no_tag_whatever_it_says_ends_a_run(tags, state, kind, enforce, retain):
    what = machine(state, kind=kind[0], sizes=kind[1])._replace(tags=tags)
    rules = Rules("Schedule", enforce=enforce, retain_running=retain)
    found = decide([what], inline(), {}, rules, utc(NIGHT))
    assert len(found) == ("Schedule" in tags)
    for each in found:
        assert each.reason
        assert not (each.problem and (each.action or each.mark))
        assert each.not_touched or not each.problem
        if each.action is not None:
            assert state in (RUNNING, STOPPED)
            assert (each.action is START) == (state is STOPPED)


@given(st.text(max_size=60))
def test_no_schedule_that_cannot_be_read_acts(text):
    look_up = inline()
    try:
        look_up(text)
    except Exception:
        found = decided(machine(RUNNING, {"Schedule": text}), NIGHT, enforce=True)
        assert (found.action, found.mark) == (None, "")
        assert found.problem


def test_positions_are_asked_once_for_each_schedule():
    asked = []

    def look_up(text):
        asked.append(text)
        return Named(text, parse_schedule(text))

    fleet = [machine(id=f"i-{number}", tags={"Schedule": OFFICE if number % 2 else "never"}) for number in range(100)]
    assert len(decide(fleet, look_up, {}, Rules("Schedule"), utc(NIGHT))) == 100
    assert sorted(asked) == [OFFICE, "never"]
