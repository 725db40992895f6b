# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What inventories and samples show of the objects of a bucket, and what they leave open."""

from __future__ import annotations

from datetime import datetime
from typing import FrozenSet, Optional

from .inventory_report import Tally
from .model import Fact, ObjectEvidence, Unknown
from .reasons import Deleted


def inventory_gap(prefix: str, all_versions: bool, versioned: Fact[bool]) -> Optional[Unknown]:
    """Why a report cannot speak for all objects of the bucket; ``None`` when it can.

    :param prefix: of the keys that the inventory is configured for.
    :param all_versions: whether the report tells of other versions than the current ones.
    :param versioned: whether the bucket has such versions, or had them.
    """
    if prefix:
        return Unknown(f"it is only of objects whose keys begin with {prefix[:80]!r}")
    if all_versions or versioned is False:
        return None
    if isinstance(versioned, Deleted):
        return versioned
    text = "it is only of current versions, and "
    return Unknown(text + (versioned.reason if isinstance(versioned, Unknown) else "the bucket has others or had them"))


def inventory_evidence(
    total: Tally, acceptable: FrozenSet[str], created: datetime, gap: Optional[Unknown], where: str
) -> Fact[ObjectEvidence]:
    """What a report shows: one bad object counts in any case, the good ones only when it speaks for all."""
    unstated = total.counts.pop("", 0)
    seen = sum(total.counts.values())
    if unstated and gap is None:
        gap = Unknown(f"{unstated} of its rows do not say how the object is encrypted")
    bad = any(kind not in acceptable for kind in total.counts)
    if gap is not None and not bad:
        return Unknown(f"inventory {where}: {gap.reason}; the {seen} objects in it are encrypted as required")
    return ObjectEvidence("inventory", seen, dict(total.counts), tuple(total.offenders), gap is None, created)


def after_inventory(inventory: Unknown, sample: Fact[ObjectEvidence]) -> Fact[ObjectEvidence]:
    """What a sample adds where an inventory left the question open: a bad object, or nothing."""
    if isinstance(sample, Deleted):
        return sample
    if isinstance(sample, Unknown):
        return Unknown(f"{inventory.reason}; {sample.reason}")
    if sample.offenders:
        return sample
    return Unknown(f"{inventory.reason}; {sample.seen} sampled objects are encrypted as required")
