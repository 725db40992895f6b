# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.day2.ops.plugins.module_utils._log_scan import line_count
from ansible_collections.day2.ops.plugins.module_utils._log_scan.line_count import LineCount
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Block

TEXT = b"".join(b"line %d\n" % number for number in range(1, 101))


def blocks(*ends):
    begin = 0
    for end in (*ends, len(TEXT)):
        yield Block(begin, TEXT[begin:end], end - begin)
        begin = end


def line_starts():
    return [0, *(index + 1 for index, code in enumerate(TEXT[:-1]) if code == 10)]


def test_each_line_has_its_number_however_the_text_is_cut():
    starts = line_starts()
    for ends in ((), (starts[1],), (starts[10], starts[50]), tuple(starts[1:])):
        lines, found = LineCount(1, 0), []
        for block in blocks(*ends):
            inside = [start - block.offset for start in starts if block.offset <= start < block.offset + block.consumed]
            found += [lines.at(block, start) for start in inside]
            lines.pass_over(block)
        assert found == list(range(1, 101))


def test_what_is_not_known_stays_unknown():
    lines = LineCount(None, 0)
    for block in blocks(80):
        assert lines.at(block, 0) is None
        lines.pass_over(block)
    assert lines.line is None


def test_behind_a_hole_nothing_is_known():
    first, second = blocks(line_starts()[10])
    lines = LineCount(1, 0)
    assert lines.at(second, 0) is None
    lines.pass_over(second)
    assert lines.line is None
    assert lines.at(first, 0) is None


def test_blocks_without_data_are_counted_in_the_text_itself():
    cut = line_starts()[10]
    lines = LineCount(1, 0, lambda start, stop: [TEXT[start:stop]])
    lines.pass_over(Block(0, b"", cut))
    _first, second = blocks(cut)
    assert lines.at(second, 0) == 11


def test_so_many_bytes_are_counted_and_no_more(monkeypatch):
    monkeypatch.setattr(line_count, "COUNTED", 100)
    lines = LineCount(1, 0)
    numbers = []
    for block in blocks(*line_starts()[1:]):
        numbers.append(lines.at(block, 0))
        lines.pass_over(block)
    known = [number for number in numbers if number is not None]
    assert known == list(range(1, len(known) + 1)) and 10 < len(known) < 20 and numbers[-1] is None
