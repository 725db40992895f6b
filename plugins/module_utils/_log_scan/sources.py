# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no file: the journal, and the output of a command."""

from __future__ import annotations

from datetime import datetime
from typing import Iterator, List, Optional, Sequence, Tuple

from .._common.errors import GatewayError
from .gateway.command import Command
from .gateway.journal import NAME, Journal, Selection
from .gather import around
from .line_count import LineCount
from .model import Block, Cause, Ledger
from .options import JournalOption
from .segments import SegmentReader
from .stages import Stages

_COMMAND_SECONDS = 600.0


def scan_journal(
    asked: JournalOption, cursor: Optional[str], first: str, since: Optional[datetime], reader: SegmentReader
) -> Tuple[str, Ledger, List[str]]:
    """Read the journal's new entries.

    :returns: the cursor for the next run, the account, and what could not be seen.
    :raises GatewayError: when there is no journal, or it cannot be read.
    """
    selection = Selection(asked.units, asked.priority or "", matches=asked.matches, directory=asked.directory or "")
    scanned, cause = 0, None
    with Journal(selection, cursor, first, since) as journal:
        for batch in journal.batches():
            for match in reader.detector.matches(batch.block):
                entry = batch.entries[match.hit.offset]
                reader.gatherer.take(match, NAME, at=entry.at, fields=entry.fields, around=around(batch.block, match))
            reader.count(batch.block.consumed)
            scanned += batch.block.consumed
            if reader.budget.is_over():
                cause = Cause.BUDGET
                break
    # Nobody knows how much of the journal is left, only whether something is.
    return (
        journal.cursor,
        Ledger(
            path=NAME,
            scanned=scanned,
            pending_cause=cause,
            gap_causes=tuple(event.cause for event in journal.events),
            events=tuple(journal.events),
        ),
        list(journal.problems),
    )


def scan_command(argv: Sequence[str], reader: SegmentReader, seconds: Optional[float]) -> List[str]:
    """Read what a command says, from its beginning to its end.

    :returns: sentences about what went wrong.
    """
    name, limit = " ".join(argv), seconds or _COMMAND_SECONDS
    stamps, lines = reader.stamps(), LineCount(1, 0)
    stages: Optional[Stages] = None

    def scan(blocks: Iterator[Block]) -> None:
        for block in blocks:
            for match in reader.detector.matches(block):
                at = stamps.of(match.hit.record)
                reader.gatherer.take(match, name, lines.at(block, match.start), at, around=around(block, match))
            lines.pass_over(block)
            reader.count(block.consumed)

    try:
        with Command(argv, limit) as command:
            for chunk in command.blocks():
                stages = stages or Stages(0, chunk, rule=reader.detector.rule)
                scan(stages.feed(chunk))
            if stages is not None:
                scan(stages.finish(True))
            if command.timed_out:
                return [f"{name}: it was ended after {limit:g} seconds"]
            return [f"{name}: it ended with the exit code {command.exit_code}"] if command.exit_code else []
    except GatewayError as error:
        return [str(error)]
    finally:
        reader.state(stamps)
