# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small fleet over days: runs come late, twice, and die midway; people start, stop, tag and clone; AWS restarts databases.

What ought to happen is worked out here from the windows alone, without the code that decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Dict, List, Optional, Set, Tuple

from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.groups import (
    GROUPS,
    parse_kept,
    sizes_for,
    to_keep,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import edges, windows
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import (
    Action,
    AsgMethod,
    Decision,
    Kind,
    Resource,
    Sizes,
    State,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.override import parse_override
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Mode
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.scheduled import OFFICE, group, inline, machine, utc
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

LOOK_UP = inline()
SCHEDULES = [
    OFFICE,
    "22:00-06:00 UTC",
    "07:00-12:00+13:00-19:00 UTC",
    "always",
    "never",
    "ignore",
    "stop-only 19:00",
    "start-only 07:00",
    "Mon-Fry 07:00",
]
GARBAGE = ["", "yes", "running until tomorrow", "2/4/6", "stopped 2026-13-01T00:00:00Z"]
ONE_SIDED = (Mode.STOP_ONLY, Mode.START_ONLY)
NUMBERS = st.integers(0, 30)


class Fleet(RuleBasedStateMachine):
    """The world, and what must hold in it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = utc("2026-11-23T00:00")
        self.fleet: Dict[str, Resource] = {}
        self.rules = Rules("Schedule")
        self.restarted: Set[Tuple[str, str, str, str]] = set()
        self.settled: Dict[str, datetime] = {}  # when a run last left it with nothing to follow
        self.people: Dict[str, datetime] = {}  # when a person last started or stopped it
        self.edited: Set[str] = set()  # whose tags somebody has edited after that
        self.hands: Dict[str, datetime] = {}  # the same, of what was settled: that is not to be undone
        self.before: Dict[str, Sizes] = {}  # what groups were like when a run emptied them
        self.resized: Set[str] = set()  # whose sizes somebody has changed since

    @initialize(
        enforce=st.sampled_from([False, False, True]),
        retain=st.sampled_from([False, False, True]),
        values=st.lists(st.sampled_from(SCHEDULES), min_size=7, max_size=7),
    )
    def people(self, enforce: bool, retain: bool, values: List[str]) -> None:
        """Some of each kind, one without the tag, one that must not be touched."""
        self.rules = Rules("Schedule", enforce=enforce, retain_running=retain, protected_tags={"Keep": None})
        early = self.now - timedelta(days=3)
        some = [
            machine(id="i-1", launched=early),
            machine(State.STOPPED, id="i-2", launched=early),
            machine(id="db-1", kind=Kind.RDS),
            machine(State.STOPPED, id="db-2", kind=Kind.RDS),
            group(Sizes(2, 4, 6), id="web"),
            machine(id="i-spot", obstacle="spot instance"),
            machine(id="i-keep", tags={"Keep": "always"}),
        ]
        for each, value in zip(some, values):
            self.fleet[each.id] = each._replace(tags={**each.tags, "Schedule": value})
        self.fleet["i-free"] = machine(id="i-free")._replace(
            tags={"ScheduleOverride": "stopped until 2030-01-01T00:00Z"}
        )

    # --- what may be asked of the world -----------------------------------------------------------------------------

    def one(self, number: int) -> Resource:
        return sorted(self.fleet.values(), key=lambda each: each.id)[number % len(self.fleet)]

    def put(self, resource: Resource, **changed: object) -> None:
        self.fleet[resource.id] = resource._replace(**changed)  # type: ignore[arg-type]

    def tag(self, resource: Resource, **tags: Optional[str]) -> None:
        """Write tags, or take them away; whatever was settled may not be any more."""
        merged = {**resource.tags, **tags}
        self.put(resource, tags={name: value for name, value in merged.items() if value is not None})
        self.edited.add(resource.id)
        self.settled.pop(resource.id, None)
        self.hands.pop(resource.id, None)

    def turned(self, resource: Resource, start: datetime, stop: datetime) -> bool:
        """Whether anything that is to be followed has come in (start, stop]."""
        try:
            schedule = LOOK_UP(resource.tags["Schedule"]).schedule
            override = parse_override(resource.tags.get("ScheduleOverride", ""))
        except Day2Error:
            return False
        if override is not None and start < override.until:
            return override.until <= stop  # while it lasts, the edges of the schedule are none
        return bool(edges(schedule, {}, start, stop))

    def wanted(self, resource: Resource) -> Optional[State]:
        """The state that an override or windows want now; nothing for what has neither."""
        schedule = LOOK_UP(resource.tags["Schedule"]).schedule
        override = parse_override(resource.tags.get("ScheduleOverride", ""))
        if schedule.mode is Mode.IGNORE:
            return None
        if override is not None and self.now < override.until:
            return State(override.wanted.value)
        if schedule.mode in ONE_SIDED:
            return None
        inside = windows(schedule, {}, self.now, self.now + timedelta(seconds=1))
        return State.RUNNING if inside else State.STOPPED

    # --- time, people, AWS ------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 5, 30, 60, 7 * 60, 12 * 60, 26 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for each in list(self.fleet.values()):
            if each.state is State.CHANGING:
                self.put(each, state=State(each.aws_state), aws_state="")

    @rule(number=NUMBERS, most=st.sampled_from([6, 6, 9]))
    def a_person_starts_or_stops_one(self, number: int, most: int) -> None:
        one = self.one(number)
        if one.state is not State.CHANGING:
            self.changed(one, most)

    def changed(self, one: Resource, most: int) -> None:
        """Started or stopped by a person."""
        settled = self.settled.get(one.id)
        if settled is not None and not self.turned(one, settled, self.now):
            self.hands[one.id] = self.now
        self.people[one.id] = self.now
        self.edited.discard(one.id)
        self.restarted.discard(one.key)
        start = one.state is State.STOPPED
        sizes = one.sizes
        if one.kind in GROUPS:
            sizes = Sizes(1, 1, most) if start else Sizes(0, 0, most)
            self.resized.add(one.id)
        state = State.RUNNING if start else State.STOPPED
        launched = self.now if start and one.kind is Kind.EC2 else one.launched
        self.put(one, state=state, sizes=sizes, launched=launched, why="" if start else "Client.UserInitiatedShutdown")

    @rule(number=NUMBERS, value=st.sampled_from(SCHEDULES))
    def a_person_edits_the_schedule(self, number: int, value: str) -> None:
        if self.one(number).id != "i-free":
            self.tag(self.one(number), Schedule=value)

    @rule(number=NUMBERS, word=st.sampled_from(["running", "stopped"]), hours=st.integers(-30, 30))
    def a_person_overrides(self, number: int, word: str, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        self.tag(self.one(number), ScheduleOverride=f"{word} until {until.isoformat(timespec='minutes')}")

    @rule(number=NUMBERS)
    def a_person_removes_an_override(self, number: int) -> None:
        self.tag(self.one(number), ScheduleOverride=None)

    @rule(
        number=NUMBERS, name=st.sampled_from(["State", "StateOf", "Override", "Kept"]), value=st.sampled_from(GARBAGE)
    )
    def a_person_writes_into_our_tags(self, number: int, name: str, value: str) -> None:
        self.tag(self.one(number), **{f"Schedule{name}": value})

    @precondition(lambda self: len(self.fleet) < 14)
    @rule(number=NUMBERS)
    def a_person_clones_one_with_its_tags(self, number: int) -> None:
        one = self.one(number)
        if one.state is State.CHANGING or one.id == "i-free":
            return
        copy = f"{one.id}-{len(self.fleet)}"
        self.put(one._replace(id=copy), state=State.RUNNING, launched=self.now if one.launched else None)
        if (
            one.kind in GROUPS
        ):  # its sizes are those of another template; or it is made empty, with the kept ones of the other
            empty = number % 2 == 0
            sizes = Sizes(0, 0, 6) if empty else Sizes(1, 2, 3)
            self.put(self.fleet[copy], sizes=sizes, state=State.STOPPED if empty else State.RUNNING)

    @rule(number=NUMBERS)
    def aws_restarts_a_database(self, number: int) -> None:
        still = [each for each in self.fleet.values() if each.kind is Kind.RDS and each.state is State.STOPPED]
        if still:
            one = still[number % len(still)]
            self.put(one, state=State.RUNNING)
            self.restarted.add(one.key)
            self.people.pop(one.id, None)
            self.hands.pop(one.id, None)

    @rule(start=st.booleans(), most=st.sampled_from([6, 9]))
    def a_person_sizes_a_group(self, start: bool, most: int) -> None:
        for one in list(self.fleet.values()):
            if one.kind in GROUPS and (one.state is State.STOPPED) is start:
                self.changed(one, most)

    # --- runs -------------------------------------------------------------------------------------------------------

    def decisions(self, now: Optional[datetime] = None) -> List[Decision]:
        found = decide(self.fleet.values(), LOOK_UP, {}, self.rules, now or self.now, self.restarted)
        for each in found:
            self.may(each)
        return found

    def may(self, decision: Decision) -> None:
        """What must hold of every decision, whenever it is made and by whatever clock."""
        resource = decision.resource
        assert "Schedule" in resource.tags
        assert decision.reason
        if decision.action is None:
            return
        assert not resource.obstacle and "Keep" not in resource.tags and not decision.problem
        assert resource.state is (State.STOPPED if decision.action is Action.START else State.RUNNING)
        LOOK_UP(resource.tags["Schedule"])  # can be read
        parse_override(resource.tags.get("ScheduleOverride", ""))
        if resource.kind in GROUPS and decision.action is Action.START:
            # Stopped by hand, down to what we had left it at ourselves, looks like our own work.
            kept = parse_kept(resource.tags["ScheduleKept"]).sizes
            assert kept is not None and resource.sizes == Sizes(0, 0, kept.maximum)
            assert resource.tags.get("ScheduleStateOf", resource.id) == resource.id
        self.may_once(decision)
        hand = self.hands.get(resource.id)
        if hand is not None and not self.rules.enforce:
            assert self.turned(resource, hand, self.now), decision

    def may_once(self, decision: Decision) -> None:
        """What was started after the edge of a stop-only schedule was not meant by it."""
        resource = decision.resource
        schedule = LOOK_UP(resource.tags["Schedule"]).schedule
        if schedule.mode is not Mode.STOP_ONLY or "ScheduleOverride" in resource.tags or resource.launched is None:
            return
        passed = edges(schedule, {}, self.now - timedelta(days=2), self.now)
        assert resource.launched <= passed[-1].at

    def carry_out(self, decision: Decision, marked: bool) -> None:
        resource = self.fleet[decision.resource.id]
        if decision.action is not None:
            start = decision.action is Action.START
            tags, sizes = dict(resource.tags), resource.sizes
            if resource.kind in GROUPS and sizes is not None:
                if start:
                    kept = parse_kept(tags["ScheduleKept"])
                    sizes = sizes_for(decision.action, resource, kept)
                    if resource.id in self.before and resource.id not in self.resized:
                        assert sizes == self.before[resource.id]
                else:
                    self.before[resource.id] = sizes
                    self.resized.discard(resource.id)
                    tags["ScheduleKept"] = str(to_keep(resource, AsgMethod.SIZES, tags.get("ScheduleKept", "")))
                    if tags.get("ScheduleStateOf", resource.id) != resource.id:
                        tags.update(ScheduleStateOf=resource.id, ScheduleState="")
                    sizes = sizes_for(decision.action, resource, None)
                    assert sizes is not None and sizes.maximum == self.before[resource.id].maximum
            state = State.RUNNING if start else State.STOPPED
            launched = self.now if start and resource.kind is Kind.EC2 else resource.launched
            if resource.kind is Kind.RDS:  # on its way; marked by the run that sees it arrive
                self.put(resource, state=State.CHANGING, aws_state=state.value, tags=tags)
                return
            self.put(resource, state=state, tags=tags, sizes=sizes, launched=launched)
        if decision.mark and marked:
            now = self.fleet[resource.id]
            self.put(now, tags={**now.tags, "ScheduleState": decision.mark, "ScheduleStateOf": now.id})

    @rule(minutes=st.sampled_from([5, 60, 12 * 60]))
    def time_passes_to_the_next_run(self, minutes: int) -> None:
        self.time_passes(minutes)
        self.a_run_is_complete_and_comes_twice()

    @rule()
    def a_run_is_complete_and_comes_twice(self) -> None:
        for each in self.decisions():
            self.carry_out(each, True)
        again = self.decisions()
        assert [each for each in again if each.action or each.mark] == []
        for each in again:
            self.judge(each)
            if not each.problem and each.resource.state is not State.CHANGING:
                self.settled[each.resource.id] = self.now

    def judge(self, decision: Decision) -> None:
        """After a complete run: as it is wanted, or excused."""
        resource = decision.resource
        if self.excused(decision):
            assert decision.not_touched
            return
        wanted = self.wanted(resource)
        if wanted is None or resource.state is wanted:
            self.people.pop(resource.id, None)
            return
        assert decision.not_touched, decision
        assert not self.rules.enforce, decision
        if not self.rules.retain_running:  # else it may be left as it is for days
            person = self.people.get(resource.id)
            assert person is not None, decision
            assert resource.id in self.edited or not self.turned(resource, person, self.now), decision

    def excused(self, decision: Decision) -> bool:
        """Whether nothing can be asked of it, or of what is said of it."""
        resource, tags = decision.resource, decision.resource.tags
        own = tags.get("ScheduleState", "") if tags.get("ScheduleStateOf") == resource.id else ""
        unreadable = tags["Schedule"] == "Mon-Fry 07:00" or tags.get("ScheduleOverride", "") in GARBAGE[1:]
        held = bool(resource.obstacle) or "Keep" in tags or tags["Schedule"] == "ignore"
        if unreadable or held or own in GARBAGE[1:] or resource.state is State.CHANGING:
            return True
        return resource.kind in GROUPS and resource.state is State.STOPPED and bool(decision.problem)

    @rule(done=st.lists(st.booleans(), min_size=14, max_size=14), marked=st.booleans())
    def a_run_dies_midway(self, done: List[bool], marked: bool) -> None:
        for each, acted in zip(self.decisions(), done):
            if acted:
                self.settled.pop(each.resource.id, None)
                if each.action:
                    self.hands.pop(each.resource.id, None)
                self.carry_out(each, marked)

    @rule(hours=st.integers(1, 60))
    def a_run_has_a_clock_that_is_behind(self, hours: int) -> None:
        for each in self.decisions(self.now - timedelta(hours=hours)):
            settled = self.settled.get(each.resource.id)
            if settled is None or self.rules.enforce:
                continue
            if each.resource.id in self.hands or self.turned(each.resource, settled, self.now):
                continue
            assert each.action is None or each.resource.key in self.restarted, each

    @invariant()
    def nothing_without_the_tag_is_touched_by_us(self) -> None:
        free = self.fleet.get("i-free")
        assert free is None or set(free.tags) <= {
            "ScheduleOverride",
            "ScheduleState",
            "ScheduleStateOf",
            "ScheduleKept",
        }


TestFleet = Fleet.TestCase
TestFleet.settings = settings(
    max_examples=tries(100), stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
