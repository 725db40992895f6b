# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repairs: the whole plan first, then its limit, then a backup, and only then the changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Sequence, Tuple

from .._aws.gateway.client import Client
from .gateway.apply import Applied, Outcome, apply
from .gateway.live import log_buckets, read_all, required_keys
from .model import AccountFacts, BucketFacts, KmsKey
from .options import Audit
from .remediate.model import Concern, Proposal, Remediation, Situation
from .remediate.plan import key_details, remediations, targets
from .remediate.plan import required_keys as required_names
from .remediate.whole import account_remediation, account_target, assembled


@dataclass
class Held:
    """A bucket that is judged once more, when it is known whether it is repaired: facts are smaller than findings."""

    facts: BucketFacts
    failing: FrozenSet[str] = frozenset()  # what is to be repaired


@dataclass
class Waiting:
    """All that planning needs to know of the account, gathered while its buckets are judged."""

    held: Dict[str, Held] = field(default_factory=dict)
    repair_account: bool = False
    in_use: Dict[str, Sequence[Concern]] = field(default_factory=dict)  # buckets that the public uses, or may
    unseen: str = ""  # why not every bucket of the account was looked at
    log_buckets: Dict[str, List[str]] = field(default_factory=dict)  # by region
    keys: List[KmsKey] = field(default_factory=list)  # that buckets may be given

    def __bool__(self) -> bool:
        return self.repair_account or any(one.failing for one in self.held.values())


async def propose(client: Client, region: str, account: AccountFacts, audit: Audit, waiting: Waiting) -> Proposal:
    """The changes to all buckets and to the account, and what is refused. Reads again what it would replace."""
    # By name, not as their answers came in: check mode and the real run say the same.
    wanted = sorted((one for one in waiting.held.values() if one.failing), key=lambda one: one.facts.name)
    keys = await required_keys(
        client,
        account.account,
        account.partition,
        required_names(audit.wishes),
        sorted({one.facts.region for one in wanted}),
        key_details(audit.wishes),
    )
    waiting.keys = [key for key in keys.values() if isinstance(key, KmsKey)]
    by_region = {
        place: {spelling: key for (where, spelling), key in keys.items() if where == place}
        for place in {one.facts.region for one in wanted}
    }
    reading = {
        one.facts.name: targets(one.facts, one.failing, audit.wishes, by_region[one.facts.region]) for one in wanted
    }
    met = await log_buckets(client, waiting.log_buckets, audit.wishes.requirements.log_bucket, account.account, region)
    of_account = account_target(account, region)
    everything = [target for those in reading.values() for target in those]
    if waiting.repair_account:
        everything.append(of_account)
    documents = await read_all(client, everything, account.account)
    proposals = [
        remediations(
            Situation(
                one.facts,
                account,
                {target: documents[target] for target in reading[one.facts.name]},
                by_region[one.facts.region],
                tuple(sorted(met.get(one.facts.region, ()))),
            ),
            one.failing,
            audit.wishes,
        )
        for one in wanted
    ]
    if waiting.repair_account:
        proposals.append(
            account_remediation(account, region, documents[of_account], audit.wishes, waiting.in_use, waiting.unseen)
        )
    return assembled(proposals)


@dataclass(frozen=True)
class Repairs:
    """What became of a proposal.

    ``made`` are the changes that are in force, or in check mode would be; ``breach`` is why none was made although
    some were planned, and ``problem`` what kept all of them from being planned or made.
    """

    proposal: Proposal = field(default_factory=Proposal)
    made: Tuple[Remediation, ...] = ()
    applied: Tuple[Applied, ...] = ()
    breach: str = ""
    problem: str = ""
    backup: str = ""

    def lists(self, most: int) -> Dict[str, Any]:
        """Changes and refusals for the result, at most so many of each, and how many were left out."""
        changes, refusals = self.as_dicts(), self.proposal.refusals
        return {
            "changes": changes[:most],
            "truncated_changes": max(0, len(changes) - most),
            "refusals": [one.as_dict() for one in refusals[:most]],
            "truncated_refusals": max(0, len(refusals) - most),
        }

    def as_dicts(self) -> List[Dict[str, str]]:
        """All planned changes as they stand in results, each with its outcome."""
        if self.applied:
            return [one.as_dict() for one in self.applied]
        why_not = self.breach or self.problem
        outcome = "withheld" if why_not else "planned"
        return [
            {
                "bucket": change.bucket,
                "resource": change.target.resource,
                "aspect": change.target.aspect.value,
                "outcome": outcome,
                "reason": why_not or change.reason,
            }
            for change in self.proposal.remediations
        ]

    def counts(self) -> Dict[str, int]:
        """How many changes were planned, and what became of them; ``buckets`` are those that would be touched."""
        counts = {
            "planned": len(self.proposal.remediations),
            "resources": len({change.target.resource for change in self.proposal.remediations}),
            "refused": len(self.proposal.refusals),
        }
        counts.update((outcome.value, sum(one.outcome is outcome for one in self.applied)) for outcome in Outcome)
        return counts

    @property
    def sentence(self) -> str:
        """What follows the sentence of an audit: nothing when there was nothing to repair."""
        counts = self.counts()
        parts = []
        if counts["planned"]:
            planned = f"{counts['planned']:,}"
            if self.breach or self.problem:
                parts.append(f"{planned} withheld")
            elif self.applied:
                parts.append(f"{counts[Outcome.APPLIED.value]:,} of {planned} made")
            else:
                parts.append(f"{planned} planned")
        if counts["refused"]:
            parts.append(f"{counts['refused']:,} refused")
        return f" Repairs: {', '.join(parts)}." if parts else ""

    @property
    def failure(self) -> str:
        """Why the task is to fail: no plan, too large a plan, or a change that did not come about."""
        if self.breach or self.problem:
            return self.breach or self.problem
        bad = [one for one in self.applied if one.outcome in (Outcome.FAILED, Outcome.UNVERIFIED)]
        if not bad:
            return ""
        first = bad[0]
        what = f"{first.remediation.target.resource} ({first.remediation.target.aspect.value}): {first.problem}"
        return f"{len(bad)} of {len(self.applied)} changes did not come about, first {what}"


def decided(proposal: Proposal, breach: str, check_mode: bool) -> Repairs:
    """What becomes of a proposal as far as nothing has to be done for it."""
    if breach or not check_mode:
        return Repairs(proposal, breach=breach)
    return Repairs(proposal, made=proposal.remediations)


async def carry_out(client: Client, proposal: Proposal, account: str, backup: str) -> Repairs:
    """Make the changes to an account, of which a backup is already in its place."""
    applied = await apply(client, proposal.remediations, account)
    in_force = (Outcome.APPLIED, Outcome.UNVERIFIED)
    made = tuple(one.remediation for one in applied if one.outcome in in_force)
    return Repairs(proposal, made, applied, backup=backup)
