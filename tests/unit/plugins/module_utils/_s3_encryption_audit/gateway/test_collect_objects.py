# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from random import Random
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.objects import spread
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    ObjectEvidence,
    Question,
    Unknown,
)
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import Bucket
from ansible_collections.day2.ops.tests.support.collecting import REGION, gather
from hypothesis import given, settings
from hypothesis import strategies as st

OBJECTS = frozenset((Question.OBJECTS,))


@pytest.fixture
def bucket(fake: FakeS3) -> Bucket:
    return fake.store.add("acme", REGION)


def _sample(fake: FakeS3, count: int = 100, **asked: Any) -> object:
    return gather(fake.url, OBJECTS, sample_objects=count, **asked).buckets["acme"].objects


def test_kinds_are_counted_and_offenders_named(fake: FakeS3, bucket: Bucket) -> None:
    bucket.put_object("a b/ü+%.txt", b"", sse="")
    bucket.put_object("by-customer", b"x", sse="", customer_key_md5="bWQ1")
    for number in range(3):
        bucket.put_object(f"kms-{number}", b"x", sse="aws:kms")
    bucket.put_object("s3", b"x")
    assert _sample(fake) == ObjectEvidence(
        "sample", 6, {"NOT-SSE": 1, "SSE-C": 1, "aws:kms": 3, "AES256": 1}, ("a b/ü+%.txt", "by-customer")
    )
    # One head of the bucket tells SSE-C from credentials that have ended.
    assert fake.counters["s3:HeadObject"] == 6 and fake.counters["s3:HeadBucket"] == 1


def test_what_is_acceptable_decides_who_offends(fake: FakeS3, bucket: Bucket) -> None:
    bucket.put_object("kms", sse="aws:kms").put_object("s3")
    found = _sample(fake, acceptable=frozenset(("aws:kms", "SSE-C")))
    assert isinstance(found, ObjectEvidence) and found.offenders == ("s3",)


def test_the_sample_is_as_large_as_asked_and_always_the_same(fake: FakeS3, bucket: Bucket) -> None:
    for number in range(200):
        bucket.put_object(f"key-{number:03d}", sse="" if number % 2 else "AES256")
    first, again = _sample(fake, 7), _sample(fake, 7)
    assert fake.counters["s3:HeadObject"] == 14 and fake.counters["s3:ListObjectsV2"] == 2
    assert isinstance(first, ObjectEvidence) and first.seen == 7 and not first.complete
    assert first == again


def test_at_most_ten_offenders_are_named(fake: FakeS3, bucket: Bucket) -> None:
    for number in range(30):
        bucket.put_object(f"key-{number:03d}", sse="")
    found = _sample(fake)
    assert isinstance(found, ObjectEvidence)
    assert found.by_encryption == {"NOT-SSE": 30}
    assert found.offenders == tuple(f"key-{number:03d}" for number in range(10))


def test_heads_of_one_bucket_go_out_together(fake: FakeS3, bucket: Bucket) -> None:
    for number in range(20):
        bucket.put_object(f"key-{number}")
    fake.settings.latency = 0.05
    _sample(fake)
    assert fake.max_in_flight == 16  # the concurrency


def test_an_empty_bucket_was_looked_at(fake: FakeS3, bucket: Bucket) -> None:
    assert _sample(fake) == ObjectEvidence("sample", 0)


def test_objects_that_go_away_do_not_count(fake: FakeS3, bucket: Bucket) -> None:
    bucket.put_object("a").put_object("b")
    fake.rules.add(action="HeadObject", code="NoSuchKey", times=1)
    found = _sample(fake)
    assert isinstance(found, ObjectEvidence) and found.seen == 1


@pytest.mark.parametrize(
    "denied, reason",
    [
        ("ListObjectsV2", "s3:ListObjectsV2: AccessDenied (403), needs s3:ListBucket"),
        ("HeadObject", "s3:HeadObject: AccessDenied (403), needs s3:GetObject"),
    ],
)
def test_who_may_not_look_does_not_know(fake: FakeS3, bucket: Bucket, denied: str, reason: str) -> None:
    bucket.put_object("a", sse="")
    bucket.denied = (denied,)
    assert _sample(fake) == Unknown(reason)


def test_what_was_seen_counts_although_something_was_denied(fake: FakeS3, bucket: Bucket) -> None:
    for number in range(10):
        bucket.put_object(f"key-{number}", sse="")
    fake.rules.add(action="HeadObject", code="AccessDenied", times=4)
    found = _sample(fake)
    assert isinstance(found, ObjectEvidence) and found.seen == 6


def test_a_bare_400_for_everything_is_no_sse_c(fake: FakeS3, bucket: Bucket) -> None:
    """S3 answers every HEAD so when the token has expired."""
    bucket.put_object("a")
    fake.rules.add(action="Head*", code="ExpiredToken")
    found = _sample(fake)
    assert isinstance(found, Unknown) and found.reason.startswith("s3:HeadBucket: ")


def test_a_bucket_that_goes_away_is_unknown(fake: FakeS3, bucket: Bucket) -> None:
    fake.rules.add(action="ListObjectsV2", code="NoSuchBucket")
    found = _sample(fake)
    assert isinstance(found, Unknown) and found.reason.startswith("the bucket was deleted while the audit ran")


def test_a_bucket_that_is_known_to_be_gone_is_not_sampled(fake: FakeS3, bucket: Bucket) -> None:
    fake.rules.add(action="GetBucketEncryption", code="NoSuchBucket")
    both = OBJECTS | {Question.ENCRYPTION}
    facts = gather(fake.url, both, concurrency=1, sample_objects=3).buckets["acme"]
    assert isinstance(facts.objects, Unknown) and facts.objects == facts.encryption
    assert fake.counters["s3:ListObjectsV2"] == 0


def test_without_inventory_and_sample_nothing_is_asked(fake: FakeS3, bucket: Bucket) -> None:
    assert _sample(fake, 0) == Unknown("neither an inventory nor a sample of objects is asked for")
    assert fake.counters["s3:ListObjectsV2"] == 0


@settings(derandomize=True)
@given(st.integers(0, 300), st.integers(1, 60), st.integers())
def test_a_sample_is_spread_over_the_keys(total: int, count: int, seed: int) -> None:
    keys = [f"{number:04d}" for number in range(total)]
    chosen = spread(keys, count, Random(seed))
    assert len(chosen) == min(count, total)
    assert chosen == sorted(set(chosen)) and set(chosen) <= set(keys)
    stretches: Dict[int, List[str]] = {}
    for key in chosen:
        stretches.setdefault(int(key) * count // max(total, count), []).append(key)
    assert all(len(members) <= 2 for members in stretches.values())
