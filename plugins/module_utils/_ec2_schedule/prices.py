# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What machines cost in an hour: from a map of the user's, or from the documents of the AWS Price List.

EC2 is priced as Linux on shared hardware, on demand: what instances without a discount cost. Resources do not tell which
engine a database has, so an instance of RDS is priced as the cheapest engine without a licence, on a single machine, and a
cluster as Aurora: give a map where that is not near enough, as for DocumentDB and Neptune.
"""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import Any, Dict, FrozenSet, Iterable, Mapping, NamedTuple, Optional, Set, Tuple

from .._common.errors import Day2Error
from .model import Kind

Key = Tuple[Kind, str, str]
"""Kind, type and region of a machine."""

ANY = "*"
_HOURS = frozenset(("hrs", "hours", "hour"))
_CURRENCIES = ("USD", "CNY")  # the latter in China
_IO_OPTIMIZED = "IOOptimized"
_SINGLE = "Single-AZ"
_ENGINES = {
    Kind.RDS: frozenset(("MySQL", "PostgreSQL", "MariaDB")),
    Kind.CLUSTER: frozenset(("Aurora MySQL", "Aurora PostgreSQL")),
}


class Prices:
    """Hourly prices. What was asked for and is not known is in ``unknown``."""

    def __init__(
        self,
        by_type: Mapping[str, float] = MappingProxyType({}),
        by_region: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
        by_key: Mapping[Key, float] = MappingProxyType({}),
        problems: Iterable[str] = (),
    ) -> None:
        self._by_type = by_type
        self._by_region = by_region
        self._by_key = by_key
        self.problems = tuple(problems)
        self._unknown: Set[Key] = set()

    def per_hour(self, kind: Kind, type_name: str, region: str) -> Optional[float]:
        """What one machine costs in an hour; ``None`` when that is not known."""
        key = (kind, type_name, region)
        found = self._by_key.get(key)
        if found is None:
            found = self._from_map(type_name, region)
        if found is None:
            self._unknown.add(key)
        return found

    def _from_map(self, type_name: str, region: str) -> Optional[float]:
        here = self._by_region.get(region, {})
        for name in (type_name, ANY):
            for prices in (here, self._by_type):
                if name in prices:
                    return prices[name]
        return None

    @property
    def unknown(self) -> Tuple[Key, ...]:
        """What was asked for without an answer, sorted."""
        return tuple(sorted(self._unknown))


def parse_prices(given: Mapping[Any, Any], where: str = "hourly_prices") -> Prices:
    """Prices from a map of types (``m5.large: 0.096``); ``*`` is for all others, and a map under a region's name for that.

    :raises Day2Error: naming the entry.
    """
    by_type: Dict[str, float] = {}
    by_region: Dict[str, Dict[str, float]] = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            by_region[str(name)] = {str(key): _price(f"{where}.{name}.{key}", each) for key, each in value.items()}
        else:
            by_type[str(name)] = _price(f"{where}.{name}", value)
    return Prices(by_type, by_region)


def _price(where: str, value: Any) -> float:
    try:
        price = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        price = math.nan
    if not 0 <= price < math.inf:
        raise Day2Error(f"{where}: {str(value)[:40]!r} is not a price in an hour, such as 0.096")
    return price


class Query(NamedTuple):
    """What to ask the Price List for: a service, and fields that must have a value."""

    service: str
    filters: Tuple[Tuple[str, str], ...]


def query_of(key: Key) -> Optional[Query]:
    """What the Price List is asked for a machine; ``None`` for what it has no price of."""
    kind, type_name, region = key
    if "." not in type_name or " " in type_name or not region:
        return None  # a dedicated host, Fargate, nothing at all
    place = (("instanceType", type_name), ("regionCode", region))
    if kind in _ENGINES:
        return Query("AmazonRDS", place) if type_name.startswith("db.") else None
    linux = (("operatingSystem", "Linux"), ("tenancy", "Shared"), ("preInstalledSw", "NA"), ("capacitystatus", "Used"))
    return Query("AmazonEC2", (*place, *linux))


def price_of(key: Key, products: Iterable[Any]) -> Optional[float]:
    """The price of a machine from the products of the Price List, each as its text or already read.

    ``None`` when there is none, or more than one and nothing says which.
    """
    engines = _ENGINES.get(key[0])
    found: Set[float] = set()
    for product in products:
        document = _read(product)
        attributes = _mapping(_mapping(document.get("product")).get("attributes"))
        if engines is None or (
            attributes.get("databaseEngine") in engines
            and attributes.get("deploymentOption", _SINGLE) == _SINGLE
            and _IO_OPTIMIZED not in str(attributes.get("usagetype", ""))
        ):
            found.update(_on_demand(document))
    if engines is None and len(found) > 1:
        return None
    return min(found, default=None)


def _read(product: Any) -> Mapping[str, Any]:
    if isinstance(product, str):
        try:
            product = json.loads(product)
        except (ValueError, RecursionError):
            return {}
    return _mapping(product)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _on_demand(document: Mapping[str, Any]) -> FrozenSet[float]:
    """The hourly prices on demand of a product, without those that are nothing."""
    found: Set[float] = set()
    for term in _mapping(_mapping(document.get("terms")).get("OnDemand")).values():
        for dimension in _mapping(_mapping(term).get("priceDimensions")).values():
            dimension = _mapping(dimension)
            if str(dimension.get("unit", "")).lower() not in _HOURS:
                continue
            amounts = _mapping(dimension.get("pricePerUnit"))
            for currency in _CURRENCIES:
                price = _amount(amounts.get(currency))
                if price is not None:
                    found.add(price)
                    break
    return frozenset(found)


def _amount(text: Any) -> Optional[float]:
    try:
        price = float(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return price if 0 < price < math.inf else None
