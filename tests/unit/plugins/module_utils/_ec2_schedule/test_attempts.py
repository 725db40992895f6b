# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a batch is split after an error."""

from __future__ import annotations

import math
from typing import Callable, Dict, FrozenSet, List, Optional, Sequence, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.attempts import Attempts, Refusal
from hypothesis import given
from hypothesis import strategies as st

IDS = [f"i-{number:017x}" for number in range(1200)]
Answer = Optional[Tuple[str, str, int]]


def run(
    ids: Sequence[str],
    answer: Callable[[Tuple[str, ...]], Answer],
    place: Callable[[str], str] = lambda each: "",
    most: int = 1000,
) -> Tuple[Attempts, List[Tuple[str, ...]]]:
    """Attempts to the end, against an API that takes all of a call, or none."""
    attempts, calls = Attempts(ids, place, most), []
    while True:
        batches = attempts.round()
        if not batches:
            return attempts, calls
        for batch in batches:
            calls.append(batch.ids)
            said = answer(batch.ids)
            if said is None:
                attempts.accept(batch)
            else:
                attempts.refuse(batch, *said)


def some_bad(bad: FrozenSet[str], code: str, named: int) -> Callable[[Tuple[str, ...]], Answer]:
    """Refuses calls with a bad id in them; the message names up to ``named`` of those."""

    def answer(ids: Tuple[str, ...]) -> Answer:
        at_fault = [each for each in ids if each in bad]
        if not at_fault:
            return None
        return code, f"The instance '{', '.join(at_fault[:named])}' is not as it should be", 400

    return answer


CODES = [
    ("InvalidInstanceID.NotFound", 20),
    ("InvalidInstanceID.NotFound", 0),
    ("IncorrectInstanceState", 1),
    ("IncorrectInstanceState", 0),
    ("OperationNotPermitted", 1),
    ("SomethingNew", 1),
]


@given(
    count=st.integers(1, 300),
    bad=st.frozensets(st.integers(0, 299), max_size=40),
    how=st.sampled_from(CODES),
    most=st.integers(1, 300),
)
def test_the_good_are_served_the_bad_are_named_and_calls_are_few(
    count: int, bad: FrozenSet[int], how: Tuple[str, int], most: int
) -> None:
    ids = IDS[:count]
    wrong = frozenset(IDS[number] for number in bad if number < count)
    attempts, calls = run(ids, some_bad(wrong, *how), most=most)
    assert set(attempts.accepted) == set(ids) - wrong and len(attempts.accepted) == count - len(wrong)
    assert set(attempts.refused) == wrong
    assert all(why.code == how[0] for why in attempts.refused.values())
    assert {each for call in calls for each in call} == set(ids)
    assert max(map(len, calls)) <= most
    chunks = math.ceil(count / most)
    assert len(calls) <= chunks + 2 * len(wrong) * (1 + math.ceil(math.log2(min(count, most))))


def test_nothing_wrong_is_one_call_for_each_thousand() -> None:
    attempts, calls = run(IDS, lambda ids: None)
    assert list(map(len, calls)) == [1000, 200] and attempts.accepted == IDS and not attempts.refused


def test_those_that_do_not_exist_cost_one_call_more() -> None:
    _attempts, calls = run(IDS[:500], some_bad(frozenset(IDS[10:30]), "InvalidInstanceID.NotFound", 20))
    assert len(calls) == 2


def test_one_that_is_named_is_tried_alone_as_the_others_are() -> None:
    _attempts, calls = run(IDS[:500], some_bad(frozenset(IDS[10:11]), "IncorrectInstanceState", 1))
    assert sorted(map(len, calls)) == [1, 499, 500]


def test_a_named_one_for_which_the_call_then_works_is_served() -> None:
    """A message that names an instance which is not at fault costs calls, not the instance."""
    attempts, _calls = run(
        IDS[:8],
        lambda ids: ("IncorrectInstanceState", f"not {IDS[0]} but the others", 400) if len(ids) > 2 else None,
    )
    assert set(attempts.accepted) == set(IDS[:8])


class Room:
    """So much capacity for each place, which starts use up."""

    def __init__(self, room: Dict[str, int], place: Callable[[str], str]) -> None:
        self.room = dict(room)
        self.place = place

    def __call__(self, ids: Tuple[str, ...]) -> Answer:
        needed: Dict[str, int] = {}
        for each in ids:
            needed[self.place(each)] = needed.get(self.place(each), 0) + 1
        for place, count in needed.items():
            if count > self.room.get(place, count):
                return "InsufficientInstanceCapacity", f"no capacity for {place}", 500
        for place, count in needed.items():
            if place in self.room:
                self.room[place] -= count
        return None


@given(
    places=st.lists(st.sampled_from("abcde"), min_size=1, max_size=200),
    room=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 60)),
)
def test_a_place_without_capacity_blocks_no_other_and_is_filled_itself(places: List[str], room: Dict[str, int]) -> None:
    ids = IDS[: len(places)]
    of = dict(zip(ids, places)).__getitem__
    attempts, calls = run(ids, Room(room, of), of)
    for place in set(places):
        wanted = places.count(place)
        served = sum(1 for each in attempts.accepted if of(each) == place)
        assert served == min(wanted, room.get(place, wanted))
    assert sorted([*attempts.accepted, *attempts.refused]) == sorted(ids)
    assert all(f"for {of(each)}" in why.message for each, why in attempts.refused.items())
    # Four of those that were given up unseen are tried alone.
    assert len(calls) <= 1 + sum(6 + math.ceil(math.log2(places.count(place))) for place in set(places))


@given(count=st.integers(1, 200), bad=st.frozensets(st.integers(0, 199), max_size=4))
def test_an_instance_whose_own_host_or_group_is_full_keeps_no_other_from_starting(
    count: int, bad: FrozenSet[int]
) -> None:
    wrong = frozenset(IDS[number] for number in bad if number < count)
    attempts, calls = run(IDS[:count], some_bad(wrong, "InsufficientInstanceCapacity", 1))
    assert sorted(attempts.accepted) == sorted(set(IDS[:count]) - wrong) and set(attempts.refused) == wrong
    assert len(calls) <= 1 + len(wrong) * (6 + 2 * math.ceil(math.log2(count)))


@given(bad=st.frozensets(st.integers(0, 99), max_size=5), room=st.integers(0, 120))
def test_bad_ones_among_those_that_compete(bad: FrozenSet[int], room: int) -> None:
    wrong = frozenset(IDS[number] for number in bad)
    no, full = some_bad(wrong, "IncorrectInstanceState", 1), Room({"": room}, lambda each: "")
    attempts, _calls = run(IDS[:100], lambda ids: no(ids) or full(ids))
    assert not wrong & set(attempts.accepted) and wrong <= set(attempts.refused)
    assert len(attempts.accepted) + len(attempts.refused) == 100
    if room >= 100:
        assert set(attempts.refused) == wrong


@pytest.mark.parametrize(
    "code, status",
    [("RequestLimitExceeded", 503), ("Timeout", 0), ("", 0), ("AuthFailure", 401), ("OptInRequired", 401)],
)
def test_what_is_not_the_instances_fault_is_not_tried_again(code: str, status: int) -> None:
    attempts, calls = run(IDS[:300], lambda ids: (code, "no", status))
    assert len(calls) == 1 and attempts.refused[IDS[299]] == Refusal(code, "no")


def test_where_nobody_is_allowed_a_few_calls_find_out() -> None:
    attempts, calls = run(IDS, lambda ids: ("UnauthorizedOperation", "You are not authorized", 403))
    assert len(calls) == 6 and set(attempts.refused) == set(IDS)


@given(bad=st.frozensets(st.integers(0, 299), max_size=60))
def test_where_some_are_allowed_those_are_served(bad: FrozenSet[int]) -> None:
    wrong = frozenset(IDS[number] for number in bad - {0, 75, 150})  # of which the sample has some
    attempts, _calls = run(IDS[:300], some_bad(wrong, "UnauthorizedOperation", 0))
    assert set(attempts.accepted) == set(IDS[:300]) - wrong and set(attempts.refused) == wrong


def test_hundreds_at_fault_are_found_side_by_side() -> None:
    attempts = Attempts(IDS[:1000], lambda each: "")
    answer, rounds = some_bad(frozenset(IDS[:1000:2]), "IncorrectInstanceState", 1), 0
    while True:
        batches = attempts.round()
        if not batches:
            break
        rounds += 1
        for batch in batches:
            said = answer(batch.ids)
            if said is None:
                attempts.accept(batch)
            else:
                attempts.refuse(batch, *said)
    assert rounds < 20 and len(attempts.accepted) == 500


def test_nothing_to_do_is_no_round() -> None:
    assert Attempts([], lambda each: "").round() == []
