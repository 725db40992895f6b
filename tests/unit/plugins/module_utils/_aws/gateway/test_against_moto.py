# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocols of the services that this collection calls, spoken to somebody else's implementation of them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Request, Response
from ansible_collections.day2.ops.plugins.module_utils._aws.protocols import (
    json_request,
    query_request,
    rest_json_request,
)
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


R = "eu-west-1"


def refused(url: str, request: Request) -> AwsError:
    with pytest.raises(AwsError) as caught:
        call(url, request)
    return caught.value


def test_query(moto_url: str) -> None:
    answer = call(moto_url, query_request("ec2:DescribeRegions", "", R, {"RegionName": [R, "us-east-1"]}))
    assert answer.body.count(b"<regionName>") == 2
    error = refused(moto_url, query_request("ec2:StopInstances", "", R, {"InstanceId": ["i-0123456789abcdef0"]}))
    assert (error.code, error.status) == ("InvalidInstanceID.NotFound", 400)
    error = refused(moto_url, query_request("rds:StopDBInstance", "x", R, {"DBInstanceIdentifier": "not-there"}))
    assert (error.code, error.status) == ("DBInstanceNotFound", 404)
    request = query_request("autoscaling:DescribeAutoScalingGroups", "", R, {"AutoScalingGroupNames": ["not-there"]})
    assert b"<member>" not in call(moto_url, request).body


def test_json(moto_url: str) -> None:
    parameter = {"Name": "/protocols/a", "Value": "v", "Type": "String"}
    call(moto_url, json_request("ssm:PutParameter", "", R, parameter))
    answer = call(moto_url, json_request("ssm:GetParameter", "", R, {"Name": "/protocols/a"}))
    assert json.loads(answer.body)["Parameter"]["Value"] == "v"
    assert refused(moto_url, json_request("ssm:GetParameter", "", R, {"Name": "/no"})).code == "ParameterNotFound"
    error = refused(moto_url, json_request("dynamodb:Scan", "", R, {"TableName": "not-there"}))
    assert error.code == "ResourceNotFoundException"


def test_rest_json(moto_url: str) -> None:
    network = {"subnetIds": ["subnet-1", "subnet-2"]}
    body = {"name": "protocols", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "resourcesVpcConfig": network}
    made = call(moto_url, rest_json_request("eks:CreateCluster", "", R, "POST", ("clusters",), body))
    arn = json.loads(made.body)["cluster"]["arn"]
    call(moto_url, rest_json_request("eks:TagResource", "", R, "POST", ("tags", arn), {"tags": {"a b": "c"}}))
    tags = call(moto_url, rest_json_request("eks:ListTagsForResource", "", R, "GET", ("tags", arn)))
    assert json.loads(tags.body)["tags"] == {"a b": "c"}
    error = refused(moto_url, rest_json_request("eks:DescribeCluster", "", R, "GET", ("clusters", "not-there")))
    assert (error.code, error.status) == ("ResourceNotFoundException", 404)
