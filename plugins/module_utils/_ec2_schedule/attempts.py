# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is tried next when a call for many instances was refused. EC2 starts and stops all of a call's instances, or none.

- The error names the instances that do not exist: they are given up, the others are tried again in one call.
- The error names one that is in its way (a wrong state, a protection): it is tried alone, the others in one call.
- There is no capacity: one call per instance type and zone, so that none blocks another; within one of those, as many as
  there is room for, found by halving. What is wrong may still be one of them (a placement group that is full, a host), which
  would stand before the others in every run: a few of these are tried alone, and all of them when one of those was served.
- Not allowed: it may be one instance of a thousand, by a policy with conditions, or all. A few are tried alone: if none of
  them is allowed, none is.
- No answer, throttled to the end, wrong credentials: it is not the instances' fault, and nothing else is tried.
- Anything else: halves, until the one that is at fault is alone.

So of ``n`` instances of which ``b`` are at fault all others are served, with at most ``1 + 2b(1 + log2 n)`` calls; only
where a sample (of those who are not allowed, or for whom there is no capacity) has it wrong, some others wait for the next
run.
"""

from __future__ import annotations

import re
from typing import Callable, Dict, Hashable, List, NamedTuple, Sequence, Tuple

from .model import Resource

MOST = 1000
"""Instances that one call may name."""

CAPACITY = frozenset(
    (
        "InsufficientCapacity",
        "InsufficientHostCapacity",
        "InsufficientInstanceCapacity",
        "InsufficientReservedInstanceCapacity",
        "InstanceLimitExceeded",
        "MaxIOPSLimitExceeded",
        "Unsupported",  # the type is not offered in that zone, today
        "VcpuLimitExceeded",
    )
)
NOT_ALLOWED = frozenset(("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"))
# Whatever the instances are, the next call would end in the same way.
_NOBODYS = frozenset(
    (
        "AuthFailure",
        "Blocked",
        "EndpointUnavailable",
        "ExpiredToken",
        "InternalError",
        "InternalFailure",
        "InvalidClientTokenId",
        "OptInRequired",
        "PendingVerification",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "Throttling",
        "Unavailable",
        "UnrecognizedClientException",
    )
)
_MISSING = frozenset(("InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "InvalidID"))
_NAMING = frozenset(
    (
        "IncorrectInstanceState",
        "OperationNotPermitted",
        "UnsupportedHibernationConfiguration",
        "UnsupportedOperation",
        *_MISSING,
        *NOT_ALLOWED,
    )
)
_ID = re.compile(r"\bi-[0-9a-zA-Z]+")
_SAMPLE = 4


class Refusal(NamedTuple):
    """Why an instance was given up."""

    code: str
    message: str


class Batch(NamedTuple):
    """Instances for one call.

    ``rest`` wait for what becomes of it: with all of them together there was no capacity, and ``why`` said so. ``again``: an
    instance that was at fault was taken out of it already.
    """

    ids: Tuple[str, ...]
    rest: Tuple[str, ...] = ()
    why: Refusal = Refusal("", "")
    again: bool = False


def place_of(resource: Resource) -> Tuple[str, str]:
    """What instances have in common that compete for the same capacity."""
    return (resource.type, resource.zone)


class Attempts:
    """What was asked of many instances, as far as it has come.

    Take a :meth:`round`, send its batches, tell of each what became of it, until a round is empty.

    :param place: what those have in common that compete for capacity: :func:`place_of`.
    """

    def __init__(self, ids: Sequence[str], place: Callable[[str], Hashable], most: int = MOST) -> None:
        self.accepted: List[str] = []
        self.refused: Dict[str, Refusal] = {}
        self._place = place
        self._waiting = [Batch(tuple(ids[start : start + most])) for start in range(0, len(ids), most)]
        self._untried: List[Tuple[str, ...]] = []  # they wait for what becomes of a sample
        self._not_allowed = Refusal("", "")
        self._some_allowed = False
        self._short: Dict[str, Refusal] = {}  # given up for want of capacity, in the company of others only
        self._probes: Dict[str, bool] = {}  # tried alone, of those; and whether they were served

    def round(self) -> List[Batch]:
        """The batches to be sent now, in any order; empty when all is said and done."""
        if not self._waiting and self._untried:
            self._after_sample()
        if not self._waiting and self._short:
            self._after_search()
        batches, self._waiting = self._waiting, []
        return batches

    def accept(self, batch: Batch) -> None:
        """AWS took the batch."""
        self.accepted.extend(batch.ids)
        self._some_allowed = True
        for each in batch.ids:
            self.refused.pop(each, None)
            if each in self._probes:
                self._probes[each] = True
        if len(batch.rest) > 1:
            self._search(batch.rest, batch.why)
        else:  # exactly one more was too many
            self._give_up(batch.rest, batch.why)

    def refuse(self, batch: Batch, code: str, message: str, status: int = 400) -> None:
        """AWS refused the batch; ``status`` 0 is no answer at all."""
        why = Refusal(code, message)
        if code in CAPACITY:
            self._no_capacity(batch, why)
            return
        if batch.rest:  # another error than the one for which they wait
            self._waiting.append(Batch(batch.rest))
        ids = batch.ids
        if len(ids) == 1 or status == 0 or code in _NOBODYS:
            self._give_up(ids, why)
        elif code in NOT_ALLOWED and not self._some_allowed:
            self._sample(ids, why)
        else:
            self._isolate(ids, why, batch.again)

    def _isolate(self, ids: Tuple[str, ...], why: Refusal, again: bool) -> None:
        named = set(_ID.findall(why.message)) if why.code in _NAMING else set()
        at_fault = tuple(each for each in ids if each in named)
        others = tuple(each for each in ids if each not in named)
        if at_fault and why.code in _MISSING:
            self._give_up(at_fault, why)
        elif at_fault and others:
            self._waiting.append(Batch(at_fault))
        else:
            again, others = True, ids
        # Where more than one is at fault, halves are tried at the same time: hundreds one after the other would take long.
        middle = len(others) // 2 if again else 0
        self._waiting.extend(Batch(part, again=True) for part in (others[:middle], others[middle:]) if part)

    def _no_capacity(self, batch: Batch, why: Refusal) -> None:
        self._too_many(batch.rest, why)
        groups: Dict[Hashable, List[str]] = {}
        for each in batch.ids:
            groups.setdefault(self._place(each), []).append(each)
        if len(groups) > 1:
            self._waiting.extend(Batch(tuple(group)) for group in groups.values())
        elif len(batch.ids) > 1:
            self._search(batch.ids, why)
        else:
            self._give_up(batch.ids, why)

    def _search(self, ids: Tuple[str, ...], why: Refusal) -> None:
        """All of them together are too many: half of them may not be."""
        middle = len(ids) // 2
        self._waiting.append(Batch(ids[:middle], ids[middle:], why))

    def _too_many(self, ids: Sequence[str], why: Refusal) -> None:
        self._give_up(ids, why)
        self._short.update(dict.fromkeys(ids, why))

    def _after_search(self) -> None:
        """Some of those who were given up together alone; and all of them where the last ones were served alone."""
        groups: Dict[Hashable, List[str]] = {}
        for each in self._short:
            groups.setdefault(self._place(each), []).append(each)
        served = {self._place(each) for each, was in self._probes.items() if was}
        tried = {self._place(each) for each in self._probes} - served
        self._short, self._probes = {}, {}
        for place, ids in groups.items():
            if place in served:
                self._waiting.append(Batch(tuple(ids)))
            elif place not in tried:
                chosen = ids[:: -(-len(ids) // _SAMPLE)]
                self._probes.update(dict.fromkeys(chosen, False))
                self._waiting.extend(Batch((each,)) for each in chosen)
                self._short.update((each, self.refused[each]) for each in ids if each not in self._probes)

    def _sample(self, ids: Tuple[str, ...], why: Refusal) -> None:
        self._not_allowed = why
        chosen = ids[:: -(-len(ids) // _SAMPLE)] if not self._untried else ()
        self._waiting.extend(Batch((each,)) for each in chosen)
        others = tuple(each for each in ids if each not in chosen)
        if others:
            self._untried.append(others)

    def _after_sample(self) -> None:
        untried, self._untried = self._untried, []
        for ids in untried:
            if self._some_allowed:
                self._waiting.append(Batch(ids))
            else:
                self._give_up(ids, self._not_allowed)

    def _give_up(self, ids: Sequence[str], why: Refusal) -> None:
        for each in ids:
            self.refused[each] = why
