# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks: what each asks, why it matters, what to do, and how it is decided.

Severities follow the Security Hub control that a check answers to, where there is one; where there are several, the
gravest. The decisions are in ``checks/``; what they require is in ``requirements.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, FrozenSet, Iterable, List, Mapping, Sequence, Tuple

from .._common.verdict import Severity
from .._report.model import Rule
from .checks import encryption, exposure, keys, resilience, transport
from .frameworks import LISTED
from .model import AccountFacts, BucketFacts, Question, Verdict
from .requirements import Requirements

Decide = Callable[[BucketFacts, AccountFacts, Requirements], Verdict]

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/"


@dataclass(frozen=True)
class Check:
    """One check.

    ``decide`` is total: whatever the facts, it returns a verdict. A check of the account ignores the bucket that it
    is given. ``questions`` are the facts it reads of a bucket; those of the account are asked once for all.
    """

    id: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    questions: FrozenSet[Question]
    decide: Decide
    url: str = ""
    of_account: bool = False  # one finding for the account instead of one for each bucket
    reads_account: bool = False  # needs the account's public access block
    frameworks: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _check(name: str, severity: Severity, decide: Decide, questions: Iterable[Question], **texts: Any) -> Check:
    return Check(
        id=name,
        severity=severity,
        decide=decide,
        questions=frozenset(questions),
        frameworks=LISTED.get(name, {}),
        **texts,
    )


_KEY_QUESTIONS = (Question.ENCRYPTION, Question.KMS_KEY)

CHECKS: Tuple[Check, ...] = (
    _check(
        "default_encryption",
        Severity.HIGH,
        encryption.default_encryption,
        [Question.ENCRYPTION],
        title="New objects are encrypted by default",
        rationale="Without default encryption an upload that asks for none is stored in the clear.",
        remediation="Configure default encryption on the bucket, at least SSE-S3.",
        url=_S3 + "bucket-encryption.html",
    ),
    _check(
        "encryption_algorithm",
        Severity.MEDIUM,
        encryption.encryption_algorithm,
        [Question.ENCRYPTION],
        title="Default encryption uses a required algorithm",
        rationale="SSE-S3 protects the disk; only SSE-KMS and DSSE-KMS put a key policy and a log entry between a "
        "reader and the data.",
        remediation="Change the default encryption of the bucket to a required algorithm. Existing objects keep "
        "theirs until they are rewritten.",
        url=_S3 + "UsingKMSEncryption.html",
    ),
    _check(
        "kms_key",
        Severity.HIGH,
        keys.kms_key,
        _KEY_QUESTIONS,
        title="Default encryption uses a required KMS key",
        rationale="Whoever controls the key controls the data: a key of another owner, or one that only AWS manages, "
        "takes that control away.",
        remediation="Set a required key as the key of the default encryption, by its ARN.",
        url=_S3 + "specifying-kms-encryption.html",
    ),
    _check(
        "kms_key_state",
        Severity.CRITICAL,
        keys.kms_key_state,
        _KEY_QUESTIONS,
        title="The KMS key is enabled and not open to everyone",
        rationale="Objects under a disabled key cannot be read, under a deleted key never again; a key policy that "
        "admits everyone makes the encryption pointless.",
        remediation="Enable the key or cancel its deletion, and restrict its key policy to named principals.",
        url=_KMS + "key-state.html",
    ),
    _check(
        "kms_key_rotation",
        Severity.MEDIUM,
        keys.kms_key_rotation,
        _KEY_QUESTIONS,
        title="The KMS key is rotated automatically",
        rationale="Rotation bounds how much data one version of the key material protects.",
        remediation="Enable automatic rotation of the key.",
        url=_KMS + "rotate-keys.html",
    ),
    _check(
        "bucket_key",
        Severity.LOW,
        encryption.bucket_key,
        [Question.ENCRYPTION],
        title="The S3 Bucket Key is set as required",
        rationale="Without a bucket key S3 asks KMS for every object, which costs money and runs into limits; with "
        "it, CloudTrail shows fewer uses of the key.",
        remediation="Switch the S3 Bucket Key on (or off, where each use of the key must be logged).",
        url=_S3 + "bucket-key.html",
    ),
    _check(
        "sse_c_blocked",
        Severity.MEDIUM,
        encryption.sse_c_blocked,
        [Question.ENCRYPTION],
        title="Uploads with customer-provided keys (SSE-C) are blocked",
        rationale="Objects under SSE-C can be read only by whoever has their key, which is how ransomware locks "
        "buckets without touching a key of the owner.",
        remediation="Add SSE-C to the blocked encryption types of the bucket's default encryption.",
        url=_S3 + "blocking-unblocking-s3-c-encryption-gpb.html",
    ),
    _check(
        "tls_only",
        Severity.MEDIUM,
        transport.tls_only,
        [Question.POLICY],
        title="Every request over plain HTTP is denied",
        rationale="S3 answers over plain HTTP too: what travels that way can be read and changed on its way.",
        remediation="Add a statement to the bucket policy that denies every action to everyone when "
        "aws:SecureTransport is false, for the bucket and its objects.",
        url=_S3 + "security-best-practices.html",
    ),
    _check(
        "tls_min_version",
        Severity.MEDIUM,
        transport.tls_min_version,
        [Question.POLICY],
        title="Requests over old versions of TLS are denied",
        rationale="Old versions of TLS have known weaknesses; a policy keeps them out whatever an endpoint accepts.",
        remediation="Add a statement to the bucket policy that denies every action to everyone when s3:TlsVersion is "
        "lower than required.",
        url=_S3 + "amazon-s3-policy-keys.html",
    ),
    _check(
        "public_access_block",
        Severity.HIGH,
        exposure.public_access_block,
        [Question.PUBLIC_ACCESS_BLOCK],
        title="All four public access blocks are in force",
        rationale="The blocks hold whatever a later policy or ACL says; three of four leave a door open.",
        remediation="Set all four flags of the public access block on the bucket, or on the account.",
        url=_S3 + "access-control-block-public-access.html",
        reads_account=True,
    ),
    _check(
        "account_public_access_block",
        Severity.MEDIUM,
        exposure.account_public_access_block,
        [],
        title="The account blocks all public access",
        rationale="The account's block covers every bucket, also those that are made tomorrow.",
        remediation="Set all four flags of the public access block on the account.",
        url=_S3 + "access-control-block-public-access.html",
        of_account=True,
        reads_account=True,
    ),
    _check(
        "not_public",
        Severity.CRITICAL,
        exposure.not_public,
        [Question.POLICY_STATUS, Question.ACL, Question.OWNERSHIP, Question.PUBLIC_ACCESS_BLOCK],
        title="The bucket is not public",
        rationale="A public bucket can be read, or written, by everybody on the internet.",
        remediation="Block public access, then remove the public statement from the policy and the public grant from "
        "the ACL.",
        url=_S3 + "access-control-block-public-access.html",
        reads_account=True,
    ),
    _check(
        "object_ownership",
        Severity.MEDIUM,
        exposure.object_ownership,
        [Question.OWNERSHIP],
        title="The bucket owner owns every object, and ACLs are off",
        rationale="With ACLs an object can belong to, and be shared by, whoever uploaded it, past every policy.",
        remediation="Set object ownership to BucketOwnerEnforced, after moving what ACLs grant into policies.",
        url=_S3 + "about-object-ownership.html",
    ),
    _check(
        "versioning",
        Severity.LOW,
        resilience.versioning,
        [Question.VERSIONING],
        title="Versioning is enabled",
        rationale="Without versions a deleted or overwritten object is gone.",
        remediation="Enable versioning, with a lifecycle rule that removes old versions.",
        url=_S3 + "Versioning.html",
    ),
    _check(
        "mfa_delete",
        Severity.LOW,
        resilience.mfa_delete,
        [Question.VERSIONING],
        title="Deleting versions needs a second factor",
        rationale="With stolen credentials alone, old versions can be deleted too.",
        remediation="Enable MFA delete as the root user of the account; nobody else can.",
        url=_S3 + "MultiFactorAuthenticationDelete.html",
    ),
    _check(
        "access_logging",
        Severity.MEDIUM,
        resilience.access_logging,
        [Question.LOGGING],
        title="Access is logged to another bucket",
        rationale="Without access logs nobody can say afterwards who read what.",
        remediation="Enable server access logging into a log bucket of the same region.",
        url=_S3 + "ServerLogs.html",
    ),
    _check(
        "object_lock",
        Severity.MEDIUM,
        resilience.object_lock,
        [Question.OBJECT_LOCK],
        title="Object Lock is on, with the required retention",
        rationale="Locked versions survive an attacker, and an administrator, until their time is over.",
        remediation="Enable Object Lock (versioning must be on) and set a default retention.",
        url=_S3 + "object-lock.html",
    ),
    _check(
        "lifecycle",
        Severity.MEDIUM,
        resilience.lifecycle,
        [Question.LIFECYCLE],
        title="Lifecycle rules clean up, including aborted multipart uploads",
        rationale="What nobody removes is kept and paid for; parts of incomplete uploads do not even show in listings.",
        remediation="Add a lifecycle rule for the whole bucket that aborts incomplete multipart uploads.",
        url=_S3 + "mpu-abort-incomplete-mpu-lifecycle-config.html",
    ),
    _check(
        "object_encryption",
        Severity.HIGH,
        encryption.object_encryption,
        [Question.OBJECTS],
        title="The objects themselves are encrypted as required",
        rationale="Default encryption applies to new objects only, and an upload can ask for something else.",
        remediation="Rewrite the objects in place with the required encryption (S3 Batch Operations).",
        url=_S3 + "storage-inventory.html",
    ),
)

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}

BUCKETS_LISTED = Rule(
    id="buckets_listed",
    title="Every bucket was listed",
    severity=Severity.HIGH.value,
    rationale="A bucket that nobody looked at may hold anything; silence is not compliance.",
    remediation="Run the audit again, and look at why the list of buckets broke off.",
)
"""A finding of its own, when the list of the account's buckets broke off."""

BUCKETS_SELECTED = Rule(
    id="buckets_selected",
    title="The selection matches a bucket",
    severity=Severity.HIGH.value,
    rationale="An audit of no bucket at all finds nothing wrong, and most likely somebody misspelled what it is about.",
    remediation="Correct buckets, regions or tags; leave out an account that has none of these buckets.",
)
"""A finding of its own, when buckets, regions or tags are selected and there are none."""

ACCOUNT_AUDITED = Rule(
    id="account_audited",
    title="Every expected account was audited",
    severity=Severity.HIGH.value,
    rationale="An account that nobody looked at may hold anything; silence is not compliance.",
    remediation="Run the audit of the account again, and look at why its job did not finish.",
)
"""A finding of its own for each account of a merge."""

EXEMPTION_EXPIRED = Rule(
    id="exemption_expired",
    title="Exemptions are reviewed before they expire",
    severity=Severity.LOW.value,
    rationale="An exemption is somebody's decision for a time; when the time is over it no longer stands.",
    remediation="Remove the exemption, or have its owner renew it with a new date and reason.",
)
"""Not a check of facts: what an exemption becomes when its time is over."""

OF_RUNS = (EXEMPTION_EXPIRED, BUCKETS_LISTED, BUCKETS_SELECTED, ACCOUNT_AUDITED)
"""The rules that are no checks of facts; no check of one's own can have their names."""


def rules_for_report(checks: Iterable[Check]) -> List[Rule]:
    """The checks of a run as reports explain them, and the rules that are no checks."""
    rules = [
        Rule(
            id=check.id,
            title=check.title,
            severity=check.severity.value,
            rationale=check.rationale,
            remediation=check.remediation,
            frameworks=check.frameworks,
            url=check.url,
        )
        for check in checks
    ]
    return [*rules, *OF_RUNS]


def questions_of(checks: Iterable[Check]) -> FrozenSet[Question]:
    """What has to be asked about each bucket, so that every check can be decided."""
    return frozenset(question for check in checks for question in check.questions)
