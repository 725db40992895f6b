# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All requests of one kind as a finite space, and the Deny statements as boxes in it.

Requests are infinitely many, but the statements tell only finitely many kinds of them apart. Each dimension holds
an example of every kind: operations (an action with the bucket or with an object), callers, and the values of every
condition key that the statements mention. A proof over the examples is a proof over all requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import Callable, Dict, Generic, Iterator, List, Mapping, Optional, Sequence, Tuple, TypeVar

from .boxes import uncovered
from .budget import Budget
from .callers import Speech, callers
from .condition import Matcher, Values, examples
from .evaluate import CALLER_KEYS, Caller, Request, Rule
from .scenario import ALWAYS_PRESENT, Bucket, Scenario
from .wildcard import AnyOf, Tokens, classes

Operation = Tuple[str, str]  # action, resource

_LONGEST_KEY = 1024  # of an object, in characters
_MOST_PARTS = 64  # uncovered parts that are tried with variables
_MOST_TRIES = 64  # operations and values of variables that are tried in each
UNMENTIONED = "000000000000"  # no account has this number, and nothing else is called so

P_co = TypeVar("P_co", covariant=True)


class Dimension(Generic[P_co]):
    """One aspect of requests: an example of every kind, and for each rule the mask of those it speaks of."""

    def __init__(self, candidates: Sequence[P_co], speaks: Callable[[P_co], int], rules: int, budget: Budget) -> None:
        """:param speaks: the rules that speak of a candidate, one bit each; one candidate is kept for each answer."""
        kinds: Dict[int, P_co] = {}
        for candidate in candidates:
            kinds.setdefault(speaks(candidate), candidate)
        budget.spend(len(kinds) * rules // 8)
        self.points = list(kinds.values())
        self.full = (1 << len(kinds)) - 1
        self.masks = [sum(1 << at for at, spoken in enumerate(kinds) if spoken >> rule & 1) for rule in range(rules)]

    def first(self, part: int) -> P_co:
        """The first example in a part."""
        return self.points[(part & -part).bit_length() - 1]


@dataclass(frozen=True)
class Escape:
    """A request that is not denied, and how much of it matters."""

    scenario: Scenario
    request: Request
    any_operation: bool
    any_caller: bool
    keys: Mapping[str, Optional[Values]]  # condition keys that must have these values, or be absent


class Space:
    """All requests of a scenario.

    A rule with an unclear part or with variables fits into no box. An ``optimistic`` space takes it that such parts
    always hold; the other leaves such rules out. What is covered without them is covered; what is not covered even
    with them is not.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        scenario: Scenario,
        bucket: Bucket,
        actions: Tuple[Sequence[str], Sequence[str]],
        budget: Budget,
    ) -> None:
        """:param actions: those on the bucket and those on objects."""
        self._scenario = scenario
        self._fixed = scenario.keys
        self._budget = budget
        self.rules = [rule for rule in rules if may_hold(rule, self._fixed)]
        own: List[Dict[str, List[Matcher]]] = [self._by_key(rule) for rule in self.rules]
        count = len(self.rules)
        self._operations = _operations(self.rules, bucket, actions, budget)
        speech = Speech(self.rules, budget)
        found = callers(self.rules, speech, scenario, bucket.partition, budget)
        self._callers: Dimension[Caller] = Dimension(found, speech, count, budget)
        self._keys: Dict[str, Dimension[Optional[Values]]] = {}
        self.tangled: List[str] = []
        for key in dict.fromkeys(key for matchers in own for key in matchers if key not in CALLER_KEYS):
            values = examples([one for matchers in own for one in matchers.get(key, ())], budget)
            if values is None:
                self.tangled.append(key)
                continue
            absent: List[Optional[Values]] = [] if key in ALWAYS_PRESENT else [None]
            mine = {at: matchers[key] for at, matchers in enumerate(own) if key in matchers}
            budget.spend(len(values) * sum(map(len, mine.values())))
            self._keys[key] = Dimension([*absent, *values], _holding(mine, count), count, budget)
        self.loose = [
            rule
            for rule, matchers in zip(self.rules, own)
            if rule.unclear or rule.variables or any(map(matchers.get, self.tangled))
        ]

    def _by_key(self, rule: Rule) -> Dict[str, List[Matcher]]:
        found: Dict[str, List[Matcher]] = {}
        for one in rule.matchers:
            if one.condition.key not in self._fixed:
                found.setdefault(one.condition.key, []).append(one)
        return found

    def _parts(self, optimistic: bool) -> Iterator[Tuple[int, ...]]:
        dimensions: List[Dimension[object]] = [self._operations, self._callers, *self._keys.values()]
        loose = frozenset(self.loose)
        boxes = [
            {
                place: dimension.masks[at]
                for place, dimension in enumerate(dimensions)
                if dimension.masks[at] != dimension.full
            }
            for at, rule in enumerate(self.rules)
            if optimistic or rule not in loose
        ]
        return uncovered([len(dimension.points) for dimension in dimensions], boxes, self._budget)

    def escape(self) -> Optional[Escape]:
        """A request that no rule denies; nothing when there is none, or none for certain if ``loose`` rules decide.

        :raises TooComplex: when the search takes more steps than the budget has.
        """
        for part in self._parts(optimistic=bool(self.loose)):
            return self._escape(part, self._request(part))
        if self.loose:
            for part in islice(self._parts(optimistic=False), _MOST_PARTS):
                for request in islice(self._with_variables(part), _MOST_TRIES):
                    self._budget.spend(8 * len(self.loose))
                    if all(rule.misses(request) for rule in self.loose):
                        return self._escape((0, 0, *part[2:]), request)
        return None

    def covered(self) -> bool:
        """Whether the rules deny every request, loose ones aside."""
        return next(self._parts(optimistic=False), None) is None

    def _request(self, part: Tuple[int, ...]) -> Request:
        action, resource = self._operations.first(part[0])
        chosen = {key: dimension.first(mask) for (key, dimension), mask in zip(self._keys.items(), part[2:])}
        keys = {key: values for key, values in {**self._fixed, **chosen}.items() if values}
        return Request(action, resource, self._callers.first(part[1]), keys)

    def _with_variables(self, part: Tuple[int, ...]) -> Iterator[Request]:
        """Requests with the keys that variables name: absent, like something of the caller, or like nothing."""
        request = self._request(part)
        names = sorted({name for rule in self.loose for name in rule.variables})
        free = [
            name for name in names if name not in CALLER_KEYS and name not in self._keys and name not in self._fixed
        ]
        mine = [value for value in (request.caller.account, request.caller.arn, UNMENTIONED) if value]
        options = [[*([] if name in ALWAYS_PRESENT else [""]), *mine] for name in free]
        operations = [point for at, point in enumerate(self._operations.points) if part[0] >> at & 1]
        for values in product(*options):
            found = {name: (value,) for name, value in zip(free, values) if value}
            for action, resource in operations:
                yield Request(action, resource, request.caller, {**request.keys, **found})

    def _escape(self, part: Tuple[int, ...], request: Request) -> Escape:
        matter = {
            key: dimension.first(mask)
            for (key, dimension), mask in zip(self._keys.items(), part[2:])
            if mask != dimension.full
        }
        matter.update({key: values for key, values in request.keys.items() if key not in self._fixed})
        return Escape(self._scenario, request, part[0] == self._operations.full, part[1] == self._callers.full, matter)


def may_hold(rule: Rule, fixed: Mapping[str, Optional[Values]]) -> bool:
    """Whether the conditions of a rule on keys with these values hold."""
    return all(found.holds(fixed[found.condition.key]) for found in rule.matchers if found.condition.key in fixed)


def _bits(verdicts: Iterator[bool]) -> int:
    return sum(1 << at for at, verdict in enumerate(verdicts) if verdict)


def _holding(matchers: Mapping[int, Sequence[Matcher]], rules: int) -> Callable[[Optional[Values]], int]:
    everyone = (1 << rules) - 1

    def rules_that_hold(values: Optional[Values]) -> int:
        failing = (at for at, own in matchers.items() if not all(found.holds(values) for found in own))
        return everyone - sum(1 << at for at in failing)

    return rules_that_hold


def _operations(
    rules: Sequence[Rule], bucket: Bucket, actions: Tuple[Sequence[str], Sequence[str]], budget: Budget
) -> Dimension[Operation]:
    """Every kind of action on the bucket, and every kind of action on every kind of object.

    A rule whose ``Resource`` has variables is taken to select everything: ``Space`` leaves it out or trusts it. What
    its patterns may come to tells kinds of objects apart all the same.
    """
    patterns: List[Tokens] = []
    owned: List[int] = []
    for rule in rules:
        mine = rule.resources or []
        owned.append(((1 << len(mine)) - 1) << len(patterns))
        patterns.extend(mine)
    fixed = len(patterns)
    for rule in rules:
        for values in ({}, dict.fromkeys(rule.variables, UNMENTIONED)) if rule.resources is None else ():
            patterns.extend(rule.patterns(values.get) or ())
    selections = [rule.statement.resources.negated for rule in rules]
    anything = _bits(rule.resources is None for rule in rules)

    def about(matched: int) -> int:
        """The rules that speak of a resource, and above these the varying patterns that it matches."""
        spoken = anything | _bits(bool(matched & mine) != negated for mine, negated in zip(owned, selections))
        return spoken | matched >> fixed << len(rules)

    prefix = f"{bucket.arn}/"
    kinds: Dict[int, str] = {}
    for name, matched in sorted(classes(patterns, budget, prefix, True, _LONGEST_KEY), key=lambda found: found[1] != 0):
        budget.spend(len(rules) // 4)
        kinds.setdefault(about(matched), prefix + name)
    whole = _bits(
        AnyOf(rule.resources or ()).matches(bucket.arn) != negated for rule, negated in zip(rules, selections)
    )
    everyone = (1 << len(rules)) - 1
    choosy = [(1 << at, rule) for at, rule in enumerate(rules) if not rule.acts_always]
    always = everyone - sum(bit for bit, _rule in choosy)
    spoken: Dict[Operation, int] = {}
    for names, resources in ((actions[1], kinds), (actions[0], {anything | whole: bucket.arn})):
        acting: Dict[int, str] = {}
        budget.spend(len(names) * len(choosy) // 4)
        for action in names if choosy else names[:1]:
            acting.setdefault(always | sum(bit for bit, rule in choosy if rule.acts(action)), action)
        budget.spend(len(acting) * len(resources))
        for acted, action in acting.items():
            for spoken_of, resource in resources.items():
                spoken[action, resource] = spoken_of & (acted | ~everyone)
    return Dimension(list(spoken), spoken.__getitem__, len(rules), budget)
