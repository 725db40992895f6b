# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the function and its schedule may do: the actions that they call and no others, on what carries the tag.

Where AWS knows no resource or no condition for an action, the statement says ``*``; that is so for all reading actions here.
"""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence

from .._common.place import s3_place
from .._ec2_schedule.calendar_sources import parse_calendars, parse_sources
from .._ec2_schedule.model import AsgMethod, Kind
from .model import PartKind
from .names import Names

Statement = Dict[str, Any]
Document = Dict[str, Any]

TAGS = ("State", "StateOf", "Kept")
"""What is written on a resource: tags of these names behind that of the schedule."""
_OF_A_GROUP = "aws:autoscaling:groupName"  # EC2 puts it on every member

_READ: Mapping[Kind, Sequence[str]] = {
    Kind.EC2: ("ec2:DescribeInstances",),
    Kind.RDS: ("rds:DescribeDBInstances", "rds:DescribeEvents"),
    Kind.CLUSTER: ("rds:DescribeDBClusters", "rds:DescribeEvents"),
    Kind.ASG: ("autoscaling:DescribeAutoScalingGroups",),
    Kind.NODEGROUP: ("eks:ListClusters", "eks:ListNodegroups", "eks:DescribeNodegroup"),
}
_ACT: Mapping[Kind, Sequence[str]] = {
    Kind.EC2: ("ec2:StartInstances", "ec2:StopInstances"),
    Kind.RDS: ("rds:StartDBInstance", "rds:StopDBInstance"),
    Kind.CLUSTER: ("rds:StartDBCluster", "rds:StopDBCluster"),
    Kind.ASG: ("autoscaling:UpdateAutoScalingGroup",),
    Kind.NODEGROUP: ("eks:UpdateNodegroupConfig",),
}
_TAG: Mapping[Kind, str] = {
    Kind.EC2: "ec2:CreateTags",
    Kind.RDS: "rds:AddTagsToResource",
    Kind.CLUSTER: "rds:AddTagsToResource",
    Kind.ASG: "autoscaling:CreateOrUpdateTags",
    Kind.NODEGROUP: "eks:TagResource",
}
_RESOURCE: Mapping[Kind, str] = {
    Kind.EC2: "arn:{partition}:ec2:*:*:instance/*",
    Kind.RDS: "arn:{partition}:rds:*:*:db:*",
    Kind.CLUSTER: "arn:{partition}:rds:*:*:cluster:*",
    Kind.ASG: "arn:{partition}:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*",
    Kind.NODEGROUP: "arn:{partition}:eks:*:*:nodegroup/*",
}


def document(statements: Sequence[Statement]) -> Document:
    """A policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def fleet_statements(
    partition: str,
    kinds: FrozenSet[Kind],
    tag: str,
    asg_method: AsgMethod,
    every_region: bool,
    kms_keys: Sequence[str] = (),
) -> List[Statement]:
    """What is needed in an account whose resources are scheduled.

    Only what carries the tag may be started, stopped and marked, and only our own tags may be written: to put the tag of
    the schedule on something is not among the rights of the function.

    :param kms_keys: ARNs of customer managed keys of encrypted volumes; EC2 needs a grant for them when it starts an instance.
    """
    ordered = [kind for kind in Kind if kind in kinds]
    suspends = Kind.ASG in kinds and asg_method is AsgMethod.SUSPEND
    reading = {action for kind in ordered for action in _READ[kind]}
    if suspends:
        reading.add("ec2:DescribeInstances")
    if every_region:
        reading.add("ec2:DescribeRegions")
    statements = [_allow("Read", sorted(reading), "*")]
    tagged = {"Null": {f"aws:ResourceTag/{tag}": "false"}}
    for kind in ordered:
        resource, name = _RESOURCE[kind].format(partition=partition), kind.name.title()
        actions = list(_ACT[kind])
        if kind is Kind.ASG and suspends:
            actions += ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"]
        ours = {"ForAllValues:StringEquals": {"aws:TagKeys": [f"{tag}{suffix}" for suffix in TAGS]}}
        statements.append(_allow(f"Act{name}", sorted(actions), resource, tagged))
        statements.append(_allow(f"Mark{name}", [_TAG[kind]], resource, {**tagged, **ours}))
    if suspends:
        members = {"Null": {f"aws:ResourceTag/{_OF_A_GROUP}": "false"}}
        instances = _RESOURCE[Kind.EC2].format(partition=partition)
        statements.append(_allow("ActMembers", ["ec2:StartInstances", "ec2:StopInstances"], instances, members))
    if kms_keys and (Kind.EC2 in kinds or suspends):
        for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        statements.append(_allow("Volumes", ["kms:CreateGrant"], sorted(kms_keys), for_aws))
    return statements


def source_statements(names: Names, scheduling: Mapping[str, Any]) -> List[Statement]:
    """What is needed to read the schedules and calendars that are not in the function itself."""
    actions: Dict[str, List[str]] = {}

    def allow(action: str, resource: str) -> None:
        if resource not in actions.setdefault(action, []):
            actions[action].append(resource)

    def arn(service: str, kind: str, name: str) -> str:
        if name.startswith("arn:"):
            return name
        return f"arn:{names.partition}:{service}:{names.region}:{names.account}:{kind}/{name.lstrip('/')}"

    sources = parse_sources(scheduling.get("schedules_from") or ())
    calendars = parse_calendars(scheduling.get("calendars") or {})
    for place in (*sources.documents, *(each for calendar in calendars for each in calendar.icals)):
        found = s3_place(place)
        if found is not None:
            allow("s3:GetObject", f"arn:{names.partition}:s3:::{found.bucket}/{found.key}")
    for name in sources.parameters.values():
        allow("ssm:GetParameter", arn("ssm", "parameter", name))
    for name in sources.tables.values():
        allow("dynamodb:Scan", arn("dynamodb", "table", name))
    for name in (each for calendar in calendars for each in calendar.changes):
        allow("ssm:GetDocument", arn("ssm", "document", name))
    return [
        _allow(f"Source{action.replace(':', '').title()}", [action], sorted(resources))
        for action, resources in sorted(actions.items())
    ]


def function_policy(
    names: Names, fleet: Sequence[Statement], roles: Sequence[str], scheduling: Mapping[str, Any], topic: str
) -> Document:
    """What the function may do.

    :param fleet: the rights in its own account; with ``roles`` it has none there, but may assume them.
    :param topic: the ARN of the topic for notices, or empty.
    """
    statements = [
        _allow(
            "Log",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            f"{names.arn(PartKind.LOG_GROUP)}:*",
        ),
        _allow("DeadLetters", ["sqs:SendMessage"], names.arn(PartKind.QUEUE)),
    ]
    if topic:
        statements.append(_allow("Notify", ["sns:Publish"], topic))
    statements += source_statements(names, scheduling)
    if roles:
        statements.append(_allow("Accounts", ["sts:AssumeRole"], sorted(roles)))
    else:
        statements += fleet
    return document(statements)


def schedule_policy(names: Names) -> Document:
    """What the schedule may do: invoke the function, and put aside what it could not."""
    return document(
        [
            _allow("Invoke", ["lambda:InvokeFunction"], names.arn(PartKind.FUNCTION)),
            _allow("DeadLetters", ["sqs:SendMessage"], names.arn(PartKind.QUEUE)),
        ]
    )


def function_trust() -> Document:
    """Who may take the role of the function."""
    return document([_trust("lambda.amazonaws.com", {})])


def schedule_trust(names: Names) -> Document:
    """Who may take the role of the schedule: schedules of this account, so that nobody else's can borrow it."""
    return document([_trust("scheduler.amazonaws.com", {"StringEquals": {"aws:SourceAccount": names.account}})])


def account_trust(role: str, external_id: str) -> Document:
    """Who may take the role that an account gives to the function."""
    statement: Statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sts:AssumeRole"}
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return document([statement])


def _trust(service: str, condition: Mapping[str, Any]) -> Statement:
    statement: Statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {**statement, "Condition": dict(condition)} if condition else statement


def _allow(sid: str, actions: Sequence[str], resource: Any, condition: Optional[Mapping[str, Any]] = None) -> Statement:
    """One statement; a single resource stands without brackets, as AWS itself writes it."""
    if isinstance(resource, list) and len(resource) == 1:
        resource = resource[0]
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {**statement, "Condition": dict(condition)} if condition else statement
