# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One at a time, and the one that has it is named."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._state.gateway import locked
from ansible_collections.day2.ops.tests.support.log_files import open_folder, powerless, run

HOLDER = """
import sys
from ansible_collections.day2.ops.plugins.module_utils._state.gateway import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_another_process_is_kept_out_and_told_by_whom(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    with run(HOLDER, path) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(GatewayError) as refused:
            with locked(path):
                raise AssertionError("two have it")
        assert str(refused.value) == f"lock {path}: process {holder.pid} holds it"
        with pytest.raises(GatewayError, match=r"holds it after 0\.02 seconds"):
            with locked(path, 0.02):
                raise AssertionError("two have it")
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        with locked(path, 30):  # waits until it lets go
            assert Path(path).read_text(encoding="ascii") == f"{os.getpid()}\n"


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    with run(HOLDER, path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    with locked(path):
        pass


def test_a_second_one_in_the_same_process_is_kept_out_too(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    with locked(path):
        with pytest.raises(GatewayError, match=f"process {os.getpid()} holds it"):
            with locked(path):
                raise AssertionError("two have it")
    with locked(path):
        pass


def test_it_is_let_go_when_the_work_fails(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    with pytest.raises(KeyError):
        with locked(path):
            raise KeyError("defect")
    with locked(path):
        pass


def test_of_many_at_once_each_gets_it_once(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    inside = []
    most = []

    def work() -> None:
        with locked(path, 30):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _unused in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_the_file_is_nobody_elses_and_no_link_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with locked(str(path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "y.lock").symlink_to(tmp_path / "theirs")
    with pytest.raises(GatewayError, match=r"y\.lock"):
        with locked(str(tmp_path / "y.lock")):
            raise AssertionError("followed")
    assert (tmp_path / "theirs").read_text() == "theirs"


def test_where_no_file_can_be_made_the_error_says_so() -> None:
    with open_folder() as folder:
        folder.chmod(0o555)
        with powerless(), pytest.raises(GatewayError, match=r"lock .*/x\.lock: Permission denied"):
            with locked(str(folder / "x.lock")):
                raise AssertionError("locked")
        folder.chmod(0o755)
