# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a scan on the disk: under a lock, in one file that is replaced as a whole, and receipts beside it."""

from __future__ import annotations

import contextlib
import os
from typing import ContextManager, Iterator, Optional

from ..._common.errors import GatewayError
from ..._state.gateway import locked, write_atomically
from ..document import Document, parse, text_of

_DIRECTORY_MODE = 0o700
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_LONGEST = 120  # of a name; names of files end at 255 bytes
_TEMPORARY = (".day2-", ".tmp")  # as write_atomically names them
_ABANDONED = 86400.0  # seconds after which a temporary file has no owner any more


def file_name(name: str) -> str:
    """A name of a file for any text: no dots, so that names and endings never meet; another one for each text."""
    quoted = "".join(
        chr(byte) if chr(byte) in _KEPT else f"%{byte:02X}" for byte in name.encode("utf-8", "surrogatepass")
    )
    if len(quoted) <= _LONGEST:
        return quoted or "%"
    import hashlib  # rarely needed

    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{quoted[: _LONGEST - 34]}%%{digest[:32]}"


class Store:
    """Where the scan called ``name`` keeps its state in ``state_dir``."""

    def __init__(self, state_dir: str, name: str) -> None:
        self._directory = os.path.abspath(state_dir)
        self._base = file_name(name)

    @property
    def path(self) -> str:
        """The state's own file."""
        return os.path.join(self._directory, f"{self._base}.json")

    def lock(self, seconds: float = 0.0) -> ContextManager[None]:
        """Hold the scan; its directory is made, 0700, when it is missing.

        :param seconds: how long to wait for another run of it.
        :raises GatewayError: naming the process that has it.
        """
        try:
            os.makedirs(self._directory, _DIRECTORY_MODE, exist_ok=True)
        except OSError as error:
            raise GatewayError("make the state directory", self._directory, error.strerror or str(error)) from error
        return locked(os.path.join(self._directory, f"{self._base}.lock"), seconds)

    def load(self) -> Optional[Document]:
        """What the last run left; None if there was none. It needs no lock: the file is never half written.

        :raises GatewayError: when it cannot be read.
        :raises Day2Error: when it is damaged or of a later version.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(descriptor, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise GatewayError("read the state", self.path, error.strerror or str(error)) from error
        return parse(data.decode("utf-8", "replace"), self.path)

    def commit(self, document: Document) -> None:
        """Replace the state by ``document``, wholly or not at all, and drop the receipts of other runs than its own.

        To be called under the lock.

        :raises GatewayError: when it cannot be written; the earlier state is then untouched.
        """
        write_atomically(self.path, text_of(document))
        pending = document.pending
        self._tidy("" if pending is None else pending.run_id)

    def receipt(self, run_id: str) -> str:
        """The file whose being there says that the result of ``run_id`` has arrived."""
        return os.path.join(self._directory, f"{self._base}.{file_name(run_id)}.ack")

    def acknowledged(self, run_id: str) -> bool:
        """Whether there is a receipt for it."""
        return os.path.lexists(self.receipt(run_id))

    def reset(self) -> None:
        """Forget everything of this scan. To be called under the lock.

        :raises GatewayError: when that is refused.
        """
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)
        except OSError as error:
            raise GatewayError("remove the state", self.path, error.strerror or str(error)) from error
        self._tidy("")

    def _tidy(self, run_id: str) -> None:
        """Receipts that are used up, and what a killed run left; whatever stays is only untidy, so nothing fails here."""
        with contextlib.suppress(OSError):
            for path in list(self._stale(os.path.basename(self.receipt(run_id)))):
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def _stale(self, kept: str) -> Iterator[str]:
        now: Optional[float] = None
        prefix = f"{self._base}."
        with os.scandir(self._directory) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(prefix) and name.endswith(".ack"):
                    if name != kept:
                        yield entry.path
                elif name.startswith(_TEMPORARY[0]) and name.endswith(_TEMPORARY[1]):
                    # The file system's own clock: the state was written a moment ago.
                    now = os.stat(self.path).st_mtime if now is None else now
                    if entry.stat(follow_symlinks=False).st_mtime < now - _ABANDONED:
                        yield entry.path
