# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The default encryption as it should be: one document for all the checks that ask for a part of it."""

from __future__ import annotations

from typing import AbstractSet, Any, FrozenSet, List, Mapping, Optional, Tuple, Union

from ..keyname import parse_key_name
from ..model import BucketFacts, Fact, KmsKey, Unknown
from ..requirements import ALGORITHMS, Requirements
from .documents import rule_of
from .model import Concern, Document, Risk

KEY_CHECKS: FrozenSet[str] = frozenset(("default_encryption", "encryption_algorithm", "kms_key"))
"""The checks whose remediation may bring another key into play, with the risks of that."""

_KMS = ALGORITHMS[1:]
Keys = Mapping[str, Fact[KmsKey]]


def algorithm_of(encryption: Document) -> str:
    """The algorithm of a default encryption; empty when there is none."""
    default = rule_of(encryption).get("ApplyServerSideEncryptionByDefault")
    return str(default.get("SSEAlgorithm", "")) if isinstance(default, dict) else ""


def key_of(encryption: Document) -> str:
    """The KMS key of a default encryption as it is spelled; empty when none is named."""
    default = rule_of(encryption).get("ApplyServerSideEncryptionByDefault")
    return str(default.get("KMSMasterKeyID", "")) if isinstance(default, dict) else ""


def uses_kms(encryption: Document) -> bool:
    """Whether new objects are encrypted under a KMS key."""
    return algorithm_of(encryption) in _KMS


def may_change_key(checks: AbstractSet[str], requirements: Requirements) -> bool:
    """Whether a repair can bring another KMS key into play at all: only then its risks have to be looked at."""
    wants_key = "kms_key" in checks and bool(requirements.kms_keys or requirements.customer_managed)
    return bool(checks & KEY_CHECKS) and (wants_key or "AES256" not in requirements.algorithms)


def changes_key(before: Document, after: Document) -> bool:
    """Whether whoever reads new objects needs a right that the old ones did not ask for."""
    return uses_kms(after) and (not uses_kms(before) or key_of(before) != key_of(after))


def repaired(
    before: Document, asked: AbstractSet[str], requirements: Requirements, bucket: BucketFacts, keys: Keys
) -> Tuple[Document, List[Concern]]:
    """The default encryption with what the ``asked`` checks require; every other field stays as it is.

    What becomes SSE-KMS only now is made wholly as the policy requires, bucket key and key included: a repair must
    not make findings of its own.
    """
    rule = rule_of(before)
    if before is not None and not rule:
        text = "the default encryption has more than the one rule that is known, and is left alone"
        return before, [Concern(Risk.UNKNOWN, text)]
    old = algorithm_of(before)
    # Without a default S3 encrypts with AES256.
    default = {"SSEAlgorithm": "AES256", **rule.get("ApplyServerSideEncryptionByDefault", {})}
    concerns: List[Concern] = []
    if asked & KEY_CHECKS:
        algorithm = _algorithm(old, asked, requirements)
        default = {**default, "SSEAlgorithm": algorithm}
        if algorithm not in _KMS:
            default.pop("KMSMasterKeyID", None)  # S3 takes none there
        elif "kms_key" in asked or old not in _KMS:
            key = _usable(requirements, bucket, keys)
            if isinstance(key, Concern):
                concerns.append(key)
            elif key is not None:
                default["KMSMasterKeyID"] = key.arn
    rule["ApplyServerSideEncryptionByDefault"] = default
    new = default["SSEAlgorithm"]
    if new == "aws:kms" and ("bucket_key" in asked or old != new):
        rule["BucketKeyEnabled"] = requirements.bucket_key
    elif new == "aws:kms:dsse" and old != new:
        rule["BucketKeyEnabled"] = False  # there are none for DSSE-KMS
    if "sse_c_blocked" in asked:
        rule["BlockedEncryptionTypes"] = {"EncryptionType": _blocked(rule)}
    return {**(before or {}), "Rule": rule}, concerns


def _algorithm(old: str, asked: AbstractSet[str], requirements: Requirements) -> str:
    """The least acceptable algorithm, or the one in use when it will do."""
    needs_key = "kms_key" in asked
    if old and "encryption_algorithm" not in asked and (old in _KMS or not needs_key):
        return old
    acceptable = [
        name for name in ALGORITHMS if name in requirements.algorithms and not (needs_key and name == "AES256")
    ]
    if old in acceptable:
        return old
    return acceptable[0] if acceptable else "aws:kms"


def _blocked(rule: Mapping[str, Any]) -> List[str]:
    types = rule.get("BlockedEncryptionTypes")
    named = types.get("EncryptionType", []) if isinstance(types, dict) else []
    return [*(name for name in named if name not in ("NONE", "SSE-C")), "SSE-C"]


def _usable(requirements: Requirements, bucket: BucketFacts, keys: Keys) -> Union[KmsKey, Concern, None]:
    """The first required key that the bucket can use; ``None`` when no particular key is required."""
    if not requirements.kms_keys and not requirements.customer_managed:
        return None
    if not requirements.kms_keys:
        text = "a customer-managed key is required and none is named: name it in policy.kms_keys"
        return Concern(Risk.UNUSABLE_KEY, text)
    problems: List[str] = []
    for name in requirements.kms_keys:
        key = keys.get(name.text, Unknown("it was not described"))
        problem = _problem(key, requirements, bucket)
        if problem is None and isinstance(key, KmsKey):
            return key
        problems.append(f"{name.text}: {problem}")
    return Concern(Risk.UNUSABLE_KEY, f"no required KMS key can be used in {bucket.region} ({'; '.join(problems)})")


def _problem(key: Fact[KmsKey], requirements: Requirements, bucket: BucketFacts) -> Optional[str]:
    if isinstance(key, Unknown):
        return key.reason
    if key.state != "Enabled":
        return f"it is in the state {key.state}"
    if requirements.customer_managed and key.manager == "AWS":
        return "it is AWS-managed"
    name = parse_key_name(key.arn)
    if name is None or name.region != bucket.region:
        return f"it is not in the bucket's region ({key.arn})"
    return None
