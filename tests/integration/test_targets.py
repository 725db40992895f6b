# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every folder of ``targets/`` is a role that runs on localhost, as ansible-test would run it.

A target that says ``cloud/aws`` in its ``aliases`` runs twice: against the strict fake in front of moto, and against moto
alone; with ``moto/alone`` beside it, since it asks nothing of S3, only the latter. With an old core one of them will do: what
core has to do with does not depend on who answers. It is told where it is by these variables,
and finds credentials and endpoint in its environment:

``aws_service``
    ``fake`` or ``moto``; moto forgets some settings, so a target may expect less of it.
``aws_endpoint_url``
    Of that service. The fake takes orders on ``/_control/``.
``output_dir``
    An empty folder.
``effort``
    ``less`` with an old core: of what core has nothing to do with, a part will do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Tuple

import pytest
import yaml
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.effort import in_full
from ansible_collections.day2.ops.tests.support.workplace import Workplace

TARGETS = Path(__file__).parent / "targets"
NAMES = sorted(folder.name for folder in TARGETS.iterdir() if (folder / "tasks/main.yml").is_file())
MOTO = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "us-east-1"}


def runs() -> List[Tuple[str, str]]:
    """Targets with the service that each run of them has; without one the second is empty."""
    both: List[Tuple[str, str]] = []
    for name in NAMES:
        file = TARGETS / name / "aliases"
        aliases = file.read_text(encoding="utf-8").split() if file.is_file() else []
        aws = ("moto",) if "moto/alone" in aliases else ("fake", "moto") if in_full() else ("fake",)
        both += [(name, service) for service in (aws if "cloud/aws" in aliases else ("",))]
    return both


@pytest.fixture
def surroundings(request: pytest.FixtureRequest, service: str) -> Dict[str, str]:
    """The environment variables of a service."""
    if service == "fake":
        fake: FakeS3 = request.getfixturevalue("fake_with_moto")
        return fake.environment()
    if service == "moto":
        return {**MOTO, "AWS_ENDPOINT_URL": request.getfixturevalue("moto_url")}
    return {}


@pytest.mark.parametrize("target, service", runs())
def test_target(workplace: Workplace, surroundings: Dict[str, str], target: str, service: str) -> None:
    output = workplace.folder / "output"
    output.mkdir()
    play = {"name": target, "hosts": "localhost", "gather_facts": False, "roles": [str(TARGETS / target)]}
    (workplace.folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    variables = {"output_dir": str(output), "effort": "full" if in_full() else "less"}
    if service:
        variables.update(aws_service=service, aws_endpoint_url=surroundings["AWS_ENDPOINT_URL"])
    ended = workplace.playbook("play.yml", surroundings, variables)
    assert ended.returncode == 0, ended.stdout


def test_every_module_has_a_target() -> None:
    modules = {path.stem for path in (TARGETS.parents[2] / "plugins/modules").glob("*.py")}
    assert modules <= set(NAMES)
