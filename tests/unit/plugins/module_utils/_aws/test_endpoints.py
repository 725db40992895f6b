# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Dict

import botocore
import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.endpoints import (
    SERVICES,
    Partition,
    aws_endpoint,
    check_region,
    custom_endpoint,
    partition_of,
    partitions_from,
)
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Endpoint
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

ACCOUNT = "123456789012"
TABLE = Loader(include_default_search_paths=True).load_data("partitions")
PARTITIONS = partitions_from(TABLE)
AWS = PARTITIONS[0]
# botocore 1.42, the last for Python 3.9, has no such rules for organizations: it knew fewer of its hosts.
COMPARED = [
    name
    for name in SERVICES
    if name != "pricing" and (name != "organizations" or not botocore.__version__.startswith("1.42."))
]


def _parameters(service: str, region: str, fips: bool, dual_stack: bool) -> Dict[str, Any]:
    special: Dict[str, Dict[str, Any]] = {
        "s3": {"ForcePathStyle": True, "Accelerate": False, "UseGlobalEndpoint": False, "DisableMultiRegionAccessPoints": True},
        "s3control": {"AccountId": ACCOUNT, "RequiresAccountId": True, "UseArnRegion": False},
        "sts": {"UseGlobalEndpoint": False},
    }  # fmt: skip
    return {"Region": region, "UseFIPS": fips, "UseDualStack": dual_stack, **special.get(service, {})}


@pytest.mark.parametrize("service", COMPARED)
def test_every_region_is_where_the_rule_sets_say(service: str) -> None:
    rules = EndpointProvider(
        Loader(include_default_search_paths=True).load_service_model(service, "endpoint-rule-set-1"), TABLE
    )
    compared = 0
    for partition in PARTITIONS:
        for region in partition.regions:
            for fips in (False, True):
                for dual_stack in (False, True):
                    try:
                        found = rules.resolve_endpoint(**_parameters(service, region, fips, dual_stack))
                    except EndpointProviderError:
                        with pytest.raises(Day2Error, match="FIPS"):
                            aws_endpoint(service, region, partition, fips, dual_stack, ACCOUNT)
                        continue
                    schemes = found.properties.get("authSchemes", [{}])
                    signing = next((s["signingRegion"] for s in schemes if s.get("name") == "sigv4"), region)
                    ours = aws_endpoint(service, region, partition, fips, dual_stack, ACCOUNT)
                    assert ours == Endpoint("https", found.url[len("https://") :], 443, signing)
                    compared += 1
    assert compared > 150


def test_prices_are_told_where_the_table_says_and_by_the_rules_of_there() -> None:
    table = {
        each["partition"]: each
        for each in Loader(include_default_search_paths=True).load_data("endpoints")["partitions"]
    }
    rules = EndpointProvider(
        Loader(include_default_search_paths=True).load_service_model("pricing", "endpoint-rule-set-1"), TABLE
    )
    for partition in PARTITIONS:
        there = table[partition.id]["services"].get("api.pricing", {}).get("endpoints", {})
        for region in partition.regions:
            if not there:
                with pytest.raises(Day2Error, match="pricing"):
                    aws_endpoint("pricing", region, partition)
                continue
            for fips, dual_stack in ((False, False), (True, False), (False, True), (True, True)):
                ours = aws_endpoint("pricing", region, partition, fips, dual_stack)
                assert ours.signing_region in there
                found = rules.resolve_endpoint(**_parameters("pricing", ours.signing_region, fips, dual_stack))
                assert ours.host == found.url[len("https://") :]


@pytest.mark.parametrize(
    "region, near",
    [
        ("us-west-2", "us-east-1"),
        ("eu-west-1", "eu-central-1"),
        ("ap-south-2", "ap-south-1"),
        ("sa-east-1", "us-east-1"),
    ],
)
def test_prices_are_asked_nearby(region: str, near: str) -> None:
    assert aws_endpoint("pricing", region, AWS).host == f"api.pricing.{near}.amazonaws.com"
    assert custom_endpoint("http://h:1", "pricing", region, AWS).signing_region == near


@pytest.mark.parametrize(
    "region, partition",
    [
        ("eu-west-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("us-iso-east-1", "aws-iso"),
        ("cn-south-7", "aws-cn"),  # newer than the table: told by its name
        ("eu-west-99", "aws"),
        ("moon-base-1", "aws"),
    ],
)
def test_partitions(region: str, partition: str) -> None:
    assert partition_of(region, PARTITIONS).id == partition


def test_pseudo_regions_are_not_regions() -> None:
    assert all("global" not in region for partition in PARTITIONS for region in partition.regions)
    assert "eu-central-1" in AWS.regions and len(AWS.regions) > 30


@pytest.mark.parametrize(
    "region", ["", "eu-west-1.evil.example", "eu west 1", "EU-WEST-1", "-x", "x" * 80, "eu-west-1\n"]
)
def test_no_host_name_is_made_of_nonsense(region: str) -> None:
    with pytest.raises(Day2Error, match="region"):
        check_region(region)


@pytest.mark.parametrize(
    "url, expected",
    [
        ("http://127.0.0.1:5000", Endpoint("http", "127.0.0.1", 5000, "eu-west-1")),
        ("http://localhost:5000/", Endpoint("http", "localhost", 5000, "eu-west-1")),
        ("https://minio.example", Endpoint("https", "minio.example", 443, "eu-west-1")),
        ("http://minio.example", Endpoint("http", "minio.example", 80, "eu-west-1")),
        ("http://[::1]:9000", Endpoint("http", "::1", 9000, "eu-west-1")),
    ],
)
def test_custom_endpoints(url: str, expected: object) -> None:
    assert custom_endpoint(url, "s3", "eu-west-1", AWS) == expected


def test_a_global_service_is_signed_for_its_region_on_a_custom_endpoint_too() -> None:
    assert custom_endpoint("http://h:1", "organizations", "eu-west-1", AWS).signing_region == "us-east-1"


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:5000",
        "ftp://h",
        "http://",
        "http://h:99999",
        "http://[::1",
        "http://h/prefix",
        "http://u:p@h",
        "http://h?x=1",
    ],
)
def test_urls_that_are_no_endpoints(url: str) -> None:
    with pytest.raises(Day2Error, match="endpoint_url"):
        custom_endpoint(url, "s3", "eu-west-1", AWS)


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(Day2Error) as caught:
        custom_endpoint("http://user:hunter2@host", "s3", "eu-west-1", AWS)
    assert "hunter2" not in str(caught.value)


def test_a_partition_is_a_value() -> None:
    assert isinstance(AWS, Partition)
    assert (AWS.id, AWS.dns_suffix, AWS.global_region) == ("aws", "amazonaws.com", "us-east-1")
