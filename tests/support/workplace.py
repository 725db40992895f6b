# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs of ansible-core as a user starts them, in an empty folder, with nobody's own settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping, Optional

LIMIT = 900.0  # seconds for one program; only a hang takes so long
Ended = subprocess.CompletedProcess[str]


class Workplace:
    """A folder to start ``ansible-playbook`` and its siblings in."""

    def __init__(self, folder: Path, collections: str) -> None:
        self.folder = folder
        self.collections = collections

    def run(self, program: str, *arguments: str, environment: Optional[Mapping[str, str]] = None) -> Ended:
        """Start a program of this Python's environment; its output, errors included, is in ``stdout``."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        settings.pop("PYTHONPATH", None)
        settings.update(
            ANSIBLE_COLLECTIONS_PATH=self.collections,
            ANSIBLE_HOME=str(self.folder / "ansible-home"),
            ANSIBLE_LOCALHOST_WARNING="0",
            ANSIBLE_INVENTORY_UNPARSED_WARNING="0",
            AWS_EC2_METADATA_DISABLED="true",
        )
        settings.update(environment or {})
        return subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=self.folder,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    def playbook(self, playbook: str, environment: Mapping[str, str], variables: Mapping[str, Any]) -> Ended:
        """``ansible-playbook`` on localhost, with this Python for the modules too."""
        given = self.folder / "variables.json"
        given.write_text(json.dumps({"ansible_python_interpreter": sys.executable, **variables}), encoding="utf-8")
        return self.run("ansible-playbook", playbook, "--extra-vars", f"@{given}", environment=environment)
