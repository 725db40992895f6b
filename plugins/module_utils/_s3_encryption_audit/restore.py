# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back: what an earlier run replaced is put back, unless somebody has changed it since."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Dict, List, Mapping, Sequence

from .._aws.gateway.caller import Caller
from .._aws.gateway.objects import Objects
from .._aws.gateway.session import Session
from .._aws.gateway.whoami import identify
from .._common.job import Job, Outcome
from .._common.verdict import Overall
from .._progress.gateway import ProgressFile
from .._progress.model import Progress
from .gateway.apply import Applied
from .gateway.apply import Outcome as Became
from .gateway.backup import load, probe, save
from .gateway.live import read_all
from .model import NOT_ASKED, SCHEMA, Fact
from .options import parse_shared
from .remediate.model import Document, Target
from .remediate.whole import as_plan, parse_limit
from .repair import Repairs, carry_out, decided
from .revert import Backup, is_back, parse_backup, reversal

# What a user would miss here; the other options of audits are plainly about judging.
_OF_AUDITS = {"reports": (), "compare_to": "", "fail_on": "never"}


def restore(job: Job) -> Outcome:
    """The module ``s3_encryption_audit`` with ``state: reverted``.

    :raises Day2Error: for a backup that cannot be read or is of another account, and credentials that do not work.
    """
    with ExitStack() as stack:
        progress = ProgressFile(job.options["progress_file"], job.clock.monotonic)
        stack.callback(progress.close)
        return _restored(job, progress)


def _restored(job: Job, progress: ProgressFile) -> Outcome:
    place, undo_place = job.options["revert_from"], job.options["backup_dir"]
    shared = parse_shared(job.options, job.clock.now())
    limit = parse_limit(job.options["max_remediations"])
    ignored = [option for option, usual in _OF_AUDITS.items() if getattr(shared, option) != usual]
    if ignored:
        job.warn(f"{', '.join(ignored)}: without effect when the state is reverted")
    caller = Caller(Session.open(shared.access, job.clock), shared.concurrency, job.rng, job.clock)
    store = Objects(caller)
    identity = caller.run(lambda client: identify(client, caller.session.region))
    backup = parse_backup(load(place, store), place, identity.account)
    if undo_place:
        probe(undo_place, shared.run_id, identity.account, store)
    wanted = [change.target for change in backup.changes]
    live = caller.run(lambda client: read_all(client, wanted, identity.account))
    proposal = reversal(backup, live)
    progress.report(Progress("put back", 0, len(proposal.remediations), "changes"))
    breach = limit.breach(proposal.remediations, backup.audited)
    repairs = decided(proposal, breach, job.check_mode)
    if proposal.remediations and not breach and not job.check_mode:
        saved = ""
        if undo_place:
            undo = Backup(shared.run_id, identity.account, identity.partition, proposal.remediations, backup.audited)
            saved = save(undo, undo_place, store)
        repairs = caller.run(lambda client: carry_out(client, proposal, identity.account, saved))
    progress.report(Progress("put back", len(proposal.remediations), len(proposal.remediations), "changes"))
    missed = [one for one in repairs.applied if one.outcome is not Became.APPLIED]
    result: Dict[str, Any] = {
        "schema": SCHEMA,
        "status": _status(repairs, missed).value,
        "summary": {"changes": repairs.counts(), "sentence": _sentence(backup, repairs, live, job.check_mode)},
        "findings": [],
        "truncated": 0,
        **repairs.lists(shared.max_returned),
        "problems": [_told(one) for one in missed[: shared.max_returned]],
        "reports": [],
        "api_calls": dict(sorted(caller.calls.items())),
        "run_id": shared.run_id,
    }
    if repairs.backup:
        result["backup"] = repairs.backup
    return Outcome(result, as_plan(repairs.made), repairs.failure or None)


def _status(repairs: Repairs, missed: Sequence[Applied]) -> Overall:
    if repairs.breach:
        return Overall.CRITICAL
    return Overall.WARNING if missed or repairs.proposal.refusals else Overall.OK


def _sentence(backup: Backup, repairs: Repairs, live: Mapping[Target, Fact[Document]], check_mode: bool) -> str:
    """What became of the changes of a run, each counted once."""
    counts, whole = repairs.counts(), len(backup.changes)
    done = counts["applied"]
    if check_mode and not repairs.breach:
        done = counts["planned"]
    back = sum(is_back(change, live.get(change.target, NOT_ASKED)) for change in backup.changes)
    parts: List[str] = [
        f"{done} of {whole} changes of the run {backup.run_id} {'would be' if check_mode else 'are'} put back"
    ]
    parts += [f"{counts[one.value]} {one.value}" for one in Became if one is not Became.APPLIED and counts[one.value]]
    if repairs.breach:
        parts.append(f"{counts['planned']} withheld")
    if repairs.proposal.refusals:
        parts.append(f"{whole - counts['planned'] - back} refused")
    if back:
        parts.append(f"{back} as they were before it")
    return ", ".join(parts) + "."


def _told(one: Applied) -> str:
    target = one.remediation.target
    return f"{target.resource} ({target.aspect.value}), {one.outcome.value}: {one.problem}"
