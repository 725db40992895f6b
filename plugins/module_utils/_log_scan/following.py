# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scans one after the other, as events: for whoever follows logs, and says when events have arrived."""

from __future__ import annotations

from random import Random
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, Optional, Set

from .._common.errors import Day2Error
from .._common.job import Clock, Job
from .arguments import SPEC, completed
from .durations import seconds
from .events import Event, events_of, lasting, problem, warning
from .gateway.home import host_name
from .gateway.results import leave_receipt
from .options import MANUAL, parse_options
from .scanning import scan_logs

# What a follower decides itself, or has no use for: it has no reports, and never fails for what it finds.
_OWN: FrozenSet[str] = frozenset(
    ("ack", "fail_on", "lock_timeout", "max_returned", "progress_file", "receipt", "reports", "reset")
)
# Other defaults than a task's: a state of its own, more samples since few runs find many, and answers within seconds.
_DEFAULTS: Mapping[str, Any] = {"name": "log_follow", "max_samples": 100, "max_seconds": 10.0, "partial_after": "10s"}

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    **{
        name: {**rules, "default": _DEFAULTS[name]} if name in _DEFAULTS else rules
        for name, rules in SPEC.arguments.items()
        if name not in _OWN
    },
    "interval": {"type": "raw", "default": "5s"},
}
"""What is followed and how, as the module has it, and how long to wait between two looks."""

_NO_RUN: Mapping[str, Any] = {"id": None, "run_id": None, "redelivered": False}  # of an event about no run


class Follower:
    """Looks for what is new as often as it is asked to.

    :raises Day2Error: for arguments that make no sense.
    """

    def __init__(self, given: Mapping[str, Any], clock: Clock, rng: Random) -> None:
        options = completed(ARGUMENTS, given)
        self.interval = seconds("interval", options.pop("interval"))
        if self.interval <= 0:
            raise Day2Error("interval: it is not more than 0")
        self._options: Dict[str, Any] = {**SPEC.defaults(), **options, "receipt": True, "max_returned": 100_000}
        parse_options(self._options).patterns.all()
        self._clock = clock
        self._rng = rng
        self._host = host_name()
        self._known: Set[str] = set()  # conditions that last, and have been told
        self._left: List[Event] = []  # to be told by the next look
        self._receipt: Optional[str] = None
        self.run_id: Optional[str] = None  # of the last look; None: it failed
        self.backlog = 0  # bytes that it left for want of time

    def events(self, acknowledged: Optional[str] = None) -> Iterator[Event]:
        """What is new; what was not acknowledged comes again instead.

        A condition that lasts is told when it begins, not by every look.

        :param acknowledged: the id of the last run whose events have arrived.
        """
        seen: Set[str] = set()
        for event in self._scan(acknowledged):
            condition = lasting(event)
            if condition:
                is_told = condition in seen or condition in self._known
                seen.add(condition)
                if is_told:
                    continue
            yield {**_NO_RUN, **event, "host": self._host, "name": self._options["name"]}
        self._known = seen

    def arrived(self) -> None:
        """All events of the last look are where they stay, whatever becomes of this process."""
        receipt, self._receipt = self._receipt, None
        if receipt is not None:
            try:
                leave_receipt(receipt)
            except Day2Error as error:  # no harm while this process lives: the next look names the run
                self._left.append(problem(str(error)))

    def _scan(self, acknowledged: Optional[str]) -> Iterator[Event]:
        self.run_id, self.backlog, self._receipt = None, 0, None
        told, self._left = self._left, []
        warned: List[str] = []
        options = {**self._options, "ack": acknowledged or MANUAL}
        job = Job(options=options, check_mode=False, clock=self._clock, rng=self._rng, warn=warned.append)
        try:
            result = scan_logs(job).result
        except Day2Error as error:
            told.append(problem(str(error)))
        else:
            self.run_id, self.backlog = result["run_id"], result["backlog_bytes"]
            self._receipt = result.get("receipt_file")  # only with news
            yield from events_of(result)
        yield from told
        yield from map(warning, warned)
