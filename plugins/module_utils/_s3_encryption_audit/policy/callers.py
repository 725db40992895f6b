# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An example of every kind of caller that the statements tell apart."""

from __future__ import annotations

import re
from itertools import count
from typing import Dict, FrozenSet, List, Sequence, Tuple

from .budget import Budget
from .condition import TextMatcher
from .evaluate import Caller, Rule, account_of
from .scenario import DIRECT, SERVICE, Scenario
from .wildcard import ANY, SEGMENT_ANY, SEGMENT_STAR, STAR, Glob, Token, Tokens, classes, literal

# What the ARN of a principal looks like; ``_language`` says the same.
_PRINCIPAL = re.compile(
    r"arn:[^:]+:(?:iam::(?:[0-9]{12}:(?:root|role/.+|user/.+)|cloudfront:user/.+)|sts::[0-9]{12}:federated-user/.+)",
    re.DOTALL,
)
ANY_SERVICE = "any.amazonaws.com"  # an AWS service that no statement mentions
_DIGITS = "0123456789"
_SESSION = ":assumed-role/"
_SERVICE_KEYS = ("aws:principalservicename", "aws:principalservicenameslist")


def callers(rules: Sequence[Rule], scenario: Scenario, partition: str, budget: Budget) -> List[Caller]:
    """Callers such that whoever calls, the rules say of it what they say of one of these; any principal first.

    :raises TooComplex: when that takes more steps than the budget has.
    """
    entries = [entry for rule in rules for entry in rule.statement.principals.entries]
    if scenario.through == SERVICE:
        return _services(rules, entries, budget)
    named: Dict[Caller, None] = {}
    other = _other_account([text for _kind, text in entries], rules)
    anyone = f"arn:{partition}:iam::{other}:role/any"
    named[Caller(other, anyone)] = None
    if scenario.through == DIRECT:
        named[Caller("anonymous")] = None
    for arn in _arns(rules, entries, partition, budget):
        named[Caller(_account_in(arn), arn)] = None
    for kind, name in entries:
        if kind == "AWS" and _SESSION in name:
            for caller in _session(name, partition, list(named)):
                named[caller] = None
        elif kind not in ("Service", "*") and not name.startswith("arn:") and name != "*" and not account_of(name):
            named[Caller(other, anyone, frozenset(((kind, name),)))] = None
    return list(named)


def _other_account(names: Sequence[str], rules: Sequence[Rule]) -> str:
    """An account that no statement mentions."""
    values = (value for rule in rules for found in rule.matchers for value in found.condition.values)
    texts = "\n".join((*names, *values))
    return next(account for account in map(str, count(123456789012)) if account not in texts)


def _text_patterns(rules: Sequence[Rule], key: str) -> List[Tokens]:
    return [
        pattern
        for rule in rules
        for found in rule.matchers
        if found.condition.key == key and isinstance(found, TextMatcher)
        for pattern in found.patterns
    ]


def _arns(rules: Sequence[Rule], entries: Sequence[Tuple[str, str]], partition: str, budget: Budget) -> List[str]:
    """Principal ARNs: for every set of statements' atoms that one ARN can match, one that does."""
    exact = [name for kind, name in entries if kind == "AWS" and name.startswith("arn:") and not account_of(name)]
    accounts = {account_of(name) for kind, name in entries if kind == "AWS"} - {""}
    arn_patterns = _text_patterns(rules, "aws:principalarn")
    account_patterns = _text_patterns(rules, "aws:principalaccount")
    plain = [Glob(pattern) for pattern in (*arn_patterns, *account_patterns)]
    if all(glob.plain for glob in plain):
        exact += [Glob(pattern).text for pattern in arn_patterns]
        accounts |= {Glob(pattern).text for pattern in account_patterns} | set(map(_account_in, exact))
        found = [*exact, *(f"arn:{partition}:iam::{account}:role/any" for account in sorted(accounts))]
        return [arn for arn in found if _PRINCIPAL.fullmatch(arn) and arn.split(":")[1] == partition]
    patterns = [*arn_patterns, *map(literal, exact)]
    patterns += [_with_account(literal(account)) for account in sorted(accounts)]
    patterns += [_with_account(_in_segment(pattern)) for pattern in account_patterns]
    return [arn for arn, _matched in classes(patterns, budget, language=_language(partition))]


def _with_account(account: Tokens) -> Tokens:
    """ARNs of principals in accounts of this pattern."""
    any_part: Tuple[Token, ...] = (SEGMENT_STAR, ":")
    return (*literal("arn:"), *any_part, *any_part, *any_part, *account, ":", STAR)


def _in_segment(pattern: Tokens) -> Tokens:
    segment: Dict[Token, Token] = {STAR: SEGMENT_STAR, ANY: SEGMENT_ANY}
    return tuple(segment.get(token, token) for token in pattern)


def _language(partition: str) -> List[Tokens]:
    """What the ARN of a principal looks like."""
    account: Tokens = (_DIGITS,) * 12
    iam, sts = literal(f"arn:{partition}:iam::"), literal(f"arn:{partition}:sts::")
    some: Tokens = (ANY, STAR)
    return [
        (*iam, *account, *literal(":role/"), *some),
        (*iam, *account, *literal(":user/"), *some),
        (*iam, *account, *literal(":root")),
        (*sts, *account, *literal(":federated-user/"), *some),
        (*iam, *literal("cloudfront:user/"), *some),
    ]


def _account_in(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""


def _session(name: str, partition: str, known: Sequence[Caller]) -> List[Caller]:
    """The callers that a role session in ``Principal`` can be: a role of that name under any path."""
    account = _account_in(name)
    role, _slash, _session_name = name.partition(_SESSION)[2].partition("/")
    names: FrozenSet[Tuple[str, str]] = frozenset((("AWS", name),))
    arns = [f"arn:{partition}:iam::{account}:role/{path}{role}" for path in ("", "any/")]
    arns += [caller.arn for caller in known if caller.account == account and caller.arn.endswith(f"/{role}")]
    return [Caller(account, arn, names) for arn in arns]


def _services(rules: Sequence[Rule], entries: Sequence[Tuple[str, str]], budget: Budget) -> List[Caller]:
    patterns = [pattern for key in _SERVICE_KEYS for pattern in _text_patterns(rules, key)]
    names = [ANY_SERVICE]
    names += [name for kind, name in entries if kind == "Service" and name != "*"]
    names += [text for text, _matched in classes(patterns, budget, nonempty=True)]
    return [Caller("", "", frozenset((("Service", name),))) for name in dict.fromkeys(names)]
