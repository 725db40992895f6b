# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JUnit report: a suite for each check, a test case for each resource."""

from __future__ import annotations

import re
from typing import Iterator, Mapping

from .encode import compact, of_check
from .model import Finding, Findings, ReportInfo, Rule, Summary, exemption_of, exemption_text, path_of, rules_in_use

# XML 1.0 has no way to write these, not even as a character reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_TO_ESCAPE = re.compile('[&<>"\t\n\r]')


def xml_text(text: object) -> str:
    """The text as it can stand in an element or in a quoted attribute; what XML cannot hold becomes U+FFFD."""
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match.group()], _NOT_XML.sub("\ufffd", str(text)))


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text; a failing check is a failure, an unknown an error, an exempt one skipped."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuites name="{xml_text(info.tool)}" tests="{summary["findings"]}" failures="{summary["fail"]}"'
        f' errors="{summary["unknown"]}">\n'
    )
    for rule in rules_in_use(info, summary):
        yield _suite(info, rule, summary["by_check"][rule.id], f"{info.started:%Y-%m-%dT%H:%M:%S}")
        for finding in of_check(findings, rule.id):
            yield _case(info, finding)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _suite(info: ReportInfo, rule: Rule, counts: Mapping[str, int], timestamp: str) -> str:
    properties = {
        "run_id": info.run["run_id"],
        "version": info.run["version"],
        "severity": rule.severity,
        "title": rule.title,
        "rationale": rule.rationale,
        "remediation": rule.remediation,
    }
    lines = "".join(
        f'      <property name="{name}" value="{xml_text(value)}"/>\n' for name, value in properties.items()
    )
    return (
        f'  <testsuite name="{xml_text(rule.id)}" tests="{sum(counts.values())}" failures="{counts["fail"]}"'
        f' errors="{counts["unknown"]}" skipped="{counts["exempt"]}" timestamp="{timestamp}">\n'
        f"    <properties>\n{lines}    </properties>\n"
    )


def _case(info: ReportInfo, finding: Finding) -> str:
    # A check may say several things of one resource: then what follows the check in their ids tells them apart.
    _before, check, apart = finding["id"].rpartition(finding["check"])
    name = xml_text("/".join(path_of(info, finding)) + (apart if check else ""))
    start = f'    <testcase classname="{xml_text(info.subject)}.{xml_text(finding["check"])}" name="{name}"'
    status = finding["status"]
    if status == "pass":
        return start + "/>\n"
    message = xml_text(finding["message"])
    if status == "exempt":
        why = xml_text(exemption_text(exemption_of(finding)))
        inside = f'<skipped type="exempt" message="{message}">{why}</skipped>'
    else:
        tag, kind = ("failure", finding["severity"]) if status == "fail" else ("error", "unknown")
        body = xml_text(f"{finding['remediation']}\n{compact(finding['evidence'])}")
        inside = f'<{tag} type="{xml_text(kind)}" message="{message}">{body}</{tag}>'
    return f"{start}>{inside}</testcase>\n"
