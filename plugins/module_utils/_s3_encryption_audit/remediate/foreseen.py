# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts as planned changes would leave them: check mode judges by them what the real run comes to.

A planned configuration is written as it would be sent, and read as if it had been asked for: there is no second
understanding of any of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, List, Optional, Set

from ..._aws.answer import AnswerError
from ..model import AWS_MANAGED_KEY, AccountFacts, BucketFacts, Encryption, Fact, KmsKey, Question, Unknown
from ..parse import fact_of
from .calls import QUESTIONS
from .documents import encode
from .model import Aspect, Remediation

_NOT_DESCRIBED = Unknown("the key that the bucket is to be given was not described")


class Foreseen:
    """What the changes of a plan would make of an account and its buckets."""

    def __init__(self, changes: Iterable[Remediation], keys: Iterable[KmsKey] = ()) -> None:
        """:param keys: those that buckets may be given."""
        self._keys = {key.arn: key for key in keys}
        self._rotated: Set[str] = set()
        self._block: Optional[Remediation] = None
        self._of_bucket: Dict[str, List[Remediation]] = {}
        for change in changes:
            if change.target.aspect is Aspect.KMS_KEY_ROTATION:
                self._rotated.add(change.target.resource)
            elif change.target.aspect is Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK:
                self._block = change
            else:
                self._of_bucket.setdefault(change.target.resource, []).append(change)

    def account(self, account: AccountFacts) -> AccountFacts:
        """The account afterwards."""
        return account if self._block is None else replace(account, public_access_block=_fact(self._block))

    def bucket(self, bucket: BucketFacts) -> BucketFacts:
        """A bucket afterwards."""
        found: Dict[str, Any] = {
            QUESTIONS[change.target.aspect].value: _fact(change) for change in self._of_bucket.get(bucket.name, ())
        }
        key = bucket.kms_key
        if Question.ENCRYPTION.value in found:
            key = self._key(bucket, found[Question.ENCRYPTION.value])
        if isinstance(key, KmsKey) and key.arn in self._rotated:
            key = replace(key, rotation=True)
        return replace(bucket, **found, kms_key=key)

    def _key(self, bucket: BucketFacts, encryption: Fact[Encryption]) -> Fact[Optional[KmsKey]]:
        if isinstance(encryption, Unknown):
            return encryption
        if not _uses_kms(encryption):
            return None
        before = bucket.encryption
        if isinstance(before, Encryption) and _uses_kms(before) and before.kms_key == encryption.kms_key:
            return bucket.kms_key
        return self._keys.get(encryption.kms_key, _NOT_DESCRIBED) if encryption.kms_key else AWS_MANAGED_KEY


def _uses_kms(encryption: Encryption) -> bool:
    return encryption.algorithm.startswith("aws:kms")


def _fact(change: Remediation) -> Any:
    aspect = change.target.aspect
    try:
        return fact_of(QUESTIONS[aspect], encode(aspect, change.after))
    except AnswerError as error:
        return Unknown(str(error))
