# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to look for: the user's patterns and those of the shipped sets, read and refused before any log is opened."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .._common.verdict import Severity
from .durations import seconds
from .expressions import compiled, fields_in, group_names
from .model import LogPattern, Threshold
from .multiline import rule_of
from .sets.catalog import NAMES, load
from .sets.shape import PatternSet, Rule

KEYS = ("regex", "severity", "exclude", "fields", "max_samples", "threshold", "message", "multiline", "enabled")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_RATE = re.compile(r"\s*([0-9]{1,9})\s*/\s*([0-9]*)\s*(s|m|h|d)\s*")
_MOST_SAMPLES = 1000
_MOST_COUNT = 1_000_000_000


def parse_patterns(
    patterns: Mapping[str, Any], pattern_sets: Sequence[str], multiline: str = ""
) -> Tuple[LogPattern, ...]:
    """The patterns of the chosen sets, and then the user's.

    A pattern of a set is called ``set.name``. One of the user's with such a name changes what it says of the shipped
    one, and ``enabled: false`` leaves it out. ``multiline`` is the record rule of the user's patterns that name none.

    :raises Day2Error: naming the pattern and the key, for an expression with the place of the error.
    """
    _record_rule("multiline", multiline)
    for name, value in patterns.items():
        _checked_name(name)
        if not isinstance(value, (str, Mapping)):
            raise Day2Error(f"patterns.{name}: an expression, or a mapping with regex, is needed, not {value!r}")
    found: List[LogPattern] = []
    changed = set()
    for name in dict.fromkeys(pattern_sets):
        for pattern in _of_set(load(name), patterns):
            changed.add(pattern[0])
            if pattern[1] is not None:
                found.append(pattern[1])
    for name, value in patterns.items():
        if name not in changed:
            entry = {"regex": value} if isinstance(value, str) else value
            own = _own(name, entry, multiline)
            if own is not None:
                found.append(own)
    return tuple(found)


def _of_set(chosen: PatternSet, patterns: Mapping[str, Any]) -> Iterator[Tuple[str, Optional[LogPattern]]]:
    for rule in chosen.rules:
        name = f"{chosen.name}.{rule.name}"
        change = patterns.get(name)
        if change is None:
            yield name, shipped(chosen, rule)
            continue
        entry: Mapping[str, Any] = {"regex": change} if isinstance(change, str) else change
        yield name, _entry(name, entry, shipped(chosen, rule), "")


def shipped(chosen: PatternSet, rule: Rule) -> LogPattern:
    """A pattern of a set as it is."""
    return LogPattern(
        name=f"{chosen.name}.{rule.name}",
        regex=re.compile(rule.regex.encode("ascii")),
        severity=rule.severity,
        exclude=tuple(re.compile(each.encode("ascii")) for each in rule.exclude),
        threshold=None if rule.threshold is None else Threshold(*rule.threshold),
        message=rule.message,
        pattern_set=chosen.name,
        multiline=chosen.multiline if rule.multiline is None else rule.multiline,
    )


def _checked_name(name: Any) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Day2Error(f"patterns: {name!r} is not made of letters, digits and . _ - (at most 64)")


def _own(name: str, entry: Mapping[str, Any], multiline: str) -> Optional[LogPattern]:
    if entry.get("regex") is None:
        of_set = name.partition(".")[0]
        hint = f"; patterns of the set {of_set} can be changed when it is in pattern_sets" if of_set in NAMES else ""
        raise Day2Error(f"patterns.{name}.regex: is needed{hint}")
    return _entry(name, entry, None, multiline)


def _entry(name: str, given: Mapping[str, Any], base: Optional[LogPattern], multiline: str) -> Optional[LogPattern]:
    where = f"patterns.{name}"
    for key in given:
        if key not in KEYS:
            raise Day2Error(f"{where}.{key}: {_unknown(str(key))}")
    entry = {key: value for key, value in given.items() if value is not None}
    regex = base.regex if base and "regex" not in entry else _regex(f"{where}.regex", entry.get("regex"))
    fields = _fields(f"{where}.fields", entry["fields"]) if "fields" in entry else base.fields if base else {}
    groups = group_names(regex)
    twice = sorted(set(fields) & groups)
    if twice:
        raise Day2Error(f"{where}.fields.{twice[0]}: is a group of the expression, too; choose another name")
    message = _message(f"{where}.message", entry["message"]) if "message" in entry else base.message if base else ""
    for field in fields_in(message):
        if field not in groups and field not in fields:
            known = ", ".join(sorted({*groups, *fields})) or "none"
            key = "message" if "message" in entry or "regex" not in entry else "regex"
            raise Day2Error(f"{where}.{key}: the message speaks of {{{field}}}; fields of this pattern are {known}")
    pattern = LogPattern(
        name=name,
        regex=regex,
        severity=_severity(f"{where}.severity", entry.get("severity"), base),
        exclude=_excluded(f"{where}.exclude", entry["exclude"]) if "exclude" in entry else base.exclude if base else (),
        fields=fields,
        max_samples=_samples(f"{where}.max_samples", entry.get("max_samples")),
        threshold=_threshold(f"{where}.threshold", entry["threshold"])
        if "threshold" in entry
        else base.threshold
        if base
        else None,
        message=message,
        pattern_set=base.pattern_set if base else "",
        multiline=_record_rule(f"{where}.multiline", entry["multiline"])
        if "multiline" in entry
        else base.multiline
        if base
        else multiline,
    )
    return pattern if _enabled(f"{where}.enabled", entry.get("enabled", True)) else None


def _unknown(key: str) -> str:
    import difflib

    near = difflib.get_close_matches(key, KEYS, n=1)
    return f'there is no such key; did you mean "{near[0]}"?' if near else f"no such key; known are {', '.join(KEYS)}"


def _texts(where: str, value: Any) -> Tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
    if not texts or not all(isinstance(text, str) for text in texts):
        raise Day2Error(f"{where}: an expression, or a list of them, is needed, not {value!r}")
    return texts


def _regex(where: str, value: Any) -> "re.Pattern[bytes]":
    return compiled(where, _texts(where, value))


def _excluded(where: str, value: Any) -> "Tuple[re.Pattern[bytes], ...]":
    if value in ("", [], ()):
        return ()
    return tuple(
        compiled(f"{where}[{index}]" if isinstance(value, (list, tuple)) else where, (text,))
        for index, text in enumerate(_texts(where, value))
    )


def _severity(where: str, value: Any, base: Optional[LogPattern]) -> Severity:
    if value is None:
        return base.severity if base else Severity.MEDIUM
    names = [severity.value for severity in Severity]
    if value not in names:
        raise Day2Error(f"{where}: {value!r} is none of {', '.join(names)}")
    return Severity(value)


def _fields(where: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise Day2Error(f"{where}: a mapping of names to texts is needed, not {value!r}")
    found: Dict[str, str] = {}
    for name, text in value.items():
        if not isinstance(name, str) or not _FIELD.fullmatch(name):
            raise Day2Error(f"{where}: {name!r} is not made of letters, digits and _")
        if not isinstance(text, (str, int, float)):
            raise Day2Error(f"{where}.{name}: a text is needed, not {text!r}")
        found[name] = ("true" if text else "false") if isinstance(text, bool) else str(text)
    return found


def _message(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise Day2Error(f"{where}: a text of at most 1000 characters is needed")
    return value


def _samples(where: str, value: Any) -> Optional[int]:
    return None if value is None else _number(where, value, 0, _MOST_SAMPLES)


def _number(where: str, value: Any, least: int, most: int) -> int:
    number = int(value) if isinstance(value, str) and value.isdigit() and value.isascii() else value
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        raise Day2Error(f"{where}: {value!r} is not a number from {least} to {most}")
    return number


def _threshold(where: str, value: Any) -> Threshold:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        value = {"rate": value} if "/" in str(value) else {"count": value}
    if not isinstance(value, Mapping):
        raise Day2Error(f"{where}: count, count and per, or rate are needed, as in {{count: 10, per: 5m}}")
    unknown = sorted(str(key) for key in set(value) - {"count", "per", "rate"})
    if unknown:
        raise Day2Error(f"{where}.{unknown[0]}: there is no such key; known are count, per, rate")
    given = {key: each for key, each in value.items() if each is not None}
    if "rate" in given:
        if len(given) > 1:
            raise Day2Error(f"{where}.rate: says both count and per; give either")
        return _rate(f"{where}.rate", given["rate"])
    if "count" not in given:
        raise Day2Error(f"{where}.count: is needed")
    count = _number(f"{where}.count", given["count"], 1, _MOST_COUNT)
    per = seconds(f"{where}.per", given["per"]) if "per" in given else None
    if per is not None and per <= 0:
        raise Day2Error(f"{where}.per: {given['per']!r} is not more than nothing")
    return Threshold(count, per)


def _rate(where: str, value: Any) -> Threshold:
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    count = int(found[1]) if found else 0
    length = int(found[2] or 1) if found else 0
    if found is None or not count or not length:
        raise Day2Error(f"{where}: {value!r} is not a number per span of time such as 10/m or 100/5m")
    return Threshold(count, float(length * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[3]]))


def _record_rule(where: str, value: Any) -> str:
    if value in ("", "none"):
        return ""
    if not isinstance(value, str):
        raise Day2Error(f"{where}: {value!r} is not a text")
    try:
        rule_of(value)
    except Day2Error as error:
        raise Day2Error(f"{where}: {error}") from error
    return value


def _enabled(where: str, value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "yes", "on", "false", "no", "off"):
        return value.lower() in ("true", "yes", "on")
    raise Day2Error(f"{where}: {value!r} is neither true nor false")
