# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fake does beyond the story: regions, accounts, denial, pages, SSE-C, the services behind it."""

from __future__ import annotations

import base64
import hashlib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.certificates import make_certificates
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import NOT_MODELLED, FakeS3
from ansible_collections.day2.ops.tests.support.aws.proxy import ConnectProxy
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, Key
from botocore.config import Config
from botocore.exceptions import ClientError, ProxyConnectionError

OTHER = "210987654321"


def code(call: Any, **arguments: Any) -> str:
    """The error code of a call."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return str(refused.value.response["Error"]["Code"])


# --- lists -----------------------------------------------------------------------------------------------------------


def test_list_buckets_in_pages(fake: FakeS3) -> None:
    for number in range(25):
        fake.store.add(f"acme-{number:02d}", "eu-west-1" if number % 2 else "us-east-1")
    fake.store.add("other-account", account=OTHER)
    client = fake.client()
    pages = list(client.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 10}))
    assert [len(page["Buckets"]) for page in pages] == [10, 10, 5]
    found = [bucket["Name"] for page in pages for bucket in page["Buckets"]]
    assert found == [f"acme-{number:02d}" for number in range(25)]
    assert {bucket["BucketRegion"] for page in pages for bucket in page["Buckets"]} == {"eu-west-1", "us-east-1"}
    here = client.list_buckets(BucketRegion="eu-west-1", MaxBuckets=1000)
    assert len(here["Buckets"]) == 12 and "ContinuationToken" not in here
    assert "BucketRegion" not in client.list_buckets()["Buckets"][0]  # as S3: only with a parameter
    assert code(client.list_buckets, ContinuationToken="bm9uc2Vuc2U=") == "InvalidArgument"
    assert code(client.list_buckets, MaxBuckets=20_000) == "InvalidArgument"


def test_list_objects_in_pages(fake: FakeS3) -> None:
    bucket = fake.store.add("acme")
    for number in range(7):
        bucket.put_object(f"a/{number}").put_object(f"b {number}&<")
    client = fake.client()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="acme", PaginationConfig={"PageSize": 3})
    assert [one["Key"] for page in pages for one in page["Contents"]] == sorted(bucket.objects)
    top = client.get_paginator("list_objects_v2").paginate(
        Bucket="acme", Delimiter="/", PaginationConfig={"PageSize": 2}
    )
    listed: List[Dict[str, Any]] = list(top)
    assert [one["Prefix"] for page in listed for one in page.get("CommonPrefixes", [])] == ["a/"]
    assert sum(len(page.get("Contents", [])) for page in listed) == 7


# --- regions and hosts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("redirects", [True, "malformed"])
def test_a_bucket_elsewhere_redirects_and_boto3_follows(fake: FakeS3, redirects: Any) -> None:
    fake.settings.redirects = redirects
    fake.store.add("acme", "ap-southeast-2")
    client = fake.client(region="eu-west-1")
    assert client.get_bucket_encryption(Bucket="acme")["ServerSideEncryptionConfiguration"]
    assert client.get_bucket_location(Bucket="acme")["LocationConstraint"] == "ap-southeast-2"
    said = [entry.status for entry in fake.log if entry.action == "s3:GetBucketEncryption"]
    assert said[0] == (301 if redirects is True else 400) and said[-1] == 200


def test_a_redirect_names_the_region(fake: FakeS3) -> None:
    fake.settings.redirects = True
    fake.store.add("acme", "ap-southeast-2")
    client = fake.client(region="eu-west-1")
    client.meta.events.unregister("needs-retry.s3")
    seen: List[Any] = []
    client.meta.events.register("response-received.s3", lambda response_dict, **_: seen.append(response_dict))
    client.head_bucket(Bucket="acme")
    assert seen[0]["status_code"] == 301
    assert seen[0]["headers"]["x-amz-bucket-region"] == "ap-southeast-2"


def test_virtual_hosts(fake: FakeS3) -> None:
    fake.store.add("acme.static").put_object("a/b", b"hello")

    def get(host: str, path: str) -> bytes:
        headers = {"Host": host, **_signed_somehow()}
        with urllib.request.urlopen(urllib.request.Request(fake.url + path, headers=headers)) as answer:
            return bytes(answer.read())

    for host in ("acme.static.localhost", "acme.static.s3.eu-west-1.amazonaws.com", "acme.static.s3.amazonaws.com.cn"):
        assert get(host, "/a/b") == b"hello"
    for host in ("localhost", "127.0.0.1", "s3.eu-west-1.amazonaws.com"):
        assert get(host, "/acme.static/a/b") == b"hello"


def _signed_somehow() -> Dict[str, str]:
    return {
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260301/eu-west-1/s3/aws4_request, Signature=0",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    }


def test_tls(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    with FakeS3(tls=certificates, verify_signatures=True) as server:
        client = server.client()
        client.create_bucket(Bucket="acme", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_object(Bucket="acme", Key="k", Body=b"1" * 1000)  # over TLS boto3 sends aws-chunked with a trailer
        assert client.get_object(Bucket="acme", Key="k")["Body"].read() == b"1" * 1000
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(server.url)


def test_as_a_proxy_for_plain_http(fake: FakeS3) -> None:
    fake.settings.verify_signatures = True
    fake.store.add("acme")
    config = Config(proxies={"http": fake.url}, s3={"addressing_style": "virtual"})
    client = boto_client("http://s3.eu-west-1.amazonaws.com", "s3", config=config)
    assert client.get_bucket_encryption(Bucket="acme")["ServerSideEncryptionConfiguration"]


@pytest.mark.parametrize("password, asked", [("right", 1), ("wrong", 0)])
def test_behind_a_proxy_for_https(tmp_path: Path, password: str, asked: int) -> None:
    certificates = make_certificates(tmp_path, ["s3.eu-west-1.amazonaws.com"])
    with FakeS3(tls=certificates, verify_signatures=True) as server, ConnectProxy(server.port, "me:right") as proxy:
        url = proxy.url.replace("http://", f"http://me:{password}@")
        config = Config(proxies={"https": url}, retries={"total_max_attempts": 1})
        client = boto_client("https://s3.eu-west-1.amazonaws.com", "s3", config=config, verify=certificates.ca)
        if asked:
            assert client.list_buckets()["Buckets"] == []
        else:
            with pytest.raises(ProxyConnectionError):
                client.list_buckets()
        assert proxy.asked == ["s3.eu-west-1.amazonaws.com:443"] * asked
        assert proxy.refused == 1 - asked


# --- who may ---------------------------------------------------------------------------------------------------------


def test_accounts_are_apart(fake: FakeS3) -> None:
    fake.store.keys["AKIAOTHER"] = Key(OTHER, "s")
    fake.store.add("acme-mine")
    fake.store.add("acme-theirs", account=OTHER)
    mine, theirs = fake.client(), fake.client(aws_access_key_id="AKIAOTHER", aws_secret_access_key="s")
    assert [one["Name"] for one in mine.list_buckets()["Buckets"]] == ["acme-mine"]
    assert [one["Name"] for one in theirs.list_buckets()["Buckets"]] == ["acme-theirs"]
    assert code(mine.get_bucket_policy, Bucket="acme-theirs") == "AccessDenied"
    assert code(mine.get_bucket_policy, Bucket="acme-mine", ExpectedBucketOwner=OTHER) == "AccessDenied"
    location = {"LocationConstraint": "eu-west-1"}
    assert code(mine.create_bucket, Bucket="acme-theirs", CreateBucketConfiguration=location) == "BucketAlreadyExists"


def test_denied_actions(fake: FakeS3) -> None:
    fake.store.add("acme-shut").denied = ("*",)
    fake.store.add("acme-half").denied = ("GetBucketPolicy*",)
    client = fake.client()
    assert code(client.get_bucket_encryption, Bucket="acme-shut") == "AccessDenied"
    assert code(client.head_bucket, Bucket="acme-shut") == "403"
    assert code(client.get_bucket_policy_status, Bucket="acme-half") == "AccessDenied"
    assert client.get_bucket_encryption(Bucket="acme-half")


def test_the_account_blocks_public_policies_too(fake: FakeS3) -> None:
    fake.store.add("acme").remove("publicAccessBlock")
    fake.client("s3control").put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration={"BlockPublicPolicy": True}
    )
    text = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::acme"}}'
    assert code(fake.client().put_bucket_policy, Bucket="acme", Policy=text) == "AccessDenied"


# --- objects ---------------------------------------------------------------------------------------------------------


def test_sse_c_needs_its_key_again(fake: FakeS3) -> None:
    fake.store.add("acme")
    client = fake.client()
    key = b"k" * 32
    client.put_object(Bucket="acme", Key="sealed", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey=key)
    md5 = base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode()
    assert fake.store.buckets["acme"].objects["sealed"].customer_key_md5 == md5
    assert code(client.head_object, Bucket="acme", Key="sealed") == "400"
    wrong = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"w" * 32}
    assert code(client.head_object, Bucket="acme", Key="sealed", **wrong) == "403"
    found = client.get_object(Bucket="acme", Key="sealed", SSECustomerAlgorithm="AES256", SSECustomerKey=key)
    assert found["SSECustomerAlgorithm"] == "AES256" and found["Body"].read() == b"x"
    fake.store.buckets["acme"].put("encryption", documents.encryption(blocked=("SSE-C",)))
    again = {"Bucket": "acme", "Key": "no", "SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
    assert code(client.put_object, **again) == "AccessDenied"


def test_objects_take_the_default_encryption_of_their_bucket(fake: FakeS3) -> None:
    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
    fake.store.add("acme").put("encryption", documents.encryption("aws:kms", arn, True)).put_object("old", sse="")
    client = fake.client()
    put = client.put_object(Bucket="acme", Key="k", Body=b"")
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"], put["BucketKeyEnabled"]) == ("aws:kms", arn, True)
    assert "ServerSideEncryption" not in client.head_object(Bucket="acme", Key="old")


# --- strictness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation, arguments",
    [
        ("list_objects", {}),
        ("list_object_versions", {}),
        ("get_bucket_cors", {}),
        ("get_bucket_replication", {}),
        ("get_object", {"Key": "k", "Range": "bytes=0-1"}),
        ("get_object_acl", {"Key": "k"}),
        ("create_multipart_upload", {"Key": "k"}),
        ("delete_objects", {"Delete": {"Objects": [{"Key": "k"}]}}),
        ("put_bucket_acl", {"GrantRead": "id=1"}),
    ],
)
def test_what_is_not_modelled_is_refused_and_recorded(operation: str, arguments: Dict[str, Any]) -> None:
    with FakeS3() as server:
        server.store.add("acme").put_object("k", b"body")
        assert code(getattr(server.client(), operation), Bucket="acme", **arguments) == "NotImplemented"
        assert len(server.unexpected) == 1


def test_other_services_are_refused_without_moto() -> None:
    with FakeS3() as server:
        assert code(server.client("kms").list_keys) == "NotImplemented"
        assert server.client("sts").get_caller_identity()["Account"] == ACCOUNT
        assert server.unexpected == ["kms:ListKeys"]


def test_requests_without_a_signature(fake: FakeS3) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{fake.url}/acme")


def test_configuration_is_not_taken_without_a_checksum(fake: FakeS3) -> None:
    fake.store.add("acme")
    client = fake.client()

    def put(**headers: str) -> str:
        request = urllib.request.Request(
            f"{fake.url}/acme?publicAccessBlock",
            data=b'<PublicAccessBlockConfiguration xmlns="x"/>',
            headers={**_signed_somehow(), "Content-Type": "application/xml", **headers},
            method="PUT",
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return error.read().decode().partition("<Code>")[2].partition("</Code>")[0]

    good = base64.b64encode(hashlib.md5(b'<PublicAccessBlockConfiguration xmlns="x"/>').digest()).decode()
    assert put() == "InvalidRequest"
    assert put(**{"Content-MD5": "nonsense!"}) == "InvalidDigest"
    assert put(**{"Content-MD5": base64.b64encode(b"0" * 16).decode()}) == "BadDigest"
    assert put(**{"x-amz-checksum-sha256": good}) == "BadDigest"
    assert put(**{"Content-MD5": good}) == "200"
    assert not any(client.get_public_access_block(Bucket="acme")["PublicAccessBlockConfiguration"].values())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<PublicAccessBlockConfiguration>",
        b"<Other/>",
        b"<PublicAccessBlockConfiguration><Unknown>true</Unknown></PublicAccessBlockConfiguration>",
        b"<PublicAccessBlockConfiguration><BlockPublicAcls>yes</BlockPublicAcls></PublicAccessBlockConfiguration>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><PublicAccessBlockConfiguration/>',
    ],
)
def test_xml_that_is_not_of_the_schema(fake: FakeS3, body: bytes) -> None:
    fake.store.add("acme")
    request = urllib.request.Request(
        f"{fake.url}/acme?publicAccessBlock",
        data=body,
        headers={
            **_signed_somehow(),
            "Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode(),
        },
        method="PUT",
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert b"<Code>MalformedXML</Code>" in refused.value.read()


def test_what_is_not_modelled_is_listed() -> None:
    assert all(NOT_MODELLED.values())


# --- the services behind it ------------------------------------------------------------------------------------------


def test_kms_and_organizations_are_motos(fake_with_moto: FakeS3) -> None:
    server = fake_with_moto
    server.settings.verify_signatures = True
    server.rules.add(service="kms", action="ListAliases", code="AccessDeniedException", status=400)
    kms = server.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    assert kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    assert code(kms.describe_key, KeyId=arn.replace("key/", "key/0")) == "NotFoundException"
    assert code(kms.list_aliases) == "AccessDeniedException"
    assert server.counters["kms:DescribeKey"] == 1


@pytest.mark.parametrize("good_for", [None, 2])
def test_assumed_roles_act_in_their_account(fake_with_moto: FakeS3, good_for: Any) -> None:
    server = fake_with_moto
    server.settings.verify_signatures = True
    server.settings.assumed_session_requests = good_for
    server.store.add("acme-theirs", account=OTHER)
    role = server.client("sts").assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/audit", RoleSessionName="audit")
    credentials = {
        "aws_access_key_id": role["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": role["Credentials"]["SecretAccessKey"],
        "aws_session_token": role["Credentials"]["SessionToken"],
    }
    client = server.client(**credentials)
    assert [one["Name"] for one in client.list_buckets()["Buckets"]] == ["acme-theirs"]
    assert server.client("sts", **credentials).get_caller_identity()["Account"] == OTHER
    if good_for:
        assert code(client.list_buckets) == "ExpiredToken"


def test_moto_that_went_away_is_an_answer() -> None:
    with FakeS3(moto="http://127.0.0.1:9") as server:
        assert code(server.client("kms").list_keys) == "ServiceUnavailable"


def test_the_environment_is_enough_for_boto3(fake: FakeS3, aws_environment: Dict[str, str]) -> None:
    import boto3

    fake.store.add("acme")
    client = boto3.session.Session().client("s3", config=Config(s3={"addressing_style": "path"}))
    assert [one["Name"] for one in client.list_buckets()["Buckets"]] == ["acme"]
    assert aws_environment["AWS_ENDPOINT_URL"] == fake.url
