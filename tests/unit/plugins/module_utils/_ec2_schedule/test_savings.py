# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hours and money. The week from Monday 23 November 2026 has 168 hours, and an office in Madrid has 57.5 of them."""

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Sizes, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.savings import hourly, members_of, savings
from ansible_collections.day2.ops.tests.support.scheduled import OFFICE, group, inline, machine, utc

MONDAY, WEEK = utc("2026-11-23T00:00"), utc("2026-11-30T00:00")
PRICES = {"m5.large": 0.1, "db.r6g.large": 0.25}


def price(kind, name, region):
    assert region == "eu-south-2"
    return PRICES.get(name)


def week(*resources, per_hour=None, **rules):
    return savings(resources, inline(), {}, Rules("Schedule", **rules), MONDAY, WEEK, per_hour)


@pytest.mark.parametrize(
    "tags, hours",
    [
        ({}, 57.5),
        ({"Schedule": "always"}, 168),
        ({"Schedule": "never"}, 0),
        ({"Schedule": "22:00-06:00 UTC"}, 56),
        ({"ScheduleOverride": "running until 2026-11-24T00:00Z"}, 24 + 46),
        ({"ScheduleOverride": "stopped until 2026-11-24T00:00Z"}, 46),
        ({"ScheduleOverride": "stopped until 2026-12-24T00:00Z"}, 0),
        ({"ScheduleOverride": "running until 2027-01-01T00:00Z"}, 168),
        ({"ScheduleOverride": "stopped until 2026-11-20T00:00Z"}, 57.5),  # over before
        ({"ScheduleOverride": "stopped until 2026-11-23T12:00Z"}, 57.5 - 5.5),  # in the middle of a window
    ],
)
def test_the_hours_of_a_week(tags, hours):
    found = week(machine(tags=tags))
    (row,) = found.rows
    assert (row.hours, row.hours_always_on) == (pytest.approx(hours), 168)
    assert found.percent == pytest.approx(100 * (168 - hours) / 168)
    assert not found.not_counted


def test_the_week_of_a_transition_has_another_hour():
    found = savings([machine()], inline(), {}, Rules("Schedule"), utc("2026-10-24T22:00"), utc("2026-10-25T23:00"))
    assert (found.hours, found.hours_always_on) == (0, 25)


@pytest.mark.parametrize(
    "tags, rest, rules, reason",
    [
        ({"Schedule": "stop-only 19:00"}, {}, {}, "only stops it: when it is started"),
        ({"Schedule": "start-only 07:00"}, {}, {}, "only starts it: when it is stopped"),
        ({"Schedule": "ignore"}, {}, {}, "ignored"),
        ({"Schedule": "nonsense"}, {}, {}, "nonsense"),
        ({"ScheduleOverride": "nonsense"}, {}, {}, "nonsense"),
        ({}, {"obstacle": "spot instance"}, {}, "spot instance"),
        ({"Env": "prod"}, {}, {"protected_tags": {"Env": "pro?"}}, "protected"),
    ],
)
def test_what_is_not_counted_is_named_with_the_reason(tags, rest, rules, reason):
    found = week(machine(tags=tags, **rest), machine(id="i-2"), **rules)
    assert [row.resource.id for row in found.rows] == ["i-2"]
    (left,) = found.not_counted
    assert (left.resource.id, left.schedule) == ("i-1", left.resource.tags["Schedule"])
    assert reason in left.reason
    assert found.hours_always_on == 168


def test_what_is_gone_or_carries_no_schedule_is_not_mentioned():
    other = machine()._replace(tags={})
    found = week(machine(state=State.GONE), other)
    assert (found.rows, found.not_counted, found.percent, found.saved) == ((), (), None, None)


def test_money_where_the_price_is_known_and_names_where_it_is_not():
    found = week(
        machine(units=(("m5.large", 1),)),
        machine(id="i-2", units=(("x9.huge", 1),)),
        machine(id="i-3", type="m5.large"),
        machine(id="i-4"),
        per_hour=hourly(price, "Schedule"),
    )
    first, second, third, _other = found.rows
    assert (first.cost, first.cost_always_on) == (pytest.approx(5.75), pytest.approx(16.8))
    assert first.saved == pytest.approx(11.05)
    assert (second.cost, second.saved) == (None, None)
    assert third.cost == first.cost
    assert [row.resource.id for row in found.unpriced] == ["i-2", "i-4"]
    assert (found.cost, found.saved) == (pytest.approx(11.5), pytest.approx(22.1))
    assert found.hours == pytest.approx(4 * 57.5)  # their hours count


def test_without_prices_there_is_no_money_and_nothing_is_missing():
    found = week(machine(units=(("m5.large", 1),)))
    assert (found.cost, found.cost_always_on, found.saved, found.unpriced) == (None, None, None, ())


def test_the_members_of_a_cluster_count_each():
    cluster = machine(kind=Kind.CLUSTER, id="db", units=(("db.r6g.large", 2), ("m5.large", 1)))
    found = week(cluster, per_hour=hourly(price, "Schedule"))
    (row,) = found.rows
    assert (row.members, row.hours) == (3, pytest.approx(3 * 57.5))
    assert row.cost == pytest.approx(0.6 * 57.5)
    assert found.hours_always_on == 3 * 168


def test_a_part_of_a_price_is_none():
    cluster = machine(kind=Kind.CLUSTER, id="db", units=(("db.r6g.large", 2), ("x9.huge", 1)))
    assert week(cluster, per_hour=hourly(price, "Schedule")).unpriced


@pytest.mark.parametrize(
    "resource, members",
    [
        (machine(), 1),
        (machine(kind=Kind.CLUSTER, members=("a", "b")), 2),
        (group(Sizes(2, 4, 6)), 4),
        (group(Sizes(0, 0, 6), {"ScheduleKept": "2/5/6"}), 5),
        (group(Sizes(0, 0, 6), {"ScheduleKept": "no"}), 1),
        (group(Sizes(0, 0, 6), {"ScheduleKept": "2/5/6"}, units=(("m5.large", 0),)), 5),
        (group(Sizes(2, 4, 6), units=(("m5.large", 4),)), 4),
    ],
)
def test_how_many_machines_a_resource_is(resource, members):
    assert members_of(resource, "Schedule") == members


def test_an_empty_group_costs_what_its_instances_will():
    empty = group(Sizes(0, 0, 6), {"ScheduleKept": "2/5/6"}, units=(("m5.large", 0),))
    assert hourly(price, "Schedule")(empty) == pytest.approx(0.5)
    assert hourly(price, "Schedule")(group(Sizes(0, 0, 6), {"ScheduleKept": "2/5/6"})) is None


def test_a_span_of_nothing():
    found = savings([machine()], inline(), {}, Rules("Schedule"), MONDAY, MONDAY)
    assert (found.hours, found.hours_always_on, found.percent) == (0, 0, None)


def test_schedules_are_reckoned_once():
    asked = []

    def per_hour(resource):
        asked.append(resource.id)
        return 1.0

    fleet = [machine(id=f"i-{number}") for number in range(50)]
    found = savings(fleet, inline(), {}, Rules("Schedule"), MONDAY, WEEK, per_hour)
    assert len(asked) == 50
    assert found.cost == pytest.approx(50 * 57.5)
    assert {row.schedule for row in found.rows} == {OFFICE}
