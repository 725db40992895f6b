# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that change something: start, stop, resize, and tag."""

from __future__ import annotations

from typing import List, Mapping, Sequence, Tuple

from .._aws.model import Request
from .._aws.protocols import query_request, rest_json_request
from .model import Action, Kind, Resource, Sizes

Tags = Mapping[str, str]

_DATABASES = {
    (Kind.RDS, Action.START): ("rds:StartDBInstance", "DBInstanceIdentifier"),
    (Kind.RDS, Action.STOP): ("rds:StopDBInstance", "DBInstanceIdentifier"),
    (Kind.CLUSTER, Action.START): ("rds:StartDBCluster", "DBClusterIdentifier"),
    (Kind.CLUSTER, Action.STOP): ("rds:StopDBCluster", "DBClusterIdentifier"),
}


def change_instances(region: str, action: Action, ids: Sequence[str]) -> Request:
    """Start, stop or hibernate up to 1,000 instances: all of them, or none."""
    parameters = {"InstanceId": list(ids), "Hibernate": True if action is Action.HIBERNATE else None}
    operation = "ec2:StartInstances" if action is Action.START else "ec2:StopInstances"
    return query_request(operation, _several(ids), region, parameters)


def tag_instances(region: str, ids: Sequence[str], tags: Tags) -> Request:
    """The same tags for up to 1,000 instances."""
    return query_request("ec2:CreateTags", _several(ids), region, {"ResourceId": list(ids), "Tag": _listed(tags)})


def change_database(resource: Resource, action: Action) -> Request:
    """Start or stop a database, or a cluster of them: Aurora's, DocumentDB's and Neptune's answer to the same names."""
    stop = action is not Action.START
    operation, parameter = _DATABASES[resource.kind, Action.STOP if stop else Action.START]
    return query_request(operation, resource.id, resource.region, {parameter: resource.id})


def resize(resource: Resource, sizes: Sizes) -> Request:
    """Set the sizes of a group."""
    if resource.kind is Kind.NODEGROUP:
        cluster, name = node_group(resource)
        scaling = {"minSize": sizes.minimum, "desiredSize": sizes.desired, "maxSize": sizes.maximum}
        path = ("clusters", cluster, "node-groups", name, "update-config")
        parameters = {"scalingConfig": scaling}
        return rest_json_request("eks:UpdateNodegroupConfig", resource.id, resource.region, "POST", path, parameters)
    return query_request(
        "autoscaling:UpdateAutoScalingGroup",
        resource.id,
        resource.region,
        {
            "AutoScalingGroupName": resource.id,
            "MinSize": sizes.minimum,
            "MaxSize": sizes.maximum,
            "DesiredCapacity": sizes.desired,
        },
    )


def suspend(resource: Resource, processes: Sequence[str], resume: bool = False) -> Request:
    """Suspend, or resume, processes of an Auto Scaling group."""
    action = "autoscaling:ResumeProcesses" if resume else "autoscaling:SuspendProcesses"
    parameters = {"AutoScalingGroupName": resource.id, "ScalingProcesses": list(processes)}
    return query_request(action, resource.id, resource.region, parameters)


def tag(resource: Resource, tags: Tags) -> Request:
    """Tags for one resource of any kind."""
    if resource.kind is Kind.EC2:
        return tag_instances(resource.region, (resource.id,), tags)
    if resource.kind is Kind.NODEGROUP:
        path = ("tags", resource.arn)
        parameters = {"tags": dict(tags)}
        return rest_json_request("eks:TagResource", resource.id, resource.region, "POST", path, parameters)
    if resource.kind is Kind.ASG:
        of_group = {"ResourceId": resource.id, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
        listed = [{**of_group, **each} for each in _listed(tags)]
        return query_request("autoscaling:CreateOrUpdateTags", resource.id, resource.region, {"Tags": listed})
    of_database = {"ResourceName": resource.arn, "Tags": _listed(tags)}
    return query_request("rds:AddTagsToResource", resource.id, resource.region, of_database)


def node_group(resource: Resource) -> Tuple[str, str]:
    """The cluster and the name of a node group, whose id is both: ``cluster/name``."""
    cluster, _slash, name = resource.id.partition("/")
    return cluster, name


def _listed(tags: Tags) -> List[Mapping[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _several(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{ids[0]} and {len(ids) - 1:,} more"
