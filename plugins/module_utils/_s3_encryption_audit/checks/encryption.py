# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encryption at rest: what the bucket does to new objects, and what its objects really have."""

from __future__ import annotations

from typing import Dict

from ..model import AccountFacts, BucketFacts, ObjectEvidence, Unknown, Verdict
from ..requirements import Requirements
from .say import failed, listed, not_applicable, passed, undecided, unknown

SUBJECT = "default encryption"
NAMES = {"AES256": "SSE-S3 (AES256)", "aws:kms": "SSE-KMS (aws:kms)", "aws:kms:dsse": "DSSE-KMS (aws:kms:dsse)"}


def default_encryption(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """There is a default encryption, whichever."""
    encryption = bucket.encryption
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    if encryption is None:
        return failed("no default encryption is configured", {"algorithm": None})
    return passed(f"default encryption is {named(encryption.algorithm)}", {"algorithm": encryption.algorithm})


def encryption_algorithm(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """The default encryption is one of the acceptable ones."""
    encryption = bucket.encryption
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    if encryption is None:
        return failed(
            f"no default encryption is configured; required: {requirements.algorithm_text}", {"algorithm": None}
        )
    evidence = {"algorithm": encryption.algorithm}
    if encryption.algorithm in requirements.algorithms:
        return passed(f"default encryption is {named(encryption.algorithm)}", evidence)
    return failed(
        f"default encryption is {named(encryption.algorithm)}; required: {requirements.algorithm_text}", evidence
    )


def bucket_key(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """S3 Bucket Keys are on, or off, as required. They exist for SSE-KMS only: neither for SSE-S3 nor for DSSE-KMS."""
    encryption = bucket.encryption
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    if encryption is None or encryption.algorithm != "aws:kms":
        return not_applicable("S3 Bucket Keys exist for SSE-KMS only")
    state = "on" if encryption.bucket_key else "off"
    evidence = {"bucket_key": encryption.bucket_key}
    if encryption.bucket_key == requirements.bucket_key:
        return passed(f"the S3 Bucket Key is {state}", evidence)
    return failed(f"the S3 Bucket Key is {state}; required: {'on' if requirements.bucket_key else 'off'}", evidence)


def sse_c_blocked(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Uploads with customer-provided keys are refused.

    When S3 says nothing of blocked types the answer is ``unknown``: since April 2026 it blocks SSE-C by default,
    but not in accounts that held SSE-C objects then, and silence does not tell which of the two this is.
    """
    encryption = bucket.encryption
    if not requirements.sse_c_blocked:
        return not_applicable("the policy accepts SSE-C")
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    if encryption is not None and "SSE-C" in encryption.blocked:
        return passed("uploads with SSE-C are blocked", {"blocked": list(encryption.blocked)})
    if encryption is not None and encryption.blocked_known:
        blocked = list(encryption.blocked)
        return failed(
            f"uploads with SSE-C are not blocked (blocked: {', '.join(blocked) or 'none'})", {"blocked": blocked}
        )
    return undecided(
        "S3 does not say whether it blocks SSE-C, and its default depends on the account; required: blocked explicitly"
    )


def object_encryption(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """The objects themselves are encrypted as required.

    One object that is not is a ``fail``. Only a complete and fresh inventory shows that there is none: a clean
    sample is ``unknown``.
    """
    objects = bucket.objects
    if isinstance(objects, Unknown):
        return unknown("the encryption of objects", objects)
    bad = {
        kind: count
        for kind, count in objects.by_encryption.items()
        if count and kind not in requirements.algorithms and (kind != "SSE-C" or requirements.sse_c_blocked)
    }
    where = _where(objects)
    evidence: Dict[str, object] = {
        "source": objects.source,
        "seen": objects.seen,
        "by_encryption": dict(objects.by_encryption),
        "as_of": objects.as_of.isoformat() if objects.as_of else None,
    }
    if bad:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(bad.items()))
        keys = f", such as {listed(objects.offenders)}" if objects.offenders else ""
        evidence["objects"] = list(objects.offenders)
        return failed(
            f"{sum(bad.values())} of {objects.seen} {where} are not encrypted as required ({kinds}){keys}", evidence
        )
    if objects.complete:
        return passed(f"all {objects.seen} {where} are encrypted as required", evidence)
    return undecided(
        f"0 of {objects.seen} {where} are encrypted otherwise than required; that says nothing of the others",
        evidence,
    )


def named(algorithm: str) -> str:
    """An algorithm as people know it and as the API spells it."""
    return NAMES.get(algorithm, algorithm)


def _where(objects: ObjectEvidence) -> str:
    if objects.source == "sample":
        return "sampled objects"
    date = f" of {objects.as_of.date()}" if objects.as_of else ""
    return f"objects in the {'' if objects.complete else 'incomplete or outdated '}inventory{date}"
