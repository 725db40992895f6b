# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects: put, get, head, delete, and the headers that tell how they are encrypted."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Dict, List, Tuple

from .buckets import Answer, check_digests
from .errors import S3Error
from .store import Bucket, StoredObject
from .wire import BadRequest, HttpRequest, read_chunked

_SSE = "x-amz-server-side-encryption"
_CUSTOMER = f"{_SSE}-customer-algorithm"
_UNSUPPORTED_PUT = ("x-amz-copy-source", "x-amz-tagging", "x-amz-object-lock-mode", "x-amz-website-redirect-location")


def _default_encryption(bucket: Bucket) -> Tuple[str, str, bool]:
    text = bucket.documents.get("encryption", b"").decode()
    algorithm = re.search(r"<SSEAlgorithm>([^<]+)<", text)
    key = re.search(r"<KMSMasterKeyID>([^<]+)<", text)
    bucket_key = "<BucketKeyEnabled>true<" in text
    return algorithm[1] if algorithm else "AES256", key[1] if key else "", bucket_key


def _key_arn(bucket: Bucket, key: str) -> str:
    """A key as the answer of PutObject names it; without a key it is the AWS-managed one."""
    if key.startswith("arn:"):
        return key
    where = f"arn:aws:kms:{bucket.region}:{bucket.account}"
    return f"{where}:{key}" if key.startswith("alias/") else f"{where}:key/{key or 'aws-s3'}"


def _customer_key(headers: Dict[str, str]) -> str:
    """MD5 of the customer's key that the request brings, or nothing.

    :raises S3Error: when the three headers do not belong together.
    """
    if _CUSTOMER not in headers:
        return ""
    md5 = headers.get(f"{_SSE}-customer-key-md5", "")
    try:
        key = base64.b64decode(headers.get(f"{_SSE}-customer-key", ""), validate=True)
    except ValueError:
        key = b""
    if headers[_CUSTOMER] != "AES256" or len(key) != 32:
        raise S3Error("InvalidArgument", "The secret key was invalid for the specified algorithm.")
    if base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode() != md5:
        raise S3Error("InvalidArgument", "The calculated MD5 hash of the key did not match the hash that was provided.")
    return md5


def _headers(stored: StoredObject) -> List[Tuple[str, str]]:
    if stored.customer_key_md5:
        return [(_CUSTOMER, "AES256"), (f"{_SSE}-customer-key-MD5", stored.customer_key_md5)]
    found = [(_SSE, stored.sse)] if stored.sse else []
    if stored.kms_key:
        found.append((f"{_SSE}-aws-kms-key-id", stored.kms_key))
    if stored.bucket_key:
        found.append((f"{_SSE}-bucket-key-enabled", "true"))
    return found


def put(bucket: Bucket, request: HttpRequest, now: float) -> Answer:
    """PutObject.

    :raises S3Error: when S3 would refuse it.
    """
    headers = request.headers
    unsupported = [name for name in _UNSUPPORTED_PUT if name in headers]
    if unsupported:
        raise S3Error("NotImplemented", f"PutObject with {unsupported[0]}")
    if "aws-chunked" in headers.get("content-encoding", ""):
        request.body = _unwrap(request.body, headers)
    check_digests(request, required=False)
    etag = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
    existing = bucket.objects.get(request.key)
    if headers.get("if-none-match") == "*" and existing is not None:
        raise S3Error("PreconditionFailed", elements={"Condition": "If-None-Match"})
    if "if-match" in headers and (existing is None or headers["if-match"].strip('"') != existing.etag):
        raise S3Error("PreconditionFailed" if existing else "NoSuchKey", elements={"Condition": "If-Match"})
    stored = _encrypted(bucket, headers, StoredObject(request.body, etag, datetime.fromtimestamp(now, timezone.utc)))
    stored.content_type = headers.get("content-type", stored.content_type)
    stored.metadata = {name: value for name, value in headers.items() if name.startswith("x-amz-meta-")}
    bucket.objects[request.key] = stored
    return Answer(headers=(("ETag", f'"{etag}"'), *_headers(stored)))


def _encrypted(bucket: Bucket, headers: Dict[str, str], stored: StoredObject) -> StoredObject:
    stored.customer_key_md5 = _customer_key(headers)
    if stored.customer_key_md5:
        if b"<EncryptionType>SSE-C<" in bucket.documents.get("encryption", b""):
            raise S3Error(
                "AccessDenied",
                "SSE-C is blocked by the default encryption configuration of this bucket (blocked types).",
            )
        stored.sse = ""
        return stored
    algorithm, key, bucket_key = _default_encryption(bucket)
    if _SSE in headers:
        if headers[_SSE] not in ("AES256", "aws:kms", "aws:kms:dsse"):
            raise S3Error("InvalidArgument", "The encryption method specified is not supported")
        if headers[_SSE] != algorithm:
            key = ""
        algorithm = headers[_SSE]
        key = headers.get(f"{_SSE}-aws-kms-key-id", key)
    stored.sse = algorithm
    if algorithm != "AES256":
        stored.kms_key = _key_arn(bucket, key)
        asked = headers.get(f"{_SSE}-bucket-key-enabled")
        stored.bucket_key = algorithm == "aws:kms" and (bucket_key if asked is None else asked.lower() == "true")
    return stored


def _unwrap(body: bytes, headers: Dict[str, str]) -> bytes:
    """The payload inside aws-chunked framing."""
    try:
        chunked = read_chunked(bytearray(body), 0)
    except BadRequest:
        chunked = None
    if chunked is None or len(chunked[0]) != int(headers.get("x-amz-decoded-content-length", "-1")):
        raise S3Error("IncompleteBody")
    return chunked[0]


def get(bucket: Bucket, request: HttpRequest) -> Answer:
    """GetObject and HeadObject: the caller leaves the body out for the latter.

    :raises S3Error: when there is no such object, or it needs a key that the request does not bring.
    """
    stored = bucket.objects.get(request.key)
    if stored is None:
        raise S3Error("NoSuchKey", elements={"Key": request.key})
    if "range" in request.headers:
        raise S3Error("NotImplemented", f"{request.action} with a range")
    given = _customer_key(request.headers)
    if stored.customer_key_md5 and not given:
        raise S3Error(
            "InvalidRequest",
            "The object was stored using a form of Server Side Encryption. "
            "The correct parameters must be provided to retrieve the object.",
        )
    if given != stored.customer_key_md5:
        raise S3Error("AccessDenied" if stored.customer_key_md5 else "InvalidRequest")
    condition = request.headers.get("if-match")
    if condition is not None and condition.strip('"') != stored.etag:
        raise S3Error("PreconditionFailed", elements={"Condition": "If-Match"})
    headers: List[Tuple[str, str]] = [
        ("Last-Modified", format_datetime(stored.modified, usegmt=True)),
        ("ETag", f'"{stored.etag}"'),
        ("Accept-Ranges", "bytes"),
        *_headers(stored),
        *stored.metadata.items(),
    ]
    return Answer(200, stored.body, tuple(headers), stored.content_type)


def delete(bucket: Bucket, request: HttpRequest) -> Answer:
    """DeleteObject: what is not there is no error."""
    bucket.objects.pop(request.key, None)
    return Answer(204)
