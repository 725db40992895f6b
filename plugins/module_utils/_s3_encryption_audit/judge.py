# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From facts to findings: every chosen check of a bucket, with exemptions applied."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator

from .._common.verdict import Severity, Status
from .._report.model import Rule
from .catalog import BUCKETS_LISTED, BUCKETS_SELECTED, EXEMPTION_EXPIRED, Check
from .exemptions import Exemption, Exemptions
from .model import AccountFacts, BucketFacts, Finding, Unknown, Verdict
from .requirements import Requirements
from .selection import Selection


def judge(
    bucket: BucketFacts,
    account: AccountFacts,
    checks: Iterable[Check],
    requirements: Requirements,
    exemptions: Exemptions,
) -> Iterator[Finding]:
    """One finding for each check of buckets, in the order of the checks; checks of the account are passed over.

    Total: a bucket of which nothing could be seen gets its findings too, all of them unknown.
    """
    name, region, owner = bucket.name, bucket.region, bucket.account
    prefix = f"{bucket.partition}:{owner}:{name}:"
    for check in checks:
        if not check.of_account:
            verdict = check.decide(bucket, account, requirements)
            yield _finding(prefix + check.id, check, name, region, owner, verdict, exemptions)


def judge_account(
    account: AccountFacts,
    checks: Iterable[Check],
    requirements: Requirements,
    exemptions: Exemptions,
) -> Iterator[Finding]:
    """One finding for each check of the account, then one for each exemption whose time is over."""
    nowhere = BucketFacts(name="", region="", account=account.account, partition=account.partition)
    prefix = f"{account.partition}:{account.account}::"
    for check in checks:
        if check.of_account:
            verdict = check.decide(nowhere, account, requirements)
            yield _finding(prefix + check.id, check, "", "", account.account, verdict, exemptions)
    for exemption in exemptions.expired:
        yield _expired(prefix, account.account, exemption)


def unlisted(account: AccountFacts, why: Unknown) -> Finding:
    """The finding that there may be more buckets than those that were judged."""
    return _unknown(account, BUCKETS_LISTED, f"there may be more buckets: {why.reason}", why.reason)


def unmatched(account: AccountFacts, selection: Selection) -> Finding:
    """The finding that nothing was judged, since no bucket is selected."""
    reason = f"no bucket matches {selection}"
    return _unknown(account, BUCKETS_SELECTED, reason, reason)


def _unknown(account: AccountFacts, rule: Rule, message: str, reason: str) -> Finding:
    return Finding(
        id=f"{account.partition}:{account.account}::{rule.id}",
        check=rule.id,
        bucket="",
        region="",
        account=account.account,
        status=Status.UNKNOWN,
        severity=Severity(rule.severity),
        message=message,
        evidence={"reason": reason},
        remediation=rule.remediation,
        frameworks={},
    )


def as_dict(finding: Finding) -> Dict[str, Any]:
    """The finding as results and reports have it. ``evidence`` and ``frameworks`` are shared, not copied."""
    return {
        "id": finding.id,
        "check": finding.check,
        "bucket": finding.bucket,
        "region": finding.region,
        "account": finding.account,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "evidence": finding.evidence,
        "remediation": finding.remediation,
        "frameworks": finding.frameworks,
    }


def _finding(
    id: str, check: Check, bucket: str, region: str, account: str, verdict: Verdict, exemptions: Exemptions
) -> Finding:
    status, evidence = verdict.status, verdict.evidence
    if status is not Status.PASS:
        exemption = exemptions.use(bucket, check.id)
        if exemption is not None:
            evidence = {**evidence, "exemption": exemption.grounds()}  # of what is unknown too: it must not be repaired
            if status is Status.FAIL:
                status = Status.EXEMPT
                evidence["verdict"] = Status.FAIL.value
    return Finding(
        id,
        check.id,
        bucket,
        region,
        account,
        status,
        check.severity,
        verdict.message,
        evidence,
        check.remediation,
        check.frameworks,
    )


def _expired(prefix: str, account: str, exemption: Exemption) -> Finding:
    rule = EXEMPTION_EXPIRED
    what = f"{exemption.bucket}:{'+'.join(exemption.checks)}"
    return Finding(
        id=f"{prefix}{rule.id}:{what}",
        check=rule.id,
        bucket="",
        region="",
        account=account,
        status=Status.FAIL,
        severity=Severity(rule.severity),
        message=(
            f"the exemption of {exemption.bucket} from {', '.join(exemption.checks)} expired ({exemption.expires}):"
            f" {exemption.reason} (owner {exemption.owner})"
        ),
        evidence=exemption.as_dict(),
        remediation=rule.remediation,
        frameworks={},
    )
