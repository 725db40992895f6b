# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports, comparisons, backups and slices that lie in S3."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.caller import Caller
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.objects import PART_BYTES, Objects
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.tests.support.auditing import audited, merged
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.store import ACCESS_KEY, ACCOUNT, SECRET_KEY
from ansible_collections.day2.ops.tests.support.collecting import REGION, RealClock

FORMATS = ["json", "jsonl", "csv", "sarif", "ocsf", "junit", "markdown", "html"]


@pytest.fixture
def depot(moto_url: str) -> Iterator[Any]:
    """A client of moto with a bucket ``places`` and two buckets to audit; all are gone afterwards."""
    client = boto_client(moto_url, "s3", REGION)
    where = {"LocationConstraint": REGION}
    names = ["places", "places-data-1", "places-data-2"]
    for name in names:
        client.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    yield client
    for name in names:
        for entry in client.list_objects_v2(Bucket=name).get("Contents", ()):
            client.delete_object(Bucket=name, Key=entry["Key"])
        client.delete_bucket(Bucket=name)


@pytest.fixture
def objects(moto_url: str) -> Objects:
    access = Access(access_key=ACCESS_KEY, secret_key=SECRET_KEY, region=REGION, endpoint_url=moto_url)
    clock = RealClock()
    return Objects(Caller(Session.open(access, clock), 8, random.Random(1), clock))


def keys(depot: Any) -> List[str]:
    return [entry["Key"] for entry in depot.list_objects_v2(Bucket="places").get("Contents", ())]


def body(depot: Any, key: str) -> bytes:
    content: bytes = depot.get_object(Bucket="places", Key=key)["Body"].read()
    return content


# --- objects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 12_345])
def test_an_object_of_any_size_comes_back(depot: Any, objects: Objects, size: int) -> None:
    content = random.Random(size).randbytes(size)
    objects.put("places", "a b/ü+&=%2F.bin", io.BytesIO(content), size, "application/octet-stream")
    assert b"".join(objects.read("places", "a b/ü+&=%2F.bin")) == content == body(depot, "a b/ü+&=%2F.bin")
    assert objects.keys("places", "a b/") == ["a b/ü+&=%2F.bin"]
    assert depot.list_multipart_uploads(Bucket="places").get("Uploads", []) == []


class Breaking(io.BytesIO):
    """Fails at the second part."""

    def read(self, size: Any = -1) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(depot: Any, objects: Objects) -> None:
    size = PART_BYTES * 2
    with pytest.raises(OSError, match="Input/output"):
        objects.put("places", "half", Breaking(bytes(size)), size, "text/plain")
    assert keys(depot) == []
    assert depot.list_multipart_uploads(Bucket="places").get("Uploads", []) == []


def test_a_look_leaves_nothing(depot: Any, objects: Objects) -> None:
    objects.probe("places", "reports/one.json")
    assert keys(depot) == []
    assert depot.list_multipart_uploads(Bucket="places").get("Uploads", []) == []
    with pytest.raises(GatewayError, match="NoSuchBucket"):
        objects.probe("places-elsewhere", "one.json")


def test_what_is_not_there_is_an_error(depot: Any, objects: Objects) -> None:
    with pytest.raises(GatewayError, match="NoSuchKey"):
        list(objects.read("places", "missing"))
    assert objects.keys("places", "missing") == []


def test_many_keys_come_in_pages(depot: Any, objects: Objects) -> None:
    names = [f"slices/run-1/{number:04}.jsonl" for number in range(12)]
    for name in names:
        depot.put_object(Bucket="places", Key=name, Body=b"")
    depot.put_object(Bucket="places", Key="slices/run-10/0.jsonl", Body=b"")
    assert objects.keys("places", "slices/run-1/") == names


# --- reports and comparisons -----------------------------------------------------------------------------------------


def test_reports_in_s3(moto_url: str, depot: Any) -> None:
    places = [{"path": f"s3://places/{{account}}/{{run_id}}/report.{name}", "format": name} for name in FORMATS]
    outcome = audited(moto_url, buckets=["places-data-*"], reports=places, run_id="one")
    assert sorted(keys(depot)) == sorted(f"{ACCOUNT}/one/report.{name}" for name in FORMATS)
    assert [report["size_bytes"] for report in outcome.result["reports"]] == [
        len(body(depot, f"{ACCOUNT}/one/report.{name}")) for name in FORMATS
    ]
    said = json.loads(body(depot, f"{ACCOUNT}/one/report.json"))
    assert said["summary"]["resources"] == 2
    assert said["summary"] == {name: value for name, value in outcome.result["summary"].items() if name != "changes"}


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_comparison_with_a_report_in_s3(moto_url: str, depot: Any, name: str) -> None:
    task: Dict[str, Any] = {"buckets": ["places-data-*"], "checks": ["versioning", "tls_only"]}
    place = f"s3://places/earlier.{name}"
    audited(moto_url, reports=[{"path": place}], **task)
    depot.put_bucket_versioning(Bucket="places-data-1", VersioningConfiguration={"Status": "Enabled"})
    later = audited(moto_url, compare_to=place, **task)
    assert later.result["summary"]["comparison"] == {"new": 0, "fixed": 1, "open": 3, "not_seen": 0}
    assert {finding["comparison"] for finding in later.result["findings"]} == {"open"}


@pytest.mark.parametrize("option", ["reports", "compare_to"])
def test_a_place_in_s3_that_is_not_there_is_refused_before_the_audit(moto_url: str, depot: Any, option: str) -> None:
    place = "s3://places-elsewhere/a.json"
    task: Dict[str, Any] = {option: [{"path": place}] if option == "reports" else place}
    with pytest.raises(Day2Error, match=r"s3://places-elsewhere/a\.json.*NoSuchBucket"):
        audited(moto_url, **task)


# --- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_in_s3_and_the_way_back(moto_url: str, depot: Any) -> None:
    task: Dict[str, Any] = {"buckets": ["places-data-*"], "checks": ["tls_only"], "run_id": "one"}
    done = audited(moto_url, remediate=["tls_only"], backup_dir="s3://places/backups", **task)
    assert len(done.plan) == 2 and done.failure is None
    assert done.result["backup"] == f"s3://places/backups/s3_encryption_audit-one-{ACCOUNT}.json"
    assert "aws:SecureTransport" in depot.get_bucket_policy(Bucket="places-data-1")["Policy"]
    back = audited(moto_url, state="reverted", revert_from=done.result["backup"])
    assert len(back.plan) == 2 and back.failure is None
    with pytest.raises(depot.exceptions.ClientError, match="NoSuchBucketPolicy"):
        depot.get_bucket_policy(Bucket="places-data-1")


def test_a_backup_that_cannot_be_put_changes_nothing(moto_url: str, depot: Any) -> None:
    with pytest.raises(GatewayError, match="NoSuchBucket"):
        audited(
            moto_url,
            buckets=["places-data-*"],
            checks=["tls_only"],
            remediate=["tls_only"],
            backup_dir="s3://places-elsewhere/backups",
        )
    with pytest.raises(depot.exceptions.ClientError, match="NoSuchBucketPolicy"):
        depot.get_bucket_policy(Bucket="places-data-1")


# --- slices ----------------------------------------------------------------------------------------------------------


def _slices(moto_url: str, depot: Any, folder: Path, where: str) -> str:
    """Slices of two accounts of the run ``one``, the second made from the first; the place of all of them."""
    place = "s3://places/slices" if where == "s3" else str(folder / "slices")
    mine = {"name": "mine", "expression": "versioning.status == 'Enabled'"}
    task: Dict[str, Any] = {"buckets": ["places-data-*"], "custom_checks": [mine], "run_id": "one"}
    audited(moto_url, reports=[{"path": f"{place}/{{run_id}}/{{account}}.jsonl"}], **task)
    other = "210987654321"
    if where == "s3":
        text = body(depot, f"slices/one/{ACCOUNT}.jsonl").replace(ACCOUNT.encode(), other.encode())
        depot.put_object(Bucket="places", Key=f"slices/one/{other}.jsonl", Body=text)
    else:
        text = (folder / "slices" / "one" / f"{ACCOUNT}.jsonl").read_bytes().replace(ACCOUNT.encode(), other.encode())
        (folder / "slices" / "one" / f"{other}.jsonl").write_bytes(text)
    return place


@pytest.mark.parametrize("where", ["s3", "local"])
def test_slices_become_one_report_and_silence_becomes_unknown(
    moto_url: str, depot: Any, tmp_path: Path, where: str
) -> None:
    place = _slices(moto_url, depot, tmp_path, where)
    outcome = merged(
        moto_url,
        slices=place,
        run_id="one",
        expected_accounts=[ACCOUNT, "210987654321", "333333333333"],
        reports=[{"path": str(tmp_path / f"all.{name}"), "format": name} for name in FORMATS],
        max_returned=1000,
    )
    assert outcome.failure is None
    assert outcome.result["accounts"] == [ACCOUNT, "210987654321"]
    assert outcome.result["summary"]["by_check"]["account_audited"] == {"pass": 2, "fail": 0, "unknown": 1, "exempt": 0}
    assert outcome.result["summary"]["by_check"]["mine"]["fail"] == 4
    assert [report["format"] for report in outcome.result["reports"]] == FORMATS
    missing = [one for one in outcome.result["findings"] if one["check"] == "account_audited"]
    assert [(one["account"], one["status"]) for one in missing] == [("333333333333", "unknown")]


def test_a_run_without_slices_is_all_unknown(moto_url: str, depot: Any, tmp_path: Path) -> None:
    for place in ("s3://places/slices", str(tmp_path / "none")):
        outcome = merged(moto_url, slices=place, run_id="none", expected_accounts=[ACCOUNT])
        assert outcome.result["status"] == "unknown"
        assert outcome.result["summary"]["findings"] == outcome.result["summary"]["unknown"] == 1
