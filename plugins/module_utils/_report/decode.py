# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports on their way back in: chunks of bytes as lines of text."""

from __future__ import annotations

import codecs
from typing import Iterable, Iterator


def text_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines without their ends, and without a byte order mark before the first.

    What is not UTF-8, a character that is cut off at the end included, becomes U+FFFD. Within a text of JSON that is
    harmless, and anywhere else it is no JSON: the reader says so, with the line.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from lines
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest
