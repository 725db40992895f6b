# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which matches count, and what is shown around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import List, Mapping, Optional, Tuple

from .collect import Collector
from .detect import Match
from .model import Block, Place

AROUND = 16384
"""Bytes before and after a record in which its context is looked for."""

Around = Tuple[bytes, bytes]
NOTHING: Around = (b"", b"")


class Gatherer:
    """Hands matches to a collector, unless their time is not asked for.

    :param since, until: records outside are not counted, where they have a time.
    :param context: lines before and after a sample.
    """

    def __init__(
        self, collector: Collector, since: Optional[datetime], until: Optional[datetime], context: int
    ) -> None:
        self._collector = collector
        self._since = since
        self._until = until
        self.context = context

    def take(
        self,
        match: Match,
        path: str,
        line: Optional[int] = None,
        at: Optional[datetime] = None,
        fields: Optional[Mapping[str, str]] = None,
        around: Around = NOTHING,
    ) -> None:
        """One match.

        :param fields: what is known of the record beside the pattern's own fields.
        :param around: the text before the record and after it.
        """
        if at is not None and ((self._since and at < self._since) or (self._until and at >= self._until)):
            return
        hit = match.hit
        if fields:
            hit = replace(hit, fields={**fields, **hit.fields})
        before: List[bytes] = around[0].splitlines()[-self.context :] if self.context else []
        after: List[bytes] = around[1].splitlines()[: self.context]
        self._collector.add(hit, Place(path, hit.offset, line), at, before, after)


def around(block: Block, match: Match) -> Around:
    """What a block has around a match."""
    return block.data[max(0, match.start - AROUND) : match.start], block.data[match.end : match.end + AROUND]
