# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.arguments import SCHEDULE
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import FailOn, Kind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.options import (
    Options,
    parse_options,
    roles_of,
    tag_name,
)

NOW = datetime(2026, 11, 27, 18, tzinfo=timezone.utc)
ROLE = "arn:aws:iam::{account}:role/scheduler"
ONE, TWO = "111111111111", "222222222222"


def parsed(**given: Any) -> Options:
    return parse_options({**SCHEDULE.defaults(), **given}, NOW)


def test_the_defaults_are_one_account_and_every_kind() -> None:
    options = parsed()
    assert options.kinds == frozenset(Kind)
    assert [access.assume_role_arn for access in options.fleet] == [""]
    assert options.limit is None and options.now is None and options.fail_on is FailOn.CRITICAL
    assert options.run_id == "20261127T180000Z"


def test_one_access_for_each_role_and_one_for_the_task_itself() -> None:
    options = parsed(assume_role_arn=[ROLE], accounts=[ONE, TWO], external_id="x")
    assert [access.assume_role_arn.split(":")[4] for access in options.fleet] == [ONE, TWO]
    assert {access.external_id for access in options.fleet} == {"x"}
    assert options.own.assume_role_arn == options.own.external_id == ""


@pytest.mark.parametrize(
    "arns, accounts, roles",
    [
        ([], [], []),
        ([ROLE.replace("{account}", ONE)], [], [ONE]),
        ([ROLE], [TWO, ONE], [TWO, ONE]),
        ([ROLE.replace("{account}", ONE), ROLE], [TWO], [ONE, TWO]),
    ],
)
def test_roles(arns: List[str], accounts: List[str], roles: List[str]) -> None:
    assert [role.split(":")[4] for role in roles_of(arns, accounts)] == roles


@pytest.mark.parametrize(
    "given, said",
    [
        ({"resources": []}, "resources: at least one kind"),
        ({"accounts": [ONE]}, "accounts needs assume_role_arn with {account} in it"),
        ({"accounts": ["12345"], "assume_role_arn": [ROLE]}, r"accounts\[0\]: '12345' is not the id"),
        ({"assume_role_arn": [ROLE]}, r"assume_role_arn\[0\]: .* has a place for an account, and accounts is empty"),
        ({"assume_role_arn": ["admin"]}, r"assume_role_arn\[0\]: 'admin' is not the ARN of a role"),
        ({"assume_role_arn": [ROLE], "accounts": [ONE, ONE]}, f"account {ONE} comes twice"),
        ({"regions": ["all", "eu-west-1"]}, "regions: all stands alone"),
        ({"regions": ["Ireland"]}, "not the name of an AWS region: 'Ireland'"),
        ({"tag": ""}, "tag: '' is not the name of a tag"),
        ({"tag": "aws:schedule"}, "tag: 'aws:schedule' is not"),
        ({"now": "tomorrow"}, "now: 'tomorrow' is not a time"),
        ({"now": "2026-11-27T18:00:00"}, "now: .* has no offset"),
        ({"now": "9999-12-31T23:00:00Z"}, "now: '9999-12-31T23:00:00Z' is out of reach"),
        ({"now": "0001-01-01T00:00:00Z"}, "is out of reach: a time between 1970 and 9000"),
        ({"preview": -1}, "preview: -1 is not a number from 0 to 366"),
        ({"max_stop": "half"}, "max_stop: 'half' is neither a number"),
        ({"max_stop": "101%"}, "max_stop: '101%' is neither"),
        ({"wait_timeout": 4000}, "wait_timeout: 4000"),
        ({"concurrency": 0}, "concurrency: 0"),
        ({"max_returned": -1}, "max_returned: -1"),
        ({"run_id": "a/b"}, "run_id: 'a/b'"),
        ({"protected_tags": {"env": ["prod"]}}, "protected_tags.env: a text is expected"),
        ({"protected_tags": {"keep": True}}, "protected_tags.keep: YAML reads a truth value here"),
    ],
)
def test_what_is_refused_before_anything_is_asked(given: Dict[str, Any], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        parsed(**given)


@pytest.mark.parametrize("name", ["Schedule", "ops:schedule", "x" * 120])
def test_names_of_tags(name: str) -> None:
    assert tag_name(name) == name


def test_protected_tags_are_texts_or_any_value() -> None:
    assert parsed(protected_tags={"env": "prod*", "keep": None, "level": 1}).rules.protected_tags == {
        "env": "prod*",
        "keep": None,
        "level": "1",
    }
