# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of the fake EC2 that are not EC2's own: RDS, Auto Scaling and STS, and the table of all."""

from __future__ import annotations

from typing import Callable, Dict, List
from xml.sax.saxutils import escape

from . import ec2_actions as ec2
from .ec2_actions import Caller, Form, Refused, Unexpected, known, many, merge, tags_of
from .ec2_store import Database, Group

# --- RDS -------------------------------------------------------------------------------------------------------------


def describe_databases(caller: Caller, form: Form) -> bytes:
    """All databases on one page, or one of them."""
    chosen = _chosen(caller.place.databases, form, "db-instance-id")
    items = "".join(
        f"<DBInstance><DBInstanceIdentifier>{each.id}</DBInstanceIdentifier><DBInstanceStatus>{each.status}</DBInstanceStatus>"
        f"<Engine>{each.engine}</Engine><DBInstanceClass>db.r6g.large</DBInstanceClass><MultiAZ>false</MultiAZ>"
        f"<AvailabilityZone>{caller.region}a</AvailabilityZone><ReadReplicaDBInstanceIdentifiers/>"
        f"<DBInstanceArn>{_arn(caller, 'db', each)}</DBInstanceArn>{_tag_list(each.tags)}</DBInstance>"
        for each in chosen
    )
    return f"<DBInstances>{items}</DBInstances>".encode()


def describe_clusters(caller: Caller, form: Form) -> bytes:
    """All clusters on one page, or one of them: Aurora's, DocumentDB's (``docdb``) and Neptune's."""
    chosen = _chosen(caller.place.clusters, form, "db-cluster-id")
    items = "".join(
        f"<DBCluster><DBClusterIdentifier>{each.id}</DBClusterIdentifier><Status>{each.status}</Status>"
        f"<Engine>{each.engine}</Engine><EngineMode>provisioned</EngineMode><DBClusterMembers>"
        + "".join(
            f"<DBClusterMember><DBInstanceIdentifier>{member}</DBInstanceIdentifier></DBClusterMember>"
            for member in each.members
        )
        + f"</DBClusterMembers><DBClusterArn>{_arn(caller, 'cluster', each)}</DBClusterArn>{_tag_list(each.tags)}</DBCluster>"
        for each in chosen
    )
    return f"<DBClusters>{items}</DBClusters>".encode()


def _chosen(all_of_them: Dict[str, Database], form: Form, by_id: str) -> List[Database]:
    """All on one page, or those whose ids the filter names."""
    known(form, "MaxRecords", "Filters.Filter.N.Name", "Filters.Filter.N.Values.Value.N")
    if not 20 <= int(form.get("MaxRecords", "100")) <= 100:
        raise Refused("InvalidParameterValue", "Invalid value for max records. Must be between 20 and 100")
    if "Filters.Filter.1.Name" not in form:
        return list(all_of_them.values())
    if form["Filters.Filter.1.Name"] != by_id or "Filters.Filter.2.Name" in form:
        raise Unexpected(f"{form['Action']} with the filter {form['Filters.Filter.1.Name']}")
    names = many(form, "Filters.Filter.1.Values.Value")
    return [each for each in all_of_them.values() if each.id in names]


def _database(all_of_them: Dict[str, Database], name: str, code: str) -> Database:
    if name not in all_of_them:
        raise Refused(code, f"{name} not found.", 404)
    return all_of_them[name]


def _arn(caller: Caller, kind: str, each: Database) -> str:
    return f"arn:aws:rds:{caller.region}:{caller.account}:{kind}:{each.id}"


def _tag_list(tags: Dict[str, str]) -> str:
    items = (f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>" for key, value in tags.items())
    return f"<TagList>{''.join(items)}</TagList>"


def change_database(cluster: bool, start: bool) -> Callable[[Caller, Form], bytes]:
    """StartDBInstance and its three siblings."""
    kind = "DBCluster" if cluster else "DBInstance"
    before, after = ("stopped", "starting") if start else ("available", "stopping")
    code = "InvalidDBClusterStateFault" if cluster else "InvalidDBInstanceState"

    def change(caller: Caller, form: Form) -> bytes:
        known(form, f"{kind}Identifier")
        of_them = caller.place.clusters if cluster else caller.place.databases
        missing = "DBClusterNotFoundFault" if cluster else "DBInstanceNotFound"
        each = _database(of_them, form[f"{kind}Identifier"], missing)
        if each.status != before:
            raise Refused(code, f"{each.id} is not in {before} state.")
        each.status = after
        return f"<{kind}><{kind}Identifier>{each.id}</{kind}Identifier></{kind}>".encode()

    return change


def tag_database(caller: Caller, form: Form) -> bytes:
    """Tags of a database or a cluster."""
    known(form, "ResourceName", "Tags.Tag.N.Key", "Tags.Tag.N.Value")
    kind, name = form["ResourceName"].split(":")[-2:]
    of_them = caller.place.clusters if kind == "cluster" else caller.place.databases
    each = _database(of_them, name, "DBInstanceNotFound")
    if form["ResourceName"] != _arn(caller, kind, each):
        raise Refused("InvalidParameterValue", form["ResourceName"])
    merge(each.tags, tags_of(form, "Tags.Tag"))
    return b""


def describe_events(caller: Caller, form: Form) -> bytes:
    """No events."""
    known(
        form,
        "SourceIdentifier",
        "SourceType",
        "Duration",
        "EventCategories.EventCategory.N",
        "StartTime",
        "EndTime",
        "MaxRecords",
    )
    return b"<Events/>"


# --- Auto Scaling ----------------------------------------------------------------------------------------------------


def describe_groups(caller: Caller, form: Form) -> bytes:
    """Groups on one page, filtered by tag key, or by their names."""
    known(
        form,
        "MaxRecords",
        "AutoScalingGroupNames.member.N",
        "Filters.member.N.Name",
        "Filters.member.N.Values.member.N",
    )
    chosen = list(caller.place.groups.values())
    names = many(form, "AutoScalingGroupNames.member")
    if names:
        chosen = [each for each in chosen if each.name in names]
    if "Filters.member.1.Name" in form:
        if form["Filters.member.1.Name"] != "tag-key":
            raise Unexpected(f"DescribeAutoScalingGroups with the filter {form['Filters.member.1.Name']}")
        keys = many(form, "Filters.member.1.Values.member")
        chosen = [each for each in chosen if any(key in each.tags for key in keys)]
    return f"<AutoScalingGroups>{''.join(_group(caller, each) for each in chosen)}</AutoScalingGroups>".encode()


def _group(caller: Caller, each: Group) -> str:
    minimum, desired, maximum = each.sizes
    members = "".join(
        f"<member><InstanceId>{member}</InstanceId><AvailabilityZone>{caller.region}a</AvailabilityZone>"
        "<InstanceType>m5.large</InstanceType><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>"
        "<ProtectedFromScaleIn>false</ProtectedFromScaleIn></member>"
        for member in each.members
    )
    suspended = "".join(
        f"<member><ProcessName>{process}</ProcessName><SuspensionReason>User suspended</SuspensionReason></member>"
        for process in each.suspended
    )
    tags = "".join(
        f"<member><ResourceId>{each.name}</ResourceId><ResourceType>auto-scaling-group</ResourceType><Key>{escape(key)}</Key>"
        f"<Value>{escape(value)}</Value><PropagateAtLaunch>false</PropagateAtLaunch></member>"
        for key, value in each.tags.items()
    )
    return (
        f"<member><AutoScalingGroupName>{each.name}</AutoScalingGroupName><AutoScalingGroupARN>arn:aws:autoscaling:"
        f"{caller.region}:{caller.account}:autoScalingGroup:0:autoScalingGroupName/{each.name}</AutoScalingGroupARN>"
        f"<MinSize>{minimum}</MinSize><DesiredCapacity>{desired}</DesiredCapacity><MaxSize>{maximum}</MaxSize>"
        f"<Instances>{members}</Instances><SuspendedProcesses>{suspended}</SuspendedProcesses><Tags>{tags}</Tags></member>"
    )


def _named_group(caller: Caller, name: str) -> Group:
    found = caller.place.groups.get(name)
    if found is None:
        raise Refused("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return found


def update_group(caller: Caller, form: Form) -> bytes:
    """Its sizes; instances go, and come, at once."""
    known(form, "AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity")
    group = _named_group(caller, form["AutoScalingGroupName"])
    sizes = int(form["MinSize"]), int(form["DesiredCapacity"]), int(form["MaxSize"])
    if not sizes[0] <= sizes[1] <= sizes[2]:
        raise Refused(
            "ValidationError",
            f"Desired capacity:{sizes[1]} must be between min size:{sizes[0]} and max size:{sizes[2]}",
        )
    group.sizes = sizes
    while len(group.members) > sizes[1]:
        caller.place.instances.pop(group.members.pop(), None)
    return b""


def suspend_processes(resume: bool) -> Callable[[Caller, Form], bytes]:
    """SuspendProcesses, ResumeProcesses. Resumed health checks end the instances that stand still."""

    def change(caller: Caller, form: Form) -> bytes:
        known(form, "AutoScalingGroupName", "ScalingProcesses.member.N")
        group = _named_group(caller, form["AutoScalingGroupName"])
        processes = many(form, "ScalingProcesses.member")
        if not processes:
            raise Unexpected("all processes of a group at once")
        group.suspended = [each for each in group.suspended if each not in processes]
        if not resume:
            group.suspended += processes
        elif "HealthCheck" in processes:
            for member in list(group.members):
                instance = caller.place.instances.get(member)
                if instance is None or instance.state != "running":
                    group.members.remove(member)
                    caller.place.instances.pop(member, None)
        return b""

    return change


def tag_groups(caller: Caller, form: Form) -> bytes:
    """Tags of one group or several."""
    fields = ("Key", "Value", "ResourceId", "ResourceType", "PropagateAtLaunch")
    known(form, *(f"Tags.member.N.{field}" for field in fields))
    number = 1
    while f"Tags.member.{number}.Key" in form:
        of_it = {field: form[f"Tags.member.{number}.{field}"] for field in fields}
        if of_it["ResourceType"] != "auto-scaling-group" or of_it["PropagateAtLaunch"] != "false":
            raise Unexpected(f"CreateOrUpdateTags of {of_it}")
        merge(_named_group(caller, of_it["ResourceId"]).tags, {of_it["Key"]: of_it["Value"]})
        number += 1
    return b""


# --- STS -------------------------------------------------------------------------------------------------------------


def caller_identity(caller: Caller, form: Form) -> bytes:
    """Who asks."""
    known(form)
    return (
        f"<Arn>arn:aws:iam::{caller.account}:user/scheduler</Arn><UserId>AIDATESTUSER</UserId>"
        f"<Account>{caller.account}</Account>"
    ).encode()


def assume_role(caller: Caller, form: Form) -> bytes:
    """A session in the account that the role's ARN names."""
    known(form, "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId")
    account = form["RoleArn"].split(":")[4]
    key = f"ASIA{account}TEST"
    caller.store.accounts[key] = account
    return (
        f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
        "<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        f"<AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/x/y</Arn><AssumedRoleId>A:y</AssumedRoleId></AssumedRoleUser>"
    ).encode()


ACTIONS: Dict[str, Callable[[Caller, Form], bytes]] = {
    "ec2:CreateTags": ec2.create_tags,
    "ec2:DescribeInstances": ec2.describe_instances,
    "ec2:DescribeRegions": ec2.describe_regions,
    "ec2:StartInstances": ec2.start_instances,
    "ec2:StopInstances": ec2.stop_instances,
    "rds:AddTagsToResource": tag_database,
    "rds:DescribeDBClusters": describe_clusters,
    "rds:DescribeDBInstances": describe_databases,
    "rds:DescribeEvents": describe_events,
    "rds:StartDBCluster": change_database(cluster=True, start=True),
    "rds:StartDBInstance": change_database(cluster=False, start=True),
    "rds:StopDBCluster": change_database(cluster=True, start=False),
    "rds:StopDBInstance": change_database(cluster=False, start=False),
    "autoscaling:CreateOrUpdateTags": tag_groups,
    "autoscaling:DescribeAutoScalingGroups": describe_groups,
    "autoscaling:ResumeProcesses": suspend_processes(resume=True),
    "autoscaling:SuspendProcesses": suspend_processes(resume=False),
    "autoscaling:UpdateAutoScalingGroup": update_group,
    "sts:AssumeRole": assume_role,
    "sts:GetCallerIdentity": caller_identity,
}
