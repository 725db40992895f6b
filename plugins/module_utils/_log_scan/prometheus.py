# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scan as metrics for the textfile collector of Prometheus' node exporter, so that a silent scanner is seen.

A file of metrics is written anew by each run, and counters must not fall: what they were is read from the file that is
there. A result that is delivered again counts once, which the run's name in ``day2_log_scan_run_info`` tells.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Mapping, Tuple

from .report_model import LogReport

_PREFIX = "day2_log_scan_"
_HELP: Mapping[str, Tuple[str, str]] = {
    "run_info": ("gauge", "The last run."),
    "last_run_timestamp_seconds": ("gauge", "When the last run ended."),
    "last_success_timestamp_seconds": (
        "gauge",
        "When a run last read everything it was to read: nothing unreadable, no problem.",
    ),
    "status": ("gauge", "1 for what the last run came to."),
    "matches_total": ("counter", "Records that a pattern matched."),
    "scanned_bytes_total": ("counter", "Bytes of log text that were read."),
    "gap_bytes_total": ("counter", "Bytes of log text that were lost before they could be read."),
    "matches": ("gauge", "Records that a pattern matched in the last run."),
    "pending_bytes": ("gauge", "Bytes of log text that were left for the next run."),
    "logs": ("gauge", "Logs that were looked at."),
    "unreadable_logs": ("gauge", "Logs that could not be read."),
    "problems": ("gauge", "Things that went wrong in the last run."),
}
_STATUSES = ("ok", "warning", "critical", "unknown")
_SAMPLE = re.compile(r'(?P<name>[a-z0-9_]+)\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*)\} (?P<value>[0-9.e+]+)')
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")

Labels = Tuple[Tuple[str, str], ...]
Series = Dict[Tuple[str, Labels], float]


def render(report: LogReport) -> Iterator[str]:
    """The metrics as chunks of text."""
    series = metrics(report)
    for name, (kind, about) in _HELP.items():
        here = [(labels, value) for (each, labels), value in series.items() if each == name]
        if here:
            yield f"# HELP {_PREFIX}{name} {about}\n# TYPE {_PREFIX}{name} {kind}\n"
        for labels, value in here:
            yield f"{_PREFIX}{name}{{{','.join(f'{key}={_quoted(text)}' for key, text in labels)}}} {_number(value)}\n"


def metrics(report: LogReport) -> Series:
    """Every metric with its labels."""
    scope: Labels = (("name", report.name),)
    run = report.run()["run_id"]
    before = read(report.earlier_metrics)
    again = ("run_info", (*scope, ("run_id", run))) in before
    found: Series = {("run_info", (*scope, ("run_id", run))): 1}
    found["last_run_timestamp_seconds", scope] = report.finished
    done = report.status != "unknown" and not report.unreadable() and not report.problems
    success = report.finished if done else before.get(("last_success_timestamp_seconds", scope))
    if success is not None:
        found["last_success_timestamp_seconds", scope] = success
    for status in _STATUSES:
        found["status", (*scope, ("status", status))] = status == report.status
    counts: Dict[Tuple[str, str], int] = dict.fromkeys(report.patterns, 0)
    counts.update({(entry["pattern"], entry["severity"]): entry["count"] for entry in report.matches})
    added: Series = {}
    for (pattern, severity), count in counts.items():
        labels = (*scope, ("pattern", pattern), ("severity", severity))
        found["matches", labels] = count
        added["matches_total", labels] = count
    added["scanned_bytes_total", scope] = report.total("scanned")
    added["gap_bytes_total", scope] = report.total("gap")
    found.update(_counted(added, before, scope, again))
    found["pending_bytes", scope] = report.total("pending")
    found["logs", scope] = len(report.files)
    found["unreadable_logs", scope] = len(report.unreadable())
    found["problems", scope] = len(report.problems)
    return found


def _counted(added: Series, before: Series, scope: Labels, again: bool) -> Series:
    """The counters: those of patterns that are no longer looked for stay, as long as the file is there."""
    counters = {name for name, (kind, _about) in _HELP.items() if kind == "counter"}
    kept = {key: value for key, value in before.items() if key[0] in counters and key[1][: len(scope)] == scope}
    for key, value in added.items():
        kept[key] = kept.get(key, 0) + (0 if again else value)
    return kept


def read(text: str) -> Series:
    """Metrics of ours as they stand in a file; what is not like ours is passed over."""
    found: Series = {}
    for line in text.split("\n"):  # and not at every line end that Unicode knows: a label may have them
        sample = _SAMPLE.fullmatch(line)
        if sample is None or not sample["name"].startswith(_PREFIX):
            continue
        labels: List[Tuple[str, str]] = [
            (key, _ESCAPED.sub(_plain, said)) for key, said in _LABEL.findall(sample["labels"])
        ]
        try:
            found[sample["name"][len(_PREFIX) :], tuple(labels)] = float(sample["value"])
        except ValueError:
            continue
    return found


def _plain(escaped: "re.Match[str]") -> str:
    return "\n" if escaped[1] == "n" else escaped[1]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return f'"{escaped}"'


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
