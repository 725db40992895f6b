# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OCSF report: an array of Compliance Findings (class 2003), one a line.

It states version 1.3.0 and uses nothing that a later 1.x has taken away, so that it is valid from there on.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, Tuple

from .._common.verdict import Status
from .encode import compact
from .model import Finding, Findings, ReportInfo, Rule, Summary, exemption_of, exemption_text, resource_of, rules_in_use

_VERSION = "1.3.0"
_SEVERITY_IDS = {"low": 2, "medium": 3, "high": 4, "critical": 5}
_NEW = (1, "New")
_STATES = {"exempt": (3, "Suppressed"), "pass": (4, "Resolved")}
_VERDICTS = {"pass": (1, "Pass"), "fail": (3, "Fail"), "unknown": (0, "Unknown")}


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text."""
    provider = _provider(info)
    metadata = {
        "version": _VERSION,
        "profiles": ["cloud"] if provider else [],
        "product": {"name": info.tool, "vendor_name": "day2.ops", "version": str(info.run["version"])},
        "correlation_uid": info.run["run_id"],
    }
    # The same in every event, and in every event of a check and status: they become text only once.
    constant = compact(
        {
            "activity_id": 1,
            "activity_name": "Create",
            "category_uid": 2,
            "category_name": "Findings",
            "class_uid": 2003,
            "class_name": "Compliance Finding",
            "type_uid": 200301,
            "type_name": "Compliance Finding: Create",
            "time": int(info.started.timestamp() * 1000),
            "metadata": metadata,
        }
    )
    rules = {rule.id: rule for rule in rules_in_use(info, summary)}
    known: Dict[Tuple[str, str, str], str] = {}
    yield "["
    before = "\n"
    for finding in findings:
        rule = rules[finding["check"]]
        kind = (rule.id, finding["status"], _verdict(finding))
        if kind not in known:
            known[kind] = compact(_compliance(info, rule, *kind[1:]))
        own = compact(_own(info, rule, finding, provider))
        yield f"{before}{constant[:-1]},{known[kind][1:-1]},{own[1:]}"
        before = ",\n"
    yield "\n]\n"


def _provider(info: ReportInfo) -> str:
    """The cloud that a type such as ``AWS::S3::Bucket`` belongs to; empty for what is in no cloud."""
    return info.resource_type.split("::")[0] if "::" in info.resource_type else ""


def _verdict(finding: Finding) -> str:
    """What was judged, an exemption aside."""
    if finding["status"] == Status.EXEMPT.value:
        return str(finding["evidence"].get("verdict", Status.FAIL.value))
    return str(finding["status"])


def _compliance(info: ReportInfo, rule: Rule, status: str, verdict: str) -> Dict[str, Any]:
    verdict_id, verdict_name = _VERDICTS[verdict]
    state_id, state = _STATES.get(status, _NEW)
    return {
        "status_id": state_id,
        "status": state,
        "compliance": {
            "control": rule.id,
            "requirements": [f"{name}: {control}" for name, ids in rule.frameworks.items() for control in ids],
            "standards": [info.framework(name) for name in rule.frameworks],
            "status_id": verdict_id,
            "status": verdict_name,
        },
    }


def _own(info: ReportInfo, rule: Rule, finding: Finding, provider: str) -> Dict[str, Any]:
    resource: Dict[str, Any] = {"name": resource_of(info, finding), "type": info.resource_type}
    if finding["region"]:
        resource["region"] = finding["region"]
    unmapped: Dict[str, Any] = {"evidence": finding["evidence"]}
    event: Dict[str, Any] = {
        "severity_id": _SEVERITY_IDS[finding["severity"]],
        "severity": finding["severity"].capitalize(),
        "message": finding["message"],
        "finding_info": {"uid": finding["id"], "title": rule.title, "desc": rule.rationale or rule.title},
        "remediation": {"desc": finding["remediation"]},
        "resources": [resource],
        "unmapped": unmapped,
    }
    if provider:
        event["cloud"] = {"provider": provider, "account": {"uid": finding["account"]}}
        if finding["region"]:
            event["cloud"]["region"] = finding["region"]
    if rule.url:
        event["remediation"]["references"] = [rule.url]
    if finding["status"] == Status.EXEMPT.value:
        event["status_detail"] = exemption_text(exemption_of(finding))
    if "comparison" in finding:
        unmapped["comparison"] = finding["comparison"]
    return event
