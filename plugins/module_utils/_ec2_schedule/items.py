# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules as items of a DynamoDB table: one item for each, ``name`` (S) and what a schedule has beside it.

The least is ``{"name": {"S": "office"}, "schedule": {"S": "Mon-Fri 07:30-19:00 Europe/Madrid"}}``. Every other key of the
spelt-out form may be an attribute of that name: ``timezone`` (S), ``enforce`` (BOOL), ``windows`` (L of M) and so on. An
attribute ``comment``, and those that begin with ``_``, are left alone: they are the table's own.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Sequence

from .._common.errors import Day2Error

_DEEPEST = 8
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def schedules_of_items(place: str, items: Sequence[Any]) -> Dict[str, Any]:
    """The schedules by name.

    :raises Day2Error: naming the place, for an item without a name, or a name that two items have.
    """
    found: Dict[str, Any] = {}
    for item in items:
        value = {key: plain(each, 0) for key, each in item.items()} if isinstance(item, Mapping) else {}
        name = value.pop("name", None)
        if not isinstance(name, str):
            keys = ", ".join(sorted(map(str, value))[:6])
            raise Day2Error(f"{place}: an item without name (S) is no schedule; its attributes are {keys or 'none'}")
        if name in found:
            raise Day2Error(f"{place}: two items have the name {name!r}")
        found[name] = {
            key: each
            for key, each in value.items()
            if each is not None and key != "comment" and not str(key).startswith("_")
        }
    return found


def plain(value: Any, depth: int) -> Any:
    """A value of DynamoDB (``{"S": "x"}``) as YAML would have it; what is none of the known kinds becomes nothing."""
    if not isinstance(value, Mapping) or len(value) != 1 or depth > _DEEPEST:
        return None
    kind, inside = next(iter(value.items()))
    if kind in ("S", "BOOL"):
        return inside
    if kind == "N":
        return _number(inside)
    if kind == "L" and isinstance(inside, list):
        return [plain(each, depth + 1) for each in inside]
    if kind == "SS" and isinstance(inside, list):
        return sorted(map(str, inside))
    if kind == "M" and isinstance(inside, Mapping):
        return {key: plain(each, depth + 1) for key, each in inside.items()}
    return None


def _number(text: Any) -> Any:
    if not isinstance(text, str):
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return None
