# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mounts that may hang: who touches a file on one whose server is gone waits for ever, so a child goes first."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from typing import Callable, Dict, List, Optional, Sequence, Tuple

TABLE = "/proc/self/mountinfo"
# File systems that ask somebody else; of fuse all, and autofs, since it may be about to mount one of these.
_REMOTE = frozenset(
    (
        *("9p", "acfs", "afs", "afpfs", "autofs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs"),
        *("lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "smb2", "smb3", "smbfs", "virtiofs"),
    )
)
_LOOPS = 40  # links in one path, as Linux has it


class Mounts:
    """The mounts of this machine, each remote one asked once, when a path first leads to it.

    :param seconds: how long one may take to answer.
    :param question: what a child asks of a mount: its size, which no cache answers.
    """

    def __init__(
        self, seconds: float = 5.0, table: str = TABLE, question: Callable[[str], object] = os.statvfs
    ) -> None:
        self._seconds = seconds
        self._question = question
        self._remote = frozenset(_remote_mounts(table))
        self._hung: Dict[str, bool] = {}

    def hung(self, path: str) -> str:
        """The mount on the way to ``path`` that does not answer; empty when all is well. It never hangs itself."""
        if not self._remote:
            return ""
        # Not normalised: "link/.." is beside what the link leads to.
        todo = [part for part in reversed(os.path.join(os.getcwd(), path).split("/")) if part not in ("", ".")]
        here, links = "/", 0
        while True:
            if here in self._remote and not self._answers(here):
                return here
            if not todo:
                return ""
            part = todo.pop()
            if part == "..":
                here = os.path.dirname(here)
                continue
            following = os.path.join(here, part)
            # A link is read without going where it leads; a mount point is none.
            target = None if following in self._remote else _link(following)
            if target is None:
                here = following
                continue
            links += 1
            if links > _LOOPS:
                return ""  # opening it says so
            here = "/" if target.startswith("/") else here
            todo.extend(part for part in reversed(target.split("/")) if part not in ("", "."))

    def ask(self, paths: Sequence[str]) -> None:
        """Ask the mounts that lie above or below these paths, all at once, so that several hung ones cost one wait."""
        near = [
            mount
            for mount in self._remote
            if mount not in self._hung and any(_within(path, mount) or _within(mount, path) for path in paths)
        ]
        silent = _silent(near, self._seconds, self._question)
        self._hung.update((mount, mount in silent) for mount in near)

    def _answers(self, mount: str) -> bool:
        if mount not in self._hung:
            self._hung[mount] = bool(_silent([mount], self._seconds, self._question))
        return not self._hung[mount]


def _within(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def _link(path: str) -> Optional[str]:
    try:
        return os.readlink(path)
    except OSError:
        return None


def _remote_mounts(table: str) -> List[str]:
    """Mount points of remote file systems; none where the system has no such table."""
    try:
        with open(table, "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    kinds_of: Dict[bytes, str] = {}  # the last one lies on top of the others
    for line in lines:
        before, separator, after = line.partition(b" - ")
        fields, kinds = before.split(b" "), after.split(b" ", 1)
        if not separator or len(fields) < 5:
            continue
        kinds_of[fields[4]] = kinds[0].decode("ascii", "replace")
    return [os.fsdecode(_unescaped(mount)) for mount, kind in kinds_of.items() if _is_remote(kind)]


def _is_remote(kind: str) -> bool:
    return kind in _REMOTE or kind == "fuse" or kind.startswith(("fuse.", "fuseblk"))


def _unescaped(field: bytes) -> bytes:
    for code in (b"\\040", b"\\011", b"\\012", b"\\134"):
        field = field.replace(code, bytes((int(code[1:], 8),)))
    return field


def _silent(mounts: Sequence[str], seconds: float, question: Callable[[str], object]) -> List[str]:
    """Which of the mounts say nothing. A child that hangs is told to end once it can, and left behind."""
    asked: Dict[int, Tuple[str, int]] = {}
    poll = select.poll()
    for mount in mounts:
        descriptor, child = _asking(mount, question)
        asked[descriptor] = (mount, child)
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
    until = time.monotonic() + seconds
    waiting = dict(asked)
    while waiting:
        left = until - time.monotonic()
        if left <= 0:
            break
        for descriptor, _event in poll.poll(left * 1000 + 1):
            poll.unregister(descriptor)
            _mount, child = waiting.pop(descriptor)
            os.waitpid(child, 0)
    for _mount, child in waiting.values():
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(child, os.WNOHANG)
    for descriptor in asked:
        os.close(descriptor)
    return [mount for mount, _child in waiting.values()]


def _asking(mount: str, question: Callable[[str], object]) -> Tuple[int, int]:
    """A child that asks a mount, and a pipe that closes when it has its answer."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return reader, child
    try:
        # Whoever waits for the end of our output, or of our lock, must not wait for this child.
        os.dup2(writer, 0)
        os.closerange(1, 1024)
        with contextlib.suppress(OSError):  # an error is an answer, too
            question(mount)
    finally:
        os._exit(0)
