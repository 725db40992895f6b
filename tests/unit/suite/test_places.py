# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the suite takes its environments, trees and tarballs from."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.tests.suite import package, sanity, tree
from ansible_collections.day2.ops.tests.suite.pythons import Cell, asked, described, find, matrix
from ansible_collections.day2.ops.tests.suite.steps import suite

ALL = {version: Path(f"/opt/{version}") for version in ("3.9", "3.10", "3.11", "3.12", "3.13")}


def names(cells: List[Cell]) -> List[str]:
    return [cell.name for cell in cells]


@pytest.mark.parametrize(
    "versions, here, cells",
    [
        (list(ALL), "3.13", ["py3.9", "py3.10", "py3.11-core2.16", "py3.12-core2.18", "py3.13-corenewest"]),
        (["3.11", "3.13"], "3.13", ["py3.11-core2.16", "py3.11-core2.18", "py3.13-corenewest"]),
        (["3.11", "3.12"], "3.12", ["py3.11-core2.16", "py3.12-corenewest", "py3.12-core2.18"]),
        (["3.11"], "3.11", ["py3.11-corenewest", "py3.11-core2.16", "py3.11-core2.18"]),
        (["3.13"], "3.13", ["py3.13-corenewest", "py3.13-core2.18"]),
    ],
)
def test_matrix(versions: List[str], here: str, cells: List[str]) -> None:
    found = {version: ALL[version] for version in versions}
    assert sorted(names(matrix(found, here))) == sorted(cells)


def test_holes_are_told() -> None:
    found = {version: ALL[version] for version in ("3.11", "3.13")}
    text, wide = described(found, matrix(found, "3.13"))
    assert wide
    assert "Python 3.9: HOLE, not on this machine" in text
    assert "Python 3.11: 2.16, 2.18" in text


@pytest.mark.parametrize("versions, here", [(["3.11"], "3.11"), (["3.9", "3.14"], "3.14")])
def test_a_narrow_matrix_is_told(versions: List[str], here: str) -> None:
    found = {version: Path("/opt") for version in versions}
    text, wide = described(found, matrix(found, here))
    assert not wide
    assert text.endswith("too narrow: fewer than two versions of ansible-core on two of Python")


def test_interpreters_behind_shims_are_found(tmp_path: Path) -> None:
    shim, system, managed = (tmp_path / name for name in ("m/shims", "bin", "m/versions/3.13.1/bin"))
    for executable in (shim / "python3.13", system / "python3.11", managed / "python3.13", system / "python3.12"):
        executable.parent.mkdir(parents=True, exist_ok=True)
        executable.touch()

    def ask(executable: Path) -> Optional[Tuple[str, Path]]:
        works: Dict[Path, str] = {
            managed / "python3.13": "3.13",
            system / "python3.11": "3.11",
            system / "python3.12": "3.9",
        }
        return (works[executable], executable) if executable in works else None

    found = find(("3.13", "3.12", "3.11"), {"PATH": os.pathsep.join((str(shim), str(system)))}, ask)
    assert found == {"3.13": managed / "python3.13", "3.11": system / "python3.11"}


def test_this_python_says_who_it_is() -> None:
    answer = asked(Path(sys.executable))
    assert answer is not None and answer[0] == "{}.{}".format(*sys.version_info[:2])
    assert asked(Path("/bin/false")) is None
    assert asked(Path("/nonexistent")) is None


def test_the_suite_knows_every_step_that_a_step_waits_for() -> None:
    steps = suite(ALL, matrix(ALL, "{}.{}".format(*sys.version_info[:2])))
    known = [step.name for step in steps]
    assert len(set(known)) == len(known)
    assert {name for step in steps for name in step.after} <= set(known)


def test_the_tree_is_a_copy_of_what_git_knows(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "tree"
    for name in ("a.py", "deep/b.py", "ignored.log", ".gitignore"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("*.log\n" if name == ".gitignore" else name, encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "a.py").chmod(0o755)
    for kept in ("tests/output/venv/x", "gone/c.py"):
        (target / kept).parent.mkdir(parents=True, exist_ok=True)
        (target / kept).touch()
    known = tree.tracked(root)
    assert known == {Path("a.py"), Path("deep/b.py"), Path(".gitignore")}
    tree.copy(root, known, target)
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {"a.py", "deep/b.py", ".gitignore", "tests/output/venv/x"}
    assert os.access(target / "a.py", os.X_OK)
    assert not (target / "gone").exists()
    (root / "deep/b.py").unlink()
    tree.copy(root, tree.tracked(root), target)
    assert not (target / "deep").exists()


def test_the_link_leads_to_the_checkout(tmp_path: Path) -> None:
    tree.link(tmp_path)
    tree.link(tmp_path)
    assert (tmp_path / ".cache/link/ansible_collections/day2/ops").resolve() == tmp_path.resolve()


def test_golden_difference() -> None:
    assert package.difference(["a", "b"], ["b", "a"]) == []
    assert package.difference(["a", "b"], ["b", "c"]) == ["-a", "+c"]


def test_listing_names_files_only(tmp_path: Path) -> None:
    archive = tmp_path / "x.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        for name, kind in (("plugins", tarfile.DIRTYPE), ("plugins/b.py", tarfile.REGTYPE), ("a", tarfile.REGTYPE)):
            member = tarfile.TarInfo(name)
            member.type = kind
            opened.addfile(member, io.BytesIO())
    assert package.listing(archive) == ["a", "plugins/b.py"]


def test_complaints_of_the_importer() -> None:
    output = "Importing with galaxy-importer 1\nWARNING: no changelog\nno ERROR here\nERROR: bad tag\nImporter processing completed successfully\n"
    assert package.complaints(output) == ["WARNING: no changelog", "ERROR: bad tag"]


def test_the_pip_that_ansible_test_wants() -> None:
    assert sanity.pip_version("    default_packages = dict(\n        pip='25.2',\n    )\n") == "25.2"
    assert (
        sanity.pip_version("    default_packages = dict(\n        pip='23.1.2',\n        setuptools='67',\n")
        == "23.1.2"
    )
    with pytest.raises(ValueError, match="no longer names"):
        sanity.pip_version("")


def test_the_bootstrap_of_pip_is_ours(tmp_path: Path) -> None:
    sanity.bootstrap(tmp_path)
    (script,) = (tmp_path / ".ansible/test/cache").iterdir()
    text = script.read_text(encoding="utf-8")
    compile(text, script.name, "exec")
    assert f'"pip=={script.stem[len("get_pip_") :].replace("_", ".")}"' in text
