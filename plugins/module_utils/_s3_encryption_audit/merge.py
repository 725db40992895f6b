# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts' audits as one: the findings of all slices, and an ``unknown`` for every account that is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Set, Tuple

from .._common.errors import Day2Error
from .._common.values import instant
from .._common.verdict import Severity, Status
from .._report.json_records import FINDING, RUN, read, rules_of
from .._report.model import Rule
from .catalog import ACCOUNT_AUDITED, BUCKETS_SELECTED
from .model import SCHEMA, Finding

_PARTITION = re.compile(r"aws[a-z-]{0,30}")


@dataclass
class Merge:
    """Merges slices as they are read; knows afterwards which accounts were seen and what was wrong."""

    expected: Mapping[str, str]  # account id → its name, for messages; may be empty
    run_id: str  # of which all slices must be
    not_before: datetime  # when their audits may have begun at the earliest: one of yesterday says nothing of today
    accounts: List[str] = field(default_factory=list)
    regions: Set[str] = field(default_factory=set)
    check_mode: bool = False
    problems: List[str] = field(default_factory=list)
    rules: Dict[str, Rule] = field(default_factory=dict)  # by id, as the slices have them
    _partitions: Dict[str, str] = field(default_factory=dict)
    _refused: Dict[str, str] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        """Where accounts are of which nothing is known: where the others are."""
        return next(iter(self._partitions.values()), "aws")

    def findings(self, slices: Iterable[Tuple[str, Iterable[str]]]) -> Iterator[Finding]:
        """The findings of all slices, slice by slice, then one for each account: ``unknown`` without a whole slice.

        :param slices: place (for messages) and lines of each JSON Lines report.
        """
        whole: Set[str] = set()
        broken: Dict[str, str] = {}
        empty: List[Finding] = []  # accounts without a bucket of those asked for: that matters when all are
        buckets = False
        for place, lines in slices:
            account, ids = "", set()
            try:
                for kind, record in read(lines):
                    if kind == RUN:
                        account = self._begin(place, record, {*whole, *broken})
                    elif kind == FINDING:
                        finding = from_dict(record, self._partitions[account], account)
                        if finding.id in ids:
                            raise Day2Error(f"the finding {finding.id} is there twice")
                        ids.add(finding.id)
                        if finding.check == BUCKETS_SELECTED.id:
                            empty.append(finding)
                            continue
                        buckets = buckets or bool(finding.bucket)
                        yield finding
                whole.add(account)
                self.accounts.append(account)
            except (Day2Error, RecursionError) as error:
                reason = f"{place}: {error}"
                self.problems.append(reason)
                if account:
                    broken[account] = reason
        if not buckets:
            yield from empty
        yield from self._audited(whole, broken)

    def _begin(self, place: str, record: Mapping[str, Any], begun: Set[str]) -> str:
        """The account of a slice.

        :raises Day2Error: for what is no slice of ours, and for an account of which findings were already taken from
            another one: the same finding must not be there twice.
        """
        if record.get("schema") != SCHEMA:
            raise Day2Error(f"schema {record.get('schema')!r} is not {SCHEMA!r}")
        run = _object(record, "run")
        accounts = _texts(run.get("accounts"), "run.accounts")
        if len(accounts) != 1 or not accounts[0]:
            raise Day2Error("its run is not that of one account")
        account = accounts[0]
        if account in begun:
            raise Day2Error(f"account {account} was already merged from another slice")
        partition = run.get("partition", "aws")
        if not isinstance(partition, str) or not _PARTITION.fullmatch(partition):
            raise Day2Error(f"run.partition is {str(partition)[:40]!r}")
        rules = rules_of(record)
        try:
            self._check_run(run)
        except Day2Error as error:
            self._refused[account] = f"{place}: {error}"
            raise
        self._partitions[account] = partition
        for rule in rules:
            known = self.rules.get(rule.id)
            if known is None or Severity(rule.severity).rank > Severity(known.severity).rank:
                self.rules[rule.id] = rule
        self.regions.update(_texts(run.get("regions", []), "run.regions"))
        self.check_mode = self.check_mode or run.get("check_mode") is True
        if self.expected and account not in self.expected:
            self.problems.append(f"{place}: account {account} was not expected")
        return account

    def _check_run(self, run: Mapping[str, Any]) -> None:
        """
        :raises Day2Error: for a slice of another run, or of an earlier one that had the same name.
        """
        if run.get("run_id") != self.run_id:
            raise Day2Error(f"it is of the run {str(run.get('run_id'))[:100]!r}, not {self.run_id!r}")
        started = instant("run.started_at", _text(run, "started_at"))
        if started < self.not_before:
            raise Day2Error(
                f"it is of an earlier run, which began at {started.isoformat()}, before {self.not_before.isoformat()}"
            )

    def _audited(self, whole: Set[str], broken: Mapping[str, str]) -> Iterator[Finding]:
        """One finding for each account that is expected or was begun: whether it was audited."""
        why = {**self._refused, **broken}
        for account in sorted({*self.expected, *broken, *whole}):
            name = self.expected.get(account, "")
            called = f"{account} ({name})" if name else account
            reason = "" if account in whole else why.get(account, "no slice of it was found")
            if reason and account not in why:
                self.problems.append(f"account {called} was not audited: {reason}")
            yield Finding(
                id=f"{self._partitions.get(account, self.partition)}:{account}::{ACCOUNT_AUDITED.id}",
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


def from_dict(record: Mapping[str, Any], partition: str, account: str) -> Finding:
    """A finding of an account as its report has it, read back.

    :raises Day2Error: when it is none, or one that an audit of this account cannot have made.
    """
    if _text(record, "account") != account:
        raise Day2Error(f"a finding of account {record['account']} in the slice of {account}")
    name, check, bucket = _text(record, "id"), _text(record, "check"), _text(record, "bucket")
    ours = f"{partition}:{account}:{bucket}:{check}"
    if check == ACCOUNT_AUDITED.id or not check or not (name == ours or name.startswith(f"{ours}:")):
        raise Day2Error(f"the finding {name[:200]!r} is none of the account {account}")
    try:
        status, severity = Status(_text(record, "status")), Severity(_text(record, "severity"))
    except ValueError as error:
        raise Day2Error(f"a finding with an unknown word: {error}") from error
    return Finding(
        id=name,
        check=check,
        bucket=bucket,
        region=_text(record, "region"),
        account=account,
        status=status,
        severity=severity,
        message=_text(record, "message"),
        evidence=_object(record, "evidence"),
        remediation=_text(record, "remediation"),
        frameworks={name: _texts(ids, name) for name, ids in _object(record, "frameworks").items()},
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise Day2Error(f"{name} is missing or not a text")
    return value


def _object(record: Mapping[str, Any], name: str) -> Dict[str, Any]:
    value = record.get(name)
    if not isinstance(value, dict):
        raise Day2Error(f"{name} is missing or not an object")
    return value


def _texts(value: Any, name: str) -> List[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Day2Error(f"{name} is not a list of texts")
    return value
