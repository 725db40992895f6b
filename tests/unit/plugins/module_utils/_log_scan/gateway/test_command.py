# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command's output, its end, and the end of its time."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.child import Child
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.command import Command


def output(*argv: str, seconds: float = 60.0) -> Tuple[bytes, Command]:
    with Command(argv, seconds) as command:
        return b"".join(command.blocks()), command


def test_both_streams_in_their_order_and_the_exit_code() -> None:
    text, command = output("sh", "-c", "echo one; echo two >&2; echo three; exit 3")
    assert (text, command.exit_code, command.timed_out) == (b"one\ntwo\nthree\n", 3, False)


def test_no_shell_no_input_and_any_bytes() -> None:
    assert output("echo", "$HOME", "a b")[0] == b"$HOME a b\n"
    assert output("cat")[0] == b""
    assert output("printf", "\\377\\000")[0] == b"\xff\x00"


def test_a_signal_is_told_as_shells_do() -> None:
    assert output("sh", "-c", "kill -TERM $$")[1].exit_code == 128 + signal.SIGTERM


def test_environment_and_directory(tmp_path: Path) -> None:
    with Command(["sh", "-c", "pwd; echo $COLOUR"], 60, {"COLOUR": "red"}, str(tmp_path)) as command:
        assert b"".join(command.blocks()) == f"{tmp_path}\nred\n".encode()


@pytest.mark.parametrize("argv", [["/none/such"], [""], [], ["a\0b"], ["/etc"]])
def test_what_cannot_be_started(argv: List[str]) -> None:
    with pytest.raises(GatewayError, match="^run"):
        Command(argv, 60)


def test_much_output_comes_in_bounded_pieces() -> None:
    with Command(["head", "-c", str(10 << 20), "/dev/zero"], 60) as command:
        sizes = [len(block) for block in command.blocks()]
    assert sum(sizes) == 10 << 20
    assert max(sizes) <= 1 << 20


def is_gone(pid: int) -> bool:
    """Whether a process ends soon, or is only waited for by whoever inherits it."""
    for _unused in range(1000):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_its_time_is_over_for_it_and_what_it_started() -> None:
    text, command = output("sh", "-c", "sleep 600 & echo $!; echo half a li; wait", seconds=0.3)
    pid, rest = text.split(b"\n", 1)
    assert rest == b"half a li\n"
    assert (command.timed_out, command.exit_code) == (True, 128 + signal.SIGKILL)
    assert is_gone(int(pid))


def test_one_that_closes_its_output_and_stays_is_ended_with_its_time() -> None:
    _text, command = output("sh", "-c", "exec >&- 2>&-; exec sleep 600", seconds=0.3)
    assert (command.timed_out, command.exit_code) == (True, 128 + signal.SIGKILL)


def test_leaving_in_the_middle_ends_it() -> None:
    with Command(["sh", "-c", "echo $$; exec yes"], 60) as command:
        pid = int(next(command.blocks()).split(b"\n")[0])
    assert is_gone(pid)
    assert command.exit_code is None


def test_closing_while_reading_stops_the_reading() -> None:
    with Command(["yes"], 60) as command:
        for _block in command.blocks():
            command.__exit__()
    assert command.exit_code == 128 + signal.SIGKILL


def test_complaints_are_kept_apart_and_short() -> None:
    script = "i=0; while [ $i -lt 3000 ]; do echo complaint $i >&2; i=$((i+1)); done; echo fine"
    with Child(["sh", "-c", script], "try") as child:
        assert b"".join(child.chunks()) == b"fine\n"
        assert child.end() == 0
    assert child.complaints.endswith("complaint 2999")
    assert len(child.complaints) <= 4096


def test_no_descriptor_is_left_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    output("true")
    output("sleep", "600", seconds=0.01)
    with pytest.raises(GatewayError):
        Command(["/none/such"], 60)
    assert len(os.listdir("/proc/self/fd")) == before
