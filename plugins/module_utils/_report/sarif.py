# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SARIF 2.1.0 report, as code-scanning services read it.

A log lists problems. What passes is counted in the run's properties and left out of the results, because the
services that people upload logs to open an alert for every result, whatever its ``kind``. For the same services each
result has a location without a URI scheme: they refuse a whole log for one ``s3://``.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import quote

from .._common.verdict import Status
from .encode import compact
from .model import Finding, Findings, ReportInfo, Rule, Summary, exemption_of, exemption_text, path_of, rules_in_use

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
# Code scanning shows over 9.0 as critical, from 7.0 as high, from 4.0 as medium, below as low.
_SECURITY_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_BASELINE = {"new": "new", "open": "unchanged"}


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text."""
    rules = rules_in_use(info, summary)
    taxonomies, places = _taxonomies(info, rules)
    run: Dict[str, Any] = {
        "tool": {
            "driver": {
                "name": info.tool,
                "fullName": info.title,
                "semanticVersion": str(info.run["version"]),
                "rules": [_rule(info, rule, places) for rule in rules],
                "supportedTaxonomies": [
                    {"name": taxonomy["name"], "index": i} for i, taxonomy in enumerate(taxonomies)
                ],
            }
        },
        "automationDetails": {"id": f"{info.subject}/{info.run['run_id']}"},
        "invocations": [{"executionSuccessful": True, "startTimeUtc": f"{info.started:%Y-%m-%dT%H:%M:%SZ}"}],
        "taxonomies": taxonomies,
        "properties": {"run": dict(info.run), "summary": summary},
    }
    yield f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{compact(run)[:-1]},"results":['
    index = {rule.id: number for number, rule in enumerate(rules)}
    compared = "comparison" in summary
    before = "\n"
    for finding in findings:
        if finding["status"] != Status.PASS.value:
            yield before + compact(_result(info, finding, index, compared))
            before = ",\n"
    yield "\n]}]}\n"


def _rule(info: ReportInfo, rule: Rule, places: Dict[Tuple[str, str], Tuple[int, int]]) -> Dict[str, Any]:
    controls = [(name, str(control)) for name, ids in rule.frameworks.items() for control in ids]
    listed = "".join(f"\n- {info.framework(name)}: {', '.join(map(str, ids))}" for name, ids in rule.frameworks.items())
    text = "\n\n".join(part for part in (rule.rationale, rule.remediation) if part) or rule.title
    described: Dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale or rule.title},
        "help": {"text": text, "markdown": text + (f"\n\n**Frameworks**\n{listed}" if listed else "")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "precision": "very-high",
            "security-severity": _SECURITY_SEVERITY[rule.severity],
            "tags": ["security", info.subject, *rule.frameworks],
        },
    }
    if rule.url:
        described["helpUri"] = rule.url
    if controls:
        described["relationships"] = [
            {
                "target": {
                    "id": control,
                    "index": places[name, control][1],
                    "toolComponent": {"name": info.framework(name), "index": places[name, control][0]},
                },
                "kinds": ["relevant"],
            }
            for name, control in controls
        ]
    return described


def _taxonomies(
    info: ReportInfo, rules: List[Rule]
) -> Tuple[List[Dict[str, Any]], Dict[Tuple[str, str], Tuple[int, int]]]:
    """The frameworks with the controls that rules point to, and where each (framework, control) stands."""
    controls: Dict[str, List[str]] = {}
    for rule in rules:
        for name, ids in rule.frameworks.items():
            known = controls.setdefault(name, [])
            known.extend(control for control in dict.fromkeys(map(str, ids)) if control not in known)
    places = {
        (name, control): (i, j) for i, (name, ids) in enumerate(controls.items()) for j, control in enumerate(ids)
    }
    return [
        {"name": info.framework(name), "taxa": [{"id": control} for control in ids]} for name, ids in controls.items()
    ], places


def _result(info: ReportInfo, finding: Finding, index: Dict[str, int], compared: bool) -> Dict[str, Any]:
    unknown = finding["status"] == Status.UNKNOWN.value
    path = path_of(info, finding)
    result: Dict[str, Any] = {
        "ruleId": finding["check"],
        "ruleIndex": index[finding["check"]],
        # "open": not enough was known to decide. Only a result of kind "fail" may have a level.
        "kind": "open" if unknown else "fail",
        "level": "none" if unknown else _LEVELS[finding["severity"]],
        "message": {"text": f"{path[-1]}: {finding['message']}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "/".join(quote(part, safe="", errors="backslashreplace") for part in path)
                    },
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {"name": path[-1], "fullyQualifiedName": "/".join(path), "kind": info.resource_type}
                ],
            }
        ],
        "partialFingerprints": {"findingId/v1": finding["id"], "primaryLocationLineHash": finding["id"]},
        "properties": {
            "status": finding["status"],
            "severity": finding["severity"],
            "account": finding["account"],
            "region": finding["region"],
            "remediation": finding["remediation"],
            "evidence": finding["evidence"],
        },
    }
    if finding["status"] == Status.EXEMPT.value:
        justification = exemption_text(exemption_of(finding))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    if compared:
        result["baselineState"] = _BASELINE.get(finding.get("comparison", ""), "unchanged")
    return result
