# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fake knows of Signature Version 4, checked against botocore's signer."""

from __future__ import annotations

import string
from datetime import datetime, timezone
from typing import Any, Dict, Tuple
from urllib.parse import quote

import pytest
from ansible_collections.day2.ops.tests.support.aws import signature
from ansible_collections.day2.ops.tests.support.aws.errors import S3Error
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, Key
from ansible_collections.day2.ops.tests.support.aws.wire import HttpRequest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.text(string.ascii_letters + string.digits + " /+%&=?#~._-'()*ü山", min_size=1, max_size=12)


def signed(method: str, target: str, body: bytes = b"", secret: str = "secret", token: str = "") -> HttpRequest:
    """A request signed by botocore, as it would arrive."""
    sent = AWSRequest(method, f"http://127.0.0.1:9000{target}", data=body, headers={"x-amz-meta-a": " two  spaces "})
    sent.context["client_config"] = None
    sent.context["payload_signing_enabled"] = True
    S3SigV4Auth(Credentials("AKIA", secret, token or None), "s3", "eu-west-1").add_auth(sent)
    headers = {name.lower(): str(value) for name, value in sent.headers.items()}
    return HttpRequest(method, target, {"host": "127.0.0.1:9000", **headers}, body)


def check(request: HttpRequest, secret: str = "secret", offset: float = 0) -> None:
    """What the server does with it."""
    claim = signature.claim_of(request.headers["authorization"])
    assert claim is not None
    signature.check_payload(request)
    signature.verify(request, claim, secret, datetime.now(timezone.utc).timestamp() + offset)


@given(
    st.sampled_from(["GET", "PUT", "HEAD"]), NAMES, st.dictionaries(NAMES, NAMES, max_size=3), st.binary(max_size=20)
)
@settings(derandomize=True)
def test_what_botocore_signs_is_true(method: str, key: str, query: Dict[str, str], body: bytes) -> None:
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items())
    target = f"/acme/{quote(key, safe='/~')}" + (f"?{pairs}" if pairs else "")
    check(signed(method, target, body))


@pytest.mark.parametrize(
    "change, code",
    [
        (lambda request: setattr(request, "target", "/acme/other"), "SignatureDoesNotMatch"),
        (lambda request: setattr(request, "method", "DELETE"), "SignatureDoesNotMatch"),
        (lambda request: request.headers.update({"x-amz-meta-a": "other"}), "SignatureDoesNotMatch"),
        (lambda request: request.headers.update({"host": "elsewhere"}), "SignatureDoesNotMatch"),
        (lambda request: request.headers.update({"x-amz-acl": "private"}), "AccessDenied"),
        (lambda request: request.headers.update({"x-amz-date": "yesterday"}), "AccessDenied"),
        (lambda request: request.headers.pop("x-amz-content-sha256"), "InvalidRequest"),
        (lambda request: request.headers.update({"x-amz-content-sha256": "x"}), "InvalidArgument"),
        (lambda request: setattr(request, "body", b"other"), "XAmzContentSHA256Mismatch"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(change: Any, code: str) -> None:
    request = signed("PUT", "/acme/key?x-id=PutObject", b"body")
    check(request)
    change(request)
    with pytest.raises(S3Error) as refused:
        check(request)
    assert refused.value.code == code


@pytest.mark.parametrize("offset, refused", [(-880, False), (880, False), (-920, True), (920, True)])
def test_clocks_may_differ_by_a_quarter_of_an_hour(offset: float, refused: bool) -> None:
    request = signed("GET", "/acme")
    if not refused:
        check(request, offset=offset)
        return
    with pytest.raises(S3Error, match="RequestTimeTooSkewed"):
        check(request, offset=offset)


def test_a_wrong_secret_is_refused() -> None:
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        check(signed("GET", "/acme"), secret="another")


@pytest.mark.parametrize("header", ["", "Bearer x", "AWS AKIA:sig", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c"])
def test_other_authorisations_are_no_claims(header: str) -> None:
    assert signature.claim_of(header) is None


# --- over the wire ---------------------------------------------------------------------------------------------------


def refusal(call: Any) -> Tuple[str, int]:
    """Code and status of the error that a call ends with."""
    with pytest.raises(ClientError) as refused:
        call()
    response: Dict[str, Any] = dict(refused.value.response)
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    "options, settings_, code, status",
    [
        ({}, {}, "", 200),
        ({"aws_secret_access_key": "guess"}, {}, "SignatureDoesNotMatch", 403),
        ({"aws_access_key_id": "AKIAUNKNOWN"}, {}, "InvalidAccessKeyId", 403),
        ({"aws_session_token": "made up"}, {}, "InvalidToken", 400),
        ({}, {"clock_offset": 3600}, "RequestTimeTooSkewed", 403),
    ],
)
def test_who_may_call(options: Dict[str, str], settings_: Dict[str, Any], code: str, status: int) -> None:
    with FakeS3(verify_signatures=True, **settings_) as fake:
        client = fake.client(**options)
        if not code:
            assert client.list_buckets()["Buckets"] == []
            return
        assert refusal(client.list_buckets) == (code, status)


def test_sessions_expire_by_count_by_time_and_on_demand() -> None:
    with FakeS3(verify_signatures=True) as fake:
        fake.store.keys["ASIACOUNT"] = Key(ACCOUNT, "s", "t", requests=2)
        fake.store.keys["ASIATIME"] = Key(ACCOUNT, "s", "t", expires=fake.service.now() + 600)
        clients = {
            name: fake.client(aws_access_key_id=name, aws_secret_access_key="s", aws_session_token="t")
            for name in ("ASIACOUNT", "ASIATIME")
        }
        for _unused in range(2):
            clients["ASIACOUNT"].list_buckets()
        assert refusal(clients["ASIACOUNT"].list_buckets) == ("ExpiredToken", 400)
        clients["ASIATIME"].list_buckets()
        fake.settings.clock_offset = 700
        assert refusal(clients["ASIATIME"].list_buckets) == ("ExpiredToken", 400)
        fake.store.keys["ASIACOUNT"].requests = None
        fake.settings.clock_offset = 0
        clients["ASIACOUNT"].list_buckets()
        fake.expire_session("ASIACOUNT")
        assert refusal(clients["ASIACOUNT"].list_buckets) == ("ExpiredToken", 400)


@pytest.mark.parametrize(
    "service, call, code, status",
    [
        ("kms", "list_keys", "ExpiredTokenException", 400),
        ("organizations", "list_accounts", "ExpiredTokenException", 400),
        ("sts", "get_caller_identity", "ExpiredToken", 403),
    ],
)
def test_other_services_say_it_in_their_own_words(service: str, call: str, code: str, status: int) -> None:
    with FakeS3(verify_signatures=True) as fake:
        fake.store.keys["ASIA"] = Key(ACCOUNT, "s", "t", requests=0)
        client = fake.client(service, aws_access_key_id="ASIA", aws_secret_access_key="s", aws_session_token="t")
        assert refusal(getattr(client, call)) == (code, status)
        wrong = fake.client(service, aws_secret_access_key="guess")
        assert refusal(getattr(wrong, call))[0] in ("InvalidSignatureException", "SignatureDoesNotMatch")
