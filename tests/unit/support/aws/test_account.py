# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded accounts are what they say, the same each time, and in the form in which S3 would give them back."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.tests.support.aws import account, policies, policy
from ansible_collections.day2.ops.tests.support.aws.errors import S3Error
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.keys import Keys
from ansible_collections.day2.ops.tests.support.aws.moto import reset
from ansible_collections.day2.ops.tests.support.aws.schema import LOGGING_NAMESPACE, NAMESPACE, SCHEMAS, parse, write
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, Store


@pytest.fixture(scope="module")
def demo() -> Store:
    """The account of the demo, without moto."""
    store = Store()
    account.demo(store, Keys())
    return store


def test_sixty_buckets_in_three_regions(demo: Store) -> None:
    assert len(demo.buckets) == 60
    assert {bucket.region for bucket in demo.buckets.values()} == set(account.REGIONS)


def test_the_same_every_time(demo: Store) -> None:
    again = Store()
    account.demo(again, Keys())

    def plain(store: Store) -> Dict[str, Any]:
        return {
            name: (bucket.region, bucket.created, bucket.documents, bucket.objects, bucket.denied)
            for name, bucket in store.buckets.items()
        }

    assert plain(again) == plain(demo)


def test_every_document_is_as_s3_would_write_it(demo: Store) -> None:
    checked = 0
    for bucket in demo.buckets.values():
        for name, document in bucket.documents.items():
            if name in SCHEMAS:
                namespace = LOGGING_NAMESPACE if LOGGING_NAMESPACE.encode() in document else NAMESPACE
                assert write(parse(document, SCHEMAS[name]), SCHEMAS[name], namespace) == document, bucket.name
                checked += 1
    assert checked > 400


def test_every_policy_but_the_malformed_one_could_be_put(demo: Store) -> None:
    for name, bucket in demo.buckets.items():
        text = bucket.documents.get("policy")
        if name == account.MALFORMED:
            assert text is not None
            with pytest.raises(S3Error, match="MalformedPolicy"):
                policy.check(text, name)
        elif text is not None:
            assert policy.check(text, name)["Statement"]


def test_a_policy_close_to_the_limit(demo: Store) -> None:
    assert 20_000 < len(demo.buckets["acme-many-readers"].documents["policy"]) <= policy.LIMIT


def test_every_tls_variant_is_a_bucket(demo: Store) -> None:
    assert set(account.TLS_BUCKETS) <= set(demo.buckets)
    assert set(policies.TLS_VARIANTS) - set(account.TLS_BUCKETS.values()) == {"objects_only"}
    assert sum(account.denies_http().values()) == 10


@pytest.mark.parametrize(
    "bucket, public",
    [("acme-www", True), ("acme-downloads", True), ("acme-cdn-origin", False), ("acme-vendors", False)],
)
def test_which_policies_are_public(demo: Store, bucket: str, public: bool) -> None:
    assert policy.is_public(demo.buckets[bucket].documents["policy"]) is public


def test_keys_live_in_moto_and_are_the_same_every_time(moto_url: str) -> None:
    states = []
    for _unused in range(2):
        reset(moto_url)
        with FakeS3(moto=moto_url) as fake:
            account.seed(fake.store, "demo", moto_url)
            client = fake.client()
            found: Dict[str, str] = {}
            for name, region in (
                ("acme-analytics-2019", "eu-west-1"),
                ("acme-migration", "us-east-1"),
                ("acme-warehouse", "ap-southeast-2"),
                ("acme-cards", "eu-west-1"),
            ):
                rules = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
                key = rules[0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
                metadata = fake.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]
                found[metadata["Arn"]] = metadata["KeyState"]
            states.append(found)
            assert fake.unexpected == []
    assert list(states[0].values()) == ["Disabled", "PendingDeletion", "Enabled", "Enabled"]
    assert states[0] == states[1]


def test_an_organisation(moto_url: str) -> None:
    reset(moto_url)
    with FakeS3(moto=moto_url) as fake:
        ids = account.organization(fake.store, moto_url)
        listed = fake.client("organizations", "us-east-1").list_accounts()["Accounts"]
        assert {one["Id"] for one in listed} == {ACCOUNT, *ids}
        assert [len(fake.store.names(one)) for one in ids] == [5, 5, 5]


def test_ten_thousand_buckets() -> None:
    store = Store()
    account.seed(store, "10000")
    assert len(store.names(ACCOUNT)) == 10_000
    texts = [bucket.documents.get("policy") for bucket in store.buckets.values()]
    assert sum(text is not None for text in texts) == 5000
    assert json.loads(texts[0] or b"")["Statement"][0]["Resource"][0] == "arn:aws:s3:::acme-data-00000"


def test_only_known_accounts_are_seeded() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        account.seed(Store(), "demos")
