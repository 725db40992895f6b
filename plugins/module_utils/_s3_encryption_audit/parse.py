# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of AWS's answers to facts.

Source of the shapes: the API references of Amazon S3, KMS, STS and Organizations. Whatever the bytes, the outcome is
a fact or an :class:`AnswerError`: an answer that cannot be read must become ``unknown``, never a guess. Most
buckets of an account answer most questions with the same bytes, so small answers are parsed once and their facts
shared: treat them as immutable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import unquote_plus

from .._aws.answer import AnswerError, Node, filled_text, flag, json_object, member, number, text_of, xml_root
from .model import (
    Encryption,
    Grant,
    KmsKey,
    LifecycleRule,
    Logging,
    ObjectLock,
    PublicAccessBlock,
    Question,
    Versioning,
)


class BucketEntry(NamedTuple):
    """A bucket in a listing; ``region`` is empty when the endpoint does not tell it."""

    name: str
    region: str


class BucketPage(NamedTuple):
    """One page of ListBuckets; without a token it is the last."""

    entries: Tuple[BucketEntry, ...]
    token: str


class ObjectPage(NamedTuple):
    """One page of ListObjectsV2; without a token it is the last."""

    keys: Tuple[str, ...]
    prefixes: Tuple[str, ...]
    token: str


class AliasPage(NamedTuple):
    """One page of ListAliases, as ``alias/name``; without a marker it is the last."""

    names: Tuple[str, ...]
    marker: str


@dataclass(frozen=True)
class OrganizationAccount:
    """One account of the organisation."""

    id: str
    name: str
    status: str  # ACTIVE | SUSPENDED | PENDING_CLOSURE | CLOSED …


class AccountPage(NamedTuple):
    """One page of ListAccounts; without a token it is the last."""

    accounts: Tuple[OrganizationAccount, ...]
    token: str


# --- sub-resources of a bucket ---------------------------------------------------------------------------------------


def _encryption(body: bytes) -> Encryption:
    rule = xml_root(body, "ServerSideEncryptionConfiguration").find("Rule")
    default = None if rule is None else rule.find("ApplyServerSideEncryptionByDefault")
    if rule is None or default is None:
        raise AnswerError("<ApplyServerSideEncryptionByDefault> is missing")
    blocked = rule.find("BlockedEncryptionTypes")
    types = () if blocked is None else tuple((one.text or "").strip() for one in blocked.findall("EncryptionType"))
    return Encryption(
        algorithm=filled_text(default, "SSEAlgorithm"),
        kms_key=(default.findtext("KMSMasterKeyID") or "").strip(),
        bucket_key=flag(rule, "BucketKeyEnabled"),
        blocked=tuple(name for name in types if name and name != "NONE"),
        blocked_known=blocked is not None,
    )


def _policy(body: bytes) -> str:
    """The policy byte for byte; whether its JSON makes sense is for the judge."""
    if not body.lstrip().startswith(b"{"):
        raise AnswerError("not a policy: the first character is not '{'")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnswerError(f"not UTF-8 ({error})") from error


def _policy_status(body: bytes) -> bool:
    root = xml_root(body, "PolicyStatus")
    text_of(root, "IsPublic")
    return flag(root, "IsPublic")


def _public_access_block(body: bytes) -> PublicAccessBlock:
    root = xml_root(body, "PublicAccessBlockConfiguration")
    return PublicAccessBlock(
        block_public_acls=flag(root, "BlockPublicAcls"),
        ignore_public_acls=flag(root, "IgnorePublicAcls"),
        block_public_policy=flag(root, "BlockPublicPolicy"),
        restrict_public_buckets=flag(root, "RestrictPublicBuckets"),
    )


def _grants(body: bytes) -> Tuple[Grant, ...]:
    listed = xml_root(body, "AccessControlPolicy").find("AccessControlList")
    if listed is None:
        raise AnswerError("<AccessControlList> is missing")
    return tuple(_grant(node) for node in listed.findall("Grant"))


def _grant(node: Node) -> Grant:
    grantee = node.find("Grantee")
    if grantee is None:
        raise AnswerError("<Grantee> is missing in <Grant>")
    who = grantee.findtext("URI") or grantee.findtext("ID") or grantee.findtext("EmailAddress") or ""
    if not who.strip():
        raise AnswerError("<Grantee> names nobody")
    return Grant(who.strip(), filled_text(node, "Permission"))


def _ownership(body: bytes) -> str:
    rule = xml_root(body, "OwnershipControls").find("Rule")
    if rule is None:
        raise AnswerError("<Rule> is missing in <OwnershipControls>")
    return filled_text(rule, "ObjectOwnership")


def _versioning(body: bytes) -> Versioning:
    # The second name is the one of S3's old SOAP interface, which moto gives.
    root = xml_root(body, "VersioningConfiguration", "GetBucketVersioningResponse")
    status = (root.findtext("Status") or "").strip()
    if status not in ("", "Enabled", "Suspended"):
        raise AnswerError(f"<Status> of versioning is {status[:40]!r}")
    return Versioning(status, mfa_delete=(root.findtext("MfaDelete") or "").strip() == "Enabled")


def _logging(body: bytes) -> Optional[Logging]:
    enabled = xml_root(body, "BucketLoggingStatus").find("LoggingEnabled")
    if enabled is None:
        return None
    return Logging(filled_text(enabled, "TargetBucket"), enabled.findtext("TargetPrefix") or "")


def _object_lock(body: bytes) -> Optional[ObjectLock]:
    root = xml_root(body, "ObjectLockConfiguration")
    if (root.findtext("ObjectLockEnabled") or "").strip() != "Enabled":
        return None
    rule = root.find("Rule")
    retention = None if rule is None else rule.find("DefaultRetention")
    if retention is None:
        return ObjectLock()
    days, years = retention.findtext("Days"), retention.findtext("Years")
    return ObjectLock(
        mode=filled_text(retention, "Mode"),
        days=number(days, "Days") if days else 0,
        years=number(years, "Years") if years else 0,
    )


_ACTIONS = ("Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition")


def _lifecycle(body: bytes) -> Tuple[LifecycleRule, ...]:
    return tuple(_lifecycle_rule(rule) for rule in xml_root(body, "LifecycleConfiguration").findall("Rule"))


def _lifecycle_rule(rule: Node) -> LifecycleRule:
    acts: List[str] = [name for name in _ACTIONS if rule.find(name) is not None]
    expiration = rule.find("Expiration")
    if expiration is not None and expiration.find("Days") is None and expiration.find("Date") is None:
        acts[0] = "ExpiredObjectDeleteMarker"  # tidies up markers, and expires no object
    abort = rule.find("AbortIncompleteMultipartUpload")
    return LifecycleRule(
        id=rule.findtext("ID") or "",
        enabled=filled_text(rule, "Status") == "Enabled",
        whole_bucket=_covers_everything(rule),
        abort_multipart_days=None
        if abort is None
        else number(text_of(abort, "DaysAfterInitiation"), "DaysAfterInitiation"),
        acts=tuple(acts),
    )


def _covers_everything(rule: Node) -> bool:
    """Whether neither the old <Prefix> nor a <Filter> narrows the rule; an empty prefix does not."""
    if rule.findtext("Prefix"):
        return False
    limits = rule.find("Filter")
    if limits is None:
        return True
    both = limits.find("And")
    return not any(part.tag != "Prefix" or part.text for part in (limits if both is None else both))


def _tags(body: bytes) -> Mapping[str, str]:
    listed = xml_root(body, "Tagging").find("TagSet")
    if listed is None:
        raise AnswerError("<TagSet> is missing")
    return {text_of(tag, "Key"): text_of(tag, "Value") for tag in listed.findall("Tag")}


def _website(body: bytes) -> bool:
    xml_root(body, "WebsiteConfiguration")
    return True


_SHARED = 4096  # bytes: larger answers are rarely the same, and would make the cache heavy


def _sharing(parser: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    remembered = lru_cache(maxsize=128)(parser)
    return lambda body: remembered(body) if len(body) <= _SHARED else parser(body)


_PARSERS: Dict[Question, Callable[[bytes], Any]] = {
    Question.ENCRYPTION: _sharing(_encryption),
    Question.POLICY: _policy,  # nearly every policy names its bucket
    Question.POLICY_STATUS: _sharing(_policy_status),
    Question.PUBLIC_ACCESS_BLOCK: _sharing(_public_access_block),
    Question.ACL: _sharing(_grants),
    Question.OWNERSHIP: _sharing(_ownership),
    Question.VERSIONING: _sharing(_versioning),
    Question.LOGGING: _sharing(_logging),
    Question.OBJECT_LOCK: _sharing(_object_lock),
    Question.LIFECYCLE: _sharing(_lifecycle),
    Question.TAGS: _sharing(_tags),
    Question.WEBSITE: _sharing(_website),
}

# Error codes that are the answer: "there is none". Everything else that is an error is unknown.
NOT_CONFIGURED: Mapping[Tuple[Question, str], Any] = {
    (Question.ENCRYPTION, "ServerSideEncryptionConfigurationNotFoundError"): None,
    (Question.POLICY, "NoSuchBucketPolicy"): None,
    (Question.POLICY_STATUS, "NoSuchBucketPolicy"): False,
    (Question.PUBLIC_ACCESS_BLOCK, "NoSuchPublicAccessBlockConfiguration"): None,
    (Question.OWNERSHIP, "OwnershipControlsNotFoundError"): None,
    (Question.OBJECT_LOCK, "ObjectLockConfigurationNotFoundError"): None,
    (Question.LIFECYCLE, "NoSuchLifecycleConfiguration"): (),
    (Question.TAGS, "NoSuchTagSet"): {},
    (Question.WEBSITE, "NoSuchWebsiteConfiguration"): False,
}


def fact_of(question: Question, body: bytes) -> Any:
    """The value of the field of ``BucketFacts`` that a question fills, from the body of its answer.

    :raises AnswerError: when the body is not an answer to the question.
    """
    return _PARSERS[question](body)


def account_block(body: bytes) -> PublicAccessBlock:
    """The four flags of the account, as S3 Control gives them.

    :raises AnswerError: when the body is something else.
    """
    return _public_access_block(body)


# --- listings --------------------------------------------------------------------------------------------------------


def bucket_page(body: bytes) -> BucketPage:
    """A page of ListBuckets.

    :raises AnswerError: when the body is something else.
    """
    root = xml_root(body, "ListAllMyBucketsResult")
    listed = root.find("Buckets")
    if listed is None:
        raise AnswerError("<Buckets> is missing")
    entries = [
        BucketEntry(filled_text(node, "Name"), node.findtext("BucketRegion") or "") for node in listed.iter("Bucket")
    ]
    return BucketPage(tuple(entries), root.findtext("ContinuationToken") or "")


def location(body: bytes) -> str:
    """The region that GetBucketLocation tells; two old spellings stand for other names.

    :raises AnswerError: when the body is something else.
    """
    text = (xml_root(body, "LocationConstraint").text or "").strip()
    return {"": "us-east-1", "EU": "eu-west-1"}.get(text, text)


def object_page(body: bytes) -> ObjectPage:
    """A page of ListObjectsV2 that was asked for with ``encoding-type=url``.

    :raises AnswerError: when the body is something else, or says that there is more and not where.
    """
    root = xml_root(body, "ListBucketResult")
    encoded = root.findtext("EncodingType") == "url"
    keys = [text_of(node, "Key") for node in root.findall("Contents")]
    prefixes = [text_of(node, "Prefix") for node in root.findall("CommonPrefixes")]
    token = root.findtext("NextContinuationToken") or ""
    if flag(root, "IsTruncated") and not token:
        raise AnswerError("<NextContinuationToken> is missing")
    if encoded:
        keys, prefixes = [unquote_plus(key) for key in keys], [unquote_plus(prefix) for prefix in prefixes]
    return ObjectPage(tuple(keys), tuple(prefixes), token)


# --- KMS, STS, Organizations -----------------------------------------------------------------------------------------


def described_key(body: bytes) -> KmsKey:
    """What DescribeKey says; aliases, rotation and policy take calls of their own.

    :raises AnswerError: when the body is something else.
    """
    found = member(json_object(body), "KeyMetadata", dict)
    origin, spec = found.get("Origin", "AWS_KMS"), found.get("KeySpec", "SYMMETRIC_DEFAULT")
    return KmsKey(
        arn=member(found, "Arn", str),
        manager=member(found, "KeyManager", str),
        state=member(found, "KeyState", str),
        rotatable=origin == "AWS_KMS" and spec == "SYMMETRIC_DEFAULT",
        primary=_primary(found.get("MultiRegionConfiguration")),
    )


def _primary(regions: Any) -> str:
    """The ARN of the primary key when this key is a replica of it, else nothing."""
    if not isinstance(regions, dict) or regions.get("MultiRegionKeyType") != "REPLICA":
        return ""
    arn: str = member(member(regions, "PrimaryKey", dict), "Arn", str)
    return arn


def rotation(body: bytes) -> bool:
    """What GetKeyRotationStatus says.

    :raises AnswerError: when the body is something else.
    """
    value: bool = member(json_object(body), "KeyRotationEnabled", bool)
    return value


def key_policy(body: bytes) -> str:
    """The policy in GetKeyPolicy's answer, raw.

    :raises AnswerError: when the body is something else.
    """
    value: str = member(json_object(body), "Policy", str)
    return value


def alias_page(body: bytes) -> AliasPage:
    """A page of ListAliases.

    :raises AnswerError: when the body is something else.
    """
    document = json_object(body)
    names = tuple(member(alias, "AliasName", str) for alias in _objects(document, "Aliases"))
    return AliasPage(names, member(document, "NextMarker", str) if document.get("Truncated") else "")


def account_page(body: bytes) -> AccountPage:
    """A page of ListAccounts.

    :raises AnswerError: when the body is something else.
    """
    document = json_object(body)
    accounts = [
        OrganizationAccount(
            member(account, "Id", str),
            str(account.get("Name") or ""),
            # "State" has taken the place of "Status", which AWS retired in September 2026.
            str(account.get("State") or account.get("Status") or ""),
        )
        for account in _objects(document, "Accounts")
    ]
    return AccountPage(tuple(accounts), str(document.get("NextToken") or ""))


def _objects(document: Mapping[str, Any], name: str) -> List[Dict[str, Any]]:
    values = member(document, name, list)
    if not all(isinstance(value, dict) for value in values):
        raise AnswerError(f"{name!r} is no list of objects")
    found: List[Dict[str, Any]] = values
    return found


# --- headers ---------------------------------------------------------------------------------------------------------

NOT_ENCRYPTED, CUSTOMER_KEY = "NOT-SSE", "SSE-C"


def object_encryption(headers: Mapping[str, str]) -> str:
    """How an object is encrypted, by the headers of HeadObject (names in lower case)."""
    if "x-amz-server-side-encryption-customer-algorithm" in headers:
        return CUSTOMER_KEY
    return headers.get("x-amz-server-side-encryption") or NOT_ENCRYPTED
