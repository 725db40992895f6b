# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Lambda function."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from ..._common.errors import GatewayError
from ..model import PartKind, Settings
from ..names import Names
from .services import Services, own_tags, superfluous

_MISSING = ("ResourceNotFoundException",)
_CONFIGURATION = frozenset(("description", "handler", "role", "runtime", "timeout", "memory", "environment", "layers"))


class Functions:
    """Functions by their names. ``packed`` is the archive whose digest is the aspect ``code``."""

    def __init__(self, services: Services, names: Names, packed: bytes) -> None:
        self._services = services
        self._arn = names.arn(PartKind.FUNCTION)
        self._packed = packed

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        found = self._services.call("lambda", "get_function", name, {"FunctionName": name}, _MISSING)
        if found is None:
            return None
        now = found["Configuration"]
        asked = {"FunctionName": name}
        events = self._services.call("lambda", "get_function_event_invoke_config", name, asked, _MISSING) or {}
        return {
            "description": now.get("Description", ""),
            "code": now.get("CodeSha256"),
            "handler": now.get("Handler"),
            "role": now.get("Role"),
            "runtime": now.get("Runtime"),
            "architecture": (now.get("Architectures") or ["x86_64"])[0],
            "timeout": now.get("Timeout"),
            "memory": now.get("MemorySize"),
            "environment": dict(now.get("Environment", {}).get("Variables", {})),
            "layers": [layer["Arn"] for layer in now.get("Layers") or ()],
            "reserved_concurrency": found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            "events": {
                "retries": events.get("MaximumRetryAttempts"),
                "oldest_seconds": events.get("MaximumEventAgeInSeconds"),
                "on_failure": events.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
            },
            "tags": own_tags(found.get("Tags") or {}),
        }

    def create(self, name: str, after: Settings) -> None:
        """Make it, and what hangs on it."""
        wanted = {
            **_configuration(name, after),
            "Architectures": [after["architecture"]],
            "PackageType": "Zip",
            "Code": {"ZipFile": self._packed},
            "Tags": dict(after["tags"]),
        }
        self._services.ask("lambda", "create_function", name, wanted)
        self._settle(name)
        if after["reserved_concurrency"] is not None:
            self._reserve(name, after)
        self._events(name, after)

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change what differs, one call after the other: while one is under way AWS refuses the next."""
        ask = self._services.ask
        if _CONFIGURATION & set(changed):
            ask("lambda", "update_function_configuration", name, _configuration(name, after))
            self._settle(name)
        if {"code", "architecture"} & set(changed):
            code = {"ZipFile": self._packed, "Architectures": [after["architecture"]]}
            ask("lambda", "update_function_code", name, {"FunctionName": name, **code})
            self._settle(name)
        if "reserved_concurrency" in changed:
            self._reserve(name, after)
        if "events" in changed:
            self._events(name, after)
        if "tags" in changed:
            ask("lambda", "tag_resource", name, {"Resource": self._arn, "Tags": dict(after["tags"])})
            gone = superfluous(before, after)
            if gone:
                ask("lambda", "untag_resource", name, {"Resource": self._arn, "TagKeys": gone})

    def remove(self, name: str) -> None:
        """Remove it, with all that hangs on it."""
        self._services.call("lambda", "delete_function", name, {"FunctionName": name}, _MISSING)

    def _settle(self, name: str) -> None:
        def is_settled() -> bool:
            asked = {"FunctionName": name}
            now = self._services.ask("lambda", "get_function_configuration", name, asked)
            if "Failed" in (now.get("State"), now.get("LastUpdateStatus")):
                why = now.get("LastUpdateStatusReason") or now.get("StateReason") or "no reason is given"
                raise GatewayError("bring into service", name, str(why))
            return now.get("State") != "Pending" and now.get("LastUpdateStatus") != "InProgress"

        self._services.wait("bring into service", name, is_settled)

    def _reserve(self, name: str, after: Settings) -> None:
        function, most = {"FunctionName": name}, after["reserved_concurrency"]
        if most is None:
            self._services.ask("lambda", "delete_function_concurrency", name, function)
        else:
            wanted = {**function, "ReservedConcurrentExecutions": most}
            self._services.ask("lambda", "put_function_concurrency", name, wanted)

    def _events(self, name: str, after: Settings) -> None:
        events = after["events"]
        wanted = {
            "FunctionName": name,
            "MaximumRetryAttempts": events["retries"],
            "MaximumEventAgeInSeconds": events["oldest_seconds"],
            "DestinationConfig": {"OnFailure": {"Destination": events["on_failure"]}},
        }
        self._services.ask("lambda", "put_function_event_invoke_config", name, wanted)


def _configuration(name: str, after: Settings) -> Dict[str, Any]:
    return {
        "FunctionName": name,
        "Description": after["description"],
        "Handler": after["handler"],
        "Role": after["role"],
        "Runtime": after["runtime"],
        "Timeout": after["timeout"],
        "MemorySize": after["memory"],
        "Environment": {"Variables": dict(after["environment"])},
        "Layers": list(after["layers"]),
    }
