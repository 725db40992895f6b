# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a scan, typed and validated as a whole before any log is opened."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, FrozenSet, Mapping, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .._common.values import between, instant
from .._common.version import VERSION
from .durations import seconds
from .model import LogPattern

AUTO = "auto"
MANUAL = "manual"
FORMATS = ("auto", "text", "json", "docker", "cri")
FAIL_ON: Mapping[str, FrozenSet[str]] = {
    "never": frozenset(),
    "critical": frozenset(("critical",)),
    "warning": frozenset(("critical", "warning")),
    "unknown": frozenset(("critical", "warning", "unknown")),
}
"""The statuses that fail a task, by the value of ``fail_on``."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PATH_KEYS = ("path", "format", "encoding", "olddir")


class First(str, Enum):
    """What is read of a log that was never looked at."""

    END = "end"
    BEGINNING = "beginning"
    SINCE = "since"


@dataclass(frozen=True)
class PathOption:
    """One entry of ``paths``: a glob, and what is known of the logs that it finds."""

    path: str
    format: str = "auto"
    encoding: str = ""  # empty: UTF-8, or what a byte order mark says
    olddir: str = ""  # where rotation moves their old generations to


@dataclass(frozen=True)
class JournalOption:
    """What of the systemd journal is read."""

    units: Tuple[str, ...]
    priority: Optional[str]
    matches: Tuple[str, ...]
    directory: Optional[str]


class PatternChoice:
    """The patterns that are asked for. They are made when they are needed: a hundred expressions take their time."""

    def __init__(self, patterns: Mapping[str, Any], pattern_sets: Sequence[str], multiline: str) -> None:
        self._choice = (dict(patterns), tuple(pattern_sets), multiline)
        self._made: Optional[Tuple[LogPattern, ...]] = None

    def digest(self) -> str:
        """The same for the same choice: what was made of it once needs no second look."""
        text = json.dumps(self._choice, sort_keys=True, default=str)
        return hashlib.sha256(f"{VERSION} {text}".encode("utf-8", "backslashreplace")).hexdigest()

    def all(self) -> Tuple[LogPattern, ...]:
        """The patterns.

        :raises Day2Error: naming the pattern and the key.
        """
        if self._made is None:
            from .patterns import parse_patterns

            self._made = parse_patterns(*self._choice)
        return self._made


@dataclass(frozen=True)
class Options:
    """What is read, what is looked for, and what becomes of it."""

    name: str
    paths: Tuple[PathOption, ...]
    journal: Optional[JournalOption]
    command: Tuple[str, ...]
    patterns: "PatternChoice"
    aggregate: Tuple[str, ...]
    context: int  # lines
    max_samples: int
    redact: Tuple[str, ...]
    since: Optional[datetime]
    until: Optional[datetime]
    timezone: str  # empty: that of the host
    first_run: First
    backfill: bool
    max_bytes: Optional[int]
    max_seconds: Optional[float]
    late_window: float  # seconds
    partial_after: float  # seconds
    state_dir: str  # empty: the gateway's default
    lock_timeout: int  # seconds
    ack: str  # AUTO, MANUAL or the id of a run
    receipt: bool  # whoever asked says when the answer has arrived
    reset: bool
    engine: str
    reports: Tuple[Mapping[str, Any], ...]
    max_returned: int
    fail_on: FrozenSet[str]


def parse_options(options: Mapping[str, Any]) -> Options:
    """The module's options as :class:`Options`; the patterns are looked at when they are made.

    :raises Day2Error: naming the option, and what would be right.
    """
    if not (options["paths"] or options["journal"] or options["command"]):
        raise Day2Error("paths, journal or command: at least one is needed, or there is nothing to read")
    if not (options["patterns"] or options["pattern_sets"]):
        raise Day2Error("patterns or pattern_sets: at least one is needed, or there is nothing to look for")
    if not _NAME.fullmatch(options["name"]):
        raise Day2Error(f"name: {options['name']!r} is not made of letters, digits and . _ - (at most 64)")
    since = instant("since", options["since"]) if options["since"] else None
    until = instant("until", options["until"]) if options["until"] else None
    first_run = First(options["first_run"])
    if first_run is First.SINCE and since is None:
        raise Day2Error("since: first_run: since needs a time to begin at")
    if since is not None and until is not None and until <= since:
        raise Day2Error(f"until: {options['until']} is not after since: {options['since']}")
    journal = options["journal"]
    return Options(
        name=options["name"],
        paths=tuple(_path(index, entry) for index, entry in enumerate(options["paths"])),
        journal=None
        if journal is None
        else JournalOption(
            tuple(journal["units"]), journal["priority"], tuple(journal["matches"]), journal["directory"]
        ),
        command=tuple(options["command"]),
        patterns=PatternChoice(options["patterns"], options["pattern_sets"], options["multiline"] or ""),
        aggregate=tuple(options["aggregate"]),
        context=between("context", options["context"], 0, 50),
        max_samples=between("max_samples", options["max_samples"], 0, 1000),
        redact=tuple(options["redact"]),
        since=since,
        until=until,
        timezone=options["timezone"] or "",
        first_run=first_run,
        backfill=options["backfill"],
        max_bytes=_positive("max_bytes", options["max_bytes"]),
        max_seconds=_positive("max_seconds", options["max_seconds"]),
        late_window=seconds("late_window", options["late_window"]),
        partial_after=seconds("partial_after", options["partial_after"]),
        state_dir=options["state_dir"] or "",
        lock_timeout=between("lock_timeout", options["lock_timeout"], 0, 3600),
        ack=options["ack"],
        receipt=options["receipt"],
        reset=options["reset"],
        engine=options["engine"],
        reports=tuple(options["reports"]),
        max_returned=between("max_returned", options["max_returned"], 0, 100_000),
        fail_on=FAIL_ON[options["fail_on"]],
    )


def _path(index: int, entry: Any) -> PathOption:
    where = f"paths[{index}]"
    if isinstance(entry, str):
        entry = {"path": entry}
    if not isinstance(entry, Mapping):
        raise Day2Error(f"{where}: {entry!r} is neither a path nor a mapping with one")
    unknown = sorted(set(entry) - set(_PATH_KEYS))
    if unknown:
        raise Day2Error(f"{where}.{unknown[0]}: there is no such key; known are {', '.join(_PATH_KEYS)}")
    path, form, olddir = entry.get("path"), entry.get("format") or "auto", entry.get("olddir") or ""
    if not isinstance(path, str) or not path.startswith("/") or "\0" in path:
        raise Day2Error(f"{where}.path: {path!r} is not an absolute path")
    if form not in FORMATS:
        raise Day2Error(f"{where}.format: {form!r} is none of {', '.join(FORMATS)}")
    if not isinstance(olddir, str) or (olddir and not olddir.startswith("/")):
        raise Day2Error(f"{where}.olddir: {olddir!r} is not an absolute path")
    encoding = entry.get("encoding") or ""
    if encoding:
        from .lines import encoding_asked

        try:
            encoding = encoding_asked(str(encoding))
        except Day2Error as error:
            raise Day2Error(f"{where}.encoding: {error}") from error
    return PathOption(path, form, encoding, olddir)


def _positive(name: str, value: Any) -> Any:
    if value is not None and value <= 0:
        raise Day2Error(f"{name}: {value} is not more than 0")
    return value
