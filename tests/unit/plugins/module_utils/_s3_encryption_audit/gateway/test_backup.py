# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.caller import Caller
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.objects import Objects
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.apply import Outcome
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.backup import load, probe, save
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import (
    Aspect,
    Remediation,
    Target,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.revert import Backup, parse_backup
from ansible_collections.day2.ops.tests.support import dying
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCESS_KEY, ACCOUNT, SECRET_KEY
from ansible_collections.day2.ops.tests.support.collecting import REGION, RealClock
from ansible_collections.day2.ops.tests.support.remediating import Run, carried_out, reverted

CHANGE = Remediation(Target(Aspect.POLICY, "b", REGION), "b", None, '{"Statement": "é"}', ("tls_only",))
BACKUP = Backup("run-1", ACCOUNT, "aws", (CHANGE,))
NAME = f"s3_encryption_audit-run-1-{ACCOUNT}"


# --- a directory -----------------------------------------------------------------------------------------------------


def test_a_backup_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = save(BACKUP, str(tmp_path / "new" / "backups"))
    assert path == str(tmp_path / "new" / "backups" / f"{NAME}.json")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    assert parse_backup(load(path), path, ACCOUNT) == BACKUP


def test_an_earlier_backup_of_the_run_is_kept(tmp_path: Path) -> None:
    places = [save(BACKUP, str(tmp_path)) for _unused in range(3)]
    assert [os.path.basename(place) for place in places] == [f"{NAME}.json", f"{NAME}-2.json", f"{NAME}-3.json"]


def test_runs_of_one_name_at_once_lose_no_backup(tmp_path: Path) -> None:
    ready = threading.Barrier(8)

    def one(number: int) -> str:
        change = replace(CHANGE, bucket=f"b-{number}")
        ready.wait(10)
        return save(replace(BACKUP, changes=(change,)), str(tmp_path))

    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(one, range(8)))
    assert sorted(places) == sorted(str(path) for path in tmp_path.iterdir())
    for number, place in enumerate(places):
        assert parse_backup(load(place), place).changes[0].bucket == f"b-{number}"


@pytest.mark.parametrize("missing", ["", "new/backups"])
def test_a_look_at_the_place_leaves_nothing(tmp_path: Path, missing: str) -> None:
    probe(str(tmp_path / missing), "run-1", ACCOUNT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/backups", "dangling", "/proc/no/such"])
def test_a_look_at_a_place_that_cannot_be_written_is_an_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(GatewayError, match=f"write backup .*{place}"):
        probe(str(tmp_path / place), "run-1", ACCOUNT)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GatewayError, match=r"write backup .*file"):
        save(BACKUP, str(tmp_path / "file"))


def test_a_backup_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GatewayError, match=r"read backup .*No such file"):
        load(str(tmp_path / "none.json"))


# --- S3 --------------------------------------------------------------------------------------------------------------


def objects(fake: FakeS3) -> Objects:
    access = Access(access_key=ACCESS_KEY, secret_key=SECRET_KEY, region=REGION, endpoint_url=fake.url)
    clock = RealClock()
    return Objects(Caller(Session.open(access, clock), 4, random.Random(1), clock))


@pytest.mark.parametrize(
    "place, folder", [("s3://backups", ""), ("s3://backups/a/b", "a/b/"), ("s3://backups/a/b/", "a/b/")]
)
def test_a_backup_in_s3(fake: FakeS3, place: str, folder: str) -> None:
    bucket = fake.store.add("backups", REGION)
    store = objects(fake)
    first, second = save(BACKUP, place, store), save(BACKUP, place, store)
    assert (first, second) == (f"s3://backups/{folder}{NAME}.json", f"s3://backups/{folder}{NAME}-2.json")
    assert sorted(bucket.objects) == [f"{folder}{NAME}-2.json", f"{folder}{NAME}.json"]
    assert parse_backup(load(second, store), second, ACCOUNT) == BACKUP


def test_runs_of_one_name_at_once_lose_no_backup_in_s3(fake: FakeS3) -> None:
    bucket = fake.store.add("backups", REGION)
    ready = threading.Barrier(4)

    def one(number: int) -> str:
        change = replace(CHANGE, bucket=f"b-{number}")
        store = objects(fake)
        ready.wait(10)
        return save(replace(BACKUP, changes=(change,)), "s3://backups/a", store)

    with ThreadPoolExecutor(4) as pool:
        places = list(pool.map(one, range(4)))
    assert sorted(places) == sorted(f"s3://backups/{key}" for key in bucket.objects)
    for number, place in enumerate(places):
        assert parse_backup(load(place, objects(fake)), place).changes[0].bucket == f"b-{number}"


def test_a_backup_in_s3_that_cannot_be_written_or_read(fake: FakeS3) -> None:
    store = objects(fake)
    with pytest.raises(GatewayError, match="NoSuchBucket"):
        save(BACKUP, "s3://none/x", store)
    with pytest.raises(GatewayError, match="NoSuchBucket"):
        load("s3://none/x.json", store)
    with pytest.raises(GatewayError, match="no access to S3"):
        save(BACKUP, "s3://none/x")
    with pytest.raises(Day2Error, match="s3://bucket/key is expected"):
        save(BACKUP, "s3:///x", store)
    with pytest.raises(GatewayError, match="no access to S3"):
        probe("s3://none/x", "run-1", ACCOUNT)
    with pytest.raises(Day2Error, match="name of an object is expected"):
        load("s3://backups/", store)


# --- kill -9 ---------------------------------------------------------------------------------------------------------

NAMES = ("a", "b", "c")
POLICY = (
    b'{ "Version": "2012-10-17", "Statement": {"Sid":"x","Effect":"Allow","Principal":{"AWS":"123456789012"},'
    b'"Action":"s3:*","Resource":"arn:aws:s3:::b"} }'
)


def run(fake: FakeS3, directory: Path, moment: str, number: int) -> int:
    """The exit status of a run in a process of its own."""
    root = str(Path(dying.__file__)).partition(f"{os.sep}ansible_collections{os.sep}")[0]
    environment = {"PYTHONPATH": os.pathsep.join([root, *sys.path]), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", dying.__name__, fake.url, str(directory), moment, str(number)]
    return subprocess.run(command, env=environment, timeout=60, check=False, stdout=subprocess.DEVNULL).returncode


def snapshot(fake: FakeS3) -> "Dict[str, Dict[str, bytes]]":
    return {name: dict(bucket.documents) for name, bucket in fake.store.buckets.items()}


def seeded(fake: FakeS3) -> "Dict[str, Dict[str, bytes]]":
    """Three buckets that need two changes each, and how they are to be in the end."""
    for name in NAMES:
        fake.store.add(name, REGION)
    fake.store.buckets["b"].put("policy", POLICY)
    return snapshot(fake)


def backups(directory: Path) -> "List[Backup]":
    """Those that were written, the newest first."""
    paths = sorted(directory.glob("*.json"), key=lambda path: len(path.name), reverse=True)
    return [parse_backup(load(str(path)), str(path), ACCOUNT) for path in paths]


def put_back(fake: FakeS3, backup: Backup) -> None:
    done = carried_out(fake.url, reverted(fake.url, backup).remediations)
    assert all(one.outcome is Outcome.APPLIED for one in done)


def restored(before: "Dict[str, Dict[str, bytes]]", after: "Dict[str, Dict[str, bytes]]") -> bool:
    """Whether all is as before, but that versioning cannot go back to never enabled."""
    suspended = documents.versioning("Suspended")
    return all(
        {**after[name], "versioning": b""} == {**before[name], "versioning": b""}
        and after[name].get("versioning", suspended) == suspended
        for name in NAMES
    )


def test_killed_while_the_backup_is_written(fake: FakeS3, tmp_path: Path) -> None:
    before = seeded(fake)
    assert run(fake, tmp_path, "save", 0) == -signal.SIGKILL
    assert snapshot(fake) == before  # no backup, no change
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("moment, number", [("before", 1), ("after", 1), ("before", 5)])
def test_killed_between_the_changes(fake: FakeS3, tmp_path: Path, moment: str, number: int) -> None:
    before = seeded(fake)
    plan = Run(fake.url, dying.CHECKS).plan().remediations
    assert run(fake, tmp_path, moment, number) == -signal.SIGKILL
    middle = snapshot(fake)
    assert (middle == before) is (moment == "before" and number == 1)
    # The backup knows the whole plan, whatever of it was made.
    (backup,) = backups(tmp_path)
    assert backup.changes == plan
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.json")} == {0o600}
    # What is half done can be put back …
    put_back(fake, backup)
    assert restored(before, snapshot(fake))


def test_what_a_killed_run_left_is_finished_by_the_next_and_both_are_put_back(fake: FakeS3, tmp_path: Path) -> None:
    before = seeded(fake)
    assert run(fake, tmp_path, "after", 3) == -signal.SIGKILL
    left = len(Run(fake.url, dying.CHECKS).plan().remediations)
    assert 0 < left < 6
    assert run(fake, tmp_path, "never", 0) == 0
    assert Run(fake.url, dying.CHECKS).plan().remediations == ()
    newest, first = backups(tmp_path)  # the first was not overwritten by the second of the same name
    assert (len(newest.changes), len(first.changes)) == (left, 6)
    put_back(fake, newest)
    put_back(fake, first)
    assert restored(before, snapshot(fake))
    assert json.loads(fake.store.buckets["b"].documents["policy"]) == json.loads(POLICY)
