# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report.decode import text_lines


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize(
    "content, lines",
    [
        (b"", []),
        (b"a\n", ["a"]),
        (b"a\n\nb", ["a", "", "b"]),
        ("\ufeffä\né".encode(), ["ä", "é"]),
        ("a\nä".encode()[:-1], ["a", "\ufffd"]),  # cut off within a character
        ("ä\u2028ö\r\n".encode(), ["ä\u2028ö\r"]),  # lines of JSON end with \n alone
    ],
)
def test_chunks_of_any_size_are_the_same_lines(content: bytes, lines: List[str], size: int) -> None:
    assert list(text_lines(content[at : at + size] for at in range(0, len(content), size))) == lines
