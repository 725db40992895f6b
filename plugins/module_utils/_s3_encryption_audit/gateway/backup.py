# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups on their way out and back in: a directory, or a place in S3."""

from __future__ import annotations

import io
import os
from typing import BinaryIO, Iterator, List, Optional, Protocol

from ..._common.errors import Day2Error, GatewayError
from ..._state.gateway import write_atomically
from ..revert import Backup

_S3 = "s3://"
_DIRECTORY_MODE = 0o700
_MAX_BYTES = 256 << 20  # of a backup that is read: a policy twice for each of 5,000 buckets


class ObjectStore(Protocol):
    """Where ``s3://`` backups lie."""

    def keys(self, bucket: str, prefix: str) -> List[str]:
        """The keys that begin with ``prefix``."""

    def put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> None:
        """Store an object, wholly or not at all."""

    def read(self, bucket: str, key: str) -> Iterator[bytes]:
        """The content of an object."""


def save(backup: Backup, place: str, store: Optional[ObjectStore] = None) -> str:
    """Put a backup where it survives whatever happens next, before the first change is made.

    An earlier backup of the same name, of a run that was ended and begun again, is kept: the new one gets a number.

    :param place: a directory, made when it is missing, or ``s3://bucket/prefix``.
    :returns: the path or ``s3://`` place of the backup.
    :raises GatewayError: when it cannot be written: then nothing may be changed.
    """
    name = f"s3_encryption_audit-{backup.run_id}-{backup.account}"
    if place.startswith(_S3):
        return _save_to_s3(backup, place, name, _needed(store, place))
    directory = os.path.abspath(os.path.expanduser(place))
    try:
        os.makedirs(directory, _DIRECTORY_MODE, exist_ok=True)
        taken = set(os.listdir(directory))
    except OSError as error:
        raise GatewayError("write backup", place, error.strerror or str(error)) from error
    path = os.path.join(directory, _free(name, taken))
    write_atomically(path, backup.chunks())
    return path


def load(place: str, store: Optional[ObjectStore] = None) -> str:
    """The text of a backup.

    :raises GatewayError: when it cannot be read.
    """
    if place.startswith(_S3):
        bucket, _slash, key = place[len(_S3) :].partition("/")
        if not bucket or not key:
            raise Day2Error(f"{place}: s3://bucket/key with the name of an object is expected")
        return b"".join(_needed(store, place).read(bucket, key)).decode("utf-8", "replace")
    path = os.path.abspath(os.path.expanduser(place))
    try:
        if os.path.getsize(path) > _MAX_BYTES:
            raise GatewayError("read backup", place, f"it is larger than {_MAX_BYTES} bytes")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        raise GatewayError("read backup", place, error.strerror or str(error)) from error


def _save_to_s3(backup: Backup, place: str, name: str, store: ObjectStore) -> str:
    bucket, _slash, prefix = place[len(_S3) :].partition("/")
    if not bucket:
        raise GatewayError("write backup", place, "s3://bucket/prefix is expected")
    folder = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    taken = {key[len(folder) :] for key in store.keys(bucket, folder + name)}
    key = folder + _free(name, taken)
    data = "".join(backup.chunks()).encode("utf-8")
    store.put(bucket, key, io.BytesIO(data), len(data), "application/json")
    return f"{_S3}{bucket}/{key}"


def _free(name: str, taken: "set[str]") -> str:
    free, number = f"{name}.json", 2
    while free in taken:
        free, number = f"{name}-{number}.json", number + 1
    return free


def _needed(store: Optional[ObjectStore], place: str) -> ObjectStore:
    if store is None:
        raise GatewayError("reach", place, "there is no access to S3 here")
    return store
