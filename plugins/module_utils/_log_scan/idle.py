# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Segments that need not be opened: most logs, most of the time."""

from __future__ import annotations

from dataclasses import replace

from .model import Cause, Observed, Read, Segment


def is_idle(segment: Segment) -> bool:
    """Whether there is nothing new in it."""
    return segment.size == segment.start and is_known(segment)


def is_known(segment: Segment) -> bool:
    """Whether the place where it begins has its fingerprint already."""
    known = segment.generation.mark
    return segment.start == known.offset and (known.tail_length > 0 or known.offset == 0)


def unread(segment: Segment, seen: Observed) -> Read:
    """What a segment comes to without being opened: there is nothing new in it, or no more may be read."""
    one, nothing = segment.generation, segment.size == segment.start
    return Read(
        mark=replace(one.mark, device=seen.device, inode=seen.inode),
        size=max(segment.start, one.size if segment.size is None else segment.size),
        modified=seen.modified,
        ended=nothing,
        pending_cause=None if nothing else Cause.BUDGET,
        line=one.line,
        line_offset=one.line_offset,
    )
