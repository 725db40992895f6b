# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surrounds a run of the function: the time, the log, and the topic for notices."""

from __future__ import annotations

import random
import sys
import time
from datetime import datetime, timezone

from ..._aws.gateway.session import Session
from ..event import Notice
from .services import Services


class SystemClock:
    """The real time; inside of the function there is nobody to hand it in."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Seconds that never jump back."""
        return time.monotonic()


def chance() -> random.Random:
    """What spreads retries."""
    return random.Random()


def say(line: str) -> None:
    """One line for the log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def publish(session: Session, clock: SystemClock, topic: str, notice: Notice) -> None:
    """Send a notice to a topic.

    :raises GatewayError: when it is not taken.
    """
    message = {"TopicArn": topic, "Subject": notice.subject, "Message": notice.text}
    Services(session, clock).ask("sns", "publish", topic, message)
