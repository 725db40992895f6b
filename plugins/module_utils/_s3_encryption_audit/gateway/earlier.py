# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings of an earlier report, to compare a run with."""

from __future__ import annotations

from itertools import chain
from typing import Any, Dict, Iterator, Mapping, Tuple

from ..._aws.gateway.content import ReadObject, content
from ..._common.errors import Day2Error, GatewayError
from ..._common.verdict import Status
from ..._report import json_document, json_records
from ..._report.decode import text_lines
from ..model import SCHEMA

_STATUSES = frozenset(status.value for status in Status)
_ACTION = "read the earlier report"


def read_statuses(place: str, read_object: ReadObject) -> Iterator[Tuple[str, str]]:
    """The id and the status of each finding of a JSON or JSON Lines report, one at a time as they are asked for.

    :param place: a local path, or ``s3://bucket/key``.
    :raises GatewayError: when there is no such report, naming the place and the line. Damage further down raises
        when its turn comes.
    """
    try:
        yield from _statuses(text_lines(content(place, read_object, _ACTION)))
    except GatewayError:
        raise
    except (Day2Error, RecursionError) as error:
        raise GatewayError(_ACTION, place, str(error)) from error


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
