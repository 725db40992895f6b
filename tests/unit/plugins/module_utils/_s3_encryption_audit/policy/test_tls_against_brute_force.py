# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge against the brute-force evaluator, over random policies and sampled requests."""

from __future__ import annotations

import json
import random
from typing import Any, Dict, List, Optional, Tuple

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.actions import (
    BUCKET_ACTIONS,
    OBJECT_ACTIONS,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.space import Escape
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import TlsJudgement, judge_tls
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.brute_force import (
    Asked,
    is_denied,
)
from hypothesis import event, given, settings
from hypothesis import strategies as st

BUCKET = "b"
ARN = "arn:aws:s3:::b"
ONE, TWO, OTHER = "111111111111", "222222222222", "333333333333"
ROLE = f"arn:aws:iam::{ONE}:role/admin"
USER = f"arn:aws:iam::{ONE}:user/ann"
SESSION = f"arn:aws:sts::{ONE}:assumed-role/admin/night"

ACTIONS = ["s3:*", "*", "S3:*", "s3:Get*", "s3:*Object*", "s3:GetObject", "s3:PutObject", "s3:List*", "s3:?etObject"]
NOT_ACTIONS = ["iam:*", "sts:AssumeRole", "s3:GetObject", "s3:List*", "ec2:*"]
RESOURCES = [
    ARN,
    f"{ARN}/*",
    "*",
    "arn:aws:s3:::*",
    f"{ARN}*",
    "arn:*:s3:::b/*",
    "arn:aws:s3:::?/*",
    f"{ARN}/logs/*",
    f"{ARN}/*.txt",
    f"{ARN}/l?gs/*",
    f"{ARN}/*/*",
    f"{ARN}/a",
    f"{ARN}/?",
    f"{ARN}/??*",
    "arn:aws:s3:::c/*",
    "arn:aws-cn:s3:::b/*",
    f"{ARN}/${{aws:username}}/*",
    f"{ARN}/${{aws:username, 'logs'}}/*",
    f"{ARN}/${{*}}",
]
PRINCIPALS: List[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": ["*"]},
    {"AWS": ONE},
    {"AWS": f"arn:aws:iam::{ONE}:root"},
    {"AWS": [ROLE, TWO]},
    {"AWS": USER},
    {"AWS": SESSION},
    {"Service": "logging.s3.amazonaws.com"},
    {"CanonicalUser": "79a5"},
    {"AWS": "AIDAEXAMPLE"},
    {"AWS": f"arn:aws:iam::{ONE}:role/any"},
    {"Federated": "accounts.google.com"},
    {"Federated": f"arn:aws:iam::{ONE}:saml-provider/x"},
]
# Every condition comes with its complement, so that two statements can cover what one does not.
PAIRS: List[Tuple[Dict[str, Any], Dict[str, Any]]] = [
    ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {"StringNotEquals": {"aws:sourcevpce": "vpce-1"}}),
    ({"StringLike": {"aws:SourceVpce": ["vpce-*", "x*"]}}, {"StringNotLike": {"aws:SourceVpce": ["vpce-*", "x*"]}}),
    ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}),
    (
        {"StringEqualsIgnoreCase": {"aws:SourceVpce": "VPCE-1"}},
        {"StringNotEqualsIgnoreCase": {"aws:SourceVpce": "Vpce-1"}},
    ),
    ({"Null": {"aws:SourceVpce": "true"}}, {"Null": {"aws:SourceVpce": "false"}}),
    ({"Null": {"aws:SourceVpce": False}}, {"Null": {"aws:SourceVpce": ["true"]}}),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "::/0"]}}, {"IpAddressIfExists": {"aws:SourceIp": "128.0.0.0/1"}}),
    (
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ONE}:role/*"}},
        {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ONE}:role/*"}},
    ),
    ({"ArnEquals": {"aws:PrincipalArn": ROLE}}, {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}),
    (
        {"ArnEquals": {"aws:PrincipalArn": [ROLE, f"arn:aws:iam::{ONE}:role/any/admin"]}},
        {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ONE}:role/any"}},
    ),
    ({"StringLike": {"aws:PrincipalArn": "*admin"}}, {"StringNotLike": {"aws:PrincipalArn": "*:role/*"}}),
    ({"StringEquals": {"aws:PrincipalAccount": [ONE, TWO]}}, {"StringNotEquals": {"aws:PrincipalAccount": ONE}}),
    ({"StringEquals": {"aws:PrincipalAccount": "anonymous"}}, {"StringNotLike": {"aws:PrincipalAccount": "anon*"}}),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
    ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, {"Null": {"aws:PrincipalIsAWSService": "true"}}),
    ({"BoolIfExists": {"aws:PrincipalIsAWSService": False}}, {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
    (
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    ),
    ({"Bool": {"aws:ViaAWSService": "false"}}, {"Bool": {"aws:ViaAWSService": "true"}}),
    ({"NumericLessThan": {"s3:max-keys": "10"}}, {"NumericGreaterThanEqualsIfExists": {"s3:max-keys": 10}}),
    ({"NumericEquals": {"s3:max-keys": ["1", "2.50"]}}, {"NumericNotEquals": {"s3:max-keys": ["2.5", "1"]}}),
    (
        {"ForAllValues:StringLike": {"aws:TagKeys": ["a*", "b"]}},
        {"ForAnyValue:StringNotLike": {"aws:TagKeys": ["a*", "b"]}},
    ),
    (
        {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}},
        {"ForAllValues:StringNotEquals": {"aws:TagKeys": ["a", "b"]}},
    ),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
    ({"StringEquals": {"aws:ResourceAccount": ONE}}, {"StringNotEquals": {"aws:ResourceAccount": ONE}}),
    (
        {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}},
        {"StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}},
    ),
    (
        {"StringLike": {"aws:PrincipalTag/team": "${aws:username}*"}},
        {"StringNotEquals": {"aws:PrincipalTag/team": "${aws:username, 'x'}"}},
    ),
    (
        {"StringEquals": {"aws:PrincipalServiceName": "x.amazonaws.com"}},
        {"StringNotEquals": {"aws:PrincipalServiceName": "x.amazonaws.com"}},
    ),
]
TRANSPORTS: List[Dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:securetransport": ["false"]}},
    {"Bool": {"AWS:SecureTransport": False}},
    {"BoolIfExists": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:SecureTransport": ["true", "false"]}},
    {"StringEquals": {"aws:SecureTransport": "false"}},
    {"StringNotEquals": {"aws:SecureTransport": "true"}},
    {"StringLike": {"aws:SecureTransport": "f*"}},
    {"StringNotLike": {"aws:SecureTransport": "t*e"}},
    {"ForAnyValue:Bool": {"aws:SecureTransport": "false"}},
    {"ForAllValues:Bool": {"aws:SecureTransport": "false"}},
    {"Null": {"s3:TlsVersion": "true"}},
    {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}},
    {"NumericNotEquals": {"s3:TlsVersion": ["1.2", "1.3"]}},
    {},
]
OLD_AND_HTTP: List[Dict[str, Any]] = [
    {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}},
    {"NumericLessThanIfExists": {"s3:TlsVersion": 1.3}},
    {"NumericNotEquals": {"s3:TlsVersion": ["1.2", "1.3"]}},
    {"StringNotLike": {"s3:TlsVersion": ["1.3", "2*"]}},
    {"Bool": {"aws:SecureTransport": [True, False]}},
    {},
]
NOT_HTTP: List[Dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    {"NumericLessThan": {"s3:TlsVersion": 1.3}},
    {"NumericLessThanEquals": {"s3:TlsVersion": "1.1"}},
    {"Null": {"aws:SecureTransport": "true"}},
    {"StringNotEquals": {"aws:SecureTransport": "false"}},
]


def statement(**elements: Any) -> Dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [ARN, f"{ARN}/*"], **elements}


def merged(*blocks: Dict[str, Any]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for block in blocks:
        for operator, keys in block.items():
            found.setdefault(operator, {}).update(keys)
    return found


def swapped(one: Dict[str, Any], name: str, value: Any) -> Dict[str, Any]:
    plain = name[3:] if name.startswith("Not") else name
    return {**{key: val for key, val in one.items() if key not in (plain, f"Not{plain}")}, name: value}


some = st.sampled_from
lists = {
    "Action": st.lists(some(ACTIONS), min_size=1, max_size=3),
    "NotAction": st.lists(some(NOT_ACTIONS), min_size=1, max_size=2),
    "Resource": st.lists(some(RESOURCES), min_size=1, max_size=3),
    "NotResource": st.lists(some(RESOURCES[7:]), min_size=1, max_size=2),
    "Principal": some(PRINCIPALS),
    "NotPrincipal": some(PRINCIPALS[3:]),
}


@st.composite
def splits(draw: st.DrawFn, transports: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Statements that together cover what one of them would: then the odd one is bent."""
    whole = statement(Condition=draw(some(transports)))
    parts = [whole]
    for _unused in range(draw(st.integers(0, 2))):
        part = parts.pop()
        how = draw(some(["condition", "condition", "resource", "action", "principal", "levels"]))
        if how == "condition":
            one, other = draw(some(PAIRS))
            parts += [{**part, "Condition": merged(part["Condition"], half)} for half in (one, other)]
        elif how == "resource":
            pattern = draw(some(RESOURCES[7:16]))
            parts += [swapped(part, "Resource", pattern), swapped(part, "NotResource", pattern)]
        elif how == "levels":
            parts += [swapped(part, "Resource", ARN), swapped(part, "Resource", [f"{ARN}/*"])]
        elif how == "action":
            pattern = draw(some(ACTIONS[3:]))
            parts += [swapped(part, "Action", [pattern]), swapped(part, "NotAction", pattern)]
        else:
            who = draw(some([*PRINCIPALS[3:8], *PRINCIPALS[9:]]))
            parts += [swapped(part, "Principal", who), swapped(part, "NotPrincipal", who)]
    for _unused in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(parts) - 1))
        name = draw(some([*lists, "Condition", "Condition", "Transport"]))
        if name == "Condition":
            extra = draw(some([half for pair in PAIRS for half in pair]))
            parts[at] = {**parts[at], "Condition": merged(parts[at]["Condition"], extra)}
        elif name == "Transport":
            parts[at] = {**parts[at], "Condition": draw(some(NOT_HTTP + TRANSPORTS))}
        else:
            parts[at] = swapped(parts[at], name, draw(lists[name]))
    if draw(st.booleans()):
        parts.append(statement(Effect="Allow", Condition={}))
    return draw(st.permutations(parts))


def policies(transports: List[Dict[str, Any]]) -> st.SearchStrategy[Dict[str, Any]]:
    return st.builds(
        lambda version, parts: {"Version": version, "Statement": parts if len(parts) > 1 else parts[0]},
        some(["2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17"]),
        splits(transports),
    )


OBJECTS = [
    "x",
    "a",
    "*",
    "logs/",
    "logs/x",
    "logs/a.txt",
    "lags/x",
    "a.txt",
    ".txt",
    "ann/x",
    "ab",
    "x/y",
    "${*}",
    "a/b.txt/c",
]
CALLERS: List[Tuple[str, str, Tuple[Tuple[str, str], ...]]] = [
    ("anonymous", "", ()),
    (ONE, ROLE, ()),
    (ONE, ROLE, (("AWS", SESSION),)),
    (ONE, ROLE, (("AWS", SESSION), ("Federated", "accounts.google.com"))),
    (ONE, f"arn:aws:iam::{ONE}:role/team/admin", (("AWS", SESSION),)),
    (ONE, ROLE, (("CanonicalUser", "79a5"), ("Federated", f"arn:aws:iam::{ONE}:saml-provider/x"))),
    (ONE, USER, ()),
    (ONE, USER, (("CanonicalUser", "79a5"),)),
    (ONE, USER, (("AWS", "AIDAEXAMPLE"),)),
    (ONE, f"arn:aws:iam::{ONE}:root", ()),
    (ONE, f"arn:aws:iam::{ONE}:role/x", ()),
    (TWO, f"arn:aws:iam::{TWO}:role/admin", ()),
    (OTHER, f"arn:aws:iam::{OTHER}:user/x", ()),
    (OTHER, f"arn:aws:iam::{OTHER}:user/x", (("CanonicalUser", "79a5"),)),
    (OTHER, f"arn:aws:iam::{OTHER}:user/x", (("AWS", "AIDAEXAMPLE"),)),
]
VALUES: Dict[str, List[Optional[List[str]]]] = {
    "aws:sourcevpce": [None, ["vpce-1"], ["VPCE-1"], ["vpce-2"], ["y"], ["x"]],
    "aws:sourceip": [None, ["10.1.2.3"], ["9.255.255.255"], ["11.0.0.0"], ["200.1.1.1"], ["2001:db8::1"]],
    "aws:principalorgid": [None, ["o-1"], ["o-2"]],
    "s3:max-keys": [None, ["1"], ["2.5"], ["9"], ["10"], ["11"]],
    "aws:tagkeys": [
        None,
        ["a"],
        ["b"],
        ["c"],
        ["ab"],
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
        ["ab", "c"],
        ["a", "ab", "c"],
    ],
    "aws:multifactorauthpresent": [None, ["true"], ["false"]],
    "aws:resourceaccount": [[ONE], [TWO], [OTHER], ["444444444444"]],
    "aws:principaltag/team": [None, ["ann"], ["x"], ["annex"]],
    "aws:username": [None, ["ann"], ["logs"], ["a"]],
}


def keys_of(account: str, arn: str, tls: str) -> Dict[str, List[str]]:
    """The condition keys that follow from transport and caller, as the documentation of each key says."""
    keys = {"aws:securetransport": ["true" if tls else "false"], "aws:viaawsservice": ["false"]}
    if tls:
        keys["s3:tlsversion"] = [tls]
    keys["aws:principalaccount"] = [account]
    if arn:
        keys["aws:principalarn"] = [arn]
        keys["aws:principalisawsservice"] = ["false"]
    return keys


def sampled(rng: random.Random, text: str, tls: str) -> Asked:
    """A random request; of the keys, those that the policy mentions vary."""
    account, arn, named = rng.choice(CALLERS)
    keys = keys_of(account, arn, tls)
    for key, options in VALUES.items():
        values = rng.choice(options) if key in text.lower() else options[0]
        if values:
            keys[key] = values
    if rng.random() < 0.75:
        action = rng.choice(OBJECT_ACTIONS[:3] if rng.random() < 0.5 else OBJECT_ACTIONS)
        return Asked(action, f"{ARN}/{rng.choice(OBJECTS)}", account, arn, named, keys)
    return Asked(rng.choice(BUCKET_ACTIONS), ARN, account, arn, named, keys)


def as_asked(escape: Escape) -> Asked:
    """The judge's counter-example as the evaluator takes it: its own idea of the keys, and the judge's on top."""
    request, caller = escape.request, escape.request.caller
    keys = keys_of(caller.account, caller.arn, escape.scenario.tls)
    chosen = {key: list(values) for key, values in request.keys.items()}
    assert all(chosen.get(key, values) == values for key, values in keys.items()), "a key cannot have this value"
    names = tuple(sorted(caller.names))
    return Asked(request.action, request.resource, caller.account, caller.arn, names, {**chosen, **keys})


def check(
    judged: TlsJudgement, denied: Optional[bool], texts: List[str], tls: List[str], rng: random.Random, count: int
) -> str:
    """Hold one answer against the evaluator; returns what the answer was."""
    documents = [json.loads(text) for text in texts]
    if denied is True:
        for _unused in range(count):
            asked = sampled(rng, "".join(texts), rng.choice(tls))
            assert is_denied(documents, asked), f"said to be denied, and is not: {asked}"
        return "denies all"
    if denied is False:
        assert judged.counter_example is not None
        asked = as_asked(judged.counter_example)
        assert not is_denied(documents, asked), f"said not to be denied, and is: {asked}"
        return "lets some in"
    assert judged.undecided and "${" in "".join(texts), "only variables may leave it undecided here"
    return "undecided"


@given(policies(TRANSPORTS), st.integers(0, 2**32))
@settings(derandomize=True, max_examples=tries(250))
def test_http_is_judged_as_the_evaluator_does(policy: Dict[str, Any], seed: int) -> None:
    text = json.dumps(policy)
    judged = judge_tls(text, BUCKET, "aws")
    event(check(judged, judged.denies_http, [text], [""], random.Random(seed), 150))


@given(policies(TRANSPORTS + 3 * OLD_AND_HTTP), some(["1.1", "1.2", "1.3"]), st.integers(0, 2**32))
@settings(derandomize=True, max_examples=tries(150))
def test_old_tls_is_judged_as_the_evaluator_does(policy: Dict[str, Any], min_tls: str, seed: int) -> None:
    text = json.dumps(policy)
    judged = judge_tls(text, BUCKET, "aws", min_tls)
    older = ["", *[version for version in ("1.0", "1.1", "1.2") if version < min_tls]]
    event(check(judged, judged.denies_old_tls, [text], older, random.Random(seed), 100))


@given(policies(TRANSPORTS), policies(TRANSPORTS), st.integers(0, 2**32))
@settings(derandomize=True, max_examples=tries(100))
def test_an_organization_policy_denies_as_well(bucket: Dict[str, Any], organization: Dict[str, Any], seed: int) -> None:
    texts = [json.dumps(bucket), json.dumps(organization)]
    judged = judge_tls(texts[0], BUCKET, "aws", organization_policies=texts[1:])
    event(check(judged, judged.denies_http, texts, [""], random.Random(seed), 100))
    alone = judge_tls(texts[0], BUCKET, "aws")
    assert not (alone.denies_http and judged.denies_http is False), "one more policy cannot deny less"
