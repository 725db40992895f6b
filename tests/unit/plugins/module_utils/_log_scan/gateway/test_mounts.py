# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mounts that do not answer, found without waiting for them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Callable, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.mounts import Mounts
from ansible_collections.day2.ops.tests.support.log_files import can_hang, hanging

# A FUSE file system that nobody serves hangs as a dead server does; making one takes rights that not every machine gives.
REAL = [True] if can_hang() else []


def table(path: Path, *lines: str) -> str:
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def mount(where: str, kind: str) -> str:
    return f"36 35 0:33 / {where} rw,relatime shared:1 - {kind} source rw"


def sleeps(_mount: str) -> None:
    time.sleep(60)


def must_not_be_asked(_mount: str) -> None:
    time.sleep(60)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse", "fuse.sshfs", "fuseblk", "9p", "autofs"])
def test_remote_ones_are_asked(tmp_path: Path, kind: str) -> None:
    (tmp_path / "m").mkdir()
    mounts = Mounts(0.02, table(tmp_path / "t", mount("/", "ext4"), mount(f"{tmp_path}/m", kind)), sleeps)
    assert mounts.hung(f"{tmp_path}/m/deep/x.log") == f"{tmp_path}/m"
    assert mounts.hung(f"{tmp_path}/m") == f"{tmp_path}/m"
    assert mounts.hung(f"{tmp_path}/mm/x.log") == ""
    assert mounts.hung("/var/log/x.log") == ""


@pytest.mark.parametrize("kind", ["ext4", "xfs", "tmpfs", "overlay", "fusectl", "proc"])
def test_local_ones_are_not(tmp_path: Path, kind: str) -> None:
    assert Mounts(0.02, table(tmp_path / "t", mount(str(tmp_path), kind)), sleeps).hung(f"{tmp_path}/x") == ""


def test_what_lies_on_top_counts(tmp_path: Path) -> None:
    lines = [mount(str(tmp_path), "nfs"), mount(str(tmp_path), "tmpfs")]
    assert Mounts(0.02, table(tmp_path / "t", *lines), sleeps).hung(f"{tmp_path}/x") == ""


def raises(_mount: str) -> None:
    raise OSError(107, "Transport endpoint is not connected")


@pytest.mark.parametrize("question", [os.statvfs, raises])
def test_one_that_answers_is_well_also_with_an_error(tmp_path: Path, question: Callable[[str], object]) -> None:
    mounts = Mounts(30, table(tmp_path / "t", mount(str(tmp_path), "nfs4")), question)
    assert mounts.hung(f"{tmp_path}/x") == ""


def test_links_are_followed_without_touching_the_mount(tmp_path: Path) -> None:
    for name in ("m", "logs"):
        (tmp_path / name).mkdir()
    (tmp_path / "logs" / "absolute").symlink_to(tmp_path / "m" / "app")
    (tmp_path / "logs" / "relative").symlink_to("../m")
    (tmp_path / "logs" / "twice").symlink_to("relative/x")
    (tmp_path / "logs" / "loop").symlink_to("loop")
    mounts = Mounts(0.02, table(tmp_path / "t", mount(f"{tmp_path}/m", "nfs")), sleeps)
    for name in ("absolute/x.log", "relative", "relative/../m/x", "twice"):
        assert mounts.hung(f"{tmp_path}/logs/{name}") == f"{tmp_path}/m", name
    for name in ("loop", "plain/x.log"):
        assert mounts.hung(f"{tmp_path}/logs/{name}") == "", name


def test_each_is_asked_once_and_several_together(tmp_path: Path) -> None:
    names = [f"{tmp_path}/m {number}" for number in range(10)]
    lines = [mount(name.replace(" ", "\\040"), "nfs") for name in names]
    begin = time.monotonic()
    mounts = Mounts(1.0, table(tmp_path / "t", *lines), sleeps)
    mounts.ask([f"{name}/x.log" for name in names])
    for name in names:
        assert mounts.hung(f"{name}/x.log") == name
    assert time.monotonic() - begin < 8, "one wait, not ten"


def test_only_what_lies_on_the_way_is_asked(tmp_path: Path) -> None:
    lines = [mount(f"{tmp_path}/{name}", "nfs") for name in ("a", "b")]
    given: List[str] = lines
    mounts = Mounts(30, table(tmp_path / "t", *given), sleeps)
    mounts.ask([f"{tmp_path}/c/x.log"])
    assert mounts.hung(f"{tmp_path}/c/x.log") == ""


def test_no_table_and_damaged_lines(tmp_path: Path) -> None:
    assert Mounts(0.02, str(tmp_path / "none"), sleeps).hung("/x") == ""
    assert Mounts(0.02, table(tmp_path / "t", "", " - nfs", "a b c - nfs x", "\\"), sleeps).hung("/x") == ""


def test_the_child_that_hangs_holds_nothing_of_ours(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    try:
        mounts = Mounts(0.1, table(tmp_path / "t", mount(str(tmp_path), "nfs")), sleeps)
        assert mounts.hung(str(tmp_path)) == str(tmp_path)
        os.close(writer)
        assert os.read(reader, 1) == b"", "the other end is closed"
    finally:
        os.close(reader)


@pytest.mark.parametrize("_real", REAL)
def test_a_real_one(tmp_path: Path, _real: bool) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    with hanging(folder):
        mounts = Mounts(0.1)
        assert [mounts.hung(f"{place}/x.log") for place in (folder, tmp_path)] == [str(folder), ""]
    assert Mounts(0.1).hung(f"{folder}/x.log") == ""
