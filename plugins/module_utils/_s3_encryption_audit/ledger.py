# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the findings of a run go, one by one: into the count, the comparison, the reports, and the task's result."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Tuple

from .._common.verdict import Severity, Status
from .compare import Comparison
from .judge import as_dict
from .model import Finding
from .summary import Tally

Record = Dict[str, Any]

_ORDER = {Status.FAIL.value: 0, Status.UNKNOWN.value: 1, Status.EXEMPT.value: 2}
_RANK = {severity.value: -severity.rank for severity in Severity}


class Ledger:
    """Takes findings in any order and keeps only the worst of them, so that any number fits into memory."""

    def __init__(
        self,
        checks: Iterable[str],
        most: int,
        comparison: Optional[Comparison] = None,
        keep: Optional[Callable[[Record], None]] = None,
    ) -> None:
        """:param most: how many findings that do not pass are returned; :param keep: takes every finding for the reports."""
        self.tally = Tally(checks)
        self._foreseen: Optional[Tally] = None
        self.regions: Set[str] = set()
        self._comparison = comparison
        self._keep = keep
        self._most = most
        self._worst: List[Record] = []

    def add(self, finding: Finding) -> None:
        """Take in one finding."""
        self.tally.add(finding)
        if finding.region:
            self.regions.add(finding.region)
        mark = self._comparison.mark(finding.id, finding.status) if self._comparison else None
        returned = finding.status is not Status.PASS
        if self._keep is None and not returned:
            return
        record = as_dict(finding)
        if mark:
            record["comparison"] = mark
        if self._keep:
            self._keep(record)
        if returned:
            self._worst.append(record)
            if len(self._worst) > 2 * self._most + 1000:  # seldom enough that sorting costs nothing
                self._trim()

    def foresee(self, findings: Iterable[Finding]) -> None:
        """Judge the run by ``findings`` in place of those that are added from now on: in check mode, where repairs are
        only planned, they are what the real run would find."""
        self._foreseen = deepcopy(self.tally)
        for finding in findings:
            self._foreseen.add(finding)

    @property
    def verdict(self) -> Tally:
        """The count by which the run has its status, and fails or not."""
        return self.tally if self._foreseen is None else self._foreseen

    def returned(self) -> Tuple[List[Record], int]:
        """What does not pass, worst first, at most as many as are wanted; and how many were left out."""
        self._trim()
        failing = sum(self.tally.total(status) for status in Status if status is not Status.PASS)
        return list(self._worst), failing - len(self._worst)

    def summary(self) -> Dict[str, Any]:
        """Counts and one sentence."""
        return self.tally.as_dict(self._comparison.counts() if self._comparison else None)

    def _trim(self) -> None:
        self._worst.sort(key=_badness)
        del self._worst[self._most :]


def _badness(record: Record) -> Tuple[int, int, str, str, str]:
    return (
        _ORDER[record["status"]],
        _RANK[record["severity"]],
        record["account"],
        record["bucket"],
        record["check"],
    )
