# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources that carry a schedule, and a way to decide about one: for the tests of deciding."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional

from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import LookUp, Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Decision, Kind, Resource, Sizes, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named

ACCOUNT, REGION = "111122223333", "eu-south-2"
OFFICE = "Mon-Fri 07:30-19:00 Europe/Madrid"


def utc(text: str) -> datetime:
    """``2026-11-27T18:00`` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def machine(state: State = State.RUNNING, tags: Optional[Mapping[str, str]] = None, **rest: Any) -> Resource:
    """An instance with the schedule of an office, and what is to be different about it."""
    fields: Dict[str, Any] = {"kind": Kind.EC2, "id": "i-1", "account": ACCOUNT, "region": REGION, **rest}
    return Resource(state=state, tags={"Schedule": OFFICE, **(tags or {})}, **fields)


def group(sizes: Sizes, tags: Optional[Mapping[str, str]] = None, **rest: Any) -> Resource:
    """An Auto Scaling group of those sizes."""
    state = rest.pop("state", State.RUNNING if sizes.desired else State.STOPPED)
    return machine(state, tags, **{"kind": Kind.ASG, "id": "web", "sizes": sizes, **rest})


def followed(state: str, owner: str = "i-1") -> Dict[str, str]:
    """The tags of a resource whose state tag says that."""
    return {"ScheduleState": state, "ScheduleStateOf": owner}


def inline(named: Optional[Mapping[str, Named]] = None) -> LookUp:
    """Schedules by their names, and those that stand in the tag itself."""
    known: Dict[str, Any] = dict(named or {})

    def look_up(text: str) -> Named:
        if text not in known:
            try:
                known[text] = Named(text, parse_schedule(text))
            except Day2Error as error:
                known[text] = error
        if isinstance(known[text], Day2Error):
            raise known[text]
        found: Named = known[text]
        return found

    return look_up


def marked(resource: Resource, decision: Decision) -> Resource:
    """The resource after its decision was marked."""
    return resource._replace(tags={**resource.tags, **followed(decision.mark, resource.id)})


def decided(resource: Resource, now: str, named: Optional[Mapping[str, Named]] = None, **rest: Any) -> Decision:
    """What becomes of one resource at an instant (UTC)."""
    restarted = rest.pop("restarted_by_aws", ())
    calendars: Mapping[str, Calendar] = rest.pop("calendars", {})
    (found,) = decide([resource], inline(named), calendars, Rules("Schedule", **rest), utc(now), restarted)
    return found
