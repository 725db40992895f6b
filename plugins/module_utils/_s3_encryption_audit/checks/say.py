# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the checks say what they found.

Every check ends in one of four ways. What could not be seen is ``unknown``, whatever it might have been. A question
that does not arise (a bucket key without SSE-KMS) is a ``pass`` that begins with "not applicable": nothing is wrong,
and an ``unknown`` or a status of its own would have to be explained away in every report.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Tuple

from ..._common.verdict import Status
from ..model import Unknown, Verdict

_NOTHING: Mapping[str, Any] = {}
_NOT_APPLICABLE: Mapping[str, Any] = {"applicable": False}


def passed(message: str, evidence: Optional[Mapping[str, Any]] = None) -> Verdict:
    """As required."""
    return Verdict(Status.PASS, message, evidence or _NOTHING)


def failed(message: str, evidence: Optional[Mapping[str, Any]] = None) -> Verdict:
    """Not as required: the message names the value seen and the value required."""
    return Verdict(Status.FAIL, message, evidence or _NOTHING)


def not_applicable(why: str) -> Verdict:
    """A pass, because the question does not arise."""
    return Verdict(Status.PASS, f"not applicable: {why}", _NOT_APPLICABLE)


def unknown(subject: str, *facts: object) -> Verdict:
    """Not judged: ``facts`` are what was needed, and those of them that are ``Unknown`` say why."""
    reasons = reasons_of(*facts)
    return Verdict(Status.UNKNOWN, f"{subject} could not be seen: {'; '.join(reasons)}", {"reasons": reasons})


def undecided(message: str, evidence: Optional[Mapping[str, Any]] = None) -> Verdict:
    """Not judged, for a reason that is no single missing fact."""
    return Verdict(Status.UNKNOWN, message, evidence or _NOTHING)


def reasons_of(*facts: object) -> List[str]:
    """Why facts are unknown, each reason once."""
    return list(dict.fromkeys(fact.reason for fact in facts if isinstance(fact, Unknown)))


def listed(names: Tuple[str, ...], most: int = 3) -> str:
    """Names for a sentence: the first few, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def flag(fact: object, value: bool) -> Optional[bool]:
    """``value``, or ``None`` (Kleene's unknown) when the fact it was read from is ``Unknown``."""
    return None if isinstance(fact, Unknown) else value
