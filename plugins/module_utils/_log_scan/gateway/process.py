# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that a scan starts. A file of its own, since most runs start none and need not load what it takes."""

from __future__ import annotations

import subprocess

DEVNULL, PIPE, STDOUT = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
Expired = subprocess.TimeoutExpired


class Process(subprocess.Popen[bytes]):
    """A started program. Its output is bytes, and comes while it runs, which ``run_command`` of modules has no way for."""
