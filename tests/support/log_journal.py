# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A journal to read: a real one, written by systemd-journald, where that can run; and a strict stand-in for journalctl.

The real one needs the right to make mounts (root), journald and journalctl. The stand-in keeps its entries in a file of
JSON lines, and ends with an error for any argument that it does not know.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Protocol, Union

from . import journalctl_stand_in

JOURNALD = "/usr/lib/systemd/systemd-journald"
_PATIENCE = 20.0
_BOOT = "b" * 32
_START = 1_795_894_297_193_126  # 2026-11-28T19:31:37.193126Z, in microseconds

# Everything that journald has a place for is the caller's, and nothing of it is the machine's.
_NAMESPACE = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log "$1/journal/$(cat /etc/machine-id)"
touch /run/systemd/journal/flushed
printf '[Journal]\\nStorage=persistent\\nReadKMsg=no\\nAudit=no\\nRateLimitIntervalSec=0\\n' > "$1/journald.conf"
mount --bind "$1/journald.conf" /etc/systemd/journald.conf
mkdir -p /var/log/journal
mount --bind "$1/journal" /var/log/journal
mount --bind "$1/sockets" /run/systemd/journal
touch /run/systemd/journal/flushed
exec "$2"
"""


class AnyJournal(Protocol):
    """What a test does to a journal."""

    directory: str

    def write(self, message: Union[str, bytes], unit: str = "", **fields: str) -> None:
        """Add an entry."""

    def vacuum(self) -> None:
        """Remove all entries that were written so far, and go on."""


class RealJournal:
    """journald in a namespace of its own."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self._folder = folder
        self._process = process
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.directory = str(folder / "journal")
        self._written = 0

    def connect(self) -> None:
        """Wait until it listens."""
        self._until((self._folder / "sockets" / "socket").exists, "journald does not come up")
        self._socket.connect(str(self._folder / "sockets" / "socket"))
        self.write("the journal begins")

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def write(self, message: Union[str, bytes], unit: str = "", **fields: str) -> None:
        """Through journald's own protocol; back when the entry can be read."""
        data = message.encode() if isinstance(message, str) else message
        self._written += 1
        # A unit is journald's to say; OBJECT and CONTAINER and such are the writer's: so tests select by UNIT here.
        lines = {"DAY2_NUMBER": str(self._written), **({"DAY2_UNIT": unit} if unit else {}), **fields}
        entry = b"".join(f"{key}={value}\n".encode() for key, value in lines.items())
        self._socket.send(entry + b"MESSAGE\n" + struct.pack("<Q", len(data)) + data + b"\n")
        wanted = f"DAY2_NUMBER={self._written}"
        self._until(lambda: bool(self._ctl(wanted, "--output=cat")), "the entry does not appear")

    def vacuum(self) -> None:
        """As an administrator does, by journalctl."""
        before = set(self._archived())
        self._process.send_signal(12)  # SIGUSR2: rotate
        self._until(lambda: bool(set(self._archived()) - before), "journald does not rotate")
        for path in self._archived():
            path.unlink()

    def _archived(self) -> List[Path]:
        return [path for path in Path(self.directory).rglob("*.journal") if "@" in path.name]

    def _ctl(self, *arguments: str) -> bytes:
        command = ["journalctl", f"--directory={self.directory}", "--quiet", *arguments]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout

    def _until(self, there: Any, otherwise: str) -> None:
        end = time.monotonic() + _PATIENCE
        while not there():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(otherwise)
            time.sleep(0.01)


@contextlib.contextmanager
def real_journal(folder: Path) -> Iterator[RealJournal]:
    """journald writes its files below ``folder``."""
    (folder / "sockets").mkdir()
    command = ["unshare", "--mount", "sh", "-c", _NAMESPACE, "sh", str(folder), JOURNALD]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        journal = RealJournal(folder, process)
        try:
            journal.connect()
            yield journal
        finally:
            journal.close()
            process.terminate()


def can_be_real() -> bool:
    """Whether journald runs here."""
    if os.geteuid() or not os.path.exists(JOURNALD) or not shutil.which("journalctl") or not shutil.which("unshare"):
        return False
    # A socket's path has 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="day2-", dir="/tmp") as folder:
        try:
            with real_journal(Path(folder)):
                return True
        except (OSError, RuntimeError):
            return False


class FakeJournal:
    """Entries for the stand-in, which :meth:`install` puts into a folder of the search path."""

    def __init__(self, folder: Path) -> None:
        self.directory = str(folder)
        self._file = folder / "entries"
        self._file.touch()
        self._number = 0
        self.write("the journal begins")

    def install(self, programs: Path) -> None:
        """Put a ``journalctl`` there."""
        programs.mkdir(exist_ok=True)
        program = programs / "journalctl"
        source = Path(journalctl_stand_in.__file__).read_text(encoding="utf-8")
        program.write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
        program.chmod(0o755)

    def write(self, message: Union[str, bytes], unit: str = "", **fields: str) -> None:
        """With the fields that journald adds by itself."""
        self._number += 1
        number = self._number
        value: Union[str, List[int]]
        if isinstance(message, str):
            value = message
        else:
            value = list(message)
        entry: Dict[str, Any] = {
            "__CURSOR": f"s={'a' * 32};i={number:x};b={_BOOT};m={number:x};t={_START + number:x};x={number:x}",
            "__REALTIME_TIMESTAMP": str(_START + number),
            "_BOOT_ID": _BOOT,
            "_HOSTNAME": "vm",
            "_PID": "4711",
            "MESSAGE": value,
            **({"DAY2_UNIT": unit} if unit else {}),
            **fields,
        }
        with open(self._file, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def vacuum(self) -> None:
        """All that is there."""
        self._file.write_text("")
