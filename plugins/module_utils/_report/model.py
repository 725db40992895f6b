# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report is made of: rules, findings about resources, and their summary.

A *finding* is a mapping with the keys ``id``, ``check``, the report's ``resource_key`` (``bucket``), ``region``,
``account``, ``status``, ``severity``, ``message``, ``evidence``, ``remediation``, ``frameworks`` and, when an earlier
run was compared, ``comparison`` (``new``, ``fixed`` or ``open``). An exempt one says in ``evidence`` why:
``{"exemption": {"reason", "owner", "expires"}, "verdict": …}``; an unknown one may, and stays unknown. There may be hundreds of thousands of them, so a
renderer takes an iterable that can be walked more than once and keeps none of it.

A *summary* is a mapping with ``resources``, ``findings``, ``pass``, ``fail``, ``unknown``, ``exempt``, ``by_check``
(per check the four counts), ``by_severity`` (failing ones only), ``score`` (0-100, ``None`` when nothing could be
judged), ``unknown_percent``, ``sentence`` and, when an earlier run was compared, ``comparison``
(``new``, ``fixed``, ``open``, ``not_seen``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

from .._common.verdict import Overall, Severity, Status, overall

Finding = Mapping[str, Any]
Findings = Iterable[Finding]
Summary = Mapping[str, Any]

# In the order in which people want to read them.
STATUSES: Tuple[str, ...] = ("fail", "unknown", "exempt", "pass")
SEVERITIES: Tuple[str, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class Rule:
    """One check, as reports explain it. ``frameworks`` maps a framework to the ids of its controls."""

    id: str
    title: str
    severity: str  # low | medium | high | critical
    rationale: str
    remediation: str
    frameworks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class ReportInfo:
    """What a report says of itself.

    ``run`` holds ``run_id``, ``started_at`` (ISO 8601), ``partition``, ``accounts``, ``regions``, ``check_mode`` and
    ``version``.
    """

    schema: str  # day2.ops/<subject>/1
    title: str
    resource_key: str  # the key of a finding that names its resource, and the noun for it: bucket
    resource_type: str  # AWS::S3::Bucket
    rules: Sequence[Rule]
    run: Mapping[str, Any]
    framework_titles: Mapping[str, str] = field(default_factory=dict)  # how to spell a framework; else its id

    @property
    def tool(self) -> str:
        """``day2.ops.<subject>``: who made the report."""
        return ".".join(self.schema.split("/")[:2])

    @property
    def subject(self) -> str:
        """``<subject>`` alone."""
        return self.tool.rsplit(".", 1)[-1]

    @property
    def started(self) -> datetime:
        """When the run started, in UTC."""
        started = datetime.fromisoformat(str(self.run["started_at"]).replace("Z", "+00:00"))
        return started.replace(tzinfo=started.tzinfo or timezone.utc).astimezone(timezone.utc)

    def framework(self, name: str) -> str:
        """A framework as people spell it."""
        return self.framework_titles.get(name, name)


Render = Callable[[ReportInfo, Findings, Summary], Iterator[str]]


def resource_of(info: ReportInfo, finding: Finding) -> str:
    """The resource that a finding is about; a finding about the whole account names the account."""
    return str(finding[info.resource_key] or finding["account"])


def path_of(info: ReportInfo, finding: Finding) -> Tuple[str, ...]:
    """Account, region and resource, as far as there are any: unique within a report, unlike the name alone."""
    return tuple(str(part) for part in (finding["account"], finding["region"], finding[info.resource_key]) if part)


def exemption_of(finding: Finding) -> Mapping[str, Any]:
    """Who exempted a finding, why and until when; empty when nobody did. One that stays unknown may have it too."""
    exemption: Mapping[str, Any] = finding["evidence"].get("exemption") or {}
    return exemption


def exemption_text(exemption: Mapping[str, Any]) -> str:
    """The exemption as one sentence."""
    until = f", until {exemption['expires']}" if exemption.get("expires") else ", without an end"
    return f"{exemption.get('reason') or 'exempt'} (owner {exemption.get('owner') or 'unknown'}{until})"


def overall_of(summary: Summary) -> Overall:
    """What the run comes to, from its counts."""
    verdicts = [(Status.FAIL, severity) for severity in Severity if summary["by_severity"].get(severity.value, 0)]
    if summary["unknown"]:
        verdicts.append((Status.UNKNOWN, Severity.LOW))
    return overall(verdicts)


def rules_in_use(info: ReportInfo, summary: Summary) -> List[Rule]:
    """The rules that this run judged by, in their order; a check without a rule gets a bare one, never silence."""
    known: Dict[str, Rule] = {rule.id: rule for rule in info.rules}
    used = [rule for rule in info.rules if rule.id in summary["by_check"]]
    bare = [Rule(check, check, "medium", "", "") for check in summary["by_check"] if check not in known]
    return used + bare
