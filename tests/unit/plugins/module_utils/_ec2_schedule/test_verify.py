# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is seen after an action, and what AWS's refusals are called."""

from __future__ import annotations

from typing import Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Action, Kind, Resource, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.refusals import explain, explain_fall_back
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.state import tag_names
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.verify import (
    STALE,
    Verdict,
    is_half_started,
    verify,
)

WORDS = {
    "running": State.RUNNING,
    "pending": State.CHANGING,
    "stopping": State.CHANGING,
    "stopped": State.STOPPED,
    "shutting-down": State.GONE,
    "terminated": State.GONE,
}
USER = "Client.UserInitiatedShutdown: User initiated shutdown"
KMS = "Client.InternalError: Client error on launch"


def instance(word: str, why: str = "", kind: Kind = Kind.EC2) -> Resource:
    return Resource(
        *(kind, "i-0abc", "123456789012", "eu-central-1", WORDS[word], {}, word, why),
        type="m5.large",
        zone="eu-central-1a",
    )


@pytest.mark.parametrize(
    "action, seen, since, verdict",
    [
        (Action.STOP, "stopped", 0, Verdict.FINAL),
        (Action.STOP, "stopping", 0, Verdict.PENDING),
        (Action.STOP, "stopping", 999, Verdict.PENDING),
        (Action.STOP, "running", 0, Verdict.PENDING),
        (Action.STOP, "running", 999, Verdict.PENDING),
        (Action.STOP, "terminated", 0, Verdict.FAILED),
        (Action.STOP, "shutting-down", 0, Verdict.FAILED),
        (Action.HIBERNATE, "stopped", 0, Verdict.FINAL),
        (Action.HIBERNATE, "stopping", 0, Verdict.PENDING),
        (Action.HIBERNATE, "running", 0, Verdict.PENDING),
        (Action.START, "running", 0, Verdict.FINAL),
        (Action.START, "pending", 0, Verdict.PENDING),
        (Action.START, "pending", 999, Verdict.PENDING),
        (Action.START, "stopping", 0, Verdict.PENDING),
        (Action.START, "terminated", 0, Verdict.FAILED),
    ],
)
def test_states(action: Action, seen: str, since: float, verdict: Verdict) -> None:
    before = instance("stopped" if action is Action.START else "running")
    found = verify(action, before, instance(seen), since)
    assert found.verdict is verdict and found.state == seen
    assert bool(found.why) is (verdict is Verdict.FAILED)


def test_a_start_that_does_not_show_yet_is_no_failure_at_first() -> None:
    before = now = instance("stopped", USER)
    assert verify(Action.START, before, now, 0).verdict is Verdict.PENDING
    assert verify(Action.START, before, now, STALE).verdict is Verdict.FAILED


def test_a_start_that_fell_back_is_a_failure_at_once_with_the_grant_that_is_missing() -> None:
    found = verify(Action.START, instance("stopped", USER), instance("stopped", KMS), 1)
    assert found.verdict is Verdict.FAILED
    assert (
        "started and is stopped again" in found.why and "i-0abc needs kms:CreateGrant" in found.why and KMS in found.why
    )


def test_a_group_that_is_not_running_yet_has_not_fallen_back() -> None:
    before, now = instance("stopped", kind=Kind.ASG), instance("stopped", "x", kind=Kind.ASG)
    assert verify(Action.START, before, now, 999).verdict is Verdict.PENDING


def test_what_is_not_shown_is_gone_after_a_while() -> None:
    assert verify(Action.START, instance("stopped"), None, 0).verdict is Verdict.PENDING
    found = verify(Action.START, instance("stopped"), None, STALE)
    assert found.verdict is Verdict.FAILED and found.why == "it does not exist any more"


@pytest.mark.parametrize(
    "why, says",
    [
        (KMS, "kms:CreateGrant"),
        ("Client.InvalidKMSKey.InvalidState: The KMS key is disabled", "KMS key of one of its volumes"),
        ("Server.InsufficientInstanceCapacity: There is no capacity", "no more capacity for m5.large in eu-central-1a"),
        ("Server.InternalError: An error", "fault of its own"),
        ("Client.InstanceInitiatedShutdown: x", "shut itself down"),
        (USER, "somebody has stopped it"),
        ("Client.VolumeLimitExceeded: x", "limit of volumes"),
        ("Client.New: something", "(AWS says: Client.New: something)"),
        ("", "AWS does not say why"),
    ],
)
def test_why_it_stands_still_again(why: str, says: str) -> None:
    assert says in explain_fall_back(instance("stopped", why))


@pytest.mark.parametrize(
    "code, message, says",
    [
        ("InsufficientInstanceCapacity", "We do not have", "no more capacity for m5.large in eu-central-1a"),
        ("VcpuLimitExceeded", "You have requested", "limit of vCPUs"),
        ("IncorrectInstanceState", "This instance 'i-0abc' is not", "This instance 'i-0abc' is not"),
        ("InvalidInstanceID.NotFound", "The instance ID", "it does not exist any more"),
        ("OperationNotPermitted", "may not be stopped", "disableApiStop"),
        ("UnsupportedHibernationConfiguration", "not enabled", "cannot be hibernated"),
        ("UnauthorizedOperation", "", "the permission ec2:StopInstances is missing for this instance"),
        (
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: arn:aws:iam::1:user/x is not authorized to perform:"
            " ec2:StartInstances on resource: arn:aws:ec2:eu-central-1:1:instance/i-0abc",
            "the permission ec2:StartInstances is missing for this instance",
        ),
        (
            "UnauthorizedOperation",
            "no. Encoded authorization failure message: aaaabbbb",
            "instance (UnauthorizedOperation)",
        ),
        ("ExpiredToken", "The provided token has expired.", "use some that live longer, or a role"),
        ("RequestLimitExceeded", "Request limit exceeded.", "throttles ec2:StopInstances"),
        ("NewCode", "New words {with} braces", "ec2:StopInstances: NewCode: New words {with} braces"),
    ],
)
def test_refusals(code: str, message: str, says: str) -> None:
    text = explain(instance("running"), "ec2:StopInstances", code, message)
    assert says in text and code in text


def test_no_answer_and_long_words() -> None:
    text = explain(instance("running"), "ec2:StopInstances", "Timeout", "read timed out", 0)
    assert text == "ec2:StopInstances was not answered (Timeout): read timed out"
    assert len(explain(instance("running"), "ec2:StopInstances", "X", "long " * 500)) < 400


def test_what_stands_in_for_an_unknown_type() -> None:
    bare = Resource(Kind.EC2, "i-0abc", "1", "eu-central-1", State.STOPPED, {})
    assert "capacity for it in its zone" in explain(bare, "ec2:StartInstances", "InsufficientInstanceCapacity", "")


@pytest.mark.parametrize(
    "kept, suspended, mark, half",
    [
        ("suspended", ("Launch", "Terminate"), "running 2026-12-01T07:00:00Z", True),
        ("suspended", ("Launch", "Terminate"), "running until 2026-12-01T07:00:00Z", True),
        ("suspended", ("Launch", "Terminate"), "stopped 2026-12-01T07:00:00Z", False),
        ("suspended", (), "running", False),
        ("suspended Launch+Terminate", ("Launch", "Terminate"), "running", False),  # somebody's own
        ("1/2/4", ("Launch",), "running", False),
        ("", ("Launch",), "running", False),
        ("nonsense", ("Launch",), "running", False),
    ],
)
def test_half_started(kept: str, suspended: Tuple[str, ...], mark: str, half: bool) -> None:
    group = Resource(Kind.ASG, "web", "1", "eu-central-1", State.RUNNING, {"ScheduleKept": kept}, suspended=suspended)
    assert is_half_started(group, mark, tag_names("Schedule")) is half
    assert not is_half_started(group._replace(kind=Kind.NODEGROUP), mark, tag_names("Schedule"))
