# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import fields
from typing import Dict, FrozenSet, Set

import moto
import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    NOT_ASKED,
    BucketFacts,
    Encryption,
    KmsKey,
    LifecycleRule,
    ObjectLock,
    PublicAccessBlock,
    Question,
    Unknown,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requests import BUCKET_CALLS, FIELDS
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.selection import Selection
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, SECRET_KEY, Key
from ansible_collections.day2.ops.tests.support.collecting import REGION, gather

Q = Question
THREE = frozenset((Q.ENCRYPTION, Q.POLICY, Q.PUBLIC_ACCESS_BLOCK))
PLAIN = frozenset(BUCKET_CALLS)


def _unknown(facts: BucketFacts, questions: FrozenSet[Question]) -> Set[str]:
    """The reasons of the facts that were asked for, all of which must be unknown."""
    found = {getattr(facts, FIELDS[question]) for question in questions}
    assert all(isinstance(fact, Unknown) for fact in found)
    return {fact.reason for fact in found}


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_a_thousand_buckets_cost_three_calls_each_and_one_listing(fake: FakeS3) -> None:
    for number in range(1000):
        fake.store.add(f"acme-{number:04d}", ("eu-west-1", "us-east-1")[number % 2])
    result = gather(fake.url, THREE, concurrency=64)
    assert len(result.buckets) == 1000
    assert fake.counters == {
        "sts:GetCallerIdentity": 1,
        "s3:ListBuckets": 1,
        "s3:GetBucketEncryption": 1000,
        "s3:GetBucketPolicy": 1000,
        "s3:GetPublicAccessBlock": 1000,
    }
    assert result.calls == dict(fake.counters)
    assert result.progress[-1] == (1000, 1000, True)


@pytest.mark.parametrize("question", sorted(PLAIN))
def test_only_what_is_asked_is_called(fake: FakeS3, question: Question) -> None:
    fake.store.add("acme", REGION)
    facts = next(iter(gather(fake.url, frozenset((question,))).buckets.values()))
    counted = {name for name in fake.counters if name not in ("sts:GetCallerIdentity", "s3:ListBuckets")}
    assert counted == {BUCKET_CALLS[question].action}
    asked = {entry.name for entry in fields(facts) if getattr(facts, entry.name) is not NOT_ASKED}
    assert asked == {"name", "region", "account", "partition", FIELDS[question]}


def test_nothing_asked_is_nothing_called(fake: FakeS3) -> None:
    fake.store.add("acme", REGION)
    result = gather(fake.url, account_block=True)
    assert set(fake.counters) == {"sts:GetCallerIdentity", "s3:ListBuckets", "s3control:GetPublicAccessBlock"}
    assert list(result.buckets) == ["acme"]


def test_the_listing_is_paged_and_tells_the_regions(fake: FakeS3) -> None:
    for number in range(2500):
        fake.store.add(f"acme-{number:04d}", ("eu-west-1", "us-east-1")[number % 2])
    result = gather(fake.url, concurrency=8)
    assert len(result.buckets) == 2500
    assert fake.counters["s3:ListBuckets"] == 3
    assert {facts.region for facts in result.buckets.values()} == {"eu-west-1", "us-east-1"}


def test_many_connections_work_on_one_bucket(fake: FakeS3) -> None:
    fake.store.add("acme", REGION)
    fake.settings.latency = 0.05
    gather(fake.url, PLAIN, concurrency=16)
    assert fake.max_in_flight == len(PLAIN)


def test_what_others_wait_for_is_asked_first(fake: FakeS3) -> None:
    fake.store.add("acme", REGION)
    gather(fake.url, PLAIN | {Q.KMS_KEY, Q.OBJECTS}, concurrency=1, sample_objects=1)
    assert [entry.action for entry in fake.log if entry.bucket][:2] == ["s3:GetBucketEncryption", "s3:ListObjectsV2"]


def test_half_finished_buckets_are_few(fake: FakeS3) -> None:
    for number in range(300):
        fake.store.add(f"acme-{number:03d}", REGION)
    most = finished = 0

    def one_more(_facts: BucketFacts) -> None:
        nonlocal most, finished
        finished += 1
        most = max(most, len({entry.bucket for entry in fake.log if entry.bucket}) - finished)

    gather(fake.url, THREE, concurrency=4, on_bucket=one_more)
    assert finished == 300
    assert 0 < most <= 4 + 1


# --- what comes of it ------------------------------------------------------------------------------------------------


def test_the_facts_of_a_bucket_and_of_its_account(fake: FakeS3) -> None:
    bucket = fake.store.add("acme.data", "eu-central-1")
    bucket.put("encryption", documents.encryption("aws:kms:dsse", "", False, ("SSE-C",)))
    bucket.put("versioning", documents.versioning("Enabled"))
    bucket.put("tagging", documents.tagging({"größe": "日本"}))
    fake.store.account_blocks[ACCOUNT] = documents.public_access_block(True, True, False, False)
    result = gather(fake.url, PLAIN, account_block=True)
    (account,) = result.accounts
    assert account.account == ACCOUNT and account.partition == "aws"
    assert account.public_access_block == PublicAccessBlock(True, True, False, False)
    facts = result.buckets["acme.data"]
    assert (facts.region, facts.account, facts.partition) == ("eu-central-1", ACCOUNT, "aws")
    assert facts.encryption == Encryption("aws:kms:dsse", "", False, ("SSE-C",), True)
    assert facts.versioning == Versioning("Enabled")
    assert facts.tags == {"größe": "日本"}
    assert facts.public_access_block == PublicAccessBlock(True, True, True, True)
    # Nothing is configured: that is an answer.
    assert facts.policy is None and facts.policy_is_public is False and facts.object_lock is None
    assert facts.logging is None and facts.lifecycle == () and facts.website is False


def test_what_is_not_configured_is_no_unknown(fake: FakeS3) -> None:
    fake.store.add("acme", REGION).remove("encryption", "publicAccessBlock", "ownershipControls")
    facts = gather(fake.url, PLAIN).buckets["acme"]
    assert facts.encryption is None and facts.public_access_block is None and facts.ownership is None
    assert not [entry.name for entry in fields(facts) if isinstance(getattr(facts, entry.name), Unknown)][2:]


def test_an_account_without_a_block(fake: FakeS3) -> None:
    (account,) = gather(fake.url, account_block=True).accounts
    assert account.public_access_block is None
    (account,) = gather(fake.url).accounts
    assert account.public_access_block is NOT_ASKED


def test_a_key_is_asked_for_only_when_there_is_one(fake: FakeS3) -> None:
    fake.store.add("aws-managed", REGION).put("encryption", documents.encryption("aws:kms"))
    fake.store.add("plain", REGION)
    fake.store.add("none", REGION).remove("encryption")
    buckets = gather(fake.url, frozenset((Q.KMS_KEY,))).buckets
    assert fake.counters["s3:GetBucketEncryption"] == 3 and not any(name.startswith("kms") for name in fake.counters)
    managed = buckets["aws-managed"].kms_key
    assert isinstance(managed, KmsKey) and (managed.manager, managed.state) == ("AWS", "Enabled")
    assert buckets["plain"].kms_key is None and buckets["none"].kms_key is None


# --- which buckets ---------------------------------------------------------------------------------------------------


@pytest.fixture
def five(fake: FakeS3) -> FakeS3:
    for name, region in (
        ("acme-a", "eu-west-1"),
        ("acme-b", "us-east-1"),
        ("acme-c", "eu-west-1"),
        ("other-a", "eu-west-1"),
        ("zed", "us-east-1"),
    ):
        fake.store.add(name, region).put("tagging", documents.tagging({"name": name, "team": name[:4]}))
    return fake


@pytest.mark.parametrize(
    "selection, names, listings",
    [
        (Selection(), {"acme-a", "acme-b", "acme-c", "other-a", "zed"}, 1),
        (Selection(("acme-*",), ("*-c",)), {"acme-a", "acme-b"}, 1),
        (Selection(regions=frozenset(("us-east-1",))), {"acme-b", "zed"}, 1),
        (Selection(regions=frozenset(("us-east-1", "eu-west-1"))), {"acme-a", "acme-b", "acme-c", "other-a", "zed"}, 1),
        (Selection(("zed", "acme-a")), {"acme-a", "zed"}, 1),
        (Selection(("zed",), ("zed",)), set(), 0),
    ],
)
def test_selection(five: FakeS3, selection: Selection, names: Set[str], listings: int) -> None:
    assert set(gather(five.url, selection=selection).buckets) == names
    assert five.counters["s3:ListBuckets"] == listings


def test_selection_by_tags_costs_one_call_per_bucket_and_is_not_paid_twice(five: FakeS3) -> None:
    selection = Selection(("acme-*",), tags={"team": "ac*", "name": "acme-[bc]"})
    result = gather(five.url, frozenset((Q.TAGS, Q.VERSIONING)), selection)
    assert set(result.buckets) == {"acme-b", "acme-c"}
    assert five.counters["s3:GetBucketTagging"] == 3 and five.counters["s3:GetBucketVersioning"] == 2
    assert result.buckets["acme-b"].tags == {"name": "acme-b", "team": "acme"}
    assert result.progress[-1] == (2, 2, True)


def test_tags_that_cannot_be_seen_leave_the_bucket_unknown_and_not_out(five: FakeS3) -> None:
    five.store.buckets["acme-b"].denied = ("GetBucketTagging",)
    result = gather(five.url, THREE, Selection(("acme-*",), tags={"name": "acme-a"}))
    assert set(result.buckets) == {"acme-a", "acme-b"}
    (reason,) = _unknown(result.buckets["acme-b"], THREE)
    assert reason == "whether its tags select it cannot be told: s3:GetBucketTagging: AccessDenied (403)"


def test_a_name_that_does_not_exist_is_unknown_and_not_silence(five: FakeS3) -> None:
    result = gather(five.url, THREE, Selection(("acme-a", "acme-typo")))
    assert _unknown(result.buckets["acme-typo"], THREE) == {f"there is no such bucket in account {ACCOUNT}"}
    assert result.buckets["acme-a"].policy is None
    assert five.counters["s3:ListBuckets"] == 1 and five.counters["s3:HeadBucket"] == 0
    assert result.progress[-1] == (2, 2, True)


def test_somebody_elses_bucket_is_not_audited_as_ours(five: FakeS3) -> None:
    five.store.add("theirs", REGION, account="999999999999")
    result = gather(five.url, THREE, Selection(("theirs",)))
    assert _unknown(result.buckets["theirs"], THREE) == {f"there is no such bucket in account {ACCOUNT}"}


def test_names_are_looked_for_no_further_than_the_last(fake: FakeS3) -> None:
    fake.store.add("aa", REGION)
    for number in range(1500):
        fake.store.add(f"b{number:04d}", REGION)
    assert set(gather(fake.url, selection=Selection(("aa", "b0007"))).buckets) == {"aa", "b0007"}
    assert fake.counters["s3:ListBuckets"] == 1
    gather(fake.url, selection=Selection(("aa", "b1400")))
    assert fake.counters["s3:ListBuckets"] == 1 + 2


def test_who_may_not_list_can_still_name_buckets(five: FakeS3) -> None:
    five.rules.add(action="ListBuckets", code="AccessDenied")
    five.store.add("theirs", REGION, account="999999999999")
    result = gather(five.url, THREE, Selection(("acme-a", "acme-b", "typo", "theirs")))
    assert result.buckets["acme-a"].region == "eu-west-1" and result.buckets["acme-b"].region == "us-east-1"
    assert result.buckets["acme-b"].policy is None
    assert _unknown(result.buckets["typo"], THREE) == {"there is no such bucket (s3:HeadBucket: 404)"}
    (reason,) = _unknown(result.buckets["theirs"], THREE)
    assert reason == "its region cannot be told: s3:GetBucketLocation: AccessDenied (403)"
    assert five.counters["s3:HeadBucket"] == 4 and five.counters["s3:GetBucketLocation"] == 1


def test_a_selected_region_holds_for_named_buckets_too(five: FakeS3) -> None:
    selection = Selection(("acme-a", "acme-b"), regions=frozenset(("eu-west-1",)))
    assert set(gather(five.url, selection=selection).buckets) == {"acme-a"}
    five.rules.add(action="ListBuckets", code="AccessDenied")
    result = gather(five.url, selection=selection)
    assert set(result.buckets) == {"acme-a"} and result.progress[-1] == (1, 1, True)


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_each_denied_call_is_unknown_with_its_reason_and_nothing_else_suffers(five: FakeS3) -> None:
    five.store.buckets["acme-b"].denied = ("GetBucketPolicy", "GetBucketEncryption")
    result = gather(five.url, THREE)
    assert len(result.buckets) == 5
    facts = result.buckets["acme-b"]
    assert facts.policy == Unknown("s3:GetBucketPolicy: AccessDenied (403)")
    assert facts.encryption == Unknown(
        "s3:GetBucketEncryption: AccessDenied (403), needs s3:GetEncryptionConfiguration"
    )
    assert isinstance(facts.public_access_block, PublicAccessBlock)
    assert all(facts.policy is None for name, facts in result.buckets.items() if name != "acme-b")


def test_a_key_behind_a_denied_encryption_is_unknown_for_the_same_reason(five: FakeS3) -> None:
    five.store.buckets["zed"].denied = ("GetBucketEncryption",)
    facts = gather(five.url, frozenset((Q.KMS_KEY,))).buckets["zed"]
    assert facts.kms_key == facts.encryption and isinstance(facts.kms_key, Unknown)


def test_a_denied_account_block_is_unknown(five: FakeS3) -> None:
    five.rules.add(service="s3control", code="AccessDenied")
    result = gather(five.url, THREE, account_block=True)
    assert len(result.buckets) == 5
    assert result.accounts[0].public_access_block == Unknown(
        "s3control:GetPublicAccessBlock: AccessDenied (403), needs s3:GetAccountPublicAccessBlock"
    )


def test_a_bucket_that_is_deleted_meanwhile_is_unknown_throughout(five: FakeS3) -> None:
    five.rules.add(action="GetBucketPolicy", bucket="acme-b", code="NoSuchBucket")
    result = gather(five.url, PLAIN, concurrency=1)
    assert _unknown(result.buckets["acme-b"], PLAIN) == {
        "the bucket was deleted while the audit ran (s3:GetBucketPolicy: NoSuchBucket)"
    }
    # Nobody asks a bucket on that is gone.
    asked = [entry.action for entry in five.log if entry.bucket == "acme-b"]
    assert asked[-1] == "s3:GetBucketPolicy"
    assert not _unknown_fields(result.buckets["acme-a"])


def _unknown_fields(facts: BucketFacts) -> Set[str]:
    return {
        entry.name
        for entry in fields(facts)
        if isinstance(getattr(facts, entry.name), Unknown) and getattr(facts, entry.name) is not NOT_ASKED
    }


def test_buckets_deleted_between_listing_and_asking(five: FakeS3) -> None:
    def delete_the_last(facts: BucketFacts) -> None:
        if facts.name == "acme-a":
            five.run(lambda: five.store.delete(five.store.buckets["zed"]))

    result = gather(five.url, THREE, concurrency=1, on_bucket=delete_the_last)
    (reason,) = _unknown(result.buckets["zed"], THREE)
    assert reason.startswith("the bucket was deleted while the audit ran")


@pytest.mark.parametrize("redirects", [True, "malformed"])
def test_buckets_elsewhere_are_found(fake: FakeS3, redirects: object) -> None:
    fake.settings.redirects = redirects  # type: ignore[assignment]
    fake.store.add("here", REGION)
    fake.store.add("there", "ap-southeast-2")
    result = gather(fake.url, THREE)
    assert not any(_unknown_fields(facts) for facts in result.buckets.values())


@pytest.mark.parametrize("kind", ["truncate", "reset", "garbage", "half_close", "truncate_head", "close_after"])
def test_a_storm_of_broken_connections_is_weathered(five: FakeS3, kind: str) -> None:
    rule = five.rules.add(kind=kind, every=3, action="GetBucket*")
    result = gather(five.url, PLAIN, client={"max_attempts": 12})
    assert rule.hits > 10
    assert len(result.buckets) == 5
    assert not any(_unknown_fields(facts) for facts in result.buckets.values())


def test_throttling_is_weathered(five: FakeS3) -> None:
    rule = five.rules.add(code="SlowDown", share=0.4, seed=1)
    result = gather(five.url, PLAIN, client={"max_attempts": 20})
    assert rule.hits > 30
    assert not any(_unknown_fields(facts) for facts in result.buckets.values())
    assert result.calls == dict(five.counters)


@pytest.mark.parametrize(
    "rule, reason",
    [
        ({"kind": "reset"}, "s3:GetBucketPolicy: ConnectionError: "),
        ({"kind": "truncate"}, "s3:GetBucketPolicy: TruncatedResponse: "),
        ({"code": "InternalError"}, "s3:GetBucketPolicy: InternalError (500): "),
        ({"code": "SlowDown"}, "s3:GetBucketPolicy: SlowDown (503): "),
    ],
)
def test_what_never_gets_better_is_unknown(five: FakeS3, rule: Dict[str, str], reason: str) -> None:
    five.store.buckets["acme-b"].put("policy", b'{"Statement": []}' + b" " * 500)
    hits = five.rules.add(action="GetBucketPolicy", bucket="acme-b", **rule)
    result = gather(five.url, THREE, client={"max_attempts": 3})
    fact = result.buckets["acme-b"].policy
    assert isinstance(fact, Unknown) and fact.reason.startswith(reason)
    assert _unknown_fields(result.buckets["acme-b"]) == {"policy"}
    assert hits.hits >= 3
    assert five.counters["s3:GetBucketPolicy"] == 4 + hits.hits


@pytest.mark.parametrize(
    "subresource, body, field, reason",
    [
        ("encryption", b"<ServerSideEncryptionConfiguration><Rule>", "encryption", "not well-formed XML"),
        ("encryption", b"<html><body>proxy</body></html>", "encryption", "<html> instead of"),
        ("policy", b"<html/>", "policy", "not a policy"),
    ],
)
def test_an_answer_that_is_none_is_unknown(
    five: FakeS3, subresource: str, body: bytes, field: str, reason: str
) -> None:
    five.store.buckets["acme-b"].put(subresource, body)
    facts = gather(five.url, THREE).buckets["acme-b"]
    fact = getattr(facts, field)
    assert isinstance(fact, Unknown) and reason in fact.reason
    assert _unknown_fields(facts) == {field}


def test_a_malformed_policy_is_a_fact(five: FakeS3) -> None:
    five.store.buckets["acme-b"].put("policy", b'{"Statement": [')
    assert gather(five.url, THREE).buckets["acme-b"].policy == '{"Statement": ['


def test_a_later_page_that_fails_leaves_the_listing_incomplete(fake: FakeS3) -> None:
    for number in range(1500):
        fake.store.add(f"acme-{number:04d}", REGION)
    fake.rules.add(action="ListBuckets", code="AccessDenied", skip=1)
    result = gather(fake.url, selection=Selection(("acme-*", "acme-1400")))
    assert len(result.buckets) == 1000 + 1
    assert result.outcome is not None and result.outcome.buckets == 1001
    assert result.outcome.incomplete == Unknown("s3:ListBuckets: AccessDenied (403), needs s3:ListAllMyBuckets")
    assert isinstance(result.buckets["acme-1400"], BucketFacts)
    assert result.progress[-1] == (1001, 1001, True)


def test_a_listing_that_cannot_be_had_is_an_error(five: FakeS3) -> None:
    five.rules.add(action="ListBuckets", code="AccessDenied")
    with pytest.raises(GatewayError, match=r"s3:ListBuckets.*AccessDenied"):
        gather(five.url, THREE)
    with pytest.raises(GatewayError, match=r"s3:ListBuckets.*AccessDenied"):
        gather(five.url, THREE, Selection(("acme-a", "acme-*")))


def test_credentials_that_never_worked_are_an_error(five: FakeS3) -> None:
    five.settings.verify_signatures = True
    with pytest.raises(GatewayError, match=r"InvalidAccessKeyId|InvalidClientTokenId"):
        gather(five.url, THREE, client={"access_key": "AKIANOBODYKNOWSTHIS0"})


def test_credentials_that_expire_keep_what_was_learnt_and_stop_asking(fake: FakeS3) -> None:
    for number in range(200):
        fake.store.add(f"acme-{number:03d}", REGION)
    fake.store.keys["ASIATESTSESSION00000"] = Key(ACCOUNT, SECRET_KEY, "token", requests=2 + 150)
    session = {"access_key": "ASIATESTSESSION00000", "token": "token"}
    result = gather(fake.url, THREE, concurrency=4, client=session)
    assert len(result.buckets) == 200
    unknown = {name: _unknown_fields(facts) for name, facts in result.buckets.items()}
    known = sum(3 - len(names) for names in unknown.values())
    assert known == 150
    reasons = {getattr(result.buckets[name], field).reason for name, names in unknown.items() for field in names}
    assert all(": ExpiredToken (" in reason for reason in reasons)
    # Those that were under way were refused, each renewed in vain once; the other 400 were never sent.
    assert fake.requests <= 152 + 4 * 2


def test_a_mistake_of_the_caller_ends_the_run(five: FakeS3) -> None:
    def broken(_facts: BucketFacts) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        gather(five.url, THREE, on_bucket=broken)


def test_progress_never_shrinks_and_ends_complete(fake: FakeS3) -> None:
    for number in range(1200):
        fake.store.add(f"acme-{number:04d}", REGION)
    result = gather(fake.url, concurrency=8)
    assert [done for done, _known, _final in result.progress] == list(range(1, 1201))
    assert all(done <= known for done, known, _final in result.progress)
    assert result.progress[-1] == (1200, 1200, True)


# --- another server than the fake ------------------------------------------------------------------------------------


def test_moto_answers_every_question(moto_url: str) -> None:
    """It has other names for some things, tells no regions in its listing, and pages nothing."""
    s3 = boto_client(moto_url, "s3", "eu-central-1")
    place = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="collect-full", CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True)
    s3.create_bucket(Bucket="collect-bare", CreateBucketConfiguration=place)
    full = {"Bucket": "collect-full"}
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/x"}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(**full, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_policy(**full, Policy='{"Version":"2012-10-17","Statement":[]}')
    s3.put_bucket_versioning(**full, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(**full, Tagging={"TagSet": [{"Key": "k", "Value": "größe"}]})
    days = {"DaysAfterInitiation": 3}
    abort = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": days}
    s3.put_bucket_lifecycle_configuration(**full, LifecycleConfiguration={"Rules": [abort]})

    result = gather(moto_url, PLAIN, Selection(("collect-*",)), account_block=True)
    assert set(result.buckets) == {"collect-full", "collect-bare"}
    unknown = {name for facts in result.buckets.values() for name in _unknown_fields(facts)}
    # moto 5.1, the last for Python 3.9, does not know GetBucketPolicyStatus
    assert unknown == ({"policy_is_public"} if moto.__version__.startswith("5.1.") else set())
    assert not isinstance(result.accounts[0].public_access_block, Unknown)
    facts = result.buckets["collect-full"]
    assert facts.region == "eu-central-1"
    assert facts.encryption == Encryption("aws:kms", "alias/x", True)
    assert facts.policy == '{"Version":"2012-10-17","Statement":[]}'
    assert facts.versioning == Versioning("Enabled")
    assert facts.tags == {"k": "größe"}
    assert facts.object_lock == ObjectLock()
    assert facts.lifecycle == (LifecycleRule("a", True, True, 3),)
    assert result.buckets["collect-bare"].encryption is None
