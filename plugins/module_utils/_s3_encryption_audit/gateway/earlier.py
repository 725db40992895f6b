# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings of an earlier report, to compare a run with."""

from __future__ import annotations

import codecs
import os
from itertools import chain
from typing import Any, Callable, Dict, Iterable, Iterator, Mapping, Tuple

from ..._common.errors import Day2Error, GatewayError
from ..._common.verdict import Status
from ..._report import json_document, json_records

ReadObject = Callable[[str], Iterable[bytes]]

SCHEMA = "day2.ops/s3_encryption_audit/1"
_STATUSES = frozenset(status.value for status in Status)
_ACTION = "read the earlier report"
_S3 = "s3://"
_CHUNK = 1 << 16  # bytes


def read_statuses(place: str, read_object: ReadObject) -> Iterator[Tuple[str, str]]:
    """The id and the status of each finding of a JSON or JSON Lines report, one at a time as they are asked for.

    :param place: a local path, or ``s3://bucket/key``.
    :param read_object: gives the content of an ``s3://`` place in chunks.
    :raises GatewayError: when there is no such report, naming the place and the line. Damage further down raises
        when its turn comes.
    """
    chunks = _object(place, read_object) if place.startswith(_S3) else _file(place)
    try:
        yield from _statuses(_lines(chunks))
    except GatewayError:
        raise
    except (Day2Error, RecursionError) as error:
        raise GatewayError(_ACTION, place, str(error)) from error


def _object(place: str, read_object: ReadObject) -> Iterable[bytes]:
    bucket, _slash, key = place[len(_S3) :].partition("/")
    if not bucket or not key:
        raise GatewayError(_ACTION, place, "s3://bucket/key is expected")
    return read_object(place)


def _file(path: str) -> Iterator[bytes]:
    try:
        with open(os.path.expanduser(path), "rb") as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
    except OSError as error:
        raise GatewayError(_ACTION, path, error.strerror or str(error)) from error


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines of text. What is not UTF-8 is no JSON either: the reader says so, with the line."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from lines
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def _statuses(lines: Iterator[str]) -> Iterator[Tuple[str, str]]:
    first = next(lines, None)
    if first is None:
        raise Day2Error("the file is empty")
    lines = chain((first,), lines)
    findings = _records(lines) if first.lstrip().startswith('{"record"') else _document(lines)
    for number, finding in enumerate(findings, 1):
        name, status = finding.get("id"), finding.get("status")
        if not isinstance(name, str) or not name or not isinstance(status, str) or status not in _STATUSES:
            raise Day2Error(f"finding {number}: an id and a status ({', '.join(sorted(_STATUSES))}) are expected")
        yield name, status


def _records(lines: Iterator[str]) -> Iterator[Dict[str, Any]]:
    for kind, record in json_records.read(lines):
        if kind == json_records.RUN:
            _check(record)
        elif kind == json_records.FINDING:
            yield record


def _document(lines: Iterator[str]) -> Iterator[Dict[str, Any]]:
    head, findings = json_document.read(lines)
    _check(head)
    return findings


def _check(head: Mapping[str, Any]) -> None:
    if head.get("schema") != SCHEMA:
        raise Day2Error(f"a report with the schema {SCHEMA} is expected, not {str(head.get('schema'))[:80]!r}")
