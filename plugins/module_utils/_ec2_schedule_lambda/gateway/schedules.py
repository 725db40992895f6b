# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule of EventBridge by which the function runs."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Sequence

from ..model import Settings
from .services import Services

_MISSING = ("ResourceNotFoundException",)
_GROUP = "default"


class Schedules:
    """Schedules of EventBridge Scheduler by their names. They have no tags; only groups of them do."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        found = self._services.call("scheduler", "get_schedule", name, {"Name": name, "GroupName": _GROUP}, _MISSING)
        if found is None:
            return None
        target = found["Target"]
        retries = target.get("RetryPolicy", {})
        return {
            "description": found.get("Description", ""),
            "expression": found["ScheduleExpression"],
            "timezone": found.get("ScheduleExpressionTimezone", "UTC"),
            "enabled": found.get("State", "ENABLED") == "ENABLED",
            "function": target["Arn"],
            "role": target["RoleArn"],
            "input": _input(target.get("Input", "")),
            "retries": {
                "attempts": retries.get("MaximumRetryAttempts"),
                "oldest_seconds": retries.get("MaximumEventAgeInSeconds"),
            },
            "dead_letters": target.get("DeadLetterConfig", {}).get("Arn"),
        }

    def create(self, name: str, after: Settings) -> None:
        """Make it."""
        self._services.ask("scheduler", "create_schedule", name, _schedule(name, after))

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Say all of it again: AWS takes what is left out as not wanted."""
        self._services.ask("scheduler", "update_schedule", name, _schedule(name, after))

    def remove(self, name: str) -> None:
        """Remove it."""
        self._services.call("scheduler", "delete_schedule", name, {"Name": name, "GroupName": _GROUP}, _MISSING)


def _input(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _schedule(name: str, after: Settings) -> Dict[str, Any]:
    retries = after["retries"]
    return {
        "Name": name,
        "GroupName": _GROUP,
        "Description": after["description"],
        "ScheduleExpression": after["expression"],
        "ScheduleExpressionTimezone": after["timezone"],
        "State": "ENABLED" if after["enabled"] else "DISABLED",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": after["function"],
            "RoleArn": after["role"],
            "Input": json.dumps(after["input"], sort_keys=True),
            "RetryPolicy": {
                "MaximumRetryAttempts": retries["attempts"],
                "MaximumEventAgeInSeconds": retries["oldest_seconds"],
            },
            "DeadLetterConfig": {"Arn": after["dead_letters"]},
        },
    }
