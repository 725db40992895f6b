# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2's answers to resources.

Source of the shapes: the API reference of Amazon EC2. Whatever the bytes, the outcome is resources or an
:class:`AnswerError`. A page of 1,000 instances is four megabytes, most of which is of network interfaces and disks: that is
cut out before the rest is parsed, which halves the time.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple
from xml.etree import ElementTree

from .._aws.answer import AnswerError, Node, filled_text, xml_root
from .model import Kind, Resource, State

# Nothing of it is asked of, none of it contains itself, and it is two thirds of the answer.
_CUT = (
    b"networkInterfaceSet",
    b"blockDeviceMapping",
    b"groupSet",
    b"metadataOptions",
    b"cpuOptions",
    b"privateDnsNameOptions",
    b"capacityReservationSpecification",
)
_TOGETHER = 16  # reservations that are parsed at once
_STATES: Mapping[str, State] = {
    "pending": State.CHANGING,
    "running": State.RUNNING,
    "stopping": State.CHANGING,
    "stopped": State.STOPPED,
    "shutting-down": State.GONE,
    "terminated": State.GONE,
}
_UNKNOWN_IDS = re.compile(r"\bi-[0-9a-z]+\b")

# Tags that AWS, or who runs a cluster, gives to instances that are not to be stopped one by one; in the order of how much they tell.
_OWNED_BY_TAG = (
    ("eks:nodegroup-name", "node of the EKS node group {}"),
    ("eks:cluster-name", "node of the EKS cluster {}"),
    ("aws:eks:cluster-name", "node of the EKS cluster {}"),
    ("karpenter.sh/nodepool", "node that Karpenter made for its pool {}"),
    ("karpenter.sh/provisioner-name", "node that Karpenter made for its pool {}"),
    ("aws:elasticmapreduce:job-flow-id", "node of the EMR cluster {}"),
    ("aws:autoscaling:groupName", "member of the Auto Scaling group {}"),
    ("aws:ec2:fleet-id", "member of the EC2 fleet {}"),
    ("aws:ec2spot:fleet-request-id", "member of the spot fleet {}"),
)
_OWNERS = frozenset(name for name, _sentence in _OWNED_BY_TAG)
_KUBERNETES = "kubernetes.io/cluster/"
_LIFECYCLES: Mapping[str, str] = {
    "spot": "spot instance",
    "scheduled": "scheduled reserved instance, which cannot be stopped",
    "capacity-block": "instance of a capacity block, which is paid for in advance",
}


class Page(NamedTuple):
    """One page of resources; without a token it is the last."""

    resources: List[Resource]
    token: str


def instances(body: bytes, account: str, region: str) -> Page:
    """A page of DescribeInstances.

    :raises AnswerError: when the body is something else.
    """
    # EC2 sends no declarations, comments or CDATA, in which a cut could go wrong. One character is found ten times as fast as two.
    if b"\0" in body or (b"!" in body and b"<!" in body):
        raise AnswerError("XML with a declaration, comment or CDATA section is refused")
    for name in _CUT:
        body, _cut = _taken_out(body, name)
    body, sets = _taken_out(body, b"instancesSet")
    root = xml_root(body, "DescribeInstancesResponse")
    if root.find("reservationSet") is None or root.find(".//instancesSet/*") is not None:
        raise AnswerError("<reservationSet> is missing, or not what it should be")
    resources: List[Resource] = []
    # A few at a time: a hundred thousand elements at once are walked through by the garbage collector again and again.
    for start in range(0, len(sets), _TOGETHER):
        try:
            items = ElementTree.fromstring(b"<items>" + b"".join(sets[start : start + _TOGETHER]) + b"</items>")
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise AnswerError(f"not well-formed XML ({error})") from error
        resources += [_instance(item, account, region) for item in items]
    return Page(resources, (root.findtext("nextToken") or "").strip())


def unknown_ids(message: str) -> List[str]:
    """The ids that EC2 names as unknown: ``The instance IDs 'i-1, i-2' do not exist``."""
    return _UNKNOWN_IDS.findall(message)


def regions(body: bytes) -> List[str]:
    """The regions that are switched on, by name.

    :raises AnswerError: when the body is something else.
    """
    items = xml_root(body, "DescribeRegionsResponse").find("regionInfo")
    if items is None:
        raise AnswerError("<regionInfo> is missing")
    found = [filled_text(item, "regionName") for item in items if item.findtext("optInStatus") != "not-opted-in"]
    if not found:
        raise AnswerError("not one region is switched on")
    return sorted(set(found))


def instant_of(text: Optional[str]) -> Optional[datetime]:
    """A time as AWS writes it (``2026-11-28T07:30:12.000Z``); ``None`` when there is none.

    :raises AnswerError: when it is no time.
    """
    text = (text or "").strip()
    if not text:
        return None
    if text[10:11] != "T" or text[19:].strip(".0123456789") not in ("Z", "+00:00"):
        raise AnswerError(f"not a time in UTC: {text[:40]!r}")
    try:
        # AWS's fractions have any number of digits, and Python 3.9 wants none, three or six; nobody needs them here.
        return datetime.fromisoformat(f"{text[:19]}+00:00")
    except ValueError:
        raise AnswerError(f"not a time: {text[:40]!r}") from None


def _taken_out(body: bytes, name: bytes) -> Tuple[bytes, List[bytes]]:
    """The document without the elements of this name, and their contents. They must not contain each other."""
    first, *parts = body.split(b"<" + name + b">")
    end = b"</" + name + b">"
    kept, taken = [first], []
    for part in parts:
        inner, found, rest = part.partition(end)
        if not found:
            raise AnswerError(f"<{name.decode()}> does not end")
        taken.append(inner)
        kept.append(rest)
    return b"".join(kept) if taken else body, taken


def _instance(item: Node, account: str, region: str) -> Resource:
    fields = {child.tag: child for child in item}  # asked by name one by one, each would be searched for from the start
    identity = _text(fields, "instanceId")
    if not identity:
        raise AnswerError("<instanceId> is missing")
    word = _inner(fields, "instanceState", "name")
    if not word:
        raise AnswerError(f"<instanceState> is missing in {identity[:40]}")
    tags = _tags(fields.get("tagSet", ()))
    kind = _text(fields, "instanceType")
    on_host = _inner(fields, "placement", "tenancy") == "host"
    return Resource(
        Kind.EC2,
        identity,
        account,
        region,
        _STATES.get(word, State.CHANGING),
        tags,
        word,
        _reason(fields),
        type=kind,
        zone=_inner(fields, "placement", "availabilityZone"),
        obstacle=_obstacle(fields, tags, kind),
        can_hibernate=_inner(fields, "hibernationOptions", "configured") == "true",
        # What runs on a host of one's own costs nothing by itself: the host is paid for.
        units=(("dedicated host" if on_host else kind, 1),),
        launched=instant_of(_text(fields, "launchTime")),
    )


def _text(fields: Mapping[str, Node], name: str) -> str:
    found = fields.get(name)
    return (found.text or "").strip() if found is not None else ""


def _inner(fields: Mapping[str, Node], name: str, child: str) -> str:
    found = fields.get(name)
    return (found.findtext(child) or "").strip() if found is not None else ""


def _tags(items: Iterable[Node]) -> Mapping[str, str]:
    tags: Dict[str, str] = {}
    for item in items:
        key = item.findtext("key")
        if key is None:
            raise AnswerError("<key> is missing in a tag")
        tags[key] = item.findtext("value") or ""
    return tags


def _reason(fields: Mapping[str, Node]) -> str:
    """Why it is in its state: ``Client.UserInitiatedShutdown: User initiated shutdown``."""
    code, message = _inner(fields, "stateReason", "code"), _inner(fields, "stateReason", "message")
    if not code:
        return message or _text(fields, "reason")
    if not message or message == code:
        return code
    return message if message.startswith(code) else f"{code}: {message}"


def _obstacle(fields: Mapping[str, Node], tags: Mapping[str, str], kind: str) -> str:
    """Why it is never stopped by itself, or nothing."""
    if _inner(fields, "operator", "managed") == "true":
        return f"managed by {_inner(fields, 'operator', 'principal') or 'a service of AWS'}"
    owner = owner_of(tags)
    if owner:
        return owner
    lifecycle = _text(fields, "instanceLifecycle")
    if lifecycle:
        return _LIFECYCLES.get(lifecycle, f"{lifecycle} instance, of which it is not known that it may be stopped")
    if _text(fields, "rootDeviceType") == "instance-store":
        return "its root volume is an instance store: it can be ended, and not stopped"
    if kind.startswith("mac"):
        return "Mac instance: its host is paid for all the same, and cannot be used for hours after a stop"
    return ""


def owner_of(tags: Mapping[str, str]) -> str:
    """The group or cluster that an instance belongs to by its tags, in words."""
    if not _OWNERS.isdisjoint(tags):
        for name, sentence in _OWNED_BY_TAG:
            if name in tags:
                return sentence.format(tags[name] or "(without a name)")
    for name in tags:
        if name.startswith(_KUBERNETES):
            return f"node of the Kubernetes cluster {name[len(_KUBERNETES) :]}"
    return ""


def counted(types: List[str]) -> Tuple[Tuple[str, int], ...]:
    """How many of which type, the commonest first."""
    numbers: Dict[str, int] = {}
    for each in types:
        numbers[each] = numbers.get(each, 0) + 1
    return tuple(sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])))
