# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy documents: one form for many spellings, and errors that say where."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import (
    MAX_CHARACTERS,
    OPERATORS,
    Condition,
    Policy,
    PolicyError,
    Principals,
    Selection,
    Statement,
    parse_policy,
)

BASE: Dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}


def parsed(**elements: Any) -> Statement:
    return parse_policy(json.dumps({"Version": "2012-10-17", "Statement": {**BASE, **elements}})).statements[0]


def test_a_policy_as_values() -> None:
    text = """{"Version": "2012-10-17", "Id": "x", "Statement": [
        {"Sid": "One", "Effect": "Deny", "NotPrincipal": {"AWS": ["1", "2"], "Service": "s"}, "NotAction": ["a", "b"],
         "NotResource": "r", "Condition": {"forAnyValue:stringLIKEifexists": {"AWS:CalledVia": ["x", true, 1.20]}}}]}"""
    condition = Condition("StringLike", "aws:calledvia", ("x", "true", "1.20"), "ForAnyValue", True)
    assert parse_policy(text) == Policy(
        "2012-10-17",
        (
            Statement(
                name="One",
                sid="One",
                effect="Deny",
                principals=Principals((("AWS", "1"), ("AWS", "2"), ("Service", "s")), negated=True),
                actions=Selection(("a", "b"), negated=True),
                resources=Selection(("r",), negated=True),
                conditions=(condition,),
                variables=True,
            ),
        ),
    )
    assert condition.title == "ForAnyValue:StringLikeIfExists aws:calledvia"


@pytest.mark.parametrize(
    "one, other",
    [
        ({"Action": "s3:*"}, {"Action": ["s3:*"]}),
        ({"Principal": {"AWS": "*"}}, {"Principal": {"AWS": ["*"]}}),
        ({"Condition": {}}, {}),
        ({"Condition": {"Bool": {"k": False}}}, {"Condition": {"Bool": {"K": ["false"]}}}),
        ({"Condition": {"NumericEquals": {"k": 5}}}, {"Condition": {"NumericEquals": {"k": "5"}}}),
        ({"Condition": {"bool": {"k": "x"}}}, {"Condition": {"Bool": {"k": "x"}}}),
    ],
)
def test_spellings_of_one_thing(one: Dict[str, Any], other: Dict[str, Any]) -> None:
    assert parsed(**one) == parsed(**other)


def test_a_lone_statement_is_a_list_of_one() -> None:
    lone, listed = (json.dumps({"Statement": body}) for body in (BASE, [BASE]))
    assert parse_policy(lone) == parse_policy(listed)
    assert parse_policy(lone).statements[0].name == "statement 1"
    assert parse_policy('{"Statement": []}') == Policy("2008-10-17", ())


@pytest.mark.parametrize("name", OPERATORS.values())
@pytest.mark.parametrize("qualifier", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_every_operator(name: str, qualifier: str, suffix: str) -> None:
    (found,) = parsed(Condition={f"{qualifier}{name}{suffix}": {"k": "v"}}).conditions
    if name == "Null" and (qualifier or suffix):  # AWS has no such operator: it is kept as written
        assert (found.operator, found.qualifier, found.if_exists) == (f"{qualifier}Null{suffix}", "", False)
    else:
        assert (found.operator, found.qualifier, found.if_exists) == (name, qualifier[:-1], bool(suffix))


@pytest.mark.parametrize("name", ["StringMatches", "ForSomeValues:Bool", "ForAnyValue:", "IfExists", ""])
def test_an_unknown_operator_is_kept_as_written(name: str) -> None:
    assert parsed(Condition={name: {"k": "v"}}).conditions == (Condition(name, "k", ("v",)),)


def changed(**elements: Any) -> str:
    return json.dumps({"Statement": [BASE, {**BASE, **elements}]})


def without(name: str) -> str:
    return json.dumps({"Statement": [{key: value for key, value in BASE.items() if key != name}]})


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "the policy is not JSON: Expecting value at line 1, column 1"),
        ('{\n "Version": }', "the policy is not JSON: Expecting value at line 2, column 13"),
        ('{"Statement": [NaN]}', "the policy is not JSON: NaN is no JSON value"),
        ('{"Statement": -Infinity}', "the policy is not JSON: -Infinity is no JSON value"),
        ("\ufeff{}", "the policy is not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig) at line 1, column 1"),
        ("null", "the policy is null; it must be a JSON object with a Statement"),
        ("[1]", "the policy is a list; it must be a JSON object with a Statement"),
        ("12", "the policy is a number; it must be a JSON object with a Statement"),
        ("{}", "the policy has no Statement"),
        ('{"statement": []}', 'the policy has the unknown element "statement"; it takes Version, Id and Statement'),
        ('{"Version": "2012-10-18", "Statement": []}', 'Version is "2012-10-18"; it must be 2012-10-17 or 2008-10-17'),
        ('{"Version": ["2012-10-17"], "Statement": []}', "Version is a list; it must be 2012-10-17 or 2008-10-17"),
        ('{"Statement": ["x"]}', "statement 1 is a string; it must be a JSON object"),
        ('{"Statement": null}', "statement 1 is null; it must be a JSON object"),
        ('{"Statement": [], "Statement": []}', 'the key "Statement" appears twice in one object; each may appear once'),
        (changed(effect="Deny"), 'statement 2 has the unknown element "effect"; it is spelled Effect'),
        (
            changed(Sid="A", Actions="x"),
            'statement 2 (Sid "A") has the unknown element "Actions"; it takes Sid, Effect, Principal, NotPrincipal, '
            "Action, NotAction, Resource, NotResource, Condition",
        ),
        (changed(Sid=["x"]), "statement 2: Sid is a list; it must be a string"),
        (changed(Effect="deny"), 'statement 2: Effect is "deny"; it must be Allow or Deny'),
        (without("Effect"), "statement 1: Effect is missing; it must be Allow or Deny"),
        (without("Principal"), "statement 1 has neither Principal nor NotPrincipal; it must have one of them"),
        (without("Action"), "statement 1 has neither Action nor NotAction; it must have one of them"),
        (without("Resource"), "statement 1 has neither Resource nor NotResource; it must have one of them"),
        (changed(NotAction="x"), "statement 2 has both Action and NotAction; it must have one of them"),
        (changed(Action=5), "statement 2: Action has a number; it must be a string or a list of these"),
        (changed(Action=[["x"]]), "statement 2: Action has a list; it must be a string or a list of these"),
        (changed(Resource=None), "statement 2: Resource has null; it must be a string or a list of these"),
        (changed(Principal="x"), 'statement 2: the principal is "x"; it must be "*" or an object such as {"AWS": …}'),
        (
            changed(Principal=["*"]),
            'statement 2: the principal is a list; it must be "*" or an object such as {"AWS": …}',
        ),
        (
            changed(Principal={"AWS": 111111111111}),
            'statement 2: principal "AWS" has a number; it must be a string or a list of these',
        ),
        (
            changed(Principal={"AWS": "*", "aws": "*"}),
            'statement 2: the principal is of the kind "aws"; it must be AWS, Service, Federated or CanonicalUser',
        ),
        (changed(Condition=[]), "statement 2: Condition is a list; it must be an object of operators"),
        (changed(Condition={"Bool": "x"}), 'statement 2: condition "Bool" is a string; it must be an object of keys'),
        (
            changed(Condition={"Bool": {"k": {"x": 1}}}),
            'statement 2: condition "Bool" "k" has an object; it must be a string, a number, a boolean or a list of these',
        ),
        ("[" * 100_000, "the policy is nested too deeply; four levels are enough for every policy"),
        ('{"a":' * 50_000, "the policy is nested too deeply; four levels are enough for every policy"),
    ],
)
def test_what_is_wrong_and_where(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    assert str(caught.value) == message


def test_a_number_as_sid_is_text() -> None:
    """JSON numbers are not told from strings where it does no harm."""
    assert parsed(Sid=7).sid == "7"


def test_a_text_too_long_to_be_a_policy() -> None:
    padding = " " * MAX_CHARACTERS
    with pytest.raises(PolicyError, match=r"^the policy has 327\d+ characters; AWS takes 20,480 for a bucket"):
        parse_policy(f'{{"Statement": []}}{padding}')


def test_a_long_name_is_cut_short() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(changed(Effect="x" * 1000))
    assert len(str(caught.value)) < 150
