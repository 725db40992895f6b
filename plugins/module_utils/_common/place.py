# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a user wants something to lie: at a local path, or at an ``s3://`` place."""

from __future__ import annotations

from typing import BinaryIO, Iterator, List, NamedTuple, Optional, Protocol

from .errors import Day2Error

_SCHEME = "s3://"


class S3Place(NamedTuple):
    """A place in S3; ``key`` is an object's, or a prefix."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"


def s3_place(place: str) -> Optional[S3Place]:
    """The bucket and the key or prefix of an ``s3://`` place; ``None`` for a local path.

    :raises Day2Error: when no bucket is named.
    """
    if place[: len(_SCHEME)].lower() != _SCHEME:
        return None
    bucket, _slash, key = place[len(_SCHEME) :].partition("/")
    if not bucket:
        raise Day2Error(f"{place}: s3://bucket/key is expected")
    return S3Place(bucket, key)


def s3_object(place: str) -> Optional[S3Place]:
    """The same for the place of one object.

    :raises Day2Error: when no object is named.
    """
    found = s3_place(place)
    if found is not None and (not found.key or found.key.endswith("/")):
        raise Day2Error(f"{place}: s3://bucket/key with the name of an object is expected")
    return found


class ObjectStore(Protocol):
    """Where ``s3://`` places are. How it reaches S3, on which thread or event loop, is its own affair."""

    def probe(self, bucket: str, key: str) -> None:
        """Raise ``GatewayError`` unless an object can be put there."""

    def put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> None:
        """Store the ``size`` bytes of ``file``, which stands at its beginning, or raise ``GatewayError``."""

    def keys(self, bucket: str, prefix: str) -> List[str]:
        """The keys that begin with ``prefix``, in their order."""

    def read(self, bucket: str, key: str) -> Iterator[bytes]:
        """The content of an object in chunks."""
