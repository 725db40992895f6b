# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole run of remediation against a server on loopback: collect, judge, plan, save, apply, and the way back."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Optional, Sequence, Tuple

from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.sender import Sender
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.apply import Applied, apply
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.live import read_all, required_keys
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import BucketFacts, Finding
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate import plan, risks, whole
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Mandate,
    Proposal,
    Remediation,
    Situation,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.revert import Backup, reversal

from .aws.store import ACCOUNT
from .collecting import REGION, Gathered, gather, with_client

ACCOUNT_CHECK = "account_public_access_block"


async def at_once(_seconds: float) -> None:
    """A pause that takes no time."""


class Run:
    """One run: what it wants, and what it finds out on the way."""

    def __init__(
        self, url: str, checks: Sequence[str], policy: Optional[Mapping[str, Any]] = None, allow: Sequence[str] = ()
    ) -> None:
        self.url = url
        self.requirements = parse_requirements(policy or {})
        self.wishes: Mandate = plan.mandate(checks, self.requirements, allow)
        self.proposal = Proposal()

    def plan(self, log_buckets: Tuple[str, ...] = ()) -> Proposal:
        """What check mode shows."""
        questions = frozenset(question for name in self.wishes.checks for question in BY_ID[name].questions)
        questions |= plan.questions_for(self.wishes)
        found = gather(self.url, questions, account_block=True)
        self.proposal = with_client(self.url, lambda client: self._planned(client, found, log_buckets))
        return self.proposal

    async def _planned(self, client: Sender, found: Gathered, log_buckets: Tuple[str, ...]) -> Proposal:
        (account,) = found.accounts
        proposals = []
        for facts in found.buckets.values():
            failing = plan.to_repair(self._findings(facts, found), facts, self.wishes) - {ACCOUNT_CHECK}
            if not failing:
                continue
            names = plan.required_keys(self.wishes)
            described = await required_keys(
                client, ACCOUNT, "aws", names, [facts.region], plan.key_details(self.wishes)
            )
            keys = {name: described[facts.region, name] for name in names}
            documents = await read_all(client, plan.targets(facts, failing, self.wishes, keys), ACCOUNT)
            situation = Situation(facts, account, documents, keys, log_buckets)
            proposals.append(plan.remediations(situation, failing, self.wishes))
        if ACCOUNT_CHECK in self.wishes.checks:
            target = whole.account_target(account, REGION)
            document = (await read_all(client, [target], ACCOUNT))[target]
            in_use = {facts.name: risks.public_use(facts, account) for facts in found.buckets.values()}
            proposals.append(whole.account_remediation(account, REGION, document, self.wishes, in_use))
        return whole.assembled(proposals)

    def _findings(self, facts: BucketFacts, found: Gathered) -> Iterable[Finding]:
        for name in self.wishes.checks:
            verdict = BY_ID[name].decide(facts, found.accounts[0], self.requirements)
            yield Finding(name, name, facts.name, facts.region, ACCOUNT, verdict.status, Severity.LOW, "", {}, "", {})

    def do(self, log_buckets: Tuple[str, ...] = ()) -> Tuple[Applied, ...]:
        """Plan and carry out."""
        return carried_out(self.url, self.plan(log_buckets).remediations)

    def backup(self) -> Backup:
        """What the planned run replaces."""
        return Backup("run-1", ACCOUNT, "aws", self.proposal.remediations)


def carried_out(url: str, changes: Sequence[Remediation]) -> Tuple[Applied, ...]:
    """Apply changes; retries and looks do not wait."""
    return with_client(url, lambda client: apply(client, changes, ACCOUNT, at_once), max_attempts=3)


def reverted(url: str, backup: Backup) -> Proposal:
    """The plan of the way back."""

    async def talk(client: Sender) -> Proposal:
        return reversal(backup, await read_all(client, [change.target for change in backup.changes], ACCOUNT))

    return with_client(url, talk)
