# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that no well-behaved server gives: from proxies, broken endpoints, and at the wrong moment."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    BucketFacts,
    Question,
    Unknown,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.selection import Selection
from ansible_collections.day2.ops.tests.support.aws.schema import document
from ansible_collections.day2.ops.tests.support.collecting import Gathered, Scripted, error, gather_from

IDENTITY = document(
    "GetCallerIdentityResponse",
    "<GetCallerIdentityResult><Arn>arn:aws-cn:iam::123456789012:user/a</Arn><Account>123456789012</Account>"
    "</GetCallerIdentityResult>",
)
PROXY = b"<html><body>Please log in</body></html>"
VERSIONING = document("VersioningConfiguration", "")
BROKEN = error("s3:HeadBucket", "TruncatedResponse", 0)


def _page(*names: str, region: str = "cn-north-1", token: str = "") -> bytes:
    where = f"<BucketRegion>{region}</BucketRegion>" if region else ""
    inner = "".join(f"<Bucket><Name>{name}</Name>{where}</Bucket>" for name in names)
    more = f"<ContinuationToken>{token}</ContinuationToken>" if token else ""
    return document("ListAllMyBucketsResult", f"<Buckets>{inner}</Buckets>{more}")


def _gathered(*questions: Question, selection: Any = None, asked: Any = None, **answers: List[Any]) -> Gathered:
    given: Dict[str, List[Any]] = {"GetCallerIdentity": [IDENTITY], "ListBuckets": [_page("acme")], **answers}
    return gather_from(Scripted(**given), frozenset(questions), selection, **(asked or {}))


def _acme(*questions: Question, **given: Any) -> BucketFacts:
    return _gathered(*questions, **given).buckets["acme"]


def test_the_partition_is_the_one_of_the_identity() -> None:
    facts = _acme(Question.VERSIONING, GetBucketVersioning=[VERSIONING])
    assert facts.partition == "aws-cn"


@pytest.mark.parametrize("body", [PROXY, b"", document("GetCallerIdentityResponse", "")])
def test_an_identity_that_is_none_is_an_error(body: bytes) -> None:
    with pytest.raises(GatewayError, match="sts:GetCallerIdentity"):
        _gathered(GetCallerIdentity=[body])


@pytest.mark.parametrize("body", [PROXY, b"", document("ListAllMyBucketsResult", "")])
def test_a_listing_that_is_none_is_an_error(body: bytes) -> None:
    with pytest.raises(GatewayError, match="s3:ListBuckets"):
        _gathered(ListBuckets=[body])


def test_an_account_block_that_is_none_is_unknown() -> None:
    (account,) = _gathered(asked={"account_block": True}, GetPublicAccessBlock=[PROXY]).accounts
    block = account.public_access_block
    assert isinstance(block, Unknown) and block.reason.startswith("s3control:GetPublicAccessBlock: <html> instead")


@pytest.mark.parametrize("second", [PROXY, _page("b", token="t"), error("s3:ListBuckets", "InternalError", 500)])
def test_a_listing_that_goes_wrong_later_is_incomplete(second: Any) -> None:
    pages = [_page("acme", token="t"), second]
    result = _gathered(Question.VERSIONING, ListBuckets=pages, GetBucketVersioning=[VERSIONING])
    assert "acme" in result.buckets
    assert result.outcome is not None and result.outcome.incomplete is not None
    assert result.outcome.incomplete.reason.startswith("s3:ListBuckets: ")


def test_a_listing_without_regions_costs_a_head_each() -> None:
    listing = [_page("acme", region="")]
    head = error("s3:HeadBucket", "AccessDenied", 403)
    location = document("LocationConstraint", "EU")
    facts = _acme(
        Question.VERSIONING,
        ListBuckets=listing,
        HeadBucket=[head],
        GetBucketLocation=[location],
        GetBucketVersioning=[VERSIONING],
    )
    assert facts.region == "eu-west-1"


@pytest.mark.parametrize("location", [PROXY, error("s3:GetBucketLocation", "AccessDenied", 403)])
def test_a_region_that_cannot_be_told_leaves_everything_unknown(location: Any) -> None:
    facts = _acme(
        Question.VERSIONING,
        Question.OBJECTS,
        ListBuckets=[_page("acme", region="")],
        HeadBucket=[BROKEN],
        GetBucketLocation=[location],
    )
    assert facts.region == "" and facts.versioning == facts.objects
    assert isinstance(facts.versioning, Unknown)
    assert facts.versioning.reason.startswith("its region cannot be told: s3:GetBucketLocation: ")


def test_tags_select_among_buckets_whose_region_was_not_listed() -> None:
    result = _gathered(
        Question.TAGS,
        selection=Selection(tags={"env": "prod"}),
        ListBuckets=[_page("acme", region="")],
        HeadBucket=[BROKEN],
        GetBucketLocation=[document("LocationConstraint", "")],
        GetBucketTagging=[document("Tagging", "<TagSet><Tag><Key>env</Key><Value>prod</Value></Tag></TagSet>")],
    )
    assert result.buckets["acme"].tags == {"env": "prod"} and result.buckets["acme"].region == "us-east-1"


@pytest.mark.parametrize(
    "answers, reason",
    [
        ({"ListObjectsV2": [PROXY]}, "s3:ListObjectsV2: <html> instead of <ListBucketResult>"),
        (
            {
                "ListObjectsV2": [document("ListBucketResult", "<Contents><Key>a</Key></Contents>")],
                "HeadObject": [error("s3:HeadObject", "Timeout", 0, "no answer")],
            },
            "s3:HeadObject: Timeout: no answer",
        ),
    ],
)
def test_neither_inventory_nor_sample_leaves_both_reasons(answers: Dict[str, List[Any]], reason: str) -> None:
    facts = _acme(Question.OBJECTS, asked={"inventory": "nowhere", "sample_objects": 3}, **answers)
    assert isinstance(facts.objects, Unknown)
    assert facts.objects.reason.startswith("inventory nowhere: 'nowhere/{bucket}' is no place such as")
    assert facts.objects.reason.endswith(f"; {reason}")
