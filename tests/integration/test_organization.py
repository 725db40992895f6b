# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook on an organisation whose accounts are hosts: slices, the merged report, and one limit for all of them."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.tests.support.aws import account, moto
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.workplace import Ended, Workplace

PLAYBOOK = "day2.ops.s3_encryption_audit"
REPAIR = {
    "s3_encryption_audit_checks": ["tls_only"],
    "s3_encryption_audit_remediate": ["tls_only"],
    "s3_encryption_audit_backup_dir": "backups",
}


class Organization:
    """Accounts of five buckets each, of which two let plain HTTP in; a host for each."""

    def __init__(self, workplace: Workplace, fake: FakeS3, ids: List[str]) -> None:
        self.workplace = workplace
        self.fake = fake
        self.ids = ids

    def run(self, variables: Dict[str, Any], *options: str, accounts: int = 3, playbook: str = PLAYBOOK) -> Ended:
        """The playbook on the first so many accounts, all at once."""
        lines = ["[accounts]"]
        for number, name in enumerate(self.ids[:accounts]):
            role = f"arn:aws:iam::{name}:role/OrganizationAccountAccessRole"
            lines.append(f"team{number} s3_encryption_audit_account={name} s3_encryption_audit_assume_role_arn={role}")
        (self.workplace.folder / "accounts.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
        given = {
            "target_hosts": "accounts",
            "s3_encryption_audit_slices": "slices",
            "s3_encryption_audit_run_id": "nightly",
            "s3_encryption_audit_reports": [{"path": "merged.json"}],
            **variables,
        }
        command = ("ansible-playbook", playbook, "-i", "accounts.ini", "--forks", "3", "-e", json.dumps(given))
        return self.workplace.run(*command, *options, environment=self.fake.environment())

    @property
    def report(self) -> Dict[str, Any]:
        """The merged report."""
        found: Dict[str, Any] = json.loads((self.workplace.folder / "merged.json").read_text(encoding="utf-8"))
        return found

    @property
    def denying(self) -> Dict[str, int]:
        """How many buckets of each account have a policy."""
        buckets = self.fake.store.buckets.values()
        return {one: sum("policy" in it.documents for it in buckets if it.account == one) for one in self.ids}


@pytest.fixture
def organization(workplace: Workplace, fake_with_moto: FakeS3, moto_url: str) -> Organization:
    """Three accounts."""
    moto.reset(moto_url)
    return Organization(workplace, fake_with_moto, account.organization(fake_with_moto.store, moto_url))


def recap(ended: Ended) -> Dict[str, Tuple[int, int]]:
    """For each host how many tasks changed something, and how many failed."""
    found = re.findall(r"^(\S+) +: ok=\d+ +changed=(\d+) .* failed=(\d+)", ended.stdout, re.MULTILINE)
    return {host: (int(changed), int(failed)) for host, changed, failed in found}


def test_account_that_cannot_be_entered_is_unknown_and_fails_last(organization: Organization) -> None:
    first, lost, last = organization.ids
    organization.fake.settings.refused_roles = (f"*{lost}*",)
    ended = organization.run({"s3_encryption_audit_checks": ["tls_only"]})
    assert ended.returncode == 2, ended.stdout
    assert recap(ended) == {"team0": (0, 0), "team1": (0, 1), "team2": (0, 0)}
    slices = organization.workplace.folder / "slices/nightly"
    assert sorted(path.name for path in slices.iterdir()) == sorted(f"{name}.jsonl" for name in (first, last))
    report = organization.report
    audited = {it["account"]: it["status"] for it in report["findings"] if it["check"] == "account_audited"}
    assert audited == {first: "pass", lost: "unknown", last: "pass"}
    assert report["summary"]["by_check"]["tls_only"] == {"pass": 6, "fail": 4, "unknown": 0, "exempt": 0}
    merged = ended.stdout.index("Say what all accounts came to")
    assert "sts:AssumeRole" in ended.stdout[merged:], "the host ends with its reason"


@pytest.mark.parametrize(("limit", "options"), [("3", ()), ("39%", ()), ("39%", ("--check",))])
def test_plans_that_are_too_large_together_change_nothing_anywhere(
    organization: Organization, limit: str, options: Tuple[str, ...]
) -> None:
    before = organization.denying
    ended = organization.run({**REPAIR, "s3_encryption_audit_max_remediations": limit}, *options, accounts=2)
    assert ended.returncode == 2, ended.stdout
    assert organization.denying == before
    assert recap(ended) == {"team0": (0, 1), "team1": (0, 1)}
    assert f"4 changes to 4 of 10 buckets are planned in all accounts together and max_remediations is {limit}" in (
        " ".join(ended.stdout.split())
    )
    assert organization.report["summary"]["by_check"]["tls_only"]["fail"] == 4
    assert not (organization.workplace.folder / "backups").exists()


def test_plans_within_the_limit_are_carried_out_everywhere(organization: Organization) -> None:
    # A share of all buckets, not of each account's: here one account has a single bucket, which is to be changed.
    small = organization.ids[1]
    for number in range(1, 5):
        organization.fake.store.delete(organization.fake.store.buckets[f"acme-team-1-data-{number}"])
    organization.fake.store.buckets["acme-team-1-data-0"].remove("policy")
    within = {**REPAIR, "s3_encryption_audit_max_remediations": "50%"}
    checked = organization.run(within, "--check", accounts=2)
    assert recap(checked) == {"team0": (1, 0), "team1": (1, 0)}, checked.stdout
    assert organization.denying[small] == 0
    done = organization.run(within, accounts=2)
    assert recap(done) == {"team0": (1, 0), "team1": (1, 0)}, done.stdout
    assert [organization.denying[name] for name in organization.ids] == [5, 1, 3]
    assert organization.report["summary"]["by_check"]["tls_only"]["fail"] == 0
    again = organization.run(within, accounts=2)
    assert recap(again) == {"team0": (0, 0), "team1": (0, 0)}, again.stdout


def test_the_slice_of_last_night_is_not_taken_for_that_of_tonight(organization: Organization) -> None:
    first, lost, last = organization.ids
    checks = {"s3_encryption_audit_checks": ["tls_only"]}
    before = organization.run(checks)
    assert before.returncode == 0, before.stdout
    # Its job does not get as far as to touch its slice.
    organization.fake.settings.refused_roles = (f"*{lost}*",)
    assert organization.run(checks).returncode == 2
    report = organization.report
    audited = {it["account"]: it["status"] for it in report["findings"] if it["check"] == "account_audited"}
    assert audited == {first: "pass", lost: "unknown", last: "pass"}
    assert report["summary"]["by_check"]["tls_only"]["fail"] == 4


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"s3_encryption_audit_slices": ""}, "several hosts would write"),
        (
            {"s3_encryption_audit_slices": "", "s3_encryption_audit_reports": [{"path": "{account}.json"}]},
            "",
        ),
        ({"s3_encryption_audit_account": ""}, "no account could be missed by the merge"),
    ],
)
def test_what_could_only_be_lost_is_refused_before_anything_is_done(
    organization: Organization, variables: Dict[str, Any], said: str
) -> None:
    before = organization.denying
    ended = organization.run({**REPAIR, **variables}, accounts=2)
    assert said in " ".join(ended.stdout.split()), ended.stdout
    if said:
        assert recap(ended) == {"team0": (0, 1), "team1": (0, 1)}
        assert organization.denying == before
        assert not (organization.workplace.folder / "merged.json").exists()
    else:
        assert recap(ended) == {"team0": (1, 0), "team1": (1, 0)}
        written = sorted(path.name for path in organization.workplace.folder.glob("*.json"))
        assert written == sorted(f"{name}.json" for name in organization.ids[:2])


def test_repairs_one_account_after_the_other_are_refused(organization: Organization) -> None:
    play = {"name": "One by one", "hosts": "accounts", "connection": "local", "gather_facts": False, "serial": 1}
    role = {**play, "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}, "roles": [PLAYBOOK]}
    (organization.workplace.folder / "serial.yml").write_text(json.dumps([role]), encoding="utf-8")
    before = organization.denying
    ended = organization.run(REPAIR, accounts=2, playbook="serial.yml")
    assert ended.returncode == 2, ended.stdout
    assert "without serial" in ended.stdout
    assert organization.denying == before
