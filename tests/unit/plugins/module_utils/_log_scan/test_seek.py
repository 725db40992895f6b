# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import seek
from ansible_collections.day2.ops.plugins.module_utils._log_scan.seek import offset_of, unfinished_at
from ansible_collections.day2.ops.plugins.module_utils._log_scan.stamps import Stamps
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2026, 11, 28, tzinfo=timezone.utc)
STAMPS = Stamps(START + timedelta(days=30), timezone.utc)


def linear(data, at, encoding):
    """The first ended line that is late enough, or where the last one begins that is not ended."""
    unit = len("\n".encode(encoding))
    newline, offset = "\n".encode(encoding), 0
    while True:
        end = data.find(newline, offset)
        while end >= 0 and (end - offset) % unit:
            end = data.find(newline, end + 1)
        if end < 0:
            return offset
        when = STAMPS.of(data[offset:end].decode(encoding).encode())
        if when is not None and when >= at:
            return offset
        offset = end + unit


def text_of(steps):
    """A log: seconds since the line before (None: a line without a time), and how long the line is."""
    lines, when = [], START
    for seconds, size in steps:
        if seconds is None:
            lines.append(" more " + "y" * size)
        else:
            when += timedelta(seconds=seconds)
            lines.append(f"{when:%Y-%m-%dT%H:%M:%SZ} " + "x" * size)
    return lines


STEPS = st.lists(
    st.tuples(st.one_of(st.none(), st.sampled_from([0, 0, 1, 5])), st.sampled_from([0, 3, 40])), max_size=60
)


@settings(max_examples=tries(80))
@given(
    steps=STEPS,
    at=st.integers(-2, 150),
    ended=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-16-le"]),
    chunk=st.sampled_from([32, 64, 256]),
)
def test_the_same_as_looking_at_every_line(steps, at, ended, encoding, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seek, "CHUNK", chunk)
        text = "\n".join(text_of(steps)) + ("\n" if ended and steps else "")
        data = text.encode(encoding)
        when = START + timedelta(seconds=at)
        found = offset_of(lambda start, size: data[start : start + size], len(data), when, STAMPS.of, encoding)
        assert found == linear(data, when, encoding)
        unfinished = unfinished_at(lambda start, size: data[start : start + size], len(data), encoding)
        assert unfinished == linear(data, START + timedelta(days=9), encoding)


def test_few_reads_find_a_line_in_a_big_log():
    line = b"%s something happened with a request and its answer, which took so and so long\n"
    count, size = 2_000_000, len(line % b"2026-11-28T00:00:00Z")
    reads = []

    def read(start, length):  # a log of 200 MB that nobody has to write
        reads.append(length)
        first = start // size
        lines = [
            line % (START + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            for number in range(first, (start + length) // size + 1)
        ]
        return b"".join(lines)[start - first * size :][:length]

    for number in (0, 777_777, count - 1):
        assert offset_of(read, count * size, START + timedelta(seconds=number), STAMPS.of) == number * size
    assert offset_of(read, count * size, START + timedelta(seconds=count), STAMPS.of) == count * size
    assert len(reads) < 4 * 25
    assert sum(reads) < 4 * 25 * seek.CHUNK


@pytest.mark.parametrize(
    "data, found",
    [
        (b"", 0),
        (b"no time\nat all\n", 15),
        (b"no time\nat all", 8),
        (b"no time", 0),
        (b"no time\n2026-11-28T00:00:01Z x\n", 8),
        (b"2026-11-27T00:00:01Z x\n more\n2026-11-28T00:00:01Z x", 29),
        (b"\xef\xbb\xbf2026-11-28T00:00:01Z x\n", 3),
        (b"\0" * 300_000 + b"2026-11-28T00:00:01Z x\n", 300_000),
        (b"2026-11-27T00:00:01Z " + b"x" * 300_000 + b"\n2026-11-28T00:00:01Z x\n", 300_022),
    ],
    ids=["empty", "timeless", "unfinished", "a piece", "after", "unfinished too", "mark", "hole", "long line"],
)
def test_odd_logs(data, found):
    assert offset_of(lambda start, size: data[start : start + size], len(data), START, STAMPS.of) == found


def test_a_log_that_shrinks_meanwhile_ends_the_search():
    assert offset_of(lambda start, size: b"", 10**9, START, STAMPS.of) in (0, 10**9)
