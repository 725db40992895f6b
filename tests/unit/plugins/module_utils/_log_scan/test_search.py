# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search finds a place in every record that a pattern matches, by whatever way the triggers choose."""

from __future__ import annotations

import random
import re
from math import inf
from typing import Iterable, List, Sequence, Set, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.literals import Fragment, as_regex
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import LogPattern
from ansible_collections.day2.ops.plugins.module_utils._log_scan.search import PIECE, Search
from ansible_collections.day2.ops.plugins.module_utils._log_scan.triggers import LARGE, Triggers, choose
from ansible_collections.day2.ops.plugins.module_utils._log_scan.units import Costs, Sample, as_units, plan
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.log_samples import mixed_log, patterns

SAMPLE = b"".join(mixed_log(100_000, seed=1, events=0.02))
QUICK = settings(max_examples=tries(40), suppress_health_check=[HealthCheck.too_slow])


def pattern(text: bytes, flags: int = 0, name: str = "p", multiline: str = "") -> LogPattern:
    return LogPattern(name, re.compile(text, flags), Severity.HIGH, multiline=multiline)


def matching_lines(data: bytes, wanted: Sequence[LogPattern]) -> Set[int]:
    """The offsets of the lines that a pattern matches, one by one."""
    found, start = set(), 0
    for line in data.split(b"\n"):
        if any(each.regex.search(line) for each in wanted):
            found.add(start)
        start += len(line) + 1
    return found


def candidate_lines(data: bytes, positions: Iterable[int]) -> Set[int]:
    return {data.rfind(b"\n", 0, position) + 1 for position in positions}


@pytest.mark.parametrize("count", [1, 10, 50])
@pytest.mark.parametrize("size", [0, LARGE])
@pytest.mark.parametrize("units", [False, True])
def test_a_mixed_log_is_searched_without_a_miss(count: int, size: int, units: bool) -> None:
    wanted = patterns(count)
    triggers = choose(wanted, SAMPLE if size else b"", size, units=units)
    positions = Search(triggers).positions(SAMPLE)
    assert list(positions) == sorted(positions)
    missing = matching_lines(SAMPLE, wanted) - candidate_lines(SAMPLE, positions)
    assert not missing, SAMPLE[min(missing) :][:200]
    assert (triggers.units is not None) == (units and bool(size) and count > 1)


def test_few_records_are_candidates_in_vain() -> None:
    wanted = patterns(50)
    positions = Search(choose(wanted, SAMPLE)).positions(SAMPLE)
    true = matching_lines(SAMPLE, wanted)
    assert len(candidate_lines(SAMPLE, positions)) <= 1.2 * len(true) + 10


def test_one_literal_takes_one_plain_search() -> None:
    triggers = choose([pattern(rb"Out of memory: Killed")], SAMPLE)
    assert triggers.needles == (b"Out of memory: Killed",)
    assert triggers.units is None and not triggers.folded and not triggers.shapes and not triggers.own


def test_literals_share_a_needle() -> None:
    names = b"|".join(kind + b"QqException" for kind in (b"Null", b"Index", b"Cast", b"State"))
    triggers = choose([pattern(names)], SAMPLE, units=False)
    assert len(triggers.needles) == 1 and triggers.needles[0] in b"QqException"


def test_many_literals_take_one_pass() -> None:
    words = [f"strange{number:02}word" for number in range(60)]
    triggers = choose([pattern("|".join(words).encode())], SAMPLE)
    assert triggers.units is not None and not triggers.needles


def test_the_rarer_of_two_necessary_literals_is_searched() -> None:
    triggers = choose([pattern(rb" HTTP/1\.1.* zyzzyva ")], SAMPLE)
    assert triggers.needles == (b" zyzzyva ",)


def test_little_text_is_searched_without_choosing() -> None:
    triggers = choose(patterns(50), SAMPLE[:1000], 1000)
    assert triggers.units is None and triggers.needles


def test_a_pattern_that_needs_nothing_has_every_line_tried() -> None:
    triggers = choose([pattern(rb"^\S*$", name="bare")], SAMPLE)
    assert [each.name for each in triggers.own] == ["bare"]
    assert list(Search(triggers).positions(b"one\n\ntwo words\n")) == [0, 4, 5]


def test_a_class_is_searched_by_its_shape() -> None:
    triggers = choose([pattern(rb"<[0-9]{2}[A-Z][0-9]{2}>")], SAMPLE)
    assert not triggers.own and not triggers.needles
    assert list(Search(triggers).positions(b"a <40P01> b\n<4>\n")) == [2]


def test_a_shape_is_found_whether_its_byte_is_rare_or_not() -> None:
    search = Search(choose([pattern(rb"-[0-9]{2}")], b""))
    for data in (b"plain\n" * 900 + b"a-17\n", b"-- - --\n" * 900 + b"a-17\n"):
        assert list(search.positions(data)) == [len(data) - 4]


@pytest.mark.parametrize("piece", [PIECE, 2 * PIECE])
def test_what_lies_on_the_border_of_two_pieces_is_found(piece: int) -> None:
    words = [f"strange{number:02}word" for number in range(60)]
    search = Search(choose([pattern("|".join(words).encode())], SAMPLE))
    for before in range(16):
        data = b"." * (piece - before) + words[before].encode() + b"." * before
        assert set(search.positions(data)) == {piece - before}


@pytest.mark.parametrize("data", [b"", b"\n", b"a", b"strange00word", b"\n\nstrange59word\n", b"xstrange07wor\nd"])
def test_small_and_odd_blocks(data: bytes) -> None:
    words = [f"strange{number:02}word" for number in range(60)]
    search = Search(choose([pattern("|".join(words).encode())], SAMPLE))
    assert bool(search.positions(data)) == any(word.encode() in data for word in words)


def test_bytes_that_are_no_text_are_searched_too() -> None:
    words = [f"gefährlich{number:02}" for number in range(40)]
    search = Search(choose([pattern("|".join(words).encode())], SAMPLE))
    noise = random.Random(5).randbytes(70_000) if hasattr(random.Random, "randbytes") else bytes(range(256)) * 270
    for lead in range(5):
        data = noise[: 65_530 + lead] + words[lead].encode() + noise[:99]
        assert 65_530 + lead in search.positions(data)


PLACES = st.sampled_from([b"a", b"e", b"Ee", b"R", b" ", b"0123456789", b"\xc3", b"xyz"])
FRAGMENTS = st.lists(st.lists(PLACES, min_size=4, max_size=14).map(tuple), min_size=1, max_size=6)
FEW = Sample(SAMPLE[:20_000])


@QUICK
@given(FRAGMENTS, st.integers(0, 9), st.randoms(use_true_random=False))
def test_a_fragment_is_found_wherever_it_starts(
    fragments: List[Tuple[bytes, ...]], lead: int, rng: random.Random
) -> None:
    wanted: List[Fragment] = list(dict.fromkeys(fragments))
    planned = plan(wanted, FEW, Costs())
    search = Search(Triggers(units=planned))
    for fragment, cost in zip(wanted, planned.costs):
        if cost < inf:
            there = bytes(rng.choice(place) for place in fragment)
            data = b"?" * lead + there + b"!" * rng.randrange(4)
            assert re.search(as_regex(fragment), data)
            assert any(lead <= each < lead + len(there) for each in search.positions(data)), (fragment, data)


def test_what_units_cannot_find_is_said_and_searched_otherwise() -> None:
    short: List[Fragment] = [(b"Ee", b"Rr"), tuple(bytes((code,)) for code in b"a longer one")]
    assert [cost < inf for cost in plan(short, FEW, Costs()).costs] == [False, True]
    words = b"|".join(b"strange%02dword" % number for number in range(60))
    triggers = choose([pattern(words), pattern(b"(?i)r~")], SAMPLE)
    assert triggers.units is not None and triggers.folded == (b"r~",)
    assert list(Search(triggers).positions(b"strange07word\nR~")) == [0, 14]


def test_four_bytes_are_one_character() -> None:
    table = Sample(SAMPLE[:5_000]).table
    assert len(table) == 256
    for length in range(9):
        assert len(as_units(b"x" * length, table)) == (length + 3) // 4
    # Nothing is a surrogate, which would shift all that follows.
    assert len(as_units(bytes(range(256)) * 64, table)) == 4096


def test_the_cost_falls_with_units_where_literals_are_many() -> None:
    wanted = patterns(50)
    assert choose(wanted, SAMPLE).cost < choose(wanted, SAMPLE, units=False).cost / 2
    assert choose(wanted, SAMPLE).cost < 20
