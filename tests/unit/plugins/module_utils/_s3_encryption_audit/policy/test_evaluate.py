# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One statement, one request: what the statement misses it by."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.actions import (
    BUCKET_ACTIONS,
    FUTURE_ACTIONS,
    OBJECT_ACTIONS,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import parse_policy
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.evaluate import Caller, Request, Rule

ROLE = "arn:aws:iam::111111111111:role/x"
SESSION = "arn:aws:sts::111111111111:assumed-role/x/night"
ANN = Caller("111111111111", "arn:aws:iam::111111111111:user/ann")
NIGHT = Caller("111111111111", ROLE, frozenset((("AWS", SESSION),)))
ANONYMOUS = Caller("anonymous")
LOGGING = Caller("", "", frozenset((("Service", "logging.s3.amazonaws.com"),)))


def rule(**elements: Any) -> Rule:
    base = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    statement = {name: value for name, value in {**base, **elements}.items() if value is not None}
    return Rule(parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement})).statements[0])


def request(caller: Caller = ANN, **keys: str) -> Request:
    named = {key.replace("_", ":"): (value,) for key, value in keys.items()}
    return Request("s3:GetObject", "arn:aws:s3:::b/ann/x", caller, named)


@pytest.mark.parametrize(
    "elements, misses",
    [
        ({}, None),
        ({"Principal": {"AWS": "222222222222"}}, "Principal"),
        ({"Principal": None, "NotPrincipal": {"AWS": "111111111111"}}, "NotPrincipal"),
        ({"Action": "s3:getobject"}, None),
        ({"Action": "s3:PutObject"}, "Action"),
        ({"Action": None, "NotAction": "S3:GET*"}, "NotAction"),
        ({"Resource": "arn:aws:s3:::b"}, "Resource"),
        ({"Resource": None, "NotResource": "arn:aws:s3:::b/*"}, "NotResource"),
        ({"Condition": {"StringEquals": {"aws:SourceVpce": "v"}}}, "StringEquals aws:sourcevpce"),
        ({"Condition": {"StringMatches": {"aws:SourceVpce": "v"}}}, None),  # not understood: it may hold
        ({"Principal": {"AWS": "arn:aws:iam::*:root"}}, None),
    ],
)
def test_which_element_misses(elements: Dict[str, Any], misses: Optional[str]) -> None:
    assert rule(**elements).misses(request()) == misses


@pytest.mark.parametrize(
    "name, caller, called",
    [
        ({"AWS": "*"}, ANONYMOUS, True),
        ({"AWS": "*"}, LOGGING, True),
        ({"AWS": "111111111111"}, ANONYMOUS, False),
        ({"AWS": "111111111111"}, NIGHT, True),
        ({"AWS": "arn:aws:iam::111111111111:root"}, ANN, True),  # the root stands for its account
        ({"AWS": ROLE}, ANN, False),
        ({"AWS": ROLE}, NIGHT, True),
        ({"AWS": SESSION}, NIGHT, True),
        ({"AWS": SESSION}, Caller("111111111111", ROLE), False),
        ({"Service": "logging.s3.amazonaws.com"}, LOGGING, True),
        ({"Service": "cloudtrail.amazonaws.com"}, LOGGING, False),
    ],
)
def test_principals(name: Dict[str, str], caller: Caller, called: bool) -> None:
    assert rule(Principal=name).calls(caller) is called
    assert rule(Principal=None, NotPrincipal=name).calls(caller) is not called


@pytest.mark.parametrize(
    "unset, word",
    [
        ({"Resource": "arn:aws:s3:::b/${aws:username}/*"}, "Resource"),
        ({"Resource": None, "NotResource": "arn:aws:s3:::b/${aws:username}/*"}, "NotResource"),
    ],
)
def test_a_variable_without_a_value(unset: Dict[str, Any], word: str) -> None:
    """It matches nothing, and under ``NotResource`` it makes the statement void instead of all-embracing."""
    assert rule(**unset).misses(request()) == word


def test_a_variable_with_a_value() -> None:
    assert rule(Resource="arn:aws:s3:::b/${aws:username}/*").misses(request(aws_username="ann")) is None
    assert rule(Resource="arn:aws:s3:::b/${aws:username}/*").misses(request(aws_username="bob")) == "Resource"
    mine = rule(Condition={"StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}})
    assert mine.misses(request(aws_resourceaccount="111111111111")) == "StringNotEquals aws:principalaccount"
    assert mine.misses(request(aws_resourceaccount="222222222222")) is None
    assert mine.misses(request()) == "StringNotEquals aws:principalaccount"


@pytest.mark.parametrize(
    "caller, key, values",
    [
        (ANN, "aws:PrincipalArn", (ANN.arn,)),
        (ANONYMOUS, "aws:PrincipalArn", None),
        (ANONYMOUS, "aws:PrincipalAccount", ("anonymous",)),
        (ANONYMOUS, "aws:PrincipalIsAWSService", None),  # only signed requests have it
        (ANN, "aws:PrincipalIsAWSService", ("false",)),
        (LOGGING, "aws:PrincipalIsAWSService", ("true",)),
        (LOGGING, "aws:PrincipalServiceName", ("logging.s3.amazonaws.com",)),
        (ANN, "aws:PrincipalServiceName", None),
    ],
)
def test_keys_of_a_caller(caller: Caller, key: str, values: Any) -> None:
    assert request(caller).values(key.lower()) == values


def test_callers_have_a_title() -> None:
    assert [caller.title for caller in (ANN, NIGHT, ANONYMOUS, LOGGING)] == [
        ANN.arn,
        f"{ROLE} as {SESSION}",
        "an anonymous caller",
        "the AWS service logging.s3.amazonaws.com",
    ]


def test_the_table_of_actions() -> None:
    assert not set(BUCKET_ACTIONS) & set(OBJECT_ACTIONS)
    names = [*BUCKET_ACTIONS, *OBJECT_ACTIONS, *FUTURE_ACTIONS]
    assert len(names) == len({name.lower() for name in names}) == 61 + 44 + 26
    assert all(name.startswith("s3:") and name[3:].isalpha() for name in names)
    assert {"s3:ListBucket", "s3:GetBucketPolicy"} < set(BUCKET_ACTIONS)
    assert {"s3:GetObject", "s3:AbortMultipartUpload"} < set(OBJECT_ACTIONS)
