# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S3 Inventory reports: what a manifest promises, and what the data files say of encryption.

Source: "Amazon S3 Inventory list" and "Locating your inventory list" of the S3 User Guide. A report is evidence of
what is *not* there, so everything about it is checked: a file that is cut short, changed, or laid out otherwise than
the manifest says is an :class:`AnswerError`, never a smaller bucket.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Counter as CounterType
from typing import FrozenSet, Iterable, List, Optional, Sequence, Tuple, Union
from urllib.parse import unquote

from .._aws.answer import AnswerError, json_object, xml_root
from .._common.errors import Day2Error
from . import parse

# EncryptionStatus of a report, as the S3 API spells the same thing elsewhere.
ENCRYPTIONS = {
    "SSE-S3": "AES256",
    "SSE-KMS": "aws:kms",
    "DSSE-KMS": "aws:kms:dsse",
    "SSE-C": parse.CUSTOMER_KEY,
    "NOT-SSE": parse.NOT_ENCRYPTED,
}
DATED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\dZ)/\Z")  # the folder of one report
_DATED_FORMAT = "%Y-%m-%dT%H-%MZ"

_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[^{}]*)?")
_MD5 = re.compile(r"[0-9a-f]{32}")
_WINDOW = 1 << 18  # bytes that are inflated at a time
_LONGEST_ROW = 1 << 16  # bytes; a key has at most 1,024 characters, percent-encoded
_GZIP = 31  # zlib's number for "with a gzip header, and only that"


@dataclass(frozen=True)
class File:
    """One data file of a report."""

    key: str
    size: int  # bytes, compressed
    md5: str


@dataclass(frozen=True)
class Columns:
    """Which column of the rows holds what; ``marker`` is absent when the report lists current versions only."""

    count: int
    key: int
    encryption: int
    marker: Optional[int] = None


@dataclass(frozen=True)
class Manifest:
    """What a report says of itself."""

    source: str
    created: datetime  # aware
    columns: Columns
    all_versions: bool
    files: Tuple[File, ...]


@dataclass(frozen=True)
class Configuration:
    """The inventory as it is configured on the audited bucket; the manifest does not tell these things."""

    prefix: str  # empty: the whole bucket
    all_versions: bool


def folder_after(moment: datetime) -> str:
    """The name of a report's folder at a time: those of younger reports sort behind it."""
    return moment.astimezone(timezone.utc).strftime(_DATED_FORMAT)


def place_of(template: str, bucket: str, region: str, account: str) -> Tuple[str, str]:
    """Bucket and folder (with its last ``/``) where the reports of an audited bucket are delivered.

    ``{bucket}``, ``{region}`` and ``{account}`` are filled in; without ``{bucket}`` the bucket's name is the last
    folder, as S3 lays reports out.

    :raises AnswerError: when the template is no ``s3://`` place.
    """
    if "{bucket}" not in template:
        template = template.rstrip("/") + "/{bucket}"
    place = template.replace("{bucket}", bucket).replace("{region}", region).replace("{account}", account)
    found = _PLACE.fullmatch(place)
    if found is None:
        raise AnswerError(f"{template!r} is no place such as s3://bucket/prefix/{{bucket}}")
    folder = (found.group(2) or "").strip("/")
    return found.group(1), f"{folder}/" if folder else ""


def check_manifest(body: bytes, checksum: bytes) -> None:
    """:raises AnswerError: when the manifest is not the one that its checksum file tells of."""
    expected = checksum.strip().decode("ascii", "replace").lower()
    if not _MD5.fullmatch(expected):
        raise AnswerError("manifest.checksum holds no MD5")
    if hashlib.md5(body, usedforsecurity=False).hexdigest() != expected:
        raise AnswerError("manifest.json is not what manifest.checksum says: it is cut short or was changed")


def parse_manifest(body: bytes) -> Manifest:
    """A ``manifest.json``.

    :raises AnswerError: when it is none, or when its data cannot tell the encryption of objects.
    """
    document = json_object(body)
    form = document.get("fileFormat")
    if form != "CSV":
        raise AnswerError(f"its format is {str(form)[:40]}; only CSV can be read")
    stamp, schema = document.get("creationTimestamp"), document.get("fileSchema")
    if not isinstance(stamp, str) or not stamp.isdigit() or len(stamp) > 14 or not isinstance(schema, str):
        raise AnswerError("manifest.json has no usable creationTimestamp and fileSchema")
    names = [name.strip() for name in schema.split(",")]
    if "EncryptionStatus" not in names or "Key" not in names:
        raise AnswerError("it does not include the field EncryptionStatus")
    files = document.get("files")
    if not isinstance(files, list):
        raise AnswerError("manifest.json has no list of files")
    versions = "IsDeleteMarker" in names
    return Manifest(
        source=str(document.get("sourceBucket") or ""),
        created=datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=int(stamp)),
        columns=Columns(
            len(names),
            names.index("Key"),
            names.index("EncryptionStatus"),
            names.index("IsDeleteMarker") if versions else None,
        ),
        all_versions=versions,
        files=tuple(_file(entry) for entry in files),
    )


def _file(entry: object) -> File:
    if isinstance(entry, dict):
        key, size, md5 = entry.get("key"), entry.get("size"), entry.get("MD5checksum")
        if isinstance(key, str) and isinstance(size, int) and isinstance(md5, str) and _MD5.fullmatch(md5.lower()):
            return File(key, size, md5.lower())
    raise AnswerError("manifest.json names a file without key, size and MD5checksum")


def parse_configuration(body: bytes) -> Configuration:
    """The answer of GetBucketInventoryConfiguration.

    :raises AnswerError: when it is something else.
    """
    root = xml_root(body, "InventoryConfiguration")
    versions = root.findtext("IncludedObjectVersions")
    if versions not in ("All", "Current"):
        raise AnswerError("<IncludedObjectVersions> is neither All nor Current")
    limits = root.find("Filter")
    return Configuration((limits.findtext("Prefix") or "") if limits is not None else "", versions == "All")


@dataclass
class Tally:
    """What rows come to. ``counts`` has an entry of ``""`` for rows that do not say how the object is encrypted."""

    counts: CounterType[str]
    offenders: List[str]  # some keys of objects that are encrypted in no acceptable way

    def add(self, other: "Tally") -> None:
        """Take in another tally."""
        self.counts.update(other.counts)
        self.offenders += other.offenders


class Rows:
    """Reads rows of data files: how many objects are encrypted in which way. Delete markers are no objects.

    :param acceptable: the ways, as the S3 API spells them, that make an object no offender.
    """

    def __init__(self, columns: Columns, acceptable: FrozenSet[str]) -> None:
        self._columns = columns
        self._acceptable = acceptable
        # A report without the column of delete markers is read as if the encryption stood in its place.
        self._marker = columns.encryption if columns.marker is None else columns.marker
        self._two = _row_pattern(columns.count, (self._marker, columns.encryption))
        self._all = _row_pattern(columns.count, range(columns.count))

    def tally(self, block: bytes, examples: int) -> Tally:
        """Count whole rows, and name up to so many offenders. Almost all reports are plain: every field quoted, nothing inside a field escaped.

        :raises AnswerError: when a row is not CSV, or has not the fields that it should have.
        """
        found: List[Union[bytes, Tuple[bytes, bytes]]] = self._two.findall(block)
        if len(found) != block.count(b"\n"):
            return self._tally_csv(block, examples)
        counts: CounterType[str] = Counter()
        for fields, count in Counter(found).items():
            first, second = fields if isinstance(fields, tuple) else (fields, fields)
            marker, status = (first, second) if self._marker <= self._columns.encryption else (second, first)
            encryption = self._encryption(marker.decode("latin-1"), status.decode("latin-1"))
            if encryption is not None:
                counts[encryption] += count
        if not examples or not self._offending(counts):
            return Tally(counts, [])
        rows = ([field.decode("utf-8", "replace") for field in row.groups()] for row in self._all.finditer(block))
        return Tally(counts, self._offenders(rows, examples))

    def _tally_csv(self, block: bytes, examples: int) -> Tally:
        columns = self._columns
        try:
            rows = [row for row in csv.reader(io.StringIO(block.decode("utf-8"), newline=""), strict=True) if row]
        except (csv.Error, UnicodeDecodeError) as error:
            raise AnswerError(f"a row that is not CSV: {error}") from error
        if any(len(row) != columns.count for row in rows):
            raise AnswerError(f"a row without the {columns.count} fields that manifest.json names")
        found = (self._encryption(row[self._marker], row[columns.encryption]) for row in rows)
        counts = Counter(encryption for encryption in found if encryption is not None)
        return Tally(counts, self._offenders(rows, examples))

    def _encryption(self, marker: str, status: str) -> Optional[str]:
        """How the object of a row is encrypted; ``None`` when the row is about a delete marker."""
        if self._columns.marker is not None and marker.lower() == "true":
            return None
        return ENCRYPTIONS.get(status, status)

    def _offending(self, encryptions: Iterable[Optional[str]]) -> bool:
        return any(encryption and encryption not in self._acceptable for encryption in encryptions)

    def _offenders(self, rows: Iterable[Sequence[str]], examples: int) -> List[str]:
        columns = self._columns
        keys = (
            unquote(row[columns.key])
            for row in rows
            if self._offending((self._encryption(row[self._marker], row[columns.encryption]),))
        )
        return list(islice(keys, examples))


class FileReader:
    """One data file, fed with its bytes as they arrive, in bounded memory.

    :param examples: how many keys of offenders to tell.
    """

    def __init__(self, rows: Rows, expected: File, examples: int) -> None:
        self._tally = Tally(Counter(), [])
        self._rows = rows
        self._examples = examples
        self._expected = expected
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._size = 0
        self._inflater = zlib.decompressobj(_GZIP)
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """Take compressed bytes.

        :raises AnswerError: when they are not those of such a file.
        """
        self._size += len(data)
        self._md5.update(data)
        try:
            while data:
                if self._inflater.eof:  # a gzip file may have several members
                    self._inflater = zlib.decompressobj(_GZIP)
                self._text(self._inflater.decompress(data, _WINDOW))
                data = self._inflater.unconsumed_tail or self._inflater.unused_data
        except zlib.error as error:
            raise AnswerError(f"{self._expected.key} is not gzip: {error}") from error

    def finish(self) -> Tally:
        """What the whole file comes to, now that nothing more comes.

        :raises AnswerError: when something is missing, or the bytes are not those that the manifest tells of.
        """
        expected = self._expected
        if self._size != expected.size or self._md5.hexdigest() != expected.md5:
            raise AnswerError(
                f"{expected.key} has {self._size} bytes, and not those {expected.size} that manifest.json tells of"
            )
        if self._size and not self._inflater.eof:
            raise AnswerError(f"{expected.key} ends in the middle of its gzip data")
        if self._tail:
            self._count(self._tail + b"\n")
        return self._tally

    def _text(self, text: bytes) -> None:
        cut = text.rfind(b"\n") + 1
        if cut:
            self._count(self._tail + text[:cut])
            self._tail = text[cut:]
        else:
            self._tail += text
        if len(self._tail) > _LONGEST_ROW:
            raise AnswerError(f"{self._expected.key} has a row of more than {_LONGEST_ROW} bytes")

    def _count(self, block: bytes) -> None:
        try:
            self._tally.add(self._rows.tally(block, self._examples - len(self._tally.offenders)))
        except Day2Error as error:
            raise AnswerError(f"{self._expected.key} has {error}") from error


def _row_pattern(count: int, kept: Sequence[int]) -> "re.Pattern[bytes]":
    """A row of ``count`` quoted fields of which ``kept`` are captured, written out since that is what is fast."""
    fields = [rb'"([^"\n]*)"' if number in kept else rb'"[^"\n]*"' for number in range(count)]
    return re.compile(rb"^" + rb",".join(fields) + rb"\r?$", re.MULTILINE)
