# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house for the whole checkout: what every subject has, and what every file begins with.

A rule takes the root of a checkout and returns sentences about what is wrong, none when all is well.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path, PurePosixPath
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping

import yaml

from .architecture import File, fail_json_lines

MOST_LINES = 500
MOST_LINES_OF_TESTS = 700  # a table of cases reads well at a length that code does not
HEAD = (
    "Copyright (c) ",
    "GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "SPDX-License-Identifier: GPL-3.0-or-later",
)
HEAD_WITHIN = 8  # lines; the first two of a module are its interpreter and its encoding
# Everything that can carry a comment without showing it to a reader. Markdown is read as it is.
HEADED_SUFFIXES = frozenset(
    (".cfg", ".css", ".html", ".j2", ".js", ".py", ".rst", ".sh", ".toml", ".txt", ".yaml", ".yml")
)
HEADED_NAMES = frozenset((".ansible-lint", ".yamllint", "Makefile", "run"))
# Data that tools or other people write.
HEADLESS = ("tests/golden/", "changelogs/changelog.yaml", "changelogs/.plugin-cache.yaml")
# Modules that serve a subject of another name: they live in its room, guide and target.
SERVES: Mapping[str, str] = {
    "ec2_schedule_lambda": "ec2_schedule",
    "log_scan_merge": "log_scan",
    "s3_encryption_audit_merge": "s3_encryption_audit",
}


def modules(root: Path) -> List[str]:
    """The names of all modules."""
    return sorted(path.stem for path in (root / "plugins/modules").glob("*.py") if not path.name.startswith("_"))


def subjects(root: Path) -> List[str]:
    """The jobs a user has: one per module, but for those that serve another."""
    return [name for name in modules(root) if name not in SERVES]


def unfurnished(root: Path) -> List[str]:
    """What a subject lacks of its room, tests, guide, benchmark, and the way a fleet applies it."""
    wrong = []
    for subject in subjects(root):
        room = f"plugins/module_utils/_{subject}"
        places = {
            "room": [f"{room}/*.py"],
            "unit tests": [f"tests/unit/plugins/module_utils/_{subject}/**/test_*.py"],
            "integration target": [f"tests/integration/targets/{subject}/tasks/main.yml"],
            "guide": [f"docs/docsite/rst/{subject}.rst"],
            "benchmark": [f"benchmarks/{subject}.py"],
            "role or playbook": [f"roles/{subject}/tasks/main.yml", f"playbooks/{subject}.yml"],
        }
        for what, patterns in places.items():
            if not any(next(root.glob(pattern), None) for pattern in patterns):
                wrong.append(f"{subject}: no {what} ({' or '.join(patterns)})")
    return wrong


def headless(root: Path, tracked: Iterable[Path]) -> List[str]:
    """Files that do not begin with copyright, licence and SPDX line."""
    wrong = []
    for name in sorted(tracked):
        path = PurePosixPath(name.as_posix())
        wanted = path.suffix in HEADED_SUFFIXES or path.name in HEADED_NAMES
        if not wanted or str(path).startswith(HEADLESS) or not (root / name).stat().st_size:
            continue
        start = "\n".join((root / name).read_text(encoding="utf-8").splitlines()[:HEAD_WITHIN])
        if not all(line in start for line in HEAD):
            wrong.append(f"{path}: does not begin with the three lines of {__name__.rpartition('.')[2]}.HEAD")
    return wrong


def overlong(root: Path, tracked: Iterable[Path]) -> List[str]:
    """Python files that hold more than one idea. The documentation of a module is text, and counts for nothing."""
    sizes = {name: _lines_of_code((root / name).read_text("utf-8")) for name in tracked if name.suffix == ".py"}
    most = {name: MOST_LINES_OF_TESTS if name.name.startswith("test_") else MOST_LINES for name in sizes}
    return [f"{name}: {size} lines, over {most[name]}" for name, size in sorted(sizes.items()) if size > most[name]]


def _lines_of_code(text: str) -> int:
    return re.sub(r'^(DOCUMENTATION|EXAMPLES|RETURN) = r""".*?^"""$', "", text, flags=re.DOTALL | re.MULTILINE).count(
        "\n"
    )


def furnished_inits(root: Path) -> List[str]:
    """``__init__.py`` files with something in them: AnsiballZ ships them, readers overlook them."""
    found = sorted((root / "plugins").rglob("__init__.py"))
    return [f"{path.relative_to(root)}: not empty" for path in found if path.stat().st_size]


def failing_places(root: Path) -> List[str]:
    """Where a task is failed: once, in ``run.py``, in the whole collection."""
    places = [
        f"{path.relative_to(root).as_posix()}:{line}"
        for path in sorted((root / "plugins").rglob("*.py"))
        for line in fail_json_lines(File(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")))
    ]
    home = "plugins/module_utils/_common/run.py"
    return [] if len(places) == 1 and places[0].startswith(home) else [f"fail_json: wanted once in {home}: {places}"]


def reserved_results(root: Path, reserved: FrozenSet[str]) -> List[str]:
    """Documented results that ansible-core would read as its own."""
    wrong = []
    for name in modules(root):
        documented = constant(root / f"plugins/modules/{name}.py", "RETURN")
        for key in sorted(reserved & set(yaml.safe_load(documented) or {})):
            wrong.append(f"{name}: returns {key}, which ansible-core reserves")
    return wrong


def constant(path: Path, name: str) -> str:
    """The text that a module assigns to ``name``; empty when there is none."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            return str(ast.literal_eval(node.value))
    return ""


def roles_apart(root: Path) -> List[str]:
    """Where a role's defaults and its argument specification say different things."""
    wrong = []
    for role in sorted(path for path in (root / "roles").glob("*") if path.is_dir()):
        specified = role / "meta/argument_specs.yml"
        if not specified.is_file():
            wrong.append(f"{role.name}: no meta/argument_specs.yml")
            continue
        given = role / "defaults/main.yml"
        defaults = (yaml.safe_load(given.read_text(encoding="utf-8")) or {}) if given.is_file() else {}
        specification = yaml.safe_load(specified.read_text(encoding="utf-8"))["argument_specs"]
        wrong += [f"{role.name}: {sentence}" for sentence in apart(role.name, defaults, specification)]
    return wrong


def apart(role: str, defaults: Mapping[str, Any], specification: Mapping[str, Any]) -> List[str]:
    """The differences between the defaults of a role and the options of all its entry points."""
    options: Dict[str, Mapping[str, Any]] = {}
    for entry in specification.values():
        options.update(entry.get("options", {}))
    wrong = [f"{name}: does not begin with {role}_" for name in options if not name.startswith(f"{role}_")]
    for name in sorted({*defaults, *options}):
        option = options.get(name)
        if option is None:
            wrong.append(f"{name}: has a default, but is no option")
        elif option.get("required") and name in defaults:
            wrong.append(f"{name}: is required, and has a default")
        elif ("default" in option) != (name in defaults):
            place = "argument_specs.yml" if "default" in option else "defaults/main.yml"
            wrong.append(f"{name}: has a default in {place} only")
        elif "default" in option and option["default"] != defaults[name]:
            wrong.append(
                f"{name}: {defaults[name]!r} in defaults/main.yml, {option['default']!r} in argument_specs.yml"
            )
    return wrong
