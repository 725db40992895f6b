# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ``where`` condition says of one row: true, false, or unknown.

The logic is Kleene's: ``None`` stands for "unknown", which is never turned into true or false by guessing. It is
not SQL's ``null``: here ``null`` is a value, "known to be absent", and ``null == null`` is true.

How values compare, whatever their types:

- ``==``: numbers by value (``1 == 1.0``), text by characters, lists by members; ``true`` and ``false`` are no
  numbers; values of different types are never equal. ``!=`` is the opposite.
- ``<``, ``<=``, ``>``, ``>=``: two numbers by value, two texts by code points; anything else (mixed types,
  ``null``, flags, lists) is false, so an absent number is neither above nor below a limit.
- ``x in column``: a list that has a member equal to ``x``, or text of which the text ``x`` is a piece; a column of
  another type contains nothing.
- a column that the row lacks, or whose value is ``UNKNOWN``, makes its predicate unknown.
"""

from __future__ import annotations

from enum import Enum
from typing import Iterable, Mapping, Optional, Sequence, Union

from .grammar import And, Column, Comparison, Condition, Literal, Not, OneOf, Operand, Or, Scalar


class Missing(Enum):
    """The type of ``UNKNOWN``."""

    UNKNOWN = "unknown"


UNKNOWN = Missing.UNKNOWN
"""The value of a column that exists but could not be seen."""

Value = Union[Scalar, Sequence[Scalar], Missing]


def evaluate(condition: Condition, row: Mapping[str, Value]) -> Optional[bool]:
    """Whether the condition holds for the row; ``None`` when what is known of the row does not decide it.

    Total: it never raises, whatever types the row holds.
    """
    if isinstance(condition, Comparison):
        return compare(condition.operator, _value(condition.left, row), _value(condition.right, row))
    if isinstance(condition, And):
        return every(evaluate(part, row) for part in condition.conditions)
    if isinstance(condition, Or):
        return some(evaluate(part, row) for part in condition.conditions)
    if isinstance(condition, Not):
        return opposite(evaluate(condition.condition, row))
    if isinstance(condition, OneOf):
        value = _value(condition.operand, row)
        found = some(compare("==", value, choice.value) for choice in condition.choices)
        return opposite(found) if condition.negated else found
    found = _contains(_value(condition.column, row), _value(condition.operand, row))
    return opposite(found) if condition.negated else found


def every(values: Iterable[Optional[bool]]) -> Optional[bool]:
    """Kleene's conjunction: false if anything is false, else unknown if anything is unknown, else true."""
    result: Optional[bool] = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def some(values: Iterable[Optional[bool]]) -> Optional[bool]:
    """Kleene's disjunction: true if anything is true, else unknown if anything is unknown, else false."""
    result: Optional[bool] = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def opposite(value: Optional[bool]) -> Optional[bool]:
    """Kleene's negation: the opposite of unknown is unknown."""
    return None if value is None else not value


def compare(operator: str, left: Value, right: Value) -> Optional[bool]:
    """One comparison by the rules above."""
    if left is UNKNOWN or right is UNKNOWN:
        return None
    if operator == "==":
        return _equal(left, right)
    if operator == "!=":
        return not _equal(left, right)
    kind = _kind(left)
    if kind != _kind(right) or kind not in ("number", "text"):
        return False
    if operator == "<":
        return bool(left < right)  # type: ignore[operator]
    if operator == "<=":
        return bool(left <= right)  # type: ignore[operator]
    if operator == ">":
        return bool(left > right)  # type: ignore[operator]
    return bool(left >= right)  # type: ignore[operator]


def _value(operand: Operand, row: Mapping[str, Value]) -> Value:
    if isinstance(operand, Literal):
        return operand.value
    return _column(operand, row)


def _column(column: Column, row: Mapping[str, Value]) -> Value:
    try:
        return row[column.name]
    except KeyError:
        return UNKNOWN


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, (int, float)):
        return "number"
    if value is None:
        return "null"
    return "list" if isinstance(value, (list, tuple)) else "other"


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_equal, left, right))
    return _kind(left) == _kind(right) != "list" and bool(left == right)


def _contains(container: Value, value: Value) -> Optional[bool]:
    if container is UNKNOWN or value is UNKNOWN:
        return None
    if isinstance(container, str):
        return isinstance(value, str) and value in container
    if not isinstance(container, (list, tuple)):
        return False
    return any(_equal(member, value) for member in container)
