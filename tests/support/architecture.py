# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house for one file: what it may import and what it may call. CONTRIBUTING.md says why.

A rule takes a :class:`File` and yields ``line: what is wrong``. :func:`faults` puts them together.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Dict, FrozenSet, Iterator, List, Mapping, Tuple

UTILS = "plugins.module_utils"
COMMON = "_common"
# Rooms that any subject may use; from their second user on.
MECHANISMS = frozenset(("_aws", "_progress", "_report", "_state", "_where"))
# Which further room a room may import. Short, and without cycles.
ROOM_IMPORTS: Mapping[str, FrozenSet[str]] = {
    "_report": frozenset(("_state",)),  # a report is written atomically
    "_ec2_schedule_lambda": frozenset(("_ec2_schedule",)),  # what it deploys
}
# Files that put a room's core and gateways together: they import both, and do nothing that either kind does.
FLOWS: Mapping[str, FrozenSet[str]] = {
    "_ec2_schedule": frozenset(("scheduling.py",)),
    "_ec2_schedule_lambda": frozenset(("deploy.py", "invoke.py")),
    "_log_scan": frozenset(
        (
            "first_run.py",
            "following.py",
            "merging.py",
            "run.py",
            "scanning.py",
            "segments.py",
            "sources.py",
            "timed.py",
            "work.py",
        )
    ),
    "_s3_encryption_audit": frozenset(("audit.py", "consolidate.py", "repair.py", "report.py", "restore.py")),
}
# Not a room, and yet a place of the clock.
CLOCKS: Mapping[str, str] = {
    "plugins/module_utils/_common/clock.py": "the home of the clock that is handed to everybody else",
    "plugins/module_utils/_common/run.py": "gives every task its clock and its chance",
    "plugins/plugin_utils/_progress.py": "waits on the controller for a module on the target",
}
# The outside world, as the standard library has it.
OUTSIDE = frozenset(
    (
        *(
            "asyncio",
            "fcntl",
            "ftplib",
            "getpass",
            "glob",
            "http.client",
            "http.server",
            "multiprocessing",
            "os",
            "pwd",
        ),
        *(
            "select",
            "selectors",
            "shutil",
            "signal",
            "smtplib",
            "socket",
            "socketserver",
            "sqlite3",
            "ssl",
            "subprocess",
        ),
        *("tempfile", "threading", "urllib.request", "urllib.error"),
    )
)
# Names whose use is I/O, the clock, the environment or chance.
FORBIDDEN = frozenset(
    (
        *(
            "builtins.open",
            "builtins.input",
            "builtins.print",
            "io.open",
            "os.environ",
            "os.environb",
            "os.getenv",
            "os.urandom",
            "uuid.uuid1",
            "uuid.uuid4",
        ),
        *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.process_time"),
        *("time.sleep", "time.localtime", "time.gmtime", "time.ctime"),
        *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    )
)
ENVIRONMENTS = ("os.environ", "os.environb")  # os.environ.get
FORBIDDEN_MODULES = ("random", "secrets")
TYPES_OF_CHANCE = "random.Random"  # may be named as a type, not made


@dataclass(frozen=True)
class Import:
    """One imported module, by its full name; relative ones are resolved to ``plugins.…``."""

    line: int
    module: str
    names: Tuple[str, ...]  # empty for "import x"
    relative: bool
    lazy: bool  # inside a function
    for_types: bool  # under "if TYPE_CHECKING"

    @property
    def parts(self) -> Tuple[str, ...]:
        """The names on the way, the imported ones too: any of them may be a module."""
        return (*self.module.split("."), *self.names)


@dataclass(frozen=True)
class File:
    """One Python file under ``plugins/``, by its path from the root of the collection."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.source, self.path)

    @property
    def room(self) -> str:
        """``_aws`` for what lies in that room; empty outside of rooms."""
        parts = PurePosixPath(self.path).parts
        return parts[2] if parts[:2] == ("plugins", "module_utils") and len(parts) > 3 else ""

    @property
    def layer(self) -> str:
        """``face | controller | run | common | gateway | flow | core``."""
        path = PurePosixPath(self.path)
        if path.parts[1] != "module_utils":
            return "controller" if path.parts[1] == "plugin_utils" else "face"
        if self.room == COMMON:
            return "run" if path.name == "run.py" else "common"
        if path.name == "gateway.py" or "gateway" in path.parts[:-1]:
            return "gateway"
        return "flow" if len(path.parts) == 4 and path.name in FLOWS.get(self.room, ()) else "core"


def imports(file: File) -> List[Import]:
    """Every import of a file, those inside functions included."""
    found: List[Import] = []
    package = PurePosixPath(file.path).parent.parts

    def walk(node: ast.AST, lazy: bool, for_types: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(node.lineno, name.name, (), False, lazy, for_types) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *((node.module,) if node.module else ())))
            names = tuple(name.name for name in node.names)
            found.append(Import(node.lineno, module, names, bool(node.level), lazy, for_types))
        lazy = lazy or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for statement in node.body:
                walk(statement, lazy, True)
            for statement in node.orelse:
                walk(statement, lazy, for_types)
            return
        for child in ast.iter_child_nodes(node):
            walk(child, lazy, for_types)

    walk(file.tree, False, False)
    return found


def is_standard(module: str) -> bool:
    """Whether a module is the standard library's."""
    return module.split(".")[0] in sys.stdlib_module_names


def import_faults(file: File) -> Iterator[str]:
    """What a file may import, by its layer."""
    for each in imports(file):
        for fault in _import_fault(file, each):
            yield f"{each.line}: {fault}"


def _import_fault(file: File, each: Import) -> Iterator[str]:
    layer = file.layer
    if each.module.startswith("ansible_collections.day2"):
        yield f"{each.module}: inside the collection imports are relative"
    elif each.relative:
        yield from _relative_fault(file, each)
    elif layer in ("face", "controller"):
        if not is_standard(each.module) and each.module.split(".")[0] not in ("ansible", "ansible_collections"):
            yield f"{each.module}: a {layer} knows Ansible and nothing else"
    elif layer == "run" and each.module == "ansible.module_utils.basic":
        pass
    elif each.module.split(".")[0] in ("ansible", "ansible_collections"):
        yield f"{each.module}: only _common/run.py knows Ansible, and of it ansible.module_utils.basic"
    elif not is_standard(each.module):
        if layer != "gateway":
            yield f"{each.module}: only a gateway uses what is not in the standard library"
        elif not (each.lazy or each.for_types):
            yield f"{each.module}: imported where it is used, since it may be missing"
    elif layer in ("core", "common"):
        for name in (each.module, *(f"{each.module}.{name}" for name in each.names)):
            if name in OUTSIDE:
                yield f"{name}: the outside world is for gateways"


def _relative_fault(file: File, each: Import) -> Iterator[str]:
    layer, parts = file.layer, each.parts
    if layer in ("face", "controller"):
        return
    if parts[:2] != ("plugins", "module_utils"):
        yield f"{each.module}: a target has module_utils and nothing else of the collection"
        return
    rooms = set(parts[2:3])
    for room in sorted(rooms - {file.room}):
        allowed = room == COMMON or room in ROOM_IMPORTS.get(file.room, ())
        if not allowed and not (file.room not in MECHANISMS and file.room != COMMON and room in MECHANISMS):
            yield f"{room}: not a room that {file.room} may use"
    if "gateway" in parts[3:] and layer in ("core", "common"):
        yield f"{each.module}: a core does not reach for a gateway; what it needs is an argument"


def call_faults(file: File) -> Iterator[str]:
    """I/O, clock, environment and chance outside of gateways, under whatever name they were imported."""
    if file.layer == "gateway" or file.path in CLOCKS:
        return
    tree = file.tree
    known = aliases(tree)
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Name, ast.Attribute)) or id(node) in inner:
            continue
        name = full_name(node, known)
        chance = name.split(".")[0] in FORBIDDEN_MODULES and (name != TYPES_OF_CHANCE or id(node) in called)
        if name in FORBIDDEN or name.rpartition(".")[0] in ENVIRONMENTS or ("." in name and chance):
            yield f"{node.lineno}: {name}: for gateways only; elsewhere it is an argument"


def aliases(tree: ast.Module) -> Dict[str, str]:
    """Local names and what they stand for: ``{"dt": "datetime.datetime", "open": "builtins.open"}``."""
    known = {name: f"builtins.{name}" for name in ("open", "input", "print")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            tops = ((name.name.split(".")[0],) * 2 for name in node.names if not name.asname)
            known.update({**dict(tops), **{name.asname: name.name for name in node.names if name.asname}})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)
    return known


def full_name(node: ast.AST, known: Mapping[str, str]) -> str:
    """``datetime.datetime.now`` for ``dt.now``; empty for what was not imported and is not a call to be watched."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute):
        start = full_name(node.value, known)
        return f"{start}.{node.attr}" if start else ""
    return ""


def fail_json_lines(file: File) -> List[int]:
    """Where a file ends a task in failure."""
    ways = ("fail_json", "fail_json_aws", "fail_from_exception")
    return sorted(node.lineno for node in ast.walk(file.tree) if isinstance(node, ast.Attribute) and node.attr in ways)


def faults(file: File) -> List[str]:
    """Everything wrong with one file, as ``path:line: what``."""
    return [f"{file.path}:{fault}" for rule in (import_faults, call_faults) for fault in rule(file)]


def cycles(edges: Mapping[str, FrozenSet[str]]) -> List[str]:
    """Rooms that lead back to themselves."""

    def reached(start: str) -> FrozenSet[str]:
        seen: FrozenSet[str] = frozenset()
        waiting = set(edges.get(start, ()))
        while waiting:
            room = waiting.pop()
            if room not in seen:
                seen |= {room}
                waiting |= edges.get(room, frozenset())
        return seen

    return sorted(room for room in edges if room in reached(room))
