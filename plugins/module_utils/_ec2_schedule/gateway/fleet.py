# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the fleet: every account and region at the same time, with as few calls as AWS allows.

What cannot be read is told by account, region and kind, and does not keep the rest from being read: the resources that were
not seen are left alone, since nobody decides about them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import (
    Any,
    Callable,
    Coroutine,
    Dict,
    FrozenSet,
    List,
    Mapping,
    Optional,
    Protocol,
    Sequence,
    Set,
    Tuple,
    TypeVar,
)

from ..._aws.gateway.sender import Guard, Sender
from ..._aws.model import AwsError, Request
from ..._common.errors import Day2Error, GatewayError
from .. import answers, databases, requests, scaling
from ..answers import Page
from ..model import Kind, Resource
from .accounts import Refused

EVERY_REGION = "all"
Key = Tuple[str, str, str, str]
OnProgress = Callable[[int, int], None]
T = TypeVar("T")

_DATABASES = frozenset((Kind.RDS, Kind.CLUSTER))
# What the services say in a region that is not switched on for the account. They say it of wrong keys too, but those have
# worked a moment ago, for the account was found out with them.
_NOT_HERE = frozenset(("AuthFailure", "InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException"))
_SOURCES = {Kind.RDS: "db-instance", Kind.CLUSTER: "db-cluster"}


class ByAccount(Protocol):
    """The accounts of a run."""

    @property
    def clients(self) -> Mapping[str, Sender]:
        """By account id."""

    @property
    def refused(self) -> List[Refused]:
        """What could not be read."""

    @property
    def region(self) -> str:
        """The region of the credentials."""


@dataclass
class Fleet:
    """All resources that carry the tag, in the order of their keys, and what could not be read."""

    resources: List[Resource]
    refused: List[Refused]


async def read_fleet(
    accounts: ByAccount,
    kinds: FrozenSet[Kind],
    regions: Sequence[str],
    tag: str,
    on_progress: OnProgress = lambda done, total: None,
) -> Fleet:
    """Every resource of these kinds that carries the tag.

    :param regions: ``("all",)`` for those that are switched on in each account; none for that of the credentials.
    :param on_progress: called with how many pairs of region and kind are done, and how many there are.
    """
    fleet = Fleet([], [])
    senders = {account: Guard(client) for account, client in accounts.clients.items()}
    places = await _places(senders, accounts.region, regions, fleet)
    total, done = len(places) * len(kinds), 0
    on_progress(done, total)

    async def read(place: "_Place", kind: Kind) -> None:
        nonlocal done
        try:
            fleet.resources += await place.read(kind)
        except GatewayError as error:
            fleet.refused.append(Refused(place.account, place.region, kind, _explained(error)))
        done += 1
        on_progress(done, total)

    work = []
    for account, region in places:
        place = _Place(senders[account], account, region, tag)
        work += [read(place, kind) for kind in sorted(kinds)]
    await _all(work)
    fleet.resources.sort(key=lambda each: each.key)  # the same plan whichever answer came first
    fleet.refused = _without_repeats(fleet.refused)
    return fleet


async def look(client: Sender, resources: Sequence[Resource]) -> Dict[Key, Resource]:
    """The same resources as they are now; those that do not exist any more are missing.

    :raises GatewayError: when AWS does not tell.
    """
    groups: Dict[Tuple[str, str, Kind], List[str]] = {}
    for resource in resources:
        groups.setdefault((resource.account, resource.region, resource.kind), []).append(resource.id)
    found = await _all(
        [_Place(client, account, region, "").look(kind, ids) for (account, region, kind), ids in groups.items()]
    )
    return {resource.key: resource for some in found for resource in some}


async def restarted_by_aws(accounts: ByAccount, suspects: Sequence[Resource]) -> FrozenSet[Key]:
    """Those of the databases and clusters that AWS itself started last, since they had been stopped for seven days.

    What cannot be found out is added to the accounts' ``refused``: such a database is taken to be somebody's start.
    """

    async def ask(resource: Resource) -> Optional[Key]:
        place = _Place(accounts.clients[resource.account], resource.account, resource.region, "")
        try:
            return resource.key if await place.was_restarted(resource) else None
        except GatewayError as error:
            said = f"whether AWS has started {resource.id} itself is not known, so that it counts as somebody's start"
            why = f"{said}: {_explained(error)}"
            accounts.refused.append(Refused(resource.account, resource.region, resource.kind, why))
            return None

    asked = [ask(each) for each in suspects if each.kind in _SOURCES and each.account in accounts.clients]
    return frozenset(key for key in await _all(asked) if key is not None)


class _Place:
    """One account in one region."""

    def __init__(self, sender: Sender, account: str, region: str, tag: str) -> None:
        self.account = account
        self.region = region
        self._sender = sender
        self._tag = tag
        self._databases: "Optional[asyncio.Future[Dict[str, Resource]]]" = None

    # --- everything with the tag --------------------------------------------------------------------------------------

    async def read(self, kind: Kind) -> List[Resource]:
        """All resources of a kind that carry the tag.

        :raises GatewayError: when not all of them can be had.
        """
        if kind is Kind.EC2:
            return await self._pages(
                lambda token: requests.describe_instances(self.region, self._tag, token), answers.instances
            )
        if kind is Kind.ASG:
            groups = await self._pages(
                lambda token: requests.describe_groups(self.region, self._tag, token), scaling.groups
            )
            return await self._with_instances(groups)
        if kind is Kind.NODEGROUP:
            return self._tagged(await self._node_groups())
        if kind is Kind.RDS:
            return self._tagged((await self._all_databases()).values())
        return await self._with_members(
            self._tagged(
                await self._pages(lambda marker: requests.describe_clusters(self.region, marker), databases.clusters)
            )
        )

    def _tagged(self, resources: Any) -> List[Resource]:
        return [each for each in resources if self._tag in each.tags]

    async def _all_databases(self) -> Dict[str, Resource]:
        """The database instances by id, asked once for both kinds that need them."""
        if self._databases is None:
            pages = self._pages(lambda marker: requests.describe_databases(self.region, marker), databases.databases)
            self._databases = asyncio.ensure_future(_by_id(pages))
        return await asyncio.shield(self._databases)

    async def _with_members(self, clusters: List[Resource]) -> List[Resource]:
        """The clusters with what they consist of: for their price only, so that they are not lost without it."""
        if not clusters:
            return clusters
        try:
            instances = await self._all_databases()
        except GatewayError:
            return clusters
        return [databases.with_members(cluster, instances) for cluster in clusters]

    async def _node_groups(self) -> List[Resource]:
        clusters = await self._names(lambda token: requests.list_clusters(self.region, token), scaling.cluster_names)
        found = await _all([self._node_groups_of(cluster) for cluster in clusters])
        return [each for some in found for each in some]

    async def _node_groups_of(self, cluster: str) -> List[Resource]:
        names = await self._names(
            lambda token: requests.list_node_groups(self.region, cluster, token), scaling.node_group_names
        )
        found = await _all([self._node_group(cluster, name) for name in names])
        return [each for each in found if each is not None]

    async def _node_group(self, cluster: str, name: str) -> Optional[Resource]:
        request = requests.describe_node_group(self.region, cluster, name)
        try:
            return await self._ask(request, lambda body: scaling.node_group(body, self.account, self.region))
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None  # deleted between the two calls
            raise

    async def _with_instances(self, groups: List[Resource]) -> List[Resource]:
        """The groups with the state of their instances, where their sizes do not tell it."""
        still = [group for group in groups if scaling.stands_still(group)]
        if not still:
            return groups
        ids = [each for group in still for each in group.members]
        instances = {each.id: each for each in await self._instances(ids)}
        return [
            scaling.with_instances(group, (instances[each] for each in group.members if each in instances))
            if scaling.stands_still(group)
            else group
            for group in groups
        ]

    # --- some, by their ids -------------------------------------------------------------------------------------------

    async def look(self, kind: Kind, ids: Sequence[str]) -> List[Resource]:
        """Resources of a kind by their ids; those that do not exist are missing.

        :raises GatewayError: when AWS does not tell.
        """
        if kind is Kind.EC2:
            return await self._instances(ids)
        if kind is Kind.NODEGROUP:
            parts = [each.partition("/") for each in ids]
            found = await _all([self._node_group(cluster, name) for cluster, _slash, name in parts])
            return [each for each in found if each is not None]
        some = await _all([self._named(kind, chunk) for chunk in _chunks(ids, requests.NAMES)])
        resources = [each for chunk in some for each in chunk]
        return await self._with_instances(resources) if kind is Kind.ASG else resources

    async def _named(self, kind: Kind, ids: Sequence[str]) -> List[Resource]:
        if kind is Kind.ASG:
            return await self._pages(lambda token: requests.look_at_groups(self.region, ids, token), scaling.groups)
        if kind is Kind.RDS:
            return await self._pages(
                lambda marker: requests.describe_databases(self.region, marker, ids), databases.databases
            )
        return await self._pages(
            lambda marker: requests.describe_clusters(self.region, marker, ids), databases.clusters
        )

    async def _instances(self, ids: Sequence[str]) -> List[Resource]:
        found = await _all([self._some_instances(chunk) for chunk in _chunks(ids, requests.IDS)])
        return [each for chunk in found for each in chunk]

    async def _some_instances(self, ids: Sequence[str]) -> List[Resource]:
        """Instances by id. One that EC2 does not know any more fails the call, and is left out of the next."""
        while ids:
            request = requests.look_at_instances(self.region, ids)
            try:
                return (
                    await self._ask(request, lambda body: answers.instances(body, self.account, self.region))
                ).resources
            except AwsError as error:
                unknown = set(answers.unknown_ids(error.cause)).intersection(ids)
                if error.code != "InvalidInstanceID.NotFound" or not unknown:
                    raise
                ids = [each for each in ids if each not in unknown]
        return []

    async def was_restarted(self, resource: Resource) -> bool:
        """Whether AWS itself started a database last.

        :raises GatewayError: when it does not tell.
        """
        source = _SOURCES[resource.kind]
        happened: List[databases.Event] = []

        def keep(body: bytes) -> str:
            page = databases.events(body)
            happened.extend(page.events)
            return page.token

        await self._follow(lambda marker: requests.describe_events(self.region, source, resource.id, marker), keep)
        return databases.was_started_by_aws(happened)

    # --- calls --------------------------------------------------------------------------------------------------------

    async def _pages(
        self, request: Callable[[str], Request], parse: Callable[[bytes, str, str], Page]
    ) -> List[Resource]:
        resources: List[Resource] = []

        def keep(body: bytes) -> str:
            page = parse(body, self.account, self.region)
            resources.extend(page.resources)
            return page.token

        await self._follow(request, keep)
        return resources

    async def _names(self, request: Callable[[str], Request], parse: Callable[[bytes], scaling.Names]) -> List[str]:
        names: List[str] = []

        def keep(body: bytes) -> str:
            page = parse(body)
            names.extend(page.names)
            return page.token

        await self._follow(request, keep)
        return names

    async def _follow(self, request: Callable[[str], Request], keep: Callable[[bytes], str]) -> None:
        """Ask for page after page; ``keep`` tells the token of the next."""
        token = ""
        seen: Set[str] = set()
        while True:
            page = request(token)
            token = await self._ask(page, keep)
            if not token:
                return
            if token in seen:
                raise GatewayError(page.action, page.target, "the same page again")
            seen.add(token)

    async def _ask(self, request: Request, parse: Callable[[bytes], T]) -> T:
        response = await self._sender.send(request)
        try:
            return parse(response.body)
        except GatewayError:
            raise
        except Day2Error as error:
            raise GatewayError(request.action, request.target, str(error)) from error


async def _places(
    senders: Mapping[str, Sender], region: str, regions: Sequence[str], fleet: Fleet
) -> List[Tuple[str, str]]:
    """Every account with every region in which it is read."""
    if EVERY_REGION not in regions:
        return [(account, each) for account in senders for each in (dict.fromkeys(regions) or (region,))]

    async def enabled(account: str) -> List[Tuple[str, str]]:
        place = _Place(senders[account], account, region, "")
        try:
            found = await place._ask(requests.describe_regions(region), answers.regions)
        except GatewayError as error:
            fleet.refused.append(Refused(account, "", None, f"its regions are not known: {_explained(error)}"))
            return []
        return [(account, each) for each in found]

    return [place for some in await _all([enabled(account) for account in senders]) for place in some]


async def _by_id(pages: "Coroutine[Any, Any, List[Resource]]") -> Dict[str, Resource]:
    return {each.id: each for each in await pages}


async def _all(work: "Sequence[Coroutine[Any, Any, T]]") -> List[T]:
    """All results; when one fails, nothing of the others is left running."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _chunks(ids: Sequence[str], size: int) -> List[Sequence[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def _explained(error: GatewayError) -> str:
    if isinstance(error, AwsError) and error.code in _NOT_HERE:
        return f"{error} (is the region switched on for this account?)"
    return str(error)


def _without_repeats(refused: Sequence[Refused]) -> List[Refused]:
    """Credentials that have expired fail everything of an account in the same way: that is told once."""
    seen: Set[Tuple[str, str]] = set()
    kept: List[Refused] = []
    for each in sorted(refused, key=lambda each: (each.account, each.region, each.kind.value if each.kind else "")):
        if "ExpiredToken" in each.message:
            if (each.account, "ExpiredToken") in seen:
                continue
            seen.add((each.account, "ExpiredToken"))
            each = each._replace(region="", kind=None)
        kept.append(each)
    return kept
