# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scans that a timer starts, one after the other: from a configuration to files of results."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.result import noteworthy
from ansible_collections.day2.ops.plugins.module_utils._log_scan.timed import scan_by_timer


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 28, 19, 20, 7, tzinfo=timezone.utc)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Host:
    """A host with a log, and a configuration as the role writes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "app.log"
        self.config = folder / "web.json"
        self.results = folder / "results"
        self.metrics = folder / "day2_log_scan_web.prom"
        self.warnings: List[str] = []
        self.clock = Clock()
        self.rng = Random(1)
        self.options: Dict[str, Any] = {
            "name": "web",
            "paths": [str(self.log)],
            "patterns": {"error": {"regex": "ERROR (?P<number>[0-9]+)", "severity": "high"}},
            "first_run": "beginning",
            "state_dir": str(folder / "state"),
        }

    def scan(self) -> str:
        """One run, five minutes after the last."""
        told = {"options": self.options, "results": str(self.results), "keep": 5, "metrics": str(self.folder)}
        self.config.write_text(json.dumps(told), encoding="utf-8")
        self.clock.at += timedelta(minutes=5)
        return scan_by_timer(str(self.config), self.clock, self.rng, self.warnings.append)

    def last(self) -> Dict[str, Any]:
        """What the last run found."""
        found: Dict[str, Any] = json.loads((self.results / "last.json").read_text(encoding="utf-8"))
        return found

    def kept(self) -> int:
        """How many runs had something to tell."""
        return len(list(self.results.glob("*Z*.json")))

    def metric(self, name: str) -> str:
        """The value of a metric."""
        lines = self.metrics.read_text(encoding="utf-8").splitlines()
        return next(line for line in lines if line.startswith(f"day2_log_scan_{name}{{")).split()[-1]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host on which two errors were logged."""
    found = Host(tmp_path)
    found.log.write_text("ERROR 1\nINFO\nERROR 2\n", encoding="utf-8")
    return found


def test_each_line_is_told_and_counted_once(host: Host) -> None:
    assert host.scan() == host.last()["summary"]["sentence"]
    assert host.last()["new"] == 2
    assert "receipt_file" not in host.last()
    assert host.last()["started_at"] == "2026-11-28T19:25:07Z"
    with host.log.open("a", encoding="utf-8") as file:
        file.write("ERROR 3\n")
    host.scan()
    assert [sample["fields"] for sample in host.last()["matches"][0]["samples"]] == [{"number": "3"}]
    host.scan()
    assert (host.last()["new"], host.last()["redelivered"]) == (0, False)
    assert host.kept() == 2
    assert host.metric("matches_total") == "3"
    assert float(host.metric("last_success_timestamp_seconds")) == host.clock.at.timestamp()


def test_what_was_kept_but_not_acknowledged_comes_again_and_counts_once(host: Host) -> None:
    """As if the process had been killed between its last two steps."""
    host.scan()
    first = host.last()["run_id"]
    (receipt,) = (host.folder / "state").glob("*.ack")
    receipt.unlink()
    host.scan()
    assert (host.last()["run_id"], host.last()["redelivered"]) == (first, True)
    assert host.kept() == 1
    assert host.metric("matches_total") == "2"


def test_what_could_not_be_kept_comes_again(host: Host) -> None:
    host.results.touch()  # there cannot be a directory
    with pytest.raises(Day2Error, match=str(host.results)):
        host.scan()
    assert not host.metrics.exists()
    host.results.unlink()
    host.scan()
    assert (host.last()["new"], host.last()["redelivered"]) == (2, True)


def test_a_scan_that_fails_leaves_metrics_that_grow_old(host: Host) -> None:
    host.scan()
    before = host.metrics.read_text(encoding="utf-8")
    (host.folder / "state/web.json").write_text("{", encoding="utf-8")
    with pytest.raises(Day2Error, match="damaged"):
        host.scan()
    assert host.metrics.read_text(encoding="utf-8") == before


def test_bad_configurations_are_named(host: Host) -> None:
    host.options["pathes"] = []
    with pytest.raises(Day2Error, match="^pathes: there is no such option$"):
        host.scan()
    for text, words in (("[]", "a mapping with options is expected"), ("{", "it is not JSON")):
        host.config.write_text(text, encoding="utf-8")
        with pytest.raises(Day2Error, match=words):
            scan_by_timer(str(host.config), host.clock, host.rng, host.warnings.append)


@pytest.mark.parametrize(
    "result, worth",
    [
        ({}, False),
        ({"matches": [], "problems": [], "files": [{"gap": 0, "unreadable": "", "events": []}]}, False),
        ({"matches": [{}]}, True),
        ({"problems": ["x"]}, True),
        ({"files": [{"gap": 1}]}, True),
        ({"files": [{}, {"unreadable": "x"}]}, True),
        ({"files": [{"events": [{}]}]}, True),
    ],
)
def test_what_is_worth_keeping(result: Dict[str, Any], worth: bool) -> None:
    assert noteworthy(result) == worth
