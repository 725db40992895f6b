# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a policy lets in from outside: keys open to everyone, and readers of a bucket in other accounts.

The measure is a stranger: a signed request from an account, an organization and a network that the policy does not
mention. What strangers can choose themselves (the names and tags of their roles, the service they come through, an
encryption context) keeps no stranger out.
"""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from .budget import Budget, TooComplex
from .condition import Matcher, TextMatcher, Values, matcher
from .document import Condition, Statement, parse_policy
from .evaluate import Caller, Rule, account_of
from .wildcard import SEGMENT_STAR, STAR, Tokens, classes, literal

_ACCOUNT = "000000000000"  # no account has this number
_STRANGER = Caller(_ACCOUNT, f"arn:aws:iam::{_ACCOUNT}:role/stranger")

# What a stranger's request has in the keys that tell a stranger from a friend; each may be one of several.
# aws:PrincipalArn is not among them: see ``_reaches_strangers``.
_KEYS: Dict[str, Tuple[Optional[Values], ...]] = {
    "aws:principalaccount": ((_ACCOUNT,),),
    "kms:calleraccount": ((_ACCOUNT,),),
    "aws:principalorgid": (None, ("o-stranger",)),
    "aws:principalorgpaths": (None, ("o-stranger/r-stranger/",)),
    "aws:userid": (("AROASTRANGER:stranger",),),
    "aws:principalisawsservice": (("false",),),
    "aws:principalservicename": (None,),
    "aws:principalservicenameslist": (None,),
    "aws:sourceaccount": (None,),
    "aws:sourcearn": (None,),
    "aws:sourceorgid": (None,),
    "aws:sourceorgpaths": (None,),
    "aws:sourceip": (None, ("198.51.100.7",), ("2001:db8::7",)),
    "aws:vpcsourceip": (None, ("198.51.100.7",)),
    "aws:sourcevpc": (None, ("vpc-stranger",)),
    "aws:sourcevpce": (None, ("vpce-stranger",)),
    "aws:vpceaccount": (None, (_ACCOUNT,)),
    "aws:vpceorgid": (None, ("o-stranger",)),
    "aws:vpceorgpaths": (None, ("o-stranger/r-stranger/",)),
}

# What the account with the policy puts in its place.
_OWN = {"aws:resourceaccount": "999999999999", "aws:resourceorgid": "o-own", "aws:principalaccount": _ACCOUNT}

_READS = ("s3:GetObject", "s3:GetObjectVersion")
_MAX_STEPS = 20_000


def key_open_to_everyone(policy_text: str) -> Optional[str]:
    """The statement of a key policy that lets strangers in, and what it allows, as a sentence; nothing if none does.

    :raises PolicyError: when the policy is malformed.
    """
    rules = [Rule(statement) for statement in parse_policy(policy_text).statements]
    barriers = [rule for rule in rules if rule.statement.effect == "Deny" and _keeps_strangers_out(rule)]
    for rule in rules:
        statement = rule.statement
        if statement.effect != "Allow" or not rule.calls(_STRANGER):
            continue
        if not all(_may_hold(statement, condition) for condition in statement.conditions):
            continue
        if any(_covers(barrier, statement) for barrier in barriers):
            continue
        what = ("all but " if statement.actions.negated else "") + ", ".join(statement.actions.values)
        return (
            f"{statement.title} allows {what} to every principal: no condition limits it to an account, "
            "an organization or a network"
        )
    return None


def foreign_principals(policy_text: str, account: str) -> Tuple[str, ...]:
    """Principals outside ``account`` that the policy of a bucket lets read objects, sorted; ``*`` for everyone.

    AWS services are not counted, nor are unique ids: S3 shows these in place of principals that no longer exist.

    :raises PolicyError: when the policy is malformed.
    """
    found = set()
    for statement in parse_policy(policy_text).statements:
        rule = Rule(statement)
        if statement.effect != "Allow" or not any(map(rule.acts, _READS)):
            continue
        if any(_only_own(condition, account) for condition in statement.conditions):
            continue
        if rule.calls(_STRANGER):
            found.add("*")
            continue
        found.update(name for kind, name in statement.principals.entries if _is_foreign(kind, name, account))
    return tuple(sorted(found))


def _is_foreign(kind: str, name: str, account: str) -> bool:
    if kind == "CanonicalUser":
        return True
    if kind != "AWS":
        return False
    parts = name.split(":")
    owner = account_of(name) or (parts[4] if len(parts) > 5 else "")
    return bool(owner) and owner != account


def _only_own(condition: Condition, account: str) -> bool:
    """Whether a condition admits principals of the account alone."""
    found = matcher(condition, None)
    if not isinstance(found, TextMatcher) or found.negated or found.holds(None):
        return False
    if condition.key == "aws:principalaccount":
        return set(condition.values) == {account}
    return condition.key == "aws:principalarn" and all(value.split(":")[4:5] == [account] for value in condition.values)


def _may_hold(statement: Statement, condition: Condition) -> bool:
    """Whether a stranger can make the condition true."""
    found = _matcher(statement, condition)
    if found is None:
        return True
    if condition.key == "aws:principalarn":
        return found.negated or _reaches_strangers(found)
    return any(map(found.holds, _KEYS[condition.key])) if condition.key in _KEYS else True


def _keeps_strangers_out(rule: Rule) -> bool:
    """Whether a Deny statement speaks of every stranger."""
    return rule.calls(_STRANGER) and all(_must_hold(rule.statement, one) for one in rule.statement.conditions)


def _must_hold(statement: Statement, condition: Condition) -> bool:
    """Whether a condition is true of every stranger."""
    found = _matcher(statement, condition)
    if found is None:
        return False
    if condition.key == "aws:principalarn":
        return found.negated and not _reaches_strangers(found)
    return condition.key in _KEYS and all(map(found.holds, _KEYS[condition.key]))


def _matcher(statement: Statement, condition: Condition) -> Optional[Matcher]:
    return matcher(condition, _OWN.get if statement.variables else None)


def _reaches_strangers(found: Matcher) -> bool:
    """Whether a pattern for aws:PrincipalArn fits some principal in a stranger's account."""
    if not isinstance(found, TextMatcher):
        return found.holds(_STRANGER.keys["aws:principalarn"])
    strangers: Tokens = (*literal("arn:"), SEGMENT_STAR, *literal(f":iam::{_ACCOUNT}:"), STAR)
    try:
        kinds = classes([strangers, *found.patterns], Budget(_MAX_STEPS))
    except TooComplex:
        return True
    return any(matched & 1 and matched > 1 for _arn, matched in kinds)


def _covers(barrier: Rule, statement: Statement) -> bool:
    """Whether a Deny statement is about all actions of an Allow statement."""
    if barrier.statement.actions.negated:
        return False
    # A star in an allowed action is a character like any other here: only a star in the denied one fits it.
    return all(map(barrier.acts, ("kms:*",) if statement.actions.negated else statement.actions.values))
