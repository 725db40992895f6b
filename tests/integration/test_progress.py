# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A long module, followed: through ansible-playbook on this machine, with a home of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._progress.model import decode
from ansible_collections.day2.ops.tests.support.auditing import seeded
from ansible_collections.day2.ops.tests.support.aws.fake_s3 import FakeS3
from ansible_collections.day2.ops.tests.support.workplace import Ended, Workplace

PATIENCE = 30.0  # seconds; only a defect takes so long
RESULT = "result.json"


class Following:
    """A play of one task that audits the fake, and what it leaves in the home of its user."""

    def __init__(self, workplace: Workplace, fake: FakeS3) -> None:
        self.workplace = workplace
        self.fake = fake
        self.home = workplace.folder / "home"
        self.jobs = self.home / ".ansible_async"
        self.home.mkdir()
        self.environment: Dict[str, str] = {}

    def run(self, *flags: str, options: Dict[str, Any], **keywords: Any) -> Ended:
        """The whole play; ``keywords`` are those of the task."""
        task = {
            "day2.ops.s3_encryption_audit": {"checks": ["tls_only", "versioning"], **options},
            "register": "audit",
            "ignore_errors": True,
            **keywords,
        }
        told = {
            "ansible.builtin.copy": {"dest": str(self.workplace.folder / RESULT), "content": "{{ audit | to_json }}"},
            "check_mode": False,
        }
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task, told]}
        (self.workplace.folder / "play.json").write_text(json.dumps([play]), encoding="utf-8")
        environment = {**self.fake.environment(), "HOME": str(self.home), **self.environment}
        return self.workplace.run(
            "ansible-playbook",
            "play.json",
            *flags,
            "--extra-vars",
            json.dumps({"ansible_python_interpreter": sys.executable}),
            environment=environment,
        )

    @property
    def result(self) -> Dict[str, Any]:
        found: Dict[str, Any] = json.loads((self.workplace.folder / RESULT).read_text(encoding="utf-8"))
        return found

    def pid(self) -> int:
        """The module's process, as soon as it has left word."""
        return int(eventually(lambda: next(self._pids(), 0)))

    def _pids(self) -> Iterator[int]:
        for path in self.jobs.glob("day2_*/progress"):
            for line in path.read_text(encoding="utf-8").splitlines():
                progress = decode(line)
                if progress is not None:
                    yield progress.pid

    def left(self) -> List[str]:
        """What lies about in the home."""
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if path.is_file())


def eventually(look: Callable[[], Any]) -> Any:
    """The first thing that ``look`` finds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


@pytest.fixture
def following(workplace: Workplace) -> Iterator[Following]:
    with FakeS3() as fake:
        seeded(fake.store, 30)
        yield Following(workplace, fake)


def test_progress_is_shown_and_nothing_else_is_different(following: Following) -> None:
    following.fake.settings.latency = 0.05
    followed = following.run(options={"concurrency": 2, "run_id": "one"})
    assert "[localhost] audit: " in followed.stdout
    assert "of 30 buckets" in followed.stdout
    assert following.left() == []
    shown = following.result

    following.fake.settings.latency = 0.0
    own = following.workplace.folder / "progress"
    straight = following.run(options={"concurrency": 2, "run_id": "one", "progress_file": str(own)})
    assert "[localhost] audit: " not in straight.stdout
    assert decode(own.read_text(encoding="utf-8").splitlines()[-1]) is not None
    plain = following.result
    assert not plain["failed"] and plain["summary"]["pass"] == 60
    for result in (shown, plain):
        assert result.pop("duration_seconds") > 0
    assert shown == plain


def test_check_mode_is_followed_too(following: Following) -> None:
    following.fake.store.buckets["b-3"].remove("versioning")
    options = {"remediate": ["versioning"], "backup_dir": str(following.home / "backups")}
    ended = following.run("--check", "--diff", options=options)
    assert '+  "Status": "Enabled"' in ended.stdout, ended.stdout
    assert following.result["changed"]
    assert following.fake.counters["s3:PutBucketVersioning"] == 0
    assert following.left() == []


def test_a_failure_is_the_module_s_own(following: Following) -> None:
    following.run(options={"checks": ["tls_onyl"]})
    assert following.result["failed"]
    assert following.result["msg"].startswith("checks[0]: there is no 'tls_onyl'")
    following.run(options={"fail_on": "never", "max_unknown_percent": 5, "checks": ["object_encryption"]})
    assert following.result["failed"]
    assert following.result["msg"].startswith("max_unknown_percent is 5")
    assert following.result["summary"]["unknown"] == 30
    assert following.left() == []


@pytest.fixture
def aside() -> Iterator[Callable[..., "Future[Ended]"]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit


def test_a_module_that_is_killed_is_a_clear_failure(
    following: Following, aside: Callable[..., "Future[Ended]"]
) -> None:
    hanging = following.fake.rules.add(action="GetBucketPolicy", kind="delay", delay=60.0)
    play = aside(following.run, options={})
    pid = following.pid()
    eventually(lambda: hanging.hits)
    os.kill(pid, signal.SIGKILL)
    play.result(PATIENCE)
    assert following.result["failed"]
    assert following.result["msg"] == "the module's process ended without a result (killed, or out of memory)"
    assert following.left() == []


def test_a_task_out_of_time_leaves_nothing_running(following: Following, aside: Callable[..., "Future[Ended]"]) -> None:
    # Before the module has anything to say of how far it is.
    hanging = following.fake.rules.add(action="GetCallerIdentity", kind="delay", delay=60.0)
    play = aside(following.run, options={}, timeout=5)
    pid = following.pid()
    eventually(lambda: hanging.hits)
    play.result(PATIENCE)
    assert following.result["failed"]
    assert re.search("Timed out after 5 second|time frame .5.", following.result["msg"])
    assert gone(pid)
    assert following.left() == []


def test_a_task_that_is_asynchronous_itself_runs_as_any_other(following: Following) -> None:
    # ansible-core looks for the job in the home that the password file tells, not in this one.
    following.environment["ANSIBLE_ASYNC_DIR"] = str(following.jobs)
    ended = following.run(options={}, **{"async": 60, "poll": 1})
    assert following.result["summary"]["pass"] == 60
    assert "[localhost] audit: " not in ended.stdout
    assert not any("day2" in name for name in following.left())
