# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of buckets and of objects, page by page."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from typing import Dict, List
from urllib.parse import quote
from xml.sax.saxutils import escape

from .buckets import Answer
from .errors import S3Error
from .schema import document
from .store import Bucket, Store, canonical_id
from .wire import HttpRequest

BUCKETS_LIMIT = 10_000
OBJECTS_LIMIT = 1000
_LIST_BUCKETS = {"max-buckets", "continuation-token", "prefix", "bucket-region", "x-id"}
_LIST_OBJECTS = {
    "list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type",
    "fetch-owner", "x-id",
}  # fmt: skip


def iso(moment: object) -> str:
    """A time as S3 writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(b"1" + name.encode()).decode()


def _name(token: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(token)
        if raw[:1] != b"1":
            raise ValueError
        return raw[1:].decode()
    except (ValueError, binascii.Error):
        raise S3Error(
            "InvalidArgument",
            "The continuation token provided is incorrect",
            elements={"ArgumentName": "continuation-token"},
        ) from None


def _number(query: Dict[str, str], name: str, limit: int, least: int) -> int:
    text = query.get(name, str(limit))
    if not text.isdigit() or int(text) < least or (name == "max-buckets" and int(text) > limit):
        raise S3Error(
            "InvalidArgument",
            f"Argument {name} must be an integer between {least} and {limit}",
            elements={"ArgumentName": name, "ArgumentValue": text},
        )
    return min(int(text), limit)


def _known(request: HttpRequest, names: "set[str]") -> None:
    unknown = sorted(set(request.query) - names)
    if unknown:
        raise S3Error("NotImplemented", f"{request.action} with {', '.join(unknown)}")


def list_buckets(store: Store, request: HttpRequest) -> Answer:
    """ListBuckets: the caller's buckets by name.

    As in S3, BucketRegion is told only when the request has at least one parameter.
    """
    query = request.query
    _known(request, _LIST_BUCKETS)
    paged = bool(set(query) - {"x-id"})
    limit = _number(query, "max-buckets", BUCKETS_LIMIT, 1)
    names = store.names(request.account)
    start = bisect_right(names, _name(query["continuation-token"])) if "continuation-token" in query else 0
    prefix, region = query.get("prefix", ""), query.get("bucket-region", "")
    entries: List[str] = []
    more, last = False, ""
    for name in names[start:] if start else names:
        bucket = store.buckets[name]
        if (prefix and not name.startswith(prefix)) or (region and bucket.region != region):
            continue
        if len(entries) == limit:
            more = True
            break
        where = f"<BucketRegion>{bucket.region}</BucketRegion>" if paged else ""
        entries.append(f"<Bucket><Name>{name}</Name><CreationDate>{iso(bucket.created)}</CreationDate>{where}</Bucket>")
        last = name
    inner = f"<Owner><ID>{canonical_id(request.account)}</ID></Owner><Buckets>{''.join(entries)}</Buckets>"
    if more:
        inner += f"<ContinuationToken>{_token(last)}</ContinuationToken>"
    if prefix:
        inner += f"<Prefix>{escape(prefix)}</Prefix>"
    return Answer(body=document("ListAllMyBucketsResult", inner))


def list_objects(bucket: Bucket, request: HttpRequest) -> Answer:
    """ListObjectsV2."""
    query = request.query
    _known(request, _LIST_OBJECTS)
    limit = _number(query, "max-keys", OBJECTS_LIMIT, 0)
    encode = query.get("encoding-type") == "url"
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after = _name(query["continuation-token"]) if "continuation-token" in query else query.get("start-after", "")
    contents: List[str] = []
    prefixes: List[str] = []
    last, more = "", False
    for key in sorted(bucket.objects, key=lambda name: name.encode()):
        if not key.startswith(prefix) or (after and key <= after):
            continue
        head, cut, _unused = key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        common = prefix + head + cut if cut else ""
        if common and (common in prefixes or (after and after.startswith(common))):
            last = key
            continue
        if len(contents) + len(prefixes) == limit:
            more = limit > 0
            break
        last = key
        if common:
            prefixes.append(common)
            continue
        stored = bucket.objects[key]
        owner = f"<Owner><ID>{canonical_id(bucket.account)}</ID></Owner>" if query.get("fetch-owner") == "true" else ""
        contents.append(
            f"<Contents><Key>{_text(key, encode)}</Key><LastModified>{iso(stored.modified)}</LastModified>"
            f"<ETag>&quot;{stored.etag}&quot;</ETag><Size>{len(stored.body)}</Size>{owner}"
            "<StorageClass>STANDARD</StorageClass></Contents>"
        )
    inner = f"<Name>{bucket.name}</Name><Prefix>{_text(prefix, encode)}</Prefix>"
    if "continuation-token" in query:
        inner += f"<ContinuationToken>{escape(query['continuation-token'])}</ContinuationToken>"
    if more:
        inner += f"<NextContinuationToken>{_token(last)}</NextContinuationToken>"
    if "start-after" in query:
        inner += f"<StartAfter>{_text(query['start-after'], encode)}</StartAfter>"
    inner += f"<KeyCount>{len(contents) + len(prefixes)}</KeyCount><MaxKeys>{limit}</MaxKeys>"
    inner += f"<Delimiter>{_text(delimiter, encode)}</Delimiter>" if delimiter else ""
    inner += "<EncodingType>url</EncodingType>" if encode else ""
    inner += f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{''.join(contents)}"
    inner += "".join(f"<CommonPrefixes><Prefix>{_text(one, encode)}</Prefix></CommonPrefixes>" for one in prefixes)
    return Answer(body=document("ListBucketResult", inner))


def _text(text: str, encode: bool) -> str:
    return quote(text, safe="/") if encode else escape(text)
