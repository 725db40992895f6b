# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterable, List, Set

import pytest
from ansible_collections.day2.ops.plugins.module_utils import _ec2_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import AsgMethod, Kind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.iam import (
    TAGS,
    account_trust,
    fleet_statements,
    function_policy,
    schedule_policy,
    schedule_trust,
    source_statements,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.names import Names
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = Names("night", "aws", "123456789012", "eu-west-1")
EVERY = frozenset(Kind)
# Asked of AWS without a right to: nobody can be denied it.
FREE = {"sts:GetCallerIdentity"}
# Not part of what the function can be told (its options name no prices and no reports), or asked as another role.
NOT_THE_FUNCTION = {"pricing:GetProducts"}
KINDS = st.sets(st.sampled_from(list(Kind)), min_size=1).map(frozenset)


def allowed(statements: Iterable[Dict[str, Any]]) -> Set[str]:
    return {action for statement in statements for action in statement["Action"]}


def called() -> Set[str]:
    """Every action that a file of the room names: requests are made of these words."""
    room = Path(str(_ec2_schedule.__file__)).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py"))
    return set(re.findall(r'"((?:autoscaling|dynamodb|ec2|eks|kms|pricing|rds|ssm|sts|s3):[A-Z][A-Za-z]+)"', sources))


def test_the_role_may_do_exactly_what_the_rooms_can_ask() -> None:
    everything = {
        "schedules_from": ["ssm:/plan", "dynamodb:plan", "s3://b/plan.yml"],
        "calendars": {"a": {"ssm": "holidays"}},
    }
    fleet = fleet_statements("aws", EVERY, "Schedule", AsgMethod.SUSPEND, every_region=True)
    may = allowed([*fleet, *source_statements(NAMES, everything)])
    of_objects = {"s3:GetObject"}  # asked by the room _aws
    assert may - of_objects == called() - FREE - NOT_THE_FUNCTION - of_objects


@settings(max_examples=tries(30))
@given(KINDS, st.sampled_from(list(AsgMethod)), st.booleans())
def test_only_what_the_kinds_need(kinds: FrozenSet[Kind], method: AsgMethod, every_region: bool) -> None:
    services = {action.split(":")[0] for action in allowed(fleet_statements("aws", kinds, "S", method, every_region))}
    expected = {"ec2"} if Kind.EC2 in kinds or every_region else set()
    expected |= {"rds"} if kinds & {Kind.RDS, Kind.CLUSTER} else set()
    expected |= {"autoscaling"} if Kind.ASG in kinds else set()
    expected |= {"ec2"} if Kind.ASG in kinds and method is AsgMethod.SUSPEND else set()
    expected |= {"eks"} if Kind.NODEGROUP in kinds else set()
    assert services == expected


@settings(max_examples=tries(30))
@given(KINDS, st.sampled_from(list(AsgMethod)))
def test_nothing_is_changed_that_does_not_carry_the_tag(kinds: FrozenSet[Kind], method: AsgMethod) -> None:
    for statement in fleet_statements("aws", kinds, "Plan", method, True):
        reads = all(re.match(r"[a-z0-9]+:(Describe|List|Get)", action) for action in statement["Action"])
        assert reads == (statement["Resource"] == "*")
        if not reads and statement["Sid"] != "ActMembers":
            assert statement["Condition"]["Null"] == {"aws:ResourceTag/Plan": "false"}


def test_members_of_groups_are_touched_only_where_groups_are_suspended() -> None:
    def members(method: AsgMethod) -> List[Dict[str, Any]]:
        return [
            statement
            for statement in fleet_statements("aws", frozenset((Kind.ASG,)), "S", method, False)
            if "ec2:StopInstances" in statement["Action"]
        ]

    assert members(AsgMethod.SIZES) == []
    (statement,) = members(AsgMethod.SUSPEND)
    assert statement["Condition"] == {"Null": {"aws:ResourceTag/aws:autoscaling:groupName": "false"}}


def test_only_our_own_tags_can_be_written() -> None:
    marks = [each for each in fleet_statements("aws", EVERY, "Plan", AsgMethod.SIZES, False) if "Mark" in each["Sid"]]
    assert len(marks) == len(EVERY)
    for statement in marks:
        keys = statement["Condition"]["ForAllValues:StringEquals"]["aws:TagKeys"]
        assert keys == ["PlanState", "PlanStateOf", "PlanKept"]
        assert "Plan" not in keys
    assert len(TAGS) == 3


def test_keys_of_volumes_are_granted_to_ec2_alone() -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/k"
    statement = fleet_statements("aws", EVERY, "S", AsgMethod.SIZES, False, [key])[-1]
    assert statement["Action"] == ["kms:CreateGrant"]
    assert statement["Resource"] == key
    assert statement["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    databases = fleet_statements("aws", frozenset((Kind.RDS,)), "S", AsgMethod.SIZES, False, [key])
    assert "kms:CreateGrant" not in allowed(databases)


@pytest.mark.parametrize(
    "scheduling, expected",
    [
        ({}, {}),
        ({"schedules_from": ["files/0-plan.yml"]}, {}),
        (
            {"schedules_from": ["ssm:/ops/plan", "ssm:plain", "s3://bucket/a/b.yml", "dynamodb:plans"]},
            {
                "ssm:GetParameter": [
                    "arn:aws:ssm:eu-west-1:123456789012:parameter/ops/plan",
                    "arn:aws:ssm:eu-west-1:123456789012:parameter/plain",
                ],
                "s3:GetObject": "arn:aws:s3:::bucket/a/b.yml",
                "dynamodb:Scan": "arn:aws:dynamodb:eu-west-1:123456789012:table/plans",
            },
        ),
        (
            {"calendars": {"a": {"ical": "s3://bucket/h.ics"}, "b": ["12-25"], "c": {"ical": "https://x/h.ics"}}},
            {"s3:GetObject": "arn:aws:s3:::bucket/h.ics"},
        ),
    ],
)
def test_sources_are_read_one_by_one(scheduling: Dict[str, Any], expected: Dict[str, Any]) -> None:
    statements = source_statements(NAMES, scheduling)
    assert {statement["Action"][0]: statement["Resource"] for statement in statements} == expected


def test_statements_have_names_of_their_own() -> None:
    places = {"schedules_from": ["ssm:/plan", "dynamodb:plan", "s3://b/k"], "calendars": {"a": {"ssm": "h"}}}
    fleet = fleet_statements("aws", EVERY, "S", AsgMethod.SUSPEND, True, ["arn:aws:kms:eu-west-1:1:key/k"])
    for roles in ([], ["arn:aws:iam::111111111111:role/r"]):
        policy = function_policy(NAMES, fleet, roles, places, "arn:aws:sns:eu-west-1:1:t")
        sids = [statement["Sid"] for statement in policy["Statement"]]
        assert len(sids) == len(set(sids))
        assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


def test_with_roles_of_accounts_the_function_may_only_assume_them() -> None:
    fleet = fleet_statements("aws", EVERY, "S", AsgMethod.SIZES, False)
    roles = ["arn:aws:iam::222222222222:role/r", "arn:aws:iam::111111111111:role/r"]
    statements = function_policy(NAMES, fleet, roles, {}, "")["Statement"]
    assert allowed(statements) == {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "sts:AssumeRole"}
    assert statements[-1]["Resource"] == sorted(roles)


def test_the_schedule_may_invoke_one_function() -> None:
    assert allowed(schedule_policy(NAMES)["Statement"]) == {"lambda:InvokeFunction", "sqs:SendMessage"}
    (trust,) = schedule_trust(NAMES)["Statement"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_accounts_trust_the_role_and_ask_for_the_external_id() -> None:
    role = "arn:aws:iam::123456789012:role/night-eu-west-1"
    assert "Condition" not in account_trust(role, "")["Statement"][0]
    (statement,) = account_trust(role, "x1")["Statement"]
    assert (statement["Principal"], statement["Condition"]) == (
        {"AWS": role},
        {"StringEquals": {"sts:ExternalId": "x1"}},
    )
