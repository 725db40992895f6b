# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a shipped pattern is tried on: a record that it finds, one that is nearly the same and that it does not."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Tuple


class Sample(NamedTuple):
    """Texts of one pattern; a record of several lines has its line breaks."""

    hit: str
    miss: str  # near enough that a careless pattern would find it
    fields: Mapping[str, str]  # some of the fields of the hit
    more: Tuple[str, ...] = ()  # further hits: other versions, other words


def sample(hit: str, miss: str, *more: str, **fields: str) -> Sample:
    """A sample with its fields by name."""
    return Sample(hit, miss, fields, more)
