# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a match must contain: by table, and against ``re`` itself on generated expressions and lines."""

from __future__ import annotations

import re
from typing import Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.literals import (
    as_regex,
    choices_of,
    literal_of,
    needs,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=tries(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def found(text: bytes, flags: int = 0) -> Optional[Tuple[Tuple[bytes, ...], bool]]:
    needed = needs(text, re.compile(text, flags).flags)
    return None if needed is None else (tuple(sorted(needed.literals)), needed.folded)


@pytest.mark.parametrize(
    ("text", "literals", "folded"),
    [
        (rb"Out of memory", (b"Out of memory",), False),
        (rb"(?i)Out of Memory", (b"out of memory",), True),
        (rb"ERROR|FATAL", (b"ERROR", b"FATAL"), False),
        (rb"\b(?P<level>ERROR|FATAL)\b.*", (b"ERROR", b"FATAL"), False),
        (rb"Failed password for (?:invalid user )?(\S+)", (b"Failed password for ",), False),
        (rb"(?:a|b)cdefgh", (b"cdefgh",), False),  # one is better than two
        (rb"licen[cs]e expired", (b"e expired",), False),  # a place that may be two things ends a literal
        (rb"EXT4-fs (?:error|warning)", (b"EXT4-fs error", b"EXT4-fs warning"), False),
        (rb"user (\w+) is not in sudoers", (b" is not in sudoers",), False),
        (rb"(?:oom)+", (b"oom",), False),
        (rb"(?:oom){2}", (b"oomoom",), False),
        (rb"(?=.*denied)\w+", (b"denied",), False),  # in the record, if not in the match
        (rb"(?!denied)granted", (b"granted",), False),
        (rb"(?i:warn)ing: x", (b"warning: x",), True),
        (rb"x(?#y)z" + b"\xc3\xa9", (b"xz\xc3\xa9",), False),
        (rb"first line\nsecond", (b"first line",), False),  # never across a newline
        (rb"a\sbcdef", (b"bcdef",), False),  # which a blank may be, too
        (rb"(?x) o o m  # killer", (b"oom",), False),
    ],
)
def test_literals(text: bytes, literals: Tuple[bytes, ...], folded: bool) -> None:
    assert found(text) == (literals, folded)


@pytest.mark.parametrize(
    "text",
    [
        rb"",
        rb"\d+",
        rb"[A-Z]{3}",
        rb".*",
        rb"(?:abc)?",
        rb"(?:abc)*",
        rb"abc|\d",
        rb"(a)?(?(1)b|\d)",
        rb"\n",
        rb"(?L)abc",
    ],
)
def test_nothing_in_particular(text: bytes) -> None:
    assert found(text) is None


def test_classes_are_fragments_even_where_they_are_no_literals() -> None:
    (best, *_others) = choices_of(rb"\b[0-9]{3}[A-F][0-9]", 0)
    assert [as_regex(each) for each in best] == [as_regex((b"0123456789",) * 3 + (b"ABCDEF", b"0123456789"))]


def test_many_literals_are_kept_and_far_too_many_are_not() -> None:
    words = [f"word{number:03}x".encode() for number in range(350)]
    needed = needs(b"|".join(words), 0)
    assert needed is not None and needed.literals == frozenset(words)
    assert needs(b"|".join(b"%03dz[0-9]" % number for number in range(1000)), 0) is None


def test_literal_of_a_fragment_is_its_best_run() -> None:
    assert literal_of((b"e", b"0123456789", b"O", b"R", b"A")) == (b"ORA", False)
    assert literal_of((b"Oo", b"Mm", b"-")) == (b"om-", True)
    assert literal_of((b"ab", b"01")) == (b"", False)


# --- generated ---

ALPHABET = b"abAB.-1 \n\xe9"
LINES = st.lists(st.sampled_from([bytes((code,)) for code in ALPHABET]), max_size=12).map(b"".join)


def _joined(parts: Tuple[bytes, bytes]) -> bytes:
    return parts[0] + parts[1]


ATOMS = st.sampled_from(
    [
        rb"a",
        rb"b",
        rb"A",
        rb"ab",
        rb"B1",
        rb"-",
        rb"\.",
        rb" ",
        rb"\xe9",
        rb"[ab]",
        rb"[^a]",
        rb"[^\nb]",
        rb"\d",
        rb"\s",
    ]
    + [rb"\w", rb"\W", rb".", rb"^", rb"$", rb"\b", rb"\B", rb"\A", rb"\Z", rb"[a-b1]", rb"\n"]
)
REGEXES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(_joined),
        st.tuples(inner, inner).map(_joined),
        st.tuples(inner, inner).map(lambda each: b"(?:%s|%s)" % each),
        inner.map(lambda each: b"(%s)" % each),
        st.tuples(inner, st.sampled_from([b"?", b"*", b"+", b"{2}", b"{1,2}", b"{0,1}?", b"{2,}", b"+?"])).map(
            lambda each: b"(?:%s)%s" % each
        ),
        st.tuples(inner, st.sampled_from([b"(?i:%s)", b"(?=%s)", b"(?!%s)", b"(?s:%s)", b"(?-i:%s)", b"(?m:%s)"])).map(
            lambda each: each[1] % each[0]
        ),
        inner.map(lambda each: b"(%s)?(?(1)a|b)" % each),
        inner.map(lambda each: rb"(%s)\1" % each),
    ),
    max_leaves=8,
)


def compiled(text: bytes, flags: int) -> "re.Pattern[bytes]":
    # The number of a group counts from the start of the whole, which a part does not know: those are refused or mean
    # another group, and both is welcome.
    try:
        return re.compile(text, flags)
    except re.error:
        assume(False)
        raise


@QUICK
@given(
    REGEXES, st.sampled_from([0, re.IGNORECASE, re.DOTALL, re.MULTILINE, re.IGNORECASE | re.DOTALL]), st.lists(LINES)
)
def test_every_line_that_matches_has_what_the_expression_needs(text: bytes, flags: int, lines: "list[bytes]") -> None:
    regex = compiled(text, flags)
    needed = needs(regex.pattern, regex.flags)
    fragments = [[re.compile(as_regex(each)) for each in choice] for choice in choices_of(regex.pattern, regex.flags)]
    for line in lines:
        if not regex.search(line):
            continue
        if needed is not None:
            there = line.lower() if needed.folded else line
            assert any(literal in there for literal in needed.literals), (line, needed)
        for choice in fragments:
            assert any(each.search(line) for each in choice), (line, choice)


@QUICK
@given(REGEXES, st.booleans())
def test_no_literal_has_a_newline_or_is_empty(text: bytes, fold: bool) -> None:
    regex = compiled(text, re.IGNORECASE if fold else 0)
    needed = needs(regex.pattern, regex.flags)
    if needed is not None:
        assert needed.literals and all(literal and b"\n" not in literal for literal in needed.literals)
        assert not needed.folded or all(literal == literal.lower() for literal in needed.literals)
