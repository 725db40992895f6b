# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Acting on what stands in the fake EC2: its instances and groups as resources, decisions about them, and a run of those."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, AsyncIterator, Dict, Iterable, List, Optional, Tuple

from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.client import Client
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.sender import Sender
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request, Response
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.accounts import Refused
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.act import carry_out
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.fleet import read_fleet
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import (
    Action,
    AsgMethod,
    Decision,
    Kind,
    Resource,
    Sizes,
    State,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.outcome import Outcome
from ansible_collections.day2.ops.tests.support.aws.ec2_store import Group, Instance
from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import FakeEc2
from ansible_collections.day2.ops.tests.support.aws.store import ACCESS_KEY, ACCOUNT
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access, run

REGION = "eu-central-1"
STOPPED = "stopped 2026-11-28T18:00:00Z"
RUNNING = "running 2026-11-30T07:00:00Z"
STATES = {"running": State.RUNNING, "stopped": State.STOPPED, "terminated": State.GONE}


def instance_of(each: Instance, region: str = REGION, account: str = ACCOUNT) -> Resource:
    """An instance of the fake, as a run has read it before."""
    code, message = each.reason
    return Resource(
        Kind.EC2,
        each.id,
        account,
        region,
        STATES.get(each.state, State.CHANGING),
        dict(each.tags),
        aws_state=each.state,
        why=message or code,
        type=each.type,
        zone=each.zone,
        can_hibernate=each.can_hibernate,
    )


def group_of(each: Group, region: str = REGION) -> Resource:
    """An Auto Scaling group of the fake, as a run has read it before."""
    return Resource(
        Kind.ASG,
        each.name,
        ACCOUNT,
        region,
        State.RUNNING if each.sizes[1] else State.STOPPED,
        dict(each.tags),
        sizes=Sizes(*each.sizes),
        members=tuple(each.members),
        suspended=tuple(each.suspended),
    )


def stop(resource: Resource, mark: str = STOPPED, action: Action = Action.STOP) -> Decision:
    """To be stopped."""
    return Decision(resource, "office", action, "it is evening", mark=mark)


def start(resource: Resource, mark: str = RUNNING) -> Decision:
    """To be started."""
    return Decision(resource, "office", Action.START, "it is morning", mark=mark)


def only_mark(resource: Resource, mark: str = STOPPED) -> Decision:
    """Nothing but the state tag is to be written."""
    return Decision(resource, "office", None, "it is stopped already", mark=mark)


@dataclass
class Run:
    """What a run came to."""

    outcomes: List[Outcome]
    calls: Dict[str, int]
    clock: FakeClock
    told: List[Outcome] = field(default_factory=list)

    @property
    def errors(self) -> Dict[str, str]:
        """Why what failed failed, by the resource's id."""
        return {each.decision.resource.id: each.error for each in self.outcomes if each.error}

    @property
    def done(self) -> List[str]:
        """The ids of what has arrived."""
        return [each.decision.resource.id for each in self.outcomes if each.done and not each.error]

    @property
    def pending(self) -> List[str]:
        """The ids of what is on its way."""
        return [each.decision.resource.id for each in self.outcomes if each.pending]


@dataclass
class _Accounts:
    clients: Dict[str, Sender]
    refused: List[Refused] = field(default_factory=list)
    region: str = REGION


class Killed(Exception):
    """The process has come to its end."""


class Mortal:
    """A client of a process that is killed at its ``breaths``-th call: before it is sent, or else once AWS has done it."""

    def __init__(self, client: Sender, breaths: int, once_done: bool) -> None:
        self._client = client
        self._left = breaths
        self._once_done = once_done

    async def send(self, request: Request) -> Response:
        """As a client does, while it lives."""
        self._left -= 1
        if self._left < 0 or (self._left == 0 and not self._once_done):
            raise Killed
        response = await self._client.send(request)
        if self._left == 0:
            raise Killed
        return response

    def stream(self, request: Request) -> AsyncIterator[bytes]:
        """Nothing of a schedule is streamed."""
        raise NotImplementedError


def act(
    url: str,
    decisions: Iterable[Decision],
    *,
    wait: float = 60.0,
    method: AsgMethod = AsgMethod.SIZES,
    clock: Optional[FakeClock] = None,
    kill: Optional[Tuple[int, bool]] = None,
) -> Run:
    """Carry decisions out against a server; nobody waits for real.

    :param kill: at which call the run is killed, and whether AWS has still done that one.
    :raises Killed: when it came to that.
    """
    clock = clock or FakeClock()
    told: List[Outcome] = []

    async def talk() -> Run:
        async with _client(url, clock) as ours:
            used: Sender = ours if kill is None else Mortal(ours, *kill)
            outcomes = await carry_out(
                *(_Accounts({ACCOUNT: used}), list(decisions), "Schedule", method.value, wait),
                monotonic=clock.monotonic,
                sleep=clock.sleep,
                on_outcome=told.append,
            )
            return Run(outcomes, dict(ours.calls), clock, told)

    return run(talk())


def read(url: str, *kinds: Kind) -> List[Resource]:
    """What a run that begins now reads of a server: all that carries the tag Schedule."""

    async def talk() -> List[Resource]:
        async with _client(url, FakeClock()) as ours:
            fleet = await read_fleet(_Accounts({ACCOUNT: ours}), frozenset(kinds), (REGION,), "Schedule")
            assert fleet.refused == []
            return fleet.resources

    return run(talk())


def _client(url: str, clock: FakeClock) -> Client:
    return Client(_session(url), rng=random.Random(7), clock=clock, sleep=clock.sleep, timeout=10.0)


@lru_cache(maxsize=2)
def _session(url: str) -> Session:
    """Made once for each server: it takes longer than all that is done with it."""
    return Session.open(access(url, access_key=ACCESS_KEY), FakeClock())


def act_in(fake: FakeEc2, decisions: Iterable[Decision], **options: Any) -> Run:
    """The same against a fake, which must have understood everything."""
    found = act(fake.url, decisions, **options)
    assert fake.unexpected == []
    return found
