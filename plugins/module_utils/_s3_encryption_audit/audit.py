# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit from the options to the result: ask, judge, repair what is to be repaired, report."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Iterable, Iterator, List, Optional, Tuple

from .._aws.caller_identity import Identity
from .._aws.gateway.caller import Caller
from .._aws.gateway.client import Client
from .._aws.gateway.objects import Objects
from .._aws.gateway.session import Session
from .._aws.gateway.whoami import identify
from .._common.errors import Day2Error, GatewayError
from .._common.job import Job, Outcome
from .._common.values import filled
from .._common.verdict import Overall, Status
from .._progress.gateway import ProgressFile
from .._progress.model import Progress
from .._report.formats import FORMATS, Format, beginning, rendering
from .._report.gateway import Spool, Written, begin, prepare, write
from .._report.model import ReportInfo
from .._report.places import Place, parse_places
from .catalog import rules_for_report
from .exemptions import Exemptions
from .gateway.backup import probe, save
from .gateway.collect import Collected, account_facts, collect
from .judge import judge, judge_account, unlisted, unmatched
from .ledger import Ledger
from .model import AccountFacts, BucketFacts, Finding
from .options import Audit, parse_options
from .remediate.foreseen import Foreseen
from .remediate.plan import to_repair
from .remediate.risks import public_use
from .remediate.whole import ACCOUNT_CHECK, as_plan
from .repair import Held, Repairs, Waiting, carry_out, decided, propose
from .report import compared_with, failed, report_info, result
from .revert import Backup
from .selection import Selection


def audit(job: Job) -> Outcome:
    """The module ``s3_encryption_audit`` with ``state: audited``.

    :raises Day2Error: for options that make no sense, reports and backups that cannot be written, credentials that do
        not work, and an account whose buckets cannot be listed. Everything else is a finding.
    """
    started = job.clock.now()
    with ExitStack() as stack:
        progress = ProgressFile(job.options["progress_file"], job.clock.monotonic)
        stack.callback(progress.close)
        options = parse_options(job.options, started)
        caller = Caller(Session.open(options.access, job.clock), options.concurrency, job.rng, job.clock)
        store = Objects(caller)
        identity = caller.run(lambda client: identify(client, caller.session.region))
        reports = (
            {**report, "path": filled(report["path"], identity.account, options.run_id, started)}
            for report in options.reports
        )
        places = parse_places(reports, FORMATS)
        prepare(places, store)
        if options.wishes.checks:
            probe(options.backup_dir, options.run_id, identity.account, store)
        comparison = compared_with(options.compare_to, store)
        spool = stack.enter_context(Spool()) if places else None
        checks = [check.id for check in options.checks]
        ledger = Ledger(checks, options.max_returned, comparison, spool.append if spool is not None else None)
        run = _Run(job, options, caller, store, identity, started, ledger, progress)
        run.begin(places, store)
        run.survey()
        repairs = run.repair()
        written = run.write(places, spool, store) if spool is not None else ()
        return run.outcome(repairs, written)


class _Run:
    """One audit under way: what it knows of the account, and where its findings go."""

    def __init__(
        self,
        job: Job,
        options: Audit,
        caller: Caller,
        store: Objects,
        identity: Identity,
        started: datetime,
        ledger: Ledger,
        progress: ProgressFile,
    ) -> None:
        self._job = job
        self._options = options
        self._caller = caller
        self._store = store
        self._identity = identity
        self._started = started
        self._ledger = ledger
        self._progress = progress
        self._exemptions = Exemptions(options.exemptions, started)
        self._account = AccountFacts(identity.account, identity.partition)
        self._waiting = Waiting()
        self._buckets = 0
        self._problems: List[str] = []
        self._unwritable = ""  # why there can be no reports
        # The account's own block counts for every bucket: if it is to change, all of them are judged again.
        self._hold_all: Optional[bool] = None

    # --- ask and judge -----------------------------------------------------------------------------------------------

    def survey(self) -> None:
        """Ask about every selected bucket, and judge each as its answers come in."""
        selection = self._options.selection
        collected = self._caller.run(lambda client: self._collect(client, selection, "audit", self._first_look))
        self._buckets = collected.buckets
        if collected.incomplete is not None:
            self._enter_of_run(unlisted(self._account, collected.incomplete))
            self._waiting.unseen = collected.incomplete.reason
        elif not selection.whole:
            self._waiting.unseen = "only some of the account's buckets are audited"
            if selection.asks and not collected.buckets:
                self._enter_of_run(unmatched(self._account, selection))

    async def _collect(self, client: Client, selection: Selection, stage: str, on_bucket: Any) -> Collected:
        def on_account(account: AccountFacts) -> None:
            self._account = account
            if self._hold_all is None:  # decided once, by the account as it was found
                self._hold_all = self._repairs_account()

        def on_progress(done: int, known: int, final: bool) -> None:
            failing = self._ledger.tally.total(Status.FAIL)
            note = f"{failing:,} findings fail" if failing else ""
            self._progress.report(Progress(stage, done, known if final else None, "buckets", note))

        return await collect(
            client,
            self._caller.session.region,
            self._options.asked,
            selection,
            concurrency=self._options.concurrency,
            rng=self._job.rng,
            now=self._started,
            on_account=on_account,
            on_bucket=on_bucket,
            on_progress=on_progress,
            identity=self._identity,
        )

    def _judged(self, bucket: BucketFacts, account: Optional[AccountFacts] = None) -> Iterator[Finding]:
        options = self._options
        return judge(bucket, account or self._account, options.checks, options.requirements, self._exemptions)

    def _first_look(self, bucket: BucketFacts) -> None:
        wishes = self._options.wishes
        if not wishes.checks:
            self._enter(self._judged(bucket))
            return
        findings = list(self._judged(bucket))
        failing = to_repair(findings, bucket, wishes)
        if failing or self._hold_all:
            self._waiting.held[bucket.name] = Held(bucket, failing)
        else:
            self._enter(findings)
        if self._hold_all:
            concerns = public_use(bucket, self._account)
            if concerns:
                self._waiting.in_use[bucket.name] = concerns
        if fnmatchcase(bucket.name, wishes.requirements.log_bucket):
            self._waiting.log_buckets.setdefault(bucket.region, []).append(bucket.name)

    def _enter(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._ledger.add(finding)

    def _enter_of_run(self, finding: Finding) -> None:
        """A finding about the run itself is a problem too: nobody must have to look for it among the others."""
        self._ledger.add(finding)
        self._problems.append(finding.message)

    # --- repair ------------------------------------------------------------------------------------------------------

    def repair(self) -> Repairs:
        """Repair what is to be repaired, and enter the findings that were held back for it, as they are afterwards."""
        waiting = self._waiting
        waiting.repair_account = bool(self._hold_all)
        repairs = self._repaired() if waiting else Repairs()
        if repairs.made and self._job.check_mode:
            self._ledger.foresee(self._foreseen(repairs))
        elif repairs.made:
            self._look_again(repairs)
        try:
            for held in waiting.held.values():
                self._enter(self._judged(held.facts))
            self._enter(self._of_account())
        except GatewayError as error:
            if not repairs.applied:
                raise
            self._unwritable = str(error)  # what was changed must be told all the same
        return repairs

    def _repaired(self) -> Repairs:
        options, account, region = self._options, self._account, self._caller.session.region
        try:
            proposal = self._caller.run(lambda client: propose(client, region, account, options, self._waiting))
        except Day2Error as error:  # what was found must be told all the same
            return Repairs(problem=f"no repair could be planned: {error}")
        breach = options.limit.breach(proposal.remediations, self._buckets)
        if breach or self._job.check_mode or not proposal.remediations:
            return decided(proposal, breach, self._job.check_mode)
        backup = Backup(options.run_id, account.account, account.partition, proposal.remediations, self._buckets)
        try:
            place = save(backup, options.backup_dir, self._store)
            return self._caller.run(lambda client: carry_out(client, proposal, account.account, place))
        except Day2Error as error:  # before the first change: each of them has its own outcome
            return Repairs(proposal, problem=f"nothing was changed: {error}")

    def _foreseen(self, repairs: Repairs) -> Iterator[Finding]:
        """What the real run would find of the buckets that were held back, and of the account."""
        foreseen = Foreseen(repairs.made, self._waiting.keys)
        account = foreseen.account(self._account)
        for held in self._waiting.held.values():
            yield from self._judged(foreseen.bucket(held.facts), account)
        yield from self._of_account(account)

    def _repairs_account(self) -> bool:
        return ACCOUNT_CHECK in self._options.wishes.checks and any(
            finding.check == ACCOUNT_CHECK and finding.status is Status.FAIL for finding in self._of_account()
        )

    def _of_account(self, account: Optional[AccountFacts] = None) -> Iterator[Finding]:
        options = self._options
        return judge_account(account or self._account, options.checks, options.requirements, self._exemptions)

    def _look_again(self, repairs: Repairs) -> None:
        """Learn the facts that the changes may have changed."""
        held = self._waiting.held
        keys = {change.target.resource for change in repairs.made if change.target.resource not in held}
        changed = {change.bucket for change in repairs.made if change.bucket}
        changed |= {name for name, one in held.items() if getattr(one.facts.kms_key, "arn", "") in keys}

        def again(bucket: BucketFacts) -> None:
            held[bucket.name].facts = bucket

        names = Selection(include=tuple(sorted(changed)))
        try:
            if changed:
                self._caller.run(lambda client: self._collect(client, names, "look again", again))
            else:
                self._caller.run(self._look_at_account)
        except Day2Error as error:  # what was changed must be told all the same
            self._problems.append(f"what was changed could not be looked at again, its findings are older: {error}")

    async def _look_at_account(self, client: Client) -> None:
        self._account = await account_facts(
            client, self._caller.session.region, self._identity, self._options.asked.account_block
        )

    # --- report ------------------------------------------------------------------------------------------------------

    def begin(self, places: Tuple[Place[Format], ...], store: Objects) -> None:
        """Begin the reports, so that none of an earlier run can be taken for this one's.

        Only the one that this run is compared with stays until the new one is there: else the next run could not be.
        """
        new = [place for place in places if place.path != self._options.compare_to]
        begin(new, beginning(self._info()), store)

    def write(self, places: Tuple[Place[Format], ...], spool: Spool, store: Objects) -> Tuple[Written, ...]:
        """Write the reports."""
        if self._unwritable:
            return tuple(Written(place.path, place.format.name, error=self._unwritable) for place in places)
        for number, place in enumerate(places):
            self._progress.report(Progress("write", number, len(places), "reports", place.path))
        written = write(places, rendering(self._info(), spool, self._ledger.summary()), store)
        self._progress.report(Progress("write", len(places), len(places), "reports"))
        return written

    def _info(self) -> ReportInfo:
        return report_info(
            rules_for_report(self._options.checks),
            self._options.run_id,
            self._started,
            [self._identity.account],
            self._ledger.regions,
            self._job.check_mode,
            self._identity.partition,
        )

    def outcome(self, repairs: Repairs, written: Tuple[Written, ...]) -> Outcome:
        """The result of the task."""
        options = self._options
        problems = self._problems + [
            f"exemptions[{one.index}] ({one.bucket}, {', '.join(one.checks)}) matches nothing that fails"
            for one in self._exemptions.unused()
        ]
        found = result(self._ledger, options.run_id, written, problems, self._caller.calls)
        if repairs.breach:
            found["status"] = Overall.CRITICAL.value
        found["summary"]["changes"] = {**repairs.counts(), "audited": self._buckets}
        found["summary"]["sentence"] += repairs.sentence
        found.update(repairs.lists(options.max_returned))
        if repairs.backup:
            found["backup"] = repairs.backup
        why = failed(self._ledger, written, options.fail_on, options.max_unknown_percent, repairs.failure)
        return Outcome(found, as_plan(repairs.made), why)
