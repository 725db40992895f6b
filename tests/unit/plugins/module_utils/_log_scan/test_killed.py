# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole module, killed with ``kill -9`` at any step of its commit: the state is the old one or the new one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.day2.ops.tests.support.effort import in_full
from ansible_collections.day2.ops.tests.support.log_account import given_out
from ansible_collections.day2.ops.tests.support.log_place import LogPlace
from ansible_collections.day2.ops.tests.support.log_runs import AFTER_RENAME, BEFORE_RENAME, Instant, ModuleProcess

# The commit has some 400 instants. All of them: DAY2_LOG_HISTORIES=1 pytest test_killed.py
STEP = 1 if os.environ.get("DAY2_LOG_HISTORIES") else 47 if in_full() else 131
NEVER = Instant(number=1 << 40)
AT_ONCE = Instant(number=1)


@pytest.fixture
def host(tmp_path: Path) -> "Host":
    """With everything imported that a scan needs, so that its processes need not do it."""
    (tmp_path / "warm").mkdir()
    place = LogPlace(tmp_path / "warm")
    place.append("FOUND it\n")
    place.scan(first_run="beginning")
    host = Host(tmp_path)
    host.write()
    return host


class Host:
    """One log, scanned by modules in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "app.log"
        self.state = folder / "state" / "default.json"
        self.lines = 0
        self.given: Dict[int, str] = {}  # line → the run in which it was given out

    def write(self) -> int:
        """A line."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"<{self.lines:06}>\n")
        self.lines += 1
        return self.lines - 1

    def run(self, instant: Instant) -> Optional[Dict[str, Any]]:
        """A module; what it answers is taken, and its receipt left."""
        options = {
            "paths": [str(self.log)],
            "patterns": {"found": {"regex": "<[0-9]+>"}},
            "state_dir": str(self.state.parent),
            "first_run": "beginning",
            "receipt": True,
        }
        result = ModuleProcess(self.folder / "output", instant, options).result()
        if result is not None:
            for line in given_out(result):
                assert self.given.setdefault(line, result["run_id"]) == result["run_id"], "given out in two runs"
            if "receipt_file" in result:
                Path(result["receipt_file"]).touch()
        return result

    def committed(self) -> List[int]:
        """What the last result in the state gives out; the state is whole."""
        state = json.loads(self.state.read_bytes())
        assert state["run_id"] == state["pending"]["run_id"] == state["pending"]["result"]["run_id"]
        return given_out(state["pending"]["result"])


def killed_and_asked_again(host: Host, instant: Instant) -> Optional[bool]:
    """Whether the killed run had committed; None if it outlived the instant."""
    old = host.state.read_bytes()
    line = host.write()
    if host.run(instant) is not None:
        return None
    is_new = host.state.read_bytes() != old
    if is_new:
        assert host.committed() == [line]
    result = host.run(NEVER)
    assert result is not None and given_out(result) == [line] and result["redelivered"] == is_new
    assert set(host.given) == set(range(host.lines))
    return is_new


def test_kill_9_at_any_step_of_the_commit(host: Host) -> None:
    host.run(NEVER)
    outcomes: List[bool] = []
    number = 1
    while True:
        outcome = killed_and_asked_again(host, Instant(number, inside="commit"))
        if outcome is None:
            break
        outcomes.append(outcome)
        number += STEP
    assert outcomes == sorted(outcomes), "once it is there, the new state stays"
    assert set(outcomes) == {False, True}


def test_kill_9_around_the_renaming(host: Host) -> None:
    host.run(NEVER)
    assert killed_and_asked_again(host, BEFORE_RENAME) is False
    assert killed_and_asked_again(host, AFTER_RENAME) is True
    assert killed_and_asked_again(host, AT_ONCE) is False


def test_kill_9_in_the_first_run(host: Host) -> None:
    assert host.run(BEFORE_RENAME) is None and not host.state.exists()
    assert host.run(AFTER_RENAME) is None and host.committed() == [0]
    result = host.run(NEVER)
    assert result is not None and result["redelivered"] and given_out(result) == [0]
