# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts' audits as one: the findings of all slices, and an ``unknown`` for every account that is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Set, Tuple

from .._common.errors import Day2Error
from .._common.verdict import Severity, Status
from .._report.json_records import FINDING, RUN, read
from .._report.model import Rule
from .model import Finding
from .report import SCHEMA

ACCOUNT_AUDITED = Rule(
    id="account_audited",
    title="Every expected account was audited",
    severity=Severity.HIGH.value,
    rationale="An account that nobody looked at may hold anything; silence is not compliance.",
    remediation="Run the audit of the account again, and look at why its job did not finish.",
)


@dataclass
class Merge:
    """Merges slices as they are read; knows afterwards which accounts were seen and what was wrong."""

    expected: Mapping[str, str]  # account id → its name, for messages; may be empty
    accounts: List[str] = field(default_factory=list)
    regions: Set[str] = field(default_factory=set)
    check_mode: bool = False
    problems: List[str] = field(default_factory=list)

    def findings(self, slices: Iterable[Tuple[str, Iterable[str]]]) -> Iterator[Finding]:
        """The findings of all slices, slice by slice, then one for each account: ``unknown`` without a whole slice.

        :param slices: place (for messages) and lines of each JSON Lines report.
        """
        whole: Set[str] = set()
        broken: Dict[str, str] = {}
        for place, lines in slices:
            account = ""
            try:
                for kind, record in read(lines):
                    if kind == RUN:
                        account = self._begin(place, record)
                        if account in whole:
                            raise Day2Error(f"account {account} was already merged from another slice")
                    elif kind == FINDING:
                        yield from_dict(record)
                whole.add(account)
                self.accounts.append(account)
            except (Day2Error, KeyError, TypeError, ValueError) as error:
                reason = f"{place}: {_said(error)}"
                self.problems.append(reason)
                if account and account not in whole:
                    broken[account] = reason
        yield from self._audited(whole, broken)

    def _begin(self, place: str, record: Mapping[str, Any]) -> str:
        if record.get("schema") != SCHEMA:
            raise Day2Error(f"schema {record.get('schema')!r} is not {SCHEMA!r}")
        run = record["run"]
        self.regions.update(run.get("regions", ()))
        self.check_mode = self.check_mode or bool(run.get("check_mode"))
        account: str = run["accounts"][0]
        if self.expected and account not in self.expected:
            self.problems.append(f"{place}: account {account} was not expected")
        return account

    def _audited(self, whole: Set[str], broken: Mapping[str, str]) -> Iterator[Finding]:
        """One finding for each account that is expected or was begun: whether it was audited."""
        for account in sorted({*self.expected, *broken, *whole}):
            name = self.expected.get(account, "")
            called = f"{account} ({name})" if name else account
            reason = "" if account in whole else broken.get(account, "no slice of it was found")
            yield Finding(
                id=f"aws:{account}::{ACCOUNT_AUDITED.id}",
                check=ACCOUNT_AUDITED.id,
                bucket="",
                region="",
                account=account,
                status=Status.UNKNOWN if reason else Status.PASS,
                severity=Severity(ACCOUNT_AUDITED.severity),
                message=f"account {called} was not audited: {reason}" if reason else f"account {called} was audited",
                evidence={"reason": reason} if reason else {},
                remediation=ACCOUNT_AUDITED.remediation,
                frameworks={},
            )


def from_dict(record: Mapping[str, Any]) -> Finding:
    """A finding as reports have it, read back."""
    return Finding(
        id=record["id"],
        check=record["check"],
        bucket=record["bucket"],
        region=record["region"],
        account=record["account"],
        status=Status(record["status"]),
        severity=Severity(record["severity"]),
        message=record["message"],
        evidence=record["evidence"],
        remediation=record["remediation"],
        frameworks={name: tuple(ids) for name, ids in record["frameworks"].items()},
    )


def _said(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
