# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Candidates become matches by the expressions themselves, whatever an engine says."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.detect import Detector, TooLong
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Block, LogPattern
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

RECORDS = st.lists(st.sampled_from([b"", b"a", b"ab", b"  b", b"ba", b"c", b"\tab", b"a\r"]), max_size=12)


class Places:
    """An engine that gives these places."""

    name = "places"

    def __init__(self, *places):
        self._places = places

    def positions(self, data):
        return [place for place in self._places if place < len(data)]


class Everywhere:
    """An engine that knows nothing."""

    name = "everywhere"

    def positions(self, data):
        return range(len(data))


@contextmanager
def unlimited(_seconds):
    yield


def pattern(name, regex, multiline=""):
    return LogPattern(name, re.compile(regex), Severity.LOW, multiline=multiline)


def block(data, offset=0):
    return Block(offset, data, len(data))


@settings(max_examples=tries(200))
@given(RECORDS)
def test_every_line_is_tried_once(lines):
    data = b"".join(line + b"\n" for line in lines)
    found = Detector([pattern("p", rb"^a|b$")], Everywhere(), unlimited).matches(block(data))
    stripped = [line.rstrip(b"\r") for line in lines]
    assert [match.hit.record for match in found] == [line for line in stripped if re.search(rb"^a|b$", line)]
    assert all(data[match.start : match.end].rstrip(b"\r\n") == match.hit.record for match in found)


@settings(max_examples=tries(200))
@given(RECORDS)
def test_records_of_one_pattern_are_no_records_of_another(lines):
    data = b"".join(line + b"\n" for line in lines)
    patterns = [pattern("line", rb"b"), pattern("record", rb"(?s)a.*b", multiline="indent")]
    found = Detector(patterns, Everywhere(), unlimited).matches(block(data, offset=100))
    single = [match.hit for match in found if match.hit.pattern == "line"]
    assert len(single) == sum(b"b" in line for line in lines)
    for hit in (match.hit for match in found if match.hit.pattern == "record"):
        assert all(line[:1] in (b"", b" ", b"\t") for line in hit.record.split(b"\n")[1:])
        assert data[hit.offset - 100 :].startswith(hit.record)


def test_a_place_is_a_hint_and_no_more():
    data = b"one\ntwo\nthree\n"
    detector = Detector([pattern("p", rb"t")], Places(1, 5, 6, 12), unlimited)
    assert [match.hit.record for match in detector.matches(block(data))] == [b"two", b"three"]


def test_a_pattern_that_does_not_end_is_left_out_and_the_others_go_on():
    stopped = []

    class Slow:
        """An expression that never ends, until it is stopped."""

        pattern, flags = b"s+", 0

        def search(self, record):
            stopped.append(record)
            raise TooLong("over")

    slow = LogPattern("slow", Slow(), Severity.LOW)
    detector = Detector([slow, pattern("p", rb"s")], Everywhere(), unlimited)
    assert [match.hit.pattern for match in detector.matches(block(b"s\ns\n"))] == ["p", "p"]
    assert detector.disabled == ["slow"] and stopped == [b"s"]
    detector.matches(block(b"s\n"))
    assert stopped == [b"s"]


def test_nobody_to_blame():
    @contextmanager
    def over(_seconds):
        yield
        raise TooLong("over")

    with pytest.raises(TooLong, match="none of them can be blamed"):
        Detector([pattern("p", rb"s")], Everywhere(), over).matches(block(b"s\n"))
