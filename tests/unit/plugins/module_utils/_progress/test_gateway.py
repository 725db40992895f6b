# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._progress.gateway import EVERY_SECONDS, ProgressFile
from ansible_collections.day2.ops.plugins.module_utils._progress.model import Progress, decode


class Hand:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def said(path: Path) -> List[Progress]:
    found = [decode(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert None not in found
    return [one for one in found if one is not None]


def audit(done: int, total: Optional[int] = 10) -> Progress:
    return Progress("audit", done, total, "buckets")


def test_it_is_for_its_owner_alone_and_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "progress"
    previous = os.umask(0)
    try:
        file = ProgressFile(str(path), Hand())
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said(path) == [Progress("", 0, None, "", pid=os.getpid())]
    file.report(audit(1))
    assert said(path)[1:] == [Progress("audit", 1, 10, "buckets", pid=os.getpid())]
    file.close()


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "directory"])
def test_what_is_there_is_left_alone(tmp_path: Path, kind: str) -> None:
    """Somebody may have put it there to have it written to."""
    path, other = tmp_path / "progress", tmp_path / "other"
    if kind in ("file", "link"):
        other.write_text("mine", encoding="utf-8")
    if kind == "file":
        other.rename(path)
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to(other)
    file = ProgressFile(str(path), Hand())
    file.report(audit(1))
    file.close()
    if kind in ("file", "link"):
        assert path.read_text(encoding="utf-8") == "mine"
    else:
        assert not other.exists()


def test_it_does_not_say_everything(tmp_path: Path) -> None:
    clock = Hand()
    file = ProgressFile(str(tmp_path / "progress"), clock)
    for done in range(1, 10):
        file.report(audit(done))
        clock.now += EVERY_SECONDS / 4 + 0.001
    assert [one.done for one in said(tmp_path / "progress")][1:] == [1, 5, 9]
    file.report(audit(10))  # the end
    file.report(Progress("write", 0, 2, "reports"))  # another stage
    file.report(Progress("write", 1, 2, "reports"))
    assert [(one.stage, one.done) for one in said(tmp_path / "progress")][4:] == [("audit", 10), ("write", 0)]
    file.close()


def test_without_a_path_it_does_nothing() -> None:
    for path in (None, ""):
        file = ProgressFile(path, Hand())
        file.report(audit(1))
        file.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_costs_the_progress_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ProgressFile(str(tmp_path / "progress"), Hand())
    # The file's descriptor becomes one of a device that is always full.
    opened = [int(name) for name in os.listdir("/proc/self/fd") if _points_to(name, tmp_path / "progress")]
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, opened[0])
    os.close(full)
    for done in range(3):
        file.report(audit(done, None))
    file.report(Progress("another", 1, 1, "stage"))
    file.close()
    with pytest.raises(OSError, match="Bad file descriptor"):  # it was closed at the first failure
        os.fstat(opened[0])


def _points_to(descriptor: str, path: Path) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}") == str(path)
    except OSError:
        return False


def test_a_descriptor_that_somebody_closed_is_no_error(tmp_path: Path) -> None:
    file = ProgressFile(str(tmp_path / "progress"), Hand())
    (opened,) = [int(name) for name in os.listdir("/proc/self/fd") if _points_to(name, tmp_path / "progress")]
    os.close(opened)
    file.report(audit(1))
    file.report(audit(10))
    file.close()


def test_a_directory_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    file = ProgressFile(str(tmp_path / "missing" / "progress"), Hand())
    file.report(audit(1))
    file.close()
    assert list(tmp_path.iterdir()) == []
