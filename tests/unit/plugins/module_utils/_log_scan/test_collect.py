# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of hits: the same in one go or in parts, bounded, in the right order, and without secrets."""

from __future__ import annotations

import json
import re
import tracemalloc
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._log_scan.collect import (
    HIDDEN,
    MOST_LISTED,
    MOST_TEXT,
    MOST_VALUE,
    Collector,
    filled,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Hit, LogPattern, Place, Threshold
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_reports import NOON, PATTERNS, gathered, pattern
from hypothesis import given, settings
from hypothesis import strategies as st


class Found(NamedTuple):
    """A hit as the tests make it."""

    name: str
    second: Optional[int]
    value: str
    log: str


FOUND = st.builds(
    Found,
    st.sampled_from(("a", "b")),
    st.none() | st.integers(0, 5000),
    st.sampled_from(("x", "y", "z")),
    st.sampled_from(("/1", "/2")),
)
KNOWN = (
    pattern("a", "high", threshold=Threshold(3, 600)),
    pattern("b", "low", max_samples=2, message="{value} {none}"),
)


def collected(found: Sequence[Found], start: int = 0, **more: Any) -> Collector:
    collector = Collector(KNOWN, ("value", "other"), **more)
    for number, (name, second, value, log) in enumerate(found, start):
        at = None if second is None else NOON + timedelta(seconds=second)
        hit = Hit(name, number, f"{name} {value}".encode(), {"value": value})
        collector.add(hit, Place(log, number, number + 1), at)
    return collector


@settings(derandomize=True, max_examples=tries(30))
@given(st.lists(FOUND))
def test_the_counts_are_right(found: List[Found]) -> None:
    collector = collected(found)
    matches = {entry["pattern"]: entry for entry in collector.matches()}
    assert sum(entry["count"] for entry in matches.values()) == len(found)
    for name in ("a", "b"):
        own = [one for one in found if one.name == name]
        assert (name in matches) == bool(own)
        if not own:
            continue
        entry = matches[name]
        assert entry["count"] == len(own)
        assert sum(value["count"] for value in entry["aggregates"]["value"]) == len(own)
        assert sum(log["count"] for log in entry["logs"]) == len(own)
        dated = [one.second for one in own if one.second is not None]
        assert sum(bucket["count"] for bucket in entry["timeline"]["buckets"]) == len(dated)
        assert entry["timeline"]["undated"] == len(own) - len(dated)
        if dated:
            shown = [(NOON + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (min(dated), max(dated))]
            assert [entry["first"]["at"], entry["last"]["at"]] == shown
        assert json.loads(json.dumps(entry)) == entry


@settings(derandomize=True, max_examples=tries(30))
@given(st.lists(FOUND, min_size=1), st.integers(0, 7))
def test_samples_are_the_first_and_the_last_ones(found: List[Found], most: int) -> None:
    for entry in collected(found, max_samples=most).matches():
        limit = 2 if entry["pattern"] == "b" else most
        own = [number for number, one in enumerate(found) if one.name == entry["pattern"]]
        early = own[: (limit + 1) // 2]
        late = own[len(early) :][-(limit // 2) :] if limit // 2 else []
        assert [sample["offset"] for sample in entry["samples"]] == early + late


def test_without_times_the_order_of_reading_tells_the_first_and_the_last() -> None:
    entry = collected([Found("b", None, "x", "/1"), Found("b", None, "y", "/2")]).matches()[0]
    assert entry["first"] == {"at": None, "path": "/1", "line": 1, "offset": 0}
    assert entry["last"] == {"at": None, "path": "/2", "line": 2, "offset": 1}
    assert entry["samples"][0]["message"] == "x ?"


def hits(seconds: Sequence[Optional[float]], threshold: Optional[Threshold], **more: Any) -> Collector:
    collector = Collector([pattern("a", "high", threshold=threshold)], **more)
    for second in seconds:
        at = None if second is None else NOON + timedelta(seconds=second)
        collector.add(Hit("a", 0, b"a", {}), Place("/1", 0, 1), at)
    return collector


@pytest.mark.parametrize(
    "seconds, threshold, met",
    [
        ([5], None, True),
        ([], None, False),
        ([1, 2], Threshold(3), False),
        ([1, 90_000, None], Threshold(3), True),  # in a run: whenever they were
        ([0, 30, 59.999], Threshold(3, 60), True),
        ([0, 30, 60], Threshold(3, 60), False),  # a minute is sixty seconds: the sixty-first is the next one's
        ([59, 0, 30], Threshold(3, 60), True),  # several logs are read one after the other
        ([0, 300, None], Threshold(2, 60), True),  # what has no time may have been then
        ([None], Threshold(2, 60), False),
        ([-60, 0, 60], Threshold(2, 60), False),
    ],
)
def test_a_threshold(seconds: List[Optional[float]], threshold: Optional[Threshold], met: bool) -> None:
    collector = hits(seconds, threshold)
    assert list(collector.verdicts()) == ([(Status.FAIL, Severity.HIGH)] if met else [])
    assert [entry["met"] for entry in collector.matches()] == ([met] if seconds else [])


def test_what_a_threshold_is_told_with() -> None:
    entry = hits([10, 0, 400], Threshold(2, 60)).matches()[0]
    assert entry["threshold"] == {"count": 2, "per_seconds": 60, "peak": 2, "peak_at": "2026-11-28T12:00:00Z"}


def test_a_threshold_over_two_runs() -> None:
    first = hits([0, 20], Threshold(3, 60))
    assert not list(first.verdicts())
    carried = json.loads(json.dumps(first.carry()))
    assert list(hits([50], Threshold(3, 60), carried=carried).verdicts())
    assert not list(hits([70], Threshold(3, 60), carried=carried).verdicts())
    assert not list(hits([], Threshold(3, 60), carried={"a": [[0, 9]]}).verdicts())


def test_the_worst_comes_first_and_what_does_not_matter_last() -> None:
    names = [entry["pattern"] for entry in gathered().matches()]
    assert names == ["oom_kill", "failed_password", "disk_full", "server_error", "traceback", "slow_query"]


# --- secrets ---


def hide(text: str) -> str:
    """A redactor as good as any: it knows a secret by the word before it, a key, and what looks like a token."""
    text = re.sub(r"(password=)\S+", r"\1***", text)
    text = re.sub(r"-----BEGIN KEY-----.*?(-----END KEY-----|$)", "***", text, flags=re.S)
    return re.sub(r"tok_[0-9a-z]{8,}", "***", text)


def told(record: bytes, fields: Dict[str, str], **more: Any) -> Dict[str, Any]:
    one = pattern("a", message="log-in with {word}")
    collector = Collector([one], ("word", "path"), redact=hide)
    collector.add(Hit("a", 7, record, fields), Place("/1", 7, 1), NOON, **more)
    entry = collector.matches()[0]
    json.dumps(entry)
    return entry


def test_a_captured_secret_is_hidden_where_it_stands_alone() -> None:
    """The redactor cannot know it without the word before it; what became of the record tells."""
    entry = told(b"login password=hunter2 from 10.0.0.1", {"word": "hunter2", "user": "eve"})
    assert "hunter2" not in json.dumps(entry)
    assert entry["samples"][0]["fields"] == {"word": HIDDEN, "user": "eve"}
    assert entry["samples"][0]["message"] == "log-in with ***"
    assert entry["aggregates"]["word"] == [{"value": HIDDEN, "count": 1}]


def test_a_group_that_captures_secrets_does_so_for_every_value() -> None:
    collector = Collector([pattern("a")], ("word",), redact=hide)
    for number in range(500):
        hit = Hit("a", number, f"password=secret{number}".encode(), {"word": f"secret{number}"})
        collector.add(hit, Place("/1", number, 1), NOON)
    entry = collector.matches()[0]
    assert "secret" not in json.dumps(entry)


def test_a_secret_within_a_value_is_hidden_and_the_rest_is_not() -> None:
    entry = told(b"GET /x?t=tok_abcdef123", {"path": "/x?t=tok_abcdef123"})
    assert entry["aggregates"]["path"] == [{"value": "/x?t=***", "count": 1}]


def test_a_secret_is_hidden_before_anything_is_cut() -> None:
    long = b"x" * (MOST_TEXT - 6) + b" tok_" + b"a1" * 40_000
    entry = told(long, {"word": "w" * (MOST_VALUE - 4) + "tok_" + "a" * 50})
    assert "tok_" not in json.dumps(entry)
    assert entry["samples"][0]["text"].endswith(" ***")
    assert len(entry["aggregates"]["word"][0]["value"]) <= MOST_VALUE


def test_a_secret_of_many_lines_around_a_match_is_hidden() -> None:
    entry = told(b"x", {}, before=[b"-----BEGIN KEY-----", b"c2VjcmV0"], after=[b"y", b"password=hunter2"])
    assert "c2VjcmV0" not in json.dumps(entry)
    assert entry["samples"][0]["after"] == ["y", "password=***"]


# --- what logs may hold ---


@pytest.mark.parametrize(
    "record, text",
    [
        ("größer 日本".encode(), "größer 日本"),
        ("größer".encode("latin-1"), "größer"),
        (b"a\x00b\x1b]0;title\x07", "a\\x00b\\x1b]0;title\\x07"),
        (b"\x1b[1;31mERROR\x1b[0m\tx\ny", "ERROR\tx\ny"),
        ("\u202egpj.exe".encode(), "\\u202egpj.exe"),
        (b"\x9b31m", "\\x9b31m"),
    ],
)
def test_a_sample_is_text_that_does_no_harm(record: bytes, text: str) -> None:
    assert told(record, {})["samples"][0]["text"] == text


def test_bytes_that_are_not_shown_are_counted() -> None:
    collector = Collector([pattern("a")])
    collector.add(Hit("a", 0, b"x" * 60_000, {}, cut=1_000), Place("/caf\udce9", 0, None), None)
    sample = collector.matches()[0]["samples"][0]
    assert sample["cut_bytes"] == 60_000 - MOST_TEXT + 1_000
    assert sample["path"] == "/caf\\xe9" and sample["line"] is None


def test_memory_is_bounded_whatever_comes() -> None:
    collector = Collector([pattern("a", threshold=Threshold(10**6, 3600))], ("value",))
    tracemalloc.start()
    try:
        for number in range(2_500):
            at = NOON + timedelta(seconds=number * 977)
            hit = Hit("a", number, b"%d " % number * 3000, {"value": f"{number}" * 50})
            collector.add(hit, Place(f"/log-{number}", number, number), at)
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 2_000_000
    entry = collector.matches()[0]
    assert len(entry["aggregates"]["value"]) == len(entry["logs"]) == MOST_LISTED
    assert entry["aggregates"]["value"][0]["at_most"] < 2_500
    assert len(json.dumps(entry)) < 80_000


@settings(derandomize=True, max_examples=tries(30))
@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3), st.binary(max_size=40))
def test_any_text_is_told(message: str, fields: Dict[str, str], record: bytes) -> None:
    collector = Collector([LogPattern("a", re.compile(b"a"), Severity.LOW, message=message)], tuple(fields))
    collector.add(Hit("a", 0, record, fields), Place("/1", 0, 1), datetime.max.replace(tzinfo=timezone.utc))
    assert json.dumps(collector.matches()).encode("utf-8", "strict")


def test_a_message_is_filled_once() -> None:
    assert filled("{a} {b} {c} {} {0}", {"a": "{b}", "b": "x", "0": "zero"}) == "{b} x ? {} zero"


def test_a_pattern_that_nothing_matched_is_not_listed() -> None:
    assert Collector(PATTERNS).matches() == []
