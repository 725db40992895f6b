# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One scan that a timer starts: from a file of configuration to files of results, without Ansible."""

from __future__ import annotations

from random import Random
from typing import Callable

from .._common.errors import Day2Error
from .._common.job import Clock, Job
from .._common.version import VERSION
from .arguments import SPEC, completed
from .gateway.results import Results, leave_receipt, metrics_file, read_json, read_metrics, write_metrics
from .options import parse_options
from .prometheus import render
from .report_model import LogReport
from .result import noteworthy
from .scanning import scan_logs


def scan_by_timer(path: str, clock: Clock, rng: Random, warn: Callable[[str], None]) -> str:
    """Scan once as the configuration at ``path`` says.

    The result is on the disk, and counted, before its receipt is left: killed in between, it comes once more under the
    same name, and counts once.

    :returns: what it came to, in a sentence.
    :raises Day2Error: when nothing could be scanned, or the result could not be kept. Then the metrics stay as they were, and
        grow old.
    """
    config = read_json(path, "read the configuration")
    if not isinstance(config, dict) or not isinstance(config.get("options"), dict):
        raise Day2Error(f"{path}: a mapping with options is expected")
    options = {**completed(SPEC.arguments, config["options"]), "ack": "auto", "receipt": True}
    started, begun = clock.now(), clock.monotonic()
    outcome = scan_logs(Job(options=options, check_mode=False, clock=clock, rng=rng, warn=warn))
    result = {
        **outcome.result,
        "started_at": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "duration_seconds": round(clock.monotonic() - begun, 3),
    }
    receipt = result.pop("receipt_file", None)
    Results(str(config["results"]), int(config.get("keep", 100))).put(result, noteworthy(result))
    if config.get("metrics"):
        place = metrics_file(str(config["metrics"]), options["name"])
        report = LogReport(
            result,
            name=options["name"],
            finished=int(clock.now().timestamp()),
            version=VERSION,
            patterns=[(each.name, each.severity.value) for each in parse_options(options).patterns.all()],
            earlier_metrics=read_metrics(place),
        )
        write_metrics(place, render(report))
    if receipt:
        leave_receipt(str(receipt))
    return str(result["summary"]["sentence"])
