# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of one's own: a condition over the columns of ``facts_row``, judged like the built-in ones."""

from __future__ import annotations

import difflib
import re
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from .._common.errors import Day2Error
from .._common.verdict import Severity
from .._where.evaluate import evaluate
from .._where.grammar import Condition, WhereError, columns_of, parse
from .catalog import BY_ID, OF_RUNS, Check, Decide
from .checks.say import failed, passed, undecided
from .facts_row import NAMES, questions_for, reads_account, row
from .model import AccountFacts, BucketFacts, Verdict
from .requirements import Requirements

KEYS = ("name", "severity", "expression", "failure_message", "remediation")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SHOWN = 200  # characters of a text that evidence repeats


class CustomCheckError(Day2Error):
    """A custom check that cannot be used: ``custom_checks[0].severity: …``."""

    def __init__(self, index: int, key: str, problem: str) -> None:
        super().__init__(f"custom_checks[{index}].{key}: {problem}")
        self.index = index
        self.key = key


def parse_custom_checks(entries: Sequence[Mapping[str, Any]]) -> Tuple[Check, ...]:
    """Checks from the ``custom_checks`` option.

    The expression says what is right: the check passes where it is true and fails where it is false. ``failure_message``
    is what a failing finding says.

    :raises CustomCheckError: naming the entry and the key, for an expression with the position of the error.
    """
    checks: Dict[str, Check] = {}
    for index, entry in enumerate(entries):
        check = _check(index, {key: value for key, value in entry.items() if value is not None})
        if check.id in checks or check.id in BY_ID or check.id in [rule.id for rule in OF_RUNS]:
            raise CustomCheckError(index, "name", f"{check.id!r} is taken; choose another name")
        checks[check.id] = check
    return tuple(checks.values())


def _check(index: int, entry: Mapping[str, Any]) -> Check:
    for key in entry:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(KEYS)}"
            raise CustomCheckError(index, key, f"no such key; {hint}")
    name = _text(index, entry, "name")
    if not _NAME.fullmatch(name):
        raise CustomCheckError(index, "name", f"{name!r} is not made of a-z, 0-9 and _, at most 64, a letter first")
    severities = [severity.value for severity in Severity]
    severity = _text(index, entry, "severity")
    if severity not in severities:
        raise CustomCheckError(index, "severity", f"{severity!r} is not one of {', '.join(severities)}")
    expression = _text(index, entry, "expression")
    try:
        condition = parse(expression, NAMES)
    except WhereError as error:
        raise CustomCheckError(index, "expression", str(error)) from error
    columns = columns_of(condition)
    message = _text(index, entry, "failure_message", f"it does not hold that {expression}")
    return Check(
        id=name,
        title=_text(index, entry, "failure_message", expression),
        severity=Severity(severity),
        rationale=f"Required by a custom check: {expression}",
        remediation=_text(index, entry, "remediation", ""),
        questions=questions_for(columns),
        decide=_decide(condition, columns, expression, message),
        reads_account=reads_account(columns),
    )


def _text(index: int, entry: Mapping[str, Any], key: str, default: str = "") -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (not value and key in ("name", "severity", "expression")):
        raise CustomCheckError(index, key, "a text is needed" if key in entry else "missing")
    return value


def _decide(condition: Condition, columns: Tuple[str, ...], expression: str, message: str) -> Decide:
    def decide(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
        facts = row(bucket, account)
        holds = evaluate(condition, facts)
        if holds is None:
            reasons = facts.unknown(columns)
            why = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
            return undecided(f"whether {expression} could not be seen: {why}", {"reasons": list(reasons.values())})
        evidence = {name: _shown(facts[name]) for name in columns}
        return passed(f"it holds that {expression}", evidence) if holds else failed(message, evidence)

    return decide


def _shown(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    if isinstance(value, (list, tuple)):
        members: List[object] = [_shown(member) for member in value]
        return members
    return value if value is None or isinstance(value, (bool, int, float)) else None
