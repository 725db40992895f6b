# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reports of a scan are made of: its result without a bound, and what the run says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from .._common.verdict import Severity
from .collect import SLOT, filled
from .timeline import Buckets

SCHEMA = "day2.ops/log_scan/1"
TOOL = ".".join(SCHEMA.split("/")[:2])
SEVERITIES: Tuple[str, ...] = tuple(severity.value for severity in reversed(Severity))

Entry = Mapping[str, Any]
Entries = Sequence[Entry]


@dataclass(frozen=True)
class LogReport:
    """A scan of one host, or of many that were merged: then its result has ``hosts``."""

    result: Mapping[str, Any]  # as the task returns it, with all matches and files
    host: str = ""
    name: str = "default"  # the scope of its state
    started_at: str = ""  # ISO 8601
    finished: int = 0  # seconds after the epoch
    check_mode: bool = False
    version: str = ""
    title: str = "Log scan"
    patterns: Sequence[Tuple[str, str]] = ()  # name and severity of all that was looked for
    earlier_metrics: str = ""  # what stands where metrics are to be written

    def run(self) -> Dict[str, Any]:
        """The header of documents. A task's result has its times and engine, too."""
        return {
            "name": self.name,
            "host": self.host,
            "run_id": str(self.result.get("run_id", "")),
            "started_at": self.started_at,
            "engine": str(self.result.get("engine", "")),
            "check_mode": self.check_mode,
            "version": self.version,
        }

    @property
    def status(self) -> str:
        """``ok | warning | critical | unknown``."""
        return str(self.result["status"])

    @property
    def sentence(self) -> str:
        """What came out, in a sentence."""
        return str(self.result["summary"]["sentence"])

    @property
    def matches(self) -> Entries:
        """An entry for each pattern that was found."""
        return self.result.get("matches") or ()

    @property
    def files(self) -> Entries:
        """The ledger: an entry for each log."""
        return self.result.get("files") or ()

    @property
    def problems(self) -> Sequence[str]:
        """What went wrong, in sentences."""
        return [str(problem) for problem in self.result.get("problems") or ()]

    @property
    def hosts(self) -> Entries:
        """An entry for each host of a merged report."""
        return self.result.get("hosts") or ()

    def by_severity(self) -> Dict[str, int]:
        """Matches that were found as often as matters, by severity, the worst first."""
        return by_severity(self.matches)

    def below(self) -> int:
        """Matches of patterns that were found less often than matters."""
        return sum(entry["count"] for entry in self.matches if not entry["met"])

    def total(self, column: str) -> int:
        """The sum of one column of the ledger."""
        return sum(entry.get(column) or 0 for entry in self.files)

    def unreadable(self) -> List[Entry]:
        """The logs that could not be read."""
        return [entry for entry in self.files if entry.get("unreadable")]

    def times(self) -> Dict[str, Buckets]:
        """The matches over time, by severity."""
        found: Dict[str, Buckets] = {}
        for entry in self.matches:
            found.setdefault(entry["severity"], Buckets()).merge(Buckets.of(entry["timeline"]))
        return {severity: found[severity] for severity in SEVERITIES if severity in found}


def by_severity(matches: Entries) -> Dict[str, int]:
    """Matches that were found as often as matters, by severity, the worst first."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for entry in matches:
        if entry["met"]:
            counts[entry["severity"]] += entry["count"]
    return counts


def where(place: Entry) -> str:
    """``/var/log/syslog:1204``; the byte where the line's number is not known."""
    line = place.get("line")
    return f"{place['path']}:{line}" if line is not None else f"{place['path']} at byte {place['offset']:,}"


def headline(entry: Entry) -> str:
    """What a pattern says to people of all its matches: its message with what its samples have in common, or its name."""
    template, samples = str(entry.get("message") or ""), entry.get("samples") or ()
    if not template:
        return str(entry["pattern"])
    names = SLOT.findall(template)
    same = {name: {sample["fields"].get(name, "?") for sample in samples} for name in names}
    common = {name: values.pop() if len(values) == 1 else f"‹{name}›" for name, values in same.items()}
    if samples and SLOT.fullmatch(template):
        return str(samples[-1]["message"])  # the message is that field alone: rather the last one than its name
    return filled(template, common)


def gap_words(entry: Entry) -> str:
    """The causes of a gap."""
    return ", ".join(str(cause).replace("_", " ") for cause in entry.get("gap_causes") or ()) or "cause unknown"
