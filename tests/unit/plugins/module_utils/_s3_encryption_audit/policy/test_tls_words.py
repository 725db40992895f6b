# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a TLS judgement says: exemptions, enumerations, messages and evidence."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.writing import (
    ALL_INITIALS,
    ROLE,
    VERBS,
    B,
    deny,
    judged,
    when,
)


@pytest.mark.parametrize(
    "statements, carve_outs",
    [
        ([deny()], ()),
        ([when(BoolIfExists={"aws:PrincipalIsAWSService": False})], ("aws:PrincipalIsAWSService",)),
        ([when(Bool={"aws:ViaAWSService": "false"})], ("aws:ViaAWSService",)),
        (
            [when(BoolIfExists={"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"})],
            ("aws:PrincipalIsAWSService", "aws:ViaAWSService"),
        ),
        ([when(StringNotEquals={"aws:PrincipalServiceName": "a.amazonaws.com"})], ("a.amazonaws.com",)),
        ([deny(Principal=None, NotPrincipal={"Service": "a.amazonaws.com"})], ("a.amazonaws.com",)),
        ([when(StringNotEquals={"aws:SourceAccount": "111111111111"})], ("aws:PrincipalIsAWSService",)),
        ([when(**{"ForAllValues:StringNotEquals": {"aws:CalledVia": "athena.amazonaws.com"}})], ("aws:ViaAWSService",)),
        # An exemption that another statement takes back is none.
        ([when(Bool={"aws:ViaAWSService": "false"}), when(Bool={"aws:ViaAWSService": "true"})], ()),
    ],
)
def test_exempt_services_are_named(statements: List[Dict[str, Any]], carve_outs: Tuple[str, ...]) -> None:
    found = judged(*statements)
    assert found.denies_http is True
    assert found.carve_outs == carve_outs
    assert all(name in found.message for name in carve_outs)
    assert found.evidence.get("carve_outs", []) == list(carve_outs)


@pytest.mark.parametrize(
    "statements, by_enumeration",
    [
        ([deny()], False),
        ([deny(Action=ALL_INITIALS)], False),  # whatever a new action is called, it begins with a letter
        ([deny(Action=None, NotAction="iam:*")], False),
        ([deny(Action="s3:Get*"), deny(Action=None, NotAction="s3:Get*")], False),
        ([deny(Action=[f"s3:{verb}*" for verb in VERBS.split()])], True),
    ],
)
def test_a_list_of_actions_is_said_to_be_one(statements: List[Dict[str, Any]], by_enumeration: bool) -> None:
    found = judged(*statements)
    assert (found.denies_http, found.by_enumeration) == (True, by_enumeration)
    assert ("S3 adds later" in found.message) is by_enumeration


@pytest.mark.parametrize(
    "statements, message",
    [
        ([], "no request over HTTP is denied"),
        (
            [deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})],
            "no request over HTTP is denied (statement DenyHTTP misses it by NumericLessThan s3:tlsversion)",
        ),
        (
            [deny(Sid=None, Resource=f"{B}/*")],
            "s3:ListBucket on arn:aws:s3:::b over HTTP by any principal is not denied "
            "(statement 1 misses it by Resource)",
        ),
        (
            [deny(Action=None, NotAction="s3:PutObject")],
            "s3:PutObject on arn:aws:s3:::b/x over HTTP by any principal is not denied "
            "(statement DenyHTTP misses it by NotAction)",
        ),
        (
            [deny(Resource=None, NotResource=f"{B}/logs/*.gz")],
            "s3:GetObject on arn:aws:s3:::b/logs/.gz over HTTP by any principal is not denied "
            "(statement DenyHTTP misses it by NotResource)",
        ),
        (
            [deny(Principal=None, NotPrincipal={"AWS": ROLE})],
            f"s3:GetObject on arn:aws:s3:::b/x over HTTP by {ROLE} is not denied "
            "(statement DenyHTTP misses it by NotPrincipal)",
        ),
        (
            [when(Bool={"aws:PrincipalIsAWSService": "false"})],
            "s3:GetObject on arn:aws:s3:::b/x over HTTP by an anonymous caller is not denied "
            "(statement DenyHTTP misses it by Bool aws:principalisawsservice)",
        ),
        (
            [when(StringNotEqualsIfExists={"aws:SourceVpce": "vpce-1"})],
            "s3:GetObject on arn:aws:s3:::b/x over HTTP by any principal with aws:sourcevpce vpce-1 is not denied "
            "(statement DenyHTTP misses it by StringNotEqualsIfExists aws:sourcevpce)",
        ),
        (
            [when(StringEquals={f"aws:PrincipalTag/{name}": "x" for name in "abcd"})],
            "s3:GetObject on arn:aws:s3:::b/x over HTTP by any principal without aws:principaltag/a is not denied "
            "(statement DenyHTTP misses it by StringEquals aws:principaltag/a)",
        ),
    ],
)
def test_the_message_names_a_request_that_is_let_in(statements: List[Dict[str, Any]], message: str) -> None:
    assert judged(*statements).message == message


@pytest.mark.parametrize(
    "statements, names",
    [
        ([deny(Sid="Delete", Action="s3:DeleteBucket", Condition=None), deny()], ("DenyHTTP",)),
        ([deny(Sid=None), deny(Effect="Allow"), deny(Sid="Twice")], ("statement 1",)),
        ([deny(Sid="A", Action="s3:Get*"), deny(Sid="B", Action=None, NotAction="s3:Get*")], ("A", "B")),
        # Nothing may read, over whatever transport: the statement about transport need not say it again.
        (
            [deny(Sid="A", Action="s3:Get*", Condition=None), deny(Sid="B", Action=None, NotAction="s3:Get*")],
            ("A", "B"),
        ),
        (
            [deny(Sid="A", Resource=B), deny(Sid="B", Resource=f"{B}/*"), deny(Sid="C", Resource="*", Action="s3:x")],
            "ABC",
        ),
    ],
)
def test_the_statements_that_deny_are_named(statements: List[Dict[str, Any]], names: Tuple[str, ...]) -> None:
    found = judged(*statements)
    assert found.statements == tuple(names)
    assert all(name in found.message for name in names)


def test_evidence_is_json() -> None:
    found = judged(deny(Sid=None, Resource=f"{B}/*"), when(StringEquals={"aws:SourceVpce": "v"}), min_tls="1.2")
    assert json.loads(json.dumps(found.evidence)) == {
        "counter_example": {
            "action": "s3:ListBucket",
            "resource": B,
            "transport": "HTTP",
            "principal": "any principal",
            "keys": {"aws:sourcevpce": None},
        },
        "near_misses": [
            {"statement": "statement 1", "misses_by": "Resource"},
            {"statement": "DenyHTTP", "misses_by": "StringEquals aws:sourcevpce"},
        ],
    }
    assert judged(deny()).evidence == {"denied_by": ["DenyHTTP"]}
    assert (
        "StringMatches aws:sourcevpce with vpce-1"
        in judged(when(StringMatches={"aws:SourceVpce": "vpce-1"})).evidence["undecided"]
    )
