# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that lies between the bytes of a log and blocks of records: lines, containers, records of several lines."""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, Optional

from .containers import CRI, DOCKER, Unwrapper
from .lines import Cutter
from .model import Block
from .multiline import LINE, RecordRule, Records


class Stages:
    """Chunks of a generation's text, in order and cut anywhere, to blocks of whole records.

    ``offset`` is where the next run begins: behind the last block that was given out, so it is right at any time, also
    when somebody stops half way.

    :param offset: of the first byte that will be fed; the start of a record.
    :param head: the first bytes of the generation.
    :param kind: what is wrapped around lines, as ``containers.format_of`` says it.
    :param rule: what joins lines to records; of several patterns' rules, ``multiline.together``.
    """

    def __init__(
        self, offset: int, head: bytes, kind: str = "text", rule: RecordRule = LINE, encoding: str = ""
    ) -> None:
        self.offset = offset
        self._cutter = Cutter(offset, head, encoding)
        self._unwrapper: Optional[Unwrapper] = Unwrapper(kind) if kind in (DOCKER, CRI) else None
        self._records: Optional[Records] = None if rule is LINE else Records(rule)

    @property
    def pending(self) -> int:
        """Bytes fed that are in no block yet."""
        return self._cutter.offset + self._cutter.pending - self.offset

    def feed(self, chunk: bytes) -> Iterator[Block]:
        """The blocks that these bytes make complete. Exhaust them before more is fed."""
        return self._given(self._recorded(self._unwrapped(self._cutter.feed(chunk))))

    def finish(self, settled: bool) -> Iterator[Block]:
        """At the end of what is there.

        :param settled: that nothing will come any more: what is left is a record. Else it stays pending, and more may
            be fed.
        """
        yield from self._given(self._recorded(self._unwrapped(self._cutter.finish(settled))))
        if self._unwrapper is not None:
            yield from self._given(self._recorded(self._unwrapper.finish(settled)))
        if self._records is not None:
            yield from self._given(self._records.finish(settled))

    def fields_of(self, origin: int) -> Mapping[str, str]:
        """What a container's runtime says of the line with that origin, in the last block: ``stream`` and ``time``."""
        return {} if self._unwrapper is None else self._unwrapper.fields_of(origin)

    def _unwrapped(self, blocks: Iterable[Block]) -> Iterable[Block]:
        unwrapper = self._unwrapper
        return blocks if unwrapper is None else (inner for block in blocks for inner in unwrapper.feed(block))

    def _recorded(self, blocks: Iterable[Block]) -> Iterable[Block]:
        records = self._records
        return blocks if records is None else (whole for block in blocks for whole in records.feed(block))

    def _given(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            self.offset = block.offset + block.consumed
            yield block
