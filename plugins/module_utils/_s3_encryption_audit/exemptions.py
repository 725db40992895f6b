# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exemptions: who decided, why, and until when, that a bucket need not pass a check."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from fnmatch import translate
from typing import Any, Collection, Dict, Iterable, List, Mapping, Optional, Pattern, Sequence, Set, Tuple

from .._common.errors import Day2Error

KEYS = ("bucket", "check", "reason", "owner", "expires")
EVERY = "*"

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ExemptionError(Day2Error):
    """An exemption that cannot be granted: ``exemptions[0].owner: …``."""

    def __init__(self, index: int, key: str, problem: str) -> None:
        super().__init__(f"exemptions[{index}].{key}: {problem}")
        self.index = index
        self.key = key


@dataclass(frozen=True)
class Exemption:
    """One decision. ``bucket`` is a glob; ``*`` also covers what is said of the account itself.

    ``ends`` is the first instant at which the exemption no longer holds: after the named day in UTC when ``expires``
    is a date. Without it the exemption has no end.
    """

    index: int  # place in the list that was given
    bucket: str
    checks: Tuple[str, ...]  # ids, or "*" alone
    reason: str
    owner: str
    expires: str = ""  # as given
    ends: Optional[datetime] = None

    def as_dict(self) -> Dict[str, Any]:
        """The exemption as it stands in results: what it covers, and why."""
        return {"bucket": self.bucket, "check": list(self.checks), **self.grounds()}

    def grounds(self) -> Dict[str, Any]:
        """The part that a finding repeats."""
        return {"reason": self.reason, "owner": self.owner, "expires": self.expires or None}


def parse_exemptions(entries: Sequence[Mapping[str, Any]], known: Collection[str]) -> Tuple[Exemption, ...]:
    """Exemptions from the ``exemptions`` option.

    :param known: ids of all checks that exist, chosen or not.
    :raises ExemptionError: naming the entry, the key, and what would be right.
    """
    exemptions: List[Exemption] = []
    covered: Dict[Tuple[str, Tuple[str, ...]], int] = {}
    for index, entry in enumerate(entries):
        exemption = _exemption(index, {key: value for key, value in entry.items() if value is not None}, known)
        first = covered.setdefault((exemption.bucket, tuple(sorted(exemption.checks))), index)
        if first != index:
            raise ExemptionError(index, "bucket", f"covers the same as exemptions[{first}]; keep one of them")
        exemptions.append(exemption)
    return tuple(exemptions)


class Exemptions:
    """The exemptions of a run at one point in time, and which of them were of use."""

    def __init__(self, exemptions: Iterable[Exemption], now: datetime) -> None:
        self.expired: Tuple[Exemption, ...] = ()
        self._exact: Dict[Tuple[str, str], Exemption] = {}
        self._globs: Dict[str, List[Tuple[Pattern[str], Exemption]]] = {}
        self._standing: List[Exemption] = []
        self._used: Set[int] = set()
        for exemption in exemptions:
            if exemption.ends is not None and exemption.ends <= now:
                self.expired += (exemption,)
            else:
                self._admit(exemption)

    def _admit(self, exemption: Exemption) -> None:
        self._standing.append(exemption)
        for check in exemption.checks:
            if any(character in exemption.bucket for character in "*?["):
                pattern = re.compile(translate(exemption.bucket))
                self._globs.setdefault(check, []).append((pattern, exemption))
            else:
                self._exact.setdefault((exemption.bucket, check), exemption)

    def use(self, bucket: str, check: str) -> Optional[Exemption]:
        """The exemption that covers a finding which does not pass: the first of the list, if there are several.

        It counts as used. A finding about the account has no bucket: only ``*`` covers it.
        """
        found = [self._exact[key] for key in ((bucket, check), (bucket, EVERY)) if key in self._exact]
        for key in (check, EVERY):
            for pattern, exemption in self._globs.get(key, ()):
                if pattern.match(bucket) if bucket else exemption.bucket == EVERY:
                    found.append(exemption)
                    break
        if not found:
            return None
        first = min(found, key=lambda exemption: exemption.index)
        self._used.add(first.index)
        return first

    def unused(self) -> Tuple[Exemption, ...]:
        """Exemptions that hold but were not needed: nothing that they cover fails or is unknown."""
        return tuple(exemption for exemption in self._standing if exemption.index not in self._used)


def _exemption(index: int, entry: Mapping[str, Any], known: Collection[str]) -> Exemption:
    for key in entry:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(KEYS)}"
            raise ExemptionError(index, key, f"no such key; {hint}")
    expires, ends = _end(index, entry.get("expires"))
    return Exemption(
        index=index,
        bucket=_text(index, entry, "bucket", "the name of a bucket, or a glob"),
        checks=_checks(index, entry, known),
        reason=_text(index, entry, "reason", "why the bucket need not pass"),
        owner=_text(index, entry, "owner", "who answers for it"),
        expires=expires,
        ends=ends,
    )


def _text(index: int, entry: Mapping[str, Any], key: str, meaning: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ExemptionError(index, key, f"{'missing' if value is None else 'a text is needed'}: {meaning}")
    return value


def _checks(index: int, entry: Mapping[str, Any], known: Collection[str]) -> Tuple[str, ...]:
    value = entry.get("check")
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names or not all(isinstance(name, str) for name in names):
        problem = "missing" if value is None else "a text or a list of texts is needed"
        raise ExemptionError(index, "check", f"{problem}: the check, a list of checks, or *")
    for name in names:
        if name != EVERY and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(sorted(known))}"
            raise ExemptionError(index, "check", f"there is no check {name!r}; {hint}")
    return (EVERY,) if EVERY in names else tuple(dict.fromkeys(names))


def _end(index: int, value: Any) -> Tuple[str, Optional[datetime]]:
    if value is None:
        return "", None
    text = value.isoformat() if isinstance(value, date) else value  # YAML reads a bare date as one
    try:
        if _DATE.fullmatch(text):
            return text, _end_of_day(date.fromisoformat(text))
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (TypeError, ValueError, AttributeError) as error:
        raise ExemptionError(
            index, "expires", f"{value!r} is not a date such as 2027-03-31, nor a time such as 2027-03-31T18:00:00Z"
        ) from error
    if instant.tzinfo is None:
        raise ExemptionError(index, "expires", f"{text!r} has no offset; write {text}Z for UTC")
    return text, instant


def _end_of_day(day: date) -> datetime:
    if day == date.max:
        return datetime.max.replace(tzinfo=timezone.utc)
    return datetime.combine(day + timedelta(days=1), time(), timezone.utc)
