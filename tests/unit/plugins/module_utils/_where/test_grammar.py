# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._where.grammar import (
    COMPARISONS,
    KEYWORDS,
    MAX_DEPTH,
    MAX_LENGTH,
    And,
    Column,
    Comparison,
    Contains,
    Literal,
    Not,
    OneOf,
    Or,
    WhereError,
    columns_of,
    parse,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

A, B, C = (Comparison("==", Column((name,)), Literal(1)) for name in "abc")


@pytest.mark.parametrize(
    "text, tree",
    [
        ("a == 1", A),
        ("  a==1\n", A),
        ("a.b-c.2 != 'x'", Comparison("!=", Column(("a", "b-c", "2")), Literal("x"))),
        ("tags.'cost center' == \"x\"", Comparison("==", Column(("tags", "cost center")), Literal("x"))),
        ("1 < a", Comparison("<", Literal(1), Column(("a",)))),
        ("a <= b", Comparison("<=", Column(("a",)), Column(("b",)))),
        ("a >= -1.50", Comparison(">=", Column(("a",)), Literal(-1.5))),
        ("a == true", Comparison("==", Column(("a",)), Literal(True))),
        ("a", Comparison("==", Column(("a",)), Literal(True))),
        ("a == NULL", Comparison("==", Column(("a",)), Literal(None))),
        (r"a == 'it\'s \"so\" \\'", Comparison("==", Column(("a",)), Literal('it\'s "so" \\'))),
        ("a in (1, 'b', null)", OneOf(Column(("a",)), (Literal(1), Literal("b"), Literal(None)))),
        ("a not in (1)", OneOf(Column(("a",)), (Literal(1),), True)),
        ("'x' in a.b", Contains(Literal("x"), Column(("a", "b")))),
        ("'x' not in a", Contains(Literal("x"), Column(("a",)), True)),
        ("b in a", Contains(Column(("b",)), Column(("a",)))),
        ("a == 1 or b == 1 and c == 1", Or((A, And((B, C))))),
        ("(a == 1 or b == 1) AND c == 1", And((Or((A, B)), C))),
        ("a == 1 and b == 1 and c == 1", And((A, B, C))),
        ("not a == 1 and b == 1", And((Not(A), B))),
        ("not (a == 1 and b == 1)", Not(And((A, B)))),
        ("not not a == 1", Not(Not(A))),
        ("((a == 1))", A),
    ],
)
def test_what_a_text_means(text, tree):
    assert repr(parse(text)) == repr(tree)  # repr tells 1 from 1.0 and true


@pytest.mark.parametrize(
    "text, position, problem",
    [
        ("a = 1", 3, 'write "==" to compare'),
        ("a <> 1", 3, 'write "!="'),
        ("a == 1 && b == 1", 8, 'write "and"'),
        ("a =~ 'x'", 3, "there are no patterns"),
        ("!a", 1, 'write "not"'),
        ("", 1, "expected a column"),
        ("a ==", 5, "expected a column or a literal, found the end"),
        ("a == 1 b", 8, 'expected "and", "or" or the end of the condition, found "b"'),
        ("a == 1 == 2", 8, 'found "=="'),
        ("(a == 1", 8, 'expected "and", "or" or ")"'),
        ("a == 1)", 7, 'found ")"'),
        ("1", 2, "after the literal"),
        ("'x", 1, "no closing '"),
        (r"a == 'x\n'", 8, "double it"),
        ("a in ()", 7, "expected a literal"),
        ("a in (b)", 7, "expected a literal"),
        ("a in (1,)", 9, "expected a literal"),
        ("a in 1", 6, 'expected "(" with literals, or a column'),
        ("a not 1", 7, 'expected "in" after "not"'),
        ("a. == 1", 3, "expected a name after the dot"),
        ("a == 1.", 6, "not a number"),
        ("a == 12abc", 6, "not a number"),
        ("a == 1" + "0" * 400 + ".0", 6, "too large"),
        ("a == ٣", 6, "unexpected"),
        ("a == $x", 6, "unexpected '$'"),
        ("and", 1, 'found "and"'),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "longer than"),
        ("(" * 5000 + "a" + ")" * 5000, MAX_LENGTH + 1, "longer than"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH + 2, "nested deeper"),
        ("not " * (MAX_DEPTH + 1) + "a", 4 * (MAX_DEPTH + 1) + 1, "nested deeper"),
    ],
)
def test_what_is_refused_and_where(text, position, problem):
    with pytest.raises(WhereError) as caught:
        parse(text)
    assert caught.value.position == position
    assert problem in caught.value.problem
    assert len(str(caught.value)) < 300


def test_an_error_shows_the_neighbourhood_only():
    text = "a == 1 and " * 20 + "b = 2" + " or c == 3" * 20
    with pytest.raises(WhereError) as caught:
        parse(text)
    assert "b = 2" in str(caught.value)
    assert "character 223 of: …" in str(caught.value) and str(caught.value).endswith("…")


KNOWN = {"encryption.algorithm", "encryption.kms_key", "region", "tags.*"}


@pytest.mark.parametrize(
    "text", ["region == 'x'", "tags.env == 'x'", "tags.'a b'.c == 'x'", "encryption.kms_key != null"]
)
def test_known_columns(text):
    parse(text, KNOWN)


@pytest.mark.parametrize(
    "text, position, hint",
    [
        ("encryption.algoritm == 'x'", 1, "did you mean encryption.algorithm"),
        ("region == 'x' and regoin == 'y'", 19, "did you mean region?"),
        ("tags == 'x'", 1, "did you mean tags.*"),
        ("encryption == 'x'", 1, "encryption.algorithm or encryption.kms_key"),
        ("'x' in zzzz", 8, 'unknown column "zzzz"'),
        ("Region == 'x'", 1, "did you mean region?"),
    ],
)
def test_unknown_columns(text, position, hint):
    with pytest.raises(WhereError) as caught:
        parse(text, KNOWN)
    assert caught.value.position == position
    assert hint in caught.value.problem


def test_columns_of():
    assert columns_of(parse("b == a and not (c.d in (1, 2) or 'x' in b) and e")) == ("b", "a", "c.d", "e")


first_parts = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True).filter(
    lambda name: name.lower() not in KEYWORDS
)
columns = st.builds(lambda first, rest: Column((first, *rest)), first_parts, st.lists(st.text(max_size=6), max_size=2))
literals = st.builds(
    Literal,
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30)
    | st.text(max_size=12),
)
operands = columns | literals
predicates = (
    st.builds(Comparison, st.sampled_from(COMPARISONS), operands, operands)
    | st.builds(OneOf, operands, st.lists(literals, min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Contains, operands, columns, st.booleans())
)


def compound(children):
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, children) | st.builds(And, several) | st.builds(Or, several)


conditions = st.recursive(predicates, compound, max_leaves=8)


@settings(derandomize=True, max_examples=tries(150))
@given(conditions)
def test_a_tree_and_its_text_are_the_same(tree):
    assert repr(parse(str(tree))) == repr(tree)
    assert set(columns_of(tree)) == set(columns_of(parse(str(tree))))


@settings(derandomize=True, max_examples=tries(400))
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            [
                "a",
                "b.c",
                "'x'",
                "1",
                "-2.5",
                "null",
                "true",
                "and",
                "or",
                "not",
                "in",
                "(",
                ")",
                ",",
                "==",
                "<",
                "=",
                "'",
                ".",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_a_tree_or_an_error_within_it(text):
    try:
        tree = parse(text)
    except WhereError as error:
        assert 1 <= error.position <= len(text) + 1
    else:
        assert repr(parse(str(tree))) == repr(tree)
