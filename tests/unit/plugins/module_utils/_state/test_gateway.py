# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are never half written, whatever happens in the middle."""

from __future__ import annotations

import errno
import os
import pathlib
import signal
import stat
import subprocess
import sys
from typing import Iterator, List, Union

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._state.gateway import write_atomically, write_new
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def run(code: str, *arguments: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE)


@settings(
    derandomize=True,
    deadline=None,
    max_examples=tries(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text() | st.binary()))
def test_the_chunks_are_the_file(tmp_path: pathlib.Path, chunks: List[Union[str, bytes]]) -> None:
    path = tmp_path / "state"
    size = write_atomically(str(path), chunks)
    expected = b"".join(c.encode("utf-8", "backslashreplace") if isinstance(c, str) else c for c in chunks)
    assert path.read_bytes() == expected
    assert size == len(expected)


def test_a_lone_surrogate_is_the_escape_that_json_has_for_it(tmp_path: pathlib.Path) -> None:
    write_atomically(str(tmp_path / "x"), ['"\ud800"'])
    assert (tmp_path / "x").read_bytes() == b'"\\ud800"'


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_the_mode_does_not_depend_on_umask_or_the_old_file(tmp_path: pathlib.Path, mode: int) -> None:
    path = tmp_path / "state"
    path.write_text("old")
    path.chmod(0o666)
    old_mask = os.umask(0)
    try:
        write_atomically(str(path), ["new"], mode)
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_nobody_else_can_read_a_file_that_is_being_written(tmp_path: pathlib.Path) -> None:
    def chunks() -> Iterator[str]:
        yield "secret"
        (temporary,) = os.listdir(tmp_path)
        assert stat.S_IMODE((tmp_path / temporary).stat().st_mode) == 0o600
        yield "!"

    write_atomically(str(tmp_path / "state"), chunks(), 0o644)
    assert os.listdir(tmp_path) == ["state"]


def test_a_failing_source_leaves_the_old_file_and_no_other(tmp_path: pathlib.Path) -> None:
    def chunks() -> Iterator[str]:
        yield "half"
        raise KeyError("defect")

    path = tmp_path / "state"
    path.write_text("old")
    with pytest.raises(KeyError):
        write_atomically(str(path), chunks())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["state"]


def test_a_link_is_replaced_and_not_followed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "state").symlink_to(tmp_path / "elsewhere")
    write_atomically(str(tmp_path / "state"), ["ours"])
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    assert not (tmp_path / "state").is_symlink()


@pytest.mark.parametrize("name, cause", [("none/state", "No such file or directory"), ("dir", "Is a directory")])
def test_the_error_names_the_path(tmp_path: pathlib.Path, name: str, cause: str) -> None:
    (tmp_path / "dir").mkdir()
    with pytest.raises(GatewayError) as raised:
        write_atomically(str(tmp_path / name), ["x"])
    assert str(raised.value) == f"write {tmp_path / name}: {cause}"
    assert os.listdir(tmp_path) == ["dir"]


FULL_DISK = """
import resource, signal, sys
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._state.gateway import write_atomically, write_new
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(sys.argv[1], ["x" * 100] * 1000)
except GatewayError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "state"
    path.write_text("old")
    said, _unused = run(FULL_DISK, str(path)).communicate(timeout=60)
    assert said.decode().strip() == f"write {path}: File too large"
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["state"]


KILLED = """
import sys
from ansible_collections.day2.ops.plugins.module_utils._state.gateway import write_atomically, write_new
def chunks():
    while True:
        yield "new" * 100_000
        print(".", flush=True)
write_atomically(sys.argv[1], chunks())
"""


def test_kill_9_in_the_middle_leaves_the_old_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "state"
    path.write_text("old")
    with run(KILLED, str(path)) as process:
        assert process.stdout is not None
        for _unused in range(3):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    write_atomically(str(path), ["newer"])
    assert path.read_text() == "newer"


# --- a name that nobody has ------------------------------------------------------------------------------------------


def test_what_is_there_is_never_replaced(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "x"
    assert write_new(str(path), ["first"]) is True
    assert write_new(str(path), ["second"]) is False
    assert path.read_text() == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["x"]


def test_nor_is_it_without_hard_links(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(_from: str, _to: str) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    test_what_is_there_is_never_replaced(tmp_path)


def test_a_name_in_no_directory_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(GatewayError, match="write .*none/x: No such file"):
        write_new(str(tmp_path / "none" / "x"), ["first"])
