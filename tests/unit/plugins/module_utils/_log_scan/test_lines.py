# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan import lines
from ansible_collections.day2.ops.plugins.module_utils._log_scan.lines import (
    LONGEST,
    Cutter,
    Places,
    encoding_of,
    joined,
    offset_at,
    split,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Block
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

SHORT = 16  # stands for LONGEST where many long lines are wanted


def lines_in(blocks):
    """Every line with its place: offset, text, bytes that were cut. Checks what holds for all blocks on the way."""
    found, end = [], None
    for block in blocks:
        assert end in (None, block.offset), "no hole, no overlap"
        end = block.offset + block.consumed
        assert block.data.endswith(b"\n")
        texts = block.data.split(b"\n")[:-1]
        assert block.origins is None or len(block.origins) == len(texts)
        assert not block.cut or len(texts) == 1
        position = 0
        for text in texts:
            found.append((offset_at(block, position), text, block.cut))
            position += len(text) + 1
    return found


def cut(pieces, offset=0, head=None, encoding="", settled=True):
    """What a cutter makes of these pieces: lines, and where the next run begins."""
    cutter = Cutter(offset, b"".join(pieces)[:8] if head is None else head, encoding)
    blocks = [block for piece in pieces for block in cutter.feed(piece)]
    before = cutter.offset
    assert cutter.pending == offset + sum(map(len, pieces)) - before
    assert before == (blocks[-1].offset + blocks[-1].consumed if blocks else offset)
    blocks.extend(cutter.finish(settled))
    if settled:
        assert cutter.pending == 0
    return lines_in(blocks), cutter.offset


def pieces_of(data, cuts):
    places = sorted({place % (len(data) + 1) for place in cuts})
    return [data[start:stop] for start, stop in zip([0, *places], [*places, len(data)])]


def plain_lines(data, longest):
    """The same by the simplest way there is."""
    found, offset = [], 0
    rest = data.split(b"\n")
    ended = rest.pop()
    for raw in [*rest, ended] if ended else rest:
        text = raw.lstrip(b"\0")
        found.append((offset + len(raw) - len(text), text[:longest], max(len(text) - longest, 0)))
        offset += len(raw) + 1
    return found


NOISE = st.lists(st.sampled_from([b"\n", b"\r\n", b"\0", b"\0\0\0", b"a", b"\xff", b"word ", b"x" * 15, b"y" * 40]))


@settings(max_examples=tries(80))
@given(parts=NOISE, cuts=st.lists(st.integers(0, 10**6), max_size=12))
def test_the_same_lines_however_the_bytes_are_cut(parts, cuts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "LONGEST", SHORT)
        patch.setattr(lines, "BLOCK", 64)
        data = b"".join(parts)
        found, offset = cut(pieces_of(data, cuts), head=b"")
        assert found == plain_lines(data, SHORT)
        assert offset == len(data)


@settings(max_examples=tries(80))
@given(parts=NOISE, cuts=st.lists(st.integers(0, 10**6), max_size=5), stops=st.lists(st.integers(0, 10**6), max_size=4))
def test_runs_that_stop_anywhere_give_every_line_once(parts, cuts, stops):
    data = b"".join(parts)
    found, offset = [], 0
    for stop in sorted(place % (len(data) + 1) for place in stops):
        if stop >= offset:
            more, offset = cut(pieces_of(data[offset:stop], cuts), offset, b"", settled=False)
            found += more
    more, offset = cut([data[offset:]], offset, b"")
    assert found + more == plain_lines(data, LONGEST)


@settings(max_examples=tries(80))
@given(
    text=st.text(st.sampled_from("a\r\n Ċਊé𝄞\u0100\u0a00"), max_size=60),
    codec=st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
    cuts=st.lists(st.integers(0, 10**6), max_size=8),
)
def test_wide_characters_are_found_by_their_mark(text, codec, cuts):
    data = ("\ufeff" + text).encode(codec)
    found, offset = cut(pieces_of(data, cuts), head=data[:4])
    expected, where = [], len("\ufeff".encode(codec))
    for line in (text if text.endswith("\n") else text + "\n").split("\n")[:-1] if text else [""]:
        expected.append((where, line.encode(), 0))
        where += len((line + "\n").encode(codec))
    assert found == expected
    assert offset == len(data)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("step", [1, 3, 1000])
def test_half_of_one_character_and_half_of_the_next_are_no_newline(codec, step):
    text = "a\u0a00\u0100\u0a0a\u0100\n\u0100\u0a00b\n\u0a00\u0100\u0a00"
    data = ("\ufeff" + text).encode(codec)
    found, offset = cut([data[start : start + step] for start in range(0, len(data), step)], head=data, settled=False)
    assert [line.decode() for _offset, line, _cut in found] == text.split("\n")[:-1]
    assert data[offset:].decode(codec) == text.rpartition("\n")[2]


def test_a_later_run_goes_on_in_the_encoding_of_the_head():
    data = "\ufeffone\ntwo\nthr".encode("utf-16-le")
    first, offset = cut([data[:20]], settled=False)
    second, rest = cut([data[offset:]], offset, data[:4], settled=False)
    assert first + second == [(2, b"one", 0), (10, b"two", 0)]
    assert data[rest:].decode("utf-16-le") == "thr"


def test_a_run_that_begins_in_a_unit_finds_the_next_one():
    data = "\ufeffone\ntwo\n".encode("utf-16-le")
    assert cut([data[5:]], 5, data[:4])[0] == [(6, b"e", 0), (10, b"two", 0)]


def test_half_a_unit_at_the_end_is_no_text_and_is_consumed():
    found, offset = cut(["\ufeffab".encode("utf-16-le") + b"x"])
    assert found == [(2, b"ab", 0)]
    assert offset == 7


def test_damaged_wide_text_loses_no_line():
    data = b"\xff\xfe" + b"\x00\xd8" + "\n".encode("utf-16-le") + b"\x00\xdc" + "b\n".encode("utf-16-le")
    assert [offset for offset, _text, _cut in cut([data])[0]] == [2, 6]


@pytest.mark.parametrize(
    "data, found",
    [
        (b"\xef\xbb\xbfone\ntwo\n", [(3, b"one", 0), (7, b"two", 0)]),
        (b"\xef\xbb\xbf", [(3, b"", 0)]),
        (b"one\r\ntwo\r\n", [(0, b"one\r", 0), (5, b"two\r", 0)]),  # dropped by who looks at the line
        (b"\0" * 5000 + b"after the cut\nnext\n", [(5000, b"after the cut", 0), (5014, b"next", 0)]),
        (b"a\n\0\0b\0c\nd\n", [(0, b"a", 0), (4, b"b\0c", 0), (8, b"d", 0)]),
        (b"a\n\0\0\0", [(0, b"a", 0), (5, b"", 0)]),
        (b"", []),
        (b"\n\n", [(0, b"", 0), (1, b"", 0)]),
    ],
    ids=["mark", "only a mark", "carriage returns", "hole of copytruncate", "zeros", "ends in zeros", "empty", "blank"],
)
@pytest.mark.parametrize("step", [1, 3, 10**6])
def test_what_is_no_text(data, found, step):
    pieces = [data[start : start + step] for start in range(0, len(data), step)]
    assert cut(pieces) == (found, len(data))


@pytest.mark.parametrize("size", [LONGEST - 1, LONGEST, LONGEST + 1, 5 * LONGEST])
@pytest.mark.parametrize("step", [1000, LONGEST, 1 << 20])
def test_a_long_line_costs_its_tail_only(size, step):
    data = b"before\n" + b"x" * size + b"\nafter\nnot ended"
    found, offset = cut([data[start : start + step] for start in range(0, len(data), step)], settled=False)
    kept = min(size, LONGEST)
    assert found == [(0, b"before", 0), (7, b"x" * kept, size - kept), (8 + size, b"after", 0)]
    assert data[offset:] == b"not ended"


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_a_line_of_100_mb_in_bounded_memory(mark):
    chunk = b"ab" * (1 << 19)
    cutter = Cutter(0, mark)
    tracemalloc.start()
    try:
        assert not [block for _turn in range(100) for block in cutter.feed(chunk)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
    assert cutter.pending == 100 << 20
    (block,) = cutter.finish(True)
    assert (block.consumed, block.cut) == (100 << 20, (100 << 20) - LONGEST - len(mark))


def test_a_hole_is_not_held():
    cutter, zeros = Cutter(0, b""), bytes(1 << 20)
    tracemalloc.start()
    try:
        assert not [block for _turn in range(20) for block in cutter.feed(zeros)]
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    assert lines_in(cutter.feed(b"here\n")) == [(20 << 20, b"here", 0)]


def test_plain_text_goes_through_by_the_block():
    data = b"a line of plain text\n" * 200_000
    cutter = Cutter(0, data[:1024])
    blocks = [block for start in range(0, len(data), 1 << 20) for block in cutter.feed(data[start : start + (1 << 20)])]
    assert len(blocks) == -(-len(data) // (1 << 20))
    assert all(block.origins is None for block in blocks)
    assert b"".join(block.data for block in blocks) == data


def test_more_may_come_after_an_end():
    cutter = Cutter(0, b"")
    assert not list(cutter.feed(b"ha"))
    assert not list(cutter.finish(False))
    assert lines_in(cutter.feed(b"lf\n")) == [(0, b"half", 0)]


@pytest.mark.parametrize(
    "asked, data, text",
    [
        ("latin-1", b"\xe9t\xe9\n", "été"),
        ("cp1252", b"\x80\n", "€"),
        ("utf-16", "été\n".encode("utf-16-le"), "été"),
        ("utf-16-be", "été\n".encode("utf-16-be"), "été"),
        ("shift_jis", "ログ\n".encode("shift_jis"), "ログ"),
        ("utf-8", "ログ\n".encode(), "ログ"),
        ("latin-1", b"\xef\xbb\xbf" + "ログ\n".encode(), "ログ"),  # the mark is believed more
    ],
)
def test_an_encoding_that_is_asked_for(asked, data, text):
    found, _offset = cut([data + data.replace(b"\xef\xbb\xbf", b"")], encoding=asked)
    assert [line.decode() for _offset, line, _cut in found] == [text, text]


@pytest.mark.parametrize("asked", ["klingon", "base64", "rot13", "cp037", "", "utf-8"])
def test_an_encoding_that_is_none(asked):
    if asked in ("", "utf-8"):
        assert encoding_of(b"x", asked) == ("utf-8", 0)
    else:
        with pytest.raises(Day2Error, match=asked):
            encoding_of(b"x", asked)


@settings(max_examples=tries(40))
@given(texts=st.lists(st.sampled_from([b"", b"a", b"bcd"]), min_size=2, max_size=6), data=st.data())
def test_a_block_in_two_and_in_one(texts, data):
    starts = [sum(len(text) + 1 for text in texts[:index]) for index in range(len(texts))]
    whole = b"".join(text + b"\n" for text in texts)
    for origins in (None, [100 + 3 * start for start in starts]):
        block = Block(100, whole, len(whole) if origins is None else 3 * len(whole), origins)
        place = data.draw(st.sampled_from(starts[1:]))
        parts = split(block, place)
        assert [part.data for part in parts] == [whole[:place], whole[place:]]
        assert lines_in(parts) == lines_in([block])
        assert joined(*parts) == block


@given(places=st.lists(st.integers(0, 9), max_size=6), own=st.booleans())
def test_places_in_any_order(places, own):
    origins = None if own else [7 * line for line in range(10)]
    block = Block(5, b"ab\n" * 10, 30, origins)
    known = Places(block)
    assert [known.at(3 * line) for line in places] == [offset_at(block, 3 * line) for line in places]


def test_blocks_of_two_kinds_in_one():
    cutter = Cutter(0, b"\xef\xbb\xbf")
    first, second = cutter.feed(b"\xef\xbb\xbfone\ntwo\nthree\n")
    assert lines_in([joined(first, second)]) == [(3, b"one", 0), (7, b"two", 0), (11, b"three", 0)]
