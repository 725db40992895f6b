# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive of the function: the same files give the same bytes, whenever and wherever it is made."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import zipfile
from pathlib import PurePosixPath
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Set, Tuple

from .._common.errors import Day2Error

PACKAGE = "day2_ops"
"""What the rooms are called inside of the function."""
HANDLER_FILE = "ec2_schedule_main.py"
HANDLER = "ec2_schedule_main.handler"
CONFIG_FILE = "config.json"
_ICALENDAR = ("icalendar", "python-dateutil", "six")  # icalendar, and what it needs
_HAS_TYPES = 13  # from Python 3.13 on it needs no typing-extensions
_YAML = "PyYAML"
MOST_BYTES = 50 << 20  # what Lambda takes in one call
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the earliest time that the format knows
_MODE = 0o100644 << 16  # a plain file that everybody may read: the function runs as another user
_UNIX = 3

Read = Callable[[str], Optional[bytes]]


def reachable(start: str, read: Read) -> Dict[str, bytes]:
    """The files that ``start`` needs, itself included, by their paths in the folder of the rooms.

    Relative imports are followed, those inside functions too, but not those that only types need.

    :param read: the content of such a file; ``None`` when there is none.
    """
    found: Dict[str, bytes] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        content = read(path)
        if content is None:
            raise Day2Error(f"{path}: a file of the collection is missing; install the collection again")
        found[path] = content
        folder = PurePosixPath(path).parent
        waiting += [f"{each}/__init__.py" for each in (folder, *folder.parents) if str(each) != "."]
        for choices in _imported(path, content):
            waiting += [choice for choice in choices if choice not in found and read(choice) is not None]
    return found


def _imported(path: str, content: bytes) -> List[Tuple[str, ...]]:
    package = PurePosixPath(path).parent.parts
    found = []
    for node in _statements(ast.parse(content, path).body):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - node.level + 1]
            module = "/".join((*above, *(node.module.split(".") if node.module else ())))
            found.append((f"{module}.py", *(f"{module}/{name.name}.py".lstrip("/") for name in node.names)))
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, those inside others too, but not those that are for types alone."""
    for node in body:
        yield node
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            yield from _statements(getattr(node, "body", ()))
        for part in ("orelse", "finalbody"):
            yield from _statements(getattr(node, part, ()))
        for handler in getattr(node, "handlers", ()):
            yield from _statements(handler.body)


def localised(scheduling: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, str]]:
    """Options in which local files are named as the function has them, and which files those are.

    :returns: the options, and the path here of each path in the archive.
    """
    files: Dict[str, str] = {}

    def moved(path: str) -> str:
        for inside, here in files.items():
            if here == path:
                return inside
        inside = f"files/{len(files)}-{PurePosixPath(path).name}"
        files[inside] = path
        return inside

    changed = dict(scheduling)
    changed["schedules_from"] = [
        place if _is_remote(place) else moved(place) for place in scheduling.get("schedules_from") or ()
    ]
    changed["calendars"] = {
        name: _calendar(value, moved) for name, value in (scheduling.get("calendars") or {}).items()
    }
    return changed, files


def _is_remote(place: str) -> bool:
    return place.lower().startswith(("ssm:", "dynamodb:", "s3://", "https://", "http://"))


def _calendar(value: Any, moved: Callable[[str], str]) -> Any:
    if not isinstance(value, Mapping) or "ical" not in value:
        return value
    places = value["ical"]
    if isinstance(places, str):
        return {**value, "ical": places if _is_remote(places) else moved(places)}
    return {**value, "ical": [place if _is_remote(str(place)) else moved(str(place)) for place in places or ()]}


def libraries(scheduling: Mapping[str, Any], runtime: str) -> List[str]:
    """The Python packages that sources and calendars need, and that a runtime of Lambda does not have."""
    calendars = (scheduling.get("calendars") or {}).values()
    icalendar = any(isinstance(value, Mapping) and ("ical" in value or "ssm" in value) for value in calendars)
    sources = [place.lower() for place in scheduling.get("schedules_from") or ()]
    yaml = any(not place.startswith("dynamodb:") and not place.endswith(".json") for place in sources)
    needed = list(_ICALENDAR) if icalendar else []
    if icalendar and int(runtime.rpartition(".")[2]) < _HAS_TYPES:
        needed.append("typing-extensions")
    return needed + ([_YAML] if yaml else [])


def contents(
    rooms: Mapping[str, bytes], handler: str, config: Mapping[str, Any], others: Mapping[str, bytes]
) -> Dict[str, bytes]:
    """All files of the function by their paths in the archive. ``others`` are libraries and files of the user."""
    files = {f"{PACKAGE}/{path}": content for path, content in rooms.items()}
    files[f"{PACKAGE}/__init__.py"] = b""
    files[HANDLER_FILE] = handler.rstrip().encode() + b"\n"
    files[CONFIG_FILE] = json.dumps(config, indent=1, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n"
    twice = sorted(set(files) & set(others))
    if twice:
        raise Day2Error(f"{twice[0]}: a file of the function has this name already")
    return {**files, **others}


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive. Nothing of it depends on the time, the order of the files, or who may read them here.

    The files are not compressed: what a compressor makes of them depends on its version, and then the same function
    would be another one from another machine.

    :raises Day2Error: when it is more than Lambda takes.
    """
    seen: Set[str] = set()
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            if path.startswith("/") or ".." in PurePosixPath(path).parts or path in seen:
                raise Day2Error(f"{path}: not the path of a file in an archive")
            seen.add(path)
            entry = zipfile.ZipInfo(path, _WRITTEN)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, files[path])
    packed = memory.getvalue()
    if len(packed) > MOST_BYTES:
        raise Day2Error(f"the function has {len(packed):,} bytes, and Lambda takes {MOST_BYTES:,}")
    return packed


def sha256(packed: bytes) -> str:
    """The digest of an archive as Lambda tells it."""
    return base64.b64encode(hashlib.sha256(packed).digest()).decode()
