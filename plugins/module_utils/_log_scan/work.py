# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The searching side of a run. A run that finds nothing new does without it, and without loading it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from .._common.errors import GatewayError
from .._common.verdict import Severity, Status
from .backfill import fresh_patterns, known_patterns, old_segments
from .budget import Budget
from .collect import Collector
from .detect import Detector
from .document import Document
from .gateway.engines.ladder import Chosen, choose
from .gateway.guard import time_limit
from .gather import Gatherer
from .model import Ledger, LogPattern, Observed, Read, Reading, Segment
from .options import JournalOption, Options, PathOption
from .redact import Redactor
from .segments import SegmentReader
from .sources import scan_command, scan_journal
from .wording import shown_path


class Work:
    """Reads what there is to read, and gathers what is found in it."""

    def __init__(
        self,
        options: Options,
        before: Document,
        budget: Budget,
        now: datetime,
        zone: tzinfo,
        segments: Sequence[Segment],
        warn: Callable[[str], None],
    ) -> None:
        """
        :param before: what the last run left.
        :param zone: of time stamps that name none.
        :param segments: all that will be read, of which engines are chosen.
        """
        self._options = options
        self._before = before
        self._patterns = options.patterns.all()
        self._collector = Collector(
            self._patterns, options.aggregate, options.max_samples, Redactor(options.redact).of, before.times
        )
        chosen = _chosen(options, self._patterns, segments)
        for warning in chosen.warnings:
            warn(warning)
        self.engine = chosen.name
        self.problems: List[str] = []
        self.backfilled = 0  # bytes
        self._reader = SegmentReader(
            Detector(self._patterns, chosen.block, time_limit),
            Gatherer(self._collector, options.since, options.until, options.context),
            budget,
            now,
            zone,
            chosen.file,
            options.partial_after,
            warn,
        )

    def read(self, segment: Segment, seen: Optional[Observed], option: PathOption) -> Optional[Read]:
        """One segment; None when it cannot be opened."""
        return self._reader.read(segment, seen, option)

    def backfill(self, logs: Sequence[Tuple[Reading, Mapping[str, Observed], PathOption]]) -> None:
        """Read what was read before for the patterns that are new, all of it: no budget holds for what is asked for once.

        :param logs: what there is to read of each, and its files as they were observed.
        """
        fresh = fresh_patterns(self._before.patterns, self._patterns)
        if not fresh or not logs:
            return
        old = [(segment, seen, option) for reading, seen, option in logs for segment in old_segments(reading)]
        chosen = _chosen(self._options, fresh, [segment for segment, _seen, _option in old])
        detector = Detector(fresh, chosen.block, time_limit)
        budget = Budget(None, None, lambda: 0.0)
        reader = replace(self._reader, detector=detector, budget=budget, file_engine=chosen.file, scanned=0)
        for segment, seen, option in old:
            if reader.read(segment, seen.get(segment.path), option, segment.size) is None:
                self.problems.append(f"{shown_path(segment.path)}: it cannot be read again for new patterns")
        self.problems += _disabled(detector)
        self.backfilled = reader.scanned

    def journal(self, asked: JournalOption, cursor: Optional[str]) -> Tuple[Optional[str], Optional[Ledger]]:
        """The journal's new entries; the cursor for the next run, and the account."""
        try:
            after, account, problems = scan_journal(
                asked, cursor, self._options.first_run.value, self._options.since, self._reader
            )
        except GatewayError as error:
            self.problems.append(str(error))
            return cursor, None
        self.problems += problems
        return after, account

    def command(self, argv: Sequence[str]) -> None:
        """What a command says."""
        self.problems += scan_command(argv, self._reader, self._options.max_seconds)

    # --- what it came to ---

    @property
    def scanned(self) -> int:
        """Bytes, those that were read again, too."""
        return self._reader.scanned + self.backfilled

    @property
    def inferred(self) -> Sequence[str]:
        """What time stamps do not say."""
        return self._reader.stated

    def matches(self) -> List[Dict[str, Any]]:
        """The ``matches`` of the result."""
        return self._collector.matches()

    def verdicts(self) -> Sequence[Tuple[Status, Severity]]:
        """A failure for each pattern that was found as often as matters."""
        return list(self._collector.verdicts())

    def disabled(self) -> List[str]:
        """Sentences about patterns that took too long."""
        return _disabled(self._reader.detector)

    def known_patterns(self) -> Mapping[str, str]:
        """What has been looked for."""
        return known_patterns(self._before.patterns, self._patterns, self._options.backfill)

    def times(self) -> Mapping[str, Any]:
        """What thresholds look back to."""
        return self._collector.carry()


def _chosen(options: Options, patterns: Sequence[LogPattern], segments: Sequence[Segment]) -> Chosen:
    size = sum(max(0, (segment.size or 0) - segment.start) for segment in segments)
    return choose(options.engine, patterns, segments, size)


def _disabled(detector: Detector) -> List[str]:
    return [f"the pattern {name} was disabled for this run: it took too long on a line" for name in detector.disabled]
