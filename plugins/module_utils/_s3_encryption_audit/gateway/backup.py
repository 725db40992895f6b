# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups on their way out and back in: a directory, or a place in S3."""

from __future__ import annotations

import io
import os
import tempfile
from itertools import count
from typing import BinaryIO, Iterator, Optional, Protocol

from ..._common.errors import GatewayError
from ..._common.place import ObjectStore, S3Place, s3_object, s3_place
from ..._state.gateway import write_new
from ..revert import Backup

_DIRECTORY_MODE = 0o700
_MAX_BYTES = 256 << 20  # of a backup that is read: a policy twice for each of 5,000 buckets


class Store(ObjectStore, Protocol):
    """Where ``s3://`` backups lie: a place where nobody takes a name from anybody."""

    def put_new(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> bool:
        """Store an object, wholly or not at all, unless there is one; whether it was stored."""


def probe(place: str, run_id: str, account: str, store: Optional[Store] = None) -> None:
    """Make sure, before the work starts, that a backup can be saved, and leave nothing behind: no directory either.

    :raises Day2Error: naming the place and what is wrong with it.
    """
    name = _name(run_id, account)
    there = s3_place(place)
    if there is not None:
        _needed(store, place).probe(there.bucket, f"{_folder(there)}{name}.json")
        return
    directory = os.path.abspath(os.path.expanduser(place))
    while not os.path.lexists(directory):
        directory = os.path.dirname(directory)  # who may make files in it may make directories too
    try:
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise GatewayError("write backup", place, error.strerror or str(error)) from error


def save(backup: Backup, place: str, store: Optional[Store] = None) -> str:
    """Put a backup where it survives whatever happens next, before the first change is made.

    An earlier backup of the same name, of a run that was ended and begun again, is kept: the new one gets a number, and
    so does that of a run of the same name at the same moment.

    :param place: a directory, made when it is missing, or ``s3://bucket/prefix``.
    :returns: the path or ``s3://`` place of the backup.
    :raises Day2Error: when it cannot be written: then nothing may be changed.
    """
    name = _name(backup.run_id, backup.account)
    there = s3_place(place)
    if there is not None:
        return _save_to_s3(backup, there, name, _needed(store, place))
    directory = os.path.abspath(os.path.expanduser(place))
    try:
        os.makedirs(directory, _DIRECTORY_MODE, exist_ok=True)
    except OSError as error:
        raise GatewayError("write backup", place, error.strerror or str(error)) from error
    paths = (os.path.join(directory, file) for file in _numbered(name))
    return next(path for path in paths if write_new(path, backup.chunks()))


def load(place: str, store: Optional[Store] = None) -> str:
    """The text of a backup.

    :raises Day2Error: when it cannot be read.
    """
    there = s3_object(place)
    if there is not None:
        return b"".join(_needed(store, place).read(there.bucket, there.key)).decode("utf-8", "replace")
    path = os.path.abspath(os.path.expanduser(place))
    try:
        if os.path.getsize(path) > _MAX_BYTES:
            raise GatewayError("read backup", place, f"it is larger than {_MAX_BYTES} bytes")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        raise GatewayError("read backup", place, error.strerror or str(error)) from error


def _save_to_s3(backup: Backup, place: S3Place, name: str, store: Store) -> str:
    data = "".join(backup.chunks()).encode("utf-8")
    bucket, folder = place.bucket, _folder(place)
    keys = (folder + file for file in _numbered(name))
    key = next(key for key in keys if store.put_new(bucket, key, io.BytesIO(data), len(data), "application/json"))
    return str(S3Place(bucket, key))


def _folder(place: S3Place) -> str:
    """What the keys of backups begin with."""
    return place.key if not place.key or place.key.endswith("/") else f"{place.key}/"


def _name(run_id: str, account: str) -> str:
    return f"s3_encryption_audit-{run_id}-{account}"


def _numbered(name: str) -> Iterator[str]:
    """The names of files that a backup may have, in the order in which they are tried."""
    yield f"{name}.json"
    for number in count(2):
        yield f"{name}-{number}.json"


def _needed(store: Optional[Store], place: str) -> Store:
    if store is None:
        raise GatewayError("reach", place, "there is no access to S3 here")
    return store
