# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KMS keys of buckets: each distinct key is asked about once, however many buckets use it and however they spell it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Callable, Dict, FrozenSet, Generic, List, Optional, Tuple, TypeVar

from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError
from ..._common.errors import Day2Error
from .. import parse, requests
from ..keyname import KeyName, parse_key_name
from ..model import AWS_MANAGED_KEY, Encryption, Fact, KeyDetail, KmsKey, Unknown
from ..reasons import why
from .workers import Push

T = TypeVar("T")
Done = Callable[[Fact[Optional[KmsKey]]], None]

NOT_FOUND = "NotFound"  # as the state of a key that the bucket names and KMS does not know


class _Promise(Generic[T]):
    """A value that many wait for; plain callbacks, since waiting must not occupy a worker."""

    def __init__(self) -> None:
        self._value: List[T] = []  # empty until it is there
        self._waiting: List[Callable[[T], None]] = []

    def then(self, callback: Callable[[T], None]) -> None:
        if self._value:
            callback(self._value[0])
        else:
            self._waiting.append(callback)

    def settle(self, value: T) -> None:
        self._value.append(value)
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback(value)


class _Details:
    """A described key while its details come in."""

    def __init__(self, key: KmsKey, left: int) -> None:
        self.key = key
        self.left = left
        self.promise: "_Promise[KmsKey]" = _Promise()


class Keys:
    """The keys of one account's buckets.

    :param details: what to ask beyond DescribeKey.
    :param push: takes the calls, for whichever worker is free.
    """

    def __init__(self, sender: Sender, account: str, partition: str, details: FrozenSet[KeyDetail], push: Push) -> None:
        self._sender = sender
        self._account = account
        self._partition = partition
        self._details = details
        self._push = push
        self._by_spelling: Dict[Tuple[str, str], _Promise[Fact[KmsKey]]] = {}
        self._by_arn: Dict[str, _Details] = {}

    def want(self, encryption: Fact[Optional[Encryption]], region: str, done: Done) -> None:
        """Call ``done`` with the key of a bucket in ``region`` as soon as it is known: at once, or in a later step.

        ``None`` when the default encryption uses no key. A key that its own account does not know has the state
        ``NotFound``; one that could not be looked at is ``Unknown``.
        """
        if isinstance(encryption, Unknown):
            done(encryption)
        elif encryption is None or not encryption.algorithm.startswith("aws:kms"):
            done(None)
        elif not encryption.kms_key:
            done(AWS_MANAGED_KEY)
        else:
            self._named(encryption.kms_key, region, done)

    def _named(self, spelling: str, region: str, done: Done) -> None:
        name = parse_key_name(spelling)
        if name is None:
            done(Unknown(f"the bucket names its KMS key in no known spelling: {spelling[:100]!r}"))
            return
        arn, region = self._arn_of(name, region), name.region or region
        promise = self._by_spelling.get((arn, region))
        if promise is None:
            promise = self._by_spelling[arn, region] = _Promise()
            self._push(partial(self._describe, arn, name, region, promise))
        promise.then(done)

    def _arn_of(self, name: KeyName, region: str) -> str:
        """The spelling as an ARN: what is short for something in the bucket's own region and account is one key."""
        if name.home:
            return name.text
        return f"arn:{self._partition}:kms:{region}:{self._account}:{name.alias or f'key/{name.key_id}'}"

    async def _describe(self, arn: str, name: KeyName, region: str, promise: "_Promise[Fact[KmsKey]]") -> None:
        request = requests.describe_key(arn, region)
        try:
            key = parse.described_key((await self._sender.send(request)).body)
        except Day2Error as error:
            promise.settle(self._undescribed(error, arn, name, request.action))
            return
        entry = self._by_arn.get(key.arn)
        if entry is None:
            entry = self._by_arn[key.arn] = self._open(key, region)
        entry.promise.then(promise.settle)

    def _undescribed(self, error: Day2Error, arn: str, name: KeyName, action: str) -> Fact[KmsKey]:
        ours = not name.account or name.account == self._account
        if ours and isinstance(error, AwsError) and error.code == "NotFoundException":
            nothing = Unknown("the key does not exist")
            return KmsKey(arn, "CUSTOMER", NOT_FOUND, aliases=nothing, rotation=nothing, policy=nothing)
        reason = why(error, action)
        return reason if ours else Unknown(f"{reason.reason}; the key belongs to account {name.account}")

    def _open(self, key: KmsKey, region: str) -> _Details:
        """Begin with the details that this key has; the others are settled without a call."""
        if key.manager == "AWS":
            key = replace(key, rotation=True)
        elif not key.rotatable:
            key = replace(key, rotation=False)
        asked = sorted(self._details)
        account = key.arn.split(":")[4] if key.arn.count(":") >= 5 else self._account
        if account != self._account:
            elsewhere = Unknown(f"the key belongs to account {account}, and can be asked for this only there")
            key = replace(key, policy=elsewhere, aliases=elsewhere)
            asked = [detail for detail in asked if detail is KeyDetail.ROTATION]
        if key.manager == "AWS":
            asked = [detail for detail in asked if detail is KeyDetail.ALIASES]
        if not key.rotatable:
            asked = [detail for detail in asked if detail is not KeyDetail.ROTATION]
        entry = _Details(key, len(asked))
        for detail in asked:
            self._push(partial(self._detail, entry, detail, region))
        if not asked:
            entry.promise.settle(key)
        return entry

    async def _detail(self, entry: _Details, detail: KeyDetail, region: str) -> None:
        value = await self._ask(entry.key.arn, detail, region)
        entry.key = replace(entry.key, **{detail.value: value})
        entry.left -= 1
        if not entry.left:
            entry.promise.settle(entry.key)

    async def _ask(self, arn: str, detail: KeyDetail, region: str) -> Any:
        request = requests.key_detail(detail, arn, region)
        try:
            body = (await self._sender.send(request)).body
            if detail is KeyDetail.ROTATION:
                return parse.rotation(body)
            if detail is KeyDetail.POLICY:
                return parse.key_policy(body)
            page = parse.alias_page(body)
            names = list(page.names)
            while page.marker:
                request = requests.key_detail(detail, arn, region, page.marker)
                page = parse.alias_page((await self._sender.send(request)).body)
                names += page.names
            return tuple(names)
        except Day2Error as error:
            return why(error, request.action)
