# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._common.job import Outcome
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.parts import Parts
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.services import Services
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.model import Do, Part, PartKind, Step
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.names import Names
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.plan import make_plan, owner_sentence
from ansible_collections.day2.ops.tests.support.deploying import deployed

# Everything that a part can have, in another way than without options. moto forgets a change of the architecture.
OTHER: Dict[str, Any] = {
    "scheduling": {"tag": "Plan", "resources": ["ec2"], "regions": ["all"]},
    "schedule_expression": "cron(0/5 * * * ? *)",
    "schedule_timezone": "Europe/Madrid",
    "enabled": False,
    "dry_run": True,
    "runtime": "python3.12",
    "timeout": 600,
    "memory": 1024,
    "environment": {"TOKEN": "hunter2"},
    "reserved_concurrency": -1,
    "permissions_boundary": "arn:aws:iam::123456789012:policy/boundary",
    "log_retention_days": 7,
    "topic": True,
    "tags": {"team": "night"},
}


def changes(outcome: Outcome) -> List[Tuple[str, str, Any, Any]]:
    return [(each.resource, each.aspect, each.before, each.after) for each in outcome.plan.changes]


def sentence(outcome: Outcome) -> str:
    return str(outcome.result["summary"]["sentence"])


def twice(services: Services, **options: Any) -> Outcome:
    """Check mode, then the real thing: they say the same; and then there is nothing left to do."""
    foreseen = deployed(services, check_mode=True, **options)
    done = deployed(services, **options)
    assert changes(foreseen) == changes(done)
    assert foreseen.result["plan"] == done.result["plan"]
    assert changes(deployed(services, check_mode=True, **options)) == []
    return done


def test_a_deployment_is_made_changed_and_removed(services: Services) -> None:
    made = twice(services, name="whole")
    assert sentence(made) == "whole in eu-west-1: 7 created"
    assert made.result["function_arn"] == "arn:aws:lambda:eu-west-1:123456789012:function:whole"
    changed = twice(services, name="whole", **OTHER)
    assert sentence(changed) == "whole in eu-west-1: 1 created, 7 modified"
    aspects = {(each["part"], aspect) for each in changed.result["plan"] for aspect in each["aspects"]}
    assert {("function", "code"), ("role of the function", "policy"), ("schedule", "input")} <= aspects
    assert "hunter2" not in str(changed.plan) + str(changed.result)
    # The topic is not wanted any more; what only concerns how it runs leaves the archive as it is.
    back = deployed(services, name="whole", **{**OTHER, "topic": False, "scheduling": {}, "memory": 512})
    assert sentence(back) == "whole in eu-west-1: 3 modified, 1 removed"
    assert back.result["code"] == made.result["code"]
    assert sentence(twice(services, name="whole", state="absent")) == "whole in eu-west-1: 7 removed"


def test_what_is_somebody_elses_stops_everything_before_it_begins(services: Services) -> None:
    url = services.ask("sqs", "create_queue", "", {"QueueName": "theirs-dead-letters"})["QueueUrl"]
    for state in ("present", "absent"):
        with pytest.raises(Day2Error, match="the dead-letter queue theirs-dead-letters"):
            deployed(services, name="theirs", state=state)
    roles = services.ask("iam", "list_roles", "", {})["Roles"]
    assert not any(role["RoleName"].startswith("theirs") for role in roles)
    services.ask("sqs", "delete_queue", "", {"QueueUrl": url})


def test_a_run_that_failed_is_finished_by_the_next(services: Services) -> None:
    # moto, as AWS, refuses to make the function for a role that does not exist.
    role = "arn:aws:iam::123456789012:role/not-there"
    names = Names("broken", "aws", "123456789012", "eu-west-1")
    tags = {"day2.ops": "ec2_schedule_lambda/broken"}
    wanted = [
        Part(PartKind.TOPIC, "broken", {"tags": tags}),
        Part(PartKind.SCHEDULE, "broken", {**schedule("broken"), "expression": "never(1)"}),
    ]
    parts = Parts(services, names, b"")
    done: List[Step] = []
    steps = make_plan(wanted, parts.read(list(PartKind)), names.parts, tags["day2.ops"])
    with pytest.raises(GatewayError, match="broken"):
        parts.carry_out([*steps[:1], refused(role), *steps[1:]], done.append)
    assert [step.kind for step in done] == [PartKind.TOPIC]
    left = make_plan(wanted, parts.read(list(PartKind)), names.parts, tags["day2.ops"])
    assert [step.kind for step in left] == [PartKind.SCHEDULE]
    gone = make_plan([], parts.read(list(PartKind)), names.parts, tags["day2.ops"])
    parts.carry_out(gone, done.append)
    assert done[-1].kind is PartKind.TOPIC
    assert done[-1].do is Do.REMOVE


def schedule(name: str) -> Dict[str, Any]:
    return {"description": owner_sentence(f"ec2_schedule_lambda/{name}"), "timezone": "UTC", "enabled": True}


def refused(role: str) -> Step:
    """A function that no service takes: its role does not exist."""
    after = {
        "description": "",
        "handler": "a.b",
        "role": role,
        "runtime": "python3.13",
        "architecture": "arm64",
        "timeout": 30,
        "memory": 128,
        "environment": {},
        "layers": [],
        "tags": {},
    }
    return Step(Do.CREATE, PartKind.FUNCTION, "broken", None, after, frozenset(after))
