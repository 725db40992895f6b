# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.prices import (
    Prices,
    parse_prices,
    price_of,
    query_of,
)
from ansible_collections.day2.ops.tests.support.aws.fake_lists import ec2_product, product
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = "eu-west-1"
EC2 = (Kind.EC2, "m5.large", HERE)
RDS = (Kind.RDS, "db.m5.large", HERE)
CLUSTER = (Kind.CLUSTER, "db.r6g.large", HERE)


def test_a_map() -> None:
    prices = parse_prices({"m5.large": 0.107, "db.r6g.large": "0.3", HERE: {"m5.large": 0.2, "*": 9}})
    assert prices.per_hour(Kind.EC2, "m5.large", "us-east-1") == 0.107
    assert prices.per_hour(Kind.EC2, "m5.large", HERE) == 0.2
    assert prices.per_hour(Kind.CLUSTER, "db.r6g.large", HERE) == 0.3  # its own price, not that of all others there
    assert prices.per_hour(Kind.EC2, "t3.micro", HERE) == 9
    assert prices.unknown == ()


def test_what_is_not_known_is_named() -> None:
    prices = parse_prices({"m5.large": 0})
    assert prices.per_hour(*EC2) == 0  # free is a price
    assert prices.per_hour(*RDS) is None
    assert prices.per_hour(*RDS) is None
    assert prices.unknown == (RDS,)
    assert parse_prices({"*": 1}).per_hour(*RDS) == 1
    assert Prices().per_hour(*EC2) is None


@pytest.mark.parametrize("value", [-1, "free", None, True, float("nan"), float("inf"), [], 10**400, {"x": "y"}])
def test_what_is_no_price(value: Any) -> None:
    with pytest.raises(Day2Error, match=r"hourly_prices\.m5\.large(\.x)?: .* is not a price"):
        parse_prices({"m5.large": value})


def test_what_the_price_list_is_asked() -> None:
    query = query_of(EC2)
    assert query is not None and query.service == "AmazonEC2"
    assert dict(query.filters) == {
        "instanceType": "m5.large",
        "regionCode": HERE,
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
    }
    assert query_of((Kind.ASG, "m5.large", HERE)) == query_of((Kind.NODEGROUP, "m5.large", HERE)) == query
    database = query_of(RDS)
    assert database is not None
    assert (database.service, dict(database.filters)) == (
        "AmazonRDS",
        {"instanceType": "db.m5.large", "regionCode": HERE},
    )
    for kind, name in (
        (Kind.EC2, "dedicated host"),
        (Kind.EC2, ""),
        (Kind.RDS, "m5.large"),
        (Kind.CLUSTER, "serverless"),
    ):
        assert query_of((kind, name, HERE)) is None


def database(price: str, engine: str, **more: str) -> Dict[str, Any]:
    return product("AmazonRDS", price, databaseEngine=engine, **{"deploymentOption": "Single-AZ", **more})


@pytest.mark.parametrize(
    ("key", "products", "price"),
    [
        (EC2, [ec2_product("m5.large", HERE, "0.1070000000")], 0.107),
        (EC2, [json.dumps(ec2_product("m5.large", HERE, "0.1070000000"))], 0.107),
        (EC2, [ec2_product("m5.large", HERE, "0.1"), ec2_product("m5.large", HERE, "0.1")], 0.1),
        (EC2, [ec2_product("m5.large", HERE, "0.1"), ec2_product("m5.large", HERE, "0.2")], None),
        (EC2, [ec2_product("m5.large", HERE, "0.0")], None),
        (EC2, [ec2_product("m5.large", HERE, "?")], None),
        (EC2, [product("AmazonEC2", "9.0", "GB-Mo")], None),
        (EC2, [], None),
        (EC2, ["{", "[]", None, 7, {"terms": {"OnDemand": [1]}}], None),
        (RDS, [database("0.178", "PostgreSQL"), database("0.171", "MySQL"), database("0.1", "Oracle")], 0.171),
        (RDS, [database("0.342", "MySQL", deploymentOption="Multi-AZ"), database("0.171", "MySQL")], 0.171),
        (RDS, [database("0.29", "Aurora MySQL")], None),
        (CLUSTER, [database("0.29", "Aurora MySQL"), database("0.17", "MySQL")], 0.29),
        (CLUSTER, [database("0.2", "Aurora MySQL", usagetype="EU-InstanceUsageIOOptimized:db.r6g.large")], None),
    ],
)
def test_what_the_price_list_says(key: Any, products: List[Any], price: Optional[float]) -> None:
    assert price_of(key, products) == price


def test_yuan() -> None:
    found = ec2_product("m5.large", "cn-north-1", "1")
    (term,) = found["terms"]["OnDemand"].values()
    term["priceDimensions"]["A.1.2"]["pricePerUnit"] = {"CNY": "0.7"}
    assert price_of((Kind.EC2, "m5.large", "cn-north-1"), [found]) == 0.7


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ("product", "terms", "OnDemand", "attributes", "priceDimensions", "unit", "pricePerUnit", "USD")
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=tries(50))
@given(st.lists(anything, max_size=3))
def test_any_answer_is_a_price_or_none(products: List[Any]) -> None:
    for key in (EC2, RDS, CLUSTER):
        price = price_of(key, products)
        assert price is None or price > 0
