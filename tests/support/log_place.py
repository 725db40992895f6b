# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder with logs, and scans of it that keep their state there."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List, Union

from ansible_collections.day2.ops.plugins.module_utils._common.job import Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._log_scan.arguments import SPEC
from ansible_collections.day2.ops.plugins.module_utils._log_scan.scanning import scan_logs

PATTERN = {"found": {"regex": r"FOUND (?P<what>\w+)", "severity": "high"}}


class LogPlace:
    """A clock, too: time passes by a second with each scan, and when a test says so."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder = folder / "logs"
        self.folder.mkdir()
        self.state_dir = folder / "state"
        self.time = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
        self.warned: List[str] = []
        self._rng = random.Random(seed)
        self._ticks = 0.0

    def path(self, name: str = "app.log") -> Path:
        """Where a log of that name lies."""
        return self.folder / name

    def append(self, text: Union[str, bytes], name: str = "app.log") -> None:
        """Write at the end of a log."""
        with self.path(name).open("ab") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        self.touch(name)

    def touch(self, name: str = "app.log") -> None:
        """Written to just now."""
        stamp = int(self.time.timestamp() * 1_000_000_000)
        os.utime(self.path(name), ns=(stamp, stamp))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)

    def scan(self, check_mode: bool = False, **options: Any) -> Dict[str, Any]:
        """The result of a scan, of all logs for ``FOUND something`` unless the options say other things."""
        return self.outcome(check_mode, **options).result

    def outcome(self, check_mode: bool = False, **options: Any) -> Outcome:
        """The same with what makes the task fail."""
        given = {
            "paths": [str(self.folder / "*.log")],
            "patterns": PATTERN,
            "state_dir": str(self.state_dir),
            "timezone": "UTC",
            **options,
        }
        self.wait(1)
        return scan_logs(
            Job(
                options={**SPEC.defaults(), **given},
                check_mode=check_mode,
                clock=self,
                rng=self._rng,
                warn=self.warned.append,
            )
        )

    def found(self, **options: Any) -> List[str]:
        """What a scan found, in order, of as many matches as may be."""
        return words(self.scan(**{"max_samples": 1000, **options}))

    # --- the clock ---

    def now(self) -> datetime:
        """The time of the scan at hand."""
        return self.time

    def monotonic(self) -> float:
        """Seconds that pass by themselves, a little at each look."""
        self._ticks += 0.001
        return self._ticks


def words(result: Dict[str, Any]) -> List[str]:
    """The field ``what`` of every sample of a result."""
    return [sample["fields"]["what"] for entry in result["matches"] for sample in entry["samples"]]
