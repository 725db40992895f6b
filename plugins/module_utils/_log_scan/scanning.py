# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scan from the options to the result: what is new in the logs is read once, and the result kept until it arrived."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Dict, List, Mapping, Optional

from .._common.job import Job, Outcome
from .._common.version import VERSION
from .._progress.gateway import ProgressFile
from .document import Document, Pending
from .gateway.home import state_dir, time_zone
from .gateway.store import Store
from .options import AUTO, Options, parse_options
from .result import again, failure, noteworthy, returned
from .run import Run


def scan_logs(job: Job) -> Outcome:
    """The module ``log_scan``, and the timer that scans without a controller.

    :raises Day2Error: for options that make no sense, a state that cannot be read, written or had, and report places
        that cannot be written. Whatever is wrong with a log is told in the result.
    """
    with ExitStack() as stack:
        progress = ProgressFile(job.options["progress_file"], job.clock.monotonic)
        stack.callback(progress.close)
        options = parse_options(job.options)
        if options.timezone:
            time_zone(options.timezone)
        reports = _Reports(job, options)
        store = Store(options.state_dir or state_dir(), options.name)
        known = store.load()
        if known is None or known.checked != options.patterns.digest():
            options.patterns.all()
        if not job.check_mode:
            stack.enter_context(store.lock(options.lock_timeout))
        if options.reset and not job.check_mode:
            store.reset()
        before = Document() if options.reset else store.load() or Document()
        pending = undelivered(before, options, store)
        if pending is not None:
            whole = again(pending.result)
        else:
            run = Run(job, options, before, progress)
            whole = run.scan()
            # A receipt is a command on the target: for news only. Whoever acknowledges by name sees every run.
            wants_receipt = options.ack != AUTO or (options.receipt and noteworthy(whole))
            if not job.check_mode:
                store.commit(run.document(Pending(whole["run_id"], whole, wants_receipt)))
        found = returned(whole, options.max_returned, *reports.write(whole))
        if options.receipt and not job.check_mode and noteworthy(whole):
            found["receipt_file"] = store.receipt(whole["run_id"])
        return Outcome(found, failure=failure(options.fail_on, job.options["fail_on"], whole))


def undelivered(document: Document, options: Options, store: Store) -> Optional[Pending]:
    """The result of the last run, if it is not certain that it has arrived."""
    pending = document.pending
    if pending is None or pending.run_id == options.ack or store.acknowledged(pending.run_id):
        return None
    if options.ack == AUTO and not pending.wants_receipt:
        return None
    return pending


class _Reports:
    """The reports of a run. What renders them is loaded only when there are any."""

    def __init__(self, job: Job, options: Options) -> None:
        self._job = job
        self._options = options
        self._places: Any = ()
        if options.reports:
            from .._report.gateway import prepare
            from .._report.places import parse_places
            from .report import LOG_FORMATS

            self._places = parse_places(options.reports, LOG_FORMATS)
            prepare(self._places)

    def write(self, whole: Mapping[str, Any]) -> "tuple[List[Dict[str, Any]], List[str]]":
        """Where they are, and sentences about those that could not be written."""
        if not self._places:
            return [], []
        from .._report.gateway import write
        from .gateway.home import host_name
        from .report import rendering
        from .report_model import LogReport

        now = self._job.clock.now()
        report = LogReport(
            whole,
            host=host_name(),
            name=self._options.name,
            started_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            finished=int(now.timestamp()),
            check_mode=self._job.check_mode,
            version=VERSION,
            patterns=[(each.name, each.severity.value) for each in self._options.patterns.all()],
        )
        written = write(self._places, rendering(report))
        return [one.as_dict() for one in written], [f"report {one.path}: {one.error}" for one in written if one.error]
