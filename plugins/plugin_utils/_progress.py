# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follows a long module: starts it in the background, shows how far it is, and returns its result."""

from __future__ import annotations

import json
import secrets
import shlex
import time
from typing import Any, Dict, List, Optional, Tuple

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._progress.model import Progress, decode

POLL_SECONDS = 0.5
# Said often at first, when people watch; rarely later, when a job log fills.
SAY_EVERY_SECONDS = (1.0, 2.0, 5.0, 10.0)
LONGEST_SECONDS = 24 * 3600
# So many polls may find no process before the job is given up; the wrapper needs a moment to write the result.
DEAD_POLLS = 20
# So many polls may meet no target: a network that is away for a moment does not end an hour's work.
LOST_POLLS = 20
# So often a module is told to end, gently at first.
END_POLLS = 20

_NO_RESULT = {
    "failed": True,
    "changed": False,
    "msg": "the module's process ended without a result (killed, or out of memory)",
}


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
            result.update(self._plain(task_vars))
        if not self._task.async_val:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _follow(self, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        place = self._own_directory()
        if not place:  # no home, or a full disk: that is for the module itself to say, if it minds
            return self._plain(task_vars)
        progress_file = self._connection._shell.join_path(place, "progress")
        last: Optional[Progress] = None
        ended = False
        try:
            started = self._start({**self._task.args, "progress_file": progress_file}, place, task_vars)
            job_id = started.get("ansible_job_id")
            if not job_id:
                ended = True
                return started
            voice = _Voice(str((task_vars or {}).get("inventory_hostname", "")))
            job_file = self._connection._shell.join_path(place, job_id)
            unseen = dead = 0
            while dead <= DEAD_POLLS:
                try:
                    running, said, alive = self._poll(job_file, progress_file, last)
                except AnsibleConnectionFailure:
                    # The job does not need us: whoever comes back finds it where it is, or its result.
                    unseen += 1
                    if unseen > LOST_POLLS:
                        raise
                    time.sleep(POLL_SECONDS)
                    continue
                last = said or last
                if not running:
                    if last and last.stage and last.done == last.total:
                        voice.say(last, at_once=True)  # else the last word would be from the midst of the work
                    break
                if last and last.stage:
                    voice.say(last)
                unseen, dead = 0, 0 if alive else dead + 1
                time.sleep(POLL_SECONDS)
            ended = True
            return _NO_RESULT if dead > DEAD_POLLS else self._outcome(place, job_id, task_vars)
        finally:
            if not ended:  # interrupted, or past the task's timeout: leave nothing running
                self._end(progress_file, last)
            self._low_level_execute_command(f"rm -rf {shlex.quote(place)}")

    def _plain(self, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        result: Dict[str, Any] = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
        return result

    def _own_directory(self) -> str:
        """A new directory for the job and its progress, for the user of the target alone; empty without one.

        Of its own, so that what is in it can go whatever happens; and made by the shell, since ``~`` is ``$HOME`` to
        async_wrapper but not to ``_remote_expand_user``.
        """
        jobs = str(self.get_shell_option("async_dir", default="~/.ansible_async"))
        home = '"$HOME"' if jobs.startswith("~/") else ""
        if not home:
            jobs = self._remote_expand_user(jobs)
        place = home + shlex.quote(f"{jobs[1:] if home else jobs}/day2_{secrets.token_hex(8)}")
        made = self._low_level_execute_command(f"umask 77 && mkdir -p {place} && cd {place} && pwd")
        lines: List[str] = made.get("stdout", "").splitlines()
        return lines[-1].strip() if made.get("rc") == 0 and lines else ""

    def _start(self, arguments: Dict[str, Any], place: str, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        # async_wrapper takes its time limit from the task, which is not asynchronous as far as the user knows.
        shell = self._connection._shell
        usual = self.get_shell_option("async_dir", default="~/.ansible_async")
        self._task.async_val = LONGEST_SECONDS
        shell.set_option("async_dir", place)
        try:
            started: Dict[str, Any] = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=True)
        finally:
            self._task.async_val = 0
            shell.set_option("async_dir", usual)
        return started

    def _outcome(self, place: str, job_id: str, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        """The result of the module, as if it had not been followed."""
        # Looking at a job changes nothing, but in ansible-core 2.16 async_status knows no check mode.
        check_mode, self._task.check_mode = self._task.check_mode, False
        try:
            outcome: Dict[str, Any] = self._execute_module(
                module_name="ansible.legacy.async_status",
                module_args={"jid": job_id, "mode": "status", "_async_dir": place},
                task_vars=task_vars,
            )
        finally:
            self._task.check_mode = check_mode
        for key in ("ansible_job_id", "started", "finished", "results_file", "_ansible_suppress_tmpdir_delete"):
            outcome.pop(key, None)
        # async_status looks in from outside; these are empty unless the module wrote to its own stdout.
        for key in ("stdout", "stderr", "stdout_lines", "stderr_lines"):
            if not outcome.get(key):
                outcome.pop(key, None)
        if "cmd" in outcome and "data" in outcome:  # what async_wrapper makes of an answer that is no result
            said = {"module_stdout": outcome["data"], "module_stderr": outcome.get("stderr", "")}
            return {**_NO_RESULT, **said}
        return outcome

    def _end(self, progress_file: str, last: Optional[Progress]) -> None:
        """End the module's process, and be back when it is gone."""
        for turn in range(END_POLLS):
            if last is None:
                tail = self._low_level_execute_command(f"tail -n 1 {shlex.quote(progress_file)}")
                last = decode(tail.get("stdout", ""))
            if last is not None:
                signal = "TERM" if turn < END_POLLS // 2 else "KILL"
                ended = self._low_level_execute_command(f"kill -{signal} {last.pid} && echo alive")
                if "alive" not in ended.get("stdout", ""):
                    return
            time.sleep(POLL_SECONDS)

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

    def say(self, progress: Progress, at_once: bool = False) -> None:
        now = time.monotonic()
        if progress == self._said or (now < self._next and not at_once):
            return
        self._display.display(f"  [{self._host}] {progress.sentence()}", color="bright blue")
        self._said = progress
        self._next = now + SAY_EVERY_SECONDS[min(self._times // 10, len(SAY_EVERY_SECONDS) - 1)]
        self._times += 1
