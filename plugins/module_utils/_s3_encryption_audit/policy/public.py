# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a policy lets in from outside: keys open to everyone, and readers of a bucket in other accounts.

The measure is a stranger: a signed request from an account, an organization and a network that the policy does not
mention. What strangers can choose themselves (the names and tags of their roles, the service they come through, an
encryption context) keeps no stranger out.
"""

from __future__ import annotations

from typing import Dict, Optional, Sequence, Tuple

from .budget import Budget, TooComplex
from .condition import BOOLEAN_KEYS, VARIABLE_OPERATORS, AddressMatcher, Matcher, TextMatcher, Values, matcher
from .document import Condition, Statement, parse_policy
from .evaluate import Caller, Rule, account_of
from .wildcard import SEGMENT_STAR, STAR, Tokens, classes, fold, literal, segmented, variables

_ACCOUNT = "000000000000"  # no account has this number
_STRANGER = Caller(_ACCOUNT, f"arn:aws:iam::{_ACCOUNT}:role/stranger")

# What a stranger's request has in the keys that tell a stranger from a friend; each may be one of several.
_KEYS: Dict[str, Tuple[Optional[Values], ...]] = {
    "aws:principalaccount": ((_ACCOUNT,),),
    "aws:principalarn": ((_STRANGER.arn,),),
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

_SOME: Tokens = (SEGMENT_STAR, ":")
# What ARNs of strangers look like.
_ARN_KEYS: Dict[str, Tuple[Tokens, ...]] = {
    "aws:principalarn": (
        (*literal("arn:"), *_SOME, *literal(f"iam::{_ACCOUNT}:"), STAR),
        (*literal("arn:"), *_SOME, *literal(f"sts::{_ACCOUNT}:federated-user/"), STAR),
    ),
    "aws:sourcearn": (
        (*literal("arn:"), *_SOME, *_SOME, *_SOME, *literal(f"{_ACCOUNT}:"), STAR),
        (*literal("arn:"), *_SOME, *_SOME, *_SOME, ":", STAR),  # a bucket: its name does not tell whose it is
    ),
}
_WIDEST = {4: 24, 6: 96}  # bits of addresses in the widest network that one owner has: /8 and /32
_SHORTEST_ID = 16  # characters of a unique id
_WILD = frozenset("*?")

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
    if found is None or condition.key not in _KEYS or any(map(found.holds, _KEYS[condition.key])):
        return True
    if condition.key in BOOLEAN_KEYS:
        return False
    return not _fits_everything(found) if found.negated else _fits_strangers(found)


def _keeps_strangers_out(rule: Rule) -> bool:
    """Whether a Deny statement speaks of every stranger."""
    if rule.unclear_principal or not rule.calls(_STRANGER):
        return False
    return all(_must_hold(rule.statement, one) for one in rule.statement.conditions)


def _must_hold(statement: Statement, condition: Condition) -> bool:
    """Whether a condition is true of every stranger."""
    found = _matcher(statement, condition)
    if found is None or condition.key not in _KEYS or not all(map(found.holds, _KEYS[condition.key])):
        return False
    if condition.key in BOOLEAN_KEYS or not isinstance(found, (TextMatcher, AddressMatcher)):
        return True
    return not _fits_strangers(found) if found.negated else _fits_everything(found)


def _matcher(statement: Statement, condition: Condition) -> Optional[Matcher]:
    """Nothing also when a variable is the stranger's to fill, whatever it defaults to."""
    named = condition.values if statement.variables and condition.operator in VARIABLE_OPERATORS else ()
    if any(not variables(value) <= _OWN.keys() for value in named):
        return None
    return matcher(condition, _OWN.get if statement.variables else None)


def _fits_everything(found: Matcher) -> bool:
    if isinstance(found, AddressMatcher):
        return {(4, 32), (6, 128)} <= set(found.networks)
    return isinstance(found, TextMatcher) and (STAR,) in found.patterns


def _fits_strangers(found: Matcher) -> bool:
    """Whether a value of the condition is wide enough for a stranger to have one that it fits.

    There are more strangers than the one that stands for them all: a value without wildcards means a friend, and one
    with a wildcard where the owner would be named means anyone.
    """
    if isinstance(found, AddressMatcher):
        return any(open_bits > _WIDEST[version] for version, open_bits in found.networks)
    if not isinstance(found, TextMatcher):
        return False
    wide = [pattern for pattern in found.patterns if any(isinstance(token, int) for token in pattern)]
    key = found.condition.key
    if key in _ARN_KEYS:
        return bool(wide) and _fits_foreign_arns(wide, key)
    return any(_names_nobody(pattern, key) for pattern in wide)


def _names_nobody(pattern: Tokens, key: str) -> bool:
    """Whether a wildcard comes before the end of what names the owner."""
    size = next(at for at, token in enumerate(pattern) if isinstance(token, int))
    if key == "aws:userid":  # what follows the id is the name of a session, which its caller chooses
        return ":" not in pattern[:size] and size < _SHORTEST_ID
    return not (key.endswith("orgpaths") and "/" in pattern[:size])


def _fits_foreign_arns(patterns: Sequence[Tokens], key: str) -> bool:
    """Whether a pattern fits ARNs in accounts that it does not name."""
    if key == "aws:sourcearn":
        patterns = [segmented(pattern) or pattern for pattern in patterns]
    for pattern in patterns:
        colons = [at for at, token in enumerate(pattern) if token == ":"]
        if len(colons) > 4 and any(isinstance(token, int) for token in pattern[colons[3] : colons[4]]):
            return True
    strangers = _ARN_KEYS[key]
    try:
        kinds = classes([*strangers, *patterns], Budget(_MAX_STEPS))
    except TooComplex:
        return True
    foreign = (1 << len(strangers)) - 1
    return any(matched & foreign and matched > foreign for _arn, matched in kinds)


def _covers(barrier: Rule, statement: Statement) -> bool:
    """Whether a Deny statement is about this key and all actions of an Allow statement."""
    actions, resources = barrier.statement.actions, barrier.statement.resources
    if actions.negated or resources.negated or "*" not in resources.values:
        return False
    denied = [fold(value) for value in actions.values]
    heads = tuple(value[:-1] for value in denied if value.endswith("*") and not _WILD.intersection(value[:-1]))
    return all(
        action.startswith(heads) or action in denied or (not _WILD.intersection(action) and barrier.acts(action))
        for action in (("kms:*",) if statement.actions.negated else map(fold, statement.actions.values))
    )
