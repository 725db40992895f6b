# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits that repair: what is foretold is what is done, once; and what goes wrong on the way loses nothing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.job import Outcome
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.restore import restore
from ansible_collections.day2.ops.tests.support import auditing
from ansible_collections.day2.ops.tests.support.auditing import audited, good
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, Store

CHECKS = [
    "sse_c_blocked",
    "tls_only",
    "tls_min_version",
    "public_access_block",
    "account_public_access_block",
    "object_ownership",
    "versioning",
    "lifecycle",
]
READERS = b"""{"Version": "2012-10-17", "Statement": [
  {"Sid": "Readers", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/reader"},
   "Action": "s3:GetObject", "Resource": "arn:aws:s3:::c-other-policy/*"}]}"""
State = Tuple[Dict[str, Dict[str, bytes]], Dict[str, bytes]]


def wrong(store: Store) -> None:
    """Buckets that each want something, and one that wants nothing."""
    good(store, "a-good")
    good(store, "b-no-policy").remove("policy")
    good(store, "c-other-policy").put("policy", READERS)
    good(store, "d-open").put("publicAccessBlock", documents.public_access_block(True, True, False, False))
    good(store, "e-never-versioned", "us-east-1").remove("versioning")
    good(store, "f-suspended").put("versioning", documents.versioning("Suspended"))
    good(store, "g-silent").put("encryption", documents.encryption())
    good(store, "h-unencrypted").remove("encryption")
    good(store, "i-writer").put("ownershipControls", documents.ownership("ObjectWriter"))
    good(store, "j-nothing", "us-east-1").remove(
        "policy", "encryption", "versioning", "lifecycle", "publicAccessBlock", "ownershipControls"
    )


def state(fake: FakeS3) -> State:
    store = fake.store
    return {name: dict(one.documents) for name, one in store.buckets.items()}, dict(store.account_blocks)


def repair(fake: FakeS3, folder: Path, **options: Any) -> Outcome:
    wanted = {
        "checks": CHECKS,
        "remediate": CHECKS,
        "max_remediations": "100",
        "backup_dir": str(folder / "backups"),
        "reports": [{"path": str(folder / "report.jsonl")}],
        "max_returned": 10_000,
        **options,
    }
    return audited(fake.url, **wanted)


def reported(folder: Path) -> Dict[str, Tuple[str, str]]:
    """Status and message of every finding of the last report."""
    lines = (folder / "report.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {one["id"]: (one["status"], one["message"]) for one in records if one["record"] == "finding"}


def writes(fake: FakeS3) -> Dict[str, int]:
    return {name: count for name, count in fake.counters.items() if ":Put" in name or ":Delete" in name}


def sentence(outcome: Outcome) -> str:
    text: str = outcome.result["summary"]["sentence"]
    return text


def outcomes(outcome: Outcome) -> List[str]:
    return [change["outcome"] for change in outcome.result["changes"]]


def test_check_do_check_do(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    before = state(fake)
    foretold = repair(fake, tmp_path, check_mode=True)
    assert state(fake) == before
    assert writes(fake) == {}
    assert not (tmp_path / "backups").exists()
    assert set(outcomes(foretold)) == {"planned"}
    as_they_were = reported(tmp_path)

    done = repair(fake, tmp_path)
    assert done.failure is None
    assert done.plan == foretold.plan
    assert done.plan.as_diff() == foretold.plan.as_diff()
    assert set(outcomes(done)) == {"applied"}
    assert sum(writes(fake).values()) == len(done.plan)
    assert state(fake)[0]["a-good"] == before[0]["a-good"]
    afterwards = reported(tmp_path)
    assert {status for status, _message in afterwards.values()} == {"pass"}
    assert set(afterwards) == set(as_they_were)

    fake.reset()
    repaired = state(fake)
    for check_mode in (True, False):
        again = repair(fake, tmp_path, check_mode=check_mode)
        assert not again.plan
        assert again.result["changes"] == again.result["refusals"] == []
        assert reported(tmp_path) == afterwards
    assert writes(fake) == {}
    assert state(fake) == repaired


@pytest.mark.parametrize("check", CHECKS)
def test_the_report_of_a_repair_says_what_the_next_audit_says(fake: FakeS3, tmp_path: Path, check: str) -> None:
    """One repair, all checks: what it changes for other checks is in the report too."""
    wrong(fake.store)
    done = repair(fake, tmp_path, remediate=[check])
    assert done.plan
    said = reported(tmp_path)
    audited(fake.url, checks=CHECKS, reports=[{"path": str(tmp_path / "report.jsonl")}])
    assert reported(tmp_path) == said


def test_the_block_of_the_account_counts_for_every_bucket(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    done = repair(fake, tmp_path, remediate=["account_public_access_block"])
    assert [change.aspect for change in done.plan.changes] == ["account_public_access_block"]
    assert reported(tmp_path)[f"aws:{ACCOUNT}:d-open:public_access_block"][0] == "pass"
    assert done.result["summary"]["by_check"]["public_access_block"]["pass"] == len(fake.store.buckets)


@pytest.mark.parametrize("limit", ["5", "50%"])
def test_a_plan_that_is_too_large_changes_nothing(fake: FakeS3, tmp_path: Path, limit: str) -> None:
    wrong(fake.store)
    before = state(fake)
    outcome = repair(fake, tmp_path, max_remediations=limit)
    assert state(fake) == before
    assert writes(fake) == {}
    assert not outcome.plan
    assert set(outcomes(outcome)) == {"withheld"}
    assert outcome.result["status"] == "critical"
    assert outcome.failure is not None and "max_remediations" in outcome.failure
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize(("region", "expected"), [("eu-west-1", ["applied"]), ("us-east-1", [])])
def test_logs_may_go_to_a_bucket_that_is_not_audited(
    fake: FakeS3, tmp_path: Path, region: str, expected: List[str]
) -> None:
    """S3 delivers logs within a region only: a log bucket elsewhere is refused, not tried."""
    good(fake.store, "app").remove("logging")
    fake.store.add("central-logs", region)
    done = repair(
        fake,
        tmp_path,
        buckets=["app"],
        checks=["access_logging"],
        remediate=["access_logging"],
        policy={"log_bucket": "central-logs"},
    )
    assert outcomes(done) == expected
    assert [one["risk"] for one in done.result["refusals"]] == ([] if expected else ["no_log_bucket"])


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_place_for_backups_is_tried_before_the_audit(fake: FakeS3, tmp_path: Path, check_mode: bool) -> None:
    wrong(fake.store)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Day2Error, match="write backup"):
        repair(fake, tmp_path, backup_dir=str(tmp_path / "file" / "backups"), check_mode=check_mode)
    assert dict(fake.counters) == {"sts:GetCallerIdentity": 1}


def test_without_a_backup_nothing_is_changed_and_all_is_told(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    before = state(fake)
    too_long = "x" * 300  # for a file system: what is there to be tried can be written
    outcome = repair(fake, tmp_path, backup_dir=str(tmp_path / too_long), remediate=["tls_only"])
    assert state(fake) == before
    assert writes(fake) == {}
    assert outcome.failure is not None and "nothing was changed: write backup" in outcome.failure
    assert not outcome.plan and "backup" not in outcome.result
    assert set(outcomes(outcome)) == {"withheld"}
    assert "write backup" in outcome.result["changes"][0]["reason"]
    assert reported(tmp_path)[f"aws:{ACCOUNT}:b-no-policy:tls_only"][0] == "fail"
    assert len(reported(tmp_path)) == outcome.result["summary"]["findings"]


def test_without_credentials_to_plan_with_all_is_told(fake_with_moto: FakeS3, tmp_path: Path) -> None:
    """The survey lives through their end; then nobody can be asked for new ones."""
    fake = fake_with_moto
    fake.settings.assumed_session_requests = 25
    fake.rules.add(action="AssumeRole", skip=2, code="AccessDenied")
    wrong(fake.store)
    before = state(fake)
    role = f"arn:aws:iam::{ACCOUNT}:role/repairer"
    outcome = repair(fake, tmp_path, assume_role_arn=role, concurrency=4)
    assert outcome.failure is not None and "no repair could be planned: find AWS credentials" in outcome.failure
    assert not outcome.plan and outcome.result["changes"] == []
    assert state(fake) == before
    said = reported(tmp_path)
    assert len(said) == 10 * (len(CHECKS) - 1) + 1
    assert {status for status, _message in said.values()} >= {"fail", "unknown"}


@pytest.mark.parametrize("check", [*CHECKS, "all"])
@pytest.mark.parametrize("fail_on", ["low", "high", "unknown"])
def test_check_mode_fails_if_the_real_run_does(fake: FakeS3, tmp_path: Path, check: str, fail_on: str) -> None:
    wrong(fake.store)
    options: Dict[str, Any] = {"remediate": CHECKS if check == "all" else [check], "fail_on": fail_on}
    foretold = repair(fake, tmp_path, check_mode=True, **options)
    assert reported(tmp_path)[f"aws:{ACCOUNT}:b-no-policy:tls_only"][0] == "fail"  # as it is, not as it will be
    assert foretold.result["summary"]["fail"] > 0
    done = repair(fake, tmp_path, **options)
    assert (foretold.failure, foretold.result["status"]) == (done.failure, done.result["status"])
    assert (done.failure is None) is (check == "all" or (fail_on == "high" and done.result["status"] != "critical"))


def test_a_plan_that_is_too_large_repairs_nothing_in_check_mode_either(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    outcome = repair(fake, tmp_path, check_mode=True, max_remediations="1", fail_on="low")
    assert outcome.result["status"] == "critical"
    assert outcome.failure is not None
    assert "max_remediations is 1" in outcome.failure and "fail_on is low" in outcome.failure


def test_what_is_cut_is_counted(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    for name in ("b-no-policy", "e-never-versioned", "f-suspended"):
        fake.store.buckets[name].put("tagging", documents.tagging({"Terraform": "true"}))
    outcome = repair(fake, tmp_path, check_mode=True, max_returned=1)
    counts = outcome.result["summary"]["changes"]
    assert len(outcome.result["changes"]) == len(outcome.result["refusals"]) == 1
    assert outcome.result["truncated_changes"] == counts["planned"] - 1 > 0
    assert outcome.result["truncated_refusals"] == counts["refused"] - 1 > 0


def test_the_way_back(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    buckets, _blocks = state(fake)
    done = repair(fake, tmp_path)
    back: Dict[str, Any] = {"state": "reverted", "revert_from": done.result["backup"], "max_remediations": "100%"}
    foretold = audited(fake.url, check_mode=True, **back)
    whole = len(done.plan)
    assert sentence(foretold) == f"{whole} of {whole} changes of the run {done.result['run_id']} would be put back."
    undone = audited(fake.url, **back)
    assert undone.plan == foretold.plan and undone.plan
    assert set(outcomes(undone)) == {"applied"}
    assert sentence(undone) == sentence(foretold).replace("would be", "are")
    assert undone.result["status"] == foretold.result["status"] == "ok"
    assert state(fake) == (as_near_as_s3_comes(buckets), {})
    again = audited(fake.url, **back)
    assert not again.plan and again.failure is None
    assert sentence(again).endswith(f" are put back, {whole} as they were before it.")


@pytest.mark.parametrize("limit, base", [("3", "changes"), ("10%", "of 10 buckets would be changed")])
@pytest.mark.parametrize("check_mode", [True, False])
def test_the_way_back_has_the_limit_of_every_run(
    fake: FakeS3, tmp_path: Path, limit: str, base: str, check_mode: bool
) -> None:
    wrong(fake.store)
    done = repair(fake, tmp_path, remediate=["tls_only", "lifecycle"])
    repaired = state(fake)
    back: Dict[str, Any] = {"state": "reverted", "revert_from": done.result["backup"], "max_returned": 1}
    outcome = audited(fake.url, max_remediations=limit, check_mode=check_mode, **back)
    assert state(fake) == repaired
    assert not outcome.plan and outcome.result["status"] == "critical"
    assert outcome.failure is not None and base in outcome.failure
    assert outcomes(outcome) == ["withheld"]
    assert outcome.result["truncated_changes"] == len(done.plan) - 1
    assert f"{len(done.plan)} withheld" in sentence(outcome)


def test_a_change_that_fails_on_the_way_back_is_named(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    done = repair(fake, tmp_path, remediate=["lifecycle", "versioning"], run_id="X")
    fake.store.buckets["f-suspended"].put("versioning", documents.versioning("Suspended"))
    fake.rules.add(action="PutBucketVersioning", bucket="e-never-versioned", code="AccessDenied")
    outcome = audited(fake.url, state="reverted", revert_from=done.result["backup"])
    assert outcome.result["status"] == "warning"
    assert sentence(outcome).endswith("2 of 4 changes of the run X are put back, 1 failed, 1 as they were before it.")


def test_a_change_that_is_dropped_on_the_way_back_is_named(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    done = repair(fake, tmp_path, remediate=["tls_only"], run_id="one")
    bucket = fake.store.buckets["c-other-policy"]
    bucket.documents, bucket.cache = moving(bucket.documents), Forgetful()
    outcome = audited(fake.url, state="reverted", revert_from=done.result["backup"])
    assert outcomes(outcome).count("dropped") == 1
    assert outcome.result["status"] == "warning" and outcome.failure is None
    left = len(done.plan) - 1
    assert sentence(outcome) == f"{left} of {left + 1} changes of the run one are put back, 1 dropped."
    assert outcome.result["problems"] == ["c-other-policy (policy), dropped: it was changed meanwhile, and left alone"]


def test_the_way_back_says_which_options_it_does_not_know(fake: FakeS3, tmp_path: Path) -> None:
    good(fake.store, "b").remove("versioning")
    done = repair(fake, tmp_path, remediate=["versioning"])
    warnings: List[str] = []
    given: Dict[str, Any] = {"state": "reverted", "revert_from": done.result["backup"], "endpoint_url": fake.url}
    progress = tmp_path / "progress"
    given["progress_file"] = str(progress)
    before = len(os.listdir("/proc/self/fd"))
    restore(auditing.job({**given, "fail_on": "low", "compare_to": "x.json"}, warnings=warnings))
    assert warnings == ["compare_to, fail_on: without effect when the state is reverted"]
    assert progress.exists() and len(os.listdir("/proc/self/fd")) == before
    restore(auditing.job({**given, "progress_file": ""}, warnings=warnings))
    assert len(warnings) == 1


def as_near_as_s3_comes(buckets: Dict[str, Dict[str, bytes]]) -> Dict[str, Dict[str, bytes]]:
    """What a bucket can be brought back to: versioning cannot be forgotten, nor can default encryption be."""
    found = {name: dict(one) for name, one in buckets.items()}
    for one in found.values():
        one.setdefault("versioning", documents.versioning("Suspended"))
        one.setdefault("encryption", documents.encryption())
    return found


# --- what goes wrong in the middle -----------------------------------------------------------------------------------


def test_one_change_that_fails_keeps_no_other_from_being_made(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    fake.rules.add(action="Put*", bucket="c-other-policy", code="AccessDenied")
    outcome = repair(fake, tmp_path)
    assert outcomes(outcome).count("failed") == 1
    assert outcomes(outcome).count("applied") == len(outcome.plan) == len(outcomes(outcome)) - 1
    assert outcome.failure is not None and "c-other-policy (policy)" in outcome.failure
    assert reported(tmp_path)[f"aws:{ACCOUNT}:c-other-policy:tls_only"][0] == "fail"
    fake.rules.clear()
    rest = repair(fake, tmp_path)
    assert [change.resource for change in rest.plan.changes] == ["c-other-policy"]


def test_changes_are_told_even_if_the_look_afterwards_fails(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    fake.rules.add(action="ListBuckets", skip=1, kind="reset")
    outcome = repair(fake, tmp_path, remediate=["versioning"])
    assert len(outcome.plan) == 3
    assert outcome.result["backup"]
    assert "could not be looked at again" in outcome.result["problems"][0]
    said = reported(tmp_path)
    assert len(said) == 10 * (len(CHECKS) - 1) + 1
    assert said[f"aws:{ACCOUNT}:e-never-versioned:versioning"][0] == "fail"


def test_what_cannot_be_seen_after_the_change_is_unknown(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    # Each of the three is read for the plan, before the change and after it.
    fake.rules.add(action="GetBucketVersioning", code="AccessDenied", skip=10 + 3 * 3)
    outcome = repair(fake, tmp_path, remediate=["versioning"])
    assert outcomes(outcome) == ["applied"] * 3
    denied = [status for status, message in reported(tmp_path).values() if "AccessDenied" in message]
    assert denied == ["unknown"] * 3
    assert outcome.result["summary"]["by_check"]["versioning"] == {"pass": 7, "fail": 0, "unknown": 3, "exempt": 0}


def test_credentials_that_end_in_the_middle_of_a_repair(fake_with_moto: FakeS3, tmp_path: Path) -> None:
    """Renewed: as if nothing had been."""
    fake = fake_with_moto
    fake.settings.assumed_session_requests = 60
    wrong(fake.store)
    role = f"arn:aws:iam::{ACCOUNT}:role/repairer"
    done = repair(fake, tmp_path, assume_role_arn=role, concurrency=4)
    assert set(outcomes(done)) == {"applied"}
    assert {status for status, _message in reported(tmp_path).values()} == {"pass"}
    assert fake.counters["sts:AssumeRole"] > 2


def in_a_process(task: Dict[str, Any], **popen: Any) -> "subprocess.Popen[str]":
    """An audit in a process of its own."""
    package = auditing.__name__
    root = str(Path(auditing.__file__).absolute().parents[package.count(".")])
    return subprocess.Popen(
        [sys.executable, "-m", package, json.dumps(task)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((root, os.environ.get("PYTHONPATH", "")))},
        stdout=subprocess.PIPE,
        text=True,
        **popen,
    )


def small_files() -> None:
    """As on a disk that is full after 64 KiB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))


def test_a_disk_that_is_full_after_the_changes_does_not_hide_them(fake: FakeS3, tmp_path: Path) -> None:
    for number in range(30):
        good(fake.store, f"b-{number}").remove("versioning")
    task = {
        "url": fake.url,
        "check_profile": "strict",
        "remediate": ["versioning"],
        "max_remediations": "100%",
        "backup_dir": str(tmp_path / "backups"),
        "reports": [{"path": str(tmp_path / "report.json")}],
    }
    with in_a_process(task, preexec_fn=small_files) as process:
        said = json.loads(process.communicate(timeout=60)[0])
    assert said["result"]["summary"]["changes"]["applied"] == 30
    assert os.path.isfile(said["result"]["backup"])
    assert said["result"]["reports"] == []
    assert "report.json could not be written: put findings aside" in said["failure"]
    assert not (tmp_path / "report.json").exists()


def killed_in_mid_apply(fake: FakeS3, folder: Path, after: int) -> None:
    """A repair in a process of its own, killed with -9 once ``after`` changes were answered and the next one hangs."""
    hanging = fake.rules.add(action="Put*", kind="delay", delay=60.0, skip=after)
    task = {
        "url": fake.url,
        "checks": CHECKS,
        "remediate": CHECKS,
        "max_remediations": "100",
        "backup_dir": str(folder / "backups"),
        "concurrency": 1,
    }
    with in_a_process(task) as process:
        try:
            until = time.monotonic() + 60
            while not hanging.hits:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.01)
        finally:
            process.kill()
    fake.rules.clear()


@pytest.mark.parametrize("after", [0, 1, 6])
def test_a_repair_that_is_killed_can_be_run_again(fake: FakeS3, tmp_path: Path, after: int) -> None:
    wrong(fake.store)
    with FakeS3() as other:
        wrong(other.store)
        repair(other, tmp_path / "other")
        wanted = state(other)
    before = state(fake)
    killed_in_mid_apply(fake, tmp_path, after)
    half = state(fake)
    changed = [
        (name, aspect)
        for name in half[0]
        for aspect in half[0][name]
        if half[0][name][aspect] != before[0][name].get(aspect)
    ]
    assert len(changed) == after
    done = repair(fake, tmp_path)
    assert set(outcomes(done)) == {"applied"}
    assert state(fake) == wanted


@pytest.mark.parametrize("after", [0, 1, 6])
def test_a_repair_that_is_killed_can_be_undone(fake: FakeS3, tmp_path: Path, after: int) -> None:
    wrong(fake.store)
    buckets, _blocks = state(fake)
    killed_in_mid_apply(fake, tmp_path, after)
    (backup,) = (tmp_path / "backups").iterdir()
    undone = audited(fake.url, state="reverted", revert_from=str(backup))
    assert len(undone.plan) == after
    found, blocks = state(fake)
    assert blocks == {}
    nearly = as_near_as_s3_comes(buckets)
    for name, one in found.items():
        for aspect, document in one.items():
            assert document in (nearly[name][aspect], buckets[name].get(aspect)), (name, aspect)


def test_two_repairs_at_once(fake: FakeS3, tmp_path: Path) -> None:
    wrong(fake.store)
    with FakeS3() as other:
        wrong(other.store)
        repair(other, tmp_path / "other")
        wanted = state(other)
    fake.settings.latency = 0.002
    ready = threading.Barrier(2)

    def one(name: str) -> Outcome:
        ready.wait(10)
        return repair(fake, tmp_path / name, run_id=name)

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(one, ("first", "second")))
    assert state(fake) == wanted
    assert {outcome for each in both for outcome in outcomes(each)} <= {"applied", "dropped"}
    assert all(each.failure is None for each in both)
    fake.settings.latency = 0.0
    assert not repair(fake, tmp_path / "third").plan


class Forgetful(dict):  # type: ignore[type-arg]
    """Keeps nothing."""

    def __setitem__(self, key: str, answer: Any) -> None:
        pass


def moving(documents: Dict[str, bytes]) -> Dict[str, bytes]:
    """Documents of which the policy is another one, to the byte, each time it is read."""
    seen: List[bytes] = []

    class Moving(dict):  # type: ignore[type-arg]
        def get(self, key: str, default: Any = None) -> Any:
            found = super().get(key, default)
            if key == "policy":
                seen.append(found)
                found = found.replace(b'"Version"', b" " * len(seen) + b'"Version"')
            return found

    return Moving(documents)


def test_a_change_of_somebody_else_in_between_is_not_overwritten(fake: FakeS3, tmp_path: Path) -> None:
    """The policy is another one each time it is read: as planned, it is never there."""
    wrong(fake.store)
    bucket = fake.store.buckets["c-other-policy"]
    original = bucket.documents["policy"]
    bucket.documents, bucket.cache = moving(bucket.documents), Forgetful()
    outcome = repair(fake, tmp_path, remediate=["tls_only"])
    assert outcomes(outcome).count("dropped") == 1
    assert dict(bucket.documents)["policy"] == original
    assert outcome.failure is None
