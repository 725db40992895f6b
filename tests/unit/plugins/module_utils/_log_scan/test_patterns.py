# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Patterns as users give them: what they become, and how a wrong one is refused."""

from __future__ import annotations

import re
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.expressions import compiled, group_names, groups_of
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import LogPattern, Threshold
from ansible_collections.day2.ops.plugins.module_utils._log_scan.patterns import parse_patterns
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def one(value: Any, **more: Any) -> LogPattern:
    (pattern,) = parse_patterns({"oops": value}, (), **more)
    return pattern


def refusal(value: Any) -> str:
    with pytest.raises(Day2Error) as caught:
        parse_patterns({"oops": value}, ())
    return str(caught.value)


def fields(value: Any, text: str) -> Dict[str, str]:
    found = one(value).regex.search(text.encode())
    assert found is not None
    return {name: group.decode() for name, group in groups_of(found).items()}


def test_the_shortest_pattern() -> None:
    pattern = one("out of [a-z]+")
    assert pattern == LogPattern("oops", re.compile(b"out of [a-z]+"), Severity.MEDIUM)
    assert one({"regex": "out of [a-z]+"}) == pattern


def test_the_longest_pattern() -> None:
    pattern = one(
        {
            "regex": ["user (?P<user>\\w+) failed", "failure of (?P<user>\\w+) at (?P<place>\\w+)"],
            "severity": "high",
            "exclude": ["test", "dummy"],
            "fields": {"team": "shop", "tier": 1},
            "max_samples": 3,
            "threshold": {"count": 10, "per": "5m"},
            "message": "{user} of {team} failed",
            "multiline": "java",
        }
    )
    assert group_names(pattern.regex) == {"user", "place"}
    assert (pattern.severity, pattern.max_samples, pattern.multiline) == (Severity.HIGH, 3, "java")
    assert pattern.fields == {"team": "shop", "tier": "1"}
    assert pattern.threshold == Threshold(10, 300.0)
    assert [each.pattern for each in pattern.exclude] == [b"test", b"dummy"]


def test_the_record_rule_of_all_is_that_of_a_pattern_that_names_none() -> None:
    assert one("x", multiline="python").multiline == "python"
    assert one({"regex": "x", "multiline": "none"}, multiline="python").multiline == ""
    assert one({"regex": "x", "multiline": "go"}, multiline="python").multiline == "go"


def test_a_group_that_several_expressions_have_is_one_field() -> None:
    value = {"regex": ["user (?P<user>\\w+) failed", "failure of (?P<user>\\w+)"]}
    assert fields(value, "failure of bob") == {"user": "bob"}
    assert fields(value, "user eve failed") == {"user": "eve"}


def test_flags_hold_for_their_own_expression() -> None:
    regex = one({"regex": ["(?i)oops", "(?x) bad  \\s+ # a remark", "ugly(?P<a>x)(?P=a)"]}).regex
    assert regex.search(b"OOPS") and regex.search(b"bad   ") and regex.search(b"uglyxx")
    assert not regex.search(b"BAD ") and not regex.search(b"UGLYxx")


def test_a_reference_follows_its_group() -> None:
    regex = one({"regex": ["(?P<a>x)(?P=a)", "(?P<a>y)?-(?(a)!|\\?)"]}).regex
    assert regex.search(b"xx") and regex.search(b"y-!") and regex.search(b"-?")
    assert not regex.fullmatch(b"y-?")


def test_text_is_utf_8() -> None:
    regex = one("Müll+ (?:für|ohne) é{2}").regex
    assert regex.search("Müll für éé".encode()) and not regex.search("Müll für é\xa9".encode("latin-1"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (7, Threshold(7)),
        ({"count": 7}, Threshold(7)),
        ({"count": "7", "per": "90"}, Threshold(7, 90.0)),
        ({"count": 7, "per": "1h"}, Threshold(7, 3600.0)),
        ({"rate": "10/m"}, Threshold(10, 60.0)),
        ("100/5m", Threshold(100, 300.0)),
        ("1 / s", Threshold(1, 1.0)),
    ],
)
def test_thresholds(given: Any, expected: Threshold) -> None:
    assert one({"regex": "x", "threshold": given}).threshold == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (7, "patterns.oops: an expression, or a mapping with regex, is needed, not 7"),
        ({}, "patterns.oops.regex: is needed"),
        ({"regexp": "x", "regex": "x"}, 'patterns.oops.regexp: there is no such key; did you mean "regex"?'),
        ({"regex": "x", "zzz": 1}, "patterns.oops.zzz: no such key; known are regex, severity"),
        ("", "patterns.oops.regex: an empty expression matches every line"),
        ("x*", "patterns.oops.regex: it matches nothing at all, and so every line"),
        (
            "a(b",
            "patterns.oops.regex: not a regular expression: missing ), unterminated subpattern at character 2: a(b",
        ),
        (
            "ä(b",
            "patterns.oops.regex: not a regular expression: missing ), unterminated subpattern at character 2: ä(b",
        ),
        ({"regex": ["ok", "a[b"]}, "patterns.oops.regex[1]: not a regular expression: unterminated character set at"),
        ({"regex": []}, "patterns.oops.regex: an expression, or a list of them, is needed, not []"),
        ({"regex": [7]}, "patterns.oops.regex: an expression, or a list of them, is needed, not [7]"),
        ("x[äö]", "patterns.oops.regex: the set [äö] holds ä, which is more than one byte of UTF-8"),
        ("x{99999999999999}", "patterns.oops.regex: not a regular expression: "),
        ("(?P<x__2>a)", "patterns.oops.regex: the group 'x__2': names of groups"),
        ({"regex": ["(a)\\1", "b"]}, "patterns.oops.regex[0]: \\1: a group's number is another one"),
        ({"regex": ["(a)(?(1)b|c)", "b"]}, "patterns.oops.regex[0]: (?(1): a group's number"),
        ({"regex": "x", "severity": "bad"}, "patterns.oops.severity: 'bad' is none of low, medium, high, critical"),
        ({"regex": "x", "exclude": "("}, "patterns.oops.exclude: not a regular expression"),
        ({"regex": "x", "exclude": ["a", "("]}, "patterns.oops.exclude[1]: not a regular expression"),
        ({"regex": "x", "fields": ["a"]}, "patterns.oops.fields: a mapping of names to texts is needed"),
        ({"regex": "x", "fields": {"a b": "c"}}, "patterns.oops.fields: 'a b' is not made of"),
        ({"regex": "x", "fields": {"a": ["c"]}}, "patterns.oops.fields.a: a text is needed"),
        ({"regex": "(?P<a>x)", "fields": {"a": "c"}}, "patterns.oops.fields.a: is a group of the expression, too"),
        ({"regex": "x", "max_samples": -1}, "patterns.oops.max_samples: -1 is not a number from 0 to 1000"),
        ({"regex": "x", "max_samples": True}, "patterns.oops.max_samples: True is not a number"),
        ({"regex": "x", "message": 7}, "patterns.oops.message: a text of at most"),
        ({"regex": "(?P<a>x)", "message": "{b}"}, "patterns.oops.message: the message speaks of {b}; fields"),
        ({"regex": "x", "threshold": []}, "patterns.oops.threshold: count, count and per, or rate are needed"),
        ({"regex": "x", "threshold": {"per": "5m"}}, "patterns.oops.threshold.count: is needed"),
        ({"regex": "x", "threshold": {"count": 0}}, "patterns.oops.threshold.count: 0 is not a number from 1"),
        ({"regex": "x", "threshold": {"count": 1, "per": "soon"}}, "patterns.oops.threshold.per: "),
        ({"regex": "x", "threshold": {"count": 1, "per": 0}}, "patterns.oops.threshold.per: 0 is not more than"),
        ({"regex": "x", "threshold": {"rate": "10"}}, "patterns.oops.threshold.rate: '10' is not a number per span"),
        ({"regex": "x", "threshold": {"rate": "0/m"}}, "patterns.oops.threshold.rate: '0/m' is not"),
        ({"regex": "x", "threshold": {"rate": "1/m", "count": 1}}, "patterns.oops.threshold.rate: says both"),
        ({"regex": "x", "threshold": {"size": 1}}, "patterns.oops.threshold.size: there is no such key"),
        ({"regex": "x", "multiline": "cobol"}, "patterns.oops.multiline: "),
        ({"regex": "x", "enabled": "perhaps"}, "patterns.oops.enabled: 'perhaps' is neither true nor false"),
    ],
)
def test_what_is_refused(value: Any, problem: str) -> None:
    assert refusal(value).startswith(problem), refusal(value)


def test_a_flag_in_the_middle_is_refused_by_every_python() -> None:
    assert "at character 2" in refusal("a(?i)b")


@pytest.mark.parametrize("name", ["", " x", "a b", "x" * 65, "ä"])
def test_names(name: str) -> None:
    with pytest.raises(Day2Error, match="is not made of letters, digits"):
        parse_patterns({name: "x"}, ())


def test_a_shipped_pattern_is_changed_by_its_name() -> None:
    shipped = {pattern.name: pattern for pattern in parse_patterns({}, ["sshd"])}
    change = {"sshd.failed_login": {"severity": "critical", "threshold": "5/m", "exclude": ["from 192\\.0\\.2\\."]}}
    changed = {pattern.name: pattern for pattern in parse_patterns(change, ["sshd", "sshd"])}
    assert list(changed) == list(shipped)
    pattern = changed.pop("sshd.failed_login")
    assert (pattern.severity, pattern.threshold) == (Severity.CRITICAL, Threshold(5, 60.0))
    assert [each.pattern for each in pattern.exclude] == [b"from 192\\.0\\.2\\."]
    assert pattern.regex == shipped["sshd.failed_login"].regex and pattern.pattern_set == "sshd"
    assert all(shipped[name] == each for name, each in changed.items())


def test_a_shipped_pattern_is_left_out() -> None:
    names = [pattern.name for pattern in parse_patterns({"sshd.probe": {"enabled": False}, "mine": "x"}, ["sshd"])]
    assert "sshd.probe" not in names and "sshd.penalty" in names and names[-1] == "mine"


def test_a_change_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Day2Error, match=r"^patterns\.sshd\.penalty\.regex: the message speaks of \{client_ip\}"):
        parse_patterns({"sshd.penalty": {"regex": "penalty"}}, ["sshd"])
    with pytest.raises(Day2Error, match="patterns of the set sshd can be changed when it is in pattern_sets"):
        parse_patterns({"sshd.penalty": {"severity": "low"}}, [])


# --- an expression over bytes finds what it finds in text ---

_ATOMS = st.sampled_from(["a", "b", "é", "ß", ".", "\\d", "[ab]", "[^a]", "(?P<g>a|é)", "(?:b|ß)", "\\.", "^", "$"])
_PIECES = st.tuples(_ATOMS, st.sampled_from(["", "", "?", "+", "{2}"])).map(
    lambda pair: pair[0] + ("" if pair[0] in ("^", "$") else pair[1])
)


def _once(pieces: List[str]) -> str:
    """The pieces with the named group in only the first that has it."""
    text = "".join(pieces)
    head, mark, tail = text.partition("(?P<g>")
    return head + mark + tail.replace("(?P<g>", "(?:")


_EXPRESSIONS = st.lists(_PIECES, min_size=1, max_size=5).map(_once).filter(lambda text: not re.search(text, ""))
# Where a text has nothing beyond ASCII, a byte is a character, and both must say the same of everything.
_PLAIN = st.text(alphabet="ab.5 ", max_size=12)
_LETTERS = st.text(alphabet="abéß.5", max_size=12)


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(_EXPRESSIONS, _PLAIN)
def test_the_same_as_in_text(expression: str, line: str) -> None:
    assert bool(compiled("x", [expression]).search(line.encode())) == bool(re.search(expression, line))


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(_EXPRESSIONS, _LETTERS)
def test_whatever_text_matches_bytes_match(expression: str, line: str) -> None:
    if not re.search(r"\{2\}|\$|\^", expression) and re.search(expression, line):
        assert compiled("x", [expression]).search(line.encode())


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EXPRESSIONS, min_size=2, max_size=4), _PLAIN)
def test_several_find_what_any_finds(expressions: List[str], line: str) -> None:
    found = compiled("x", expressions).search(line.encode())
    assert bool(found) == any(re.search(each, line) for each in expressions)
    assert found is None or set(groups_of(found)) <= {"g"}


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=30))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        compiled("patterns.x.regex", [text, "other"])
    except Day2Error as error:
        assert str(error).startswith("patterns.x.regex")
