# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state on its way to the file and back, and what is refused."""

from __future__ import annotations

import json
from datetime import timezone
from typing import Any, Callable

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.identity import mark
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Generation, LogState
from ansible_collections.day2.ops.plugins.module_utils._log_scan.state import SCHEMA, from_json, to_json
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS = st.integers(0, 2**63)
PATHS = st.text(st.characters(codec="utf-8"), min_size=1).map(lambda text: f"/{text}\udcff")  # a name that is no UTF-8
MARKS = st.builds(
    lambda device, inode, text: mark(device, inode, len(text), text, text), NUMBERS, NUMBERS, st.binary(max_size=40)
)
GENERATIONS = st.builds(
    Generation,
    PATHS,
    MARKS,
    NUMBERS,
    st.integers(-(2**63), 2**63),
    st.booleans(),
    st.one_of(st.none(), st.datetimes(timezones=st.just(timezone.utc)).map(lambda at: at.isoformat())),
    st.one_of(st.none(), st.integers(1, 2**40)),
    NUMBERS,
    st.booleans(),
)
STATES = st.lists(st.builds(LogState, PATHS, st.lists(GENERATIONS, max_size=3).map(tuple), NUMBERS), max_size=3)
ONE = {"/a": LogState("/a", (Generation("/a", mark(1, 2, 3, b"ab\n", b"ab\n"), 3, 4),))}


@settings(max_examples=tries(40))
@given(STATES)
def test_it_comes_back_as_it_was(states: "list[LogState]") -> None:
    known = {each.path: each for each in states}
    assert from_json(json.loads(json.dumps(to_json(known)))) == known


def test_a_later_version_is_named() -> None:
    with pytest.raises(Day2Error, match=r"later version .*schema 2.*reset: true"):
        from_json({"schema": SCHEMA + 1, "logs": {}})


def put(place: int, value: Any) -> Callable[[Any], None]:
    def change(state: Any) -> None:
        state["logs"]["/a"][1][place] = value

    return change


@pytest.mark.parametrize(
    "change, why",
    [
        (put(0, 7), "path, head and tail are text"),
        (put(1, -1), "device is no number"),
        (put(3, "3"), "offset is no number"),
        (put(3, True), "offset is no number"),
        (put(4, 0), "contradict"),
        (put(5, 9), "contradict"),
        (put(9, ""), "contradict"),
        (put(11, 1), "finished, copied or line"),
        (put(12, "yesterday"), "quiet_since"),
        (put(12, "2026-11-28T12:00:00"), "quiet_since"),
        (put(13, 0), "finished, copied or line"),
        (put(14, 0), "finished, copied or line"),
        (lambda state: state["logs"]["/a"][1].pop(), "15 parts"),
        (lambda state: state["logs"]["/a"].__setitem__(1, None), "15 parts"),
        (lambda state: state["logs"].__setitem__("/a", []), "/a.* is damaged"),
        (lambda state: state["logs"].__setitem__("/a", {}), "/a.* is damaged"),
        (lambda state: state.__setitem__("logs", []), "damaged"),
        (lambda state: state.__setitem__("schema", "1"), "damaged"),
        (lambda state: state.__setitem__("schema", 0), "damaged"),
    ],
)
def test_damage_is_refused_and_the_way_out_is_said(change: Callable[[Any], None], why: str) -> None:
    state = json.loads(json.dumps(to_json(ONE)))
    change(state)
    with pytest.raises(Day2Error, match=f"{why}.*reset: true"):
        from_json(state)


@settings(max_examples=tries(40))
@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each))
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(Day2Error):
        from_json(value)
