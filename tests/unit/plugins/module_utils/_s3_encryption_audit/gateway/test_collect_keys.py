# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any, Dict, FrozenSet, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.keys import Keys
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    NOT_ASKED,
    Encryption,
    KeyDetail,
    KmsKey,
    Question,
    Unknown,
)
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.keys import open_policy
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.collecting import REGION, Gathered, Scripted, gather

ALL = frozenset(KeyDetail)
NONE: FrozenSet[KeyDetail] = frozenset()
GHOST = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def kms(moto_url: str) -> Any:
    return boto_client(moto_url, "kms", REGION)


@pytest.fixture
def key(kms: Any) -> Iterator[Dict[str, str]]:
    """A customer-managed key that rotates, with two aliases."""
    made: Dict[str, str] = kms.create_key(Policy=open_policy(ACCOUNT))["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    for name in ("alias/one", "alias/two"):
        kms.create_alias(AliasName=name, TargetKeyId=made["KeyId"])
    yield made
    for name in ("alias/one", "alias/two"):
        kms.delete_alias(AliasName=name)


def _buckets(fake: FakeS3, *spellings: str, region: str = REGION) -> None:
    for number, spelling in enumerate(spellings):
        bucket = fake.store.add(f"acme-{number}", region)
        bucket.put("encryption", documents.encryption("aws:kms", spelling))


def _gather(fake: FakeS3, details: FrozenSet[KeyDetail] = ALL) -> Gathered:
    return gather(fake.url, frozenset((Question.KMS_KEY,)), key_details=details)


def _key(result: Gathered, number: int = 0) -> KmsKey:
    found = result.buckets[f"acme-{number}"].kms_key
    assert isinstance(found, KmsKey), found
    return found


def _kms_calls(fake: FakeS3) -> Dict[str, int]:
    return {name: count for name, count in fake.counters.items() if name.startswith("kms:")}


def test_everything_about_a_key(fake_with_moto: FakeS3, key: Dict[str, str]) -> None:
    _buckets(fake_with_moto, key["Arn"])
    found = _key(_gather(fake_with_moto))
    assert (found.arn, found.manager, found.state) == (key["Arn"], "CUSTOMER", "Enabled")
    assert found.rotation is True and found.rotatable
    assert isinstance(found.aliases, tuple) and sorted(found.aliases) == ["alias/one", "alias/two"]
    assert isinstance(found.policy, str) and "AllowAnyone" in found.policy


def test_a_key_is_asked_about_once_however_it_is_spelled(fake_with_moto: FakeS3, key: Dict[str, str]) -> None:
    by_alias = key["Arn"].rpartition("key/")[0] + "alias/two"
    # Forty buckets; the bare id is the ARN, and the alias its ARN: that leaves three spellings of one key.
    spellings = [key["Arn"], key["KeyId"], "alias/one", "alias/two", by_alias] * 8
    _buckets(fake_with_moto, *spellings)
    result = _gather(fake_with_moto)
    assert {_key(result, number).arn for number in range(40)} == {key["Arn"]}
    assert _kms_calls(fake_with_moto) == {
        "kms:DescribeKey": 3,
        "kms:GetKeyRotationStatus": 1,
        "kms:GetKeyPolicy": 1,
        "kms:ListAliases": 1,
    }
    assert _key(result, 0) is _key(result, 39)


@pytest.mark.parametrize(
    "details, calls",
    [
        (NONE, {"kms:DescribeKey": 1}),
        (frozenset((KeyDetail.POLICY,)), {"kms:DescribeKey": 1, "kms:GetKeyPolicy": 1}),
    ],
)
def test_only_the_details_that_are_asked_for(
    fake_with_moto: FakeS3, key: Dict[str, str], details: FrozenSet[KeyDetail], calls: Dict[str, int]
) -> None:
    _buckets(fake_with_moto, key["Arn"])
    found = _key(_gather(fake_with_moto, details))
    assert _kms_calls(fake_with_moto) == calls
    assert found.rotation is NOT_ASKED and found.aliases is NOT_ASKED


def test_the_same_alias_in_two_regions_is_two_keys(fake_with_moto: FakeS3, moto_url: str, key: Dict[str, str]) -> None:
    other = boto_client(moto_url, "kms", "us-east-1")
    there = other.create_key()["KeyMetadata"]
    other.create_alias(AliasName="alias/one", TargetKeyId=there["KeyId"])
    fake_with_moto.store.add("here", REGION).put("encryption", documents.encryption("aws:kms", "alias/one"))
    fake_with_moto.store.add("there", "us-east-1").put("encryption", documents.encryption("aws:kms", "alias/one"))
    result = _gather(fake_with_moto, NONE)
    other.delete_alias(AliasName="alias/one")
    assert {name: facts.kms_key.arn for name, facts in result.buckets.items()} == {  # type: ignore[union-attr]
        "here": key["Arn"],
        "there": there["Arn"],
    }


def test_a_key_that_waits_for_its_deletion(fake_with_moto: FakeS3, kms: Any) -> None:
    made = kms.create_key()["KeyMetadata"]
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
    _buckets(fake_with_moto, made["Arn"])
    assert _key(_gather(fake_with_moto)).state == "PendingDeletion"


def test_a_key_that_its_own_account_does_not_know_is_a_fact(fake_with_moto: FakeS3) -> None:
    _buckets(fake_with_moto, GHOST, "alias/nobody")
    result = _gather(fake_with_moto)
    assert _key(result).state == _key(result, 1).state == "NotFound"
    assert _key(result).arn == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{GHOST}"
    assert _key(result).policy == Unknown("the key does not exist")
    assert _kms_calls(fake_with_moto) == {"kms:DescribeKey": 2}


def test_a_key_of_another_account_that_does_not_answer_is_unknown(fake_with_moto: FakeS3) -> None:
    _buckets(fake_with_moto, f"arn:aws:kms:{REGION}:999999999999:key/{GHOST}")
    found = _gather(fake_with_moto).buckets["acme-0"].kms_key
    assert isinstance(found, Unknown)
    assert found.reason.startswith("kms:DescribeKey: ")
    assert found.reason.endswith("; the key belongs to account 999999999999")


def test_denied_calls_leave_only_their_part_unknown(fake_with_moto: FakeS3, key: Dict[str, str]) -> None:
    _buckets(fake_with_moto, key["Arn"], "alias/one")
    fake_with_moto.rules.add(service="kms", action="GetKeyPolicy", code="AccessDenied")
    result = _gather(fake_with_moto)
    assert _key(result).policy == Unknown("kms:GetKeyPolicy: AccessDeniedException (400)")
    assert _key(result).rotation is True
    fake_with_moto.rules.clear()
    fake_with_moto.rules.add(service="kms", action="DescribeKey", code="AccessDenied")
    for facts in _gather(fake_with_moto).buckets.values():
        assert facts.kms_key == Unknown("kms:DescribeKey: AccessDeniedException (400)")
        assert isinstance(facts.encryption, Encryption)


def test_a_spelling_that_is_none_is_unknown_without_a_call(fake_with_moto: FakeS3) -> None:
    _buckets(fake_with_moto, "not a key")
    found = _gather(fake_with_moto).buckets["acme-0"].kms_key
    assert isinstance(found, Unknown) and "'not a key'" in found.reason
    assert _kms_calls(fake_with_moto) == {}


# --- what moto does not have: keys of other accounts that answer, pages of aliases -----------------------------------


def _ask(sender: Scripted, spelling: str, details: FrozenSet[KeyDetail] = ALL) -> Any:
    found: List[Any] = []

    async def work() -> None:
        steps: List[Any] = []
        Keys(sender, ACCOUNT, "aws", details, steps.append).want(Encryption("aws:kms", spelling), REGION, found.append)
        while steps:
            await steps.pop(0)()

    asyncio.run(work())
    (fact,) = found
    return fact


def _described(arn: str, **extra: str) -> bytes:
    return json.dumps({"KeyMetadata": {"Arn": arn, "KeyManager": "CUSTOMER", "KeyState": "Enabled", **extra}}).encode()


def test_a_key_of_another_account_is_not_asked_for_what_only_that_account_may_know() -> None:
    arn = f"arn:aws:kms:{REGION}:999999999999:key/{GHOST}"
    sender = Scripted(DescribeKey=[_described(arn)], GetKeyRotationStatus=[b'{"KeyRotationEnabled": false}'])
    found = _ask(sender, arn)
    assert found.rotation is False
    assert found.policy == found.aliases
    assert found.policy.reason == "the key belongs to account 999999999999, and can be asked for this only there"
    assert len(sender.requests) == 2


def test_an_aws_managed_key_needs_no_questions_about_what_aws_manages() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{GHOST}"
    aliases = [b'{"Aliases": [{"AliasName": "alias/aws/s3"}]}']
    sender = Scripted(DescribeKey=[_described(arn, KeyManager="AWS")], ListAliases=aliases)
    found = _ask(sender, "alias/aws/s3")
    assert (found.manager, found.rotation, found.aliases) == ("AWS", True, ("alias/aws/s3",))


def test_material_that_cannot_rotate_is_not_asked_for_its_rotation() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{GHOST}"
    sender = Scripted(DescribeKey=[_described(arn, Origin="EXTERNAL")])
    found = _ask(sender, GHOST, frozenset((KeyDetail.ROTATION,)))
    assert not found.rotatable and found.rotation is False


def test_aliases_come_in_pages() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{GHOST}"
    pages = [
        b'{"Aliases": [{"AliasName": "alias/a"}], "Truncated": true, "NextMarker": "m"}',
        b'{"Aliases": [{"AliasName": "alias/b"}], "Truncated": false}',
    ]
    sender = Scripted(DescribeKey=[_described(arn)], ListAliases=pages)
    assert _ask(sender, GHOST, frozenset((KeyDetail.ALIASES,))).aliases == ("alias/a", "alias/b")
    assert b'"Marker": "m"' in sender.requests[-1].body
    assert Counter(request.action for request in sender.requests)["kms:ListAliases"] == 2


def test_a_described_key_that_is_none_is_unknown() -> None:
    assert "KeyMetadata" in _ask(Scripted(DescribeKey=[b"{}"]), GHOST).reason
