# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scans of many hosts as one, from the options to the result."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from .._common.job import Job, Outcome
from .._common.values import between, filled, run_id
from .._common.version import VERSION
from .._report.gateway import prepare, write
from .._report.places import parse_places
from .arguments import FAIL_ON
from .gateway.results import read_results
from .merge import merge
from .report import LOG_FORMATS, rendering
from .report_model import LogReport

_LISTS = ("matches", "files", "hosts", "problems")
_TITLE = "Log scan of a fleet"


def merge_scans(job: Job) -> Outcome:
    """The module ``log_scan_merge``.

    :raises Day2Error: for options that make no sense, and places that cannot be read or written.
    """
    options, now = job.options, job.clock.now()
    most = between("max_returned", options["max_returned"], 0, 100_000)
    name = run_id(None, now)
    reports = ({**report, "path": filled(report["path"], "all", name, now)} for report in options["reports"])
    places = parse_places(reports, LOG_FORMATS)
    prepare(places)
    sent, reasons = told_apart(read_results(options["results"]))
    merged = merge(sent, options["expected_hosts"], reasons, name)
    report = LogReport(
        merged,
        started_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        finished=int(now.timestamp()),
        check_mode=job.check_mode,
        version=VERSION,
        title=_TITLE,
    )
    written = write(places, rendering(report))
    lost = [f"report {one.path}: {one.error}" for one in written if one.error]
    found = bounded(merged, most)
    found["unanswered"] = [host["host"] for host in merged["hosts"] if not host["answered"]]
    found["problems"] += lost
    found["reports"] = [one.as_dict() for one in written]
    failure = lost[0] if lost else None
    if report.status in FAIL_ON[options["fail_on"]]:
        failure = f"fail_on is {options['fail_on']}: {report.sentence}"
    return Outcome(found, failure=failure)


def told_apart(read: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """Results, and why others did not become one: the words of their own task, or of who could not read them."""
    sent: Dict[str, Any] = {}
    reasons: Dict[str, str] = {}
    for host, value in read.items():
        if isinstance(value, str):
            reasons[host] = value
        elif isinstance(value, dict) and "schema" not in value and value.get("msg"):
            # Without a Python that works the message is about JSON; the shell has said what is wrong.
            said = str(value.get("module_stderr") or value.get("module_stdout") or "").strip().partition("\n")[0]
            reasons[host] = f"{value['msg']}: {said}" if said else str(value["msg"])
        else:
            sent[host] = value
    return sent, reasons


def bounded(result: Mapping[str, Any], most: int) -> Dict[str, Any]:
    """The result with lists of at most ``most`` entries, and how many were left out of each."""
    found = dict(result)
    truncated: Dict[str, int] = {}
    for name in _LISTS:
        entries: List[Any] = list(result[name])
        found[name] = entries[:most]
        if len(entries) > most:
            truncated[name] = len(entries) - most
    found["truncated"] = truncated
    return found
