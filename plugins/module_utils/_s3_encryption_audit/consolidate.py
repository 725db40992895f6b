# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The merge of many accounts' audits, from the options to the result."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Dict, List

from .._aws.gateway.caller import Caller
from .._aws.gateway.objects import Objects
from .._aws.gateway.session import Session
from .._common.errors import Day2Error
from .._common.job import Job, Outcome
from .._common.values import filled, instant
from .._report.formats import FORMATS, rendering
from .._report.gateway import Spool, prepare, write
from .._report.model import Rule
from .._report.places import parse_places
from .catalog import ACCOUNT_AUDITED, CHECKS, rules_for_report
from .gateway.organizations import list_accounts
from .gateway.slices import find_slices, open_slices
from .ledger import Ledger
from .merge import Merge
from .options import parse_shared
from .report import compared_with, failed, report_info, result

_LATEST = timedelta(hours=12)  # from the beginning of an audit to that of the merge, unless the user says otherwise


def consolidate(job: Job) -> Outcome:
    """The module ``s3_encryption_audit_merge``.

    :raises Day2Error: for options that make no sense, places that cannot be read or written, and an organisation that cannot be listed.
    """
    started = job.clock.now()
    options = parse_shared(job.options, started)
    name = options.run_id
    given = job.options["not_before"]
    not_before = instant("not_before", given) if given else started - _LATEST
    caller = Caller(Session.open(options.access, job.clock), options.concurrency, job.rng, job.clock)
    store = Objects(caller)
    expected = {str(account): "" for account in job.options["expected_accounts"]}
    if job.options["organization"]:
        expected.update(_organization(caller))
    if not expected:
        raise Day2Error("expected_accounts or organization is needed: without it no account can be missed")
    reports = ({**report, "path": filled(report["path"], "all", name, started)} for report in options.reports)
    places = parse_places(reports, FORMATS)
    prepare(places, store)
    merge = Merge(expected, name, not_before)
    slices = find_slices(f"{job.options['slices'].rstrip('/')}/{name}", store)
    with ExitStack() as stack:
        spool = stack.enter_context(Spool()) if places else None
        ledger = Ledger(
            [ACCOUNT_AUDITED.id],
            options.max_returned,
            compared_with(options.compare_to, store),
            spool.append if spool is not None else None,
        )
        for finding in merge.findings(open_slices(slices, store)):
            ledger.add(finding)
        info = report_info(
            _rules(merge),
            name,
            started,
            merge.accounts,
            merge.regions,
            merge.check_mode,
            merge.partition,
        )
        written = write(places, rendering(info, spool, ledger.summary()), store) if spool is not None else ()
        found = result(ledger, name, written, merge.problems, caller.calls)
        found["accounts"] = sorted(merge.accounts)
        return Outcome(found, failure=failed(ledger, written, options.fail_on, options.max_unknown_percent))


def _rules(merge: Merge) -> List[Rule]:
    """Our own rules, and those of the slices that are not ours: of custom checks."""
    rules = {rule.id: rule for rule in rules_for_report(CHECKS)}
    return [*rules.values(), *(rule for rule in merge.rules.values() if rule.id not in rules)]


def _organization(caller: Caller) -> Dict[str, str]:
    """The accounts that can be audited: those that are neither suspended nor on their way out."""
    accounts = caller.run(lambda client: list_accounts(client, caller.session.region))
    return {account.id: account.name for account in accounts if account.status == "ACTIVE"}
