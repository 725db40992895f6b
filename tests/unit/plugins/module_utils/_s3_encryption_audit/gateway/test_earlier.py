# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._report import json_document, json_records
from ansible_collections.day2.ops.plugins.module_utils._report.model import ReportInfo
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.earlier import read_statuses
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import SCHEMA

STATUSES = ["fail", "pass", "unknown", "exempt"]
SUMMARY: Dict[str, Any] = {"resources": 1, "sentence": "größe"}
FORMATS: Dict[str, Callable[..., Iterator[str]]] = {"x.json": json_document.render, "x.jsonl": json_records.render}


def _no_s3(bucket: str, key: str) -> List[bytes]:
    raise AssertionError(bucket, key)


def _info(schema: str = SCHEMA) -> ReportInfo:
    return ReportInfo(schema, "S3", "bucket", "AWS::S3::Bucket", (), {"run_id": "r"})


def _findings(count: int) -> Iterator[Dict[str, Any]]:
    for number in range(count):
        yield {
            "id": f"aws:111122223333:acme-{number}:tls_only",
            "status": STATUSES[number % 4],
            "message": "größe " * 20,
        }


def _report(folder: Path, name: str, count: int = 6, schema: str = SCHEMA) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(FORMATS[name](_info(schema), _findings(count), SUMMARY))
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_both_formats_are_read(tmp_path: Path, name: str) -> None:
    found = list(read_statuses(str(_report(tmp_path, name)), _no_s3))
    assert found == [(f"aws:111122223333:acme-{number}:tls_only", STATUSES[number % 4]) for number in range(6)]


def test_a_report_that_some_tool_has_laid_out_anew(tmp_path: Path) -> None:
    document = json.loads(_report(tmp_path, "x.json").read_text(encoding="utf-8"))
    for indent in (None, 4):
        path = tmp_path / "pretty.json"
        path.write_text(json.dumps(document, indent=indent), encoding="utf-8")
        assert len(list(read_statuses(str(path), _no_s3))) == 6


@pytest.mark.parametrize("name", FORMATS)
def test_a_large_report_needs_little_memory(tmp_path: Path, name: str) -> None:
    path = _report(tmp_path, name, 20_000)
    assert path.stat().st_size > 4_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _finding in read_statuses(str(path), _no_s3)) == 20_000
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_report_at_an_s3_place_comes_in_chunks(tmp_path: Path, name: str, size: int) -> None:
    content = b"\xef\xbb\xbf" + _report(tmp_path, name).read_bytes()
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    asked: List[Tuple[str, str]] = []

    def read(bucket: str, key: str) -> List[bytes]:
        asked.append((bucket, key))
        return chunks

    for scheme in ("s3", "S3"):
        assert len(list(read_statuses(f"{scheme}://acme/audits/{name}", read))) == 6
    assert asked == [("acme", f"audits/{name}")] * 2


@pytest.mark.parametrize("place", ["s3://acme", "s3://", "s3:///x", "s3://acme/"])
def test_an_s3_place_that_names_no_object(place: str) -> None:
    with pytest.raises(GatewayError, match="s3://bucket/key with the name of an object is expected"):
        list(read_statuses(place, _no_s3))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GatewayError, match=r"read the earlier report .*none\.json: No such file"):
        list(read_statuses(str(tmp_path / "none.json"), _no_s3))
    with pytest.raises(GatewayError, match="read the earlier report"):
        list(read_statuses(str(tmp_path), _no_s3))


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_of_another_subject(tmp_path: Path, name: str) -> None:
    path = _report(tmp_path, name, schema="day2.ops/log_scan/1")
    with pytest.raises(GatewayError, match=rf"{name}: a report with the schema {SCHEMA} is expected"):
        list(read_statuses(str(path), _no_s3))


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "the file is empty"),
        (b"\n\n", "not JSON"),
        (b"\x1f\x8b\x08 gzip", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not JSON"),
        (b"[1, 2]", "a JSON object is expected"),
        (b"{}", "schema"),
        (b'{"schema": "' + SCHEMA.encode() + b'"}', "findings missing"),
        (b"[" * 100_000, "recursion"),
        (b'{"record":"finding","id":"x","status":"pass"}\n', "line 1: the first record must be the run"),
    ],
)
def test_what_is_no_report(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(GatewayError, match=reason) as caught:
        list(read_statuses(str(path), _no_s3))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
def test_damage_is_told_with_its_line_once_it_is_reached(tmp_path: Path, name: str) -> None:
    path = _report(tmp_path, name)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines, 1) if "acme-3" in line)
    lines[number - 1] = lines[number - 1][:20] + "\n"
    path.write_text("".join(lines), encoding="utf-8")
    reading = read_statuses(str(path), _no_s3)
    assert [next(reading)[1] for _finding in range(3)] == ["fail", "pass", "unknown"]
    with pytest.raises(GatewayError, match=f"line {number}:"):
        next(reading)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_that_is_cut_short_is_an_error(tmp_path: Path, name: str) -> None:
    path = _report(tmp_path, name)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if "acme-3" in line)
    path.write_text("".join(lines[:number]), encoding="utf-8")
    with pytest.raises(GatewayError, match="cut short"):
        list(read_statuses(str(path), _no_s3))


@pytest.mark.parametrize(
    "finding", [{}, {"id": "", "status": "pass"}, {"id": 1, "status": "pass"}, {"id": "x", "status": ["pass"]}]
)
def test_findings_without_id_or_status(tmp_path: Path, finding: Dict[str, Any]) -> None:
    path = tmp_path / "x.json"
    path.write_text("".join(json_document.render(_info(), [finding], SUMMARY)), encoding="utf-8")
    with pytest.raises(GatewayError, match="finding 1: an id and a status"):
        list(read_statuses(str(path), _no_s3))
