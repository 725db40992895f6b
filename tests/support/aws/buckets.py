# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a bucket: what each sub-resource checks, stores and answers."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from typing import Callable, Dict, List, NamedTuple, Optional, Set, Tuple

from . import documents, policy
from .errors import S3Error
from .schema import GROUPS, SCHEMAS, Node, nodes_of, parse, text_of, write
from .store import Bucket, Store, canonical_id
from .wire import HttpRequest


class Answer(NamedTuple):
    """What an operation answers."""

    status: int = 200
    body: bytes = b""
    headers: Tuple[Tuple[str, str], ...] = ()
    content_type: str = "application/xml"


class SubResource(NamedTuple):
    """One sub-resource: its actions (empty: there is none) and the error when it is not configured."""

    get: str
    put: str = ""
    delete: str = ""
    missing: str = ""
    put_status: int = 200


SUBRESOURCES: Dict[str, SubResource] = {
    "acl": SubResource("GetBucketAcl", "PutBucketAcl"),
    "encryption": SubResource(
        "GetBucketEncryption",
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    "lifecycle": SubResource(
        "GetBucketLifecycleConfiguration",
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        "NoSuchLifecycleConfiguration",
    ),
    "location": SubResource("GetBucketLocation"),
    "logging": SubResource("GetBucketLogging", "PutBucketLogging"),
    "object-lock": SubResource(
        "GetObjectLockConfiguration", "PutObjectLockConfiguration", "", "ObjectLockConfigurationNotFoundError"
    ),
    "ownershipControls": SubResource(
        "GetBucketOwnershipControls",
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        "OwnershipControlsNotFoundError",
    ),
    "policy": SubResource("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "NoSuchBucketPolicy", 204),
    "policyStatus": SubResource("GetBucketPolicyStatus"),
    "publicAccessBlock": SubResource(
        "GetPublicAccessBlock",
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
    ),
    "tagging": SubResource("GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging", "NoSuchTagSet", 204),
    "versioning": SubResource("GetBucketVersioning", "PutBucketVersioning"),
    "website": SubResource("GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite", "NoSuchWebsiteConfiguration"),
}

_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")
_DIGESTS: Dict[str, Callable[[bytes], bytes]] = {
    "content-md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}


def check_digests(request: HttpRequest, required: bool) -> None:
    """Nothing when the body has the digests that its headers give.

    :param required: whether S3 insists on one for this action.
    :raises S3Error: InvalidRequest, InvalidDigest or BadDigest.
    """
    given = [name for name in request.headers if name in _DIGESTS or name.startswith("x-amz-checksum-")]
    if required and not given:
        raise S3Error("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    for name in given:
        digest = _DIGESTS.get(name)
        if digest is None:
            continue
        try:
            value = base64.b64decode(request.headers[name], validate=True)
        except ValueError:
            raise S3Error("InvalidDigest") from None
        if value != digest(request.body):
            raise S3Error("BadDigest")


def valid_name(name: str) -> bool:
    """Whether S3 would create a bucket of that name today."""
    return _NAME.fullmatch(name) is not None


# --- reading ---------------------------------------------------------------------------------------------------------


def read(bucket: Bucket, name: str) -> Tuple[bytes, str]:
    """Document of a sub-resource and its content type.

    :raises S3Error: when it is not configured.
    """
    stored = bucket.documents.get(name)
    if name == "policy" and stored is not None:
        return stored, "application/json"
    if name == "policyStatus":
        if "policy" not in bucket.documents:
            raise S3Error("NoSuchBucketPolicy", elements={"BucketName": bucket.name})
        stored = stored or documents.policy_status(policy.is_public(bucket.documents["policy"]))
    if stored is None:
        missing = SUBRESOURCES[name].missing
        if missing:
            raise S3Error(missing, elements={"BucketName": bucket.name})
        stored = _nothing(bucket, name)
    return stored, "application/xml"


def _nothing(bucket: Bucket, name: str) -> bytes:
    if name == "acl":
        return documents.acl(canonical_id(bucket.account))
    if name == "location":
        return documents.location(bucket.region)
    return documents.versioning() if name == "versioning" else documents.logging()


# --- writing ---------------------------------------------------------------------------------------------------------


def put(store: Store, bucket: Bucket, name: str, request: HttpRequest) -> Answer:
    """Check and store a sub-resource.

    :raises S3Error: when S3 would refuse it.
    """
    check_digests(request, required=True)
    if name == "policy":
        _put_policy(store, bucket, request.body)
    elif name == "acl":
        _put_acl(store, bucket, request)
    else:
        schema = SCHEMAS[name]
        root = parse(request.body, schema)
        bucket.put(name, _CHECKS[name](store, bucket, request, root) or write(root, schema))
    return Answer(SUBRESOURCES[name].put_status)


def remove(bucket: Bucket, name: str) -> Answer:
    """Forget a sub-resource; encryption falls back to SSE-S3, but what is not there is no error."""
    bucket.remove(name)
    if name == "encryption":
        bucket.put(name, documents.encryption())
    return Answer(204)


def _flags(document_: Optional[bytes]) -> Set[str]:
    text = (document_ or b"").decode()
    return set(re.findall(r"<(\w+)>true</", text))


def blocks(store: Store, bucket: Bucket) -> Set[str]:
    """Flags of the public access block in force: the bucket's and the account's joined."""
    return _flags(bucket.documents.get("publicAccessBlock")) | _flags(store.account_blocks.get(bucket.account))


def _put_policy(store: Store, bucket: Bucket, text: bytes) -> None:
    policy.check(text, bucket.name)
    if policy.is_public(text) and "BlockPublicPolicy" in blocks(store, bucket):
        raise S3Error(
            "AccessDenied",
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the "
            "BlockPublicPolicy setting in S3 Block Public Access.",
        )
    bucket.put("policy", text)


_CANNED: Dict[str, Tuple[Tuple[str, str], ...]] = {
    "private": (),
    "public-read": (("AllUsers", "READ"),),
    "public-read-write": (("AllUsers", "READ"), ("AllUsers", "WRITE")),
    "authenticated-read": (("AuthenticatedUsers", "READ"),),
    "log-delivery-write": (("LogDelivery", "WRITE"), ("LogDelivery", "READ_ACP")),
}


def enforced(bucket: Bucket) -> bool:
    """Whether ACLs are switched off for the bucket."""
    return b"BucketOwnerEnforced" in bucket.documents.get("ownershipControls", b"")


def _put_acl(store: Store, bucket: Bucket, request: HttpRequest) -> None:
    canned = request.headers.get("x-amz-acl")
    owner = canonical_id(bucket.account)
    if any(name.startswith("x-amz-grant-") for name in request.headers):
        raise S3Error("NotImplemented", "x-amz-grant-* headers")
    if canned is not None:
        if canned not in _CANNED:
            raise S3Error("InvalidArgument", elements={"ArgumentName": "x-amz-acl", "ArgumentValue": canned})
        new = documents.acl(owner, _CANNED[canned])
    else:
        root = parse(request.body, SCHEMAS["acl"], "MalformedACLError")
        if text_of(root, "Owner/ID") != owner:
            raise S3Error("AccessDenied")
        new = write(root, SCHEMAS["acl"])
    if enforced(bucket) and new != documents.acl(owner):
        raise S3Error("AccessControlListNotSupported")
    public = GROUPS["AllUsers"].encode() in new or GROUPS["AuthenticatedUsers"].encode() in new
    if public and "BlockPublicAcls" in blocks(store, bucket):
        raise S3Error("AccessDenied")
    bucket.put("acl", new)


def _encryption(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    rules = nodes_of(root, "Rule")
    if len(rules) != 1:
        raise S3Error("MalformedXML")
    algorithm = text_of(root, "Rule/ApplyServerSideEncryptionByDefault/SSEAlgorithm")
    key = text_of(root, "Rule/ApplyServerSideEncryptionByDefault/KMSMasterKeyID")
    blocked = [node.text or "" for node in nodes_of(root, "Rule/BlockedEncryptionTypes/EncryptionType")]
    if key is not None and algorithm == "AES256":
        raise S3Error(
            "InvalidArgument",
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
        )
    if "NONE" in blocked and len(blocked) > 1:
        raise S3Error("MalformedXML")
    bucket_key = text_of(root, "Rule/BucketKeyEnabled") == "true"
    return documents.encryption(algorithm or "AES256", key or "", bucket_key, tuple(blocked))


def _public_access_block(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    return documents.public_access_block(*flags_of(root))


def flags_of(root: Node) -> Tuple[bool, bool, bool, bool]:
    """The four flags of a document; what is left out is off."""
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    first, second, third, fourth = (text_of(root, name) == "true" for name in names)
    return first, second, third, fourth


def _ownership(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    owner = canonical_id(bucket.account)
    current = bucket.documents.get("acl", documents.acl(owner))
    if text_of(root, "Rule/ObjectOwnership") == "BucketOwnerEnforced" and current != documents.acl(owner):
        raise S3Error("InvalidBucketAclWithObjectOwnership")
    return None


def _versioning(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    stored = bucket.documents.get("versioning", b"").decode()
    mfa = re.search(r"<MfaDelete>(\w+)</", stored)
    before = mfa[1] if mfa else ""
    asked = text_of(root, "MfaDelete")
    status = text_of(root, "Status") or ""
    if not status:
        raise S3Error("IllegalVersioningConfigurationException", "The Versioning element must be specified", 400)
    moved = (asked or before or "Disabled") != (before or "Disabled")
    if (moved or before == "Enabled") and "x-amz-mfa" not in request.headers:
        raise S3Error("AccessDenied", "Mfa Authentication must be used for this request")
    if status == "Suspended" and "object-lock" in bucket.documents:
        raise S3Error(
            "InvalidBucketState",
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
        )
    return documents.versioning(status, asked or before)


def _logging(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    target = text_of(root, "LoggingEnabled/TargetBucket")
    if target is None:
        return documents.logging()
    found = store.buckets.get(target)
    if found is None or found.account != bucket.account:
        raise S3Error("InvalidTargetBucketForLogging", elements={"TargetBucket": target})
    if found.region != bucket.region:
        raise S3Error(
            "CrossLocationLoggingProhibitted",  # S3 spells it so
            "Cross S3 location logging not allowed.",
            403,
        )
    return None


def _object_lock(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    if b"<Status>Enabled</Status>" not in bucket.documents.get("versioning", b""):
        raise S3Error(
            "InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        )
    days, years = text_of(root, "Rule/DefaultRetention/Days"), text_of(root, "Rule/DefaultRetention/Years")
    has_rule = bool(nodes_of(root, "Rule"))
    if text_of(root, "ObjectLockEnabled") is None or (has_rule and (days is None) == (years is None)):
        raise S3Error("MalformedXML")
    if has_rule and int(days or years or "0") <= 0:
        raise S3Error("InvalidArgument", "Default retention period must be a positive integer value.")
    return None


def _lifecycle(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    rules = nodes_of(root, "Rule")
    seen: List[str] = []
    for number, rule in enumerate(rules):
        actions = ("Transition", "Expiration", "NoncurrentVersionTransition", "NoncurrentVersionExpiration")
        if not any(nodes_of(rule, name) for name in (*actions, "AbortIncompleteMultipartUpload")):
            raise S3Error("InvalidRequest", "At least one action needs to be specified in a rule")
        if bool(nodes_of(rule, "Filter")) == bool(nodes_of(rule, "Prefix")):
            raise S3Error("MalformedXML")
        ids = nodes_of(rule, "ID")
        if not ids or not ids[0].text:
            # S3 names a rule without an ID itself; ours is made of its content, so that a run can be repeated.
            digest = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
            named = ids[0] if ids else type(rule)("ID")
            named.text = f"{digest[:28]}{number:04d}"
            if not ids:
                rule.insert(0, named)
        seen.append(text_of(rule, "ID") or "")
    if len(set(seen)) != len(seen):
        raise S3Error("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
    return None


def _tagging(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    keys = [node.text or "" for node in nodes_of(root, "TagSet/Tag/Key")]
    values = [node.text or "" for node in nodes_of(root, "TagSet/Tag/Value")]
    if len(set(keys)) != len(keys):
        raise S3Error("InvalidTag", "Cannot provide multiple Tags with the same key")
    if any(key.lower().startswith("aws:") for key in keys):
        raise S3Error("InvalidTag", "System tags cannot be added/updated by requester")
    if any(not key or len(key) > 128 for key in keys):
        raise S3Error("InvalidTag", "The TagKey you have provided is invalid")
    if any(len(value) > 256 for value in values):
        raise S3Error("InvalidTag", "The TagValue you have provided is invalid")
    if len(keys) > 50:
        raise S3Error("BadRequest", "Bucket tag count cannot be greater than 50", 400)
    return None


def _website(store: Store, bucket: Bucket, request: HttpRequest, root: Node) -> Optional[bytes]:
    if bool(nodes_of(root, "RedirectAllRequestsTo")) == bool(nodes_of(root, "IndexDocument")):
        raise S3Error("InvalidArgument", "A value for IndexDocument Suffix must be provided if not redirecting")
    return None


_Check = Callable[[Store, Bucket, HttpRequest, Node], Optional[bytes]]
_CHECKS: Dict[str, _Check] = {
    "encryption": _encryption,
    "lifecycle": _lifecycle,
    "logging": _logging,
    "object-lock": _object_lock,
    "ownershipControls": _ownership,
    "publicAccessBlock": _public_access_block,
    "tagging": _tagging,
    "versioning": _versioning,
    "website": _website,
}


# --- the bucket itself -----------------------------------------------------------------------------------------------


def create(store: Store, request: HttpRequest, blocked: Tuple[str, ...]) -> Answer:
    """CreateBucket; ``blocked`` are the encryption types that new buckets block.

    :raises S3Error: when S3 would refuse it.
    """
    name, region = request.bucket, request.region
    if not valid_name(name):
        raise S3Error("InvalidBucketName", elements={"BucketName": name})
    asked = None
    if request.body:
        asked = text_of(parse(request.body, SCHEMAS["location"]), "LocationConstraint")
    if asked is None and region not in ("us-east-1", "aws-global"):
        raise S3Error(
            "IllegalLocationConstraintException",
            "The unspecified location constraint is incompatible for the region specific endpoint this request "
            "was sent to.",
        )
    if asked == "us-east-1":
        raise S3Error("InvalidLocationConstraint", elements={"LocationConstraint": asked})
    if asked is not None and region != "us-east-1" and asked != region:
        raise S3Error(
            "IllegalLocationConstraintException",
            f"The {asked} location constraint is incompatible for the region specific endpoint this request "
            "was sent to.",
        )
    existing = store.buckets.get(name)
    if existing is not None:
        mine = existing.account == request.account
        if mine and existing.region == "us-east-1":
            return Answer(headers=(("Location", f"/{name}"),))  # legacy behaviour of us-east-1
        raise S3Error("BucketAlreadyOwnedByYou" if mine else "BucketAlreadyExists", elements={"BucketName": name})
    bucket = store.add(name, asked or "us-east-1", request.account)
    if blocked:
        bucket.put("encryption", documents.encryption("AES256", "", False, blocked))
    if "x-amz-object-ownership" in request.headers:
        bucket.put("ownershipControls", documents.ownership(request.headers["x-amz-object-ownership"]))
    if request.headers.get("x-amz-bucket-object-lock-enabled", "").lower() == "true":
        bucket.put("versioning", documents.versioning("Enabled")).put("object-lock", documents.object_lock())
    canned = request.headers.get("x-amz-acl", "private")
    if canned != "private":
        store.delete(bucket)
        raise S3Error("InvalidBucketAclWithObjectOwnership")
    return Answer(headers=(("Location", f"/{name}"),))
