# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.databases import (
    Event,
    clusters,
    databases,
    events,
    was_started_by_aws,
    with_members,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.tests.support.aws_answers import (
    ACCOUNT,
    REGION,
    cluster,
    database,
    query_answer,
    spoilt,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def databases_answer(*items: str, marker: str = "") -> bytes:
    return query_answer("DescribeDBInstances", f"<DBInstances>{''.join(items)}</DBInstances>", marker)


def clusters_answer(*items: str, marker: str = "") -> bytes:
    return query_answer("DescribeDBClusters", f"<DBClusters>{''.join(items)}</DBClusters>", marker)


def one(**given_: str) -> Resource:
    (found,) = databases(databases_answer(database(**given_)), ACCOUNT, REGION).resources
    return found


def one_cluster(*members: str, **given_: str) -> Resource:
    (found,) = clusters(clusters_answer(cluster(*members, **given_)), ACCOUNT, REGION).resources
    return found


def test_a_database() -> None:
    page = databases(databases_answer(database(), marker="m"), ACCOUNT, REGION)
    assert page.token == "m"
    assert page.resources == [
        Resource(
            Kind.RDS,
            "mysql-1",
            ACCOUNT,
            REGION,
            State.RUNNING,
            {"Schedule": "office", "Empty": ""},
            "available",
            arn="arn:aws:rds:eu-west-1:123456789012:db:mysql-1",
            type="db.m6g.large",
            zone="eu-west-1a",
            units=(("db.m6g.large", 1),),
        )
    ]


def test_a_standby_costs_as_much_again() -> None:
    assert one(multi="true").units == (("db.m6g.large", 2),)


@pytest.mark.parametrize(
    "word, state",
    [
        ("available", State.RUNNING),
        ("stopped", State.STOPPED),
        ("starting", State.CHANGING),
        ("backing-up", State.CHANGING),
        ("storage-optimization", State.CHANGING),  # RDS refuses to stop it then
        ("deleting", State.GONE),
        ("failed", State.GONE),
    ],
)
def test_states(word: str, state: State) -> None:
    assert (one(state=word).state, one(state=word).aws_state) == (state, word)
    assert one_cluster(state=word).state is state


def test_when_aws_starts_it_again() -> None:
    when = "<AutomaticRestartTime>2026-12-05T18:00:00Z</AutomaticRestartTime>"
    assert one(state="stopped", more=when).why == "AWS starts it again at 2026-12-05T18:00:00Z"


@pytest.mark.parametrize(
    "given_, obstacle",
    [
        ({}, ""),
        ({"engine": "sqlserver-se"}, ""),
        ({"engine": "sqlserver-se", "multi": "true"}, "SQL Server in a Multi-AZ deployment, which RDS does not stop"),
        ({"engine": "postgres", "multi": "true"}, ""),
        ({"engine": "custom-oracle-ee"}, "RDS Custom, which has no stop: its EC2 instance is stopped instead"),
        ({"more": "<DBClusterIdentifier>sales</DBClusterIdentifier>"}, "member of the cluster sales, with which it is started and stopped: tag that"),
        (
            {"more": "<ReadReplicaSourceDBInstanceIdentifier>arn:aws:rds:us-east-1:1:db:main</ReadReplicaSourceDBInstanceIdentifier>"},
            "read replica of main, which RDS does not stop",
        ),
        (
            {"more": "<ReadReplicaDBInstanceIdentifiers><X>r1</X></ReadReplicaDBInstanceIdentifiers>"},
            "has the read replica r1, so that RDS does not stop it",
        ),
        ({"more": "<ReadReplicaDBInstanceIdentifiers/><ReadReplicaDBClusterIdentifiers/>"}, ""),
    ],
)  # fmt: skip
def test_databases_that_cannot_be_stopped(given_: Dict[str, str], obstacle: str) -> None:
    assert one(**given_).obstacle == obstacle


@pytest.mark.parametrize(
    "given_, obstacle",
    [
        ({}, ""),
        ({"engine": "aurora-postgresql"}, ""),
        ({"engine": "docdb"}, ""),
        ({"engine": "neptune"}, ""),
        ({"engine": "postgres"}, "Multi-AZ cluster of postgres, which RDS does not stop"),
        ({"mode": "serverless"}, "Aurora Serverless v1, which pauses by itself and cannot be stopped"),
        ({"mode": "global"}, "cluster of an Aurora global database, which cannot be stopped"),
        ({"more": "<GlobalClusterIdentifier>world</GlobalClusterIdentifier>"}, "cluster of the global database world, which cannot be stopped"),
        ({"more": "<ClusterScalabilityType>limitless</ClusterScalabilityType>"}, "Aurora Limitless Database, which cannot be stopped"),
        ({"more": "<ReplicationSourceIdentifier>arn:aws:rds:r:1:cluster:main</ReplicationSourceIdentifier>"}, "replica of main, which cannot be stopped"),
        (
            {"more": "<ReadReplicaIdentifiers><ReadReplicaIdentifier>arn:aws:rds:us-east-1:1:cluster:far</ReadReplicaIdentifier></ReadReplicaIdentifiers>"},
            "has the replica far, so that it cannot be stopped",
        ),
    ],
)  # fmt: skip
def test_clusters_that_cannot_be_stopped(given_: Dict[str, str], obstacle: str) -> None:
    assert one_cluster(**given_).obstacle == obstacle


def test_a_cluster_and_its_members() -> None:
    found = one_cluster("b", "a", "lost")
    assert (found.kind, found.id, found.members) == (Kind.CLUSTER, "sales", ("a", "b", "lost"))
    assert found.arn == "arn:aws:rds:eu-west-1:123456789012:cluster:sales"
    assert found.units == ()
    instances = {each.id: each for each in (one(id="a"), one(id="b"), one(id="c"))}
    assert with_members(found, instances).units == (("db.m6g.large", 2),)
    assert with_members(found, instances).type == "db.m6g.large"
    assert with_members(found, {}) == found


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        query_answer("DescribeDBInstances", ""),
        databases_answer("<DBInstance/>"),
        databases_answer(database().replace("DBInstanceStatus>", "Status>")),
        databases_answer(database(multi="perhaps")),
        databases_answer(database().replace("<Key>Empty</Key>", "")),
    ],
)
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(AnswerError):
        databases(body, ACCOUNT, REGION)


@settings(derandomize=True, max_examples=tries(200))
@given(
    body=st.one_of(st.binary(max_size=40), spoilt(databases_answer(database())), spoilt(clusters_answer(cluster("a"))))
)
def test_any_bytes_are_resources_or_an_error(body: bytes) -> None:
    for parse in (databases, clusters):
        try:
            parse(body, ACCOUNT, REGION)
        except AnswerError:
            pass
    try:
        events(body)
    except AnswerError:
        pass


# --- who started it --------------------------------------------------------------------------------------------------

STOPPED, STARTED = "DB instance stopped", "DB instance started"
EXCEEDED = "The DB instance is being started due to it exceeding the maximum allowed time being stopped."
CLUSTER_STOPPED = "DB cluster stopped"
CLUSTER_EXCEEDED = "The DB cluster is being started due to it exceeding the maximum allowed time being stopped"
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "messages, by_aws",
    [
        ([], False),
        ([STOPPED, EXCEEDED, STARTED], True),
        ([STOPPED, EXCEEDED, STARTED, "Backing up DB instance", "Finished DB Instance backup"], True),
        ([STOPPED, STARTED], False),
        ([STOPPED, EXCEEDED, STARTED, STOPPED, STARTED], False),  # since then a person has done both
        ([STOPPED, EXCEEDED, STARTED, STOPPED, EXCEEDED], True),
        ([CLUSTER_STOPPED, CLUSTER_EXCEEDED, "DB cluster started"], True),
        ([CLUSTER_EXCEEDED, "DB cluster started", "The DB cluster stopped."], False),
    ],
)
def test_who_started_it(messages: List[str], by_aws: bool) -> None:
    happened = [Event(NOON + timedelta(hours=n), message) for n, message in enumerate(messages)]
    assert was_started_by_aws(happened) is by_aws
    assert was_started_by_aws(reversed(happened)) is by_aws  # whatever their order


def test_events() -> None:
    item = (
        "<Event><SourceIdentifier>mysql-1</SourceIdentifier><SourceType>db-instance</SourceType><EventCategories>"
        "<EventCategory>notification</EventCategory></EventCategories><Message>DB instance stopped</Message>"
        "<Date>2026-11-20T12:00:00.042Z</Date></Event>"
    )
    page = events(query_answer("DescribeEvents", f"<Events>{item}</Events>", "m"))
    assert page == ([Event(NOON, STOPPED)], "m")
    with pytest.raises(AnswerError, match="Date"):
        events(query_answer("DescribeEvents", "<Events><Event><Message>x</Message></Event></Events>"))
