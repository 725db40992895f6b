# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By what a text is known again: hashes of its first bytes and of the bytes before the place that was read up to.

Only bytes that a log does not change by growing are hashed: those before the offset. Where nothing was read yet, what
was seen has to do, which is the beginning of a first line. Both hashes are cut to 128 bits, which keeps a state of ten
thousand logs small and leaves chance no room.
"""

from __future__ import annotations

import hashlib
from typing import Tuple

from .model import Fingerprint

HEAD = 1024  # bytes at the beginning; from this many equal ones on, two texts are taken for one
TAIL = 256  # bytes before the offset
_DIGITS = 32

Span = Tuple[int, int]  # start, length


def mark(device: int, inode: int, offset: int, head: bytes, tail: bytes) -> Fingerprint:
    """The fingerprint of a text that was read up to ``offset``.

    ``head`` is what it begins with (``HEAD`` bytes or all there are; more than is needed does no harm), ``tail`` what
    stands before ``offset`` (``TAIL`` bytes, or as many as there are).
    """
    head = head[: min(HEAD, offset) if offset else HEAD]
    tail = tail[-min(TAIL, offset) :] if offset else b""
    return Fingerprint(device, inode, offset, len(head), _digest(head), len(tail), _digest(tail))


def wanted(known: Fingerprint) -> Tuple[Span, Span]:
    """What to read of a text (start and length, twice) to ask :func:`same_head` and :func:`same_tail`."""
    return (0, known.head_length), (known.offset - known.tail_length, known.tail_length)


def same_head(known: Fingerprint, data: bytes) -> bool:
    """Whether a text that begins with ``data`` begins as the known one did; an empty beginning says nothing."""
    length = known.head_length
    return 0 < length <= len(data) and _digest(data[:length]) == known.head


def same_tail(known: Fingerprint, data: bytes) -> bool:
    """Whether ``data`` is what stood before the offset. True where nothing did: then the head alone decides."""
    return len(data) == known.tail_length and _digest(data) == known.tail


def is_strong(known: Fingerprint) -> bool:
    """Whether its head is long enough to tell texts apart that begin alike, as with the banner of a daemon."""
    return known.head_length >= HEAD


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGITS] if data else ""
