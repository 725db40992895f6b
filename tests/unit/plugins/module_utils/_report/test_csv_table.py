# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CSV report: what a program reads back, and that a spreadsheet runs none of it."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import csv_table
from ansible_collections.day2.ops.plugins.module_utils._report.csv_cells import safe_cell
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

FORMULA_STARTS = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", " ", "\u200b", "\ufeff", "＝", "＋", "－", "＠", "'"]
)
CELL = st.lists(FORMULA_STARTS | st.text(max_size=4), max_size=5).map("".join)


def read(findings: List[Any]) -> List[Dict[str, str]]:
    text = "".join(csv_table.render(samples.info(), findings, samples.summary(findings)))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text, safe",
    [
        ("plain", "plain"),
        ("", ""),
        ('{"a": 1}', '{"a": 1}'),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("\u00a0\u200b=1", "'\u00a0\u200b=1"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("﹣1", "'﹣1"),
        ("\u22121", "'\u22121"),
        ("a=1", "a=1"),
        ("   ", "   "),
    ],
)
def test_safe_cell(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


@settings(derandomize=True, max_examples=tries(150))
@given(CELL, CELL, CELL)
def test_no_cell_is_a_formula_and_every_text_comes_back(bucket: str, message: str, reason: str) -> None:
    evidence = {"x": message, "exemption": {"reason": reason, "owner": bucket, "expires": "2026-12-31"}}
    (row,) = read([samples.finding(bucket=bucket, message=message, status="exempt", evidence=evidence)])
    for cell in row.values():
        assert cell[:1] not in ("\t", "\r", "\n")
        seen = [c for c in cell if unicodedata.category(c)[0] not in "ZC"]
        assert not seen or unicodedata.normalize("NFKC", seen[0])[0] not in "=+-@"
    expected = {"bucket": bucket, "message": message, "exempt_reason": reason, "exempt_owner": bucket}
    for column, text in expected.items():
        clean = text.replace("\0", "\ufffd")
        assert row[column] in (clean, "'" + clean)
    assert json.loads(row["evidence"]) == evidence


def test_the_columns_of_a_real_report() -> None:
    findings = list(samples.account(60, compared=True))
    rows = read(findings)
    assert len(rows) == len(findings)
    assert list(rows[0])[:7] == ["id", "check", "bucket", "region", "account", "status", "severity"]
    assert [row["id"] for row in rows] == [finding["id"] for finding in findings]
    assert {row["comparison"] for row in rows} == {"", "new", "open", "fixed"}
    tls = next(row for row in rows if row["check"] == "tls_only")
    assert tls["frameworks"] == "security_hub: S3.5; cis_3.0: 2.1.1; nist_800_53_r5: SC-13, SC-28(1)"


def test_lines_end_as_rfc_4180_says() -> None:
    findings = [samples.finding(message='say "no", or\nnot')]
    text = "".join(csv_table.render(samples.info(), findings, samples.summary(findings)))
    assert text.count("\r\n") == 2 and text.endswith("\r\n")
    assert '"say ""no"", or\nnot"' in text
