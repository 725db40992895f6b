# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocols of the services that this collection calls, spoken to somebody else's implementation of them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Request, Response
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access, client, run

ACCOUNT = "123456789012"
KMS = (("content-type", "application/x-amz-json-1.1"),)
PUBLIC_ACCESS = "/v20180820/configuration/publicAccessBlock"


def call(url: str, request: Request) -> Response:
    async def test() -> Response:
        async with client(access(url), FakeClock()) as aws:
            return await aws.send(request)

    return run(test())


def test_s3(moto_url: str) -> None:
    where = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
    bucket = "transport.with.dots"
    call(moto_url, Request("s3:CreateBucket", bucket, "s3", "eu-west-1", "PUT", f"/{bucket}", body=where))
    key = "ü/ä b+c//d.txt"
    call(moto_url, Request("s3:PutObject", key, "s3", "eu-west-1", "PUT", f"/{bucket}/{key}", body=b"hello"))
    assert call(moto_url, Request("s3:GetObject", key, "s3", "eu-west-1", path=f"/{bucket}/{key}")).body == b"hello"
    head = call(moto_url, Request("s3:HeadObject", key, "s3", "eu-west-1", "HEAD", f"/{bucket}/{key}"))
    assert (head.headers["content-length"], head.body) == ("5", b"")
    query = (("list-type", "2"), ("prefix", "ü/ä b+"))
    listing = call(moto_url, Request("s3:ListObjectsV2", bucket, "s3", "eu-west-1", path=f"/{bucket}", query=query))
    assert "<Key>ü/ä b+c//d.txt</Key>".encode() in listing.body
    with pytest.raises(AwsError) as caught:
        call(
            moto_url,
            Request("s3:GetBucketPolicy", bucket, "s3", "eu-west-1", path=f"/{bucket}", query=(("policy", ""),)),
        )
    assert (caught.value.code, caught.value.status) == ("NoSuchBucketPolicy", 404)


def test_s3control(moto_url: str) -> None:
    headers = (("x-amz-account-id", ACCOUNT),)
    block = b"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
    action = "s3:PutAccountPublicAccessBlock"
    call(
        moto_url, Request(action, ACCOUNT, "s3control", "eu-west-1", "PUT", PUBLIC_ACCESS, headers=headers, body=block)
    )
    action = "s3:GetAccountPublicAccessBlock"
    answer = call(moto_url, Request(action, ACCOUNT, "s3control", "eu-west-1", path=PUBLIC_ACCESS, headers=headers))
    assert b"<BlockPublicAcls>true</BlockPublicAcls>" in answer.body


def test_kms(moto_url: str) -> None:
    headers = (*KMS, ("x-amz-target", "TrentService.DescribeKey"))
    body = json.dumps({"KeyId": "alias/not-there"}).encode()
    with pytest.raises(AwsError) as caught:
        call(moto_url, Request("kms:DescribeKey", "k", "kms", "eu-west-1", "POST", headers=headers, body=body))
    assert (caught.value.code, caught.value.status) == ("NotFoundException", 400)


def test_sts(moto_url: str) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    answer = call(
        moto_url, Request("sts:GetCallerIdentity", "", "sts", "eu-west-1", "POST", headers=headers, body=body)
    )
    assert f"<Account>{ACCOUNT}</Account>".encode() in answer.body
