# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories as they were when this run first looked: each is listed once, for all logs in it."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from ..family import families
from .mounts import Mounts

FILE, DIRECTORY, LINK, MISSING = "file", "directory", "link", "missing"
_TICK = 100_000_000  # ns; within a tick of the kernel's clock, some ms, a directory can change and keep its time
_KINDS = (
    (stat.S_ISREG, FILE),
    (stat.S_ISDIR, DIRECTORY),
    (stat.S_ISFIFO, "FIFO"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


@dataclass(frozen=True)
class Listing:
    """What is in a directory: names and their kinds, links not followed."""

    kinds: Mapping[str, str]
    names: Sequence[str]  # the same, sorted
    problem: str = ""  # why it could not be listed
    missing: bool = False  # there is no such directory
    modified: int = 0  # st_mtime_ns before it was listed; 0 where that is too recent to tell a later change


class Directories:
    """Listings, kept for a run. Nothing on a mount that hangs is touched."""

    def __init__(self, mounts: Optional[Mounts] = None) -> None:
        self.mounts = mounts or Mounts()
        self._listings: Dict[str, Listing] = {}
        self._families: Dict[str, Mapping[str, Sequence[str]]] = {}

    def listing(self, path: str) -> Listing:
        """What is in the directory at ``path``."""
        known = self._listings.get(path)
        if known is None:
            known = self._listings[path] = self._list(path)
        return known

    def refreshed(self, path: str) -> bool:
        """Whether the directory at ``path`` has changed since it was listed; then it is listed again."""
        known = self._listings.get(path)
        if known is not None and known.modified:
            try:
                if os.stat(path).st_mtime_ns == known.modified:
                    return False
            except OSError:
                pass  # listing it says so
        self._listings.pop(path, None)
        self._families.pop(path, None)
        return known is None or self.listing(path).kinds != known.kinds

    def family(self, path: str, name: str) -> Sequence[str]:
        """The names in the directory at ``path`` that may be generations of a log called ``name``."""
        known = self._families.get(path)
        if known is None:
            known = self._families[path] = families(self.listing(path).names)
        return known.get(name, ())

    def kind(self, path: str) -> Tuple[str, str]:
        """What ``path`` leads to, links followed, and why that cannot be said (then the kind is empty)."""
        hung = self.mounts.hung(path)
        if hung:
            return "", not_answering(hung)
        try:
            mode = os.stat(path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return MISSING, ""
        except (OSError, ValueError) as error:
            return "", getattr(error, "strerror", None) or str(error)
        return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "special file"), ""

    def _list(self, path: str) -> Listing:
        hung = self.mounts.hung(path)
        if hung:
            return Listing({}, (), not_answering(hung))
        kinds: Dict[str, str] = {}
        try:
            modified = os.stat(path).st_mtime_ns
            if modified > time.time_ns() - _TICK:
                modified = 0
            with os.scandir(path) as entries:
                for entry in entries:
                    # In most file systems the listing says the kind: no further call for it.
                    if entry.is_symlink():
                        kinds[entry.name] = LINK
                    elif entry.is_file(follow_symlinks=False):
                        kinds[entry.name] = FILE
                    elif entry.is_dir(follow_symlinks=False):
                        kinds[entry.name] = DIRECTORY
                    else:
                        kinds[entry.name] = _special(entry)
        except (FileNotFoundError, NotADirectoryError):
            return Listing({}, (), missing=True)
        except (OSError, ValueError) as error:
            return Listing({}, (), getattr(error, "strerror", None) or str(error))
        names: List[str] = sorted(kinds)
        return Listing(kinds, names, modified=modified)


def not_answering(mount: str) -> str:
    """What to say of a file on a mount that hangs."""
    return f"the mount {mount} does not answer"


def _special(entry: "os.DirEntry[str]") -> str:
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return MISSING  # gone since the directory was read
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "special file")
