# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports on their way back in: chunks of bytes as lines of text, and text as JSON."""

from __future__ import annotations

import codecs
import json
import math
from typing import Any, Iterable, Iterator


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


def strict_json(text: str) -> Any:
    """The value of a JSON text, which has no ``NaN``, no infinity and no number beyond all bounds: nobody could write
    them again.

    :raises ValueError: when it is none.
    """
    return json.loads(text, parse_constant=_finite, parse_float=_finite)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is not a number of JSON")
    return number
