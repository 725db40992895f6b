# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the files of the function come from: the collection itself, Python packages of this interpreter, and the user."""

from __future__ import annotations

import importlib
import importlib.metadata
from pathlib import Path, PurePosixPath
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ..._common.errors import Day2Error, GatewayError

_COMPILED = (".so", ".pyd", ".dylib", ".dll")
_FASTER_COMPILED = ("PyYAML",)  # does the same without its compiled part
TIME_ZONES = "tzdata"


def room_file(path: str) -> Optional[bytes]:
    """A file of the rooms, by its path in their folder; ``None`` when there is none.

    On a target they are inside of the archive that ansible-core sent, so they are asked of whoever loaded them.
    """
    room, _slash, rest = path.partition("/")
    if not rest:
        return None
    above = (__package__ or "").rpartition("._ec2_schedule_lambda")[0]
    try:
        module = importlib.import_module(f"{above}.{room}")
    except ImportError:
        return None
    get_data: Any = getattr(module.__loader__, "get_data", None)
    if module.__file__ is None or get_data is None:
        return None
    try:
        return bytes(get_data(str(Path(module.__file__).parent / rest)))
    except OSError:
        return None


def package_files(name: str) -> Optional[Tuple[str, Dict[str, bytes]]]:
    """The version of an installed Python package, and its files by their paths; ``None`` when it is not installed.

    :raises Day2Error: when a part of it is compiled: that runs on one architecture and one Python.
    """
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    files: Dict[str, bytes] = {}
    for each in distribution.files or ():
        path = PurePosixPath(str(each))
        if path.suffix in _COMPILED and name not in _FASTER_COMPILED:
            raise Day2Error(f"the Python package {name} has a compiled part ({path}) and cannot be packed for Lambda")
        aside = (
            ".." in path.parts
            or path.is_absolute()
            or "__pycache__" in path.parts
            or path.suffix in (".pyc", *_COMPILED)
        )
        if aside or path.parts[0].endswith((".dist-info", ".egg-info")) or "tests" in path.parts:
            continue
        files[str(path)] = Path(str(distribution.locate_file(each))).read_bytes()
    return distribution.version, files


def packages(names: Sequence[str]) -> Tuple[Dict[str, bytes], Dict[str, str]]:
    """The files of Python packages, and the versions of these packages.

    Time zones are added where they are installed, so that the function has those of whoever deploys it.

    :raises Day2Error: when one of them is not installed here.
    """
    files: Dict[str, bytes] = {}
    versions: Dict[str, str] = {}
    for name in (*names, TIME_ZONES):
        found = package_files(name)
        if found is not None:
            versions[name] = found[0]
            files.update(found[1])
        elif name != TIME_ZONES:
            raise Day2Error(
                f"the Python package {name} has to go into the function (schedules_from or calendars need it) and is not"
                f" installed: python -m pip install {name} for the interpreter that runs this task"
            )
    return files, versions


def user_files(places: Mapping[str, str]) -> Dict[str, bytes]:
    """The content of local files, by their paths in the archive.

    :raises GatewayError: when one cannot be read.
    """
    found = {}
    for inside, here in places.items():
        try:
            found[inside] = Path(here).expanduser().read_bytes()
        except OSError as error:
            raise GatewayError("read", here, error.strerror or str(error)) from None
    return found
