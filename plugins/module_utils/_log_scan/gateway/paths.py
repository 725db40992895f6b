# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding logs: paths and globs to files that can be read, and a word on each that cannot."""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from typing import Dict, Iterable, Iterator, Mapping, Optional, Sequence, Set, Tuple

from ..family import kin_of
from .directories import DIRECTORY, FILE, LINK, MISSING, Directories

_WILD = re.compile(r"[*?[]")
_DEEP = "**"


@dataclass(frozen=True)
class Problem:
    """Something that was asked for and cannot be read."""

    path: str
    reason: str


@dataclass(frozen=True)
class Found:
    """``logs``: each path, sorted, and the number of the first pattern that leads to it.

    ``missing`` are the patterns that lead to nothing at all: not a problem by itself, a log may come.
    """

    logs: Mapping[str, int]
    problems: Tuple[Problem, ...] = ()
    missing: Tuple[str, ...] = ()

    @property
    def paths(self) -> Tuple[str, ...]:
        """Where the logs are."""
        return tuple(self.logs)


def find(patterns: Sequence[str], known: Iterable[str] = (), directories: Optional[Directories] = None) -> Found:
    """The logs that ``patterns`` lead to: absolute paths, with ``*``, ``?``, ``[…]``, and ``**`` for any depth.

    As in shells, ``*`` and ``**`` leave out names that begin with a dot, and ``**`` follows no links to directories; so
    there are no loops. What has no wildcard is a name, whatever characters are in it, if there is such a file.

    Rotated generations that a glob catches (``app.log*``) belong to their log and are none of their own; so do those of
    a log in ``known`` (paths of the state) that is just not there. A link and what it leads to are one log, under
    the name of the file where both are asked for. A FIFO, device or socket is named as a problem and never opened.
    """
    search = _Search(directories or Directories())
    search.directories.mounts.ask([_base(os.path.normpath(pattern)) for pattern in patterns])
    for number, pattern in enumerate(patterns):
        search.add(os.path.normpath(pattern), number)
    logs = _without_generations(search.logs, known)
    logs = _without_links(logs, search.links)
    problems = tuple(Problem(path, search.problems[path]) for path in sorted(search.problems))
    missing = tuple(pattern for number, pattern in enumerate(patterns) if number not in search.met)
    return Found({path: logs[path] for path in sorted(logs)}, problems, missing)


def leads_to(pattern: str, path: str) -> bool:
    """Whether ``pattern`` means ``path``, if it were there: to know the logs of the state that are asked for."""
    pattern = os.path.normpath(pattern)
    return pattern == path or _match_parts(pattern.split("/"), path.split("/"))


def _match_parts(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == _DEEP:
        if _match_parts(pattern[1:], parts):
            return True
        # At the end it stands for any file below; in between, for directories.
        return bool(parts) and not parts[0].startswith(".") and _match_parts(pattern, parts[1:])
    return bool(parts) and _matches(pattern[0], parts[0]) and _match_parts(pattern[1:], parts[1:])


def _matches(pattern: str, name: str) -> bool:
    if name.startswith(".") and not pattern.startswith("."):
        return pattern == name
    return pattern == name or fnmatch.fnmatchcase(name, pattern)


def _base(pattern: str) -> str:
    """The directory, or file, that all of a pattern lies below."""
    parts = pattern.split("/")
    wild = next((index for index, part in enumerate(parts) if _WILD.search(part)), len(parts))
    return "/".join(parts[:wild]) or "/"


class _Search:
    def __init__(self, directories: Directories) -> None:
        self.directories = directories
        self.logs: Dict[str, int] = {}
        self.links: Set[str] = set()
        self.problems: Dict[str, str] = {}
        self.met: Set[int] = set()

    def add(self, pattern: str, number: int) -> None:
        parts = pattern.split("/")
        wild = next((index for index, part in enumerate(parts) if _WILD.search(part)), None)
        if wild is None or self.directories.kind(pattern)[0] == FILE:
            self._take(pattern, LINK, number, asked=True)
            return
        for directory, name, kind in self._walk(_base(pattern), parts[wild:], number):
            self._take(os.path.join(directory, name), kind, number, asked=False)

    def _walk(self, directory: str, parts: Sequence[str], number: int) -> Iterator[Tuple[str, str, str]]:
        """Entries below a directory that match: where, the name, and the kind, links not followed."""
        part, rest = parts[0], parts[1:]
        if part == _DEEP:
            # With nothing after it: every file below.
            yield from self._walk(directory, rest or ("*",), number)
        if not _WILD.search(part):
            # A name after a wildcard: no listing for it.
            yield from self._step(directory, part, LINK, rest, number)
            return
        listing = self.directories.listing(directory)
        if listing.problem:
            self.problems.setdefault(directory, f"cannot list it: {listing.problem}")
            self.met.add(number)
            return
        if part == _DEEP:
            for name in listing.names:
                if listing.kinds[name] == DIRECTORY and not name.startswith("."):
                    yield from self._walk(os.path.join(directory, name), parts, number)
            return
        match = re.compile(fnmatch.translate(part)).match
        dotted = part.startswith(".")
        for name in listing.names:
            if name == part or (match(name) and (dotted or not name.startswith("."))):
                yield from self._step(directory, name, listing.kinds[name], rest, number)

    def _step(
        self, directory: str, name: str, kind: str, rest: Sequence[str], number: int
    ) -> Iterator[Tuple[str, str, str]]:
        if not rest:
            yield directory, name, kind
        elif kind in (DIRECTORY, LINK):
            yield from self._walk(os.path.join(directory, name), rest, number)

    def _take(self, path: str, kind: str, number: int, asked: bool) -> None:
        if path in self.logs:
            self.met.add(number)
            return
        reason = ""
        if kind == LINK:
            kind, reason = self.directories.kind(path)
            if not reason and os.path.islink(path):  # not before: it may hang
                self.links.add(path)
                reason = "it is a link to nothing" if kind == MISSING else ""
        if kind == FILE:
            self.logs[path] = number
        elif reason:
            self.problems.setdefault(path, reason)
        elif kind == MISSING or (kind == DIRECTORY and not asked):
            return
        else:
            self.problems.setdefault(path, f"it is a {kind}, not a file")
        self.met.add(number)


def _without_generations(logs: Mapping[str, int], known: Iterable[str]) -> Dict[str, int]:
    """The logs that are no generation of another one that is found, or known."""
    heads = {*logs, *known}
    kept: Dict[str, int] = {}
    for path, number in logs.items():
        directory, name = os.path.split(path)
        if not any(os.path.join(directory, kin.base) in heads for kin in kin_of(name)):
            kept[path] = number
    return kept


def _without_links(logs: Mapping[str, int], links: Set[str]) -> Dict[str, int]:
    kept = dict(logs)
    targets: Dict[str, str] = {}
    for path in sorted(links & set(kept)):
        target = os.path.realpath(path)
        first = targets.setdefault(target, path)
        if target in logs or first != path:
            number = kept.pop(path)
            there = target if target in kept else first
            if there in kept:
                kept[there] = min(kept[there], number)
    return kept
