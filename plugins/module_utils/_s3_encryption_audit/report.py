# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reports of an audit say of themselves, and the part that every result has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Iterable, List, Optional, Sequence

from .._aws.gateway.objects import Objects
from .._common.version import VERSION
from .._report.gateway import Written
from .._report.model import ReportInfo, Rule
from .compare import Comparison
from .frameworks import TITLES
from .gateway.earlier import read_statuses
from .ledger import Ledger
from .model import SCHEMA
from .summary import failure


def compared_with(place: str, store: Objects) -> Optional[Comparison]:
    """The comparison with an earlier report, a local path or an ``s3://`` place; ``None`` without one.

    :raises GatewayError: when there is no such report.
    """
    return Comparison(read_statuses(place, store.read)) if place else None


def report_info(
    rules: Sequence[Rule],
    run_id: str,
    started: datetime,
    accounts: Sequence[str],
    regions: Iterable[str],
    check_mode: bool,
    partition: str = "aws",
) -> ReportInfo:
    """The head of the reports of one run."""
    return ReportInfo(
        schema=SCHEMA,
        title="S3 encryption audit",
        resource_key="bucket",
        resource_type="AWS::S3::Bucket",
        rules=rules,
        run={
            "run_id": run_id,
            "started_at": started.isoformat(timespec="seconds"),
            "partition": partition,
            "accounts": list(accounts),
            "regions": sorted(regions),
            "check_mode": check_mode,
            "version": VERSION,
        },
        framework_titles=TITLES,
    )


def result(
    ledger: Ledger, run_id: str, written: Iterable[Written], problems: List[str], calls: Dict[str, int]
) -> Dict[str, Any]:
    """The result of a task, without what only one kind of run has."""
    findings, truncated = ledger.returned()
    reports = list(written)
    return {
        "schema": SCHEMA,
        "status": ledger.verdict.overall().value,
        "summary": ledger.summary(),
        "findings": findings,
        "truncated": truncated,
        "problems": problems + [f"report {one.path}: {one.error}" for one in reports if one.error],
        "reports": [one.as_dict() for one in reports if not one.error],
        "api_calls": dict(sorted(calls.items())),
        "run_id": run_id,
    }


def failed(
    ledger: Ledger,
    written: Iterable[Written],
    fail_on: str,
    max_unknown_percent: Optional[float],
    *reasons: str,
) -> Optional[str]:
    """Why the task is to fail although it did its work, or ``None``."""
    found = [*reasons, failure(ledger.verdict, fail_on, max_unknown_percent) or ""]
    found += [f"report {one.path} could not be written: {one.error}" for one in written if one.error]
    return "; ".join(filter(None, found)) or None
