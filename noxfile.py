# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person or a machine may ask of this checkout: ``nox -l``.

Every session runs in the environment that nox itself runs in (``.venv``, made by ``make``): the one set of tools.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "units"]
# The suite tells of its own steps and ends with the line that counts; nox speaks up when something fails.
logging.getLogger("nox").setLevel(logging.WARNING)


def run(session: nox.Session, *arguments: str, **environment: str) -> None:
    """Start this environment's Python."""
    session.run(sys.executable, *arguments, external=True, env=environment)


def suite(session: nox.Session, *what: str) -> None:
    """Run groups or steps of the suite; ``nox -s test -- --list`` names them."""
    run(session, "-m", "tests.suite", *what, *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Everything, as CI does; or the steps that are named behind ``--``."""
    suite(session)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, mypy, ansible-lint, yamllint, and the linters of documentation and changelog."""
    suite(session, "lint")


@nox.session
def sanity(session: nox.Session) -> None:
    """ansible-test sanity."""
    suite(session, "sanity")


@nox.session
def units(session: nox.Session) -> None:
    """Unit tests with coverage, on every Python and ansible-core of the matrix."""
    suite(session, "units")


@nox.session
def integration(session: nox.Session) -> None:
    """The integration targets, and the fake AWS against its original."""
    suite(session, "integration")


@nox.session
def package(session: nox.Session) -> None:
    """The tarball: file list, galaxy-importer, and a run from where it is installed."""
    suite(session, "package")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation site, into docs/site/build/html."""
    suite(session, "docs")


@nox.session
def build(session: nox.Session) -> None:
    """The tarball, into .cache/dist."""
    suite(session, "build")


@nox.session
def manifest(session: nox.Session) -> None:
    """Take the tarball's file list as the golden one."""
    suite(session, "build")
    run(session, "-m", "tests.suite.package", "manifest", "--write")


@nox.session
def demo(session: nox.Session) -> None:
    """The main job on an embedded AWS."""
    run(session, "-m", "tests.suite.tree")
    script(session, "demo/run.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Speed against the peers, as ratios."""
    run(session, "-m", "tests.suite.tree")
    script(session, "benchmarks/bench.py")


def script(session: nox.Session, path: str) -> None:
    """Run a script with the collection at its name."""
    link = str(Path(".cache/link").absolute())
    run(
        session,
        path,
        *session.posargs,
        ANSIBLE_COLLECTIONS_PATH=link,
        PYTHONPATH=link,
        PATH=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    )
