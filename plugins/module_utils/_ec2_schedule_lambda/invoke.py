# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the function: from its configuration and the event to actions, log and notice."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .._aws.access import Access
from .._aws.gateway.session import Session
from .._common.clock import SystemClock
from .._common.errors import Day2Error
from .._common.job import Clock, Job
from .._ec2_schedule.scheduling import schedule_fleet
from .event import Notice, failure_line, failure_notice, log_line, notice_of, parse_event, run_options
from .gateway.runtime import chance, publish, say


def invoke(config: Mapping[str, Any], event: Any, seconds_left: float) -> Dict[str, Any]:
    """Schedule the fleet once. What it comes to is one line of the log.

    :param config: what the deployment wrote beside the function.
    :param seconds_left: until Lambda ends the run.
    :returns: the summary.
    :raises Day2Error: when the run fails; then Lambda counts an error, and the alarm sounds.
    """
    clock, dry_run = SystemClock(), False
    notice: Optional[Notice]
    try:
        told = parse_event(event)
        dry_run = told.dry_run
        options = run_options(config["scheduling"], told, seconds_left)
        outcome = schedule_fleet(Job(options=options, check_mode=dry_run, clock=clock, rng=chance(), warn=say))
    except Day2Error as error:
        say(failure_line(str(error), dry_run))
        notice = None if dry_run else failure_notice(config["name"], str(error))
        _tell(config, clock, notice)
        raise
    say(log_line(outcome, dry_run))
    _tell(config, clock, notice_of(config["name"], outcome, dry_run or told.now is not None))
    if outcome.failure is not None:
        raise Day2Error(outcome.failure)
    return {"status": outcome.result["status"], "summary": outcome.result["summary"]}


def _tell(config: Mapping[str, Any], clock: Clock, notice: Optional[Notice]) -> None:
    topic = config.get("topic_arn")
    if not topic or notice is None:
        return
    region = str(topic).split(":")[3]
    publish(Session.open(Access(region=region), clock), clock, topic, notice)
