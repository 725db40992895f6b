# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs by names and globs, and a word on each thing that is none."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import List, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.directories import Directories
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.mounts import Mounts
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.paths import Problem, find, leads_to
from ansible_collections.day2.ops.tests.support.log_files import open_folder, powerless


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x\n")


def found(root: Path, *patterns: str, known: Sequence[str] = ()) -> List[str]:
    paths = find([f"{root}/{pattern}" for pattern in patterns], [f"{root}/{name}" for name in known]).paths
    return [os.path.relpath(path, root) for path in paths]


@pytest.mark.parametrize(
    "pattern, expected",
    [
        ("app.log", ["app.log"]),
        ("*.log", ["app.log", "db.log"]),
        ("*", ["app.log", "db.log", "messages"]),
        ("[ab]*.log", ["app.log"]),
        ("?b.log", ["db.log"]),
        (".*", [".hidden"]),
        ("web/*/error.log", ["web/a/error.log", "web/b/error.log"]),
        ("web/a/../a/error.log", ["web/a/error.log"]),
        ("**/error.log", ["web/a/error.log", "web/b/error.log", "web/b/deep/error.log"]),
        ("web/**", ["web/a/error.log", "web/b/access.log", "web/b/deep/error.log", "web/b/error.log", "web/top.log"]),
        (
            "web/**/*.log",
            ["web/a/error.log", "web/b/access.log", "web/b/deep/error.log", "web/b/error.log", "web/top.log"],
        ),
        ("none/*.log", []),
        ("none.log", []),
        ("app.log/*", []),
    ],
)
def test_globs(tmp_path: Path, pattern: str, expected: List[str]) -> None:
    tree(tmp_path, "app.log", "db.log", "messages", ".hidden", ".git/x.log", "web/a/error.log", "web/b/error.log")
    tree(tmp_path, "web/b/access.log", "web/b/deep/error.log", "web/top.log", "web/.cache/error.log")
    assert sorted(found(tmp_path, pattern)) == sorted(expected)
    result = find([f"{tmp_path}/{pattern}"])
    assert result.problems == ()
    assert result.missing == (() if expected else (f"{tmp_path}/{pattern}",))
    for path in result.paths:
        assert leads_to(f"{tmp_path}/{pattern}", path)
    assert not leads_to(f"{tmp_path}/{pattern}", f"{tmp_path}/web/.cache/x.log")


def test_a_name_with_the_characters_of_a_glob_is_a_name_where_there_is_such_a_file(tmp_path: Path) -> None:
    tree(tmp_path, "app[1].log", "app1.log")
    assert found(tmp_path, "app[1].log") == ["app[1].log"]
    os.unlink(tmp_path / "app[1].log")
    assert found(tmp_path, "app[1].log") == ["app1.log"]


def test_the_first_pattern_that_leads_to_a_log_is_its_own(tmp_path: Path) -> None:
    tree(tmp_path, "a.log", "b.log")
    patterns = [f"{tmp_path}/b.log", f"{tmp_path}/*.log", f"{tmp_path}/a.log"]
    assert find(patterns).logs == {f"{tmp_path}/a.log": 1, f"{tmp_path}/b.log": 0}
    assert find(patterns).missing == ()


def test_rotated_generations_are_no_logs_of_their_own(tmp_path: Path) -> None:
    tree(
        tmp_path, "app.log", "app.log.1", "app.log.2.gz", "app.log-20261128", "app.log.err", "old.log.1", "old.log.2.gz"
    )
    assert found(tmp_path, "*.log*", known=["old.log"]) == ["app.log", "app.log.err"]
    # Nobody knows of an old.log: what is there is read.
    assert found(tmp_path, "*.log*") == ["app.log", "app.log.err", "old.log.1", "old.log.2.gz"]
    assert found(tmp_path, "app.log.1") == ["app.log.1"], "asked for by name, and its log is not"


def test_links_are_followed_to_files_and_each_file_is_one_log(tmp_path: Path) -> None:
    tree(tmp_path, "pods/x/0.log", "real.log")
    (tmp_path / "containers").mkdir()
    (tmp_path / "containers" / "x.log").symlink_to("../pods/x/0.log")
    (tmp_path / "containers" / "y.log").symlink_to("../pods/x/0.log")
    (tmp_path / "current.log").symlink_to("real.log")
    assert found(tmp_path, "containers/*.log") == ["containers/x.log"]
    assert found(tmp_path, "current.log") == ["current.log"]
    assert found(tmp_path, "*.log") == ["real.log"]
    result = find([f"{tmp_path}/current.log", f"{tmp_path}/*.log"])
    assert result.logs == {f"{tmp_path}/real.log": 0}


def test_loops_of_links_end(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.log")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "one.log").symlink_to("two.log")
    (tmp_path / "two.log").symlink_to("one.log")
    (tmp_path / "nowhere.log").symlink_to("gone")
    assert found(tmp_path, "**/x.log") == ["a/x.log"]
    assert found(tmp_path, "*/up/a/x.log") == ["a/up/a/x.log"], "named links are followed"
    assert find([f"{tmp_path}/*.log"]).problems == (
        Problem(f"{tmp_path}/nowhere.log", "it is a link to nothing"),
        Problem(f"{tmp_path}/one.log", "Too many levels of symbolic links"),
        Problem(f"{tmp_path}/two.log", "Too many levels of symbolic links"),
    )


def test_what_is_no_file_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.log")
    (tmp_path / "null.log").symlink_to("/dev/null")
    (tmp_path / "dir.log").mkdir()
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(tmp_path / "socket.log")[-100:] if len(str(tmp_path)) < 90 else "\0day2")
        reasons = {os.path.basename(each.path): each.reason for each in find([f"{tmp_path}/*.log"]).problems}
    assert reasons.pop("socket.log", "it is a socket, not a file") == "it is a socket, not a file"
    assert reasons == {"fifo.log": "it is a FIFO, not a file", "null.log": "it is a device, not a file"}
    by_name = find([f"{tmp_path}/dir.log", f"{tmp_path}/fifo.log"])
    assert by_name.problems == (
        Problem(f"{tmp_path}/dir.log", "it is a directory, not a file"),
        Problem(f"{tmp_path}/fifo.log", "it is a FIFO, not a file"),
    )
    assert by_name.missing == () and by_name.paths == ()


def test_permission_denied_on_some_is_a_problem_and_the_others_are_found() -> None:
    with open_folder() as folder:
        tree(folder, "open/x.log", "shut/x.log", "blind/x.log")
        (folder / "shut").chmod(0)
        (folder / "blind").chmod(0o311)
        try:
            with powerless():
                result = find([f"{folder}/*/*.log", f"{folder}/shut/x.log", f"{folder}/blind/x.log"])
        finally:
            (folder / "shut").chmod(0o755)
            (folder / "blind").chmod(0o755)
    assert result.paths == (f"{folder}/blind/x.log", f"{folder}/open/x.log")
    assert result.problems == (
        Problem(f"{folder}/blind", "cannot list it: Permission denied"),
        Problem(f"{folder}/shut", "cannot list it: Permission denied"),
        Problem(f"{folder}/shut/x.log", "Permission denied"),
    )


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.log"
    with open(name, "wb"):
        pass
    (path,) = find([f"{tmp_path}/*.log"]).paths
    assert os.fsencode(path) == name
    assert find([path]).paths == (path,)


@pytest.mark.parametrize("pattern", ["/tmp/\0.log", "/tmp/\0*", "/" + "x" * 5000, "/", "", "/proc/self/mem/*"])
def test_odd_patterns_break_nothing(pattern: str) -> None:
    assert find([pattern]).paths == ()


def test_a_hung_mount_is_a_problem_and_nothing_on_it_is_touched(tmp_path: Path) -> None:
    tree(tmp_path, "nfs/app/x.log", "local/y.log")
    (tmp_path / "local" / "z.log").symlink_to("../nfs/app/x.log")
    table = tmp_path / "table"
    table.write_text(f"1 2 0:3 / {tmp_path}/nfs rw - nfs4 server:/x rw\n")
    mounts = Mounts(0.05, str(table), lambda _mount: time.sleep(60))
    patterns = [f"{tmp_path}/nfs/*/x.log", f"{tmp_path}/nfs/app/x.log", f"{tmp_path}/local/*.log"]
    result = find(patterns, directories=Directories(mounts))
    assert result.paths == (f"{tmp_path}/local/y.log",)
    silent = f"the mount {tmp_path}/nfs does not answer"
    assert {each.path: each.reason for each in result.problems} == {
        f"{tmp_path}/nfs": f"cannot list it: {silent}",
        f"{tmp_path}/nfs/app/x.log": silent,
        f"{tmp_path}/local/z.log": silent,
    }


def test_ten_thousand_logs_take_one_listing(tmp_path: Path) -> None:
    for number in range(10_000):
        os.close(os.open(f"{tmp_path}/{number}.log", os.O_CREAT))
    directories = Directories()
    assert len(find([f"{tmp_path}/*.log"], directories=directories).paths) == 10_000
    os.rename(tmp_path / "1.log", tmp_path / "moved.log")
    assert len(find([f"{tmp_path}/*.log"], directories=directories).paths) == 10_000, "as it was when first looked at"
