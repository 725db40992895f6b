# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.suite [group or step …]``: runs them, and ends with one line that counts."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from .model import chosen, total
from .pythons import here
from .schedule import run_all
from .steps import prepare, suite


def main() -> int:
    """Exit code 0 when nothing failed and, where skips are forbidden (``CI=true``), nothing was skipped."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite", description=__doc__)
    parser.add_argument("what", nargs="*", help="groups or steps; all of them when none is named")
    parser.add_argument("--list", action="store_true", help="name the steps and stop")
    parser.add_argument("--workers", type=int, default=max(1, min(os.cpu_count() or 1, 4)))
    arguments = parser.parse_args()
    interpreters, cells = here()
    try:
        steps = chosen(suite(interpreters, cells), arguments.what)
    except ValueError as error:
        parser.error(str(error))
    if arguments.list:
        print("\n".join(f"{step.group:12} {step.name}" for step in steps))
        return 0
    prepare()
    started = time.monotonic()
    outcomes = run_all(steps, Path(".cache/logs"), arguments.workers, lambda line: print(line, flush=True))
    tally = total(outcomes)
    print(f"{len(steps)} steps in {time.monotonic() - started:.0f} s; logs in .cache/logs")
    for outcome in outcomes:
        if not outcome.ok:
            print(f"failed: {outcome.step.name}")
    forbidden = tally.skipped if os.environ.get("CI", "").lower() in ("1", "true", "yes") else 0
    if forbidden:
        print("skipped tests are failures here (CI is set)")
    print(tally)
    return 1 if tally.failed or forbidden else 0


if __name__ == "__main__":
    sys.exit(main())
