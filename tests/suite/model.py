# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a step of the suite is, what it comes to, and how many tests that counts for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, List, Mapping, Optional, Sequence, Tuple
from xml.etree import ElementTree


@dataclass(frozen=True)
class Command:
    """One process. ``environment`` is added to the caller's; an empty value removes the variable."""

    argv: Tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."


@dataclass(frozen=True)
class Step:
    """Commands that run one after the other until one fails.

    A step counts as one test, or as the tests that its ``junit`` file tells of.
    """

    name: str
    group: str  # the nox session it belongs to
    commands: Tuple[Command, ...]
    after: Tuple[str, ...] = ()  # these first; when one of them failed this one is not run and counts as failed
    lock: str = ""  # steps of the same lock never run at the same time
    junit: str = ""
    show: bool = False  # its output is for people: printed, also when all is well


@dataclass(frozen=True)
class Tally:
    """The three numbers of every closing line."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Outcome:
    """What a step came to."""

    step: Step
    tally: Tally
    seconds: float
    skips: Tuple[str, ...] = ()  # test: reason
    why: str = ""  # why it was not run

    @property
    def ok(self) -> bool:
        """Whether steps that wait for this one may start."""
        return not self.tally.failed


def judged(step: Step, code: int, seconds: float, report: Optional[str]) -> Outcome:
    """The outcome of a step that ended with exit code ``code``; ``report`` is its JUnit document, if it wrote one.

    A step that failed although no test in its report did (no tests found, a crash after the last one) counts as
    one failure more, so that nothing but a clean end passes.
    """
    if not step.junit:
        return Outcome(step, Tally(passed=int(code == 0), failed=int(code != 0)), seconds)
    tally, skips = counted(report) if report else (Tally(), ())
    if (code != 0 and not tally.failed) or not (tally.passed or tally.failed or tally.skipped):
        tally += Tally(failed=1)
    return Outcome(step, tally, seconds, skips)


def counted(report: str) -> Tuple[Tally, Tuple[str, ...]]:
    """Tests and the reasons of the skipped ones in a JUnit document; a truncated one counts as a failure."""
    try:
        root = ElementTree.fromstring(report)
    except ElementTree.ParseError:
        return Tally(failed=1), ()
    tally = Tally()
    skips: List[str] = []
    for case in root.iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally += Tally(failed=1)
        elif skipped is not None:
            tally += Tally(skipped=1)
            skips.append(f"{case.get('classname')}.{case.get('name')}: {skipped.get('message')}")
        else:
            tally += Tally(passed=1)
    return tally, tuple(skips)


def total(outcomes: Iterable[Outcome]) -> Tally:
    """All steps together."""
    return sum((outcome.tally for outcome in outcomes), Tally())


def chosen(steps: Sequence[Step], words: Sequence[str]) -> List[Step]:
    """The steps that ``words`` name by group or name, with everything they wait for, in the suite's order.

    :raises ValueError: when a word names nothing.
    """
    known = {step.group for step in steps} | {step.name for step in steps}
    unknown = sorted(set(words) - known)
    if unknown:
        raise ValueError(f"no step or group {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    wanted = {step.name for step in steps if not words or step.group in words or step.name in words}
    by_name = {step.name: step for step in steps}
    waiting = list(wanted)
    while waiting:
        for name in by_name[waiting.pop()].after:
            if name not in wanted:
                wanted.add(name)
                waiting.append(name)
    return [step for step in steps if step.name in wanted]


def ready(waiting: Sequence[Step], running: Iterable[Step], finished: Mapping[str, Outcome]) -> Optional[Step]:
    """The next step that may start: the first in order whose predecessors are through and whose lock is free."""
    locks = {step.lock for step in running if step.lock}
    for step in waiting:
        if step.lock not in locks and all(name in finished for name in step.after):
            return step
    return None
