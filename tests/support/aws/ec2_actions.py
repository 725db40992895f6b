# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fake EC2 does with instances: parameters in, the inside of an answer out. What is not modelled is refused."""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Tuple

from .ec2_store import CODES, USER_STOPPED, Ec2Store, Instance, Place

Form = Dict[str, str]
PAGE = 1000
_LIST = re.compile(r"\.\d+")
_FORBIDDEN_TAG = re.compile(r"(?i)aws:")


class Refused(Exception):
    """An error of the API."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Unexpected(Exception):
    """What the fake does not model: the test, or the product, has gone wrong."""


class Caller(NamedTuple):
    """Who asks, where."""

    store: Ec2Store
    account: str
    region: str

    @property
    def place(self) -> Place:
        """What there is to be seen."""
        return self.store.place(self.region, self.account)


def many(form: Form, name: str) -> List[str]:
    """The members of a flat list, in their order: ``InstanceId.1``, ``InstanceId.2`` …"""
    found: List[str] = []
    while f"{name}.{len(found) + 1}" in form:
        found.append(form[f"{name}.{len(found) + 1}"])
    return found


def known(form: Form, *names: str) -> None:
    """Nothing when all parameters are among ``names``, with ``N`` for the number of a member.

    :raises Unexpected: when they are not.
    """
    for name in form:
        if name not in ("Action", "Version") and _LIST.sub(".N", name) not in names:
            raise Unexpected(f"{form['Action']} with the parameter {name}")


def describe_instances(caller: Caller, form: Form) -> bytes:
    """Pages of up to 1,000, filters by tag key, state and id, or ids."""
    known(form, "MaxResults", "NextToken", "InstanceId.N", "Filter.N.Name", "Filter.N.Value.N")
    place = caller.place
    ids = many(form, "InstanceId")
    if ids and "MaxResults" in form:
        raise Refused(
            "InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults"
        )
    if len(ids) > PAGE:
        raise Unexpected(f"DescribeInstances with {len(ids)} ids")
    if ids:
        chosen = _by_ids(place, ids)
    else:
        chosen = list(place.instances.values())
    for each in chosen:
        each.seen()
    number = 1
    while f"Filter.{number}.Name" in form:
        chosen = _filtered(chosen, form[f"Filter.{number}.Name"], many(form, f"Filter.{number}.Value"))
        number += 1
    most = int(form.get("MaxResults", PAGE))
    if not 5 <= most <= PAGE:
        raise Refused(
            "InvalidParameterValue",
            f"Value ( {most} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.",
        )
    start = int(form.get("NextToken", "0"))
    page = chosen[start : start + most]
    more = b"" if start + most >= len(chosen) else b"<nextToken>%d</nextToken>" % (start + most)
    return b"<reservationSet>%s</reservationSet>%s" % (b"".join([each.render() for each in page]), more)


def _filtered(chosen: List[Instance], name: str, values: List[str]) -> List[Instance]:
    if not values or len(values) > 200:
        raise Refused("InvalidParameterValue", f"The filter '{name}' has {len(values)} values")
    wanted = frozenset(values)
    if name == "tag-key":
        return [each for each in chosen if not wanted.isdisjoint(each.tags)]
    if name == "instance-state-name":
        return [each for each in chosen if each.state in wanted]
    if name == "instance-id":
        return [each for each in chosen if each.id in wanted]
    raise Unexpected(f"DescribeInstances with the filter {name}")


def _by_ids(place: Place, ids: List[str]) -> List[Instance]:
    missing = [each for each in ids if each not in place.instances]
    if missing:
        one = len(missing) == 1
        what = f"The instance ID '{missing[0]}' does" if one else f"The instance IDs '{', '.join(missing)}' do"
        raise Refused("InvalidInstanceID.NotFound", f"{what} not exist")
    return [place.instances[each] for each in ids]


def stop_instances(caller: Caller, form: Form) -> bytes:
    """All of them, or none."""
    known(form, "InstanceId.N", "Hibernate")
    hibernate = form.get("Hibernate") == "true"
    chosen = _by_ids(caller.place, _some_ids(form))
    for each in chosen:
        _refusal(each, "StopInstances")
        if each.state not in ("running", "stopping", "stopped"):
            raise Refused(
                "IncorrectInstanceState", f"This instance '{each.id}' is not in a state from which it can be stopped."
            )
        if each.spot or each.instance_store:
            raise Refused("UnsupportedOperation", f"You can't stop the instance '{each.id}' of this kind.")
        if hibernate and not each.can_hibernate:
            raise Refused(
                "UnsupportedHibernationConfiguration",
                f"The instance '{each.id}' is not enabled for hibernation: hibernation must be configured at launch.",
            )
    before = [each.state for each in chosen]
    for each in chosen:
        if each.state == "running":
            each.go("stopping", "stopped", USER_STOPPED)
    return _changes(chosen, before, "stopping")


def start_instances(caller: Caller, form: Form) -> bytes:
    """All of them, or none."""
    known(form, "InstanceId.N")
    chosen = _by_ids(caller.place, _some_ids(form))
    needed: Dict[Tuple[str, str], int] = {}
    for each in chosen:
        _refusal(each, "StartInstances")
        if each.state not in ("running", "pending", "stopped"):
            raise Refused(
                "IncorrectInstanceState", f"The instance '{each.id}' is not in a state from which it can be started."
            )
        if each.state == "stopped":
            needed[each.type, each.zone] = needed.get((each.type, each.zone), 0) + 1
    room = caller.store.room
    for kind, count in needed.items():
        if count > room.get(kind, count):
            raise Refused(
                "InsufficientInstanceCapacity",
                f"We currently do not have sufficient {kind[0]} capacity in the Availability Zone you requested ({kind[1]})."
                " Our system will be working on provisioning additional capacity.",
                500,
            )
    for kind, count in needed.items():
        if kind in room:
            room[kind] -= count
    before = [each.state for each in chosen]
    for each in chosen:
        if each.state == "stopped":
            if each.falls_back is not None:
                each.go("pending", "stopped", each.falls_back)
            else:
                each.go("pending", "running", ("", ""))
    return _changes(chosen, before, "pending")


def _some_ids(form: Form) -> List[str]:
    ids = many(form, "InstanceId")
    if not ids:
        raise Refused("MissingParameter", "The request must contain the parameter InstanceId")
    if len(ids) > PAGE:
        raise Unexpected(f"{form['Action']} with {len(ids)} ids")
    if len(set(ids)) != len(ids):
        raise Unexpected(f"{form['Action']} names an instance twice")
    return ids


def _refusal(each: Instance, action: str) -> None:
    if action in each.refuses:
        code, message = each.refuses[action]
        raise Refused(code, message.replace("{id}", each.id), 403 if code == "UnauthorizedOperation" else 400)


def _changes(chosen: List[Instance], before: List[str], now: str) -> bytes:
    items = "".join(
        f"<item><instanceId>{each.id}</instanceId><currentState><code>{CODES[now]}</code><name>{now}</name></currentState>"
        f"<previousState><code>{CODES[was]}</code><name>{was}</name></previousState></item>"
        for each, was in zip(chosen, before)
    )
    return f"<instancesSet>{items}</instancesSet>".encode()


def create_tags(caller: Caller, form: Form) -> bytes:
    """The same tags on up to 1,000 instances."""
    known(form, "ResourceId.N", "Tag.N.Key", "Tag.N.Value")
    ids = many(form, "ResourceId")
    if not ids or len(ids) > PAGE:
        raise Unexpected(f"CreateTags of {len(ids)} resources")
    tags = tags_of(form, "Tag")
    chosen = _by_ids(caller.place, ids)
    for each in chosen:
        _refusal(each, "CreateTags")
    for each in chosen:
        merge(each.tags, tags)
        each.xml = b""
    return b"<return>true</return>"


def tags_of(form: Form, name: str) -> Dict[str, str]:
    """The tags of a request.

    :raises Refused: for what no tag can be.
    """
    found: Dict[str, str] = {}
    while f"{name}.{len(found) + 1}.Key" in form:
        number = len(found) + 1
        key, value = form[f"{name}.{number}.Key"], form[f"{name}.{number}.Value"]
        if _FORBIDDEN_TAG.match(key) or not 1 <= len(key) <= 128 or len(value) > 256 or key in found:
            raise Refused("InvalidParameterValue", f"Tag {key}={value}")
        found[key] = value
    if not found:
        raise Refused("MissingParameter", "The request must contain the parameter Tag")
    return found


def merge(tags: Dict[str, str], more: Dict[str, str]) -> None:
    """Write more tags over those that there are.

    :raises Refused: when they are too many.
    """
    if len({*tags, *more}) > 50:
        raise Refused("TagLimitExceeded", "More than 50 tags")
    tags.update(more)


def describe_regions(caller: Caller, form: Form) -> bytes:
    """The regions that are switched on."""
    known(form, "AllRegions", "Filter.N.Name", "Filter.N.Value.N")
    items = "".join(
        f"<item><regionName>{each}</regionName><regionEndpoint>ec2.{each}.amazonaws.com</regionEndpoint>"
        "<optInStatus>opt-in-not-required</optInStatus></item>"
        for each in caller.store.regions
    )
    return f"<regionInfo>{items}</regionInfo>".encode()
