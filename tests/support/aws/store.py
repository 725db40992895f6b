# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fake knows: accounts, the keys that sign for them, buckets and objects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Dict, List, Optional, Tuple

from . import documents

ACCOUNT = "123456789012"  # moto's account too
ACCESS_KEY = "AKIATESTKEY00000000A"
SECRET_KEY = "test-secret-key-of-the-fake"
BORN = datetime(2024, 3, 1, 9, 0, tzinfo=timezone.utc)


def canonical_id(account: str) -> str:
    """The canonical user id of an account: 64 hex digits, always the same for the same account."""
    if account == ACCOUNT:
        return "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"  # moto's too
    return hashlib.sha256(account.encode()).hexdigest()


@dataclass
class Key:
    """Who may sign: a long-lived key, or one of a session when ``token`` is set.

    ``requests`` is the number of requests for which a session is still good (``None``: without end), ``expires`` the
    server time in seconds from which it no longer is.
    """

    account: str
    secret: str
    token: str = ""
    requests: Optional[int] = None
    expires: Optional[float] = None


@dataclass
class StoredObject:
    """One object and the headers that tell how it is encrypted; ``sse`` is empty for one from before 2023."""

    body: bytes
    etag: str
    modified: datetime
    sse: str = "AES256"  # "" | AES256 | aws:kms | aws:kms:dsse
    kms_key: str = ""
    bucket_key: bool = False
    customer_key_md5: str = ""  # SSE-C: base64 MD5 of the customer's key
    content_type: str = "binary/octet-stream"
    metadata: Dict[str, str] = field(default_factory=dict)


class Bucket:
    """One bucket; ``documents`` are the raw sub-resources by the name of their query parameter."""

    __slots__ = ("account", "cache", "created", "denied", "documents", "name", "objects", "region")

    def __init__(self, name: str, region: str, account: str, created: datetime = BORN) -> None:
        self.name = name
        self.region = region
        self.account = account
        self.created = created
        self.documents: Dict[str, bytes] = {
            "encryption": documents.encryption(),
            "ownershipControls": documents.ownership(),
            "publicAccessBlock": documents.public_access_block(),
        }
        self.objects: Dict[str, StoredObject] = {}
        self.denied: Tuple[str, ...] = ()  # globs of actions that answer AccessDenied
        self.cache: Dict[str, bytes] = {}

    def put(self, name: str, document: bytes) -> "Bucket":
        """Store a sub-resource as it is, unchecked; returns itself."""
        self.documents[name] = document
        self.cache.clear()
        return self

    def remove(self, *names: str) -> "Bucket":
        """Forget sub-resources; returns itself."""
        for name in names:
            self.documents.pop(name, None)
        self.cache.clear()
        return self

    def put_object(
        self, key: str, body: bytes = b"", *, sse: str = "AES256", kms_key: str = "", customer_key_md5: str = ""
    ) -> "Bucket":
        """Store an object as it is, unchecked; returns itself."""
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        self.objects[key] = StoredObject(
            body, etag, self.created, sse=sse, kms_key=kms_key, customer_key_md5=customer_key_md5
        )
        return self


class Store:
    """All accounts of the fake; bucket names are unique over all of them, as in AWS."""

    def __init__(self) -> None:
        self.buckets: Dict[str, Bucket] = {}
        self.keys: Dict[str, Key] = {ACCESS_KEY: Key(ACCOUNT, SECRET_KEY)}
        self.account_blocks: Dict[str, bytes] = {}  # public access block documents by account id
        self._names: Dict[str, List[str]] = {}

    def add(self, name: str, region: str = "us-east-1", account: str = ACCOUNT, created: datetime = BORN) -> Bucket:
        """A new bucket with the settings that AWS gives new buckets.

        :raises ValueError: when the name is taken.
        """
        if name in self.buckets:
            raise ValueError(f"bucket {name} exists")
        bucket = self.buckets[name] = Bucket(name, region, account, created)
        self._names.pop(account, None)
        return bucket

    def delete(self, bucket: Bucket) -> None:
        """Forget a bucket."""
        del self.buckets[bucket.name]
        self._names.pop(bucket.account, None)

    def names(self, account: str) -> List[str]:
        """Names of an account's buckets in the order of ListBuckets."""
        names = self._names.get(account)
        if names is None:
            names = sorted(name for name, bucket in self.buckets.items() if bucket.account == account)
            self._names[account] = names
        return names
