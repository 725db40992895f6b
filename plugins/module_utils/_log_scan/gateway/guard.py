# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time limit for what cannot be asked to stop: an expression that tries every way to match a line."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from types import FrameType
from typing import Iterator, Optional

from ..detect import TooLong

_AGAIN = 0.05  # a signal may come where nobody hears it, in a destructor for one: it is repeated


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TooLong` in the body once it has taken so many seconds of the processor.

    Not of the clock on the wall: on a host that stands still every expression would take too long.

    Python's ``re`` looks for signals while it matches, so that an alarm ends it. Alarms go to the main thread; elsewhere
    there is no limit. An alarm that somebody else has set goes on afterwards, less the time that passed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over = False

    def ring(_number: int, _frame: Optional[FrameType]) -> None:
        if not over:
            raise TooLong(f"took longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, ring)
    started = time.process_time()
    left, interval = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL if before is None else before)
        if left:
            signal.setitimer(signal.ITIMER_VIRTUAL, max(left - (time.process_time() - started), 1e-6), interval)
