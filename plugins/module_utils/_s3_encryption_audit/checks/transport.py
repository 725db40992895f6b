# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encryption in transit: what the bucket policy, and the policies of the organization, deny."""

from __future__ import annotations

from typing import Optional

from ..model import AccountFacts, BucketFacts, Unknown, Verdict
from ..policy.document import PolicyError
from ..requirements import Requirements
from .say import failed, passed, undecided, unknown
from .shape import judge_by_shape, renamed


def tls_only(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Every request over plain HTTP is denied."""
    return _judged(bucket, requirements, None)


def tls_min_version(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Every request over TLS below the required version is denied, and so is plain HTTP, which is older still."""
    return _judged(bucket, requirements, requirements.min_tls)


def _judged(bucket: BucketFacts, requirements: Requirements, min_tls: Optional[str]) -> Verdict:
    """A policy that could not be seen leaves the verdict open unless those of the organization deny it all."""
    policy = bucket.policy
    if isinstance(policy, Unknown) and not requirements.organization_policies:
        return unknown("the bucket policy", policy)
    known = None if isinstance(policy, Unknown) else policy
    try:
        judgement, name = judge_by_shape(
            known, bucket.name, bucket.partition, min_tls, requirements.organization_policies
        )
    except PolicyError as error:
        return undecided(f"a policy of the bucket cannot be read: {error}")
    denied = judgement.denies_http if min_tls is None else judgement.denies_old_tls
    if isinstance(policy, Unknown) and denied is not True:
        return unknown("the bucket policy", policy)
    say = passed if denied else undecided if denied is None else failed
    return say(renamed(judgement.message, name, bucket.name), renamed(judgement.evidence, name, bucket.name))
