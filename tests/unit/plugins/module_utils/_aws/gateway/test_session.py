# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import ssl
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Endpoint
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.tests.support.loopback import FakeClock

CONFIG = """
[default]
region = eu-central-1

[profile here]
region = us-west-2
use_fips_endpoint = true
services = local
endpoint_url = http://127.0.0.1:7001

[profile dual]
region = cn-north-1
use_dualstack_endpoint = true
ca_bundle = /nowhere/ca.pem

[profile lost]
services = missing

[profile mfa]
role_arn = arn:aws:iam::123456789012:role/mfa
source_profile = here
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile role]
role_arn = arn:aws:iam::123456789012:role/through-profile
source_profile = here

[services local]
s3 =
  endpoint_url = http://127.0.0.1:7002
s3_control =
  endpoint_url = http://127.0.0.1:7003
"""
CREDENTIALS = """
[here]
aws_access_key_id = AKIAHERE
aws_secret_access_key = secret-here

[half]
aws_access_key_id = AKIAHALF
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An account of one's own on a machine: files of AWS, and no other source of anything."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.upper().endswith("_PROXY") or name == "REQUESTS_CA_BUNDLE":
            monkeypatch.delenv(name)
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text(CREDENTIALS)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


def opened(**options: Any) -> Session:
    # moto says by the real time when credentials expire.
    return Session.open(Access.from_options(options), FakeClock(datetime.now(timezone.utc)))


# --- credentials -----------------------------------------------------------------------------------------------------


def test_keys_that_are_given_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-env")
    session = opened(access_key="AKIAGIVEN", secret_key="secret", session_token="token")
    credentials = session.credentials()
    assert (credentials.access_key, credentials.secret_key, credentials.token) == ("AKIAGIVEN", "secret", "token")
    assert credentials.expires is None


def test_a_profile() -> None:
    credentials = opened(profile="here").credentials()
    assert (credentials.access_key, credentials.secret_key, credentials.token) == ("AKIAHERE", "secret-here", "")


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "here")
    assert opened().credentials().access_key == "AKIAHERE"
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-env")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-env")
    credentials = opened().credentials()
    assert (credentials.access_key, credentials.token) == ("AKIAENV", "token-env")


def test_no_credentials_says_what_to_do() -> None:
    with pytest.raises(GatewayError, match="no AWS credentials found: give access_key .* AWS_PROFILE .* attach a role"):
        opened().credentials()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"profile": "nobody"}, "read the AWS configuration nobody: The config profile .nobody. could not be found"),
        ({"profile": "half"}, "find AWS credentials half: Partial credentials found"),
        ({"profile": "mfa"}, "a code of an MFA device"),
        ({"aws_config": {"conect_timeout": 3}, "profile": "here"}, "aws_config: .*conect_timeout"),
        ({"aws_config": {"retries": {"mode": "wild"}}, "profile": "here"}, "read the AWS configuration here: .*wild"),
    ],
)
def test_what_is_wrong_is_named(options: Dict[str, Any], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        opened(**options).credentials()


def test_a_broken_file_is_named(files: Path) -> None:
    (files / "config").write_text("[profile")
    with pytest.raises(GatewayError, match=r"read the AWS configuration: .*config"):
        opened()


@pytest.mark.parametrize(
    "program, said", [("/nowhere/helper", "/nowhere/helper"), ("/bin/echo hello", "Expecting value")]
)
def test_a_credential_process_that_does_not_work_is_an_error(files: Path, program: str, said: str) -> None:
    (files / "config").write_text(f"[profile tool]\nregion = eu-west-1\ncredential_process = {program}\n")
    with pytest.raises(GatewayError, match=f"find AWS credentials tool: .*{said}"):
        opened(profile="tool").credentials()


def test_without_botocore_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    with pytest.raises(Day2Error, match=r"package botocore is needed .* \(python -m pip install boto3\)"):
        opened(access_key="AKIAGIVEN", secret_key="secret")


def test_renewal_reads_everything_again(files: Path) -> None:
    session = opened(profile="here")
    assert session.credentials().access_key == "AKIAHERE"
    (files / "credentials").write_text(CREDENTIALS.replace("AKIAHERE", "AKIANEXT"))
    assert session.credentials().access_key == "AKIAHERE"
    assert session.renew().access_key == "AKIANEXT"
    (files / "credentials").write_text("")
    (files / "config").write_text("")
    with pytest.raises(GatewayError, match="here"):
        session.renew()


# --- roles -----------------------------------------------------------------------------------------------------------

ROLE = "arn:aws:iam::123456789012:role/audit"


def test_a_role_is_assumed_and_renewed_in_time(moto_url: str) -> None:
    clock = FakeClock(datetime.now(timezone.utc))
    to = Access.from_options(
        {"profile": "here", "endpoint_url": moto_url, "assume_role_arn": ROLE, "external_id": "shared", "role_session_name": "job 7"}
    )  # fmt: skip
    session = Session.open(to, clock)
    first = session.credentials()
    assert first.token
    assert first.access_key.startswith("ASIA")
    assert first.expires is not None
    assert session.credentials() == first
    clock.pass_time((first.expires - clock.now()).total_seconds() - 16 * 60)
    assert session.credentials() == first
    clock.pass_time(2 * 60)  # less than a quarter of an hour is left
    second = session.credentials()
    assert second.access_key != first.access_key


def test_roles_share_what_is_expensive(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: List[str] = []
    create = Session._create_client

    def counting(session: Session, service: str, **keys: Any) -> Any:
        made.append(service)
        return create(session, service, **keys)

    monkeypatch.setattr(Session, "_create_client", counting)
    options = {"profile": "here", "endpoint_url": moto_url}
    base = opened(**options)
    sessions = [
        base.for_role(Access.from_options({**options, "assume_role_arn": f"arn:aws:iam::{number * 12}:role/x"}))
        for number in "123"
    ]
    keys = [session.credentials() for session in sessions]
    assert len({each.access_key for each in keys}) == 3 and all(each.token for each in keys)
    assert made == ["sts"]
    assert all(session.tls_context() is base.tls_context() for session in sessions)
    assert base.credentials().access_key == "AKIAHERE"
    assert sessions[0].renew().access_key not in {each.access_key for each in keys}  # by itself
    assert sessions[1].credentials() == keys[1]


def test_the_session_is_named_as_asked(moto_url: str) -> None:
    import boto3

    session = opened(profile="here", endpoint_url=moto_url, assume_role_arn=ROLE, role_session_name="nightly audit")
    keys = session.credentials()
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=moto_url,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
    )
    assert sts.get_caller_identity()["Arn"] == "arn:aws:sts::123456789012:assumed-role/audit/nightly-audit"


def test_a_profile_may_assume_a_role_of_its_own(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", moto_url)
    credentials = opened(profile="role").credentials()
    assert credentials.access_key.startswith("ASIA")
    assert credentials.expires is not None


def test_a_role_that_cannot_be_assumed() -> None:
    to = {"profile": "here", "assume_role_arn": ROLE, "endpoint_url": "http://127.0.0.1:1"}
    with pytest.raises(GatewayError, match=f"find AWS credentials {ROLE}: .*127.0.0.1:1"):
        opened(**to, aws_config={"retries": {"total_max_attempts": 1}}).credentials()


# --- places ----------------------------------------------------------------------------------------------------------


def test_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened().region == "eu-central-1"
    assert opened(profile="here").region == "us-west-2"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    assert opened(profile="here").region == "ap-south-1"
    monkeypatch.setenv("AWS_REGION", "ap-east-1")
    assert opened(profile="here").region == "ap-east-1"
    assert opened(profile="here", region="us-gov-west-1").region == "us-gov-west-1"
    with pytest.raises(Day2Error, match="AWS region"):
        monkeypatch.setenv("AWS_REGION", "nowhere.example.com")
        opened()


def test_without_any_region_it_is_that_of_the_list_of_buckets(files: Path) -> None:
    (files / "config").write_text("")
    assert opened().region == "us-east-1"


@pytest.mark.parametrize(
    "options, service, account, host",
    [
        ({}, "s3", "", "s3.eu-central-1.amazonaws.com"),
        ({}, "s3control", "123456789012", "123456789012.s3-control.eu-central-1.amazonaws.com"),
        ({}, "kms", "", "kms.eu-central-1.amazonaws.com"),
        ({}, "organizations", "", "organizations.us-east-1.amazonaws.com"),
        ({"profile": "dual"}, "s3", "", "s3.dualstack.cn-north-1.amazonaws.com.cn"),
        ({"aws_config": {"use_fips_endpoint": True}}, "s3", "", "s3-fips.eu-central-1.amazonaws.com"),
        (
            {"profile": "dual", "aws_config": {"use_dualstack_endpoint": False}},
            "s3",
            "",
            "s3.cn-north-1.amazonaws.com.cn",
        ),
    ],
)
def test_endpoints_of_aws(options: Dict[str, Any], service: str, account: str, host: str) -> None:
    assert opened(**options).endpoint(service, account=account).host == host


def test_an_endpoint_of_another_region_is_in_its_own_partition() -> None:
    assert opened().endpoint("s3", "cn-north-1") == Endpoint(
        "https", "s3.cn-north-1.amazonaws.com.cn", 443, "cn-north-1"
    )


def test_where_custom_endpoints_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    def port(service: str, **options: Any) -> int:
        return opened(profile="here", **options).endpoint(service, account="1").port

    # The profile's services section, then its endpoint_url.
    assert [port(service) for service in ("s3", "s3control", "kms")] == [7002, 7003, 7001]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:7004")
    assert [port(service) for service in ("s3", "s3control", "kms")] == [7004, 7004, 7004]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:7005")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3_CONTROL", "http://127.0.0.1:7006")
    assert [port(service) for service in ("s3", "s3control", "kms")] == [7005, 7006, 7004]
    assert [port(service, endpoint_url="http://127.0.0.1:7007") for service in ("s3", "kms")] == [7007, 7007]
    assert port("s3", aws_config={"ignore_configured_endpoint_urls": True}) == 443
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert port("s3") == 443


def test_a_services_section_that_is_not_there() -> None:
    with pytest.raises(GatewayError, match="read the AWS configuration lost: .*missing"):
        opened(profile="lost").endpoint("s3")


# --- the way there ---------------------------------------------------------------------------------------------------


def test_certificates_are_verified_unless_told_otherwise() -> None:
    strict, lax = opened().tls_context(), opened(validate_certs=False).tls_context()
    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (lax.verify_mode, lax.check_hostname) == (ssl.CERT_NONE, False)
    assert strict.minimum_version == ssl.TLSVersion.TLSv1_2


def test_an_image_without_certificates_trusts_those_of_botocore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "empty"))
    assert opened().tls_context().cert_store_stats()["x509_ca"] > 100


def test_the_bundle_of_the_profile() -> None:
    with pytest.raises(GatewayError, match="read the CA bundle /nowhere/ca.pem"):
        opened(profile="dual").tls_context()


def test_a_folder_of_certificates(tmp_path: Path) -> None:
    assert opened(aws_ca_bundle=str(tmp_path)).tls_context().verify_mode == ssl.CERT_REQUIRED


def test_timeouts_and_attempts() -> None:
    session = opened(aws_config={"connect_timeout": 2, "read_timeout": 7.5, "retries": {"max_attempts": 2}})
    assert (session.connect_timeout, session.read_timeout, session.max_attempts) == (2.0, 7.5, 3)
    assert (opened().connect_timeout, opened().read_timeout, opened().max_attempts) == (None, None, None)


def test_a_proxy_keeps_its_password_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(aws_config={"proxies": {"https": "http://me:hunter2@proxy.example:3128"}})
    proxy = session.proxy(session.endpoint("s3"))
    assert proxy is not None
    assert (proxy.host, proxy.port) == ("proxy.example", 3128)
    assert "Basic" not in repr(proxy)
    assert session.proxy(Endpoint("http", "h", 80, "")) is None
