# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Resource Names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Arn:
    """``arn:partition:service:region:account:resource``, taken apart; ``resource`` may hold colons and slashes."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Optional[Arn]:
    """The parts of an ARN; ``None`` when the text is none."""
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not parts[1] or not parts[2] or not parts[5]:
        return None
    return Arn(parts[1], parts[2], parts[3], parts[4], parts[5])
