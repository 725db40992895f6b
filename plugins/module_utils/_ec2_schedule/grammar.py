# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The grammar of schedules: text to :class:`Schedule` and back.

::

    schedule  = "always" | "never" | "ignore" | [ "stop-only" | "start-only" ] rule { "and" rule }
                [ "not" calendars ] [ "only" calendars ] [ [ "tz=" ] zone ]
    rule      = { selector } times | selector { selector }          (without times: whole days)
    selector  = weekdays | nth | monthdays | months | dates         (they narrow each other)
    calendars = "@" name { "+" [ "@" ] name }

All of it is made of characters that the tags of every AWS service allow: letters, digits, spaces and ``+ - = . _ : / @``. In files
``,`` may stand for ``+`` and ``;`` for ``and``. Capitals make no difference, but in names of calendars.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Tuple

from .._common.errors import Day2Error
from . import words
from .civil import zone_name, zone_names
from .schedule import DAY, Days, Mode, Rule, Schedule

LONGEST = 2000
"""Characters of a schedule; a tag has at most 256."""
MOST_RULES = 24

_WHOLE_DAY = ((0, DAY),)
_EVERY_MONTH = frozenset(range(1, 13))
_MODES = {mode.value: mode for mode in Mode if mode is not Mode.WINDOWS}
_BARE = (Mode.ALWAYS, Mode.NEVER, Mode.IGNORE)
_TOKEN = re.compile(r"[^\s;]+|;")
_CALENDAR = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/=-]*", re.ASCII)
_DATE_START = re.compile(r"[0-9]{4}-", re.ASCII)
_TIME_START = re.compile(r"[0-9]{1,2}(:|-[0-9]{1,2}(:|$)|$)", re.ASCII)
_NTH_START = re.compile(r"([0-9]+(st|nd|rd|th)|last)(-|$)", re.IGNORECASE | re.ASCII)
_SELECTORS = "a weekday (Mon-Fri), 2nd-Tue, day-1, a month (Nov-Feb), a date (2026-12-24) or times (07:30-19:00)"
_KEYWORDS = (*_MODES, *words.GROUPS, *words.WEEKDAYS, *words.MONTHS, "and", "not", "only")
_SELECTOR_NAMES = {
    "dates": "dates",
    "months": "months",
    "monthdays": "days of the month",
    "nth": "nth weekdays",
    "weekdays": "weekdays",
    "spans": "times",
}


class ScheduleError(Day2Error):
    """A text that is no schedule. ``position`` counts its characters from 0; ``expected`` says what would be right."""

    def __init__(self, text: str, position: int, found: str, expected: str) -> None:
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        what = f"{_shown(found)} {expected}" if found else expected
        super().__init__(f"{_shown(shown)}, column {position + 1}: {what}")
        self.text = text
        self.position = position
        self.expected = expected


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


class _Token(NamedTuple):
    text: str
    position: int

    @property
    def word(self) -> str:
        return self.text.casefold()


def parse_schedule(text: str, timezone: str = "UTC") -> Schedule:
    """The schedule that a text says.

    :param timezone: the zone of a schedule that names none.
    :raises ScheduleError: naming the column, and what is expected there.
    :raises Day2Error: when this machine knows no time zones.
    """
    if len(text) > LONGEST:
        raise ScheduleError(text, LONGEST, "", f"a schedule has at most {LONGEST} characters")
    return _Parser(text, timezone).schedule()


class _Parser:
    def __init__(self, text: str, timezone: str) -> None:
        self._text = text
        self._timezone = timezone
        self._tokens = [_Token(found.group().replace(",", "+"), found.start()) for found in _TOKEN.finditer(text)]
        self._next = 0

    # --- tokens ---

    def _peek(self) -> Optional[_Token]:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _is(self, *kinds: str) -> bool:
        token = self._peek()
        return token is not None and token.word in kinds

    def _fail(self, token: Optional[_Token], expected: str, offset: int = 0) -> NoReturn:
        if token is None:
            raise ScheduleError(self._text, len(self._text), "", f"{expected} is expected here")
        raise ScheduleError(self._text, token.position + offset, token.text[offset:], expected)

    # --- rules of the grammar ---

    def schedule(self) -> Schedule:
        first = self._peek()
        if first is None:
            raise ScheduleError(self._text, 0, "", f"it is empty: {', '.join(_MODES)} or {_SELECTORS} is expected")
        self._foreign(first)
        mode = Mode.WINDOWS
        if first.word in _MODES:
            mode = _MODES[self._take().word]
        if mode in _BARE:
            zone = self._zone() if self._peek() is not None else self._default_zone()
            self._end("nothing more", f"after {mode.value}")
            return Schedule(mode, (), zone)
        rules = [self._rule(mode)]
        while self._is("and", ";"):
            word = self._take()
            if len(rules) == MOST_RULES:
                self._fail(word, f"is too much: a schedule has at most {MOST_RULES} rules")
            rules.append(self._rule(mode))
        calendars: Dict[str, Tuple[str, ...]] = {}
        while self._is("not", "only"):
            word = self._take()
            if word.word in calendars:
                self._fail(word, f"comes twice; join the calendars: {word.word} @one+two")
            calendars[word.word] = self._calendars()
        zone = self._zone() if self._peek() is not None else self._default_zone()
        self._end("nothing more", "after the time zone")
        return Schedule(mode, tuple(dict.fromkeys(rules)), zone, calendars.get("not", ()), calendars.get("only", ()))

    def _foreign(self, first: _Token) -> None:
        """What people bring with them from other schedulers."""
        if re.match(r"(on|off)=", first.word):
            self._fail(first, "is of another scheduler; here that is Mon-Fri 07:30-19:00 Europe/Madrid")
        if first.word.startswith(("cron(", "rate(")):
            self._fail(first, "is of another scheduler; here a schedule is windows: Mon-Fri 07:30-19:00 Europe/Madrid")

    def _rule(self, mode: Mode) -> Rule:
        found: Dict[str, Any] = {}
        begun = self._peek()
        while True:
            token = self._peek()
            kind = "" if token is None else _kind(token.text)
            if token is None or not kind:
                break
            if "spans" in found:
                what = "comes after the times: days stand before them; a further rule begins with and"
                self._fail(token, what)
            if kind in found:
                self._fail(
                    token, f"comes after other {_SELECTOR_NAMES[kind]}: join them with +, or begin a rule with and"
                )
            found[kind] = self._selector(kind, self._take(), mode)
        if not found:
            self._fail_rule(self._peek())
        spans = found.pop("spans", None)
        if spans is None:
            if mode is not Mode.WINDOWS:
                self._fail(
                    self._peek() if self._peek() is not begun else None, f"a time for {mode.value}, such as 19:00,"
                )
            spans = _WHOLE_DAY
        for kind, everything in (("weekdays", words.GROUPS["daily"]), ("months", _EVERY_MONTH)):
            if found.get(kind) == everything:  # it narrows nothing
                del found[kind]
        return Rule(Days(**found), spans)

    def _fail_rule(self, token: Optional[_Token]) -> NoReturn:
        if token is None or token.word in ("and", ";", "not", "only"):
            self._fail(token, f"{_SELECTORS}" if token is None else f"stands where {_SELECTORS} is expected")
        self._fail(token, f"is none of {_SELECTORS}{words.near(token.text, _KEYWORDS)}")

    def _selector(self, kind: str, token: _Token, mode: Mode) -> Any:
        try:
            if kind == "weekdays":
                return words.GROUPS.get(token.word) or words.parse_names(token.text, "weekday")
            if kind == "months":
                return frozenset(number + 1 for number in words.parse_names(token.text, "month"))
            if kind == "nth":
                return words.parse_nth(token.text)
            if kind == "monthdays":
                return words.parse_monthdays(token.text)
            if kind == "dates":
                return words.parse_dates(token.text)
            return words.parse_spans(token.text) if mode is Mode.WINDOWS else words.parse_times(token.text)
        except words.Wrong as wrong:
            raise ScheduleError(self._text, token.position + wrong.offset, wrong.found, wrong.expected) from None

    def _calendars(self) -> Tuple[str, ...]:
        token = self._peek()
        if token is None or not token.text.startswith("@"):
            self._fail(token, "a calendar such as @holidays" if token is None else "is no calendar: write @holidays")
        self._take()
        names: List[str] = []
        offset = 0
        for part in token.text.split("+"):
            name = part[1:] if part.startswith("@") else part
            if not _CALENDAR.fullmatch(name):
                self._fail(token, "is not the name of a calendar (letters, digits and _ . : / = -)", offset)
            names.append(name)
            offset += len(part) + 1
        return tuple(sorted(set(names)))

    def _zone(self) -> str:
        token = self._take()
        text = token.text[3:] if token.word.startswith("tz=") else token.text
        found = zone_name(text)
        if not found:
            self._fail_zone(token, text)
        return found

    def _fail_zone(self, token: _Token, text: str) -> NoReturn:
        offset = len(token.text) - len(text)
        if offset or "/" in text:
            hint = words.near(text, zone_names())
            self._fail(token, f"is not a time zone (one looks like Europe/Madrid){hint}", offset)
        hint = words.near(text, _KEYWORDS)
        self._fail(token, f"is none of {_SELECTORS}, nor a time zone such as Europe/Madrid{hint}")

    def _default_zone(self) -> str:
        found = zone_name(self._timezone)
        if not found:
            raise Day2Error(f"timezone: {self._timezone!r} is not a time zone (one looks like Europe/Madrid)")
        return found

    def _end(self, expected: str, where: str) -> None:
        token = self._peek()
        if token is not None:
            self._fail(token, f"is too much: {expected} is expected {where}")


def _kind(text: str) -> str:
    """Which selector a token begins like; empty when like none."""
    first = re.split(r"[-+]", text, maxsplit=1)[0]
    if text.casefold() in words.GROUPS or words.weekday_index(first) >= 0:
        return "weekdays"
    if words.month_index(first) >= 0:
        return "months"
    if _DATE_START.match(text):
        return "dates"
    if _NTH_START.match(text):
        return "nth"
    if text.casefold().startswith("day-"):
        return "monthdays"
    return "spans" if _TIME_START.match(text) else ""


def format_schedule(schedule: Schedule) -> str:
    """The canonical text of a schedule, which :func:`parse_schedule` reads as the same."""
    parts: List[str] = [] if schedule.mode is Mode.WINDOWS else [schedule.mode.value]
    if schedule.mode not in _BARE:
        parts.append(" and ".join(_rule_text(rule) for rule in schedule.rules))
        for word, names in (("not", schedule.without), ("only", schedule.only)):
            if names:
                parts.append(f"{word} " + "+".join(f"@{name}" for name in names))
        parts.append(schedule.zone)
    elif schedule.zone != "UTC":
        parts.append(schedule.zone)
    return " ".join(parts)


def _rule_text(rule: Rule) -> str:
    days = rule.days
    parts = []
    if days.dates:
        parts.append(words.format_dates(days.dates))
    if days.months:
        parts.append(words.format_names(frozenset(month - 1 for month in days.months), "month"))
    if days.monthdays:
        parts.append(words.format_monthdays(days.monthdays))
    if days.nth:
        parts.append(words.format_nth(days.nth))
    if days.weekdays:
        parts.append(words.format_names(days.weekdays, "weekday"))
    if rule.spans != _WHOLE_DAY:
        parts.append(words.format_spans(rule.spans))
    return " ".join(parts) or "daily"
