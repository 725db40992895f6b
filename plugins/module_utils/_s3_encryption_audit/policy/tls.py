# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does a bucket policy deny every request over plain HTTP, and over TLS older than wanted?

Judged by what the policy does, not by how it is written: the answer is a proof, or a request that is not denied.
Asked about are requests of every principal, signed or anonymous, with every action of S3 on the bucket and on every
object. AWS services that call as themselves or for a principal may be exempt: such an exemption is named and does
not fail the bucket, as their connections are AWS's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ..._common.errors import Day2Error
from .actions import BUCKET_ACTIONS, FUTURE_ACTIONS, OBJECT_ACTIONS
from .budget import Budget, TooComplex
from .callers import ANY_SERVICE
from .document import Policy, PolicyError, parse_policy
from .evaluate import Rule
from .scenario import SERVICE, TLS_VERSIONS, VIA_SERVICE, Bucket, Scenario
from .space import Escape, Space, may_hold

# Of one question: less than a tenth of a second. An ordinary policy takes a few hundred.
MAX_STEPS = 40_000

_Actions = Tuple[Sequence[str], Sequence[str]]  # on the bucket, on objects

_KNOWN = (BUCKET_ACTIONS, OBJECT_ACTIONS)
_FUTURE = (FUTURE_ACTIONS, FUTURE_ACTIONS)
_EVERY_ACTION = (*BUCKET_ACTIONS, *OBJECT_ACTIONS, *FUTURE_ACTIONS)
_TRANSPORT_KEYS = ("aws:securetransport", "s3:tlsversion")
_TOO_COMPLEX = "the policy is too complex to be judged"
_MOST_NEAR_MISSES = 5
_MOST_KEYS = 3  # in a sentence


@dataclass(frozen=True)
class TlsJudgement:
    """What the policies of a bucket do about unencrypted and badly encrypted requests.

    ``None`` is "cannot be decided": then ``undecided`` says why, and the check is unknown. The message is about all
    that was asked: with ``min_tls``, about old TLS as well.
    """

    denies_http: Optional[bool]  # every request over plain HTTP is denied
    denies_old_tls: Optional[bool]  # and every one over TLS below ``min_tls``; ``None`` also when that was not asked
    message: str
    undecided: str = ""
    statements: Tuple[str, ...] = ()  # the Deny statements that speak of such requests: Sid, or "statement 2"
    carve_outs: Tuple[str, ...] = ()  # aws:PrincipalIsAWSService, aws:ViaAWSService, or the name of one service
    by_enumeration: bool = False  # the actions are listed: one that S3 adds later is not covered
    counter_example: Optional[Escape] = None  # a request that is not denied
    near_misses: Tuple[Tuple[str, str], ...] = ()  # statements about transport, and what keeps each from denying it

    @property
    def evidence(self) -> Dict[str, Any]:
        """All of it that is not empty, as JSON values."""
        found: Dict[str, Any] = {
            "denied_by": list(self.statements),
            "carve_outs": list(self.carve_outs),
            "by_enumeration": self.by_enumeration,
            "counter_example": _shown(self.counter_example) if self.counter_example else {},
            "near_misses": [{"statement": name, "misses_by": element} for name, element in self.near_misses],
            "undecided": self.undecided,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class _Answer:
    """Whether everything in a scenario is denied; if not, why."""

    denied: Optional[bool]
    scenario: Scenario
    escape: Optional[Escape] = None
    reason: str = ""


def judge_tls(
    policy: Optional[str],
    bucket: str,
    partition: str,
    min_tls: Optional[str] = None,
    organization_policies: Sequence[str] = (),
) -> TlsJudgement:
    """Judge the policy of a bucket, with the resource control policies that apply to its account.

    :param policy: JSON text; ``None`` when the bucket has no policy.
    :param partition: the bucket's: ``aws``, ``aws-cn``, ``aws-us-gov`` …
    :param min_tls: the oldest version of TLS to be let in, of ``TLS_VERSIONS``.
    :raises PolicyError: when a policy is malformed; the message says which.
    :raises ValueError: when ``min_tls`` is no version of TLS.
    """
    if min_tls is not None and min_tls not in TLS_VERSIONS:
        raise ValueError(f"min_tls is {min_tls}; it must be one of {', '.join(TLS_VERSIONS)}")
    case = _Case(_deny_rules(policy, organization_policies), Bucket(bucket, partition))
    http = case.ask(Scenario(""))
    answers = [http]
    for version in TLS_VERSIONS[: TLS_VERSIONS.index(min_tls)] if min_tls else ():
        answers.append(case.ask(Scenario(version)))
        if answers[-1].denied is False:
            break
    denies_old = _all(answers) if min_tls else None
    failed = [answer for answer in answers if answer.denied is not True]
    if failed:  # a request that is not denied says more than a doubt
        return _not_denied(
            case.rules, http.denied, denies_old, sorted(failed, key=lambda answer: answer.denied is None)
        )
    asked = [answer.scenario for answer in answers]
    names = tuple(dict.fromkeys(name for scenario in asked for name in case.denied_by(scenario)))
    carve_outs = tuple(dict.fromkeys(name for scenario in asked for name in case.carve_outs(scenario)))
    by_enumeration = any(case.ask(scenario, _FUTURE).denied is not True for scenario in asked)
    what = f"plain HTTP and TLS below {min_tls}" if len(asked) > 1 else "plain HTTP"
    message = f"every request over {what} is denied by {', '.join(names)}"
    if carve_outs:
        message += f", except those of AWS services ({', '.join(carve_outs)})"
    if by_enumeration:
        message += "; the actions are listed, so that one that S3 adds later is not covered"
    return TlsJudgement(True, denies_old, message, "", names, carve_outs, by_enumeration)


def _deny_rules(policy: Optional[str], organization_policies: Sequence[str]) -> List[Rule]:
    documents: List[Policy] = [parse_policy(policy)] if policy is not None else []
    for position, text in enumerate(organization_policies, start=1):
        try:
            documents.append(parse_policy(text))
        except Day2Error as error:
            raise PolicyError(f"organization policy {position}: {error}") from error
    statements = [statement for document in documents for statement in document.statements]
    return [Rule(statement) for statement in statements if statement.effect == "Deny"]


class _Case:
    """Deny statements and a bucket: what is asked about them."""

    def __init__(self, rules: Sequence[Rule], bucket: Bucket) -> None:
        self.rules = rules
        self._bucket = bucket
        # The usual statement: everyone and everything, so that the answer lies in its conditions alone.
        self._whole = [rule for rule in rules if rule.selects_all(bucket.arn, _EVERY_ACTION)]
        self._known: Dict[Tuple[object, ...], str] = {}  # why there is no answer; nothing: all is denied

    def ask(self, scenario: Scenario, actions: _Actions = _KNOWN, only: Optional[Sequence[Rule]] = None) -> _Answer:
        """Whether everything in a scenario is denied, by all rules or ``only`` by some."""
        sufficient = self._sufficient(scenario)
        if sufficient and (only is None or not set(sufficient).isdisjoint(only)):
            return _Answer(True, scenario)
        fixed = scenario.keys
        rules = [rule for rule in (self.rules if only is None else only) if may_hold(rule, fixed)]
        # Versions of TLS that the rules do not tell apart are one question.
        question = (scenario.through, actions is _FUTURE, *rules)
        if question in self._known:
            reason = self._known[question]
            return _Answer(None if reason else True, scenario, None, reason)
        answer = self._answer(rules, scenario, actions)
        if answer.denied or answer.reason == _TOO_COMPLEX:  # variables may see the version
            self._known[question] = answer.reason
        return answer

    def _answer(self, rules: Sequence[Rule], scenario: Scenario, actions: _Actions) -> _Answer:
        reason = _TOO_COMPLEX
        try:
            space = Space(rules, scenario, self._bucket, actions, Budget(MAX_STEPS))
            if space.covered():
                return _Answer(True, scenario)
            escape = space.escape()
            reason = _doubt(space)
        except TooComplex:
            escape = None
        if escape is None:
            escape = self._guess(rules, scenario, actions)
        return _Answer(None, scenario, None, reason) if escape is None else _Answer(False, scenario, escape)

    def _guess(self, rules: Sequence[Rule], scenario: Scenario, actions: _Actions) -> Optional[Escape]:
        """A request that is not denied, if trying out a few finds one."""
        try:
            return Space(rules, scenario, self._bucket, actions, Budget(MAX_STEPS // 4, rough=True)).escape()
        except TooComplex:
            return None

    def _sufficient(self, scenario: Scenario) -> List[Rule]:
        """The rules that need no proof: they select everything, and under no condition but the transport."""
        fixed = scenario.keys
        return [
            rule
            for rule in self._whole
            if all(one.condition.key in fixed and one.holds(fixed[one.condition.key]) for one in rule.matchers)
        ]

    def denied_by(self, scenario: Scenario) -> List[str]:
        """The statements a proof rests on: one that suffices, those about transport, or all that can matter."""
        sufficient = self._sufficient(scenario)
        if sufficient:
            return [sufficient[0].statement.name]
        fixed = scenario.keys
        own = [(rule, [one for one in rule.matchers if one.condition.key in _TRANSPORT_KEYS]) for rule in self.rules]
        possible = [(rule, found) for rule, found in own if all(one.holds(fixed[one.condition.key]) for one in found)]
        about_transport = [rule for rule, found in possible if found]
        if self.ask(scenario, only=about_transport).denied is True:
            return [rule.statement.name for rule in about_transport]
        return [rule.statement.name for rule, _found in possible]

    def carve_outs(self, scenario: Scenario) -> List[str]:
        """The AWS services that are exempt: the condition key that speaks of them, or the one service."""
        found: List[str] = []
        service = self.ask(Scenario(scenario.tls, SERVICE))
        if service.denied is not True:
            named = service.escape and not service.escape.any_caller and service.escape.request.caller.service
            found.append(named if named and named != ANY_SERVICE else "aws:PrincipalIsAWSService")
        if self.ask(Scenario(scenario.tls, VIA_SERVICE)).denied is not True:
            found.append("aws:ViaAWSService")
        return found


def _all(answers: Sequence[_Answer]) -> Optional[bool]:
    denied = [answer.denied for answer in answers]
    return False if False in denied else None if None in denied else True


def _doubt(space: Space) -> str:
    """Why a space with loose rules gives no answer."""
    for rule in space.loose:
        if rule.unclear:
            return f"{rule.statement.title} cannot be understood: {rule.unclear}"
    for rule in space.loose:
        if rule.variables:
            return f"{rule.statement.title} depends on policy variables ({', '.join(sorted(rule.variables))})"
    return f"the conditions on {', '.join(space.tangled)} are too many or of different types"


def _not_denied(
    rules: Sequence[Rule], denies_http: Optional[bool], denies_old: Optional[bool], failed: Sequence[_Answer]
) -> TlsJudgement:
    """:param failed: what is not denied, or may be not; the one to speak of comes first."""
    doubts = [answer for answer in failed if answer.denied is None]
    undecided = doubts[0].reason if doubts else ""
    escape = failed[0].escape
    if escape is None:
        message = f"whether every request over {doubts[0].scenario.transport} is denied cannot be decided: {undecided}"
        return TlsJudgement(denies_http, denies_old, message, undecided)
    near = [rule for rule in rules if any(c.key in _TRANSPORT_KEYS for c in rule.statement.conditions)]
    misses = [(rule.statement, rule.misses(escape.request) or "") for rule in near[:_MOST_NEAR_MISSES]]
    sentence = _sentence(escape)
    if misses:
        sentence += f" ({misses[0][0].title} misses it by {misses[0][1]})"
    return TlsJudgement(
        denies_http,
        denies_old,
        sentence,
        undecided,
        counter_example=escape,
        near_misses=tuple((statement.name, element) for statement, element in misses),
    )


def _shown(escape: Escape) -> Dict[str, Any]:
    """A counter-example as JSON values."""
    request = escape.request
    return {
        "action": request.action,
        "resource": request.resource,
        "transport": escape.scenario.transport,
        "principal": "any principal" if escape.any_caller else request.caller.title,
        "keys": {key: list(values) if values else None for key, values in escape.keys.items()},
    }


def _sentence(escape: Escape) -> str:
    request, transport = escape.request, escape.scenario.transport
    if escape.any_operation and escape.any_caller and not escape.keys:
        return f"no request over {transport} is denied"
    who = "any principal" if escape.any_caller else request.caller.title
    keys = [f"with {key} {' and '.join(values)}" if values else f"without {key}" for key, values in escape.keys.items()]
    if len(keys) > _MOST_KEYS:
        keys[_MOST_KEYS:] = [f"and {len(keys) - _MOST_KEYS} more"]
    subject = f"{request.action} on {request.resource} over {transport} by {who}"
    return f"{' '.join((subject, ', '.join(keys))).strip()} is not denied"
