# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done, from what shall be and what is."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence

from .._common.errors import Day2Error
from .._common.plan import Change, Plan
from .model import MARK, ORDER, Do, Part, PartKind, Settings, Step

Found = Mapping[PartKind, Optional[Settings]]
_SECRET = "environment"  # values of variables may be secrets: only their names are shown


def make_plan(wanted: Sequence[Part], found: Found, names: Mapping[PartKind, str], owner: str) -> List[Step]:
    """The steps, in the order in which they can be made. None when everything is as it shall be.

    What is found and not wanted is removed, last and in the opposite order: the parts that use it come first.

    :param found: what was looked at; ``None`` for a part that does not exist.
    :param owner: the value of the tag that says that a part is ours.
    :raises Day2Error: when a part exists that is somebody else's.
    """
    foreign = [kind for kind in ORDER if not _is_ours(kind, found.get(kind), owner)]
    if foreign:
        listed = ", ".join(f"the {kind.value} {names[kind]}" for kind in foreign)
        raise Day2Error(
            f"not made by this module for this name, and left alone: {listed} (no tag {MARK}={owner});"
            " give another name, or remove what is in the way"
        )
    steps = []
    for part in sorted(wanted, key=lambda part: ORDER.index(part.kind)):
        before = found.get(part.kind)
        changed = different(before, part.settings)
        if changed:
            do = Do.MODIFY if before is not None else Do.CREATE
            steps.append(Step(do, part.kind, part.name, before, part.settings, changed))
    kept = {part.kind for part in wanted}
    for kind in reversed(ORDER):
        before = found.get(kind)
        if kind not in kept and before is not None:
            steps.append(Step(Do.REMOVE, kind, names[kind], before, None, frozenset(before)))
    return steps


def _is_ours(kind: PartKind, settings: Optional[Settings], owner: str) -> bool:
    if settings is None:
        return True
    if kind is PartKind.SCHEDULE:  # has no tags
        return bool(settings["description"] == owner_sentence(owner))
    return bool(settings["tags"].get(MARK) == owner)


def owner_sentence(owner: str) -> str:
    """The description that says that a schedule is ours."""
    return f"Runs the function of {MARK}={owner}"


def different(before: Optional[Settings], after: Settings) -> FrozenSet[str]:
    """The aspects in which a part is not as it shall be; those that only ``before`` has do not matter."""
    return frozenset(name for name, value in after.items() if before is None or before.get(name) != value)


def as_plan(steps: Sequence[Step]) -> Plan:
    """The steps as the changes that check mode and the diff show. Secrets do not occur in it."""
    return Plan(tuple(change for step in steps for change in _changes(step)))


def _changes(step: Step) -> List[Change]:
    resource = f"{step.kind.value} {step.name}"
    if step.do is not Do.MODIFY:
        shown = _shown(step.before, None), _shown(step.after, None)
        return [Change(resource, "existence", *shown, reason=step.do.value)]
    before, after = _shown(step.before, step.after), _shown(step.after, step.before)
    if before is None or after is None:
        raise AssertionError(f"{resource}: a part that is modified is there before and after")
    return [
        Change(resource, aspect, before.get(aspect), after.get(aspect), reason=step.do.value)
        for aspect in sorted(step.changed)
    ]


def _shown(settings: Optional[Settings], other: Optional[Settings]) -> Optional[Dict[str, Any]]:
    """Settings without the values of environment variables; it can still be seen which of them change."""
    if settings is None:
        return None
    shown = dict(settings)
    variables = settings.get(_SECRET)
    if variables:
        others = (other or {}).get(_SECRET) or {}
        shown[_SECRET] = {
            name: "(another value)" if name in others and others[name] != value else "(not shown)"
            for name, value in variables.items()
        }
    return shown
