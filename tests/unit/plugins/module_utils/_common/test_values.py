# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.values import between, filled, instant, run_id

NOW = datetime(2026, 3, 1, 12, 0, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/r/{account}/{run_id}.json", "/r/123/one.json"),
        ("{date}-{other}-{account}", "2026-03-01-{other}-123"),
        ("{{account}}", "{123}"),
        ("plain", "plain"),
    ],
)
def test_filled(path: str, expected: str) -> None:
    assert filled(path, "123", "one", NOW) == expected


@pytest.mark.parametrize("name", ["a", "run-1", "2026-03-01T12:00:00+00:00", "x" * 100])
def test_names_of_runs(name: str) -> None:
    assert run_id(name, NOW) == name


def test_a_run_without_a_name_is_called_by_its_time() -> None:
    assert run_id(None, NOW) == run_id("", NOW) == "20260301T120005Z"


@pytest.mark.parametrize("name", ["a/b", "../x", "x" * 101, ".", "a b", "é"])
def test_names_that_could_be_no_part_of_a_file_name(name: str) -> None:
    with pytest.raises(Day2Error, match="run_id: "):
        run_id(name, NOW)


@pytest.mark.parametrize("value, fits", [(0, False), (1, True), (9, True), (10, False)])
def test_between(value: int, fits: bool) -> None:
    if fits:
        assert between("n", value, 1, 9) == value
        return
    with pytest.raises(Day2Error, match=f"n: {value} is not a number from 1 to 9"):
        between("n", value, 1, 9)


@pytest.mark.parametrize(
    "text, offset", [("2026-03-01T12:00:05Z", 0), ("2026-03-01T13:00:05+01:00", 1), ("2026-03-01 07:00:05-05:00", -5)]
)
def test_instants(text: str, offset: int) -> None:
    assert instant("now", text) == NOW
    assert instant("now", text).utcoffset() == timedelta(hours=offset)


@pytest.mark.parametrize("text", ["", "noon", "2026-03-01T12:00:05", "2026-13-01T12:00:05Z"])
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(Day2Error, match=f"now: {text!r} (is not a time|has no offset)"):
        instant("now", text)
