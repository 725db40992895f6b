# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._where.evaluate import UNKNOWN, compare, evaluate, opposite
from ansible_collections.day2.ops.plugins.module_utils._where.grammar import And, Not, Or, parse
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

ROW = {
    "n": 7,
    "f": 7.0,
    "t": "abc",
    "yes": True,
    "no": False,
    "nothing": None,
    "many": ["a", 1, True, None],
    "empty": (),
    "hidden": UNKNOWN,
}


@pytest.mark.parametrize(
    "text, holds",
    [
        ("n == 7", True),
        ("n == 7.0", True),
        ("n == f", True),
        ("n == '7'", False),
        ("n != '7'", True),
        ("n < 8 and n <= 7 and n > -1 and n >= 7", True),
        ("n < 7 or n > 7", False),
        ("t == 'abc'", True),
        ("t == 'ABC'", False),
        ("t < 'abd' and t > 'Z'", True),
        # flags are no numbers, null is a value, lists compare by members
        ("yes", True),
        ("no", False),
        ("n", False),
        ("not no", True),
        ("yes == 1", False),
        ("many == many and empty != many", True),
        ("nothing == null", True),
        ("n != null", True),
        ("nothing == false", False),
        # order exists among numbers and among texts only
        ("n < 'a'", False),
        ("nothing < 1 or nothing >= 1 or nothing <= null", False),
        ("yes > false", False),
        ("many >= many", False),
        ("n in (1, 7)", True),
        ("n not in (1, 7)", False),
        ("nothing in (null)", True),
        ("yes in (1)", False),
        ("'a' in many and 1 in many and true in many and null in many", True),
        ("'1' in many", False),
        ("n in many", False),
        ("'x' not in empty", True),
        ("'bc' in t", True),
        ("'' in t", True),
        ("1 in t", False),
        ("'x' in n or 'x' in nothing", False),
        # unknown stays unknown unless the rest decides
        ("hidden == 1", None),
        ("hidden != null", None),
        ("hidden", None),
        ("hidden in (1, 2)", None),
        ("hidden not in (1, 2)", None),
        ("'x' in hidden", None),
        ("hidden in many", None),
        ("hidden == hidden", None),
        ("absent == 1", None),
        ("not hidden", None),
        ("hidden and no", False),
        ("no and hidden", False),
        ("hidden and yes", None),
        ("hidden or yes", True),
        ("hidden or no", None),
    ],
)
def test_truth(text, holds):
    assert evaluate(parse(text), ROW) is holds


def test_members_are_compared_by_type():
    assert evaluate(parse("a == b"), {"a": [1], "b": [True]}) is False
    assert evaluate(parse("a == b"), {"a": [1], "b": (1.0,)}) is True


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
values = scalars | st.lists(scalars, max_size=3) | st.just(UNKNOWN)
rows = st.fixed_dictionaries(dict.fromkeys("abc", values))
predicates = st.sampled_from(
    [
        "a == b",
        "a != b",
        "a < b",
        "b >= c",
        "a in (1, 'x', null)",
        "a not in (true)",
        "a in c",
        "'x' not in b",
        "c == 'x'",
        "a",
    ]
).map(parse)
conditions = st.recursive(
    predicates,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@settings(derandomize=True, max_examples=tries(300))
@given(conditions, conditions, rows)
def test_kleene(left, right, row):
    a, b = evaluate(left, row), evaluate(right, row)
    assert a in (True, False, None) and evaluate(left, row) is a
    rank = {False: 0, None: 1, True: 2}
    both, either = evaluate(And((left, right)), row), evaluate(Or((left, right)), row)
    assert rank[both] == min(rank[a], rank[b])
    assert rank[either] == max(rank[a], rank[b])
    assert evaluate(Not(Not(left)), row) is a
    assert evaluate(Not(And((left, right))), row) is evaluate(Or((Not(left), Not(right))), row)
    assert evaluate(Not(Or((left, right))), row) is evaluate(And((Not(left), Not(right))), row)


@settings(derandomize=True, max_examples=tries(300))
@given(conditions, rows, st.fixed_dictionaries(dict.fromkeys("abc", scalars)))
def test_what_is_decided_does_not_depend_on_what_is_unknown(condition, row, others):
    verdict = evaluate(condition, row)
    if verdict is not None:
        seen = {name: others[name] if value is UNKNOWN else value for name, value in row.items()}
        assert evaluate(condition, seen) is verdict


@settings(derandomize=True)
@given(values, values)
def test_negated_operators_are_opposites(left, right):
    assert compare("!=", left, right) is opposite(compare("==", left, right))
    assert compare("<", left, right) is compare(">", right, left)
    assert compare("<=", left, right) is compare(">=", right, left)
