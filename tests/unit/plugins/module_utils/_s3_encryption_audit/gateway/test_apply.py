# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
from typing import Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.apply import LOOKS, Outcome, apply
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.live import (
    log_buckets,
    read_all,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Unknown
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Remediation,
    Target,
)
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.collecting import Scripted, error, with_client
from ansible_collections.day2.ops.tests.support.remediating import Run, carried_out

PUBLIC = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "all",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::a/*",
            }
        ],
    },
    indent=1,
).encode()
EXPIRE = "<ID>tmp  1</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>"
OFF = documents.public_access_block(False, False, False, False)


# --- what happens meanwhile ------------------------------------------------------------------------------------------


def planned(fake: FakeS3, *names: str) -> "List[Remediation]":
    """The plan to deny plain HTTP to new buckets of these names, in this order."""
    for name in names:
        fake.store.add(name, "eu-west-1")
    changes = list(Run(fake.url, ["tls_only"]).plan().remediations)
    fake.reset()
    return changes


def test_what_was_changed_meanwhile_is_left_alone(fake: FakeS3) -> None:
    changes = planned(fake, "a", "b")
    fake.store.buckets["a"].put("policy", PUBLIC)
    dropped, applied = carried_out(fake.url, changes)
    assert (dropped.outcome, applied.outcome) == (Outcome.DROPPED, Outcome.APPLIED)
    assert "changed meanwhile" in dropped.problem
    assert fake.store.buckets["a"].documents["policy"] == PUBLIC
    assert fake.counters["s3:PutBucketPolicy"] == 1


def test_what_fails_keeps_nothing_else_from_being_changed(fake: FakeS3) -> None:
    changes = planned(fake, "a", "b", "c", "d")
    fake.store.buckets["a"].denied = ("PutBucketPolicy",)
    fake.store.buckets["b"].denied = ("GetBucketPolicy",)
    fake.store.delete(fake.store.buckets["c"])
    done = carried_out(fake.url, changes)
    assert [one.outcome for one in done] == [Outcome.FAILED, Outcome.FAILED, Outcome.FAILED, Outcome.APPLIED]
    assert "s3:PutBucketPolicy a: AccessDenied (403)" in done[0].problem
    assert "s3:GetBucketPolicy b: AccessDenied (403)" in done[1].problem
    assert "NoSuchBucket" in done[2].problem
    assert done[0].as_dict() == {
        "bucket": "a",
        "resource": "a",
        "aspect": "policy",
        "outcome": "failed",
        "reason": done[0].problem,
    }
    assert done[3].as_dict()["reason"] == "tls_only"


def test_a_bucket_that_is_somebody_elses_by_now_is_not_touched(fake: FakeS3) -> None:
    changes = planned(fake, "a")
    fake.store.delete(fake.store.buckets["a"])
    fake.store.add("a", "eu-west-1", "999988887777")
    (done,) = carried_out(fake.url, changes)
    assert done.outcome is Outcome.FAILED
    assert "policy" not in fake.store.buckets["a"].documents


@pytest.mark.parametrize("kind", ["reset", "truncate", "garbage"])
def test_a_change_whose_answer_is_lost_is_looked_at(fake: FakeS3, kind: str) -> None:
    changes = planned(fake, "a")
    fake.rules.add(action="PutBucketPolicy", kind=kind)
    (done,) = carried_out(fake.url, changes)
    assert done.outcome is Outcome.APPLIED


def test_a_change_that_s3_has_no_time_for_is_failed(fake: FakeS3) -> None:
    changes = planned(fake, "a")
    fake.rules.add(action="PutBucketPolicy", code="SlowDown")
    (done,) = carried_out(fake.url, changes)
    assert done.outcome is Outcome.FAILED and "SlowDown" in done.problem
    assert "policy" not in fake.store.buckets["a"].documents


def test_a_change_that_may_not_be_looked_at_is_unverified(fake: FakeS3) -> None:
    changes = planned(fake, "a")
    fake.rules.add(action="GetBucketPolicy", code="AccessDenied", skip=1)
    (done,) = carried_out(fake.url, changes)
    assert done.outcome is Outcome.UNVERIFIED and "could not be read back" in done.problem
    assert fake.counters["s3:GetBucketPolicy"] == 2


VERSIONING = Target(Aspect.VERSIONING, "a", "eu-west-1")
ENABLE = Remediation(VERSIONING, "a", None, {"Status": "Enabled"}, ("versioning",))


def scripted(change: Remediation, **answers: object):
    """The outcome of one change with answers from a table, what was asked, and the pauses."""
    sender = Scripted(**answers)
    pauses: List[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    (done,) = asyncio.run(apply(sender, [change], ACCOUNT, pause))
    return done, sender.requests, pauses


OLD, NEW = documents.versioning(), documents.versioning("Enabled")


def test_s3_is_given_time_to_show_what_was_written() -> None:
    done, asked, pauses = scripted(ENABLE, GetBucketVersioning=[OLD, OLD, OLD, NEW], PutBucketVersioning=[b""])
    assert done.outcome is Outcome.APPLIED
    assert pauses == list(LOOKS[1:3])
    assert [request.action for request in asked] == ["s3:GetBucketVersioning", "s3:PutBucketVersioning"] + [
        "s3:GetBucketVersioning"
    ] * 3
    # and every call names the account that the bucket must belong to
    assert all(("x-amz-expected-bucket-owner", ACCOUNT) in request.headers for request in asked)


def test_a_look_that_fails_is_not_the_last() -> None:
    busy = error("s3:GetBucketVersioning", "SlowDown", 503)
    done, _asked, pauses = scripted(ENABLE, GetBucketVersioning=[OLD, busy, NEW], PutBucketVersioning=[b""])
    assert done.outcome is Outcome.APPLIED and pauses == list(LOOKS[1:2])


def test_what_s3_never_shows_is_unverified() -> None:
    done, _asked, pauses = scripted(ENABLE, GetBucketVersioning=[OLD], PutBucketVersioning=[b""])
    assert done.outcome is Outcome.UNVERIFIED and "another configuration" in done.problem
    assert pauses == list(LOOKS[1:])


def test_a_server_error_is_failed_only_if_nothing_was_written() -> None:
    broken = error("s3:PutBucketVersioning", "InternalError", 500)
    done, _asked, _pauses = scripted(ENABLE, GetBucketVersioning=[OLD], PutBucketVersioning=[broken])
    assert done.outcome is Outcome.FAILED and "InternalError" in done.problem
    done, _asked, _pauses = scripted(ENABLE, GetBucketVersioning=[OLD, NEW], PutBucketVersioning=[broken])
    assert done.outcome is Outcome.APPLIED


@pytest.mark.parametrize("code, status", [("InternalError", 500), ("Timeout", 0)])
@pytest.mark.parametrize("blind, looks", [(("AccessDenied", 403), 1), (("SlowDown", 503), len(LOOKS))])
def test_a_change_without_an_answer_that_cannot_be_looked_at_may_have_been_made(
    code: str, status: int, blind: "Tuple[str, int]", looks: int
) -> None:
    done, asked, _pauses = scripted(
        ENABLE,
        GetBucketVersioning=[OLD, error("s3:GetBucketVersioning", *blind)],
        PutBucketVersioning=[error("s3:PutBucketVersioning", code, status)],
    )
    assert done.outcome is Outcome.UNVERIFIED
    assert "it may have been written (s3:PutBucketVersioning" in done.problem and code in done.problem
    assert "could not be read back: s3:GetBucketVersioning" in done.problem
    assert len(asked) == 2 + looks


def test_credentials_that_end_with_a_change_do_not_end_the_others() -> None:
    gone = GatewayError("find AWS credentials", "", "none")
    done, _asked, _pauses = scripted(ENABLE, GetBucketVersioning=[OLD], PutBucketVersioning=[gone])
    assert done.outcome is Outcome.FAILED and "find AWS credentials" in done.problem


def test_the_transition_size_of_a_lifecycle_is_sent_back() -> None:
    target = Target(Aspect.LIFECYCLE, "a", "eu-west-1")
    after = {"Rule": [], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    _done, asked, _pauses = scripted(
        Remediation(target, "a", None, after),
        GetBucketLifecycleConfiguration=[error("x", "NoSuchLifecycleConfiguration", 404)],
        PutBucketLifecycleConfiguration=[b""],
    )
    assert ("x-amz-transition-default-minimum-object-size", "varies_by_storage_class") in asked[1].headers


def test_what_cannot_be_read_is_unknown(fake: FakeS3) -> None:
    fake.store.add("a", "eu-west-1").denied = ("GetBucketPolicy",)
    targets = [Target(Aspect.POLICY, "a", "eu-west-1"), Target(Aspect.LIFECYCLE, "a", "eu-west-1")]
    found = with_client(fake.url, lambda client: read_all(client, [*targets, *targets], ACCOUNT))
    assert isinstance(found[targets[0]], Unknown) and "AccessDenied" in found[targets[0]].reason
    assert found[targets[1]] is None
    assert fake.counters["s3:GetBucketPolicy"] == 1


@pytest.mark.parametrize(
    "wanted, found",
    [
        ("near", {"eu-west-1": ["near"]}),
        ("far", {"us-east-1": ["far"]}),
        ("foreign", {}),
        ("none", {}),
        ("closed", {}),
        ("near*", {}),  # a glob means those that the audit meets
        ("", {}),
    ],
)
def test_the_place_for_logs_is_found_though_it_is_not_audited(
    fake: FakeS3, wanted: str, found: "Dict[str, List[str]]"
) -> None:
    fake.settings.redirects = True
    fake.store.add("near", "eu-west-1")
    fake.store.add("far", "us-east-1")
    fake.store.add("foreign", "eu-west-1", "999988887777")
    fake.store.add("closed", "eu-west-1").denied = ("HeadBucket",)
    met: Dict[str, List[str]] = {}
    assert with_client(fake.url, lambda client: log_buckets(client, met, wanted, ACCOUNT, "eu-west-1")) == found


def test_the_place_for_logs_that_the_audit_has_met_is_not_asked_about() -> None:
    met = {"eu-west-1": ["other", "logs"]}
    assert asyncio.run(log_buckets(Scripted(), met, "logs", ACCOUNT, "eu-west-1")) == met
