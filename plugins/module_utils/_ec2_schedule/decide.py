# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of every resource in this run, and why: the one decision core.

It knows the schedule's windows, the instant, the edge that was followed last (the state tag) and the state of the
resource; never whether this is "the hour". An edge is followed until the state tag says that it was; after that,
whatever differs is a person's doing, and is respected until the next edge. So a run that comes late, twice, or after
hours of outage does the right thing once. Editing a schedule makes another edge of it, which is followed.

Schedules that only stop or only start want something at their edges and nothing between them. Their edge is not
followed any more, only marked, once the resource was started after it (``launched``); nor for a resource that is seen
for the first time, unless it is known to have been running at the edge and that is at most ``FIRST_SIGHT`` ago: nobody
who tags a machine with ``stop-only Fri 19:00`` on a Tuesday wants it stopped now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import Callable, Container, Dict, Iterable, List, Mapping, Optional, Tuple, Union
from zoneinfo import ZoneInfo

from .._common.errors import Day2Error
from .calendars import Calendar
from .grammar import format_schedule
from .groups import GROUPS, cannot_start, cannot_stop, parse_kept, sizes_text
from .model import Action, AsgMethod, Decision, Edge, Kind, Position, Resource, State, Wanted
from .override import parse_override
from .position import position
from .schedule import Mode, Named
from .state import RETAINED, StateTag, own_state, parse_state, tag_names, utc_text
from .wish import Wish, wish

FIRST_SIGHT = timedelta(hours=12)
"""How old the edge of a stop-only or start-only schedule may be for a resource that has no state yet."""

SKEW = timedelta(minutes=5)
"""How far the clock of another machine may be ahead of ours before somebody should know."""

LookUp = Callable[[str], Named]
"""The schedule that a tag's value stands for; raises ``Day2Error``."""

_AWS_DID = "Server."  # with this begins EC2's reason for a state that nobody but AWS asked for
_PERSON_DID = ("UserInitiated", "InstanceInitiated", "User initiated")
_MOST = 160  # characters of a schedule in a sentence


@dataclass(frozen=True)
class Rules:
    """How schedules are followed in a run. A named schedule may say otherwise for the three in the middle."""

    tag: str
    enforce: bool = False
    retain_running: bool = False
    hibernate: bool = False
    protected_tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    asg_method: AsgMethod = AsgMethod.SIZES


def decide(
    resources: Iterable[Resource],
    look_up: LookUp,
    calendars: Mapping[str, Calendar],
    rules: Rules,
    now: datetime,
    restarted_by_aws: Container[Tuple[str, str, str, str]] = (),
) -> List[Decision]:
    """One decision for each resource that carries the tag, in their order; the others are not even mentioned.

    :param restarted_by_aws: the keys of databases whose last start was AWS's own, after seven days of being stopped.
    """
    judge = _Judge(look_up, calendars, rules, now.astimezone(timezone.utc), restarted_by_aws)
    return [judge.decision(resource) for resource in resources if rules.tag in resource.tags]


def protection(tags: Mapping[str, str], protected: Mapping[str, Optional[str]]) -> str:
    """Why tags protect a resource from being touched, or nothing."""
    for name, pattern in protected.items():
        value = tags.get(name)
        if value is not None and (pattern is None or value == pattern or fnmatchcase(value, pattern)):
            return f"protected by its tag {name}={value}" if value else f"protected by its tag {name}"
    return ""


def local_text(at: datetime, zone: str) -> str:
    """An instant as people in that zone say it, with the offset."""
    try:
        return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    except OverflowError:  # somebody's "until 9999-12-31"
        return utc_text(at)


def schedule_text(value: str, named: Named) -> str:
    """A schedule in a sentence: a name with what stands behind it, or what the tag itself says."""
    text = format_schedule(named.schedule)
    if text.casefold().startswith(value.strip().casefold()):
        return _short(text)
    return f"{_short(value.strip())} ({_short(text)})"


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 3]}..."


_NO_WISH = Wish(Wanted.ANY, None, None, False, "")


class _Case:
    """What all resources with the same schedule and the same override have in common."""

    __slots__ = (
        "wish",
        "right",
        "word",
        "ignore",
        "problem",
        "zone",
        "beyond",
        "says",
        "ends",
        "enforce",
        "retain",
        "hibernate",
        "mark_retained",
        "_sentences",
    )

    def __init__(self, wish: Wish = _NO_WISH, problem: str = "") -> None:
        self.wish = wish
        # An enumeration is slow to ask for its value, a hundred thousand times.
        self.word = wish.wanted.value
        self.right = None if wish.wanted is Wanted.ANY else State(self.word)
        self.problem = problem
        self.ignore = False
        self.zone = "UTC"
        # The last edge lies where a calendar is not known any more: any state tag that wants the same tells of it.
        self.beyond = False
        self.says = ""  # what is wanted: the beginning of every sentence
        self.ends = ""  # until when: the end of some
        self.enforce = self.retain = self.hibernate = False
        self.mark_retained = wish.mark + RETAINED
        self._sentences: Dict[str, str] = {}

    def sentence(self, rest: str) -> str:
        """What is wanted, and ``rest``. The same text for the same words: there may be a hundred thousand of them."""
        found = self._sentences.get(rest)
        if found is None:
            found = self._sentences[rest] = f"{self.says}; {rest}" if rest else self.says
        return found

    def decision(
        self,
        resource: Resource,
        value: str,
        rest: str,
        action: Optional[Action] = None,
        mark: str = "",
        left: bool = False,
        problem: str = "",
    ) -> Decision:
        """The decision with its sentence. ``left``: it is told among what is not touched."""
        said = self.sentence(rest)
        at, then = self.wish.at, self.wish.next
        return Decision(resource, value, action, said, at, mark, then, said if left else "", problem)


class _Judge:
    """Decides about resources one by one, and remembers what they have in common."""

    def __init__(
        self,
        look_up: LookUp,
        calendars: Mapping[str, Calendar],
        rules: Rules,
        now: datetime,
        restarted_by_aws: Container[Tuple[str, str, str, str]],
    ) -> None:
        self._look_up = look_up
        self._calendars = calendars
        self._rules = rules
        self._now = now
        self._restarted = restarted_by_aws
        self._names = tag_names(rules.tag)
        self._cases: Dict[Union[str, Tuple[str, str]], _Case] = {}
        self._positions: Dict[Tuple[str, datetime], Position] = {}
        self._states: Dict[str, Optional[StateTag]] = {}

    def decision(self, resource: Resource) -> Decision:
        """The rules in their order, up to what is wanted of the resource."""
        tags, names = resource.tags, self._names
        value = tags[names.schedule]
        if resource.state is State.GONE:
            return _left(resource, value, f"it is gone ({resource.aws_state})" if resource.aws_state else "it is gone")
        overriding = tags.get(names.override)
        key = value if overriding is None else (value, overriding)
        case = self._cases.get(key)
        if case is None:
            case = self._cases[key] = self._case(value, overriding)
        if case.problem:
            return _left(resource, value, case.problem, case.problem)
        if case.ignore:
            return _left(resource, value, f"the tag {names.schedule} says that it is to be ignored")
        protected = protection(tags, self._rules.protected_tags) if self._rules.protected_tags else ""
        if protected or resource.obstacle:
            return _left(resource, value, protected or resource.obstacle)
        if resource.state is State.CHANGING and not (case.wish.wanted is Wanted.RUNNING and _empties(resource)):
            word = resource.aws_state or "changing"
            return _left(resource, value, f"it is {word} now: the next run looks again", then=case.wish.next)
        if case.wish.wanted is Wanted.ANY:
            return case.decision(resource, value, "")
        text = own_state(resource, names)
        if text == case.wish.mark:
            return self._followed(resource, value, case, False)
        if text == case.mark_retained and (case.retain or case.wish.once):
            return self._followed(resource, value, case, True)
        if text in self._states:
            previous = self._states[text]
        else:
            previous = self._states[text] = parse_state(text)
        if text and previous is None:
            says = f"the tag {names.state} says {_short(text)!r}, which is none of our words: remove it to go on"
            return _left(resource, value, says, says)
        if previous is not None and previous.at is not None and previous.at > self._now:
            return self._ahead(resource, value, case, previous.at)
        if case.beyond and previous is not None and previous.at is not None and previous.wanted is case.wish.wanted:
            return self._followed(resource, value, case, previous.retained and case.retain)
        return self._due(resource, value, case, previous)

    # --- what many resources have in common ---------------------------------------------------------------------------

    def _case(self, value: str, overriding: Optional[str]) -> _Case:
        tag = self._names.schedule
        try:
            named = self._look_up(value)
            if named.schedule.mode is Mode.IGNORE:
                case = _Case()
                case.ignore = True
                return case
            tag = self._names.override
            override = parse_override(overriding) if overriding is not None else None
            tag = self._names.schedule
            here = self._position(value, named, self._now)
            found = wish(here, override, self._now, lambda at: self._position(value, named, at))
            return self._filled(_Case(found), value, named)
        except Day2Error as error:
            return _Case(problem=f"{tag}: {error}")

    def _position(self, value: str, named: Named, at: datetime) -> Position:
        found = self._positions.get((value, at))
        if found is None:
            found = self._positions[(value, at)] = position(named.schedule, self._calendars, at)
        return found

    def _filled(self, case: _Case, value: str, named: Named) -> _Case:
        rules, found = self._rules, case.wish
        enforce = rules.enforce if named.enforce is None else named.enforce
        retain = rules.retain_running if named.retain_running is None else named.retain_running
        case.hibernate = rules.hibernate if named.hibernate is None else named.hibernate
        case.enforce = enforce and not found.once
        # What a person has started is not kept where a person's start counts for nothing, nor against an override.
        case.retain = retain and not enforce and not found.once and found.override is None
        case.zone = named.schedule.zone
        case.beyond = found.at is None and found.override is None and bool(named.schedule.calendars)
        case.says = self._says(found, schedule_text(value, named), case.zone)
        case.ends = f"until {local_text(found.next.at, case.zone)}" if found.next else "until its schedule changes"
        return case

    def _says(self, found: Wish, schedule: str, zone: str) -> str:
        wanted = found.wanted.value
        if found.override is not None:
            return f"{self._names.override}: {wanted} until {local_text(found.override.until, zone)}"
        if found.wanted is Wanted.ANY:
            return f"{schedule}: nothing was due yet"
        if found.at is None:
            return f"{schedule}: {wanted} {'so far' if found.next else 'at all times'}"
        if found.ended:
            ended = f"{self._names.override} has ended at {local_text(found.at, zone)}"
            return f"{ended}, and {schedule} wants it {wanted}"
        return f"{schedule}: {'starts' if found.wanted is Wanted.RUNNING else 'stops'} at {local_text(found.at, zone)}"

    # --- one resource -------------------------------------------------------------------------------------------------

    def _followed(self, resource: Resource, value: str, case: _Case, retained: bool) -> Decision:
        """The edge was followed. What differs since then is a person's doing, or AWS's."""
        found = case.wish
        stopped = found.wanted is Wanted.STOPPED
        if resource.state is case.right:
            if retained and stopped and not found.once:
                return case.decision(resource, value, "the person who had started it has stopped it", mark=found.mark)
            return case.decision(resource, value, f"it is {case.word}, as it should be")
        by_aws = self._by_aws(resource, stopped)
        if by_aws:
            return self._act(resource, value, case, by_aws, followed=True)
        if found.once:
            return case.decision(resource, value, f"that was dealt with, and nothing more is wanted {case.ends}")
        if retained and stopped:
            return case.decision(resource, value, _RETAINED, left=True)
        did = "started" if stopped else "stopped"
        if case.enforce:
            return self._act(resource, value, case, f"somebody has {did} it since, and enforce is set", followed=True)
        mark = case.mark_retained if case.retain and stopped else ""
        return case.decision(resource, value, f"somebody has {did} it since: left so {case.ends}", mark=mark, left=True)

    def _by_aws(self, resource: Resource, stopped: bool) -> str:
        """Why it was AWS that changed its state, or nothing."""
        if stopped:
            return "AWS has started it again after seven days" if resource.key in self._restarted else ""
        by_aws = resource.kind is Kind.EC2 and resource.why.startswith(_AWS_DID)
        return f"AWS has stopped it ({_short(resource.why)})" if by_aws else ""

    def _ahead(self, resource: Resource, value: str, case: _Case, at: datetime) -> Decision:
        """The state tag tells of an edge that is still to come: by somebody's clock, or ours, or a what-if."""
        when = local_text(at, case.zone)
        if at - self._now <= SKEW:
            says = f"a run with a clock that is ahead of ours has followed the edge of {when} already"
            return _left(resource, value, says, then=case.wish.next)
        says = (
            f"the tag {self._names.state} tells of {when}, which is still to come: a clock went wrong, or it is ours;"
            " left alone until then, or until the tag is removed"
        )
        return _left(resource, value, says, says, case.wish.next)

    def _due(self, resource: Resource, value: str, case: _Case, previous: Optional[StateTag]) -> Decision:
        """The edge was not followed yet, or not seen to be."""
        found = case.wish
        if resource.state is case.right:
            return self._right(resource, value, case, previous)
        if found.once:
            late = self._overtaken(resource, case, previous)
            if late:
                # Not the mark of having been there: a schedule with windows, should it get one, must not believe that.
                return case.decision(resource, value, late, mark=case.mark_retained)
        if case.retain and found.wanted is Wanted.STOPPED and self._kept_running(resource, previous):
            return case.decision(resource, value, _RETAINED, mark=case.mark_retained, left=True)
        return self._act(resource, value, case, "")

    def _right(self, resource: Resource, value: str, case: _Case, previous: Optional[StateTag]) -> Decision:
        """The state is the wanted one already: that is all there is to be written down."""
        found = case.wish
        said = f"it is {case.word} already"
        if found.wanted is Wanted.STOPPED:
            return case.decision(resource, value, said, mark=found.mark)
        if case.retain and self._started_before(resource, found, previous):
            return case.decision(
                resource,
                value,
                f"{said}: somebody had started it before, so that it will be left running",
                mark=case.mark_retained,
            )
        if resource.kind in GROUPS and previous is not None and previous.wanted is Wanted.STOPPED:
            changed = self._other_sizes(resource)
            if changed:
                return case.decision(resource, value, f"{said}: {changed}", mark=found.mark, left=True)
        return case.decision(resource, value, said, mark=found.mark)

    def _started_before(self, resource: Resource, found: Wish, previous: Optional[StateTag]) -> bool:
        """Whether a person had started it before the edge at which it was to be started.

        Where AWS does not tell when it was launched, only an earlier run can have seen it running and marked it.
        """
        if previous is None or found.at is None:
            return False
        before = resource.launched is not None and resource.launched < found.at
        if not previous.retained and not (before and previous.wanted is Wanted.STOPPED):
            return False
        return resource.key not in self._restarted

    def _kept_running(self, resource: Resource, previous: Optional[StateTag]) -> bool:
        """Whether it was found running at the edge before, because a person had started it."""
        if previous is None or not previous.retained or previous.wanted is not Wanted.RUNNING:
            return False
        return resource.key not in self._restarted

    def _other_sizes(self, resource: Resource) -> str:
        try:
            kept = parse_kept(resource.tags.get(self._names.kept, "")).sizes
        except Day2Error:
            return ""
        now = resource.sizes
        # The desired size moves by itself in a group that scales; the bounds do not.
        if kept is None or now is None or (now.minimum, now.maximum) == (kept.minimum, kept.maximum):
            return ""
        return f"somebody has set its sizes to {sizes_text(now)}, so that {sizes_text(kept)} are not restored"

    def _overtaken(self, resource: Resource, case: _Case, previous: Optional[StateTag]) -> str:
        """Why the edge of a stop-only or start-only schedule is not to be followed any more, or nothing."""
        found, launched = case.wish, resource.launched
        if found.at is None or self._by_aws(resource, found.wanted is Wanted.STOPPED):
            return ""
        if launched is not None and launched > found.at:
            if found.wanted is Wanted.STOPPED:
                return f"it was started after that: left so {case.ends}"
            if not resource.why or any(word in resource.why for word in _PERSON_DID):
                return f"it was started after that, and stopped again: left so {case.ends}"
        if previous is None and (launched is None or self._now - found.at > FIRST_SIGHT):
            return f"it is seen for the first time, after that: left so {case.ends}"
        return ""

    def _act(self, resource: Resource, value: str, case: _Case, note: str, followed: bool = False) -> Decision:
        """Start or stop it, unless it is a group of which we do not know how."""
        notes = [note] if note else []
        mark = "" if followed else case.wish.mark
        trouble = ""
        if case.wish.wanted is Wanted.RUNNING:
            action = Action.START
            if resource.kind in GROUPS:
                trouble = cannot_start(resource, self._kept(resource), self._names.kept)
        else:
            action = Action.STOP
            if resource.kind in GROUPS:
                trouble = cannot_stop(resource, self._rules.asg_method)
            elif case.hibernate and resource.can_hibernate:
                action = Action.HIBERNATE
            elif case.hibernate:
                notes.append("it cannot hibernate, and is stopped")
        if trouble:
            return case.decision(resource, value, trouble, left=True, problem=trouble)
        return case.decision(resource, value, "; ".join(notes), action, mark)

    def _kept(self, resource: Resource) -> str:
        """What was kept of a group, unless the tags are another group's. Who writes it by hand need not say whose it is."""
        tags = resource.tags
        return tags.get(self._names.kept, "") if tags.get(self._names.owner, resource.id) == resource.id else ""


def _empties(resource: Resource) -> bool:
    """Whether it is an Auto Scaling group on its way to be empty, which it never is with instances that are protected from scale-in.

    It can be filled again at any time.
    """
    return resource.kind is Kind.ASG and resource.sizes is not None and not resource.sizes.desired


_RETAINED = "somebody had started it before its window began, and it is left running (retain_running)"


def _left(resource: Resource, value: str, why: str, problem: str = "", then: Optional[Edge] = None) -> Decision:
    return Decision(resource, value, None, why, None, "", then, why, problem)
