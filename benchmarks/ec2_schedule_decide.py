# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast it is decided about a fleet, and with how much memory: 100,000 instances with 40 schedules, and whether it is linear.

    PYTHONPATH=.cache/link python benchmarks/ec2_schedule_decide.py [instances]

CPU seconds are counted, so that a busy machine does not matter; the memory is what deciding adds to the fleet that was read.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from datetime import datetime, timedelta, timezone
from typing import Dict, List

from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.decide import Rules, decide
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.grammar import parse_schedule
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Named

NOW = datetime(2026, 11, 27, 18, 0, 5, tzinfo=timezone.utc)
ZONES = ("Europe/Madrid", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC")
DAYS = ("Mon-Fri", "Mon-Thu", "weekends", "Mon+Wed+Fri", "1st-Mon", "last-Fri", "daily", "day-last")
RULES = Rules("Schedule", retain_running=True, protected_tags={"Env": "prod*"})


def look_up() -> Dict[str, Named]:
    """Forty schedules."""
    texts = [f"{days} 07:{index}0-19:{index}0 {zone}" for days in DAYS for index, zone in enumerate(ZONES)]
    return {text: Named(text, parse_schedule(text)) for text in texts}


def fleet(count: int, schedules: List[str]) -> List[Resource]:
    """Instances in all states: some followed an edge of today, some of yesterday, some are new, some hand-started."""
    chance = random.Random(1)
    found = []
    for number in range(count):
        name = f"i-{number:017x}"
        tags = {"Name": f"web-{number}", "Schedule": schedules[number % len(schedules)], "Env": "test"}
        day = NOW - timedelta(days=chance.randrange(3))
        if chance.random() < 0.9:
            tags["ScheduleState"] = f"{chance.choice(('running', 'stopped'))} {day:%Y-%m-%d}T18:00:00Z"
            tags["ScheduleStateOf"] = name
        state = chance.choice((State.RUNNING, State.STOPPED))
        found.append(Resource(Kind.EC2, name, "111122223333", "eu-south-2", state, tags, launched=day))
    return found


def main(count: int) -> None:
    """Print the figures."""
    print(f"{'instances':>10} {'CPU s':>8} {'us each':>8} {'MB':>7} {'actions':>8} {'marks':>8}")
    for size in (count // 4, count // 2, count):
        named = look_up()
        instances = fleet(size, list(named))
        started = time.process_time()
        decisions = decide(instances, named.__getitem__, {}, RULES, NOW)
        spent = time.process_time() - started
        del decisions
        tracemalloc.start()
        decisions = decide(instances, named.__getitem__, {}, RULES, NOW)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        actions = sum(1 for each in decisions if each.action)
        marks = sum(1 for each in decisions if each.mark)
        each = spent / size * 1e6
        print(f"{size:>10,} {spent:>8.3f} {each:>8.2f} {most / 1e6:>7.1f} {actions:>8,} {marks:>8,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
