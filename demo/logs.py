# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of the demo: two folders with logs as hosts write them, from a seed, an hour at a time."""

from __future__ import annotations

import gzip
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple

HOSTS = ("web1", "web2")
LINES = 4000  # of each log and hour
SEED = 20261128
Maker = Callable[[random.Random, datetime, str], str]


def syslog(rng: random.Random, at: datetime, host: str) -> str:
    """A line of a syslog daemon; now and then the kernel or sshd has something to tell."""
    chance = rng.random()
    if chance < 0.0008:
        text = f"kernel: Out of memory: Killed process {rng.randint(900, 9000)} (java) total-vm:8123456kB, anon-rss:4012345kB"
    elif chance < 0.0015:
        text = f"kernel: nginx[{rng.randint(900, 9000)}]: segfault at 10 ip 00007f3a sp 00007ffd error 4 in libc.so.6"
    elif chance < 0.012:
        text = f"sshd[{rng.randint(900, 9000)}]: Failed password for invalid user admin from 203.0.113.{rng.randint(1, 9)} port 51122 ssh2"
    else:
        text = f"cron[{rng.randint(900, 9000)}]: (root) CMD (run-parts /etc/cron.hourly)"
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}+00:00 {host} {text}"


def nginx(rng: random.Random, at: datetime, _host: str) -> str:
    """A line of an access log."""
    status = rng.choices((200, 304, 404, 502), (90, 7, 2.6, 0.4))[0]
    path = rng.choice(("/", "/cart", "/checkout", "/static/app.js"))
    client = f"198.51.100.{rng.randint(1, 40)}"
    return f'{client} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "GET {path} HTTP/1.1" {status} {rng.randint(90, 9000)} "-" "Mozilla/5.0"'


def shop(rng: random.Random, at: datetime, _host: str) -> str:
    """A line of a program of one's own."""
    order = rng.randint(4000, 9999)
    if rng.random() < 0.004:
        reason = rng.choice(("card declined", "time-out", "password=hunter2 refused"))
        return f"{at:%Y-%m-%dT%H:%M:%SZ} ERROR payment {order} failed: {reason}"
    return f"{at:%Y-%m-%dT%H:%M:%SZ} INFO  order {order} accepted"


LOGS: Dict[str, Maker] = {"syslog": syslog, "access.log": nginx, "shop.log": shop}


class Logs:
    """What the two hosts have written until now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rng = random.Random(SEED)
        self._at = datetime.now(timezone.utc) - timedelta(hours=3)
        for host in HOSTS:
            (folder / host).mkdir(parents=True, exist_ok=True)

    def hour(self) -> None:
        """An hour of work."""
        for host, name, maker in self._each():
            with (self._folder / host / name).open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in self._lines(maker, host))
        self._at += timedelta(hours=1)

    def rotate(self) -> None:
        """What logrotate does at night: one log is renamed, one compressed, one copied and cut."""
        for host in HOSTS:
            place = self._folder / host
            (place / "syslog").rename(place / "syslog.1")
            (place / "syslog").touch()
            (place / "access.log.1.gz").write_bytes(gzip.compress((place / "access.log").read_bytes()))
            (place / "access.log").unlink()
            (place / "shop.log.1").write_bytes((place / "shop.log").read_bytes())
            with (place / "shop.log").open("r+b") as file:
                file.truncate()

    def _each(self) -> Iterator[Tuple[str, str, Maker]]:
        for host in HOSTS:
            for name, maker in LOGS.items():
                yield host, name, maker

    def _lines(self, maker: Maker, host: str) -> List[str]:
        step = timedelta(hours=1) / LINES
        return [maker(self._rng, self._at + step * number, host) for number in range(LINES)]


def inventory(folder: Path) -> Path:
    """An inventory of the two hosts, and of one that does not answer."""
    path = folder / "hosts.ini"
    lines = [
        f"{host} ansible_connection=local ansible_python_interpreter={sys.executable} logs={folder / host}"
        for host in HOSTS
    ]
    gone = "ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1 ansible_ssh_common_args='-o BatchMode=yes' logs=/var/log"
    path.write_text("\n".join([*lines, f"web3 {gone}"]) + "\n", encoding="utf-8")
    return path


def variables(folder: Path, report: Path) -> Dict[str, object]:
    """What the playbook is given."""
    return {
        "become": False,
        "state_dir": str(folder / "state" / "{{ inventory_hostname }}"),
        "paths": [f"{{{{ logs }}}}/{name}" for name in LOGS],
        "pattern_sets": ["kernel", "sshd", "nginx"],
        "patterns": {
            "payment_failed": {
                "regex": r"payment (?P<order>\d+) failed: (?P<reason>.+)",
                "severity": "high",
                "message": "payment of order {order} failed, {reason}",
            }
        },
        "aggregate": ["client_ip", "path", "reason"],
        "first_run": "beginning",
        "merged_reports": [{"path": str(report)}, {"path": str(report.with_suffix(".json"))}],
    }
