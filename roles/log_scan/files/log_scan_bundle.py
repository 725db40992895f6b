# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the program of the timer together: one file that Python runs, with the rooms of the collection in it.

The same files give the same bytes, so that a second run of the role changes nothing::

    python log_scan_bundle.py MODULE_UTILS MAIN DESTINATION ROOM,ROOM,…
"""

import sys
import zipfile
from pathlib import Path
from typing import Dict, List

PACKAGE = "day2_ops"
NEEDS_ANSIBLE = "_common/run.py"
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the earliest time that the format knows
MODE = 0o100644 << 16
UNIX = 3


def contents(rooms: Path, main: Path, names: List[str]) -> Dict[str, bytes]:
    """What is in the archive, by its name there."""
    found = {"__main__.py": main.read_bytes(), f"{PACKAGE}/__init__.py": b""}
    for name in names:
        for path in sorted((rooms / name).rglob("*.py")):
            inner = path.relative_to(rooms).as_posix()
            if inner != NEEDS_ANSIBLE:
                found[f"{PACKAGE}/{inner}"] = path.read_bytes()
    return found


def bundle(files: Dict[str, bytes], destination: Path) -> None:
    """Write the archive. It is not compressed: zlib's versions differ in their output, and it travels once."""
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, WRITTEN)
            entry.create_system, entry.external_attr = UNIX, MODE
            archive.writestr(entry, files[name])


def main(arguments: List[str]) -> None:
    """See above."""
    rooms, start, destination, names = arguments
    bundle(contents(Path(rooms), Path(start), names.split(",")), Path(destination))


if __name__ == "__main__":
    main(sys.argv[1:])
