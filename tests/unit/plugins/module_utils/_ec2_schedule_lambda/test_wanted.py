# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.arguments import DEPLOY
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.model import MARK, PartKind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.names import Names
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.wanted import (
    Deployment,
    kinds_in_question,
    parse_deployment,
    policies,
    wanted_parts,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
NAMES = Names("night", "aws", "123456789012", "eu-west-1")
ROLE = "arn:aws:iam::123456789012:role/given"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:given"
EACH = "arn:aws:iam::{account}:role/night"


def deployment(**options: Any) -> Deployment:
    return parse_deployment({**DEPLOY.defaults(), "name": "night", **options}, NAMES, NOW)


def parts(**options: Any) -> Dict[PartKind, Any]:
    return {part.kind: part.settings for part in wanted_parts(deployment(**options), "digest")}


def test_what_there_is_without_any_option() -> None:
    made = parts()
    assert set(made) == set(PartKind) - {PartKind.TOPIC}
    function = made[PartKind.FUNCTION]
    assert (function["runtime"], function["architecture"], function["reserved_concurrency"]) == (
        "python3.13",
        "arm64",
        1,
    )
    assert function["code"] == "digest"
    assert made[PartKind.SCHEDULE]["input"] == {"dry_run": False}
    assert made[PartKind.ALARM]["actions"] == []


def test_every_part_that_can_carry_tags_says_whose_it_is() -> None:
    for kind, settings in parts(tags={"team": "night", "cost": 7}, topic=True).items():
        if kind is PartKind.SCHEDULE:
            assert settings["description"].endswith(f"{MARK}=ec2_schedule_lambda/night")
        else:
            assert settings["tags"] == {"team": "night", "cost": "7", MARK: "ec2_schedule_lambda/night"}


def test_roles_of_others_are_used_and_not_looked_at() -> None:
    made = parts(role_arn=ROLE)
    assert PartKind.ROLE not in made
    assert made[PartKind.FUNCTION]["role"] == ROLE
    assert PartKind.SCHEDULE_ROLE in made
    assert set(kinds_in_question(False, True)) == set(PartKind) - {PartKind.ROLE}
    assert set(kinds_in_question(True, False)) == set(PartKind) - {PartKind.SCHEDULE_ROLE}


@pytest.mark.parametrize(
    "options, topic", [({"topic": True}, NAMES.arn(PartKind.TOPIC)), ({"topic_arn": TOPIC}, TOPIC)]
)
def test_the_topic_is_told_to_function_role_and_alarm(options: Dict[str, Any], topic: str) -> None:
    made = parts(**options)
    assert (PartKind.TOPIC in made) == ("topic" in options)
    assert made[PartKind.ALARM]["actions"] == [topic]
    assert deployment(**options).config["topic_arn"] == topic
    assert topic in json.dumps(made[PartKind.ROLE]["policy"])


def test_nothing_may_be_reserved() -> None:
    assert parts(reserved_concurrency=-1)[PartKind.FUNCTION]["reserved_concurrency"] is None


def test_the_policies_of_other_accounts_are_told() -> None:
    accounts = {"accounts": ["111111111111", "222222222222"], "assume_role_arn": [EACH], "external_id": "x1"}
    made = policies(deployment(scheduling=accounts))
    assert made["function"]["Statement"][-1]["Resource"] == [
        "arn:aws:iam::111111111111:role/night",
        "arn:aws:iam::222222222222:role/night",
    ]
    assert "ec2:StopInstances" in json.dumps(made["account"])
    assert "ec2:StopInstances" not in json.dumps(made["function"])
    assert made["account_trust"]["Statement"][0]["Principal"] == {"AWS": NAMES.arn(PartKind.ROLE)}
    assert set(policies(deployment())) == {"function", "schedule"}


def test_many_accounts_are_named_together_so_that_iam_takes_the_policy() -> None:
    many = {"accounts": [f"{number:012}" for number in range(1000)], "assume_role_arn": [EACH]}
    made = policies(deployment(scheduling=many))
    assert made["function"]["Statement"][-1]["Resource"] == "arn:aws:iam::*:role/night"
    parts(scheduling=many)


def test_a_policy_that_iam_would_refuse_is_refused_here() -> None:
    places = {"schedules_from": [f"s3://bucket/{'k' * 60}/{number}" for number in range(100)]}
    with pytest.raises(Day2Error, match="give role_arn"):
        parts(scheduling=places)
    assert PartKind.ROLE not in parts(scheduling=places, role_arn=ROLE)


@pytest.mark.parametrize(
    "options, named",
    [
        ({"schedule_expression": "every 5 minutes"}, "schedule_expression"),
        ({"schedule_expression": "rate(0 minutes)"}, "schedule_expression"),
        ({"schedule_expression": "cron(0/5 * * * *)"}, "schedule_expression"),
        ({"runtime": "python3.8"}, "runtime"),
        ({"runtime": "nodejs22.x"}, "runtime"),
        ({"timeout": 901}, "timeout"),
        ({"memory": 64}, "memory"),
        ({"reserved_concurrency": -2}, "reserved_concurrency"),
        ({"topic": True, "topic_arn": TOPIC}, "topic_arn"),
        ({"role_arn": "night"}, "role_arn"),
        ({"schedule_role_arn": TOPIC}, "schedule_role_arn"),
        ({"topic_arn": ROLE}, "topic_arn"),
        ({"kms_keys": ["alias/a"]}, r"kms_keys\[0\]"),
        ({"tags": {MARK: "x"}}, "tags"),
        ({"scheduling": {"regions": ["all", "eu-west-1"]}}, "regions"),
        ({"scheduling": {"accounts": ["1"]}}, "accounts"),
        ({"scheduling": {"schedules": {"office": "Mon-Fry 07:00-19:00"}}}, "Fry"),
        ({"scheduling": {"calendars": {"holidays": {"dates": ["2026-13-01"]}}}}, "holidays"),
        ({"scheduling": {"schedules_from": ["ssm:"]}}, "schedules_from"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(options: Dict[str, Any], named: str) -> None:
    with pytest.raises(Day2Error, match=named):
        deployment(**options)


@pytest.mark.parametrize(
    "expression", ["rate(1 minute)", "rate(15 minutes)", "cron(0/5 * * * ? *)", "cron(0 8 ? * MON-FRI *)"]
)
def test_expressions_of_the_scheduler(expression: str) -> None:
    assert parts(schedule_expression=expression)[PartKind.SCHEDULE]["expression"] == expression
