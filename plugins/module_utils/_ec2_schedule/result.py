# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run comes to: its lists, its counts, one sentence, its status, and whether the task is to fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._common.verdict import Overall, Severity, Status, overall
from .model import RUNS, SCHEMA, Action, Decision, FailOn, Resource, State
from .outcome import Outcome

Entry = Dict[str, Any]

_DONE: Mapping[Action, str] = {Action.STOP: "stopped", Action.HIBERNATE: "hibernated", Action.START: "started"}
# From the mildest to the gravest: the order in which fail_on counts them.
_GRAVITY = (Overall.OK, Overall.UNKNOWN, Overall.WARNING, Overall.CRITICAL)
_FAILS_FROM = {FailOn.UNKNOWN: Overall.UNKNOWN, FailOn.WARNING: Overall.WARNING, FailOn.CRITICAL: Overall.CRITICAL}


@dataclass(frozen=True)
class Found:
    """Everything that a run learned and did.

    ``acted`` is false in check mode, for a what-if, and when the plan was over its limit (``breach`` says so).
    ``unseen`` tells what could not be looked at, ``problems`` what somebody should know besides.
    """

    decisions: Sequence[Decision]
    outcomes: Sequence[Outcome]
    acted: bool
    breach: str = ""
    unseen: Sequence[str] = ()
    problems: Sequence[str] = ()

    @property
    def failed(self) -> List[Outcome]:
        """The actions that came to nothing."""
        return [outcome for outcome in self.outcomes if outcome.error]

    @property
    def status(self) -> Overall:
        """Critical when an action failed or the plan was over its limit, warning when there are problems, unknown when
        something could not be looked at, else ok."""
        verdicts = [(Status.FAIL, Severity.HIGH)] if self.failed or self.breach else []
        verdicts += [(Status.FAIL, Severity.MEDIUM)] if self.all_problems else []
        verdicts += [(Status.UNKNOWN, Severity.MEDIUM)] if self.unseen else []
        return overall(verdicts)

    @property
    def all_problems(self) -> List[str]:
        """What somebody should know of, each with the resource that it is about.

        State tags that could not be written are among it where they were all there was to do: no list of actions tells of those.
        """
        about = [f"{place_of(each.resource)}: {each.problem}" for each in self.decisions if each.problem]
        marks = [_could_not(each) for each in self.failed if each.decision.action is None]
        return [*self.problems, *about, *marks]


def plan_entries(found: Found) -> List[Entry]:
    """What is due now, in the order of the decisions."""
    return [entry_of(decision) for decision in found.decisions if decision.action is not None]


def action_entries(found: Found) -> List[Entry]:
    """What was done, with what became of it: ``done``, ``pending`` or ``failed``."""
    entries = []
    for outcome in found.outcomes:
        if outcome.decision.action is None:
            continue
        word = "failed" if outcome.error else "pending" if outcome.pending else "done"
        entry = {**entry_of(outcome.decision), "outcome": word}
        if outcome.error:
            entry["error"] = outcome.error
        if outcome.note:
            entry["note"] = outcome.note
        entries.append(entry)
    return entries


def entry_of(decision: Decision) -> Entry:
    """A decision as an entry of ``plan`` and ``actions``."""
    return {
        **named(decision.resource),
        "action": decision.action.value if decision.action is not None else "",
        "reason": decision.reason,
        "schedule": decision.schedule,
        "at": iso(decision.at),
    }


def not_touched_entries(found: Found) -> List[Entry]:
    """What carries a schedule and is left alone all the same, each with its reason."""
    return [
        {**named(decision.resource), "schedule": decision.schedule, "reason": decision.not_touched}
        for decision in found.decisions
        if decision.not_touched
    ]


def next_edge_entries(found: Found) -> List[Entry]:
    """When each resource turns next, the earliest first."""
    entries = [
        {
            **named(decision.resource),
            "schedule": decision.schedule,
            "at": iso(decision.next.at),
            "to": decision.next.to.value,
        }
        for decision in found.decisions
        if decision.next is not None
    ]
    return sorted(entries, key=lambda entry: (entry["at"], entry["resource"]))


def named(resource: Resource) -> Entry:
    """The part of every entry that says which resource it is about."""
    return {
        "resource": resource.id,
        "name": resource.name,
        "kind": resource.kind.value,
        "region": resource.region,
        "account": resource.account,
    }


def place_of(resource: Resource) -> str:
    """A resource in a sentence: ``web-1 (i-0abc, 123456789012 eu-central-1)``."""
    return f"{resource.name} ({resource.id}, {resource.account} {resource.region})".replace(
        f"{resource.id} ({resource.id}, ", f"{resource.id} ("
    )


def iso(at: Optional[datetime]) -> Optional[str]:
    """An instant as ISO 8601."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at is not None else None


def summary(found: Found) -> Dict[str, Any]:
    """The counts of a run and its sentence."""
    states = Counter(decision.resource.state for decision in found.decisions)
    due = Counter(decision.action for decision in found.decisions if decision.action is not None)
    acted = [outcome for outcome in found.outcomes if outcome.decision.action is not None]
    left = sum(1 for decision in found.decisions if decision.not_touched)
    counts = {
        "resources": len(found.decisions),
        "running": sum(states[state] for state in RUNS),
        "stopped": states[State.STOPPED],
        "changing": states[State.CHANGING],
        "due": {action.value: due[action] for action in Action},
        "done": sum(1 for outcome in acted if not outcome.error and not outcome.pending),
        "pending": sum(1 for outcome in acted if outcome.pending),
        "failed": len(found.failed),
        "not_touched": left,
        "problems": len(found.all_problems) + len(found.unseen),
    }
    return {**counts, "sentence": _sentence(found, counts)}


def _sentence(found: Found, counts: Mapping[str, Any]) -> str:
    resources, due = counts["resources"], counts["due"]
    carry = "1 resource carries" if resources == 1 else f"{resources:,} resources carry"
    parts = [f"{carry} a schedule: {counts['running']:,} running, {counts['stopped']:,} stopped"]
    if counts["changing"]:
        parts[0] += f", {counts['changing']:,} on the way"
    deeds = [f"{due[action.value]:,} {_DONE[action]}" for action in Action if due[action.value]]
    if not deeds:
        parts.append(f"nothing is due, {counts['failed']:,} failed" if counts["failed"] else "nothing is due")
    elif found.breach:
        parts.append(found.breach)
    elif not found.acted:
        parts.append(f"{', '.join(deeds)} if it were done now")
    else:
        parts.append(_deeds(found.outcomes, counts))
    if counts["not_touched"]:
        parts.append(f"{counts['not_touched']:,} left alone")
    if counts["problems"]:
        parts.append("1 problem" if counts["problems"] == 1 else f"{counts['problems']:,} problems")
    return "; ".join(parts) + "."


def _deeds(outcomes: Sequence[Outcome], counts: Mapping[str, Any]) -> str:
    done = Counter(outcome.decision.action for outcome in outcomes if not outcome.error)
    parts = [f"{done[action]:,} {_DONE[action]}" for action in Action if done[action]]
    if counts["pending"]:
        parts.append(f"{counts['pending']:,} of them still on the way")
    if counts["failed"]:
        parts.append(f"{counts['failed']:,} failed")
    return ", ".join(parts)


def failure(found: Found, fail_on: FailOn) -> Optional[str]:
    """Why the task is to fail, or ``None``."""
    if fail_on is FailOn.NEVER or _GRAVITY.index(found.status) < _GRAVITY.index(_FAILS_FROM[fail_on]):
        return None
    if found.breach:
        return found.breach
    if found.failed:
        first = found.failed[0]
        more = f" (and {len(found.failed) - 1:,} more)" if len(found.failed) > 1 else ""
        return f"{_could_not(first)}{more}"
    worst = [*found.all_problems, *found.unseen]
    more = f" (and {len(worst) - 1:,} more)" if len(worst) > 1 else ""
    return f"fail_on is {fail_on.value}: {worst[0]}{more}"


def _could_not(outcome: Outcome) -> str:
    action, what = outcome.decision.action, place_of(outcome.decision.resource)
    if outcome.done and action is not None:
        return f"{_DONE[action]} {what}, but {outcome.error}"
    return f"could not {action.value if action is not None else 'tag'} {what}: {outcome.error}"


def result(found: Found, most: int) -> Entry:
    """The part of the result that every run has. Lists are cut at ``most``, and ``truncated`` says by how many."""
    lists: Dict[str, List[Any]] = {
        "plan": plan_entries(found),
        "actions": action_entries(found),
        "not_touched": not_touched_entries(found),
        "next_edges": next_edge_entries(found),
        "problems": [*found.all_problems, *found.unseen],
    }
    return {
        "schema": SCHEMA,
        "status": found.status.value,
        "summary": summary(found),
        **{name: entries[:most] for name, entries in lists.items()},
        "truncated": {name: len(entries) - most for name, entries in lists.items() if len(entries) > most},
    }
