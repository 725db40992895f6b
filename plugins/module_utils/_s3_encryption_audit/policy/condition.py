# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the condition operators mean, after the IAM User Guide, "Condition operators" and "Set operators".

The rules that surprise: a key that is absent makes an operator false, a negated one true, one with ``IfExists``
true; ``ForAllValues`` is true of an absent key and ``ForAnyValue`` false; a negated operator with several values
means "none of them".
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_left, bisect_right
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache
from itertools import combinations
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from .budget import Budget
from .document import Condition
from .wildcard import AnyOf, Lookup, Tokens, classes, expand, fold, insensitive, literal, segmented, substitute

Values = Tuple[str, ...]
Place = Tuple[int, int]  # IP version and address as a number

# What the operators on text compare, and whether they negate it.
_TEXT_OPERATORS: Dict[str, Tuple[str, bool]] = {
    "StringEquals": ("equal", False),
    "StringNotEquals": ("equal", True),
    "StringEqualsIgnoreCase": ("fold", False),
    "StringNotEqualsIgnoreCase": ("fold", True),
    "StringLike": ("like", False),
    "StringNotLike": ("like", True),
    "ArnEquals": ("arn", False),
    "ArnLike": ("arn", False),
    "ArnNotEquals": ("arn", True),
    "ArnNotLike": ("arn", True),
    "BinaryEquals": ("binary", False),
    "Bool": ("bool", False),
}

# Operators in which ``${…}`` is a policy variable.
VARIABLE_OPERATORS = frozenset(name for name in _TEXT_OPERATORS if name.startswith(("String", "Arn")))

# Keys with two values.
BOOLEAN_KEYS = frozenset(
    ("aws:multifactorauthpresent", "aws:principalisawsservice", "aws:securetransport", "aws:viaawsservice")
)
# Keys whose values are no numbers, dates, addresses or bytes: what AWS makes of an operator on these is not known.
_TEXT_KEYS = BOOLEAN_KEYS | {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourcearn",
    "ec2:sourceinstancearn",
    "lambda:sourcefunctionarn",
    "s3:dataaccesspointarn",
}
_OF_TEXT = ("String", "Arn", "Bool", "Null")
_OF_TLS_VERSION = ("String", "Numeric", "Null")

# Whether a number compares with one of the limits, which are in order.
_COMPARISONS: Dict[str, Callable[[Decimal, Sequence[Decimal]], bool]] = {
    "Equals": lambda value, limits: value in limits[bisect_left(limits, value) :][:1],
    "LessThan": lambda value, limits: value < limits[-1],
    "LessThanEquals": lambda value, limits: value <= limits[-1],
    "GreaterThan": lambda value, limits: value > limits[0],
    "GreaterThanEquals": lambda value, limits: value >= limits[0],
}

_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?(?:Z|([+-])(\d\d):?(\d\d)))?", re.ASCII
)
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST_LIMIT = 35  # characters of a number or date in a policy; longer ones have no use and are not understood
_LONGEST_NUMBER = 150  # and of one in a request
_MOST_TRIED = 16  # values of one key with a rough budget
_MOST_SETS = 6  # so many different values of a multivalued key, of which all sets are tried


@lru_cache(maxsize=4096)
def number(text: str) -> Optional[Decimal]:
    """A decimal number of reasonable size, or nothing."""
    if len(text) > _LONGEST_NUMBER or not text or text.strip("0123456789+-.eE"):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if abs(value.adjusted()) <= 50 else None


@lru_cache(maxsize=4096)
def moment(text: str) -> Optional[Decimal]:
    """Seconds since 1970 of an ISO 8601 date, of a date with time and zone, or given as a number; or nothing."""
    match = _DATE.fullmatch(text)
    if not match:
        return number(text)
    year, month, day, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        return None
    seconds = Decimal(days * 86400 + int(hour or 0) * 3600 + int(minute or 0) * 60) + Decimal(second or 0)
    zone = int(zone_hours or 0) * 3600 + int(zone_minutes or 0) * 60
    return seconds + zone if sign == "-" else seconds - zone


class Matcher:
    """A condition, ready to be asked about values of its key. This one is ``Null``, which looks at presence alone."""

    family = ""

    def __init__(self, condition: Condition, negated: bool = False) -> None:
        self.condition = condition
        self.negated = negated

    def holds(self, values: Optional[Values]) -> bool:
        """Whether the condition is true when the key has these values; ``None`` when it is absent."""
        return ("false" if values else "true") in {fold(value) for value in self.condition.values}


class _Comparing(Matcher):
    """A condition that compares values."""

    def compares(self, value: str) -> bool:
        """Whether one value of the key fits one value of the condition, negation aside."""
        raise NotImplementedError

    def holds(self, values: Optional[Values]) -> bool:
        """Whether the condition is true when the key has these values; ``None`` when it is absent."""
        qualifier = self.condition.qualifier
        if not values:
            # With a qualifier, IfExists would look at single values, of which there are none.
            return qualifier == "ForAllValues" if qualifier else self.condition.if_exists or self.negated
        verdicts = [self.compares(value) != self.negated for value in values]
        everyone = qualifier == "ForAllValues" or (self.negated and not qualifier)
        return all(verdicts) if everyone else any(verdicts)


class TextMatcher(_Comparing):
    """The string operators, the ARN operators and ``Bool``."""

    family = "text"

    def __init__(self, condition: Condition, negated: bool, patterns: Sequence[Tokens], folded: bool) -> None:
        super().__init__(condition, negated)
        self._patterns = tuple(patterns)
        self._folded = folded
        self._any = AnyOf(patterns)

    @property
    def patterns(self) -> Tuple[Tokens, ...]:
        """What values of the key are compared with."""
        return tuple(map(insensitive, self._patterns)) if self._folded else self._patterns

    def compares(self, value: str) -> bool:
        """Whether one value of the key fits one value of the condition, negation aside."""
        return self._any.matches(fold(value) if self._folded else value)


class _NumberMatcher(_Comparing):
    """The numeric and the date operators."""

    family = "number"

    def __init__(
        self,
        condition: Condition,
        negated: bool,
        limits: Sequence[Decimal],
        comparison: str,
        read: Callable[[str], Optional[Decimal]],
    ) -> None:
        super().__init__(condition, negated)
        self.limits = sorted(limits)
        self._compare = _COMPARISONS[comparison]
        self._read = read

    def compares(self, value: str) -> bool:
        """Whether one value of the key fits one value of the condition, negation aside."""
        found = self._read(value)
        return found is not None and bool(self.limits) and self._compare(found, self.limits)


class AddressMatcher(_Comparing):
    """``IpAddress`` and ``NotIpAddress``."""

    family = "address"

    def __init__(self, condition: Condition, negated: bool, ranges: Sequence[Tuple[Place, Place]]) -> None:
        super().__init__(condition, negated)
        self.ranges: List[Tuple[Place, Place]] = []
        for first, last in sorted(ranges):
            if self.ranges and first <= self.ranges[-1][1]:
                first, last = self.ranges[-1][0], max(self.ranges.pop()[1], last)
            self.ranges.append((first, last))
        self._firsts = [first for first, _last in self.ranges]

    @property
    def networks(self) -> List[Tuple[int, int]]:
        """How many bits of an address each range leaves open, with the IP version."""
        return [(version, (last - first).bit_length()) for (version, first), (_version, last) in self.ranges]

    def compares(self, value: str) -> bool:
        """Whether one value of the key fits one value of the condition, negation aside."""
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        place = (address.version, int(address))
        at = bisect_right(self._firsts, place) - 1
        return at >= 0 and place <= self.ranges[at][1]


def matcher(condition: Condition, lookup: Optional[Lookup]) -> Optional[Matcher]:
    """The matcher of a condition, or nothing when it cannot be understood or a policy variable has no value.

    :param lookup: values of policy variables; ``None`` where ``${…}`` is plain text.
    """
    operator, values = condition.operator, condition.values
    if not _is_of_type(condition):
        return None
    if operator == "Null":
        return Matcher(condition) if all(fold(value) in ("true", "false") for value in values) else None
    if operator in ("IpAddress", "NotIpAddress"):
        ranges = list(map(_range, values))
        known = [found for found in ranges if found]
        return AddressMatcher(condition, operator == "NotIpAddress", known) if len(known) == len(ranges) else None
    for family, read in (("Numeric", number), ("Date", moment)):
        if operator.startswith(family):
            limits = [
                found
                for found in (read(value) for value in values if len(value) <= _LONGEST_LIMIT)
                if found is not None
            ]
            negated = operator.endswith("NotEquals")
            name = "Equals" if negated else operator[len(family) :]
            return _NumberMatcher(condition, negated, limits, name, read) if len(limits) == len(values) else None
    return _text_matcher(condition, lookup) if operator in _TEXT_OPERATORS else None


def _is_of_type(condition: Condition) -> bool:
    """Whether an operator is one for values such as the key has."""
    if condition.key == "s3:tlsversion":
        return condition.operator.startswith(_OF_TLS_VERSION)
    return condition.key not in _TEXT_KEYS or condition.operator.startswith(_OF_TEXT)


def _text_matcher(condition: Condition, lookup: Optional[Lookup]) -> Optional[Matcher]:
    kind, negated = _TEXT_OPERATORS[condition.operator]
    lookup = lookup if condition.operator in VARIABLE_OPERATORS else None
    patterns: List[Tokens] = []
    for value in condition.values:
        pattern: Optional[Tokens]
        if kind in ("like", "arn"):
            pattern = expand(value, lookup)
            if kind == "arn" and pattern is not None:
                pattern = segmented(pattern)
        else:
            text = substitute(value, lookup)
            if kind == "bool" and fold(value) not in ("true", "false"):
                text = None
            pattern = None if text is None else literal(fold(text) if kind in ("fold", "bool") else text)
        if pattern is None:
            return None
        patterns.append(pattern)
    return TextMatcher(condition, negated, patterns, kind in ("fold", "bool"))


def _range(text: str) -> Optional[Tuple[Place, Place]]:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return (network.version, int(network.network_address)), (network.version, int(network.broadcast_address))


def examples(matchers: Sequence[Matcher], budget: Budget) -> Optional[List[Values]]:
    """Values of one key such that whatever values it has, the matchers say the same of one of these.

    Those that no matcher names come first. Nothing when the matchers do not fit together (text and numbers) or when
    there are too many sets of values to look at.

    :raises TooComplex: when that takes more steps than the budget has.
    """
    budget.spend(len(matchers))
    families = {found.family for found in matchers if found.family}
    if len(families) > 1:
        return None
    if matchers and matchers[0].condition.key in BOOLEAN_KEYS:
        return [("true",), ("false",)]
    singles = _singles(matchers, families.pop() if families else "", budget)
    if budget.rough:
        singles = singles[:_MOST_TRIED]
    if not any(found.condition.qualifier for found in matchers):
        return [(single,) for single in singles]
    different: Dict[Tuple[bool, ...], str] = {}
    for single in singles:
        verdicts = tuple(found.compares(single) for found in matchers if isinstance(found, _Comparing))
        different.setdefault(verdicts, single)
    if len(different) > _MOST_SETS and not budget.rough:
        return None
    most = 1 if budget.rough else len(different)
    return [values for count in range(1, most + 1) for values in combinations(different.values(), count)]


def _singles(matchers: Sequence[Matcher], family: str, budget: Budget) -> List[str]:
    if family == "number":
        limits = [limit for found in matchers if isinstance(found, _NumberMatcher) for limit in found.limits]
        return _around(sorted(set(limits)))
    if family == "address":
        edges = [edge for found in matchers if isinstance(found, AddressMatcher) for edge in found.ranges]
        return _outside_and_inside(edges)
    patterns = [pattern for found in matchers if isinstance(found, TextMatcher) for pattern in found.patterns]
    return [text for text, _matched in sorted(classes(patterns, budget), key=lambda found: found[1] != 0)]


def _around(limits: Sequence[Decimal]) -> List[str]:
    """Each limit, and a number on either side of it."""
    if not limits:
        return ["0"]
    with localcontext() as context:
        context.prec = 120  # enough for two numbers as ``number`` takes them
        between = [(one + two) / 2 for one, two in zip(limits, limits[1:])]
        found = [limits[0] - 1, limits[-1] + 1, *between, *limits]
    return [format(value, "f") for value in found]


def _outside_and_inside(ranges: Sequence[Tuple[Place, Place]]) -> List[str]:
    """An address from every stretch that the edges of the ranges cut the addresses into."""
    tops = {4: 2**32 - 1, 6: 2**128 - 1}
    places = [(4, int(ipaddress.IPv4Address("198.51.100.7"))), (6, int(ipaddress.IPv6Address("2001:db8::7")))]
    places += [(version, 0) for version in tops]
    for (version, first), (_version, last) in ranges:
        places += [(version, first)] + ([(version, last + 1)] if last < tops[version] else [])
    build = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}
    return [str(build[version](value)) for version, value in dict.fromkeys(places)]
