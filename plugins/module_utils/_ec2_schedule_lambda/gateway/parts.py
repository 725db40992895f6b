# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All parts of a deployment: looked at together, and changed step by step."""

from __future__ import annotations

from typing import Callable, Dict, Optional, Sequence

from ..model import Do, PartKind, Settings, Step
from ..names import Names
from .functions import Functions
from .messages import Queues, Topics
from .roles import Roles
from .schedules import Schedules
from .services import PartGateway, Services
from .watching import Alarms, LogGroups


class Parts:
    """The gateways of all kinds of parts.

    :param packed: the archive of the function.
    """

    def __init__(self, services: Services, names: Names, packed: bytes) -> None:
        self._names = names.parts
        self._gateways: Dict[PartKind, PartGateway] = {
            PartKind.TOPIC: Topics(services, names),
            PartKind.QUEUE: Queues(services),
            PartKind.LOG_GROUP: LogGroups(services, names),
            PartKind.ROLE: Roles(services),
            PartKind.FUNCTION: Functions(services, names, packed),
            PartKind.SCHEDULE_ROLE: Roles(services),
            PartKind.SCHEDULE: Schedules(services),
            PartKind.ALARM: Alarms(services, names),
        }

    def read(self, kinds: Sequence[PartKind]) -> Dict[PartKind, Optional[Settings]]:
        """What there is of these parts.

        :raises GatewayError: when one of them cannot be looked at.
        """
        return {kind: self._gateways[kind].read(self._names[kind]) for kind in kinds}

    def carry_out(self, steps: Sequence[Step], on_done: Callable[[Step], None]) -> None:
        """Take the steps, one after the other.

        :raises GatewayError: at the first that fails; those before it stay, and the next run goes on from there.
        """
        for step in steps:
            gateway = self._gateways[step.kind]
            if step.do is Do.REMOVE:
                gateway.remove(step.name)
            elif step.do is Do.CREATE and step.after is not None:
                gateway.create(step.name, step.after)
            elif step.before is not None and step.after is not None:
                gateway.modify(step.name, step.after, step.before, sorted(step.changed))
            on_done(step)
