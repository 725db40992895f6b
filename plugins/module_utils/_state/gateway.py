# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are never half written, and locks, for one at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
import time
from typing import BinaryIO, Iterable, Iterator, Tuple, Union

from .._common.errors import GatewayError

# What file systems say that have no hard links: some network and FUSE ones, and those of memory cards.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)
# What it says of a lock that another one holds.
_BUSY = (errno.EAGAIN, errno.EACCES)
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25


def write_atomically(path: str, chunks: Iterable[Union[str, bytes]], mode: int = 0o600) -> int:
    """Replace the file at ``path`` with ``chunks``, or leave it as it is: there is no state between, even for kill -9.

    The chunks go to a temporary file in the same directory as they come, unreadable for others until it is complete
    on the disk and takes the name.

    :returns: the size of the file in bytes.
    :raises GatewayError: naming the path, when the operating system refuses. What ``chunks`` raises passes through.
        Either way the temporary file is gone and the old file untouched.
    """
    directory = os.path.dirname(os.path.abspath(path))
    with _named(path):
        with _complete(directory, chunks, mode) as (temporary, size):
            os.replace(temporary, path)
        _sync_directory(directory)
    return size


def write_new(path: str, chunks: Iterable[Union[str, bytes]], mode: int = 0o600) -> bool:
    """Put ``chunks`` at ``path`` as :func:`write_atomically` does, unless somebody has the name already.

    Of many who try at once, one gets it.

    :returns: whether the name was free; if not, nothing was written.
    :raises GatewayError: as :func:`write_atomically`.
    """
    directory = os.path.dirname(os.path.abspath(path))
    with _named(path):
        with _complete(directory, chunks, mode) as (temporary, _size):
            try:
                os.link(temporary, path)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                if not _claimed(path):
                    return False
                os.replace(temporary, path)
        _sync_directory(directory)
    return True


def _claimed(path: str) -> bool:
    """Whether the name was free and is ours now, by an empty file."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True


@contextlib.contextmanager
def _complete(directory: str, chunks: Iterable[Union[str, bytes]], mode: int) -> Iterator[Tuple[str, int]]:
    """A temporary file with ``chunks``, complete on the disk, and its size; it is gone afterwards, moved or removed."""
    descriptor, temporary = tempfile.mkstemp(prefix=".day2-", suffix=".tmp", dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            size = write_chunks(file, chunks)
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        yield temporary, size
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


@contextlib.contextmanager
def _named(path: str, action: str = "write") -> Iterator[None]:
    """Turns what the operating system says into an error that names the path."""
    try:
        yield
    except OSError as error:
        raise GatewayError(action, path, error.strerror or str(error)) from error


def write_chunks(file: BinaryIO, chunks: Iterable[Union[str, bytes]]) -> int:
    """Write ``chunks`` to an open file and flush it; returns the number of bytes.

    Text becomes UTF-8; a lone surrogate, which UTF-8 has no form for, becomes ``\\udc80``: within JSON text that is
    the escape for it.
    """
    size = 0
    for chunk in chunks:
        size += file.write(chunk.encode("utf-8", "backslashreplace") if isinstance(chunk, str) else chunk)
    file.flush()
    return size


def _sync_directory(directory: str) -> None:
    """Make the new name last: without this a power cut may bring the old file back."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot, and say so
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: str, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock at ``path``; the file is made, 0600, and stays: who removed it would let two in.

    The operating system takes the lock back when the process ends, however it does. The file says who holds it.

    :param seconds: how long to wait for another holder.
    :raises GatewayError: naming the process that holds it, when it still does after that time; and what the operating
        system says, where files cannot be made or locked.
    """
    descriptor = _opened(path)
    try:
        _acquire(descriptor, path, seconds)
        with _named(path, "lock"):
            os.ftruncate(descriptor, 0)
            with contextlib.suppress(OSError):  # on a full disk the lock holds without a name
                os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(descriptor)


def _opened(path: str) -> int:
    with _named(path, "lock"):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)


def _acquire(descriptor: int, path: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        with _named(path, "lock"):
            try:
                # flock and not lockf: it keeps out a second holder in this process, too.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
        left = until - time.monotonic()
        if left <= 0:
            waited = f" after {seconds:g} seconds" if seconds > 0 else ""
            raise GatewayError("lock", path, f"{_holder(descriptor)} holds it{waited}")
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _holder(descriptor: int) -> str:
    try:
        text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    except OSError:
        text = ""
    return f"process {text}" if text.isdigit() else "another process"
