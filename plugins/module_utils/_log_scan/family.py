# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files are generations of a log, by their names alone; what they hold is looked at later.

A rotated log keeps the whole name of the log and adds to it, at the end or before the extension: a number, a date, a
word such as ``old``; and behind that the compression. Anything else that is added makes it another log: ``app.log.err``
and ``app-access.log`` are not generations of ``app.log``. A number before the extension counts behind a dot only
(``app.1.log``), since ``worker-1.log`` is what a worker writes.
"""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

COMPRESSIONS = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst", ".zstd": "zst"}

_YEAR, _MONTH, _DAY = r"(?:19|20)[0-9]{2}", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
# A day, a month, a week, or seconds since 1970; then perhaps the time of day, with or without marks between.
_DATE = (
    rf"(?:{_YEAR}{_MONTH}{_DAY}|{_YEAR}(?P<mark>[-._]){_MONTH}(?:(?P=mark){_DAY})?|{_YEAR}{_MONTH}|{_YEAR}-?W[0-5][0-9]"
    r"|1[0-9]{9})"
)
_TIME = r"(?:[-T_.]?[0-2][0-9](?:[-:_.]?[0-5][0-9]){0,2}(?:[.,][0-9]{1,9})?Z?|[-_.]1[0-9]{9})?"
_COUNT = r"(?:[-._][0-9]{1,5})?"  # the second one of a day
_DATED = rf"(?P<date>{_DATE}{_TIME})(?P<count>{_COUNT})"
_NUMBER = r"(?P<number>[0-9]{1,5})"
_WORD = r"(?P<word>old|bak|prev|previous|last)"
_EXTENSION = r"(?P<extension>\.[A-Za-z][A-Za-z0-9]{0,9})"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"(?P<base>.+?)[-._]{_DATED}",  # app.log-20261128, app.log.2026-11-28, 0.log.20261128-192007
        rf"(?P<base>.+)\.{_NUMBER}",  # app.log.1
        rf"(?P<base>.+)\.{_WORD}",  # Xorg.0.log.old
        rf"(?P<base>.+?)[-._]{_DATED}{_EXTENSION}",  # app-20261128.log, app.2026-11-28.0.log
        rf"(?P<base>.+)\.{_NUMBER}{_EXTENSION}",  # app.1.log
    )
)


class Kin(NamedTuple):
    """What the name of a file says of the log that it may be a generation of."""

    base: str  # the name of that log
    scheme: str  # number | date | word | compressed: only within one of them names tell an order
    age: Tuple[int, ...]  # within the scheme: what compares as less is older


def compression_of(name: str) -> str:
    """``gz``, ``bz2``, ``xz`` or ``zst`` by the end of a name; empty for plain text."""
    dot = name.rfind(".")
    return COMPRESSIONS.get(name[dot:], "") if dot > 0 else ""


def uncompressed(name: str) -> str:
    """The name without the end that says its compression."""
    return name[: name.rfind(".")] if compression_of(name) else name


def kin_of(name: str) -> List[Kin]:
    """Every log that a file of that name may be a generation of; mostly none or one."""
    plain = uncompressed(name)
    found = [Kin(plain, "compressed", ())] if plain != name else []
    if not any(each.isdigit() for each in plain) and not plain.endswith(("old", "bak", "prev", "previous", "last")):
        return found  # the quick way for most names of a large directory
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match is not None:
            parts = match.groupdict()
            base = parts["base"] + (parts.get("extension") or "")
            if all(each.base != base for each in found):
                found.append(_kin(base, parts))
    return found


def _kin(base: str, parts: Dict[str, Optional[str]]) -> Kin:
    if parts.get("date"):
        digits = re.sub("[^0-9]", "", parts["date"] or "")
        count = re.sub("[^0-9]", "", parts.get("count") or "")
        # "2026-11" is older than "2026-11-02", and "20261128" than its second rotation "20261128.1".
        return Kin(base, "date", (int(digits.ljust(20, "0")), int(count or 0)))
    if parts.get("number"):
        return Kin(base, "number", (-int(parts["number"] or 0),))
    return Kin(base, "word", ())


def families(names: Iterable[str]) -> Dict[str, List[str]]:
    """For each log name, the names that may be its generations: one pass for all logs of a large directory."""
    found: Dict[str, List[str]] = {}
    for name in names:
        for kin in kin_of(name):
            found.setdefault(kin.base, []).append(name)
    return found


def is_newer(base: str, name: str, other: str) -> bool:
    """Whether the names say that ``name`` was rotated later than ``other``; False where they do not tell."""
    one, two = _kin_to(base, name), _kin_to(base, other)
    return one is not None and two is not None and one.scheme == two.scheme and one.age > two.age


def age_of(base: str, name: str) -> Tuple[int, ...]:
    """A key that sorts the generations of one scheme from the oldest to the newest."""
    kin = _kin_to(base, name)
    return kin.age if kin is not None else ()


def _kin_to(base: str, name: str) -> Optional[Kin]:
    return next((kin for kin in kin_of(name) if kin.base == base), None)
