# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine, and which of them runs which ansible-core.

Started as a script by the Makefile, before anything is installed: the standard library only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

TARGET_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")  # what target code runs on
CONTROLLER_PYTHONS = ("3.14", "3.13", "3.12", "3.11")  # what .venv is made of, the newest first
# ansible-core of the field, each with the Pythons that can run it as a controller, the preferred one first.
OLD_CORES = (("2.16", ("3.11", "3.12")), ("2.18", ("3.12", "3.11", "3.13")))
NEWEST = "newest"
_WHO_ARE_YOU = (
    "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]); "
    "print(getattr(sys, '_base_executable', None) or sys.executable)"
)


def folders(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where interpreters may lie: PATH, then what an interpreter manager keeps behind its shims."""
    path = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep) if folder]
    yield from path
    roots = [folder.parent for folder in path if folder.name == "shims"]
    if environment.get("PYENV_ROOT"):
        roots.append(Path(environment["PYENV_ROOT"]))
    for root in roots:
        yield from sorted(root.glob("versions/*/bin"))


def asked(executable: Path) -> Optional[Tuple[str, Path]]:
    """Version and real place of an interpreter; ``None`` when it does not start or cannot make a virtual environment.

    A shim whose version is not switched on does not start; a system Python without its venv package lacks ensurepip.
    """
    try:
        answer = subprocess.run(
            [str(executable), "-I", "-c", _WHO_ARE_YOU], capture_output=True, text=True, timeout=30, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    return (answer[0], Path(answer[1])) if len(answer) == 2 else None


def find(
    wanted: Sequence[str],
    environment: Mapping[str, str],
    ask: Callable[[Path], Optional[Tuple[str, Path]]] = asked,
) -> Dict[str, Path]:
    """The first working interpreter of each wanted version, in the order wanted."""
    places = list(dict.fromkeys(folders(environment)))
    found: Dict[str, Path] = {}
    for version in wanted:
        for executable in (folder / f"python{version}" for folder in places):
            answer = ask(executable) if executable.exists() else None
            if answer and answer[0] == version:
                found[version] = answer[1]
                break
    return found


@dataclass(frozen=True)
class Cell:
    """One environment of the matrix; without a core it runs what a target runs."""

    python: str
    core: str = ""  # "" | "2.16" | "newest"

    @property
    def name(self) -> str:
        """``py3.11-core2.16``, as folders and steps are named."""
        return f"py{self.python}" + (f"-core{self.core}" if self.core else "")


def matrix(found: Mapping[str, Path], venv_python: str) -> List[Cell]:
    """Every core once, on the Python that it prefers among those found, and every further Python as a target."""
    cells = [Cell(venv_python, NEWEST)]
    taken = {venv_python}
    for core, pythons in OLD_CORES:
        fitting = [python for python in pythons if python in found]
        python = next((python for python in fitting if python not in taken), next(iter(fitting), None))
        if python:
            cells.append(Cell(python, core))
            taken.add(python)
    bare = [Cell(python) for python in TARGET_PYTHONS if python in found and python not in taken]
    return bare + sorted(cells, key=lambda cell: [int(part) for part in cell.python.split(".")])


def described(found: Mapping[str, Path], cells: Sequence[Cell]) -> Tuple[str, bool]:
    """The matrix for people, holes included, and whether it is wide enough: two cores and two Pythons."""
    lines = []
    for version in dict.fromkeys((*TARGET_PYTHONS, *(cell.python for cell in cells))):
        cores = [cell.core or "target only" for cell in cells if cell.python == version]
        lines.append(f"Python {version}: " + (", ".join(cores) if cores else "HOLE, not on this machine"))
    missing = [core for core, pythons in OLD_CORES if core not in {cell.core for cell in cells}]
    lines += [f"ansible-core {core}: HOLE, no Python here can run it" for core in missing]
    tried = {cell.core for cell in cells if cell.core}
    wide = len(tried) >= 2 and len({cell.python for cell in cells}) >= 2
    if not wide:
        lines.append("too narrow: fewer than two versions of ansible-core on two of Python")
    return "\n".join(lines), wide


def here() -> Tuple[Dict[str, Path], List[Cell]]:
    """The interpreters of this machine and the matrix that they make with the Python that runs this."""
    found = find(TARGET_PYTHONS, os.environ)
    return found, matrix(found, "{}.{}".format(*sys.version_info[:2]))


def main(arguments: Sequence[str]) -> int:
    """``newest`` prints the interpreter for .venv; without an argument the matrix is printed."""
    if arguments == ["newest"]:
        newest = next(iter(find(CONTROLLER_PYTHONS, os.environ).values()), None)
        if newest is None:
            print("no Python from 3.11 on with venv and ensurepip on PATH (Debian: python3-venv)", file=sys.stderr)
            return 1
        print(newest)
        return 0
    text, wide = described(*here())
    print(text)
    return 0 if wide else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
