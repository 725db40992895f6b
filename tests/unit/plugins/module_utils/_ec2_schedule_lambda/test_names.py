# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.model import PartKind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.names import Names, check_name


def test_arns_are_known_before_anything_is_made() -> None:
    names = Names("night", "aws-us-gov", "123456789012", "us-gov-west-1")
    assert {kind.value: names.arn(kind) for kind in PartKind} == {
        "topic": "arn:aws-us-gov:sns:us-gov-west-1:123456789012:night",
        "dead-letter queue": "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:night-dead-letters",
        "log group": "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/aws/lambda/night",
        "role of the function": "arn:aws-us-gov:iam::123456789012:role/night-us-gov-west-1",
        "function": "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:night",
        "role of the schedule": "arn:aws-us-gov:iam::123456789012:role/night-us-gov-west-1-schedule",
        "schedule": "arn:aws-us-gov:scheduler:us-gov-west-1:123456789012:schedule/default/night",
        "alarm": "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:night-errors",
    }


@pytest.mark.parametrize("region, most", [("us-east-1", 45), ("ap-southeast-1", 40)])
def test_the_longest_name_fits_into_that_of_a_role(region: str, most: int) -> None:
    name = check_name("n" * most, region)
    parts = Names(name, "aws", "123456789012", region).parts
    assert max(len(parts[PartKind.ROLE]), len(parts[PartKind.SCHEDULE_ROLE])) == 64
    with pytest.raises(Day2Error, match=f"1 to {most} letters"):
        check_name("n" * (most + 1), region)


@pytest.mark.parametrize("name", ["", "-a", "a b", "a.b", "a/b", "ä"])
def test_names_that_a_service_would_refuse(name: str) -> None:
    with pytest.raises(Day2Error, match="name: "):
        check_name(name, "eu-west-1")
