# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that are open to everyone, and readers from outside."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import PolicyError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.public import (
    foreign_principals,
    key_open_to_everyone,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.brute_force import (
    Asked,
    applies,
    is_denied,
)
from hypothesis import event, given, settings
from hypothesis import strategies as st

ME, YOU = "111111111111", "222222222222"


def allow(**elements: Any) -> Dict[str, Any]:
    base = {"Sid": "Open", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    return {name: value for name, value in {**base, **elements}.items() if value is not None}


def when(**conditions: Any) -> Dict[str, Any]:
    return allow(Condition=conditions)


def opened(*statements: Dict[str, Any]) -> Optional[str]:
    return key_open_to_everyone(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


OPEN: List[Tuple[str, List[Dict[str, Any]]]] = [
    ("a star", [allow(Principal="*")]),
    ("a star as an object", [allow()]),
    ("one action is enough", [allow(Action="kms:Decrypt")]),
    ("NotPrincipal lets everyone else in", [allow(Principal=None, NotPrincipal={"AWS": ME})]),
    ("a service chosen by the caller", [when(StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"})]),
    ("an encryption context chosen by the caller", [when(StringEquals={"kms:EncryptionContext:a": "b"})]),
    ("a tag that strangers give their own roles", [when(StringEquals={"aws:PrincipalTag/team": "a"})]),
    ("any account", [when(StringLike={"kms:CallerAccount": "*"})]),
    ("IfExists holds where the key is absent", [when(StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})]),
    ("all but one account", [when(StringNotEquals={"kms:CallerAccount": ME})]),
    ("a role of that name in any account", [when(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/admin"})]),
    ("a pattern that spans the account", [when(StringLike={"aws:PrincipalArn": "arn:aws:iam::*admin"})]),
    ("all but one role", [when(ArnNotEquals={"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/x"})]),
    ("the whole internet", [when(IpAddress={"aws:SourceIp": ["0.0.0.0/0", "::/0"]})]),
    ("all but some addresses", [when(NotIpAddress={"aws:SourceIp": "10.0.0.0/8"})]),
    ("ForAllValues holds of no values", [when(**{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}})]),
    ("an operator nobody knows is no limit", [when(StringMatches={"kms:CallerAccount": ME})]),
    ("with MFA", [when(Bool={"aws:MultiFactorAuthPresent": "true"})]),
    ("a name that callers choose for their sessions", [when(StringLike={"aws:userid": "*:alice"})]),
    ("any user", [when(StringLike={"aws:userid": "AIDA*"})]),
    *(
        (f"many of {key}", [when(StringLike={key: value})])
        for key, value in (
            ("kms:CallerAccount", "1*"),
            ("aws:PrincipalAccount", "????????????"),
            ("aws:PrincipalOrgID", "o-a*"),
            ("aws:PrincipalOrgPaths", "o-*/r-1/*"),
            ("aws:SourceVpc", "vpc-0*"),
            ("aws:SourceVpce", "vpce-0*"),
            ("aws:SourceAccount", "*"),
            ("aws:PrincipalServiceName", "*.amazonaws.com"),
            ("aws:PrincipalArn", "arn:aws:iam::1*:role/admin"),
            ("aws:PrincipalArn", "arn:aws:sts::*:federated-user/*"),
            ("aws:PrincipalArn", "arn:aws:sts::0*"),
            ("aws:SourceArn", "arn:aws:sns:*:*:*"),
            ("aws:SourceArn", "arn:aws:s3:::logs-*"),
        )
    ),
    *(
        (f"a wide network: {network}", [when(IpAddress={"aws:SourceIp": network})])
        for network in ("0.0.0.0/1", "8.0.0.0/7", "8000::/1", "2600::/31")
    ),
    (
        "what the stranger may name, by default something else",
        [when(StringLike={"aws:PrincipalOrgID": "${aws:PrincipalTag/org, 'o-mine'}"})],
    ),
    *(
        (f"a denial of {list(other.values())}", [allow(Action=action), allow(Effect="Deny", **other)])
        for action, other in (
            ("kms:*", {"Action": "kms:?"}),
            ("kms:Decrypt*", {"Action": "kms:Decrypt?"}),
            ("kms:Decrypt*", {"Action": "kms:Decrypt"}),
            ("kms:*", {"Action": ["kms:D*", "kms:E*"]}),
            ("kms:*", {"Resource": "arn:aws:kms:eu-west-1:111111111111:key/other"}),
            ("kms:*", {"Resource": None, "NotResource": "*"}),
        )
    ),
    *(
        (f"a denial of those {condition}", [allow(), allow(Effect="Deny", Condition=condition)])
        for condition in (
            {"StringLike": {"kms:CallerAccount": "0*"}},
            {"StringNotLike": {"kms:CallerAccount": "1*"}},
            {"StringNotLike": {"aws:userid": "*:alice"}},
            {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/1"}},
            {"IpAddressIfExists": {"aws:SourceIp": ["128.0.0.0/1", "2000::/3"]}},
        )
    ),
    (
        "a denial of another action",
        [allow(), allow(Effect="Deny", Action="kms:Encrypt", Condition={"StringNotEquals": {"kms:CallerAccount": ME}})],
    ),
    (
        "a denial of all but a role that strangers can have too",
        [allow(), allow(Effect="Deny", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}})],
    ),
    (
        "a denial of those without an organization",
        [allow(), allow(Effect="Deny", Condition={"Null": {"aws:PrincipalOrgID": "true"}})],
    ),
    ("any signed request", [when(Null={"aws:PrincipalArn": "false"})]),
    (
        "patterns beyond reason",
        [when(StringLike={"aws:PrincipalArn": [f"*{at}*{at + 1}*{at + 2}*" for at in range(40)]})],
    ),
    (
        "a denial by an operator nobody knows",
        [allow(), allow(Effect="Deny", Condition={"StringMatches": {"a:b": "c"}})],
    ),
    ("a denial over HTTP", [allow(), allow(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})]),
    (
        "a denial of a stranger's choice",
        [allow(), allow(Effect="Deny", Condition={"StringNotEquals": {"aws:PrincipalTag/team": "a"}})],
    ),
    (
        "a denial of NotAction",
        [
            allow(),
            allow(
                Effect="Deny",
                Action=None,
                NotAction="kms:Decrypt",
                Condition={"StringNotEquals": {"kms:CallerAccount": ME}},
            ),
        ],
    ),
]

CLOSED: List[Tuple[str, List[Dict[str, Any]]]] = [
    ("nothing", []),
    ("the account", [allow(Principal={"AWS": f"arn:aws:iam::{ME}:root"})]),
    ("another account", [allow(Principal={"AWS": YOU})]),
    ("a service", [allow(Principal={"Service": "logs.amazonaws.com"})]),
    ("the key of S3", [when(StringEquals={"kms:CallerAccount": ME, "kms:ViaService": "s3.eu-west-1.amazonaws.com"})]),
    ("letter case of keys", [when(StringEquals={"KMS:calleraccount": ME})]),
    ("an organization", [when(StringEquals={"aws:PrincipalOrgID": "o-1"})]),
    ("a part of an organization", [when(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}})]),
    ("the principal's account", [when(StringEquals={"aws:PrincipalAccount": [ME, YOU]})]),
    ("its account, as a variable", [when(StringEquals={"aws:PrincipalAccount": "${aws:ResourceAccount}"})]),
    ("its organization, as a variable", [when(StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"})]),
    ("services for one account", [when(StringEquals={"aws:SourceAccount": ME})]),
    ("services for one bucket", [when(ArnLike={"aws:SourceArn": "arn:aws:s3:::b"})]),
    ("roles of the account", [when(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/*"})]),
    ("one role", [when(StringEquals={"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/x"})]),
    ("an endpoint", [when(StringEquals={"aws:SourceVpce": "vpce-1"})]),
    ("some addresses", [when(IpAddress={"aws:SourceIp": "203.0.113.0/24"})]),
    ("one id", [when(StringLike={"aws:userid": "AROAX:*"})]),
    ("one user", [when(StringEquals={"aws:userid": "AIDAEXAMPLE"})]),
    ("one role, by the whole of its id", [when(StringLike={"aws:userid": "AROAEXAMPLEEXAMPLE12*"})]),
    ("resources of the account", [when(ArnLike={"aws:SourceArn": f"arn:aws:cloudtrail:*:{ME}:trail/*"})]),
    ("the same as text", [when(StringLike={"aws:SourceArn": f"arn:aws:sns:*:{ME}:*"})]),
    ("a network", [when(IpAddress={"aws:SourceIp": ["10.0.0.0/8", "2a01:4f8::/32"]})]),
    ("only services", [when(Bool={"aws:PrincipalIsAWSService": "true"})]),
    ("the account by variable", [when(StringEquals={"kms:CallerAccount": "${aws:ResourceAccount}"})]),
    (
        "a denial with a wildcard of all that is allowed with one",
        [allow(Action=["kms:De*", "kms:Encrypt"]), allow(Effect="Deny", Action=["kms:d*", "kms:E?crypt"])],
    ),
    (
        "a denial of all addresses",
        [allow(), allow(Effect="Deny", Condition={"IpAddressIfExists": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}})],
    ),
    ("a denial of any account", [allow(), allow(Effect="Deny", Condition={"StringLike": {"kms:CallerAccount": "*"}})]),
    (
        "one limit of two is enough",
        [when(StringEquals={"aws:PrincipalOrgID": "o-1"}, StringLike={"kms:CallerAccount": "*"})],
    ),
    (
        "a denial of all others",
        [allow(), allow(Effect="Deny", Condition={"StringNotEquals": {"kms:CallerAccount": ME}})],
    ),
    (
        "a denial of all outside the organization, services aside",
        [
            allow(Action="kms:Decrypt"),
            allow(
                Effect="Deny",
                Action=["kms:De*", "kms:En*"],
                Condition={
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            ),
        ],
    ),
    (
        "a denial of every other role",
        [allow(), allow(Effect="Deny", Condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ME}:*"}})],
    ),
    ("a denial of everyone", [allow(), allow(Effect="Deny", Principal="*", Action="*")]),
    ("a denial of all but an account", [allow(), allow(Effect="Deny", Principal=None, NotPrincipal={"AWS": ME})]),
]


@pytest.mark.parametrize("statements", [case[1] for case in OPEN], ids=[case[0] for case in OPEN])
def test_open_keys(statements: List[Dict[str, Any]]) -> None:
    sentence = opened(*statements)
    assert sentence is not None and sentence.startswith("statement Open allows kms:")


@pytest.mark.parametrize("statements", [case[1] for case in CLOSED], ids=[case[0] for case in CLOSED])
def test_closed_keys(statements: List[Dict[str, Any]]) -> None:
    assert opened(*statements) is None


STRANGERS = [
    Asked("kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/1", account, arn, (), {**own, **others})
    for account in ("123456789012", "010101010101")
    for kind in ("iam::{}:role/alice", "iam::{}:user/alice", "sts::{}:federated-user/alice")
    for arn in (f"arn:aws:{kind.format(account)}",)
    for own in (
        {
            "aws:principalarn": [arn],
            "aws:principalaccount": [account],
            "kms:calleraccount": [account],
            "aws:principalisawsservice": ["false"],
            "aws:userid": ["AIDAQQQQQQQQQQQQQQQQQ" if "user/" in arn else "AROAQQQQQQQQQQQQQQQQQ:alice"],
        },
    )
    for others in (
        {},
        {"aws:principalorgid": ["o-abc"], "aws:sourceip": ["9.8.7.6"], "aws:principaltag/org": ["o-abc"]},
        {"aws:principalorgid": ["o-1z"], "aws:sourceip": ["2600::1"], "aws:sourcevpce": ["vpce-0f"]},
    )
]
some = st.sampled_from
LIMITS: Dict[str, List[str]] = {
    "aws:PrincipalArn": ["*", f"arn:aws:iam::{ME}:*", "arn:aws:iam::*:role/alice", "arn:aws:*:federated-user/*"],
    "aws:PrincipalAccount": ["*", ME, "1*", "0*", "?1*"],
    "kms:CallerAccount": ["*", ME, "1*", "0*"],
    "aws:PrincipalOrgID": ["*", "o-1", "o-1*", "o-a*", "${aws:PrincipalTag/org, 'o-1'}", "${aws:PrincipalOrgID}"],
    "aws:userid": ["*", "AIDAX", "AIDA*", "*:alice", "AROAX:*", "AROAX:alice"],
    "aws:SourceVpce": ["vpce-1", "vpce-0*", "*"],
    "aws:PrincipalTag/org": ["o-abc", "o-a*"],
}
text_limits = some(sorted(LIMITS)).flatmap(
    lambda key: st.builds(
        lambda operator, values: {operator: {key: values}},
        some([f"String{kind}{end}" for kind in ("Equals", "Like", "NotEquals", "NotLike") for end in ("", "IfExists")]),
        st.lists(some(LIMITS[key]), min_size=1, max_size=2),
    )
)
networks = st.lists(some(["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0", "::/0", "2600::/12"]), min_size=1)
address_limits = st.builds(
    lambda operator, values: {operator: {"aws:SourceIp": values}},
    some(["IpAddress", "NotIpAddress", "IpAddressIfExists"]),
    networks,
)
limits = st.lists(text_limits | address_limits, max_size=2).map(
    lambda found: {k: v for one in found for k, v in one.items()}
)
key_actions = st.lists(some(["kms:*", "kms:De*", "kms:D?crypt", "kms:Decrypt", "kms:Encrypt", "kms:?"]), min_size=1)


@given(limits, key_actions, st.none() | limits, key_actions, some(["*", "*", "arn:aws:kms:eu-west-1:1:key/2"]))
@settings(derandomize=True, max_examples=tries(300))
def test_no_stranger_uses_a_closed_key(
    conditions: Dict[str, Any], actions: List[str], denied: Optional[Dict[str, Any]], others: List[str], key: str
) -> None:
    found = [allow(Action=actions, Condition=conditions)]
    if denied is not None:
        found.append(allow(Effect="Deny", Action=others, Condition=denied, Resource=key))
    if opened(*found):
        event("open")
        return
    document = {"Version": "2012-10-17", "Statement": found}
    for one in STRANGERS:
        assert not applies(found[0], one, True) or is_denied([document], one), one
    event("closed")


def test_what_opens_a_key_is_said() -> None:
    assert opened(allow(Principal={"AWS": ME}), allow(Sid=None, Action=["kms:Decrypt", "kms:Encrypt"])) == (
        "statement 2 allows kms:Decrypt, kms:Encrypt to every principal: no condition limits it to an "
        "account, an organization or a network"
    )
    assert str(opened(allow(Action=None, NotAction="kms:Delete*"))).startswith(
        "statement Open allows all but kms:Delete*"
    )


def readers(*statements: Dict[str, Any]) -> Tuple[str, ...]:
    return foreign_principals(json.dumps({"Statement": list(statements)}), ME)


def read(principal: Any, **elements: Any) -> Dict[str, Any]:
    return allow(**{"Principal": principal, "Action": "s3:GetObject", **elements})


@pytest.mark.parametrize(
    "statements, found",
    [
        ([], ()),
        ([read({"AWS": ME})], ()),
        ([read({"AWS": f"arn:aws:iam::{ME}:root"})], ()),
        ([read({"AWS": f"arn:aws:iam::{ME}:role/x"})], ()),
        ([read({"AWS": YOU})], (YOU,)),
        (
            [read({"AWS": [f"arn:aws:iam::{YOU}:role/x", f"arn:aws:iam::{YOU}:root", ME]})],
            (f"arn:aws:iam::{YOU}:role/x", f"arn:aws:iam::{YOU}:root"),
        ),
        ([read({"AWS": f"arn:aws:sts::{YOU}:assumed-role/x/y"})], (f"arn:aws:sts::{YOU}:assumed-role/x/y",)),
        (
            [read({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"})],
            ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",),
        ),
        ([read({"CanonicalUser": "79a5"})], ("79a5",)),
        ([read({"AWS": "AIDAEXAMPLE"})], ()),  # a principal that was deleted
        ([read({"Service": "cloudfront.amazonaws.com"})], ()),
        ([read("*")], ("*",)),
        ([read({"AWS": ["*", YOU]})], ("*",)),
        ([read(None, NotPrincipal={"AWS": ME})], ("*",)),
        ([read({"AWS": YOU}, Action=["s3:List*", "s3:Get*"])], (YOU,)),
        ([read({"AWS": YOU}, Action="s3:getobjectversion")], (YOU,)),
        ([read({"AWS": YOU}, Action=None, NotAction="s3:Delete*")], (YOU,)),
        ([read({"AWS": YOU}, Action="s3:PutObject")], ()),
        ([read({"AWS": YOU}, Action="s3:GetObjectAcl")], ()),
        ([read({"AWS": YOU}, Effect="Deny")], ()),
        ([read("*", Condition={"StringEquals": {"aws:PrincipalAccount": ME}})], ()),
        ([read("*", Condition={"StringEquals": {"aws:PrincipalAccount": [ME, YOU]}})], ("*",)),
        ([read("*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/*"}})], ()),
        ([read("*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}})], ("*",)),
        ([read("*", Condition={"StringNotEquals": {"aws:PrincipalAccount": ME}})], ("*",)),
        ([read("*", Condition={"StringEqualsIfExists": {"aws:PrincipalAccount": ME}})], ("*",)),
        ([read("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})], ("*",)),  # other accounts of it
    ],
)
def test_readers_from_outside(statements: List[Dict[str, Any]], found: Tuple[str, ...]) -> None:
    assert readers(*statements) == found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("*?${}:/aks3", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["AWS", "Bool", "k", "*"]), inner, max_size=2)
    ),
    max_leaves=4,
)
elements = ["Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "Condition", "Sid"]


@given(st.lists(st.dictionaries(st.sampled_from(elements), json_values, max_size=3), min_size=1, max_size=3))
@settings(derandomize=True, max_examples=tries(200))
def test_any_document_is_read_or_refused(changes: List[Dict[str, Any]]) -> None:
    for text in (json.dumps({"Statement": [{**allow(), **one} for one in changes]}), json.dumps(changes)):
        try:
            key_open_to_everyone(text)
            foreign_principals(text, ME)
            event("read")
        except PolicyError:
            event("refused")
