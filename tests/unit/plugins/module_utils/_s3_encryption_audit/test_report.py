# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Dict, Optional, Tuple

import pytest
import yaml
from ansible_collections.day2.ops.plugins.module_utils._common.run import RESERVED
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._report.gateway import Written
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.ledger import Ledger
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Finding
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.report import failed, report_info, result

GOOD = Written("a.json", "json", 10)
BAD = Written("s3://b/a.html", "html", error="put s3://b/a.html: AccessDenied")


def ledger(*statuses: Status) -> Ledger:
    found = Ledger(["tls_only"], 10)
    for number, status in enumerate(statuses):
        found.add(
            Finding(f"{number}", "tls_only", f"b{number}", "eu-west-1", "1", status, Severity.HIGH, "m", {}, "", {})
        )
    return found


def test_the_result_of_every_run() -> None:
    found = result(ledger(Status.FAIL, Status.PASS), "one", [GOOD, BAD], ["odd"], {"s3:B": 2, "s3:A": 1})
    assert found["status"] == "critical"
    assert [one["bucket"] for one in found["findings"]] == ["b0"]
    assert found["truncated"] == 0
    assert found["problems"] == ["odd", "report s3://b/a.html: put s3://b/a.html: AccessDenied"]
    assert found["reports"] == [{"path": "a.json", "format": "json", "size_bytes": 10}]
    assert list(found["api_calls"]) == ["s3:A", "s3:B"]
    assert not set(found) & RESERVED


@pytest.mark.parametrize(
    "statuses, written, fail_on, most, reasons, said",
    [
        ((Status.FAIL,), (GOOD,), "never", None, (), None),
        ((Status.PASS,), (), "low", 0.0, ("",), None),
        ((Status.FAIL,), (), "critical", None, (), None),  # it is of high severity
        ((Status.FAIL,), (), "high", None, (), "fail_on is high"),
        ((Status.UNKNOWN,), (), "critical", None, (), None),
        ((Status.UNKNOWN,), (), "unknown", None, (), "fail_on is unknown"),
        ((Status.UNKNOWN, Status.PASS), (), "never", 50.0, (), None),
        ((Status.UNKNOWN, Status.PASS), (), "never", 49.9, (), "max_unknown_percent is 49.9"),
        ((Status.PASS,), (GOOD, BAD), "never", None, (), "report s3://b/a.html could not be written"),
        ((Status.PASS,), (), "never", None, ("too many changes",), "too many changes"),
    ],
)
def test_why_a_task_fails(
    statuses: Tuple[Status, ...],
    written: Tuple[Written, ...],
    fail_on: str,
    most: Optional[float],
    reasons: Tuple[str, ...],
    said: Optional[str],
) -> None:
    found = failed(ledger(*statuses), written, fail_on, most, *reasons)
    assert found is None if said is None else found is not None and found.startswith(said)


def test_all_reasons_are_told() -> None:
    found = failed(ledger(Status.FAIL), (BAD,), "low", None, "one change failed")
    assert found is not None
    assert [part[:10] for part in found.split("; ")] == ["one change", "fail_on is", "report s3:"]


def test_the_head_of_a_report_is_the_same_for_the_same_run() -> None:
    started = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    info = report_info((), "one", started, ["1"], {"us-east-1", "eu-west-1"}, True, "aws-cn")
    run: Dict[str, object] = dict(info.run)
    galaxy = yaml.safe_load((Path(__file__).resolve().parents[5] / "galaxy.yml").read_text(encoding="utf-8"))
    assert run.pop("version") == galaxy["version"]
    assert run == {
        "run_id": "one",
        "partition": "aws-cn",
        "started_at": "2026-03-01T12:00:00+01:00",
        "accounts": ["1"],
        "regions": ["eu-west-1", "us-east-1"],
        "check_mode": True,
    }
