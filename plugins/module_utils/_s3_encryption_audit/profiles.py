# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Named selections of checks, with what they require: ``baseline``, ``strict``, and one for each framework."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .catalog import BY_ID, CHECKS, Check
from .frameworks import FRAMEWORKS, TITLES


class SelectionError(Day2Error):
    """A check or profile that does not exist."""


@dataclass(frozen=True)
class Profile:
    """Checks, in the order of the catalog, and the policy they start from."""

    title: str
    checks: Tuple[str, ...]
    policy: Mapping[str, Any] = field(default_factory=dict)


def _framework(name: str, title: str) -> Profile:
    checks = tuple(check.id for check in CHECKS if name in FRAMEWORKS.get(check.id, {}))
    # A framework that has a control for the algorithm wants KMS: SSE-S3 is what everybody has anyway.
    return Profile(title, checks, {"algorithm": "aws:kms"} if "encryption_algorithm" in checks else {})


PROFILES: Mapping[str, Profile] = {
    "baseline": Profile(
        "What every bucket should have",
        (
            "default_encryption",
            "encryption_algorithm",
            "kms_key_state",
            "sse_c_blocked",
            "tls_only",
            "public_access_block",
            "account_public_access_block",
            "not_public",
            "object_ownership",
        ),
    ),
    "strict": Profile(
        "Every check, with customer-managed KMS keys",
        tuple(check.id for check in CHECKS),
        {"algorithm": "aws:kms", "customer_managed": True},
    ),
    **{name: _framework(name, title) for name, title in TITLES.items()},
}


def profile(name: str) -> Profile:
    """The profile of a name.

    :raises SelectionError: with near names, or all of them.
    """
    if name not in PROFILES:
        raise SelectionError(_unknown("check_profile", name, PROFILES))
    return PROFILES[name]


def select(profile_name: str, names: Optional[Sequence[str]] = None, custom: Sequence[Check] = ()) -> Tuple[Check, ...]:
    """The checks of a run: the named ones, else those of the profile; in both cases all custom ones as well.

    Custom checks may be named too, in which case only the named ones run. Each check runs once.

    :raises SelectionError: for a name that is neither a check nor a custom one.
    """
    known: Dict[str, Check] = {**BY_ID, **{check.id: check for check in custom}}
    wanted = names if names else profile(profile_name).checks
    for index, name in enumerate(wanted):
        if name not in known:
            raise SelectionError(_unknown(f"checks[{index}]", name, known))
    own = {check.id for check in custom}
    if not own.intersection(wanted):
        wanted = [*wanted, *own]
    return tuple(check for check in known.values() if check.id in wanted)


def _unknown(where: str, name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
    return f"{where}: there is no {name!r}; {hint}"
