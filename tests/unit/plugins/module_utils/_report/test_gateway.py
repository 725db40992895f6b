# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spool, places and the writing, on a real file system."""

from __future__ import annotations

import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tracemalloc
from typing import Any, BinaryIO, Dict, Iterator, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._report.formats import FORMATS, Format, rendering
from ansible_collections.day2.ops.plugins.module_utils._report.gateway import Spool, prepare, write
from ansible_collections.day2.ops.plugins.module_utils._report.places import Place, parse_places
from ansible_collections.day2.ops.tests.support import report_samples as samples


class Shelf:
    """An object store: a dictionary, and buckets that nobody may write to."""

    def __init__(self, *forbidden: str) -> None:
        self.objects: Dict[Tuple[str, str], Tuple[bytes, str]] = {}
        self.forbidden = forbidden

    def probe(self, bucket: str, key: str) -> None:
        if bucket in self.forbidden:
            raise GatewayError("put object", f"s3://{bucket}/{key}", "AccessDenied")

    def put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> None:
        self.probe(bucket, key)
        body = file.read()
        assert len(body) == size
        self.objects[bucket, key] = (body, media_type)

    def keys(self, bucket: str, prefix: str) -> List[str]:
        return [key for name, key in self.objects if name == bucket and key.startswith(prefix)]

    def read(self, bucket: str, key: str) -> Iterator[bytes]:
        yield self.objects[bucket, key][0]


@pytest.fixture(name="spool")
def filled(tmp_path: pathlib.Path) -> Iterator[Spool]:
    with Spool(str(tmp_path)) as spool:
        for finding in [*samples.account(10), *samples.hostile()]:
            spool.append(finding)
        yield spool


def places(tmp_path: pathlib.Path, *names: str) -> Tuple[Place[Format], ...]:
    return parse_places([{"path": str(tmp_path / name)} for name in names], FORMATS)


def test_a_spool_gives_back_what_it_took_as_often_as_asked(spool: Spool) -> None:
    findings = [*samples.account(10), *samples.hostile()]
    assert len(spool) == len(findings)
    assert list(spool) == findings
    assert list(spool) == findings
    assert [json.loads(line) for line in spool.json_lines()] == findings
    for check in {finding["check"] for finding in findings}:
        assert list(spool.of_check(check)) == [finding for finding in findings if finding["check"] == check]
    assert list(spool.of_check("no such check")) == []


def test_walks_do_not_disturb_each_other(spool: Spool) -> None:
    pairs = list(zip(spool, spool))
    assert len(pairs) == len(spool)
    assert all(one == other for one, other in pairs)


def test_a_spool_takes_more_after_a_walk(spool: Spool) -> None:
    before = list(spool)
    spool.append(samples.finding(bucket="late"))
    assert [*before, samples.finding(bucket="late")] == list(spool)


def test_lines_longer_than_a_block_are_whole(tmp_path: pathlib.Path) -> None:
    with Spool(str(tmp_path)) as spool:
        long = [samples.finding(message="é" * 200_000 + str(number)) for number in range(3)]
        for finding in long:
            spool.append(finding)
        assert list(spool) == long


def test_a_spool_has_no_name(tmp_path: pathlib.Path) -> None:
    with Spool(str(tmp_path)) as spool:
        spool.append(samples.finding())
        assert list(spool) and os.listdir(tmp_path) == []


def test_a_spool_without_a_place_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(GatewayError, match=r"put findings aside in .*/none: No such file or directory"):
        Spool(str(tmp_path / "none"))


FULL_DISK = """
import resource, signal, sys
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._report.formats import FORMATS, rendering
from ansible_collections.day2.ops.plugins.module_utils._report.gateway import Spool, write
from ansible_collections.day2.ops.plugins.module_utils._report.places import parse_places
from ansible_collections.day2.ops.tests.support import report_samples as samples
findings = list(samples.account(30))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
places = parse_places([{"path": path} for path in sys.argv[1:]], FORMATS)
for entry in write(places, rendering(samples.info(), findings, samples.summary(findings))):
    print(entry.size_bytes > 0, entry.error)
with Spool() as spool:
    try:
        for _ in range(10):
            for finding in findings:
                spool.append(finding)
    except GatewayError as error:
        print(error)
"""


def test_no_room_for_one_report_leaves_the_old_one_and_writes_the_others(tmp_path: pathlib.Path) -> None:
    big, small = tmp_path / "big.json", tmp_path / "small.md"
    big.write_text("the old report")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(big), str(small)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == f"False write {big}: File too large"
    assert lines[1] == "True "
    assert re.fullmatch("put findings aside in .*: File too large", lines[2])
    assert big.read_text() == "the old report"
    assert sorted(os.listdir(tmp_path)) == ["big.json", "small.md"]


def test_every_format_is_written_for_its_owner_and_group_only(tmp_path: pathlib.Path, spool: Spool) -> None:
    reports = places(tmp_path, *("r" + form.suffixes[0] for form in FORMATS.values()))
    prepare(reports)
    written = write(reports, rendering(samples.info(), spool, samples.summary(spool)))
    assert [entry.error for entry in written] == [""] * len(FORMATS)
    for entry in written:
        there = os.stat(entry.path)
        assert stat.S_IMODE(there.st_mode) == 0o640
        assert there.st_size == entry.size_bytes > 0
        assert entry.as_dict() == {"path": entry.path, "format": entry.format, "size_bytes": there.st_size}
    assert len(os.listdir(tmp_path)) == len(FORMATS)


def test_prepare_makes_directories_and_nothing_else(tmp_path: pathlib.Path) -> None:
    prepare(places(tmp_path, "2026/march/r.json"))
    assert os.listdir(tmp_path / "2026" / "march") == []


def test_prepare_leaves_an_earlier_report_alone(tmp_path: pathlib.Path) -> None:
    (tmp_path / "r.json").write_text("earlier")
    prepare(places(tmp_path, "r.json"))
    assert (tmp_path / "r.json").read_text() == "earlier"


def test_prepare_refuses_what_cannot_be_written(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "r.json").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "real").mkdir()
    for names, said in (
        (["file/r.json"], "file/r.json: (Not a directory|File exists)"),
        (["r.json"], "r.json: it is a directory"),
        (["pipe.csv"], "pipe.csv: it is not a regular file"),
        (["real/r.csv", "link/r.csv"], "link/r.csv: it is the same file as .*real/r.csv"),
        (["x" * 300 + ".csv"], "File name too long"),
        (["/proc/nowhere/r.csv"], "write report /proc/nowhere/r.csv: "),
    ):
        with pytest.raises(GatewayError, match=said):
            prepare(
                parse_places([{"path": name if name[0] == "/" else str(tmp_path / name)} for name in names], FORMATS)
            )


def test_reports_go_to_an_object_store(tmp_path: pathlib.Path, spool: Spool) -> None:
    shelf = Shelf()
    reports = parse_places([{"path": "s3://b/run/r.csv"}, {"path": str(tmp_path / "r.csv")}], FORMATS)
    prepare(reports, shelf)
    written = write(reports, rendering(samples.info(), spool, samples.summary(spool)), shelf)
    body, media_type = shelf.objects["b", "run/r.csv"]
    assert body == (tmp_path / "r.csv").read_bytes()
    assert media_type == "text/csv; charset=utf-8"
    assert written[0].size_bytes == len(body)


def test_an_object_store_that_says_no_is_heard_before_the_run() -> None:
    reports = parse_places([{"path": "s3://denied/r.csv"}], FORMATS)
    with pytest.raises(GatewayError, match=r"put object s3://denied/r.csv: AccessDenied"):
        prepare(reports, Shelf("denied"))
    with pytest.raises(GatewayError, match=r"write report s3://denied/r.csv: there is no access to S3 here"):
        prepare(reports)


def test_an_object_store_that_says_no_at_the_end_costs_only_its_own_report(tmp_path: pathlib.Path) -> None:
    findings: List[Any] = list(samples.account(2))
    reports = parse_places([{"path": "s3://denied/r.csv"}, {"path": str(tmp_path / "r.csv")}], FORMATS)
    written = write(reports, rendering(samples.info(), findings, samples.summary(findings)), Shelf("denied"))
    assert written[0].as_dict()["error"] == "put object s3://denied/r.csv: AccessDenied"
    assert written[1].size_bytes > 0


def test_memory_does_not_grow_with_the_findings(tmp_path: pathlib.Path) -> None:
    """A report of 3,600 findings is 1.5 MB as JSON and 5 MB as OCSF; the page alone keeps findings, up to 5,000."""
    with Spool(str(tmp_path)) as spool:
        for finding in samples.account(200):
            spool.append(finding)
        summary = samples.summary(spool)
        for form in FORMATS.values():
            tracemalloc.start()
            for _chunk in form.render(samples.info(), spool, summary):
                pass
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert peak < (2_500_000 if form.name == "html" else 800_000), form.name
