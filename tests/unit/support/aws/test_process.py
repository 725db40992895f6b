# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake in a process of its own: one line of JSON, a control endpoint, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.process import FakeS3Process


@pytest.fixture(scope="module")
def running() -> Iterator[FakeS3Process]:
    """A fake with the demo account, without moto."""
    with FakeS3Process("--seed-account", "demo", "--set", "verify_signatures=true") as fake:
        yield fake


def test_it_serves_what_was_seeded(running: FakeS3Process) -> None:
    running.control("POST", "reset")
    client = boto_client(running.url, "s3")
    assert len(client.list_buckets()["Buckets"]) == 60
    assert running.control("GET", "counters") == {"s3:ListBuckets": 1}
    assert running.control("GET", "unexpected") == []


def test_state_can_be_seen_and_changed(running: FakeS3Process) -> None:
    client = boto_client(running.url, "s3")
    seeded = running.control(
        "PUT",
        "buckets/acme-late",
        {
            "region": "us-east-1",
            "documents": {"policy": "{broken"},
            "remove": ["encryption"],
            "objects": {"k": {"body": "hello", "sse": ""}},
        },
    )
    assert seeded["documents"]["policy"] == "{broken" and "encryption" not in seeded["documents"]
    assert client.get_bucket_policy(Bucket="acme-late")["Policy"] == "{broken"
    assert client.get_object(Bucket="acme-late", Key="k")["Body"].read() == b"hello"
    running.control("PUT", "buckets/acme-late", {"denied": ["Get*"]})
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.get_bucket_policy(Bucket="acme-late")
    assert running.control("GET", "buckets/acme-late")["denied"] == ["Get*"]
    running.control("DELETE", "buckets/acme-late")
    assert len(client.list_buckets()["Buckets"]) == 60


def test_rules_and_settings(running: FakeS3Process) -> None:
    client = boto_client(running.url, "s3")
    running.control("POST", "rules", [{"action": "ListBuckets", "code": "SlowDown", "times": 1}])
    with pytest.raises(client.exceptions.ClientError, match="SlowDown"):
        client.list_buckets()
    assert running.control("GET", "rules")[0]["hits"] == 1
    assert running.control("DELETE", "rules") == []
    assert running.control("POST", "settings", {"latency": 0.001})["latency"] == 0.001
    running.control("POST", "settings", {"latency": 0})
    running.control("PUT", "keys/ASIA1", {"account": "1", "secret": "s", "token": "t", "requests": 1})
    session = boto_client(
        running.url, "s3", aws_access_key_id="ASIA1", aws_secret_access_key="s", aws_session_token="t"
    )
    assert session.list_buckets()["Buckets"] == []


@pytest.mark.parametrize(
    "method, path, body, says",
    [
        ("GET", "nothing", None, "404"),
        ("POST", "rules", {"kind": "explode"}, "one of error"),
        ("POST", "settings", {"latancy": 1}, "unknown setting latancy"),
        ("PUT", "buckets/acme-bad", {"documents": {"cors": "x"}}, "documents are"),
        ("PUT", "buckets/acme-bad", {"colour": "red"}, "unknown colour"),
        ("GET", "buckets/acme-none", None, "no bucket"),
        ("DELETE", "buckets/acme-none", None, "no bucket"),
        ("PUT", "rules", None, "405"),
    ],
)
def test_control_says_what_is_wrong(running: FakeS3Process, method: str, path: str, body: object, says: str) -> None:
    with pytest.raises(RuntimeError, match=says):
        running.control(method, path, body)
    assert running.control("GET", "state")["buckets"] == 60


def test_tls(tmp_path: Path) -> None:
    with FakeS3Process("--tls-directory", str(tmp_path)) as fake:
        assert fake.environment["AWS_CA_BUNDLE"] == str(tmp_path / "ca.pem")
        client = boto_client(fake.url, "s3", verify=fake.environment["AWS_CA_BUNDLE"])
        assert client.list_buckets()["Buckets"] == []
        assert fake.control("GET", "state")["requests"] == 1


def test_it_finds_itself_and_ends_when_its_parent_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with FakeS3Process() as fake:
        process = fake._process
        assert process is not None and process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_in_order(number: int) -> None:
    with FakeS3Process() as fake:
        process = fake._process
        assert process is not None
        os.kill(fake.pid, number)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--set", "latancy=1"], "unknown setting latancy"),
        (["--seed-account", "demos"], "invalid literal"),
        (["--rule", '{"kind": "explode"}'], "kind 'explode'"),
    ],
)
def test_a_bad_command_line_ends_at_once(arguments: "list[str]", says: str) -> None:
    module = FakeS3Process.__module__.replace(".process", ".fake_s3")
    root = str(Path(sys.modules[FakeS3Process.__module__].__file__ or "").absolute().parents[6])
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0 and says in done.stderr
