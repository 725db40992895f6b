# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The slices of a run: one JSON Lines report for each account, in a directory or under a place in S3."""

from __future__ import annotations

import codecs
import os
from typing import Iterable, Iterator, List, Tuple

from ..._aws.gateway.objects import Objects
from ..._common.errors import GatewayError

_S3 = "s3://"
_SUFFIX = ".jsonl"

Slice = Tuple[str, Iterable[str]]


def find_slices(place: str, store: Objects) -> List[str]:
    """The places of the slices in a directory or under an ``s3://`` prefix, sorted.

    A directory that is not there has no slices: the accounts that are missing will say so.

    :raises GatewayError: when it cannot be read.
    """
    if place.startswith(_S3):
        bucket, _slash, prefix = place[len(_S3) :].partition("/")
        keys = store.keys(bucket, f"{prefix.rstrip('/')}/")
        return [f"{_S3}{bucket}/{key}" for key in sorted(keys) if key.endswith(_SUFFIX)]
    directory = os.path.abspath(os.path.expanduser(place))
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GatewayError("list slices in", place, error.strerror or str(error)) from error
    return [os.path.join(directory, name) for name in sorted(names) if name.endswith(_SUFFIX)]


def open_slices(places: Iterable[str], store: Objects) -> Iterator[Slice]:
    """Each slice with its lines, which are read as they are asked for."""
    for place in places:
        yield place, _lines(place, store)


def _lines(place: str, store: Objects) -> Iterator[str]:
    if place.startswith(_S3):
        bucket, _slash, key = place[len(_S3) :].partition("/")
        yield from _decoded(store.read(bucket, key))
        return
    try:
        with open(place, encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise GatewayError("read slice", place, error.strerror or str(error)) from error


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from lines
    if rest:
        yield rest
