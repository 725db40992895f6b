# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A log and its generations as they lie on a disk, compared with what was known of them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import time
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.directories import Directories
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.mounts import Mounts
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.observe import observe
from ansible_collections.day2.ops.plugins.module_utils._log_scan.identity import mark
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Generation, LogState, Observed
from ansible_collections.day2.ops.tests.support.log_files import open_folder, powerless

TEXT = b"".join(b"2026-11-28T19:20:07Z host app[%d]: line\n" % number for number in range(100_000, 100_200))
PACKERS: Dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def known(path: Path, offset: Optional[int] = None, text: Optional[bytes] = None, finished: bool = False) -> Generation:
    """A generation as the last run left it, with the file as it is now."""
    data = path.read_bytes() if text is None else text
    offset = len(data) if offset is None else offset
    status = path.stat()
    one = mark(status.st_dev, status.st_ino, offset, data[:1024], data[max(0, offset - 256) : offset])
    return Generation(str(path), one, len(data), status.st_mtime_ns, finished)


def look(path: Path, *generations: Generation, olddirs: Sequence[str] = ()) -> List[Observed]:
    return observe(str(path), olddirs, LogState(str(path), generations))


def seen(found: Sequence[Observed]) -> Dict[str, List[int]]:
    return {
        os.path.basename(each.path): [index for index in each.same_head if index in each.same_tail] for each in found
    }


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(TEXT)
    return path


def test_what_is_said_of_a_file(log: Path) -> None:
    status = log.stat()
    (each,) = observe(str(log), (), None)
    assert each == Observed(str(log), status.st_dev, status.st_ino, len(TEXT), status.st_mtime_ns, opening=TEXT[:1024])


def test_no_file_is_nothing(tmp_path: Path) -> None:
    assert observe(str(tmp_path / "none.log"), (), None) == []
    assert observe(str(tmp_path / "none" / "x.log"), ("old",), None) == []


@pytest.mark.parametrize(
    "text, head, tail",
    [
        (TEXT, True, True),
        (TEXT + b"more\n", True, True),
        (TEXT[:-1], True, False),  # shorter than what was read
        (TEXT[:2000], True, False),
        (b"other\n" + TEXT, False, False),
        (TEXT[:1500] + b"x" * 9000, True, False),  # emptied, and filled past the offset with what begins alike
        (b"", False, False),
    ],
)
def test_by_its_beginning_and_by_what_was_read_last(log: Path, text: bytes, head: bool, tail: bool) -> None:
    one = known(log)
    log.write_bytes(text)
    (each,) = look(log, one)
    assert (each.same_head, each.same_tail) == ((0,) * head, (0,) * tail)
    assert each.size == len(text)


def test_an_empty_beginning_says_nothing(log: Path) -> None:
    (each,) = look(log, known(log, 0, b""))
    assert (each.same_head, each.same_tail) == ((), ())


def test_the_family_beside_it_and_in_old_directories(log: Path) -> None:
    old = log.parent / "archive"
    old.mkdir()
    for path in (log.parent / "app.log.1", old / "app.log-20261127", log.parent / "app.log.err", old / "db.log.1"):
        path.write_bytes(TEXT[:100])
    (log.parent / "app.log.2").mkdir()
    os.mkfifo(log.parent / "app.log.3")
    (log.parent / "app.log.4").symlink_to("nowhere")
    os.link(log, log.parent / "app.log.5")
    expected = ["app.log", "app.log.1", "app.log-20261127"]
    for olddirs in (("archive",), (str(old),), ("archive", "none", "../archive/.")):
        names = [os.path.basename(each.path) for each in look(log, olddirs=olddirs) if "archive/." not in each.path]
        assert [name for name in expected if name in names] == expected
        assert len(look(log, olddirs=olddirs)) == 3, "each file once"


def test_renamed_and_made_anew(log: Path) -> None:
    one = known(log)
    log.rename(log.parent / "app.log.1")
    log.write_bytes(b"new\n")
    assert seen(look(log, one)) == {"app.log": [], "app.log.1": [0]}


@pytest.mark.parametrize("compression", sorted(PACKERS))
def test_compressed_it_is_known_by_the_text_inside(log: Path, compression: str) -> None:
    one = known(log, 4000)
    archive = log.parent / f"app.log.1.{compression}"
    archive.write_bytes(PACKERS[compression](TEXT + b"its last line\n"))
    log.write_bytes(b"new\n")
    _live, old = look(log, one)
    assert (old.compression, old.same_head, old.same_tail) == (compression, (0,), (0,))
    assert old.opening == TEXT[:1024]
    archive.write_bytes(PACKERS[compression](TEXT[:3000]))
    assert seen(look(log, one)) == {"app.log": [], archive.name: []}, "it ends before"


def test_an_archive_that_is_known_is_not_unpacked_again(log: Path) -> None:
    archive = log.parent / "app.log.1.gz"
    archive.write_bytes(b"this is no archive")
    one = known(archive, len(TEXT), TEXT, finished=True)
    _live, old = look(log, one)
    assert (old.same_head, old.same_tail, old.opening) == ((0,), (0,), b"")
    os.utime(archive, (1, 1))
    _live, old = look(log, one)
    assert (old.same_head, old.same_tail) == ((), ())


def test_a_half_written_archive_is_compared_as_far_as_it_goes(log: Path) -> None:
    whole = gzip.compress(TEXT)
    one = known(log)
    (log.parent / "app.log.1").write_bytes(TEXT)
    (log.parent / "app.log.1.gz").write_bytes(whole[: len(whole) - 12])
    (log.parent / "app.log.2.gz").write_bytes(b"")
    (log.parent / "app.log.3.gz").write_bytes(b"\x1f\x8b not so")
    found = {os.path.basename(each.path): each for each in look(log, one)}
    assert found["app.log.1.gz"].same_head == (0,)
    assert found["app.log.2.gz"].opening == found["app.log.3.gz"].opening == b""
    assert all(not each.unreadable for each in found.values())


def test_two_generations_that_begin_alike_are_told_apart(log: Path) -> None:
    other = log.parent / "app.log.1"
    other.write_bytes(TEXT[:1024] + b"another day\n" * 500)
    found = look(log, known(other), known(log))
    assert {os.path.basename(each.path): (each.same_head, each.same_tail) for each in found} == {
        "app.log": ((0, 1), (1,)),
        "app.log.1": ((0, 1), (0,)),
    }


def test_a_link_leads_to_the_log_and_to_its_family_there(tmp_path: Path) -> None:
    (tmp_path / "pods").mkdir()
    (tmp_path / "containers").mkdir()
    real, link = tmp_path / "pods" / "0.log", tmp_path / "containers" / "web.log"
    real.write_bytes(TEXT)
    (tmp_path / "pods" / "0.log.20261128-192007").write_bytes(b"old\n")
    link.symlink_to("../pods/0.log")
    paths = [each.path for each in look(link)]
    assert paths == [str(link), str(tmp_path / "pods" / "0.log.20261128-192007")]


def test_a_rotation_just_after_the_directory_was_listed(log: Path) -> None:
    directories = Directories()
    directories.listing(str(log.parent))
    one = known(log)
    log.rename(log.parent / "app.log.1")
    log.write_bytes(b"new\n")
    found = observe(str(log), (), LogState(str(log), (one,)), directories)
    assert seen(found) == {"app.log": [], "app.log.1": [0]}


def test_one_listing_is_for_all_logs_while_nothing_moves(log: Path) -> None:
    long_ago = time.time() - 60
    os.utime(log.parent, (long_ago, long_ago))
    directories = Directories()
    listing = directories.listing(str(log.parent))
    one = known(log, finished=False)
    gone = Generation(one.path, mark(1, 2**40, 5, b"abcde", b"abcde"), 5, 1)
    observe(str(log), (), LogState(str(log), (gone, one)), directories)
    assert directories.listing(str(log.parent)) is listing


def test_without_permission_it_is_unreadable_and_not_gone() -> None:
    with open_folder() as folder:
        log, old = folder / "app.log", folder / "app.log.1"
        for path in (log, old):
            path.write_bytes(TEXT)
            path.chmod(0)
        with powerless():
            found = observe(str(log), (), None)
        assert [(each.path, each.unreadable) for each in found] == [
            (str(log), "Permission denied"),
            (str(old), "Permission denied"),
        ]
        assert [each.inode for each in found] == [log.stat().st_ino, old.stat().st_ino]
        log.chmod(0o644)
        folder.chmod(0o311)
        with powerless():
            found = observe(str(log), (), None)
        folder.chmod(0o755)
        assert [(each.path, each.unreadable) for each in found] == [
            (str(log), ""),
            (str(folder), "cannot list it: Permission denied"),
        ]
        folder.chmod(0)
        with powerless():
            found = observe(str(log), (), None)
        folder.chmod(0o755)
        assert (str(log), "Permission denied") in [(each.path, each.unreadable) for each in found]


def test_what_became_a_fifo_is_unreadable_and_does_not_block(log: Path) -> None:
    log.unlink()
    os.mkfifo(log)
    (each,) = look(log)
    assert each.unreadable == "it is not a regular file"


def test_on_a_hung_mount_nothing_is_touched(log: Path) -> None:
    table = log.parent / "table"
    table.write_text(f"1 2 0:3 / {log.parent} rw - nfs4 server:/x rw\n")
    mounts = Mounts(0.05, str(table), lambda _mount: time.sleep(60))
    (each,) = observe(str(log), (), None, Directories(mounts))
    assert each.unreadable == f"the mount {log.parent} does not answer"


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.log"
    for name in (path, path + b".1"):
        with open(name, "wb") as file:
            file.write(TEXT)
    assert [os.fsencode(each.path) for each in observe(os.fsdecode(path), (), None)] == [path, path + b".1"]
