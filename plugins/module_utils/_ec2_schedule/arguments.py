# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of the module, and how the Lambda function names the same things."""

from __future__ import annotations

from .._common.argspec import ArgumentSpec
from .model import AsgMethod, FailOn, Kind
from .report import SCHEDULE_FORMATS

# What is scheduled and how: the same for a run from Ansible and for the function that runs by itself.
POLICY = ArgumentSpec(
    arguments={
        "schedules": {"type": "dict", "default": {}},
        "schedules_from": {"type": "list", "elements": "str", "default": []},
        "calendars": {"type": "dict", "default": {}},
        "timezone": {"type": "str", "default": "UTC"},
        "tag": {"type": "str", "default": "Schedule"},
        "resources": {
            "type": "list",
            "elements": "str",
            "choices": [kind.value for kind in Kind],
            "default": [kind.value for kind in Kind],
        },
        "regions": {"type": "list", "elements": "str", "default": []},
        "accounts": {"type": "list", "elements": "str", "default": []},
        "assume_role_arn": {"type": "list", "elements": "str", "default": []},
        "external_id": {"type": "str"},
        "role_session_name": {"type": "str", "default": "day2-ops-ec2-schedule"},
        "max_stop": {"type": "str"},
        "protected_tags": {"type": "dict", "default": {}},
        "enforce": {"type": "bool", "default": False},
        "retain_running": {"type": "bool", "default": False},
        "hibernate": {"type": "bool", "default": False},
        "asg_method": {"type": "str", "choices": [method.value for method in AsgMethod], "default": "sizes"},
        "wait_timeout": {"type": "int", "default": 60},
        "concurrency": {"type": "int", "default": 64},
    }
)

SCHEDULE = POLICY.merge(
    ArgumentSpec(
        arguments={
            "now": {"type": "str"},
            "preview": {"type": "int", "default": 0},
            "hourly_prices": {"type": "raw"},
            "currency": {"type": "str", "default": "USD"},
            "reports": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "path": {"type": "str", "required": True},
                    "format": {"type": "str", "choices": list(SCHEDULE_FORMATS)},
                },
            },
            "run_id": {"type": "str"},
            "max_returned": {"type": "int", "default": 200},
            "fail_on": {"type": "str", "choices": [each.value for each in FailOn], "default": "critical"},
            "progress_file": {"type": "path"},
        }
    )
)
