# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that read the fleet, as values.

Source: the API references of Amazon EC2, Amazon RDS, Amazon EC2 Auto Scaling and Amazon EKS.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from .._aws.model import Request
from .._aws.protocols import query_request, rest_json_request

IDS = 1000
"""How many instances one call names at most."""

NAMES = 50
"""How many databases, clusters or Auto Scaling groups one call names at most: so many groups AWS allows."""

_PAGE = 1000  # instances
_SMALL_PAGE = 100  # of everything else: the most that those services allow
_ALIVE = ("pending", "running", "stopping", "stopped")
_EVENTS_BACK = 14 * 24 * 60  # minutes: as long as RDS keeps them

Filters = List[Dict[str, Any]]


def describe_regions(region: str) -> Request:
    """The regions that are switched on for the account, asked in this one."""
    return query_request("ec2:DescribeRegions", "", region, {"AllRegions": False})


# --- EC2 -------------------------------------------------------------------------------------------------------------


def describe_instances(region: str, tag: str, token: str = "") -> Request:
    """A page of the instances that carry the tag and still exist."""
    filters = [_filter("tag-key", tag, value="Value"), {"Name": "instance-state-name", "Value": _ALIVE}]
    parameters = {"Filter": filters, "MaxResults": _PAGE, "NextToken": token or None}
    return query_request("ec2:DescribeInstances", "", region, parameters)


def look_at_instances(region: str, ids: Sequence[str]) -> Request:
    """Up to 1,000 instances by their ids, whatever has become of them; one that is unknown makes the call fail."""
    return query_request("ec2:DescribeInstances", _several(ids), region, {"InstanceId": ids})


# --- RDS: databases and clusters, those of DocumentDB and Neptune included ------------------------------------------


def describe_databases(region: str, marker: str = "", ids: Sequence[str] = ()) -> Request:
    """A page of all database instances, or of some of them; RDS cannot select by tag."""
    return _rds("rds:DescribeDBInstances", "db-instance-id", region, marker, ids)


def describe_clusters(region: str, marker: str = "", ids: Sequence[str] = ()) -> Request:
    """A page of all database clusters, or of some of them."""
    return _rds("rds:DescribeDBClusters", "db-cluster-id", region, marker, ids)


def describe_events(region: str, source: str, name: str, marker: str = "") -> Request:
    """A page of what befell a database (``source`` is ``db-instance`` or ``db-cluster``) in the last fourteen days."""
    parameters = {
        "SourceType": source,
        "SourceIdentifier": name,
        "Duration": _EVENTS_BACK,
        "MaxRecords": _SMALL_PAGE,
        "Marker": marker or None,
    }
    return query_request("rds:DescribeEvents", name, region, parameters)


def _rds(action: str, by_id: str, region: str, marker: str, ids: Sequence[str]) -> Request:
    filters: Filters = [{"Name": by_id, "Values": ids}] if ids else []
    parameters = {"Filters": filters, "MaxRecords": _SMALL_PAGE, "Marker": marker or None}
    return query_request(action, _several(ids), region, parameters)


# --- groups ----------------------------------------------------------------------------------------------------------


def describe_groups(region: str, tag: str, token: str = "") -> Request:
    """A page of the Auto Scaling groups that carry the tag."""
    parameters = {"Filters": [_filter("tag-key", tag)], "MaxRecords": _SMALL_PAGE, "NextToken": token or None}
    return query_request("autoscaling:DescribeAutoScalingGroups", "", region, parameters)


def look_at_groups(region: str, names: Sequence[str], token: str = "") -> Request:
    """Up to fifty Auto Scaling groups by their names; those that do not exist are left out of the answer."""
    parameters = {"AutoScalingGroupNames": names, "MaxRecords": _SMALL_PAGE, "NextToken": token or None}
    return query_request("autoscaling:DescribeAutoScalingGroups", _several(names), region, parameters)


def list_clusters(region: str, token: str = "") -> Request:
    """A page of the names of EKS clusters."""
    return _eks("eks:ListClusters", "", region, (), token)


def list_node_groups(region: str, cluster: str, token: str = "") -> Request:
    """A page of the names of a cluster's managed node groups."""
    return _eks("eks:ListNodegroups", cluster, region, (cluster, "node-groups"), token)


def describe_node_group(region: str, cluster: str, name: str) -> Request:
    """One managed node group."""
    path = ("clusters", cluster, "node-groups", name)
    return rest_json_request("eks:DescribeNodegroup", f"{cluster}/{name}", region, "GET", path)


def _eks(action: str, target: str, region: str, path: Sequence[str], token: str) -> Request:
    query = (("maxResults", str(_SMALL_PAGE)), *((("nextToken", token),) if token else ()))
    return rest_json_request(action, target, region, "GET", ("clusters", *path), query=query)


def _filter(name: str, *values: str, value: str = "Values") -> Dict[str, Any]:
    return {"Name": name, value: values}


def _several(ids: Sequence[str]) -> str:
    """What a call is about, for errors."""
    if not ids:
        return ""
    return ids[0] if len(ids) == 1 else f"{ids[0]} and {len(ids) - 1:,} more"
