# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scans as the reports' tests and the browser see them: a web host with an attack and a full disk, a fleet, the hostile."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status, overall
from ansible_collections.day2.ops.plugins.module_utils._log_scan.collect import Collector
from ansible_collections.day2.ops.plugins.module_utils._log_scan.merge import merge
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Hit, LogPattern, Place, Threshold
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report import LOG_FORMATS, LogForm
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_model import SCHEMA, LogReport

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=timezone.utc)
LEDGER: Mapping[str, Any] = {
    "appended": 0,
    "scanned": 0,
    "pending": 0,
    "pending_cause": None,
    "gap": 0,
    "gap_causes": [],
    "skipped": 0,
    "events": [],
    "unreadable": "",
}


def pattern(name: str, severity: str = "medium", **more: Any) -> LogPattern:
    return LogPattern(
        name=name, regex=re.compile(re.escape(name.encode("utf-8", "replace"))), severity=Severity(severity), **more
    )


PATTERNS = (
    pattern("oom_kill", "critical", pattern_set="kernel", message="The kernel killed {process} for want of memory"),
    pattern("disk_full", "high", pattern_set="syslog", message="No space left on {device}"),
    pattern(
        "failed_password",
        "high",
        pattern_set="sshd",
        message="Failed log-in of {user} from {client_ip}",
        threshold=Threshold(20, 300),
    ),
    pattern("server_error", "medium", pattern_set="nginx", message="{status} for {path}"),
    pattern("traceback", "medium", pattern_set="python", multiline="python", message="{error}"),
    pattern("slow_query", "low", pattern_set="postgresql", threshold=Threshold(50), message="A query took {seconds} s"),
)
_TRACE = """Traceback (most recent call last):
  File "/srv/shop/app/orders.py", line 212, in checkout
    total = sum(item.price for item in basket.items)
AttributeError: 'NoneType' object has no attribute 'items'"""


def events(seed: int = 7) -> Iterator[Tuple[str, str, str, datetime, Dict[str, str]]]:
    """Pattern, log, text, time and fields of what a web host writes in half a day."""
    rng = random.Random(seed)
    for _number in range(420):
        at = NOON - timedelta(minutes=rng.triangular(0, 14, 5))
        user, address = rng.choice(("root", "admin", "oracle", "git")), f"203.0.113.{rng.choice((7, 7, 7, 9, 11, 54))}"
        text = f"sshd[{rng.randrange(900, 9000)}]: Failed password for {user} from {address} port {rng.randrange(1024, 65535)} ssh2"
        yield "failed_password", "/var/log/auth.log", text, at, {"user": user, "client_ip": address}
    for _number in range(130):
        at = NOON - timedelta(minutes=rng.expovariate(1 / 150))
        path, status = (
            rng.choice(("/checkout", "/checkout", "/basket", "/api/v1/orders?page=2")),
            rng.choice(("502", "503", "500")),
        )
        address = f"198.51.100.{rng.randrange(1, 40)}"
        text = f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} 157 "-" "curl/8.9.1"'
        yield (
            "server_error",
            "/var/log/nginx/access.log",
            text,
            at,
            {"client_ip": address, "path": path, "status": status},
        )
    for minutes in (9, 31, 33, 190, 191):
        at = NOON - timedelta(minutes=minutes)
        text = f"{at:%Y-%m-%d %H:%M:%S},113 ERROR shop.orders: checkout failed\n{_TRACE}"
        yield (
            "traceback",
            "/srv/shop/log/app.log",
            text,
            at,
            {"error": "AttributeError: 'NoneType' object has no attribute 'items'"},
        )
    for minutes in (28, 29, 30):
        at = NOON - timedelta(minutes=minutes)
        text = "shop rsyslogd: file '/var/log/app/debug.log'[8] write error: No space left on device"
        yield "disk_full", "/var/log/syslog", text, at, {"device": "/var"}
    at = NOON - timedelta(minutes=34)
    text = "kernel: Out of memory: Killed process 2711 (postgres) total-vm:8231412kB, anon-rss:6120044kB"
    yield "oom_kill", "/var/log/kern.log", text, at, {"process": "postgres", "pid": "2711"}
    for number in range(12):
        at = NOON - timedelta(minutes=17 * number)
        text = f"LOG:  duration: {4000 + 37 * number}.114 ms  statement: SELECT * FROM orders WHERE note LIKE '%sale%'"
        yield "slow_query", "/var/log/postgresql/postgresql-17-main.log", text, at, {"seconds": f"{4 + number // 20}"}


def gathered(seed: int = 7, patterns: Sequence[LogPattern] = PATTERNS, max_samples: int = 5) -> Collector:
    collector = Collector(patterns, ("client_ip", "path"), max_samples)
    lines: Dict[str, int] = {}
    for name, log, text, at, fields in sorted(events(seed), key=lambda event: event[3]):
        lines[log] = lines.get(log, 1000) + 7
        hit = Hit(name, lines[log] * 93, text.encode(), fields)
        around = (b"kernel: postgres invoked oom-killer: gfp_mask=0x140cca",) if name == "oom_kill" else ()
        collector.add(hit, Place(log, lines[log] * 93, lines[log]), at, before=around)
    return collector


def files() -> List[Dict[str, Any]]:
    rotated = {
        "cause": "rotated",
        "path": "/var/log/nginx/access.log",
        "detail": "access.log is access.log.1 now; its rest was read first.",
    }
    cut = {
        "cause": "truncated",
        "path": "/srv/shop/log/app.log",
        "detail": "Cut in place by copytruncate; the copy app.log.1 was read on.",
    }
    return [
        {
            **LEDGER,
            "path": "/var/log/nginx/access.log",
            "appended": 812_334_112,
            "scanned": 812_334_112,
            "events": [rotated],
        },
        {
            **LEDGER,
            "path": "/var/log/auth.log",
            "appended": 91_200,
            "scanned": 91_072,
            "pending": 128,
            "pending_cause": "partial",
        },
        {
            **LEDGER,
            "path": "/srv/shop/log/app.log",
            "appended": 41_200_000,
            "scanned": 39_100_000,
            "gap": 2_100_000,
            "gap_causes": ["copytruncate_window", "vanished"],
            "events": [cut],
        },
        {
            **LEDGER,
            "path": "/var/log/syslog",
            "appended": 4_210_000,
            "scanned": 3_100_000,
            "pending": 1_110_000,
            "pending_cause": "budget",
        },
        {**LEDGER, "path": "/var/log/kern.log", "appended": 18_112, "scanned": 18_112},
        {**LEDGER, "path": "/var/log/postgresql/postgresql-17-main.log", "scanned": 9_030_000, "appended": 9_030_000},
        {**LEDGER, "path": "/var/log/secure", "unreadable": "open /var/log/secure: permission denied"},
        *({**LEDGER, "path": f"/var/log/app/worker-{number}.log"} for number in range(14)),
    ]


def result(
    collector: Optional[Collector] = None, ledger: Optional[List[Dict[str, Any]]] = None, problems: Sequence[str] = ()
) -> Dict[str, Any]:
    collector = gathered() if collector is None else collector
    ledger = files() if ledger is None else ledger
    verdicts = list(collector.verdicts())
    unknown = [(Status.UNKNOWN, Severity.LOW) for entry in ledger if entry["unreadable"]]
    found = collector.matches()
    count = sum(entry["count"] for entry in found)
    sentence = f"{count:,} matches of {len(found)} patterns in {len(ledger)} logs." if found else "Nothing was found."
    return {
        "schema": SCHEMA,
        "status": overall([*verdicts, *unknown]).value,
        "summary": {"sentence": sentence},
        "run_id": "20261128T120000Z",
        "redelivered": False,
        "engine": "hyperscan",
        "matches": found,
        "new": count,
        "files": ledger,
        "problems": list(problems),
        "bytes_scanned": sum(entry["scanned"] for entry in ledger),
        "backlog_bytes": sum(entry["pending"] for entry in ledger),
        "bytes_per_second": 391_000_000,
        "truncated": 0,
        "reports": [],
    }


def report(value: Optional[Dict[str, Any]] = None, **more: Any) -> LogReport:
    about = {
        "host": "web-1.example.com",
        "started_at": "2026-11-28T12:00:00Z",
        "finished": 1795867203,
        "version": "1.0.0",
        **more,
    }
    problems = ("The pattern slow_regex took longer than 2 s on one line and was left out of this run.",)
    return LogReport(result(problems=problems) if value is None else value, **about)


def quiet() -> LogReport:
    ledger = [{**LEDGER, "path": f"/var/log/app-{number}.log"} for number in range(3)]
    return report(result(Collector(PATTERNS), ledger))


def fleet() -> LogReport:
    """Two web hosts, one database where little happens, one with nothing, and two that did not answer."""
    calm = Collector(PATTERNS, ("client_ip", "path"))
    calm.add(
        Hit("slow_query", 10, b"LOG:  duration: 9000 ms", {"seconds": "9"}),
        Place("/var/log/postgresql.log", 10, 2),
        NOON,
    )
    results: Dict[str, Any] = {
        "web-1.example.com": {**result(), "started_at": "2026-11-28T12:00:00Z"},
        "web-2.example.com": {**result(gathered(11)), "started_at": "2026-11-28T12:00:02Z"},
        "db-1.example.com": {**result(calm, []), "started_at": "2026-11-28T12:00:01Z"},
        "cache-1.example.com": {**result(Collector(PATTERNS), []), "started_at": "2026-11-28T12:00:03Z"},
        "edge-7.example.com": {"schema": "something else"},
    }
    merged = merge(
        results, [*results, "web-3.example.com"], {"web-3.example.com": "connection timed out"}, "20261128T120000Z"
    )
    return report(merged, host="", title="Log scan of the shop")


HOSTILE = "<img src=x onerror=alert(1)>"


def hostile() -> LogReport:
    """Texts that want to be more than text, everywhere; bytes that are none; lines without an end; one wrong clock."""
    patterns = [
        pattern("slow_query", "low"),
        pattern("every", "critical", message=f"{{user}} {HOSTILE}", pattern_set=HOSTILE),
    ]
    collector = Collector(patterns, ("user",))
    hits = (
        (HOSTILE.encode(), HOSTILE),
        (b"</script><script>alert(2)</script> </pre>", "</title>"),
        (b"\x1b[31mred\x1b[0m \x00\xff\xfe \x1b]0;title\x07", "\u202egnp.exe"),
        ("ordinary \u202e\u2066 text, 日本語 and العربية".encode(), "日本語"),
        (b"A" * 60_000, "a" * 900),
        (b"'\"&&quot;`${alert(3)}", "javascript:alert(4)"),
    )
    for number, (record, user) in enumerate(hits):
        at = None if number == 2 else NOON - timedelta(minutes=number) if number != 4 else NOON.replace(year=1970)
        collector.add(
            Hit("every", number, record, {"user": user, HOSTILE: HOSTILE}, 999),
            Place(f"/tmp/{HOSTILE}\udcff", number, None),
            at,
            [HOSTILE.encode()],
        )
    ledger = [
        {
            **LEDGER,
            "path": HOSTILE,
            "gap": 5,
            "gap_causes": [HOSTILE],
            "events": [{"cause": HOSTILE, "path": HOSTILE, "detail": HOSTILE}],
        },
        {**LEDGER, "path": "/var/log/" + "long" * 90, "unreadable": HOSTILE * 9},
        {**LEDGER, "path": HOSTILE},
    ]
    value = {
        **result(collector, ledger, [HOSTILE]),
        "run_id": HOSTILE,
        "engine": HOSTILE,
        "summary": {"sentence": HOSTILE},
    }
    return report(value, host=HOSTILE, title=HOSTILE, started_at=HOSTILE)


def many(patterns: int = 300, samples: int = 5) -> LogReport:
    """A lot of everything."""
    known = [pattern(f"pattern-{number:04}", ("low", "medium", "high")[number % 3]) for number in range(patterns)]
    collector = Collector(known, ("client_ip",), samples)
    for number, one in enumerate(known):
        for each in range(6):
            at = NOON - timedelta(minutes=(number * 7 + each * 13) % 1400)
            text = f"something of {one.name} number {each} ".encode() + b"words " * 20
            collector.add(
                Hit(one.name, each, text, {"client_ip": f"192.0.2.{each}"}),
                Place(f"/var/log/app-{number}.log", each, each),
                at,
            )
    ledger = [
        {**LEDGER, "path": f"/var/log/app-{number}.log", "scanned": number, "appended": number}
        for number in range(patterns)
    ]
    return report(result(collector, ledger))


def forms() -> List[LogForm]:
    """Every format of a report."""
    return list(LOG_FORMATS.values())
