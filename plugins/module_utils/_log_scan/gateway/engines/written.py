# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Triggers as expressions of the engines: bytes by their numbers, so that nothing in them means anything."""

from __future__ import annotations

from typing import List

from ...triggers import Triggers


def as_hex(literal: bytes) -> bytes:
    """``\\x45\\x52`` for ``ER``."""
    return b"".join(b"\\x%02x" % code for code in literal)


def expressions(triggers: Triggers, folded: str) -> List[bytes]:
    """An expression for each trigger, in the language that RE2 and ripgrep have in common.

    :param folded: how an expression is written that folds the case of ASCII, with ``%s`` for itself.
    """
    around = folded.encode()
    found = [as_hex(each) for each in triggers.needles]
    found += [around % as_hex(each) for each in triggers.folded]
    return found + [each.pattern for each in triggers.shapes]
