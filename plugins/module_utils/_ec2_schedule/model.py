# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be started and stopped, what a schedule wants of it, and what we decide.

Values of which there are a hundred thousand are named tuples: they are made in a third of the time of frozen dataclasses.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Mapping, NamedTuple, Optional, Tuple

SCHEMA = "day2.ops/ec2_schedule/1"


class Kind(str, Enum):
    """The kinds of resources; the choices of the option ``resources``."""

    EC2 = "ec2"
    RDS = "rds"
    CLUSTER = "rds_cluster"  # Aurora, DocumentDB, Neptune
    ASG = "asg"
    NODEGROUP = "eks_nodegroup"


class State(str, Enum):
    """What a resource is doing, whatever its kind."""

    RUNNING = "running"
    STOPPED = "stopped"
    MIXED = "mixed"  # a group of which some instances run and others stand still: an action came half of the way
    CHANGING = "changing"  # on its way, or in maintenance: nothing can be asked of it now
    GONE = "gone"  # terminated, deleted, failed for good


RUNS = frozenset((State.RUNNING, State.MIXED))
"""The states in which something runs that could be stopped."""


class Wanted(str, Enum):
    """What a schedule wants at an instant; ``ANY`` is to leave it as it is."""

    RUNNING = "running"
    STOPPED = "stopped"
    ANY = "any"


class Action(str, Enum):
    """What is done to a resource."""

    START = "start"
    STOP = "stop"
    HIBERNATE = "hibernate"


class Edge(NamedTuple):
    """The instant (aware, UTC) at which a schedule turns to another state."""

    at: datetime
    to: Wanted


class Position(NamedTuple):
    """Where a schedule stands at an instant.

    ``last`` is the edge that led to ``wanted``; ``None`` when it has been so for ever. ``once`` is true for schedules that
    only stop or only start: they want something of a resource at their edges, and nothing between them.
    """

    wanted: Wanted
    last: Optional[Edge]
    next: Optional[Edge]
    once: bool = False


class Sizes(NamedTuple):
    """The sizes of a group of instances."""

    minimum: int
    desired: int
    maximum: int


class Resource(NamedTuple):
    """One resource as AWS describes it.

    ``obstacle`` is why it is never stopped by itself (``spot instance``, ``member of the Auto Scaling group web``); empty
    when it may be. ``members`` are the ids of a group's instances, ``units`` what it costs when it runs: how many of which
    instance type. ``launched`` is when it was last started, as far as AWS says.
    """

    kind: Kind
    id: str
    account: str
    region: str
    state: State
    tags: Mapping[str, str]
    aws_state: str = ""  # AWS's own word
    why: str = ""  # AWS's own reason for its state
    arn: str = ""
    type: str = ""
    zone: str = ""
    obstacle: str = ""
    can_hibernate: bool = False
    sizes: Optional[Sizes] = None
    members: Tuple[str, ...] = ()
    units: Tuple[Tuple[str, int], ...] = ()
    suspended: Tuple[str, ...] = ()  # the suspended processes of an Auto Scaling group
    launched: Optional[datetime] = None

    @property
    def key(self) -> Tuple[str, str, str, str]:
        """What no two resources of a fleet have in common."""
        return (self.account, self.region, self.kind.value, self.id)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.tags.get("Name") or self.id


class Decision(NamedTuple):
    """What becomes of one resource in this run, and why.

    Without an ``action`` it stays as it is. ``mark`` is what its state tag shall say once the state that is wanted was
    seen; empty when the tag says so already, or must not be written. ``not_touched`` says why a resource is left alone
    that carries a schedule; ``problem`` is set when somebody should know of that.
    """

    resource: Resource
    schedule: str  # as the tag says
    action: Optional[Action]
    reason: str
    at: Optional[datetime] = None  # the instant of the edge that is followed
    mark: str = ""
    next: Optional[Edge] = None
    not_touched: str = ""
    problem: str = ""


class AsgMethod(str, Enum):
    """How an Auto Scaling group is stopped: to no instances, or with its processes suspended and its instances stopped."""

    SIZES = "sizes"
    SUSPEND = "suspend"


class FailOn(str, Enum):
    """From which status on the task fails; the choices of the option ``fail_on``, the strictest last."""

    NEVER = "never"
    CRITICAL = "critical"
    WARNING = "warning"
    UNKNOWN = "unknown"
