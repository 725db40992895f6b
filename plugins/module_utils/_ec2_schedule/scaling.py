# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of EC2 Auto Scaling and EKS to resources: groups of instances, which are emptied and not stopped.

Source of the shapes: the API references of Amazon EC2 Auto Scaling and Amazon EKS. Whatever the bytes, the outcome is resources
or an :class:`AnswerError`.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Tuple

from .._aws.answer import AnswerError, Node, filled_text, json_object, member, number, text_of, xml_root
from .answers import Page, counted
from .groups import SUSPENDED
from .model import Kind, Resource, Sizes, State

_LEAVING = ("Terminat", "Detach")  # … of a member's life that no longer counts
_SUSPENDED = frozenset(SUSPENDED)
_NODE_STATES: Mapping[str, State] = {
    "ACTIVE": State.RUNNING,
    "DEGRADED": State.RUNNING,
    "CREATE_FAILED": State.GONE,
    "DELETING": State.GONE,
    "DELETE_FAILED": State.GONE,
}


class Names(NamedTuple):
    """A page of names; without a token it is the last."""

    names: List[str]
    token: str


def groups(body: bytes, account: str, region: str) -> Page:
    """A page of DescribeAutoScalingGroups.

    The state of a group whose processes are suspended is that of its instances, which :func:`with_instances` tells.

    :raises AnswerError: when the body is something else.
    """
    result = xml_root(body, "DescribeAutoScalingGroupsResponse").find("DescribeAutoScalingGroupsResult")
    items = None if result is None else result.find("AutoScalingGroups")
    if result is None or items is None:
        raise AnswerError("<AutoScalingGroups> is missing")
    resources = [_group(item, account, region) for item in items.findall("member")]
    return Page(resources, (result.findtext("NextToken") or "").strip())


def stands_still(group: Resource) -> bool:
    """Whether its processes are suspended as they are for a stop, so that its instances must be looked at."""
    return bool(group.members) and group.state is State.RUNNING and _SUSPENDED.issubset(group.suspended)


def with_instances(group: Resource, instances: Iterable[Resource]) -> Resource:
    """A group that may stand still, with the state of its instances.

    Some that run beside others that do not, and none on its way: an action came only half of the way. The group is neither
    running nor stopped then, so that either wish is tried again.
    """
    found = [each.state for each in instances if each.state is not State.GONE]
    states = set(found)
    if not states:
        return group
    running = found.count(State.RUNNING)
    if len(states) == 1:
        state = states.pop()
    else:
        state = State.CHANGING if State.CHANGING in states else State.MIXED
    word = f"suspended, {running} of {len(group.members)} instances running"
    return group._replace(state=state, aws_state=word)


def cluster_names(body: bytes) -> Names:
    """A page of ListClusters.

    :raises AnswerError: when the body is something else.
    """
    return _names(body, "clusters")


def node_group_names(body: bytes) -> Names:
    """A page of ListNodegroups.

    :raises AnswerError: when the body is something else.
    """
    return _names(body, "nodegroups")


def node_group(body: bytes, account: str, region: str) -> Resource:
    """DescribeNodegroup's answer; the id of a node group is ``cluster/name``.

    :raises AnswerError: when the body is something else.
    """
    found = member(json_object(body), "nodegroup", dict)
    cluster, name = member(found, "clusterName", str), member(found, "nodegroupName", str)
    word = member(found, "status", str)
    scaling = member(found, "scalingConfig", dict)
    sizes = Sizes(*(_size(scaling, key) for key in ("minSize", "desiredSize", "maxSize")))
    types = _strings(found, "instanceTypes")
    state = _NODE_STATES.get(word, State.CHANGING)
    if state is State.RUNNING and not sizes.desired:
        state = State.STOPPED
    return Resource(
        Kind.NODEGROUP,
        f"{cluster}/{name}",
        account,
        region,
        state,
        _string_tags(found.get("tags") or {}),
        word,
        _health(found.get("health")),
        arn=member(found, "nodegroupArn", str),
        type=types[0] if types else "",
        sizes=sizes,
        units=((types[0], sizes.desired),) if types else (),
    )


def _group(item: Node, account: str, region: str) -> Resource:
    sizes = Sizes(*(number(text_of(item, name), name) for name in ("MinSize", "DesiredCapacity", "MaxSize")))
    tags = {filled_text(tag, "Key"): tag.findtext("Value") or "" for tag in item.findall("Tags/member")}
    staying: List[str] = []
    types: List[str] = []
    kept_in = 0
    for each in item.findall("Instances/member"):
        identity = filled_text(each, "InstanceId")
        if (each.findtext("LifecycleState") or "").startswith(_LEAVING):
            continue
        staying.append(identity)
        types.append((each.findtext("InstanceType") or "").strip())
        kept_in += (each.findtext("ProtectedFromScaleIn") or "").strip() == "true"
    status = (item.findtext("Status") or "").strip()
    state, word = _state(sizes, len(staying), kept_in, status)
    units = counted([each for each in types if each])
    return Resource(
        Kind.ASG,
        filled_text(item, "AutoScalingGroupName"),
        account,
        region,
        state,
        tags,
        word,
        arn=(item.findtext("AutoScalingGroupARN") or "").strip(),
        type=units[0][0] if units else _first_type(item),
        obstacle=_obstacle(tags),
        sizes=sizes,
        members=tuple(staying),
        units=units,
        suspended=tuple(sorted(filled_text(each, "ProcessName") for each in item.findall("SuspendedProcesses/member"))),
    )


def _state(sizes: Sizes, staying: int, kept_in: int, status: str) -> Tuple[State, str]:
    """What a group is doing, and in words; ``status`` is only there while it is being deleted."""
    if status:
        return State.GONE, status
    if sizes.desired:
        return State.RUNNING, f"{staying} of {sizes.desired} instances"
    if kept_in:
        return State.CHANGING, f"empty but for {kept_in} instances that are protected from scale-in"
    if staying:
        return State.CHANGING, f"emptying, {staying} instances left"
    return State.STOPPED, "empty"


def _obstacle(tags: Mapping[str, str]) -> str:
    """Why a group is not touched, or nothing."""
    owner = tags.get("eks:nodegroup-name")
    return f"belongs to the EKS node group {owner}: tag that instead" if owner else ""


def _first_type(item: Node) -> str:
    """The instance type of an empty group, where its launch template may be overridden by one."""
    path = "MixedInstancesPolicy/LaunchTemplate/Overrides/member/InstanceType"
    return (item.findtext(path) or "").strip()


def _names(body: bytes, name: str) -> Names:
    document = json_object(body)
    token = document.get("nextToken") or ""
    if not isinstance(token, str):
        raise AnswerError("'nextToken' is of the wrong type")
    return Names(_strings(document, name, needed=True), token)


def _strings(document: Mapping[str, Any], name: str, needed: bool = False) -> List[str]:
    values = member(document, name, list) if needed else document.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise AnswerError(f"{name!r} is no list of names")
    return values


def _string_tags(tags: Any) -> Dict[str, str]:
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise AnswerError("'tags' are none")
    return tags


def _size(scaling: Mapping[str, Any], key: str) -> int:
    value = scaling.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise AnswerError(f"{key!r} is not a size")
    return value


def _health(health: Any) -> str:
    """AWS's own words for what ails a node group: the first of its issues."""
    issues = health.get("issues") if isinstance(health, dict) else None
    first = issues[0] if isinstance(issues, list) and issues else None
    if not isinstance(first, dict):
        return ""
    return ": ".join(str(first[key])[:300] for key in ("code", "message") if first.get(key))
