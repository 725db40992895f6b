# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.apply import Outcome
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import Proposal
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import REMEDIABLE
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.revert import Backup
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.remediating import Run, carried_out, reverted

PUBLIC = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "all",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::a/*",
            }
        ],
    },
    indent=1,
).encode()
EXPIRE = "<ID>tmp  1</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>"
OFF = documents.public_access_block(False, False, False, False)


# --- each repair: check mode, do, check mode, do ---------------------------------------------------------------------

# check, policy, the documents of the bucket before, what is in them after
REPAIRS = [
    ("default_encryption", {}, {"encryption": None}, b"<SSEAlgorithm>AES256</SSEAlgorithm>"),
    ("encryption_algorithm", {"algorithm": "aws:kms"}, {"encryption": None}, b"<SSEAlgorithm>aws:kms</SSEAlgorithm>"),
    (
        "encryption_algorithm",
        {"algorithm": "aws:kms:dsse"},
        {"encryption": documents.encryption("aws:kms", "", True, ("SSE-C",))},
        documents.encryption("aws:kms:dsse", "", False, ("SSE-C",)),
    ),
    (
        "bucket_key",
        {},
        {"encryption": documents.encryption("aws:kms", "alias/x", False, ("SSE-C",))},
        documents.encryption("aws:kms", "alias/x", True, ("SSE-C",)),
    ),
    (
        "sse_c_blocked",
        {},
        {"encryption": documents.encryption("aws:kms", "alias/x", True)},
        documents.encryption("aws:kms", "alias/x", True, ("SSE-C",)),
    ),
    (
        "sse_c_blocked",
        {},
        {"encryption": documents.encryption("AES256", "", False, ("NONE",))},
        documents.encryption("AES256", "", False, ("SSE-C",)),
    ),
    ("tls_only", {}, {"policy": None}, b"Day2DenyInsecureTransport"),
    ("tls_only", {}, {"policy": PUBLIC, "publicAccessBlock": OFF}, PUBLIC[:-5]),
    ("tls_min_version", {"min_tls": "1.3"}, {"policy": None}, b'{"s3:TlsVersion": "1.3"}'),
    ("public_access_block", {}, {"publicAccessBlock": None}, documents.public_access_block()),
    ("public_access_block", {}, {"publicAccessBlock": OFF}, documents.public_access_block()),
    ("object_ownership", {}, {"ownershipControls": None}, documents.ownership()),
    ("object_ownership", {}, {"ownershipControls": documents.ownership("ObjectWriter")}, documents.ownership()),
    ("versioning", {}, {"versioning": None}, documents.versioning("Enabled")),
    ("versioning", {}, {"versioning": documents.versioning("Suspended", "Disabled")}, b"<Status>Enabled</Status>"),
    ("access_logging", {"log_bucket": "logs"}, {"logging": None}, documents.logging("logs", "a/")),
    ("access_logging", {"log_bucket": "logs"}, {"logging": documents.logging("b", "x y")}, documents.logging("logs", "x y")),
    ("lifecycle", {}, {"lifecycle": None}, b"<DaysAfterInitiation>7</DaysAfterInitiation>"),
    ("lifecycle", {}, {"lifecycle": documents.lifecycle(EXPIRE)}, documents.lifecycle(EXPIRE)[:-len("</LifecycleConfiguration>")]),
]  # fmt: skip


def seed(fake: FakeS3, before: Dict[str, object]) -> "Dict[str, bytes]":
    """A bucket ``a`` with these documents, ``b`` and ``logs`` beside it; the documents of ``a`` as they are to be again."""
    fake.store.add("logs", "eu-west-1")
    fake.store.add("b", "eu-west-1").put("policy", b'{"Statement": []}')
    bucket = fake.store.add("a", "eu-west-1")
    for name, document in before.items():
        if document is None:
            bucket.remove(name)
        else:
            bucket.put(name, document)
    return dict(bucket.documents)


@pytest.mark.parametrize("check, policy, before, after", REPAIRS)
def test_a_repair_and_the_way_back(fake: FakeS3, check, policy, before, after) -> None:
    first = seed(fake, before)
    name = next(iter(before))
    others = {key: dict(fake.store.buckets[key].documents) for key in ("b", "logs")}
    run = Run(fake.url, [check], policy)

    def made():
        proposal = run.plan(log_buckets=("logs",))
        return [one for one in proposal.remediations if one.bucket == "a"]

    # check mode: the plan, and nothing else
    planned = made()
    assert len(planned) == 1
    assert fake.store.buckets["a"].documents == first
    assert not [action for action in fake.counters if ":Put" in action or ":Delete" in action]
    # do
    assert [one.outcome for one in carried_out(fake.url, planned)] == [Outcome.APPLIED]
    documents_ = fake.store.buckets["a"].documents
    assert after in documents_[name]
    assert {key: value for key, value in documents_.items() if key != name} == {
        key: value for key, value in first.items() if key != name
    }
    assert {key: dict(fake.store.buckets[key].documents) for key in others} == others
    # check mode again, and do again
    assert made() == []
    # the way back, in the same four steps
    backup = Backup("run-1", ACCOUNT, "aws", tuple(planned))
    back = reverted(fake.url, backup).remediations
    assert len(back) == (0 if (check, before) == ("default_encryption", {"encryption": None}) else 1)
    assert all(one.outcome is Outcome.APPLIED for one in carried_out(fake.url, back))
    if before == {"versioning": None}:
        first["versioning"] = documents.versioning("Suspended")
    elif before == {"encryption": None}:
        first["encryption"] = documents.encryption()  # what S3 does without
    elif before == {"logging": None}:
        first["logging"] = documents_["logging"]
        assert b"LoggingEnabled" not in first["logging"]
    assert fake.store.buckets["a"].documents == first
    assert reverted(fake.url, backup).remediations == ()


def test_every_check_that_can_be_repaired_is_tried_here() -> None:
    elsewhere = {"kms_key", "kms_key_rotation", "account_public_access_block"}
    assert {repair[0] for repair in REPAIRS} | elsewhere == set(REMEDIABLE)


def test_a_key_is_set_and_rotated_and_both_are_taken_back(fake_with_moto: FakeS3) -> None:
    fake = fake_with_moto
    kms = fake.client("kms", "eu-west-1")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/remediation-test", TargetKeyId=arn)
    before = {name: dict(fake.store.add(name, "eu-west-1").documents) for name in ("a", "b")}
    run = Run(
        fake.url,
        ["encryption_algorithm", "kms_key", "kms_key_rotation"],
        {"algorithm": "aws:kms", "kms_keys": ["alias/remediation-test"], "customer_managed": True},
    )
    done = run.do()
    assert [(one.remediation.target.aspect.value, one.remediation.bucket) for one in done] == [
        ("encryption", "a"),
        ("kms_key_rotation", "a"),  # once, though two buckets use the key
        ("encryption", "b"),
    ]
    assert {one.outcome for one in done} == {Outcome.APPLIED}
    assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"] is True
    for name in ("a", "b"):
        assert fake.store.buckets[name].documents["encryption"] == documents.encryption("aws:kms", arn, True)
    backup = run.backup()
    assert run.plan() == Proposal()

    assert {one.outcome for one in carried_out(fake.url, reverted(fake.url, backup).remediations)} == {Outcome.APPLIED}
    assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"] is False
    assert {name: dict(fake.store.buckets[name].documents) for name in ("a", "b")} == before


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_a_key_that_is_out_of_use_is_not_set(fake_with_moto: FakeS3, state: str) -> None:
    kms = fake_with_moto.client("kms", "eu-west-1")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    if state == "Disabled":
        kms.disable_key(KeyId=key)
    else:
        kms.schedule_key_deletion(KeyId=key)
    fake_with_moto.store.add("a", "eu-west-1")
    proposal = Run(fake_with_moto.url, ["kms_key"], {"kms_keys": [key]}).plan()
    assert proposal.remediations == ()
    assert [one.risk.value for one in proposal.refusals] == ["unusable_key"]
    assert state in proposal.refusals[0].message


def test_public_buckets_and_the_account_are_blocked_and_opened_again(fake: FakeS3) -> None:
    """In an order in which S3 takes back the policies, which stay public."""
    for name in ("a", "b"):
        fake.store.add(name, "eu-west-1").put("publicAccessBlock", OFF).put(
            "policy", PUBLIC.replace(b":::a", b":::" + name.encode())
        )
    before = {name: dict(fake.store.buckets[name].documents) for name in ("a", "b")}
    checks = ["tls_only", "public_access_block", "account_public_access_block"]
    refused = Run(fake.url, checks).plan()
    assert {(one.bucket, one.check, one.risk.value) for one in refused.refusals} == {
        ("", "account_public_access_block", "public_website"),
        ("a", "public_access_block", "public_website"),
        ("b", "public_access_block", "public_website"),
    }
    run = Run(fake.url, checks, allow=["public_website"])
    done = run.do()
    assert [one.outcome for one in done] == [Outcome.APPLIED] * 5
    puts = [entry.action for entry in fake.log if ":Put" in entry.action]
    assert puts[-1] == "s3control:PutPublicAccessBlock"
    assert b"<RestrictPublicBuckets>true" in fake.store.account_blocks[ACCOUNT]
    back = carried_out(fake.url, reverted(fake.url, run.backup()).remediations)
    assert [one.outcome for one in back] == [Outcome.APPLIED] * 5
    assert {name: dict(fake.store.buckets[name].documents) for name in ("a", "b")} == before
    assert fake.store.account_blocks == {}
