# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files as a scan meets them: places where root has no power, mounts that hang, and what becomes of a run in a process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

NOBODY = 65534
_DETACH = 2


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="day2-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def powerless() -> Iterator[None]:
    """Root becomes nobody for a while, so that permissions count; others are powerless anyway."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def can_hang() -> bool:
    """Whether this process may make a mount whose file system never answers."""
    with tempfile.TemporaryDirectory(prefix="day2-") as folder:
        try:
            with hanging(Path(folder)):
                return True
        except OSError:
            return False


@contextlib.contextmanager
def hanging(folder: Path) -> Iterator[None]:
    """A FUSE file system on a folder, with nobody who serves it: whoever asks it waits."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open("/dev/fuse", os.O_RDWR)
    try:
        options = f"fd={descriptor},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
        if libc.mount(b"nobody", os.fsencode(folder), b"fuse", 0, options.encode()):
            raise OSError(ctypes.get_errno(), "mount")
        try:
            yield
        finally:
            libc.umount2(os.fsencode(folder), _DETACH)
    finally:
        os.close(descriptor)  # whoever waits is told that the connection is gone


def run(code: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Python code in a process of its own, which knows the collection."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
