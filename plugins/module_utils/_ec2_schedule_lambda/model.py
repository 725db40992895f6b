# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a deployment consists of, and what is done to a part of it."""

from __future__ import annotations

from enum import Enum
from typing import Any, FrozenSet, Mapping, NamedTuple, Optional

SCHEMA = "day2.ops/ec2_schedule_lambda/1"
MARK = "day2.ops"
"""The tag that says that a part is ours; without it nothing is changed or removed."""

Settings = Mapping[str, Any]
"""What is so about a part: aspects and their JSON values."""


class PartKind(str, Enum):
    """The parts, in the order in which they are made; they are removed in the opposite one."""

    TOPIC = "topic"
    QUEUE = "dead-letter queue"
    LOG_GROUP = "log group"
    ROLE = "role of the function"
    FUNCTION = "function"
    SCHEDULE_ROLE = "role of the schedule"
    SCHEDULE = "schedule"
    ALARM = "alarm"


ORDER = tuple(PartKind)


class Part(NamedTuple):
    """One part as it shall be."""

    kind: PartKind
    name: str
    settings: Settings


class Do(str, Enum):
    """What becomes of a part."""

    CREATE = "create"
    MODIFY = "modify"
    REMOVE = "remove"


class Step(NamedTuple):
    """One thing to do: the aspects of ``changed`` are brought from ``before`` to ``after``."""

    do: Do
    kind: PartKind
    name: str
    before: Optional[Settings]
    after: Optional[Settings]
    changed: FrozenSet[str]
