# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a generation, whatever it is packed in and whatever happens to the file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.reading import CHUNK, Text
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_files import open_folder, powerless, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = b"".join(b"%d a line of a log, as they are\n" % number for number in range(70_000))  # more than two chunks
assert len(TEXT) > 2 * CHUNK


def zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


PACKERS: Dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, 1),
    "bz2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, preset=0),
}
if shutil.which("zstd"):  # the tool unpacks, too, where no library does
    PACKERS["zst"] = zstd
KINDS = sorted(PACKERS)


def gulp(blocks: Iterator[bytes]) -> Tuple[bytes, str]:
    """All that comes, and what is said in the end."""
    pieces: List[bytes] = []
    try:
        for block in blocks:
            assert 0 < len(block) <= CHUNK
            pieces.append(block)
    except GatewayError as error:
        return b"".join(pieces), str(error)
    return b"".join(pieces), ""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(TEXT)
    return path


def test_a_plain_one_by_offset_and_in_blocks(plain: Path) -> None:
    with Text(str(plain)) as text:
        status = plain.stat()
        assert (text.device, text.inode, text.size) == (status.st_dev, status.st_ino, len(TEXT))
        assert text.modified == status.st_mtime_ns
        for start, length in ((0, 10), (5, 0), (len(TEXT) - 3, 10), (len(TEXT) + 3, 10), (1, len(TEXT))):
            assert text.read(start, length) == TEXT[start : start + length]
        for start, stop in ((0, None), (7, None), (7, CHUNK + 9), (9, 9), (9, 5), (len(TEXT) + 5, None)):
            assert gulp(text.blocks(start, stop)) == (TEXT[start:stop] if stop is None or stop > start else b"", "")
    text.close()


@settings(derandomize=True, max_examples=tries(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(TEXT) + 10), st.none() | st.integers(0, len(TEXT) + 10))
def test_any_range_of_both_kinds_is_the_same(plain: Path, start: int, stop: Optional[int]) -> None:
    packed = plain.with_suffix(".gz")
    if not packed.exists():
        packed.write_bytes(gzip.compress(TEXT, 1))
    expected = TEXT[start:stop] if stop is None or stop > start else b""
    with Text(str(plain)) as text, Text(str(packed), "gz") as archive:
        assert gulp(text.blocks(start, stop))[0] == expected
        assert gulp(archive.blocks(start, stop))[0] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_archives(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    pack = PACKERS[kind]
    for data, expected in (
        (pack(TEXT), TEXT),
        (pack(b""), b""),
        (pack(b"one\n") + pack(b"two\n"), b"one\ntwo\n"),
        (pack(bytes(3 * CHUNK)), bytes(3 * CHUNK)),
    ):
        path.write_bytes(data)
        with Text(str(path), kind) as text:
            assert text.size is None
            assert gulp(text.blocks()) == (expected, "")
            assert gulp(text.blocks(2)) == (expected[2:], ""), "a second time, too"


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_archive_gives_what_it_has_and_then_says_so(tmp_path: Path, kind: str) -> None:
    data = bytes(random.Random(4).choices(b"abcdefgh\n", k=300_000))
    packed = PACKERS[kind](data)
    path = tmp_path / "x"
    for damaged, least in (
        (packed[:-9], 1),
        (packed[: len(packed) // 2], 1),
        (packed[:5], 0),
        (b"", 0),
        (b"plain text that is called an archive\n", 0),
        (packed + b"and some more", len(data)),
    ):
        path.write_bytes(damaged)
        with Text(str(path), kind) as text:
            got, said = gulp(text.blocks())
        assert data.startswith(got)
        assert len(got) >= least
        assert said.startswith(f"decompress {path}: ")


def test_zeros_behind_an_archive_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"text\n") + bytes(1000) + gzip.compress(b"more\n") + bytes(10))
    with Text(str(path), "gz") as text:
        assert gulp(text.blocks()) == (b"text\nmore\n", "")


ZST_LIBRARY = """
import sys
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.reading import Text
try:
    with Text(sys.argv[1], "zst") as text:
        for block in text.blocks():
            sys.stdout.buffer.write(block)
except GatewayError as error:
    print(error)
"""


def test_without_library_and_tool_the_error_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "zstandard.py").write_text("raise ImportError")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "compression").mkdir()
    said, _unused = run(ZST_LIBRARY, str(tmp_path / "x.zst")).communicate(timeout=60)
    assert b"it needs the tool zstd, or the Python library zstandard" in said or sys.version_info >= (3, 14)


BOMB = """
import resource, sys
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.reading import Text
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with Text(sys.argv[1], sys.argv[2]) as text:
    print(sum(len(block) for block in text.blocks()))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_of_zeros_stays_small_in_memory(tmp_path: Path, kind: str) -> None:
    size = 40 << 20
    path = tmp_path / "x"
    one = PACKERS[kind](bytes(size // 10))
    path.write_bytes(one * 10)
    said, _unused = run(BOMB, str(path), kind).communicate(timeout=60)
    length, kib = map(int, said.split())
    assert length == size
    assert kib < 16 << 10


def test_five_gigabytes_of_nothing_and_then_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sparse.log"
    size = 5 << 30
    line = b"the program wrote on at its old offset\n"
    with open(path, "wb") as file:
        file.write(b"first\n")
        file.seek(size)
        file.write(line)
    with Text(str(path)) as text:
        assert text.size == size + len(line)
        assert text.data_from(0) == 0
        begin = text.data_from(1 << 20)
        assert size - (1 << 20) <= begin <= size or begin == 1 << 20  # a file system without holes
        assert text.read(begin, size + 100 - begin).lstrip(b"\0") == line if begin > 1 << 20 else True
        assert text.data_from(size + 5) == size + 5
        assert gulp(text.blocks(size - 3 * CHUNK)) == (bytes(3 * CHUNK) + line, "")
    said, _unused = run(BOMB, str(path), "").communicate(timeout=60)
    length, kib = map(int, said.split())
    assert length == size + len(line)
    assert kib < 16 << 10


def test_data_from_beyond_the_end(plain: Path) -> None:
    with Text(str(plain)) as text:
        assert text.data_from(0) == 0
        assert text.data_from(len(TEXT)) == len(TEXT)
        assert text.data_from(len(TEXT) + 9) == len(TEXT) + 9


def test_deleted_renamed_and_replaced_in_mid_read(plain: Path) -> None:
    with Text(str(plain)) as text:
        blocks = text.blocks()
        got = next(blocks)
        plain.unlink()
        plain.write_bytes(b"another one\n")
        assert got + b"".join(blocks) == TEXT


def test_cut_in_mid_read_it_ends_early(plain: Path) -> None:
    with Text(str(plain)) as text:
        blocks = text.blocks()
        got = next(blocks)
        os.truncate(plain, 10)
        assert b"".join(blocks) == b""
        assert got == TEXT[:CHUNK]


def test_grown_in_mid_read_it_ends_where_it_was(plain: Path) -> None:
    with Text(str(plain)) as text:
        with open(plain, "ab") as file:
            file.write(b"more\n")
        assert gulp(text.blocks()) == (TEXT, "")
        assert gulp(text.blocks(0, len(TEXT) + 5)) == (TEXT + b"more\n", "")


@pytest.mark.parametrize(
    "name, cause", [("none", "No such file"), ("fifo", "not a regular file"), ("dir", "regular file")]
)
def test_what_cannot_be_opened(tmp_path: Path, name: str, cause: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dir").mkdir()
    with pytest.raises(GatewayError, match=f"open {tmp_path}/{name}: .*{cause}"):
        Text(str(tmp_path / name))


def test_odd_names_and_devices() -> None:
    for name in ("/dev/null", "/dev/zero", "/tmp/\0", "/tmp/" + "x" * 300):
        with pytest.raises(GatewayError, match="open "):
            Text(name)
    with open_folder() as folder:
        (folder / "x").write_bytes(b"x")
        (folder / "x").chmod(0)
        with powerless(), pytest.raises(GatewayError, match="Permission denied"):
            Text(str(folder / "x"))


def test_no_descriptor_is_left_open(plain: Path) -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = count()
    packed = plain.with_suffix(".gz")
    packed.write_bytes(gzip.compress(TEXT, 1))
    for path, kind in ((plain, ""), (packed, "gz")):
        with Text(str(path), kind) as text:
            next(text.blocks())
            list(text.blocks(0, 10))
    with pytest.raises(GatewayError):
        Text("/dev/null")
    assert count() == before
