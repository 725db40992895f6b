# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The suite: every step of ``make test``, the long ones first, so that all workers end together."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ..support.effort import LESS
from .model import Command, Step
from .pythons import NEWEST, OLD_CORES, Cell
from .tree import LINK, PLACE
from .venvs import COLLECTIONS, IMPORTER, venv_of

PYTHON = sys.executable
BASE = str(getattr(sys, "_base_executable", PYTHON))  # what this environment was made with
BIN = Path(PYTHON).parent
THIS = "{}.{}".format(*sys.version_info[:2])
HERE = Cell(THIS, NEWEST)  # the environment that this runs in
COVERAGE = ".cache/coverage"
CONFIGURATION = ".cache/ansible.cfg"  # empty, so that nobody's own is read
# What a target-only cell runs: the tests of target code, without those that need ansible-core itself.
TARGET_TESTS = (
    "tests/unit/plugins/module_utils",
    "--ignore=tests/unit/plugins/module_utils/_common/test_run.py",
)
# Type-checked strictly, under the collection's name.
TYPED = ("plugins", "roles", "extensions", "tests/support", "tests/suite", "benchmarks", "demo")
SITE = "docs/site"


def suite(interpreters: Mapping[str, Path], cells: Sequence[Cell]) -> List[Step]:
    """All steps, for the interpreters of this machine."""
    return [
        module("tree", "setup", "tests.suite.tree"),
        module("matrix", "units", "tests.suite.pythons", show=True),
        *sanity(interpreters),
        *(venv(cell, interpreters) for cell in cells if cell != HERE),
        *integration(cells),
        *units(cells),
        *package(),
        *lint(),
        *docs(),
    ]


def prepare() -> None:
    """Make what the steps take for granted."""
    Path(COVERAGE).mkdir(parents=True, exist_ok=True)
    Path(CONFIGURATION).touch()


def lint() -> List[Step]:
    """What is read, not run."""
    typed = [str(LINK / PLACE / folder) for folder in TYPED if next(Path(folder).rglob("*.py"), None)]
    refs = ("--plugin-docs", "--skip-rstcheck", "--validate-collection-refs=self")
    return [
        module(
            "ansible-lint", "lint", "ansiblelint", "--offline", "--strict", "--profile", "production", after=("tree",)
        ),
        module("types", "lint", "mypy", *typed, after=("tree",)),
        module("types-noxfile", "lint", "mypy", "noxfile.py"),
        program("docs-lint", "lint", "antsibull-docs", "lint-collection-docs", *refs, ".", after=("tree",)),
        program("changelog", "lint", "antsibull-changelog", "lint"),
        module("yaml", "lint", "yamllint", "--strict", "."),
        module("ruff", "lint", "ruff", "check", "--no-cache", "."),
        module("format", "lint", "ruff", "format", "--no-cache", "--check", "."),
    ]


def sanity(interpreters: Mapping[str, Path]) -> List[Step]:
    """ansible-test sanity of the newest core, and what target code must hold on every other Python."""
    only = ("--test", "compile", "--test", "import")
    wanted = {THIS: (), **{version: only for version in interpreters if version != THIS}}
    return [
        module(
            f"sanity:py{version}",
            "sanity",
            "tests.suite.sanity",
            *("sanity", "--venv", "--python", version, "--color", "no", *tests),
            after=("tree",),
            lock="ansible-test",
        )
        for version, tests in wanted.items()
    ]


def units(cells: Sequence[Cell]) -> List[Step]:
    """The unit tests in every cell of the matrix, and what of the code they reach.

    That is measured here only, where all of them run: measuring takes about as long again. Properties are tried in full
    on the oldest Python and here.
    """
    full = {
        HERE.python,
        min((cell.python for cell in cells), key=lambda python: [int(part) for part in python.split(".")]),
    }
    data = f"--data-file={COVERAGE}/all"
    mapped = tool("coverage", "combine", "--keep", data, f"{COVERAGE}/{HERE.name}")  # paths as in pyproject.toml
    return [
        *(
            tests(
                f"units:{cell.name}",
                "units",
                cell,
                *tested(cell),
                measure=cell == HERE,
                less=cell.python not in full,
            )
            for cell in cells
        ),
        Step("coverage", "units", (mapped, tool("coverage", "report", data)), after=(f"units:{HERE.name}",)),
    ]


def tested(cell: Cell) -> Tuple[str, ...]:
    """What a cell tests: here everything, with an old core what users run, without one what targets run."""
    if cell.core == NEWEST:
        return ("tests/unit",)
    return ("tests/unit/plugins",) if cell.core else TARGET_TESTS


def integration(cells: Sequence[Cell]) -> List[Step]:
    """What runs through ansible-playbook, with the newest core and with the oldest; the report in a browser."""
    tried = [cell for cell in cells if cell.core in (NEWEST, OLD_CORES[0][0])]
    run = ("tests/integration/test_targets.py", "tests/integration/test_organization.py")
    return [
        *(tests(f"integration:{cell.name}", "integration", cell, *run, less=cell != HERE) for cell in tried),
        tests("examples", "integration", HERE, "tests/integration/test_examples.py"),
        tests("schedule-function", "integration", HERE, "tests/integration/test_schedule_function.py"),
        tests("browser", "integration", HERE, "tests/browser"),
    ]


def package() -> List[Step]:
    """The tarball: its files, what Galaxy says of it, and that it works where it is installed."""
    return [
        module("build", "package", "tests.suite.package", "build", after=("tree",), show=True),
        module("manifest", "package", "tests.suite.package", "manifest", after=("build",)),
        module("venv:importer", "setup", "tests.suite.venvs", IMPORTER, BASE),
        module("importer", "package", "tests.suite.package", "importer", after=("build", "venv:importer")),
        tests("installed", "package", HERE, "tests/integration/test_installed.py", after=("build",)),
    ]


def docs() -> List[Step]:
    """The site, from the plugins' own documentation and the guides; any warning fails."""
    pages = (
        *("--config-file", f"{SITE}/antsibull-docs.cfg", "collection", "--use-current", "--squash-hierarchy"),
        *("--fail-on-error", "--cleanup", "everything", "--dest-dir", f"{SITE}/rst", "day2.ops"),
    )
    commands = (
        tool("tests.suite.site", "before"),
        Command((str(BIN / "antsibull-docs"), *pages), environment()),
        tool("tests.suite.site", "after"),
        tool("sphinx", "-M", "html", f"{SITE}/rst", f"{SITE}/build", "-c", SITE, "-W", "--keep-going", "-q", "-E"),
    )
    return [Step("site", "docs", commands, after=("tree",))]


def venv(cell: Cell, interpreters: Mapping[str, Path]) -> Step:
    """The environment of a cell."""
    interpreter = str(interpreters[cell.python])
    return module(f"venv:{cell.name}", "setup", "tests.suite.venvs", cell.name, interpreter)


def tests(
    name: str,
    group: str,
    cell: Cell,
    *arguments: str,
    measure: bool = False,
    less: bool = False,
    after: Tuple[str, ...] = (),
) -> Step:
    """pytest in the environment of a cell."""
    report = f".cache/junit/{name.replace(':', '-')}.xml"
    python = PYTHON if cell == HERE else str(venv_of(cell.name).absolute() / "bin/python")
    old = cell.core not in ("", NEWEST)
    collections = os.pathsep.join(str(path.absolute()) for path in ((LINK, COLLECTIONS) if old else (LINK,)))
    coverage = ("-m", "coverage", "run", f"--data-file={COVERAGE}/{cell.name}") if measure else ()
    command = Command(
        (python, *coverage, "-m", "pytest", *arguments, f"--junit-xml={report}", "-q"),
        {
            **environment(Path(python).parent),
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "PYTHONPATH": collections,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            **({LESS: "1"} if less else {}),
        },
    )
    needs = ("tree", *(() if cell == HERE else (f"venv:{cell.name}",)), *after)
    return Step(name, group, (command,), after=needs, junit=report)


def module(name: str, group: str, python_module: str, *arguments: str, **options: Any) -> Step:
    """A step that is one Python module of this environment."""
    return Step(name, group, (tool(python_module, *arguments),), **options)


def program(name: str, group: str, script: str, *arguments: str, **options: Any) -> Step:
    """A step that is one program of this environment."""
    return Step(name, group, (Command((str(BIN / script), *arguments), environment()),), **options)


def tool(python_module: str, *arguments: str) -> Command:
    """``python -m`` with what tools around Ansible want."""
    return Command((PYTHON, "-m", python_module, *arguments), environment())


def environment(programs: Path = BIN) -> Dict[str, str]:
    """The collection by its name, the programs of one environment first, and nobody's own settings."""
    root = Path.cwd()
    settings = {
        "PATH": os.pathsep.join((str(programs), os.environ.get("PATH", ""))),
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join((str(root / LINK), sysconfig.get_path("purelib"))),
        "ANSIBLE_HOME": str(root / ".cache/ansible"),
        # Without it antsibull takes what .venv holds for files of this repository, all of them ignored.
        "GIT_CEILING_DIRECTORIES": str(root),
        "ANSIBLE_CONFIG": str(root / CONFIGURATION),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    own = (name for name in os.environ if name.startswith("AWS_") and name != "AWS_CA_BUNDLE")
    return {**dict.fromkeys(own, ""), **settings}
