# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection where tools want it: ``…/ansible_collections/day2/ops``.

Most tools take a symlink (``.cache/link``). ansible-test and the build want real files (``.cache/tree``): a copy of
what git tracks or would track.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Iterable, Set

PLACE = Path("ansible_collections/day2/ops")
LINK = Path(".cache/link")
TREE = Path(".cache/tree")
# ansible-test keeps its virtual environments here; they outlive every copy.
KEPT = Path("tests/output")


def link(root: Path) -> None:
    """Point ``.cache/link/ansible_collections/day2/ops`` at the checkout."""
    place = root / LINK / PLACE
    place.parent.mkdir(parents=True, exist_ok=True)
    if not (place.is_symlink() and place.resolve() == root.resolve()):
        place.unlink(missing_ok=True)
        place.symlink_to(root.resolve())


def tracked(root: Path) -> Set[Path]:
    """The files of the checkout, those that are new and not ignored included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout
    names = {Path(os.fsdecode(name)) for name in listed.split(b"\0") if name}
    return {name for name in names if (root / name).is_file()}


def copy(root: Path, names: Iterable[Path], target: Path) -> None:
    """Make ``target`` hold exactly ``names``, touching only files that differ; ``KEPT`` in it is left alone."""
    wanted = set(names)
    target.mkdir(parents=True, exist_ok=True)
    for folder, folders, files in os.walk(target, topdown=True):
        here = Path(folder).relative_to(target)
        folders[:] = [name for name in folders if here / name != KEPT]
        for file in files:
            if here / file not in wanted:
                (target / here / file).unlink()
    for name in sorted(wanted):
        source, copied = root / name, target / name
        if not (copied.is_file() and filecmp.cmp(source, copied, shallow=False)):
            if copied.is_dir():
                shutil.rmtree(copied)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copied)
        shutil.copymode(source, copied)
    for folder, _folders, _files in os.walk(target, topdown=False):
        if Path(folder) != target and not os.listdir(folder):
            os.rmdir(folder)


def own_repository(tree: Path) -> None:
    """Make the tree a repository, so that ansible-test asks it, and not the checkout's, which ignores it, for files."""
    if not (tree / ".git").is_dir():
        subprocess.run(["git", "init", "--quiet", str(tree)], check=True)


def dependencies(root: Path) -> None:
    """Put the collections that ours needs beside it, from the ``ansible`` package."""
    needed = root / TREE / "ansible_collections/amazon"
    if not needed.is_symlink():
        needed.parent.mkdir(parents=True, exist_ok=True)
        needed.symlink_to(Path(sysconfig.get_path("purelib"), "ansible_collections/amazon"))


def main() -> int:
    """Bring link and tree up to date."""
    root = Path.cwd()
    link(root)
    copy(root, tracked(root), root / TREE / PLACE)
    own_repository(root / TREE)
    dependencies(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
