# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.job import Outcome
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.arguments import SCHEDULE
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.arguments import scheduling_of
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.event import (
    Event,
    failure_line,
    failure_notice,
    log_line,
    notice_of,
    parse_event,
    run_options,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

SCALARS = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "true", "2026-12-24T18:00:00Z"])
KEYS = st.sampled_from(["dry_run", "now", "dry-run", ""])
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=1))


def result(**changes: Any) -> Dict[str, Any]:
    made = {
        "schema": "day2.ops/ec2_schedule/1",
        "status": "ok",
        "summary": {"sentence": "2 of 3 run"},
        "actions": [],
        "problems": [],
        "plan": ["long"],
    }
    return {**made, **changes}


STOPPED = {
    "resource": "i-1",
    "name": "web",
    "kind": "ec2",
    "region": "eu-west-1",
    "account": "123456789012",
    "action": "stop",
    "outcome": "failed",
    "error": "IncorrectInstanceState",
}


@pytest.mark.parametrize(
    "event, told",
    [
        (None, Event(False, None)),
        ({}, Event(False, None)),
        ({"dry_run": True}, Event(True, None)),
        ({"dry_run": False, "now": "2026-12-24T18:00:00Z"}, Event(False, "2026-12-24T18:00:00Z")),
    ],
)
def test_events(event: Any, told: Event) -> None:
    assert parse_event(event) == told


@pytest.mark.parametrize(
    "event", [{"dry-run": True}, {"dry_run": "true"}, {"dry_run": 1}, {"now": 5}, [1], "x", {"": 1}]
)
def test_what_is_not_understood_does_nothing(event: Any) -> None:
    with pytest.raises(Day2Error, match="event: "):
        parse_event(event)


@settings(max_examples=tries(30))
@given(JSON)
def test_any_event_is_read_or_refused(event: Any) -> None:
    try:
        told = parse_event(event)
    except Day2Error:
        return
    assert told.dry_run in (True, False)


@pytest.mark.parametrize(
    "asked, left, waited", [(60, 300.0, 60), (60, 50.0, 30), (60, 10.0, 0), (0, 300.0, 0), (600, 100.5, 80)]
)
def test_the_run_does_not_wait_beyond_its_end(asked: int, left: float, waited: int) -> None:
    options = run_options(scheduling_of({"wait_timeout": asked}), Event(False, None), left)
    assert options["wait_timeout"] == waited


def test_the_run_has_every_option_of_the_module() -> None:
    options = run_options(scheduling_of({"tag": "Plan"}), Event(False, "2026-12-24T18:00:00Z"), 300.0)
    assert set(options) == set(SCHEDULE.arguments)
    assert (options["tag"], options["now"], options["preview"]) == ("Plan", "2026-12-24T18:00:00Z", 0)


def test_the_log_has_one_line_without_what_is_long() -> None:
    line = log_line(Outcome(result(problems=["a\nb"]), failure="too much"), True)
    assert "\n" not in line
    said = json.loads(line)
    assert "plan" not in said
    assert (said["problems"], said["failure"], said["dry_run"]) == (["a\nb"], "too much", True)
    assert json.loads(failure_line("no credentials", False))["failure"] == "no credentials"


def test_nobody_is_told_that_nothing_happened() -> None:
    assert notice_of("night", Outcome(result()), False) is None
    assert notice_of("night", Outcome(result(actions=[STOPPED], problems=["x"]), failure="y"), True) is None


@pytest.mark.parametrize(
    "outcome", [Outcome(result(actions=[STOPPED])), Outcome(result(problems=["x"])), Outcome(result(), failure="y")]
)
def test_people_are_told_of_actions_problems_and_failures(outcome: Outcome) -> None:
    notice = notice_of("night", outcome, False)
    assert notice is not None
    assert notice.subject == "night: ok"
    assert "2 of 3 run\n" in notice.text


def test_an_action_is_told_with_its_error() -> None:
    notice = notice_of("night", Outcome(result(actions=[STOPPED])), False)
    assert notice is not None
    assert "stop web (ec2 i-1, 123456789012, eu-west-1): failed: IncorrectInstanceState" in notice.text.splitlines()


def test_a_notice_is_not_longer_than_a_mail_should_be() -> None:
    notice = notice_of("n" * 120, Outcome(result(problems=[f"problem {number}" for number in range(1000)])), False)
    assert notice is not None
    assert len(notice.text.splitlines()) == 101
    assert "901 more" in notice.text
    assert len(notice.subject) == 100
    assert failure_notice("night", "no credentials").text == "no credentials\n"
