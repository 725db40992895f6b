# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports to test with: an account as one meets them, and others as one would rather not."""

from __future__ import annotations

import random
from functools import cache
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ansible_collections.day2.ops.plugins.module_utils._report.model import Finding, Findings, ReportInfo, Rule, Summary

# id, title, severity, Security Hub control, CIS 3.0 recommendation, how many of 100 buckets fail
_CHECKS = (
    ("default_encryption", "Default encryption is on", "high", "", "", 2),
    ("encryption_algorithm", "Encrypted with the required algorithm", "high", "S3.17", "", 22),
    ("kms_key", "Encrypted with a required KMS key", "high", "S3.17", "", 30),
    ("kms_key_state", "The KMS key is usable and not open to everyone", "critical", "", "", 4),
    ("kms_key_rotation", "The KMS key is rotated", "medium", "KMS.4", "3.6", 18),
    ("bucket_key", "S3 Bucket Key is on", "low", "", "", 40),
    ("sse_c_blocked", "Encryption with customer-provided keys is blocked", "medium", "", "", 55),
    ("tls_only", "Requests without TLS are denied", "high", "S3.5", "2.1.1", 45),
    ("tls_min_version", "Old TLS versions are denied", "medium", "", "", 70),
    ("public_access_block", "Public access is blocked", "critical", "S3.8", "2.1.4", 8),
    ("account_public_access_block", "Public access is blocked for the account", "critical", "S3.1", "2.1.4", 50),
    ("not_public", "Neither policy nor ACL makes the bucket public", "critical", "S3.2", "2.1.4", 3),
    ("object_ownership", "ACLs are disabled", "medium", "S3.12", "", 15),
    ("versioning", "Versioning is on", "medium", "S3.14", "", 25),
    ("mfa_delete", "MFA delete is on", "low", "S3.20", "2.1.2", 96),
    ("access_logging", "Access is logged", "medium", "S3.9", "", 35),
    ("object_lock", "Object Lock is on", "low", "S3.15", "", 88),
    ("lifecycle", "A lifecycle rule ends old data and aborted uploads", "low", "S3.13", "", 50),
    ("object_encryption", "Objects are encrypted as required", "high", "", "", 5),
)
_WORDS = (
    "invoices",
    "raw",
    "exports",
    "thumbnails",
    "backup",
    "terraform-state",
    "logs",
    "ml-features",
    "www",
    "media",
)
_TEAMS = ("billing", "data", "platform", "shop", "analytics", "legal")
_REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")
ACCOUNT = "123456789012"


@cache
def rules() -> Tuple[Rule, ...]:
    """The checks of a bucket audit."""
    made = []
    for check, title, severity, hub, cis, _share in _CHECKS:
        frameworks: Dict[str, Tuple[str, ...]] = {}
        if hub:
            frameworks["security_hub"] = (hub,)
        if cis:
            frameworks["cis_3.0"] = (cis,)
        if severity in ("critical", "high"):
            frameworks["nist_800_53_r5"] = ("SC-13", "SC-28(1)")
        made.append(
            Rule(
                check,
                title,
                severity,
                rationale=f"{title}: what is stored must not be readable for those it is not meant for.",
                remediation="Set it in the console, with the command line, or let this module do it.",
                frameworks=frameworks,
                url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
            )
        )
    return tuple(made)


def info(made: Optional[Sequence[Rule]] = None, **run: Any) -> ReportInfo:
    """What the report says of itself; ``run`` replaces parts of the run."""
    return ReportInfo(
        schema="day2.ops/s3_encryption_audit/1",
        title="S3 encryption audit",
        resource_key="bucket",
        resource_type="AWS::S3::Bucket",
        rules=rules() if made is None else made,
        run={
            "run_id": "20260301T120000Z-7f3a",
            "started_at": "2026-03-01T12:00:00+00:00",
            "accounts": [ACCOUNT],
            "regions": list(_REGIONS),
            "check_mode": False,
            "version": "1.0.0",
            **run,
        },
        framework_titles={
            "security_hub": "Security Hub",
            "cis_3.0": "CIS AWS 3.0",
            "nist_800_53_r5": "NIST 800-53 r5",
        },
    )


def finding(
    check: str = "tls_only", bucket: str = "billing-invoices", status: str = "fail", **other: Any
) -> Dict[str, Any]:
    """One finding; ``other`` replaces its keys."""
    rule = next((rule for rule in rules() if rule.id == check), Rule(check, check, "medium", "", ""))
    made = {
        "id": f"aws:{ACCOUNT}:{bucket}:{check}",
        "check": check,
        "bucket": bucket,
        "region": "eu-central-1" if bucket else "",
        "account": ACCOUNT,
        "status": status,
        "severity": rule.severity,
        "message": f"{rule.title}: {status}",
        "evidence": {},
        "remediation": rule.remediation,
        "frameworks": {name: list(ids) for name, ids in rule.frameworks.items()},
    }
    made.update(other)
    return made


def account(buckets: int = 60, seed: int = 7, compared: bool = False, sound: bool = False) -> Iterator[Finding]:
    """The findings of an account: 19 for each bucket; the same ones for the same arguments.

    ``compared`` says what changed since an earlier run; ``sound`` lets everything pass.
    """
    rng = random.Random(seed)
    for number in range(buckets):
        name = f"{rng.choice(_TEAMS)}-{rng.choice(_WORDS)}-{number:03d}"
        region = rng.choice(_REGIONS)
        denied = not sound and rng.random() < 0.02
        ease = 0.0 if sound else rng.random() * 1.4
        for check, _title, _severity, _hub, _cis, share in _CHECKS:
            bucket = "" if check == "account_public_access_block" else name
            if not bucket and number:
                continue
            made = finding(check, bucket, region=region if bucket else "")
            failing = rng.random() * 100 < share * ease
            if denied and bucket:
                made.update(status="unknown", message="s3:GetBucketPolicy: AccessDenied (403)")
                made["evidence"] = {"reason": "AccessDenied", "action": "s3:GetBucketPolicy"}
            elif check == "object_encryption" and not failing and not sound and rng.random() < 0.4:
                made.update(status="unknown", message="0 of 100 sampled objects are not encrypted as required")
                made["evidence"] = {"source": "sample", "seen": 100, "by_encryption": {"AES256": 61, "aws:kms": 39}}
            elif failing and rng.random() < 0.06:
                made.update(status="exempt", message="Allows requests without TLS")
                made["evidence"] = {
                    "statement": "AllowLegacyUploader",
                    "verdict": "fail",
                    "exemption": {
                        "reason": "The legacy scanner has no TLS until it is replaced",
                        "owner": "team-scanning@example.com",
                        "expires": "2026-09-30",
                    },
                }
            elif failing:
                made["message"] = _failure(check)
                made["evidence"] = _evidence(check, name)
                if compared:
                    made["comparison"] = "new" if rng.random() < 0.15 else "open"
            else:
                made.update(status="pass", message="As required", evidence={"algorithm": "aws:kms", "bucket_key": True})
                if compared and rng.random() < 0.03:
                    made["comparison"] = "fixed"
            yield made


def _failure(check: str) -> str:
    return {
        "tls_only": "PutObject over plain HTTP is not denied for objects under logs/",
        "kms_key": "Encrypted with alias/aws/s3, which is not one of the 2 required keys",
        "encryption_algorithm": "AES256 is set, aws:kms is required",
        "public_access_block": "BlockPublicPolicy and RestrictPublicBuckets are off",
        "not_public": "The policy lets everybody read objects",
        "sse_c_blocked": "SSE-C is not among the blocked encryption types",
    }.get(check, "It is off")


def _evidence(check: str, bucket: str) -> Dict[str, Any]:
    if check == "tls_only":
        statement = {
            "Sid": "DenyHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return {
            "denies_http": False,
            "open_request": {"action": "s3:PutObject", "resource": f"arn:aws:s3:::{bucket}/logs/x"},
            "statements": [statement],
        }
    if check == "public_access_block":
        return {"missing": ["BlockPublicPolicy", "RestrictPublicBuckets"], "account": {"BlockPublicAcls": True}}
    return {"setting": None, "asked": f"s3:Get{check.title().replace('_', '')}"}


def summary(findings: Findings) -> Summary:
    """The summary that belongs to findings."""
    by_check: Dict[str, Dict[str, int]] = {}
    by_severity = dict.fromkeys(("low", "medium", "high", "critical"), 0)
    totals = dict.fromkeys(("pass", "fail", "unknown", "exempt"), 0)
    compared = dict.fromkeys(("new", "fixed", "open"), 0)
    resources = set()
    for made in findings:
        counts = by_check.setdefault(made["check"], dict.fromkeys(totals, 0))
        counts[made["status"]] += 1
        totals[made["status"]] += 1
        if made["bucket"]:
            resources.add((made["account"], made["bucket"]))
        if made["status"] == "fail":
            by_severity[made["severity"]] += 1
        if made.get("comparison"):
            compared[made["comparison"]] += 1
    total, judged = sum(totals.values()), totals["pass"] + totals["fail"]
    made_summary: Dict[str, Any] = {
        "resources": len(resources),
        "findings": total,
        **totals,
        "by_check": by_check,
        "by_severity": by_severity,
        "score": round(100 * totals["pass"] / judged, 1) if judged else None,
        "unknown_percent": round(100 * totals["unknown"] / total, 1) if total else 0.0,
        "sentence": f"{len(resources)} buckets: {totals['fail']} of {total} findings fail,"
        f" {totals['unknown']} are unknown.",
    }
    if any(compared.values()):
        made_summary["comparison"] = {**compared, "not_seen": 4}
    return made_summary


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "<!--<script>",
    "]]></failure><x/>",
    '=HYPERLINK("http://example.com","x")',
    "\u200b =1+1",
    "+1|2",
    "a|b`c`*d*_e_[f](g) @everyone #1 &amp;",
    "\u202egnp.exe",
    "مرحبا بالعالم דוגמה",
    "バケット名が非常に長い場合の表示",
    "👩‍👩‍👧‍👦 zalgo z̷̢̛a̸l̶g̵o̴",
    "\ud800 lone surrogate",
    "nul \x00 bell \x07 vt \x0b",
    "line one\nline two\r\nline three\ttab",
    "x" * 400,
    "word " * 120,
    "\u2028 \u2029 \ufeff",
)


def hostile() -> List[Finding]:
    """Findings whose texts attack what shows them, or are longer or stranger than anybody planned for."""
    made: List[Finding] = []
    for number, text in enumerate(HOSTILE):
        status = ("fail", "unknown", "exempt", "pass")[number % 4]
        evidence: Dict[str, Any] = {text: text, "list": [text, text], "nested": {"deep": {text: [{"a": text}]}}}
        if status == "exempt":
            evidence.update(exemption={"reason": text, "owner": text, "expires": "2026-12-31"}, verdict="fail")
        made.append(
            finding(
                bucket=text,
                status=status,
                message=text,
                evidence=evidence,
                remediation=text,
                id=f"{text}:{number}",
                region=text[:20],
            )
        )
    return made
