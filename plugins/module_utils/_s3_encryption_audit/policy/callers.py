# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An example of every kind of caller that the statements tell apart."""

from __future__ import annotations

import re
from itertools import count, islice, product
from typing import Dict, Iterator, List, Optional, Sequence, Set, Tuple

from .budget import Budget
from .condition import Matcher, TextMatcher, Values
from .evaluate import CALLER_KEYS, EVERYONE, Caller, Rule, account_of
from .scenario import DIRECT, SERVICE, Scenario
from .wildcard import ANY, SEGMENT_ANY, SEGMENT_STAR, STAR, Glob, Token, Tokens, classes, fold, literal

Entry = Tuple[str, str]  # of ``Principal``: kind and name

# What the ARN of a principal looks like; ``_language`` says the same.
_PRINCIPAL = re.compile(
    r"arn:[^:]+:(?:iam::(?:[0-9]{12}:(?:root|role/.+|user/.+)|cloudfront:user/.+)|sts::[0-9]{12}:federated-user/.+)",
    re.DOTALL,
)
ANY_SERVICE = "any.amazonaws.com"  # an AWS service that no statement mentions
_DIGITS = "0123456789"
_SESSION = ":assumed-role/"
_SERVICE_KEYS = ("aws:principalservicename", "aws:principalservicenameslist")
_MOST_TRIED = 256  # callers with a rough budget


class Speech:
    """Which rules speak of a caller, one bit each.

    What a rule names is looked up, and the conditions are asked once about each value: the work grows with the callers
    and with the rules, not with their product.
    """

    def __init__(self, rules: Sequence[Rule], budget: Budget) -> None:
        self._budget = budget
        self._all = (1 << len(rules)) - 1
        self._everyone = self._negated = self._unclear = 0
        self._accounts: Dict[str, int] = {}
        self._entries: Dict[Entry, int] = {}
        self._matchers: Dict[str, List[Tuple[int, Matcher]]] = {}
        self._failing: Dict[Tuple[str, Optional[Values]], int] = {}
        for at, rule in enumerate(rules):
            self._add(rule, 1 << at)

    def _add(self, rule: Rule, bit: int) -> None:
        principals = rule.statement.principals
        self._budget.spend(1 + len(principals.entries) // 2)
        self._negated |= bit if principals.negated else 0
        self._unclear |= bit if rule.unclear_principal else 0
        for entry in principals.entries:
            account = account_of(entry[1]) if entry[0] == "AWS" else ""
            if entry in EVERYONE:
                self._everyone |= bit
            elif account:
                self._accounts[account] = self._accounts.get(account, 0) | bit
            else:
                self._entries[entry] = self._entries.get(entry, 0) | bit
        for found in rule.matchers:
            if found.condition.key in CALLER_KEYS:
                self._matchers.setdefault(found.condition.key, []).append((bit, found))

    def naming(self, entry: Entry) -> int:
        """The rules whose ``Principal`` or ``NotPrincipal`` has the entry."""
        return self._entries.get(entry, 0)

    def naming_caller(self, caller: Caller) -> int:
        """The rules whose ``Principal`` or ``NotPrincipal`` names the caller in any way."""
        named = self._everyone
        for entry in caller.names:
            named |= self.naming(entry)
        if caller.arn:
            named |= self._accounts.get(caller.account, 0) | self.naming(("AWS", caller.arn))
        return named

    def holding(self, caller: Caller) -> int:
        """The rules whose conditions on the keys of the caller hold."""
        failing = 0
        keys = caller.keys if self._matchers else {}
        for key, own in self._matchers.items():
            asked = key, keys[key]
            if asked not in self._failing:
                self._budget.spend(len(own))
                bits = {bit for bit, found in own if not found.holds(keys[key])}
                self._failing[asked] = sum(bits)
            failing |= self._failing[asked]
        return self._all & ~failing

    def __call__(self, caller: Caller) -> int:
        """The rules that speak of the caller; one that names something unclear is taken to."""
        return ((self.naming_caller(caller) ^ self._negated) | self._unclear) & self.holding(caller)


def callers(rules: Sequence[Rule], speech: Speech, scenario: Scenario, partition: str, budget: Budget) -> List[Caller]:
    """Callers such that whoever calls, the rules say of it what they say of one of these; any principal first.

    :raises TooComplex: when that takes more steps than the budget has.
    """
    entries = list(dict.fromkeys(entry for rule in rules for entry in rule.statement.principals.entries))
    budget.spend(len(entries))
    if scenario.through == SERVICE:
        return _services(rules, entries, budget)
    names = _Names(entries, speech)
    found: Dict[Tuple[object, ...], Caller] = {}
    for arn in _arns(rules, entries, names, partition, budget):
        budget.spend(2)
        caller = Caller(_account_in(arn), arn)
        found.setdefault((speech.naming_caller(caller), speech.holding(caller), names.fitting(arn)), caller)
    known = list(found.values())
    if scenario.through == DIRECT:
        known.insert(1, Caller("anonymous"))
    further = (more for caller in known if caller.arn for more in names.known_by(caller, budget))
    return [*known, *islice(further, _MOST_TRIED if budget.rough else None)]


class _Names:
    """By what else than its ARN a caller can be known: one session, one unique id, one provider, one canonical id.

    Of names that the same rules mention one is enough.
    """

    def __init__(self, entries: Sequence[Entry], speech: Speech) -> None:
        self._kinds: Dict[str, Dict[int, Entry]] = {}
        for entry in entries:
            kind, name = entry
            if kind == "AWS":
                kind = _kind_of_name(name)
            elif kind not in ("Federated", "CanonicalUser"):
                kind = ""
            if kind:
                self._kinds.setdefault(kind, {}).setdefault(speech.naming(entry), entry)

    @property
    def sessions(self) -> List[Tuple[str, str]]:
        """Account and role of the sessions that have a name."""
        pairs = (kind.partition(_SESSION) for kind in self._kinds)
        return [(account, role) for account, session, role in pairs if session]

    @property
    def of_users(self) -> bool:
        """Whether a name is that of a user."""
        return "AIDA" in self._kinds

    @property
    def of_roles(self) -> bool:
        """Whether a name is that of a role or of one of its sessions."""
        return any(kind not in ("AIDA", "id", "CanonicalUser") for kind in self._kinds)

    def fitting(self, arn: str) -> Tuple[Tuple[str, ...], ...]:
        """The kinds of names that the principal with this ARN can have: one name out of each tuple."""
        if ":role/" in arn:
            session = f"{_account_in(arn)}{_SESSION}{arn.rpartition('/')[2]}"
            fitting = [("AROA", "id"), ("Federated",), ("CanonicalUser",), (session,)]
        else:
            fitting = [("AIDA", "id") if ":user/" in arn else ("id",), ("CanonicalUser",)]
        return tuple(filter(None, (tuple(kind for kind in kinds if kind in self._kinds) for kinds in fitting)))

    def known_by(self, caller: Caller, budget: Budget) -> Iterator[Caller]:
        """The caller with every combination of names that tells it from others."""
        options = [
            (None, *(entry for kind in kinds for entry in self._kinds[kind].values()))
            for kinds in self.fitting(caller.arn)
        ]
        for chosen in product(*options):
            budget.spend(2)
            names = frozenset(entry for entry in chosen if entry)
            if names:
                yield Caller(caller.account, caller.arn, names)


def _kind_of_name(name: str) -> str:
    """What a principal of AWS is if it is known by more than its ARN or account; else nothing."""
    if _SESSION in name:
        return f"{_account_in(name)}{_SESSION}{name.partition(_SESSION)[2].partition('/')[0]}"
    if name == "*" or name.startswith("arn:") or account_of(name):
        return ""
    return name[:4] if name.startswith(("AIDA", "AROA")) else "id"


def _unmentioned(names: Sequence[str], rules: Sequence[Rule]) -> Tuple[str, str]:
    """An account and a word that no statement mentions."""
    values = (value for rule in rules for condition in rule.statement.conditions for value in condition.values)
    text = fold("\n".join((*names, *values)))
    accounts: Set[str] = set(re.findall("(?=([0-9]{12}))", text))
    words: Set[str] = set(re.findall("any[0-9]*", text))
    return (
        next(account for account in map(str, count(123456789012)) if account not in accounts),
        next(word for word in (f"any{number or ''}" for number in count()) if word not in words),
    )


def _text_patterns(rules: Sequence[Rule], key: str) -> List[Tokens]:
    return [
        pattern
        for rule in rules
        for found in rule.matchers
        if found.condition.key == key and isinstance(found, TextMatcher)
        for pattern in found.patterns
    ]


def _arns(rules: Sequence[Rule], entries: Sequence[Entry], names: _Names, partition: str, budget: Budget) -> List[str]:
    """Principal ARNs: for every set of statements' atoms that one ARN can match, one that does; any principal first."""
    other, word = _unmentioned([name for _kind, name in entries], rules)
    named = [name for kind, name in entries if kind == "AWS" and not account_of(name)]
    exact = [name for name in named if name.startswith("arn:")]
    accounts = {account_of(name) for kind, name in entries if kind == "AWS"} - {""}
    arn_patterns = _text_patterns(rules, "aws:principalarn")
    account_patterns = _text_patterns(rules, "aws:principalaccount")
    budget.spend(len(arn_patterns) + len(account_patterns))
    iam = f"arn:{partition}:iam::"
    found = [f"{iam}{other}:role/{word}", *([f"{iam}{other}:user/{word}"] if names.of_users else ())]
    if all(Glob(pattern).plain for pattern in (*arn_patterns, *account_patterns)):
        exact += [Glob(pattern).text for pattern in arn_patterns]
        accounts |= {Glob(pattern).text for pattern in account_patterns} | set(map(_account_in, exact))
        found += exact
        for kind in ("role", "user") if names.of_users else ("role",):
            found += [f"{iam}{account}:{kind}/{word}" for account in sorted(accounts)]
        for account, role in names.sessions:
            found += [f"{iam}{account}:role/{path}{role}" for path in ("", f"{word}/")]
        return [arn for arn in dict.fromkeys(found) if _is_principal(arn, partition)]
    patterns = [*arn_patterns, *(literal(arn) for arn in exact if _is_principal(arn, partition))]
    for account, role in names.sessions:
        paths = [(), (ANY, STAR, "/")]
        prefix = f"{iam}{account}:role/"
        language = [(*literal(prefix), *path, *literal(role)) for path in paths]
        found += [prefix + rest for rest, _matched in classes(patterns, budget, prefix, language=language)]
    patterns += [_with_account(literal(account)) for account in sorted(accounts)]
    patterns += [_with_account(_in_segment(pattern)) for pattern in account_patterns]
    any_account = (*literal(iam), SEGMENT_STAR)
    patterns += [(*any_account, *literal(":role/"), STAR)] if names.of_roles else []
    patterns += [(*any_account, *literal(":user/"), STAR)] if names.of_users else []
    return [*found, *(arn for arn, _matched in classes(patterns, budget, language=_language(partition)))]


def _is_principal(arn: str, partition: str) -> bool:
    return bool(_PRINCIPAL.fullmatch(arn)) and arn.split(":")[1] == partition


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


def _services(rules: Sequence[Rule], entries: Sequence[Tuple[str, str]], budget: Budget) -> List[Caller]:
    patterns = [pattern for key in _SERVICE_KEYS for pattern in _text_patterns(rules, key)]
    names = [ANY_SERVICE]
    names += [name for kind, name in entries if kind == "Service" and name != "*"]
    names += [text for text, _matched in classes(patterns, budget, nonempty=True)]
    return [Caller("", "", frozenset((("Service", name),))) for name in dict.fromkeys(names)]
