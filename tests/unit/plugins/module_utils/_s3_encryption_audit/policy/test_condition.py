# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What condition operators mean, and that the examples of a key leave nothing out."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.budget import Budget
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.condition import (
    examples,
    matcher,
    moment,
    number,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import Condition
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import event, given, settings
from hypothesis import strategies as st

A, AB, NONE = ("a",), ("a", "b"), None


def condition(operator: str, *values: str) -> Condition:
    qualifier, _colon, name = operator.rpartition(":")
    return Condition(name.replace("IfExists", ""), "k", values, qualifier, name.endswith("IfExists"))


@pytest.mark.parametrize(
    "operator, wanted, present, holds",
    [
        # --- the key is absent
        ("StringEquals", A, NONE, False),
        ("StringNotEquals", A, NONE, True),
        ("StringEqualsIfExists", A, NONE, True),
        ("StringNotEqualsIfExists", A, NONE, True),
        ("ForAllValues:StringEquals", A, NONE, True),
        ("ForAllValues:StringNotEquals", A, NONE, True),
        ("ForAnyValue:StringEquals", A, NONE, False),
        ("ForAnyValue:StringNotEquals", A, NONE, False),
        ("ForAnyValue:StringEqualsIfExists", A, NONE, False),  # IfExists asks each value, and there is none
        ("ForAllValues:StringEquals", A, (), True),  # an empty list is absent
        ("Null", ("true",), NONE, True),
        ("Null", ("false",), NONE, False),
        ("Null", ("true",), A, False),
        ("Null", ("false",), A, True),
        ("Null", ("true", "false"), A, True),
        ("Null", ("FALSE",), A, True),
        ("NotIpAddress", ("10.0.0.0/8",), NONE, True),
        ("NumericLessThan", ("5",), NONE, False),
        ("NumericNotEquals", ("5",), NONE, True),
        ("DateGreaterThanIfExists", ("2020-01-01",), NONE, True),
        ("ArnNotLike", ("arn:a:b:c:d:e",), NONE, True),
        ("Bool", ("false",), NONE, False),
        # --- several values in the policy: any of them; negated, none of them
        ("StringEquals", AB, ("b",), True),
        ("StringNotEquals", AB, ("b",), False),
        ("StringNotEquals", AB, ("c",), True),
        ("StringEquals", (), ("a",), False),
        ("StringNotEquals", (), ("a",), True),
        # --- several values in the request
        ("ForAllValues:StringEquals", AB, AB, True),
        ("ForAllValues:StringEquals", A, AB, False),
        ("ForAnyValue:StringEquals", A, AB, True),
        ("ForAnyValue:StringEquals", ("c",), AB, False),
        ("ForAnyValue:StringNotEquals", A, AB, True),
        ("ForAllValues:StringNotEquals", A, AB, False),
        ("ForAllValues:StringNotEquals", ("c",), AB, True),
        ("StringEquals", A, AB, True),
        ("StringNotEquals", A, AB, False),
        # --- text
        ("StringEquals", A, ("A",), False),
        ("StringEqualsIgnoreCase", A, ("A",), True),
        ("StringNotEqualsIgnoreCase", A, ("A",), False),
        ("StringEquals", ("a*",), ("ab",), False),
        ("StringLike", ("a*",), ("ab",), True),
        ("StringLike", ("a*",), ("AB",), False),
        ("StringNotLike", ("a?",), ("ab",), False),
        ("BinaryEquals", ("QQ==",), ("QQ==",), True),
        ("Bool", ("False",), ("false",), True),
        ("Bool", ("true",), ("false",), False),
        ("Bool", ("true",), ("yes",), False),
        # --- numbers and dates
        ("NumericEquals", ("1.20",), ("1.2",), True),
        ("NumericLessThan", ("1.2",), ("1.10",), True),  # a number, and no version
        ("NumericLessThan", ("1.2",), ("1.2",), False),
        ("NumericLessThanEquals", ("1.2",), ("1.2",), True),
        ("NumericGreaterThan", ("1", "9"), ("5",), True),
        ("NumericGreaterThanEquals", ("9",), ("9.0",), True),
        ("NumericLessThan", ("1e2",), ("99",), True),
        ("NumericLessThan", ("5",), ("x",), False),
        ("NumericNotEquals", ("5",), ("x",), True),
        ("NumericLessThan", (), ("5",), False),
        ("DateLessThan", ("2020-01-01T00:00:00Z",), ("2019-12-31T23:59:59Z",), True),
        ("DateEquals", ("2020-01-01T01:00:00+01:00",), ("2020-01-01",), True),
        ("DateEquals", ("1577836800",), ("2020-01-01T00:00Z",), True),
        # --- addresses
        ("IpAddress", ("10.0.0.0/8",), ("10.255.255.255",), True),
        ("IpAddress", ("10.0.0.0/8",), ("11.0.0.0",), False),
        ("IpAddress", ("10.1.2.3",), ("10.1.2.3",), True),
        ("IpAddress", ("10.1.2.3/8",), ("10.9.9.9",), True),
        ("IpAddress", ("0.0.0.0/0",), ("::1",), False),
        ("IpAddress", ("2001:db8::/32",), ("2001:db8:1::",), True),
        ("NotIpAddress", ("10.0.0.0/9", "10.128.0.0/9"), ("10.200.0.0",), False),
        ("IpAddress", ("10.0.0.0/8",), ("nowhere",), False),
        # --- ARNs: part by part
        ("ArnLike", ("arn:aws:iam::*:role/x",), ("arn:aws:iam::1:role/x",), True),
        ("ArnEquals", ("arn:aws:iam::*:role/x",), ("arn:aws:iam::1:role/x",), True),  # the same as ArnLike
        ("ArnLike", ("arn:aws:iam:*:role/x",), ("arn:aws:iam::1:role/x",), None),  # five parts
        ("ArnLike", ("arn:aws:s3:*:*:a",), ("arn:aws:s3:1:2:3:a",), False),
        ("StringLike", ("arn:aws:s3:*:*:a",), ("arn:aws:s3:1:2:3:a",), True),
        ("ArnNotLike", ("arn:aws:iam::1:*",), ("arn:aws:iam::2:role/x",), True),
        ("ArnLike", ("arn:*:*:*:*:*",), ("no-arn",), False),
        # --- what is not understood
        ("StringMatches", A, A, None),
        ("Bool", ("yes",), ("yes",), None),
        ("Null", ("maybe",), A, None),
        ("NumericEquals", ("five",), ("5",), None),
        ("NumericEquals", ("5", "NaN"), ("5",), None),
        ("NumericEquals", ("Infinity",), ("5",), None),
        ("NumericEquals", ("1_0",), ("10",), None),
        ("NumericEquals", ("1e99",), ("5",), None),
        ("NumericEquals", ("1" * 36,), ("5",), None),
        ("DateEquals", ("2020-13-01",), ("5",), None),
        ("DateEquals", ("2020-01-01T00:00:00",), ("5",), None),  # without a zone it is no moment
        ("IpAddress", ("10.0.0.0/33",), ("10.0.0.0",), None),
        ("ArnLike", ("*",), A, None),
    ],
)
def test_operators(
    operator: str, wanted: Tuple[str, ...], present: Optional[Tuple[str, ...]], holds: Optional[bool]
) -> None:
    found = matcher(condition(operator, *wanted), None)
    assert (found.holds(present) if found else None) is holds


@pytest.mark.parametrize(
    "operator, wanted, values, present, holds",
    [
        ("StringEquals", "${v}", {"v": "a"}, A, True),
        ("StringEquals", "${v}", {}, A, None),
        ("StringNotEquals", "${v}", {}, A, None),  # void, and not true
        ("StringLike", "${v}*", {"v": "*"}, ("*x",), True),
        ("StringLike", "${v}*", {"v": "*"}, ("ax",), False),
        ("ArnLike", "arn:aws:iam::${v}:*", {"v": "1"}, ("arn:aws:iam::1:x",), True),
        ("StringEqualsIgnoreCase", "${v, 'A'}", {}, A, True),
        ("Bool", "${v}", {"v": "true"}, ("true",), None),  # no variables here
        ("NumericEquals", "${v}", {"v": "5"}, ("5",), None),
    ],
)
def test_variables(
    operator: str, wanted: str, values: Dict[str, str], present: Tuple[str, ...], holds: Optional[bool]
) -> None:
    found = matcher(condition(operator, wanted), values.get)
    assert (found.holds(present) if found else None) is holds


@pytest.mark.parametrize(
    "text, value",
    [
        ("1970-01-01", 0),
        ("1970-01-02T00:00:01Z", 86401),
        ("1970-01-01T01:30:00+01:30", 0),
        ("1969-12-31T23:00:00.5-0100", Decimal("0.5")),
        ("2024-02-29", 1709164800),
        ("2023-02-29", None),
        ("1577836800", 1577836800),
        ("-5", -5),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments(text: str, value: Optional[Decimal]) -> None:
    assert moment(text) == value


@pytest.mark.parametrize(
    "text, value", [("1e3", 1000), ("-0.5", Decimal("-0.5")), (" 5", None), ("0x5", None), ("--5", None)]
)
def test_numbers(text: str, value: Optional[Decimal]) -> None:
    assert number(text) == value


TEXTS = ["a", "ab", "abc", "A", "b", "ba", "", "true", "arn:aws:iam::1:role/x"]
TEXT_VALUES = ["a", "a*", "*b", "?", "A", "*", "b?*", "ab", "true"]
FAMILIES: Dict[str, Tuple[List[str], List[str], List[str]]] = {  # operators, values in policies, values in requests
    "text": (
        [
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
        ],
        TEXT_VALUES,
        [*TEXTS, "B", "aB", "bab", "cab", "TRUE", "x"],
    ),
    "number": (
        [
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "DateEquals",
        ],
        ["1", "2", "2.5", "-1", "1e1", "0.1"],
        ["1", "2", "2.5", "-1", "10", "0.1", "0", "1.5", "-2", "11", "2.25", "3"],
    ),
    "address": (
        ["IpAddress", "NotIpAddress"],
        ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/1", "255.0.0.0/8", "::/0", "2001:db8::/32", "10.1.2.3"],
        [
            "10.1.2.3",
            "10.1.2.4",
            "10.2.0.0",
            "9.9.9.9",
            "128.0.0.1",
            "255.255.255.255",
            "0.0.0.0",
            "::",
            "2001:db8::1",
            "ffff::",
        ],
    ),
}


@st.composite
def conditions(draw: st.DrawFn) -> Tuple[List[Condition], List[Tuple[str, ...]]]:
    """Conditions on one key, and values that the key may have."""
    operators, wanted, present = FAMILIES[draw(st.sampled_from(sorted(FAMILIES)))]
    qualifiers = ["", "", "ForAllValues:", "ForAnyValue:"] if draw(st.booleans()) else [""]
    found = draw(
        st.lists(
            st.builds(
                lambda qualifier, operator, suffix, values: condition(f"{qualifier}{operator}{suffix}", *values),
                st.sampled_from(qualifiers),
                st.sampled_from(operators),
                st.sampled_from(["", "IfExists"]),
                st.lists(st.sampled_from(wanted), max_size=3),
            ),
            min_size=1,
            max_size=4,
        )
    )
    several = 3 if any(one.qualifier for one in found) else 1
    return found, draw(
        st.lists(st.lists(st.sampled_from(present), min_size=1, max_size=several).map(tuple), min_size=8, max_size=8)
    )


@given(conditions())
@settings(derandomize=True, max_examples=tries(150))
def test_examples_leave_nothing_out(drawn: Tuple[List[Condition], List[Tuple[str, ...]]]) -> None:
    found, requests = drawn
    matchers = [one for one in (matcher(each, None) for each in found) if one]
    assert len(matchers) == len(found)
    kinds = examples(matchers, Budget(100_000))
    if kinds is None:
        event("too many sets of values")
        return
    event("several values" if any(one.qualifier for one in found) else "one value")
    seen = {tuple(one.holds(values) for one in matchers) for values in kinds}
    for values in requests:
        assert tuple(one.holds(values) for one in matchers) in seen, values


def test_text_and_numbers_have_no_common_examples() -> None:
    text, digits = matcher(condition("StringEquals", "5"), None), matcher(condition("NumericEquals", "5"), None)
    null = matcher(condition("Null", "true"), None)
    assert text and digits and null
    assert examples([text, digits], Budget(1000)) is None
    assert examples([null, digits], Budget(1000)) == [("4",), ("6",), ("5",)]
    assert examples([null], Budget(1000)) == [("x",)]
