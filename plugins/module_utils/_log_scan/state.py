# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of logs, as JSON and back. It is read without trust: a state that is not understood is refused.

A log is a list of its horizon and its generations, and a generation a list, too: ten thousand logs have seventy
thousand of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional

from .._common.errors import Day2Error
from .._common.values import is_integer
from .model import Fingerprint, Generation, LogState

SCHEMA = 1
_INTEGERS = ("device", "inode", "offset", "head_length", "tail_length", "size", "modified", "line_offset")
_WAY_OUT = "restore the file, or forget it with reset: true, after which the first run's rule (first_run) holds again"


def to_json(states: Mapping[str, LogState]) -> Dict[str, Any]:
    """What to write; the logs in the order of their paths, so that equal states are equal texts."""
    logs = {
        path: [states[path].horizon, *(_flat(each) for each in states[path].generations)] for path in sorted(states)
    }
    return {"schema": SCHEMA, "logs": logs}


def from_json(value: Any) -> Dict[str, LogState]:
    """What :func:`to_json` wrote.

    :raises Day2Error: for anything else, saying what to do.
    """
    if not isinstance(value, dict) or not is_integer(value.get("schema")):
        raise Day2Error(f"the state of the logs is damaged: {_WAY_OUT}")
    if value["schema"] > SCHEMA:
        raise Day2Error(
            f"the state of the logs was written by a later version of day2.ops (schema {value['schema']}, this one knows "
            f"{SCHEMA}): install that version, or {_WAY_OUT}"
        )
    logs = value.get("logs")
    if value["schema"] != SCHEMA or not isinstance(logs, dict):
        raise Day2Error(f"the state of the logs is damaged: {_WAY_OUT}")
    found: Dict[str, LogState] = {}
    for path, log in logs.items():
        if not isinstance(path, str) or not isinstance(log, list) or not log or not is_integer(log[0]):
            raise Day2Error(f"the state of the log {path!r} is damaged: {_WAY_OUT}")
        found[path] = LogState(path, tuple(_generation(path, each) for each in log[1:]), log[0])
    return found


def _flat(one: Generation) -> List[Any]:
    mark = one.mark
    return [
        one.path,
        *(mark.device, mark.inode, mark.offset, mark.head_length, mark.tail_length),
        *(one.size, one.modified, one.line_offset),
        *(mark.head, mark.tail),
        *(one.finished, one.quiet_since, one.line, one.copied),
    ]


def _generation(path: str, value: Any) -> Generation:
    problem = _problem(value)
    if problem:
        raise Day2Error(f"the state of the log {path!r} is damaged ({problem}): {_WAY_OUT}")
    where, device, inode, offset, head_length, tail_length, size, modified, line_offset = value[:9]
    head, tail, finished, quiet_since, line, copied = value[9:]
    mark = Fingerprint(device, inode, offset, head_length, head, tail_length, tail)
    return Generation(where, mark, size, modified, finished, quiet_since, line, line_offset, copied)


def _problem(value: Any) -> Optional[str]:
    """What is wrong with the list of a generation."""
    if not isinstance(value, list) or len(value) != 15:
        return "a generation has 15 parts"
    for name, each in zip(_INTEGERS, value[1:9]):
        if not is_integer(each) or (each < 0 and name != "modified"):
            return f"{name} is no number"
    head, tail, finished, quiet_since, line, copied = value[9:]
    if not all(isinstance(each, str) for each in (value[0], head, tail)):
        return "path, head and tail are text"
    if not (
        isinstance(finished, bool) and isinstance(copied, bool) and (line is None or (is_integer(line) and line > 0))
    ):
        return "finished, copied or line is of another kind"
    if value[5] > value[3] or bool(head) != bool(value[4]) or bool(tail) != bool(value[5]):
        return "its hashes and their lengths contradict each other"
    return _problem_of_time(quiet_since)


def _problem_of_time(text: Any) -> Optional[str]:
    if text is None:
        return None
    try:
        aware = isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        aware = False
    return None if aware else "quiet_since is no time with an offset"
