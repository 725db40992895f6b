# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run: every log, the journal and a command, from what was known of them to what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple

from .._common.job import Job
from .._progress.gateway import ProgressFile
from .._progress.model import Progress
from .budget import Budget
from .document import Document, Pending
from .follow import FirstRun, advance, decide
from .gateway.directories import Directories
from .gateway.home import time_zone
from .gateway.observe import observe
from .gateway.paths import find, leads_to
from .idle import is_idle, unread
from .ledger import ledger
from .model import Ledger, LogState, Observed, Read, Reading, Segment
from .options import Options, PathOption
from .result import result
from .state import from_json, to_json
from .wording import shown_path

if TYPE_CHECKING:
    from .work import Work

_RESUME = "resume"  # the log at which the next run begins, where this one had to stop
_JOURNAL = "journal"
_REMEMBERED = 30 * 86400.0  # seconds for which a log that is gone is known again, should it be restored
_NO_ENGINE = "none"  # there was nothing to search


@dataclass(frozen=True)
class _Log:
    """A log, and what is to be read of it."""

    path: str
    option: PathOption
    seen: Dict[str, Observed]
    reading: Reading


class Run:
    """What one run reads and finds.

    What only a run that finds something new needs is loaded by such a run: the cost of the others is that of loading.

    :param before: what the last run left.
    """

    def __init__(self, job: Job, options: Options, before: Document, progress: ProgressFile) -> None:
        self._job = job
        self._options = options
        self._before = before
        self._progress = progress
        self._started = job.clock.monotonic()
        self._now = job.clock.now()
        self.run_id = f"{self._now:%Y%m%dT%H%M%SZ}-{job.rng.getrandbits(32):08x}"
        self._states: Dict[str, LogState] = {} if before.logs is None else dict(from_json(before.logs))
        self._cursors = dict(before.cursors)
        self._budget = Budget(options.max_bytes, options.max_seconds, job.clock.monotonic)
        self._directories = Directories()
        self._problems: List[str] = []
        self._ledgers: List[Ledger] = []
        self._work: Optional[Work] = None

    def scan(self) -> Dict[str, Any]:
        """Read everything that is new; the whole result."""
        options = self._options
        logs = [self._log(path, option) for path, option in self._logs()]
        segments = [segment for log in logs for segment in log.reading.segments if not is_idle(segment)]
        backfill = options.backfill and self._before.checked != self._checked()
        if segments or backfill or options.journal is not None or options.command:
            self._work = self._begun(segments)
        if self._work is not None and backfill:
            self._work.backfill([(log.reading, log.seen, log.option) for log in logs if log.path in self._states])
        for number, log in enumerate(logs):
            self._progress.report(Progress("scan", number, len(logs), "logs"))
            self._read(log)
        self._progress.report(Progress("scan", len(logs), len(logs), "logs"))
        if self._work is not None and options.journal is not None:
            cursor, account = self._work.journal(options.journal, self._cursors.get(_JOURNAL))
            if cursor is not None:
                self._cursors[_JOURNAL] = cursor
            self._ledgers += [] if account is None else [account]
        if self._work is not None and options.command:
            self._work.command(options.command)
        return self._result()

    def document(self, pending: Pending) -> Document:
        """What the next run has to know."""
        work, before = self._work, self._before
        return Document(
            run_id=self.run_id,
            logs=to_json(self._states),
            globs=tuple(option.path for option in self._options.paths),
            cursors=self._cursors,
            patterns=before.patterns if work is None else work.known_patterns(),
            checked=self._checked(),
            times=before.times if work is None else work.times(),
            pending=pending,
        )

    def _checked(self) -> str:
        return self._options.patterns.digest()

    # --- which logs ---

    def _logs(self) -> List[Tuple[str, PathOption]]:
        """All logs that are asked for, those that are gone, too; first the one at which the last run had to stop."""
        options = self._options
        globs = [option.path for option in options.paths]
        found = find(globs, self._states, self._directories)
        self._problems += [f"{shown_path(problem.path)}: {problem.reason}" for problem in found.problems]
        numbers = dict(found.logs)
        for path in self._states:
            if path not in numbers:
                number = next((index for index, glob in enumerate(globs) if leads_to(glob, path)), None)
                if number is not None:
                    numbers[path] = number
        for missing in found.missing:
            if not any(leads_to(missing, path) for path in self._states):
                self._job.warn(f"paths: {shown_path(missing)} leads to no file")
        resume = self._cursors.pop(_RESUME, "")
        return [
            (path, options.paths[numbers[path]]) for path in sorted(numbers, key=lambda path: (path < resume, path))
        ]

    def _log(self, path: str, option: PathOption) -> _Log:
        options = self._options
        state = self._states.get(path)
        observed = observe(path, (option.olddir,) if option.olddir else (), state, self._directories)
        reading = decide(state, path, observed, self._first_run(path, option), options.late_window, self._now)
        return _Log(path, option, {each.path: each for each in observed}, reading)

    def _first_run(self, path: str, option: PathOption) -> FirstRun:
        if any(leads_to(glob, path) for glob in self._before.globs):
            return lambda each: 0  # it was not there when the last run looked: all of it is new

        def first(each: Observed) -> Optional[int]:
            from .first_run import first_run

            options = self._options
            zone = time_zone(options.timezone)
            return first_run(options.first_run, path, options.since, self._now, zone, option.encoding)(each)

        return first

    # --- reading ---

    def _begun(self, segments: Sequence[Segment]) -> "Work":
        from .work import Work

        zone = time_zone(self._options.timezone)
        return Work(self._options, self._before, self._budget, self._now, zone, segments, self._job.warn)

    def _read(self, log: _Log) -> None:
        results = [self._segment(log, segment) for segment in log.reading.segments]
        self._states[log.path] = advance(log.reading, results)
        account = ledger(log.reading, results)
        if log.seen or account.appended or account.events:
            self._ledgers.append(account)
        elif self._is_long_gone(self._states[log.path]):  # the logs of containers come and go by the thousand
            del self._states[log.path]
        if account.pending_cause is not None and self._budget.is_over() and _RESUME not in self._cursors:
            self._cursors[_RESUME] = log.path

    def _is_long_gone(self, state: LogState) -> bool:
        last = max((one.modified for one in state.generations), default=0)
        return self._now.timestamp() - last / 1e9 > _REMEMBERED

    def _segment(self, log: _Log, segment: Segment) -> Optional[Read]:
        seen = log.seen.get(segment.path)
        if self._work is None or (seen is not None and is_idle(segment)):
            return None if seen is None else unread(segment, seen)
        return self._work.read(segment, seen, log.option)

    # --- telling ---

    def _result(self) -> Dict[str, Any]:
        work = self._work
        problems = [*self._problems, *([] if work is None else (*work.problems, *work.disabled()))]
        return result(
            run_id=self.run_id,
            engine=_NO_ENGINE if work is None else work.engine,
            found=[] if work is None else work.matches(),
            verdicts=[] if work is None else work.verdicts(),
            ledgers=self._ledgers,
            problems=problems,
            inferred=[] if work is None else work.inferred,
            seconds=self._job.clock.monotonic() - self._started,
            bytes_scanned=0 if work is None else work.scanned,
            backfilled=0 if work is None else work.backfilled,
        )
