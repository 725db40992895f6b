# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a run, typed and validated as a whole before anything is asked of AWS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from .._aws.access import Access
from .._aws.arn import parse_arn
from .._aws.endpoints import check_region
from .._common.errors import Day2Error
from .._common.limit import Limit, parse_limit
from .._common.values import between, instant, run_id
from .decide import Rules
from .model import AsgMethod, FailOn, Kind

EVERY_REGION = "all"
_ACCOUNT = re.compile(r"[0-9]{12}")
_PLACEHOLDER = "{account}"
_LAST_YEAR = 9000  # there are years to look ahead from there
_LONGEST_TAG = 128 - len("Override")  # the longest of the names that are made of it


@dataclass(frozen=True)
class Options:
    """What is scheduled, by which rules, and what becomes of it.

    ``own`` is who the task is: schedules, calendars and prices are read, and reports written, as that identity. ``fleet``
    holds one access per account that is scheduled.
    """

    own: Access
    fleet: Tuple[Access, ...]
    kinds: FrozenSet[Kind]
    regions: Tuple[str, ...]  # empty: that of the credentials
    schedules: Mapping[str, Any]
    schedules_from: Tuple[str, ...]
    calendars: Mapping[str, Any]
    timezone: str
    rules: Rules
    now: Optional[datetime]  # what-if: nothing is done
    preview: int  # days
    limit: Optional[Limit]
    wait_seconds: float
    concurrency: int
    hourly_prices: Any
    currency: str
    reports: Tuple[Mapping[str, Any], ...]
    run_id: str
    max_returned: int
    fail_on: FailOn


def parse_options(options: Mapping[str, Any], now: datetime) -> Options:
    """The module's options as :class:`Options`.

    :raises Day2Error: naming the option, and what would be right.
    """
    if not options["resources"]:
        raise Day2Error("resources: at least one kind is needed, or there is nothing to do")
    roles = roles_of(options["assume_role_arn"], options["accounts"])
    return Options(
        own=_access(options, ""),
        fleet=tuple(_access(options, role) for role in roles or ("",)),
        kinds=frozenset(Kind(kind) for kind in options["resources"]),
        regions=_regions(options["regions"]),
        schedules=options["schedules"],
        schedules_from=tuple(options["schedules_from"]),
        calendars=options["calendars"],
        timezone=options["timezone"],
        rules=Rules(
            tag=tag_name(options["tag"]),
            enforce=options["enforce"],
            retain_running=options["retain_running"],
            hibernate=options["hibernate"],
            protected_tags=_protected(options["protected_tags"]),
            asg_method=AsgMethod(options["asg_method"]),
        ),
        now=_what_if(options["now"]) if options["now"] else None,
        preview=between("preview", options["preview"], 0, 366),
        limit=parse_limit("max_stop", options["max_stop"]) if options["max_stop"] else None,
        wait_seconds=between("wait_timeout", options["wait_timeout"], 0, 3600),
        concurrency=between("concurrency", options["concurrency"], 1, 1024),
        hourly_prices=options["hourly_prices"],
        currency=options["currency"],
        reports=tuple(options["reports"]),
        run_id=run_id(options["run_id"], now),
        max_returned=between("max_returned", options["max_returned"], 0, 100_000),
        fail_on=FailOn(options["fail_on"]),
    )


def _what_if(text: str) -> datetime:
    now = instant("now", text)
    if not 1970 <= now.year <= _LAST_YEAR:
        raise Day2Error(f"now: {text!r} is out of reach: a time between 1970 and {_LAST_YEAR} is expected")
    return now


def _access(options: Mapping[str, Any], role: str) -> Access:
    external_id = options["external_id"] if role else None
    return Access.from_options({**options, "assume_role_arn": role, "external_id": external_id})


def roles_of(arns: Sequence[str], accounts: Sequence[str]) -> List[str]:
    """The roles to assume, one per account: ``{account}`` in an ARN stands for each of the accounts.

    :raises Day2Error: for accounts that no ARN has a place for, an ARN that is none, and a role named twice.
    """
    for index, account in enumerate(accounts):
        if not _ACCOUNT.fullmatch(account):
            raise Day2Error(f"accounts[{index}]: {account!r} is not the id of an account (twelve digits, in quotes)")
    roles: List[str] = []
    for index, arn in enumerate(arns):
        here = [arn.replace(_PLACEHOLDER, account) for account in accounts] if _PLACEHOLDER in arn else [arn]
        if not here:
            raise Day2Error(f"assume_role_arn[{index}]: {arn} has a place for an account, and accounts is empty")
        for role in here:
            parsed = parse_arn(role)
            if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
                raise Day2Error(
                    f"assume_role_arn[{index}]: {role!r} is not the ARN of a role (arn:aws:iam::123456789012:role/name)"
                )
        roles += here
    if accounts and not any(_PLACEHOLDER in arn for arn in arns):
        raise Day2Error(
            "accounts needs assume_role_arn with {account} in it (arn:aws:iam::{account}:role/day2-ops-ec2-schedule);"
            " without a role the account is that of the credentials"
        )
    by_account: Dict[str, str] = {}
    for role in roles:
        account = role.split(":")[4]
        if account in by_account:
            raise Day2Error(f"assume_role_arn: account {account} comes twice: by {by_account[account]} and by {role}")
        by_account[account] = role
    return roles


def tag_name(name: str) -> str:
    """The name of the tag that opts a resource in; further tags of ours are named after it.

    :raises Day2Error: when AWS would not have it.
    """
    if not name or len(name) > _LONGEST_TAG or name.lower().startswith("aws:") or name != name.strip():
        raise Day2Error(
            f"tag: {name!r} is not the name of a tag (1 to {_LONGEST_TAG} characters, not beginning with aws:)"
        )
    return name


def _regions(regions: Sequence[str]) -> Tuple[str, ...]:
    if EVERY_REGION in regions and len(regions) > 1:
        raise Day2Error(f"regions: {EVERY_REGION} stands alone")
    for region in regions:
        if region != EVERY_REGION:
            check_region(region)
    return tuple(dict.fromkeys(regions))


def _protected(tags: Mapping[str, Any]) -> Dict[str, Optional[str]]:
    for name, value in tags.items():
        if isinstance(value, (dict, list)):
            raise Day2Error(
                f"protected_tags.{name}: a text is expected, with * as a wildcard; or nothing, for any value"
            )
        if isinstance(value, bool):  # who means the tag true would have True, which protects nothing
            raise Day2Error(
                f"protected_tags.{name}: YAML reads a truth value here: put the tag's value in quotes ('true', 'yes');"
                " or nothing, for any value"
            )
    return {str(name): None if value is None else str(value) for name, value in tags.items()}
