# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of the function is told, and what it tells: pure."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from .._common.errors import Day2Error
from .._common.job import Outcome
from .._ec2_schedule.arguments import SCHEDULE

_KEYS = ("dry_run", "now")
_RESERVE = 20.0  # seconds before the end in which marks are written and notices sent
_MOST_RETURNED = 100
_MOST_LINES = 100  # of a notice
_MOST_SUBJECT = 100  # characters, by SNS
# The plan is what the actions came to; the others are long, and for people who look ahead.
_NOT_PRINTED = ("plan", "not_touched", "next_edges", "preview", "savings", "reports")


class Event(NamedTuple):
    """What a run is told: ``dry_run`` decides and does nothing, ``now`` is another time to decide for."""

    dry_run: bool
    now: Optional[str]


class Notice(NamedTuple):
    """A message for people."""

    subject: str
    text: str


def parse_event(event: Any) -> Event:
    """The event of an invocation.

    :raises Day2Error: for anything that is not understood: a misspelt ``dry_run`` must not start and stop things.
    """
    if not isinstance(event or {}, Mapping):
        raise Day2Error('event: a JSON object is expected, such as {} or {"dry_run": true}')
    given: Mapping[str, Any] = event or {}
    for key in given:
        if key not in _KEYS:
            raise Day2Error(f"event: {key!r} is neither of {' and '.join(_KEYS)}")
    dry_run, now = given.get("dry_run", False), given.get("now")
    if not isinstance(dry_run, bool):
        raise Day2Error(f"event: dry_run is true or false, not {dry_run!r}")
    if now is not None and not isinstance(now, str):
        raise Day2Error(f"event: now is a time such as 2027-03-31T18:00:00Z, not {now!r}")
    return Event(dry_run, now)


def run_options(scheduling: Mapping[str, Any], event: Event, seconds_left: float) -> Dict[str, Any]:
    """The options of the run, as the module would have them."""
    options = {**SCHEDULE.defaults(), **scheduling}
    options["now"] = event.now
    options["max_returned"] = _MOST_RETURNED
    options["wait_timeout"] = int(max(0.0, min(options["wait_timeout"], seconds_left - _RESERVE)))
    return options


def log_line(outcome: Outcome, dry_run: bool) -> str:
    """What a run came to, as one line of JSON for the log."""
    shown = {name: value for name, value in outcome.result.items() if name not in _NOT_PRINTED}
    return json.dumps({**shown, "dry_run": dry_run, "failure": outcome.failure}, sort_keys=True, default=str)


def failure_line(failure: str, dry_run: bool) -> str:
    """The same for a run that came to nothing."""
    return json.dumps({"dry_run": dry_run, "failure": failure, "status": "unknown"}, sort_keys=True)


def notice_of(name: str, outcome: Outcome, dry_run: bool) -> Optional[Notice]:
    """The notice of a run; ``None`` when nothing was done and nothing went wrong, and for dry runs."""
    result = outcome.result
    actions: List[Mapping[str, Any]] = result.get("actions", [])
    problems: List[str] = result.get("problems", [])
    if dry_run or not (actions or problems or outcome.failure):
        return None
    lines = [outcome.failure] if outcome.failure else []
    lines += [result["summary"]["sentence"], *(_action(action) for action in actions), *problems]
    cut = len(lines) - _MOST_LINES
    if cut > 0:
        lines = [*lines[:_MOST_LINES], f"… and {cut} more; all of it is in the log of the function {name}"]
    return Notice(_subject(name, result.get("status", "unknown")), "\n".join(lines) + "\n")


def failure_notice(name: str, failure: str) -> Notice:
    """The notice of a run that came to nothing."""
    return Notice(_subject(name, "failed"), failure + "\n")


def _subject(name: str, word: str) -> str:
    return f"{name}: {word}"[:_MOST_SUBJECT]


def _action(action: Mapping[str, Any]) -> str:
    error = f": {action['error']}" if action.get("error") else ""
    return (
        f"{action.get('action')} {action.get('name') or action.get('resource')} ({action.get('kind')} {action.get('resource')},"
        f" {action.get('account')}, {action.get('region')}): {action.get('outcome')}{error}"
    )
