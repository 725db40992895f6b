# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State that is there as a whole or not at all, for one run at a time, and receipts."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.document import Document, Pending
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.store import Store, file_name
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_files import open_folder, powerless, run
from hypothesis import given, settings
from hypothesis import strategies as st

OLD, NEW = Document("old", {"a": 1}), Document("new", {"a": 2}, {"journal": "s=1"})


def test_from_nothing_to_a_state_and_back(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "deep" / "state"), "web")
    assert store.load() is None
    assert not (tmp_path / "deep").exists(), "looking makes nothing"
    with store.lock():
        store.commit(OLD)
        store.commit(NEW)
    assert Store(str(tmp_path / "deep" / "state"), "web").load() == NEW
    assert Store(str(tmp_path / "deep" / "state"), "other").load() is None
    assert stat.S_IMODE((tmp_path / "deep" / "state").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep" / "state").iterdir()} == {0o600}
    with store.lock():
        store.reset()
        store.reset()
    assert store.load() is None


def test_a_receipt_is_for_one_run_and_goes_with_the_next(tmp_path: Path) -> None:
    store, other = Store(str(tmp_path), "web"), Store(str(tmp_path), "web.db")
    store.commit(Document("r1", pending=Pending("r1", {}, True)))
    assert not store.acknowledged("r1")
    for path in (store.receipt("r1"), other.receipt("r1")):
        Path(path).touch()
    assert store.acknowledged("r1")
    assert not store.acknowledged("r2")
    store.commit(Document("r1", pending=Pending("r1", {"again": True}, True)))
    assert store.acknowledged("r1"), "the same result, written again"
    store.commit(Document("r2", pending=Pending("r2", {}, True)))
    assert not store.acknowledged("r1")
    assert other.acknowledged("r1"), "not its own"


@settings(derandomize=True, max_examples=tries(50))
@given(st.lists(st.text(), min_size=2, max_size=5, unique=True))
def test_every_name_has_a_file_name_of_its_own(names: List[str]) -> None:
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    for file in files:
        assert file and "/" not in file and "." not in file and file.isascii() and len(file) <= 120


def test_long_and_odd_names_work(tmp_path: Path) -> None:
    for name in ("", "..", "../../etc/passwd", "é" * 200, "é" * 201, "a b\n", "\udce9", "x" * 5000):
        store = Store(str(tmp_path), name)
        with store.lock():
            store.commit(Document(name[:5]))
            Path(store.receipt("2026-11-28T19:20:07Z")).touch()
        assert Store(str(tmp_path), name).load() == Document(name[:5])
    assert {path.parent for path in tmp_path.rglob("*")} == {tmp_path}


def test_two_runs_at_once(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "web")
    with store.lock():
        with pytest.raises(GatewayError, match=f"process {os.getpid()} holds it"):
            with Store(str(tmp_path), "web").lock():
                raise AssertionError("both")
        with Store(str(tmp_path), "db").lock():
            pass


KILLED = """
import sys
from ansible_collections.day2.ops.plugins.module_utils._log_scan import document
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway import store
def pieces(doc):
    yield '{"schema":1,'
    yield "x" * 1000000
    print("in the middle", flush=True)
    sys.stdin.readline()
store.text_of = pieces
mine = store.Store(sys.argv[1], "web")
with mine.lock():
    mine.commit(document.Document("new"))
"""


def test_kill_9_in_the_middle_of_a_commit(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "web")
    store.commit(OLD)
    with run(KILLED, str(tmp_path)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        assert store.load() == OLD
        process.kill()
    assert store.load() == OLD
    (left,) = tmp_path.glob(".day2-*.tmp")
    with store.lock():
        store.commit(NEW)
    assert left.exists(), "it may be another one's that is being written"
    os.utime(left, (0, 0))
    with store.lock():
        store.commit(NEW)
    assert not left.exists()
    assert store.load() == NEW


FULL = """
import resource, signal, sys
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.document import Document
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Store(sys.argv[1], "web").commit(Document("new", ["x" * 5000]))
except GatewayError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_state(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "web")
    store.commit(OLD)
    Path(store.receipt("old")).touch()
    said, _unused = run(FULL, str(tmp_path)).communicate(timeout=60)
    assert said.decode().strip() == f"write {store.path}: File too large"
    assert store.load() == OLD
    assert store.acknowledged("old"), "a receipt is used up by a commit only"


def test_without_permission(tmp_path: Path) -> None:
    with open_folder() as folder:
        (folder / "state").mkdir(mode=0o755)
        store = Store(str(folder / "state"), "web")
        store.commit(OLD)
        (folder / "state").chmod(0o555)
        with powerless():
            with pytest.raises(GatewayError, match=r"read the state .*web\.json: Permission denied"):
                if os.stat(store.path).st_uid == os.geteuid():
                    os.chmod(store.path, 0)
                store.load()
            with pytest.raises(GatewayError, match=r"write .*web\.json: Permission denied"):
                store.commit(NEW)
            with pytest.raises(GatewayError, match=r"make the state directory .*/none: Permission denied"):
                Store(str(folder / "state" / "none"), "web").lock()
        (folder / "state").chmod(0o755)
        os.chmod(store.path, 0o600)
        assert store.load() == OLD


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b'{"schema": 9}', b"null" * 1000, b"[" * 100_000])
def test_a_state_that_cannot_be_read_says_what_to_do(tmp_path: Path, data: bytes) -> None:
    store = Store(str(tmp_path), "web")
    Path(store.path).write_bytes(data)
    with pytest.raises(Day2Error) as refused:
        store.load()
    assert store.path in str(refused.value)
    assert "reset: true" in str(refused.value)
    assert Path(store.path).read_bytes() == data


def test_a_link_or_fifo_in_its_place_is_refused_without_waiting(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "web")
    os.mkfifo(store.path)
    with pytest.raises(Day2Error):
        store.load()
    os.unlink(store.path)
    os.symlink("/etc/passwd", store.path)
    with pytest.raises(GatewayError, match="read the state"):
        store.load()
