# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the parts of a deployment are called, and their ARNs, which are known before anything is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict

from .._common.errors import Day2Error
from .model import PartKind

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_MOST_OF_A_ROLE = 64
_SCHEDULE_ROLE = "schedule"


@dataclass(frozen=True)
class Names:
    """One deployment: its name, and where it is."""

    name: str
    partition: str
    account: str
    region: str

    @property
    def parts(self) -> Dict[PartKind, str]:
        """The name of each part. Roles have no region, so it is in their names."""
        return {
            PartKind.TOPIC: self.name,
            PartKind.QUEUE: f"{self.name}-dead-letters",
            PartKind.LOG_GROUP: f"/aws/lambda/{self.name}",
            PartKind.ROLE: f"{self.name}-{self.region}",
            PartKind.FUNCTION: self.name,
            PartKind.SCHEDULE_ROLE: f"{self.name}-{self.region}-{_SCHEDULE_ROLE}",
            PartKind.SCHEDULE: self.name,
            PartKind.ALARM: f"{self.name}-errors",
        }

    def arn(self, kind: PartKind) -> str:
        """The ARN of a part."""
        name = self.parts[kind]
        if kind in (PartKind.ROLE, PartKind.SCHEDULE_ROLE):
            return f"arn:{self.partition}:iam::{self.account}:role/{name}"
        service, resource = {
            PartKind.TOPIC: ("sns", name),
            PartKind.QUEUE: ("sqs", name),
            PartKind.LOG_GROUP: ("logs", f"log-group:{name}"),
            PartKind.FUNCTION: ("lambda", f"function:{name}"),
            PartKind.SCHEDULE: ("scheduler", f"schedule/default/{name}"),
            PartKind.ALARM: ("cloudwatch", f"alarm:{name}"),
        }[kind]
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def check_name(name: str, region: str) -> str:
    """A name from which AWS takes those of all parts.

    :raises Day2Error: when it does not.
    """
    most = _MOST_OF_A_ROLE - len(f"-{region}-{_SCHEDULE_ROLE}")
    if not _NAME.fullmatch(name) or len(name) > most:
        raise Day2Error(
            f"name: {name!r} is not 1 to {most} letters, digits, - or _ that begin with a letter or a digit"
            f" (in {region}, whose name is part of the names of the roles)"
        )
    return name
