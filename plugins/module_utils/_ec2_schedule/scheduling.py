# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run from the options to the result: read the fleet, decide, act, look, report."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Callable, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from .._aws.gateway.caller import Caller
from .._aws.gateway.objects import Objects
from .._aws.gateway.session import Session
from .._common.job import Job, Outcome
from .._common.plan import Plan
from .._common.values import filled
from .._common.version import VERSION
from .._progress.gateway import ProgressFile
from .._progress.model import Progress
from .._report.gateway import Written, prepare, write
from .._report.places import Place, parse_places
from .catalog import Catalog
from .decide import decide
from .gateway.accounts import Accounts, Refused, converse
from .gateway.act import carry_out
from .gateway.fleet import Fleet, read_fleet, restarted_by_aws
from .gateway.prices import asks_aws, load_prices
from .gateway.sources import load_catalog
from .model import Decision
from .options import Options, parse_options
from .outcome import Outcome as Became
from .outlook import Outlook, outlook
from .plan import as_plan, breach
from .prices import Prices
from .report import SCHEDULE_FORMATS, ScheduleForm, rendering
from .report_json import preview_entry, savings_entry
from .report_model import RunHeader, ScheduleReport
from .result import (
    Found,
    action_entries,
    failure,
    next_edge_entries,
    not_touched_entries,
    plan_entries,
    result,
    summary,
)
from .savings import Savings, hourly, savings, types_of
from .state import perhaps_restarted

Key = Tuple[str, str, str, str]

DRAWN = 7
"""Days that a report looks ahead when ``preview`` does not say more."""


def schedule_fleet(job: Job) -> Outcome:
    """The module ``ec2_schedule``, and the function that runs by itself.

    :raises Day2Error: for options, schedules, calendars and prices that make no sense or cannot be read, reports that cannot
        be written, credentials that do not work. Everything else is a problem of the result.
    """
    started = job.clock.now()
    with ExitStack() as stack:
        progress = ProgressFile(job.options["progress_file"], job.clock.monotonic)
        stack.callback(progress.close)
        options = parse_options(job.options, started)
        caller = Caller(Session.open(options.own, job.clock), options.concurrency, job.rng, job.clock)
        store = Objects(caller)
        places = parse_places(
            ({**report, "path": filled(report["path"], "all", options.run_id, started)} for report in options.reports),
            SCHEDULE_FORMATS,
        )
        prepare(places, store)
        catalog = load_catalog(
            options.schedules,
            options.schedules_from,
            options.calendars,
            options.timezone,
            options.now or started,
            caller,
            caller.session.region,
        )
        # Prices that make no sense are refused before anything is touched; AWS is asked when it is known for what.
        prices = load_prices(options.hourly_prices, caller, ())
        run = _Run(job, options, catalog, prices, started, progress)
        run.talk()
        return run.outcome(caller, places, store)


class _Run:
    """One run under way: what it knows of the fleet, and what it did."""

    def __init__(
        self,
        job: Job,
        options: Options,
        catalog: Catalog,
        prices: Prices,
        started: datetime,
        progress: ProgressFile,
    ) -> None:
        self._job = job
        self._options = options
        self._catalog = catalog
        self._prices = prices
        self._started = started
        self._now = options.now or started
        self._progress = progress
        self._fleet = Fleet([], [])
        self._refused: List[Refused] = []
        self._decisions: List[Decision] = []
        self._outcomes: List[Became] = []
        self._breach = ""
        self._accounts: Tuple[str, ...] = ()
        self._calls: Mapping[str, int] = {}

    # --- read, decide, act -------------------------------------------------------------------------------------------

    def talk(self) -> None:
        """Everything that is said to the accounts of the fleet."""
        options, job = self._options, self._job
        accounts = Accounts(options.fleet, concurrency=options.concurrency, rng=job.rng, clock=job.clock)
        converse(accounts, self._talk)
        self._calls = accounts.calls
        self._refused = [*accounts.refused, *self._fleet.refused]

    async def _talk(self, accounts: Accounts) -> None:
        options = self._options
        self._accounts = tuple(sorted(accounts.clients))
        self._fleet = await read_fleet(
            accounts, options.kinds, options.regions, options.rules.tag, self._told("read", "lists of resources")
        )
        restarted = await restarted_by_aws(accounts, perhaps_restarted(self._fleet.resources, options.rules.tag))
        self._decisions = self._decided(restarted)
        self._breach = breach(options.limit, self._decisions)
        if self._breach and (accounts.refused or self._fleet.refused):
            self._breach += "; what could not be read, of which the problems tell, does not count among them"
        self._progress.report(Progress("decide", len(self._decisions), len(self._decisions), "resources"))
        due = [each for each in self._decisions if each.action is not None or each.mark]
        if not due or not self._acts:
            return
        told, done = self._told("act", "resources"), 0

        def on_outcome(_outcome: Became) -> None:
            nonlocal done
            done += 1
            told(done, len(due))

        self._outcomes = await carry_out(
            accounts,
            due,
            options.rules.tag,
            options.rules.asg_method.value,
            options.wait_seconds,
            self._job.clock.monotonic,
            on_outcome=on_outcome,
        )

    def _decided(self, restarted: FrozenSet[Key]) -> List[Decision]:
        catalog = self._catalog
        return decide(
            self._fleet.resources, catalog.look_up, catalog.calendars, self._options.rules, self._now, restarted
        )

    def _told(self, stage: str, unit: str) -> Callable[[int, int], None]:
        return lambda done, known: self._progress.report(Progress(stage, done, known, unit))

    @property
    def _acts(self) -> bool:
        """Whether this run does what is due: not in check mode, for a what-if, or over its limit."""
        return not (self._job.check_mode or self._options.now is not None or self._breach)

    # --- report ------------------------------------------------------------------------------------------------------

    def outcome(self, caller: Caller, places: Sequence[Place[ScheduleForm]], store: Objects) -> Outcome:
        """The result of the task, after its reports are written."""
        options, problems = self._options, list(self._catalog.problems)
        days = options.preview or (DRAWN if places else 0)
        ahead = self._outlook(days) if days else None
        saved = self._savings(caller, days, problems) if days else None
        found = Found(
            self._decisions,
            self._outcomes,
            self._acts,
            self._breach,
            [str(refused) for refused in self._refused],
            problems,
        )
        written: Tuple[Written, ...] = ()
        if places:
            written = write(places, rendering(self._report(found, ahead, saved)), store)
        told = result(found, options.max_returned)
        told["problems"] += [f"report {one.path}: {one.error}" for one in written if one.error]
        if options.preview and ahead is not None:
            told["preview"] = preview_entry(ahead, options.max_returned)
        if options.preview and saved is not None:
            told["savings"] = savings_entry(saved, options.currency)
        told["reports"] = [one.as_dict() for one in written]
        told["run_id"] = options.run_id
        told["api_calls"] = dict(sorted((Counter(self._calls) + Counter(caller.calls)).items()))
        lost = next((f"report {one.path}: {one.error}" for one in written if one.error), None)
        return Outcome(told, self._plan(), failure(found, options.fail_on) or lost)

    def _plan(self) -> Plan:
        """What was changed, or would be: nothing of a plan that is over its limit, of a what-if, or of what failed."""
        if self._breach or self._options.now is not None:
            return Plan()
        if not self._acts:
            return as_plan(self._decisions, self._options.rules.tag)
        return as_plan((one.decision for one in self._outcomes if one.changed), self._options.rules.tag)

    def _outlook(self, days: int) -> Outlook:
        catalog, options = self._catalog, self._options
        return outlook(
            self._decisions,
            catalog.look_up,
            catalog.calendars,
            options.rules.tag,
            self._now,
            days,
            options.timezone,
        )

    def _savings(self, caller: Caller, days: int, problems: List[str]) -> Savings:
        options, resources = self._options, self._fleet.resources
        prices = self._prices
        if asks_aws(options.hourly_prices):
            wanted = {(each.kind, name, each.region) for each in resources for name in types_of(each)}
            prices = load_prices(options.hourly_prices, caller, wanted)
            problems += prices.problems
        per_hour = hourly(prices.per_hour, options.rules.tag) if options.hourly_prices else None
        return savings(
            resources,
            self._catalog.look_up,
            self._catalog.calendars,
            options.rules,
            self._now,
            self._now + timedelta(days=days),
            per_hour,
        )

    def _report(self, found: Found, ahead: Optional[Outlook], saved: Optional[Savings]) -> ScheduleReport:
        options = self._options
        run = RunHeader(
            options.run_id,
            self._started,
            self._accounts,
            tuple(sorted({each.region for each in self._fleet.resources})),
            self._job.check_mode,
            self._now,
            options.now is not None,
            VERSION,
        )
        return ScheduleReport(
            run,
            found.status.value,
            summary(found),
            self._decisions,
            action_entries(found) if self._acts else plan_entries(found),
            not_touched_entries(found),
            [*found.all_problems, *found.unseen],
            next_edge_entries(found),
            ahead,
            saved,
            options.currency,
        )
