# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run comes to: counts, a score, one sentence, and whether the task is to fail."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Set, Tuple

from .._common.verdict import Overall, Severity, Status, overall
from .model import Finding

# What a finding weighs in the score: each severity twice the one below it.
WEIGHTS = {Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 4, Severity.CRITICAL: 8}

FAIL_ON = ("never", *(severity.value for severity in Severity), Status.UNKNOWN.value)
"""When a task fails: never; on failures of at least that severity; or, strictest, on any failure or unknown."""


class Tally:
    """Counts findings as they pass by; keeps none."""

    def __init__(self, checks: Iterable[str] = ()) -> None:
        """:param checks: ids that are counted from the beginning, so that they show even without a bucket."""
        self._by_check: Dict[str, Dict[Status, int]] = {check: dict.fromkeys(Status, 0) for check in checks}
        self._failing = dict.fromkeys(Severity, 0)
        self._verdicts: Set[Tuple[Status, Severity]] = set()
        self._buckets: Set[str] = set()
        self._weight = self._passed = 0

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        self.count(finding.check, finding.bucket, finding.status, finding.severity)

    def count(self, check: str, bucket: str, status: Status, severity: Severity) -> None:
        """Count one finding by what matters of it."""
        counts = self._by_check.get(check)
        if counts is None:
            counts = self._by_check[check] = dict.fromkeys(Status, 0)
        counts[status] += 1
        if bucket:
            self._buckets.add(bucket)
        if status is Status.EXEMPT:
            return
        self._verdicts.add((status, severity))
        weight = WEIGHTS[severity]
        self._weight += weight
        if status is Status.PASS:
            self._passed += weight
        elif status is Status.FAIL:
            self._failing[severity] += 1

    def total(self, status: Status) -> int:
        """How many findings have a status."""
        return sum(counts[status] for counts in self._by_check.values())

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return sum(sum(counts.values()) for counts in self._by_check.values())

    @property
    def score(self) -> Optional[float]:
        """0 to 100: the weight of what passes in the weight of all that passes, fails or is unknown.

        Exempt findings are left out. Rounded down to a tenth: 100 means that nothing failed and nothing was unknown.
        ``None`` when there is nothing to score.
        """
        return 1000 * self._passed // self._weight / 10 if self._weight else None

    @property
    def unknown_percent(self) -> float:
        """How many of a hundred findings are unknown."""
        findings = self.findings
        return 100 * self.total(Status.UNKNOWN) / findings if findings else 0.0

    def failing(self, least: Severity) -> int:
        """How many findings of at least a severity fail."""
        return sum(count for severity, count in self._failing.items() if severity.rank >= least.rank)

    def overall(self) -> Overall:
        """The ``status`` of the run."""
        return overall(self._verdicts)

    def as_dict(self, comparison: Optional[Dict[str, int]] = None) -> Dict[str, Any]:
        """The ``summary`` of results and reports."""
        summary: Dict[str, Any] = {
            "resources": len(self._buckets),
            "findings": self.findings,
            **{status.value: self.total(status) for status in Status},
            "by_check": {
                check: {status.value: count for status, count in counts.items()}
                for check, counts in self._by_check.items()
            },
            "by_severity": {severity.value: count for severity, count in self._failing.items()},
            "score": self.score,
            "unknown_percent": round(self.unknown_percent, 1),
            "sentence": self.sentence(comparison),
        }
        if comparison is not None:
            summary["comparison"] = dict(comparison)
        return summary

    def sentence(self, comparison: Optional[Dict[str, int]] = None) -> str:
        """The run in one sentence."""
        fails = self.total(Status.FAIL)
        gravest = ", ".join(
            f"{self._failing[severity]:,} {severity.value}"
            for severity in reversed(Severity)
            if self._failing[severity]
        )
        parts = [
            f"{self.total(Status.PASS):,} pass",
            f"{fails:,} fail ({gravest})" if fails else "0 fail",
            f"{self.total(Status.UNKNOWN):,} unknown",
            f"{self.total(Status.EXEMPT):,} exempt",
        ]
        buckets = len(self._buckets)
        text = f"{buckets:,} {'bucket' if buckets == 1 else 'buckets'}, {self.findings:,} findings: {', '.join(parts)}"
        if self.score is not None:
            text += f"; score {self.score:g}"
        if comparison is not None:
            text += "; since the earlier run " + ", ".join(
                f"{count:,} {name.replace('_', ' ')}" for name, count in comparison.items()
            )
        return text + "."


def failure(tally: Tally, fail_on: str, max_unknown_percent: Optional[float] = None) -> Optional[str]:
    """Why the task is to fail, or ``None``.

    :param fail_on: one of ``FAIL_ON``.
    :param max_unknown_percent: fail too when more of the findings than this are unknown, whatever ``fail_on`` says.
    """
    unknown = tally.total(Status.UNKNOWN)
    if fail_on == "unknown":
        failing = tally.failing(Severity.LOW)
        if failing or unknown:
            return f"fail_on is unknown: {failing:,} findings fail and {unknown:,} are unknown"
    elif fail_on != "never":
        failing = tally.failing(Severity(fail_on))
        if failing:
            return f"fail_on is {fail_on}: {failing:,} findings of that severity or above fail"
    if max_unknown_percent is not None and tally.unknown_percent > max_unknown_percent:
        return (
            f"max_unknown_percent is {max_unknown_percent:g}: {tally.unknown_percent:.1f} % of the findings are unknown"
            f" ({unknown:,} of {tally.findings:,})"
        )
    return None
