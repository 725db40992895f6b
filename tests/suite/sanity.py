# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.suite.sanity [ansible-test arguments …]``: ansible-test in the tree, without its download."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Mapping, Sequence

from .pythons import CONTROLLER_PYTHONS, TARGET_PYTHONS, find
from .tree import PLACE, TREE

# What ansible-test runs to put pip into a virtual environment. Its own script comes from a host that not every network reaches.
BOOTSTRAP = """\
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"])
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "pip=={version}"])
"""


def pip_version(requirements_source: str) -> str:
    """The version of pip that this ansible-test installs first, from the source of its ``python_requirements.py``.

    :raises ValueError: when it says so in words that are not known here.
    """
    match = re.search(r"default_packages\s*=\s*dict\(\s*pip='([0-9.]+)'", requirements_source)
    if match is None:
        raise ValueError("ansible-test no longer names its version of pip where it used to")
    return match.group(1)


def bootstrap(home: Path) -> None:
    """Put our script where ansible-test looks before it downloads one."""
    spec = find_spec("ansible_test")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError("ansible-test is not installed")
    source = Path(spec.submodule_search_locations[0], "_internal/python_requirements.py").read_text(encoding="utf-8")
    version = pip_version(source)
    script = home / ".ansible/test/cache" / f"get_pip_{version.replace('.', '_')}.py"
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(BOOTSTRAP.format(version=version), encoding="utf-8")


def with_interpreters(path: str, links: Path, interpreters: Mapping[str, Path]) -> str:
    """PATH with every interpreter first, by a link in ``links``: ansible-test takes none from a virtual environment."""
    links.mkdir(parents=True, exist_ok=True)
    for version, executable in interpreters.items():
        link = links / f"python{version}"
        if not (link.is_symlink() and link.resolve() == executable.resolve()):
            link.unlink(missing_ok=True)
            link.symlink_to(executable)
    return os.pathsep.join((str(links.resolve()), path))


def main(arguments: Sequence[str]) -> int:
    """Run ``ansible-test`` and return its exit code."""
    bootstrap(Path.home())
    interpreters = find((*CONTROLLER_PYTHONS, *TARGET_PYTHONS), os.environ)
    environment = {**os.environ, "PATH": with_interpreters(os.environ["PATH"], Path(".cache/pythons"), interpreters)}
    environment.pop("PYTHONPATH", None)
    ansible_test = Path(sys.executable).with_name("ansible-test").absolute()
    ended = subprocess.run(
        [str(ansible_test), *arguments],
        cwd=TREE / PLACE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(ended.stdout)
    # ansible-test is content with nothing to look at; we are not.
    return ended.returncode or ("All targets skipped" in ended.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
