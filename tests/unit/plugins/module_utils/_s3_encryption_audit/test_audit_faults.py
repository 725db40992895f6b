# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong while an account is audited: every bucket is accounted for, and nothing unseen is a pass."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.tests.support.auditing import audited, good, seeded
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT, Key
from ansible_collections.day2.ops.tests.support.collecting import RealClock
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EVERY_CHECK = [check for check in BY_ID if check != "object_encryption"]
OF_BUCKETS = [check for check in EVERY_CHECK if not BY_ID[check].of_account]
ATTEMPTS = 8


def findings(fake: FakeS3, folder: Path, **options: Any) -> Dict[str, Dict[str, Any]]:
    """All findings of an audit by their ids, passes included."""
    path = folder / "all.jsonl"
    outcome = audited(fake.url, reports=[{"path": str(path)}], **options)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [record["record"] for record in records] == ["run", *["finding"] * (len(records) - 2), "summary"]
    found = {record["id"]: record for record in records[1:-1]}
    assert len(found) == len(records) - 2 == outcome.result["summary"]["findings"]
    return found


def statuses(found: Dict[str, Dict[str, Any]]) -> Dict[str, str]:
    return {name: record["status"] for name, record in found.items()}


# --- an account that behaves -----------------------------------------------------------------------------------------


def test_each_bucket_has_a_finding_for_each_check(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 5)
    found = findings(fake, tmp_path, checks=EVERY_CHECK)
    assert set(found) == {
        *(f"aws:{ACCOUNT}:{bucket}:{check}" for bucket in fake.store.buckets for check in OF_BUCKETS),
        f"aws:{ACCOUNT}::account_public_access_block",
    }


@pytest.mark.parametrize(
    "checks, calls",
    [
        (["default_encryption"], {"s3:GetBucketEncryption": 4}),
        (["tls_only", "tls_min_version"], {"s3:GetBucketPolicy": 4}),
        (["versioning", "mfa_delete"], {"s3:GetBucketVersioning": 4}),
        (["account_public_access_block"], {"s3control:GetPublicAccessBlock": 1}),
        (["object_lock", "lifecycle"], {"s3:GetObjectLockConfiguration": 4, "s3:GetBucketLifecycleConfiguration": 4}),
    ],
)
def test_nothing_is_asked_that_no_check_needs(fake: FakeS3, checks: List[str], calls: Dict[str, int]) -> None:
    seeded(fake.store, 4)
    outcome = audited(fake.url, checks=checks)
    expected = {"sts:GetCallerIdentity": 1, "s3:ListBuckets": 1, **calls}
    assert outcome.result["api_calls"] == expected == dict(fake.counters)


def test_names_with_dots_and_tags_in_other_scripts(fake: FakeS3, tmp_path: Path) -> None:
    tags = {"Kostenstelle": "Büro Zürich", "責任者": "山田", "note": "a & b < c"}
    good(fake.store, "acme.static.example", **tags)
    good(fake.store, "acme-other")
    found = findings(fake, tmp_path, checks=["tls_only"], tags={"責任者": "山田", "note": "a & b < c"})
    assert statuses(found) == {f"aws:{ACCOUNT}:acme.static.example:tls_only": "pass"}


@pytest.mark.parametrize("text", ["{", "[]", '{"Statement": 7}', '{"Statement": [{"Effect": "Deny"}]}', "\x00\xff"])
def test_a_policy_that_cannot_be_read_passes_nothing_and_ends_nothing(fake: FakeS3, tmp_path: Path, text: str) -> None:
    seeded(fake.store, 2)
    good(fake.store, "broken").put("policy", text.encode("latin-1"))
    found = findings(fake, tmp_path, checks=EVERY_CHECK)
    assert found[f"aws:{ACCOUNT}:broken:tls_only"]["status"] in ("unknown", "fail")
    assert found[f"aws:{ACCOUNT}:broken:tls_min_version"]["status"] in ("unknown", "fail")
    assert found[f"aws:{ACCOUNT}:broken:versioning"]["status"] == "pass"


def test_a_policy_of_20_kb_is_judged(fake: FakeS3, tmp_path: Path) -> None:
    statement = {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}}
    many = [
        {**statement, "Sid": f"Reader{n}", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::large/team-{n}/*"}
        for n in range(140)
    ]
    bucket = good(fake.store, "large")
    whole = json.loads(bucket.documents["policy"])
    whole["Statement"] = [*many, *whole["Statement"]]
    text = json.dumps(whole, separators=(",", ":"))
    assert 19_000 < len(text) < 25_000
    bucket.put("policy", text.encode())
    assert set(statuses(findings(fake, tmp_path, checks=["tls_only", "tls_min_version"])).values()) == {"pass"}


def test_audits_in_threads_do_not_read_each_other_s_answers(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 30)
    first = findings(fake, tmp_path, checks=EVERY_CHECK)
    calls = sum(fake.counters.values())
    fake.reset()

    def one(name: str) -> Dict[str, Dict[str, Any]]:
        (tmp_path / name).mkdir()
        return findings(fake, tmp_path / name, checks=EVERY_CHECK, aws_config={"read_timeout": 2})

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, "abcdef")) == [first] * 6
    assert sum(fake.counters.values()) == 6 * calls


# --- an account that does not ----------------------------------------------------------------------------------------


def test_a_storm_of_throttling_is_bounded(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 10)
    fake.rules.add(action="Get*", service="s3", code="SlowDown")
    found = findings(fake, tmp_path, checks=["tls_only", "versioning"])
    assert len(found) == 20
    assert {record["status"] for record in found.values()} == {"unknown"}
    assert all("SlowDown" in record["message"] for record in found.values())
    assert fake.counters["s3:GetBucketPolicy"] <= 10 * ATTEMPTS


class Hurried(RealClock):
    """A clock on which every look takes a quarter of a second, and retries hence an age."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        self._seconds += 0.25
        return self._seconds


def test_an_endpoint_that_only_throttles_is_given_up(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 60)
    fake.rules.add(action="Get*", service="s3", code="SlowDown")
    found = findings(fake, tmp_path, checks=["tls_only"], clock=Hurried(), concurrency=4)
    assert len(found) == 60
    assert {record["status"] for record in found.values()} == {"unknown"}
    assert sum("EndpointUnavailable" in record["message"] for record in found.values()) > 30
    assert fake.counters["s3:GetBucketPolicy"] < 60 * ATTEMPTS / 2


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "reset"},
        {"kind": "truncate"},
        {"kind": "truncate_head"},
        {"kind": "half_close"},
        {"kind": "garbage"},
        {"code": "InternalError"},
        {"code": "ServiceUnavailable"},
        {"code": "SlowDown"},
        {"code": "RequestTimeout"},
    ],
)
def test_bad_luck_that_passes_leaves_no_trace(fake: FakeS3, tmp_path: Path, rule: Dict[str, Any]) -> None:
    seeded(fake.store, 6)
    checks = ["tls_only", "versioning", "default_encryption"]
    clean = findings(fake, tmp_path, checks=checks)
    fake.rules.add(service="s3", every=2, times=20, **rule)
    assert findings(fake, tmp_path, checks=checks) == clean
    assert fake.rules.rules[0].hits > 5


@pytest.mark.parametrize(
    "rule, said",
    [
        ({"code": "AccessDenied"}, "s3:GetBucketPolicy"),
        ({"code": "NoSuchBucket"}, "s3:GetBucketPolicy"),
        ({"code": "InternalError"}, "InternalError"),
        ({"kind": "reset"}, "s3:GetBucketPolicy"),
        ({"kind": "truncate"}, "s3:GetBucketPolicy"),
        ({"kind": "garbage"}, "s3:GetBucketPolicy"),
    ],
)
def test_bad_luck_that_stays_is_unknown_with_its_reason(
    fake: FakeS3, tmp_path: Path, rule: Dict[str, Any], said: str
) -> None:
    seeded(fake.store, 3)
    fake.rules.add(action="GetBucketPolicy", bucket="b-1", **rule)
    found = findings(fake, tmp_path, checks=["tls_only"])
    bad = found.pop(f"aws:{ACCOUNT}:b-1:tls_only")
    assert bad["status"] == "unknown"
    assert said in bad["message"]
    assert set(statuses(found).values()) == {"pass"}


_BUCKET_ACTIONS = [
    "GetBucketPolicy",
    "GetBucketEncryption",
    "GetBucketPolicyStatus",
    "GetPublicAccessBlock",
    "GetBucketAcl",
    "GetBucketVersioning",
    "GetBucketLifecycleConfiguration",
    "GetBucket*",
]
_RULES = st.fixed_dictionaries(
    {
        "action": st.sampled_from(_BUCKET_ACTIONS),
        "bucket": st.sampled_from(["*", "b-0", "b-1"]),
        "every": st.sampled_from([1, 2, 3]),
        "skip": st.integers(0, 5),
    },
    optional={"times": st.integers(1, 30)},
)
_FAULTS = st.one_of(
    st.sampled_from(["reset", "truncate", "cut", "truncate_head", "half_close", "garbage", "close_after"]).map(
        lambda kind: {"kind": kind}
    ),
    st.sampled_from(["AccessDenied", "SlowDown", "InternalError", "NoSuchBucket", "ExpiredToken", "Teapot"]).map(
        lambda code: {"code": code}
    ),
)


@settings(
    derandomize=True,
    deadline=None,
    max_examples=tries(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rules=st.lists(st.tuples(_RULES, _FAULTS), min_size=1, max_size=3))
def test_whatever_fails_every_bucket_is_accounted_for_and_nothing_unseen_passes(
    fake: FakeS3, tmp_path: Path, rules: List[Any]
) -> None:
    fake.rules.clear()
    if not fake.store.buckets:
        seeded(fake.store, 3)
    clean = findings(fake, tmp_path, checks=EVERY_CHECK, check_profile="strict")
    for rule, fault in rules:
        fake.rules.add(**rule, **fault)
    found = findings(fake, tmp_path, checks=EVERY_CHECK, check_profile="strict")
    assert set(found) == set(clean)
    for name, record in found.items():
        assert record["status"] in (clean[name]["status"], "unknown"), (name, record["message"])
        assert record["message"]


@pytest.mark.parametrize("action", ["ListBuckets", "GetCallerIdentity"])
def test_an_account_that_cannot_be_listed_is_one_error(fake: FakeS3, tmp_path: Path, action: str) -> None:
    fake.rules.add(action=action, code="AccessDenied")
    with pytest.raises(Day2Error, match=f"{action}.*AccessDenied"):
        audited(fake.url, checks=["tls_only"], reports=[{"path": str(tmp_path / "report.json")}])
    assert list(tmp_path.iterdir()) == []


def test_a_listing_that_breaks_off_is_an_unknown_of_the_account(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1500)
    fake.rules.add(action="ListBuckets", code="AccessDenied", skip=1)
    outcome = audited(fake.url, checks=["versioning"], concurrency=64, fail_on="unknown")
    assert outcome.result["summary"]["resources"] == 1000
    assert outcome.result["summary"]["by_check"]["buckets_listed"]["unknown"] == 1
    assert [found["message"] for found in outcome.result["findings"] if found["check"] == "buckets_listed"] == [
        "there may be more buckets: s3:ListBuckets: AccessDenied (403), needs s3:ListAllMyBuckets"
    ]
    assert outcome.failure


# --- clocks and credentials ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-7, 3])
def test_a_clock_that_is_wrong_costs_one_more_call(hours: int) -> None:
    with FakeS3(clock_offset=hours * 3600.0, verify_signatures=True) as fake:
        seeded(fake.store, 6)
        outcome = audited(fake.url, checks=["tls_only"], concurrency=2)
        assert outcome.result["summary"]["pass"] == 6
        assert fake.unexpected == []
    # Each conversation learns it once; those that were under way with the wrong time are asked again.
    assert outcome.result["api_calls"]["s3:GetBucketPolicy"] <= 6 + 2


def test_a_session_that_expires_is_renewed(fake_with_moto: FakeS3, tmp_path: Path) -> None:
    fake = fake_with_moto
    fake.settings.assumed_session_requests = 25
    seeded(fake.store, 30)
    role = f"arn:aws:iam::{ACCOUNT}:role/auditor"
    found = findings(fake, tmp_path, checks=["tls_only", "versioning"], assume_role_arn=role, concurrency=4)
    assert len(found) == 60
    assert set(statuses(found).values()) == {"pass"}
    assert 3 <= fake.counters["sts:AssumeRole"] <= 5


def test_a_session_that_cannot_be_renewed_keeps_what_was_found(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 30)
    fake.store.keys["ASIASHORTLIVED000000"] = Key(ACCOUNT, "secret", "token", requests=25)
    found = findings(
        fake,
        tmp_path,
        checks=["tls_only", "versioning"],
        access_key="ASIASHORTLIVED000000",
        secret_key="secret",
        session_token="token",
        concurrency=4,
    )
    seen = list(statuses(found).values())
    assert len(seen) == 60
    assert seen.count("pass") == 25 - 2  # who am I, and which buckets are there
    assert seen.count("unknown") == 60 - 23
    assert all("ExpiredToken" in record["message"] for record in found.values() if record["status"] == "unknown")
    assert fake.requests <= 60 + 2


def test_without_credentials_it_says_so(monkeypatch: pytest.MonkeyPatch, fake: FakeS3, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Day2Error, match="(?i)credentials"):
        audited(fake.url, access_key="", secret_key="")
    assert fake.requests == 0


# --- refused before anything is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, said",
    [
        ({"checks": ["tls_onyl"]}, r"checks\[0\].*tls_onyl.*tls_only"),
        ({"check_profile": "basline"}, r"check_profile.*basline.*baseline"),
        (
            {"exemptions": [{"bucket": "b", "check": ["tls_only"], "reason": " ", "owner": "me"}]},
            r"exemptions\[0\].*reason",
        ),
        (
            {"exemptions": [{"bucket": "b", "check": ["tls_only"], "reason": "r", "owner": "me", "expires": "soon"}]},
            r"exemptions\[0\].*expires.*soon",
        ),
        ({"exemptions": [{"bucket": "b", "check": ["tls"], "reason": "r", "owner": "me"}]}, r"exemptions\[0\].*'tls'"),
        ({"custom_checks": [{"name": "mine", "expression": "tags.a =="}]}, r"custom_checks\[0\]"),
        ({"remediate": ["tls_only"]}, "backup_dir"),
        ({"max_remediations": "lots"}, "max_remediations.*lots"),
    ],
)
def test_options_are_refused_before_anything_is_asked(fake: FakeS3, options: Dict[str, Any], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        audited(fake.url, **options)
    assert fake.requests == 0


def test_a_report_that_cannot_be_written_is_refused_before_the_audit(fake: FakeS3, tmp_path: Path) -> None:
    seeded(fake.store, 1)
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = str(tmp_path / "file" / "report.html")
    with pytest.raises(Day2Error, match="write report .*report.html"):
        audited(fake.url, reports=[{"path": path}])
    assert dict(fake.counters) == {"sts:GetCallerIdentity": 1}


@pytest.mark.parametrize("text", [None, "", "not JSON", '{"record":"run"}\n', '{"schema": "other"}'])
def test_an_earlier_report_that_cannot_be_read_is_refused_before_the_audit(
    fake: FakeS3, tmp_path: Path, text: Optional[str]
) -> None:
    seeded(fake.store, 1)
    path = tmp_path / "earlier.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(Day2Error, match="earlier.json"):
        audited(fake.url, compare_to=str(path))
    assert fake.counters["s3:ListBuckets"] == 0
