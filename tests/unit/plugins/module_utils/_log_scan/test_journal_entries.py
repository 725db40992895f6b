# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What journalctl says, as entries; whatever it says."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.journal_entries import (
    Entry,
    batches_of,
    entries_of,
    entry_of,
    later,
    lost_between,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

CURSOR = "s=a1;i=5;b=b;m=1;t=6615b39a36aa6;x=1"
AT = datetime(2026, 11, 28, 19, 31, 37, 193126, tzinfo=timezone.utc)


def line(message: Any = "text", **fields: Any) -> bytes:
    return json.dumps(
        {"_PID": "1", "__CURSOR": CURSOR, "MESSAGE": message, "__REALTIME_TIMESTAMP": "1795894297193126", **fields}
    ).encode()


@pytest.mark.parametrize(
    "message, expected",
    [
        ("text", b"text"),
        ("", b""),
        ("caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600".encode()),
        ([99, 0, 255], b"c\x00\xff"),
        (["one", [255, 10]], b"one\n\xff\n"),  # a field that stands twice
        (None, b""),  # too large for a journalctl that was not asked for all
        ([300], b""),
        ({}, b""),
    ],
)
def test_messages(message: Any, expected: bytes) -> None:
    assert entry_of(line(message)) == Entry(CURSOR, AT, expected, {"pid": "1"})


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"-- No entries --",
        b"{",
        b"[]",
        b"{}",
        b'{"__CURSOR": 1}',
        line(__CURSOR=None),
        line(__REALTIME_TIMESTAMP="x"),
    ],
)
def test_what_is_no_entry_is_passed_over(text: bytes) -> None:
    assert entry_of(text) is None
    assert len(list(entries_of([text + b"\n" + line() + b"\n"]))) == 1


@settings(derandomize=True, max_examples=tries(50))
@given(st.lists(st.text() | st.binary().map(list), max_size=5), st.data())
def test_pieces_may_end_anywhere(messages: List[Any], data: st.DataObject) -> None:
    whole = b"".join(line(message) + b"\n" for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    pieces = [whole[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(whole)])]
    expected = [m.encode() if isinstance(m, str) else bytes(m) for m in messages]
    assert [entry.message for entry in entries_of(pieces)] == expected
    assert [entry.message for entry in entries_of([whole[:-1]])] == expected, "without the last newline, too"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("message", ["y\n\u20ac\\" * 250_000, list(b"\xffz") * 250_000])
def test_a_huge_message_is_cut_and_its_entry_known(message: Any, first: bool) -> None:
    parts = json.loads(line(message))
    order = sorted(parts, key=lambda key: (key == "MESSAGE") != first)
    huge = json.dumps({key: parts[key] for key in order}).encode()
    assert len(huge) > 2 << 20
    pieces = [huge[begin : begin + 1_000_000] for begin in range(0, len(huge), 1_000_000)]
    entry, following = entries_of([*pieces, b"\n" + line("next") + b"\n"])
    whole = message.encode() if isinstance(message, str) else bytes(message)
    assert (entry.cursor, entry.at, entry.fields) == (CURSOR, AT, {"pid": "1"})
    assert 60_000 < len(entry.message) <= 65536
    assert whole.startswith(entry.message.rstrip(b"\xe2\x82"))
    assert entry.cut > 0
    assert following.message == b"next"


def test_as_lines() -> None:
    assert Entry(CURSOR, AT, b"x\n", {}).text() == b"2026-11-28T19:31:37.193126+00:00 localhost unknown: x\n"
    fields = {"hostname": "db1", "command": "postgres", "pid": "7"}
    assert Entry(CURSOR, AT, b"x", fields).text() == b"2026-11-28T19:31:37.193126+00:00 db1 postgres[7]: x\n"


def test_batches_are_bounded_and_say_which_line_is_whose() -> None:
    entries = [Entry(f"c{number}", AT, b"a\nb" if number % 2 else b"x" * 60_000, {}) for number in range(50)]
    batches = list(batches_of(entries))
    assert [entry for batch in batches for entry in batch.entries] == entries
    assert len(batches) > 1
    offset = 0
    for batch in batches:
        block = batch.block
        assert (block.offset, block.consumed, len(block.data)) == (offset, len(block.data), block.consumed)
        assert block.data.endswith(b"\n") and len(block.data) < (1 << 20) + 70_000
        assert block.origins is not None and len(block.origins) == block.data.count(b"\n")
        assert sorted(set(block.origins)) == list(range(len(batch.entries)))
        assert batch.cursor == batch.entries[-1].cursor
        offset += block.consumed
    assert list(batches_of([])) == []


@pytest.mark.parametrize(
    "one, other, expected, lost",
    [
        ("s=a;i=5;t=9", "s=a;i=6;t=1", "s=a;i=6;t=1", 0),
        ("s=a;i=5;t=9", "s=a;i=10;t=1", "s=a;i=10;t=1", 10),
        ("s=a;i=5;t=1", "s=b;i=1;t=2", "s=b;i=1;t=2", None),  # another numbering: by the time of day
        ("s=a;i=5;t=1", "s=a;i=5;t=1", "s=a;i=5;t=1", 0),
        ("", "s=a;i=5;t=1", "s=a;i=5;t=1", None),
        ("x", "y", "x", None),
    ],
)
def test_places(one: str, other: str, expected: str, lost: Optional[int]) -> None:
    assert later(one, other) == expected
    assert lost_between(one, other) == lost
