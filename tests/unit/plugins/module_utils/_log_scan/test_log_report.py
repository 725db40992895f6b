# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports of a scan as documents: JSON, CSV and Markdown, and the words in them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Dict, List, Mapping

import jsonschema
import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import report_csv
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report import LOG_FORMATS, rendering
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_model import LogReport, headline, where
from ansible_collections.day2.ops.plugins.module_utils._log_scan.wording import size, span
from ansible_collections.day2.ops.plugins.module_utils._report.forms import format_of
from ansible_collections.day2.ops.plugins.module_utils._report.gateway import prepare, write
from ansible_collections.day2.ops.plugins.module_utils._report.places import parse_places
from ansible_collections.day2.ops.tests.support import log_reports as samples

TEXT: Mapping[str, Any] = {"type": "string"}
COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
WHEN: Mapping[str, Any] = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(Z|[+-][0-9:]+)$"}


def closed(properties: Mapping[str, Any], *optional: str) -> Dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def many(of: Mapping[str, Any]) -> Dict[str, Any]:
    return {"type": "array", "items": of}


PLACE = {"at": WHEN, "path": TEXT, "line": {"type": ["integer", "null"]}, "offset": COUNT, "host": TEXT}
COUNTED = {"count": COUNT, "at_most": COUNT}
SPOT = {"anyOf": [{"type": "null"}, closed(PLACE, "host")]}
MATCH = closed(
    {
        "pattern": TEXT,
        "pattern_set": TEXT,
        "severity": {"enum": ["low", "medium", "high", "critical"]},
        "message": TEXT,
        "count": COUNT,
        "met": {"type": "boolean"},
        "threshold": {
            "anyOf": [
                {"type": "null"},
                closed(
                    {"count": COUNT, "per_seconds": {"type": ["number", "null"]}, "peak": COUNT, "peak_at": WHEN},
                    "peak",
                    "peak_at",
                ),
            ]
        },
        "first": SPOT,
        "last": SPOT,
        "samples": many(
            closed(
                {
                    **PLACE,
                    "text": TEXT,
                    "cut_bytes": COUNT,
                    "message": TEXT,
                    "fields": {"type": "object", "additionalProperties": TEXT},
                    "before": many(TEXT),
                    "after": many(TEXT),
                },
                "host",
            )
        ),
        "aggregates": {"type": "object", "additionalProperties": many(closed({"value": TEXT, **COUNTED}, "at_most"))},
        "logs": many(closed({"path": TEXT, **COUNTED}, "at_most")),
        "timeline": closed(
            {"width_seconds": COUNT, "buckets": many(closed({"start": WHEN, "count": COUNT})), "undated": COUNT}
        ),
        "hosts": many(closed({"host": TEXT, "count": COUNT, "met": {"type": "boolean"}})),
        "hosts_total": COUNT,
    },
    "hosts",
    "hosts_total",
)
VALIDATOR = jsonschema.Draft7Validator(MATCH)
REPORTS = {
    "one host": samples.report(),
    "fleet": samples.fleet(),
    "nothing": samples.quiet(),
    "hostile": samples.hostile(),
}


def text_of(form: str, report: LogReport) -> str:
    return "".join(LOG_FORMATS[form].render(report)).encode("utf-8", "backslashreplace").decode("utf-8")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_json_has_everything(report: LogReport) -> None:
    document = json.loads(text_of("json", report))
    for match in document["matches"]:
        for error in VALIDATOR.iter_errors(match):
            raise error
    assert document["schema"] == "day2.ops/log_scan/1"
    assert document["matches"] == json.loads(json.dumps(report.result["matches"]))
    assert document["files"] == report.result["files"]
    assert document["problems"] == report.result["problems"]
    assert document["run"]["run_id"] == report.result["run_id"]
    assert document["status"] == report.status


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_csv_has_a_line_for_each_sample_log_and_problem(report: LogReport) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of("csv", report), newline="")))
    kinds = [row["kind"] for row in rows]
    assert kinds.count("match") == sum(max(1, len(entry["samples"])) for entry in report.matches)
    assert kinds.count("log") == sum(1 for entry in report.files if report_csv.amiss(entry))
    assert kinds.count("problem") == len(report.problems)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_line_of_the_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of("csv", samples.report()), newline="")))
    assert rows[0]["host"] == "web-1.example.com"
    assert (
        rows[0]["path"] == "/var/log/kern.log" and rows[0]["line"] == "1007" and rows[0]["at"] == "2026-11-28T11:26:00Z"
    )
    assert json.loads(rows[0]["fields"]) == {"process": "postgres", "pid": "2711"}
    lost = next(row for row in rows if row["path"] == "/srv/shop/log/app.log" and row["kind"] == "log")
    assert lost["message"] == "2,100,000 bytes lost (copytruncate window, vanished)"


def test_a_pattern_without_samples_is_in_the_csv() -> None:
    report = samples.report(samples.result(samples.gathered(max_samples=0)))
    rows = list(csv.DictReader(io.StringIO(text_of("csv", report), newline="")))
    assert {row["pattern"] for row in rows if row["kind"] == "match"} == {one.name for one in samples.PATTERNS}


def test_the_markdown_names_what_was_found_lost_and_silent() -> None:
    text = text_of("markdown", samples.fleet())
    for words in (
        "The kernel killed postgres for want of memory",
        "`web-3.example.com`: connection timed out",
        "2,100,000 bytes lost",
        "permission denied",
        "12 (below its threshold)",
    ):
        assert words in text or words in text_of("markdown", samples.report()), words
    assert "▁" in text


def test_the_markdown_is_one_screen_and_no_markup_from_outside() -> None:
    assert len(text_of("markdown", samples.many()).splitlines()) < 120
    text = text_of("markdown", samples.hostile())
    assert "<img" not in re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


@pytest.mark.parametrize("name", ["html", "json", "csv", "markdown", "prometheus"])
def test_each_format_is_told_by_its_suffix_and_written(name: str, tmp_path: Any) -> None:
    form = LOG_FORMATS[name]
    path = f"{tmp_path}/report{form.suffixes[0]}"
    assert format_of(path, LOG_FORMATS) is form
    places = parse_places([{"path": path}], LOG_FORMATS)
    prepare(places)
    for report in REPORTS.values():
        (written,) = write(places, rendering(report))
        assert not written.error and written.size_bytes > 50


def entry(*fields: Mapping[str, str], message: str = "{user} from {ip}") -> Dict[str, Any]:
    found: List[Dict[str, Any]] = [{"fields": each, "message": "filled"} for each in fields]
    return {"pattern": "name", "message": message, "samples": found}


@pytest.mark.parametrize(
    "match, words",
    [
        (entry({"user": "eve", "ip": "1"}), "eve from 1"),
        (entry({"user": "eve", "ip": "1"}, {"user": "eve", "ip": "2"}), "eve from ‹ip›"),
        (entry(), "‹user› from ‹ip›"),
        (entry({"user": "eve"}), "eve from ?"),
        (entry({"ip": "1"}, {"ip": "2"}, message="{ip}"), "filled"),
        (entry({}, message=""), "name"),
    ],
)
def test_many_matches_are_told_in_one_line(match: Dict[str, Any], words: str) -> None:
    assert headline(match) == words


def test_a_place_without_a_line_is_told_by_its_byte() -> None:
    assert where({"path": "/a", "line": 3, "offset": 9}) == "/a:3"
    assert where({"path": "/a", "line": None, "offset": 12_345}) == "/a at byte 12,345"


@pytest.mark.parametrize(
    "count, words",
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (1234, "1.2 KB"),
        (999_600, "1 MB"),
        (123_456_789, "123 MB"),
        (5e9, "5 GB"),
    ],
)
def test_bytes_in_words(count: float, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    "seconds, words",
    [(60, "1 minute"), (300, "5 minutes"), (90, "90 seconds"), (0.5, "0.5 seconds"), (604800, "1 week")],
)
def test_spans_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
