# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where hourly prices are from: a map, a document, or the AWS Price List, which is asked once for each type and region."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ..._aws.answer import AnswerError, json_object, member
from ..._aws.gateway.caller import Caller
from ..._aws.gateway.client import Client
from ..._aws.gateway.objects import Objects
from ..._aws.protocols import json_request
from ..._common.errors import Day2Error, GatewayError
from ..prices import Key, Prices, Query, parse_prices, price_of, query_of
from .documents import fetch_bytes, parse_document

AWS = "aws"
_PAGE = 100
_MOST_PAGES = 20
_OPTION = "hourly_prices"


def load_prices(given: Any, caller: Caller, wanted: Iterable[Key]) -> Prices:
    """The prices that a run is given.

    :param given: the option ``hourly_prices``: a map, the place of a document with one, ``aws``, or nothing.
    :param wanted: kind, type and region of the machines, for the Price List.
    :raises Day2Error: when the option itself makes no sense.
    :raises GatewayError: when its document cannot be read. That the Price List does not answer is told in ``problems``.
    """
    if given is None or given == "":
        return Prices()
    if isinstance(given, Mapping):
        return parse_prices(given, _OPTION)
    if not isinstance(given, str):
        raise Day2Error(f"{_OPTION}: a map of types and prices, the place of a file with one, or {AWS} is expected")
    if asks_aws(given):
        return _ask(caller, wanted)
    place = given.strip()
    data = fetch_bytes(place, lambda: Objects(caller), "read prices from")
    try:
        return parse_prices(parse_document(data, place), place)
    except Day2Error as error:
        raise GatewayError("read prices", "", str(error)) from None


def asks_aws(given: Any) -> bool:
    """Whether the option means the Price List, which has to be asked for each type of machine."""
    return isinstance(given, str) and given.strip().lower() == AWS


def _ask(caller: Caller, wanted: Iterable[Key]) -> Prices:
    queries: Dict[Query, List[Key]] = {}
    for key in sorted(set(wanted)):
        query = query_of(key)
        if query is not None:
            queries.setdefault(query, []).append(key)
    if not queries:
        return Prices()

    async def talk(client: Client) -> List[Tuple[Optional[List[Any]], str]]:
        return await asyncio.gather(*(_products(client, query) for query in queries))

    try:
        answers = caller.run(talk)
    except Day2Error as error:  # no credentials for it
        return Prices(problems=(f"{_OPTION}: {error}",))
    by_key: Dict[Key, float] = {}
    problems: List[str] = []
    for keys, (products, problem) in zip(queries.values(), answers):
        if problem and f"{_OPTION}: {problem}" not in problems:
            problems.append(f"{_OPTION}: {problem}")
        for key in keys:
            price = price_of(key, products or ())
            if price is not None:
                by_key[key] = price
    return Prices(by_key=by_key, problems=problems)


async def _products(client: Client, query: Query) -> Tuple[Optional[List[Any]], str]:
    """All products, or why there are none."""
    region = dict(query.filters)["regionCode"]
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in query.filters]
    parameters = {"ServiceCode": query.service, "Filters": filters, "FormatVersion": "aws_v1", "MaxResults": _PAGE}
    found: List[Any] = []
    token = ""
    try:
        for _page in range(_MOST_PAGES):
            body = {**parameters, "NextToken": token} if token else parameters
            request = json_request("pricing:GetProducts", query.service, region, body)
            try:
                page = json_object((await client.send(request)).body)
                found += member(page, "PriceList", list)
            except AnswerError as error:
                raise GatewayError(request.action, request.target, str(error)) from None
            token = str(page.get("NextToken") or "")
            if not token:
                return found, ""
        return None, f"{query.service} has too many products of {dict(query.filters)['instanceType']} in {region}"
    except Day2Error as error:
        return None, str(error)
