# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ``reports`` option means, and what is wrong with it."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._report.formats import FORMATS
from ansible_collections.day2.ops.plugins.module_utils._report.forms import format_of
from ansible_collections.day2.ops.plugins.module_utils._report.places import parse_places


@pytest.mark.parametrize(
    "path, name",
    [
        ("a.json", "json"),
        ("/x/a.JSON", "json"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.csv", "csv"),
        ("a.sarif", "sarif"),
        ("a.sarif.json", "sarif"),  # the longest suffix wins
        ("a.ocsf.json", "ocsf"),
        ("a.xml", "junit"),
        ("a.md", "markdown"),
        ("s3://bucket/a.html", "html"),
        ("a.htm", "html"),
    ],
)
def test_format_of(path: str, name: str) -> None:
    assert format_of(path, FORMATS).name == name


def test_every_format_is_told_by_its_own_extension() -> None:
    assert [format_of("report" + form.suffixes[0], FORMATS) for form in FORMATS.values()] == list(FORMATS.values())


def test_places() -> None:
    reports: List[Dict[str, Any]] = [
        {"path": "out/a.json"},
        {"path": "out/b", "format": "csv"},
        {"path": "s3://b/k/c.html", "format": None},
        {"path": "S3://b/k/d.html"},
    ]
    places = parse_places(reports, FORMATS)
    assert [(place.path, place.format.name, place.bucket, place.key) for place in places] == [
        ("out/a.json", "json", "", ""),
        ("out/b", "csv", "", ""),
        ("s3://b/k/c.html", "html", "b", "k/c.html"),
        ("S3://b/k/d.html", "html", "b", "k/d.html"),
    ]


@pytest.mark.parametrize(
    "reports, said",
    [
        ([{"path": ""}], r"reports\[0\]: a path is needed"),
        ([{}], r"reports\[0\]: a path is needed"),
        ([{"path": "a.json"}, {"path": "a.txt"}], r"reports\[1\]: a.txt: no format is given"),
        ([{"path": "a.json", "format": "pdf"}], "unknown format 'pdf': one of json, jsonl, csv"),
        ([{"path": "s3://bucket", "format": "csv"}], "s3://bucket/key with the name of an object is expected"),
        ([{"path": "s3:///a.csv"}], "s3://bucket/key"),
        ([{"path": "s3://bucket/dir/", "format": "csv"}], "s3://bucket/key"),
        ([{"path": "a.json"}, {"path": "./a.json"}], r"reports\[1\]: ./a.json is also the path of reports\[0\]"),
        ([{"path": "s3://b/a.csv"}, {"path": "S3://b/a.csv", "format": "json"}], "also the path of"),
    ],
)
def test_refused(reports: List[Dict[str, Any]], said: str) -> None:
    with pytest.raises(Day2Error, match=said):
        parse_places(reports, FORMATS)
