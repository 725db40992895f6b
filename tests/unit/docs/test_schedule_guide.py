# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to schedules says what the code does: every schedule, option, tag, night, permission and error in it."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Set, Tuple

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import calls, requests
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.arguments import SCHEDULE
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import calendar_of_dates
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import format_schedule, parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.intervals import windows
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action, AsgMethod, Kind, Sizes
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.options import parse_options
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.override import parse_override
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.result import Found
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.state import tag_names
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.structured import parse_named
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.iam import document, fleet_statements
from ansible_collections.day2.ops.tests.support.examples import blocks_of, examples_of, literals, table_of
from ansible_collections.day2.ops.tests.support.scheduled import decided, machine

CHECKOUT = Path(__file__).parents[3]
GUIDE = CHECKOUT / "docs/docsite/rst/ec2_schedule.rst"
READMES = (CHECKOUT / "README.md", CHECKOUT / "roles/ec2_schedule/README.md")
TEXT = GUIDE.read_text(encoding="utf-8")
MODULE = "day2.ops.ec2_schedule"
ROLE = re.compile(r"ec2_schedule_(?!result)(\w+)")
NOW = datetime(2026, 11, 27, 18, tzinfo=timezone.utc)
# Which kinds each of the policies is for, in the order of the guide.
POLICIES = ({Kind.EC2}, {Kind.RDS, Kind.CLUSTER}, {Kind.ASG}, {Kind.NODEGROUP})
# Arguments that the guide leaves to the documentation of the module.
NOT_TOLD = {"external_id", "role_session_name", "run_id", "concurrency", "wait_timeout", "progress_file"}
# What the role has beside the arguments of the module: connection, and where relative paths are.
OF_THE_ROLE = {"directory", "profile", "region", "endpoint_url"}
TIMES = re.compile(r"\d\d:\d\d")


def documents() -> List[Any]:
    """The blocks of JSON."""
    return [json.loads(block.text) for block in blocks_of(GUIDE) if block.language == "json"]


def all_options() -> Iterator[Tuple[str, Dict[str, Any]]]:
    """What every example gives to the module, by the module or by the role."""
    for page in (GUIDE, *READMES):
        for block in blocks_of(page):
            if block.language.startswith("yaml"):
                yield from options_in(block.caption or page.parent.name, yaml.safe_load(block.text))
            for command in block.commands:
                extra = re.search(r"-e '(\{.*\})'", command)
                if extra is not None:
                    yield from options_in(command, json.loads(extra[1]))
    yield from options_in(MODULE, examples_of(CHECKOUT / "plugins/modules/ec2_schedule.py"))


def options_in(where: str, value: Any) -> Iterator[Tuple[str, Dict[str, Any]]]:
    """Those in a play, task or list of them."""
    if isinstance(value, list):
        for each in value:
            yield from options_in(where, each)
    elif isinstance(value, dict):
        if MODULE in value:
            yield where, value[MODULE]
        elif any(ROLE.fullmatch(str(key)) for key in value):
            yield where, of_role(value)
        else:
            for each in value.values():
                yield from options_in(where, each)


def of_role(variables: Mapping[str, Any]) -> Dict[str, Any]:
    """Variables of the role as options of the module."""
    found = {match[1]: value for key, value in variables.items() for match in [ROLE.fullmatch(key)] if match}
    assert found, variables
    return {name: value for name, value in found.items() if name not in OF_THE_ROLE}


EXAMPLES = list(all_options())


@pytest.mark.parametrize("options", [each for _where, each in EXAMPLES], ids=[where for where, _each in EXAMPLES])
def test_options_of_every_example(options: Dict[str, Any]) -> None:
    kwargs = SCHEDULE.to_kwargs()
    result = ArgumentSpecValidator(kwargs["argument_spec"]).validate(options)
    assert result.error_messages == []
    given = result.validated_parameters
    parsed = parse_options({**SCHEDULE.defaults(), **given}, NOW)
    for name, value in parsed.schedules.items():
        named = parse_named(name, value, parsed.timezone)
        assert {*named.schedule.without, *named.schedule.only} <= set(parsed.calendars)
    for name, value in parsed.calendars.items():
        calendar_of_dates(name, value if isinstance(value, list) else value.get("dates", []))


def test_there_are_examples_of_all_sorts() -> None:
    assert len(EXAMPLES) >= 14
    assert {name for _where, options in EXAMPLES for name in options} >= {
        "now",
        "preview",
        "max_stop",
        "accounts",
        "reports",
    }


def test_every_schedule_of_the_table() -> None:
    rows = table_of(TEXT, "Schedule")
    shown = [each for row in rows for cell in row for each in sorted(literals(cell)) if each != "+"]
    assert len(shown) >= 20
    for text in shown:
        schedule = parse_schedule(text, "UTC")
        assert parse_schedule(format_schedule(schedule), "UTC") == schedule


def test_words_that_mean_the_same() -> None:
    for one, other in (
        ("Mon-Fri 08:00-18:00", "weekdays 08:00-18:00"),
        ("Sat+Sun 08:00-18:00", "weekends 08:00-18:00"),
        ("08:00-18:00 Europe/Madrid", "DAILY 08:00-18:00 tz=europe/madrid"),
        ("Mon-Fri 08:00-18:00 not @france+@spain", "mon-fri 08:00-18:00 not @spain+@france"),
    ):
        assert parse_schedule(one) == parse_schedule(other)


def test_windows_that_touch_are_one() -> None:
    (window,) = windows(parse_schedule("Fri 22:00-24:00 and Sat 00:00-06:00"), {}, NOW, NOW + timedelta(days=2))
    assert window == (datetime(2026, 11, 27, 22, tzinfo=timezone.utc), datetime(2026, 11, 28, 6, tzinfo=timezone.utc))


def test_what_is_said_of_a_schedule_that_cannot_be_read() -> None:
    decision = decided(
        machine(
            id="i-0abc1234567890def",
            account="123456789012",
            region="eu-west-1",
            tags={"Schedule": "Mon-Fry 07:30-19:00", "Name": "typo"},
        ),
        "2026-11-27T18:00",
    )
    assert documents()[0] == {"problems": Found([decision], [], acted=False).all_problems}


def test_tags_that_are_typed() -> None:
    typed: Dict[str, List[str]] = {}
    for block in blocks_of(GUIDE):
        for command in block.commands:
            if command.startswith("aws ec2 create-tags"):
                key, value = re.findall(r"Key=(\w+),Value=(.*)", shlex.split(command)[-1])[0]
                typed.setdefault(key, []).append(value)
    assert set(typed) == {"Schedule", "ScheduleOverride"}
    for value in typed["Schedule"]:
        assert format_schedule(parse_schedule(value)) == value
    for value in typed["ScheduleOverride"]:
        assert parse_override(value) is not None


def test_tags_that_are_written() -> None:
    assert [row[0] for row in table_of(TEXT, "Tag")] == [
        f"``{name}``" for name in ("Schedule", "ScheduleOverride", "ScheduleState", "ScheduleStateOf", "ScheduleKept")
    ]
    assert {row[0].strip("`") for row in table_of(TEXT, "Tag")} == set(tag_names("Schedule"))


def test_nights_on_which_clocks_change() -> None:
    nights = table_of(TEXT, "On the night of")
    assert len(nights) == 4
    for day, schedule, runs, hours in nights:
        noon = datetime.fromisoformat(f"{day}T12:00+00:00")
        begin = noon if schedule.startswith("``daily 22") else noon - timedelta(hours=24)
        (window,) = windows(parse_schedule(schedule.strip("`")), {}, begin, begin + timedelta(hours=24))
        assert [f"{at:%Y-%m-%dT%H:%MZ}" for at in window] == runs.split(" to ")
        assert (window.stop - window.start) / timedelta(hours=1) == float(hours)


def test_rights() -> None:
    for policy, kinds in zip(documents()[1:], POLICIES):
        method = AsgMethod.SUSPEND if Kind.ASG in kinds else AsgMethod.SIZES
        assert policy == document(fleet_statements("aws", frozenset(kinds), "Schedule", method, False))
    assert len(documents()) == 1 + len(POLICIES)


def test_rights_are_those_of_the_requests() -> None:
    made: Set[str] = set()
    for kind in Kind:
        resource = machine(
            kind=kind, id="acme/workers", arn="arn:aws:eks:eu-west-1:111122223333:nodegroup/acme/workers/1"
        )
        made.add(calls.tag(resource, {"ScheduleState": "stopped"}).action)
        for action in Action:
            if kind is Kind.EC2:
                made.add(calls.change_instances("eu-west-1", action, ["i-1"]).action)
            elif kind in (Kind.ASG, Kind.NODEGROUP):
                made.add(calls.resize(resource, Sizes(0, 0, 1)).action)
            else:
                made.add(calls.change_database(resource, action).action)
    made |= {calls.suspend(machine(kind=Kind.ASG), ["Launch"], resume).action for resume in (False, True)}
    made |= {
        request.action
        for request in (
            requests.describe_instances("eu-west-1", "Schedule"),
            requests.describe_databases("eu-west-1"),
            requests.describe_clusters("eu-west-1"),
            requests.describe_events("eu-west-1", "db-instance", "orders"),
            requests.describe_groups("eu-west-1", "Schedule"),
            requests.list_clusters("eu-west-1"),
            requests.list_node_groups("eu-west-1", "acme"),
            requests.describe_node_group("eu-west-1", "acme", "workers"),
        )
    }
    allowed = [right for policy in documents()[1:] for each in policy["Statement"] for right in each["Action"]]
    assert set(allowed) == made
    assert f"``{requests.describe_regions('eu-west-1').action}``" in TEXT


def test_every_kind_and_option_is_told() -> None:
    told = {word for text in literals(TEXT) for word in re.findall(r"\w+", text)}
    told |= {name for _where, options in EXAMPLES for name in options}
    assert {kind.value for kind in Kind} <= told
    assert set(SCHEDULE.arguments) - NOT_TOLD <= told


def test_schedules_of_those_who_come_from_elsewhere() -> None:
    here = [row[1] for row in table_of(TEXT, "There")]
    shown = [text for cell in here for text in literals(cell) if TIMES.search(text)]
    assert len(shown) >= 9
    for text in shown:
        parse_schedule(text)


def test_errors_are_in_their_words() -> None:
    section = TEXT.rpartition("When something goes wrong\n")[2]
    rooms = CHECKOUT / "plugins/module_utils"
    sources = [path for room in ("_ec2_schedule", "_aws") for path in rooms.joinpath(room).rglob("*.py")]
    code = " ".join(path.read_text(encoding="utf-8") for path in sources)
    words = re.sub(r"\"\s*f?\"|\{[^{}]*\}", "", code)  # literals that go on in the next line, and what is filled in
    errors = re.findall(r"^``(.+)``$", section, re.MULTILINE)
    assert len(errors) >= 10
    for error in errors:
        error = re.sub(r"'.*column 5: 'Fry' ", "", error).replace("{account}", "")
        for part in filter(None, (part.strip(" :") for part in error.split("…"))):
            assert part in words, error
