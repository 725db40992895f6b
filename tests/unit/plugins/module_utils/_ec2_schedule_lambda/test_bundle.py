# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
import zipfile
from random import Random
from typing import Any, Dict, Set

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.bundle import (
    HANDLER,
    HANDLER_FILE,
    MOST_BYTES,
    contents,
    libraries,
    localised,
    pack,
    reachable,
    sha256,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.sampled_from(["a.py", "b.py", "a/b.py", "a/__init__.py", "b/c/d.txt", "z"])
FILES = st.dictionaries(NAMES, st.binary(max_size=20), min_size=1)


@settings(max_examples=tries(30))
@given(FILES, st.randoms(use_true_random=False))
def test_the_same_files_give_the_same_bytes_in_any_order(files: Dict[str, bytes], chance: Random) -> None:
    order = list(files)
    chance.shuffle(order)
    assert pack({name: files[name] for name in order}) == pack(files)


@settings(max_examples=tries(30))
@given(FILES, FILES)
def test_other_files_give_other_bytes(one: Dict[str, bytes], other: Dict[str, bytes]) -> None:
    assert (sha256(pack(one)) == sha256(pack(other))) == (one == other)


def test_what_is_in_it_can_be_read_by_another_user_and_has_no_time() -> None:
    with zipfile.ZipFile(io.BytesIO(pack({"b.py": b"2", "a.py": b"1"}))) as archive:
        assert archive.namelist() == ["a.py", "b.py"]
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert entry.compress_type == zipfile.ZIP_STORED  # deflate differs between versions of zlib


def test_the_digest_is_the_one_that_is_known() -> None:
    # Python of any version on any platform: a change of this digest is a change of everybody's function.
    assert sha256(pack({"a.py": b"x = 1\n", "d/b.txt": "ä".encode()})) == "JgkHJe/sBPosKR76gRHZuPvzn8VMTR7v+3V/dMAzABU="


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.py", "a/../../b.py"])
def test_a_path_that_leaves_the_archive_is_refused(path: str) -> None:
    with pytest.raises(Day2Error, match="not the path"):
        pack({path: b""})


def test_too_much_for_lambda_is_refused_here() -> None:
    with pytest.raises(Day2Error, match="Lambda takes"):
        pack({"a.bin": bytes(MOST_BYTES)})


TREE = {
    "_a/__init__.py": b"",
    "_a/start.py": b"import json\nfrom typing import TYPE_CHECKING\nfrom ..  import nothing\nfrom .._b.c import d\n"
    b"from . import beside\nif TYPE_CHECKING:\n    from .typed import T\ndef f():\n    try:\n        pass\n    except OSError:\n        from .late import g\n",
    "_a/beside.py": b"",
    "_a/late.py": b"from .gateway.far import x\n",
    "_a/typed.py": b"",
    "_a/unused.py": b"",
    "_a/gateway/__init__.py": b"",
    "_a/gateway/far.py": b"from ..beside import y\n",
    "_b/__init__.py": b"",
    "_b/c.py": b"from .._a.start import again\n",
}


def test_imports_are_followed_wherever_they_stand_but_for_types() -> None:
    assert set(reachable("_a/start.py", TREE.get)) == set(TREE) - {"_a/typed.py", "_a/unused.py"}


def test_a_missing_start_is_told() -> None:
    with pytest.raises(Day2Error, match=r"_a/start\.py"):
        reachable("_a/start.py", lambda path: None)


def test_the_files_of_the_function() -> None:
    made = contents({"_a/start.py": b"1"}, "import x\n\n", {"b": "ä", "a": 1}, {"files/0-x": b"2"})
    assert made == {
        "day2_ops/__init__.py": b"",
        "day2_ops/_a/start.py": b"1",
        HANDLER_FILE: b"import x\n",
        "config.json": '{\n "a": 1,\n "b": "ä"\n}\n'.encode(),
        "files/0-x": b"2",
    }
    assert f"{HANDLER_FILE[:-3]}.handler" == HANDLER


def test_nothing_replaces_a_file_of_ours() -> None:
    with pytest.raises(Day2Error, match=r"config\.json"):
        contents({}, "", {}, {"config.json": b""})


def test_local_files_move_into_the_function_and_others_stay() -> None:
    given = {
        "schedules_from": ["a/plan.yml", "ssm:/x", "dynamodb:t", "s3://b/k.json", "other/plan.yml", "a/plan.yml"],
        "calendars": {
            "a": ["2026-12-25"],
            "b": {"ical": "~/h.ics"},
            "c": {"ical": ["https://example.org/h.ics", "~/h.ics"], "dates": ["12-25"]},
            "d": {"ssm": "holidays"},
        },
        "tag": "Schedule",
    }
    before = json.dumps(given)
    moved, files = localised(given)
    assert files == {"files/0-plan.yml": "a/plan.yml", "files/1-plan.yml": "other/plan.yml", "files/2-h.ics": "~/h.ics"}
    assert moved["schedules_from"] == [
        "files/0-plan.yml",
        "ssm:/x",
        "dynamodb:t",
        "s3://b/k.json",
        "files/1-plan.yml",
        "files/0-plan.yml",
    ]
    assert moved["calendars"]["b"] == {"ical": "files/2-h.ics"}
    assert moved["calendars"]["c"] == {"ical": ["https://example.org/h.ics", "files/2-h.ics"], "dates": ["12-25"]}
    assert (moved["calendars"]["d"], moved["tag"]) == ({"ssm": "holidays"}, "Schedule")
    assert json.dumps(given) == before


@pytest.mark.parametrize(
    "scheduling, needed",
    [
        ({}, set()),
        ({"calendars": {"a": ["12-25"], "b": {"dates": ["12-25"]}}}, set()),
        ({"calendars": {"a": {"ical": "h.ics"}}}, {"icalendar", "python-dateutil"}),
        ({"calendars": {"a": {"ssm": "holidays"}}}, {"icalendar", "python-dateutil"}),
        ({"schedules_from": ["s3://b/Plan.JSON", "dynamodb:plans"]}, set()),
        ({"schedules_from": ["plan.yml"]}, {"PyYAML"}),
        ({"schedules_from": ["ssm:/plan"]}, {"PyYAML"}),
    ],
)
def test_the_packages_that_lambda_does_not_have(scheduling: Dict[str, Any], needed: Set[str]) -> None:
    found = libraries(scheduling, "python3.13")
    assert needed <= set(found)
    assert bool(found) == bool(needed)
    older = libraries(scheduling, "python3.12")
    assert ("typing-extensions" in older) == ("icalendar" in needed)
