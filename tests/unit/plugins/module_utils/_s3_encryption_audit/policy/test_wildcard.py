# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wildcards against regular expressions, and the classes of patterns against every short text."""

from __future__ import annotations

import itertools
import re
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.budget import Budget, TooComplex
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.wildcard import (
    ANY,
    SEGMENT_ANY,
    SEGMENT_STAR,
    STAR,
    AnyOf,
    Glob,
    Token,
    Tokens,
    classes,
    expand,
    fold,
    insensitive,
    literal,
    segmented,
    substitute,
    tokens,
    variables,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import event, given, settings
from hypothesis import strategies as st

REGEX = {STAR: ".*", ANY: ".", SEGMENT_STAR: "[^:]*", SEGMENT_ANY: "[^:]"}


def as_regex(pattern: Tokens) -> str:
    return "".join(REGEX[token] if isinstance(token, int) else f"[{re.escape(token)}]" for token in pattern)


def fits(pattern: Tokens, text: str) -> bool:
    return re.fullmatch(as_regex(pattern), text, re.DOTALL) is not None


@pytest.mark.parametrize(
    "pattern, text, matches",
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("**", "a\nb", True),
        ("?", "", False),
        ("??", "ab", True),
        ("a*b", "ab", True),
        ("a*b", "a", False),
        ("a*a", "a", False),  # the two ends may not overlap
        ("*ab*ab*", "abab", True),
        ("*ab*ab*", "aba", False),
        ("a*?b", "ab", False),
        ("a?*b", "axb", True),
        ("s3:*", "S3:x", False),
        ("é?", "é!", True),
    ],
)
def test_patterns(pattern: str, text: str, matches: bool) -> None:
    assert Glob(tokens(pattern)).matches(text) is matches
    assert AnyOf([tokens(pattern)]).matches(text) is matches


def is_star(token: object) -> bool:
    return token in (STAR, SEGMENT_STAR)


def without_double_stars(found: List[Token]) -> Tokens:
    return tuple(token for at, token in enumerate(found) if not at or not is_star(token) or not is_star(found[at - 1]))


tokens_of_all_kinds = st.lists(
    st.sampled_from(["a", "b", ":", "ab", STAR, ANY, SEGMENT_STAR, SEGMENT_ANY]), max_size=6
).map(without_double_stars)


@given(tokens_of_all_kinds, st.text("ab:c", max_size=8))
@settings(derandomize=True, max_examples=tries(400))
def test_patterns_match_like_regular_expressions(pattern: Tokens, text: str) -> None:
    expected = fits(pattern, text)
    event(f"matches: {expected}")
    glob = Glob(pattern)
    assert glob.matches(text) is expected
    assert glob.accepts(glob.run(glob.start(), text)) is expected
    assert AnyOf([pattern]).matches(text) is expected


TEXTS = ["".join(chars) for length in range(6) for chars in itertools.product("ab:c", repeat=length)]


@given(st.lists(tokens_of_all_kinds, min_size=1, max_size=4), st.sampled_from(["", "a", "ab"]), st.booleans())
@settings(derandomize=True, max_examples=tries(60))
def test_classes_are_all_there_is(patterns: List[Tokens], prefix: str, with_language: bool) -> None:
    """Every short text falls into a class that was found, and every example is in its class."""
    language = [(SEGMENT_STAR,), ("a", STAR)] if with_language else []
    found = classes(patterns, Budget(100_000), prefix, language=language)
    seen = {matched for _text, matched in found}
    assert len(seen) == len(found)
    event(f"{len(found)} classes")

    def matched(text: str) -> int:
        return sum(1 << at for at, pattern in enumerate(patterns) if fits(pattern, prefix + text))

    def allowed(text: str) -> bool:
        return not language or any(fits(pattern, prefix + text) for pattern in language)

    assert all(matched(text) == of and allowed(text) for text, of in found)
    assert {matched(text) for text in TEXTS if allowed(text)} <= seen


@given(st.lists(tokens_of_all_kinds, min_size=1, max_size=4), st.booleans(), st.integers(1, 4))
@settings(derandomize=True, max_examples=tries(60))
def test_classes_of_texts_of_some_length(patterns: List[Tokens], nonempty: bool, longest: int) -> None:
    found = classes(patterns, Budget(100_000), nonempty=nonempty, longest=longest)
    texts = [text for text in TEXTS if nonempty <= len(text) <= longest]
    seen = {sum(1 << at for at, pattern in enumerate(patterns) if fits(pattern, text)) for text in texts}
    assert seen == {matched for _text, matched in found}
    assert all(nonempty <= len(text) <= longest for text, _matched in found)


@given(st.lists(tokens_of_all_kinds, min_size=1, max_size=12))
@settings(derandomize=True, max_examples=tries(60))
def test_some_classes_are_true_ones(patterns: List[Tokens]) -> None:
    for text, matched in classes(patterns, Budget(100_000, rough=True), "a"):
        assert matched == sum(1 << at for at, pattern in enumerate(patterns) if fits(pattern, f"a{text}"))


def test_rather_a_text_than_none() -> None:
    assert classes([tokens("*")], Budget(1000)) == [("x", 1)]
    assert dict(classes([tokens(""), tokens("a*")], Budget(1000))) == {"": 1, "a": 2, "x": 0}


def test_plain_patterns_beside_each_other() -> None:
    found = classes([literal("x"), literal("xx"), literal("x")], Budget(1000))
    assert dict(found) == {"x": 5, "xx": 2, "y": 0}


@pytest.mark.parametrize(
    "patterns",
    [
        [tokens("*" + "*".join("abcdefghij"[(step + at) % 10] for at in range(8)) + "*") for step in range(60)],
        [tokens("?" * length + "a*b") for length in range(120)],
        [tokens("*a?b" * 2000)],
    ],
)
def test_hostile_patterns_end_when_the_steps_do(patterns: List[Tokens]) -> None:
    budget = Budget(20_000)
    with pytest.raises(TooComplex):
        classes(patterns, budget)
    assert budget.left < 0


def test_hundreds_of_ordinary_patterns_are_few_steps() -> None:
    budget = Budget(60_000)
    found = classes([tokens(f"dir{number:04}/*") for number in range(700)], budget, nonempty=True)
    assert len(found) == 701
    assert budget.left > 40_000


def test_a_pattern_of_twenty_thousand_stars_matches_quickly() -> None:
    """One step for each character and pattern position at most: this would take other matchers for ever."""
    assert not Glob(tokens("a*" * 10_000 + "b")).matches("a" * 1024)
    assert not Glob(tokens("?*a" * 7_000 + "b")).matches("a" * 1024)


@pytest.mark.parametrize(
    "text, values, resolved",
    [
        ("a${k}b", {"k": "X"}, "aXb"),
        ("a${K}b", {"k": "X"}, "aXb"),  # keys know no letter case
        ("a${k}b", {}, None),
        ("${k, 'd'}", {}, "d"),
        ("${k,'d''s'}", {}, "d's"),
        ("${k, 'd'}", {"k": ""}, ""),
        ("${$}${?}${*}", {}, "$?*"),
        ("${k}", {"k": "*"}, "*"),  # what is put in is no pattern
        ("${k", {"k": "X"}, "${k"),
        ("$k}", {"k": "X"}, "$k}"),
        ("${}", {}, None),
    ],
)
def test_policy_variables(text: str, values: dict[str, str], resolved: str | None) -> None:
    assert substitute(text, values.get) == resolved
    assert expand(text, values.get) == (None if resolved is None else literal(resolved))
    assert substitute(text, None) == text
    assert expand(text, None) == tokens(text)


def test_wildcards_around_variables() -> None:
    assert expand("*${k}*?", {"k": "*a"}.get) == (STAR, "*", "a", STAR, ANY)
    assert expand("*${k}*", {"k": ""}.get) == (STAR,)
    assert variables("${A}x${b, 'c'}${*}${$}") == {"a", "b"}
    assert variables("plain $ { text") == frozenset()


@pytest.mark.parametrize(
    "text, other",
    [("Straße", "STRAßE"), ("ÉCOLE", "école"), ("K", "k"), ("İ", "İ"), ("plain", "PLAIN"), ("1-_", "1-_")],
)
def test_letter_case(text: str, other: str) -> None:
    assert fold(text) == fold(other)
    assert len(fold(text)) == len(text)
    assert Glob(insensitive(literal(fold(text)))).matches(other)


@pytest.mark.parametrize(
    "pattern, arn, matches",
    [
        ("arn:aws:iam::*:role/a", "arn:aws:iam::1:role/a", True),
        ("arn:aws:iam::*:role/a", "arn:aws:iam::1:x:role/a", False),  # no star of the first five parts spans a colon
        ("arn:aws:iam::?:role/*", "arn:aws:iam:::role/a", False),
        ("arn:*:*:*:*:*", "arn:a:b:c:d:e:f", True),  # the sixth part may have colons
    ],
)
def test_parts_of_an_arn(pattern: str, arn: str, matches: bool) -> None:
    found = segmented(tokens(pattern))
    assert found is not None and Glob(found).matches(arn) is matches


@pytest.mark.parametrize("pattern", ["*", "arn:*", "arn:aws:iam::1"])
def test_what_is_no_arn(pattern: str) -> None:
    assert segmented(tokens(pattern)) is None
