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
from . import habits, words
from .civil import zone_name, zone_names
from .dates import possible
from .schedule import CONSTANT, DAY, Days, Mode, Rule, Schedule

LONGEST = 2000
"""Characters of a schedule; a tag has at most 256."""
MOST_RULES = 24

_WHOLE_DAY = ((0, DAY),)
_EVERY_MONTH = frozenset(range(1, 13))
_MODES = {mode.value: mode for mode in Mode if mode is not Mode.WINDOWS}
_ATOM = re.compile(r"[^\s;,+]+|[;,+]")
_CALENDAR = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/=-]*", re.ASCII)
_DATE_START = re.compile(r"[0-9]{4}-[0-9]{1,2}-", re.ASCII)
_TIME_START = re.compile(r"[0-9]", re.ASCII)
_ONE_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(\+[0-9]{1,2}:[0-9]{2})*", re.ASCII)
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
        what = f"{_shown(found)} {expected}" if found else expected
        message = f"{_around(text, position)}, column {position + 1}: {what}"
        # A hint may repeat what was written, and a tag may hold anything.
        super().__init__("".join(each if each.isprintable() else repr(each)[1:-1] for each in message))
        self.text = text
        self.position = position
        self.expected = expected


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


def _around(text: str, position: int) -> str:
    """A text, or of a long one what stands around a mistake."""
    begin = max(0, position - 40) if len(text) > 80 else 0
    return repr(f"{'...' if begin else ''}{text[begin : begin + 80]}{'...' if begin + 80 < len(text) else ''}")


class _Token(NamedTuple):
    """What belongs together: a selector, the times, a zone. ``places`` is where each of its characters stands."""

    text: str
    places: Tuple[int, ...]

    @property
    def word(self) -> str:
        return self.text.lower()

    def place(self, offset: int) -> int:
        """Where a character stands, or the end of the token."""
        return self.places[offset] if offset < len(self.places) else self.places[-1] + 1


def _tokens(text: str) -> List[_Token]:
    """Lists may have spaces around their ``,`` and ``+``, and ranges around their ``-``."""
    tokens: List[_Token] = []
    ended, joins = 0, False  # where the token before ended, and whether it goes on after a space
    for atom in _ATOM.finditer(text):
        shown, begin = atom.group(), atom.start()
        token = _Token("+" if shown == "," else shown, tuple(range(begin, atom.end())))
        glue = token.text in ("+", "-")
        if tokens and ";" not in (token.text, tokens[-1].text) and (glue or joins or begin == ended):
            before = tokens.pop()
            token = _Token(before.text + token.text, before.places + token.places)
        tokens.append(token)
        ended, joins = atom.end(), glue
    return tokens


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
        self._tokens = _tokens(text)
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
        raise ScheduleError(self._text, token.place(offset), token.text[offset:], expected)

    # --- rules of the grammar ---

    def schedule(self) -> Schedule:
        first = self._peek()
        if first is None:
            raise ScheduleError(self._text, 0, "", f"it is empty: {', '.join(_MODES)} or {_SELECTORS} is expected")
        foreign = habits.foreign(self._text)
        if foreign is not None:
            raise ScheduleError(self._text, *foreign)
        mode = Mode.WINDOWS
        if first.word in _MODES:
            mode = _MODES[self._take().word]
        if mode in CONSTANT:
            if self._is("not", "only", "and", ";"):
                self._fail(
                    self._peek(), f"cannot come after {mode.value}; daily is what calendars and rules may narrow"
                )
            zone = self._zone() if self._peek() is not None else self._default_zone()
            self._end(mode.value)
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
        self._end("the time zone")
        return Schedule(mode, tuple(dict.fromkeys(rules)), zone, calendars.get("not", ()), calendars.get("only", ()))

    def _rule(self, mode: Mode) -> Rule:
        found: Dict[str, Any] = {}
        begun = self._next
        while True:
            token = self._peek()
            kind = "" if token is None else _kind(token.text)
            if token is None or not kind:
                break
            if "spans" in found:
                what = "comes after the times: days stand before them; a further rule begins with and"
                self._fail(token, what)
            if kind in found:
                what = f"comes after other {_SELECTOR_NAMES[kind]}: join them with +, or begin a rule with and"
                self._fail(token, what)
            if kind == "spans" and mode is Mode.WINDOWS and _ONE_TIME.fullmatch(token.text):
                self._fail_one_time(begun)
            found[kind] = self._selector(kind, self._take(), mode)
        if not found:
            self._fail_rule(self._peek())
        spans = found.pop("spans", None)
        if spans is None:
            if mode is not Mode.WINDOWS:
                self._fail_no_time(mode)
            spans = _WHOLE_DAY
        for kind, everything in (("weekdays", words.GROUPS["daily"]), ("months", _EVERY_MONTH)):
            if found.get(kind) == everything:  # it narrows nothing
                del found[kind]
        days = Days(**found)
        if not possible(days):
            token = self._tokens[begun]
            self._fail(token, "is never: there is no day that all selectors of this rule choose")
        return Rule(days, spans)

    def _fail_rule(self, token: Optional[_Token]) -> NoReturn:
        if token is None or token.word in ("and", ";", "not", "only"):
            self._fail(token, f"{_SELECTORS}" if token is None else f"stands where {_SELECTORS} is expected")
        hint = habits.hint(token.text, _KEYWORDS)
        if ("/" in token.text and not hint) or zone_name(token.text):
            self._fail(token, f"is where days or times are expected; a time zone stands last: {habits.EXAMPLE}")
        self._fail(token, f"is none of {_SELECTORS}{hint}")

    def _fail_one_time(self, begun: int) -> NoReturn:
        """``Mon-Fri 19:00``: whether it is a start or a stop, only the writer knows."""
        token, rule = self._tokens[self._next], [each.text for each in self._tokens[begun : self._next + 1]]
        after = self._tokens[self._next + 1] if self._next + 1 < len(self._tokens) else None
        said = f"is one time, and a window has two: {token.text.split('+')[0]}-…, the … being when it ends"
        if after is not None and after.word in habits.RANGE:
            self._fail(token, f"{said}; ranges are written with a dash: 07:30-19:00")
        what = " ".join(rule)
        self._fail(token, f"{said}; if it shall only be stopped or started then: stop-only {what}, start-only {what}")

    def _fail_no_time(self, mode: Mode) -> NoReturn:
        token = self._peek()
        if token is None or token.word in ("and", ";", "not", "only"):
            self._fail(
                token,
                f"{'a time' if token is None else 'stands where a time'} for {mode.value}, such as 19:00,"
                f"{'' if token is None else ' is expected'}",
            )
        if zone_name(token.text) or "/" in token.text or token.word.startswith("tz="):
            self._fail(token, f"stands where a time for {mode.value}, such as 19:00, is expected")
        self._fail(token, f"is not a time for {mode.value}, such as 19:00{habits.hint(token.text, _KEYWORDS)}")

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
            if not wrong.found:
                said = f"something is missing after {token.text[: wrong.offset]!r}"
                raise ScheduleError(self._text, token.place(wrong.offset), "", said) from None
            expected = wrong.expected + self._habit(kind, token, wrong.offset, mode)
            raise ScheduleError(self._text, token.place(wrong.offset), wrong.found, expected) from None

    def _habit(self, kind: str, token: _Token, offset: int, mode: Mode) -> str:
        """What may have been meant by a date or a time that is none."""
        begin = token.text.rfind("+", 0, offset) + 1
        part = token.text[begin:].split("+", 1)[0]
        after = self._peek()
        if kind == "dates":
            meant = "..".join(habits.date_hint(end) or "?" for end in part.split(".."))
        elif kind != "spans":
            return ""
        elif len(part) == 3 and part[1] == "-" and after is not None and _TIME_START.match(after.text):
            meant = "Mon-Fri" if part == "1-5" else ""  # cron's days
        else:
            window = habits.window_hint(part) if mode is Mode.WINDOWS else ""
            meant = window or habits.date_hint(part) or habits.time_hint(part)
        if kind == "spans" and not meant:
            return habits.hint(part, ())
        return f"; did you mean {meant}?" if meant and "?" not in meant and meant != part else ""

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
            hint = habits.zone_hint(text, zone_names())
            self._fail(token, f"is not a time zone (one looks like Europe/Madrid){hint}", offset)
        zones = zone_names()
        hint = habits.city_hint(text, zones) or habits.hint(text, _KEYWORDS) or habits.zone_hint(text, zones)
        self._fail(token, f"is none of {_SELECTORS}, nor a time zone such as Europe/Madrid{hint}")

    def _default_zone(self) -> str:
        found = zone_name(self._timezone)
        if not found:
            raise Day2Error(f"timezone: {self._timezone!r} is not a time zone (one looks like Europe/Madrid)")
        return found

    def _end(self, where: str) -> None:
        token = self._peek()
        if token is not None and token.word in ("not", "only", "and", ";"):
            self._fail(token, "comes after the time zone, which stands last")
        if token is not None:
            self._fail(token, f"is too much: nothing is expected after {where}")


def _kind(text: str) -> str:
    """Which selector a token begins like; empty when like none."""
    first = re.split(r"[-+]", text, maxsplit=1)[0]
    if text.lower() in words.GROUPS or words.weekday_index(first) >= 0:
        return "weekdays"
    if words.month_index(first) >= 0:
        return "months"
    if _DATE_START.match(text):
        return "dates"
    if _NTH_START.match(text):
        return "nth"
    if text.lower().startswith("day-"):
        return "monthdays"
    return "spans" if _TIME_START.match(text) else ""


def format_schedule(schedule: Schedule) -> str:
    """The canonical text of a schedule, which :func:`parse_schedule` reads as the same."""
    parts: List[str] = [] if schedule.mode is Mode.WINDOWS else [schedule.mode.value]
    if schedule.mode not in CONSTANT:
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
