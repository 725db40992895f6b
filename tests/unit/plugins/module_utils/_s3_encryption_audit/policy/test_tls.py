# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS judgements by hand: one policy a line, what it comes to, and why where that is odd."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import PolicyError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import judge_tls
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.writing import (
    ALL_INITIALS,
    FALSE,
    ROLE,
    B,
    deny,
    judged,
    policy,
    when,
)

ME = "111111111111"
SESSION = f"arn:aws:sts::{ME}:assumed-role/admin/night"

# The 13 policies on which Prowler errs or crashes 10 times and Cloud Custodian 6.
PEERS: List[Tuple[str, str, bool]] = [
    ("canonical", policy(deny()), True),
    ("Principal as an object", policy(deny(Principal={"AWS": "*"})), True),
    ("value as a list", policy(deny(Condition={"Bool": {"aws:SecureTransport": ["false"]}})), True),
    ("value as a JSON boolean", policy(deny(Condition={"Bool": {"aws:SecureTransport": False}})), True),
    ("key in another letter case", policy(deny(Condition={"Bool": {"AWS:securetransport": "false"}})), True),
    ("BoolIfExists", policy(deny(Condition={"BoolIfExists": FALSE})), True),
    ("NotAction of another service", policy(deny(Action=None, NotAction="iam:*")), True),
    # Over HTTP there is no TLS version, and a key that is absent makes NumericLessThan false.
    ("only s3:TlsVersion", policy(deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})), False),
    ("only PutObject", policy(deny(Action="s3:PutObject")), False),
    ("only one principal", policy(deny(Principal={"AWS": ROLE})), False),
    ("only one prefix", policy(deny(Resource=f"{B}/logs/*")), False),
    ("only from some addresses", policy(when(IpAddress={"aws:SourceIp": "10.0.0.0/8"})), False),
    ("Statement as an object", json.dumps({"Version": "2012-10-17", "Statement": deny()}), True),
]


@pytest.mark.parametrize("text, denied", [case[1:] for case in PEERS], ids=[case[0] for case in PEERS])
def test_what_the_peers_get_wrong(text: str, denied: bool) -> None:
    assert judge_tls(text, "b", "aws").denies_http is denied


CASES: List[Tuple[str, List[Dict[str, Any]], Optional[bool]]] = [
    # --- principals
    ("list of one star", [deny(Principal={"AWS": ["*"]})], True),
    ("a star among others", [deny(Principal={"AWS": [ROLE, "*"]})], True),
    ("an account is not everyone", [deny(Principal={"AWS": "111111111111"})], False),
    ("nor is its root", [deny(Principal={"AWS": "arn:aws:iam::111111111111:root"})], False),
    ("all AWS services are not everyone", [deny(Principal={"Service": "s3.amazonaws.com"})], False),
    ("NotPrincipal exempts a role", [deny(Principal=None, NotPrincipal={"AWS": ROLE})], False),
    ("NotPrincipal of everyone denies no one", [deny(Principal=None, NotPrincipal={"AWS": "*"})], False),
    (
        "NotPrincipal of a service exempts no principal",
        [deny(Principal=None, NotPrincipal={"Service": "x.amazonaws.com"})],
        True,
    ),
    ("NotPrincipal of nobody exempts no one", [deny(Principal=None, NotPrincipal={"AWS": []})], True),
    (
        "whom one exempts the other names",
        [deny(Principal=None, NotPrincipal={"AWS": ROLE}), deny(Principal={"AWS": ROLE})],
        True,
    ),
    (
        "the account contains the role",
        [deny(Principal=None, NotPrincipal={"AWS": ROLE}), deny(Principal={"AWS": "111111111111"})],
        True,
    ),
    (
        "the role does not contain the account: others in it are exempt",
        [deny(Principal=None, NotPrincipal={"AWS": "111111111111"}), deny(Principal={"AWS": ROLE})],
        False,
    ),
    (
        "one session is not the role",
        [
            deny(Principal=None, NotPrincipal={"AWS": ROLE}),
            deny(Principal={"AWS": "arn:aws:sts::111111111111:assumed-role/admin/night"}),
        ],
        False,
    ),
    (
        "an exempt account, denied by the condition key",
        [
            deny(Principal=None, NotPrincipal={"AWS": "111111111111"}),
            when(StringEquals={"aws:PrincipalAccount": "111111111111"}),
        ],
        True,
    ),
    ("a canonical user is exempt", [deny(Principal=None, NotPrincipal={"CanonicalUser": "79a5"})], False),
    (
        "a CloudFront identity is a principal",
        [deny(Principal=None, NotPrincipal={"AWS": "arn:aws:iam::cloudfront:user/E1"})],
        False,
    ),
    # --- principals that are more than one thing
    (
        "a role that is called as an example might be",
        [deny(Principal=None, NotPrincipal={"AWS": ME}), deny(Principal={"AWS": f"arn:aws:iam::{ME}:role/any"})],
        False,
    ),
    (
        "the same by condition",
        [
            when(StringNotEquals={"aws:PrincipalAccount": ME}),
            when(ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/any"}),
        ],
        False,
    ),
    (
        "a session of the role, under whatever path",
        [
            deny(Principal=None, NotPrincipal={"AWS": SESSION}),
            when(ArnEquals={"aws:PrincipalArn": [ROLE, f"arn:aws:iam::{ME}:role/any/admin"]}),
        ],
        False,
    ),
    (
        "or under this one",
        [
            deny(Principal=None, NotPrincipal={"AWS": SESSION}),
            when(ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::*:role/app/*"}),
        ],
        False,
    ),
    (
        "whatever its path",
        [
            deny(Principal=None, NotPrincipal={"AWS": SESSION}),
            when(ArnLike={"aws:PrincipalArn": [ROLE, f"arn:aws:iam::{ME}:role/*/admin"]}),
        ],
        True,
    ),
    *(
        (f"{name}, of whatever account", [deny(Principal=None, NotPrincipal=name), other], False)
        for name in (
            {"CanonicalUser": "79a5"},
            {"Federated": "accounts.google.com"},
            {"Federated": f"arn:aws:iam::{ME}:saml-provider/x"},
            {"AWS": "AIDAEXAMPLE"},
            {"AWS": "AROAEXAMPLE"},
        )
        for other in (
            when(StringNotEquals={"aws:PrincipalAccount": ME}),
            deny(Principal=None, NotPrincipal={"AWS": ME}),
            when(ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{ME}:*"}),
        )
    ),
    (
        "a session that a provider vouches for",
        [
            deny(Principal=None, NotPrincipal={"AWS": SESSION}),
            deny(Principal=None, NotPrincipal={"Federated": "accounts.google.com"}),
        ],
        False,
    ),
    (
        "no session has two names",
        [
            deny(Principal=None, NotPrincipal={"AWS": SESSION}),
            deny(Principal=None, NotPrincipal={"AWS": SESSION.replace("night", "day")}),
        ],
        True,
    ),
    (
        "a user is no role",
        [deny(Principal=None, NotPrincipal={"AWS": "AIDAEXAMPLE"}), deny(Principal=None, NotPrincipal={"AWS": ROLE})],
        True,
    ),
    ("a provider that is an ARN", [deny(Principal=None, NotPrincipal={"Federated": f"{ROLE}/x"})], False),
    ("every canonical user, which AWS refuses", [deny(Principal=None, NotPrincipal={"CanonicalUser": "*"})], None),
    ("everyone and then some", [deny(Principal={"AWS": "*", "Service": "*"})], True),
    # --- actions
    ("any service", [deny(Action="*")], True),
    ("letter case of actions", [deny(Action="S3:*")], True),
    ("a list with everything in it", [deny(Action=["s3:GetObject", "s3:*"])], True),
    ("star in the middle", [deny(Action="s*:*")], True),
    ("question mark", [deny(Action="s?:*")], True),
    ("objects only", [deny(Action="s3:*Object*")], False),
    ("no action", [deny(Action=[])], False),
    ("NotAction of one S3 action leaves it out", [deny(Action=None, NotAction="s3:GetObject")], False),
    ("NotAction of everything denies nothing", [deny(Action=None, NotAction="*")], False),
    ("NotAction of nothing denies everything", [deny(Action=None, NotAction=[])], True),
    ("reads here, the rest there", [deny(Action="s3:Get*"), deny(Action=None, NotAction="s3:Get*")], True),
    ("get and put are not all", [deny(Action=["s3:Get*", "s3:Put*", "s3:List*", "s3:Delete*"])], False),
    ("every initial letter", [deny(Action=ALL_INITIALS)], True),
    ("every initial letter, one by one", [deny(Action=action) for action in ALL_INITIALS], True),
    ("another service with a longer name", [deny(Action="s3express:*")], False),
    # --- resources
    ("everything", [deny(Resource="*")], True),
    ("every bucket", [deny(Resource="arn:aws:s3:::*")], True),
    ("b and all that begins with it", [deny(Resource=f"{B}*")], True),
    ("objects only: the bucket can be listed", [deny(Resource=f"{B}/*")], False),
    ("the bucket only", [deny(Resource=B)], False),
    ("bucket and objects apart", [deny(Resource=B), deny(Resource=f"{B}/*")], True),
    ("another bucket", [deny(Resource=["arn:aws:s3:::c", "arn:aws:s3:::c/*"])], False),
    ("another letter case is another bucket", [deny(Resource=["arn:aws:s3:::B", "arn:aws:s3:::B/*"])], False),
    ("another partition", [deny(Resource=["arn:aws-cn:s3:::b", "arn:aws-cn:s3:::b/*"])], False),
    ("any partition", [deny(Resource=["arn:*:s3:::b", "arn:*:s3:::b/*"])], True),
    ("one character or more", [deny(Resource=[B, f"{B}/?*"])], True),  # no key is empty
    ("one character", [deny(Resource=[B, f"{B}/?"])], False),
    ("keys with a slash", [deny(Resource=[B, f"{B}/*/*"])], False),
    (
        "keys with and without an x",
        [deny(Resource=[B, f"{B}/*x*"]), deny(Resource=None, NotResource=[f"{B}/*x*"])],
        True,
    ),
    ("NotResource of another bucket", [deny(Resource=None, NotResource="arn:aws:s3:::c/*")], True),
    ("NotResource of everything denies nothing", [deny(Resource=None, NotResource="*")], False),
    ("NotResource leaves a prefix out", [deny(Resource=None, NotResource=f"{B}/public/*")], False),
    ("which another statement covers", [deny(Resource=None, NotResource=f"{B}/p/*"), deny(Resource=f"{B}/p*")], True),
    ("NotResource of a key longer than any", [deny(Resource=None, NotResource=f"{B}/{'k' * 1025}")], True),
    ("NotResource of the longest key", [deny(Resource=None, NotResource=f"{B}/{'k' * 1024}")], False),
    ("a policy variable has no value for everyone", [deny(Resource=[B, f"{B}/${{aws:username}}/*"])], False),
    ("nor has it under NotResource", [deny(Resource=None, NotResource=f"{B}/${{aws:username}}/*")], False),
    ("an escaped star is a character", [deny(Resource=[B, f"{B}/${{*}}"])], False),
    # --- the transport, in other words
    ("StringEquals", [deny(Condition={"StringEquals": FALSE})], True),
    ("StringEquals knows letter case", [deny(Condition={"StringEquals": {"aws:SecureTransport": "False"}})], False),
    (
        "StringEqualsIgnoreCase does not",
        [deny(Condition={"StringEqualsIgnoreCase": {"aws:SecureTransport": "False"}})],
        True,
    ),
    ("StringLike", [deny(Condition={"StringLike": {"aws:SecureTransport": "f*"}})], True),
    ("StringNotEquals true", [deny(Condition={"StringNotEquals": {"aws:SecureTransport": "true"}})], True),
    ("StringNotEquals false denies HTTPS", [deny(Condition={"StringNotEquals": FALSE})], False),
    ("the wrong way round", [deny(Condition={"Bool": {"aws:SecureTransport": "true"}})], False),
    (
        "true and false: one of the values fits",
        [deny(Condition={"Bool": {"aws:SecureTransport": ["true", "false"]}})],
        True,
    ),
    ("no value fits nothing", [deny(Condition={"Bool": {"aws:SecureTransport": []}})], False),
    ("no condition denies everything", [deny(Condition=None)], True),
    ("an empty condition likewise", [deny(Condition={})], True),
    ("the key is never absent", [deny(Condition={"Null": {"aws:SecureTransport": "true"}})], False),
    ("and always present", [deny(Condition={"Null": {"aws:SecureTransport": False}})], True),
    ("ForAnyValue of one value", [deny(Condition={"ForAnyValue:Bool": FALSE})], True),
    ("ForAllValues of one value", [deny(Condition={"ForAllValues:Bool": FALSE})], True),
    (
        "both operators must hold",
        [deny(Condition={"Bool": FALSE, "StringEquals": {"aws:SecureTransport": "true"}})],
        False,
    ),
    ("s3:TlsVersion is absent over HTTP", [deny(Condition={"Null": {"s3:TlsVersion": "true"}})], True),
    ("IfExists is true of what is absent", [deny(Condition={"NumericLessThanIfExists": {"s3:TlsVersion": 1.2}})], True),
    ("so is a negated operator", [deny(Condition={"NumericNotEquals": {"s3:TlsVersion": "1.3"}})], True),
    ("both conditions at once never hold", [when(NumericLessThan={"s3:TlsVersion": "1.2"})], False),
    # --- further conditions
    ("an endpoint", [when(StringEquals={"aws:SourceVpce": "vpce-1"})], False),
    ("all but an endpoint", [when(StringNotEquals={"aws:SourceVpce": "vpce-1"})], False),
    (
        "the two together",
        [when(StringEquals={"aws:SourceVpce": "vpce-1"}), when(StringNotEquals={"aws:SourceVpce": "vpce-1"})],
        True,
    ),
    (
        "a gap between two endpoints",
        [
            when(StringEquals={"aws:SourceVpce": "vpce-1"}),
            when(StringNotEquals={"aws:SourceVpce": ["vpce-1", "vpce-2"]}),
        ],
        False,
    ),
    ("IfExists does not help against a value", [when(StringEqualsIfExists={"aws:SourceVpce": "vpce-1"})], False),
    ("an organization", [when(StringNotEqualsIfExists={"aws:PrincipalOrgID": "o-1"})], False),
    ("a role exempt by pattern", [when(ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::*:role/admin-*"})], False),
    ("a pattern that no principal has", [when(ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::12:role/*"})], True),
    ("an account number has twelve digits", [when(StringNotLike={"aws:PrincipalAccount": "11*x"})], True),
    ("an account pattern", [when(StringNotLike={"aws:PrincipalAccount": "12*"})], False),
    (
        "an account pattern and its complement",
        [when(StringLike={"aws:PrincipalAccount": "12*"}), when(StringNotLike={"aws:PrincipalAccount": "12*"})],
        True,
    ),
    (
        "an account that two patterns exempt together",
        [when(StringNotLike={"aws:PrincipalAccount": "12*"}), when(StringNotLike={"aws:PrincipalAccount": "*9"})],
        False,
    ),
    (
        "between one and two",
        [when(NumericLessThanEquals={"s3:max-keys": 1}), when(NumericGreaterThanEqualsIfExists={"s3:max-keys": 2})],
        False,
    ),
    ("aws:ResourceAccount is always there", [when(Null={"aws:ResourceAccount": "false"})], True),
    ("another key may be absent", [when(Null={"aws:SourceVpc": "false"})], False),
    ("absent here, present there", [when(Null={"aws:SourceVpc": "false"}), when(Null={"aws:SourceVpc": "true"})], True),
    (
        "ForAllValues is true of an absent key, but not of all",
        [when(**{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}})],
        False,
    ),
    (
        "all of the tags or any other tag",
        [
            when(**{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
            when(**{"ForAnyValue:StringNotEquals": {"aws:TagKeys": "a"}}),
        ],
        True,
    ),
    (
        "tags a and b at once are neither all a nor all b",
        [
            when(**{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
            when(**{"ForAllValues:StringNotEquals": {"aws:TagKeys": "a"}}),
        ],
        False,
    ),
    (
        "two halves of the addresses, and those without",
        [
            when(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "::/1"]}),
            when(IpAddressIfExists={"aws:SourceIp": ["128.0.0.0/1", "8000::/1"]}),
        ],
        True,
    ),
    ("half of them", [when(IpAddressIfExists={"aws:SourceIp": ["0.0.0.0/1", "::/0"]})], False),
    (
        "below ten, from ten on, and without",
        [when(NumericLessThan={"s3:max-keys": "10"}), when(NumericGreaterThanEqualsIfExists={"s3:max-keys": 10})],
        True,
    ),
    (
        "ten itself is missing",
        [when(NumericLessThan={"s3:max-keys": "10"}), when(NumericGreaterThanIfExists={"s3:max-keys": 10})],
        False,
    ),
    ("until a day", [when(DateLessThan={"aws:CurrentTime": "2030-01-01T00:00:00Z"})], False),
    (
        "until a day and from it on",
        [
            when(DateLessThan={"aws:CurrentTime": "2030-01-01T00:00:00Z"}),
            when(DateGreaterThanEquals={"aws:CurrentTime": "2030-01-01"}),
        ],
        True,
    ),
    ("not of my account", [when(StringNotEquals={"aws:PrincipalAccount": "${aws:ResourceAccount}"})], False),
    (
        "with MFA, and with or without it otherwise",
        [
            when(Bool={"aws:MultiFactorAuthPresent": "true"}),
            when(BoolIfExists={"aws:MultiFactorAuthPresent": "false"}),
        ],
        True,
    ),
    ("with MFA or without the key", [when(BoolIfExists={"aws:MultiFactorAuthPresent": "true"})], False),
    # --- services: exempt, which is said, and no failure
    ("services calling as themselves", [when(BoolIfExists={"aws:PrincipalIsAWSService": "false"})], True),
    # Only signed requests have the key: an anonymous one is let through.
    ("the same without IfExists", [when(Bool={"aws:PrincipalIsAWSService": "false"})], False),
    (
        "with the anonymous denied apart",
        [when(Bool={"aws:PrincipalIsAWSService": "false"}), when(Null={"aws:PrincipalArn": "true"})],
        True,
    ),
    ("services calling for someone", [when(Bool={"aws:ViaAWSService": "false"})], True),
    ("a service by name", [when(StringNotEquals={"aws:PrincipalServiceName": "logging.s3.amazonaws.com"})], True),
    ("only services", [when(Bool={"aws:PrincipalIsAWSService": "true"})], False),
    ("on behalf of another account", [when(StringNotEquals={"aws:SourceAccount": "111111111111"})], True),
    ("on behalf of an account", [when(StringEquals={"aws:SourceAccount": "111111111111"})], False),
    # --- what cannot be known
    ("an operator that AWS does not have today", [when(StringMatches={"aws:SourceVpce": "vpce-1"})], None),
    (
        "but one more condition never covers more",
        [deny(Resource=B), when(StringMatches={"a:b": "c"}, Bool={"aws:ViaAWSService": "true"})],
        False,
    ),
    (
        "and beside a whole statement it does not matter",
        [when(StringMatches={"aws:SourceVpce": "vpce-1"}), deny()],
        True,
    ),
    *(
        (f"{operator} {key}: what AWS makes of it is not known", [deny(Condition={operator: {key: value}})], None)
        for operator, value in (
            ("NumericNotEquals", "1"),
            ("DateNotEquals", "2020-01-01"),
            ("NotIpAddress", "10.0.0.0/8"),
            ("BinaryEquals", "false"),
        )
        for key in ("aws:SecureTransport", "aws:ViaAWSService", "aws:PrincipalAccount", "aws:PrincipalArn")
    ),
    ("a version is no address", [deny(Condition={"NotIpAddress": {"s3:TlsVersion": "10.0.0.0/8"}})], None),
    ("a number that is none", [when(NumericLessThan={"s3:max-keys": "many"})], None),
    (
        "text and number on one key",
        [when(StringNotEquals={"s3:max-keys": "5"}), when(NumericEquals={"s3:max-keys": 5})],
        None,
    ),
    ("wildcards in a principal, which AWS refuses", [deny(Principal={"AWS": "arn:aws:iam::*:root"})], None),
    # --- effects
    (
        "Allow over HTTPS only denies nothing",
        [deny(Effect="Allow", Condition={"Bool": {"aws:SecureTransport": "true"}})],
        False,
    ),
    ("an Allow beside it changes nothing", [deny(), deny(Effect="Allow", Condition=None)], True),
]


@pytest.mark.parametrize("statements, denied", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_plain_http(statements: List[Dict[str, Any]], denied: Optional[bool]) -> None:
    found = judged(*statements)
    assert found.denies_http is denied, found.message
    assert bool(found.undecided) is (denied is None)
    assert (found.counter_example is not None) is (denied is False)


@pytest.mark.parametrize(
    "statements, min_tls, denied",
    [
        ([deny(), deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})], "1.2", True),
        ([deny(), deny(Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}})], "1.3", False),  # 1.2 is let in
        ([deny(), deny(Condition={"NumericLessThan": {"s3:TlsVersion": 1.3}})], "1.2", True),  # stricter than asked
        ([deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})], "1.2", False),  # plain HTTP is older still
        ([deny(Condition={"NumericLessThanIfExists": {"s3:TlsVersion": ["1.2"]}})], "1.2", True),  # both in one
        ([deny()], "1.2", False),
        ([deny()], "1.0", True),  # nothing is below 1.0 but plain HTTP
        ([deny(), deny(Condition={"NumericLessThanEquals": {"s3:TlsVersion": "1.1"}})], "1.2", True),
        ([deny(), deny(Condition={"NumericNotEquals": {"s3:TlsVersion": ["1.2", "1.3"]}})], "1.2", True),
        ([deny(), deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}, Resource=f"{B}/*")], "1.2", False),
        (
            [
                deny(),
                deny(Condition={"Bool": {"aws:SecureTransport": "true"}, "NumericLessThan": {"S3:TLSVERSION": "1.2"}}),
            ],
            "1.2",
            True,
        ),
        ([deny(Condition=None)], "1.3", True),
    ],
)
def test_old_tls(statements: List[Dict[str, Any]], min_tls: str, denied: bool) -> None:
    found = judged(*statements, min_tls=min_tls)
    assert found.denies_old_tls is denied, found.message


def test_old_tls_is_only_judged_when_asked() -> None:
    assert judged(deny()).denies_old_tls is None


@pytest.mark.parametrize("min_tls", ["1.4", "TLSv1.2", ""])
def test_an_unknown_tls_version_is_refused(min_tls: str) -> None:
    with pytest.raises(ValueError, match=r"min_tls is .*; it must be one of 1\.0, 1\.1, 1\.2, 1\.3"):
        judged(deny(), min_tls=min_tls)


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"])
def test_every_partition(partition: str) -> None:
    arn = f"arn:{partition}:s3:::b"
    assert judge_tls(policy(deny(Resource=[arn, f"{arn}/*"])), "b", partition).denies_http is True
    assert judge_tls(policy(deny(Resource=[arn, f"{arn}/*"])), "b", "aws-other").denies_http is False
    exempt = deny(Resource="*", Principal=None, NotPrincipal={"AWS": f"arn:{partition}:iam::111111111111:user/ann"})
    assert judge_tls(policy(exempt), "b", partition).denies_http is False


@pytest.mark.parametrize("version, denied", [("2012-10-17", False), ("2008-10-17", True), (None, True)])
def test_variables_are_plain_text_before_2012(version: Optional[str], denied: bool) -> None:
    text = policy(
        deny(Resource=None, NotResource=f"{B}/${{aws:username, 'x'}}/*"), deny(Resource=f"{B}/${{aws*"), version=version
    )
    assert judge_tls(text, "b", "aws").denies_http is denied


def test_no_policy() -> None:
    found = judge_tls(None, "b", "aws")
    assert (found.denies_http, found.message) == (False, "no request over HTTP is denied")


def test_organization_policies_count() -> None:
    control = policy(deny(Resource="*", Action=["s3:*", "sqs:*"], Condition={"BoolIfExists": FALSE}))
    assert judge_tls(None, "b", "aws", organization_policies=[control]).denies_http is True
    objects, listing = policy(deny(Resource=f"{B}/*")), policy(deny(Resource="arn:aws:s3:::*", Action="s3:*Bucket*"))
    assert judge_tls(objects, "b", "aws", organization_policies=[listing]).denies_http is False
    assert judge_tls(objects, "b", "aws", organization_policies=[listing, policy(deny(Resource=B))]).denies_http is True


def test_a_bad_policy_is_named() -> None:
    with pytest.raises(PolicyError, match=r"^the policy is not JSON"):
        judge_tls("{", "b", "aws")
    with pytest.raises(PolicyError, match=r"^organization policy 2: statement 1 .*Effect is"):
        judge_tls(None, "b", "aws", organization_policies=[policy(deny()), policy(deny(Effect="deny"))])
