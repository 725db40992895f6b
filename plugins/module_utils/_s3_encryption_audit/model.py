# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What we know of a bucket, its keys and its account, and what we say about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Mapping, Optional, Sequence, Tuple, TypeVar, Union

from .._common.verdict import Severity, Status
from .keyname import AWS_MANAGED_ALIAS

SCHEMA = "day2.ops/s3_encryption_audit/1"
"""Name and version of the shape of results and reports."""


class Question(str, Enum):
    """One thing to ask about a bucket: one API call each, made only when a chosen check needs it.

    ``OBJECTS`` costs a listing and one ``HeadObject`` per sampled object; ``KMS_KEY`` costs calls per distinct
    key, not per bucket.
    """

    ENCRYPTION = "encryption"
    POLICY = "policy"
    POLICY_STATUS = "policy_status"
    PUBLIC_ACCESS_BLOCK = "public_access_block"
    ACL = "acl"
    OWNERSHIP = "ownership"
    VERSIONING = "versioning"
    LOGGING = "logging"
    OBJECT_LOCK = "object_lock"
    LIFECYCLE = "lifecycle"
    TAGS = "tags"
    WEBSITE = "website"
    OBJECTS = "objects"
    KMS_KEY = "kms_key"


class KeyDetail(str, Enum):
    """What to ask about a KMS key beyond its description: one call each per distinct key."""

    ROTATION = "rotation"
    POLICY = "policy"
    ALIASES = "aliases"


@dataclass(frozen=True)
class Unknown:
    """A fact that could not be had, and why: ``s3:GetBucketPolicy: AccessDenied``."""

    reason: str


NOT_ASKED = Unknown("not asked")

T = TypeVar("T")
Fact = Union[T, Unknown]


@dataclass(frozen=True)
class Encryption:
    """Default encryption of a bucket, as ``GetBucketEncryption`` tells it."""

    algorithm: str  # AES256 | aws:kms | aws:kms:dsse
    kms_key: str = ""  # as configured: key id, key ARN, alias or alias ARN; empty: the AWS-managed aws/s3
    bucket_key: bool = False
    blocked: Tuple[str, ...] = ()  # BlockedEncryptionTypes, e.g. ("SSE-C",)
    blocked_known: bool = False  # whether the service said anything about blocked types


@dataclass(frozen=True)
class PublicAccessBlock:
    """The four flags, of a bucket or of an account."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    def joined(self, other: "PublicAccessBlock") -> "PublicAccessBlock":
        """What is in force when both apply: S3 takes the most restrictive combination."""
        return PublicAccessBlock(
            self.block_public_acls or other.block_public_acls,
            self.ignore_public_acls or other.ignore_public_acls,
            self.block_public_policy or other.block_public_policy,
            self.restrict_public_buckets or other.restrict_public_buckets,
        )

    @property
    def missing(self) -> Tuple[str, ...]:
        """Names of the flags that are off, as the API spells them."""
        flags = (
            ("BlockPublicAcls", self.block_public_acls),
            ("IgnorePublicAcls", self.ignore_public_acls),
            ("BlockPublicPolicy", self.block_public_policy),
            ("RestrictPublicBuckets", self.restrict_public_buckets),
        )
        return tuple(name for name, on in flags if not on)


@dataclass(frozen=True)
class Grant:
    """One grant of an access control list."""

    grantee: str  # canonical user id, email address, or group URI
    permission: str  # FULL_CONTROL | READ | WRITE | READ_ACP | WRITE_ACP


@dataclass(frozen=True)
class Versioning:
    """Versioning of a bucket; ``status`` is empty when it was never switched on."""

    status: str = ""  # "" | Enabled | Suspended
    mfa_delete: bool = False


@dataclass(frozen=True)
class Logging:
    """Where server access logs go."""

    target_bucket: str
    target_prefix: str = ""


@dataclass(frozen=True)
class ObjectLock:
    """Object Lock of a bucket; without a default rule ``mode`` is empty."""

    mode: str = ""  # "" | GOVERNANCE | COMPLIANCE
    days: int = 0
    years: int = 0


@dataclass(frozen=True)
class LifecycleRule:
    """The part of a lifecycle rule that the audit judges."""

    id: str
    enabled: bool
    whole_bucket: bool  # no prefix, tag or size filter
    abort_multipart_days: Optional[int] = None
    acts: Tuple[str, ...] = ()  # Expiration, Transition, NoncurrentVersionExpiration …


@dataclass(frozen=True)
class ObjectEvidence:
    """What was seen of the objects themselves.

    ``complete`` is true only for a fresh S3 Inventory report of the whole bucket: only then can the absence of
    bad objects be more than "none of n sampled".
    """

    source: str  # "sample" | "inventory"
    seen: int
    by_encryption: Mapping[str, int] = field(default_factory=dict)  # AES256, aws:kms, aws:kms:dsse, SSE-C, NOT-SSE
    offenders: Tuple[str, ...] = ()  # at most ten keys of objects that are not encrypted, or encrypted with SSE-C
    complete: bool = False
    as_of: Optional[datetime] = None


@dataclass(frozen=True)
class KmsKey:
    """A KMS key as the buckets that use it need it."""

    arn: str
    manager: str  # AWS | CUSTOMER
    state: str  # Enabled | Disabled | PendingDeletion | PendingImport | Unavailable …
    aliases: Fact[Tuple[str, ...]] = NOT_ASKED  # alias/name
    rotation: Fact[bool] = NOT_ASKED
    rotatable: bool = True  # false for imported material, asymmetric keys and custom key stores
    policy: Fact[str] = NOT_ASKED  # raw JSON
    primary: str = ""  # of a multi-Region replica: the ARN of the primary key, whose rotation it has


AWS_MANAGED_KEY = KmsKey(
    arn="", manager="AWS", state="Enabled", aliases=(AWS_MANAGED_ALIAS,), rotation=True, rotatable=True
)
"""The key behind "SSE-KMS without a key id": managed, rotated and kept enabled by AWS, so there is nothing to ask."""


@dataclass(frozen=True)
class BucketFacts:
    """Everything that was asked about one bucket. ``None`` means "not configured", ``Unknown`` "could not be seen"."""

    name: str
    region: str
    account: str
    partition: str = "aws"
    encryption: Fact[Optional[Encryption]] = NOT_ASKED
    policy: Fact[Optional[str]] = NOT_ASKED  # raw JSON text, byte for byte
    policy_is_public: Fact[bool] = NOT_ASKED  # AWS's own verdict; false when there is no policy
    public_access_block: Fact[Optional[PublicAccessBlock]] = NOT_ASKED
    grants: Fact[Tuple[Grant, ...]] = NOT_ASKED
    ownership: Fact[Optional[str]] = NOT_ASKED  # BucketOwnerEnforced | BucketOwnerPreferred | ObjectWriter
    versioning: Fact[Versioning] = NOT_ASKED
    logging: Fact[Optional[Logging]] = NOT_ASKED
    object_lock: Fact[Optional[ObjectLock]] = NOT_ASKED
    lifecycle: Fact[Tuple[LifecycleRule, ...]] = NOT_ASKED
    tags: Fact[Mapping[str, str]] = NOT_ASKED
    website: Fact[bool] = NOT_ASKED
    objects: Fact[ObjectEvidence] = NOT_ASKED
    kms_key: Fact[Optional[KmsKey]] = NOT_ASKED  # None when the default encryption uses no KMS key


@dataclass(frozen=True)
class AccountFacts:
    """The account that is audited."""

    account: str
    partition: str = "aws"
    public_access_block: Fact[Optional[PublicAccessBlock]] = NOT_ASKED


@dataclass(frozen=True)
class Verdict:
    """What one check says of one bucket, before exemptions."""

    status: Status
    message: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One check of one bucket (or of the account, then ``bucket`` is empty)."""

    id: str  # stable: partition:account:bucket:check
    check: str
    bucket: str
    region: str
    account: str
    status: Status
    severity: Severity
    message: str
    evidence: Mapping[str, Any]
    remediation: str
    frameworks: Mapping[str, Sequence[str]]
