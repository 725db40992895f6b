# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timeline of the page: a lane for each schedule, with the windows of the coming days, drawn without a script.

Positions are percents of the span of time, so that the drawing fits every screen; the ticks of days and hours are there
for each time zone in use, one of them shown.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Dict, Iterator, List, NamedTuple, Sequence, Tuple
from zoneinfo import ZoneInfo

from .._report.html_kit import icon, text
from .model import Edge, State, Wanted
from .outlook import ONE_SIDED, Bar, Outlook, Pattern, Row
from .page_parts import moment_tag
from .schedule import Mode
from .wording import KINDS, clock, day, distance, moment, place, plural, span

MOST_ZONES = 6
MOST_MARKS = 12_000  # bars, and times in lists, of all lanes: about two megabytes
MOST_MEMBERS = 2_500  # listed in all lanes
MOST_IN_LANE = 250
MOST_EDGES = 12
_HOURS_UNTIL, _NAMES_UNTIL = 9, 40  # days, up to which hours and the names of all days are written
_MOST_NAMES = 6
_WIDTHS = ((3, "w1"), (9, "w2"), (16, "w3"), (33, "w4"), (100, "w5"))


class Lane(NamedTuple):
    """Resources that have the same to come. ``left_alone``: nothing will come of it."""

    pattern: Pattern
    left_alone: bool
    rows: List[Row]


def lanes(outlook: Outlook) -> List[Lane]:
    """The lanes, the fullest first; those that only say why there is nothing to draw come last."""
    found: Dict[Tuple[int, bool], Lane] = {}
    for row in outlook.rows:
        key = (id(row.pattern), row.left_alone)
        found.setdefault(key, Lane(row.pattern, row.left_alone, [])).rows.append(row)
    return sorted(
        found.values(),
        key=lambda lane: (
            bool(lane.pattern.why),
            lane.left_alone,
            not lane.pattern.edges,
            not lane.pattern.bars,
            -len(lane.rows),
            _title(lane),
        ),
    )


def timeline(outlook: Outlook) -> Iterator[str]:
    """The whole card."""
    drawing = _Drawing(outlook)
    days = distance(outlook.stop - outlook.now)
    yield (
        '<section class="card wide" id="timeline" aria-labelledby="timeline-title" data-rows>'
        f'<div class="titled"><h2 id="timeline-title" tabindex="-1">The coming {days}</h2>{drawing.chooser()}</div>\n'
    )
    if not outlook.rows:
        yield '<p class="quietly">No resource carries a schedule.</p></section>\n'
        return
    all_lanes = lanes(outlook)
    yield _legend(all_lanes)
    yield f'<div class="reel" tabindex="0" role="region" aria-labelledby="timeline-title"><div class="tl {drawing.width}">'
    yield from drawing.axis()
    yield '<div class="body">\n'
    yield from drawing.ground()
    marks, members, shown = MOST_MARKS, MOST_MEMBERS, 0
    for lane in all_lanes:
        marks -= len(lane.pattern.bars) + len(lane.pattern.off) + min(len(lane.pattern.edges), MOST_EDGES) + 4
        if marks < 0:
            break
        most = min(MOST_IN_LANE, max(members, 0))
        members -= min(len(lane.rows), most)
        yield from drawing.lane(lane, most)
        shown += 1
    yield "</div></div></div>"
    if shown < len(all_lanes):
        left = sum(len(lane.rows) for lane in all_lanes[shown:])
        yield (
            f'<p class="note">{plural(len(all_lanes) - shown, "further schedule")} with {plural(left, "resource")} are not'
            " drawn here. The JSON report has all.</p>"
        )
    yield "</section>\n"


def _legend(drawn: Sequence[Lane]) -> str:
    """What the marks mean, of those that are there."""
    entries = [
        (any(lane.pattern.bars for lane in drawn), "run", "runs"),
        (any(lane.pattern.override for lane in drawn), "over", "by override"),
        (any(lane.pattern.mode is Mode.STOP_ONLY for lane in drawn), "stop", "stops, and is not started again"),
        (any(lane.pattern.mode is Mode.START_ONLY for lane in drawn), "start", "starts, and is not stopped again"),
        (any(lane.left_alone and lane.pattern.bars for lane in drawn), "left", "scheduled, but left alone"),
        (any(lane.pattern.off for lane in drawn), "off", "left out by a calendar"),
        (True, "now", "now"),
    ]
    lines = "".join(f'<li><i class="key k-{look}"></i>{words}</li>' for there, look, words in entries if there)
    return f'<ul class="legend" aria-hidden="true">{lines}</ul>\n'


class _Drawing:
    def __init__(self, outlook: Outlook) -> None:
        self._outlook = outlook
        self._seconds = max((outlook.stop - outlook.start).total_seconds(), 1.0)
        self._days = self._seconds / 86400
        used = Counter(row.pattern.zone for row in outlook.rows)
        others = [zone for zone, _other in used.most_common() if zone != outlook.zone][: MOST_ZONES - 1]
        self._zones = list(dict.fromkeys([outlook.zone, *others, "UTC"]))
        self.width = next((name for days, name in _WIDTHS if self._days <= days), "w6")

    def _at(self, at: datetime) -> float:
        share = (at - self._outlook.start).total_seconds() / self._seconds
        return 100 * min(max(share, 0.0), 1.0)

    def chooser(self) -> str:
        """The choice of the zone whose days and hours are ticked."""
        if not self._outlook.rows:
            return ""
        options = "".join(f'<option value="{text(zone)}">{text(place(zone))}</option>' for zone in self._zones)
        first = text(place(self._zones[0]))
        return (
            f'<p class="clock"><span class="said">Hours of {first}</span>'
            f'<label hidden>Hours of <select id="zone">{options}</select></label></p>'
        )

    # --- ticks --------------------------------------------------------------------------------------------------------

    def axis(self) -> Iterator[str]:
        """Days and hours above the lanes."""
        yield '<div class="axis"><span class="corner"></span><svg aria-hidden="true">'
        for number, zone in enumerate(self._zones):
            yield f'<g data-zone="{text(zone)}"{" hidden" if number else ""}>{self._labels(zone)}</g>'
        at = self._at(self._outlook.now)
        anchor = "start" if at < 4 else "end" if at > 96 else "middle"
        yield f'<text class="now" x="{at:.2f}%" y="46" text-anchor="{anchor}">now</text></svg></div>\n'

    def _labels(self, zone: str) -> str:
        parts = []
        for begin, stop in self._local_days(zone):
            left, right = self._at(begin), self._at(stop)
            local = begin.astimezone(ZoneInfo(zone))
            if (stop - begin).total_seconds() * 1.6 < 86400 and not self._fits(right - left):
                continue
            if self._days > _NAMES_UNTIL and local.day not in (1, 8, 15, 22):
                continue
            month = (
                f" {local:%b}" if self._days > _NAMES_UNTIL or local.day == 1 or begin == self._outlook.start else ""
            )
            weekday = (
                ""
                if self._days > _NAMES_UNTIL
                else f"{local:%a}"[:1] + f'<tspan class="lg">{f"{local:%a}"[1:]}</tspan> '
            )
            weekend = ' class="we"' if local.weekday() > 4 else ""
            parts.append(f'<text{weekend} x="{(left + right) / 2:.2f}%" y="13">{weekday}{local.day}<tspan class="mo">{month}</tspan></text>')  # fmt: skip
        if self._days <= _HOURS_UNTIL:
            parts += [
                f'<text class="h" x="{self._at(at):.2f}%" y="30">{hour}</text>' for at, hour in self._local_hours(zone)
            ]
        return "".join(parts)

    def _fits(self, share: float) -> bool:
        return share > 40 / max(self._days, 1) * 0.9

    def ground(self) -> Iterator[str]:
        """What lies behind the lanes, and the past with the line of now before them."""
        yield '<svg class="back" aria-hidden="true">'
        for number, zone in enumerate(self._zones):
            yield f'<g data-zone="{text(zone)}"{" hidden" if number else ""}>'
            for begin, stop in self._local_days(zone):
                left, right = self._at(begin), self._at(stop)
                if begin.astimezone(ZoneInfo(zone)).weekday() > 4:
                    yield f'<rect class="we" x="{left:.2f}%" width="{right - left:.2f}%" height="100%"/>'
                if begin > self._outlook.start:
                    yield f'<line x1="{left:.2f}%" x2="{left:.2f}%" y2="100%"/>'
            if self._days <= _HOURS_UNTIL:
                for at, _other in self._local_hours(zone):
                    yield f'<line class="h" x1="{self._at(at):.2f}%" x2="{self._at(at):.2f}%" y2="100%"/>'
            yield "</g>"
        now = self._at(self._outlook.now)
        yield (
            f'</svg><svg class="fore" aria-hidden="true"><rect width="{now:.2f}%" height="100%"/>'
            f'<line x1="{now:.2f}%" x2="{now:.2f}%" y2="100%"/></svg>\n'
        )

    def _local_days(self, zone: str) -> Iterator[Tuple[datetime, datetime]]:
        """The days of a zone, cut off at both ends."""
        there = ZoneInfo(zone)
        start, stop = self._outlook.start, self._outlook.stop
        date = start.astimezone(there).date()
        begin = start
        while begin < stop:
            date += timedelta(days=1)
            midnight = datetime.combine(date, time(), there).astimezone(start.tzinfo)
            if midnight <= begin:
                continue
            yield begin, min(midnight, stop)
            begin = midnight

    def _local_hours(self, zone: str) -> Iterator[Tuple[datetime, int]]:
        there = ZoneInfo(zone)
        for begin, _other in self._local_days(zone):
            date = begin.astimezone(there).date()
            for hour in (6, 12, 18):
                at = datetime.combine(date, time(hour), there).astimezone(self._outlook.start.tzinfo)
                if self._outlook.start < at < self._outlook.stop:
                    yield at, hour

    # --- lanes --------------------------------------------------------------------------------------------------------

    def lane(self, lane: Lane, most: int) -> Iterator[str]:
        """One lane, which unfolds to its resources."""
        pattern = lane.pattern
        flags = '<span class="flag f-over">override</span>' if pattern.override is not None else ""
        flags += '<span class="flag">left alone</span>' if lane.left_alone and not pattern.why else ""
        flags += '<span class="flag f-bad">unreadable</span>' if pattern.why else ""
        count = (
            f'<span class="count" data-count>{len(lane.rows):,}</span>' if len(lane.rows) > 1 else _dot(lane.rows[0])
        )
        yield (
            f'<details class="lane" data-row><summary><span class="label">{icon("chevron")}<span class="what">'
            f'<span class="name">{count}<bdi class="cut">{text(_title(lane))}</bdi>{flags}</span>'
            f'<span class="where cut" dir="auto">{text(_subtitle(lane))}</span></span></span>'
        )
        yield f'<svg class="strip" role="img" aria-label="{text(self._sentence(pattern))}">'
        yield from self._strip(pattern, lane.left_alone)
        yield '</svg></summary><div class="inside">'
        yield from self._inside(lane, most)
        yield "</div></details>\n"

    def _strip(self, pattern: Pattern, left_alone: bool) -> Iterator[str]:
        for off in pattern.off:
            left, right = self._at(off.start), self._at(off.stop)
            title = f"{off.calendar}: {_days_of(off.start, off.stop, pattern.zone)}"
            name = f'<text x="{(left + right) / 2:.2f}%" y="21">{text(off.calendar)}</text>' if right - left > 8 else ""
            yield (
                f'<g class="off"><rect x="{left:.2f}%" y="5" width="{right - left:.2f}%" height="24" rx="3">'
                f"<title>{text(title)}</title></rect>{name}</g>"
            )
        for stripe in pattern.bars:
            left, right = self._at(stripe.start), self._at(stripe.stop)
            look = "l" if left_alone else "o" if stripe.by_override else "r"
            yield (
                f'<rect class="{look}" x="{left:.2f}%" y="9" width="{max(right - left, 0.08):.2f}%" height="16" rx="3">'
                f"<title>{text(self._bar(stripe, pattern))}</title></rect>"
            )
        if pattern.override is not None and pattern.override.wanted is Wanted.STOPPED:
            left, right = self._at(self._outlook.now), self._at(pattern.override.until)
            title = f"Override: stopped until {moment(pattern.override.until, pattern.zone)} {place(pattern.zone)}"
            yield f'<rect class="s" x="{left:.2f}%" y="15" width="{right - left:.2f}%" height="4"><title>{text(title)}</title></rect>'  # fmt: skip
        if pattern.mode in ONE_SIDED:
            for edge in pattern.edges:
                yield (
                    f'<svg class="once to-{edge.to.value}" aria-hidden="true" x="{self._at(edge.at):.2f}%" y="17" overflow="visible">'
                    f'<path d="{_MARKS[edge.to]}"><title>{text(_edge(edge, pattern.zone))}</title></path></svg>'
                )

    def _bar(self, stripe: Bar, pattern: Pattern) -> str:
        zone = place(pattern.zone)
        if stripe.by_override:
            return f"Override: running until {moment(stripe.stop, pattern.zone)} {zone}"
        if stripe.start <= self._outlook.start and stripe.stop >= self._outlook.stop:
            return "Runs all the time"
        until = stripe.stop >= self._outlook.stop
        words = f"from {moment(stripe.start, pattern.zone)}" if until else span(stripe.start, stripe.stop, pattern.zone)
        length = "" if until or stripe.start <= self._outlook.start else f" · {distance(stripe.stop - stripe.start)}"
        return f"Runs {words} {zone}{length}"

    def _sentence(self, pattern: Pattern) -> str:
        """The lane in words, for those who do not see it."""
        if pattern.why:
            return pattern.why
        if not pattern.edges:
            return "Runs all the time" if pattern.bars else "Does not run in these days"
        return f"{plural(len(pattern.edges), 'change')}; next: {_edge(pattern.edges[0], pattern.zone)}"

    def _inside(self, lane: Lane, most: int) -> Iterator[str]:
        pattern = lane.pattern
        if pattern.why:
            yield f'<p class="says bad" dir="auto">{text(pattern.why)}</p>'
        else:
            yield f'<p class="says"><code dir="auto">{text(pattern.says)}</code></p>'
        yield '<div class="two"><ul class="members">\n'
        for row in lane.rows[:most]:
            yield _member(row)
        if len(lane.rows) > most:
            yield f'<li class="where">{len(lane.rows) - most:,} more are in the other formats of the report.</li>'
        yield "</ul>"
        if pattern.edges:
            yield f'<ol class="edges" aria-label="Next changes, {text(place(pattern.zone))} time">'
            for edge in pattern.edges[:MOST_EDGES]:
                verb = "starts" if edge.to is Wanted.RUNNING else "stops"
                yield f"<li>{moment_tag(edge.at, pattern.zone)} {verb}</li>"
            if len(pattern.edges) > MOST_EDGES:
                yield f'<li class="where">and {len(pattern.edges) - MOST_EDGES:,} more</li>'
            yield "</ol>"
        yield "</div>"


_MARKS = {
    Wanted.STOPPED: "M-6 -6h12v3h-3.2L0 6l-2.8-9H-6Z",
    Wanted.RUNNING: "M-4 -7 6 0-4 7Z",
    Wanted.ANY: "M-3 -3h6v6h-6Z",
}


def _title(lane: Lane) -> str:
    """What people call it: the resource, the name of the schedule, or what the tag itself says."""
    if len(lane.rows) == 1:
        return lane.rows[0].decision.resource.name
    return lane.pattern.schedule if _has_name(lane.pattern) else lane.pattern.says or lane.pattern.schedule


def _subtitle(lane: Lane) -> str:
    pattern = lane.pattern
    if len(lane.rows) == 1 and pattern.says and _has_name(pattern):
        return f"{pattern.schedule}: {pattern.says}"
    if len(lane.rows) == 1 or _has_name(pattern):
        return pattern.says or pattern.schedule
    return ", ".join(row.decision.resource.name for row in lane.rows[:_MOST_NAMES])


def _has_name(pattern: Pattern) -> bool:
    """Whether the tag holds the name of a schedule: no schedule that stands in a tag itself is a single word, but for
    ``always``, ``never`` and ``ignore``, which say what they mean."""
    return " " not in pattern.schedule.strip() and pattern.schedule.strip().casefold() != pattern.says.casefold()


def _edge(edge: Edge, zone: str) -> str:
    verb = "starts" if edge.to is Wanted.RUNNING else "stops"
    return f"{verb} {moment(edge.at, zone)} {place(zone)}"


def _days_of(start: datetime, stop: datetime, zone: str) -> str:
    whole = clock(start, zone) == clock(stop, zone) == "00:00"
    return day(start, zone) if whole else f"{span(start, stop, zone)} {place(zone)}"


def _dot(row: Row) -> str:
    state = row.decision.resource.state
    known = state.value if state in (State.RUNNING, State.STOPPED) else "changing"
    return f'<i class="dot s-{known}"></i><span class="hidden">{state.value}</span>'


def _member(row: Row) -> str:
    resource, decision = row.decision.resource, row.decision
    parts = [resource.id] if resource.id != resource.name else []
    parts += [KINDS[resource.kind.value], resource.type, resource.region, resource.account]
    about = " · ".join(f"<bdi>{text(part)}</bdi>" for part in parts if part)
    due = f'<span class="flag a-{decision.action.value}">{decision.action.value}</span>' if decision.action else ""
    why = f'<span class="why" dir="auto">{text(decision.not_touched)}</span>' if decision.not_touched else ""
    return f'<li data-member>{_dot(row)}<bdi class="cut">{text(resource.name)}</bdi>{due}<span class="where">{about}</span>{why}</li>\n'
