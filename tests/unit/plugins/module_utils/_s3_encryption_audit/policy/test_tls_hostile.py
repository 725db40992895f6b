# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hostile input: whatever the text, there is a judgement or an error in words, and after a bounded number of steps."""

from __future__ import annotations

import json
import random
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.actions import (
    BUCKET_ACTIONS,
    OBJECT_ACTIONS,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.budget import Budget, TooComplex
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import (
    PolicyError,
    parse_policy,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.evaluate import Rule
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.scenario import Bucket, Scenario
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.space import Space
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import MAX_STEPS, judge_tls
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import event, given, settings
from hypothesis import strategies as st

B = "arn:aws:s3:::b"
HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def deny(**elements: Any) -> Dict[str, Any]:
    base = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [B, f"{B}/*"], "Condition": HTTP}
    return {name: value for name, value in {**base, **elements}.items() if value is not None}


def when(**conditions: Any) -> Dict[str, Any]:
    return deny(Condition={**HTTP, **conditions})


def policy(*statements: Dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def judged_or_refused(text: str) -> None:
    try:
        found = judge_tls(text, "b", "aws", "1.3", [text])
    except PolicyError as error:
        assert str(error)
        event("refused")
        return
    assert found.denies_http in (True, False, None)
    assert found.message
    assert json.loads(json.dumps(found.evidence)) == found.evidence
    event(f"denies HTTP: {found.denies_http}")


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
@settings(derandomize=True, max_examples=tries(200))
def test_any_text(text: str) -> None:
    judged_or_refused(text)


words = st.sampled_from(
    ["*", "s3:*", "s3:Get*", "iam:*", B, f"{B}/*", "false", "true", "1.2", "10.0.0.0/8", "111111111111"]
)
bits = st.text("*?${}:,'/ab1.s3ns", max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words | bits | st.text(max_size=4)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
operators = st.sampled_from(
    [
        "Bool",
        "BoolIfExists",
        "Null",
        "StringLike",
        "StringNotLike",
        "ArnLike",
        "ArnNotLike",
        "NumericLessThan",
        "DateLessThan",
    ]
    + ["IpAddress", "NotIpAddress", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "BinaryEquals", "Made:Up"]
)
keys = st.sampled_from(
    ["aws:SecureTransport", "s3:TlsVersion", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:TagKeys", "k"]
)
principals = words | st.dictionaries(
    st.sampled_from(["AWS", "Service", "CanonicalUser", "Federated", "x"]), values, max_size=2
)
shapes: Dict[str, st.SearchStrategy[Any]] = {
    "Sid": scalars,
    "Effect": st.sampled_from(["Deny", "Deny", "Allow", "deny", None]),
    "Principal": principals,
    "NotPrincipal": principals,
    "Action": values,
    "NotAction": values,
    "Resource": values,
    "NotResource": values,
    "Condition": values | st.dictionaries(operators, st.dictionaries(keys, values, max_size=2) | values, max_size=3),
    "Other": values,
}


@st.composite
def statements(draw: st.DrawFn) -> Any:
    """The usual statement with some elements bent, swapped for their negation, or dropped."""
    found = deny()
    for name in draw(st.lists(st.sampled_from(sorted(shapes)), max_size=3, unique=True)):
        if draw(st.integers(0, 9)) == 0:
            found.pop(name, None)
        else:
            if name.startswith("Not"):
                found.pop(name[3:], None)
            found[name] = draw(shapes[name])
    return draw(st.sampled_from([found, found, found, found, draw(values)]))


@given(
    st.lists(statements(), min_size=1, max_size=3), st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17", 7, None])
)
@settings(derandomize=True, max_examples=tries(200))
def test_any_document(found: List[Any], version: Any) -> None:
    judged_or_refused(json.dumps({"Version": version, "Statement": found}))


clean = st.lists(bits, min_size=1, max_size=4)
clean_statements = st.builds(
    lambda actions, resources, negated, operator, key, wanted: {
        **deny(Action=["s3:*", *actions], Resource=None),
        ("NotResource" if negated else "Resource"): [f"{B}{text}" for text in resources] + ([] if negated else ["*"]),
        "Condition": {**HTTP, operator: {key: wanted}},
    },
    clean,
    clean,
    st.booleans(),
    operators.filter(lambda name: name != "Bool"),
    keys,
    clean,
)


@given(st.lists(clean_statements, min_size=1, max_size=4))
@settings(derandomize=True, max_examples=tries(120))
def test_any_pattern(found: List[Dict[str, Any]]) -> None:
    judged_or_refused(policy(*found))


RNG = random.Random(1)  # fixed: the same policies in every run


def starry(count: int) -> str:
    return "*".join(RNG.choice("abc") for _unused in range(count))


HUGE: Dict[str, List[Dict[str, Any]]] = {
    "one pattern of ten thousand stars": [deny(Resource=[B, f"{B}/{'a*' * 9500}b"])],
    "patterns of many stars": [deny(Resource=f"{B}/*{starry(8)}*") for _unused in range(90)],
    "the same left out": [deny(Resource=None, NotResource=f"{B}/*{starry(8)}*") for _unused in range(90)],
    "many words left out": [deny(Resource=None, NotResource=[f"{B}/*{at}*" for at in range(700)])],
    "keys of every length": [deny(Resource=[f"{B}/{'?' * length}" for length in range(1, 180)])],
    "many keys": [deny(Resource=[B, *(f"{B}/dir{RNG.randrange(10**6)}/" for _unused in range(500))])],
    "many prefixes left out": [deny(Resource=None, NotResource=[f"{B}/{number}/*" for number in range(700)]), deny()],
    "many condition keys": [when(StringNotEquals={f"aws:PrincipalTag/{number}": "v"}) for number in range(85)],
    "a puzzle": [
        when(StringNotEquals={f"aws:PrincipalTag/{at}": RNG.choice("01") for at in RNG.sample(range(20), 3)})
        for _unused in range(90)
    ],
    "many endpoints": [
        when(StringNotEquals={"aws:SourceVpce": [f"vpce-{RNG.randrange(10**10)}" for _unused in range(900)]})
    ],
    "patterns of endpoints": [
        when(StringNotLike={"aws:SourceVpce": [f"vpce-{RNG.randrange(10**10)}*" for _unused in range(700)]})
    ],
    "many networks": [
        when(NotIpAddress={"aws:SourceIp": [f"10.{RNG.randrange(256)}.{at % 256}.0/24" for at in range(900)]})
    ],
    "many accounts": [deny(Principal={"AWS": [str(RNG.randrange(10**11, 10**12)) for _unused in range(1000)]})],
    "many roles left out": [
        deny(Principal=None, NotPrincipal={"AWS": [f"arn:aws:iam::111111111111:role/{at}" for at in range(400)]})
    ],
    "patterns of roles": [
        when(ArnNotLike={"aws:PrincipalArn": [f"arn:aws:iam::{10**11 + at}:role/*r{at}*" for at in range(350)]})
    ],
    "roles in any account": [
        when(ArnNotLike={"aws:PrincipalArn": [f"arn:aws:iam::*:role/*r{at}*" for at in range(20)]})
    ],
    "actions by two letters": [deny(Action=f"s3:{one}*{two}*") for one in "ABCDEFGHIJKLM" for two in "abcdefgh"],
    "sets of tags": [when(**{"ForAllValues:StringLike": {"aws:TagKeys": f"*{letter}*"}}) for letter in "abcdefghijkl"],
    "many numbers": [
        when(NumericEquals={"s3:max-keys": [RNG.randrange(1000) for _unused in range(30)]}) for _unused in range(70)
    ],
    "variables": [deny(Resource=[B, f"{B}/${{aws:username}}{at}/*"]) for at in range(100)],
}


def space(text: str, budget: Budget) -> Space:
    rules = [Rule(statement) for statement in parse_policy(text).statements]
    return Space(rules, Scenario(""), Bucket("b", "aws"), (BUCKET_ACTIONS, OBJECT_ACTIONS), budget)


@pytest.mark.parametrize("name", HUGE)
def test_a_policy_of_twenty_kilobytes_takes_bounded_steps(name: str) -> None:
    """The largest policy that S3 takes gets an answer, or is given up when the steps are used up."""
    text = policy(*HUGE[name])
    budget = Budget(MAX_STEPS)
    try:
        escape = space(text, budget).escape()
        assert (escape is None) is (name == "many prefixes left out")
    except TooComplex:
        assert budget.left < 0
    assert judge_tls(text, "b", "aws").denies_http is not True or name == "many prefixes left out"


def test_what_is_too_complex_is_undecided() -> None:
    found = judge_tls(policy(*HUGE["the same left out"]), "b", "aws")
    assert found.denies_http is None
    assert found.undecided == "the policy is too complex to be judged"
    assert found.message == f"whether every request over HTTP is denied cannot be decided: {found.undecided}"


def test_an_escape_is_found_even_where_no_proof_is() -> None:
    """The bucket itself is not covered, which needs no proof about the objects."""
    assert judge_tls(policy(*HUGE["patterns of many stars"]), "b", "aws").denies_http is False


NAMED: Dict[str, Dict[str, List[str]]] = {
    "sessions of one role": {"AWS": [f"arn:aws:sts::111111111111:assumed-role/r/{at}" for at in range(336)]},
    "sessions of many roles": {"AWS": [f"arn:aws:sts::111111111111:assumed-role/r{at}/s" for at in range(336)]},
    "accounts": {"AWS": [str(10**11 + at) for at in range(840)]},
    "roles": {"AWS": [f"arn:aws:iam::{10**11 + at}:role/r" for at in range(420)]},
    "providers": {"Federated": [f"a{at}" for at in range(1680)]},
    "ids": {"AWS": [f"AIDA{at}" for at in range(1260)]},
}


@pytest.mark.parametrize("kind", NAMED)
def test_the_work_grows_with_the_names_and_not_with_their_square(kind: str) -> None:
    """Each of 21 statements exempts others, so that nobody is exempt from all of them."""
    [(principals, names)] = NAMED[kind].items()
    parts = [deny(Principal=None, NotPrincipal={principals: names[at::21]}) for at in range(21)]
    budget = Budget(MAX_STEPS)
    assert space(policy(*parts), budget).covered()
    assert len(names) < MAX_STEPS - budget.left < 1000 + 40 * len(names)


def test_combinations_of_names_are_given_up_as_well() -> None:
    parts = [
        deny(
            Principal=None,
            NotPrincipal={
                "CanonicalUser": f"{at:x}",
                "Federated": f"a{at}",
                "AWS": [f"AROA{at}", f"arn:aws:sts::111111111111:assumed-role/r/{at}"],
            },
        )
        for at in range(60)
    ]
    found = judge_tls(policy(*parts), "b", "aws", "1.3")
    assert (found.denies_http, found.undecided) == (None, "the policy is too complex to be judged")


def test_an_account_that_is_not_named_is_found_at_once() -> None:
    names = [str(123456789012 + at) for at in range(20_000)]
    assert judge_tls(policy(deny(Principal={"AWS": names})), "b", "aws").denies_http is not True


@pytest.mark.parametrize(
    "parts",
    [
        [deny(Resource=B), deny(Resource=f"{B}/*")],
        [when(StringEquals={"aws:SourceVpce": "vpce-1"}), when(StringNotEquals={"aws:SourceVpce": "vpce-1"})],
        [when(BoolIfExists={"aws:PrincipalIsAWSService": "false"})],
    ],
)
def test_an_ordinary_policy_takes_few_steps(parts: List[Dict[str, Any]]) -> None:
    assert space(policy(*parts), Budget(400)).covered()
