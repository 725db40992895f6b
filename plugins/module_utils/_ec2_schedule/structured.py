# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schedule as YAML says it, under its name: as a text of the grammar, or spelt out in keys.

What is spelt out is put together to such texts, so that there is one meaning of everything.
"""

from __future__ import annotations

from datetime import date
from typing import Any, List, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .civil import zone_name
from .grammar import parse_schedule
from .habits import time_hint
from .schedule import CONSTANT, DAY, Mode, Named, Rule, Schedule
from .words import near, time_text

_POLICY = ("enforce", "retain_running", "hibernate")
_KEYS = ("schedule", "windows", "mode", "timezone", "not", "only", "description", *_POLICY)
_DAY_KEYS = ("dates", "months", "days")  # in the order of the grammar
_WINDOW_KEYS = (*_DAY_KEYS, "times", "start", "stop")


def parse_named(name: str, value: object, timezone: str = "UTC") -> Named:
    """The schedule of a name.

    ``value`` is a text of the grammar, or a mapping with ``schedule`` (such a text) or ``windows`` (a list of rules as
    text, or of mappings with ``days``, ``months``, ``dates``, and ``times`` or ``start`` and ``stop``; each may be a list),
    ``mode`` (``stop-only``, ``start-only``; without windows also ``always``, ``never``, ``ignore``), ``timezone``, ``not``
    and ``only`` (names of calendars), ``enforce``, ``retain_running``, ``hibernate``, ``description``.

    :raises Day2Error: naming the key: ``schedules.office.windows[0]: …``.
    """
    where = f"schedules.{name}"
    if isinstance(value, str):
        return Named(name, _parsed(where, value, timezone))
    if not isinstance(value, Mapping):
        raise Day2Error(f"{where}: a text such as 'Mon-Fri 07:30-19:00', or a mapping with windows, is expected")
    _check_keys(where, value, _KEYS)
    zone = _zone(where, value) or timezone
    if "schedule" in value:
        beside = [key for key in ("windows", "mode", "not", "only") if value.get(key)]
        if beside:
            raise Day2Error(f"{where}.{beside[0]}: does not go with schedule, whose text says it all")
        schedule = _parsed(f"{where}.schedule", _text(where, value, "schedule"), zone)
    else:
        schedule = _spelt(where, value, zone)
    flags = {key: _flag(where, value, key) for key in _POLICY}
    return Named(name, schedule, **flags, description=_text(where, value, "description"))


def _parsed(where: str, text: str, timezone: str) -> Schedule:
    try:
        return parse_schedule(text, timezone)
    except Day2Error as error:
        raise Day2Error(f"{where}: {error}") from None


def _zone(where: str, value: Mapping[str, Any]) -> str:
    text = _text(where, value, "timezone")
    found = zone_name(text) if text else ""
    if text and not found:
        raise Day2Error(f"{where}.timezone: {text!r} is not a time zone (one looks like Europe/Madrid)")
    return found


def _spelt(where: str, value: Mapping[str, Any], zone: str) -> Schedule:
    mode = _mode(where, value)
    given = value.get("windows")
    if mode in CONSTANT:
        beside = [key for key in ("windows", "not", "only") if value.get(key)]
        if beside:
            raise Day2Error(f"{where}.{beside[0]}: does not go with mode: {mode.value}")
        return _parsed(where, mode.value, zone)
    if given is None:
        raise Day2Error(f"{where}: either schedule (a text) or windows (a list) is needed")
    if not isinstance(given, list) or not given:
        raise Day2Error(f"{where}.windows: a list with at least one window is expected")
    rules: List[Rule] = []
    for index, window in enumerate(given):
        here = f"{where}.windows[{index}]"
        rules += _window(here, window, mode, zone)
    without, only = (_calendars(where, value, key, zone) for key in ("not", "only"))
    return Schedule(mode, tuple(dict.fromkeys(rules)), _parsed(where, "always", zone).zone, without, only)


def _mode(where: str, value: Mapping[str, Any]) -> Mode:
    text = _text(where, value, "mode") or Mode.WINDOWS.value
    modes = [mode.value for mode in Mode]
    if text not in modes:
        raise Day2Error(f"{where}.mode: {text!r} is none of {', '.join(modes)}{near(text, modes)}")
    return Mode(text)


def _window(where: str, window: Any, mode: Mode, zone: str) -> Tuple[Rule, ...]:
    prefix = "" if mode is Mode.WINDOWS else f"{mode.value} "
    if isinstance(window, str):
        return _rules(where, prefix + window, zone)
    if not isinstance(window, Mapping) or not window:
        raise Day2Error(f"{where}: a mapping with days and times is expected")
    _check_keys(where, window, _WINDOW_KEYS)
    ends = [key for key in ("start", "stop") if key in window]
    if ends and "times" in window:
        raise Day2Error(f"{where}: either times, or start and stop")
    if len(ends) == 1 and mode is Mode.WINDOWS:
        missing = "stop" if ends == ["start"] else "start"
        raise Day2Error(f"{where}.{missing}: is missing; mode: {ends[0]}-only is for schedules that only {ends[0]}")
    if ends and mode is not Mode.WINDOWS and ends != [mode.value[: -len("-only")]]:
        raise Day2Error(f"{where}: with mode: {mode.value} there is {mode.value[: -len('-only')]} and not the other")
    parts = []
    for key in _DAY_KEYS:
        if key in window:
            parts.append(_joined(f"{where}.{key}", window[key]))
            _alone(f"{where}.{key}", parts[-1], zone)
    if "times" in window:
        parts.append(_joined(f"{where}.times", window["times"]))
    elif ends:
        parts.append("-".join(_joined(f"{where}.{key}", window[key]) for key in ends))
    return _rules(where, prefix + " ".join(parts), zone)


def _rules(where: str, text: str, zone: str) -> Tuple[Rule, ...]:
    """The rules of a text that says nothing else."""
    found = _parsed(where, f"{text} tz={zone}", zone)
    if found.calendars or found.mode in CONSTANT:
        raise Day2Error(f"{where}: {text!r} is more than a window: calendars stand in not and only, beside windows")
    return found.rules


def _alone(where: str, text: str, zone: str) -> None:
    """Refuse what is not the selector of a day, and say which key it is that is wrong."""
    rules = _rules(where, text, zone)
    if len(rules) != 1 or rules[0].spans != ((0, DAY),):
        raise Day2Error(f"{where}: {text!r} is more than days; times stand in times")


def _joined(where: str, value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    if not items:
        raise Day2Error(f"{where}: the list is empty; leave it out for all of them")
    return "+".join(_scalar(where, item) for item in items)


def _scalar(where: str, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        # YAML reads 19:00 without quotes as a number to the base of 60. 700 could also be meant as 07:00.
        guesses = [time_text(value)] if 60 <= value <= DAY else []
        guesses += [each for each in (time_hint(str(value)),) if each]
        said = " or ".join(f'"{each}"' for each in guesses) or '"19:00"'
        raise Day2Error(f"{where}: {value} is a number, which is what YAML makes of 19:00 without quotes: write {said}")
    if not isinstance(value, str) or not value.strip():
        raise Day2Error(f"{where}: a text or a list of texts is expected, not {value!r:.60}")
    return value.strip()


def _calendars(where: str, value: Mapping[str, Any], key: str, zone: str) -> Tuple[str, ...]:
    given = value.get(key)
    if not given:
        return ()
    names = given if isinstance(given, list) else [given]
    if not all(isinstance(name, str) and name for name in names):
        raise Day2Error(f"{where}.{key}: the name of a calendar, or a list of names, is expected")
    text = "+".join(name if name.startswith("@") else f"@{name}" for name in names)
    found = _parsed(f"{where}.{key}", f"daily {key} {text} tz={zone}", zone)
    return found.without if key == "not" else found.only


def _check_keys(where: str, value: Mapping[str, Any], known: Tuple[str, ...]) -> None:
    for key in value:
        if key not in known:
            raise Day2Error(f"{where}: there is no key {key!r} ({', '.join(known)} are){near(str(key), known)}")


def _text(where: str, value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Day2Error(f"{where}.{key}: a text is expected, not {found!r}")
    return found


def _flag(where: str, value: Mapping[str, Any], key: str) -> Optional[bool]:
    found = value.get(key)
    if found is None or isinstance(found, bool):
        return found
    raise Day2Error(f"{where}.{key}: true or false is expected, not {found!r}")
