# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports on their way out: a spool for the findings, a look at the places before the run, and the writing."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from array import array
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from .._common.errors import GatewayError
from .._common.place import ObjectStore
from .._state.gateway import write_atomically, write_chunks
from .encode import compact
from .forms import FormT
from .model import Finding
from .places import Place

# A report says where an account is weak: for its owner and group, not for everybody on the machine.
_REPORT_MODE = 0o640
_DIRECTORY_MODE = 0o750
_READ_BYTES = 1 << 16


class Spool:
    """Findings put aside on disk as JSON lines, to be walked as often as there are formats.

    The file has no name, so that nothing is left of it however the process ends, and nobody else can open it.
    Walks are independent of each other; a finding appended during a walk may or may not be part of it.
    """

    def __init__(self, directory: Optional[str] = None) -> None:
        """:param directory: where there is room for it, about 1 KB a finding; by default where temporary files go."""
        self._directory = directory or tempfile.gettempdir()
        self._places: Dict[str, "array[int]"] = {}  # per check: offset, length, offset, length, …
        self._bytes = 0
        self._count = 0
        try:
            self._file = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - closed by __exit__
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_exception: object) -> None:
        with contextlib.suppress(OSError):  # a full disk was reported when it mattered
            self._file.close()

    def __len__(self) -> int:
        return self._count

    def append(self, finding: Finding) -> None:
        """Put one finding aside.

        :raises GatewayError: when there is no room for it.
        """
        line = (compact(finding) + "\n").encode("utf-8", "backslashreplace")
        try:
            self._file.write(line)
        except OSError as error:
            raise self._failed(error) from error
        self._places.setdefault(finding["check"], array("Q")).extend((self._bytes, len(line)))
        self._bytes += len(line)
        self._count += 1

    def __iter__(self) -> Iterator[Finding]:
        return map(json.loads, self.json_lines())

    def json_lines(self) -> Iterator[str]:
        """Each finding as JSON text."""
        offset, rest = 0, b""
        while True:
            block = self._read(offset, _READ_BYTES)
            if not block:
                return
            offset += len(block)
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            for line in lines:
                yield line.decode("utf-8")

    def of_check(self, check: str) -> Iterator[Finding]:
        """The findings of one check, without reading the others."""
        places = self._places.get(check, array("Q"))
        for offset, length in zip(places[::2], places[1::2]):
            yield json.loads(self._read(offset, length))

    def _read(self, offset: int, length: int) -> bytes:
        try:
            self._file.flush()
            return os.pread(self._file.fileno(), length, offset)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> GatewayError:
        return GatewayError("put findings aside in", self._directory, error.strerror or str(error))


@dataclass(frozen=True)
class Written:
    """What became of one report; ``error`` is empty when it is where it should be."""

    path: str
    format: str
    size_bytes: int = 0
    error: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """The report as an entry of the result's ``reports``."""
        entry: Dict[str, Any] = {"path": self.path, "format": self.format, "size_bytes": self.size_bytes}
        if self.error:
            entry["error"] = self.error
        return entry


def prepare(places: Sequence[Place[FormT]], store: Optional[ObjectStore] = None) -> None:
    """Make sure, before the work starts, that every report can be written at its end. Missing directories are made.

    :raises GatewayError: naming the path and what is wrong with it.
    """
    seen: Dict[str, str] = {}
    for place in places:
        if place.bucket:
            if store is None:
                raise GatewayError("write report", place.path, "there is no access to S3 here")
            store.probe(place.bucket, place.key)
            continue
        path = _local(place)
        same = os.path.realpath(path)
        if same in seen:
            raise GatewayError("write report", place.path, f"it is the same file as {seen[same]}")
        seen[same] = place.path
        try:
            _probe(path)
        except OSError as error:
            raise GatewayError("write report", place.path, error.strerror or str(error)) from error


def begin(
    places: Sequence[Place[FormT]],
    render: Callable[[FormT], Optional[Iterator[str]]],
    store: Optional[ObjectStore] = None,
) -> None:
    """Begin the reports of those formats that have a beginning: of findings, JSON Lines.

    Until such a report is written whole, its place has neither an earlier run's report nor anything that could be
    taken for a whole one.

    :param render: the beginning of a report in that format, or ``None``.
    :raises GatewayError: when it cannot be written.
    """
    for place in places:
        chunks = render(place.format)
        if chunks is not None:
            _store(place, chunks, store)


def write(
    places: Sequence[Place[FormT]],
    render: Callable[[FormT], Iterator[str]],
    store: Optional[ObjectStore] = None,
) -> Tuple[Written, ...]:
    """Render and write every report. One that fails carries its error; the others are written all the same.

    :param render: a report in that format, as chunks of text.
    """
    written: List[Written] = []
    for place in places:
        try:
            size = _store(place, render(place.format), store)
            written.append(Written(place.path, place.format.name, size))
        except GatewayError as error:
            written.append(Written(place.path, place.format.name, error=str(error)))
    return tuple(written)


def _store(place: Place[FormT], chunks: Iterator[str], store: Optional[ObjectStore]) -> int:
    if not place.bucket:
        return write_atomically(_local(place), chunks, _REPORT_MODE)
    if store is None:
        raise GatewayError("write report", place.path, "there is no access to S3 here")
    try:
        with tempfile.TemporaryFile() as file:
            size = write_chunks(file, chunks)
            file.seek(0)
            store.put(place.bucket, place.key, file, size, place.format.media_type)
    except OSError as error:
        raise GatewayError("write report", place.path, error.strerror or str(error)) from error
    return size


def _local(place: Place[FormT]) -> str:
    return os.path.abspath(os.path.expanduser(place.path))


def _probe(path: str) -> None:
    """Raise OSError unless a file can be put at ``path`` by renaming one in the same directory to it."""
    directory = os.path.dirname(path)
    os.makedirs(directory, _DIRECTORY_MODE, exist_ok=True)
    try:
        there = os.lstat(path)
    except FileNotFoundError:
        pass
    else:
        parent, me = os.stat(directory), os.geteuid()
        if stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(0, "it is a directory")
        if not stat.S_ISREG(there.st_mode) and not stat.S_ISLNK(there.st_mode):
            raise OSError(0, "it is not a regular file")
        if parent.st_mode & stat.S_ISVTX and me not in (0, there.st_uid, parent.st_uid):
            raise PermissionError(0, "it belongs to another user, and its directory lets only that user replace it")
    with tempfile.TemporaryFile(dir=directory):
        pass
