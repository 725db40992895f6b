# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The slices of a run: one JSON Lines report for each account, in a directory or under a place in S3."""

from __future__ import annotations

import os
from typing import Iterable, Iterator, List, Tuple

from ..._aws.gateway.content import content
from ..._common.errors import Day2Error, GatewayError
from ..._common.place import ObjectStore, S3Place, s3_place
from ..._report.decode import text_lines

_SUFFIX = ".jsonl"

Slice = Tuple[str, Iterable[str]]


def find_slices(place: str, store: ObjectStore) -> List[str]:
    """The places of the slices in a directory or under an ``s3://`` prefix, sorted.

    A directory that is not there has no slices: the accounts that are missing will say so.

    :raises GatewayError: when it cannot be read.
    """
    try:
        there = s3_place(place)
    except Day2Error as error:
        raise GatewayError("list slices in", place, "s3://bucket/prefix is expected") from error
    if there is not None:
        keys = store.keys(there.bucket, f"{there.key.rstrip('/')}/")
        return [str(S3Place(there.bucket, key)) for key in sorted(keys) if key.endswith(_SUFFIX)]
    directory = os.path.abspath(os.path.expanduser(place))
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GatewayError("list slices in", place, error.strerror or str(error)) from error
    return [os.path.join(directory, name) for name in sorted(names) if name.endswith(_SUFFIX)]


def open_slices(places: Iterable[str], store: ObjectStore) -> Iterator[Slice]:
    """Each slice with its lines, which are read as they are asked for."""
    for place in places:
        yield place, text_lines(content(place, store.read, "read slice"))
