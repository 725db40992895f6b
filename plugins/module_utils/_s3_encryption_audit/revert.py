# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back: what an earlier run replaced, and which of it can be put back without undoing somebody else's work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Tuple

from .._common.errors import Day2Error
from .model import NOT_ASKED, Fact, Unknown
from .remediate.documents import check, fulfils, identical, rule_of
from .remediate.model import Aspect, Concern, Document, Proposal, Refusal, Remediation, Risk, Target
from .remediate.plan import refusal, unread
from .remediate.whole import order

SCHEMA = "day2.ops/s3_encryption_audit_backup/1"
_BLOCKED = "BlockedEncryptionTypes"


class BackupError(Day2Error):
    """A backup that cannot be used: which one, and what is wrong with it."""


@dataclass(frozen=True)
class Backup:
    """What a run is about to change, before and after, and of how many buckets that it audited."""

    run_id: str
    account: str
    partition: str
    changes: Tuple[Remediation, ...]
    audited: int = 0

    def chunks(self) -> Iterator[str]:
        """The backup as JSON text, one change a line."""
        head = {
            "schema": SCHEMA,
            "run_id": self.run_id,
            "account": self.account,
            "partition": self.partition,
            "audited": self.audited,
        }
        yield json.dumps(head)[:-1] + ', "changes": ['
        for number, change in enumerate(self.changes):
            yield ("," if number else "") + "\n" + json.dumps(change.as_dict())
        yield "\n]}\n"


def parse_backup(text: str, place: str, account: str = "") -> Backup:
    """A backup from its text.

    :param place: where it was read, for errors.
    :param account: the account that is about to be changed; empty: whichever the backup is of.
    :raises BackupError: naming the place, for anything that is no backup of this account.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{place}: not a backup: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise BackupError(f"{place}: not a backup: its schema is not {SCHEMA}")
    changes = document.get("changes")
    if not isinstance(changes, list):
        raise BackupError(f"{place}: changes is not a list")
    audited = document.get("audited")
    if not isinstance(audited, int) or isinstance(audited, bool) or audited < 0:
        raise BackupError(f"{place}: audited is missing or not a number")
    backup = Backup(
        run_id=_text(document, "run_id", place),
        account=_text(document, "account", place),
        partition=_text(document, "partition", place),
        changes=tuple(_change(entry, f"{place}: changes[{number}]") for number, entry in enumerate(changes)),
        audited=audited,
    )
    if account and backup.account != account:
        raise BackupError(f"{place}: a backup of account {backup.account}, and these are credentials of {account}")
    return backup


def _change(entry: Any, where: str) -> Remediation:
    if not isinstance(entry, dict):
        raise BackupError(f"{where}: not an object")
    name = _text(entry, "aspect", where)
    if name not in [aspect.value for aspect in Aspect]:
        raise BackupError(f"{where}: there is no aspect {name!r}")
    aspect = Aspect(name)
    target = Target(aspect, _text(entry, "resource", where), _text(entry, "region", where))
    kind = str if aspect is Aspect.POLICY else dict
    for key in ("before", "after"):
        if key not in entry or not isinstance(entry[key], (kind, type(None))):
            raise BackupError(f"{where}: {key} is missing or not of the kind of a {name}")
        try:
            check(aspect, entry[key])
        except Day2Error as error:
            raise BackupError(f"{where}: {key}: {error}") from error
    checks = entry.get("checks", [])
    if not isinstance(checks, list) or not all(isinstance(one, str) for one in checks):
        raise BackupError(f"{where}: checks is not a list of names")
    return Remediation(target, _text(entry, "bucket", where), entry["before"], entry["after"], tuple(checks))


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise BackupError(f"{where}: {key} is missing or not a text")
    return value


def reversal(backup: Backup, live: Mapping[Target, Fact[Document]]) -> Proposal:
    """The changes that put back what a run replaced, in the opposite order.

    What is as it was before is left alone, and so is what the run did not leave so: somebody has changed it since.

    :param live: the targets of the backup, as they were just read.
    """
    changes: List[Remediation] = []
    refusals: List[Refusal] = []
    for change in backup.changes:
        found = live.get(change.target, NOT_ASKED)
        if isinstance(found, Unknown):
            refusals += _refused(change, unread(change.target.aspect, found))
            continue
        if is_back(change, found):
            continue
        if not fulfils(change.target.aspect, found, change.after):
            text = f"the {change.target.aspect.value} was changed since the run {backup.run_id}, and is left alone"
            refusals += _refused(change, Concern(Risk.CHANGED_SINCE, text))
            continue
        wanted, note = _wanted(change)
        changes.append(Remediation(change.target, change.bucket, found, wanted, change.checks, note))
    return Proposal(tuple(sorted(changes, key=order, reverse=True)), tuple(refusals))


def _refused(change: Remediation, concern: Concern) -> List[Refusal]:
    return [refusal(change.bucket, name, concern) for name in change.checks or (change.target.aspect.value,)]


def _wanted(change: Remediation) -> Tuple[Document, str]:
    """What to put back, and what to say of it. Where there was nothing, the configuration is removed."""
    aspect = change.target.aspect
    if change.before is not None:
        return change.before, f"back to what it was before {', '.join(change.checks)}"
    if aspect is Aspect.VERSIONING:
        return {"Status": "Suspended"}, "versioning cannot go back to never enabled: suspended"
    if aspect is Aspect.ENCRYPTION:
        return None, "removed: S3 then encrypts with SSE-S3"
    return None, "removed, as there was none"


def is_back(change: Remediation, found: Fact[Document]) -> bool:
    """Whether what a run replaced is as it was before it."""
    aspect = change.target.aspect
    if isinstance(found, Unknown):
        return False
    if identical(aspect, found, change.before):
        return True
    # Blocked types that the run brought are still there, although "no configuration" says nothing of them.
    ours = rule_of(change.after).get(_BLOCKED) if aspect is Aspect.ENCRYPTION else None
    return change.before is None and fulfils(aspect, found, None) and (not ours or rule_of(found).get(_BLOCKED) != ours)
