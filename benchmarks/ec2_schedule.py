# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast is a run of a schedule, beside a bare client that makes the same calls and beside the module people use today?

    make bench
    .venv/bin/nox -s bench -- ec2_schedule --instances 2000 --repeat 5 --peer 0

A fake EC2 in a process of its own answers each request after 30 ms. In one run, in turn: ours (read the fleet, decide, carry
out, mark) for an evening that nobody has marked before, for a morning, and for a later evening; a bare boto3 client that makes
the calls of the last two one after the other, as one would write it by hand; ``amazon.aws.ec2_instance`` for ``--peer`` ids,
through ``ansible`` as it is used; and the decision core by itself for ``--decide`` instances. Aside are the start of Python, its
imports, and the making of boto3 clients. Machines are noisy: the figures are medians of ``--repeat`` runs, and the ratios are
what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.request import ProxyHandler, build_opener

LATENCY = 0.03
REGION = "eu-central-1"
SCHEDULE = "Mon-Fri 07:00-19:00 Europe/Berlin"
EVENING, MORNING, LATER = "2026-11-30T20:00:00+00:00", "2026-12-01T08:00:00+00:00", "2026-12-01T20:00:00+00:00"
KEYS = {"access_key": "AKIATESTKEY00000000A", "secret_key": "test-secret-key-of-the-fake"}
Figures = Dict[str, Any]

# What a task does, without Ansible around it and without its options: read, decide, carry out.
OURS = """
import asyncio, json, random, resource, sys, time
from datetime import datetime
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._common.run import SystemClock
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.accounts import Accounts
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.act import carry_out
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.fleet import read_fleet
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named
import botocore.session
given = json.load(sys.stdin)
known = {}
def look_up(text):
    if text not in known:
        known[text] = Named(text, parse_schedule(text))
    return known[text]
async def run():
    clock = SystemClock()
    access = Access.from_options({**given["aws"]})
    async with Accounts([access], concurrency=64, rng=random.Random(1), clock=clock) as accounts:
        fleet = await read_fleet(accounts, frozenset({Kind.EC2}), (given["region"],), "Schedule")
        decisions = decide(fleet.resources, look_up, {}, Rules("Schedule"), datetime.fromisoformat(given["at"]))
        outcomes = await carry_out(
            accounts, decisions, "Schedule", "sizes", 60.0, clock.monotonic, asyncio.sleep
        )
        return accounts.calls, sum(outcome.done for outcome in outcomes)
start, cpu = time.perf_counter(), time.process_time()
calls, done = asyncio.run(run())
print(json.dumps({"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "calls": calls, "done": done,
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

# The same calls by hand: page by page, a thousand ids after the other.
BARE = """
import json, resource, sys, time
import boto3
given = json.load(sys.stdin)
calls = {}
def call(method, **parameters):
    calls[method] = calls.get(method, 0) + 1
    return getattr(ec2, method)(**parameters)
aws = given["aws"]
keys = {"aws_access_key_id": aws["access_key"], "aws_secret_access_key": aws["secret_key"]}
options = {"region_name": given["region"], "endpoint_url": aws["endpoint_url"], **keys}
sts, ec2 = boto3.client("sts", **options), boto3.client("ec2", **options)
start, cpu = time.perf_counter(), time.process_time()
calls["get_caller_identity"] = 1
sts.get_caller_identity()
filters = [{"Name": "tag-key", "Values": ["Schedule"]}]
filters += [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
ids, more = [], {}
while True:
    page = call("describe_instances", Filters=filters, MaxResults=1000, **more)
    found = [each for one in page["Reservations"] for each in one["Instances"]]
    ids += [each["InstanceId"] for each in found if each["State"]["Name"] != given["wanted"]]
    if not page.get("NextToken"):
        break
    more = {"NextToken": page["NextToken"]}
chunks = [ids[start:start + 1000] for start in range(0, len(ids), 1000)]
for chunk in chunks:
    call("start_instances" if given["wanted"] == "running" else "stop_instances", InstanceIds=chunk)
done = 0
for chunk in chunks:
    page = call("describe_instances", InstanceIds=chunk)
    found = [each for one in page["Reservations"] for each in one["Instances"]]
    done += sum(each["State"]["Name"] == given["wanted"] for each in found)
for chunk in chunks:
    call("create_tags", Resources=chunk, Tags=[{"Key": "ScheduleState", "Value": given["mark"]}])
print(json.dumps({"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "calls": calls, "done": done,
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

DECIDE = """
import json, resource, sys, time
from datetime import datetime
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named
given = json.load(sys.stdin)
texts = [f"Mon-Fri {hour:02d}:{minute:02d}-19:00 Europe/Berlin" for hour in range(6, 10) for minute in range(0, 60, 5)]
states = (State.RUNNING, State.STOPPED)
resources = [
    Resource(Kind.EC2, f"i-{n:017x}", "123456789012", "eu-central-1", states[n % 2],
        {"Name": f"web-{n}", "Schedule": texts[n % len(texts)], "ScheduleState": "running", "ScheduleStateOf": f"i-{n:017x}"})
    for n in range(given["count"])
]
known = {}
def look_up(text):
    if text not in known:
        known[text] = Named(text, parse_schedule(text))
    return known[text]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
decisions = decide(resources, look_up, {}, Rules("Schedule"), datetime.fromisoformat(given["at"]))
cpu = time.process_time() - start
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"cpu": cpu, "rss_mb": after / 1024, "more_mb": (after - before) / 1024,
    "acts": sum(decision.action is not None for decision in decisions)}))
"""


class Server:
    """The fake EC2, in a process that ends with this one."""

    def __init__(self, instances: int, region: str = REGION) -> None:
        code = "from ansible_collections.day2.ops.tests.support.aws.fake_ec2 import main; main()"
        command = [sys.executable, "-c", code, "--seed", str(instances), "--tag", SCHEDULE, "--region", region]
        command += ["--latency", str(LATENCY), "--until-eof"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
        assert self.process.stdout is not None
        self.url: str = json.loads(self.process.stdout.readline())["url"]

    def told(self, what: str) -> Any:
        with build_opener(ProxyHandler({})).open(f"{self.url}/_control/{what}", timeout=30) as answer:
            return json.loads(answer.read())

    def stop(self) -> None:
        unexpected = self.told("unexpected")
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        if unexpected:
            raise SystemExit(f"the fake does not model {unexpected[:3]}")


def environment(**more: str) -> Dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    quiet = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    quiet["AWS_EC2_METADATA_DISABLED"] = "true"
    return {**kept, **quiet, **more}


def program(code: str, job: Mapping[str, Any]) -> Figures:
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def job_of(server: Server, at: str) -> Figures:
    return {"aws": {**KEYS, "region": REGION, "endpoint_url": server.url}, "region": REGION, "at": at}


def cycle(instances: int) -> Tuple[List[Figures], List[Figures]]:
    """Ours for the first evening, a morning and an evening; the bare client for a morning and an evening."""
    server = Server(instances)
    try:
        us = [program(OURS, job_of(server, at)) for at in (EVENING, MORNING, LATER)]
        bare = []
        for wanted, mark in (("running", "running 2026-12-02T06:00:00Z"), ("stopped", "stopped 2026-12-02T18:00:00Z")):
            bare.append(program(BARE, {**job_of(server, ""), "wanted": wanted, "mark": mark}))
    finally:
        server.stop()
    if any(each["done"] != instances for each in (*us, *bare)):
        raise SystemExit(f"not all of {instances} arrived: {[each['done'] for each in (*us, *bare)]}")
    return us, bare


def peer(instances: int) -> Figures:
    """``amazon.aws.ec2_instance`` stops so many ids in one task, without waiting."""
    server = Server(instances)
    try:
        ids = [f"i-{number:017x}" for number in range(instances)]
        arguments = {**KEYS, "region": REGION, "endpoint_url": server.url, "instance_ids": ids}
        given = json.dumps({**arguments, "state": "stopped", "wait": False})
        command = [str(Path(sys.executable).with_name("ansible")), "localhost", "-c", "local"]
        command += ["-m", "amazon.aws.ec2_instance", "-a", given, "-e", f"ansible_python_interpreter={sys.executable}"]
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
        wall, after = time.perf_counter() - start, os.times()
        if done.returncode:
            raise SystemExit(f"ec2_instance: {(done.stdout + done.stderr)[-1500:]} {server.told('unexpected')}")
        cpu = after[2] + after[3] - before[2] - before[3]
        return {"wall": wall, "cpu": cpu, "calls": server.told("counters")}
    finally:
        server.stop()


def middle(runs: List[Figures]) -> Figures:
    return {**runs[0], **{name: median(run[name] for run in runs) for name in ("wall", "cpu", "rss_mb")}}


def formula(instances: int, first: bool) -> Dict[str, int]:
    """The calls that it may take: describe, act, tag, look; and asking who we are."""
    thousands = ceil(instances / 1000)
    action = {"describe and look": 2 * thousands, "act": thousands, "who": 1}
    return {**action, "tag": instances if first else thousands}


def spent(calls: Mapping[str, int]) -> Dict[str, int]:
    kinds = {"DescribeInstances": "describe and look", "CreateTags": "tag", "GetCallerIdentity": "who"}
    found: Dict[str, int] = {}
    for action, count in calls.items():
        kind = kinds.get(action.partition(":")[2], "act")
        found[kind] = found.get(kind, 0) + count
    return found


def line(*cells: object) -> None:
    print("  ".join(f"{cell:>{width}}" for cell, width in zip(cells, (22, 12, 8, 8, 6, 7, 9))), flush=True)


def main(arguments: Optional[List[str]] = None) -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--instances", type=int, default=2000, help="how many are started and stopped")
    given.add_argument("--decide", type=int, default=100_000, help="how many are decided about")
    given.add_argument("--peer", type=int, default=100, help="ids for amazon.aws.ec2_instance (0: none)")
    given.add_argument("--repeat", type=int, default=3, help="runs of which the median is taken")
    chosen = given.parse_args(arguments)
    count = chosen.instances
    print(f"{count} instances, {LATENCY * 1000:.0f} ms a request, medians of {chosen.repeat} runs")
    line("work", "who", "wall s", "CPU s", "MB", "calls", "x bare")
    cycles = [cycle(count) for _unused in range(chosen.repeat)]
    us = [middle([each[0][number] for each in cycles]) for number in range(3)]
    bare = [middle([each[1][number] for each in cycles]) for number in range(2)]
    figures("stop, first seen", "day2.ops", us[0])
    for work, ours, theirs in (("start", us[1], bare[0]), ("stop", us[2], bare[1])):
        figures(work, "bare boto3", theirs, 1.0)
        figures(work, "day2.ops", ours, ours["wall"] / theirs["wall"])
    for work, ours, first in (("stop, first seen", us[0], True), ("start", us[1], False), ("stop", us[2], False)):
        told = ", ".join(f"{action} {number}" for action, number in sorted(ours["calls"].items()))
        fits = "as" if spent(ours["calls"]) == formula(count, first) else "NOT as"
        print(f"calls of {work}: {told}: {fits} the formula says")
    if chosen.peer:
        task = peer(chosen.peer)
        told = ", ".join(f"{action} {number}" for action, number in sorted(task["calls"].items()))
        print(
            f"amazon.aws.ec2_instance stops {chosen.peer} ids in one task: {task['wall']:.1f} s, {task['cpu']:.1f} CPU s,"
            f" start of Ansible included; {told}. That is what was measured: nothing is extrapolated from it."
        )
    if chosen.decide:
        runs = [program(DECIDE, {"count": chosen.decide, "at": LATER}) for _unused in range(chosen.repeat)]
        cpu, memory = median(run["cpu"] for run in runs), median(run["rss_mb"] for run in runs)
        more = median(run["more_mb"] for run in runs)
        print(
            f"deciding about {chosen.decide:,} instances with 48 schedules: {cpu:.2f} CPU s,"
            f" {memory:.0f} MB in all with the resources themselves, {more:.0f} MB of it decisions"
        )


def figures(work: str, who: str, found: Figures, ratio: float = 0.0) -> None:
    calls = sum(found["calls"].values())
    cells = (f"{found['wall']:.2f}", f"{found['cpu']:.2f}", f"{found['rss_mb']:.0f}", calls)
    line(work, who, *cells, f"{ratio:.2f}" if ratio else "")


if __name__ == "__main__":
    main()
