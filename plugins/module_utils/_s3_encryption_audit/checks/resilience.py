# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is left after a mistake or an attack: versions, locks, logs, and the end of what nobody needs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Dict

from ..model import AccountFacts, BucketFacts, LifecycleRule, Unknown, Verdict
from ..requirements import LOCK_MODES, Requirements
from .say import failed, not_applicable, passed, unknown

DAYS_A_YEAR = 365  # as S3 counts the years of a default retention


def versioning(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Versioning is enabled."""
    fact = bucket.versioning
    if isinstance(fact, Unknown):
        return unknown("versioning", fact)
    evidence = {"status": fact.status or None}
    if fact.status == "Enabled":
        return passed("versioning is Enabled", evidence)
    return failed(f"versioning is {fact.status or 'not enabled'}; required: Enabled", evidence)


def mfa_delete(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Versions can be deleted only with a second factor; without versioning there are none to protect."""
    fact = bucket.versioning
    if isinstance(fact, Unknown):
        return unknown("MFA delete", fact)
    evidence = {"mfa_delete": fact.mfa_delete, "status": fact.status or None}
    if fact.status != "Enabled":
        return failed(f"versioning is {fact.status or 'not enabled'}; required: Enabled, with MFA delete", evidence)
    if fact.mfa_delete:
        return passed("MFA delete is on", evidence)
    return failed("MFA delete is off; required: on", evidence)


def access_logging(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Access is logged into another bucket, the required one if there is one.

    A bucket that the policy names as a place for logs is not judged: logging the delivery of logs has no end.
    """
    if requirements.log_bucket and fnmatchcase(bucket.name, requirements.log_bucket):
        return not_applicable("the bucket is itself a place for access logs")
    fact = bucket.logging
    if isinstance(fact, Unknown):
        return unknown("access logging", fact)
    wanted = f"to {requirements.log_bucket}" if requirements.log_bucket else "to another bucket"
    evidence = {"target_bucket": fact.target_bucket if fact else None}
    if fact is None:
        return failed(f"access is not logged; required: {wanted}", evidence)
    if fact.target_bucket == bucket.name:
        return failed(f"access is logged into the bucket itself; required: {wanted}", evidence)
    if requirements.log_bucket and not fnmatchcase(fact.target_bucket, requirements.log_bucket):
        return failed(f"access is logged to {fact.target_bucket}; required: {wanted}", evidence)
    return passed(f"access is logged to {fact.target_bucket}", evidence)


def object_lock(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Object Lock is on, with at least the default retention that is required."""
    fact = bucket.object_lock
    if isinstance(fact, Unknown):
        return unknown("Object Lock", fact)
    mode, least = requirements.object_lock_mode, requirements.object_lock_days
    wanted = f"{mode} default retention".strip() + (f" of {least} days or more" if least else "")
    wanted = wanted if mode or least else "on"
    if fact is None:
        return failed(f"Object Lock is off; required: {wanted}", {"enabled": False})
    days = fact.days + fact.years * DAYS_A_YEAR
    evidence: Dict[str, Any] = {"enabled": True, "mode": fact.mode or None, "days": days}
    seen = f"with {fact.mode} retention of {days} days" if fact.mode else "without default retention"
    strong = not mode or (fact.mode in LOCK_MODES and LOCK_MODES.index(fact.mode) >= LOCK_MODES.index(mode))
    if strong and days >= least:
        return passed(f"Object Lock is on, {seen}", evidence)
    return failed(f"Object Lock is on, {seen}; required: {wanted}", evidence)


def lifecycle(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """A rule for the whole bucket is enabled, and removes incomplete multipart uploads soon enough."""
    rules = bucket.lifecycle
    if isinstance(rules, Unknown):
        return unknown("the lifecycle rules", rules)
    most = requirements.abort_multipart_days
    wanted = f"required: a rule for the whole bucket that aborts incomplete multipart uploads within {most} days"
    whole = [rule for rule in rules if rule.enabled and rule.whole_bucket]
    days = min((_abort_days(rule) for rule in whole), default=NEVER)
    evidence: Dict[str, Any] = {
        "rules": len(rules),
        "whole_bucket": [rule.id for rule in whole],
        "abort_multipart_days": None if days == NEVER else days,
    }
    if days <= most:
        return passed(f"incomplete multipart uploads are aborted after {days} days", evidence)
    if not rules:
        return failed(f"there are no lifecycle rules; {wanted}", evidence)
    if not whole:
        return failed(f"none of the {len(rules)} lifecycle rules is enabled for the whole bucket; {wanted}", evidence)
    if days == NEVER:
        return failed(f"no rule aborts incomplete multipart uploads of the whole bucket; {wanted}", evidence)
    return failed(f"incomplete multipart uploads are aborted after {days} days; {wanted}", evidence)


NEVER = 1 << 30


def _abort_days(rule: LifecycleRule) -> int:
    return NEVER if rule.abort_multipart_days is None else rule.abort_multipart_days
