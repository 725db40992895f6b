# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scans in a process of their own that SIGKILL or SIGSTOP meets at a chosen instant."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any, Callable, Dict, NamedTuple, Optional

from ansible.module_utils import basic
from ansible_collections.day2.ops.plugins.modules import log_scan

from .log_place import LogPlace


class Instant(NamedTuple):
    """When it happens: at the ``number``-th call or return of any function, or around the state's taking its name."""

    number: int = 0
    event: str = ""  # c_call: the new state is written and has not got its name; c_return: it just got it
    inside: str = ""  # the function in which is counted; empty: everywhere


BEFORE_RENAME, AFTER_RENAME = Instant(event="c_call"), Instant(event="c_return")


class Fork:
    """A process that does something, until the signal comes."""

    def __init__(self, body: Callable[[], None], instant: Instant, with_signal: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that forks and threads do not go together: there are none
            self.pid = os.fork()
        if self.pid == 0:
            try:
                _watched(body, instant, with_signal)
                os._exit(0)
            finally:
                os._exit(1)
        _pid, self._status = os.waitpid(self.pid, os.WUNTRACED)
        self.stopped = os.WIFSTOPPED(self._status)

    def survives(self) -> bool:
        """Whether it comes to its end, which is waited for; else it was killed."""
        if self.stopped:
            os.kill(self.pid, signal.SIGCONT)
            self._wait()
        if os.WIFEXITED(self._status):
            assert os.WEXITSTATUS(self._status) == 0, "it failed in its process"
            return True
        assert os.WTERMSIG(self._status) == signal.SIGKILL
        return False

    def kill(self) -> None:
        """As ``kill -9`` does."""
        if self.stopped:
            os.kill(self.pid, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        _pid, self._status = os.waitpid(self.pid, 0)
        self.stopped = False


def _watched(body: Callable[[], None], instant: Instant, with_signal: int) -> None:
    left, counting = instant.number, not instant.inside

    def watch(frame: Any, event: str, argument: Any) -> None:
        nonlocal left, counting
        if instant.event:
            now = event == instant.event and argument is os.replace
        else:
            edge = frame.f_code.co_name == instant.inside and event in ("call", "return")
            left -= counting or edge
            now = (counting or edge) and left == 0
            counting = event == "call" if edge else counting
        if now:
            os.kill(os.getpid(), with_signal)

    sys.setprofile(watch)
    body()
    sys.setprofile(None)


class ScanProcess(Fork):
    """A scan that is on its way."""

    def __init__(
        self, place: LogPlace, answer: Path, instant: Instant, with_signal: int, options: Dict[str, Any]
    ) -> None:
        self._answer = answer
        super().__init__(lambda: _scan(place, answer, options), instant, with_signal)
        place.wait(1)  # as it did over there

    def result(self) -> Optional[Dict[str, Any]]:
        """What it answered, once it has come to its end; None if it was killed."""
        if not self.survives():
            return None
        found: Dict[str, Any] = json.loads(self._answer.read_text(encoding="utf-8"))
        return found


def _scan(place: LogPlace, answer: Path, options: Dict[str, Any]) -> None:
    answer.write_text(json.dumps(place.scan(**options)), encoding="utf-8")


class ModuleProcess(Fork):
    """The module itself, as Ansible starts it, from its arguments to the text that it prints."""

    def __init__(self, output: Path, instant: Instant, options: Dict[str, Any]) -> None:
        self._output = output
        super().__init__(lambda: _run_module(output, options), instant, signal.SIGKILL)

    def result(self) -> Optional[Dict[str, Any]]:
        """What it printed; None if it was killed."""
        if not self.survives():
            return None
        found: Dict[str, Any] = json.loads(self._output.read_text(encoding="utf-8"))
        return found


def _run_module(output: Path, options: Dict[str, Any]) -> None:
    given = {**options, "_ansible_remote_tmp": str(output.parent)}
    # Where every ansible-core since 2.16 looks for them.
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
    if hasattr(basic, "_ANSIBLE_PROFILE"):
        basic._ANSIBLE_PROFILE = "legacy"
    sys.stdin = io.StringIO("")
    with output.open("w", encoding="utf-8") as sys.stdout:
        try:
            log_scan.main()
        except SystemExit as ended:
            assert not ended.code
