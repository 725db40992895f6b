# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the questions to the facts: every bucket is asked what is to be known of it, many calls at a time.

A fixed number of workers takes steps from one queue: a step is one call, or two or three that depend on each other.
The steps of the next bucket enter the queue when it is empty, so the number of half-finished buckets never exceeds
the number of workers by more than one, and a single bucket still keeps many connections busy. Nothing that goes wrong
with one call ends the run: the fact is ``Unknown``, with its reason.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Callable, Coroutine, Deque, Dict, List, Optional, Tuple

from ..._aws.caller_identity import Identity
from ..._aws.gateway.sender import Guard, Sender
from ..._aws.gateway.whoami import identify
from ..._aws.model import AwsError
from ..._common.errors import Day2Error
from .. import parse, requests
from ..asked import Asked
from ..evidence import after_inventory
from ..model import (
    AccountFacts,
    BucketFacts,
    Fact,
    ObjectEvidence,
    PublicAccessBlock,
    Question,
    Unknown,
)
from ..parse import NOT_CONFIGURED, BucketEntry
from ..reasons import Deleted, why
from ..selection import Selection
from .inventory import read_inventory
from .keys import Keys
from .listing import Listing
from .objects import Sampler
from .workers import Workers, end

OnAccount = Callable[[AccountFacts], None]
OnBucket = Callable[[BucketFacts], None]
OnProgress = Callable[[int, int, bool], None]


@dataclass(frozen=True)
class Collected:
    """What became of it. ``incomplete`` is why there may be more buckets than those that were reported."""

    account: AccountFacts
    buckets: int
    incomplete: Optional[Unknown] = None


async def account_facts(sender: Sender, region: str, identity: Identity, ask_block: bool) -> AccountFacts:
    """What is to be known of the account itself."""
    if not ask_block:
        return AccountFacts(identity.account, identity.partition)
    request = requests.account_block(identity.account, region)
    block: Fact[Optional[PublicAccessBlock]]
    try:
        block = parse.account_block((await sender.send(request)).body)
    except AwsError as error:
        missing = error.code == "NoSuchPublicAccessBlockConfiguration"
        block = None if missing else why(error, request.action, requests.ACCOUNT_BLOCK_PERMISSION)
    except Day2Error as error:
        block = why(error, request.action)
    return AccountFacts(identity.account, identity.partition, block)


async def collect(
    client: Sender,
    region: str,
    asked: Asked,
    selection: Selection,
    *,
    concurrency: int,
    rng: Random,
    now: datetime,
    on_account: OnAccount,
    on_bucket: OnBucket,
    on_progress: OnProgress,
    identity: Optional[Identity] = None,
) -> Collected:
    """Ask about every selected bucket and hand each over as soon as its last answer is in.

    ``on_account`` is called once, before the first ``on_bucket``. Buckets come in the order in which they are
    finished, which differs from run to run: sort by name what is to be reproducible. A bucket that was spelled out
    and does not exist, and one of which it cannot be told whether it is selected, come with every fact unknown.

    :param region: where the account as a whole is asked (listing, identity, public access block).
    :param rng: chooses the sample of objects.
    :param now: aware; judges the age of inventory reports.
    :param on_progress: called with the numbers of finished and of known buckets, and whether the latter is final.
    :param identity: when it is already known; else it costs one call.
    :raises GatewayError: when the credentials do not work or the account's buckets cannot be listed.
    """
    sender = Guard(client)
    listing = Listing(sender, region, selection)

    async def account() -> AccountFacts:
        who = identity or await identify(sender, region)
        return await account_facts(sender, region, who, asked.account_block)

    async def first_page() -> List[BucketEntry]:
        return [] if listing.done else await listing.next()

    facts, page = await _both(account(), first_page())
    on_account(facts)
    run = _Run(sender, region, asked, selection, listing, facts, rng, now, on_bucket, on_progress)
    await run.all(page, concurrency)
    return Collected(facts, run.finished, listing.incomplete)


async def _both(
    first: "Coroutine[Any, Any, AccountFacts]", second: "Coroutine[Any, Any, List[BucketEntry]]"
) -> Tuple[AccountFacts, List[BucketEntry]]:
    """Both results; when one fails, nothing of the other is left running."""
    tasks = (asyncio.ensure_future(first), asyncio.ensure_future(second))
    try:
        return await asyncio.gather(*tasks)
    finally:
        await end(tasks)


@dataclass
class _Bucket:
    """A bucket while its answers come in."""

    name: str
    region: str
    left: int = 0  # questions without an answer
    facts: Dict[str, Any] = field(default_factory=dict)
    void: Optional[Unknown] = None  # why none of its facts is of use


class _Run:
    """The buckets that are under way, and what is to be asked of each."""

    def __init__(
        self,
        sender: Sender,
        region: str,
        asked: Asked,
        selection: Selection,
        listing: Listing,
        account: AccountFacts,
        rng: Random,
        now: datetime,
        on_bucket: OnBucket,
        on_progress: OnProgress,
    ) -> None:
        self._sender = sender
        self._region = region
        self._asked = asked
        self._selection = selection
        self._listing = listing
        self._account = account
        self._now = now
        self._on_bucket = on_bucket
        self._on_progress = on_progress
        questions = set(asked.questions)
        if Question.KMS_KEY in questions:
            questions.add(Question.ENCRYPTION)  # which says what key there is to ask about
        # Those that others wait for, or that take several steps, come first.
        first = (Question.ENCRYPTION, Question.OBJECTS)
        self._questions = tuple(sorted(questions, key=lambda one: (one not in first, one.value)))
        self._fields = tuple(requests.FIELDS[question] for question in self._questions)
        self._workers = Workers(self._refill, lambda: self._page is not None)
        self._push = push = self._workers.push
        self._keys = Keys(sender, account.account, account.partition, asked.key_details, push)
        self._sampler = Sampler(sender, asked.sample_objects, asked.acceptable, rng, push)
        self._fresh: Deque[BucketEntry] = deque()
        self._page: "Optional[asyncio.Future[List[BucketEntry]]]" = None
        self._known = 0
        self.finished = 0

    async def all(self, first_page: List[BucketEntry], concurrency: int) -> None:
        """Work until every bucket is finished."""
        self._take(first_page)
        try:
            await self._workers.run(concurrency)
        finally:
            if self._page is not None:
                await end((self._page,))
        for name in self._listing.absent:
            self._known += 1
            self._give_up(_Bucket(name, ""), self._why_absent())

    def _why_absent(self) -> Unknown:
        doubt = self._listing.incomplete
        if doubt is None:
            return Unknown(f"there is no such bucket in account {self._account.account}")
        return Unknown(f"it is not among the buckets listed, and the list is incomplete: {doubt.reason}")

    def _refill(self) -> bool:
        """Start the next bucket, or take in the next page if it has come."""
        if self._fresh:
            self._start(self._fresh.popleft())
        elif self._page is not None and self._page.done():
            page, self._page = self._page, None
            self._take(page.result())
        else:
            return False
        return True

    def _take(self, page: List[BucketEntry]) -> None:
        """Take in a page of the listing and have the next one fetched meanwhile."""
        self._fresh.extend(page)
        self._known += len(page)
        if not self._listing.done:
            self._page = asyncio.ensure_future(self._listing.next())
            self._page.add_done_callback(lambda _page: self._workers.wake(1))

    # --- one bucket --------------------------------------------------------------------------------------------------

    def _start(self, entry: BucketEntry) -> None:
        bucket = _Bucket(entry.name, entry.region)
        if not bucket.region:
            self._push(partial(self._locate, bucket))
        elif self._selection.tags:
            self._push(partial(self._select_by_tags, bucket))
        else:
            self._inquire(bucket)

    async def _locate(self, bucket: _Bucket) -> None:
        """Find out where a bucket is of which the listing does not tell it."""
        request = requests.head_bucket(bucket.name, self._region, self._account.account)
        try:
            bucket.region = (await self._sender.send(request)).headers.get("x-amz-bucket-region", "")
        except AwsError as error:
            if error.status == 404:
                self._give_up(bucket, Unknown("there is no such bucket (s3:HeadBucket: 404)"))
                return
        except Day2Error:
            pass  # the next call may do better; if not, its error is the reason
        if not bucket.region:
            request = requests.bucket_location(bucket.name, self._region, self._account.account)
            try:
                bucket.region = parse.location((await self._sender.send(request)).body)
            except Day2Error as error:
                self._give_up(bucket, Unknown(f"its region cannot be told: {why(error, request.action).reason}"))
                return
        if not self._selection.places(bucket.region):
            self._leave_out()
        elif self._selection.tags:
            await self._select_by_tags(bucket)
        else:
            self._inquire(bucket)

    async def _select_by_tags(self, bucket: _Bucket) -> None:
        tags = await self._answer_to(Question.TAGS, bucket)
        if isinstance(tags, Unknown):
            self._give_up(bucket, Unknown(f"whether its tags select it cannot be told: {tags.reason}"))
        elif self._selection.tagged(tags):
            bucket.facts["tags"] = tags
            self._inquire(bucket)
        else:
            self._leave_out()

    def _inquire(self, bucket: _Bucket) -> None:
        """Queue the questions of a bucket that is certainly meant."""
        questions = [question for question in self._questions if requests.FIELDS[question] not in bucket.facts]
        bucket.left = len(questions)
        for question in questions:
            if question is Question.OBJECTS:
                self._push(partial(self._ask_objects, bucket))
            elif question is not Question.KMS_KEY:
                self._push(partial(self._ask, question, bucket))
        if not questions:
            self._finish(bucket)

    async def _ask(self, question: Question, bucket: _Bucket) -> None:
        fact = bucket.void or await self._answer_to(question, bucket)
        if question is Question.ENCRYPTION and Question.KMS_KEY in self._questions:
            self._keys.want(fact, bucket.region, partial(self._answered, bucket, "kms_key"))
        self._answered(bucket, requests.FIELDS[question], fact)

    async def _answer_to(self, question: Question, bucket: _Bucket) -> Any:
        request = requests.bucket_request(question, bucket.name, bucket.region)
        try:
            return parse.fact_of(question, (await self._sender.send(request)).body)
        except AwsError as error:
            key = (question, error.code)
            if key in NOT_CONFIGURED:
                return NOT_CONFIGURED[key]
            return why(error, request.action, requests.BUCKET_CALLS[question].permission)
        except Day2Error as error:
            return why(error, request.action)

    async def _ask_objects(self, bucket: _Bucket) -> None:
        """The complete evidence if there is one, else a sample: which can still show that something is wrong."""
        asked = self._asked
        inventory: Optional[Unknown] = None
        if bucket.void is not None:
            self._answered(bucket, "objects", bucket.void)
            return
        if asked.inventory:
            evidence = await read_inventory(
                self._sender,
                asked.inventory,
                bucket.name,
                bucket.region,
                self._account.account,
                asked.acceptable,
                asked.inventory_max_age,
                self._now,
            )
            if not isinstance(evidence, Unknown) or isinstance(evidence, Deleted) or not asked.sample_objects:
                self._answered(bucket, "objects", evidence)
                return
            inventory = evidence
        if not asked.sample_objects:
            self._answered(bucket, "objects", Unknown("neither an inventory nor a sample of objects is asked for"))
            return
        await self._sampler.take(bucket.name, bucket.region, partial(self._sampled, bucket, inventory))

    def _sampled(self, bucket: _Bucket, inventory: Optional[Unknown], sample: Fact[ObjectEvidence]) -> None:
        fact = sample if inventory is None else after_inventory(inventory, sample)
        self._answered(bucket, "objects", fact)

    def _answered(self, bucket: _Bucket, name: str, fact: Any) -> None:
        if isinstance(fact, Deleted):
            bucket.void = fact
        bucket.facts[name] = fact
        bucket.left -= 1
        if not bucket.left:
            self._finish(bucket)

    def _leave_out(self) -> None:
        """A bucket turns out not to be selected."""
        self._known -= 1
        self._tell_progress()

    def _give_up(self, bucket: _Bucket, reason: Unknown) -> None:
        bucket.void = reason
        self._finish(bucket)

    def _finish(self, bucket: _Bucket) -> None:
        facts = bucket.facts if bucket.void is None else dict.fromkeys(self._fields, bucket.void)
        account = self._account
        self.finished += 1
        self._on_bucket(
            BucketFacts(
                name=bucket.name,
                region=bucket.region,
                account=account.account,
                partition=account.partition,
                **facts,
            )
        )
        self._tell_progress()

    def _tell_progress(self) -> None:
        self._on_progress(self.finished, self._known, self._listing.done)
