# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual environments beside ``.venv``: ``python -m tests.suite.venvs NAME INTERPRETER``.

One per cell of the matrix, and one for galaxy-importer. Made once and kept under ``.cache/venvs``; made anew when the
requirements change.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Sequence

REQUIREMENTS = Path("tests/unit/requirements.txt")
# It puts upper bounds on what it shares with the tools of .venv.
IMPORTER = "importer"
IMPORTER_PACKAGES = ("galaxy-importer>=0.4.30",)
# Old cores need collections of their age. Those in the wheel of ansible 11 run on ansible-core from 2.16 to 2.18.
COLLECTIONS = Path(".cache/collections/ansible11")
COLLECTIONS_PACKAGE = "ansible>=11,<12"
COLLECTIONS_TAKEN = ("ansible_collections/amazon/aws/", "ansible_collections/kubernetes/core/")


def venv_of(name: str) -> Path:
    """Where an environment lies."""
    return Path(".cache/venvs") / name


def packages_of(name: str) -> Sequence[str]:
    """What an environment consists of, as arguments of pip."""
    if name == IMPORTER:
        return IMPORTER_PACKAGES
    core = name.partition("-core")[2]
    # Where only target code is tried, the module_utils of whatever ansible-core that Python can have are enough.
    return ("-r", str(REQUIREMENTS), f"ansible-core~={core}.0" if core else "ansible-core")


def make(name: str, interpreter: str) -> None:
    """Make an environment, unless it is there and of the same requirements."""
    packages = packages_of(name)
    recipe = "\n".join((interpreter, *packages, REQUIREMENTS.read_text(encoding="utf-8")))
    wanted = hashlib.sha256(recipe.encode()).hexdigest()
    venv = venv_of(name)
    stamp = venv / "made-of"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(venv, ignore_errors=True)
        venv.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([interpreter, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin/python"), "-m", "pip", "install", "-qq", *packages], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    if "-core" in name:
        collect()


def collect() -> None:
    """Unpack the collections for the old cores."""
    if COLLECTIONS.is_dir():
        return
    COLLECTIONS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=COLLECTIONS.parent) as folder:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:"),
                *("--ignore-requires-python", "--dest", folder, COLLECTIONS_PACKAGE),
            ],
            check=True,
        )
        unpacked = Path(folder, "unpacked")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            wheel.extractall(unpacked, [name for name in wheel.namelist() if name.startswith(COLLECTIONS_TAKEN)])
        try:
            unpacked.rename(COLLECTIONS)
        except OSError:  # another cell was quicker
            if not COLLECTIONS.is_dir():
                raise


def main(arguments: Sequence[str]) -> int:
    """Make one environment."""
    name, interpreter = arguments
    make(name, interpreter)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
