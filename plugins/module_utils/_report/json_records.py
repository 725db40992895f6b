# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Lines report: typed records, one a line, so that slices of a run can be merged.

The first record is ``{"record": "run"}`` with what the run says of itself and the rules that it judges by, then one
``{"record": "finding"}`` each, and at last ``{"record": "summary"}``: a file without it is the work of a run that did
not finish. The first record is put in its place before the run begins.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple

from .._common.errors import Day2Error
from .decode import strict_json
from .encode import compact, json_lines
from .json_document import header
from .model import SEVERITIES, Findings, ReportInfo, Rule, Summary

RUN, FINDING, SUMMARY = "run", "finding", "summary"


_TEXTS = ("id", "title", "severity", "rationale", "remediation", "url")


def begin(info: ReportInfo) -> Iterator[str]:
    """The first record."""
    yield compact({"record": RUN, **header(info), "rules": [asdict(rule) for rule in info.rules]}) + "\n"


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text."""
    yield from begin(info)
    for line in json_lines(findings):
        yield '{"record":"finding",' + line[1:] + "\n"
    yield compact({"record": SUMMARY, **summary}) + "\n"


def read(lines: Iterable[str]) -> Iterator[Tuple[str, Dict[str, Any]]]:
    """The records of a report in their order, as (kind, record without ``record``).

    :raises Day2Error: naming the line, for anything but one run, findings and one summary, in this order: also
        when the summary is missing, since then findings may be too.
    """
    expected, number = RUN, 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if expected == "":
            raise Day2Error(f"line {number}: more records after the summary")
        kind, record = _record(number, line)
        if expected == RUN and kind != RUN:
            raise Day2Error(f"line {number}: the first record must be the run, not {kind!r}")
        if expected == FINDING and kind not in (FINDING, SUMMARY):
            raise Day2Error(f"line {number}: a finding or the summary is expected, not {kind!r}")
        expected = "" if kind == SUMMARY else FINDING
        yield kind, record
    if expected:
        raise Day2Error(f"cut short after line {number}: the summary is missing")


def rules_of(run: Mapping[str, Any]) -> List[Rule]:
    """The rules of the first record; none when it has none.

    :raises Day2Error: when they are no rules.
    """
    rules = run.get("rules", [])
    if not isinstance(rules, list) or not all(_is_rule(rule) for rule in rules):
        raise Day2Error("rules is not a list of rules")
    return [Rule(frameworks=rule["frameworks"], **{name: rule[name] for name in _TEXTS}) for rule in rules]


def _is_rule(rule: Any) -> bool:
    return (
        isinstance(rule, dict)
        and all(isinstance(rule.get(name), str) for name in _TEXTS)
        and rule["severity"] in SEVERITIES
        and (not rule["url"] or rule["url"].startswith("https://"))  # it becomes a link
        and isinstance(rule.get("frameworks"), dict)
        and all(
            isinstance(ids, list) and all(isinstance(one, str) for one in ids) for ids in rule["frameworks"].values()
        )
    )


def _record(number: int, line: str) -> Tuple[str, Dict[str, Any]]:
    try:
        record = strict_json(line)
    except ValueError as error:
        raise Day2Error(f"line {number}: not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        raise Day2Error(f"line {number}: an object with the key 'record' is expected")
    return record.pop("record"), record
