# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles with one policy of ours inside."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Sequence

from ..model import Settings
from .services import Services, own_tags, pairs, superfluous

_POLICY = "ec2-schedule"
_MISSING = ("NoSuchEntity", "NoSuchEntityException")


class Roles:
    """Roles by their names."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        found = self._services.call("iam", "get_role", name, {"RoleName": name}, _MISSING)
        if found is None:
            return None
        role = found["Role"]
        asked = {"RoleName": name, "PolicyName": _POLICY}
        policy = self._services.call("iam", "get_role_policy", name, asked, _MISSING)
        return {
            "description": role.get("Description", ""),
            "trust": role["AssumeRolePolicyDocument"],
            "policy": policy["PolicyDocument"] if policy is not None else {},
            "boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "tags": own_tags(role.get("Tags")),
        }

    def create(self, name: str, after: Settings) -> None:
        """Make the role, then put the policy into it."""
        wanted: Dict[str, Any] = {
            "RoleName": name,
            "AssumeRolePolicyDocument": json.dumps(after["trust"]),
            "Description": after["description"],
            "Tags": pairs(after["tags"]),
        }
        if after["boundary"]:
            wanted["PermissionsBoundary"] = after["boundary"]
        self._services.ask("iam", "create_role", name, wanted)
        self._put_policy(name, after)

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change what differs."""
        ask, role = self._services.ask, {"RoleName": name}
        if "description" in changed:
            ask("iam", "update_role", name, {**role, "Description": after["description"]})
        if "trust" in changed:
            trust = {"PolicyDocument": json.dumps(after["trust"])}
            ask("iam", "update_assume_role_policy", name, {**role, **trust})
        if "boundary" in changed and after["boundary"]:
            boundary = {"PermissionsBoundary": after["boundary"]}
            ask("iam", "put_role_permissions_boundary", name, {**role, **boundary})
        elif "boundary" in changed:
            ask("iam", "delete_role_permissions_boundary", name, role)
        if "policy" in changed:
            self._put_policy(name, after)
        if "tags" in changed:
            ask("iam", "tag_role", name, {**role, "Tags": pairs(after["tags"])})
            gone = superfluous(before, after)
            if gone:
                ask("iam", "untag_role", name, {**role, "TagKeys": gone})

    def remove(self, name: str) -> None:
        """Take everything out of the role, then remove it: AWS removes only empty ones."""
        call, role = self._services.call, {"RoleName": name}
        inside = call("iam", "list_role_policies", name, role, _MISSING) or {}
        for policy in inside.get("PolicyNames", ()):
            call("iam", "delete_role_policy", name, {**role, "PolicyName": policy}, _MISSING)
        attached = call("iam", "list_attached_role_policies", name, role, _MISSING) or {}
        for policy in attached.get("AttachedPolicies", ()):
            call("iam", "detach_role_policy", name, {**role, "PolicyArn": policy["PolicyArn"]}, _MISSING)
        call("iam", "delete_role", name, role, _MISSING)

    def _put_policy(self, name: str, after: Settings) -> None:
        policy = {"RoleName": name, "PolicyName": _POLICY, "PolicyDocument": json.dumps(after["policy"])}
        self._services.ask("iam", "put_role_policy", name, policy)
