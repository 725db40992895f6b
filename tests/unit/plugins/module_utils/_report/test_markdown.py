# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Markdown report: short, and harmless wherever it is shown."""

from __future__ import annotations

import re
from typing import Any, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import markdown
from ansible_collections.day2.ops.plugins.module_utils._report.markdown_text import code, escape
from ansible_collections.day2.ops.plugins.module_utils._report.model import Findings
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def rendered(findings: Findings, **run: Any) -> str:
    return "".join(markdown.render(samples.info(**run), findings, samples.summary(findings)))


@pytest.mark.parametrize(
    "text, safe",
    [
        ("plain - text, 100 %.", "plain - text, 100 %."),
        ("a|b", "a\\|b"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;\u200bamp;&lt;/b&gt;"),
        ("*x* _y_ `z` [l](u) ~s~", "\\*x\\* \\_y\\_ \\`z\\` \\[l\\](u) \\~\u200bs\\~"),
        ("@everyone #12 !3", "@\u200beveryone #\u200b12 !\u200b3"),
        ("see https://x.example and www.x.example", "see https:\u200b//x.example and www\u200b.x.example"),
        ("two\nlines\r\n here", "two lines here"),
    ],
)
def test_escape(text: str, safe: str) -> None:
    assert escape(text) == safe


@pytest.mark.parametrize(
    "text, span",
    [("name", "`name`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", "`a\\|b`"), ("", "–"), ("a\nb", "`a b`")],
)
def test_code(text: str, span: str) -> None:
    assert code(text) == span


@settings(derandomize=True, max_examples=tries(100))
@given(st.text())
def test_no_text_breaks_a_line_or_becomes_markup(text: str) -> None:
    safe = escape(text)
    assert len(safe.splitlines()) <= 1
    assert not re.search(r"[<>]|(?<!\\)(?:\\\\)*[|`*\[\]]|@\w", safe)


def test_tables_keep_their_columns_under_attack() -> None:
    for line in rendered(samples.hostile()).splitlines():
        if line.startswith("|"):
            columns = len(re.findall(r"(?<!\\)\|", line)) - 1
            assert columns in (5, 6)


def test_the_worst_comes_first_and_the_rest_is_counted() -> None:
    findings = list(samples.account(60))
    text = rendered(findings)
    failing = [finding for finding in findings if finding["status"] == "fail"]
    buckets = {finding["bucket"] for finding in failing}
    assert f"and {len(buckets) - markdown.MOST_RESOURCES} more." in text
    assert f"- and {len(failing) - markdown.MOST_FINDINGS} more" in text
    listed = re.findall(r"^- \*\*(\w+)\*\*", text, re.MULTILINE)
    assert listed == sorted(listed, key=["critical", "high", "medium", "low"].index)
    assert len(text) < 15_000


def test_head_lines() -> None:
    text = rendered(list(samples.account(20, compared=True)), check_mode=True, accounts=["1", "2"])
    assert text.startswith("## 🔴 S3 encryption audit: critical\n")
    assert "2 accounts, 3 regions" in text and "(check mode)" in text
    assert "Since the earlier run: **" in text
    assert rendered([]).startswith("## 🟢 S3 encryption audit: ok\n\n**0 buckets")
    assert "(not scored)" in rendered([])
    assert rendered(list(samples.account(3, sound=True))).startswith("## 🟢")


def test_few_words_when_all_is_well() -> None:
    findings: List[Any] = list(samples.account(3, sound=True))
    assert "What fails" not in rendered(findings)
