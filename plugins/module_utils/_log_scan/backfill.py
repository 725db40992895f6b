# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Old text and new patterns: which patterns have never been looked for, and what had been read before they came."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Dict, Iterator, List, Mapping, Sequence, Union

from .family import compression_of
from .model import Generation, LogPattern, Reading, Segment

_DIGITS = 16


def fresh_patterns(known: Mapping[str, str], patterns: Sequence[LogPattern]) -> List[LogPattern]:
    """Those that are new, or whose expressions have changed."""
    return [pattern for pattern in patterns if known.get(pattern.name) != _digest(pattern)]


def known_patterns(known: Mapping[str, str], patterns: Sequence[LogPattern], backfilled: bool) -> Dict[str, str]:
    """What the next run has to know: a pattern stays fresh until old text was read for it, or there was none to read."""
    first = not known
    found = dict(known)
    for pattern in patterns:
        if first or backfilled:
            found[pattern.name] = _digest(pattern)
    return found


def old_segments(reading: Reading) -> Iterator[Segment]:
    """What was read of a log before, the oldest first, each where it lies now."""
    entries: List[Union[Generation, Segment]] = [*reading.known, *reading.segments]
    for entry in (entries[index] for index in reading.order):
        if isinstance(entry, Segment):
            # With nothing known of what stands before its start, none of it was read: it is new, or a copy.
            one, end = entry.generation, entry.start if entry.generation.mark.tail_length else 0
        else:
            one, end = entry, entry.mark.offset
        path = entry.path
        if end > 0 and not one.copied:
            yield Segment(
                path=path,
                start=0,
                size=end,
                compression=compression_of(path),
                generation=replace(one, line=1, line_offset=0),
                live=path == reading.path,
            )


def _digest(pattern: LogPattern) -> str:
    digest = hashlib.sha256(str(pattern.regex.flags).encode())
    for regex in (pattern.regex, *pattern.exclude):
        digest.update(b"\0" + regex.pattern)
    digest.update(b"\0" + pattern.multiline.encode())
    return digest.hexdigest()[:_DIGITS]
