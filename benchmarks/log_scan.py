# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast is a log read, with each engine, beside the tools that people use, and beside the mere reading of it?

    make bench
    .venv/bin/nox -s bench -- log_scan --size 1024 --repeat 3 --engines hyperscan,rg

A seeded log (syslog, nginx, Java and JSON, one line in a thousand an event) is searched for 1, 10 and 50 named expressions.
Ours is all that a scan does between the file and its hits: choosing, searching, verifying with Python's ``re``, naming. The
peers only count lines: ``rg -c``, ``grep -E -c``, and a loop over lines and patterns as one writes it by hand (on a slice of
4 MB). ``cat`` and a loop of reads show what a machine can do at most. A figure is MB (10^6 bytes) for one second of
processor time, of the program and everything it starts; aside is the start of Python with its imports; the median of ``--repeat`` runs, taken in turn. The
ratios are what counts.

Then a run that finds nothing new, as a task, against ``ping``: 24 logs of 1 MB each, read before.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ansible_collections.day2.ops.tests.support.log_samples import patterns, write_log

ENGINES = ("hyperscan", "re2", "rg", "grep", "stdlib")
COUNTS = (1, 10, 50)
SLICE = 4_000_000
GOALS = {  # share of ripgrep at 10 and at 50 patterns
    **dict.fromkeys(("hyperscan", "re2", "rg"), (0.80, 0.80)),
    "grep": (0.52, 0.52),
    "stdlib": (0.30, 0.20),
}
PING_GOAL = 1.2

# From a file to hits, as a scan does it.
OURS = """
import json, resource, sys
from ansible_collections.day2.ops.plugins.module_utils._log_scan.detect import Detector
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.engines.ladder import choose_for
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.engines.sparse import Sparse
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.guard import time_limit
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.reading import Text
from ansible_collections.day2.ops.plugins.module_utils._log_scan.lines import Cutter
from ansible_collections.day2.ops.tests.support.log_samples import patterns
def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
start = cpu()
path, engine, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
wanted = patterns(count)
found = {}
with Text(path) as text:
    chosen = choose_for(engine, wanted, text.read(0, 1 << 18) + text.read(text.size // 2, 1 << 18), text.size)
    detector = Detector(wanted, chosen.block, time_limit)
    def scan(block):
        for match in detector.matches(block):
            found[match.hit.pattern] = found.get(match.hit.pattern, 0) + 1
    offset = 0
    if chosen.file is not None:
        sparse = Sparse(chosen.file, text, 0, text.size)
        for block in sparse.blocks():
            if block.data:
                scan(block)
        offset = sparse.offset
    cutter = Cutter(offset, text.read(0, 4))
    for chunk in text.blocks(offset, text.size):
        for block in cutter.feed(chunk):
            scan(block)
print(json.dumps({"cpu": cpu() - start, "engine": chosen.name, "hits": found}))
"""
NAIVE = """
import json, resource, sys
from ansible_collections.day2.ops.tests.support.log_samples import patterns
def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
start = cpu()
wanted = patterns(int(sys.argv[2]))
found = {}
with open(sys.argv[1], "rb") as file:
    for line in file:
        for each in wanted:
            if each.regex.search(line):
                found[each.name] = found.get(each.name, 0) + 1
print(json.dumps({"cpu": cpu() - start, "hits": found}))
"""
READS = """
import os, sys
descriptor = os.open(sys.argv[1], os.O_RDONLY)
while os.read(descriptor, 1 << 20):
    pass
"""


def measured(command: Sequence[str]) -> Tuple[float, float, str]:
    """Processor seconds, peak memory of its largest process in MB, and what it said."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)[:300]}: ended with {process.returncode}")
        output.seek(0)
        said = output.read().decode()
        cpu = json.loads(said)["cpu"] if said.startswith('{"cpu"') else usage.ru_utime + usage.ru_stime
        return cpu, usage.ru_maxrss / 1024, said


def extended(regex: str) -> str:
    """An expression in grep's language."""
    text = regex.replace("(?:", "(").replace(r"\d", "[0-9]")

    if text.startswith("(?i)"):
        text = re.sub(r"\[([- ]+)\]|([a-z])", _both, text[4:])
    return text


def _both(match: "re.Match[str]") -> str:
    letter = match.group(2)
    return f"[{letter.upper()}{letter}]" if letter else match.group()


def commands(
    log: Path, piece: Path, count: int, engines: Sequence[str], folder: Path
) -> Dict[str, Tuple[Path, List[str]]]:
    """What is measured with so many patterns, by name: the file that it reads, and the command."""
    found: Dict[str, Tuple[Path, List[str]]] = {}
    # A name may stand once in all expressions together.
    texts = [re.sub(r"\(\?P<\w+>", "(?:", each.regex.pattern.decode()) for each in patterns(count)]
    rust, ere = folder / f"rust{count}", folder / f"ere{count}"
    rust.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    ere.write_text("".join(f"{extended(text)}\n" for text in texts), encoding="utf-8")
    if shutil.which("rg"):
        found["rg -c"] = (log, ["rg", "--no-config", "-c", "-f", str(rust), str(log)])
    found["grep -E -c"] = (log, ["env", "LC_ALL=C", "grep", "-E", "-c", "-f", str(ere), str(log)])
    for engine in engines:
        found[engine] = (log, [sys.executable, "-c", OURS, str(log), engine, str(count)])
    found["naive loop"] = (piece, [sys.executable, "-c", NAIVE, str(piece), str(count)])
    return found


def line(*cells: object) -> None:
    print("  ".join(f"{cell:>{width}}" for cell, width in zip(cells, (8, 12, 9, 9, 8, 8, 14))), flush=True)


def compare(log: Path, piece: Path, count: int, engines: Sequence[str], repeat: int, folder: Path) -> List[str]:
    """One number of patterns: a table, and the sentences about goals that were missed."""
    jobs = commands(log, piece, count, engines, folder)
    runs: Dict[str, List[Tuple[float, float, str]]] = {name: [] for name in jobs}
    for _again in range(repeat):
        for name, (_path, command) in jobs.items():
            runs[name].append(measured(command))
    rates = {
        name: jobs[name][0].stat().st_size / 1e6 / median(cpu for cpu, _memory, _said in taken)
        for name, taken in runs.items()
    }
    peer = rates.get("rg -c", 0.0)
    hits: Dict[str, Any] = {}
    missed = []
    for name, rate in rates.items():
        told, goal = "", ""
        if name in engines:
            hits[name] = json.loads(runs[name][0][2])["hits"]
            told = str(sum(hits[name].values()))
            wanted = GOALS.get(name, (0.0, 0.0))[COUNTS.index(count) - 1] if count in COUNTS[1:] else 0.0
            if wanted and peer:
                goal = f"goal {wanted:.0%}"
                if rate < wanted * peer:
                    missed.append(f"{name} at {count} patterns: {rate / peer:.0%} of ripgrep, {wanted:.0%} is the goal")
        memory = max(each[1] for each in runs[name])
        line(count, name, f"{rate:.0f}", f"{rate / peer:.0%}" if peer else "", f"{memory:.0f}", told, goal)
    if any(each != next(iter(hits.values())) for each in hits.values()):
        missed.append(f"at {count} patterns the engines do not find the same: {hits}")
    return missed


def limits(log: Path, repeat: int) -> None:
    """What nothing that reads the log can be faster than."""
    size = log.stat().st_size / 1e6
    for name, command in (("cat", ["cat", str(log)]), ("reads", [sys.executable, "-c", READS, str(log)])):
        if name == "cat":
            command = ["sh", "-c", 'exec cat "$0" >/dev/null', str(log)]
        line("", name, f"{size / median(measured(command)[0] for _again in range(repeat)):.0f}", "", "", "", "")


def idle(folder: Path, repeat: int) -> List[str]:
    """A task that finds nothing new, against ``ping``."""
    if not (Path(__file__).parents[1] / "plugins/modules/log_scan.py").is_file():
        print("the module log_scan is not there: no comparison with ping")
        return []
    logs = folder / "logs"
    logs.mkdir()
    for number in range(24):
        write_log(logs / f"{number}.log", 1_000_000, seed=number)
    options = {
        "paths": [str(logs / "*.log")],
        "state_dir": str(folder / "state"),
        "patterns": {each.name: {"regex": each.regex.pattern.decode()} for each in patterns(10)},
    }
    tasks = {"ping": ("ansible.builtin.ping", {}), "log_scan": ("day2.ops.log_scan", options)}
    base = [str(Path(sys.executable).with_name("ansible")), "localhost", "-c", "local"]
    base += ["-e", f"ansible_python_interpreter={sys.executable}"]
    runs: Dict[str, List[float]] = {name: [] for name in tasks}
    measured([*base, "-m", tasks["log_scan"][0], "-a", json.dumps(options)])  # the first run, which is not measured
    for _again in range(2 * repeat + 1):
        for name, (module, arguments) in tasks.items():
            given = ["-a", json.dumps(arguments)] if arguments else []
            runs[name].append(measured([*base, "-m", module, *given])[0])
    ping, ours = median(runs["ping"]), median(runs["log_scan"])
    print(f"nothing new in 24 logs: log_scan {ours:.2f} CPU s, ping {ping:.2f} CPU s: {ours / ping:.2f}x")
    return [] if ours <= PING_GOAL * ping else [f"a run over nothing new costs {ours / ping:.2f}x of ping"]


def main(arguments: Optional[List[str]] = None) -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--size", type=int, default=128, help="MB of log")
    given.add_argument("--repeat", type=int, default=3, help="runs of which the median is taken")
    given.add_argument("--engines", default=",".join(ENGINES), help="those that are measured")
    given.add_argument("--counts", default=",".join(map(str, COUNTS)), help="numbers of patterns")
    given.add_argument("--log", help="a file to keep the log in, or with the log from last time")
    given.add_argument("--no-ping", action="store_true", help="leave out the comparison with ping")
    chosen = given.parse_args(arguments)
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, piece = Path(chosen.log) if chosen.log else folder / "mixed.log", folder / "piece.log"
        if not log.exists():
            write_log(log, chosen.size * 1_000_000)
        with log.open("rb") as file:
            start = file.read(SLICE)
            piece.write_bytes(start[: start.rfind(b"\n") + 1])
        print(f"{log.stat().st_size / 1e6:.0f} MB, MB per processor second, medians of {chosen.repeat} runs")
        line("patterns", "who", "MB/CPU s", "of rg", "peak MB", "hits", "")
        limits(log, chosen.repeat)
        missed = []
        for count in map(int, chosen.counts.split(",")):
            missed += compare(log, piece, count, chosen.engines.split(","), chosen.repeat, folder)
        missed += [] if chosen.no_ping else idle(folder, chosen.repeat)
    for each in missed:
        print(f"MISSED {each}")


if __name__ == "__main__":
    main()
