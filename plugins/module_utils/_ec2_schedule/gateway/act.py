# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Doing what was decided: keep, act, look, and only then mark.

Every account and region by itself and at the same time. A run may be killed anywhere in it: what was not marked is decided
again by the next run, which finds what was done, and does the rest.
"""

from __future__ import annotations

import asyncio
from typing import Awaitable, Callable, Dict, List, Mapping, Protocol, Sequence, Tuple

from ..._aws.gateway.sender import Sender
from ..._common.errors import GatewayError
from ..calls import change_database
from ..groups import GROUPS
from ..model import Action, AsgMethod, Decision, Kind, Resource
from ..outcome import Outcome
from ..state import TagNames, tag_names
from ..verify import IN_THE_WAY, Seen, Verdict, is_half_started, is_under_way
from .change import ask
from .fleet import look
from .groups import Acted, act_on_group
from .instances import act_on_all
from .mark import write_marks
from .watch import Patience, watch

Key = Tuple[str, str, str, str]
_TAKES_MINUTES = frozenset((Kind.RDS, Kind.CLUSTER, Kind.NODEGROUP))  # a later run sees it arrive


class ByAccount(Protocol):
    """The accounts of a run."""

    @property
    def clients(self) -> Mapping[str, Sender]:
        """By account id."""


async def carry_out(
    accounts: ByAccount,
    decisions: Sequence[Decision],
    tag: str,
    asg_method: str,
    wait_seconds: float,
    monotonic: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> List[Outcome]:
    """Do it, and tell what became of every decision that has an action or a mark, in their order.

    :param wait_seconds: for how long instances are looked at that are on their way.
    """
    places: Dict[Tuple[str, str], List[Decision]] = {}
    for decision in decisions:
        if decision.action is not None or decision.mark:
            resource = decision.resource
            places.setdefault((resource.account, resource.region), []).append(decision)
    names, patience = tag_names(tag), Patience(wait_seconds, monotonic, sleep)
    method = AsgMethod(asg_method)
    done = await asyncio.gather(
        *(
            _Place(accounts.clients[account], names, method, patience, on_outcome).carry_out(here)
            for (account, _region), here in places.items()
        )
    )
    found = {outcome.decision.resource.key: outcome for here in done for outcome in here}
    return [found[each.resource.key] for each in decisions if each.resource.key in found]


class _Place:
    """One account in one region."""

    def __init__(
        self,
        client: Sender,
        names: TagNames,
        method: AsgMethod,
        patience: Patience,
        on_outcome: Callable[[Outcome], None],
    ) -> None:
        self._client = client
        self._names = names
        self._method = method
        self._patience = patience
        self._on_outcome = on_outcome
        self._outcomes: List[Outcome] = []

    async def carry_out(self, decisions: Sequence[Decision]) -> List[Outcome]:
        """All decisions of the place."""
        instances: List[Decision] = []
        groups: List[Decision] = []
        slow: List[Decision] = []
        only_marks: List[Decision] = []
        for decision in decisions:
            kind = decision.resource.kind
            if decision.action is None and not is_half_started(decision.resource, decision.mark, self._names):
                only_marks.append(decision)
            elif kind is Kind.EC2:
                instances.append(decision)
            else:
                (slow if kind in _TAKES_MINUTES else groups).append(decision)
        await asyncio.gather(
            self._mark([Outcome(each, done=True) for each in only_marks]),
            self._instances(instances),
            *map(self._slow, slow),
            self._groups(groups),
        )
        return self._outcomes

    async def _instances(self, decisions: Sequence[Decision]) -> None:
        if not decisions:
            return
        wanted: Dict[Action, List[Resource]] = {}
        for decision in decisions:
            if decision.action is not None:
                wanted.setdefault(decision.action, []).append(decision.resource)
        changed = await act_on_all(self._client, wanted)
        seen = await watch(self._client, changed.to_see, self._patience)
        await self._conclude(decisions, seen, changed.errors, changed.notes)

    async def _groups(self, decisions: Sequence[Decision]) -> None:
        """Auto Scaling groups: emptied at once as far as their sizes go, so that one look is enough."""
        if not decisions:
            return
        acted = await asyncio.gather(*map(self._group, decisions))
        errors: Dict[Key, str] = {}
        to_see: List[Tuple[Resource, Action]] = []
        arrived: Dict[Key, Seen] = {}
        for decision, became in zip(decisions, acted):
            resource, action = decision.resource, decision.action or Action.START
            if became.error:
                errors[resource.key] = became.error
            elif became.arrived is None:
                to_see.append((resource, action))
            else:
                arrived[resource.key] = Seen(Verdict.FINAL if became.arrived else Verdict.PENDING, "")
        seen = await watch(self._client, to_see, self._patience)
        await self._conclude(decisions, {**arrived, **seen}, errors, {})

    async def _group(self, decision: Decision) -> Acted:
        action = decision.action or Action.START  # one that is half started
        again = not decision.mark  # its edge was followed, and is marked
        return await act_on_group(
            self._client, decision.resource, action, self._method, self._names, self._patience, again
        )

    async def _slow(self, decision: Decision) -> None:
        """What takes minutes is not waited for: the run that sees it arrived writes the mark."""
        resource, action = decision.resource, decision.action or Action.STOP
        if resource.kind in GROUPS:
            acted = await self._group(decision)
            error, code = acted.error, acted.code
        else:
            error, code = await ask(self._client, resource, change_database(resource, action))
        if code in IN_THE_WAY and await self._is_under_way(resource, action):
            error = ""
        self._tell(Outcome(decision, done=not error, pending=not error, error=error))

    async def _is_under_way(self, resource: Resource, action: Action) -> bool:
        """Whether what stands in the way is what was asked: by another run, or by this one, to which the answer was lost."""
        try:
            now = (await look(self._client, [resource])).get(resource.key)
        except GatewayError:
            return False
        return now is not None and is_under_way(action, now)

    async def _conclude(
        self,
        decisions: Sequence[Decision],
        seen: Mapping[Key, Seen],
        errors: Mapping[Key, str],
        notes: Mapping[Key, str],
    ) -> None:
        """From what was said and seen to outcomes; those that have arrived are marked."""
        arrived: List[Outcome] = []
        for decision in decisions:
            key = decision.resource.key
            error, note, what = errors.get(key, ""), notes.get(key, ""), seen.get(key)
            word = what.state if what is not None else ""
            if what is not None and what.verdict is Verdict.FINAL:
                arrived.append(Outcome(decision, done=True, note=note, seen=word))
            elif error or what is None:
                self._tell(Outcome(decision, done=False, error=error or "it was not acted on", note=note, seen=word))
            elif what.verdict is Verdict.FAILED:
                self._tell(Outcome(decision, done=False, error=what.why, note=note, seen=word))
            else:
                note = "; ".join(part for part in (note, what.why) if part)
                self._tell(Outcome(decision, done=False, pending=True, note=note, seen=word))
        await self._mark(arrived)

    async def _mark(self, outcomes: Sequence[Outcome]) -> None:
        """Write the state tags of what is as it should be."""
        marks = [(each.decision.resource, each.decision.mark) for each in outcomes if each.decision.mark]
        errors = await write_marks(self._client, marks, self._names) if marks else {}
        for outcome in outcomes:
            why = errors.get(outcome.decision.resource.key, "")
            self._tell(
                outcome._replace(error=f"its tag {self._names.state} was not written: {why}") if why else outcome
            )

    def _tell(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._on_outcome(outcome)
