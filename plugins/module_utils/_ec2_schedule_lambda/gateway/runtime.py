# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What surrounds a run of the function: chance, the log, and the topic for notices."""

from __future__ import annotations

import random
import sys

from ..._aws.gateway.session import Session
from ..._common.job import Clock
from ..event import Notice
from .services import Services


def chance() -> random.Random:
    """What spreads retries."""
    return random.Random()


def say(line: str) -> None:
    """One line for the log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def publish(session: Session, clock: Clock, topic: str, notice: Notice) -> None:
    """Send a notice to a topic.

    :raises GatewayError: when it is not taken.
    """
    message = {"TopicArn": topic, "Subject": notice.subject, "Message": notice.text}
    Services(session, clock).ask("sns", "publish", topic, message)
