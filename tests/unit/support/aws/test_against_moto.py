# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake and moto answer the same story with the same parsed answers, but for the declared gaps."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Tuple

import pytest
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.gaps import AWS, GAPS
from ansible_collections.day2.ops.tests.support.aws.story import ACCOUNT_STEPS, labels, tell

Told = Dict[str, Any]


@pytest.fixture(scope="module")
def told(moto_url: str) -> Iterator[Tuple[Told, Told]]:
    """What moto answers and what the fake answers."""
    moto = {
        **tell(boto_client(moto_url, "s3")),
        **tell(boto_client(moto_url, "s3control"), ACCOUNT_STEPS),
    }
    with FakeS3(verify_signatures=True) as fake:
        yield moto, {**tell(fake.client()), **tell(fake.client("s3control"), ACCOUNT_STEPS)}
        assert fake.unexpected == []


@pytest.mark.parametrize("label", [label for label in labels() if label not in AWS])
def test_both_agree(told: Tuple[Told, Told], label: str) -> None:
    moto, fake = told
    assert fake[label] == moto[label]


@pytest.mark.parametrize("label, gap", [(label, gap) for gap, answers in GAPS.items() for label in answers])
def test_the_fake_answers_as_aws_and_moto_does_not(told: Tuple[Told, Told], label: str, gap: str) -> None:
    moto, fake = told
    assert fake[label] == AWS[label]
    assert moto[label] != AWS[label], f"closed: {gap}"


def test_every_gap_is_a_step_of_the_story() -> None:
    assert set(AWS) <= set(labels())


def test_labels_are_told_apart() -> None:
    assert len(set(labels())) == len(labels())


def test_moto_takes_the_key_of_s3_for_the_customers(moto_url: str) -> None:
    kms = boto_client(moto_url, "kms")
    key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER", "closed: upstream.amend can go"
    with FakeS3(moto=moto_url) as fake:
        kms = fake.client("kms")
        key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
        assert key["KeyManager"] == "AWS"
        assert kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]["KeyManager"] == "AWS"
        assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
        mine = kms.create_key()["KeyMetadata"]
        assert mine["KeyManager"] == "CUSTOMER"
        assert kms.get_key_rotation_status(KeyId=mine["Arn"])["KeyRotationEnabled"] is False
