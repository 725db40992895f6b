# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests, and whether a statement speaks of one: the policy language, evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import FrozenSet, Iterable, List, Mapping, Optional, Tuple

from .condition import VARIABLE_OPERATORS, Matcher, Values, matcher
from .document import Condition, Statement
from .wildcard import AnyOf, Lookup, Tokens, expand, fold, tokens, variables

EVERYONE = (("*", "*"), ("AWS", "*"))


@dataclass(frozen=True)
class Caller:
    """Who makes a request.

    ``arn`` is the value of aws:PrincipalArn; ``names`` are further entries of ``Principal`` that mean this caller,
    such as a canonical user id, a service, or one session of a role.
    """

    account: str  # "anonymous" for a request without a signature, empty for an AWS service
    arn: str = ""
    names: FrozenSet[Tuple[str, str]] = frozenset()

    @property
    def title(self) -> str:
        """The caller in a sentence."""
        if not self.account:
            return f"the AWS service {self.service}"
        if not self.arn:
            return "an anonymous caller"
        return " as ".join((self.arn, *sorted(name for _kind, name in self.names)))

    @property
    def service(self) -> str:
        """The name of the AWS service that calls as itself; else empty."""
        return "" if self.account else min(name for _kind, name in self.names)

    @property
    def keys(self) -> Mapping[str, Optional[Values]]:
        """The condition keys that follow from who calls; ``None`` for one that the request does not have."""
        service = (self.service,) if self.service else None
        return {
            "aws:principalarn": (self.arn,) if self.arn else None,
            "aws:principalaccount": (self.account,) if self.account else None,
            "aws:principalisawsservice": ("true",) if service else ("false",) if self.arn else None,
            "aws:principalservicename": service,
            "aws:principalservicenameslist": service,
        }


CALLER_KEYS = frozenset(Caller("anonymous").keys)


@dataclass(frozen=True)
class Request:
    """One request, with the condition keys it has beside those of its caller."""

    action: str
    resource: str  # ARN
    caller: Caller
    keys: Mapping[str, Values] = field(default_factory=dict)

    def values(self, key: str) -> Optional[Values]:
        """The values of a condition key, or nothing when the request does not have it."""
        return self.caller.keys[key] if key in CALLER_KEYS else self.keys.get(key)

    def variable(self, key: str) -> Optional[str]:
        """The value of a policy variable: of a key with one value."""
        values = self.values(key)
        return values[0] if values and len(values) == 1 else None


class Rule:
    """A statement, made ready to be asked about many requests.

    ``varying`` parts have policy variables. ``unclear`` says why some part cannot be understood: whether it holds is
    then not known.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.unclear = ""
        self.unclear_principal = False
        self.matchers: List[Matcher] = []  # of the conditions that are clear and do not vary
        self.varying: List[Condition] = []
        self.unclear_conditions: List[Condition] = []
        self.variables = _variables(statement, statement.resources.values)
        self.resources: Optional[List[Tokens]] = None if self.variables else self.patterns(lambda _key: None)
        self._actions = AnyOf(tokens(fold(value)) for value in statement.actions.values)
        self._entries = frozenset(statement.principals.entries)
        self._everyone = not self._entries.isdisjoint(EVERYONE)
        self._accounts = {account_of(name) for kind, name in self._entries if kind == "AWS"} - {""}
        for condition in statement.conditions:
            self._add(condition)
        for _kind, name in statement.principals.entries:
            if not self._everyone and ("*" in name or "?" in name):
                self.unclear, self.unclear_principal = f"it names the principal {name[:60]}", True

    def _add(self, condition: Condition) -> None:
        named = _variables(self.statement, condition.values if condition.operator in VARIABLE_OPERATORS else ())
        found = matcher(condition, (lambda _key: "x") if self.statement.variables else None)
        if found is None:
            self.unclear = f"it has the condition {condition.title} with {', '.join(condition.values)[:60]}"
            self.unclear_conditions.append(condition)
        elif named:
            self.varying.append(condition)
            self.variables |= named
        else:
            self.matchers.append(found)

    def calls(self, caller: Caller) -> bool:
        """Whether ``Principal`` or ``NotPrincipal`` selects the caller.

        An account stands for everyone in it. Under ``NotPrincipal`` AWS may look at the account, the role and the
        session one after the other; here whoever is named in any way is exempt, as a proof of denial must assume.
        """
        named = self._everyone or not self._entries.isdisjoint(caller.names)
        if not named and caller.arn:
            named = caller.account in self._accounts or ("AWS", caller.arn) in self._entries
        return named != self.statement.principals.negated

    def acts(self, action: str) -> bool:
        """Whether ``Action`` or ``NotAction`` selects the action; actions know no letter case."""
        return self._actions.matches(fold(action)) != self.statement.actions.negated

    @property
    def acts_always(self) -> bool:
        """Whether ``Action`` plainly selects every action of S3."""
        return not self.statement.actions.negated and self._actions.matches_all("s3:")

    def selects_all(self, bucket: str, actions: Iterable[str]) -> bool:
        """Whether the statement plainly selects every caller, every action, the bucket and all of its objects.

        :param bucket: ARN of the bucket.
        :param actions: what counts as every action where the statement does not say ``s3:*``.
        """
        statement = self.statement
        if self.unclear or self.variables or not self._everyone or not self.resources:
            return False
        if statement.principals.negated or statement.resources.negated:
            return False
        resources = AnyOf(self.resources)
        if not resources.matches(bucket) or not resources.matches_all(f"{bucket}/"):
            return False
        return self.acts_always or all(map(self.acts, actions))

    def misses(self, request: Request) -> Optional[str]:
        """The element that keeps the statement from speaking of the request; nothing when it may speak of it.

        That it does is certain unless the rule is unclear. A variable without a value makes a condition false.
        """
        statement = self.statement
        negation = "Not" if statement.principals.negated else ""
        if not self.unclear_principal and not self.calls(request.caller):
            return f"{negation}Principal"
        if not self.acts(request.action):
            return f"{'Not' if statement.actions.negated else ''}Action"
        patterns = self.patterns(request.variable) if self.variables else self.resources
        if patterns is None or AnyOf(patterns).matches(request.resource) == statement.resources.negated:
            return f"{'Not' if statement.resources.negated else ''}Resource"
        for found in self.matchers:
            if not found.holds(request.values(found.condition.key)):
                return found.condition.title
        for condition in self.varying:
            resolved = matcher(condition, request.variable)
            if resolved is None or not resolved.holds(request.values(condition.key)):
                return condition.title
        return None

    def patterns(self, lookup: Lookup) -> Optional[List[Tokens]]:
        """The patterns of ``Resource``; one with a variable that has no value matches nothing.

        In ``NotResource`` it makes the statement void: then nothing comes back.
        """
        selection = self.statement.resources
        used = lookup if self.statement.variables else None
        found = [expand(value, used) for value in selection.values]
        known = [pattern for pattern in found if pattern is not None]
        return None if selection.negated and len(known) < len(found) else known


def _variables(statement: Statement, texts: Tuple[str, ...]) -> FrozenSet[str]:
    found: FrozenSet[str] = frozenset()
    for text in texts if statement.variables else ():
        found |= variables(text)
    return found


def account_of(name: str) -> str:
    """The account that a principal stands for as a whole: twelve digits, or the ARN of its root; or nothing."""
    if name.isdigit():
        return name
    parts = name.split(":")
    return parts[4] if len(parts) == 6 and parts[2] == "iam" and parts[5] == "root" else ""
