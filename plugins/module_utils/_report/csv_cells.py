# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV (RFC 4180) that is safe to open in a spreadsheet: no cell of it is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Iterable, List, Sequence

# A spreadsheet takes a cell for a formula when it begins with one of these; U+2212 is the minus sign.
_FORMULA = "=+-@\u2212"


def safe_cell(text: str) -> str:
    """The text, with a leading apostrophe where a spreadsheet would otherwise run it.

    Spaces and invisible characters before the sign do not hide it, nor does its full-width or small form: some
    spreadsheets overlook them too.
    """
    if not text:
        return text
    if text[0] in "\t\r\n":
        return "'" + text
    for character in text:
        if unicodedata.category(character)[0] not in "ZC":
            return "'" + text if unicodedata.normalize("NFKC", character)[0] in _FORMULA else text
    return text


def safe_row(cells: Iterable[str]) -> List[str]:
    """All cells of a line, safe."""
    # Nearly every cell begins with a letter or a digit; asking here spares a call for each. Many readers of CSV take a
    # NUL for the end, and so does the csv module of Python 3.10.
    return [(cell if cell[:1].isalnum() else safe_cell(cell)).replace("\0", "\ufffd") for cell in cells]


def csv_lines(rows: Sequence[Sequence[str]]) -> str:
    """Lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
