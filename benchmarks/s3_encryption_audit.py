# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast is an audit, beside the physical limit and beside the module that people use today?

    make bench                        100 and 1,000 buckets, plain and over TLS with 1 % of 503s
    .venv/bin/nox -s bench -- s3_encryption_audit --buckets 100,1000,10000 --peer 1000

A fake S3 in a process of its own answers each request after 30 ms. In one run, in turn: the lean floor of
``lean_floor.py``, which makes the same calls with the same number in flight and does nothing with the answers; our
audit, from its options to its serialised result; and, plain and for the three questions only,
``amazon.aws.s3_bucket_info``, which asks one thing at a time. Machines are noisy: the figures are medians of
``--repeat`` runs, and the ratios are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Dict, List, Optional

HERE = Path(__file__).resolve().parent
LATENCY = 0.03
KEYS = {"access_key": "AKIATESTKEY00000000A", "secret_key": "test-secret-key-of-the-fake"}
THREE = ["default_encryption", "tls_only", "public_access_block"]
QUERIES = {
    "three questions": ["encryption", "policy", "publicAccessBlock"],
    "all checks": [
        *("encryption", "policy", "policyStatus", "publicAccessBlock", "acl", "ownershipControls"),
        *("versioning", "logging", "object-lock", "lifecycle"),
    ],
}
OPTIONS: Dict[str, Dict[str, Any]] = {"three questions": {"checks": THREE}, "all checks": {"check_profile": "strict"}}

# What a task does, without Ansible around it: options in, serialised result out.
OURS = """
import json, random, resource, sys, time
begun = time.perf_counter()
from ansible_collections.day2.ops.plugins.module_utils._common.job import Job
from ansible_collections.day2.ops.plugins.module_utils._common.run import SystemClock, as_task_result
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.arguments import AUDIT
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.audit import audit
import boto3
given = json.load(sys.stdin)
options = {name: argument.get("default") for name, argument in AUDIT.arguments.items()}
options.update(given, validate_certs=True)
start, cpu = time.perf_counter(), time.process_time()
outcome = audit(Job(options, False, SystemClock(), random.Random(1), print))
text = json.dumps(as_task_result(outcome, 0.0))
print(json.dumps({
    "wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "start": start - begun,
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "calls": sum(outcome.result["api_calls"].values()), "findings": outcome.result["summary"]["findings"],
}))
"""


class Server:
    """The fake S3 and its upstream, in a process that ends with this one."""

    def __init__(self, buckets: int, tls: bool, directory: str) -> None:
        code = "from ansible_collections.day2.ops.tests.support.aws.fake_s3 import main; main()"
        command = [sys.executable, "-c", code, "--seed-account", str(buckets), "--moto", "--until-eof"]
        command += ["--set", f"latency={LATENCY}"]
        self.ca = ""
        if tls:
            command += ["--tls-directory", directory]
            command += ["--rule", json.dumps({"code": "SlowDown", "share": 0.01, "seed": 7})]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.url: str = said["url"]
        if tls:
            self.ca = said["environment"]["AWS_CA_BUNDLE"]

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def environment(**more: str) -> Dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    quiet = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    quiet["AWS_EC2_METADATA_DISABLED"] = "true"
    return {**kept, **quiet, **more}


def program(command: List[str], job: Dict[str, Any], **more: str) -> Dict[str, float]:
    done = subprocess.run(
        [sys.executable, *command],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        env=environment(**more),
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command[-1][:60]}…: {done.stderr[-2000:]}")
    found: Dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def floor(server: Server, work: str, concurrency: int) -> Dict[str, float]:
    host, port = server.url.split("://")[1].split(":")
    job = {"host": host, "port": int(port), "ca": server.ca, "region": "eu-west-1", "queries": QUERIES[work]}
    return program([str(HERE / "lean_floor.py")], {**job, **KEYS, "concurrency": concurrency})


def ours(server: Server, work: str, concurrency: int) -> Dict[str, float]:
    job = {"endpoint_url": server.url, "region": "eu-west-1", **KEYS, "concurrency": concurrency, **OPTIONS[work]}
    return program(["-c", OURS], job, **({"AWS_CA_BUNDLE": server.ca} if server.ca else {}))


def peer(server: Server) -> Dict[str, float]:
    """``amazon.aws.s3_bucket_info`` for the same three facts, through ``ansible`` as it is used."""
    facts = {"bucket_encryption": True, "bucket_policy": True, "public_access_block": True}
    arguments = json.dumps({**KEYS, "region": "eu-west-1", "endpoint_url": server.url, "bucket_facts": facts})
    command = [str(Path(sys.executable).with_name("ansible")), "localhost", "-c", "local"]
    command += ["-m", "amazon.aws.s3_bucket_info", "-a", arguments]
    command += ["-e", f"ansible_python_interpreter={sys.executable}"]
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise SystemExit(f"s3_bucket_info: {(done.stdout + done.stderr)[-1500:]}")
    return {"wall": wall, "cpu": after[2] + after[3] - before[2] - before[3]}


def middle(runs: List[Dict[str, float]]) -> Dict[str, float]:
    return {name: median(run[name] for run in runs) for name in runs[0]}


def line(*cells: object) -> None:
    print("  ".join(f"{cell:>{width}}" for cell, width in zip(cells, (7, 16, 5, 8, 13, 13, 7, 8, 8))), flush=True)


def main(arguments: Optional[List[str]] = None) -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--buckets", default="100,1000", help="sizes of the account")
    given.add_argument("--concurrency", type=int, default=128, help="calls in flight")
    given.add_argument("--repeat", type=int, default=3, help="runs of which the median is taken")
    given.add_argument("--peer", type=int, default=100, help="largest account for which the peer is run (0: none)")
    chosen = given.parse_args(arguments)
    print(f"{LATENCY * 1000:.0f} ms a request, {chosen.concurrency} in flight, medians of {chosen.repeat} runs")
    line("buckets", "work", "over", "who", "wall s", "CPU s", "MB", "calls", "x floor")
    for size in map(int, chosen.buckets.split(",")):
        for tls in (False, True):
            with tempfile.TemporaryDirectory() as directory:
                server = Server(size, tls, directory)
                try:
                    compare(server, size, tls, chosen)
                finally:
                    server.stop()


def compare(server: Server, size: int, tls: bool, chosen: argparse.Namespace) -> None:
    over = "TLS" if tls else "plain"
    for work in QUERIES:
        pairs = [
            (floor(server, work, chosen.concurrency), ours(server, work, chosen.concurrency))
            for _unused in range(chosen.repeat)
        ]
        limit, us = middle([pair[0] for pair in pairs]), middle([pair[1] for pair in pairs])
        line(
            size,
            work,
            over,
            "floor",
            f"{limit['wall']:.2f}",
            f"{limit['cpu']:.2f}",
            f"{limit['rss_mb']:.0f}",
            int(limit["calls"]),
            "1.00",
        )
        line(
            size,
            work,
            over,
            "day2.ops",
            f"{us['wall']:.2f} (+{us['start']:.1f})",
            f"{us['cpu']:.2f}",
            f"{us['rss_mb']:.0f}",
            int(us["calls"]),
            f"{us['wall'] / limit['wall']:.2f}",
        )
        if work == "three questions" and not tls and size <= chosen.peer:
            other = peer(server)
            line(size, work, over, "amazon.aws", f"{other['wall']:.1f}", f"{other['cpu']:.1f}", "", "", "")
            print(
                f"         amazon.aws.s3_bucket_info takes {other['wall'] / us['wall']:.0f} times as long as day2.ops"
            )


if __name__ == "__main__":
    main()
