# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What whole audits leave behind: slices of runs that fail, rules of findings that are no checks, empty selections."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.tests.support.auditing import audited, merged, seeded
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.collecting import RealClock

TASK: Dict[str, Any] = {"checks": ["versioning"], "run_id": "nightly"}


class Later(RealClock):
    """A clock that is ahead."""

    def __init__(self, **ahead: float) -> None:
        self._ahead = timedelta(**ahead)

    def now(self) -> datetime:
        return super().now() + self._ahead


def slice_of(folder: Path) -> Path:
    return folder / "slices" / "nightly" / f"{ACCOUNT}.jsonl"


def sliced(folder: Path, name: str = "slices") -> List[Dict[str, str]]:
    return [{"path": f"{folder}/{name}/{{run_id}}/{{account}}.jsonl"}]


def whole(url: str, folder: Path, **given: Any) -> Dict[str, Any]:
    """The one finding about the account in the merge of its slices."""
    outcome = merged(url, slices=f"{folder}/slices", run_id="nightly", expected_accounts=[ACCOUNT], **given)
    (found,) = [one for one in outcome.result["findings"] if one["check"] == "account_audited"] or [{"status": "pass"}]
    return found


# --- slices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_slice_of_an_audit_that_fails_is_not_that_of_the_night_before(
    fake: FakeS3, tmp_path: Path, check_mode: bool
) -> None:
    seeded(fake.store, 2)
    audited(fake.url, reports=sliced(tmp_path), **TASK)
    assert whole(fake.url, tmp_path) == {"status": "pass"}
    fake.rules.add(action="ListBuckets", code="AccessDenied")
    with pytest.raises(Day2Error, match="ListBuckets"):
        audited(fake.url, reports=sliced(tmp_path), check_mode=check_mode, **TASK)
    found = whole(fake.url, tmp_path)
    assert found["status"] == "unknown"
    assert "cut short after line 1" in found["message"]


def test_a_slice_of_an_account_that_was_not_even_entered_is_too_old(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 2)
    audited(fake.url, reports=sliced(tmp_path), clock=Later(hours=-13), **TASK)
    assert "it is of an earlier run" in whole(fake.url, tmp_path)["message"]
    assert whole(fake.url, tmp_path, not_before="2020-01-01T00:00:00Z") == {"status": "pass"}
    audited(fake.url, reports=sliced(tmp_path), **TASK)
    assert whole(fake.url, tmp_path) == {"status": "pass"}
    soon = (datetime.now(timezone.utc) + timedelta(hours=1)).isoformat()
    assert whole(fake.url, tmp_path, not_before=soon)["status"] == "unknown"
    with pytest.raises(Day2Error, match="not_before: 'noon' is not a time"):
        whole(fake.url, tmp_path, not_before="noon")


def test_a_slice_of_another_run_is_refused(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1)
    audited(fake.url, reports=sliced(tmp_path, "others"), **{**TASK, "run_id": "weekly"})
    slice_of(tmp_path).parent.mkdir(parents=True)
    (tmp_path / "others" / "weekly" / f"{ACCOUNT}.jsonl").rename(slice_of(tmp_path))
    assert "it is of the run 'weekly', not 'nightly'" in whole(fake.url, tmp_path)["message"]


def test_a_report_that_a_run_is_compared_with_stays_until_there_is_another(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1)
    path = tmp_path / "audit.jsonl"
    task: Dict[str, Any] = {"reports": [{"path": str(path)}], **TASK}
    audited(fake.url, **task)
    before = path.read_bytes()
    fake.rules.add(action="ListBuckets", code="AccessDenied", times=1)
    with pytest.raises(Day2Error, match="ListBuckets"):
        audited(fake.url, compare_to=str(path), **task)
    assert path.read_bytes() == before
    assert audited(fake.url, compare_to=str(path), **task).result["summary"]["comparison"]["new"] == 0


# --- rules -----------------------------------------------------------------------------------------------------------


def rules_of(path: Path) -> Dict[str, Any]:
    run = json.loads(path.read_text(encoding="utf-8"))["runs"][0]
    return {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}


def test_a_list_of_buckets_that_breaks_off_has_a_rule(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1001)
    fake.rules.add(action="ListBuckets", code="AccessDenied", skip=1)
    audited(fake.url, reports=[{"path": str(tmp_path / "a.sarif")}], **TASK)
    rule = rules_of(tmp_path / "a.sarif")["buckets_listed"]
    assert rule["shortDescription"]["text"] == "Every bucket was listed"
    assert rule["defaultConfiguration"]["level"] == "error"


def test_rules_of_custom_checks_survive_the_merge(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1)
    mine = {"name": "mine", "severity": "critical", "expression": "website", "failure_message": "no website"}
    audited(fake.url, custom_checks=[mine], reports=[*sliced(tmp_path), {"path": str(tmp_path / "one.sarif")}], **TASK)
    assert whole(fake.url, tmp_path, reports=[{"path": str(tmp_path / "all.sarif")}]) == {"status": "pass"}
    rules = rules_of(tmp_path / "all.sarif")
    assert list(rules) == ["versioning", "account_audited", "mine"]
    for name, rule in rules_of(tmp_path / "one.sarif").items():
        assert rules[name] == rule
    assert rules["mine"]["shortDescription"]["text"] == "no website"
    assert rules["mine"]["defaultConfiguration"]["level"] == "error"
    assert rules["mine"]["properties"]["security-severity"] == "9.5"


# --- selections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "selection, said",
    [
        ({"buckets": ["acme-prd-*"]}, "no bucket matches buckets=['acme-prd-*']"),
        ({"regions": ["eu-nowhere-1"]}, "no bucket matches regions=['eu-nowhere-1']"),
        (
            {"buckets": ["b-*"], "tags": {"env": "prd"}},
            "no bucket matches buckets=['b-*'], tags={'env': 'prd'}",
        ),
        ({"buckets": ["b-0"], "exclude_buckets": ["b-*"]}, "no bucket matches buckets=['b-0']"),
    ],
)
def test_a_selection_of_nothing_is_unknown(fake: FakeS3, tmp_path: Path, selection: Dict[str, Any], said: str) -> None:
    seeded(fake.store, 2)
    task: Dict[str, Any] = {**TASK, **selection, "reports": [*sliced(tmp_path), {"path": str(tmp_path / "a.md")}]}
    outcome = audited(fake.url, fail_on="unknown", **task)
    assert outcome.result["status"] == "unknown"
    (found,) = outcome.result["findings"]
    assert (found["check"], found["status"], found["message"]) == ("buckets_selected", "unknown", said)
    assert found["id"] == f"aws:{ACCOUNT}::buckets_selected"
    assert outcome.failure == "fail_on is unknown: 0 findings fail and 1 are unknown"
    assert "S3 encryption audit: unknown" in (tmp_path / "a.md").read_text(encoding="utf-8")
    merge = merged(fake.url, slices=f"{tmp_path}/slices", run_id="nightly", expected_accounts=[ACCOUNT])
    assert [one["check"] for one in merge.result["findings"]] == ["buckets_selected"]


@pytest.mark.parametrize(
    "count, selection",
    [
        (0, {}),
        (2, {"exclude_buckets": ["*"]}),
    ],
)
def test_nothing_to_select_is_ok(fake: FakeS3, tmp_path: Path, count: int, selection: Dict[str, Any]) -> None:
    seeded(fake.store, count)
    outcome = audited(fake.url, fail_on="unknown", reports=[{"path": str(tmp_path / "a.md")}], **TASK, **selection)
    assert (outcome.result["status"], outcome.result["findings"], outcome.failure) == ("ok", [], None)
    assert "S3 encryption audit: ok" in (tmp_path / "a.md").read_text(encoding="utf-8")


def test_a_name_that_does_not_exist_is_told_once(fake: FakeS3) -> None:
    seeded(fake.store, 1)
    outcome = audited(fake.url, buckets=["b-none"], **TASK)
    assert [one["check"] for one in outcome.result["findings"]] == ["versioning"]
    assert outcome.result["status"] == "unknown"
