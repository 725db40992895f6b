# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which findings go into the page, and how they get there small: every text once, rows of numbers that point to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Set, Tuple

from .encode import compact
from .html_kit import safe_json
from .model import SEVERITIES, STATUSES, Finding, Findings, ReportInfo, Rule, exemption_of, path_of, resource_of

MOST_ROWS = 5_000
MOST_EXEMPTIONS = 200
NOT_JUDGED = 255
_COLUMNS = (
    "check",
    "resource",
    "region",
    "account",
    "status",
    "severity",
    "message",
    "evidence",
    "remediation",
    "comparison",
    "exemption",
    "id",
)
_ROWS_PER_CHUNK = 200
_CHECK_MARK = "\x01"


@dataclass
class Survey:
    """What a first walk over the findings tells: enough to draw the charts and to choose the rows."""

    classes: Dict[Tuple[str, str], int] = field(default_factory=dict)  # (status, severity): how many
    grid: Dict[Tuple[str, ...], bytearray] = field(default_factory=dict)  # per resource and rule: index in STATUSES
    weights: Dict[Tuple[str, ...], int] = field(default_factory=dict)  # the worse a resource, the more
    names: Dict[Tuple[str, ...], str] = field(default_factory=dict)
    whole: Set[Tuple[str, ...]] = field(default_factory=set)  # those in grid that are an account, not a resource
    exempt: List[Finding] = field(default_factory=list)  # the first few


def survey(info: ReportInfo, findings: Findings, rules: Sequence[Rule]) -> Survey:
    """Walk over the findings once."""
    seen = Survey()
    index = {rule.id: number for number, rule in enumerate(rules)}
    weight = {severity: 1000 ** (len(SEVERITIES) - rank) for rank, severity in enumerate(SEVERITIES)}
    for finding in findings:
        status, severity = finding["status"], finding["severity"]
        seen.classes[status, severity] = seen.classes.get((status, severity), 0) + 1
        path = path_of(info, finding)
        if path not in seen.grid:
            seen.grid[path] = bytearray([NOT_JUDGED]) * len(rules)
            seen.weights[path] = 0
            seen.names[path] = resource_of(info, finding)
            if not finding[info.resource_key]:
                seen.whole.add(path)
        seen.grid[path][index[finding["check"]]] = STATUSES.index(status)
        if status == "fail":
            seen.weights[path] += weight[severity]
        elif status == "unknown":
            seen.weights[path] += 1
        elif status == "exempt" and len(seen.exempt) < MOST_EXEMPTIONS:
            seen.exempt.append(finding)
    return seen


def choose(seen: Survey, most: int = MOST_ROWS) -> Dict[Tuple[str, str], int]:
    """How many findings of each (status, severity) go into the page: the most urgent ones first."""
    chosen = {}
    for status in STATUSES:
        for severity in SEVERITIES:
            chosen[status, severity] = min(seen.classes.get((status, severity), 0), most)
            most -= chosen[status, severity]
    return chosen


def data(
    info: ReportInfo, findings: Findings, rules: Sequence[Rule], chosen: Mapping[Tuple[str, str], int]
) -> Iterator[str]:
    """The chosen findings as one JSON document that is safe inside a script element, in chunks.

    ``rows`` are lists of numbers, in the order of ``columns``: positions in ``rules``, ``statuses`` and
    ``severities``, else in ``texts``, where 0 is the empty text.
    """
    left = dict(chosen)
    index = {rule.id: number for number, rule in enumerate(rules)}
    texts: Dict[str, int] = {"": 0}
    rows: Dict[Tuple[str, str], List[str]] = {key: [] for key in chosen}
    for finding in findings if any(left.values()) else ():
        key = (finding["status"], finding["severity"])
        if left[key]:
            left[key] -= 1
            rows[key].append(_row(info, finding, index, texts))
    head = {
        "columns": _COLUMNS,
        "statuses": STATUSES,
        "severities": SEVERITIES,
        "rules": [_rule(info, rule) for rule in rules],
    }
    yield safe_json(compact(head)[:-1]) + ',"texts":[\n'
    yield from _chunks([safe_json(compact(text)) for text in texts])
    yield '\n],"rows":[\n'
    yield from _chunks([row for key in chosen for row in rows[key]])
    yield "\n]}\n"


def _row(info: ReportInfo, finding: Finding, index: Mapping[str, int], texts: Dict[str, int]) -> str:
    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    exemption = exemption_of(finding)
    evidence = {key: value for key, value in finding["evidence"].items() if key != "exemption"}
    numbers = (
        index[finding["check"]],
        place(resource_of(info, finding)),
        place(finding["region"]),
        place(finding["account"]),
        STATUSES.index(finding["status"]),
        SEVERITIES.index(finding["severity"]),
        place(finding["message"]),
        place(compact(evidence) if evidence else ""),
        place(finding["remediation"]),
        place(finding.get("comparison", "")),
        place(compact(exemption) if exemption else ""),
        # Without the check in it the id of all findings about a resource is one text.
        place(finding["id"].replace(finding["check"], _CHECK_MARK)),
    )
    return "[" + ",".join(map(str, numbers)) + "]"


def _rule(info: ReportInfo, rule: Rule) -> Dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "rationale": rule.rationale,
        "frameworks": [[info.framework(name), list(map(str, ids))] for name, ids in rule.frameworks.items()],
        "url": rule.url,
    }


def _chunks(parts: List[str]) -> Iterator[str]:
    for start in range(0, len(parts), _ROWS_PER_CHUNK):
        yield (",\n" if start else "") + ",\n".join(parts[start : start + _ROWS_PER_CHUNK])
