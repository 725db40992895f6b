# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The program of the timer: put together as the role does, and started as systemd does, in a Python with nothing installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).parents[5]
ROLE = CHECKOUT / "roles/log_scan"
ROOMS = yaml.safe_load((ROLE / "vars/main.yml").read_text(encoding="utf-8"))["__log_scan_rooms"]


def built(rooms: Path, destination: Path) -> Path:
    """The program, made of these rooms."""
    main = ROLE / "files/log_scan_main.py"
    maker = ROLE / "files/log_scan_bundle.py"
    command = [sys.executable, str(maker), str(rooms), str(main), str(destination), ",".join(ROOMS)]
    subprocess.run(command, check=True)
    return destination


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program."""
    return built(CHECKOUT / "plugins/module_utils", tmp_path_factory.mktemp("lib") / "log_scan.pyz")


def started(program: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A run of it."""
    command = [sys.executable, "-I", "-S", str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_same_files_give_the_same_program(program: Path, tmp_path: Path) -> None:
    copy = tmp_path / "rooms"
    shutil.copytree(CHECKOUT / "plugins/module_utils", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "_log_scan/__pycache__").mkdir()
    (copy / "_log_scan/__pycache__/x.pyc").touch()
    assert built(copy, tmp_path / "again.pyz").read_bytes() == program.read_bytes()
    (copy / "_log_scan/new.py").touch()
    assert built(copy, tmp_path / "other.pyz").read_bytes() != program.read_bytes()


def test_it_scans(program: Path, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("ERROR 1\n", encoding="utf-8")
    options = {
        "paths": [str(tmp_path / "app.log")],
        "patterns": {"error": "ERROR"},
        "pattern_sets": ["sshd"],
        "first_run": "beginning",
        "state_dir": str(tmp_path / "state"),
        "reports": [{"path": str(tmp_path / "scan.html")}],
    }
    told = {"options": options, "results": str(tmp_path / "results"), "metrics": str(tmp_path)}
    (tmp_path / "default.json").write_text(json.dumps(told), encoding="utf-8")
    ended = started(program, str(tmp_path / "default.json"))
    assert (ended.returncode, ended.stderr) == (0, "")
    last = json.loads((tmp_path / "results/last.json").read_text(encoding="utf-8"))
    assert (last["new"], last["summary"]["sentence"]) == (1, ended.stdout.strip())
    assert (tmp_path / "day2_log_scan_default.prom").is_file()
    assert (tmp_path / "scan.html").is_file()


def test_it_says_why_it_cannot(program: Path) -> None:
    ended = started(program, "/nowhere.json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "/nowhere.json" in ended.stderr
