# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.model import (
    MARK,
    ORDER,
    Do,
    Part,
    PartKind,
    Step,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.names import Names
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.plan import (
    as_plan,
    make_plan,
    owner_sentence,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

OWNER = "ec2_schedule_lambda/night"
NAMES = Names("night", "aws", "123456789012", "eu-west-1").parts
Everything = Dict[PartKind, Optional[Dict[str, Any]]]


def settings_of(kind: PartKind, **aspects: Any) -> Dict[str, Any]:
    if kind is PartKind.SCHEDULE:
        return {"description": owner_sentence(OWNER), **aspects}
    return {"tags": {MARK: OWNER}, **aspects}


def applied(steps: List[Step], found: Everything) -> Everything:
    after = dict(found)
    for step in steps:
        kept = {} if step.before is None else dict(step.before)
        after[step.kind] = None if step.do is Do.REMOVE else {**kept, **(step.after or {})}
    return after


ASPECTS = st.fixed_dictionaries({"x": st.integers(0, 2), "y": st.sampled_from(["", "a"])})
STATES = st.fixed_dictionaries({kind: st.none() | ASPECTS for kind in PartKind})


@settings(max_examples=tries(30))
@given(STATES, STATES)
def test_a_plan_brings_about_what_is_wanted_and_a_second_one_is_empty(wanted: Any, found: Any) -> None:
    parts = [Part(kind, NAMES[kind], settings_of(kind, **each)) for kind, each in wanted.items() if each is not None]
    before = {kind: settings_of(kind, **each) if each is not None else None for kind, each in found.items()}
    steps = make_plan(parts, before, NAMES, OWNER)
    after = applied(steps, before)
    assert after == {**dict.fromkeys(PartKind), **{part.kind: dict(part.settings) for part in parts}}
    assert make_plan(parts, after, NAMES, OWNER) == []
    assert bool(as_plan(steps)) == (after != before)


@settings(max_examples=tries(30))
@given(STATES, STATES)
def test_parts_are_made_before_what_uses_them_and_removed_after_it(wanted: Any, found: Any) -> None:
    parts = [Part(kind, NAMES[kind], settings_of(kind, **each)) for kind, each in wanted.items() if each is not None]
    before = {kind: settings_of(kind, **each) if each is not None else None for kind, each in found.items()}
    steps = make_plan(parts, before, NAMES, OWNER)
    made = [ORDER.index(step.kind) for step in steps if step.do is not Do.REMOVE]
    gone = [ORDER.index(step.kind) for step in steps if step.do is Do.REMOVE]
    assert made == sorted(made)
    assert gone == sorted(gone, reverse=True)
    assert [step.do is Do.REMOVE for step in steps] == [False] * len(made) + [True] * len(gone)


def test_the_whole_is_made_and_removed_in_this_order() -> None:
    every = [Part(kind, NAMES[kind], settings_of(kind)) for kind in reversed(PartKind)]
    assert [step.kind for step in make_plan(every, {}, NAMES, OWNER)] == list(ORDER)
    found = {part.kind: part.settings for part in every}
    assert [step.kind.value for step in make_plan([], found, NAMES, OWNER)] == [
        "alarm",
        "schedule",
        "role of the schedule",
        "function",
        "role of the function",
        "log group",
        "dead-letter queue",
        "topic",
    ]


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("kind", list(PartKind))
def test_what_is_somebody_elses_is_left_alone(kind: PartKind, state: str) -> None:
    theirs: Dict[str, Any] = {"description": "their own", "tags": {MARK: "ec2_schedule_lambda/other"}}
    wanted = [Part(kind, NAMES[kind], settings_of(kind))] if state == "present" else []
    with pytest.raises(Day2Error, match=f"left alone: the {kind.value} {NAMES[kind]}"):
        make_plan(wanted, {kind: theirs}, NAMES, OWNER)


def test_the_diff_shows_which_variables_change_and_none_of_their_values() -> None:
    kind = PartKind.FUNCTION
    before = settings_of(kind, environment={"TOKEN": "hunter2", "OLD": "s3cret", "SAME": "pa55"})
    after = settings_of(kind, environment={"TOKEN": "hunter3", "NEW": "qwerty", "SAME": "pa55"})
    plan = as_plan(make_plan([Part(kind, "night", after)], {kind: before}, NAMES, OWNER))
    (change,) = plan.changes
    assert change.before == {"TOKEN": "(another value)", "OLD": "(not shown)", "SAME": "(not shown)"}
    assert change.after == {"TOKEN": "(another value)", "NEW": "(not shown)", "SAME": "(not shown)"}
    made = as_plan(make_plan([Part(kind, "night", after)], {}, NAMES, OWNER))
    removed = as_plan(make_plan([], {kind: before}, NAMES, OWNER))
    for text in (str(plan), str(made), str(removed), str(made.as_diff()), str(removed.as_diff())):
        assert not any(secret in text for secret in ("hunter", "s3cret", "qwerty", "pa55"))


def test_the_diff_names_each_aspect() -> None:
    kind = PartKind.LOG_GROUP
    before, after = settings_of(kind, retention_days=30), settings_of(kind, retention_days=7)
    (change,) = as_plan(make_plan([Part(kind, NAMES[kind], after)], {kind: before}, NAMES, OWNER)).changes
    assert (change.resource, change.aspect) == ("log group /aws/lambda/night", "retention_days")
    assert (change.before, change.after) == (30, 7)
