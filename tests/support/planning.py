# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of repairs for one bucket, in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    BucketFacts,
    Fact,
    Finding,
    KmsKey,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Proposal,
    Remediation,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import mandate, remediations
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements

from .facts import ACCOUNT, GOOD_ACCOUNT, KEY, REGION
from .remediation import situation

OPEN = AccountFacts(ACCOUNT, public_access_block=None)
KMS = {"algorithm": "aws:kms"}
DATA = {"kms_keys": ["alias/data"]}
OTHER_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/99999999-12ab-34cd-56ef-1234567890ab"
OTHER = replace(KEY, arn=OTHER_ARN, aliases=())


def plan(
    facts: BucketFacts,
    checks: Sequence[str],
    policy: Optional[Mapping[str, Any]] = None,
    *,
    allow: Iterable[str] = (),
    account: AccountFacts = GOOD_ACCOUNT,
    keys: Optional[Mapping[str, Fact[KmsKey]]] = None,
    documents: Optional[Mapping[Aspect, Any]] = None,
    log_buckets: Tuple[str, ...] = (),
    also: Sequence[str] = (),
) -> Proposal:
    """The proposal for checks that all fail; ``also`` may be repaired too, and do not."""
    wishes = mandate([*checks, *also], parse_requirements(policy or {}), allow)
    return remediations(situation(facts, account, keys, log_buckets, documents), frozenset(checks), wishes)


def change(
    facts: BucketFacts, checks: Sequence[str], policy: Optional[Mapping[str, Any]] = None, **more: Any
) -> Remediation:
    """The one change that there is."""
    proposal = plan(facts, checks, policy, **more)
    assert proposal.refusals == ()
    (remediation,) = proposal.remediations
    return remediation


def refused(proposal: Proposal) -> List[Tuple[str, str]]:
    """Check and risk of each refusal; nothing else is proposed."""
    assert proposal.remediations == ()
    return [(refusal.check, refusal.risk.value) for refusal in proposal.refusals]


def finding(check: str, status: Status) -> Finding:
    """A finding of which only check and status matter."""
    return Finding(check, check, "good", REGION, ACCOUNT, status, Severity.LOW, "", {}, "", {})
