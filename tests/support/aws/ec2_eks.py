# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As much of EKS as a schedule needs, for the fake EC2: node groups, their sizes and their tags. moto tags no node groups."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Tuple
from urllib.parse import parse_qsl, unquote

from .ec2_actions import Caller, Refused, Unexpected
from .ec2_store import NodeGroup

_CLUSTERS = re.compile(r"/clusters")
_GROUPS = re.compile(r"/clusters/([^/]+)/node-groups")
_GROUP = re.compile(r"/clusters/([^/]+)/node-groups/([^/]+)")
_UPDATE = re.compile(r"/clusters/([^/]+)/node-groups/([^/]+)/update-config")
_TAGS = re.compile(r"/tags/([^/]+)")
_ROUTES = (
    ("GET", _CLUSTERS, "ListClusters"),
    ("GET", _GROUPS, "ListNodegroups"),
    ("GET", _GROUP, "DescribeNodegroup"),
    ("POST", _UPDATE, "UpdateNodegroupConfig"),
    ("POST", _TAGS, "TagResource"),
)


def route(method: str, target: str) -> Tuple[str, List[str]]:
    """The action, and what its path names; both empty when there is none."""
    path = target.partition("?")[0]
    for verb, pattern, action in _ROUTES:
        found = pattern.fullmatch(path)
        if verb == method and found:
            return action, [unquote(part) for part in found.groups()]
    return "", []


def answer(caller: Caller, method: str, target: str, body: bytes) -> Dict[str, Any]:
    """What the API says, as JSON.

    :raises Refused: as an error.
    :raises Unexpected: for what is not modelled.
    """
    action, names = route(method, target)
    groups = caller.place.node_groups
    query = dict(parse_qsl(target.partition("?")[2]))
    if set(query) - {"maxResults"}:
        raise Unexpected(f"eks:{action} with {query}")
    if action == "ListClusters":
        return {"clusters": sorted({each.cluster for each in groups.values()})}
    if action == "ListNodegroups":
        return {"nodegroups": [each.name for each in groups.values() if each.cluster == names[0]]}
    if action == "DescribeNodegroup":
        return {"nodegroup": _described(caller, _group(groups, "/".join(names)))}
    if action == "UpdateNodegroupConfig":
        return _update(_group(groups, "/".join(names)), json.loads(body))
    if action == "TagResource":
        group = next((each for each in groups.values() if _arn(caller, each) == names[0]), None)
        if group is None:
            raise Refused("NotFoundException", f"no such resource: {names[0]}", 404)
        given = json.loads(body)
        if set(given) != {"tags"}:
            raise Unexpected(f"eks:TagResource with {given}")
        group.tags.update(given["tags"])
        return {}
    raise Unexpected(f"eks {method} {target}")


def _update(group: NodeGroup, given: Dict[str, Any]) -> Dict[str, Any]:
    if set(given) != {"scalingConfig"} or set(given["scalingConfig"]) != {"minSize", "desiredSize", "maxSize"}:
        raise Unexpected(f"eks:UpdateNodegroupConfig with {given}")
    sizes = tuple(given["scalingConfig"][each] for each in ("minSize", "desiredSize", "maxSize"))
    if not 0 <= sizes[0] <= sizes[1] <= sizes[2] or sizes[2] < 1:
        raise Refused("InvalidParameterException", f"sizes {sizes}")
    if group.status != "ACTIVE":
        raise Refused("ResourceInUseException", "Nodegroup cannot be updated as it is currently being updated", 409)
    group.sizes, group.status = (sizes[0], sizes[1], sizes[2]), "UPDATING"
    return {"update": {"id": "1", "status": "InProgress", "type": "ConfigUpdate"}}


def _group(groups: Dict[str, NodeGroup], identity: str) -> NodeGroup:
    if identity not in groups:
        raise Refused("ResourceNotFoundException", f"No node group found for name: {identity}.", 404)
    return groups[identity]


def _arn(caller: Caller, each: NodeGroup) -> str:
    return f"arn:aws:eks:{caller.region}:{caller.account}:nodegroup/{each.cluster}/{each.name}/0123"


def _described(caller: Caller, each: NodeGroup) -> Dict[str, Any]:
    return {
        "nodegroupName": each.name,
        "nodegroupArn": _arn(caller, each),
        "clusterName": each.cluster,
        "status": each.status,
        "scalingConfig": dict(zip(("minSize", "desiredSize", "maxSize"), each.sizes)),
        "instanceTypes": ["m5.large"],
        "tags": each.tags,
        "health": {"issues": []},
    }
