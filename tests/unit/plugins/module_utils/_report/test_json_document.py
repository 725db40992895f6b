# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON report goes out and comes back the same, a line at a time or as a whole."""

from __future__ import annotations

import json
from typing import Any, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._report import json_document
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def rendered(findings: List[Any]) -> str:
    return "".join(json_document.render(samples.info(), findings, samples.summary(findings)))


@settings(derandomize=True, max_examples=tries(60))
@given(st.lists(st.tuples(st.text(), JSON), max_size=4))
def test_what_is_written_is_read_again(texts: List[Any]) -> None:
    findings = [samples.finding(message=text, evidence={text: value}) for text, value in texts]
    text = rendered(findings)
    # As the file has it: lone surrogates take the form of JSON escapes.
    lines = text.encode("utf-8", "backslashreplace").decode("utf-8").split("\n")
    head, read = json_document.read(line + "\n" for line in lines)
    assert list(read) == findings
    assert head["schema"] == "day2.ops/s3_encryption_audit/1"
    assert head["run"] == samples.info().run
    assert head["summary"] == samples.summary(findings)
    whole = json.loads("\n".join(lines))
    assert whole.pop("findings") == findings
    assert whole == head


def test_every_finding_has_a_line_of_its_own() -> None:
    findings = list(samples.account(2))
    lines = rendered(findings).splitlines()
    assert [line for line in lines if line.startswith('{"id"')] == lines[-len(findings) - 2 : -2]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_report_that_was_laid_out_by_another_tool_is_read_too(indent: Any) -> None:
    findings = list(samples.account(2))
    text = json.dumps(json.loads(rendered(findings)), indent=indent)
    head, read = json_document.read(text.splitlines(keepends=True))
    assert list(read) == findings
    assert head["title"] == "S3 encryption audit"


def test_findings_are_parsed_as_they_are_asked_for() -> None:
    taken = 0

    def lines() -> Any:
        nonlocal taken
        for line in rendered(list(samples.account(20))).splitlines(keepends=True):
            taken += 1
            yield line

    _head, read = json_document.read(lines())
    next(read)
    assert taken < 12


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda text: "", "not JSON"),
        (lambda text: "[]", "a JSON object is expected"),
        (lambda text: '{"schema": "x"}', "run, summary, findings missing"),
        (lambda text: '{"schema": "x", "run": {}, "summary": {}, "findings": [1]}', "no list of objects"),
        (lambda text: text.replace('"run": {', '"run": {{'), "line 5: not JSON"),
        (lambda text: text.replace('"run": ', '"walk": '), "run missing"),
        (lambda text: text[: text.index('\n"findings"')], "no findings: the report is cut short"),
        (lambda text: text[: text.index("]\n}")], "its list of findings has no end"),
        (lambda text: text.replace('{"id"', '["id"', 1), "line 8: not JSON"),
    ],
)
def test_a_damaged_report_is_refused_with_its_place(damage: Any, said: str) -> None:
    text = damage(rendered(list(samples.account(1))))
    with pytest.raises(Day2Error, match=said):
        _head, read = json_document.read(text.splitlines(keepends=True))
        list(read)


def test_what_is_no_json_is_a_defect() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        rendered([samples.finding(evidence={"ratio": float("nan")})])
