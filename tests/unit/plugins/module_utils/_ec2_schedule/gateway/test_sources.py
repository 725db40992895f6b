# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules, calendars and prices from where people keep them: moto for what it serves, a fake for the rest."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, Iterator, Mapping, Optional, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.caller import Caller
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.objects import Objects
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request
from ansible_collections.day2.ops.plugins.module_utils._aws.protocols import json_request
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.catalog import Catalog
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.prices import load_prices
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.sources import load_catalog
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind
from ansible_collections.day2.ops.tests.support.aws.fake_lists import FakeLists, ec2_product, product
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access

REGION = "eu-north-1"  # nobody else's
NOW = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)
OFFICE = "Mon-Fri 07:30-19:00 Europe/Madrid"
HOLIDAY = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n"
FREEZE = "BEGIN:VEVENT\r\nDTSTART:20261220T000000Z\r\nDTEND:20270104T000000Z\r\nEND:VEVENT\r\n"


def ical(events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nX-CALENDAR-TYPE:DEFAULT_OPEN\r\n{events}END:VCALENDAR\r\n"


@pytest.fixture
def lists() -> Iterator[FakeLists]:
    with FakeLists(page=2) as server:
        yield server
    assert server.unexpected == []


def caller(url: str) -> Caller:
    clock = FakeClock(datetime.now(timezone.utc))
    return Caller(Session.open(access(url, region=REGION), clock), 8, Random(1), clock)


def send(asked: Caller, request: Request) -> None:
    asked.run(lambda client: client.send(request))


class NoCaller:
    """Who is not to be asked."""


def load(
    asked: Any = NoCaller(),  # noqa: B008
    schedules: Optional[Mapping[str, Any]] = None,
    schedules_from: Sequence[str] = (),
    calendars: Optional[Mapping[str, Any]] = None,
    zone: str = "UTC",
) -> Catalog:
    return load_catalog(schedules or {}, schedules_from, calendars or {}, zone, NOW, asked, REGION)


def refusal(of: Catalog, text: str) -> str:
    with pytest.raises(Day2Error) as caught:
        of.look_up(text)
    return str(caught.value)


def test_files_ask_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("night: 22:00-06:00\n", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"bad": "Mon-Fry"}), encoding="utf-8")
    (tmp_path / "c.ics").write_bytes(ical(HOLIDAY).encode())
    found = load(
        schedules={"office": f"{OFFICE.rpartition(' ')[0]} not @holidays"},
        schedules_from=[str(tmp_path / "a.yml"), str(tmp_path / "b.json")],
        calendars={
            "holidays": {"dates": ["2026-01-06"], "ical": str(tmp_path / "c.ics")},
            "none": {"ical": str(tmp_path)},
        },
        zone="Asia/Tokyo",
    )
    assert found.look_up("office").schedule.zone == found.look_up("night").schedule.zone == "Asia/Tokyo"
    assert refusal(found, "bad").startswith(f"{tmp_path}/b.json: schedules.bad: 'Mon-Fry', column 5")
    holidays = found.calendars["holidays"]
    assert holidays.dates == {
        date(2026, 1, 6),
        *(date(year, 12, 25) for year in (2025, 2026, 2027, 2028, 2029)[:5]),
    } - {date(2029, 12, 25)}
    assert holidays.known == (date(2025, 11, 30), (NOW + timedelta(days=3 * 366)).date())
    assert refusal(found, "Mon 07:00-08:00 not @none").startswith(
        f"read the calendar none from {tmp_path}: Is a directory"
    )
    assert len(found.problems) == 2


def test_what_the_task_itself_says_must_be_right() -> None:
    for wrong, message in (
        ({"schedules": {"office": "Mon-Fry"}}, "schedules.office"),
        ({"schedules_from": ["ssm:"]}, "schedules_from"),
        ({"calendars": {"x": ["tomorrow"]}}, "calendars.x"),
        ({"zone": "Europe/Madird"}, "timezone: 'Europe/Madird' is not a time zone"),
    ):
        options: Any = {"schedules_from": ["ssm:/nobody/is/asked"], **wrong}
        with pytest.raises(Day2Error, match=message):
            load(**options)


def test_a_place_of_schedules_that_is_not_there_ends_the_task(tmp_path: Path) -> None:
    with pytest.raises(GatewayError, match=r"read schedules from .*a.yml: No such file"):
        load(schedules_from=[str(tmp_path / "a.yml")])
    (tmp_path / "a.yml").write_text("- always\n", encoding="utf-8")
    with pytest.raises(Day2Error, match=r"a.yml: a mapping of names is expected"):
        load(schedules_from=[str(tmp_path / "a.yml")])


def test_aws_against_moto(moto_url: str) -> None:
    asked = caller(moto_url)
    objects = Objects(asked)
    where = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    send(asked, Request("s3:CreateBucket", "", "s3", REGION, "PUT", "/schedules-here", body=where.encode()))
    for key, body in {
        "a.json": json.dumps({"night": "22:00-06:00"}).encode(),
        "c.ics": ical(HOLIDAY).encode(),
        "large.ics": b"x" * ((4 << 20) + 1),
    }.items():
        objects.put("schedules-here", key, BytesIO(body), len(body), "text/plain")
    parameter = {"Name": "/ops/schedules", "Value": f"office: {OFFICE}", "Type": "SecureString"}
    send(asked, json_request("ssm:PutParameter", "", REGION, parameter))
    table = {
        "TableName": "schedules-here",
        "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    send(asked, json_request("dynamodb:CreateTable", "", REGION, table))
    # more than a megabyte, of which a page is at most
    items = [{"name": f"s{number}", "schedule": "always", "comment": "x" * 390_000} for number in range(3)]
    for item in [*items, {"name": "lab", "schedule": "Mon 07:00-08:00"}]:
        put = {"TableName": "schedules-here", "Item": {name: {"S": text} for name, text in item.items()}}
        send(asked, json_request("dynamodb:PutItem", "", REGION, put))
    asked.calls.clear()
    places = ["ssm:/ops/schedules", "dynamodb:schedules-here", "s3://schedules-here/a.json"]
    far = {"large": {"ical": "s3://schedules-here/large.ics"}, "gone": {"ical": "s3://schedules-here/gone.ics"}}
    found = load(asked, {}, places, {"holidays": {"ical": "s3://schedules-here/c.ics"}, **far})
    assert found.look_up("office").schedule.zone == "Europe/Madrid"
    assert found.look_up("lab").schedule.zone == "UTC"
    assert found.look_up("s2").schedule == found.look_up("always").schedule
    assert found.look_up("night").name == "night"
    assert date(2027, 12, 25) in found.calendars["holidays"].dates
    assert "larger than 4194304 bytes" in refusal(found, "Mon 07:00-08:00 not @large")
    assert "NoSuchKey" in refusal(found, "Mon 07:00-08:00 not @gone")
    assert asked.calls["ssm:GetParameter"] == 1
    assert asked.calls["dynamodb:Scan"] > 1

    for place, message in (
        ("ssm:/ops/none", r"ssm:GetParameter ssm:/ops/none: ParameterNotFound"),
        ("dynamodb:none", "dynamodb:Scan dynamodb:none: ResourceNotFoundException"),
        ("s3://schedules-here/none", "NoSuchKey"),
    ):
        with pytest.raises(GatewayError, match=message):
            load(asked, {}, [place])
    with pytest.raises(Day2Error, match="'office' is defined twice: in the option schedules and in ssm:/ops/schedules"):
        load(asked, {"office": OFFICE}, places)


def test_change_calendars(lists: FakeLists) -> None:
    lists.calendars.update({"freeze": ical(FREEZE), "command": "schemaVersion: 2.2"})
    asked = caller(lists.url)
    wanted = {"freeze": {"ssm": "freeze"}, "both": {"ssm": ["freeze"], "dates": ["12-25"]}, "no": {"ssm": "command"}}
    found = load(asked, calendars={**wanted, "gone": {"ssm": "gone"}})
    span = (datetime(2026, 12, 20, tzinfo=timezone.utc), datetime(2027, 1, 4, tzinfo=timezone.utc))
    assert found.calendars["freeze"].spans == found.calendars["both"].spans == (span,)
    assert found.calendars["both"].yearly == {(12, 25)}
    assert "it is not a change calendar but a document of the type Command" in refusal(found, "07:00-08:00 only @no")
    assert "InvalidDocument" in refusal(found, "07:00-08:00 only @gone")
    assert lists.counters == {"ssm:GetDocument": 3}  # the one that two calendars use is read once


WANTED = [
    (Kind.EC2, "m5.large", REGION),
    (Kind.NODEGROUP, "m5.large", REGION),
    (Kind.EC2, "m5.large", "eu-west-1"),
    (Kind.EC2, "x9.huge", REGION),
    (Kind.RDS, "db.m5.large", REGION),
    (Kind.EC2, "dedicated host", REGION),
]


def test_prices_of_the_price_list(lists: FakeLists) -> None:
    lists.products += [ec2_product("m5.large", REGION, "0.102"), ec2_product("m5.large", "eu-west-1", "0.107")]
    lists.products += [ec2_product("m5.large", REGION, "0.2", operatingSystem="Windows")]
    engines = ("SQL Server", "MariaDB", "MySQL")  # two pages
    lists.products += [
        product("AmazonRDS", "0.181", instanceType="db.m5.large", regionCode=REGION, databaseEngine=engine)
        for engine in engines
    ]
    prices = load_prices("aws", caller(lists.url), WANTED)
    assert [prices.per_hour(*key) for key in WANTED] == [0.102, 0.102, 0.107, None, 0.181, None]
    assert prices.unknown == ((Kind.EC2, "dedicated host", REGION), (Kind.EC2, "x9.huge", REGION))
    assert prices.problems == ()
    assert lists.counters == {"pricing:GetProducts": 5}


def test_a_price_list_that_does_not_answer(lists: FakeLists) -> None:
    lists.refusals["pricing:GetProducts"] = "AccessDeniedException"
    prices = load_prices("AWS", caller(lists.url), WANTED)
    assert prices.per_hour(*WANTED[0]) is None
    (ec2, rds) = prices.problems  # each once, whatever the number of types
    assert ec2.startswith("hourly_prices: pricing:GetProducts AmazonEC2: AccessDeniedException")
    assert rds.startswith("hourly_prices: pricing:GetProducts AmazonRDS: AccessDeniedException")


def test_prices_that_are_given(tmp_path: Path) -> None:
    nobody: Any = NoCaller()
    assert load_prices(None, nobody, WANTED).per_hour(*WANTED[0]) is None
    assert load_prices({"m5.large": 0.1}, nobody, WANTED).per_hour(*WANTED[0]) == 0.1
    place = tmp_path / "prices.yml"
    place.write_text("m5.large: 0.1\n'*': 2\n", encoding="utf-8")
    prices = load_prices(str(place), nobody, WANTED)
    assert (prices.per_hour(*WANTED[0]), prices.per_hour(*WANTED[3])) == (0.1, 2)
    place.write_text("m5.large: cheap\n", encoding="utf-8")
    with pytest.raises(GatewayError, match=r"prices.yml.m5.large: 'cheap' is not a price"):
        load_prices(str(place), nobody, WANTED)
    with pytest.raises(Day2Error, match="hourly_prices: a map of types and prices"):
        load_prices([1], nobody, WANTED)
    assert (
        load_prices("aws", nobody, [WANTED[-1]]).per_hour(*WANTED[-1]) is None
    )  # nothing that has a price: nobody is asked
