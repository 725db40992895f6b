# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs in real files, with daemons that write and tools that rotate, pack, cut, remove and restore them.

Whatever a daemon writes at once is a piece with a number of its own, ``<000042>``, so that it is known again wherever it
lies: in a log, a copy, an archive, or a scan's result. What there is to read is always looked up on the disk.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
from pathlib import Path
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Set

from ansible_collections.day2.ops.plugins.module_utils._log_scan.identity import HEAD

from .log_place import LogPlace

TOKEN = re.compile(rb"<(\d{6})>")
PACKED: Dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 1),
    ".bz2": bz2.compress,
    ".xz": lambda data: lzma.compress(data, preset=0),
}
UNPACKED: Dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}


def pieces_in(data: bytes) -> Set[int]:
    """The numbers in a text."""
    return {int(number) for number in TOKEN.findall(data)}


class Piece(NamedTuple):
    """What was written at once."""

    log: str
    size: int
    text: int  # which text it was written to: another one begins with every new file and every cut


class Numbers:
    """Gives each piece its number, and keeps what is known of it."""

    def __init__(self) -> None:
        self.pieces: List[Piece] = []
        self.texts = 0

    def text(self) -> int:
        """A new text."""
        self.texts += 1
        return self.texts


class Log:
    """One log: its file, its generations, and the daemon that writes it."""

    def __init__(self, place: LogPlace, name: str, numbers: Numbers, scheme: str, olddir: Path) -> None:
        self.place = place
        self.name = name
        self.numbers = numbers
        self.scheme = scheme  # number, date, olddir
        self.olddir = olddir
        self.writer = -1  # the descriptor that the daemon has open
        self.text = 0  # what the daemon writes to
        self.texts: Dict[int, List[int]] = {}  # by inode, of files that there are: the texts that lay in it
        self.broken = False  # the daemon is in the middle of a line
        self.copy: Optional[Path] = None  # of copytruncate, before the cut
        self.packing: Optional[Path] = None  # what is being compressed
        self.ending = ".gz"
        self.backup: Optional[bytes] = None
        self.hup()

    @property
    def path(self) -> Path:
        """Where the log lies."""
        return self.place.path(self.name)

    @property
    def archive(self) -> Optional[Path]:
        """The one in the making."""
        return None if self.packing is None else self.packing.with_name(self.packing.name + self.ending)

    # --- what there is ---

    def files(self) -> List[Path]:
        """The log and its generations."""
        return sorted(path for folder in (self.place.folder, self.olddir) for path in folder.glob(f"{self.name}*"))

    def readable(self, plain: bool = False) -> Iterator[List[int]]:
        """The pieces of every file that is complete, or of those that are ``plain``."""
        unfinished = (self.copy, self.archive)
        for path in self.files():
            if path not in unfinished and not (plain and path.suffix in PACKED):
                data = UNPACKED.get(path.suffix, bytes)(path.read_bytes())
                yield [int(number) for number in TOKEN.findall(data)]

    def rotated(self) -> List[Path]:
        """Complete generations that nobody writes to."""
        busy = (self.path, self.copy, self.packing, self.archive)
        inode = os.fstat(self.writer).st_ino if self.writer >= 0 else 0
        return [path for path in self.files() if path not in busy and path.stat().st_ino != inode]

    # --- the daemon ---

    def write(self, ends: bool = True, indented: bool = False, length: int = 0) -> None:
        """A piece: a line, or a part of one."""
        if self.writer < 0:
            return
        number = len(self.numbers.pieces)
        begin = " " if indented and not self.broken else ""
        data = f"{begin}<{number:06}> said {'x' * length}{'.' if not ends else ''}".encode() + b"\n" * ends
        self.numbers.pieces.append(Piece(self.name, len(data), self.text))
        os.write(self.writer, data)
        self.broken = not ends
        self.stamp(self.writer)

    def stamp(self, file: "int | Path") -> None:
        """Written to just now."""
        now = int(self.place.time.timestamp()) * 1_000_000_000
        os.utime(file, ns=(now, now))

    def hup(self) -> None:
        """The daemon opens its log."""
        self.stop()
        is_new = not self.path.exists()
        self.writer = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        status = os.fstat(self.writer)
        if is_new:
            self.new_text(status.st_ino, forget=True)
            self.stamp(self.writer)
        self.text = self.texts[status.st_ino][-1]
        self.broken = status.st_size > 0 and not self.path.read_bytes().endswith(b"\n")

    def stop(self) -> None:
        """It closes what it has open."""
        if self.writer >= 0:
            os.close(self.writer)
        self.writer = -1

    def new_text(self, inode: int, forget: bool = False) -> None:
        """Another text begins in a file; with ``forget`` in one that was just made."""
        if forget:
            self.texts[inode] = []
        self.texts.setdefault(inode, []).append(self.numbers.text())

    # --- rotation ---

    def shift(self) -> Path:
        """Make room for the newest rotated log, and say where."""
        if self.scheme == "date":
            dated = f"{self.name}-{self.place.time:%Y%m%d%H%M%S}"
            names = [dated, *(f"{dated}.{number}" for number in range(1, 100))]
            taken = {path.with_suffix("").name if path.suffix in PACKED else path.name for path in self.files()}
            return self.place.path(next(name for name in names if name not in taken))
        folder = self.olddir if self.scheme == "olddir" else self.place.folder
        for number in range(60, 0, -1):
            for ending in ("", *PACKED):
                path = folder / f"{self.name}.{number}{ending}"
                if path.exists():
                    target = folder / f"{self.name}.{number + 1}{ending}"
                    path.rename(target)
                    self.packing = target if self.packing == path else self.packing
        return folder / f"{self.name}.1"

    def rename(self) -> None:
        """As logrotate does without copytruncate."""
        self.path.rename(self.shift())

    def begin_copy(self, part: float) -> None:
        """The first half of copytruncate, interrupted somewhere."""
        self.copy = self.shift()
        data = self.path.read_bytes()
        self.copy.write_bytes(data[: int(len(data) * part)])
        self.stamp(self.copy)

    def end_copy(self) -> None:
        """All of the log is in the copy, for now."""
        if self.copy is not None:
            self.copy.write_bytes(self.path.read_bytes())
            self.stamp(self.copy)

    def cut(self) -> None:
        """The second half of it, and what others do without a copy."""
        os.truncate(self.path, 0)
        self.stamp(self.path)
        self.copy = None
        self.new_text(self.path.stat().st_ino)
        if self.writer >= 0 and os.fstat(self.writer).st_ino == self.path.stat().st_ino:
            self.text = self.texts[self.path.stat().st_ino][-1]
            self.broken = False

    def begin_packing(self, path: Path, ending: str) -> None:
        """An archive is half written, its plain text lies beside it."""
        self.packing, self.ending = path, ending
        data = PACKED[ending](path.read_bytes())
        archive = path.with_name(path.name + ending)
        archive.write_bytes(data[: len(data) // 2])
        self.stamp(archive)

    def end_packing(self, keeps_time: bool) -> None:
        """It is complete, and the plain text removed."""
        if self.packing is None or self.archive is None:
            return
        self.archive.write_bytes(PACKED[self.ending](self.packing.read_bytes()))
        self.stamp(self.archive)
        # Compressors keep the time. Where one does not, a text that is too short to be told by its head is read again.
        if keeps_time or self.packing.stat().st_size < HEAD:
            modified = self.packing.stat().st_mtime_ns
            os.utime(self.archive, ns=(modified, modified))
        self.packing.unlink()
        self.packing = None

    # --- people ---

    def replace(self, data: bytes) -> None:
        """Another file takes the log's place at once, as from a backup, or as ``sed -i`` leaves it; the daemon opens it."""
        beside = self.place.folder / "restored.tmp"
        beside.write_bytes(data)
        self.stamp(beside)
        beside.rename(self.path)
        self.new_text(self.path.stat().st_ino, forget=True)
        self.hup()
