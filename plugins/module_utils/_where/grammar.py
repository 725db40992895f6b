# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ``where`` language: a condition over the columns of one row, from text to a tree and back.

.. code-block:: text

    condition   := conjunction { "or" conjunction }
    conjunction := negation { "and" negation }
    negation    := { "not" } ( "(" condition ")" | predicate )
    predicate   := operand ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
                 | operand [ "not" ] "in" "(" literal { "," literal } ")"
                 | operand [ "not" ] "in" column
                 | column                                  a flag: the same as  column == true
    operand     := column | literal
    literal     := 'text' | "text" | 12 | -1.5 | true | false | null
    column      := name { "." ( name | 'text' | "text" ) }

In text a backslash stands before ``\\``, ``'`` and ``"``, and before nothing else. Keywords may be written in
any letter case, column names may not. ``str(tree)`` is again text of this language, and means the same tree.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Collection, List, NamedTuple, Optional, Tuple, Union

from .._common.errors import Day2Error

MAX_LENGTH = 4000  # characters
MAX_DEPTH = 30  # parentheses and "not" inside each other

Scalar = Union[str, int, float, bool, None]

KEYWORDS = frozenset(("and", "or", "not", "in", "true", "false", "null"))
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")

# What people write out of habit, and what it is called here.
HINTS = {
    "=": 'write "==" to compare',
    "<>": 'write "!="',
    "!": 'write "not"',
    "&&": 'write "and"',
    "&": 'write "and"',
    "||": 'write "or"',
    "|": 'write "or"',
    "~": "there are no patterns: compare whole values",
    "=~": "there are no patterns: compare whole values",
}

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FIRST = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_OPERATOR = re.compile(r"==|!=|<>|<=|>=|=~|&&|\|\||[=<>!&|~(),]")


class WhereError(Day2Error):
    """A condition that cannot be read: where, what is wrong, and what would be right.

    ``position`` counts characters from 1.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        begin, end = max(0, position - 31), position + 29
        excerpt = ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
        super().__init__(f"{problem}, at character {position} of: {excerpt}")
        self.position = position
        self.problem = problem


@dataclass(frozen=True)
class Literal:
    """A value that stands in the condition itself."""

    value: Scalar

    def __str__(self) -> str:
        value = self.value
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, int):
            return str(value)
        plain = format(Decimal(repr(value)), "f")
        return plain if "." in plain else plain + ".0"


@dataclass(frozen=True)
class Column:
    """The value of the row under a name; ``parts`` are what stands between its dots."""

    parts: Tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in one piece, as the row knows it."""
        return ".".join(self.parts)

    def __str__(self) -> str:
        return ".".join(part if _PART.fullmatch(part) else _quoted(part) for part in self.parts)


Operand = Union[Literal, Column]


@dataclass(frozen=True)
class Comparison:
    """``left operator right``, the operator being one of ``COMPARISONS``."""

    operator: str
    left: Operand
    right: Operand

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class OneOf:
    """``operand in (a, b)``: equal to at least one of the literals."""

    operand: Operand
    choices: Tuple[Literal, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.operand} {'not ' if self.negated else ''}in ({', '.join(map(str, self.choices))})"


@dataclass(frozen=True)
class Contains:
    """``operand in column``: the column is a list with that member, or text with that piece."""

    operand: Operand
    column: Column
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.operand} {'not ' if self.negated else ''}in {self.column}"


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    condition: "Condition"

    def __str__(self) -> str:
        return f"not {_wrapped(self.condition, (And, Or))}"


@dataclass(frozen=True)
class And:
    """All of two or more conditions."""

    conditions: Tuple["Condition", ...]

    def __str__(self) -> str:
        return " and ".join(_wrapped(condition, (And, Or)) for condition in self.conditions)


@dataclass(frozen=True)
class Or:
    """At least one of two or more conditions."""

    conditions: Tuple["Condition", ...]

    def __str__(self) -> str:
        return " or ".join(_wrapped(condition, (Or,)) for condition in self.conditions)


Condition = Union[Comparison, OneOf, Contains, Not, And, Or]


def _wrapped(condition: Condition, kinds: Tuple[type, ...]) -> str:
    return f"({condition})" if isinstance(condition, kinds) else str(condition)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def parse(text: str, columns: Optional[Collection[str]] = None) -> Condition:
    """The tree of a condition.

    :param columns: the columns that exist; a name ending in ``.*`` admits everything below it. Without them any
        name is taken.
    :raises WhereError: with the position, what stands there, and what would be right.
    """
    if len(text) > MAX_LENGTH:
        raise WhereError(text, MAX_LENGTH + 1, f"longer than {MAX_LENGTH} characters")
    return _Parser(text, columns).parse()


def columns_of(condition: Condition) -> Tuple[str, ...]:
    """Names of the columns that a condition reads, each once, in the order of their first use."""
    found: List[str] = []
    waiting: List[Union[Condition, Operand]] = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Column):
            if node.name not in found:
                found.append(node.name)
        elif isinstance(node, Comparison):
            waiting += (node.right, node.left)
        elif isinstance(node, OneOf):
            waiting.append(node.operand)
        elif isinstance(node, Contains):
            waiting += (node.column, node.operand)
        elif isinstance(node, Not):
            waiting.append(node.condition)
        elif isinstance(node, (And, Or)):
            waiting += reversed(node.conditions)
    return tuple(found)


class _Token(NamedTuple):
    kind: str  # column | literal | keyword | operator | end
    shown: str
    position: int
    value: Union[Scalar, Tuple[str, ...]] = None


class _Parser:
    def __init__(self, text: str, columns: Optional[Collection[str]]) -> None:
        self.text = text
        self.columns = columns
        self.tokens = self._tokens()
        self.next = 0

    def parse(self) -> Condition:
        condition = self._condition(0)
        self._refuse_unless(self._peek().kind == "end", '"and", "or" or the end of the condition')
        return condition

    # -- tokens

    def _tokens(self) -> List[_Token]:
        tokens: List[_Token] = []
        at = 0
        while at < len(self.text):
            space = _SPACE.match(self.text, at)
            if space:
                at = space.end()
                continue
            token, at = self._token(at)
            tokens.append(token)
        return [*tokens, _Token("end", "the end", len(self.text) + 1)]

    def _token(self, at: int) -> Tuple[_Token, int]:
        position = at + 1
        if self.text[at] in "'\"":
            value, end = self._string(at)
            return _Token("literal", self.text[at:end], position, value), end
        number = _NUMBER.match(self.text, at)
        if number:
            return self._number(at, number)
        if _FIRST.match(self.text, at):
            return self._name(at)
        operator = _OPERATOR.match(self.text, at)
        if operator is None:
            raise WhereError(self.text, position, f"unexpected {self.text[at]!r}")
        symbol = operator.group()
        if symbol in HINTS:
            raise WhereError(self.text, position, f'"{symbol}" is not an operator: {HINTS[symbol]}')
        return _Token("operator", symbol, position), operator.end()

    def _number(self, at: int, number: "re.Match[str]") -> Tuple[_Token, int]:
        shown = number.group()
        end = number.end()
        if _PART.match(self.text, end) or self.text[end : end + 1] == ".":
            raise WhereError(self.text, at + 1, "not a number: write digits, with a point between digits at most")
        value: Scalar = float(shown) if number.group(1) else int(shown)
        if value in (float("inf"), float("-inf")):
            raise WhereError(self.text, at + 1, "the number is too large")
        return _Token("literal", shown, at + 1, value), end

    def _name(self, at: int) -> Tuple[_Token, int]:
        first = _FIRST.match(self.text, at)
        if first is None:
            raise AssertionError("called where no name begins")
        parts, end = [first.group()], first.end()
        while self.text[end : end + 1] == ".":
            if self.text[end + 1 : end + 2] in ("'", '"'):
                part, end = self._string(end + 1)
            else:
                match = _PART.match(self.text, end + 1)
                if match is None:
                    raise WhereError(self.text, end + 2, "expected a name after the dot")
                part, end = match.group(), match.end()
            parts.append(part)
        shown, position = self.text[at:end], at + 1
        keyword = shown.lower()
        if keyword not in KEYWORDS:
            return _Token("column", shown, position, tuple(parts)), end
        if keyword in ("true", "false", "null"):
            return _Token("literal", shown, position, {"true": True, "false": False}.get(keyword)), end
        return _Token("keyword", keyword, position), end

    def _string(self, at: int) -> Tuple[str, int]:
        quote, pieces, start = self.text[at], [], at + 1
        while True:
            end = start
            while self.text[end : end + 1] not in (quote, "\\", ""):
                end += 1
            pieces.append(self.text[start:end])
            if end >= len(self.text):
                raise WhereError(self.text, at + 1, f"the text that begins here has no closing {quote}")
            if self.text[end] == quote:
                return "".join(pieces), end + 1
            escaped = self.text[end + 1 : end + 2]
            if escaped not in ("\\", "'", '"'):
                raise WhereError(self.text, end + 1, "a backslash stands before \\, ' or \" only: double it")
            pieces.append(escaped)
            start = end + 2

    # -- tree

    def _peek(self) -> _Token:
        return self.tokens[self.next]

    def _take(self, kind: str, *shown: str) -> bool:
        token = self._peek()
        if token.kind == kind and token.shown in shown:
            self.next += 1
            return True
        return False

    def _refuse_unless(self, right: bool, expected: str) -> None:
        if not right:
            token = self._peek()
            found = token.shown if token.kind == "end" else f'"{token.shown}"'
            raise WhereError(self.text, token.position, f"expected {expected}, found {found}")

    def _condition(self, depth: int) -> Condition:
        conditions = [self._conjunction(depth)]
        while self._take("keyword", "or"):
            conditions.append(self._conjunction(depth))
        return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))

    def _conjunction(self, depth: int) -> Condition:
        conditions = [self._negation(depth)]
        while self._take("keyword", "and"):
            conditions.append(self._negation(depth))
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions))

    def _negation(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise WhereError(self.text, self._peek().position, f"nested deeper than {MAX_DEPTH} levels")
        if self._take("keyword", "not"):
            return Not(self._negation(depth + 1))
        if self._take("operator", "("):
            condition = self._condition(depth + 1)
            self._refuse_unless(self._take("operator", ")"), '"and", "or" or ")"')
            return condition
        return self._predicate()

    def _predicate(self) -> Condition:
        left = self._operand('a column, a literal, "not" or "("')
        token = self._peek()
        if token.kind == "operator" and token.shown in COMPARISONS:
            self.next += 1
            return Comparison(token.shown, left, self._operand("a column or a literal"))
        negated = self._take("keyword", "not")
        if self._take("keyword", "in"):
            return self._membership(left, negated)
        self._refuse_unless(not negated, '"in" after "not"')
        self._refuse_unless(isinstance(left, Column), "a comparison (== != < <= > >= in) after the literal")
        return Comparison("==", left, Literal(True))

    def _membership(self, left: Operand, negated: bool) -> Condition:
        if not self._take("operator", "("):
            self._refuse_unless(self._peek().kind == "column", '"(" with literals, or a column')
            column = self._operand("")
            if not isinstance(column, Column):
                raise AssertionError("a literal where a column was seen")
            return Contains(left, column, negated)
        choices = [self._literal()]
        while self._take("operator", ","):
            choices.append(self._literal())
        self._refuse_unless(self._take("operator", ")"), '"," or ")"')
        return OneOf(left, tuple(choices), negated)

    def _literal(self) -> Literal:
        self._refuse_unless(self._peek().kind == "literal", "a literal ('text', 12, true, false or null)")
        literal = self._operand("")
        if not isinstance(literal, Literal):
            raise AssertionError("a column where a literal was seen")
        return literal

    def _operand(self, expected: str) -> Operand:
        token = self._peek()
        self._refuse_unless(token.kind in ("column", "literal"), expected)
        self.next += 1
        if isinstance(token.value, tuple):
            column = Column(token.value)
            self._refuse_unknown(column, token)
            return column
        return Literal(token.value)

    def _refuse_unknown(self, column: Column, token: _Token) -> None:
        name, columns = column.name, self.columns
        if columns is None or name in columns:
            return
        if any(f"{'.'.join(column.parts[:end])}.*" in columns for end in range(1, len(column.parts))):
            return
        below = sorted(known for known in columns if known.startswith(f"{name}."))[:5]
        near = below or difflib.get_close_matches(name[:100], sorted(columns), n=3, cutoff=0.6)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise WhereError(self.text, token.position, f'unknown column "{token.shown}"{hint}')
