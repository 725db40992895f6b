# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is planned for the account, the changes of all buckets in their order, and whether they are too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterable, List, Mapping, Sequence, Tuple

from ..._common import limit
from ..._common.plan import Plan
from ..model import AccountFacts, Fact, Unknown
from . import settings
from .documents import identical
from .model import Aspect, Concern, Document, Mandate, Proposal, Refusal, Remediation, Risk, Target
from .plan import refusal, refusing, unread

ACCOUNT_CHECK = "account_public_access_block"
_SHOWN = 3


def account_target(account: AccountFacts, region: str) -> Target:
    """The account's public access block; S3 Control answers for it in every region."""
    return Target(Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, account.account, region)


def account_remediation(
    account: AccountFacts,
    region: str,
    document: Fact[Document],
    wishes: Mandate,
    in_use: Mapping[str, Sequence[Concern]],
    unseen: str = "",
) -> Proposal:
    """Set all four flags of the account's public access block, unless that cuts somebody off.

    The flags hold for every bucket of the account, whether it is audited or not.

    :param document: what :func:`account_target` names, as it was just read.
    :param in_use: for each bucket what ``risks.public_use`` says of it; empty ones may be left out.
    :param unseen: why not all buckets of the account were looked at; empty when they were.
    """
    target = account_target(account, region)
    if isinstance(document, Unknown):
        return Proposal(refusals=(refusal("", ACCOUNT_CHECK, unread(target.aspect, document)),))
    after = settings.all_blocked(document)
    if identical(target.aspect, document, after):
        return Proposal()
    concerns = refusing(_account_concerns(in_use, unseen), wishes)
    if concerns:
        return Proposal(refusals=tuple(refusal("", ACCOUNT_CHECK, concern) for concern in concerns))
    return Proposal((Remediation(target, "", document, after, (ACCOUNT_CHECK,)),))


def _account_concerns(in_use: Mapping[str, Sequence[Concern]], unseen: str) -> List[Concern]:
    used = sorted(name for name, concerns in in_use.items() if any(not concern.unseen for concern in concerns))
    dark = sorted(name for name, concerns in in_use.items() if concerns and name not in used)
    found: List[Concern] = []
    if used:
        text = f"{len(used)} bucket(s) of the account are in public use, which the change would end: {_names(used)}"
        found.append(Concern(Risk.PUBLIC_WEBSITE, text))
    if dark or unseen:
        reason = unseen or in_use[dark[0]][0].message
        who = f"of {len(dark)} bucket(s) ({_names(dark)})" if dark else "of the other buckets of the account"
        text = f"the public use {who} could not be seen: {reason}"
        found.append(Concern(Risk.PUBLIC_WEBSITE, text, unseen=True))
    return found


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def assembled(proposals: Iterable[Proposal]) -> Proposal:
    """All changes in the order in which they are made: bucket by bucket, the account last.

    A key that several buckets use is changed once.
    """
    found: Dict[Target, List[Remediation]] = {}
    refusals: List[Refusal] = []
    for proposal in proposals:
        refusals += proposal.refusals
        for remediation in proposal.remediations:
            found.setdefault(remediation.target, []).append(remediation)
    merged = [
        replace(same[0], note=f"the key of {len(same)} of these buckets") if len(same) > 1 else same[0]
        for same in found.values()
    ]
    return Proposal(tuple(sorted(merged, key=order)), tuple(refusals))


def order(remediation: Remediation) -> Tuple[bool, str, int]:
    """What changes are sorted by: the account's comes after those of all buckets, see :class:`Aspect`."""
    aspect = remediation.target.aspect
    return aspect is Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, remediation.bucket, aspect.rank


def as_plan(changes: Iterable[Remediation]) -> Plan:
    """The changes for the result and its diff."""
    return Plan(tuple(remediation.change for remediation in changes))


class Limit(limit.Limit):
    """The largest plan that is carried out: so many changes, or changes to such a share of the audited buckets."""

    def breach(self, changes: Sequence[Remediation], audited: int) -> str:
        """Why the plan is too large, or nothing.

        :param audited: number of buckets that this run is about.
        """
        # A key or the account counts like a bucket, for want of a better measure of how far it reaches.
        touched = len({change.target.resource for change in changes})
        if self.allows(touched if self.percent else len(changes), audited):
            return ""
        if self.percent:
            return f"{touched} of {audited} buckets would be changed and max_remediations is {self}: none was changed"
        return f"{len(changes)} changes are planned and max_remediations is {self}: none was made"


def parse_limit(text: str) -> Limit:
    """The option ``max_remediations``.

    :raises Day2Error: when it is neither a number nor a percentage from 0 to 100.
    """
    found = limit.parse_limit("max_remediations", text, "changes")
    return Limit(found.number, found.percent)
