# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back: what an earlier run replaced is put back, unless somebody has changed it since."""

from __future__ import annotations

from .._aws.access import Access
from .._aws.gateway.caller import Caller
from .._aws.gateway.objects import Objects
from .._aws.gateway.session import Session
from .._common.job import Job, Outcome
from .._common.verdict import Overall
from .._progress.gateway import ProgressFile
from .._progress.model import Progress
from .gateway.backup import load, save
from .gateway.collect import identify
from .gateway.live import read_all
from .model import SCHEMA
from .options import run_id
from .remediate.whole import as_plan
from .repair import carry_out, decided
from .revert import Backup, parse_backup, reversal


def restore(job: Job) -> Outcome:
    """The module ``s3_encryption_audit`` with ``state: reverted``.

    :raises Day2Error: for a backup that cannot be read or is of another account, and credentials that do not work.
    """
    progress = ProgressFile(job.options["progress_file"], job.clock.monotonic)
    place = job.options["revert_from"]
    name = run_id(job.options["run_id"], job.clock.now())
    concurrency = job.options["concurrency"]
    caller = Caller(Session.open(Access.from_options(job.options), job.clock), concurrency, job.rng, job.clock)
    store = Objects(caller)
    identity = caller.run(lambda client: identify(client, caller.session.region))
    backup = parse_backup(load(place, store), place, identity.account)
    wanted = [change.target for change in backup.changes]
    live = caller.run(lambda client: read_all(client, wanted, identity.account))
    proposal = reversal(backup, live)
    progress.report(Progress("put back", 0, len(proposal.remediations), "changes"))
    repairs = decided(proposal, "", job.check_mode)
    if proposal.remediations and not job.check_mode:
        saved = ""
        if job.options["backup_dir"]:
            undo = Backup(name, identity.account, identity.partition, proposal.remediations)
            saved = save(undo, job.options["backup_dir"], store)
        repairs = caller.run(lambda client: carry_out(client, proposal, identity.account, saved))
    counts = repairs.counts()
    result = {
        "schema": SCHEMA,
        "status": (Overall.WARNING if proposal.refusals or repairs.failure else Overall.OK).value,
        "summary": {
            "changes": counts,
            "sentence": f"{counts['planned']} of {len(backup.changes)} changes of the run {backup.run_id} are put back,"
            f" {counts['refused']} are refused, the others are as they were before it.",
        },
        "findings": [],
        "truncated": 0,
        "changes": repairs.as_dicts(),
        "refusals": [one.as_dict() for one in proposal.refusals],
        "problems": [],
        "reports": [],
        "api_calls": dict(sorted(caller.calls.items())),
        "run_id": name,
    }
    if repairs.backup:
        result["backup"] = repairs.backup
    return Outcome(result, as_plan(repairs.made), repairs.failure or None)
