# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text in compressed generations: gz and bz2 and xz by the standard library, zst by a library or the tool."""

from __future__ import annotations

import importlib
import os
from typing import Any, Callable, Generator, Iterator, Optional, Protocol, Tuple, Type

from ..._common.errors import GatewayError

CHUNK = 1 << 20
_INPUT = 1 << 18
_SIP = 256
_MEMORY = 256 << 20  # for a dictionary of xz; its largest preset needs 65 MiB
_WINDOW = 1 << 27  # of zst: as the tool has it without further options


class _Decoder(Protocol):
    """One member of an archive, as bz2 and lzma have it."""

    @property
    def eof(self) -> bool:
        """Whether the member is complete."""

    @property
    def needs_input(self) -> bool:
        """Whether there is no more text in what it was given."""

    @property
    def unused_data(self) -> bytes:
        """What it was given beyond its end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """The next text."""


def decompressed(descriptor: int, compression: str, path: str) -> Generator[bytes, None, None]:
    """The text of an open archive from its beginning, in pieces of no more than 1 MiB.

    :raises GatewayError: when it is damaged or cut short: after all that could be read of it; or when nothing here can
        read its kind.
    """
    if compression == "zst":
        yield from _zst(descriptor, path)
        return
    decoder, errors = _DECODERS[compression]()
    yield from _members(descriptor, path, decoder, errors)


def _members(
    descriptor: int, path: str, new: Callable[[], _Decoder], errors: Tuple[Type[BaseException], ...]
) -> Generator[bytes, None, None]:
    """An archive may be several, one after the other; zeros may follow."""
    decoder: Optional[_Decoder] = None
    data, offset = b"", 0
    while True:
        if not data and (decoder is None or decoder.needs_input):
            data = _read(descriptor, offset, path)
            offset += len(data)
            if not data:
                break
        if decoder is None:
            data = data.lstrip(b"\0") if offset > len(data) else data
            if not data:
                continue
            decoder = new()
        try:
            text = decoder.decompress(data, CHUNK)
        except errors as error:
            raise GatewayError("decompress", path, str(error)) from error
        data = b""
        if text:
            yield text
        if decoder.eof:
            data, decoder = decoder.unused_data, None
    if decoder is not None or not offset:
        raise GatewayError("decompress", path, "it is cut short" if offset else "it is empty")


def _read(descriptor: int, offset: int, path: str) -> bytes:
    try:
        return os.pread(descriptor, _INPUT, offset)
    except OSError as error:
        raise GatewayError("read", path, error.strerror or str(error)) from error


def _gz() -> Tuple[Callable[[], _Decoder], Tuple[Type[BaseException], ...]]:
    import zlib  # only for archives

    class Gzip:
        """zlib's decoder with the manners of the others."""

        def __init__(self) -> None:
            self._decoder = zlib.decompressobj(wbits=31)
            self.needs_input = True

        @property
        def eof(self) -> bool:
            return self._decoder.eof

        @property
        def unused_data(self) -> bytes:
            return self._decoder.unused_data

        def decompress(self, data: bytes, max_length: int = -1) -> bytes:
            tail = self._decoder.unconsumed_tail
            text = self._decoder.decompress(tail + data if tail else data, max(0, max_length))
            # A full piece may mean that more is waiting inside, although all input was taken.
            self.needs_input = not self._decoder.unconsumed_tail and len(text) < max_length
            return text

    return Gzip, (zlib.error,)


def _bz2() -> Tuple[Callable[[], _Decoder], Tuple[Type[BaseException], ...]]:
    bz2 = _module("bz2")
    return bz2.BZ2Decompressor, (OSError, ValueError)


def _xz() -> Tuple[Callable[[], _Decoder], Tuple[Type[BaseException], ...]]:
    lzma = _module("lzma")
    return lambda: lzma.LZMADecompressor(memlimit=_MEMORY), (lzma.LZMAError,)


_DECODERS = {"gz": _gz, "bz2": _bz2, "xz": _xz}


def _module(name: str) -> Any:
    """A part of the standard library that some builds of Python lack."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise GatewayError("decompress", name, "this Python was built without it") from None


def _zst(descriptor: int, path: str) -> Iterator[bytes]:
    for name, read in (("compression.zstd", _zst_standard), ("zstandard", _zst_library)):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        yield from read(module, descriptor, path)
        return
    yield from _zst_tool(descriptor, path)


def _zst_standard(module: Any, descriptor: int, path: str) -> Iterator[bytes]:
    options = {module.DecompressionParameter.window_log_max: _WINDOW.bit_length() - 1}
    yield from _members(
        descriptor, path, lambda: module.ZstdDecompressor(options=options), (module.ZstdError, ValueError)
    )


def _zst_library(module: Any, descriptor: int, path: str) -> Iterator[bytes]:
    decoder: Any = None
    offset, ready = 0, bytearray()
    try:
        while True:
            data = _read(descriptor, offset, path)
            offset += len(data)
            if not data:
                break
            # It gives all at once, and a few bytes may stand for a block of 128 KiB: so it gets few at a time.
            for begin in range(0, len(data), _SIP):
                sip = data[begin : begin + _SIP]
                while sip:
                    if decoder is None:
                        decoder = module.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
                    ready += decoder.decompress(sip)
                    sip, decoder = (decoder.unused_data, None) if decoder.eof else (b"", decoder)
                while len(ready) >= CHUNK:
                    yield bytes(ready[:CHUNK])
                    del ready[:CHUNK]
    except module.ZstdError as error:
        yield bytes(ready)
        raise GatewayError("decompress", path, str(error)) from error
    yield bytes(ready)
    if decoder is not None or not offset:
        raise GatewayError("decompress", path, "it is cut short" if offset else "it is empty")


def _zst_tool(descriptor: int, path: str) -> Iterator[bytes]:
    from .child import Child  # only for this

    with open(os.dup(descriptor), "rb", buffering=0) as file:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        try:
            child = Child(["zstd", "-dcq"], "decompress", stdin=file, environment={"LC_ALL": "C"})
        except GatewayError:
            raise GatewayError(
                "decompress", path, "it needs the tool zstd, or the Python library zstandard, on this machine"
            ) from None
        with child:
            yield from child.chunks()
            if child.end():
                raise GatewayError("decompress", path, child.complaints or "zstd failed")
