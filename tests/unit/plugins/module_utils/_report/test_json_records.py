# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a run as JSON Lines: whole ones are read back, others are refused."""

from __future__ import annotations

import json
from typing import Any, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._report import json_records
from ansible_collections.day2.ops.tests.support import report_samples as samples


def rendered(findings: List[Any]) -> List[str]:
    text = "".join(json_records.render(samples.info(), findings, samples.summary(findings)))
    return text.encode("utf-8", "backslashreplace").decode("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("findings", [[], list(samples.account(3)), samples.hostile()])
def test_what_is_written_is_read_again(findings: List[Any]) -> None:
    records = list(json_records.read(rendered(findings)))
    assert [kind for kind, _record in records] == ["run"] + ["finding"] * len(findings) + ["summary"]
    assert records[0][1]["run"] == samples.info().run
    assert [record for kind, record in records if kind == "finding"] == findings
    assert records[-1][1] == samples.summary(findings)


def test_each_line_is_a_record_that_says_its_kind() -> None:
    assert all(json.loads(line)["record"] in ("run", "finding", "summary") for line in rendered(samples.hostile()))


LINES = rendered(list(samples.account(1)))


@pytest.mark.parametrize(
    "lines, said",
    [
        ([], "cut short after line 0: the summary is missing"),
        (LINES[:-1], "the summary is missing"),
        (LINES[1:], "line 1: the first record must be the run, not 'finding'"),
        ([LINES[0], LINES[0]], "line 2: a finding or the summary is expected, not 'run'"),
        ([*LINES, LINES[1]], "more records after the summary"),
        ([LINES[0], LINES[1][:-5]], "line 2: not JSON"),
        ([LINES[0], '{"record": "finding", "x": 1e999}'], "line 2: not JSON: 1e999 is not a number of JSON"),
        ([LINES[0], '{"record": "finding", "x": NaN}'], "line 2: not JSON: NaN is not a number of JSON"),
        (["[]"], "line 1: an object with the key 'record'"),
        (['{"record": 1}'], "line 1: an object with the key 'record'"),
    ],
)
def test_half_a_slice_is_refused(lines: List[str], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        list(json_records.read(lines))
