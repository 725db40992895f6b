# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reports of a run are made of: one value, rendered in every format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from .model import SCHEMA, Decision
from .outlook import Outlook
from .result import iso
from .savings import Savings

Entry = Mapping[str, Any]

TOOL = ".".join(SCHEMA.split("/")[:2])


@dataclass(frozen=True)
class RunHeader:
    """The run itself. ``now`` is the instant that was decided for; it differs from ``started_at`` in a what-if."""

    run_id: str
    started_at: datetime
    accounts: Tuple[str, ...]
    regions: Tuple[str, ...]
    check_mode: bool
    now: datetime
    what_if: bool
    version: str

    @property
    def acted(self) -> bool:
        """Whether anything could be done at all."""
        return not self.check_mode and not self.what_if

    def as_dict(self) -> Dict[str, Any]:
        """The header in documents."""
        return {
            "run_id": self.run_id,
            "started_at": iso(self.started_at),
            "now": iso(self.now),
            "what_if": self.what_if,
            "check_mode": self.check_mode,
            "accounts": list(self.accounts),
            "regions": list(self.regions),
            "version": self.version,
        }


@dataclass(frozen=True)
class ScheduleReport:
    """Everything that a run has to tell, without a bound.

    The lists hold entries as the task returns them. ``actions`` are those that were carried out, with their
    ``outcome`` (``done | pending | failed``); where nothing is carried out, those that are due, without one. ``outlook``
    and ``savings`` are ``None`` when they were not asked for.
    """

    run: RunHeader
    status: str  # ok | warning | critical | unknown
    summary: Mapping[str, Any]
    decisions: Sequence[Decision] = ()
    actions: Sequence[Entry] = ()
    not_touched: Sequence[Entry] = ()
    problems: Sequence[str] = ()
    next_edges: Sequence[Entry] = ()
    outlook: Optional[Outlook] = None
    savings: Optional[Savings] = None
    currency: str = ""
    title: str = "Start and stop by schedule"


Key = Tuple[str, str, str, str]


def key_of(entry: Entry) -> Key:
    """``Resource.key`` of the resource that an entry is about."""
    return (entry["account"], entry["region"], entry["kind"], entry["resource"])
