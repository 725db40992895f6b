# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house holds to its rules, and each rule can tell right from wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.day2.ops.plugins.module_utils._common.run import RESERVED
from ansible_collections.day2.ops.plugins.module_utils._common.version import VERSION
from ansible_collections.day2.ops.tests.suite.tree import tracked
from ansible_collections.day2.ops.tests.support import furniture
from ansible_collections.day2.ops.tests.support.architecture import (
    CLOCKS,
    FLOWS,
    ROOM_IMPORTS,
    File,
    cycles,
    fail_json_lines,
    faults,
)

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "plugins").rglob("*.py"))
ROOMS = sorted(path.name for path in (ROOT / "plugins/module_utils").iterdir() if (path / "__init__.py").is_file())

CORE = "plugins/module_utils/_room/judge.py"
GATEWAY = "plugins/module_utils/_room/gateway.py"
DEEP_GATEWAY = "plugins/module_utils/_room/gateway/files.py"
FLOW = "plugins/module_utils/_s3_encryption_audit/audit.py"
COMMON = "plugins/module_utils/_common/errors.py"
RUN = "plugins/module_utils/_common/run.py"
MODULE = "plugins/modules/thing.py"
ACTION = "plugins/action/thing.py"


# --- the house ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES)
def test_file(path: str) -> None:
    assert faults(File(path, (ROOT / path).read_text(encoding="utf-8"))) == []


def test_rooms_import_each_other_without_cycles() -> None:
    assert cycles(ROOM_IMPORTS) == []


def test_exceptions_are_still_needed() -> None:
    named = {*CLOCKS, *(f"plugins/module_utils/{room}/{name}" for room, names in FLOWS.items() for name in names)}
    assert named <= set(FILES)


def test_every_subject_is_furnished() -> None:
    assert furniture.unfurnished(ROOT) == []


def test_files_begin_with_their_licence() -> None:
    assert furniture.headless(ROOT, tracked(ROOT)) == []


def test_files_hold_one_idea() -> None:
    assert furniture.overlong(ROOT, tracked(ROOT)) == []


def test_the_version_is_that_of_the_collection() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"] == VERSION


def test_packages_begin_empty() -> None:
    assert furniture.furnished_inits(ROOT) == []


def test_one_place_fails_tasks() -> None:
    assert furniture.failing_places(ROOT) == []


def test_results_keep_clear_of_reserved_keys() -> None:
    assert furniture.reserved_results(ROOT, RESERVED) == []


def test_defaults_of_roles_are_those_of_their_argument_specs() -> None:
    assert furniture.roles_apart(ROOT) == []


def test_rooms_run_without_ansible(tmp_path: Path) -> None:
    """Copied under another name, in a Python without a single installed package, every file of every room imports."""
    package = tmp_path / "day2_ops"
    shutil.copytree(ROOT / "plugins/module_utils", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "_common/run.py").unlink()
    names = sorted(".".join(path.relative_to(tmp_path).with_suffix("").parts) for path in package.rglob("*.py"))
    script = f"import importlib, sys\nsys.path.insert(0, {str(tmp_path)!r})\nfor name in {names!r}: importlib.import_module(name)"
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert {f"day2_ops.{room}.__init__" for room in ROOMS} <= set(names)


# --- the rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, source, fault",
    [
        (CORE, "import boto3", "boto3: only a gateway uses"),
        (CORE, "def f():\n    import boto3", "2: boto3: only a gateway uses"),
        (CORE, "import socket", "socket: the outside world"),
        (CORE, "from urllib import request", "urllib.request: the outside world"),
        (CORE, "from .gateway import read", "a core does not reach for a gateway"),
        (CORE, "from . import gateway", "a core does not reach for a gateway"),
        (CORE, "from .._aws.gateway.client import Client", "a core does not reach for a gateway"),
        (CORE, "from .._other.model import Thing", "_other: not a room that _room may use"),
        (CORE, "from ...plugin_utils import x", "plugins.plugin_utils: a target has module_utils"),
        (CORE, "from ...plugin_utils._x import y", "plugins.plugin_utils._x: a target has module_utils"),
        (CORE, "from ansible.module_utils.basic import AnsibleModule", "only _common/run.py knows Ansible"),
        (
            CORE,
            "from ansible_collections.amazon.aws.plugins.module_utils.arn import parse",
            "only _common/run.py knows",
        ),
        (CORE, "from ansible_collections.day2.ops.plugins.module_utils._x.y import z", "imports are relative"),
        (GATEWAY, "import boto3", "boto3: imported where it is used"),
        (GATEWAY, "try:\n    import boto3\nexcept ImportError:\n    boto3 = None", "boto3: imported where it is used"),
        (GATEWAY, "def f():\n    import ansible", "only _common/run.py knows Ansible"),
        (DEEP_GATEWAY, "from ..._other.gateway import x", "_other: not a room that _room may use"),
        ("plugins/module_utils/_aws/gateway/client.py", "from ..._report.model import Rule", "_report: not a room"),
        ("plugins/module_utils/_aws/model.py", "from .._s3_encryption_audit.model import X", "not a room that _aws"),
        (FLOW, "import boto3", "boto3: only a gateway uses"),
        (FLOW, "open('x')", "builtins.open: for gateways only"),
        (COMMON, "from .._aws.model import Request", "_aws: not a room that _common may use"),
        (COMMON, "from ansible.module_utils.basic import AnsibleModule", "only _common/run.py knows Ansible"),
        (COMMON, "import yaml", "yaml: only a gateway uses"),
        (RUN, "from ansible.module_utils.common.text.converters import to_text", "of it ansible.module_utils.basic"),
        (RUN, "import boto3", "boto3: only a gateway uses"),
        (MODULE, "import boto3", "boto3: a face knows Ansible and nothing else"),
        (MODULE, "from ansible_collections.day2.ops.plugins.module_utils._x.y import z", "imports are relative"),
        (ACTION, "import requests", "requests: a face knows Ansible"),
        (CORE, "open('x')", "builtins.open: for gateways only"),
        (CORE, "print('x')", "builtins.print: for gateways only"),
        (CORE, "import io\nio.open('x')", "2: io.open"),
        (CORE, "import time\ntime.time()", "2: time.time"),
        (CORE, "from time import monotonic as m\nx = [m]", "time.monotonic"),
        (CORE, "import datetime as d\nd.datetime.now()", "datetime.datetime.now"),
        (CORE, "from datetime import datetime\ndef f(now=datetime.utcnow): pass", "datetime.datetime.utcnow"),
        (CORE, "from datetime import date\ndate.today()", "datetime.date.today"),
        (GATEWAY.replace("gateway", "x"), "from os import environ\nenviron['A']", "os.environ"),
        (MODULE, "import os\nos.environ.get('A')", "os.environ.get"),
        (CORE, "import random\nrandom.random()", "random.random"),
        (CORE, "from random import Random\nRandom()", "random.Random"),
        (CORE, "import secrets\nsecrets.token_hex()", "secrets.token_hex"),
        (CORE, "import uuid\nuuid.uuid4()", "uuid.uuid4"),
    ],
)
def test_a_rule_trips(path: str, source: str, fault: str) -> None:
    found = faults(File(path, source))
    assert any(fault in each for each in found), found
    assert all(each.startswith(f"{path}:") for each in found)


@pytest.mark.parametrize(
    "path, source",
    [
        (CORE, "import json\nfrom urllib.parse import quote\nfrom .model import X\nfrom .._common.plan import Plan"),
        (CORE, "from .._aws.model import Request\nfrom .._where.grammar import parse"),
        (CORE, "from random import Random\ndef f(rng: Random) -> float:\n    return rng.random()"),
        (CORE, "from datetime import datetime\ndef f(now: datetime): return now.isoformat()"),
        (CORE, "def f(open, random): return random.choice([open.x])"),
        ("plugins/module_utils/_room/checks/tls.py", "from ..model import X\nfrom ..._common.verdict import Status"),
        ("plugins/module_utils/_report/gateway.py", "from .._state.gateway import write_atomically"),
        (GATEWAY, "import socket\nimport time\ndef f():\n    import boto3\n    return time.time(), open('x')"),
        (GATEWAY, "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import boto3"),
        (FLOW, "import asyncio\nfrom .gateway.collect import collect\nfrom .._aws.gateway.client import Client"),
        (RUN, "import time\nfrom ansible.module_utils.basic import AnsibleModule\ntime.time()"),
        (MODULE, "from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule"),
        (MODULE, "from ..module_utils._room.gateway import read"),
        (ACTION, "from ansible.plugins.action import ActionBase\nfrom ..plugin_utils._progress import Followed"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    assert faults(File(path, source)) == []


def test_every_way_to_fail_a_task_is_seen() -> None:
    source = "def f(module):\n    module.fail_json(msg='')\n    fail = module.fail_json_aws\n    module.exit_json()"
    assert fail_json_lines(File(MODULE, source)) == [2, 3]


def test_cycles_are_seen() -> None:
    straight = {"a": frozenset("b"), "b": frozenset("c")}
    assert cycles(straight) == []
    assert cycles({**straight, "c": frozenset("a")}) == ["a", "b", "c"]


def write(root: Path, path: str, text: str = "x\n") -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    return Path(path)


FURNITURE = [
    "plugins/module_utils/_thing/model.py",
    "tests/unit/plugins/module_utils/_thing/deep/test_model.py",
    "tests/integration/targets/thing/tasks/main.yml",
    "docs/docsite/rst/thing.rst",
    "benchmarks/thing.py",
    "playbooks/thing.yml",
]


@pytest.mark.parametrize("missing", [None, *FURNITURE])
def test_what_a_subject_lacks_is_seen(tmp_path: Path, missing: str) -> None:
    write(tmp_path, "plugins/modules/thing.py")
    write(tmp_path, "plugins/modules/s3_encryption_audit_merge.py")  # serves another subject
    for path in FURNITURE:
        if path != missing:
            write(tmp_path, path)
    found = furniture.unfurnished(tmp_path)
    assert len(found) == (missing is not None)
    assert all(each.startswith("thing: no ") for each in found)


def test_a_missing_head_is_seen(tmp_path: Path) -> None:
    head = "".join(f"# {line}\n" for line in furniture.HEAD)
    names = [
        write(tmp_path, "good.py", f"#!/usr/bin/python\n{head}"),
        write(tmp_path, "empty.py", ""),
        write(tmp_path, "data.json", "{}"),
        write(tmp_path, "tests/golden/manifest.txt"),
        write(tmp_path, "bad.yml", "---\n"),
        write(tmp_path, "half.py", head.replace("SPDX", "SP")),
        write(tmp_path, "late.py", "\n" * 20 + head),
    ]
    assert [each.split(":")[0] for each in furniture.headless(tmp_path, names)] == ["bad.yml", "half.py", "late.py"]


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    names = [
        write(tmp_path, "long.py", "x\n" * 501),
        write(tmp_path, "fits.py", "x\n" * 500),
        write(tmp_path, "x.rst", "x\n" * 501),
    ]
    assert furniture.overlong(tmp_path, names) == ["long.py: 501 lines, over 500"]


def test_a_furnished_init_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "plugins/module_utils/_a/__init__.py", "")
    write(tmp_path, "plugins/module_utils/_b/__init__.py", "import os\n")
    assert furniture.furnished_inits(tmp_path) == ["plugins/module_utils/_b/__init__.py: not empty"]


def test_a_second_place_that_fails_tasks_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "plugins/module_utils/_common/run.py", "module.fail_json()\n")
    assert furniture.failing_places(tmp_path) == []
    write(tmp_path, "plugins/modules/thing.py", "module.fail_json()\n")
    assert "plugins/modules/thing.py:1" in furniture.failing_places(tmp_path)[0]


def test_a_reserved_result_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "plugins/modules/thing.py", 'RETURN = r"""\nskipped: {type: list}\nfindings: {type: list}\n"""\n')
    assert furniture.reserved_results(tmp_path, RESERVED) == ["thing: returns skipped, which ansible-core reserves"]


@pytest.mark.parametrize(
    "defaults, options, fault",
    [
        ({"thing_a": 1}, {"thing_a": {"default": 1}}, ""),
        ({}, {"thing_a": {"required": True}, "thing_b": {"type": "str"}}, ""),
        ({"thing_a": 1}, {}, "thing_a: has a default, but is no option"),
        ({}, {"thing_a": {"default": 1}}, "thing_a: has a default in argument_specs.yml only"),
        ({"thing_a": 1}, {"thing_a": {}}, "thing_a: has a default in defaults/main.yml only"),
        ({"thing_a": 1}, {"thing_a": {"default": 2}}, "thing_a: 1 in defaults/main.yml, 2 in argument_specs.yml"),
        ({"thing_a": 1}, {"thing_a": {"required": True}}, "thing_a: is required, and has a default"),
        ({"b": 1}, {"b": {"default": 1}}, "b: does not begin with thing_"),
    ],
)
def test_defaults_apart_from_the_specification_are_seen(defaults: dict, options: dict, fault: str) -> None:
    assert furniture.apart("thing", defaults, {"main": {"options": options}}) == ([fault] if fault else [])


def test_a_role_without_specification_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "roles/thing/tasks/main.yml")
    assert furniture.roles_apart(tmp_path) == ["thing: no meta/argument_specs.yml"]
