# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be known of the buckets of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import FrozenSet

from .model import KeyDetail, Question

ENCRYPTED = frozenset(("AES256", "aws:kms", "aws:kms:dsse"))


@dataclass(frozen=True)
class Asked:
    """What is to be known.

    ``acceptable`` kinds of object encryption make an object no offender. ``inventory`` is the ``s3://`` place of S3
    Inventory reports, in which ``{bucket}``, ``{region}`` and ``{account}`` stand for those of the audited bucket.
    """

    questions: FrozenSet[Question]
    account_block: bool = False
    key_details: FrozenSet[KeyDetail] = frozenset(KeyDetail)
    sample_objects: int = 0
    acceptable: FrozenSet[str] = ENCRYPTED
    inventory: str = ""
    inventory_max_age: timedelta = timedelta(days=8)
