# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs steps, as many at a time as there are workers, and says how each one went."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from .model import Command, Outcome, Step, Tally, judged, ready

TAIL_LINES = 60


def run_all(steps: Sequence[Step], logs: Path, workers: int, say: Callable[[str], None]) -> List[Outcome]:
    """Run every step; a failed one stops only those that wait for it. The outcomes come in the order of their end."""
    logs.mkdir(parents=True, exist_ok=True)
    waiting = list(steps)
    finished: Dict[str, Outcome] = {}
    running: Dict["Future[Outcome]", Step] = {}
    with ThreadPoolExecutor(workers) as pool:
        while waiting or running:
            step = ready(waiting, running.values(), finished) if len(running) < workers else None
            if step is not None:
                waiting.remove(step)
                broken = [name for name in step.after if not finished[name].ok]
                if broken:
                    outcome = Outcome(step, Tally(failed=1), 0.0, why=f"not run: {', '.join(broken)} failed")
                    finished[step.name] = outcome
                    _tell(outcome, logs, len(finished), len(steps), say)
                else:
                    running[pool.submit(run_step, step, logs)] = step
                continue
            if not running:
                raise ValueError(f"steps that wait for one another: {', '.join(step.name for step in waiting)}")
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = future.result()
                del running[future]
                finished[outcome.step.name] = outcome
                _tell(outcome, logs, len(finished), len(steps), say)
    return list(finished.values())


def run_step(step: Step, logs: Path) -> Outcome:
    """Run the commands of a step, with everything they print in its log."""
    report = Path(step.junit) if step.junit else None
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.unlink(missing_ok=True)
    started = time.monotonic()
    code = 0
    with log_of(step, logs).open("wb") as log:
        for command in step.commands:
            log.write(f"$ {shlex.join(command.argv)}\n".encode())
            log.flush()
            code = _run(command, log.fileno())
            if code:
                break
    text = report.read_text(encoding="utf-8", errors="replace") if report and report.exists() else None
    return judged(step, code, time.monotonic() - started, text)


def log_of(step: Step, logs: Path) -> Path:
    """Where the output of a step is kept."""
    return logs / f"{step.name.replace(':', '-')}.log"


def _run(command: Command, output: int) -> int:
    environment = {**os.environ, **command.environment}
    environment = {name: value for name, value in environment.items() if value}
    try:
        return subprocess.run(
            command.argv,
            cwd=command.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    except OSError as error:
        os.write(output, f"{error}\n".encode())
        return 127


def _tell(outcome: Outcome, logs: Path, number: int, of: int, say: Callable[[str], None]) -> None:
    step = outcome.step
    word = "ok" if outcome.ok else "FAILED"
    count = f"  ({outcome.tally})" if step.junit and not outcome.why else f"  ({outcome.why})" if outcome.why else ""
    say(f"[{number:2}/{of}] {word:6} {outcome.seconds:7.1f} s  {step.name}{count}")
    for skip in outcome.skips:
        say(f"        skipped {skip}")
    log = log_of(step, logs)
    if outcome.why or not (step.show or not outcome.ok):
        return
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if not outcome.ok:
        lines = [f"… {log}", *lines[-TAIL_LINES:]] if len(lines) > TAIL_LINES else lines
    else:
        lines = [line for line in lines if not line.startswith("$ ")]
    for line in lines:
        say(f"        {line}")
