# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records of several lines: which line carries on the one before it, and where a record begins and ends.

A line is judged by itself and the line before it, never by more, so it does not matter where somebody begins to read.
A record that would be longer than ``MOST_LINES`` or ``LONGEST`` bytes goes on as another one. Counted from where the
record truly begins, such a cut falls on the same line for everybody, however the text comes in blocks.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Callable, Dict, Iterator, Optional, Sequence, Tuple
from typing import Pattern as Regex

from .._common.errors import Day2Error
from .lines import LONGEST, joined, split
from .model import Block

MOST_LINES = 500
"""A record has no more lines than that."""

Continues = Callable[[bytes, bytes], bool]


class RecordRule:
    """What makes a line part of the record before it."""

    def __init__(self, name: str, continues: Continues) -> None:
        self.name = name
        self._continues = continues

    def continues(self, line: bytes, before: bytes = b"") -> bool:
        """Whether a line (without its newline) carries on the record of the line before it."""
        return self._continues(line, before)

    def starts(self, line: bytes, before: bytes = b"") -> bool:
        """Whether it is the first of a record."""
        return not self._continues(line, before)


# --- the rules ---

# Compiled by the first record that needs one: most scans meet none.

_BLANK = rb"\s*$"
_LEVEL = rb"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|CRIT|CRITICAL|ALERT|EMERG|FATAL|PANIC)"
# What stands below the frames: the name of an exception, alone or with its message.
_PYTHON_LAST = rb"(?!" + _LEVEL + rb"\b)[A-Za-z_][\w.]*(?:: .*|:?\r?)$"
_PYTHON_RAISED = rb"[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Group|Timeout)(?::|\r?$)"
_PYTHON_HEADS = (b"Traceback (most recent call last):", b"Exception Group Traceback ")
_PYTHON_LINKS = (
    b"During handling of the above exception, another exception occurred:",
    b"The above exception was the direct cause of the following exception:",
)
_JAVA_FRAME = rb"\s+(?:at |\.\.\. \d+ |Suppressed: |- (?:locked|waiting|parking|eliminated))"
_JAVA_RAISED = rb"(?:[a-z_$][\w$]*\.)+[A-Z_$][\w$]*(?:: .*|:?\r?)$"
_GO_GOROUTINE = rb"goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[|runtime stack:"
_GO_CALL = rb"[\w./*()\[\]{}%$\x80-\xff-]+\(.*\)\r?$"
_GO_MORE = (
    rb"\[signal |goroutine running on other thread|exit status \d|created by |r(?:[a-d]x|[sd]i|[bs]p|\d+|ip|flags) +0x"
)
_DOTNET_RAISED = rb"(?:[A-Z]\w*\.)+\w*Exception(?:[:(\s]|\r?$)"


@cache
def _regex(text: bytes) -> "Regex[bytes]":
    return re.compile(text, re.DOTALL)


def _matches(regex: bytes, line: bytes) -> bool:
    return _regex(regex).match(line) is not None


def _indented(line: bytes, before: bytes) -> bool:
    return line[:1] in (b" ", b"\t") or _matches(_BLANK, line)


def _python(line: bytes, before: bytes) -> bool:
    if _indented(line, before) or line.startswith(_PYTHON_LINKS):
        return True
    if line.startswith(_PYTHON_HEADS):
        # A traceback right behind another one, as a process that dies again and again leaves them, is its own.
        return not _matches(_PYTHON_RAISED, before)
    return before[:1] in (b" ", b"\t") and _matches(_PYTHON_LAST, line)


def _java(line: bytes, before: bytes) -> bool:
    if _indented(line, before) or line.startswith((b"Caused by: ", b"Suppressed: ")):
        return True
    # The exception below the line that logs it; behind the frames of another one it begins anew.
    return _matches(_JAVA_RAISED, line) and not _matches(_JAVA_FRAME, before)


def _go(line: bytes, before: bytes) -> bool:
    if _indented(line, before) or _matches(_GO_GOROUTINE, line) or _matches(_GO_MORE, line):
        return True
    return _matches(_GO_CALL, line) and (before[:1] == b"\t" or _matches(_GO_GOROUTINE, before))


def _dotnet(line: bytes, before: bytes) -> bool:
    if _indented(line, before) or line.startswith(b"--- End of "):
        return True
    return _matches(_DOTNET_RAISED, line) and before[:1] not in (b" ", b"\t")


def _of_start(start: "Regex[bytes]") -> Continues:
    return lambda line, before: start.match(line) is None


def _of_continuation(more: "Regex[bytes]") -> Continues:
    return lambda line, before: more.match(line) is not None


LINE = RecordRule("", lambda line, before: False)
"""A line is a record."""

RULES: Dict[str, RecordRule] = {
    name: RecordRule(name, continues)
    for name, continues in (
        ("python", _python),
        ("java", _java),
        ("go", _go),
        ("dotnet", _dotnet),
        ("indent", _indented),
    )
}


def rule_of(text: str) -> RecordRule:
    """The rule that a user names.

    One of ``RULES``; or ``start:REGEX``, which the first line of every record matches (at its beginning); or
    ``continue:REGEX``, which every further line does. What begins with ``^`` is the former.

    :raises Day2Error: when it is neither, or the regex is none.
    """
    if not text:
        return LINE
    if text in RULES:
        return RULES[text]
    kind, colon, regex = ("start", ":", text) if text.startswith("^") else text.partition(":")
    if not colon or kind not in ("start", "continue") or not regex:
        names = ", ".join(RULES)
        raise Day2Error(
            f"{text!r} says nothing about records of several lines: give one of {names}, or start:REGEX that the first"
            " line of each record matches, or continue:REGEX that the others match"
        )
    try:
        compiled = re.compile(regex.encode())
    except re.error as error:
        raise Day2Error(f"the multiline rule {text!r} is no regular expression: {error}") from None
    return RecordRule(text, _of_start(compiled) if kind == "start" else _of_continuation(compiled))


def together(rules: Sequence[RecordRule]) -> RecordRule:
    """The rule whose records hold whole records of each of these."""
    distinct = {rule.name: rule for rule in rules if rule.name}
    if len(distinct) <= 1:
        return next(iter(distinct.values()), LINE)
    judges = tuple(distinct.values())
    return RecordRule(
        "+".join(sorted(distinct)), lambda line, before: any(judge.continues(line, before) for judge in judges)
    )


# --- records in a block ---


class Finder:
    """The records of a block of whole ones. Quick when it is asked for one position after the other.

    :param joint: the rule by which the block was held together (see ``Records``).
    """

    def __init__(self, data: bytes, joint: RecordRule) -> None:
        self._data = data
        self._joint = joint
        self._start = self._end = 0  # the record found last

    def at(self, position: int, rule: Optional[RecordRule] = None) -> Tuple[int, int]:
        """Where the record around a position begins and ends, its last newline included.

        :param rule: another one, which the joint rule was made of.
        """
        if not self._start <= position < self._end:
            # A known end is a boundary, so the way back ends there at the latest.
            floor = self._end if position >= self._end else 0
            self._start, self._end = _around(self._data, position, self._joint, floor, len(self._data))
        if rule is None or rule is self._joint:
            return self._start, self._end
        return _around(self._data, position, rule, self._start, self._end)


def _around(data: bytes, position: int, rule: RecordRule, floor: int, ceiling: int) -> Tuple[int, int]:
    if rule is LINE:
        newline = data.find(b"\n", position, ceiling)
        return data.rfind(b"\n", floor, position) + 1 or floor, ceiling if newline < 0 else newline + 1
    start = _true_start(data, data.rfind(b"\n", floor, position) + 1 or floor, rule, floor)
    for record in _pieces(data, start, rule, ceiling):
        if position < record[1]:
            return record
    return start, ceiling  # not reached: the pieces go on to the ceiling


def _true_start(data: bytes, start: int, rule: RecordRule, floor: int) -> int:
    """The last line up to the one at ``start`` that begins a record; ``floor`` does in any case."""
    end = data.find(b"\n", start)
    line = data[start : len(data) if end < 0 else end]
    while start > floor:
        earlier = data.rfind(b"\n", floor, start - 1) + 1 or floor
        before = data[earlier : start - 1]
        if rule.starts(line, before):
            break
        start, line = earlier, before
    return start


def _pieces(data: bytes, start: int, rule: RecordRule, ceiling: int) -> Iterator[Tuple[int, int]]:
    """The records from the beginning of one on."""
    while start < ceiling:
        lines, end, before = 0, start, b""
        while end < ceiling:
            newline = data.find(b"\n", end, ceiling)
            after = ceiling if newline < 0 else newline + 1
            line = data[end : after if newline < 0 else newline]
            if lines and (rule.starts(line, before) or lines >= MOST_LINES or after - start > LONGEST):
                break
            lines, end, before = lines + 1, after, line
        yield start, end
        start = end


class Records:
    """Blocks of whole lines to blocks of whole records: the last record waits until a line shows that it is ended.

    A line that was cut is a record by itself, and ends the one before it.
    """

    def __init__(self, rule: RecordRule) -> None:
        self._rule = rule
        self._held: Optional[Block] = None

    @property
    def offset(self) -> Optional[int]:
        """Where the record begins that is held back; None when none is."""
        return None if self._held is None else self._held.offset

    @property
    def pending(self) -> int:
        """Bytes of the generation's text that are held back."""
        return 0 if self._held is None else self._held.consumed

    def feed(self, block: Block) -> Iterator[Block]:
        """The blocks of records that this makes complete. Exhaust them before more is fed."""
        if self._rule is LINE:
            yield block
            return
        if block.cut:
            yield from self.finish(True)
            yield block
            return
        last = self._last(block)
        if not last and self._held is not None:  # all of it may carry on what is held
            block, self._held = joined(self._held, block), None
            last = self._last(block)
        if last:
            complete, rest = split(block, last)
            complete, self._held = complete if self._held is None else joined(self._held, complete), rest
            yield complete
        else:
            self._held = block

    def finish(self, settled: bool) -> Iterator[Block]:
        """At the end of what is there.

        :param settled: that nothing will come any more, so that the last record is ended.
        """
        if settled and self._held is not None:
            held, self._held = self._held, None
            yield held

    def _last(self, block: Block) -> int:
        """Where the last record begins, if a line shows that it is one; else 0."""
        data = block.data
        start = self._record(data, len(data))
        while start and _together(block, start):  # nobody can begin to read there
            start = self._record(data, start)
        return start

    def _record(self, data: bytes, end: int) -> int:
        """Where the record begins that ends there."""
        start = _true_start(data, data.rfind(b"\n", 0, end - 1) + 1, self._rule, 0)
        if start or self._held is None:
            for piece, _end in _pieces(data, start, self._rule, end):
                start = piece
        return start


def _together(block: Block, start: int) -> bool:
    """Whether the line there and the one before it have one origin."""
    if block.origins is None:
        return False
    line = block.data.count(b"\n", 0, start)
    return block.origins[line] == block.origins[line - 1]
