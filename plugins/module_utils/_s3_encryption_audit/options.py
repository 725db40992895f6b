# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a run, typed and validated as a whole before anything is asked of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, FrozenSet, Mapping, Optional, Tuple

from .._aws.access import Access
from .._common.errors import Day2Error
from .._common.values import between, run_id
from .asked import Asked
from .catalog import BY_ID, Check, questions_of
from .custom import parse_custom_checks
from .exemptions import Exemption, parse_exemptions
from .model import KeyDetail, Question
from .profiles import profile, select
from .remediate.model import Mandate
from .remediate.plan import mandate, questions_for
from .remediate.whole import Limit, parse_limit
from .requirements import Requirements, parse_requirements
from .selection import Selection

_KEY_DETAILS = {"kms_key_state": KeyDetail.POLICY, "kms_key_rotation": KeyDetail.ROTATION}


@dataclass(frozen=True)
class Shared:
    """What an audit, its way back and the merge of audits have in common."""

    access: Access
    run_id: str
    concurrency: int
    reports: Tuple[Mapping[str, Any], ...]
    max_returned: int
    compare_to: str
    fail_on: str
    max_unknown_percent: Optional[float]


@dataclass(frozen=True)
class Audit(Shared):
    """What is to be judged, how, and what becomes of it."""

    selection: Selection
    checks: Tuple[Check, ...]
    requirements: Requirements
    exemptions: Tuple[Exemption, ...]
    sample_objects: int
    inventory: str
    inventory_max_age_days: int
    wishes: Mandate
    limit: Limit
    backup_dir: str

    @property
    def asked(self) -> Asked:
        """What has to be known: what the chosen checks ask, and what decides about the risks of a repair."""
        questions = questions_of(self.checks) | questions_for(self.wishes)
        return Asked(
            questions=questions,
            account_block=Question.PUBLIC_ACCESS_BLOCK in questions
            or any(check.of_account or check.reads_account for check in self.checks),
            key_details=frozenset(detail for check in self.checks for detail in _details(check, self.requirements)),
            sample_objects=self.sample_objects,
            acceptable=self.requirements.algorithms | (set() if self.requirements.sse_c_blocked else {"SSE-C"}),
            inventory=self.inventory,
            inventory_max_age=timedelta(days=self.inventory_max_age_days),
        )


def _details(check: Check, requirements: Requirements) -> FrozenSet[KeyDetail]:
    """What a check reads of a KMS key beyond its description."""
    if check.id == "kms_key":
        return frozenset((KeyDetail.ALIASES,)) if requirements.kms_keys else frozenset()
    if check.id in _KEY_DETAILS:
        return frozenset((_KEY_DETAILS[check.id],))
    own = check.id not in BY_ID and Question.KMS_KEY in check.questions
    return frozenset(KeyDetail) if own else frozenset()


def parse_shared(options: Mapping[str, Any], now: datetime) -> Shared:
    """The options that every kind of run has.

    :raises Day2Error: naming the option, and what would be right.
    """
    return Shared(
        access=Access.from_options(options),
        run_id=run_id(options["run_id"], now),
        concurrency=between("concurrency", options["concurrency"], 1, 1024),
        reports=tuple(options["reports"]),
        max_returned=between("max_returned", options["max_returned"], 0, 100_000),
        compare_to=options["compare_to"] or "",
        fail_on=options["fail_on"],
        max_unknown_percent=_percent("max_unknown_percent", options["max_unknown_percent"]),
    )


def parse_options(options: Mapping[str, Any], now: datetime) -> Audit:
    """The module's options as an :class:`Audit`.

    :raises Day2Error: naming the option, and what would be right.
    """
    custom = parse_custom_checks(options["custom_checks"])
    checks = select(options["check_profile"], options["checks"], custom)
    defaults = {} if options["checks"] else profile(options["check_profile"]).policy
    known = {**BY_ID, **{check.id: check for check in custom}}
    remediate = _remediated(options["remediate"], checks, known)
    if remediate and not options["backup_dir"]:
        raise Day2Error("remediate needs backup_dir: a place where what it replaces is saved")
    requirements = parse_requirements(options["policy"], defaults)
    return Audit(
        **vars(parse_shared(options, now)),
        selection=Selection(
            include=tuple(options["buckets"]),
            exclude=tuple(options["exclude_buckets"]),
            regions=frozenset(options["regions"]),
            tags={str(key): str(value) for key, value in options["tags"].items()},
        ),
        checks=checks,
        requirements=requirements,
        exemptions=parse_exemptions(options["exemptions"], known),
        sample_objects=between("sample_objects", options["sample_objects"], 0, 1000),
        inventory=options["inventory"] or "",
        inventory_max_age_days=between("inventory_max_age_days", options["inventory_max_age_days"], 1, 3650),
        wishes=mandate(remediate, requirements, options["allow_risk"]),
        limit=parse_limit(options["max_remediations"]),
        backup_dir=options["backup_dir"] or "",
    )


def _remediated(names: Tuple[str, ...], checks: Tuple[Check, ...], known: Mapping[str, Check]) -> FrozenSet[str]:
    chosen = {check.id for check in checks}
    for index, name in enumerate(names):
        if name not in known:
            raise Day2Error(f"remediate[{index}]: there is no check {name!r}")
        if name not in chosen:
            raise Day2Error(
                f"remediate[{index}]: {name} is not among the checks of this run, and only what fails one is repaired;"
                " add it to checks"
            )
    return frozenset(names)


def _percent(name: str, value: Optional[float]) -> Optional[float]:
    if value is not None and not 0 <= value <= 100:
        raise Day2Error(f"{name}: {value:g} is not a percentage from 0 to 100")
    return value
