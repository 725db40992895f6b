# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What our own tags on a resource say: which edge was followed, and whose word that is.

``ScheduleState`` (after the tag ``Schedule``) holds one of

- ``stopped 2026-11-28T18:00:00Z``: the edge of that instant was followed, and the resource was seen stopped;
- ``running until 2026-12-01T17:00:00Z``: an override was followed;
- ``running``: a schedule that has no edge was followed (``always``, ``never``);

each with ``retained`` behind it where the resource was left as it was all the same: a person's start is kept
(``retain_running``), or the edge of a stop-only or start-only schedule was not meant for it. ``ScheduleStateOf`` holds the id of
the resource that this is the state of: tags are copied to clones, and a clone has no state yet.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Iterable, List, Mapping, NamedTuple, Optional

from .model import Kind, Resource, State, Wanted

RETAINED = " retained"
_STATE = re.compile(
    r"(running|stopped)(?: (until )?([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z))?( retained)?"
)


class TagNames(NamedTuple):
    """The names of the tags of a schedule, all made of the first."""

    schedule: str
    state: str
    owner: str
    override: str
    kept: str


def tag_names(tag: str) -> TagNames:
    """The names of all tags that belong to the tag of a schedule."""
    return TagNames(tag, f"{tag}State", f"{tag}StateOf", f"{tag}Override", f"{tag}Kept")


class StateTag(NamedTuple):
    """What a state tag says. ``at`` is the edge that was followed, ``until`` the end of the override that was."""

    wanted: Wanted
    at: Optional[datetime] = None
    until: Optional[datetime] = None
    retained: bool = False

    def __str__(self) -> str:
        """The text of the tag: equal values have equal texts."""
        text = self.wanted.value
        if self.until is not None:
            text += f" until {utc_text(self.until)}"
        elif self.at is not None:
            text += f" {utc_text(self.at)}"
        return text + RETAINED if self.retained else text


def utc_text(at: datetime) -> str:
    """An instant as it stands in tags: UTC, whole seconds, four digits of year."""
    return at.astimezone(timezone.utc).isoformat(timespec="seconds")[:19] + "Z"


def parse_state(text: str) -> Optional[StateTag]:
    """The state tag of that text, or ``None`` for what we have not written."""
    found = _STATE.fullmatch(text)
    if found is None:
        return None
    word, until, instant, retained = found.groups()
    try:
        at = datetime.fromisoformat(instant[:-1]).replace(tzinfo=timezone.utc) if instant else None
    except ValueError:  # the 31st of February
        return None
    wanted = Wanted(word)
    return StateTag(wanted, None, at, bool(retained)) if until else StateTag(wanted, at, None, bool(retained))


def own_state(resource: Resource, names: TagNames) -> str:
    """The text of the resource's state tag; empty when it has none, or one that was copied from another resource."""
    tags: Mapping[str, str] = resource.tags
    return tags.get(names.state, "") if tags.get(names.owner) == resource.id else ""


def perhaps_restarted(resources: Iterable[Resource], tag: str) -> List[Resource]:
    """The databases and clusters that run although they were stopped by us: a person's doing, or that of AWS."""
    names = tag_names(tag)
    return [
        each
        for each in resources
        if each.kind in (Kind.RDS, Kind.CLUSTER)
        and each.state is State.RUNNING
        and own_state(each, names).startswith(Wanted.STOPPED.value)
    ]
