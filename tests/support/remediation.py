# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between facts of buckets and the documents that remediation reads and writes, both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, Mapping, Optional, Tuple

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import parse
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    BucketFacts,
    Encryption,
    Fact,
    KmsKey,
    LifecycleRule,
    Logging,
    PublicAccessBlock,
    Question,
    Unknown,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.documents import encode
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Document,
    Remediation,
    Situation,
    Target,
)

_ANSWERS: Mapping[Aspect, Tuple[Question, str]] = {
    Aspect.POLICY: (Question.POLICY, "policy"),
    Aspect.ENCRYPTION: (Question.ENCRYPTION, "encryption"),
    Aspect.OWNERSHIP: (Question.OWNERSHIP, "ownership"),
    Aspect.VERSIONING: (Question.VERSIONING, "versioning"),
    Aspect.LIFECYCLE: (Question.LIFECYCLE, "lifecycle"),
    Aspect.LOGGING: (Question.LOGGING, "logging"),
    Aspect.PUBLIC_ACCESS_BLOCK: (Question.PUBLIC_ACCESS_BLOCK, "public_access_block"),
}


def situation(
    facts: BucketFacts,
    account: AccountFacts,
    keys: Optional[Mapping[str, Fact[KmsKey]]] = None,
    log_buckets: Tuple[str, ...] = (),
    documents: Optional[Mapping[Aspect, Any]] = None,
) -> Situation:
    """What planning knows of a bucket: its documents say what its facts say, unless ``documents`` says otherwise."""
    found: Dict[Target, Fact[Document]] = {
        Target(aspect, facts.name, facts.region): document
        for aspect, document in {**documents_of(facts), **(documents or {})}.items()
    }
    for key in (facts.kms_key, *(keys or {}).values()):
        if isinstance(key, KmsKey):
            region = key.arn.split(":")[3] if key.arn.count(":") > 4 else ""
            rotation = key.rotation if isinstance(key.rotation, Unknown) else {"KeyRotationEnabled": key.rotation}
            found[Target(Aspect.KMS_KEY_ROTATION, key.arn, region)] = rotation
    return Situation(facts, account, found, keys or {}, log_buckets)


def documents_of(facts: BucketFacts) -> Dict[Aspect, Fact[Document]]:
    """The configuration documents of a bucket with these facts."""
    return {
        aspect: fact if fact is None or isinstance(fact, Unknown) else _document(fact)
        for aspect, (_question, name) in _ANSWERS.items()
        for fact in [getattr(facts, name)]
    }


def _document(fact: Any) -> Document:
    if isinstance(fact, Encryption):
        default = {"SSEAlgorithm": fact.algorithm, **({"KMSMasterKeyID": fact.kms_key} if fact.kms_key else {})}
        rule: Dict[str, Any] = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": fact.bucket_key}
        if fact.blocked_known or fact.blocked:
            rule["BlockedEncryptionTypes"] = {"EncryptionType": list(fact.blocked or ("NONE",))}
        return {"Rule": rule}
    if isinstance(fact, PublicAccessBlock):
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        return {name: name not in fact.missing for name in names}
    if isinstance(fact, Versioning):
        status = {"Status": fact.status} if fact.status else {}
        return {**status, **({"MfaDelete": "Enabled"} if fact.mfa_delete else {})} or None
    if isinstance(fact, Logging):
        return {"LoggingEnabled": {"TargetBucket": fact.target_bucket, "TargetPrefix": fact.target_prefix}}
    if isinstance(fact, tuple):
        return {"Rule": [_rule(rule, number) for number, rule in enumerate(fact)]} if fact else None
    if isinstance(fact, str) and not fact.startswith(("Bucket", "Object")):
        return fact  # a policy
    return {"Rule": {"ObjectOwnership": fact}}


def _rule(rule: LifecycleRule, number: int) -> Document:
    found: Dict[str, Any] = {
        "ID": f"{rule.id}{number}",
        "Filter": {"Prefix": "" if rule.whole_bucket else "logs/"},
        "Status": "Enabled" if rule.enabled else "Disabled",
    }
    if rule.acts or rule.abort_multipart_days is None:
        found["Expiration"] = {"Days": 30}
    if rule.abort_multipart_days is not None:
        found["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule.abort_multipart_days}
    return found


def repaired(facts: BucketFacts, changes: Iterable[Remediation], keys: Mapping[str, Fact[KmsKey]]) -> BucketFacts:
    """The facts of the bucket after the changes, by way of the bytes that are written and read."""
    for change in changes:
        aspect = change.target.aspect
        if aspect is Aspect.KMS_KEY_ROTATION:
            if isinstance(facts.kms_key, KmsKey) and facts.kms_key.arn == change.target.resource:
                facts = replace(facts, kms_key=replace(facts.kms_key, rotation=True))
            continue
        question, name = _ANSWERS[aspect]
        facts = replace(facts, **{name: parse.fact_of(question, encode(aspect, change.after))})
        if aspect is Aspect.ENCRYPTION:
            facts = replace(facts, kms_key=_key_of(facts, keys))
    return facts


def _key_of(facts: BucketFacts, keys: Mapping[str, Fact[KmsKey]]) -> Fact[Optional[KmsKey]]:
    encryption = facts.encryption
    if not isinstance(encryption, Encryption) or not encryption.algorithm.startswith("aws:kms"):
        return None
    for key in keys.values():
        if isinstance(key, KmsKey) and key.arn == encryption.kms_key:
            return key
    return facts.kms_key if encryption.kms_key else KmsKey("", "AWS", "Enabled", ("alias/aws/s3",), True)
