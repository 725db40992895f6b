# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as files: of one host over many runs, and of many hosts."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.results import (
    Results,
    leave_receipt,
    metrics_file,
    read_json,
    read_metrics,
    read_results,
    write_metrics,
)


def names(folder: Path) -> "list[str]":
    return sorted(path.name for path in folder.iterdir())


def test_of_many_runs_the_last_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "deep/web"
    results = Results(str(place), 2)
    for minute in range(5):
        results.put({"run_id": f"20261128T19{minute:02}00Z-0"}, noteworthy=minute != 4)
    assert names(place) == ["20261128T190200Z-0.json", "20261128T190300Z-0.json", "last.json"]
    assert json.loads((place / "last.json").read_text(encoding="utf-8")) == {"run_id": "20261128T190400Z-0"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}


def test_a_result_that_comes_twice_is_there_once(tmp_path: Path) -> None:
    results = Results(str(tmp_path), 5)
    for again in (False, True):
        results.put({"run_id": "one", "redelivered": again}, noteworthy=True)
    assert names(tmp_path) == ["last.json", "one.json"]


def test_nothing_but_the_last_may_be_wanted(tmp_path: Path) -> None:
    Results(str(tmp_path), 0).put({"run_id": "one"}, noteworthy=True)
    assert names(tmp_path) == ["last.json"]


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GatewayError, match="file/web"):
        Results(str(tmp_path / "file/web"), 5).put({"run_id": "one"}, noteworthy=True)


def test_results_of_hosts_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "web1.example.com.json").write_text('{"status": "ok"}', encoding="utf-8")
    (tmp_path / "web2.json").write_text("{", encoding="utf-8")
    (tmp_path / "web3.json").write_bytes(b'{"text": "\xff"}')
    (tmp_path / "web4.json").mkdir()
    (tmp_path / "web5.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "notes.txt").touch()
    found = read_results(str(tmp_path))
    assert found["web1.example.com"] == {"status": "ok"}
    assert "it is not JSON" in found["web2"]
    assert found["web3"] == {"text": "\udcff"}
    assert "directory" in found["web4"]
    assert "it is not JSON" in found["web5"]
    assert len(found) == 5


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GatewayError, match="nowhere"):
        read_results(str(tmp_path / "nowhere"))
    with pytest.raises(GatewayError, match=r"read the configuration.*nowhere\.json"):
        read_json(str(tmp_path / "nowhere.json"), "read the configuration")


def test_metrics_can_be_read_by_others(tmp_path: Path) -> None:
    place = metrics_file(str(tmp_path), "web")
    assert read_metrics(place) == ""
    write_metrics(place, ["a 1\n", "b 2\n"])
    assert read_metrics(place) == "a 1\nb 2\n"
    assert stat.S_IMODE(Path(place).stat().st_mode) == 0o644
    assert place.endswith(".prom")  # the collector reads no others


def test_a_receipt_is_an_empty_file(tmp_path: Path) -> None:
    leave_receipt(str(tmp_path / "one.ack"))
    assert (tmp_path / "one.ack").read_bytes() == b""
