# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.compare import Comparison
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.judge import as_dict
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.ledger import Ledger
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import Finding
from hypothesis import given, settings
from hypothesis import strategies as st

WORST_FIRST = [Status.FAIL, Status.UNKNOWN, Status.EXEMPT]
CHECKS = ["versioning", "tls_only"]


def finding(bucket: str, check: str, status: Status, severity: Severity, account: str = "1") -> Finding:
    return Finding(
        f"{account}:{bucket}:{check}", check, bucket, "eu-west-1", account, status, severity, "m", {}, "", {}
    )


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(["a", "b", "c", "d", ""]),
        st.sampled_from(CHECKS),
        st.sampled_from(list(Status)),
        st.sampled_from(list(Severity)),
        st.sampled_from(["1", "2"]),
    ),
    max_size=60,
)


def worst(findings: List[Finding], most: int) -> List[Dict[str, Any]]:
    """By definition: what does not pass, fails first, then by severity, account, bucket and check."""

    def key(one: Finding) -> Tuple[Any, ...]:
        return (WORST_FIRST.index(one.status), -one.severity.rank, one.account, one.bucket, one.check)

    return [as_dict(one) for one in sorted((one for one in findings if one.status is not Status.PASS), key=key)][:most]


@settings(derandomize=True)
@given(findings=FINDINGS, most=st.integers(0, 70), copies=st.sampled_from([1, 40]))
def test_the_worst_are_returned_whatever_the_order(findings: List[Finding], most: int, copies: int) -> None:
    findings = findings * copies  # enough to be trimmed on the way
    kept: List[Dict[str, Any]] = []
    ledger = Ledger(CHECKS, most, keep=kept.append)
    for one in findings:
        ledger.add(one)
    returned, truncated = ledger.returned()
    assert returned == worst(findings, most)
    assert truncated == sum(one.status is not Status.PASS for one in findings) - len(returned)
    assert kept == [as_dict(one) for one in findings]
    assert ledger.regions == ({"eu-west-1"} if findings else set())
    summary = ledger.summary()
    assert summary["findings"] == len(findings)
    assert set(summary["by_check"]) == set(CHECKS)
    assert ledger.returned() == (returned, truncated)  # looking changes nothing


def test_no_more_is_kept_than_is_wanted() -> None:
    ledger = Ledger(CHECKS, 5)
    for number in range(10_000):
        ledger.add(finding(f"b{number}", "tls_only", Status.FAIL, Severity.LOW))
        assert len(ledger._worst) <= 2 * 5 + 1000
    assert [one["bucket"] for one in ledger.returned()[0]] == ["b0", "b1", "b10", "b100", "b1000"]


def test_the_comparison_is_marked() -> None:
    earlier = [
        ("1:a:tls_only", "fail"),
        ("1:b:tls_only", "fail"),
        ("1:c:tls_only", "pass"),
        ("1:gone:tls_only", "fail"),
    ]
    kept: List[Dict[str, Any]] = []
    ledger = Ledger(CHECKS, 10, Comparison(earlier), kept.append)
    for bucket, status in (("a", Status.PASS), ("b", Status.FAIL), ("c", Status.FAIL), ("d", Status.PASS)):
        ledger.add(finding(bucket, "tls_only", status, Severity.HIGH))
    assert [one.get("comparison") for one in kept] == ["fixed", "open", "new", None]
    assert ledger.summary()["comparison"] == {"new": 1, "fixed": 1, "open": 1, "not_seen": 1}
    assert "comparison" not in Ledger(CHECKS, 10).summary()
