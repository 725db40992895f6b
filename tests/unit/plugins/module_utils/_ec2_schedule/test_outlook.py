# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to come: windows, overrides, the days that calendars leave out, and what cannot be told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import List, Optional, Sequence, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import edges
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.outlook import Outlook, Pattern, outlook
from ansible_collections.day2.ops.tests.support import schedule_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = samples.NOW  # Tuesday 1 December 2026, 19:05 in Madrid


def look(*tags: Tuple[str, str], days: int = 7, now: datetime = NOW, zone: str = "UTC", **rest: object) -> Outlook:
    """The outlook of one resource for each pair of a schedule and an override."""
    resources = []
    for number, (schedule, override) in enumerate(tags):
        given_tags = {"Schedule": schedule, **({"ScheduleOverride": override} if override else {})}
        resources.append(Resource(Kind.EC2, f"i-{number}", "111122223333", "eu-south-2", State.RUNNING, given_tags))
    look_up, calendars = samples.LookUp(), rest.get("calendars", samples.CALENDARS)
    assert isinstance(calendars, dict)
    decisions = decide(resources, look_up, calendars, Rules("Schedule"), now)
    return outlook(decisions, look_up, calendars, "Schedule", now, days, zone)


def pattern(schedule: str, override: str = "", days: int = 7) -> Pattern:
    return look((schedule, override), days=days).rows[0].pattern


def bars(found: Pattern) -> List[Tuple[str, str, bool]]:
    return [(f"{stripe.start:%d %H:%M}", f"{stripe.stop:%d %H:%M}", stripe.by_override) for stripe in found.bars]


def turns(found: Pattern) -> List[Tuple[str, str]]:
    return [(f"{edge.at:%d %H:%M}", edge.to.value) for edge in found.edges]


def test_it_begins_with_today_in_the_zone_of_most_and_ends_days_after_now() -> None:
    found = look(("office", ""), ("office", ""), ("tokyo-desk", ""), ("always", ""), ("no such", ""))
    assert found.zone == "Europe/Madrid"
    assert found.start == datetime(2026, 11, 30, 23, tzinfo=timezone.utc)
    assert (found.now, found.stop) == (NOW, NOW + timedelta(days=7))
    assert found.zone_of("tokyo-desk") == "Asia/Tokyo"
    assert found.zone_of("always") == found.zone_of("never heard of") == "Europe/Madrid"


def test_without_schedules_that_have_a_zone_it_is_the_given_one() -> None:
    found = look(("always", ""), zone="Asia/Kolkata")
    assert found.zone == "Asia/Kolkata"
    assert found.start == datetime(2026, 11, 30, 18, 30, tzinfo=timezone.utc)


def test_windows_and_edges_with_a_holiday() -> None:
    found = pattern("office")
    assert bars(found)[0] == ("01 06:30", "01 18:00", False)  # over already, and of today
    assert [start for start, _other, _other in bars(found)] == [
        "01 06:30",
        "02 06:30",
        "03 06:30",
        "04 06:30",
        "07 06:30",
    ]
    assert turns(found)[:2] == [("02 06:30", "running"), ("02 18:00", "stopped")]
    (off,) = found.off
    assert (off.start, off.stop) == (
        datetime(2026, 12, 7, 23, tzinfo=timezone.utc),
        datetime(2026, 12, 8, 23, tzinfo=timezone.utc),
    )
    assert off.calendar == "holidays"
    assert found.says == "Mon-Fri 07:30-19:00 not @holidays Europe/Madrid"


def test_a_timed_span_of_a_calendar_is_left_out_too() -> None:
    span = (datetime(2026, 12, 3, 12, tzinfo=timezone.utc), datetime(2026, 12, 3, 14, tzinfo=timezone.utc))
    long_ago = tuple(at - timedelta(days=60) for at in span)
    calendars = {"holidays": Calendar("holidays", spans=(long_ago, span))}  # type: ignore[arg-type]
    found = look(("office", ""), calendars=calendars).rows[0].pattern
    assert [(off.start, off.stop) for off in found.off] == [span]
    assert ("03 12:00", "stopped") in turns(found) and ("03 14:00", "running") in turns(found)


@pytest.mark.parametrize(
    "override, shown, then",
    [
        # beyond the window of tomorrow, into the next one: it goes on without an edge
        ("running until 2026-12-03T12:00+01:00", ("01 18:05", "03 11:00", True), ("03 18:00", "stopped")),
        ("running until 2026-12-02T03:00Z", ("01 18:05", "02 03:00", True), ("02 03:00", "stopped")),
        # past the end of the span
        ("running until 2027-01-01T00:00Z", ("01 18:05", "08 18:05", True), None),
        # until within a window: it starts late
        ("stopped until 2026-12-02T10:00Z", ("02 10:00", "02 18:00", False), ("02 10:00", "running")),
        ("stopped until 2027-01-01T00:00Z", None, None),
        # over before now: of no meaning any more
        ("stopped until 2026-12-01T18:00Z", ("02 06:30", "02 18:00", False), ("02 06:30", "running")),
    ],
)
def test_overrides(override: str, shown: Optional[Tuple[str, str, bool]], then: Optional[Tuple[str, str]]) -> None:
    found = pattern("office", override)
    coming = [stripe for stripe in bars(found) if stripe[0] >= "01 18:05"]
    assert (coming[0] if coming else None) == shown
    assert (turns(found)[0] if found.edges else None) == then
    assert bars(found)[0] == ("01 06:30", "01 18:00", False)  # the past stays what it was
    assert (found.override is None) == override.endswith("2026-12-01T18:00Z")


def test_an_override_of_now_cuts_the_window_in_which_it_is() -> None:
    found = pattern("always", "stopped until 2026-12-04T00:00Z")
    assert bars(found) == [("01 00:00", "01 18:05", False), ("04 00:00", "08 18:05", False)]
    assert turns(found) == [("04 00:00", "running")]


def test_what_only_stops_has_edges_and_no_windows() -> None:
    found = pattern("stop-only daily 21:00 Europe/Berlin", days=2)
    assert found.bars == ()
    assert turns(found) == [("01 20:00", "stopped"), ("02 20:00", "stopped")]
    later = pattern("stop-only daily 21:00 Europe/Berlin", "running until 2026-12-02T00:00Z", days=2)
    assert turns(later) == [("02 20:00", "stopped")]


def test_what_cannot_be_told_says_why() -> None:
    assert "Fry" in pattern("Mon-Fry 07:30-19:00").why
    assert "offset" in pattern("office", "running until 2026-12-02T00:00").why
    missing = look(("office", ""), calendars={}).rows[0].pattern
    assert "holidays" in missing.why and missing.bars == ()
    ignored = pattern("ignore")
    assert (ignored.why, ignored.bars, ignored.edges) == ("", (), ())


def test_alike_resources_share_one_pattern() -> None:
    found = look(*[("office", "")] * 50, ("office", "running until 2026-12-03T12:00+01:00"))
    assert len({id(row.pattern) for row in found.rows}) == 2


def test_the_resources_that_are_never_touched() -> None:
    found = samples.report().outlook
    assert found is not None
    left = [row.decision.resource.name for row in found.rows if row.left_alone]
    assert left == ["crawler", "billing", "typo"]  # a person's start is respected only until the next edge


SCHEDULES: Sequence[str] = (
    "office",
    "nightly-batch",
    "Mon-Sun 22:00-06:00 Australia/Lord_Howe",
    "always",
    "never",
    "2nd-Tue 00:00-24:00 Pacific/Apia",
    "daily 01:30-02:30+12:00-12:01 Europe/Madrid",
)


@settings(derandomize=True, max_examples=tries(40))
@given(
    schedule=st.sampled_from(SCHEDULES),
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    wanted=st.sampled_from(["", "running", "stopped"]),
    hours=st.integers(-50, 300),
    days=st.integers(0, 20),
)
def test_bars_and_edges_tell_one_story(schedule: str, minutes: int, wanted: str, hours: int, days: int) -> None:
    """Bars are in order, do not overlap and lie within the span; each edge is where the state changes, and no other."""
    now = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=minutes)
    until = now + timedelta(hours=hours)
    override = f"{wanted} until {until:%Y-%m-%dT%H:%M:%S}Z" if wanted else ""
    found = look((schedule, override), days=days, now=now)
    (row,) = found.rows
    assert row.pattern.why == ""
    last = found.start
    for stripe in row.pattern.bars:
        assert last <= stripe.start < stripe.stop <= found.stop
        last = stripe.stop

    def runs(at: datetime) -> bool:
        return any(stripe.start <= at < stripe.stop for stripe in row.pattern.bars)

    a_bit = timedelta(microseconds=1)
    for edge in row.pattern.edges:
        assert now < edge.at < found.stop
        assert (runs(edge.at - a_bit), runs(edge.at)) == (
            (False, True) if edge.to.value == "running" else (True, False)
        )
    ends = {at for stripe in row.pattern.bars for at in (stripe.start, stripe.stop) if now < at < found.stop}
    assert {at for at in ends if runs(at - a_bit) != runs(at)} == {edge.at for edge in row.pattern.edges}
    if not wanted:
        schedule_read = samples.LookUp()(schedule).schedule
        expected = edges(schedule_read, samples.CALENDARS, now, found.stop)
        assert list(row.pattern.edges) == [edge for edge in expected if edge.at < found.stop]
