# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of the module."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from .._common.argspec import ArgumentSpec
from .._ec2_schedule.arguments import POLICY
from .._ec2_schedule.model import FailOn

RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The days for which CloudWatch can keep logs."""

SCHEDULING = POLICY.merge(
    ArgumentSpec(
        arguments={
            "fail_on": {"type": "str", "choices": [each.value for each in FailOn], "default": FailOn.CRITICAL.value},
        }
    )
)

DEPLOY = ArgumentSpec(
    arguments={
        "name": {"type": "str", "default": "day2-ops-ec2-schedule"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "scheduling": {"type": "dict", "default": {}, "options": dict(SCHEDULING.arguments)},
        "schedule_expression": {"type": "str", "default": "rate(5 minutes)"},
        "schedule_timezone": {"type": "str", "default": "UTC"},
        "enabled": {"type": "bool", "default": True},
        "dry_run": {"type": "bool", "default": False},
        "handler_source": {"type": "str"},
        "runtime": {"type": "str", "default": "python3.13"},
        "architecture": {"type": "str", "choices": ["arm64", "x86_64"], "default": "arm64"},
        "timeout": {"type": "int", "default": 300},
        "memory": {"type": "int", "default": 512},
        "environment": {"type": "dict", "default": {}, "no_log": True},
        "layers": {"type": "list", "elements": "str", "default": []},
        "reserved_concurrency": {"type": "int", "default": 1},
        "role_arn": {"type": "str"},
        "schedule_role_arn": {"type": "str"},
        "permissions_boundary": {"type": "str"},
        "kms_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "log_retention_days": {"type": "int", "choices": list(RETENTION), "default": 30},
        "topic": {"type": "bool", "default": False},
        "topic_arn": {"type": "str"},
        "tags": {"type": "dict", "default": {}},
        "assume_role_arn": {"type": "str"},
        "external_id": {"type": "str"},
        "role_session_name": {"type": "str", "default": "day2-ops-ec2-schedule-lambda"},
    },
    required_if=(("state", "present", ("handler_source",)),),
)


def scheduling_of(given: Mapping[str, Any]) -> Dict[str, Any]:
    """All options of scheduling: the given ones, and the defaults of the others."""
    return {**SCHEDULING.defaults(), **{name: value for name, value in given.items() if value is not None}}
