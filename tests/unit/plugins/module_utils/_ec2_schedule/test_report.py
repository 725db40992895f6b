# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports of a run as documents: JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Dict, List, Mapping

import jsonschema
import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import report_csv, report_json, report_markdown
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.report import SCHEDULE_FORMATS, rendering
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.report_model import ScheduleReport
from ansible_collections.day2.ops.plugins.module_utils._report.forms import format_of
from ansible_collections.day2.ops.plugins.module_utils._report.gateway import prepare, write
from ansible_collections.day2.ops.plugins.module_utils._report.places import parse_places
from ansible_collections.day2.ops.tests.support import schedule_samples as samples

TEXT: Mapping[str, Any] = {"type": "string"}
INSTANT: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
NUMBER: Mapping[str, Any] = {"type": "number", "minimum": 0}


def closed(properties: Mapping[str, Any], *optional: str) -> Dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def many(of: Mapping[str, Any]) -> Dict[str, Any]:
    return {"type": "array", "items": of}


RESOURCE = {
    "resource": TEXT,
    "name": TEXT,
    "kind": {"enum": ["ec2", "rds", "rds_cluster", "asg", "eks_nodegroup"]},
    "region": TEXT,
    "account": TEXT,
}
TURN = {"at": INSTANT, "to": {"enum": ["running", "stopped", "any"]}}
WHOLE = closed(
    {
        "schema": {"const": "day2.ops/ec2_schedule/1"},
        "title": TEXT,
        "run": closed(
            {
                "run_id": TEXT,
                "started_at": INSTANT,
                "now": INSTANT,
                "what_if": {"type": "boolean"},
                "check_mode": {"type": "boolean"},
                "accounts": many(TEXT),
                "regions": many(TEXT),
                "version": TEXT,
            }
        ),
        "status": {"enum": ["ok", "warning", "critical", "unknown"]},
        "summary": {"type": "object", "required": ["sentence", "due", "resources"]},
        "problems": many(TEXT),
        "actions": many(
            closed(
                {
                    **RESOURCE,
                    "action": {"enum": ["start", "stop", "hibernate"]},
                    "reason": TEXT,
                    "schedule": TEXT,
                    "at": {"oneOf": [INSTANT, {"type": "null"}]},
                    "outcome": {"enum": ["done", "pending", "failed"]},
                    "error": TEXT,
                    "note": TEXT,
                },
                "outcome",
                "error",
                "note",
            )
        ),
        "not_touched": many(closed({**RESOURCE, "schedule": TEXT, "reason": TEXT})),
        "next_edges": many(closed({**RESOURCE, "schedule": TEXT, **TURN})),
        "preview": closed(
            {
                "start": INSTANT,
                "now": INSTANT,
                "stop": INSTANT,
                "timezone": TEXT,
                "resources": many(
                    closed(
                        {
                            **RESOURCE,
                            "state": {"enum": ["running", "stopped", "changing", "gone"]},
                            "left_alone": {"type": "boolean"},
                            "schedule": TEXT,
                            "reads": TEXT,
                            "timezone": TEXT,
                            "windows": many(
                                closed({"start": INSTANT, "stop": INSTANT, "override": {"type": "boolean"}})
                            ),
                            "edges": many(closed(TURN)),
                            "left_out": many(closed({"start": INSTANT, "stop": INSTANT, "calendar": TEXT})),
                            "override": closed({"wanted": {"enum": ["running", "stopped"]}, "until": INSTANT}),
                            "problem": TEXT,
                        },
                        "override",
                        "problem",
                    )
                ),
            }
        ),
        "savings": closed(
            {
                "start": INSTANT,
                "stop": INSTANT,
                "hours": NUMBER,
                "hours_always_on": NUMBER,
                "hours_saved": NUMBER,
                "percent": {"type": ["number", "null"]},
                "currency": TEXT,
                "cost": {"type": ["number", "null"]},
                "cost_always_on": {"type": ["number", "null"]},
                "saved": {"type": ["number", "null"]},
                "unpriced": {"type": "integer"},
                "resources": many(
                    closed(
                        {
                            **RESOURCE,
                            "schedule": TEXT,
                            "machines": {"type": "integer", "minimum": 1},
                            "hours": NUMBER,
                            "hours_always_on": NUMBER,
                            "cost": {"type": ["number", "null"]},
                            "saved": {"type": ["number", "null"]},
                        }
                    )
                ),
                "not_counted": many(closed({**RESOURCE, "schedule": TEXT, "reason": TEXT})),
            },
            *("currency", "cost", "cost_always_on", "saved", "unpriced"),
        ),
    },
    "preview",
    "savings",
)
REPORTS = {
    "fleet": samples.report,
    "check mode": lambda: samples.report(acted=False),
    "without prices": lambda: samples.report(priced=False),
    "none": lambda: samples.report([]),
    "one": lambda: samples.report(samples.fleet()[:1]),
    "hostile": samples.hostile,
}


@pytest.fixture(name="report", params=list(REPORTS))
def any_report(request: pytest.FixtureRequest) -> ScheduleReport:
    return REPORTS[request.param]()


def document(report: ScheduleReport) -> Dict[str, Any]:
    read: Dict[str, Any] = json.loads("".join(report_json.render(report)))
    return read


def table(report: ScheduleReport) -> List[Dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(report_csv.render(report)), newline="")))


def test_the_json_report_is_what_its_schema_says(report: ScheduleReport) -> None:
    read = document(report)
    jsonschema.Draft202012Validator(WHOLE).validate(read)
    assert read["actions"] == list(report.actions)
    assert read["not_touched"] == list(report.not_touched)
    assert read["next_edges"] == list(report.next_edges)
    assert read["problems"] == list(report.problems)
    assert len(read["preview"]["resources"]) == len(report.decisions)


def test_the_json_report_has_an_entry_a_line() -> None:
    report = samples.report()
    lines = "".join(report_json.render(report)).splitlines()
    for entry in [*report.actions, *report.not_touched, *report.next_edges]:
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        assert text in lines or text + "," in lines


def test_the_windows_in_json() -> None:
    (web,) = [one for one in document(samples.report())["preview"]["resources"] if one["name"] == "web-test-1"]
    assert web["windows"][1] == {"start": "2026-12-02T06:30:00Z", "stop": "2026-12-02T18:00:00Z", "override": False}
    assert web["edges"][0] == {"at": "2026-12-02T06:30:00Z", "to": "running"}
    assert web["left_out"] == [
        {"start": "2026-12-07T23:00:00Z", "stop": "2026-12-08T23:00:00Z", "calendar": "holidays"}
    ]


def test_what_was_not_asked_for_is_not_there() -> None:
    given = samples.report()
    bare = ScheduleReport(given.run, given.status, given.summary, given.decisions)
    assert not {"preview", "savings"} & set(document(bare))
    assert table(bare)[0]["timezone"] == ""
    assert "saved" not in "".join(report_markdown.render(bare))
    assert "".join(SCHEDULE_FORMATS["html"].render(bare)).endswith("</html>\n")


def test_the_csv_report_has_a_line_for_each_resource(report: ScheduleReport) -> None:
    rows = table(report)
    assert len(rows) == len(report.decisions)
    for row in rows:
        assert None not in row and None not in row.values()
        for cell in row.values():
            assert not cell.lstrip("\u200b \ufeff").startswith(("=", "+", "@", "\t")) and "\0" not in cell


def test_the_csv_report_tells_what_became_of_each() -> None:
    rows = {row["name"]: row for row in table(samples.report())}
    assert len(rows) == 34
    failed = rows["trainer-1"]
    assert (failed["action"], failed["outcome"], failed["at"]) == ("start", "failed", "2026-12-01T17:00:00Z")
    assert failed["error"].startswith("InsufficientInstanceCapacity")
    assert (failed["timezone"], failed["currency"]) == ("America/New_York", "USD")
    assert rows["crawler"]["not_touched"] == "a spot instance is not stopped by itself"
    assert rows["typo"]["problem"] and rows["typo"]["hours"] == ""
    assert (rows["web-asg"]["machines"], rows["web-asg"]["hours"]) == ("3", "138.00")


def test_the_markdown_report_is_one_screen() -> None:
    report = samples.report()
    text = "".join(report_markdown.render(report))
    assert text.startswith("## 🔴 Start and stop by schedule: critical\n")
    assert report.summary["sentence"] in text
    assert "| start | `trainer-1`" in text.split("\n|:--|:--|:--|:--|\n")[1].splitlines()[0]  # what failed comes first
    assert "**72 % saved**, USD 4,852.34 less" in text
    assert "- Wed 2 Dec, 07:30 Madrid: 12 resources start (`office`)" in text
    assert "### Problems" in text and "Left alone (4)" in text
    assert "(check mode)" in "".join(report_markdown.render(samples.report(acted=False)))


def test_markdown_of_many_is_not_long() -> None:
    text = "".join(report_markdown.render(samples.many(2000)))
    assert len(text) < 20_000
    assert "more." in text


def test_hostile_names_are_only_text_in_markdown() -> None:
    text = "".join(report_markdown.render(samples.hostile()))
    outside = [line for line in text.splitlines() if not line.startswith(("<details><summary>", "</details>"))]
    prose = "".join(part for line in outside for part in line.split("`")[::2])
    assert "<script" not in prose and "<img" not in prose


@pytest.mark.parametrize(
    "path, name",
    [("a.html", "html"), ("a.HTM", "html"), ("a.json", "json"), ("a.csv", "csv"), ("s3://b/a.md", "markdown")],
)
def test_formats_are_told_by_suffixes(path: str, name: str) -> None:
    assert format_of(path, SCHEDULE_FORMATS).name == name


def test_every_format_is_written(tmp_path: Any) -> None:
    wanted = [{"path": str(tmp_path / "out" / f"r{form.suffixes[0]}")} for form in SCHEDULE_FORMATS.values()]
    places = parse_places(wanted, SCHEDULE_FORMATS)
    prepare(places)
    written = write(places, rendering(samples.report()))
    assert [(one.format, one.error) for one in written] == [(name, "") for name in SCHEDULE_FORMATS]
    assert all(one.size_bytes > 1000 for one in written)
