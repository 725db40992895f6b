# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on order: which requests fail, how often and in which way."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Dict, Iterable, List, Mapping, Optional

from .errors import S3Error
from .wire import Fault

KINDS: Dict[str, str] = {
    "error": "an error document with `code`",
    "delay": "the right answer, `delay` seconds late",
    "reset": "a TCP reset instead of an answer",
    "truncate": "the whole head and half of the body, then the end",
    "cut": "a sound answer with half of the body, as long as its head says",
    "truncate_head": "half of the head, then the end",
    "half_close": "the end of the server's side instead of an answer; the client's side stays open",
    "garbage": "bytes that are not HTTP",
    "close_after": "the right answer, then the connection ends without notice",
}
DELAY_LIMIT = 60.0  # seconds


@dataclass
class Rule:
    """One kind of fault for the requests that match all three globs.

    Of the matching requests the first ``skip`` pass; of the others every ``every``-th is hit (counted from a seeded
    start), or each with the probability ``share``; after ``times`` hits the rule is spent.

    >>> Rule(code="SlowDown", share=0.01, seed=7)              # one per cent of everything
    >>> Rule(action="GetBucketPolicy", bucket="acme-*", code="AccessDenied")
    >>> Rule(kind="reset", every=50, times=10)
    """

    kind: str = "error"
    service: str = "*"
    action: str = "*"
    bucket: str = "*"
    code: str = ""
    status: int = 0  # 0: the usual status of the code
    message: str = ""
    delay: float = 0.0  # seconds, for any kind
    every: int = 1
    share: float = 0.0  # instead of `every`
    skip: int = 0
    times: Optional[int] = None
    seed: int = 0
    hits: int = 0
    _seen: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r}: one of {', '.join(KINDS)}")
        if self.kind == "error" and not self.code:
            raise ValueError("a rule of kind error needs a code")
        if not 0 <= self.delay <= DELAY_LIMIT:
            raise ValueError(f"delay {self.delay}: 0 to {DELAY_LIMIT:g} seconds")
        if self.every < 1 or not 0 <= self.share <= 1:
            raise ValueError("every is at least 1 and share between 0 and 1")
        self._random = random.Random(self.seed)
        self._phase = self.seed % self.every

    def strikes(self, service: str, action: str, bucket: str) -> bool:
        """Whether this request is hit; counts it."""
        if not (
            (self.action == "*" or fnmatchcase(action, self.action))
            and (self.bucket == "*" or fnmatchcase(bucket, self.bucket))
            and (self.service == "*" or fnmatchcase(service, self.service))
        ):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self._seen += 1
        if self._seen <= self.skip:
            return False
        if self.share:
            hit = self._random.random() < self.share
        else:
            hit = (self._seen - self.skip - 1 + self._phase) % self.every == self.every - 1
        self.hits += hit
        return hit

    def fault(self) -> Fault:
        """What to do with a request that is hit."""
        if self.kind == "error":
            return Fault("error", self.delay, S3Error(self.code, self.message, self.status))
        return Fault("" if self.kind == "delay" else self.kind, self.delay)

    def as_dict(self) -> Dict[str, Any]:
        """The rule for the control endpoint."""
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}


def rule_of(given: Mapping[str, Any]) -> Rule:
    """A rule from JSON.

    :raises ValueError: for a key that no rule has.
    """
    known = {entry.name for entry in fields(Rule)} - {"hits", "_seen"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"unknown {', '.join(unknown)}; a rule has {', '.join(sorted(known))}")
    return Rule(**given)


class Rules:
    """The rules in force; the first that strikes decides."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules: List[Rule] = list(rules)

    def add(self, **given: Any) -> Rule:
        """Add a rule and return it: its ``hits`` tell how often it struck."""
        rule = rule_of(given)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """No more faults."""
        self.rules.clear()

    def fault(self, service: str, action: str, bucket: str) -> Optional[Fault]:
        """The fault of a request, or ``None``."""
        for rule in self.rules:
            if rule.strikes(service, action, bucket):
                return rule.fault()
        return None
