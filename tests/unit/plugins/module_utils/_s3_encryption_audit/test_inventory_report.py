# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import inventory_report
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.inventory_report import (
    Columns,
    Configuration,
    File,
    FileReader,
    Rows,
    Tally,
    check_manifest,
    folder_after,
    parse_configuration,
    parse_manifest,
    place_of,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

SCHEMA = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, EncryptionStatus"
COLUMNS = Columns(7, 1, 6, 4)
GOOD = frozenset(("AES256", "aws:kms", "aws:kms:dsse"))


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _row(key: str, status: str, marker: str = "false") -> str:
    return f'"acme","{key}","v1","true","{marker}","12","{status}"\n'


def _read(data: bytes, chunk: int = 50, size: Optional[int] = None, md5: str = "", columns: Columns = COLUMNS) -> Tally:
    expected = File("data/x.csv.gz", len(data) if size is None else size, md5 or _md5(data))
    reader = FileReader(Rows(columns, GOOD), expected, examples=3)
    for start in range(0, len(data), chunk):
        reader.feed(data[start : start + chunk])
    return reader.finish()


def test_rows_are_counted_by_encryption() -> None:
    rows = (
        _row("a", "SSE-S3")
        + _row("b", "SSE-KMS") * 2
        + _row("c%2Fd+e%20f", "NOT-SSE")
        + _row("d", "DSSE-KMS")
        + _row("e", "SSE-C")
        + _row("gone", "", "true")
        + _row("gone", "NOT-SSE", "True")
        + _row("old", "")
    )
    tally = _read(gzip.compress(rows.encode()))
    assert tally.counts == {"AES256": 1, "aws:kms": 2, "NOT-SSE": 1, "aws:kms:dsse": 1, "SSE-C": 1, "": 1}
    assert tally.offenders == ["c/d+e f", "e"]


@pytest.mark.parametrize(
    "columns, rows, counts",
    [
        # Current versions only: no column of delete markers.
        (Columns(3, 1, 2), '"b","k","SSE-S3"\n"b","NOT-SSE","SSE-KMS"\n', {"AES256": 1, "aws:kms": 1}),
        # The encryption before the marker, and not in the last column.
        (
            Columns(5, 0, 2, 3),
            '"k","b","SSE-C","false","x"\n"k","b","SSE-S3","true","x"\n',
            {"SSE-C": 1},
        ),
        # Two members of gzip, DOS line ends, no line end at the end: all of it is still a report.
        (Columns(2, 0, 1), '"k","SSE-S3"\r\n"l","SSE-S3"\r\n"m","SSE-KMS"', {"AES256": 2, "aws:kms": 1}),
        # Not quoted, or with quotes within: read by the csv module.
        (Columns(2, 0, 1), 'k,SSE-S3\n"l""x,",SSE-C\n', {"AES256": 1, "SSE-C": 1}),
        (Columns(2, 0, 1), "", {}),
    ],
)
def test_layouts(columns: Columns, rows: str, counts: Dict[str, int]) -> None:
    data = rows.encode()
    for cut in (len(data), len(data) // 2):
        packed = gzip.compress(data[:cut]) + gzip.compress(data[cut:])
        assert _read(packed, columns=columns).counts == counts


@pytest.mark.parametrize(
    "rows, reason",
    [
        ('"acme","k","v1","true","false","12"\n', "7 fields"),
        (_row("a", "SSE-S3") + '"acme"\n', "7 fields"),
        ('"acme","k","v1","true","false","12","SSE-S3\n', "not CSV"),
        ("x" * (1 << 17), "row of more than"),
    ],
)
def test_rows_that_are_not_as_promised_are_errors(rows: str, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        _read(gzip.compress(rows.encode()), chunk=1 << 20)


def test_files_that_are_not_as_promised_are_errors() -> None:
    data = gzip.compress((_row("a", "SSE-S3") * 500).encode())
    with pytest.raises(AnswerError, match=r"bytes, and not those"):
        _read(data, size=len(data) + 1)
    with pytest.raises(AnswerError, match=r"bytes, and not those"):
        _read(data, md5="0" * 32)
    cut = data[:-9]
    with pytest.raises(AnswerError, match="ends in the middle"):
        _read(cut)
    with pytest.raises(AnswerError, match="not gzip"):
        _read(b"PK\x03\x04 a zip file")
    with pytest.raises(AnswerError, match="not gzip"):
        _read(data + b"and more")


def test_a_large_file_needs_little_memory() -> None:
    block = (_row("k" * 900, "SSE-S3") * 1000).encode()
    data = gzip.compress(block * 20)  # 19 MB of rows in a small file
    largest = 0

    class Spying(Rows):
        def tally(self, block: bytes, examples: int) -> Tally:
            nonlocal largest
            largest = max(largest, len(block))
            return super().tally(block, examples)

    reader = FileReader(Spying(COLUMNS, GOOD), File("x", len(data), _md5(data)), examples=3)
    reader.feed(data)
    assert reader.finish().counts == {"AES256": 20_000}
    assert largest < 1 << 20


fields = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=6)
statuses = st.sampled_from(["SSE-S3", "SSE-KMS", "SSE-C", "NOT-SSE", "", "SSE-NEW"])


@settings(derandomize=True, max_examples=tries(150))
@given(
    st.lists(st.tuples(fields, statuses, st.sampled_from(["true", "false", ""])), max_size=20),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.integers(1, 200),
)
def test_counts_are_those_of_the_csv_module(rows: List[Tuple[str, str, str]], quoting: Any, chunk: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows([("acme", key, "v", "true", marker, "1", status) for key, status, marker in rows])
    tally = _read(gzip.compress(text.getvalue().encode()), chunk)
    names = {**inventory_report.ENCRYPTIONS, "": "", "SSE-NEW": "SSE-NEW"}
    expected = Counter(names[status] for _key, status, marker in rows if marker != "true")
    assert tally.counts == expected
    bad = sum(count for name, count in expected.items() if name and name not in GOOD)
    assert len(tally.offenders) == min(3, bad)


@settings(derandomize=True, max_examples=tries(150))
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_rows_or_an_error(data: bytes, packed: bool) -> None:
    try:
        _read(gzip.compress(data) if packed else data)
    except AnswerError as error:
        assert str(error)


# --- manifests -------------------------------------------------------------------------------------------------------


def _manifest(**changed: Any) -> bytes:
    document = {
        "sourceBucket": "acme",
        "destinationBucket": "arn:aws:s3:::store",
        "version": "2016-11-30",
        "creationTimestamp": "1772323200000",
        "fileFormat": "CSV",
        "fileSchema": SCHEMA,
        "files": [{"key": "p/acme/daily/data/x.csv.gz", "size": 7, "MD5checksum": "AB" * 16}],
        **changed,
    }
    return json.dumps({name: value for name, value in document.items() if value is not None}).encode()


def test_a_manifest() -> None:
    found = parse_manifest(_manifest())
    assert (found.source, found.created) == ("acme", datetime(2026, 3, 1, tzinfo=timezone.utc))
    assert found.columns == COLUMNS and found.all_versions
    assert found.files == (File("p/acme/daily/data/x.csv.gz", 7, "ab" * 16),)
    current = parse_manifest(_manifest(fileSchema="Bucket, Key, EncryptionStatus"))
    assert current.columns == Columns(3, 1, 2) and not current.all_versions


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"fileFormat": "ORC"}, "format is ORC; only CSV"),
        ({"fileFormat": "Parquet"}, "format is Parquet; only CSV"),
        ({"fileFormat": None}, "format is None"),
        ({"fileSchema": "Bucket, Key, Size"}, "EncryptionStatus"),
        ({"fileSchema": None}, "creationTimestamp and fileSchema"),
        ({"creationTimestamp": "yesterday"}, "creationTimestamp"),
        ({"creationTimestamp": "9" * 40}, "creationTimestamp"),
        ({"files": None}, "list of files"),
        ({"files": [{"key": "x", "size": 1}]}, "file without"),
        ({"files": [{"key": "x", "size": "1", "MD5checksum": "ab" * 16}]}, "file without"),
        ({"files": ["x"]}, "file without"),
    ],
)
def test_manifests_that_prove_nothing(changed: Dict[str, Any], reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        parse_manifest(_manifest(**changed))


def test_the_checksum_of_a_manifest() -> None:
    body = _manifest()
    check_manifest(body, _md5(body).upper().encode() + b"\n")
    with pytest.raises(AnswerError, match="not what"):
        check_manifest(body[:-1], _md5(body).encode())
    with pytest.raises(AnswerError, match="no MD5"):
        check_manifest(body, b"\xff<Error/>")


@settings(derandomize=True, max_examples=tries(200))
@given(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(lambda text: _manifest(fileSchema=text, files=text))))
def test_any_bytes_are_a_manifest_or_an_error(body: bytes) -> None:
    for read in (parse_manifest, parse_configuration):
        try:
            read(body)
        except AnswerError as error:
            assert str(error)


@pytest.mark.parametrize(
    "inner, expected",
    [
        ("<IncludedObjectVersions>All</IncludedObjectVersions>", Configuration("", True)),
        ("<Filter/><IncludedObjectVersions>Current</IncludedObjectVersions>", Configuration("", False)),
        (
            "<Filter><Prefix>a/</Prefix></Filter><IncludedObjectVersions>All</IncludedObjectVersions>",
            Configuration("a/", True),
        ),
    ],
)
def test_a_configuration(inner: str, expected: Configuration) -> None:
    body = f'<InventoryConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inner}</InventoryConfiguration>'
    assert parse_configuration(body.encode()) == expected


def test_a_configuration_that_does_not_say_which_versions() -> None:
    with pytest.raises(AnswerError, match="IncludedObjectVersions"):
        parse_configuration(b"<InventoryConfiguration/>")


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template, expected",
    [
        ("s3://store/{bucket}/daily", ("store", "acme/daily/")),
        ("s3://store/{bucket}/daily/", ("store", "acme/daily/")),
        ("s3://store", ("store", "acme/")),
        ("s3://store/", ("store", "acme/")),
        ("s3://store/some/prefix", ("store", "some/prefix/acme/")),
        ("s3://store-{region}/{account}/{bucket}", ("store-eu-west-1", "123456789012/acme/")),
        ("s3://{bucket}-inventory", ("acme-inventory", "")),
    ],
)
def test_places(template: str, expected: Tuple[str, str]) -> None:
    assert place_of(template, "acme", "eu-west-1", "123456789012") == expected


@pytest.mark.parametrize(
    "template", ["", "store/prefix", "https://store/{bucket}", "s3://S/{bucket}", "s3://store/{name}"]
)
def test_places_that_are_none(template: str) -> None:
    with pytest.raises(AnswerError, match="no place such as"):
        place_of(template, "acme", "eu-west-1", "123456789012")


def test_folders_sort_by_time() -> None:
    moment = datetime(2026, 3, 1, 23, 59, tzinfo=timezone(timedelta(hours=2)))
    assert folder_after(moment) == "2026-03-01T21-59Z"
    assert inventory_report.DATED.fullmatch(folder_after(moment) + "/")
