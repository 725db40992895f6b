# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of remediation: what is changed, what is refused and why, and what planning needs to know."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, FrozenSet, Mapping, Tuple

from ..._common.errors import Day2Error
from ..._common.plan import Change
from ..model import AccountFacts, BucketFacts, Fact, KmsKey
from ..requirements import Requirements

Document = Any
"""A configuration as a JSON value in the shape of the API, the text of a policy, or ``None`` when there is none."""


class RemediationError(Day2Error):
    """A wish that cannot be granted, whatever the buckets are like."""


class Aspect(str, Enum):
    """One configuration that is read and written as a whole, in the order in which a run changes them.

    The policy comes before the public access blocks, because ``BlockPublicPolicy`` refuses to take back a policy that
    is public, even if only a denial was added to it; the account's block, which holds for every bucket, comes last.
    What is reverted goes the other way round for the same reason.
    """

    POLICY = "policy"
    ENCRYPTION = "encryption"
    OWNERSHIP = "ownership"
    VERSIONING = "versioning"
    LIFECYCLE = "lifecycle"
    LOGGING = "logging"
    KMS_KEY_ROTATION = "kms_key_rotation"
    PUBLIC_ACCESS_BLOCK = "public_access_block"
    ACCOUNT_PUBLIC_ACCESS_BLOCK = "account_public_access_block"

    @property
    def rank(self) -> int:
        """Position in the order of changes."""
        return list(Aspect).index(self)


class Risk(str, Enum):
    """Why a remediation is refused. The first four can be allowed once they are seen; no option changes the others."""

    PUBLIC_WEBSITE = "public_website"
    LOG_DELIVERY = "log_delivery"
    CROSS_ACCOUNT_READERS = "cross_account_readers"
    MANAGED_ELSEWHERE = "managed_elsewhere"
    ACL_GRANTS = "acl_grants"  # S3 does not switch ACLs off while one grants something to somebody else
    CHANGED_SINCE = "changed_since"  # reverting would undo somebody else's work
    MFA_REQUIRED = "mfa_required"  # versioning under MFA delete is changed by the root user with the device
    NO_LOG_BUCKET = "no_log_bucket"
    POLICY_TOO_LARGE = "policy_too_large"
    UNKNOWN = "unknown"  # something that decides about a risk could not be seen
    UNREADABLE_POLICY = "unreadable_policy"
    UNUSABLE_KEY = "unusable_key"


ALLOWABLE = (Risk.PUBLIC_WEBSITE, Risk.LOG_DELIVERY, Risk.CROSS_ACCOUNT_READERS, Risk.MANAGED_ELSEWHERE)


@dataclass(frozen=True)
class Concern:
    """A risk that a change would run; ``unseen`` when it is only that nobody could look, which nothing allows."""

    risk: Risk
    message: str
    unseen: bool = False


@dataclass(frozen=True)
class Refusal:
    """A remediation that was asked for and is not made. ``bucket`` is empty for the account's own."""

    bucket: str
    check: str
    risk: Risk
    message: str

    def as_dict(self) -> Dict[str, str]:
        """The refusal as it stands in results."""
        return {"bucket": self.bucket, "check": self.check, "risk": self.risk.value, "message": self.message}


@dataclass(frozen=True)
class Target:
    """One configuration of AWS: ``resource`` is the name of a bucket, the id of an account or the ARN of a key."""

    aspect: Aspect
    resource: str
    region: str


@dataclass(frozen=True)
class Remediation:
    """One change of one target.

    ``bucket`` is empty for an account; of a key it is the bucket whose finding asked for the change first.
    """

    target: Target
    bucket: str
    before: Document
    after: Document
    checks: Tuple[str, ...] = ()
    note: str = ""

    @property
    def reason(self) -> str:
        """Which checks asked for it, and what else there is to know."""
        return "; ".join(text for text in (", ".join(self.checks), self.note) if text)

    @property
    def change(self) -> Change:
        """The change for the plan and its diff, where a policy that S3 gives on one line can be read too."""
        before, after = self._readable(self.before), self._readable(self.after)
        return Change(self.target.resource, self.target.aspect.value, before, after, self.reason)

    def _readable(self, document: Document) -> Document:
        if self.target.aspect is Aspect.POLICY and isinstance(document, str):
            with suppress(ValueError, RecursionError):
                return json.loads(document)
        return document

    def as_dict(self) -> Dict[str, Any]:
        """The change as it stands in a backup."""
        return {
            "bucket": self.bucket,
            "resource": self.target.resource,
            "region": self.target.region,
            "aspect": self.target.aspect.value,
            "checks": list(self.checks),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True)
class Mandate:
    """What a run may repair, to what end, and at which risks. Made by ``plan.mandate``, which validates it."""

    checks: FrozenSet[str]
    requirements: Requirements
    allow_risk: FrozenSet[Risk] = frozenset()


@dataclass(frozen=True)
class Situation:
    """What planning knows of one bucket.

    - ``documents``: what ``plan.targets`` names, as it was just read.
    - ``keys``: for each key of the requirements, by its spelling, the key that it stands for in the bucket's region.
    - ``log_buckets``: the account's buckets of that region that access may be logged to.
    """

    facts: BucketFacts
    account: AccountFacts
    documents: Mapping[Target, Fact[Document]] = field(default_factory=dict)
    keys: Mapping[str, Fact[KmsKey]] = field(default_factory=dict)
    log_buckets: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What planning comes to."""

    remediations: Tuple[Remediation, ...] = ()
    refusals: Tuple[Refusal, ...] = ()
