# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a text must contain for a regular expression to match it, from the expression's parse tree.

A *fragment* is a run of bytes of which each is known up to a small set: ``ERROR`` is five sets of one byte, ``(?i)oom``
three sets of two, ``5[0-9][0-9]`` has two sets of ten. A *choice* is a set of fragments of which every match contains at
least one. An expression has several choices (``user .* denied`` has two), and whoever searches takes the rarest.

All of it is an approximation to the safe side: what is not understood is taken for something that can be anything.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from math import log2
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

Fragment = Tuple[bytes, ...]  # for each place the bytes that may stand there
Choice = Tuple[Fragment, ...]

ALTERNATIVES = 64  # fragments that one step may multiply to
UNION = 400  # fragments of one choice
LENGTH = 48  # bytes of a fragment; a longer one says nothing more
CHOICES = 8  # that are kept of one expression
REPEATS = 12  # copies of ``x{n}`` that are written out
_EMPTY: Choice = ((),)
_NEWLINE = 10
_BYTES = tuple(bytes((code,)) for code in range(256))


@dataclass(frozen=True)
class Needs:
    """Every match contains one of ``literals``; if ``folded``, its lower case (of ASCII) does."""

    literals: FrozenSet[bytes]
    folded: bool


@dataclass(frozen=True)
class _Known:
    """What is known of everything that a part of an expression matches."""

    whole: Optional[Choice]  # it is one of these, exactly; None: too many
    starts: Choice  # it starts with one of these
    ends: Choice  # and ends with one of these
    choices: Tuple[Choice, ...] = ()  # and of each of these it contains one


_ANYTHING = _Known(None, _EMPTY, _EMPTY)
_NOTHING = _Known(_EMPTY, _EMPTY, _EMPTY)


def needs(regex: bytes, flags: int) -> Optional[Needs]:
    """The literals of which every match of an expression contains one, or nothing if there are none.

    :param regex: one that compiles with ``flags``.
    """
    best: Optional[Needs] = None
    best_worth = 0.0
    for choice in choices_of(regex, flags):
        found = _literal(choice)
        if found is not None:
            value = min(_worth(tuple(_BYTES[code] for code in literal)) for literal in found.literals)
            value -= log2(len(found.literals)) + found.folded
            if best is None or value > best_worth:
                best, best_worth = found, value
    return best


@lru_cache(maxsize=512)
def choices_of(regex: bytes, flags: int) -> Tuple[Choice, ...]:
    """The choices of an expression, those that seem rarest first; empty if it needs nothing in particular."""
    if flags & re.LOCALE:
        return ()  # what folds into what is not known here
    parser = import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
    tree = parser.parse(regex, flags & ~re.DEBUG)
    known = _sequence(tree, tree.state.flags | flags)
    return _ranked((*known.choices, known.whole or (), known.starts, known.ends))


def literal_of(fragment: Fragment) -> Tuple[bytes, bool]:
    """The best run of plain bytes in a fragment, and whether it is one of the text's lower case."""
    best, best_worth = (b"", False), -1.0
    run: List[bytes] = []
    for place in (*fragment, b""):
        if _is_plain(place):
            run.append(place)
            continue
        if run:
            value = _worth(tuple(run))
            if value > best_worth:
                folded = any(len(each) == 2 for each in run)
                text = b"".join(each[-1:] for each in run)  # of a pair the lower case stands last
                best, best_worth = (text, folded), value
        run = []
    return best


def as_regex(fragment: Fragment) -> bytes:
    """An expression that matches what a fragment stands for, and nothing else."""
    parts = []
    for place in fragment:
        codes = b"".join(b"\\x%02x" % code for code in place)
        parts.append(codes if len(place) == 1 else b"[" + codes + b"]")
    return b"".join(parts)


# --- the parse tree ---


def _sequence(items: Iterable[Tuple[Any, Any]], flags: int) -> _Known:
    known = _NOTHING
    for operation, argument in items:
        known = _then(known, _item(operation.name, argument, flags))
    return known


def _item(name: str, argument: Any, flags: int) -> _Known:
    if name == "LITERAL":
        return _place(_folded(_BYTES[argument], flags))
    if name == "IN":
        return _place(_members(argument, flags))
    if name == "AT" or name == "ASSERT_NOT":
        return _NOTHING
    rule = _RULES.get(name)
    return rule(argument, flags) if rule else _ANYTHING


def _place(members: bytes) -> _Known:
    """One byte. A newline is never part of a fragment: it may be where a record was joined, or not be there at all."""
    if not members or _NEWLINE in members or len(members) > 128:
        return _ANYTHING
    one: Choice = ((members,),)
    return _Known(one, one, one)


def _group(argument: Any, flags: int) -> _Known:
    _number, added, removed, items = argument
    if added & re.LOCALE:
        return _ANYTHING
    return _sequence(items, (flags | added) & ~removed)


def _branch(argument: Any, flags: int) -> _Known:
    return _either([_sequence(items, flags) for items in argument[1]])


def _repeat(argument: Any, flags: int) -> _Known:
    least, most, items = argument
    most = int(most)
    if most == 0:
        return _NOTHING
    one = _sequence(items, flags)
    if least == 0:
        return _either([_NOTHING, one]) if most == 1 else _ANYTHING
    known = one
    for _again in range(min(least, REPEATS) - 1):
        known = _then(known, one)
    if least == most and least <= REPEATS:
        return known
    # Longer ones start with as many, and end with as many.
    return _opened(known)


def _look(argument: Any, flags: int) -> _Known:
    """What is looked at stands in the same record, though not in the match; where, is not followed."""
    known = _sequence(argument[1], flags)
    return _Known(_EMPTY, _EMPTY, _EMPTY, _ranked((*known.choices, known.whole or (), known.starts, known.ends)))


def _conditional(argument: Any, flags: int) -> _Known:
    _group_number, yes, no = argument
    return _either([_sequence(yes, flags), _sequence(no, flags) if no else _NOTHING])


_RULES: Dict[str, Callable[[Any, int], _Known]] = {
    "SUBPATTERN": _group,
    "BRANCH": _branch,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "POSSESSIVE_REPEAT": _repeat,
    "ATOMIC_GROUP": _sequence,
    "ASSERT": _look,
    "GROUPREF_EXISTS": _conditional,
}


@cache
def _category(name: str) -> FrozenSet[int]:
    escapes = {"DIGIT": rb"\d", "SPACE": rb"\s", "WORD": rb"\w"}
    kind = name.split("_")[-1]
    if kind not in escapes:
        return frozenset(range(256))
    inside = frozenset(code for code in range(256) if re.match(escapes[kind], _BYTES[code]))
    return frozenset(range(256)) - inside if "_NOT_" in name else inside


def _members(items: Sequence[Tuple[Any, Any]], flags: int) -> bytes:
    codes: Set[int] = set()
    negated = False
    for operation, argument in items:
        name = operation.name
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            codes.add(argument)
        elif name == "RANGE":
            codes.update(range(argument[0], argument[1] + 1))
        elif name == "CATEGORY":
            codes |= _category(argument.name)
        else:
            return b""
    if negated:
        # What the fold adds to a negated set may be too much, never too little.
        codes = set(range(256)) - codes
    return _folded(bytes(sorted(codes)), flags)


def _folded(members: bytes, flags: int) -> bytes:
    if not flags & re.IGNORECASE:
        return members
    return bytes(sorted({*members, *members.lower(), *members.upper()}))


# --- putting parts together ---


def _then(first: _Known, second: _Known) -> _Known:
    left = first.whole if first.whole is not None else first.ends
    right = second.whole if second.whole is not None else second.starts
    choices = first.choices + second.choices
    joined = _product(left, right)
    if first.whole is not None and second.whole is not None:
        if joined is not None:
            return _Known(joined, joined, joined, _kept(choices))
        return _Known(None, first.whole, second.whole, _ranked((*choices, first.whole, second.whole)))
    starts, ends = first.starts, second.ends
    if first.whole is not None:
        starts = joined if joined is not None else first.whole
    if second.whole is not None:
        ends = joined if joined is not None else second.whole
    if joined is not None:
        # What has grown stands for what it was.
        grown = [each for each in (left, right) if len(each) >= len(joined)]
        choices = tuple(each for each in choices if each not in grown) + (joined,)
    else:
        choices += (left, right)
    return _Known(None, starts, ends, _ranked(choices))


def _either(parts: Sequence[_Known]) -> _Known:
    wholes = [part.whole for part in parts]
    whole = _union([each for each in wholes if each is not None]) if None not in wholes else None
    starts = _union([part.starts for part in parts]) or _EMPTY
    ends = _union([part.ends for part in parts]) or _EMPTY
    best = [_ranked((*part.choices, part.whole or (), part.starts, part.ends)) for part in parts]
    choices: Tuple[Choice, ...] = ()
    if all(best):
        together = _union([each[0] for each in best])
        choices = (together,) if together else ()
    return _Known(whole, starts, ends, choices)


def _opened(known: _Known) -> _Known:
    return _Known(None, known.starts, known.ends, _ranked((*known.choices, known.whole or ())))


def _product(left: Choice, right: Choice) -> Optional[Choice]:
    if len(left) * len(right) > ALTERNATIVES and len(left) > 1 and len(right) > 1:
        return None
    joined = tuple(dict.fromkeys(first + second for first in left for second in right))
    return joined if all(len(each) <= LENGTH for each in joined) else None


def _union(choices: Sequence[Choice]) -> Optional[Choice]:
    merged = tuple(dict.fromkeys(each for choice in choices for each in choice))
    return merged if len(merged) <= UNION else None


def _kept(choices: Sequence[Choice]) -> Tuple[Choice, ...]:
    return tuple(dict.fromkeys(choice for choice in choices if choice and all(choice)))


def _ranked(choices: Sequence[Choice]) -> Tuple[Choice, ...]:
    """Those that say something, the best first."""

    def value(choice: Choice) -> float:
        return min(map(_worth, choice)) - log2(len(choice))

    return tuple(sorted(_kept(choices), key=value, reverse=True)[:CHOICES])


def _is_plain(place: bytes) -> bool:
    """One byte, or one letter in both cases."""
    return len(place) == 1 or (len(place) == 2 and place[0] != place[1] and place[:1].lower() == place[1:])


@cache
def _bits(place: bytes) -> float:
    """How much a place tells, roughly: in logs lower case letters, digits and blanks are everywhere."""
    weight = sum(4 if 97 <= code <= 122 or code == 32 else 3 if 48 <= code <= 57 else 1 for code in place)
    return max(0.0, 7.5 - log2(weight))


def _worth(fragment: Fragment) -> float:
    return min(40.0, sum(map(_bits, fragment)))


def _literal(choice: Choice) -> Optional[Needs]:
    found = [literal_of(fragment) for fragment in choice]
    if not all(text for text, _fold in found):
        return None
    folded = any(fold for _text, fold in found)
    texts = {text.lower() if folded else text for text, _fold in found}
    # What contains another one is found by that.
    return Needs(frozenset(text for text in texts if not any(o in text for o in texts if o != text)), folded)
