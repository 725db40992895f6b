# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.limit import parse_limit
from ansible_collections.day2.ops.plugins.module_utils._common.plan import Change
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action, Decision, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.plan import as_plan, breach, title
from ansible_collections.day2.ops.tests.support.scheduled import OFFICE, followed, machine

WHERE = "in eu-south-2 of 111122223333"
ENDED = "stopped 2026-11-27T18:00:00Z"


def decision(action=None, state=State.RUNNING, mark="", **rest):
    return Decision(machine(state, **rest), OFFICE, action, "because", mark=mark)


STOP, HIBERNATE = decision(Action.STOP), decision(Action.HIBERNATE)
START = decision(Action.START, State.STOPPED)
LEFT, DOWN = decision(), decision(state=State.STOPPED)


@pytest.mark.parametrize(
    "limit, decisions, words",
    [
        ("1", [STOP, LEFT], ""),
        ("1", [STOP, HIBERNATE], "2 of 2 running resources would be stopped and max_stop is 1: nothing was done"),
        ("0", [STOP], "1 of 1"),
        ("0", [START, DOWN, LEFT], ""),  # starts are not limited
        ("50%", [STOP, LEFT], ""),
        ("50%", [STOP, LEFT, START, DOWN], ""),  # of those that run
        ("49%", [STOP, LEFT, START, DOWN], "1 of 2 running resources would be stopped and max_stop is 49%"),
        ("100%", [STOP, STOP], ""),
        ("0%", [DOWN], ""),
        ("0%", [], ""),
    ],
)
def test_how_much_of_the_fleet_may_be_stopped(limit, decisions, words):
    found = breach(parse_limit("max_stop", limit), decisions)
    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_without_a_limit_everything_may():
    assert breach(None, [STOP] * 3) == ""


def test_a_plan_has_actions_and_what_is_only_written_down():
    plan = as_plan(
        [
            decision(Action.STOP, mark=ENDED),
            decision(Action.HIBERNATE, id="i-2"),
            decision(Action.START, State.STOPPED, id="i-3"),
            decision(mark=ENDED, id="i-4", tags=followed("running", "i-4")),
            decision(mark=ENDED, id="i-5", tags=followed("running", "i-4")),  # another's state is none
            LEFT,
        ],
        "Schedule",
    )
    assert plan.changes == (
        Change(f"ec2 i-1 {WHERE}", "state", "running", "stopped", "because"),
        Change(f"ec2 i-2 {WHERE}", "state", "running", "stopped (hibernated)", "because"),
        Change(f"ec2 i-3 {WHERE}", "state", "stopped", "running", "because"),
        Change(f"ec2 i-4 {WHERE}", "tag ScheduleState", "running", ENDED, "because"),
        Change(f"ec2 i-5 {WHERE}", "tag ScheduleState", None, ENDED, "because"),
    )


def test_nothing_to_do_is_no_plan():
    assert not as_plan([LEFT, DOWN])


def test_a_resource_is_called_by_its_name_too():
    assert title(machine(tags={"Name": "web-1"})) == f"ec2 i-1 (web-1) {WHERE}"
