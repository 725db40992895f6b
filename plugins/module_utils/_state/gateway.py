# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are never half written."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from typing import BinaryIO, Iterable, Union

from .._common.errors import GatewayError


def write_atomically(path: str, chunks: Iterable[Union[str, bytes]], mode: int = 0o600) -> int:
    """Replace the file at ``path`` with ``chunks``, or leave it as it is: there is no state between, even for kill -9.

    The chunks go to a temporary file in the same directory as they come, unreadable for others until it is complete
    on the disk and takes the name.

    :returns: the size of the file in bytes.
    :raises GatewayError: naming the path, when the operating system refuses. What ``chunks`` raises passes through.
        Either way the temporary file is gone and the old file untouched.
    """
    directory = os.path.dirname(os.path.abspath(path))
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".day2-", suffix=".tmp", dir=directory)
        try:
            with os.fdopen(descriptor, "wb") as file:
                size = write_chunks(file, chunks)
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        _sync_directory(directory)
    except OSError as error:
        raise GatewayError("write", path, error.strerror or str(error)) from error
    return size


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
