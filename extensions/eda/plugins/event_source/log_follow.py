# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Event source of Event-Driven Ansible: what is new in the logs of the host that ansible-rulebook runs on."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import random
import signal
import sys
import types
import uuid
from typing import Any, Dict, Mapping, Optional

DOCUMENTATION = r"""
short_description: Follow logs, each line once, through rotation and restarts
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Looks for what is new in logs, and puts an event on the queue for each line that a pattern matches.
  - It is the module M(day2.ops.log_scan) in a loop, on the host that ansible-rulebook runs on. Logs are followed through every kind
    of rotation, what was written while the source was down is read when it is up again, and what could not be read is an event.
  - An event is acknowledged after all events of its run are on the queue. When the source ends in between, they are put there again
    with the same C(id) and with C(redelivered) true. So none is lost on the way to the queue, and one that comes again is known by
    its C(id). What ansible-rulebook has on its queue when it is killed is lost, unless O(feedback) is set.
  - The logs are searched in a process of its own, so that neither a big log nor an expression that never ends keeps rules waiting.
  - Every event has C(kind), C(id), C(run_id), C(redelivered), C(host) and C(name). One that comes again has its C(meta.uuid) again.
  - C(kind=match) is a line (or a record of several) with C(pattern), C(pattern_set), C(severity), C(message), C(fields), C(text),
    C(at), C(path), C(line), C(offset), C(before), C(after), C(cut_bytes), and with C(met), whether the pattern has reached its
    threshold. Secrets are redacted.
  - C(kind=count) is a pattern that was found more often than O(max_samples) lets it show, or that has reached its threshold, with
    C(count), C(samples), C(threshold), C(first), C(last), C(aggregates) and C(logs).
  - C(kind=problem) is something that was lost or could not be read, with C(message), C(path), C(gap) (bytes) and C(causes). What lasts
    is told once, when it begins. C(kind=warning) is advice, with C(message).
options:
  interval:
    description: How long to wait between two looks, as a duration (V(500ms), V(5s), V(1m)) or in seconds.
    type: raw
    default: 5s
  feedback:
    description:
      - Whether an event counts as arrived only when ansible-rulebook has given it to its rules, not when it is on the queue.
      - This is a feature of ansible-rulebook, which wants persistence to be set up for it. The source must then have a name of its
        own.
    type: bool
    default: false
  name:
    description: Name of the state. Two sources that follow the same logs need two names.
    type: str
    default: log_follow
  paths:
    description: Logs to follow, as of the module.
    type: list
    elements: raw
    default: []
  journal:
    description: Follow the systemd journal, too, as of the module.
    type: dict
    suboptions:
      units:
        description: Units to read. Empty means all.
        type: list
        elements: str
        default: []
      priority:
        description: Read entries of this priority and worse.
        type: str
        choices: [emerg, alert, crit, err, warning, notice, info, debug]
      matches:
        description: Further fields that entries must have, as V(FIELD=value).
        type: list
        elements: str
        default: []
      directory:
        description: Directory of journal files to read instead of those of the host.
        type: path
  command:
    description: Run this command at each look, and search what it prints.
    type: list
    elements: str
    default: []
  patterns:
    description: What to find, as of the module.
    type: dict
    default: {}
  pattern_sets:
    description: Shipped sets of patterns to look for.
    type: list
    elements: str
    choices: [apache, auth, docker, java, kernel, kubernetes, mysql, nginx, php, postgresql, python, redis, sshd, syslog, systemd]
    default: []
  multiline:
    description: How lines are joined to records, as of the module.
    type: str
  aggregate:
    description: Fields to count the values of, for events of C(kind=count).
    type: list
    elements: str
    default: []
  context:
    description: How many lines before and after a match to send with it.
    type: int
    default: 0
  max_samples:
    description: The most events of C(kind=match) for each pattern and look. All matches are counted.
    type: int
    default: 100
  redact:
    description: What to replace in events, as of the module.
    type: list
    elements: str
    choices: [secrets, email, ip]
    default: [secrets]
  since:
    description: Leave out what the log says to be older than this.
    type: str
  until:
    description: Leave out what the log says to be newer than this.
    type: str
  timezone:
    description: IANA name of the zone of time stamps that name none. Not given, that of the host.
    type: str
  first_run:
    description: Where to begin in a log when the source runs for the first time.
    type: str
    choices: [end, beginning, since]
    default: end
  backfill:
    description: Read what was read before once more for patterns that are new since then.
    type: bool
    default: false
  max_bytes:
    description: The most bytes to read in one look. The rest is read in the next one, which then follows at once.
    type: int
  max_seconds:
    description: The most seconds to read in one look, with the same effect. Events are put on the queue at its end.
    type: float
    default: 10.0
  late_window:
    description: How long a rotated log is watched for lines that its writer still adds.
    type: str
    default: 1h
  partial_after:
    description: When a last line without a newline, or the last record of several lines, is taken as complete.
    type: str
    default: 10s
  state_dir:
    description: Directory of the state, as of the module. It must outlive the container that ansible-rulebook runs in.
    type: path
  engine:
    description: What searches, as of the module.
    type: str
    choices: [auto, hyperscan, re2, rg, grep, stdlib]
    default: auto
"""

EXAMPLES = r"""
- name: Act on what goes wrong
  hosts: all
  sources:
    - day2.ops.log_follow:
        paths:
          - /var/log/syslog
          - /var/log/nginx/*error.log
        pattern_sets: [syslog, kernel, nginx]
        interval: 2s
  rules:
    - name: Out of memory
      condition: event.kind == "match" and event.pattern == "kernel.out_of_memory"
      action:
        debug:
          msg: "{{ event.message }}"
    - name: The source itself has trouble
      condition: event.kind == "problem"
      action:
        debug:
          msg: "{{ event.message }}"
"""

Event = Dict[str, Any]

_EVENTS = uuid.UUID("0e3c9ae4-5d55-5a4b-9f0e-6c1f3b1a7c26")  # the name space of their identifiers
_FILE = os.path.abspath(__file__)
# Neither the folder of sources nor that of the rulebook has modules for it, whatever files there are called.
_LAUNCH = (
    "import sys; sys.path[:] = [path for path in sys.path if path]; "
    "import runpy; runpy.run_path(sys.argv[1], run_name='__main__')"
)
_LONGEST = 8 << 20  # bytes of an event on its way; twice as much is read ahead while the queue is full
_FAREWELL = 3.0  # seconds for the searching process to end by itself
_RETRY = 5.0  # seconds before it is started again, while no interval is known


async def main(queue: "asyncio.Queue[Event]", args: Mapping[str, Any]) -> None:
    """Put what is new in the logs on the queue until the task is cancelled.

    :raises ValueError: for arguments that make no sense.
    """
    own = ("feedback", "eda_feedback_queue")  # of ansible-rulebook, not of the search
    rules = _Rules(queue, args.get("eda_feedback_queue"))
    searcher = _Searcher({name: value for name, value in args.items() if name not in own})
    trouble = ""  # told, and not over
    try:
        while True:
            try:
                backlog = await searcher.look(rules)
                trouble = ""
            except _Ended as error:
                await searcher.stop()
                if trouble != str(error):
                    trouble = str(error)
                    await rules.give({**_NO_RUN, "message": trouble, "name": args.get("name", "log_follow")})
                backlog = False
            await asyncio.sleep(0 if backlog else searcher.interval)
    finally:
        await searcher.stop()


_NO_RUN: Mapping[str, Any] = {
    "kind": "problem",
    "id": None,
    "run_id": None,
    "redelivered": False,
    "host": os.uname().nodename,
    "path": None,
    "gap": 0,
    "causes": [],
}


class _Rules:
    """Where events go."""

    def __init__(self, queue: "asyncio.Queue[Event]", feedback: "Optional[asyncio.Queue[Event]]") -> None:
        """
        :param feedback: has each event again when it was given to the rules.
        """
        self._queue = queue
        self._feedback = feedback

    async def give(self, event: Event) -> None:
        """Have an event on the queue, and given to the rules where that is told."""
        number = event["id"]
        if number is not None:
            event["meta"] = {"uuid": str(uuid.uuid5(_EVENTS, f"{event['host']}/{event['name']}/{number}"))}
        await self._queue.put(event)
        # A filter may have made several of it. Those of an earlier event that are still there are not what is waited for.
        while self._feedback is not None and (await self._feedback.get()).get("id", number) != number:
            pass
        await asyncio.sleep(0)  # neither a full pipe nor an unbounded queue lets others have their turn


class _Ended(Exception):
    """The searching process is gone."""


class _Searcher:
    """The process that searches, seen from the event loop: this file, run as a program.

    Not a thread: one that is in an expression keeps all others waiting, and only a main thread can be interrupted in
    it. It may be killed at any time: what it found is kept, with the state, until it is acknowledged.
    """

    def __init__(self, args: Mapping[str, Any]) -> None:
        self._args = args
        self._process: Optional[asyncio.subprocess.Process] = None
        self._busy = False
        self._acknowledged: Optional[str] = None  # the last run whose events are all on the queue
        self.interval = _RETRY

    async def look(self, rules: _Rules) -> bool:
        """Give all that is new to the rules; whether there is more to read.

        :raises ValueError: for arguments that make no sense.
        """
        if self._process is None:
            await self._start()
        self._busy = True
        self._say({"look": self._acknowledged})
        while True:
            answer = await self._hear()
            if "event" not in answer:
                break
            await rules.give(answer["event"])
        self._acknowledged = answer["run_id"] or self._acknowledged
        self._say({"arrived": answer["run_id"]})
        self._busy = False
        return bool(answer["backlog"])

    async def stop(self) -> None:
        """End the process, softly if it can be."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if self._busy:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGINT)
            if process.stdin is not None:
                process.stdin.close()
            # What it still says is read: it would wait for that.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.communicate(), _FAREWELL)
            if _kill(process):
                with contextlib.suppress(asyncio.TimeoutError):  # on a disk that does not answer even that takes time
                    await asyncio.wait_for(process.communicate(), _FAREWELL)
        finally:
            self._busy = False
            _kill(process)

    async def _start(self) -> None:
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                _LAUNCH,
                _FILE,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LONGEST,
                start_new_session=True,  # what a terminal says to this program is not for that one
            )
        except OSError as error:
            raise _Ended(f"the process that searches logs cannot be started: {error}") from error
        self._say(self._args)
        answer = await self._hear()
        if "refused" in answer:
            raise ValueError(f"day2.ops.log_follow: {answer['refused']}")
        self.interval = float(answer["interval"])

    def _say(self, message: Mapping[str, Any]) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps(dict(message), default=str).encode() + b"\n")

    async def _hear(self) -> Dict[str, Any]:
        line = b""
        if self._process is not None and self._process.stdout is not None:
            try:
                line = await self._process.stdout.readline()
            except ValueError as error:
                raise _Ended(f"an event is longer than {_LONGEST} bytes") from error
        if not line.endswith(b"\n"):
            raise _Ended("the process that searches logs ended unexpectedly; it is started again")
        answer: Dict[str, Any] = json.loads(line)
        return answer


def _kill(process: asyncio.subprocess.Process) -> bool:
    """End a process that is still there; whether it was."""
    if process.returncode is not None:
        return False
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    return True


def _room(name: str) -> Any:
    """A module of the collection, which is no package that could be imported where a rulebook runs."""
    if "day2_ops" not in sys.modules:
        root = os.path.dirname(_FILE)
        for _folder in ("event_source", "plugins", "eda", "extensions"):
            root = os.path.dirname(root)
        package = types.ModuleType("day2_ops")
        package.__path__ = [os.path.join(root, "plugins", "module_utils")]
        sys.modules["day2_ops"] = package
    return importlib.import_module(f"day2_ops.{name}")


def _search() -> None:
    """The process that searches: a line of arguments, then a line for each look, until there is none any more."""
    following, errors, clock = _room("_log_scan.following"), _room("_common.errors"), _room("_common.clock")
    try:
        follower = following.Follower(json.loads(sys.stdin.readline()), clock.SystemClock(), random.Random())
    except errors.Day2Error as error:
        _answer({"refused": str(error)})
        return
    _answer({"interval": follower.interval})
    for line in sys.stdin:
        message = json.loads(line)
        if "arrived" in message:
            follower.arrived()
            continue
        for event in follower.events(message["look"]):
            _answer({"event": event})
        _answer({"run_id": follower.run_id, "backlog": follower.backlog})


def _answer(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _search()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)  # whoever asked is gone, and what is left to write with it
