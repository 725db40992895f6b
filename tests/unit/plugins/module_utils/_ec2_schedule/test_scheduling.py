# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole run, from options to result, on the strict fake: a day in the life of an office."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.job import Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._common.run import as_task_result
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.arguments import SCHEDULE
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.scheduling import schedule_fleet
from ansible_collections.day2.ops.tests.support.aws.ec2_store import KMS_REASON, Database, Group, Instance
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2
from ansible_collections.day2.ops.tests.support.loopback import FakeClock

REGION = "eu-central-1"
EVENING = datetime(2026, 11, 27, 18, 30, tzinfo=timezone.utc)  # a Friday; the office has closed half an hour ago
MORNING = datetime(2026, 11, 30, 7, 0, tzinfo=timezone.utc)
OFFICE = "Mon-Fri 07:30-19:00 Europe/Madrid"
WRITES = (
    "StopInstances",
    "StartInstances",
    "CreateTags",
    "StopDBInstance",
    "AddTagsToResource",
    "UpdateAutoScalingGroup",
)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeEc2]:
    with FakeEc2() as running:
        yield running


@pytest.fixture
def fake(server: FakeEc2) -> Iterator[FakeEc2]:
    server.renew()
    yield server
    assert server.unexpected == []


def put(fake: FakeEc2, count: int, state: str = "running", schedule: str = "office", **tags: str) -> List[Instance]:
    made = [Instance(f"i-{state[0]}{number:04x}", state, {"Schedule": schedule, **tags}) for number in range(count)]
    fake.store.place(REGION).add(*made)
    return made


def scheduled(
    fake: FakeEc2, at: datetime = EVENING, check: bool = False, clock: Optional[FakeClock] = None, **given: Any
) -> Outcome:
    variables = fake.environment(REGION)
    options: Dict[str, Any] = {
        **SCHEDULE.defaults(),
        "endpoint_url": fake.url,
        "access_key": variables["AWS_ACCESS_KEY_ID"],
        "secret_key": variables["AWS_SECRET_ACCESS_KEY"],
        "region": REGION,
        "schedules": {"office": OFFICE},
        "wait_timeout": 0,
        **given,
    }
    return schedule_fleet(Job(options, check, clock or FakeClock(at), random.Random(5), warn=pytest.fail))


def told(outcome: Outcome) -> Dict[str, Any]:
    """What the task returns; that Ansible would take it is part of every test."""
    result = as_task_result(outcome, 0.1, diff_mode=True)
    return json.loads(json.dumps(result))  # type: ignore[no-any-return]


def written(fake: FakeEc2) -> int:
    """How many calls changed something."""
    return sum(count for action, count in fake.counters.items() if action.endswith(WRITES))


def test_an_evening_and_a_morning(fake: FakeEc2) -> None:
    put(fake, 3)
    ends = told(scheduled(fake))
    assert ends["changed"] and ends["status"] == "ok" and ends["problems"] == []
    assert [entry["outcome"] for entry in ends["actions"]] == ["done"] * 3
    assert ends["actions"][0]["at"] == "2026-11-27T18:00:00Z"
    assert ends["summary"]["sentence"] == "3 resources carry a schedule: 3 running, 0 stopped; 3 stopped."
    assert [entry["at"] for entry in ends["next_edges"]] == ["2026-11-30T06:30:00Z"] * 3

    again = told(scheduled(fake, EVENING + timedelta(minutes=5)))
    assert (
        not again["changed"] and again["plan"] == again["actions"] == [] and "nothing is due" in str(again["summary"])
    )

    begins = told(scheduled(fake, MORNING))
    assert {entry["action"] for entry in begins["actions"]} == {"start"} and begins["summary"]["done"] == 3
    assert {each.state for each in fake.store.place(REGION).instances.values()} == {"running"}


def test_check_mode_says_what_the_real_run_does_and_writes_nothing(fake: FakeEc2) -> None:
    put(fake, 4)
    put(fake, 2, "stopped")
    fake.store.place(REGION).instances["i-r0001"].tags["Schedule"] = "Mon-Fry 07:30-19:00"
    expected = told(scheduled(fake, check=True))
    assert written(fake) == 0 and expected["actions"] == []
    real = told(scheduled(fake))
    for key in ("changed", "plan", "diff", "not_touched", "next_edges", "problems"):
        assert real[key] == expected[key], key
    assert len(real["plan"]) == 3 and len(real["diff"]) == 5


@pytest.mark.parametrize("check", [False, True])
def test_a_what_if_never_acts(fake: FakeEc2, check: bool) -> None:
    put(fake, 2)
    result = told(scheduled(fake, MORNING, check, now="2026-11-27T19:30:00+01:00"))
    assert written(fake) == 0 and len(result["plan"]) == 2 and result["actions"] == []
    assert "2 stopped if it were done now" in result["summary"]["sentence"]


@pytest.mark.parametrize("limit, stops", [("2", 0), ("3", 3), ("49%", 0), ("50%", 3), ("0", 0)])
def test_a_plan_over_its_limit_does_nothing_at_all(fake: FakeEc2, limit: str, stops: int) -> None:
    put(fake, 3)
    place = fake.store.place(REGION)
    place.add(*(Instance(f"i-k{number}", "running", {"Schedule": "always"}) for number in range(3)))
    place.add(Instance("i-late", "stopped", {"Schedule": "always"}))  # nor is it started
    outcome = scheduled(fake, max_stop=limit)
    result = told(outcome)
    assert sum(each.state == "stopped" for each in place.instances.values()) == (stops or 1)
    if stops:
        assert result["status"] == "ok" and outcome.failure is None and result["changed"]
        return
    assert written(fake) == 0 and not result["changed"] and result["status"] == "critical" and result["diff"] == []
    assert outcome.failure is not None and f"max_stop is {limit}" in outcome.failure
    assert len(result["plan"]) == 4 and result["actions"] == []


def test_what_fails_is_told_and_not_marked(fake: FakeEc2) -> None:
    good, bad = put(fake, 2, "stopped")
    bad.falls_back = KMS_REASON
    outcome = scheduled(fake, MORNING)
    result = told(outcome)
    assert {entry["resource"]: entry["outcome"] for entry in result["actions"]} == {good.id: "done", bad.id: "failed"}
    assert result["status"] == "critical" and outcome.failure is not None and "kms:CreateGrant" in outcome.failure
    assert "ScheduleState" in good.tags and "ScheduleState" not in bad.tags
    assert [entry["after"] for entry in result["diff"]] == ["running\n"]


def test_what_was_done_and_could_not_be_marked_is_changed_all_the_same(fake: FakeEc2) -> None:
    put(fake, 2)
    fake.rules.add(action="CreateTags", code="UnauthorizedOperation", status=403)
    first = scheduled(fake)
    result = told(first)
    assert result["changed"] and len(result["diff"]) == 2 and result["status"] == "critical"
    assert first.failure is not None
    assert first.failure.startswith("stopped i-r0000 (123456789012 eu-central-1), but its tag ScheduleState was not")
    again = told(scheduled(fake, EVENING + timedelta(minutes=5), fail_on="never"))
    assert not again["changed"] and again["actions"] == []
    assert "nothing is due, 2 failed" in again["summary"]["sentence"] and len(again["problems"]) == 2
    assert all("could not tag i-r000" in problem and "ec2:CreateTags" in problem for problem in again["problems"])


@pytest.mark.parametrize(
    "fail_on, fails", [("never", False), ("critical", False), ("warning", True), ("unknown", True)]
)
def test_when_a_problem_fails_the_task(fake: FakeEc2, fail_on: str, fails: bool) -> None:
    put(fake, 1, schedule="Mon-Fry 07:30-19:00")
    outcome = scheduled(fake, fail_on=fail_on)
    assert told(outcome)["status"] == "warning" and (outcome.failure is not None) == fails


def test_a_region_that_is_denied_is_a_problem_and_no_more(fake: FakeEc2) -> None:
    put(fake, 1)
    fake.rules.add(bucket="us-east-1", code="UnauthorizedOperation", status=403)
    outcome = scheduled(fake, regions=[REGION, "us-east-1"], resources=["ec2"])
    result = told(outcome)
    assert result["status"] == "unknown" and result["summary"]["done"] == 1 and outcome.failure is None
    (problem,) = result["problems"]
    assert "us-east-1" in problem and "UnauthorizedOperation" in problem


def test_a_limit_that_is_passed_says_when_a_part_of_the_fleet_was_not_seen(fake: FakeEc2) -> None:
    put(fake, 2)
    place = fake.store.place("us-east-1")
    place.add(*(Instance(f"i-k{number}", "running", {"Schedule": "always"}) for number in range(8)))
    given: Dict[str, Any] = {"regions": [REGION, "us-east-1"], "resources": ["ec2"], "max_stop": "50%", "check": True}
    assert scheduled(fake, **given).failure is None
    fake.rules.add(bucket="us-east-1", code="UnauthorizedOperation", status=403)
    outcome = scheduled(fake, **given)
    assert outcome.failure is not None and "2 of 2" in outcome.failure and "could not be read" in outcome.failure
    assert told(outcome)["summary"]["sentence"].count("nothing was done") == 1


def test_a_clock_that_went_back_undoes_nothing(fake: FakeEc2) -> None:
    put(fake, 2)
    scheduled(fake)
    fake.reset()
    result = told(scheduled(fake, EVENING - timedelta(hours=6)))
    assert written(fake) == 0 and result["status"] == "warning" and len(result["not_touched"]) == 2
    assert "clock" in result["problems"][0]


def test_databases_are_accepted_first_and_marked_when_they_have_arrived(fake: FakeEc2) -> None:
    database = Database("db-1", tags={"Schedule": "office"})
    fake.store.place(REGION).databases[database.id] = database
    first = told(scheduled(fake))
    assert [entry["outcome"] for entry in first["actions"]] == ["pending"] and "ScheduleState" not in database.tags
    database.status = "stopped"
    second = told(scheduled(fake, EVENING + timedelta(minutes=10)))
    assert (
        second["actions"] == []
        and second["changed"]
        and database.tags["ScheduleState"] == "stopped 2026-11-27T18:00:00Z"
    )
    third = told(scheduled(fake, EVENING + timedelta(minutes=15)))
    assert not third["changed"]


def test_groups_get_back_the_sizes_they_had(fake: FakeEc2) -> None:
    group = Group("workers", (1, 2, 4), {"Schedule": "office"})
    fake.store.place(REGION).groups[group.name] = group
    scheduled(fake)
    assert group.sizes == (0, 0, 4) and group.tags["ScheduleKept"]
    scheduled(fake, EVENING + timedelta(minutes=5))
    scheduled(fake, MORNING)
    assert group.sizes == (1, 2, 4)


def test_the_lists_are_bounded_and_the_reports_are_not(fake: FakeEc2, tmp_path: Path) -> None:
    put(fake, 7)
    paths = [str(tmp_path / f"{{date}}-{{run_id}}.{suffix}") for suffix in ("html", "json", "csv", "md")]
    result = told(scheduled(fake, max_returned=3, preview=2, run_id="one", reports=[{"path": path} for path in paths]))
    assert len(result["plan"]) == len(result["actions"]) == 3 and result["truncated"] == dict.fromkeys(
        ("plan", "actions", "next_edges"), 4
    )
    assert len(result["preview"]["resources"]) == 3 and result["preview"]["truncated"] == 4
    assert result["savings"]["hours_always_on"] == 7 * 48
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"2026-11-27-one.{suffix}" for suffix in ("html", "json", "csv", "md")
    )
    document = json.loads((tmp_path / "2026-11-27-one.json").read_text(encoding="utf-8"))
    assert len(document["actions"]) == 7 and document["summary"] == result["summary"]


def test_money_where_prices_are_known(fake: FakeEc2) -> None:
    put(fake, 2)
    savings = told(scheduled(fake, check=True, preview=7, hourly_prices={"m5.large": 0.1}))["savings"]
    assert savings["percent"] == pytest.approx(100 * (1 - 5 * 11.5 / 168), abs=1)
    assert savings["saved"] == pytest.approx(0.1 * savings["hours_saved"], abs=0.01) and savings["currency"] == "USD"


@pytest.mark.parametrize(
    "given, said",
    [
        ({"schedules": {"office": "Mon-Fry 07:30-19:00"}}, r"schedules\.office: .*column 5"),
        ({"schedules_from": ["/nowhere/schedules.yml"]}, "/nowhere/schedules.yml"),
        ({"calendars": {"holidays": ["25 December"]}}, r"calendars\.holidays"),
        ({"hourly_prices": {"m5.large": "much"}}, r"hourly_prices\.m5\.large"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"reports": [{"path": "report.doc"}]}, r"reports\[0\]"),
    ],
)
def test_bad_input_is_refused_before_anything_is_asked(fake: FakeEc2, given: Dict[str, Any], said: str) -> None:
    put(fake, 1)
    with pytest.raises(Day2Error, match=said):
        scheduled(fake, **given)
    assert not fake.counters


def test_a_report_that_cannot_be_written_fails_the_task_after_its_work(fake: FakeEc2, tmp_path: Path) -> None:
    put(fake, 1)
    place = tmp_path / "folder" / "report.json"

    class Spiteful(FakeClock):
        """Has the folder replaced by a file once something was stopped."""

        def monotonic(self) -> float:
            if "ec2:StopInstances" in fake.counters and place.parent.is_dir():
                place.parent.rmdir()
                place.parent.write_text("in the way", encoding="utf-8")
            return super().monotonic()

    outcome = scheduled(fake, clock=Spiteful(EVENING), reports=[{"path": str(place)}])
    result = told(outcome)
    assert result["summary"]["done"] == 1 and outcome.failure is not None and str(place) in outcome.failure
    assert result["reports"][0]["error"]
