# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS's answers to resources: database instances, and the clusters of Aurora, DocumentDB and Neptune.

Source of the shapes: the API reference of Amazon RDS; of what cannot be stopped: "Stopping an Amazon RDS DB instance
temporarily" and "Limitations of Multi-AZ DB clusters" in its user guide, "Stopping and starting an Amazon Aurora DB cluster" in
Aurora's. Whatever the bytes, the outcome is resources or an :class:`AnswerError`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Dict, Iterable, List, Mapping, NamedTuple, Tuple

from .._aws.answer import AnswerError, Node, filled_text, flag, xml_root
from .answers import Page, counted, instant_of
from .model import Kind, Resource, State

_STATES: Mapping[str, State] = {
    "available": State.RUNNING,
    "stopped": State.STOPPED,
    "deleted": State.GONE,
    "deleting": State.GONE,
    "delete-precheck": State.GONE,
    "failed": State.GONE,
    "incompatible-restore": State.GONE,
    "restore-error": State.GONE,
}
# Engines whose clusters StopDBCluster knows; those of others are RDS's own Multi-AZ clusters, which have no stop.
_STOPPABLE = ("aurora", "docdb", "neptune")
_MODES: Mapping[str, str] = {
    "serverless": "Aurora Serverless v1, which pauses by itself and cannot be stopped",
    "multimaster": "multi-master cluster, which cannot be stopped",
    "global": "cluster of an Aurora global database, which cannot be stopped",
}
_EXCEEDED = "exceeding the maximum allowed time being stopped"
_STOPPED = "stopped"


class Event(NamedTuple):
    """Something that befell a database."""

    at: datetime
    message: str


class Events(NamedTuple):
    """A page of events; without a token it is the last."""

    events: List[Event]
    token: str


def databases(body: bytes, account: str, region: str) -> Page:
    """A page of DescribeDBInstances: all of them, members of clusters included.

    :raises AnswerError: when the body is something else.
    """
    items, token = _items(body, "DescribeDBInstances", "DBInstances", "DBInstance")
    return Page([_database(item, account, region) for item in items], token)


def clusters(body: bytes, account: str, region: str) -> Page:
    """A page of DescribeDBClusters. What its members are is told by :func:`with_members`.

    :raises AnswerError: when the body is something else.
    """
    items, token = _items(body, "DescribeDBClusters", "DBClusters", "DBCluster")
    return Page([_cluster(item, account, region) for item in items], token)


def with_members(cluster: Resource, instances: Mapping[str, Resource]) -> Resource:
    """The cluster with the types of its instances, and their zone when all are in one.

    :param instances: the database instances of the region by id.
    """
    members = [instances[each] for each in cluster.members if each in instances]
    if not members:
        return cluster
    units = counted([each.type for each in members])
    return cluster._replace(type=units[0][0], units=units)


def events(body: bytes) -> Events:
    """A page of DescribeEvents.

    :raises AnswerError: when the body is something else.
    """
    items, token = _items(body, "DescribeEvents", "Events", "Event")
    found: List[Event] = []
    for item in items:
        at = instant_of(item.findtext("Date"))
        if at is None:
            raise AnswerError("<Date> is missing in <Event>")
        found.append(Event(at, item.findtext("Message") or ""))
    return Events(found, token)


def was_started_by_aws(happened: Iterable[Event]) -> bool:
    """Whether the last start was AWS's own: after seven days of being stopped, with no stop since."""
    by_aws = False
    for event in sorted(happened, key=lambda event: event.at):
        message = event.message.lower()
        if _EXCEEDED in message:
            by_aws = True
        elif message.strip().rstrip(".").endswith(_STOPPED):
            by_aws = False
    return by_aws


def _items(body: bytes, operation: str, plural: str, singular: str) -> Tuple[List[Node], str]:
    result = xml_root(body, f"{operation}Response").find(f"{operation}Result")
    items = None if result is None else result.find(plural)
    if result is None or items is None:
        raise AnswerError(f"<{plural}> is missing")
    return items.findall(singular), (result.findtext("Marker") or "").strip()


def _database(item: Node, account: str, region: str) -> Resource:
    identity = filled_text(item, "DBInstanceIdentifier")
    word = filled_text(item, "DBInstanceStatus")
    kind = (item.findtext("DBInstanceClass") or "").strip()
    return Resource(
        Kind.RDS,
        identity,
        account,
        region,
        _STATES.get(word, State.CHANGING),
        _tags(item),
        word,
        _restart(item),
        arn=filled_text(item, "DBInstanceArn"),
        type=kind,
        zone=(item.findtext("AvailabilityZone") or "").strip(),
        obstacle=_obstacle_of_database(item),
        # A standby in another zone costs as much again.
        units=((kind, 2 if flag(item, "MultiAZ") else 1),),
    )


def _obstacle_of_database(item: Node) -> str:
    """Why it cannot be stopped by itself, or nothing."""
    cluster = (item.findtext("DBClusterIdentifier") or "").strip()
    if cluster:
        return f"member of the cluster {cluster}, with which it is started and stopped: tag that"
    source = item.findtext("ReadReplicaSourceDBInstanceIdentifier") or item.findtext(
        "ReadReplicaSourceDBClusterIdentifier"
    )
    if source and source.strip():
        return f"read replica of {_last(source)}, which RDS does not stop"
    replicas = _texts(item, "ReadReplicaDBInstanceIdentifiers") + _texts(item, "ReadReplicaDBClusterIdentifiers")
    if replicas:
        return f"has the read replica {_last(replicas[0])}, so that RDS does not stop it"
    engine = (item.findtext("Engine") or "").strip()
    if engine.startswith("sqlserver") and flag(item, "MultiAZ"):
        return "SQL Server in a Multi-AZ deployment, which RDS does not stop"
    if engine.startswith("custom-"):
        return "RDS Custom, which has no stop: its EC2 instance is stopped instead"
    return ""


def _cluster(item: Node, account: str, region: str) -> Resource:
    identity = filled_text(item, "DBClusterIdentifier")
    word = filled_text(item, "Status")
    members = [filled_text(each, "DBInstanceIdentifier") for each in item.findall("DBClusterMembers/DBClusterMember")]
    kind = (item.findtext("DBClusterInstanceClass") or "").strip()
    return Resource(
        Kind.CLUSTER,
        identity,
        account,
        region,
        _STATES.get(word, State.CHANGING),
        _tags(item),
        word,
        _restart(item),
        arn=filled_text(item, "DBClusterArn"),
        type=kind,
        obstacle=_obstacle_of_cluster(item),
        members=tuple(sorted(members)),
        units=((kind, len(members)),) if kind and members else (),
    )


def _obstacle_of_cluster(item: Node) -> str:
    """Why it cannot be stopped, or nothing."""
    engine = (item.findtext("Engine") or "").strip()
    if not engine.startswith(_STOPPABLE):
        return f"Multi-AZ cluster of {engine or 'RDS'}, which RDS does not stop"
    mode = (item.findtext("EngineMode") or "").strip()
    if mode in _MODES:
        return _MODES[mode]
    if (item.findtext("ClusterScalabilityType") or "").strip() == "limitless":
        return "Aurora Limitless Database, which cannot be stopped"
    if (item.findtext("GlobalClusterIdentifier") or "").strip():
        return f"cluster of the global database {_last(item.findtext('GlobalClusterIdentifier') or '')}, which cannot be stopped"
    source = (item.findtext("ReplicationSourceIdentifier") or "").strip()
    if source:
        return f"replica of {_last(source)}, which cannot be stopped"
    replicas = _texts(item, "ReadReplicaIdentifiers")
    if replicas:
        return f"has the replica {_last(replicas[0])}, so that it cannot be stopped"
    return ""


def _restart(item: Node) -> str:
    when = (item.findtext("AutomaticRestartTime") or "").strip()
    return f"AWS starts it again at {when[:40]}" if when else ""


def _tags(item: Node) -> Dict[str, str]:
    return {filled_text(tag, "Key"): tag.findtext("Value") or "" for tag in item.findall("TagList/Tag")}


def _texts(item: Node, name: str) -> List[str]:
    return [(each.text or "").strip() for parent in item.findall(name) for each in parent if (each.text or "").strip()]


def _last(identifier: str) -> str:
    """The name at the end of an ARN, or the identifier itself."""
    return identifier.strip().rpartition(":")[2]
