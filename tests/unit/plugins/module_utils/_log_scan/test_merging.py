# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scans of many hosts, from a directory to a result and its reports."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any, Dict, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.job import Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._log_scan.arguments import MERGE
from ansible_collections.day2.ops.plugins.module_utils._log_scan.merging import merge_scans

NOW = datetime(2026, 11, 28, 19, 20, 7, tzinfo=timezone.utc)


class Clock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


def of_host(status: str = "ok", **changes: Any) -> Dict[str, Any]:
    """The result of one host."""
    entry = {
        "path": "/var/log/app.log",
        "appended": 9,
        "scanned": 9,
        "pending": 0,
        "pending_cause": None,
        "gap": 0,
        "gap_causes": [],
        "skipped": 0,
        "generations": 1,
        "events": [],
        "unreadable": "",
    }
    return {
        "schema": "day2.ops/log_scan/1",
        "status": status,
        "summary": {"sentence": "As it was."},
        "run_id": "r",
        "engine": "grep",
        "matches": [],
        "files": [entry],
        "problems": [],
        "new": 0,
        "bytes_scanned": 9,
        "backlog_bytes": 0,
        **changes,
    }


def merged(folder: Path, hosts: Dict[str, Any], **options: Any) -> Outcome:
    """The outcome for these results; a text is written as it stands."""
    place = folder / "results"
    place.mkdir(exist_ok=True)
    for host, value in hosts.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (place / f"{host}.json").write_text(text, encoding="utf-8")
    given = {**MERGE.defaults(), "results": str(place), **options}
    return merge_scans(Job(options=given, check_mode=False, clock=Clock(), rng=Random(1), warn=print))


def test_hosts_that_did_not_answer_are_named_with_the_reason(tmp_path: Path) -> None:
    failed = {"msg": "paths[0].path: 'x' is not an absolute path", "failed": False}
    gone = {"unreachable": True, "msg": "Failed to connect"}
    mute = {"msg": "No start of json char found", "module_stderr": "\nsh: python3: not found\nsh: at line 1\n"}
    hosts = {"web1": of_host(), "web2": failed, "web3": gone, "web4": '{"schema": "da', "web6": mute}
    found = merged(tmp_path, hosts, expected_hosts=["web1", "web2", "web3", "web5"]).result
    assert found["status"] == "unknown"
    assert found["unanswered"] == ["web2", "web3", "web4", "web5", "web6"]
    reasons = {host["host"]: host["reason"] for host in found["hosts"]}
    assert reasons["web1"] == ""
    assert "not an absolute path" in reasons["web2"]
    assert "Failed to connect" in reasons["web3"]
    assert "it is not JSON" in reasons["web4"]
    assert reasons["web5"]
    assert reasons["web6"] == "No start of json char found: sh: python3: not found"
    assert len(found["problems"]) == 5


@pytest.mark.parametrize(
    "status, fail_on, fails",
    [
        ("critical", "never", False),
        ("critical", "critical", True),
        ("warning", "critical", False),
        ("warning", "warning", True),
        ("unknown", "warning", False),
        ("unknown", "unknown", True),
        ("ok", "unknown", False),
    ],
)
def test_it_fails_from_the_status_that_was_asked_for(tmp_path: Path, status: str, fail_on: str, fails: bool) -> None:
    failure: Optional[str] = merged(tmp_path, {"web1": of_host(status)}, fail_on=fail_on).failure
    assert (failure is not None) == fails
    assert failure is None or failure.startswith(f"fail_on is {fail_on}: ")


def test_reports_have_what_the_result_leaves_out(tmp_path: Path) -> None:
    hosts = {f"web{number}": of_host() for number in range(5)}
    reports = [{"path": f"{tmp_path}/{{date}}.{kind}", "format": None} for kind in ("html", "json", "csv", "md")]
    found = merged(tmp_path, hosts, reports=reports, max_returned=2).result
    assert [len(found[name]) for name in ("hosts", "files")] == [2, 2]
    assert found["truncated"] == {"hosts": 3, "files": 3}
    assert [report["format"] for report in found["reports"]] == ["html", "json", "csv", "markdown"]
    whole = json.loads((tmp_path / "2026-11-28.json").read_text(encoding="utf-8"))
    assert [host["host"] for host in whole["hosts"]] == sorted(hosts)
    assert "web4" in (tmp_path / "2026-11-28.html").read_text(encoding="utf-8")


def test_places_are_looked_at_first(tmp_path: Path) -> None:
    with pytest.raises(Day2Error, match="reports\\[0\\]"):
        merged(tmp_path, {}, reports=[{"path": f"{tmp_path}/x.odd", "format": None}])
    with pytest.raises(Day2Error, match="nowhere"):
        merged(tmp_path, {}, results=str(tmp_path / "nowhere"))
