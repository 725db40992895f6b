# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any, Iterable, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.client import Client
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._aws.model import AwsError, Credentials, Request
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, Loopback, Received, error, ok, run, serving

GET = Request("s3:GetBucketPolicy", "bucket-a", "s3", "eu-west-1", path="/bucket-a", query=(("policy", ""),))
ROLE = "arn:aws:iam::123456789012:role/audit"


@pytest.fixture(autouse=True)
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the profile ``me`` has its credentials in."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    log_in(tmp_path / "credentials", "AKIAOLD")
    return tmp_path / "credentials"


def log_in(credentials: Path, key: str) -> None:
    credentials.write_text(f"[me]\naws_access_key_id = {key}\naws_secret_access_key = s\naws_session_token = t\n")


def client(server: Loopback, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Client:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    session = Session.open(Access.from_options({"profile": "me", "region": "eu-west-1", **options}), clock)
    return Client(session, rng=random.Random(1), clock=clock, sleep=clock.sleep, concurrency=8)


def _counted(monkeypatch: pytest.MonkeyPatch) -> List[Session]:
    """One entry for each time that everything is looked up anew."""
    renewals: List[Session] = []
    renew = Session.renew

    def counting(session: Session) -> Credentials:
        renewals.append(session)
        return renew(session)

    monkeypatch.setattr(Session, "renew", counting)
    return renewals


def key_of(request: Received) -> str:
    return request.headers["authorization"].partition("Credential=")[2].partition("/")[0]


def refusing(*keys: str) -> Any:
    """Answers everybody but those who come with these keys."""

    def answer(request: Received, number: int) -> Iterable[bytes]:
        return [error(400, "ExpiredToken") if key_of(request) in keys else ok()]

    return answer


def test_expired_credentials_are_replaced_once_for_all_who_need_them(
    credentials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = _counted(monkeypatch)

    async def test() -> None:
        async with serving(refusing("AKIAOLD")) as server:
            async with client(server, FakeClock(), monkeypatch) as aws:
                log_in(credentials, "AKIANEW")
                await asyncio.gather(*(aws.send(GET) for _unused in range(50)))
        assert len(renewals) == 1
        assert sum(key_of(request) == "AKIANEW" for request in server.requests) == 50
        assert sum(key_of(request) == "AKIAOLD" for request in server.requests) <= 8

    run(test())


def test_credentials_that_cannot_be_replaced_cost_each_call_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    renewals = _counted(monkeypatch)

    async def test() -> None:
        async with serving(refusing("AKIAOLD")) as server:
            async with client(server, clock, monkeypatch) as aws:
                for _unused in range(20):
                    with pytest.raises(AwsError) as caught:
                        await aws.send(GET)
                    assert (caught.value.code, caught.value.status) == ("ExpiredToken", 400)
                assert (len(server.requests), len(renewals)) == (20, 1)
                clock.pass_time(61)
                with pytest.raises(AwsError):
                    await aws.send(GET)
                assert len(renewals) == 2

    run(test())


def test_why_there_are_no_new_credentials_is_said(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with serving(refusing("AKIAOLD")) as server:
            async with client(server, FakeClock(), monkeypatch) as aws:
                credentials.write_text("")
                with pytest.raises(AwsError, match=r"ExpiredToken.*no new credentials: .*me") as caught:
                    await aws.send(GET)
        assert caught.value.code == "ExpiredToken"

    run(test())


def test_a_login_after_the_failure_is_found(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()

    async def test() -> None:
        async with serving(refusing("AKIAOLD")) as server:
            async with client(server, clock, monkeypatch) as aws:
                with pytest.raises(AwsError):
                    await aws.send(GET)
                log_in(credentials, "AKIANEW")
                clock.pass_time(61)
                await aws.send(GET)

    run(test())


def test_a_run_without_credentials_does_not_begin(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.write_text("")

    async def test() -> None:
        async with serving(refusing()) as server:
            with pytest.raises(GatewayError, match="credentials"):
                async with client(server, FakeClock(), monkeypatch, profile=None):
                    pass
        assert server.requests == []

    run(test())


def _asked(server: Loopback) -> List[Received]:
    """The calls of STS."""
    return [request for request in server.requests if request.method == "POST"]


class Cloud:
    """An S3 that counts keys, and an STS that issues them for an hour of ``clock``, on one port."""

    def __init__(self, clock: FakeClock) -> None:
        self.down = False
        self.seen: List[str] = []
        self._clock = clock
        self._issued = 0

    def __call__(self, request: Received, number: int) -> Iterable[bytes]:
        if request.method == "GET":
            self.seen.append(key_of(request))
            return [ok()]
        if self.down:
            return [error(403, "AccessDenied")]
        self._issued += 1
        keys = f"<AccessKeyId>ASIA{self._issued}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        until = f"<Expiration>{self._clock.now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}</Expiration>"
        answer = f"<AssumeRoleResult><Credentials>{keys}{until}</Credentials></AssumeRoleResult>"
        return [
            ok(
                f"<AssumeRoleResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'>{answer}</AssumeRoleResponse>".encode()
            )
        ]


def test_a_role_is_renewed_while_calls_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    cloud = Cloud(clock)

    async def test() -> None:
        async with serving(cloud) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            async with client(server, clock, monkeypatch, assume_role_arn=ROLE) as aws:
                for minutes in (0, 44, 2):
                    clock.pass_time(minutes * 60)
                    await aws.send(GET)
                # Less than a quarter of an hour is left: it happens in the background.
                while cloud.seen[-1] == "ASIA1":
                    await asyncio.sleep(0)
                    await aws.send(GET)
        assert cloud.seen[:3] == ["ASIA1"] * 3
        assert cloud.seen[-1] == "ASIA2"

    run(test())


def test_a_role_that_ran_out_is_renewed_before_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept: no call goes out with what has expired meanwhile."""
    clock = FakeClock()
    cloud = Cloud(clock)

    async def test() -> None:
        async with serving(cloud) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            async with client(server, clock, monkeypatch, assume_role_arn=ROLE) as aws:
                await aws.send(GET)
                clock.pass_time(3600)
                await asyncio.gather(*(aws.send(GET) for _unused in range(20)))
        assert cloud.seen == ["ASIA1"] + ["ASIA2"] * 20

    run(test())


def test_a_renewal_that_fails_leaves_what_is_still_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    cloud = Cloud(clock)

    async def test() -> None:
        async with serving(cloud) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
            async with client(server, clock, monkeypatch, assume_role_arn=ROLE) as aws:
                await aws.send(GET)
                cloud.down = True
                clock.pass_time(50 * 60)
                await aws.send(GET)
                while len(_asked(server)) < 2:
                    await asyncio.sleep(0)
                for _unused in range(5):
                    await aws.send(GET)
                    clock.pass_time(10)
                assert len(_asked(server)) == 2  # not once per call
                cloud.down = False
                while cloud.seen[-1] == "ASIA1":
                    clock.pass_time(1)
                    await aws.send(GET)
        assert cloud.seen[:7] == ["ASIA1"] * 7
        assert len(_asked(server)) == 3

    run(test())
