# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follows a long module: starts it in the background, shows how far it is, and returns its result."""

from __future__ import annotations

import json
import secrets
import shlex
import time
from typing import Any, Dict, Optional, Tuple

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._progress.model import Progress, decode

POLL_SECONDS = 0.5
# Said often at first, when people watch; rarely later, when a job log fills.
SAY_EVERY_SECONDS = (1.0, 2.0, 5.0, 10.0)
LONGEST_SECONDS = 24 * 3600
# So many polls may find no process before the job is given up; the wrapper needs a moment to write the result.
DEAD_POLLS = 20


class FollowedAction(ActionBase):
    """An action that runs the module of its own name and shows its progress.

    The module takes ``progress_file`` and appends to it with ``module_utils._progress``. Where the module cannot
    be followed (the task is asynchronous itself, or the target's shell is not POSIX) it runs as any module does.
    """

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the module; the result is the module's own."""
        result: Dict[str, Any] = super().run(tmp, task_vars)
        followed = (
            not self._task.async_val
            and not self._task.args.get("progress_file")
            and getattr(self._connection._shell, "SHELL_FAMILY", "") == "sh"
            and not getattr(self._connection, "has_native_async", False)
        )
        if followed:
            result.update(self._follow(task_vars))
        else:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        if not self._task.async_val:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _follow(self, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        jobs = self._remote_expand_user(self.get_shell_option("async_dir", default="~/.ansible_async"))
        progress_file = self._connection._shell.join_path(jobs, f"day2_progress_{secrets.token_hex(8)}")
        job_id = None
        finished = False
        last: Optional[Progress] = None
        silent_polls = 0
        try:
            started = self._start({**self._task.args, "progress_file": progress_file}, task_vars)
            job_id = started.get("ansible_job_id")
            if not job_id:
                finished = True
                return started
            voice = _Voice(str((task_vars or {}).get("inventory_hostname", "")))
            job_file = self._connection._shell.join_path(jobs, job_id)
            while True:
                running, said, alive = self._poll(job_file, progress_file, last)
                if not running:
                    break
                last = said or last
                if last:
                    voice.say(last)
                silent_polls = 0 if alive else silent_polls + 1
                if silent_polls > DEAD_POLLS:
                    return {
                        "failed": True,
                        "msg": "the module's process ended without a result (killed, or out of memory)",
                    }
                time.sleep(POLL_SECONDS)
            outcome = self._status(jobs, job_id, "status", task_vars)
            finished = True
            for key in ("ansible_job_id", "started", "finished", "results_file", "_ansible_suppress_tmpdir_delete"):
                outcome.pop(key, None)
            # async_status looks in from outside; these are empty unless the module wrote to its own stdout.
            for key in ("stdout", "stderr", "stdout_lines", "stderr_lines"):
                if not outcome.get(key):
                    outcome.pop(key, None)
            return outcome
        finally:
            if not finished and last and last.pid:  # interrupted, or past the task's timeout: leave nothing running
                self._low_level_execute_command(f"kill {last.pid}")
            self._low_level_execute_command(f"rm -f {shlex.quote(progress_file)}")
            if job_id:
                self._status(jobs, job_id, "cleanup", task_vars)

    def _start(self, arguments: Dict[str, Any], task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        # async_wrapper takes its time limit from the task, which is not asynchronous as far as the user knows.
        self._task.async_val = LONGEST_SECONDS
        try:
            started: Dict[str, Any] = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=True)
        finally:
            self._task.async_val = 0
        return started

    def _status(self, jobs: str, job_id: str, mode: str, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        status: Dict[str, Any] = self._execute_module(
            module_name="ansible.legacy.async_status",
            module_args={"jid": job_id, "mode": mode, "_async_dir": jobs},
            task_vars=task_vars,
        )
        return status

    def _poll(
        self, job_file: str, progress_file: str, last: Optional[Progress]
    ) -> Tuple[bool, Optional[Progress], bool]:
        """One look at the target: is the job running, what does it say, and does its process live?

        async_wrapper's file says "started" until the module's result replaces it in one rename.
        """
        look = f"head -c 400 {shlex.quote(job_file)}; echo; tail -n 1 {shlex.quote(progress_file)}"
        if last and last.pid:
            look += f"; kill -0 {last.pid} && echo alive"
        lines = self._low_level_execute_command(look).get("stdout", "").splitlines()
        try:
            job = json.loads(lines[0])
            running = bool(job.get("started")) and not job.get("finished")
        except (ValueError, IndexError, AttributeError):
            running = False
        said = next((progress for progress in map(decode, lines[1:]) if progress), None)
        return running, said, "alive" in lines or last is None


class _Voice:
    """Says new progress, less and less often."""

    def __init__(self, host: str) -> None:
        self._display = Display()
        self._host = host
        self._said: Optional[Progress] = None
        self._times = 0
        self._next = 0.0

    def say(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress == self._said or now < self._next:
            return
        self._display.display(f"  [{self._host}] {progress.sentence()}", color="bright blue")
        self._said = progress
        self._next = now + SAY_EVERY_SECONDS[min(self._times // 10, len(SAY_EVERY_SECONDS) - 1)]
        self._times += 1
