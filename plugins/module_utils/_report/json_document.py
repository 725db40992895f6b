# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON report: one document, laid out so that it can also be read and written a line at a time.

Each key of the document stands on a line of its own, and so does each finding.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple

from .._common.errors import Day2Error
from .decode import strict_json
from .encode import compact, json_lines
from .model import Findings, ReportInfo, Summary

_FIRST_KEY = '"schema": '
_FINDINGS_KEY = '"findings": ['
_NEEDED = ("schema", "run", "summary", "findings")


def header(info: ReportInfo) -> Dict[str, Any]:
    """What every machine-readable report says before its findings."""
    return {
        "schema": info.schema,
        "title": info.title,
        "resource_key": info.resource_key,
        "run": dict(info.run),
    }


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text."""
    yield "{\n"
    for key, value in {**header(info), "summary": summary}.items():
        yield f'"{key}": {compact(value)},\n'
    yield _FINDINGS_KEY
    before = "\n"
    for line in json_lines(findings):
        yield before
        yield line
        before = ",\n"
    yield "\n]\n}\n"


def read(lines: Iterable[str]) -> Tuple[Mapping[str, Any], Iterator[Dict[str, Any]]]:
    """An earlier report: its header with the summary, and its findings, parsed one at a time as they are asked for.

    A report that some tool has laid out differently is read as a whole.

    :raises Day2Error: naming the line, when it is no such report; a damaged finding raises when its turn comes.
    """
    source = enumerate(lines, 1)
    first = [line for _number, line in zip(range(2), (line for _number, line in source))]
    if len(first) < 2 or not first[1].startswith(_FIRST_KEY):
        return _read_whole(chain(first, (line for _number, line in source)))
    head: Dict[str, Any] = dict([_member(2, first[1])])
    for number, line in source:
        if line.rstrip() == _FINDINGS_KEY:
            break
        head.update([_member(number, line)])
    else:
        raise Day2Error("no findings: the report is cut short")
    _check(set(head) | {"findings"})
    return head, _read_findings(source)


def _read_findings(source: Iterator[Tuple[int, str]]) -> Iterator[Dict[str, Any]]:
    for number, line in source:
        text = line.rstrip()
        if text == "]":
            return
        yield _object(number, text[:-1] if text.endswith(",") else text)
    raise Day2Error("the report is cut short: its list of findings has no end")


def _read_whole(lines: Iterator[str]) -> Tuple[Mapping[str, Any], Iterator[Dict[str, Any]]]:
    try:
        document = strict_json("".join(lines))
    except ValueError as error:
        raise Day2Error(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise Day2Error("not a report: a JSON object is expected")
    _check(set(document))
    findings: List[Any] = document.pop("findings")
    if not isinstance(findings, list) or not all(isinstance(finding, dict) for finding in findings):
        raise Day2Error("not a report: 'findings' is no list of objects")
    return document, iter(findings)


def _member(number: int, line: str) -> Tuple[str, Any]:
    key_and_value = _object(number, "{" + line.rstrip().rstrip(",") + "}")
    if len(key_and_value) != 1:
        raise Day2Error(f"line {number}: one key is expected")
    return next(iter(key_and_value.items()))


def _object(number: int, text: str) -> Dict[str, Any]:
    try:
        value = strict_json(text)
    except ValueError as error:
        raise Day2Error(f"line {number}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Day2Error(f"line {number}: a JSON object is expected")
    return value


def _check(keys: Iterable[str]) -> None:
    missing = [key for key in _NEEDED if key not in keys]
    if missing:
        raise Day2Error(f"not a report: {', '.join(missing)} missing")
