# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection from its tarball, installed where nothing else is, with all that users need not have deleted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
from ansible_collections.day2.ops.tests.suite.package import tarball
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.workplace import Workplace

CHECKOUT = Path(__file__).parents[2]
# "A collection must work if every file or directory is deleted except" these; the two JSON files are ansible-galaxy's own.
ENOUGH = ("meta", "plugins", "roles", "playbooks", "extensions", "MANIFEST.json", "FILES.json")
# ansible-galaxy installs nothing where it finds the collection, and it would find the checkout.
NOTHING_INSTALLED = {
    name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH")
}
PLAYBOOKS = sorted(path.stem for path in (CHECKOUT / "playbooks").glob("*.yml"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A collections path with the tarball installed and cut down to what must be enough."""
    folder = tmp_path_factory.mktemp("installed")
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    subprocess.run(
        [str(galaxy), "collection", "install", str(tarball().absolute()), "--offline", "--no-deps", "-p", str(folder)],
        check=True,
        capture_output=True,
        cwd=folder,
        env=NOTHING_INSTALLED,
    )
    collection = folder / "ansible_collections/day2/ops"
    for entry in collection.iterdir():
        if entry.name not in ENOUGH:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    yield str(folder)


@pytest.fixture
def elsewhere(tmp_path: Path, installed: str) -> Workplace:
    """An empty folder with the installed collection."""
    return Workplace(tmp_path, installed)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_playbook_is_found_by_its_name(elsewhere: Workplace, playbook: str) -> None:
    ended = elsewhere.run("ansible-playbook", f"day2.ops.{playbook}", "--syntax-check")
    assert ended.returncode == 0, ended.stdout


def test_audit_by_name(elsewhere: Workplace, fake_with_moto: FakeS3) -> None:
    fake_with_moto.store.add("acme-logs", "eu-west-1")
    report = elsewhere.folder / "report.json"
    ended = elsewhere.playbook(
        "day2.ops.s3_encryption_audit",
        fake_with_moto.environment(),
        {"s3_encryption_audit_reports": [{"path": str(report), "format": "json"}]},
    )
    assert ended.returncode == 0, ended.stdout
    assert "acme-logs" in report.read_text(encoding="utf-8")


def test_schedule_by_name(elsewhere: Workplace, fake_with_moto: FakeS3) -> None:
    (elsewhere.folder / "schedules.yml").write_text("office: Mon-Fri 07:30-19:00\n", encoding="utf-8")
    ended = elsewhere.playbook(
        "day2.ops.ec2_schedule",
        fake_with_moto.environment(),
        {"ec2_schedule_schedules_from": ["schedules.yml"], "ec2_schedule_reports": [{"path": "schedule.html"}]},
    )
    assert ended.returncode == 0, ended.stdout
    assert (elsewhere.folder / "schedule.html").is_file()


def test_documentation_is_found_by_name(elsewhere: Workplace) -> None:
    ended = elsewhere.run("ansible-doc", "--json", "day2.ops.s3_encryption_audit")
    assert ended.returncode == 0, ended.stdout
    assert "day2.ops.s3_encryption_audit" in json.loads(ended.stdout[ended.stdout.index("{") :])


def test_defaults_of_the_action_group_reach_the_modules_of_both_collections(
    elsewhere: Workplace, fake_with_moto: FakeS3
) -> None:
    fake_with_moto.store.add("acme-logs", "eu-west-1")
    surroundings = fake_with_moto.environment()
    url = surroundings.pop("AWS_ENDPOINT_URL")
    play = [
        {
            "name": "Both",
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"group/day2.ops.aws": {"endpoint_url": url}},
            "tasks": [
                {"name": "Ours", "day2.ops.s3_encryption_audit": {}},
                {"name": "Theirs", "amazon.aws.s3_bucket_info": {}, "register": "theirs"},
                {
                    "name": "The buckets of the fake",
                    "ansible.builtin.assert": {"that": "theirs.buckets | map(attribute='name') == ['acme-logs']"},
                },
            ],
        }
    ]
    (elsewhere.folder / "play.yml").write_text(json.dumps(play), encoding="utf-8")
    ended = elsewhere.playbook("play.yml", surroundings, {})
    assert ended.returncode == 0, ended.stdout


def test_demo(installed: str, tmp_path: Path) -> None:
    environment = {**NOTHING_INSTALLED, "ANSIBLE_COLLECTIONS_PATH": installed, "HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, str(CHECKOUT / "demo/run.py")],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
