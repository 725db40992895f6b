# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a few objects of a bucket really have: a sample can show that something is wrong, never that all is well.

The sample comes from the first page of the listing (1,000 keys, in the order of their names), spread over it. Only the
current versions of objects are looked at.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from random import Random
from typing import Callable, FrozenSet, List, Optional, Sequence
from typing import Counter as CounterType

from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError
from ..._common.errors import Day2Error
from .. import parse, requests
from ..model import Fact, ObjectEvidence, Unknown
from ..reasons import why
from .workers import Push

Done = Callable[[Fact[ObjectEvidence]], None]

OFFENDERS = 10  # keys that are kept as examples
_HEAD_PERMISSION = "s3:GetObject"


class _Sample:
    """A bucket's sample while it comes in."""

    def __init__(self, bucket: str, region: str, left: int, done: Done) -> None:
        self.bucket = bucket
        self.region = region
        self.left = left
        self.done = done
        self.seen: CounterType[str] = Counter()
        self.offenders: List[str] = []
        self.refused: List[str] = []  # keys that need a key of the customer's, it seems
        self.unseen: Optional[Unknown] = None


class Sampler:
    """Takes samples of ``count`` objects.

    :param acceptable: the kinds of encryption that make an object no offender.
    :param rng: chooses; the same generator and the same buckets give the same sample, whatever the order.
    :param push: takes the looks, for whichever worker is free.
    """

    def __init__(self, sender: Sender, count: int, acceptable: FrozenSet[str], rng: Random, push: Push) -> None:
        self._sender = sender
        self._count = count
        self._acceptable = acceptable
        self._seed = rng.getrandbits(64)
        self._push = push

    async def take(self, bucket: str, region: str, done: Done) -> None:
        """List the objects and queue the looks at some of them; the last one calls ``done`` with the evidence."""
        request = requests.list_objects(bucket, region)
        try:
            keys = parse.object_page((await self._sender.send(request)).body).keys
        except Day2Error as error:
            done(why(error, request.action, "s3:ListBucket"))
            return
        chosen = spread(keys, self._count, Random(f"{self._seed}/{bucket}"))
        sample = _Sample(bucket, region, len(chosen), done)
        for key in chosen:
            self._push(partial(self._head, sample, key))
        if not chosen:
            done(ObjectEvidence("sample", 0))

    async def _head(self, sample: _Sample, key: str) -> None:
        request = requests.head_object(sample.bucket, key, sample.region)
        try:
            self._note(sample, key, parse.object_encryption((await self._sender.send(request)).headers))
        except AwsError as error:
            if error.status == 400:
                sample.refused.append(key)
            elif error.status != 404:  # an object that is gone needs no judgement
                sample.unseen = why(error, request.action, _HEAD_PERMISSION)
        except Day2Error as error:
            sample.unseen = why(error, request.action, _HEAD_PERMISSION)
        sample.left -= 1
        if not sample.left:
            await self._finish(sample)

    async def _finish(self, sample: _Sample) -> None:
        if sample.refused:
            await self._judge_refused(sample)
        seen = sum(sample.seen.values())
        if sample.unseen is not None and not seen:
            sample.done(sample.unseen)
            return
        offenders = tuple(sorted(sample.offenders)[:OFFENDERS])
        sample.done(ObjectEvidence("sample", seen, dict(sample.seen), offenders))

    async def _judge_refused(self, sample: _Sample) -> None:
        """S3 refuses the head of an SSE-C object with a bare 400, as it does everything when a token has expired.

        A head of the bucket, with the right that the listing has just used, tells the two apart.
        """
        request = requests.head_bucket(sample.bucket, sample.region)
        try:
            await self._sender.send(request)
        except Day2Error as error:
            sample.unseen = why(error, request.action, "s3:ListBucket")
            return
        for key in sample.refused:
            self._note(sample, key, parse.CUSTOMER_KEY)

    def _note(self, sample: _Sample, key: str, encryption: str) -> None:
        sample.seen[encryption] += 1
        if encryption not in self._acceptable:
            sample.offenders.append(key)


def spread(keys: Sequence[str], count: int, rng: Random) -> List[str]:
    """``count`` of the keys, one from each of ``count`` stretches of equal length; all when there are no more."""
    if len(keys) <= count:
        return list(keys)
    bounds = [len(keys) * part // count for part in range(count + 1)]
    return [keys[rng.randrange(start, end)] for start, end in zip(bounds, bounds[1:])]
