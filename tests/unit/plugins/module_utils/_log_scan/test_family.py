# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names are generations of which log."""

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.family import (
    age_of,
    compression_of,
    families,
    is_newer,
    uncompressed,
)

GENERATIONS = """
app.log.1 app.log.10 app.log.1.gz app.log.2.bz2 app.log.2.xz app.log.3.zst app.log.gz app.log.old app.log.bak app.log.old.gz
app.log-20261128 app.log-20261128.gz app.log-2026112819 app.log-1764300000 app.log-20261128-1764300000.gz app.log.20261128T0101
app.log.2026-11-28 app.log.2026-11-28_19-20 app.log.2026-11 app.log.2026-W48 app.log.2026-11-28.1 app.log_20261128
app-20261128.log app_20261128.log app.2026-11-28.log app.2026-11-28.0.log app-2026-11-28-1.log.gz app.1.log app.2.log.gz
"""
OTHERS = """
app.log app.log.err app.log.1.err app-access.log app-1.log app.logs apps.log.1 myapp.log.1 app.log.1.tmp app.log.swp app.log~
app.log.123456 app.log.20261399 app.err.1 app.log.d app.log.lock .app.log.1 app.log.1.gz.tmp app.log-rotated app.log.v2
app-20261128-access.log worker.1.log app.log.d.1
"""


@pytest.mark.parametrize("name", GENERATIONS.split())
def test_a_generation(name: str) -> None:
    assert families([name]).get("app.log") == [name]


@pytest.mark.parametrize("name", OTHERS.split())
def test_another_log(name: str) -> None:
    assert "app.log" not in families([name])


@pytest.mark.parametrize(
    "path, name",
    [
        ("/var/log/messages", "messages-20261128.xz"),
        ("/var/log/syslog", "syslog.1"),
        ("/var/log/Xorg.0.log", "Xorg.0.log.old"),
        ("/var/log/pods/a/0.log", "0.log.20261128-192007.gz"),
        ("/var/lib/docker/containers/c/c-json.log", "c-json.log.2.gz"),
        ("/var/log/äpp\udcff.log", "äpp\udcff.log.1"),
        ("odd\nname", "odd\nname.1"),
    ],
)
def test_names_from_the_field(path: str, name: str) -> None:
    assert families(["unrelated", name]).get(path.rpartition("/")[2]) == [name]


@pytest.mark.parametrize(
    "older, newer",
    [
        ("app.log.2.gz", "app.log.1"),
        ("app.log.10", "app.log.9"),
        ("app.log-20261127", "app.log-20261128.gz"),
        ("app.log.2026-11-28", "app.log.2026-11-28.1"),
        ("app.log-2026112801", "app.log-2026112802"),
        ("app-2026-11-28-1.log", "app-2026-11-28-2.log"),
        ("app.2.log", "app.1.log"),
    ],
)
def test_names_tell_the_order_within_a_scheme(older: str, newer: str) -> None:
    assert is_newer("app.log", newer, older)
    assert not is_newer("app.log", older, newer)
    assert age_of("app.log", older) < age_of("app.log", newer)


def test_names_of_two_schemes_tell_none() -> None:
    for one, two in (("app.log.1", "app.log-20261128"), ("app.log", "app.log.1"), ("app.log.old", "app.log.old.gz")):
        assert not is_newer("app.log", one, two)
        assert not is_newer("app.log", two, one)


@pytest.mark.parametrize(
    "name, compression, plain",
    [
        ("a.gz", "gz", "a"),
        ("a.1.bz2", "bz2", "a.1"),
        ("a.xz", "xz", "a"),
        ("a.zst", "zst", "a"),
        ("/d.gz/a", "", "/d.gz/a"),
        ("gz", "", "gz"),
        (".gz", "", ".gz"),
    ],
)
def test_compression(name: str, compression: str, plain: str) -> None:
    assert compression_of(name) == compression
    assert uncompressed(name) == plain


def test_all_families_of_a_directory_at_once() -> None:
    names = [name for log in range(300) for name in (f"a{log}.log", f"a{log}.log.1", f"a{log}.log-20261128.gz")]
    found = families(names)
    assert all(found[f"a{log}.log"] == names[log * 3 + 1 : log * 3 + 3] for log in range(300))
