# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a log's generation: opened once, read by offset, compressed or not, in bounded memory."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import Iterator, Optional

from ..._common.errors import GatewayError

CHUNK = 1 << 20
_ZEROS = bytes(CHUNK)
_SMALLEST_HOLE = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC  # not blocking: it may have become a FIFO


class Text:
    """An opened generation. What was opened stays readable when the file is renamed or deleted.

    Use as a context, or close it.

    :raises GatewayError: when it cannot be opened, or is no regular file.
    """

    def __init__(self, path: str, compression: str = "") -> None:
        self.path = path
        self.compression = compression
        try:
            self.descriptor = os.open(path, _FLAGS)
        except (OSError, ValueError) as error:
            raise GatewayError("open", path, getattr(error, "strerror", None) or str(error)) from error
        status = os.fstat(self.descriptor)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise GatewayError("open", path, "it is not a regular file")
        self.device, self.inode = status.st_dev, status.st_ino
        self.modified = status.st_mtime_ns
        self.file_size = status.st_size
        self._blocks = status.st_blocks

    def __enter__(self) -> "Text":
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    @property
    def size(self) -> Optional[int]:
        """Bytes of text when it was opened; None for a compressed one, which only reading tells."""
        return None if self.compression else self.file_size

    def was_cut(self) -> bool:
        """Whether the file has become shorter since it was opened, as copytruncate leaves it."""
        return os.fstat(self.descriptor).st_size < self.file_size

    def close(self) -> None:
        """Let go of it. A second time does nothing."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def read(self, start: int, length: int) -> bytes:
        """The text from ``start``, less than ``length`` bytes at its end only; of a plain generation.

        :raises GatewayError: when the disk, or the server behind it, fails.
        """
        pieces = []
        while length > 0:
            piece = self._pread(min(length, CHUNK), start)
            if not piece:
                break
            pieces.append(piece)
            start += len(piece)
            length -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def blocks(self, start: int = 0, stop: Optional[int] = None) -> Iterator[bytes]:
        """The text from ``start`` up to ``stop``, or its end, in pieces of no more than 1 MiB.

        It ends early when the file has become shorter. Holes of a sparse file are zeros that are not read.

        :raises GatewayError: when the disk fails, or an archive is damaged or cut short: after all that could be read.
        """
        if self.compression:
            yield from self._decompressed(start, stop)
            return
        stop = max(start, self.file_size if stop is None else stop)
        sparse = self._blocks * 512 + _SMALLEST_HOLE < self.file_size
        while start < stop:
            if sparse:
                data = min(self.data_from(start), stop)
                while data - start >= CHUNK:
                    yield _ZEROS
                    start += CHUNK
                if start >= stop:
                    return
            piece = self._pread(min(CHUNK, stop - start), start)
            if not piece:
                return
            start += len(piece)
            yield piece

    def data_from(self, start: int) -> int:
        """The first offset from ``start`` on that is not in a hole; the size of the file if there is none.

        What a program goes on writing at its old offset, after its log was emptied, stands behind such a hole. It is
        rounded down to a block of the file system; a file system without holes has none.
        """
        seek_data = getattr(os, "SEEK_DATA", None)
        if seek_data is None:
            return start
        try:
            return max(start, os.lseek(self.descriptor, start, seek_data))
        except OSError as error:
            return max(start, os.fstat(self.descriptor).st_size) if error.errno == errno.ENXIO else start

    def _pread(self, length: int, start: int) -> bytes:
        try:
            return os.pread(self.descriptor, length, start)
        except OSError as error:
            raise GatewayError("read", self.path, error.strerror or str(error)) from error

    def _decompressed(self, start: int, stop: Optional[int]) -> Iterator[bytes]:
        from .archives import decompressed  # an incremental run opens no archive

        position = 0
        pieces = decompressed(self.descriptor, self.compression, self.path)
        with contextlib.closing(pieces):
            for piece in pieces:
                begin, position = position, position + len(piece)
                if position <= start:
                    continue
                if stop is not None and position > stop:
                    piece = piece[: max(0, stop - begin)]
                piece = piece[max(0, start - begin) :]
                if piece:
                    yield piece
                if stop is not None and position >= stop:
                    return
