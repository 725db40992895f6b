# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark of each subject, one after the other: ``make bench``.

python benchmarks/bench.py                              every subject, with its defaults
python benchmarks/bench.py s3_encryption_audit --repeat 5   one of them, with options of its own
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import List

HERE = Path(__file__).parent
SUBJECTS = ("ec2_schedule", "log_scan", "s3_encryption_audit")


def main(arguments: List[str]) -> int:
    """Run them; the exit code is that of the first that fails."""
    if arguments and arguments[0] not in SUBJECTS:
        print(f"options are those of one benchmark, whose name comes first: {' or '.join(SUBJECTS)}", file=sys.stderr)
        return 2
    chosen = arguments[:1] or SUBJECTS
    options = arguments[1:]
    for subject in chosen:
        print(f"== {subject}", flush=True)
        code = subprocess.run([sys.executable, str(HERE / f"{subject}.py"), *options], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
