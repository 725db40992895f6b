# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of many hosts as one. A host that did not answer is named, and makes the whole unknown at best.

What comes from hosts is looked at before it is taken: a host that was broken into may send anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .._common.values import instant
from .._common.verdict import Overall
from .merge_match import Match, count_of, joined, list_of, match_of, object_of, text_of
from .report_model import SCHEMA, by_severity
from .wording import matches, plural, size

MOST_PROBLEMS = 1000  # of one host
_LEDGER = ("appended", "scanned", "pending", "gap", "skipped")
_FIGURES = ("bytes_scanned", "backlog_bytes")


@dataclass
class _Host:
    """What a host has sent, looked at."""

    name: str
    reason: str = ""  # why it counts as one that did not answer
    status: str = Overall.UNKNOWN.value
    run_id: str = ""
    started_at: str = ""
    engine: str = ""
    sentence: str = ""
    matches: List[Match] = field(default_factory=list)
    files: List[Dict[str, Any]] = field(default_factory=list)
    problems: List[str] = field(default_factory=list)
    figures: Dict[str, int] = field(default_factory=dict)

    def entry(self) -> Dict[str, Any]:
        """Its entry in ``hosts``."""
        return {
            "host": self.name,
            "answered": not self.reason,
            "reason": self.reason,
            "status": self.status,
            "sentence": self.sentence,
            "run_id": self.run_id,
            "started_at": self.started_at,
            "matches": sum(match["count"] for match in self.matches),
            "by_severity": by_severity(self.matches),
            "logs": len(self.files),
            "scanned": sum(entry["scanned"] for entry in self.files),
            "pending": sum(entry["pending"] for entry in self.files),
            "gap": sum(entry["gap"] for entry in self.files),
            "unreadable": sum(1 for entry in self.files if entry["unreadable"]),
            "problems": len(self.problems),
        }


def merge(
    results: Mapping[str, Any],
    expected: Iterable[str] = (),
    reasons: Optional[Mapping[str, str]] = None,
    run_id: str = "",
    not_before: Optional[datetime] = None,
    max_samples: int = 10,
) -> Dict[str, Any]:
    """One result of all hosts, with an entry for each of them in ``hosts``.

    :param results: by the name of the host: the task's result or the JSON report, or whatever came instead.
    :param expected: the hosts that should have answered.
    :param reasons: why one did not, where that is known.
    :param not_before: a scan that began earlier says nothing of today, where it says when it began.
    """
    why = reasons or {}
    hosts: List[_Host] = []
    for name in sorted({*map(str, expected), *results, *why}):
        if name not in results:
            hosts.append(_Host(name, reason=str(why.get(name) or "it sent no result")))
            continue
        try:
            hosts.append(_host(name, results[name], not_before))
        except (Day2Error, RecursionError) as error:
            hosts.append(_Host(name, reason=f"what it sent cannot be used: {error}"))
    found = joined([(host.name, host.matches) for host in hosts], max_samples)
    files = [{"host": host.name, **entry} for host in hosts for entry in host.files]
    silent = [host for host in hosts if host.reason]
    problems = [f"{host.name} did not answer: {host.reason}" for host in silent]
    problems += [f"{host.name}: {problem}" for host in hosts for problem in host.problems]
    return {
        "schema": SCHEMA,
        "status": _status(hosts).value,
        "summary": _summary(found, files, hosts, silent),
        "run_id": run_id,
        "engine": ", ".join(sorted({host.engine for host in hosts if host.engine})),
        "matches": found,
        "new": sum(entry["count"] for entry in found),
        "files": files,
        "problems": problems,
        "hosts": [host.entry() for host in sorted(hosts, key=_rank)],
        **{name: sum(host.figures.get(name, 0) for host in hosts) for name in _FIGURES},
    }


_ORDER = (Overall.CRITICAL, Overall.WARNING, Overall.UNKNOWN, Overall.OK)


def _status(hosts: List[_Host]) -> Overall:
    """The worst of all; without a host there is nothing that could be known."""
    found = {host.status for host in hosts}
    return next((each for each in _ORDER if each.value in found), Overall.UNKNOWN)


def _rank(host: _Host) -> Tuple[bool, int, str]:
    """Where a host stands: first those that did not answer, then the worst."""
    return (not host.reason, [each.value for each in _ORDER].index(host.status), host.name)


def _summary(
    found: List[Match], files: List[Dict[str, Any]], hosts: List[_Host], silent: List[_Host]
) -> Dict[str, Any]:
    counts = by_severity(found)
    total, gap = sum(counts.values()), sum(entry["gap"] for entry in files)
    hit = sum(1 for host in hosts if any(match["met"] for match in host.matches))
    parts = [f"{matches(total)} on {hit:,} of {plural(len(hosts), 'host')}" if total else "Nothing was found"]
    if silent:
        parts.append(f"{plural(len(silent), 'host')} did not answer")
    unreadable = sum(1 for entry in files if entry["unreadable"])
    if unreadable:
        parts.append(f"{plural(unreadable, 'log')} could not be read")
    if gap:
        parts.append(f"{size(gap)} of log text were lost")
    return {
        "matches": total,
        "by_severity": counts,
        "hosts": len(hosts),
        "hosts_unanswered": len(silent),
        "logs": len(files),
        "unreadable": unreadable,
        "gap_bytes": gap,
        "pending_bytes": sum(entry["pending"] for entry in files),
        "sentence": "; ".join(parts) + ".",
    }


def _host(name: str, result: Any, not_before: Optional[datetime]) -> _Host:
    """
    :raises Day2Error: for what is no result of a scan, and for one of an earlier day.
    """
    whole = object_of(result, "the result")
    if whole.get("failed") is True and "schema" not in whole:
        raise Day2Error(f"the task failed: {str(whole.get('msg', ''))[:300]}")
    if whole.get("schema") != SCHEMA:
        raise Day2Error(f"schema {str(whole.get('schema'))[:60]!r} is not {SCHEMA!r}")
    header = object_of(whole.get("run", {}), "run")
    started = text_of({"started_at": "", **whole, **header}, "started_at")
    if started and not_before is not None and instant("started_at", started) < not_before:
        raise Day2Error(f"it is of an earlier run, which began at {started}, before {not_before.isoformat()}")
    status = text_of(whole, "status")
    if status not in [each.value for each in _ORDER]:
        raise Day2Error(f"status {status[:60]!r} is none")
    problems = [str(each)[:2000] for each in list_of(whole, "problems")[:MOST_PROBLEMS]]
    return _Host(
        name=name,
        status=status,
        run_id=text_of(whole, "run_id"),
        started_at=started,
        engine=text_of({"engine": "", **whole}, "engine"),
        sentence=text_of(object_of(whole.get("summary"), "summary"), "sentence"),
        matches=[match_of(each) for each in list_of(whole, "matches")],
        files=[_file(each) for each in list_of(whole, "files")],
        problems=problems,
        figures={figure: count_of(whole, figure) for figure in _FIGURES},
    )


def _file(value: Any) -> Dict[str, Any]:
    entry = object_of(value, "an entry of files")
    events = [object_of(event, "an event") for event in list_of(entry, "events")]
    return {
        "path": text_of(entry, "path"),
        **{column: count_of(entry, column) for column in _LEDGER},
        "pending_cause": str(entry.get("pending_cause") or "") or None,
        "gap_causes": [str(cause) for cause in list_of(entry, "gap_causes")],
        "events": [{key: str(event.get(key, "")) for key in ("cause", "path", "detail")} for event in events],
        "unreadable": str(entry.get("unreadable") or ""),
    }
