# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S3 Inventory: reports in a moto server, in the layout in which S3 delivers them."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import json
from datetime import datetime, timedelta
from typing import Any, Dict, Iterator, List, Optional, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.inventory import read_inventory
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.inventory_report import folder_after
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    ObjectEvidence,
    Question,
    Unknown,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.selection import Selection
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.collecting import NOW, REGION, Scripted, error, gather

GOOD = frozenset(("AES256", "aws:kms", "aws:kms:dsse"))
ALL_VERSIONS = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, EncryptionStatus"
CURRENT = "Bucket, Key, EncryptionStatus"
_names = (f"inventory-test-{number}" for number in itertools.count())


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _data(statuses: Sequence[str], schema: str) -> bytes:
    middle = '"v","true","false",' if schema == ALL_VERSIONS else ""
    return gzip.compress("".join(f'"b","k{n}",{middle}"{one}"\n' for n, one in enumerate(statuses)).encode())


class Inventory:
    """An audited bucket, and a store to which its reports are delivered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.s3 = boto_client(url, "s3", REGION)
        self.bucket = next(_names)
        self.store = f"{self.bucket}-store"
        self.place = f"s3://{self.store}/p/{{bucket}}/daily"
        for name in (self.bucket, self.store):
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

    def configure(self, versions: str = "All", prefix: str = "", name: str = "daily") -> None:
        configuration: Dict[str, Any] = {
            "Destination": {"S3BucketDestination": {"Bucket": f"arn:aws:s3:::{self.store}", "Format": "CSV"}},
            "IsEnabled": True,
            "Id": name,
            "IncludedObjectVersions": versions,
            "OptionalFields": ["EncryptionStatus"],
            "Schedule": {"Frequency": "Daily"},
        }
        if prefix:
            configuration["Filter"] = {"Prefix": prefix}
        self.s3.put_bucket_inventory_configuration(Bucket=self.bucket, Id=name, InventoryConfiguration=configuration)

    def deliver(
        self,
        *files: Sequence[str],
        age: timedelta = timedelta(days=1),
        schema: str = ALL_VERSIONS,
        folder: str = "daily",
        **manifest: Any,
    ) -> str:
        """One report, whole unless what it says is changed; its folder."""
        created: datetime = NOW - age
        base = f"p/{self.bucket}/{folder}"
        entries: List[Dict[str, Any]] = []
        for number, statuses in enumerate(files):
            data = _data(statuses, schema)
            key = f"{base}/data/{created:%j%H%M}-{number}.csv.gz"
            self.put(key, data)
            entries.append({"key": key, "size": len(data), "MD5checksum": _md5(data)})
        body = json.dumps(
            {
                "sourceBucket": self.bucket,
                "fileFormat": "CSV",
                "fileSchema": schema,
                "creationTimestamp": str(int(created.timestamp() * 1000)),
                "files": entries,
                **manifest,
            }
        ).encode()
        where = f"{base}/{folder_after(created)}/"
        self.put(f"{where}manifest.json", body)
        self.put(f"{where}manifest.checksum", _md5(body).encode())
        return where

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.store, Key=key, Body=body)

    def read(self, place: str = "", **asked: Any) -> Any:
        result = gather(
            self.url,
            frozenset((Question.OBJECTS,)),
            Selection((self.bucket,)),
            inventory=place or self.place,
            **asked,
        )
        self.calls = result.calls
        return result.buckets[self.bucket].objects

    def reason(self, place: str = "", **asked: Any) -> str:
        fact = self.read(place, **asked)
        assert isinstance(fact, Unknown), fact
        return fact.reason


@pytest.fixture
def inventory(moto_url: str) -> Iterator[Inventory]:
    made = Inventory(moto_url)
    yield made
    for name in (made.bucket, made.store):
        for entry in made.s3.list_objects_v2(Bucket=name).get("Contents", []):
            made.s3.delete_object(Bucket=name, Key=entry["Key"])
        made.s3.delete_bucket(Bucket=name)


def test_a_complete_report_is_complete_evidence(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3"] * 40, ["SSE-KMS", "DSSE-KMS"])
    assert inventory.read() == ObjectEvidence(
        "inventory",
        42,
        {"AES256": 40, "aws:kms": 1, "aws:kms:dsse": 1},
        (),
        complete=True,
        as_of=NOW - timedelta(days=1),
    )
    # Its folder, manifest and checksum, two files, and the configuration.
    wanted = {"s3:ListObjectsV2": 1, "s3:GetObject": 4, "s3:GetBucketInventoryConfiguration": 1}
    assert {name: count for name, count in inventory.calls.items() if name in wanted} == wanted


def test_offenders_are_named(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3", "NOT-SSE"], ["SSE-C"] * 20)
    found = inventory.read()
    assert isinstance(found, ObjectEvidence) and found.complete
    assert found.by_encryption == {"AES256": 1, "NOT-SSE": 1, "SSE-C": 20}
    assert found.offenders[:3] == ("k1", "k0", "k1") and len(found.offenders) == 10


def test_an_empty_bucket_can_be_proven(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver()
    found = inventory.read()
    assert isinstance(found, ObjectEvidence) and found.complete and found.seen == 0


def test_the_newest_finished_report_counts(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver(["NOT-SSE"], age=timedelta(days=3))
    inventory.deliver(["SSE-S3"], age=timedelta(days=2))
    unfinished = folder_after(NOW - timedelta(hours=1))
    inventory.put(f"p/{inventory.bucket}/daily/{unfinished}/manifest.json", b"{}")
    found = inventory.read()
    assert isinstance(found, ObjectEvidence) and found.as_of == NOW - timedelta(days=2)


@pytest.mark.parametrize("place", ["s3://{store}/p", "s3://{store}/p/{{bucket}}", "s3://{store}/p/{{bucket}}/"])
def test_the_inventory_of_a_bucket_is_found_below_its_folder(inventory: Inventory, place: str) -> None:
    inventory.configure(name="weekly")
    inventory.deliver(["SSE-S3"], folder="weekly")
    found = inventory.read(place.format(store=inventory.store))
    assert isinstance(found, ObjectEvidence) and found.complete


# --- what proves nothing ---------------------------------------------------------------------------------------------


def test_there_is_no_report(inventory: Inventory) -> None:
    assert inventory.reason() == (
        f"inventory s3://{inventory.store}/p/{inventory.bucket}/daily/: there is no finished report since 2026-02-21"
    )


def test_there_is_no_store(inventory: Inventory) -> None:
    reason = inventory.reason("s3://nobodys-store/{bucket}")
    assert reason == f"inventory s3://nobodys-store/{inventory.bucket}/: there is no such bucket"


def test_a_report_that_is_too_old(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3"], age=timedelta(days=9))
    assert "there is no finished report since" in inventory.reason()
    assert isinstance(inventory.read(inventory_max_age=timedelta(days=10)), ObjectEvidence)


def test_a_young_folder_does_not_make_an_old_report_young(inventory: Inventory) -> None:
    inventory.configure()
    stamp = str(int((NOW - timedelta(days=30)).timestamp() * 1000))
    inventory.deliver(["SSE-S3"], creationTimestamp=stamp)
    assert inventory.reason().endswith("it is of 2026-01-30, which is too old")


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"sourceBucket": "another"}, "it is a report of the bucket 'another'"),
        ({"fileFormat": "Parquet"}, "its format is Parquet; only CSV can be read"),
        ({"fileSchema": "Bucket, Key, Size"}, "it does not include the field EncryptionStatus"),
        ({"files": [{"key": "p/none.gz", "size": 1, "MD5checksum": "0" * 32}]}, "NoSuchKey"),
    ],
)
def test_a_manifest_that_proves_nothing(inventory: Inventory, changed: Dict[str, Any], reason: str) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3"], **changed)
    assert reason in inventory.reason()


def test_a_manifest_that_was_changed(inventory: Inventory) -> None:
    inventory.configure()
    where = inventory.deliver(["SSE-S3"])
    inventory.put(f"{where}manifest.json", b'{"files": []}')
    assert "is not what manifest.checksum says" in inventory.reason()


@pytest.mark.parametrize("length, reason", [(-1, "and not those"), (0, "and not those")])
def test_a_data_file_that_is_cut_short(inventory: Inventory, length: int, reason: str) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3"] * 10)
    (key,) = (
        entry["Key"]
        for entry in inventory.s3.list_objects_v2(Bucket=inventory.store)["Contents"]
        if entry["Key"].endswith(".csv.gz")
    )
    inventory.put(key, _data(["SSE-S3"] * 10, ALL_VERSIONS)[:length])
    assert reason in inventory.reason()


def test_rows_that_do_not_say_how_an_object_is_encrypted(inventory: Inventory) -> None:
    inventory.configure()
    inventory.deliver(["SSE-S3", "", ""])
    assert "2 of its rows do not say how the object is encrypted; the 1 objects in it" in inventory.reason()


def test_a_report_of_a_part_of_the_bucket(inventory: Inventory) -> None:
    inventory.configure(prefix="logs/")
    inventory.deliver(["SSE-S3"])
    assert "it is only of objects whose keys begin with 'logs/'; the 1 objects in it are" in inventory.reason()


def test_a_bad_object_in_a_part_of_the_bucket_is_bad_all_the_same(inventory: Inventory) -> None:
    inventory.configure(prefix="logs/")
    inventory.deliver(["SSE-S3", "NOT-SSE"])
    found = inventory.read()
    assert isinstance(found, ObjectEvidence) and not found.complete and found.offenders == ("k1",)


def test_a_report_whose_inventory_is_not_configured_any_more(inventory: Inventory) -> None:
    inventory.deliver(["SSE-S3"])
    reason = inventory.reason()
    assert "whether it is of the whole bucket cannot be told: s3:GetBucketInventoryConfiguration: NoSuch" in reason


@pytest.mark.parametrize("versioning, complete", [("", True), ("Enabled", False), ("Suspended", False)])
def test_current_versions_are_all_there_is_only_without_versioning(
    inventory: Inventory, versioning: str, complete: bool
) -> None:
    inventory.configure("Current")
    if versioning:
        inventory.s3.put_bucket_versioning(Bucket=inventory.bucket, VersioningConfiguration={"Status": versioning})
    inventory.deliver(["SSE-S3"], schema=CURRENT)
    if complete:
        found = inventory.read()
        assert isinstance(found, ObjectEvidence) and found.complete
    else:
        assert "it is only of current versions, and the bucket has others or had them" in inventory.reason()


def test_a_sample_stands_in_where_a_report_proves_nothing(inventory: Inventory) -> None:
    inventory.s3.put_object(Bucket=inventory.bucket, Key="a", Body=b"x", ServerSideEncryption="AES256")
    reason = inventory.reason(sample_objects=5)
    assert "there is no finished report" in reason
    assert reason.endswith("; 1 sampled objects are encrypted as required")
    found = inventory.read(sample_objects=5, acceptable=frozenset(("aws:kms",)))
    assert isinstance(found, ObjectEvidence) and (found.source, found.offenders) == ("sample", ("a",))


def test_a_place_that_is_none(inventory: Inventory) -> None:
    assert "no place such as s3://" in inventory.reason("/var/inventory")


# --- transfers that break off ----------------------------------------------------------------------------------------


WHOLE = b"<InventoryConfiguration><IncludedObjectVersions>All</IncludedObjectVersions></InventoryConfiguration>"


def _scripted(
    *streams: List[Any],
    template: str = "s3://store/{bucket}/daily",
    folder: str = "acme/daily/",
    schema: str = ALL_VERSIONS,
    statuses: Sequence[str] = ("SSE-S3", "NOT-SSE"),
    configuration: Any = WHOLE,
    versioning: Any = b"",
) -> Any:
    data = _data(statuses, schema)
    manifest = json.dumps(
        {
            "sourceBucket": "acme",
            "fileFormat": "CSV",
            "fileSchema": schema,
            "creationTimestamp": str(int(NOW.timestamp() * 1000)),
            "files": [{"key": "data.gz", "size": len(data), "MD5checksum": _md5(data)}],
        }
    ).encode()
    dated = f"{folder}{folder_after(NOW)}/"
    listing = f"<ListBucketResult><CommonPrefixes><Prefix>{dated}</Prefix></CommonPrefixes></ListBucketResult>"
    sender = Scripted(
        ListObjectsV2=[listing.encode()],
        GetObject=[_md5(manifest).encode(), manifest, *streams, [data[:20], data[20:]]],
        GetBucketInventoryConfiguration=[configuration],
        GetBucketVersioning=[versioning],
    )
    reading = read_inventory(sender, template, "acme", REGION, ACCOUNT, GOOD, timedelta(days=8), NOW)
    return asyncio.run(reading)


BROKEN = error("s3:GetObject", "TruncatedResponse", 0, "the connection was closed")


@pytest.mark.parametrize("breaks", [1, 2])
def test_a_transfer_that_breaks_off_is_begun_again_and_nothing_counts_twice(breaks: int) -> None:
    half = _data(["NOT-SSE"] * 3, ALL_VERSIONS)[:30]
    found = _scripted(*[[half, BROKEN]] * breaks)
    assert found.by_encryption == {"AES256": 1, "NOT-SSE": 1} and found.offenders == ("k1",)


@pytest.mark.parametrize(
    "streams, reason",
    [
        ([[BROKEN]] * 3, "s3:GetObject: TruncatedResponse: the connection was closed"),
        ([[error("s3:GetObject", "AccessDenied", 403)]], "s3:GetObject: AccessDenied (403)"),
    ],
)
def test_a_file_that_cannot_be_had_makes_the_report_unknown(streams: List[Any], reason: str) -> None:
    found: Optional[object] = _scripted(*streams)
    assert isinstance(found, Unknown) and found.reason.endswith(reason)


# --- what the report leaves open -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed, reason",
    [
        (
            {"template": "s3://{bucket}-store", "folder": ""},
            "its folder does not name the inventory, so its configuration cannot be looked at",
        ),
        (
            {"configuration": error("s3:GetBucketInventoryConfiguration", "AccessDenied", 403)},
            "whether it is of the whole bucket cannot be told: s3:GetBucketInventoryConfiguration: AccessDenied (403), "
            "needs s3:GetInventoryConfiguration",
        ),
        ({"configuration": b"<html/>"}, "cannot be told: s3:GetBucketInventoryConfiguration: <html> instead of"),
        (
            {"schema": CURRENT, "versioning": error("s3:GetBucketVersioning", "AccessDenied", 403)},
            "it is only of current versions, and s3:GetBucketVersioning: AccessDenied (403)",
        ),
    ],
)
def test_doubts_about_a_clean_report_are_told(changed: Dict[str, Any], reason: str) -> None:
    found = _scripted(statuses=["SSE-S3"], **changed)
    assert isinstance(found, Unknown) and reason in found.reason
    assert found.reason.endswith("; the 1 objects in it are encrypted as required")


@pytest.mark.parametrize(
    "changed",
    [
        {"configuration": error("s3:GetBucketInventoryConfiguration", "NoSuchBucket", 404)},
        {"schema": CURRENT, "versioning": error("s3:GetBucketVersioning", "NoSuchBucket", 404)},
    ],
)
def test_a_report_of_a_bucket_that_is_gone(changed: Dict[str, Any]) -> None:
    found = _scripted(**changed)
    assert isinstance(found, Unknown) and found.reason.startswith("the bucket was deleted while the audit ran")
