# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schedule as YAML says it, under its name: as a text of the grammar, or spelt out in keys.

What is spelt out is put together to such a text, so that there is one meaning of everything.
"""

from __future__ import annotations

from datetime import date
from typing import Any, List, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .grammar import parse_schedule
from .schedule import Mode, Named
from .words import near, time_text

_POLICY = ("enforce", "retain_running", "hibernate")
_KEYS = ("schedule", "windows", "mode", "timezone", "not", "only", "description", *_POLICY)
_DAY_KEYS = ("dates", "months", "days")  # in the order of the grammar
_WINDOW_KEYS = (*_DAY_KEYS, "times", "start", "stop")


def parse_named(name: str, value: Any, timezone: str = "UTC") -> Named:
    """The schedule of a name.

    ``value`` is a text of the grammar, or a mapping with ``schedule`` (such a text) or ``windows`` (a list of mappings with
    ``days``, ``months``, ``dates``, and ``times`` or ``start`` and ``stop``; each may be a list), ``mode`` (``stop-only``,
    ``start-only``), ``timezone``, ``not`` and ``only`` (names of calendars), ``enforce``, ``retain_running``, ``hibernate``, ``description``.

    :raises Day2Error: naming the key: ``schedules.office.windows[0]: …``.
    """
    where = f"schedules.{name}"
    if isinstance(value, str):
        return Named(name, _parsed(where, value, timezone))
    if not isinstance(value, Mapping):
        raise Day2Error(f"{where}: a text such as 'Mon-Fri 07:30-19:00', or a mapping with windows, is expected")
    _check_keys(where, value, _KEYS)
    zone = _text(where, value, "timezone") or timezone
    if ("schedule" in value) == ("windows" in value):
        raise Day2Error(f"{where}: either schedule (a text) or windows (a list) is needed")
    if "schedule" in value:
        spelt = [key for key in ("mode", "not", "only") if value.get(key)]
        if spelt:
            raise Day2Error(f"{where}.{spelt[0]}: belongs to windows; beside schedule it stands in the text")
        schedule = _parsed(f"{where}.schedule", _text(where, value, "schedule"), zone)
    else:
        schedule = _parsed(where, _spelt(where, value, zone), zone)
    flags = {key: _flag(where, value, key) for key in _POLICY}
    return Named(name, schedule, **flags, description=_text(where, value, "description"))


def _parsed(where: str, text: str, timezone: str) -> Any:
    try:
        return parse_schedule(text, timezone)
    except Day2Error as error:
        raise Day2Error(f"{where}: {error}") from None


def _spelt(where: str, value: Mapping[str, Any], zone: str) -> str:
    """The text of what is spelt out. Each window is parsed alone first, so that an error names it."""
    mode = _text(where, value, "mode")
    if mode not in ("", Mode.WINDOWS.value, Mode.STOP_ONLY.value, Mode.START_ONLY.value):
        raise Day2Error(f"{where}.mode: {mode!r} is neither windows, stop-only nor start-only")
    prefix = "" if mode in ("", Mode.WINDOWS.value) else f"{mode} "
    given = value["windows"]
    if not isinstance(given, list) or not given:
        raise Day2Error(f"{where}.windows: a list with at least one window is expected")
    rules: List[str] = []
    for index, window in enumerate(given):
        here = f"{where}.windows[{index}]"
        text = _window(here, window)
        _parsed(here, prefix + text, zone)
        rules.append(text)
    calendars = "".join(_calendars(where, value, key) for key in ("not", "only"))
    return f"{prefix}{' and '.join(rules)}{calendars} tz={zone}"


def _window(where: str, window: Any) -> str:
    if isinstance(window, str):
        return window
    if not isinstance(window, Mapping) or not window:
        raise Day2Error(f"{where}: a mapping with days and times is expected")
    _check_keys(where, window, _WINDOW_KEYS)
    ends = [key for key in ("start", "stop") if key in window]
    if ends and "times" in window:
        raise Day2Error(f"{where}: either times or start and stop")
    parts = [_joined(f"{where}.{key}", window[key]) for key in _DAY_KEYS if key in window]
    if "times" in window:
        parts.append(_joined(f"{where}.times", window["times"]))
    elif ends:
        parts.append("-".join(_joined(f"{where}.{key}", window[key]) for key in ends))
    return " ".join(parts)


def _joined(where: str, value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    texts = [_scalar(item) for item in items]
    if not texts or not all(texts):
        raise Day2Error(f"{where}: a text or a list of texts is expected")
    return "+".join(texts)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        # YAML reads 19:00 without quotes as a number to the base of 60.
        return time_text(value) if 0 <= value <= 24 * 60 else ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.strip() if isinstance(value, str) else ""


def _calendars(where: str, value: Mapping[str, Any], key: str) -> str:
    given = value.get(key)
    if not given:
        return ""
    names = given if isinstance(given, list) else [given]
    if not all(isinstance(name, str) and name for name in names):
        raise Day2Error(f"{where}.{key}: the name of a calendar, or a list of names, is expected")
    return f" {key} " + "+".join(name if name.startswith("@") else f"@{name}" for name in names)


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
