# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gc
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import calendar_of_dates
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.catalog import Catalog, Source, read_schedules
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Mode
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICE = "Mon-Fri 07:30-19:00 Europe/Madrid"


def catalog(**more: Any) -> Catalog:
    option = {"office": OFFICE, "lab": {"schedule": "07:00-19:00 not @holidays", "enforce": True}}
    named = read_schedules(option, (), "Asia/Tokyo").named
    return Catalog(named, {"holidays": calendar_of_dates("holidays", ["12-25"])}, "Asia/Tokyo", **more)


def refusal(of: Catalog, text: str) -> str:
    with pytest.raises(Day2Error) as caught:
        of.look_up(text)
    return str(caught.value)


def test_names_come_before_the_grammar() -> None:
    known = catalog()
    assert known.look_up("office").schedule.zone == "Europe/Madrid"
    assert known.look_up(" office ").name == "office"
    assert known.look_up("lab").enforce is True
    assert known.look_up("lab").schedule.zone == "Asia/Tokyo"
    written = known.look_up("Mon 08:00-09:00")
    assert (written.name, written.schedule.zone, written.enforce) == ("Mon 08:00-09:00", "Asia/Tokyo", None)
    assert known.look_up("never").schedule.mode is Mode.NEVER


def test_a_text_is_looked_up_once() -> None:
    known = catalog()
    assert known.look_up("Mon 08:00-09:00") is known.look_up("Mon 08:00-09:00")
    messages = {refusal(known, "offcie") for _other in range(3)}
    assert len(messages) == 1


def test_errors_that_are_told_again_keep_nobody() -> None:
    known = catalog()

    class Held:
        pass

    def ask() -> None:
        held = Held()
        with pytest.raises(Day2Error):
            known.look_up("offcie")
        del held

    for _other in range(3):
        ask()
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, Held)]


def test_a_word_that_is_nothing() -> None:
    assert refusal(catalog(), "offcie") == (
        "'offcie' is neither the name of a schedule (lab, office) nor one by itself, such as Mon-Fri 07:00-19:00;"
        " did you mean office?"
    )
    many = Catalog(read_schedules({f"s{number:02}": OFFICE for number in range(12)}, (), "UTC").named, {})
    assert "(s00, s01, s02, s03, s04, s05, s06, s07, s08, s09 and 2 more)" in refusal(many, "other")
    assert "column 1" in refusal(Catalog({}, {}), "other")


def test_a_schedule_with_a_mistake_is_told_as_the_grammar_does() -> None:
    assert "column 9" in refusal(catalog(), "Mon-Fri 25:00-19:00")
    assert "column 5" in refusal(catalog(), "Mon-Fry 07:00-19:00")


def test_calendars_that_are_missing_or_broken() -> None:
    known = catalog(calendar_problems={"fairs": "read the calendar fairs from https://x/…: HTTP status 404"})
    assert known.look_up("Mon 08:00-09:00 not @holidays").schedule.without == ("holidays",)
    assert refusal(known, "Mon 08:00-09:00 not @fairs") == "read the calendar fairs from https://x/…: HTTP status 404"
    assert refusal(known, "Mon 08:00-09:00 only @holiday").endswith(
        "there is no calendar 'holiday' (fairs, holidays); did you mean holidays?"
    )
    assert "the option calendars is empty" in refusal(Catalog({}, {}), "Mon 08:00-09:00 only @holidays")
    assert known.problems == ("read the calendar fairs from https://x/…: HTTP status 404",)


def test_schedules_from_outside_that_are_wrong_are_problems_of_who_uses_them() -> None:
    source = Source("ssm:/ops", {"night": "22:00-06:00", "bad": "Mon-Fry", "worse": 7, "never": "always"})
    read = read_schedules({"office": OFFICE}, [source], "UTC")
    assert set(read.named) == {"office", "night"}
    assert set(read.problems) == {"bad", "worse", "never"}
    known = Catalog(read.named, {}, "UTC", read.problems)
    assert refusal(known, "bad").startswith("ssm:/ops: schedules.bad: 'Mon-Fry', column 5: ")
    assert refusal(known, "never") == (
        "ssm:/ops: schedules.never: this is a schedule by itself, and a name may not change what it means"
    )
    assert len(known.problems) == 3


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"office": "Mon-Fry"}, "schedules.office: 'Mon-Fry', column 5"),
        ({"Mon 07:00-08:00": OFFICE}, "may not change what it means"),
        ({" office": OFFICE}, "is not a name"),
        ({"": OFFICE}, "is not a name"),
        ({"x" * 257: OFFICE}, "is not a name"),
    ],
)
def test_schedules_of_the_task_that_are_wrong_end_it(option: Dict[str, Any], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        read_schedules(option, (), "UTC")


def test_a_name_at_two_places() -> None:
    sources = [Source("a.yml", {"office": OFFICE}), Source("ssm:/ops", {"office": OFFICE})]
    with pytest.raises(Day2Error, match="'office' is defined twice: in a.yml and in ssm:/ops"):
        read_schedules({}, sources, "UTC")
    with pytest.raises(Day2Error, match="'office' is defined twice: in the option schedules and in a.yml"):
        read_schedules({"office": OFFICE}, sources[:1], "UTC")


KNOWN = catalog()


@settings(max_examples=tries(50))
@given(st.text(max_size=40))
def test_any_tag_is_a_schedule_or_refused(text: str) -> None:
    try:
        assert KNOWN.look_up(text).schedule is not None
    except Day2Error as error:
        assert str(error)
