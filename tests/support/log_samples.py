# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A log as hosts write it, from a seed, and the patterns that are looked for in it: for benchmarks and for tests.

Four lines in ten are syslog, three nginx, the rest Java and JSON; one in a thousand is something that a pattern names.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Iterator, List, Sequence, Tuple

from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import LogPattern

SEED = 20261128
EVENTS = 0.001  # of all lines
CHUNK = 1 << 20

# name, regex. The first one, the first ten and all fifty are the three lists. Two of ten and nine of fifty fold case; one
# has no literal that every match contains, and one is anchored at the start of a line.
_REGEXES: Tuple[Tuple[str, str], ...] = (
    ("oom", r"Out of memory: Killed process (?P<pid>\d+) \((?P<command>[^)]+)\)"),
    ("segfault", r"(?P<command>\S+)\[(?P<pid>\d+)\]: segfault at [0-9a-f]+ ip [0-9a-f]+"),
    ("io_error", r"(?:Buffer I/O error on dev|blk_update_request: I/O error, dev) (?P<device>\w+)"),
    ("ssh_password", r"Failed password for (?:invalid user )?(?P<user>\S+) from (?P<client_ip>\S+) port \d+"),
    ("http_5xx", r'^(?P<client_ip>\S+) \S+ \S+ \[[^\]]+\] "(?P<method>[A-Z]+) [^"]*" (?P<status>5\d\d) '),
    ("level", r"\b(?P<level>ERROR|FATAL|SEVERE|CRITICAL)\b"),
    (
        "java_error",
        r"\b(?P<error>(?:NullPointer|ClassCast|IllegalState)Exception|OutOfMemoryError|StackOverflowError)\b",
    ),
    ("connection", r"(?i)connection (?:refused|reset by peer|timed out)"),
    ("disk_full", r"(?i)no space left on device|disk quota exceeded"),
    ("sqlstate", r"<(?P<sqlstate>[0-9]{2}[A-Z][0-9]{2})>"),
    ("hung_task", r"INFO: task (?P<command>\S+) blocked for more than \d+ seconds"),
    ("soft_lockup", r"BUG: soft lockup - CPU#(?P<cpu>\d+) stuck for \d+s|rcu_sched self-detected stall"),
    ("machine_check", r"Machine check events logged|mce: \[Hardware Error\]"),
    ("ext4", r"EXT4-fs error \(device (?P<device>\w+)\)|EXT4-fs warning"),
    ("xfs", r"XFS \((?P<device>\w+)\): (?:Corruption detected|metadata I/O error|Internal error)"),
    ("remount", r"Remounting filesystem read-only"),
    ("conntrack", r"nf_conntrack: table full, dropping packet"),
    ("link_down", r"(?P<interface>\w+): (?:Link is Down|NIC Link is Down|carrier lost)"),
    ("ssh_invalid", r"Invalid user (?P<user>\S*) from (?P<client_ip>\S+)"),
    ("ssh_attempts", r"maximum authentication attempts exceeded for (?P<user>\S+)"),
    ("sudo_denied", r"(?P<user>\S+) : (?:user NOT in sudoers|\d incorrect password attempts?|command not allowed)"),
    ("pam_failure", r"pam_unix\((?P<service>[^)]+)\): authentication failure;.* user=(?P<user>\S+)"),
    ("account_locked", r"(?i)account (?:temporarily )?locked due to"),
    ("unit_failed", r"(?P<unit>\S+\.service): (?:Failed with result|Main process exited, code=(?:dumped|killed))"),
    ("start_limit", r"Start request repeated too quickly|start-limit-hit"),
    ("core_dumped", r"Process (?P<pid>\d+) \((?P<command>[^)]+)\) of user \d+ dumped core"),
    ("clock", r"(?i)clock skew detected|time has been changed"),
    ("certificate", r"(?i)certificate (?:has expired|verify failed)|self[- ]signed certificate in"),
    ("tls", r"SSL_do_handshake\(\) failed|SSL routines:.*:(?:unknown|unsupported) protocol|no shared cipher"),
    ("upstream", r"upstream (?:timed out|prematurely closed connection|sent too big header)|no live upstreams"),
    ("workers", r"worker_connections are not enough|server reached (?:MaxRequestWorkers|pm\.max_children)"),
    ("open_files", r"(?i)too many open files"),
    ("php", r"PHP (?P<level>Fatal error|Parse error):\s+(?P<text>.*) in (?P<file>\S+) on line (?P<line>\d+)"),
    ("modsecurity", r'ModSecurity: Access denied with code (?P<status>\d+).*\[id "(?P<rule>\d+)"\]'),
    ("deadlock", r"deadlock detected|Deadlock found when trying to get lock"),
    ("pg_panic", r"PANIC:  |could not write to file|invalid page in block (?P<block>\d+) of relation"),
    ("pg_slots", r"remaining connection slots are reserved|sorry, too many clients already"),
    ("mysql_crash", r"InnoDB: (?:Database page corruption|Operating system error|Unable to lock)|marked as crashed"),
    (
        "replication",
        r"(?i)replication (?:slave|replica) .* (?:stopped|aborted)|requested WAL segment \S+ has already been",
    ),
    ("redis", r"MISCONF Redis is configured to save RDB|Can't save in background: fork"),
    ("kafka", r"(?:UnderReplicatedPartitions|NotLeaderForPartition|OffsetOutOfRange)"),
    ("gc_overhead", r"GC overhead limit exceeded|Java heap space|unable to create (?:new )?native thread"),
    ("traceback", r"Traceback \(most recent call last\):"),
    ("gunicorn", r"WORKER TIMEOUT \(pid:(?P<pid>\d+)\)"),
    ("container", r"OCI runtime create failed|Back-off restarting failed container"),
    ("probe", r"(?:Liveness|Readiness|Startup) probe failed"),
    ("image", r"ErrImagePull|ImagePullBackOff|manifest unknown"),
    ("evicted", r"(?i)the node was low on resource: (?P<resource>[a-z-]+)|evicting pod"),
    ("json_level", r'"level":"(?P<level>error|fatal|panic)"'),
    ("license", r"(?i)licen[cs]e (?:key )?(?:has )?expired"),
)

# What happens one time in a thousand: kind of line and what stands in it.
_EVENTS: Tuple[Tuple[str, str], ...] = (
    ("kernel", "Out of memory: Killed process 4721 (java) total-vm:8123456kB, anon-rss:4000000kB"),
    ("kernel", "Out of memory: Killed process 99 (mysqld) total-vm:812kB"),
    ("kernel", "nginx[812]: segfault at 0 ip 00007f3a sp 00007ffe error 4 in libc.so.6"),
    ("kernel", "Buffer I/O error on dev sdb1, logical block 1, async page read"),
    ("kernel", "blk_update_request: I/O error, dev sda, sector 12345"),
    ("sshd", "Failed password for invalid user admin from 203.0.113.9 port 40022 ssh2"),
    ("sshd", "Failed password for root from 198.51.100.7 port 2201 ssh2"),
    ("nginx", "502"),
    ("nginx", "503"),
    ("nginx", "500"),
    ("java", "ERROR"),
    ("java", "FATAL"),
    ("java", "WARN java.lang.NullPointerException: null"),
    ("java", "WARN java.lang.OutOfMemoryError: Java heap space"),
    ("java", "WARN io.netty Connection reset by peer"),
    ("app", "dial tcp 10.0.0.3:5432: connect: Connection Refused"),
    ("app", "write /var/lib/app/data: No space left on device"),
    ("app", "statement failed with <40P01> after 3 tries"),
    ("app", "statement failed with <08006>"),
    ("kernel", "INFO: task jbd2/sda1-8 blocked for more than 120 seconds."),
    ("kernel", "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0"),
    ("kernel", "nf_conntrack: table full, dropping packet"),
    ("sshd", "Invalid user oracle from 203.0.113.200 port 51022"),
    ("app", "app.service: Failed with result 'exit-code'."),
    ("app", "upstream timed out (110: Connection timed out) while reading response header"),
    ("app", "accept4() failed (24: Too many open files)"),
    ("app", "PHP Fatal error:  Uncaught Error: Call to undefined function f() in /srv/a.php on line 12"),
    ("app", "deadlock detected"),
    ("app", "TLS: Certificate verify failed"),
    ("json", "error"),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROGRAMS = ("sshd", "CRON", "systemd", "dockerd", "kubelet", "postfix/smtpd", "dbus-daemon", "NetworkManager", "app")
_MESSAGES = (
    "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
    "Accepted publickey for deploy from 10.2.%d.%d port 51%03d ssh2: ED25519 SHA256:q0mFd%dTzXw4kUo",
    "Started Session %d of user deploy.",
    "Connection closed by 10.2.%d.%d port 4%04d [preauth]",
    "connect from mail-%d.example.org[10.9.%d.%d], timeout 300s",
    "(root) CMD (/usr/local/bin/rotate --keep %d >/dev/null 2>&1)",
    "device eth%d entered promiscuous mode",
    "Reloading configuration, 0 errors, %d warnings",
    "dhcp4 (eth%d): option routers => '10.4.%d.1'",
    'level=info msg="health check finished" container=%d duration=%dms failed=0',
)
_PATHS = (
    "/",
    "/api/v1/orders/%d",
    "/api/v1/users/%d/profile",
    "/static/js/app.%d.js",
    "/login",
    "/search?q=item+%d&page=2",
)
_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "curl/8.5.0", "kube-probe/1.30", "Go-http-client/2.0")
_CLASSES = (
    "c.e.orders.OrderService",
    "c.e.billing.InvoiceJob",
    "o.a.k.clients.consumer.Fetcher",
    "o.h.engine.jdbc.Batch",
)
_SAID = (
    "processed order %d in %d ms",
    "cache hit ratio 0.%d for region customers, %d entries",
    "retrying request %d, attempt %d of 3",
    "fetched %d records from partition orders-%d without errors",
    "transaction %d committed, %d rows",
)


def patterns(count: int = 50) -> Tuple[LogPattern, ...]:
    """The first ``count`` patterns: 1, 10 and 50 are the lists of the benchmark."""
    return tuple(LogPattern(name, re.compile(text.encode()), Severity.HIGH) for name, text in _REGEXES[:count])


def mixed_log(size: int, seed: int = SEED, events: float = EVENTS) -> Iterator[bytes]:
    """``size`` bytes at least, in chunks of whole lines of about 1 MiB; the same for the same seed."""
    rng = random.Random(seed)
    made, waiting = 0, 0
    lines: List[str] = []
    moment = 0
    while made + waiting < size:
        moment += rng.randrange(3)
        line = _event(rng, moment) if rng.random() < events else _plain(rng, moment)
        lines.append(line)
        waiting += len(line)
        if waiting >= CHUNK:
            yield _joined(lines)
            made, waiting, lines = made + waiting, 0, []
    if lines:
        yield _joined(lines)


def write_log(path: Path, size: int, seed: int = SEED, events: float = EVENTS) -> int:
    """Write the mixed log to a file; the bytes written."""
    written = 0
    with path.open("wb") as file:
        for chunk in mixed_log(size, seed, events):
            written += file.write(chunk)
    return written


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(lines).encode()


def _plain(rng: random.Random, moment: int) -> str:
    kind = rng.random()
    if kind < 0.40:
        text = rng.choice(_MESSAGES)
        return _syslog(rng, moment, rng.choice(_PROGRAMS), _filled(rng, text))
    if kind < 0.70:
        return _nginx(rng, moment, rng.choice(("200", "200", "200", "304", "301", "404")))
    if kind < 0.88:
        return _java(rng, moment, rng.choice(("INFO ", "INFO ", "DEBUG", "WARN ")), _filled(rng, rng.choice(_SAID)))
    return _json(rng, moment, "info", _filled(rng, rng.choice(_SAID)))


def _event(rng: random.Random, moment: int) -> str:
    kind, text = rng.choice(_EVENTS)
    if kind == "nginx":
        return _nginx(rng, moment, text)
    if kind == "java":
        return _java(rng, moment, text, _filled(rng, rng.choice(_SAID)))
    if kind == "json":
        return _json(rng, moment, text, "could not finish the request")
    return _syslog(rng, moment, kind, text)


def _filled(rng: random.Random, text: str) -> str:
    wanted = text.count("%")
    return text % tuple([rng.randrange(250) for _unused in range(wanted)]) if wanted else text


def _clock(moment: int) -> Tuple[int, int, int, int, int]:
    days, seconds = divmod(moment, 86400)
    return days // 28 % 12, days % 28 + 1, seconds // 3600, seconds // 60 % 60, seconds % 60


def _syslog(rng: random.Random, moment: int, program: str, text: str) -> str:
    month, day, hour, minute, second = _clock(moment)
    when = f"{_MONTHS[month]} {day:2d} {hour:02d}:{minute:02d}:{second:02d}"
    return f"{when} web-{rng.randrange(20):02d} {program}[{rng.randrange(300, 32000)}]: {text}\n"


def _nginx(rng: random.Random, moment: int, status: str) -> str:
    month, day, hour, minute, second = _clock(moment)
    host = f"10.{rng.randrange(250)}.{rng.randrange(250)}.{rng.randrange(250)}"
    when = f"{day:02d}/{_MONTHS[month]}/2026:{hour:02d}:{minute:02d}:{second:02d} +0000"
    asked = f"{rng.choice(('GET', 'GET', 'POST'))} {_filled(rng, rng.choice(_PATHS))} HTTP/1.1"
    size = rng.randrange(100, 90000)
    return f'{host} - - [{when}] "{asked}" {status} {size} "https://www.example.org/" "{rng.choice(_AGENTS)}"\n'


def _java(rng: random.Random, moment: int, level: str, text: str) -> str:
    month, day, hour, minute, second = _clock(moment)
    when = f"2026-{month + 1:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d},{rng.randrange(1000):03d}"
    return f"{when} {level} [http-nio-8080-exec-{rng.randrange(64)}] {rng.choice(_CLASSES)} - {text}\n"


def _json(rng: random.Random, moment: int, level: str, text: str) -> str:
    month, day, hour, minute, second = _clock(moment)
    when = f"2026-{month + 1:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
    request = f"{rng.getrandbits(64):016x}"
    return f'{{"time":"{when}","level":"{level}","msg":"{text}","request_id":"{request}","error":null,"status":200}}\n'
