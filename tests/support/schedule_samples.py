# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports of scheduling runs: of a fleet as people have it, of none, of many, and of one whose names attack the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import calendar_of_dates
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import (
    Action,
    Decision,
    Kind,
    Resource,
    Sizes,
    State,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.outcome import Outcome
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.outlook import outlook
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.report_model import RunHeader, ScheduleReport
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.result import (
    Found,
    action_entries,
    next_edge_entries,
    not_touched_entries,
    plan_entries,
    summary,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.savings import hourly, savings
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.structured import parse_named
from ansible_collections.day2.ops.tests.support.report_samples import HOSTILE

NOW = datetime(2026, 12, 1, 18, 5, tzinfo=timezone.utc)  # a Tuesday, 19:05 in Madrid
ACCOUNTS = ("111122223333", "444455556666")
NAMED: Mapping[str, Any] = {
    "office": "Mon-Fri 07:30-19:00 not @holidays Europe/Madrid",
    "nightly-batch": "Mon-Fri 22:00-06:00 America/New_York",
    "training": "Mon-Fri 12:00-20:00 America/New_York",
    "notebooks": {"schedule": "weekdays 09:00-18:00 Europe/London", "hibernate": True},
    "tokyo-desk": "Mon-Fri 08:00-20:00 Asia/Tokyo",
}
CALENDARS = {"holidays": calendar_of_dates("holidays", ["2026-12-08", "12-25", "01-01", "01-06"])}
PRICES: Mapping[str, float] = {
    "t3.medium": 0.0456,
    "m6i.large": 0.112,
    "m6i.xlarge": 0.224,
    "c6i.2xlarge": 0.388,
    "r6i.xlarge": 0.304,
    "p4d.24xlarge": 32.77,
    "db.m6i.large": 0.198,
    "db.r6g.large": 0.26,
}
RULES = Rules("Schedule", protected_tags={"Tier": "prod*"})


class LookUp:
    """Schedules by their names, and those that stand in the tag itself."""

    def __init__(self, named: Optional[Mapping[str, Any]] = None) -> None:
        self._given = NAMED if named is None else named
        self._known: Dict[str, Any] = {}

    def __call__(self, text: str) -> Named:
        if text not in self._known:
            try:
                given = self._given.get(text)
                self._known[text] = parse_named(text, given) if given else Named(text, parse_schedule(text))
            except Day2Error as error:
                self._known[text] = error
        found = self._known[text]
        if isinstance(found, Day2Error):
            raise found
        named: Named = found
        return named


def followed(word: str, name: str) -> Dict[str, str]:
    """The tags of a resource whose last edge was followed."""
    return {"ScheduleState": word, "ScheduleStateOf": name}


class _Fleet:
    """Makes resources with ids that look like AWS's, and are the same each time."""

    def __init__(self) -> None:
        self._random = Random(3)
        self.resources: List[Resource] = []

    def add(self, name: str, state: State, schedule: str, then: str = "", **rest: Any) -> None:
        kind = rest.pop("kind", Kind.EC2)
        machine = kind is Kind.EC2
        name_of = f"i-{self._random.getrandbits(68):017x}" if machine else name
        tags = {"Schedule": schedule, **rest.pop("tags", {}), **({"Name": name} if machine else {})}
        if then:
            tags.update(followed(then, name_of))
        fields = {"account": ACCOUNTS[0], "region": "eu-south-2", "type": "m6i.large", "aws_state": state.value, **rest}
        if machine:
            fields["units"] = ((fields["type"], 1),)
        self.resources.append(Resource(kind, name_of, state=state, tags=tags, **fields))


def fleet() -> List[Resource]:
    """Thirty instances, two databases and two groups, with everything that can be the matter with them."""
    made, running, stopped = _Fleet(), State.RUNNING, State.STOPPED
    morning, evening = "running 2026-12-01T06:30:00Z", "stopped 2026-11-30T18:00:00Z"
    for number in range(1, 7):
        made.add(f"web-test-{number}", running, "office", morning, type="t3.medium")
    for number in range(1, 4):
        made.add(f"api-test-{number}", running, "office", morning)
    made.add("api-test-4", stopped, "office", morning)  # a person has stopped it at noon
    made.add("crawler", running, "office", type="t3.medium", obstacle="a spot instance is not stopped by itself")
    made.add("billing", running, "office", tags={"Tier": "production"})
    us = {"account": ACCOUNTS[1], "region": "us-east-1"}
    night = "stopped 2026-12-01T11:00:00Z"
    for number in range(1, 5):
        made.add(f"etl-{number}", stopped, "nightly-batch", night, type="c6i.2xlarge", **us)
    made.add("trainer-1", stopped, "training", "stopped 2026-12-01T01:00:00Z", type="p4d.24xlarge", **us)
    made.add("trainer-2", stopped, "training", "stopped 2026-12-01T01:00:00Z", type="m6i.xlarge", **us)
    for number, owner in enumerate(("ada", "grace", "edsger", "barbara")):
        override = {"ScheduleOverride": "running until 2026-12-03T12:00+00:00"} if number == 1 else {}
        state = "running until 2026-12-03T12:00:00Z" if number == 1 else "running 2026-12-01T09:00:00Z"
        made.add(
            f"notebook-{owner}",
            running,
            "notebooks",
            state,
            tags=override,
            type="r6i.xlarge",
            region="eu-west-2",
            can_hibernate=number < 3,
        )
    for number in range(1, 4):
        made.add(
            f"build-{number}",
            running,
            "stop-only daily 21:00 Europe/Berlin",
            "stopped 2026-11-30T20:00:00Z",
            type="m6i.xlarge",
            region="eu-central-1",
            launched=NOW - timedelta(hours=9),
        )
    made.add(
        "desk-1", stopped, "tokyo-desk", "stopped 2026-12-01T11:00:00Z", account=ACCOUNTS[1], region="ap-northeast-1"
    )
    made.add(
        "desk-2", running, "tokyo-desk", "stopped 2026-12-01T11:00:00Z", account=ACCOUNTS[1], region="ap-northeast-1"
    )
    made.add("vpn", running, "always", "running", type="t3.medium")
    made.add("old-crm", stopped, "never", "stopped")
    made.add("typo", running, "Mon-Fry 07:30-19:00", type="t3.medium")
    made.add("reports", running, "office", morning, kind=Kind.RDS, type="db.m6i.large", units=(("db.m6i.large", 1),))
    made.add(
        "ledger",
        stopped,
        "tokyo-desk",
        "stopped 2026-12-01T11:00:00Z",
        kind=Kind.CLUSTER,
        type="db.r6g.large",
        account=ACCOUNTS[1],
        region="ap-northeast-1",
        units=(("db.r6g.large", 2),),
        members=("ledger-a", "ledger-b"),
    )
    made.add(
        "web-asg",
        running,
        "office",
        morning,
        kind=Kind.ASG,
        sizes=Sizes(2, 3, 6),
        units=(("m6i.large", 3),),
        members=("i-1", "i-2", "i-3"),
    )
    made.add(
        "shop/workers",
        stopped,
        "last-Fri 08:00-20:00 Europe/Madrid",
        evening,
        kind=Kind.NODEGROUP,
        sizes=Sizes(0, 0, 4),
        tags={"ScheduleKept": "1/2/4"},
    )
    return made.resources


def report(
    resources: Optional[Sequence[Resource]] = None,
    days: int = 7,
    now: datetime = NOW,
    look_up: Optional[LookUp] = None,
    acted: bool = True,
    priced: bool = True,
    **run: Any,
) -> ScheduleReport:
    """A run over that fleet; by default the one that people have."""
    look_up = look_up or LookUp()
    rules, resources = RULES, fleet() if resources is None else resources
    decisions = decide(resources, look_up, CALENDARS, rules, now)
    outcomes = list(_outcomes(decisions)) if acted else []
    found = Found(decisions, outcomes, acted)
    header = {
        "run_id": "2026-12-01T18-05-00Z-5f3a",
        "started_at": now,
        "accounts": tuple(sorted({resource.account for resource in resources})),
        "regions": tuple(sorted({resource.region for resource in resources})),
        "check_mode": not acted,
        "now": now,
        "what_if": False,
        "version": "0.1.0",
        **run,
    }
    price = hourly(lambda _kind, name, _region: PRICES.get(name), rules.tag) if priced else None
    return ScheduleReport(
        run=RunHeader(**header),
        status=found.status.value,
        summary=summary(found),
        decisions=decisions,
        actions=action_entries(found) if acted else plan_entries(found),
        not_touched=not_touched_entries(found),
        problems=found.all_problems,
        next_edges=next_edge_entries(found),
        outlook=outlook(decisions, look_up, CALENDARS, rules.tag, now, days),
        savings=savings(resources, look_up, CALENDARS, rules, now, now + timedelta(days=days), price),
        currency="USD",
    )


def _outcomes(decisions: Iterable[Decision]) -> Iterator[Outcome]:
    for decision in decisions:
        if decision.action is None:
            continue
        kind, action = decision.resource.kind, decision.action
        if decision.resource.type.startswith("p4d"):
            error = "InsufficientInstanceCapacity: no p4d.24xlarge is left in us-east-1a; tried again in the next run"
            yield Outcome(decision, False, error=error)
        elif kind in (Kind.RDS, Kind.CLUSTER):
            yield Outcome(decision, False, True, seen="stopping")
        elif action is Action.HIBERNATE:
            yield Outcome(decision, True, note="hibernated, its memory is on disk", seen="stopped")
        else:
            yield Outcome(decision, True, seen="stopped" if action is Action.STOP else "running")


def many(count: int, schedules: int = 40) -> ScheduleReport:
    """A large fleet; ``schedules`` is how many different ones it has."""
    made, random = _Fleet(), Random(count)
    texts = [f"Mon-Fri {7 + n % 4:02}:{n % 60:02}-17:{n // 60 % 60:02} Europe/Madrid" for n in range(schedules)]
    for number in range(count):
        state = State.RUNNING if random.random() < 0.6 else State.STOPPED
        region = random.choice(("eu-south-2", "eu-central-1", "us-east-1"))
        made.add(f"node-{number:05}", state, texts[number % schedules], type="m6i.large", region=region)
    return report(made.resources)


def hostile() -> ScheduleReport:
    """Every text that comes from AWS or from a user attacks what shows it."""
    made: List[Resource] = []
    for number, text in enumerate(HOSTILE):
        tags = {"Schedule": "office" if number % 2 else text, "Name": text}
        if number % 3 == 0:
            tags["ScheduleOverride"] = text
        state = (State.RUNNING, State.STOPPED)[number // 2 % 2]
        made.append(
            Resource(
                Kind.EC2,
                f"{text}:{number}",
                text[:20],
                text[:20],
                state,
                tags,
                text,
                text,
                type=text,
                obstacle=text if number % 5 == 0 else "",
            )
        )
    given = report(made, run_id=HOSTILE[0], version=HOSTILE[1])
    actions = [{**entry, "outcome": "failed", "error": text} for entry, text in zip(given.actions, HOSTILE)]
    return replace(given, actions=actions, problems=[*given.problems, *HOSTILE], title=HOSTILE[0], currency=HOSTILE[1])
