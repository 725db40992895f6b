# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The newest S3 Inventory report of a bucket, read whole: evidence of what all of its objects have.

A report may be of a part of the bucket only, or of current versions only, and does not say so itself: the inventory's
configuration on the audited bucket does. What a report cannot show to be absent stays unknown; what it shows to be
there counts in any case.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import FrozenSet, List, Optional

from ..._aws.answer import AnswerError
from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError, Request
from ..._common.errors import Day2Error
from .. import parse, requests
from ..evidence import inventory_evidence, inventory_gap
from ..inventory_report import (
    DATED,
    File,
    FileReader,
    Manifest,
    Rows,
    Tally,
    check_manifest,
    folder_after,
    parse_configuration,
    parse_manifest,
    place_of,
)
from ..model import NOT_ASKED, Fact, ObjectEvidence, Question, Unknown
from ..reasons import Deleted, why
from .objects import OFFENDERS

_NOT_DATED = ("data/", "hive/")  # folders beside those of the reports
_MOST_INVENTORIES = 20  # of one bucket; S3 allows 1,000
_MOST_REPORTS = 3  # younger ones may still be in the making
_ATTEMPTS = 3  # at a data file whose transfer breaks off


@dataclass(frozen=True)
class _Report:
    """A report that was found."""

    folder: str  # with its last /
    manifest: Manifest

    @property
    def inventory(self) -> str:
        """The id of the inventory, which names the folder of its reports."""
        return self.folder.split("/")[-3] if self.folder.count("/") > 1 else ""


async def read_inventory(
    sender: Sender,
    template: str,
    bucket: str,
    region: str,
    account: str,
    acceptable: FrozenSet[str],
    max_age: timedelta,
    now: datetime,
) -> Fact[ObjectEvidence]:
    """What the newest report says of the objects of a bucket; ``Unknown`` when it cannot show that all are well.

    :param template: see :func:`place_of`.
    :param acceptable: kinds of encryption that make an object no offender.
    """
    where = template
    try:
        store, folder = place_of(template, bucket, region, account)
        where = f"s3://{store}/{folder}"
        report = await _newest(sender, store, folder, region, now - max_age)
        where = f"s3://{store}/{report.folder}"
        manifest = report.manifest
        if manifest.source != bucket:
            raise AnswerError(f"it is a report of the bucket {manifest.source[:80]!r}")
        if manifest.created < now - max_age:
            raise AnswerError(f"it is of {manifest.created:%Y-%m-%d}, which is too old")
        gap = await _gap(sender, bucket, region, report)
        if isinstance(gap, Deleted):
            return gap
        rows = Rows(manifest.columns, acceptable)
        total = Tally(Counter(), [])
        for file in manifest.files:
            wanted = OFFENDERS - len(total.offenders)
            total.add(await _read_file(sender, store, file, region, rows, wanted))
    except AwsError as error:
        reason = "there is no such bucket" if error.code == "NoSuchBucket" else why(error, error.action).reason
        return Unknown(f"inventory {where}: {reason}")
    except Day2Error as error:
        return Unknown(f"inventory {where}: {error}")
    return inventory_evidence(total, acceptable, manifest.created, gap, where)


# --- finding it ------------------------------------------------------------------------------------------------------


async def _newest(sender: Sender, store: str, folder: str, region: str, oldest: datetime) -> _Report:
    """The newest report below a folder that holds reports, or inventories with their reports."""
    after = folder_after(oldest)
    reports = await _reports(sender, store, folder, region, after)
    if not reports:
        for inventory in (await _inventories(sender, store, folder, region))[:_MOST_INVENTORIES]:
            reports += await _reports(sender, store, inventory, region, after)
    newest = sorted(reports, key=lambda one: one.rstrip("/").rpartition("/")[2], reverse=True)
    for report in newest[:_MOST_REPORTS]:
        try:
            checksum = (await sender.send(requests.get_object(store, f"{report}manifest.checksum", region))).body
            body = (await sender.send(requests.get_object(store, f"{report}manifest.json", region))).body
        except AwsError as error:
            if error.status == 404 and error.code != "NoSuchBucket":
                continue
            raise
        check_manifest(body, checksum)
        return _Report(report, parse_manifest(body))
    raise AnswerError(f"there is no finished report since {oldest:%Y-%m-%d}")


async def _reports(sender: Sender, store: str, folder: str, region: str, after: str) -> List[str]:
    request = requests.list_objects(store, region, prefix=folder, delimiter="/", start_after=folder + after)
    page = parse.object_page((await sender.send(request)).body)
    return [prefix for prefix in page.prefixes if DATED.fullmatch(prefix[len(folder) :])]


async def _inventories(sender: Sender, store: str, folder: str, region: str) -> List[str]:
    page = parse.object_page(
        (await sender.send(requests.list_objects(store, region, prefix=folder, delimiter="/"))).body
    )
    names = [prefix for prefix in page.prefixes if not DATED.fullmatch(prefix[len(folder) :])]
    return [prefix for prefix in names if prefix[len(folder) :] not in _NOT_DATED]


# --- judging it ------------------------------------------------------------------------------------------------------


async def _gap(sender: Sender, bucket: str, region: str, report: _Report) -> Optional[Unknown]:
    """Why the report cannot speak for all objects of the bucket; ``None`` when it can."""
    if not report.inventory:
        return Unknown("its folder does not name the inventory, so its configuration cannot be looked at")
    request = requests.inventory_configuration(bucket, report.inventory, region)
    try:
        configuration = parse_configuration((await sender.send(request)).body)
    except Day2Error as error:
        reason = why(error, request.action, "s3:GetInventoryConfiguration")
        if isinstance(reason, Deleted):
            return reason
        return Unknown(f"whether it is of the whole bucket cannot be told: {reason.reason}")
    all_versions = report.manifest.all_versions
    asked = not configuration.prefix and not all_versions
    versioned = await _was_versioned(sender, bucket, region) if asked else NOT_ASKED
    return inventory_gap(configuration.prefix, all_versions, versioned)


async def _was_versioned(sender: Sender, bucket: str, region: str) -> Fact[bool]:
    request = requests.bucket_request(Question.VERSIONING, bucket, region)
    try:
        return bool(parse.fact_of(Question.VERSIONING, (await sender.send(request)).body).status)
    except Day2Error as error:
        return why(error, request.action, request.action)


# --- reading it ------------------------------------------------------------------------------------------------------


async def _read_file(sender: Sender, store: str, file: File, region: str, rows: Rows, examples: int) -> Tally:
    request = requests.get_object(store, file.key, region)
    for _attempt in range(_ATTEMPTS - 1):
        try:
            return await _read_once(sender, request, FileReader(rows, file, examples))
        except AwsError as error:
            if error.status:  # an answer, not a connection that broke
                raise
    return await _read_once(sender, request, FileReader(rows, file, examples))


async def _read_once(sender: Sender, request: Request, reader: FileReader) -> Tally:
    async for chunk in sender.stream(request):
        reader.feed(chunk)
    return reader.finish()
