# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a line that is a JSON object, as flat text."""

from __future__ import annotations

import json
from typing import Dict, Iterator, Mapping, Tuple

MOST_FIELDS = 64
LONGEST_VALUE = 1024
"""Characters of a field that are kept."""

_DEEPEST = 6


def fields_of(line: bytes) -> Mapping[str, str]:
    """The fields of a JSON object, those of inner objects by dotted names (``kubernetes.pod.name``, ``tags.0``).

    Numbers stand as they are written; ``null`` is no field; the first ``MOST_FIELDS`` count, of each the first
    ``LONGEST_VALUE`` characters. A line that is no JSON object has no fields.
    """
    text = line.strip()
    if text[:1] != b"{" or text[-1:] != b"}":
        return {}
    try:
        value = json.loads(text.decode("utf-8", "replace"), parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    fields: Dict[str, str] = {}
    for name, field in _flat("", value, 0):
        if name not in fields and len(fields) == MOST_FIELDS:
            break
        fields[name] = field[:LONGEST_VALUE]
    return fields


def _flat(name: str, value: object, depth: int) -> Iterator[Tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, (dict, list)) and depth < _DEEPEST:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(f"{name}.{key}" if name else str(key), inner, depth + 1)
