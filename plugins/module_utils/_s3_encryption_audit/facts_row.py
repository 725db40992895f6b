# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of a bucket as one flat row: the documented columns that custom checks are written over.

A value is text, a number, a flag, a list of texts, or ``null``: known not to be there. What could not be seen is
``UNKNOWN``. ``COLUMNS`` is the documentation: what each column is called, holds and means, and what has to be asked
for it.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from .._where.evaluate import UNKNOWN, Value
from .checks.exposure import public_grants
from .checks.resilience import DAYS_A_YEAR
from .model import AccountFacts, BucketFacts, Fact, Question, Unknown

_Facts = Tuple[BucketFacts, AccountFacts]


class Column(NamedTuple):
    """One column. ``question`` is ``None`` for what is known of every bucket, or of the account."""

    name: str
    type: str  # text | number | flag | list
    meaning: str
    question: Optional[Question]
    fact: Callable[[_Facts], Any]  # what it is read from
    value: Callable[[Any], Value]


def _of(
    question: Optional[Question],
    fact: Callable[[_Facts], Any],
    *columns: Tuple[str, str, str, Callable[[Any], Value]],
) -> Tuple[Column, ...]:
    return tuple(Column(name, kind, meaning, question, fact, value) for name, kind, meaning, value in columns)


COLUMNS: Tuple[Column, ...] = (
    *_of(
        None,
        lambda facts: facts[0],
        ("bucket", "text", "name of the bucket", lambda bucket: bucket.name),
        ("region", "text", "region of the bucket", lambda bucket: bucket.region),
        ("account", "text", "account that was audited", lambda bucket: bucket.account),
        ("partition", "text", "aws, aws-cn, aws-us-gov …", lambda bucket: bucket.partition),
    ),
    *_of(
        Question.ENCRYPTION,
        lambda facts: facts[0].encryption,
        (
            "encryption.algorithm",
            "text",
            "AES256, aws:kms or aws:kms:dsse; null without default encryption",
            lambda it: it and it.algorithm,
        ),
        (
            "encryption.kms_key",
            "text",
            "the KMS key as configured; null for the AWS-managed one, and without KMS",
            lambda it: (it and it.kms_key) or None,
        ),
        (
            "encryption.bucket_key",
            "flag",
            "whether the S3 Bucket Key is on",
            lambda it: it is not None and it.bucket_key,
        ),
        (
            "encryption.blocked",
            "list",
            "encryption types that uploads may not use, such as SSE-C; null when S3 does not say",
            lambda it: it.blocked if it and (it.blocked_known or it.blocked) else None,
        ),
    ),
    *_of(
        Question.KMS_KEY,
        lambda facts: facts[0].kms_key,
        ("kms_key.arn", "text", "ARN of the key; null without KMS", lambda it: it and it.arn),
        ("kms_key.manager", "text", "AWS or CUSTOMER", lambda it: it and it.manager),
        ("kms_key.state", "text", "Enabled, Disabled, PendingDeletion …", lambda it: it and it.state),
        ("kms_key.aliases", "list", "its aliases, as alias/name", lambda it: it and _or_unknown(it.aliases)),
        ("kms_key.rotation", "flag", "whether AWS rotates it", lambda it: it and _or_unknown(it.rotation)),
        ("kms_key.rotatable", "flag", "whether AWS can rotate it", lambda it: it and it.rotatable),
    ),
    *_of(
        Question.POLICY,
        lambda facts: facts[0].policy,
        ("policy.text", "text", "the bucket policy as it stands (JSON); null without one", lambda it: it),
    ),
    *_of(
        Question.POLICY_STATUS,
        lambda facts: facts[0].policy_is_public,
        ("policy.is_public", "flag", "whether AWS calls the policy public", lambda it: it),
    ),
    *_of(
        Question.PUBLIC_ACCESS_BLOCK,
        lambda facts: facts[0].public_access_block,
        *(
            (
                f"public_access_block.{flag}",
                "flag",
                f"{flag} of the bucket itself",
                lambda it, flag=flag: it is not None and getattr(it, flag),
            )
            for flag in ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
        ),
    ),
    *_of(
        None,
        lambda facts: facts[1].public_access_block,
        *(
            (
                f"account_public_access_block.{flag}",
                "flag",
                f"{flag} of the account",
                lambda it, flag=flag: it is not None and getattr(it, flag),
            )
            for flag in ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
        ),
    ),
    *_of(
        Question.ACL,
        lambda facts: facts[0].grants,
        ("acl.grants", "number", "how many grants the ACL has", len),
        ("acl.public", "list", "grants to everybody, such as: READ to AllUsers", public_grants),
    ),
    *_of(
        Question.OWNERSHIP,
        lambda facts: facts[0].ownership,
        (
            "ownership",
            "text",
            "BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter; null when not configured",
            lambda it: it,
        ),
    ),
    *_of(
        Question.VERSIONING,
        lambda facts: facts[0].versioning,
        ("versioning.status", "text", "Enabled or Suspended; null when never enabled", lambda it: it.status or None),
        ("versioning.mfa_delete", "flag", "whether MFA delete is on", lambda it: it.mfa_delete),
    ),
    *_of(
        Question.LOGGING,
        lambda facts: facts[0].logging,
        ("logging.target_bucket", "text", "where access logs go; null without", lambda it: it and it.target_bucket),
        ("logging.target_prefix", "text", "with which prefix; null without", lambda it: it and it.target_prefix),
    ),
    *_of(
        Question.OBJECT_LOCK,
        lambda facts: facts[0].object_lock,
        ("object_lock.enabled", "flag", "whether Object Lock is on", lambda it: it is not None),
        (
            "object_lock.mode",
            "text",
            "GOVERNANCE or COMPLIANCE; null without default retention",
            lambda it: (it and it.mode) or None,
        ),
        (
            "object_lock.days",
            "number",
            "days of default retention, a year being 365; null without",
            lambda it: it.days + it.years * DAYS_A_YEAR if it and it.mode else None,
        ),
    ),
    *_of(
        Question.LIFECYCLE,
        lambda facts: facts[0].lifecycle,
        ("lifecycle.rules", "number", "how many rules there are", len),
        ("lifecycle.enabled_rules", "number", "how many are enabled", lambda it: sum(rule.enabled for rule in it)),
        (
            "lifecycle.actions",
            "list",
            "what enabled rules for the whole bucket do: Expiration, Transition …",
            lambda it: sorted({act for rule in it if rule.enabled and rule.whole_bucket for act in rule.acts}),
        ),
        (
            "lifecycle.abort_multipart_days",
            "number",
            "after how many days incomplete uploads of the whole bucket are aborted; null for never",
            lambda it: min(
                (
                    rule.abort_multipart_days
                    for rule in it
                    if rule.enabled and rule.whole_bucket and rule.abort_multipart_days is not None
                ),
                default=None,
            ),
        ),
    ),
    *_of(
        Question.WEBSITE,
        lambda facts: facts[0].website,
        ("website", "flag", "whether the bucket is served as a website", lambda it: it),
    ),
    *_of(
        Question.OBJECTS,
        lambda facts: facts[0].objects,
        ("objects.source", "text", "sample or inventory", lambda it: it.source),
        ("objects.seen", "number", "objects that were looked at", lambda it: it.seen),
        ("objects.complete", "flag", "whether these are all objects", lambda it: it.complete),
        (
            "objects.encryptions",
            "list",
            "encryptions found: AES256, aws:kms, aws:kms:dsse, SSE-C, NOT-SSE",
            lambda it: sorted(kind for kind, count in it.by_encryption.items() if count),
        ),
    ),
)

TAGS = "tags.*"

_BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}

NAMES: FrozenSet[str] = frozenset((*_BY_NAME, TAGS))
"""What an expression may name, in the form that ``_where.grammar.parse`` takes."""


class Row(Mapping[str, Value]):
    """The facts of one bucket under the names of ``COLUMNS``; values are computed when they are asked for."""

    def __init__(self, bucket: BucketFacts, account: AccountFacts) -> None:
        self._facts = (bucket, account)

    def __getitem__(self, name: str) -> Value:
        column = _BY_NAME.get(name)
        if column is None:
            tags = self._facts[0].tags
            if not name.startswith("tags."):
                raise KeyError(name)
            return UNKNOWN if isinstance(tags, Unknown) else tags.get(name[len("tags.") :])
        fact = column.fact(self._facts)
        return UNKNOWN if isinstance(fact, Unknown) else column.value(fact)

    def __iter__(self) -> Iterator[str]:
        yield from _BY_NAME
        tags = self._facts[0].tags
        if not isinstance(tags, Unknown):
            yield from (f"tags.{key}" for key in tags)

    def __len__(self) -> int:
        return sum(1 for _unused in self)

    def unknown(self, names: Iterable[str]) -> Dict[str, str]:
        """Which of the named columns could not be seen, and why."""
        return {name: self._why(name) for name in names if self[name] is UNKNOWN}

    def _why(self, name: str) -> str:
        column = _BY_NAME.get(name)
        fact = column.fact(self._facts) if column else self._facts[0].tags
        if not isinstance(fact, Unknown):  # seen, but for the one field of the key
            fact = getattr(fact, name.rpartition(".")[2], None)
        return fact.reason if isinstance(fact, Unknown) else "not known"


def row(bucket: BucketFacts, account: AccountFacts) -> Row:
    """The row of a bucket."""
    return Row(bucket, account)


def questions_for(names: Iterable[str]) -> FrozenSet[Question]:
    """What has to be asked of a bucket so that these columns are known. The key is found by the encryption."""
    found: List[Question] = []
    for name in names:
        column = _BY_NAME.get(name)
        question = column.question if column else Question.TAGS
        if question is not None:
            found.append(question)
    if Question.KMS_KEY in found:
        found.append(Question.ENCRYPTION)
    return frozenset(found)


def reads_account(names: Iterable[str]) -> bool:
    """Whether one of these columns is a fact of the account."""
    return any(name.startswith("account_public_access_block.") for name in names)


def _or_unknown(fact: Fact[Value]) -> Value:
    return UNKNOWN if isinstance(fact, Unknown) else fact
