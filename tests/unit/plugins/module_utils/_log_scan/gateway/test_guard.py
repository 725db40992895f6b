# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An expression that does not end is stopped, and nobody else's alarm is lost."""

from __future__ import annotations

import re
import signal
import threading
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.detect import TooLong
from ansible_collections.day2.ops.plugins.module_utils._log_scan.gateway.guard import time_limit

BOMB = re.compile(rb"(a+)+$")
TEXT = b"a" * 60 + b"b"


def test_a_bomb_is_stopped() -> None:
    with pytest.raises(TooLong, match="took longer than 0.05 seconds"):
        with time_limit(0.05):
            BOMB.search(TEXT)


def test_what_ends_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with time_limit(30):
        assert BOMB.search(b"aaa")
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_errors_of_the_body_pass() -> None:
    with pytest.raises(KeyError):
        with time_limit(30):
            raise KeyError("it")
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_an_alarm_of_somebody_else_goes_on() -> None:
    rung: List[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, frame: rung.append(number))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, 100)
        with time_limit(30):
            pass
        assert 0 < signal.getitimer(signal.ITIMER_VIRTUAL)[0] <= 100.1
        with pytest.raises(TooLong):
            with time_limit(0.01):
                BOMB.search(TEXT)
        assert 0 < signal.getitimer(signal.ITIMER_VIRTUAL)[0] <= 100.1
        signal.raise_signal(signal.SIGVTALRM)
        assert rung == [signal.SIGVTALRM]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def test_other_threads_have_no_limit() -> None:
    done: List[bool] = []

    def work() -> None:
        with time_limit(1e-6):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert done == [True]
