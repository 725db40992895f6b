# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All engines there are find the same as trying every pattern on every line."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import threading
from pathlib import Path
from typing import Any, Iterator, List, Sequence, Set, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.detect import Detector
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.engines.ladder import (
    Chosen,
    choose,
    choose_for,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.engines.sparse import Sparse
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.reading import Text
from ansible_collections.day2.ops.plugins.module_utils._log_scan.lines import LONGEST, Cutter
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import LogPattern
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_samples import mixed_log, patterns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ENGINES = ("hyperscan", "re2", "rg", "grep", "stdlib")
FILE_ENGINES = ("rg", "grep")
BIG = 1 << 30
Found = List[Tuple[int, str, bytes, Tuple[Tuple[str, str], ...]]]


@pytest.fixture(autouse=True)
def programs_of_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rg that pip has put beside this Python."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    monkeypatch.setenv("PATH", path)


def pattern(regex: bytes, name: str = "it", flags: int = 0, multiline: str = "") -> LogPattern:
    return LogPattern(name, re.compile(regex, flags), Severity.HIGH, multiline=multiline)


def expected(data: bytes, wanted: Sequence[LogPattern]) -> Found:
    """Every pattern on every line."""
    found: Found = []
    offset = 0
    for line in data.split(b"\n")[:-1]:
        head = line[:LONGEST] if len(line) > LONGEST else line
        head = head[:-1] if head.endswith(b"\r") else head
        for each in wanted:
            match = each.regex.search(head)
            if match:
                fields = {
                    name: value.decode("latin-1") for name, value in match.groupdict().items() if value is not None
                }
                found.append((offset, each.name, head, tuple(sorted(fields.items()))))
        offset += len(line) + 1
    return found


def found_by(chosen: Chosen, path: Path, wanted: Sequence[LogPattern], window: int = 1 << 20) -> Found:
    """What a scan finds with an engine: the program's blocks first, then the rest in the ordinary way."""
    detector = Detector(wanted, chosen.block, lambda seconds: contextlib.nullcontext())
    found: Found = []
    with Text(str(path)) as text:
        offset, size = 0, text.size or 0
        blocks: List[Any] = []
        if chosen.file is not None:
            sparse = Sparse(chosen.file, text, 0, size, window)
            blocks += sparse.blocks()
            assert sparse.problem == ""
            offset = sparse.offset
        cutter = Cutter(offset, text.read(0, 4))
        for chunk in text.blocks(offset, size):
            blocks += cutter.feed(chunk)
        at = 0
        for block in blocks:
            assert block.offset == at, "no hole between blocks"
            at += block.consumed
            for match in detector.matches(block):
                hit = match.hit
                found.append((hit.offset, hit.pattern, hit.record, tuple(sorted(hit.fields.items()))))
        assert at + cutter.pending == size
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "mixed.log"
    path.write_bytes(b"".join(mixed_log(1 << 17, seed=7, events=0.06)))
    return path


@pytest.fixture(scope="module")
def oracle(log: Path) -> Found:
    return expected(log.read_bytes(), patterns(50))


@pytest.mark.parametrize("count", [1, 10, 50])
@pytest.mark.parametrize("name", ENGINES)
def test_identical_hits(name: str, count: int, log: Path, oracle: Found) -> None:
    wanted = patterns(count)
    names = {each.name for each in wanted}
    chosen = choose_for(name, wanted, log.read_bytes()[: 1 << 17], BIG)
    assert (chosen.name, chosen.warnings) == (name, ())
    assert (chosen.file is not None) == (name in FILE_ENGINES)
    assert found_by(chosen, log, wanted, window=40_000) == [each for each in oracle if each[1] in names]


def test_the_sample_has_something_to_find(oracle: Found) -> None:
    assert len({name for _offset, name, *_rest in oracle}) > 20


NASTY = (
    b"\x00\x00\x00zeros before ERROR\n"
    b"caf\xe9 ERROR latin-1\n"
    b"\n\n"
    b"ends with a return ERROR\r\n"
    b"ERROR ERROR ERROR\n"
    + b"x" * (LONGEST + 5000) + b" ERROR in the tail\n"
    + b"ERROR in the head " + b"y" * (3 * LONGEST) + b"\n"
    + b"it costs [5.00] ^(*$)? a\\b | {c} ]-[\n"
    b"eRrOr in between\n"
    b"last one ERROR\n"
    b"ERROR without its end"
)  # fmt: skip
NASTY_PATTERNS = (
    pattern(rb"ERROR", "plain"),
    pattern(rb"error", "folded", re.IGNORECASE),
    pattern(rb"\[5\.00\] \^\(\*\$\)\? a\\b \| \{c\} \]-\[", "special"),
    pattern(rb"[]^[-][0-9][.\\]", "brackets"),
    pattern(rb"\xe9 E", "latin"),
    pattern(rb"^ERROR", "anchored"),
    pattern(rb"return ERROR$", "end"),
)


@pytest.mark.parametrize("name", ENGINES)
def test_nasty_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / "nasty.log"
    path.write_bytes(NASTY)
    chosen = choose_for(name, NASTY_PATTERNS, NASTY[:1000], BIG)
    assert chosen.warnings == ()
    # The zeros that a cut file begins with are no part of its first record.
    wanted = [
        each if each[0] else (3, each[1], each[2].lstrip(b"\0"), each[3]) for each in expected(NASTY, NASTY_PATTERNS)
    ]
    found = [each if each[0] else (3, *each[1:]) for each in found_by(chosen, path, NASTY_PATTERNS)]
    assert found == wanted


PIECES = (
    b"ERROR",
    b"error",
    b"Err",
    b"OR",
    b" 5",
    b'" 5',
    b"02 ",
    b"\xff\xfe",
    b"a.b",
    b"[x]",
    b"\\",
    b"^",
    b"-",
    b"\t",
    b"x" * 5000,
)
REGEXES = (
    rb"ERROR",
    rb"(?i)error",
    rb'" 5\d\d',
    rb"a\.b",
    rb"\[x\]\\",
    rb"[\^-]{2}",
    rb"\xff\xfe",
    rb"(?:Err|OR)\t",
    rb"5.2",
)


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), min_size=1, max_size=12),
    st.sets(st.sampled_from(REGEXES), min_size=1, max_size=4),
    st.binary(max_size=20),
)
@settings(max_examples=tries(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text(tmp_path: Path, lines: List[bytes], regexes: Any, sample: bytes) -> None:
    data = b"first\n" + b"\n".join(lines) + b"\n"
    wanted = [pattern(regex, f"p{number}") for number, regex in enumerate(sorted(regexes))]
    path = tmp_path / "any.log"
    path.write_bytes(data)
    oracle = expected(data, wanted)
    for name in ENGINES if len(lines) % 4 == 0 else ("hyperscan", "re2", "stdlib"):
        assert found_by(choose_for(name, wanted, sample, BIG), path, wanted, window=4096) == oracle, name


def engine_of(name: str, wanted: Sequence[LogPattern] = (pattern(rb"ERROR"),)) -> Any:
    chosen = choose_for(name, wanted, b"", BIG)
    assert chosen.file is not None
    return chosen.file


@pytest.mark.parametrize("name", FILE_ENGINES)
def test_only_what_lies_between_the_offsets_and_the_position_stays(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"ERROR 1\nERROR 2\nERROR 3\nERROR 4\n")
    with Text(str(path)) as text:
        os.lseek(text.descriptor, 5, os.SEEK_SET)
        assert list(engine_of(name).offsets(text.descriptor, 8, 24)) == [8, 16]
        assert list(engine_of(name).offsets(text.descriptor, 8, 8)) == []
        assert os.lseek(text.descriptor, 0, os.SEEK_CUR) == 5


def children() -> Set[int]:
    """The processes that are ours now, those that nobody has waited for, too; other tests may have some."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone in the meantime
            parent = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(status.parent.name))
    return found


@pytest.mark.parametrize("name", FILE_ENGINES)
def test_a_program_ends_with_its_iterator(name: str, tmp_path: Path) -> None:
    path = tmp_path / "many.log"
    path.write_bytes(b"ERROR\n" * 1_000_000)
    before, others = threading.active_count(), children()
    with Text(str(path)) as text:
        finds: Iterator[int] = engine_of(name).offsets(text.descriptor, 0, 6_000_000)
        assert next(finds) == 0
        finds.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
    assert children() <= others


@pytest.mark.parametrize("name", FILE_ENGINES)
def test_a_line_that_is_too_long_for_a_program_is_left_to_us(name: str, tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    with path.open("wb") as file:
        file.write(b"ERROR 1\n")
        file.truncate(240 << 20)  # zeros without a newline, and without a block on the disk
        file.seek(0, os.SEEK_END)
        file.write(b"\nERROR 2\n")
    with Text(str(path)) as text:
        sparse = Sparse(engine_of(name), text, 0, text.size or 0, window=1 << 40)
        list(sparse.blocks())
        print(sparse.offset, sparse.problem)
        assert sparse.problem.startswith(f"search with {name}: ")
        assert sparse.offset in (0, 8)  # the first line may have been told before


@pytest.mark.parametrize("said", ["exec /nowhere/else", "echo 0:ERROR; exit 3", "kill -9 $$", "cat >/dev/null; exit 2"])
def test_a_program_that_fails_is_told_and_costs_nothing(said: str, log: Path, oracle: Found, tmp_path: Path) -> None:
    wanted = patterns(50)
    engine = engine_of("grep", wanted)
    script = tmp_path / "grep"
    script.write_text(f"#!/bin/sh\n{said}\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    engine._program._command[0] = str(script)
    with Text(str(log)) as text:
        sparse = Sparse(engine, text, 0, text.size or 0)
        blocks = list(sparse.blocks())
        assert sparse.problem.startswith("search with grep: ")
        assert sparse.offset == sum(block.consumed for block in blocks)
        if sparse.offset:  # what it told before it failed is right
            assert oracle[0][0] >= 0 and sparse.offset < (text.size or 0)


def test_a_file_that_was_cut_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "cut.log"
    path.write_bytes(b"ERROR 1\n" * 10)
    with Text(str(path)) as text:
        size = text.size or 0
        os.truncate(path, 16)
        sparse = Sparse(engine_of("grep"), text, 0, size)
        assert sum(block.consumed for block in sparse.blocks()) == sparse.offset <= 16


@pytest.mark.parametrize("head", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_is_left_to_us(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "utf16.log"
    path.write_bytes(head + b"E\0R\0R\0O\0R\0\n\0")
    with Text(str(path)) as text:
        sparse = Sparse(engine_of("grep"), text, 0, text.size or 0)
        assert list(sparse.blocks()) == [] and sparse.offset == 0


def test_a_byte_order_mark_of_utf8(tmp_path: Path) -> None:
    path = tmp_path / "bom.log"
    path.write_bytes(b"\xef\xbb\xbfERROR 1\nfine\nERROR 2\n")
    wanted = (pattern(rb"^ERROR"),)
    for name in ENGINES:
        found = found_by(choose_for(name, wanted, b"", BIG), path, wanted)
        assert [record for _offset, _name, record, _fields in found] == [b"ERROR 1", b"ERROR 2"], name


def script(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    "name, program, says, advice",
    [
        ("rg", "", "", "install ripgrep"),
        ("grep", "", "", "install GNU grep"),
        ("rg", "rg", "ripgrep 11.0.2", "too old"),
        ("rg", "rg", "somebody else", "install ripgrep"),
        ("grep", "grep", "BusyBox v1.36.1 multi-call binary", "install GNU grep"),
        ("grep", "grep", "grep (BSD grep, GNU compatible) 2.6.0-FreeBSD", "install GNU grep"),
    ],
)
def test_an_engine_that_is_asked_for_and_missing(
    name: str, program: str, says: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program:
        script(tmp_path, program, says)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GatewayError, match=f"use engine {name}: .*{advice}"):
        choose_for(name, patterns(1), b"", BIG)


@pytest.mark.parametrize("name, package", [("hyperscan", "hyperscan"), ("re2", "google-re2")])
def test_a_library_that_is_asked_for_and_missing(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(GatewayError, match=f"use engine {name}: install the Python package {package}"):
        choose_for(name, patterns(1), b"", BIG)


def test_the_ladder_goes_down_to_the_standard_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def best(size: int = BIG) -> str:
        return choose_for("auto", patterns(10), b"", size).name

    assert best() == "hyperscan"
    assert best(100_000) == "stdlib"  # loading anything would take longer
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    assert best() == "rg"
    for program in ("grep",):
        (tmp_path / program).symlink_to(f"/bin/{program}")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert best() == "re2"
    monkeypatch.setitem(sys.modules, "re2", None)
    assert best() == "grep"
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert best() == "stdlib"


@pytest.mark.parametrize(
    "one, why",
    [
        (pattern(rb"[^x]+$"), "the pattern it needs no literal text"),
        (pattern(rb"ERROR", multiline="python"), "the records of the pattern it are of several lines"),
    ],
)
@pytest.mark.parametrize("name", FILE_ENGINES)
def test_what_a_program_cannot_do_is_done_by_us(name: str, one: LogPattern, why: str, tmp_path: Path) -> None:
    chosen = choose_for(name, (one,), b"", BIG)
    assert (chosen.file, chosen.name) == (None, "stdlib")
    assert chosen.warnings == (f"engine {name} is not used, since {why}",)


@pytest.mark.parametrize("name", ("hyperscan", "re2", "stdlib"))
def test_patterns_that_need_nothing_in_particular(name: str, log: Path) -> None:
    wanted = (pattern(rb"[^x]+[13]$", "odd"), *patterns(1))
    data = log.read_bytes()
    assert found_by(choose_for(name, wanted, data, BIG), log, wanted) == expected(data, wanted)


def test_choosing_by_what_will_be_read(log: Path) -> None:
    assert choose("auto", patterns(10)).name == "stdlib"
    assert choose("hyperscan", ()).block.positions(b"anything\n") == []
