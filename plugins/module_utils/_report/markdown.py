# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Markdown report: one screen for people, in a merge request, a ticket or a chat."""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

from .markdown_text import MARKS, code, escape
from .model import SEVERITIES, Finding, Findings, ReportInfo, Summary, overall_of, resource_of, rules_in_use

MOST_RESOURCES = 15
MOST_FINDINGS = 30
_WEIGHTS = {"critical": 1_000_000_000, "high": 1_000_000, "medium": 1_000, "low": 1}


def render(info: ReportInfo, findings: Findings, summary: Summary) -> Iterator[str]:
    """The report as chunks of text."""
    status = overall_of(summary).value
    yield f"## {MARKS[status]} {escape(info.title)}: {status}\n\n"
    score = "not scored" if summary["score"] is None else f"score {summary['score']:g} of 100"
    yield f"**{escape(summary['sentence'])}** ({score})\n\n"
    yield _line(info)
    if "comparison" in summary:
        compared = summary["comparison"]
        yield (
            f"Since the earlier run: **{compared['new']} new**, {compared['fixed']} fixed, {compared['open']} still"
            f" open, {compared['not_seen']} not seen.\n\n"
        )
    yield from _checks(info, summary)
    worst, listed, more = _walk(info, findings)
    yield from _resources(info, worst)
    yield from _failing(info, listed, more)


def _line(info: ReportInfo) -> str:
    run = info.run
    accounts, regions = list(run["accounts"]), list(run["regions"])
    parts = [
        f"Account {code(accounts[0])}" if len(accounts) == 1 else f"{len(accounts)} accounts",
        f"region {code(regions[0])}" if len(regions) == 1 else f"{len(regions)} regions",
        escape(run["started_at"]),
        f"run {code(run['run_id'])}",
    ]
    return ", ".join(parts) + (" (check mode)" if run["check_mode"] else "") + "\n\n"


def _checks(info: ReportInfo, summary: Summary) -> Iterator[str]:
    yield "| Check | Severity | Fail | Unknown | Exempt | Pass |\n|:--|:--|--:|--:|--:|--:|\n"
    rules = rules_in_use(info, summary)
    rules.sort(key=lambda rule: (-summary["by_check"][rule.id]["fail"], SEVERITIES.index(rule.severity)))
    for rule in rules:
        counts = summary["by_check"][rule.id]
        fail = f"**{counts['fail']}**" if counts["fail"] else "0"
        yield (
            f"| {escape(rule.title)} | {rule.severity} | {fail} | {counts['unknown']} | {counts['exempt']}"
            f" | {counts['pass']} |\n"
        )
    yield "\n"


def _walk(info: ReportInfo, findings: Findings) -> Tuple[List[Tuple[str, Dict[str, int]]], List[Finding], int]:
    """The worst resources with their failures by severity, the worst failing findings, and how many more fail."""
    by_resource: Dict[str, Dict[str, int]] = {}
    kept: Dict[str, List[Finding]] = {severity: [] for severity in SEVERITIES}
    failing = 0
    for finding in findings:
        if finding["status"] != "fail":
            continue
        failing += 1
        severity = finding["severity"]
        counts = by_resource.setdefault(resource_of(info, finding), dict.fromkeys(SEVERITIES, 0))
        counts[severity] += 1
        if len(kept[severity]) < MOST_FINDINGS:
            kept[severity].append(finding)
    listed = [finding for severity in SEVERITIES for finding in kept[severity]][:MOST_FINDINGS]
    worst = sorted(by_resource.items(), key=lambda item: (-sum(_WEIGHTS[s] * n for s, n in item[1].items()), item[0]))
    return worst, listed, failing - len(listed)


def _resources(info: ReportInfo, worst: List[Tuple[str, Dict[str, int]]]) -> Iterator[str]:
    if not worst:
        return
    yield f"| {escape(info.resource_key.capitalize())} | Critical | High | Medium | Low |\n|:--|--:|--:|--:|--:|\n"
    for name, counts in worst[:MOST_RESOURCES]:
        yield f"| {code(name)} | " + " | ".join(str(counts[severity] or "") for severity in SEVERITIES) + " |\n"
    if len(worst) > MOST_RESOURCES:
        yield f"\nand {len(worst) - MOST_RESOURCES} more.\n"
    yield "\n"


def _failing(info: ReportInfo, listed: List[Finding], more: int) -> Iterator[str]:
    if not listed:
        return
    titles = {rule.id: rule.title for rule in info.rules}
    yield f"<details><summary>What fails ({len(listed) + more})</summary>\n\n"
    for finding in listed:
        title = titles.get(finding["check"], finding["check"])
        yield (
            f"- **{finding['severity']}** {code(resource_of(info, finding))} {escape(title)}:"
            f" {escape(finding['message'])}\n"
        )
    if more:
        yield f"- and {more} more\n"
    yield "\n</details>\n"
