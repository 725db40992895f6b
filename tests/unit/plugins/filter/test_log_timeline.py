# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter ``log_timeline``: what playbooks hand to it, and what they get."""

from __future__ import annotations

import importlib.util
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.timeline_series import rendered
from ansible_collections.day2.ops.tests.support import log_reports as samples
from lxml import etree

SCAN = samples.result()
SVG = "{http://www.w3.org/2000/svg}"


def told(value: Any, form: str = "text", by: str = "pattern", columns: Any = 60) -> Any:
    return rendered(value, form, by, columns)


def test_a_row_for_each_pattern_with_its_total() -> None:
    lines = told(SCAN).splitlines()
    assert [line.split()[:2] for line in lines[:6]] == [
        ["oom_kill", "1"],
        ["failed_password", "420"],
        ["disk_full", "3"],
        ["server_error", "130"],
        ["traceback", "5"],
        ["slow_query", "12"],
    ]
    assert lines[6].split()[-1] == "UTC" and "a column is" in lines[7]
    assert len({len(line) for line in lines[:6]}) == 1


def test_the_whole_result_its_matches_and_its_severities() -> None:
    assert told(SCAN) == told(SCAN["matches"])
    assert [line.split()[0] for line in told(SCAN, by="severity").splitlines()[:4]] == [
        "critical",
        "high",
        "medium",
        "low",
    ]
    assert told(SCAN, by="all").split()[:2] == ["all", "571"]


def test_records_with_a_time() -> None:
    merged = samples.fleet().result["matches"][1]["samples"]
    assert {line.split()[0] for line in told(merged, by="host").splitlines()[:2]} == {
        "web-1.example.com",
        "web-2.example.com",
    }
    assert "2 without a time" in told([{"at": None}, {"at": None}, {"at": "2026-11-28T12:00:00Z"}])


def test_the_columns_as_data() -> None:
    columns = told(SCAN, "buckets", "severity", 40)
    assert len(columns) <= 40
    assert sum(column["count"] for column in columns) == 571
    assert all(column["count"] == sum(column["by"].values()) for column in columns)
    assert all(column["end"] == after["start"] for column, after in zip(columns, columns[1:]))
    assert told([], "buckets") == []


@pytest.mark.parametrize(
    "value", [SCAN, samples.hostile().result, [], [{"at": None}]], ids=["scan", "hostile", "none", "undated"]
)
def test_the_image_is_an_image(value: Any) -> None:
    root = etree.fromstring(told(value, "svg").encode("utf-8", "backslashreplace"))
    assert root.tag == f"{SVG}svg" and root.get("role") == "img" and root.get("aria-label")
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "style", "rect", "text", "line", "title")
    }
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_names_from_logs_are_only_names() -> None:
    records = [{"at": "2026-11-28T12:00:00Z", "who": "<script>\x1b[2J\n\u202e"}]
    assert "<script>" not in told(records, "svg", "who")
    text = told(records, "text", "who")
    assert "\x1b" not in text and "\u202e" not in text and len(text.splitlines()) == 3


@pytest.mark.parametrize(
    "value, more, words",
    [
        ("text", {}, "a result of log_scan"),
        (None, {}, "a result of log_scan"),
        ({}, {}, "a result of log_scan"),
        ([3], {}, "entry 0 is neither"),
        ([{"at": "2026-11-28T12:00:00Z"}, {"when": 1}], {}, "entry 1: it has neither a timeline nor at"),
        ([{"at": "noon"}], {}, "entry 0: 'noon' is not a time"),
        ([{"timeline": 3}], {}, "entry 0: a timeline has"),
        ([], {"form": "png"}, "format: 'png' is none of text, svg, buckets"),
        ([], {"columns": 0}, "columns: 0 is not a number from 1 to 400"),
        ([], {"columns": "60"}, "columns: '60' is not"),
    ],
)
def test_what_cannot_be_drawn_is_said(value: Any, more: Dict[str, Any], words: str) -> None:
    with pytest.raises(Day2Error, match="^" + words.replace("'", ".")):
        told(value, **more)


if importlib.util.find_spec(
    "ansible"
):  # Pythons of targets only have none; there, what it calls is tested all the same

    def test_ansible_finds_it() -> None:
        from ansible.errors import AnsibleFilterError
        from ansible_collections.day2.ops.plugins.filter.log_timeline import FilterModule

        ((name, log_timeline),) = FilterModule().filters().items()
        assert name == "log_timeline"
        assert sum(column["count"] for column in log_timeline(SCAN, "buckets", by="all")) == 571
        with pytest.raises(AnsibleFilterError, match="day2.ops.log_timeline: columns"):
            log_timeline(SCAN, columns=-1)
