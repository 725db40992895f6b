# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a service answers: host names by service, region and partition.

The rules of the services' endpoint rule sets, which the tests take from botocore and compare with these for every region.
Written out, because loading the rule sets or the endpoint table at run time costs more memory than all else of this room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Sequence, Tuple
from urllib.parse import urlsplit

from .._common.errors import Day2Error
from .model import Endpoint

_REGION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")

# service: first label of its host names
_HOSTS = {
    "autoscaling": "autoscaling",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "eks": "eks",
    "kms": "kms",
    "organizations": "organizations",
    "pricing": "api.pricing",
    "rds": "rds",
    "s3": "s3",
    "s3control": "s3-control",
    "ssm": "ssm",
    "sts": "sts",
}
SERVICES = tuple(sorted(_HOSTS))
_S3_LIKE = frozenset(("s3", "s3control"))  # dual-stack is a label of the name, not another domain
_GLOBAL = frozenset(("organizations",))  # one region per partition answers for all
# In the partition aws the Price List answers in three regions, each for the whole world: by the first part of a region's name
# the one that is near. Elsewhere it answers in the region of the global services.
_PRICES_NEAR = {
    "af": "eu-central-1",
    "ap": "ap-south-1",
    "eu": "eu-central-1",
    "il": "eu-central-1",
    "me": "ap-south-1",
}
_NOT_THERE = frozenset((("aws-us-gov", "pricing"),))  # (partition, service)
# (partition, service, dual-stack): whose ordinary host is the FIPS one
_FIPS_ANYWAY = frozenset(
    (
        ("aws-us-gov", "autoscaling", False),
        ("aws-us-gov", "dynamodb", False),
        ("aws-us-gov", "ec2", False),
        ("aws-us-gov", "eks", False),
        ("aws-us-gov", "organizations", False),
        ("aws-us-gov", "organizations", True),
        ("aws-us-gov", "rds", False),
        ("aws-us-gov", "ssm", False),
        ("aws-us-gov", "sts", False),
    )
)
# (partition, service, dual-stack): the name of the FIPS host where it is not the ordinary one with "-fips"
_FIPS_NAMES = {("aws", "eks", False): "fips.eks"}


@dataclass(frozen=True)
class Partition:
    """One of the separate worlds of AWS: ``aws``, ``aws-cn``, ``aws-us-gov`` …"""

    id: str
    dns_suffix: str
    dual_stack_dns_suffix: str
    global_region: str  # where its global services are
    region_pattern: str
    regions: Tuple[str, ...]


def partitions_from(table: Mapping[str, Any]) -> Tuple[Partition, ...]:
    """The partitions of botocore's ``partitions.json``."""
    return tuple(
        Partition(
            id=entry["id"],
            dns_suffix=entry["outputs"]["dnsSuffix"],
            dual_stack_dns_suffix=entry["outputs"]["dualStackDnsSuffix"],
            global_region=entry["outputs"]["implicitGlobalRegion"],
            region_pattern=entry["regionRegex"],
            regions=tuple(sorted(region for region in entry["regions"] if not region.endswith("-global"))),
        )
        for entry in table["partitions"]
    )


def partition_of(region: str, partitions: Sequence[Partition]) -> Partition:
    """The partition of a region; a region that is newer than the table is told by its name, else it is in ``aws``.

    :raises Day2Error: when the name cannot be that of a region.
    """
    check_region(region)
    for partition in partitions:
        if region in partition.regions:
            return partition
    for partition in partitions:
        if re.match(partition.region_pattern, region):
            return partition
    return partitions[0]


def check_region(region: str) -> str:
    """The region as given, which will be part of a host name.

    :raises Day2Error: when it cannot be one.
    """
    if not _REGION.match(region):
        raise Day2Error(f"not the name of an AWS region: {region!r} (one looks like eu-central-1)")
    return region


def aws_endpoint(
    service: str, region: str, partition: Partition, fips: bool = False, dual_stack: bool = False, account: str = ""
) -> Endpoint:
    """Where a service of a region answers on AWS.

    ``account`` is the account of a ``s3control`` call: there it is part of the host name.

    :raises Day2Error: when the service has no such endpoint.
    """
    name = _HOSTS[service]
    region = _answering_region(service, region, partition)
    kind = (partition.id, service, dual_stack)
    if fips and kind not in _FIPS_ANYWAY:
        if partition.id == "aws-cn" and service in _S3_LIKE:
            raise Day2Error(f"{service} has no FIPS endpoints in the partition aws-cn (use_fips_endpoint is on)")
        name = _FIPS_NAMES.get(kind, f"{name}-fips")
    if service in _S3_LIKE:
        middle = f"dualstack.{region}" if dual_stack else region
        suffix = partition.dns_suffix
    else:
        middle = region
        suffix = partition.dual_stack_dns_suffix if dual_stack else partition.dns_suffix
    prefix = f"{account}." if service == "s3control" else ""
    return Endpoint("https", f"{prefix}{name}.{middle}.{suffix}", 443, region)


def custom_endpoint(url: str, service: str, region: str, partition: Partition) -> Endpoint:
    """The endpoint that a URL of the user names (``http://127.0.0.1:5000``); it stands for every region.

    :raises Day2Error: when it is not the URL of a server, or the service is none of the partition.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Day2Error(f"endpoint_url {url!r} is not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Day2Error(f"endpoint_url {url!r} must begin with https:// or http:// and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise Day2Error(f"endpoint_url must be scheme, host and port, without path, query or user: {parts.hostname}")
    return Endpoint(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or (443 if parts.scheme == "https" else 80),
        signing_region=_answering_region(service, region, partition),
    )


def _answering_region(service: str, region: str, partition: Partition) -> str:
    """The region whose endpoint answers for this one."""
    if (partition.id, service) in _NOT_THERE:
        raise Day2Error(f"the partition {partition.id} has no {service}")
    if service in _GLOBAL:
        return partition.global_region
    if service == "pricing":
        near = _PRICES_NEAR.get(region.partition("-")[0], partition.global_region)
        return near if partition.id == "aws" else partition.global_region
    return region
