# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lies at a local path or an ``s3://`` place, in chunks."""

from __future__ import annotations

import os
from typing import Callable, Iterable, Iterator

from ..._common.errors import Day2Error, GatewayError
from ..._common.place import s3_object

ReadObject = Callable[[str, str], Iterable[bytes]]
"""Gives the content of an object by its bucket and key."""

_CHUNK = 1 << 16  # bytes


def content(place: str, read_object: ReadObject, action: str) -> Iterator[bytes]:
    """The bytes at ``place``, as they are asked for.

    :param action: what it is read for, as errors have it: ``read slice``.
    :raises GatewayError: naming the place, when it cannot be read.
    """
    try:
        there = s3_object(place)
    except Day2Error as error:
        raise GatewayError(action, place, "s3://bucket/key with the name of an object is expected") from error
    if there is not None:
        yield from read_object(there.bucket, there.key)
        return
    try:
        with open(os.path.expanduser(place), "rb") as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
    except OSError as error:
        raise GatewayError(action, place, error.strerror or str(error)) from error
