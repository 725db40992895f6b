# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What schedules and calendars are read from: files, https, S3, Systems Manager and DynamoDB."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Union

from ..._aws.answer import AnswerError, json_object, member
from ..._aws.gateway.caller import Caller
from ..._aws.gateway.client import Client
from ..._aws.gateway.objects import Objects
from ..._aws.protocols import json_request
from ..._common.errors import Day2Error, GatewayError
from ..calendar_sources import CalendarSource, ScheduleSources, parse_calendars, parse_sources
from ..calendars import Calendar, united
from ..catalog import Catalog, Source, read_schedules
from ..civil import zone_of
from ..ical_text import LARGEST as LARGEST_ICAL
from ..items import schedules_of_items
from .documents import fetch_bytes, parse_document
from .ical import read_ical

_BEFORE = timedelta(days=366)
_AFTER = timedelta(days=3 * 366)
_MOST_ITEMS = 10_000
_SCHEDULES = "read schedules from"

Text = Union[bytes, GatewayError]


def load_catalog(
    schedules: Mapping[str, Any],
    schedules_from: Sequence[str],
    calendars: Mapping[str, Any],
    timezone: str,
    around: datetime,
    caller: Caller,
    region: str,
) -> Catalog:
    """All schedules and calendars that a run is given, read once.

    Calendars of rules are worked out from a year before ``around`` to three years after it. A calendar that cannot be
    read, and a schedule from outside that makes no sense, are problems of the resources that use them.

    :param caller: who asks Systems Manager, DynamoDB and S3; it is not used when nothing is there.
    :raises Day2Error: when an option itself is wrong, a place of schedules cannot be read, or a name is there twice.
    """
    try:
        zone_of(timezone)
    except Day2Error as error:
        raise Day2Error(f"timezone: {error}") from None
    return _Loader(parse_sources(schedules_from), parse_calendars(calendars), timezone, around, caller, region).load(
        schedules
    )


class _Loader:
    def __init__(
        self,
        sources: ScheduleSources,
        calendars: Sequence[CalendarSource],
        timezone: str,
        around: datetime,
        caller: Caller,
        region: str,
    ) -> None:
        self._sources = sources
        self._sought = calendars
        self._timezone = timezone
        self._range: Tuple[date, date] = ((around - _BEFORE).date(), (around + _AFTER).date())
        self._caller = caller
        self._region = region

    def load(self, option: Mapping[str, Any]) -> Catalog:
        read_schedules(option, (), self._timezone)  # before anybody is asked
        parameters, tables, changes = self._ask()
        found: List[Source] = []
        for place in self._sources.documents:
            found.append(Source(place, parse_document(fetch_bytes(place, self._objects, _SCHEDULES), place)))
        found += [Source(place, parse_document(value.encode(), place)) for place, value in parameters.items()]
        found += [Source(place, schedules_of_items(place, items)) for place, items in tables.items()]
        read = read_schedules(option, found, self._timezone)
        calendars, problems = self._calendars(changes)
        return Catalog(read.named, calendars, self._timezone, read.problems, problems)

    def _objects(self) -> Objects:
        return Objects(self._caller)

    def _calendars(self, changes: Mapping[str, Text]) -> Tuple[Dict[str, Calendar], Dict[str, str]]:
        calendars: Dict[str, Calendar] = {}
        problems: Dict[str, str] = {}
        for source in self._sought:
            try:
                calendars[source.name] = self._calendar(source, changes)
            except Day2Error as error:
                problems[source.name] = str(error)
        return calendars, problems

    def _calendar(self, source: CalendarSource, changes: Mapping[str, Text]) -> Calendar:
        parts = [source.days]
        action = f"read the calendar {source.name} from"
        for place in source.icals:
            parts.append(self._ical(source.name, fetch_bytes(place, self._objects, action, LARGEST_ICAL)))
        for name in source.changes:
            text = changes[name]
            if isinstance(text, GatewayError):
                raise GatewayError(action, f"ssm:{name}", str(text))
            parts.append(self._ical(source.name, text))
        return united(source.name, parts)

    def _ical(self, name: str, text: bytes) -> Calendar:
        return read_ical(name, text, *self._range, self._timezone)

    def _ask(self) -> Tuple[Dict[str, str], Dict[str, List[Mapping[str, Any]]], Dict[str, Text]]:
        """What Systems Manager and DynamoDB hold."""
        parameters, tables = self._sources.parameters, self._sources.tables
        changes = sorted({name for source in self._sought for name in source.changes})
        if not parameters and not tables and not changes:
            return {}, {}, {}
        region = self._region

        async def talk(client: Client) -> Tuple[List[str], List[List[Mapping[str, Any]]], List[Text]]:
            return (
                await asyncio.gather(*(_parameter(client, region, name) for name in parameters.values())),
                await asyncio.gather(*(_items(client, region, name) for name in tables.values())),
                await asyncio.gather(*(_change_calendar(client, region, name) for name in changes)),
            )

        values, items, texts = self._caller.run(talk)
        return dict(zip(parameters, values)), dict(zip(tables, items)), dict(zip(changes, texts))


async def _parameter(client: Client, region: str, name: str) -> str:
    """The value of a parameter, decrypted."""
    request = json_request("ssm:GetParameter", f"ssm:{name}", region, {"Name": name, "WithDecryption": True})
    body = (await client.send(request)).body
    try:
        value: str = member(member(json_object(body), "Parameter", dict), "Value", str)
    except AnswerError as error:
        raise GatewayError(request.action, request.target, str(error)) from None
    return value


async def _items(client: Client, region: str, table: str) -> List[Mapping[str, Any]]:
    """All items of a table, in DynamoDB's own JSON."""
    found: List[Mapping[str, Any]] = []
    start: Dict[str, Any] = {}
    while True:
        parameters = {"TableName": table, "ConsistentRead": True, **({"ExclusiveStartKey": start} if start else {})}
        request = json_request("dynamodb:Scan", f"dynamodb:{table}", region, parameters)
        body = (await client.send(request)).body
        try:
            page = json_object(body)
            found += member(page, "Items", list)
        except AnswerError as error:
            raise GatewayError(request.action, request.target, str(error)) from None
        if len(found) > _MOST_ITEMS:
            raise GatewayError(
                request.action, request.target, f"it has more than {_MOST_ITEMS} items, which are no schedules"
            )
        start = page.get("LastEvaluatedKey") or {}
        if not start:
            return found


async def _change_calendar(client: Client, region: str, name: str) -> Text:
    """The iCalendar text of a change calendar; why there is none, as a value, since others go on."""
    request = json_request("ssm:GetDocument", f"ssm:{name}", region, {"Name": name})
    try:
        document = json_object((await client.send(request)).body)
        if document.get("DocumentType") != "ChangeCalendar":
            kind = str(document.get("DocumentType"))[:40]
            raise AnswerError(f"it is not a change calendar but a document of the type {kind}")
        text: str = member(document, "Content", str)
        return text.encode()
    except AnswerError as error:
        return GatewayError(request.action, request.target, str(error))
    except GatewayError as error:
        return error
