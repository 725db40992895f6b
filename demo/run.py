# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main jobs: audit an account of sixty buckets and repair it, stop a fleet by its schedules, and scan the logs of hosts.

``make demo`` starts a moto server and, for the S3 that moto is not, the strict fake of ``tests/support/aws`` in front of it, both
on loopback. The playbooks are those that users run; nothing in them knows that it talks to a demo. Reports go to
``demo-output/`` in the current folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator

import logs  # type: ignore[import-not-found]  # beside this script, which is no package

CHECKOUT = Path(__file__).resolve().parents[1]
LINK = CHECKOUT / ".cache" / "link"
OUTPUT = Path("demo-output").absolute()
ANSIBLE_PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
REPORTS = ("s3-audit.html", "s3-audit.json", "s3-audit.csv", "s3-audit.sarif", "s3-audit.md")
# What a repair is shown on: wrong in different ways, and one that is refused since CloudFormation manages it.
REPAIRED = ["acme-scratch", "acme-uploads", "acme-newsletter", "acme-old-console", "acme-billing-stack"]
CHECKS = ["tls_only", "public_access_block"]
SCHEDULE = "schedule.html"
LOGS = "logs.html"


@contextmanager
def embedded_aws() -> Iterator[Dict[str, str]]:
    """The environment variables that lead to an account of sixty buckets on loopback."""
    code = "from ansible_collections.day2.ops.tests.support.aws.fake_s3 import main; main()"
    command = [sys.executable, "-c", code, "--seed-account", "demo", "--moto", "--until-eof"]
    command += ["--set", "latency=0.03"]  # as far away as a region usually is
    environment = {**os.environ, "PYTHONPATH": str(LINK)}
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert server.stdin is not None and server.stdout is not None
    try:
        said = server.stdout.readline()
        if not said:
            raise SystemExit("the embedded AWS did not start")
        variables: Dict[str, str] = json.loads(said)["environment"]
        yield variables
    finally:
        server.stdin.close()
        server.wait(30)


def heading(text: str) -> None:
    print(f"\n\033[1m== {text}\033[0m\n" if sys.stdout.isatty() else f"\n== {text}\n", flush=True)


def playbook(aws: Dict[str, str], subject: str, variables: Dict[str, Any], *options: str, silent: int = 0) -> None:
    """Run a playbook as a user does, by its name, and show what it says.

    :param silent: how many hosts do not answer, so that it has to fail.
    """
    given = {f"{subject}_{name}": value for name, value in variables.items()}
    command = [str(ANSIBLE_PLAYBOOK), f"day2.ops.{subject}", "-e", json.dumps(given), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment.update(aws, ANSIBLE_LOCALHOST_WARNING="false", ANSIBLE_INVENTORY_UNPARSED_WARNING="false")
    environment.setdefault("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "false")
    environment.setdefault("ANSIBLE_COLLECTIONS_PATH", str(LINK))
    environment.setdefault("ANSIBLE_FORCE_COLOR", str(sys.stdout.isatty()))
    failed = subprocess.run(command, env=environment, check=False).returncode != 0
    if failed != bool(silent):
        raise SystemExit("the playbook failed" if failed else "nobody noticed that a host did not answer")


def recap(report: Path) -> None:
    """The audit in a few lines."""
    document = json.loads(report.read_text(encoding="utf-8"))
    summary = document["summary"]
    print(f"  {summary['sentence']}\n")
    print(f"  {'check':<30}{'pass':>6}{'fail':>6}{'unknown':>9}")
    for check, counts in summary["by_check"].items():
        print(f"  {check:<30}{counts['pass']:>6}{counts['fail']:>6}{counts['unknown']:>9}")
    print("\n  Worst of all:")
    worst = [finding for finding in document["findings"] if finding["status"] == "fail"]
    order = ("critical", "high", "medium", "low")
    worst.sort(key=lambda finding: (order.index(finding["severity"]), finding["bucket"]))
    for finding in worst[:5]:
        print(f"  {finding['severity']:<9}{finding['bucket'] or finding['account']:<22}{finding['message']}")


def audit(aws: Dict[str, str]) -> None:
    """Audit the buckets, and repair some of them."""
    heading("Audit: every check, five reports")
    reports = [{"path": str(OUTPUT / name)} for name in REPORTS]
    playbook(aws, "s3_encryption_audit", {"check_profile": "strict", "reports": reports})
    recap(OUTPUT / "s3-audit.json")
    repair = {
        "buckets": REPAIRED,
        "checks": CHECKS,
        "remediate": CHECKS,
        "backup_dir": str(OUTPUT / "backups"),
    }
    heading("Repair two checks: what would change (check mode, with --diff)")
    playbook(aws, "s3_encryption_audit", repair, "--check", "--diff")
    heading("Repair them")
    playbook(aws, "s3_encryption_audit", repair)
    heading("Once more: a second run changes nothing")
    playbook(aws, "s3_encryption_audit", repair)


def schedule(aws: Dict[str, str]) -> None:
    """Stop what nobody needs now, and draw the week."""
    heading("A fleet with a database, each with the schedule that its tag names")
    command = [sys.executable, str(Path(__file__).with_name("fleet.py")), aws["AWS_ENDPOINT_URL"]]
    fleet = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    policy = fleet["variables"]
    print(f"  {fleet['instances']} instances and a database in {policy['region']}")
    heading("Schedule: what is due now, a week ahead, and its picture")
    playbook(aws, "ec2_schedule", {**policy, "preview": 7, "reports": [{"path": str(OUTPUT / SCHEDULE)}]})
    heading("Once more: a second run changes nothing but what has come to rest since")
    playbook(aws, "ec2_schedule", policy)


def scan() -> None:
    """Scan the logs of two hosts, rotate them, and scan again: each line is told once."""
    folder = OUTPUT / "hosts"
    shutil.rmtree(folder, ignore_errors=True)
    there = logs.Logs(folder)
    there.hour()
    heading("Logs of three hosts, one of which does not answer")
    hosts = ("--inventory", str(logs.inventory(folder)))
    given = logs.variables(folder, OUTPUT / LOGS)
    playbook({}, "log_scan", given, *hosts, silent=1)
    there.hour()
    there.rotate()
    there.hour()
    heading("Two hours later, after a night with logrotate: what is new, each line once")
    playbook({}, "log_scan", given, *hosts, silent=1)
    found = json.loads((OUTPUT / LOGS).with_suffix(".json").read_text(encoding="utf-8"))
    print(f"  {found['summary']['sentence']}")


def main() -> None:
    begun = time.monotonic()
    OUTPUT.mkdir(exist_ok=True)
    heading("An embedded AWS with sixty buckets in three regions")
    with embedded_aws() as aws:
        print(f"  {aws['AWS_ENDPOINT_URL']}")
        audit(aws)
        schedule(aws)
    scan()
    heading(f"Done in {time.monotonic() - begun:.0f} s")
    print(f"  Open {OUTPUT / REPORTS[0]}")
    print(f"  and  {OUTPUT / SCHEDULE}")
    print(f"  and  {OUTPUT / LOGS}")
    print("  On an account of your own, once the collection is installed (ansible-galaxy collection install day2.ops):")
    print("    AWS_PROFILE=… ansible-playbook day2.ops.s3_encryption_audit \\")
    print("""      -e '{"s3_encryption_audit_reports": [{"path": "s3-audit.html"}]}'""")
    print("    AWS_PROFILE=… ansible-playbook day2.ops.ec2_schedule --check \\")
    print("""      -e '{"ec2_schedule_preview": 7, "ec2_schedule_reports": [{"path": "schedule.html"}]}'""", flush=True)


if __name__ == "__main__":
    main()
