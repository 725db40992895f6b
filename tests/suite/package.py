# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.suite.package build | manifest [--write] | importer``: the tarball, and what is in it."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import Callable, List, Mapping, Sequence

from .tree import PLACE, TREE
from .venvs import IMPORTER, venv_of

DIST = Path(".cache/dist")
MANIFEST = Path("tests/golden/manifest.txt")
# galaxy-importer prints what Galaxy would say on upload; these lines would stand in red or yellow there.
COMPLAINTS = ("ERROR", "WARNING", "CRITICAL")
IMPORTER_SETTINGS = {"GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true"}


def tarball() -> Path:
    """The one tarball that the last build left.

    :raises ValueError: when there is none.
    """
    built = sorted(DIST.glob("day2-ops-*.tar.gz"))
    if len(built) != 1:
        raise ValueError(f"expected one tarball in {DIST}, found {len(built)}")
    return built[0]


def build() -> int:
    """Build the tarball from the tree, where nothing lies that git does not know."""
    shutil.rmtree(DIST, ignore_errors=True)
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(galaxy), "collection", "build", str(TREE / PLACE), "--output-path", str(DIST)]
    return subprocess.run(command, check=False).returncode


def listing(archive: Path) -> List[str]:
    """The files in a tarball, sorted."""
    with tarfile.open(archive) as opened:
        return sorted(member.name for member in opened if member.isfile())


def difference(golden: Sequence[str], built: Sequence[str]) -> List[str]:
    """``-name`` for what the golden list has and the tarball lacks, ``+name`` for what is too much."""
    lines = difflib.unified_diff(sorted(golden), sorted(built), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def manifest(write: bool = False) -> int:
    """Compare the tarball's files with the golden list, or make that list anew."""
    built = listing(tarball())
    if write:
        MANIFEST.parent.mkdir(parents=True, exist_ok=True)
        MANIFEST.write_text("".join(f"{name}\n" for name in built), encoding="utf-8")
        return 0
    wrong = difference(MANIFEST.read_text(encoding="utf-8").split(), built)
    if wrong:
        print(f"the tarball's files are not those of {MANIFEST}; if that is meant: nox -s manifest")
        print("\n".join(wrong))
    return 1 if wrong else 0


def complaints(output: str) -> List[str]:
    """The lines of galaxy-importer's output that a maintainer has to act on."""
    return [line for line in output.splitlines() if line.startswith(COMPLAINTS)]


def importer() -> int:
    """Let galaxy-importer judge the tarball as Galaxy and Automation Hub do on upload."""
    bin_folder = venv_of(IMPORTER).absolute() / "bin"
    result = subprocess.run(
        [str(bin_folder / "python"), "-m", "galaxy_importer.main", str(tarball())],
        env={
            **os.environ,
            **IMPORTER_SETTINGS,
            "PATH": os.pathsep.join((str(bin_folder), os.environ["PATH"])),
            # Where amazon.aws is: for ansible-lint, and for ansible-doc, which the importer starts with a path of its own.
            "ANSIBLE_COLLECTIONS_PATH": sysconfig.get_path("purelib"),
            "PYTHONPATH": str(TREE.absolute()),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(result.stdout)
    Path("importer_result.json").unlink(missing_ok=True)
    wrong = complaints(result.stdout)
    print(f"{len(wrong)} complaints, exit code {result.returncode}")
    return 1 if wrong else result.returncode


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names."""
    jobs: Mapping[str, Callable[[], int]] = {
        "build": build,
        "manifest": lambda: manifest(write="--write" in arguments),
        "importer": importer,
    }
    return jobs[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
