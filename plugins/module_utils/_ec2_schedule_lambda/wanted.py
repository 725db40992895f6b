# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a deployment shall be, from the options of the module."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from .._aws.arn import parse_arn
from .._common.errors import Day2Error
from .._common.values import between
from .._ec2_schedule.arguments import SCHEDULE
from .._ec2_schedule.calendar_sources import parse_calendars, parse_sources
from .._ec2_schedule.options import EVERY_REGION, Options, parse_options, roles_of
from .._ec2_schedule.structured import parse_named
from .arguments import scheduling_of
from .bundle import HANDLER
from .iam import (
    Document,
    account_trust,
    document,
    fleet_statements,
    function_policy,
    function_trust,
    schedule_policy,
    schedule_trust,
)
from .model import MARK, Part, PartKind
from .names import Names
from .plan import owner_sentence

_EXPRESSION = re.compile(r"rate\([1-9][0-9]* (minute|minutes|hour|hours|day|days)\)|cron\((\S+ ){5}\S+\)")
_RUNTIME = re.compile(r"python3\.[0-9]{1,2}")
_OLDEST = 9  # of the Pythons that can read the rooms: 3.9
_KEEP_DEAD_LETTERS = 14 * 24 * 3600  # seconds; the most that SQS knows
_OLDEST_EVENT = 3600  # seconds; what waited longer is put aside: the runs after it did its work
_ALARM_SECONDS = 300
_MOST_ROLES = 50
_MOST_OF_A_POLICY = 10_240  # characters, by IAM


@dataclass(frozen=True)
class Deployment:
    """The options of the module, checked as a whole.

    ``run`` is ``scheduling`` as a run of the function reads it; ``topic`` the ARN of the topic for notices, or empty.
    """

    names: Names
    scheduling: Mapping[str, Any]
    run: Options
    topic: str
    own_topic: bool
    role: str
    own_role: bool
    schedule_role: str
    own_schedule_role: bool
    roles: Tuple[str, ...]
    tags: Mapping[str, str]
    options: Mapping[str, Any]

    @property
    def owner(self) -> str:
        """The value of the tag of ours."""
        return f"ec2_schedule_lambda/{self.names.name}"

    @property
    def config(self) -> Dict[str, Any]:
        """What the function reads when it runs."""
        return {"name": self.names.name, "scheduling": dict(self.scheduling), "topic_arn": self.topic}


def parse_deployment(options: Mapping[str, Any], names: Names, now: datetime) -> Deployment:
    """The module's options.

    :raises Day2Error: naming the option, and what would be right. What the function would be told is checked here too:
        a schedule that cannot be read is refused now, not in the night.
    """
    scheduling = scheduling_of(options["scheduling"] or {})
    run = parse_options({**SCHEDULE.defaults(), **scheduling}, now)
    parse_sources(scheduling["schedules_from"])
    parse_calendars(scheduling["calendars"])
    for name, value in scheduling["schedules"].items():
        parse_named(name, value, scheduling["timezone"])
    if not _EXPRESSION.fullmatch(options["schedule_expression"]):
        raise Day2Error(
            f"schedule_expression: {options['schedule_expression']!r} is neither like rate(5 minutes) nor a cron(…) of six fields"
        )
    if not _RUNTIME.fullmatch(options["runtime"]) or int(options["runtime"].rpartition(".")[2]) < _OLDEST:
        raise Day2Error(f"runtime: {options['runtime']!r} is not a Python of Lambda from python3.{_OLDEST} on")
    between("timeout", options["timeout"], 30, 900)
    between("memory", options["memory"], 128, 10_240)
    between("reserved_concurrency", options["reserved_concurrency"], -1, 1000)
    if options["topic"] and options["topic_arn"]:
        raise Day2Error("topic makes a topic, and topic_arn names another one: give one of them")
    for name, service in (("role_arn", "iam"), ("schedule_role_arn", "iam"), ("topic_arn", "sns")):
        _check_arn(name, options[name], service)
    for index, key in enumerate(options["kms_keys"]):
        _check_arn(f"kms_keys[{index}]", key, "kms")
    if MARK in options["tags"]:
        raise Day2Error(f"tags: {MARK} is the tag by which the module knows what it made")
    own_topic = bool(options["topic"])
    return Deployment(
        names=names,
        scheduling=scheduling,
        run=run,
        topic=names.arn(PartKind.TOPIC) if own_topic else options["topic_arn"] or "",
        own_topic=own_topic,
        role=options["role_arn"] or names.arn(PartKind.ROLE),
        own_role=not options["role_arn"],
        schedule_role=options["schedule_role_arn"] or names.arn(PartKind.SCHEDULE_ROLE),
        own_schedule_role=not options["schedule_role_arn"],
        roles=tuple(roles_of(scheduling["assume_role_arn"], scheduling["accounts"])),
        tags={str(key): str(value) for key, value in options["tags"].items()},
        options=options,
    )


def _check_arn(name: str, value: Any, service: str) -> None:
    parsed = parse_arn(value) if value else None
    if value and (parsed is None or parsed.service != service):
        raise Day2Error(f"{name}: {value!r} is not an ARN of {service}")


def policies(deployment: Deployment) -> Dict[str, Document]:
    """Every policy of the deployment; ``account`` and ``account_trust`` are for the roles of other accounts, made elsewhere."""
    names, scheduling, options = deployment.names, deployment.scheduling, deployment.options
    parsed = deployment.run
    fleet = fleet_statements(
        names.partition,
        parsed.kinds,
        parsed.rules.tag,
        parsed.rules.asg_method,
        parsed.regions == (EVERY_REGION,),
        options["kms_keys"],
    )
    made = {
        "function": function_policy(names, fleet, _assumed(deployment), scheduling, deployment.topic),
        "schedule": schedule_policy(names),
    }
    if deployment.roles:
        made["account"] = document(fleet)
        made["account_trust"] = account_trust(deployment.role, scheduling["external_id"] or "")
    return made


def _assumed(deployment: Deployment) -> Sequence[str]:
    """The roles of the accounts as the policy names them: one by one as long as there is room for that."""
    if len(deployment.roles) <= _MOST_ROLES:
        return deployment.roles
    return [arn.replace("{account}", "*") for arn in deployment.scheduling["assume_role_arn"]]


def wanted_parts(deployment: Deployment, code: str) -> List[Part]:
    """All parts as they shall be.

    :param code: the digest of the function's archive.
    """
    names, documents = deployment.names, policies(deployment)
    tags = {**deployment.tags, MARK: deployment.owner}
    settings: Dict[PartKind, Dict[str, Any]] = {
        PartKind.QUEUE: {"retention_seconds": _KEEP_DEAD_LETTERS, "encrypted": True, "tags": tags},
        PartKind.LOG_GROUP: {"retention_days": deployment.options["log_retention_days"], "tags": tags},
        PartKind.FUNCTION: {**_function(deployment, code), "tags": tags},
        PartKind.SCHEDULE: _schedule(deployment),
        PartKind.ALARM: {**_alarm(deployment), "tags": tags},
    }
    if deployment.own_topic:
        settings[PartKind.TOPIC] = {"tags": tags}
    shared = {"boundary": deployment.options["permissions_boundary"] or "", "tags": tags}
    if deployment.own_role:
        size = len(json.dumps(documents["function"], separators=(",", ":")))
        if size > _MOST_OF_A_POLICY:
            raise Day2Error(
                f"the policy of the function would have {size:,} characters, and IAM takes {_MOST_OF_A_POLICY:,}: name fewer"
                " roles, keys or sources, or make the role elsewhere and give role_arn"
            )
        settings[PartKind.ROLE] = {
            "description": "Starts and stops resources by schedule",
            "trust": function_trust(),
            "policy": documents["function"],
            **shared,
        }
    if deployment.own_schedule_role:
        settings[PartKind.SCHEDULE_ROLE] = {
            "description": f"Invokes the function {names.name}",
            "trust": schedule_trust(names),
            "policy": documents["schedule"],
            **shared,
        }
    return [Part(kind, names.parts[kind], settings[kind]) for kind in PartKind if kind in settings]


def _function(deployment: Deployment, code: str) -> Dict[str, Any]:
    options = deployment.options
    reserved = options["reserved_concurrency"]
    return {
        "description": "Starts and stops resources by schedule (day2.ops.ec2_schedule)",
        "code": code,
        "handler": HANDLER,
        "role": deployment.role,
        "runtime": options["runtime"],
        "architecture": options["architecture"],
        "timeout": options["timeout"],
        "memory": options["memory"],
        "environment": {str(key): str(value) for key, value in options["environment"].items()},
        "layers": list(options["layers"]),
        "reserved_concurrency": None if reserved < 0 else reserved,
        # A run that failed is not tried again: the next one of the schedule does what is left.
        "events": {
            "retries": 0,
            "oldest_seconds": _OLDEST_EVENT,
            "on_failure": deployment.names.arn(PartKind.QUEUE),
        },
    }


def _schedule(deployment: Deployment) -> Dict[str, Any]:
    options, names = deployment.options, deployment.names
    return {
        "description": owner_sentence(deployment.owner),
        "expression": options["schedule_expression"],
        "timezone": options["schedule_timezone"],
        "enabled": options["enabled"],
        "function": names.arn(PartKind.FUNCTION),
        "role": deployment.schedule_role,
        "input": {"dry_run": options["dry_run"]},
        "retries": {"attempts": 3, "oldest_seconds": _OLDEST_EVENT},
        "dead_letters": names.arn(PartKind.QUEUE),
    }


def _alarm(deployment: Deployment) -> Dict[str, Any]:
    return {
        "description": f"Runs of the function {deployment.names.name} fail",
        "metric": {"namespace": "AWS/Lambda", "name": "Errors", "function": deployment.names.name},
        "rule": {
            "statistic": "Sum",
            "seconds": _ALARM_SECONDS,
            "periods": 1,
            "comparison": "GreaterThanOrEqualToThreshold",
            "threshold": 1.0,
            "missing": "notBreaching",
        },
        "actions": [deployment.topic] if deployment.topic else [],
    }


def kinds_in_question(own_role: bool, own_schedule_role: bool) -> Sequence[PartKind]:
    """The parts that are looked at: all, but for roles that others made and that we may not even be allowed to read."""
    others = {PartKind.ROLE: own_role, PartKind.SCHEDULE_ROLE: own_schedule_role}
    return [kind for kind in PartKind if others.get(kind, True)]
