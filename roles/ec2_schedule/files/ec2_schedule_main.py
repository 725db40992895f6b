# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Lambda calls: starts and stops resources by schedule. ``{"dry_run": true}`` decides, and does nothing."""

import json
from pathlib import Path
from typing import Any, Dict

from day2_ops._ec2_schedule_lambda.invoke import invoke

CONFIG = json.loads(Path(__file__).with_name("config.json").read_text(encoding="utf-8"))


def handler(event: Any, context: Any) -> Dict[str, Any]:
    """One run; Lambda counts an error when it raises."""
    came_to: Dict[str, Any] = invoke(CONFIG, event, context.get_remaining_time_in_millis() / 1000)
    return came_to
