# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the timer starts: one scan, whose result goes to files. ``log_scan.pyz CONFIG``.

The exit code is 0 when the scan did its work, whatever it found; 1 when it could not, and stderr says why.
"""

import random
import sys

from day2_ops._common.clock import SystemClock
from day2_ops._common.errors import Day2Error
from day2_ops._log_scan.timed import scan_by_timer


def main() -> int:
    """One run."""
    if len(sys.argv) != 2:
        print("usage: log_scan.pyz CONFIG", file=sys.stderr)
        return 2
    try:
        sentence = scan_by_timer(sys.argv[1], SystemClock(), random.Random(), lambda text: print(text, file=sys.stderr))
    except Day2Error as error:
        print(error, file=sys.stderr)
        return 1
    print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
