# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What schedules save against running always: hours, and money where prices are known.

Hours are those of the schedule's windows, with the resource's override; what people do by hand is not foreseen. A cluster
or a group counts with each of its members. The price is that of running it: what its disks cost, they cost all the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Set, Tuple

from .._common.errors import Day2Error
from .calendars import Calendar
from .decide import LookUp, Rules, protection
from .groups import GROUPS, parse_kept
from .intervals import windows
from .model import Kind, Resource, State, Wanted
from .override import Override, parse_override
from .schedule import Mode, Named
from .state import tag_names

PerHour = Callable[[Resource], Optional[float]]
"""What a resource costs in an hour when it runs, all its members together; ``None`` when that is not known."""

_ONE_SIDED = {
    Mode.STOP_ONLY: "its schedule only stops it: when it is started, and so how long it runs, nobody can foresee",
    Mode.START_ONLY: "its schedule only starts it: when it is stopped, and so how long it runs, nobody can foresee",
}


class Row(NamedTuple):
    """One resource over the span. Hours are of machines: three members of a cluster have three in an hour.

    ``cost`` and ``cost_always_on`` are ``None`` when the price is not known.
    """

    resource: Resource
    schedule: str
    members: int
    hours: float
    hours_always_on: float
    cost: Optional[float] = None
    cost_always_on: Optional[float] = None

    @property
    def hours_saved(self) -> float:
        """How many hours less it runs."""
        return self.hours_always_on - self.hours

    @property
    def saved(self) -> Optional[float]:
        """How much less it costs."""
        if self.cost is None or self.cost_always_on is None:
            return None
        return self.cost_always_on - self.cost


class NotCounted(NamedTuple):
    """A resource that carries a schedule and saves nothing that could be told."""

    resource: Resource
    schedule: str
    reason: str


@dataclass(frozen=True)
class Savings:
    """All rows and their sums. The sums of money are of the rows whose price is known; ``unpriced`` are the others.

    ``priced`` is false when prices were not asked for.
    """

    start: datetime
    stop: datetime
    rows: Tuple[Row, ...] = ()
    not_counted: Tuple[NotCounted, ...] = ()
    priced: bool = False

    @property
    def hours(self) -> float:
        """Hours that the machines run."""
        return sum(row.hours for row in self.rows)

    @property
    def hours_always_on(self) -> float:
        """Hours that they would run without schedules."""
        return sum(row.hours_always_on for row in self.rows)

    @property
    def hours_saved(self) -> float:
        """Hours that they stand still."""
        return self.hours_always_on - self.hours

    @property
    def percent(self) -> Optional[float]:
        """Which part of the hours is saved; ``None`` when there are none."""
        return 100 * self.hours_saved / self.hours_always_on if self.hours_always_on else None

    @property
    def unpriced(self) -> Tuple[Row, ...]:
        """The rows whose price is not known: they are in no sum of money."""
        return tuple(row for row in self.rows if row.cost is None) if self.priced else ()

    @property
    def cost(self) -> Optional[float]:
        """What the machines cost; ``None`` when no price is known."""
        return _sum(row.cost for row in self.rows)

    @property
    def cost_always_on(self) -> Optional[float]:
        """What they would cost without schedules."""
        return _sum(row.cost_always_on for row in self.rows)

    @property
    def saved(self) -> Optional[float]:
        """The difference."""
        return _sum(row.saved for row in self.rows)


def _sum(values: Iterable[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def savings(
    resources: Iterable[Resource],
    look_up: LookUp,
    calendars: Mapping[str, Calendar],
    rules: Rules,
    start: datetime,
    stop: datetime,
    per_hour: Optional[PerHour] = None,
) -> Savings:
    """What is saved from ``start`` to ``stop`` (aware). Overrides are taken as they stand at ``start``."""
    start, stop = start.astimezone(timezone.utc), stop.astimezone(timezone.utc)
    reckoner = _Reckoner(look_up, calendars, rules, start, stop)
    rows: List[Row] = []
    left: List[NotCounted] = []
    for resource in resources:
        value = resource.tags.get(rules.tag)
        if value is None or resource.state is State.GONE:
            continue
        try:
            hours = reckoner.hours(resource, value)
        except Day2Error as error:
            left.append(NotCounted(resource, value, str(error)))
            continue
        members = members_of(resource, rules.tag)
        price = per_hour(resource) if per_hour is not None else None
        always = reckoner.always_on
        costs = (None, None) if price is None else (price * hours, price * always)
        rows.append(Row(resource, value, members, hours * members, always * members, *costs))
    return Savings(start, stop, tuple(rows), tuple(left), per_hour is not None)


class NotForeseeable(Day2Error):
    """Why the hours of a resource cannot be told."""


class _Reckoner:
    def __init__(
        self, look_up: LookUp, calendars: Mapping[str, Calendar], rules: Rules, start: datetime, stop: datetime
    ) -> None:
        self._look_up, self._calendars, self._rules = look_up, calendars, rules
        self._start, self._stop = start, stop
        self._names = tag_names(rules.tag)
        self._hours: Dict[Tuple[str, datetime], float] = {}
        self.always_on = max(0.0, (stop - start).total_seconds() / 3600)

    def hours(self, resource: Resource, value: str) -> float:
        """How many hours of the span the resource is to run.

        :raises Day2Error: saying why that cannot be told.
        """
        named = self._look_up(value)
        schedule = named.schedule
        if schedule.mode is Mode.IGNORE:
            raise NotForeseeable("its schedule is to be ignored")
        why = protection(resource.tags, self._rules.protected_tags) or resource.obstacle
        if why:
            raise NotForeseeable(why)
        if schedule.mode in _ONE_SIDED:
            raise NotForeseeable(_ONE_SIDED[schedule.mode])
        override = parse_override(resource.tags.get(self._names.override, ""))
        if override is None or override.until <= self._start:
            return self._scheduled(value, named, self._start)
        return self._overridden(override) + self._scheduled(value, named, min(override.until, self._stop))

    def _overridden(self, override: Override) -> float:
        if override.wanted is not Wanted.RUNNING:
            return 0.0
        return max(0.0, (min(override.until, self._stop) - self._start).total_seconds() / 3600)

    def _scheduled(self, value: str, named: Named, start: datetime) -> float:
        found = self._hours.get((value, start))
        if found is None:
            spans = windows(named.schedule, self._calendars, start, self._stop) if start < self._stop else []
            found = sum((span.stop - span.start).total_seconds() for span in spans) / 3600
            self._hours[(value, start)] = found
        return found


def members_of(resource: Resource, tag: str) -> int:
    """How many machines a resource is when it runs. A group that is empty now has as many as were kept of it."""
    units = sum(number for _other, number in resource.units)
    if units:
        return units
    if resource.kind in GROUPS:
        try:
            sizes = parse_kept(resource.tags.get(tag_names(tag).kept, "")).sizes
        except Day2Error:
            sizes = None
        sizes = sizes or resource.sizes
        return max(1, sizes.desired) if sizes is not None else 1
    return max(1, len(resource.members))


def types_of(resource: Resource) -> Set[str]:
    """The types of machines that a resource consists of."""
    return {name for name, _number in resource.units} or ({resource.type} if resource.type else set())


def hourly(price: Callable[[Kind, str, str], Optional[float]], tag: str) -> PerHour:
    """The price of a resource from the price of its units.

    :param price: what one machine of that kind and type costs in an hour in that region.
    """

    def per_hour(resource: Resource) -> Optional[float]:
        units = tuple(unit for unit in resource.units if unit[1])
        types = types_of(resource)
        if not units and len(types) == 1:
            units = ((types.pop(), members_of(resource, tag)),)
        total = 0.0
        for name, number in units:
            each = price(resource.kind, name, resource.region)
            if each is None:
                return None  # a part of a price would be a wrong one
            total += each * number
        return total if units else None

    return per_hour
