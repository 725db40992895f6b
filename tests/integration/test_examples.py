# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of the documentation is run: those of the modules, of the guide, and of the READMEs.

They run against the account of the demo, in one empty folder for each page, as a reader would type them one after the
other: a later one may use what an earlier one has left.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
import yaml
from ansible_collections.day2.ops.tests.support.aws import account, moto
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.aws.keys import Keys
from ansible_collections.day2.ops.tests.support.examples import Block, blocks_of, examples_of
from ansible_collections.day2.ops.tests.support.workplace import Ended, Workplace

CHECKOUT = Path(__file__).parents[2]
MODULES = sorted((CHECKOUT / "plugins/modules").glob("*.py"))
GUIDES = sorted((CHECKOUT / "docs/docsite/rst").glob("*.rst"))
READMES = sorted(page for page in (CHECKOUT / "README.md", *CHECKOUT.glob("roles/*/README.md")) if page.is_file())
# The accounts that the pages write of.
MEMBERS = ("111111111111", "222222222222")
# What the demo, the suite and Galaxy do is tested elsewhere.
NOT_RUN = ("make ", "ansible-galaxy ", "aws ")
# One instance for each of these schedules.
SCHEDULED = ("office", "batch", "always", "never", "ignore", "Mon-Fri 07:30-19:00 Europe/Madrid")


@pytest.fixture
def demo(fake_with_moto: FakeS3, moto_url: str) -> FakeS3:
    """The account of the demo, and two members of an organisation with a bucket each."""
    moto.reset(moto_url)  # the keys of the demo are made anew, with their aliases
    account.demo(fake_with_moto.store, Keys(moto_url))
    for number, member in enumerate(MEMBERS):
        fake_with_moto.store.add(f"acme-member-{number}", "eu-west-1", member)
    schedule(moto_url, fake_with_moto.environment()["AWS_REGION"])
    return fake_with_moto


def schedule(url: str, region: str) -> None:
    """Instances that carry a schedule."""
    ec2 = boto_client(url, "ec2", region)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for value in SCHEDULED:
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Schedule", "Value": value}]}]
        ec2.run_instances(ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1, TagSpecifications=tags)


class Reader:
    """Does what a page says, in one folder."""

    def __init__(self, workplace: Workplace, environment: Dict[str, str]) -> None:
        self._workplace = workplace
        self._environment = environment
        self.ended: List[Ended] = []

    @property
    def folder(self) -> Path:
        """Where the reader is."""
        return self._workplace.folder

    def follow(self, block: Block) -> None:
        """Write the file, or type the commands."""
        if block.caption:
            (self._workplace.folder / block.caption).write_text(block.text, encoding="utf-8")
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "console":
            for command in block.commands:
                self._type(command)
        elif block.is_play:
            self.play(block.text, may_fail="fail_on:" in block.text)
        elif block.language.startswith("yaml"):
            yaml.safe_load(block.text)

    def play(self, text: str, may_fail: bool = False) -> Ended:
        """Run a playbook; ``may_fail``: because of what it found, after it did its work."""
        (self._workplace.folder / "example.yml").write_text(text, encoding="utf-8")
        ended = self._workplace.run("ansible-playbook", "example.yml", environment=self._environment)
        assert ended.returncode == 0 or (may_fail and "fail_on is" in ended.stdout), ended.stdout
        return ended

    def _type(self, command: str) -> None:
        if command.startswith(NOT_RUN):
            return
        words = shlex.split(command)
        environment = dict(self._environment)
        while "=" in words[0]:
            name, _unused, value = words.pop(0).partition("=")
            environment.update(self._profile(value) if name == "AWS_PROFILE" else {name: value})
        ended = self._workplace.run(*words, environment=environment)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}"
        self.ended.append(ended)

    def _profile(self, name: str) -> Dict[str, str]:
        """What makes a profile of the keys of the environment, which then has them no more."""
        file = self._workplace.folder / "credentials"
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        lines = [f"[{name}]", *(f"{key.lower()} = {self._environment[key]}" for key in keys)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {"AWS_PROFILE": name, "AWS_SHARED_CREDENTIALS_FILE": str(file), **dict.fromkeys(keys, "")}


@pytest.fixture
def reader(workplace: Workplace, demo: FakeS3) -> Reader:
    """Somebody with the documentation and an account."""
    return Reader(workplace, demo.environment())


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_examples_of_module(reader: Reader, module: Path) -> None:
    tasks = examples_of(module)
    for file in CHECKOUT.glob("roles/*/files/*.py"):  # the role gives them to its module
        shutil.copy(file, reader.folder)
    if module.stem == "s3_encryption_audit_merge":  # what it merges must be there
        audit = "day2.ops.s3_encryption_audit"
        role = "arn:aws:iam::{}:role/audit"
        reports = [{"path": "slices/{run_id}/{account}.jsonl"}]
        tasks = [
            {"name": "Slice", audit: {"assume_role_arn": role.format(member), "run_id": "nightly", "reports": reports}}
            for member in MEMBERS
        ] + tasks
    play = {"name": module.stem, "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    ended = reader.play(yaml.safe_dump([play], sort_keys=False))
    assert f"ok={len(tasks)} " in ended.stdout


def changed(ended: Ended) -> List[int]:
    """The numbers of changes in the recap."""
    return [int(number) for number in re.findall(r"changed=(\d+)", ended.stdout)]


@pytest.mark.parametrize("page", GUIDES, ids=lambda path: path.stem)
def test_guide(reader: Reader, workplace: Workplace, demo: FakeS3, page: Path) -> None:
    for block in blocks_of(page):
        assert block.caption or not block.is_play  # a file without a name cannot be tried
        reader.follow(block)
    by_command = [(" ".join(ended.args[1:]), changed(ended)) for ended in reader.ended]
    OF_GUIDE[page.stem](by_command, workplace, demo)


Commands = List[Tuple[str, List[int]]]


def after_audit(by_command: Commands, workplace: Workplace, demo: FakeS3) -> None:
    """What the guide to audits has left."""
    assert [number for command, number in by_command if command.startswith("repair.yml")] == [[1], [1], [0]]
    assert [number for command, number in by_command if command == "way-back.yml"] == [[1]]
    assert "policy" not in demo.store.buckets["acme-scratch"].documents
    for report in ("s3-audit.html", "reports/s3-audit.html", "organisation.html"):
        assert (workplace.folder / report).is_file()
    assert all(member in (workplace.folder / "organisation.html").read_text(encoding="utf-8") for member in MEMBERS)


def after_schedules(by_command: Commands, workplace: Workplace, _demo: FakeS3) -> None:
    """What the guide to schedules has left: the tag ``never`` alone is enough for something to be due."""
    assert [number for command, number in by_command if command.startswith("schedule.yml")] == [[1], [1], [0]]
    report = json.loads((workplace.folder / "reports/schedule.json").read_text(encoding="utf-8"))
    assert set(report["run"]["accounts"]) == set(MEMBERS)
    for name in ("schedule.html", "savings.html", "savings.csv"):
        assert (workplace.folder / name).is_file()


def after_lambda(_by_command: Commands, _workplace: Workplace, _demo: FakeS3) -> None:
    """The guide to the Lambda function leaves nothing behind here."""


def after_scans(_by_command: Commands, workplace: Workplace, _demo: FakeS3) -> None:
    """The guide to log scans has found two payments once, and its timer is gone."""
    for name in ("logs.html", "fleet.html", "fleet.json"):
        assert (workplace.folder / name).is_file()
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in (workplace.folder / "stored").glob("*Z*.json")]
    assert sorted(result["new"] for result in stored) == [0, 2]
    assert not list(workplace.folder.glob("day2-log-scan-*"))
    assert not (workplace.folder / "lib/log_scan.pyz").exists()


OF_GUIDE = {
    "s3_encryption_audit": after_audit,
    "ec2_schedule": after_schedules,
    "ec2_schedule_lambda": after_lambda,
    "log_scan": after_scans,
}


@pytest.mark.parametrize("page", READMES, ids=lambda path: path.parent.name)
def test_readme(reader: Reader, page: Path) -> None:
    blocks = blocks_of(page)
    assert any(block.is_play for block in blocks)
    for block in blocks:
        reader.follow(block)


def test_readme_and_guide_show_the_same_inventory() -> None:
    role, guide = (
        [block.text for block in blocks_of(CHECKOUT / page) if block.language == "ini"]
        for page in ("roles/s3_encryption_audit/README.md", "docs/docsite/rst/s3_encryption_audit.rst")
    )
    assert role == guide
