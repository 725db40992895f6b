# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log group, and the alarm on errors."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from ..model import PartKind, Settings
from ..names import Names
from .services import Services, own_tags, pairs, superfluous

_MISSING = ("ResourceNotFoundException", "ResourceNotFound")


class LogGroups:
    """Log groups of CloudWatch by their names."""

    def __init__(self, services: Services, names: Names) -> None:
        self._services = services
        self._arn = names.arn(PartKind.LOG_GROUP)

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        # Exactly this name is the first of those that begin with it.
        asked = {"logGroupNamePrefix": name, "limit": 1}
        groups = self._services.ask("logs", "describe_log_groups", name, asked).get("logGroups", ())
        if not groups or groups[0]["logGroupName"] != name:
            return None
        tags = self._services.call("logs", "list_tags_for_resource", name, {"resourceArn": self._arn}, _MISSING)
        if tags is None:
            return None
        return {"retention_days": groups[0].get("retentionInDays"), "tags": own_tags(tags.get("tags") or {})}

    def create(self, name: str, after: Settings) -> None:
        """Make it."""
        self._services.ask("logs", "create_log_group", name, {"logGroupName": name, "tags": dict(after["tags"])})
        self._keep(name, after)

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change what differs."""
        group = {"resourceArn": self._arn}
        if "retention_days" in changed:
            self._keep(name, after)
        if "tags" in changed:
            self._services.ask("logs", "tag_resource", name, {**group, "tags": dict(after["tags"])})
            gone = superfluous(before, after)
            if gone:
                self._services.ask("logs", "untag_resource", name, {**group, "tagKeys": gone})

    def remove(self, name: str) -> None:
        """Remove it with its logs."""
        self._services.call("logs", "delete_log_group", name, {"logGroupName": name}, _MISSING)

    def _keep(self, name: str, after: Settings) -> None:
        wanted = {"logGroupName": name, "retentionInDays": after["retention_days"]}
        self._services.ask("logs", "put_retention_policy", name, wanted)


class Alarms:
    """Alarms of CloudWatch on a metric of a function, by their names."""

    def __init__(self, services: Services, names: Names) -> None:
        self._services = services
        self._arn = names.arn(PartKind.ALARM)

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        asked = {"AlarmNames": [name], "AlarmTypes": ["MetricAlarm"]}
        found = self._services.ask("cloudwatch", "describe_alarms", name, asked).get("MetricAlarms")
        if not found:
            return None
        alarm = found[0]
        dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", ())}
        tags = self._services.call("cloudwatch", "list_tags_for_resource", name, {"ResourceARN": self._arn}, _MISSING)
        return {
            "description": alarm.get("AlarmDescription", ""),
            "metric": {
                "namespace": alarm.get("Namespace"),
                "name": alarm.get("MetricName"),
                "function": dimensions.get("FunctionName"),
            },
            "rule": {
                "statistic": alarm.get("Statistic"),
                "seconds": alarm.get("Period"),
                "periods": alarm.get("EvaluationPeriods"),
                "comparison": alarm.get("ComparisonOperator"),
                "threshold": alarm.get("Threshold"),
                "missing": alarm.get("TreatMissingData"),
            },
            "actions": sorted(alarm.get("AlarmActions", ())),
            "tags": own_tags((tags or {}).get("Tags")),
        }

    def create(self, name: str, after: Settings) -> None:
        """Make it."""
        self._services.ask(
            "cloudwatch", "put_metric_alarm", name, {**_alarm(name, after), "Tags": pairs(after["tags"])}
        )

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change what differs; tags have calls of their own."""
        alarm = {"ResourceARN": self._arn}
        if set(changed) - {"tags"}:
            self._services.ask("cloudwatch", "put_metric_alarm", name, _alarm(name, after))
        if "tags" in changed:
            self._services.ask("cloudwatch", "tag_resource", name, {**alarm, "Tags": pairs(after["tags"])})
            gone = superfluous(before, after)
            if gone:
                self._services.ask("cloudwatch", "untag_resource", name, {**alarm, "TagKeys": gone})

    def remove(self, name: str) -> None:
        """Remove it."""
        self._services.call("cloudwatch", "delete_alarms", name, {"AlarmNames": [name]}, _MISSING)


def _alarm(name: str, after: Settings) -> Dict[str, Any]:
    metric, rule = after["metric"], after["rule"]
    return {
        "AlarmName": name,
        "AlarmDescription": after["description"],
        "Namespace": metric["namespace"],
        "MetricName": metric["name"],
        "Dimensions": [{"Name": "FunctionName", "Value": metric["function"]}],
        "Statistic": rule["statistic"],
        "Period": rule["seconds"],
        "EvaluationPeriods": rule["periods"],
        "ComparisonOperator": rule["comparison"],
        "Threshold": rule["threshold"],
        "TreatMissingData": rule["missing"],
        "ActionsEnabled": True,
        "AlarmActions": after["actions"],
    }
