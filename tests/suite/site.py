# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.suite.site before | after``: around antsibull-docs, which writes docs/site/rst and wants it its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Sequence

PAGES = Path("docs/site/rst")
OURS = Path("docs/site/elsewhere.rst")  # among the generated pages


def main(arguments: Sequence[str]) -> int:
    """``before``: an empty folder that only we may write to. ``after``: our page beside the generated ones."""
    if arguments == ["before"]:
        shutil.rmtree(PAGES, ignore_errors=True)
        PAGES.mkdir(mode=0o755)
    else:
        shutil.copyfile(OURS, PAGES / OURS.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
