# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge against the brute-force evaluator, over random policies about callers and every kind of caller."""

from __future__ import annotations

import json
from itertools import product
from typing import Any, Dict, List, Tuple

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.budget import Budget
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.callers import Speech, callers
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import parse_policy
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.evaluate import Request, Rule
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.scenario import (
    DIRECT,
    SERVICE,
    VIA_SERVICE,
    Scenario,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import judge_tls
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.brute_force import (
    Asked,
    is_denied,
)
from ansible_collections.day2.ops.tests.unit.plugins.module_utils._s3_encryption_audit.policy.writing import (
    FALSE,
    B,
    deny,
    policy,
)
from hypothesis import event, given, settings
from hypothesis import strategies as st

ONE, TWO, OTHER = "111111111111", "222222222222", "333333333333"
IAM = f"arn:aws:iam::{ONE}"
NIGHT, DAY = (f"arn:aws:sts::{ONE}:assumed-role/admin/{name}" for name in ("night", "day"))
GOOGLE, SAML = "accounts.google.com", f"{IAM}:saml-provider/x"

NAMES: List[Tuple[str, str]] = [
    *(("AWS", name) for name in (ONE, f"{IAM}:root", TWO, f"{IAM}:role/admin", f"{IAM}:user/ann", NIGHT, DAY)),
    *(("AWS", name) for name in (f"{IAM}:role/any", f"{IAM}:role/any/admin", f"{IAM}:user/any", "AIDAX", "AROAX")),
    ("Federated", GOOGLE),
    ("Federated", SAML),
    ("CanonicalUser", "79a5"),
    ("CanonicalUser", "cafe"),
    ("Service", "x.amazonaws.com"),
]
ARNS: List[Any] = [
    f"{IAM}:role/any",
    [f"{IAM}:role/admin", f"{IAM}:role/any/admin"],
    f"{IAM}:user/ann",
    [f"{IAM}:user/any", f"{IAM}:role/any"],
    f"{IAM}:role/*",
    "arn:aws:iam::*:role/team/*",
    f"arn:aws:iam::{TWO}:*",
]
CONDITIONS: List[Dict[str, Any]] = [
    *({operator: {"aws:PrincipalArn": arns}} for operator in ("ArnLike", "ArnNotLike") for arns in ARNS),
    *({operator: {"aws:PrincipalArn": ARNS[1]}} for operator in ("StringEquals", "StringNotEquals")),
    *({operator: {"aws:PrincipalAccount": ONE}} for operator in ("StringEquals", "StringNotEquals", "StringLike")),
    *({operator: {"aws:PrincipalAccount": f"{ONE[:5]}*"}} for operator in ("StringLike", "StringNotLike")),
    {"Null": {"aws:PrincipalArn": "true"}},
]


def everyone() -> List[Asked]:
    """A request of every kind of caller that these policies tell apart, by whatever names it can be known."""
    arns = [f"arn:aws:iam::{account}:{kind}/{name}" for account in (ONE, TWO, OTHER) for kind, name in RESOURCES]
    found = [asked("anonymous", "")]
    for arn in [*arns, f"{IAM}:root"]:
        role, mine = ":role/" in arn, arn.startswith(IAM) and arn.endswith("/admin")
        options: List[List[Tuple[str, str]]] = [
            [("AWS", NIGHT), ("AWS", DAY)] if role and mine else [],
            [("AWS", "AROAX")] if role else [("AWS", "AIDAX")] if ":user/" in arn else [],
            [("Federated", GOOGLE), ("Federated", SAML)] if role else [],
            [("CanonicalUser", "79a5"), ("CanonicalUser", "cafe")],
        ]
        for chosen in product(*([("", ""), *option] for option in options)):
            found.append(asked(arn.split(":")[4], arn, tuple(name for name in chosen if name[0])))
    return found


RESOURCES = [
    *(("role", name) for name in ("admin", "any/admin", "team/admin", "x/admin", "any", "x", "team/x")),
    *(("user", name) for name in ("ann", "any", "x")),
]


def asked(account: str, arn: str, names: Tuple[Tuple[str, str], ...] = ()) -> Asked:
    keys = {"aws:securetransport": ["false"], "aws:viaawsservice": ["false"], "aws:principalaccount": [account]}
    if arn:
        keys.update({"aws:principalarn": [arn], "aws:principalisawsservice": ["false"]})
    return Asked("s3:GetObject", f"{B}/x", account, arn, names, keys)


EVERYONE = everyone()
some = st.sampled_from


@st.composite
def statements(draw: st.DrawFn) -> Dict[str, Any]:
    found = deny()
    if draw(st.integers(0, 2)):
        names: Dict[str, List[str]] = {}
        for kind, name in draw(st.lists(some(NAMES), min_size=1, max_size=2)):
            names.setdefault(kind, []).append(name)
        found["NotPrincipal" if draw(st.integers(0, 2)) else "Principal"] = names
        if "NotPrincipal" in found:
            del found["Principal"]
    else:
        found["Condition"] = {"Bool": FALSE, **draw(some(CONDITIONS))}
    return found


crowds = st.lists(statements(), min_size=1, max_size=3)


@given(crowds)
@settings(derandomize=True, max_examples=tries(250))
def test_all_callers_are_denied_or_one_is_shown(parts: List[Dict[str, Any]]) -> None:
    text = policy(*parts)
    judged = judge_tls(text, "b", "aws")
    denied, documents = judged.denies_http, [json.loads(text)]
    if denied:
        for one in EVERYONE:
            assert is_denied(documents, one), f"said to be denied, and is not: {one}"
    else:
        assert denied is False and judged.counter_example is not None
        caller = judged.counter_example.request.caller
        names = tuple(sorted(caller.names))
        assert not is_denied(documents, asked(caller.account, caller.arn, names)), caller
        kinds = [kind if kind != "AWS" else name[:4] for kind, name in names]
        assert len(set(kinds)) == len(kinds), "nobody has two sessions, or two ids"
        assert all(name.split("/")[1] == caller.arn.rpartition("/")[2] for _kind, name in names if ":sts:" in name)
    event(f"denied: {denied}")


@given(crowds, some([DIRECT, VIA_SERVICE, SERVICE]))
@settings(derandomize=True, max_examples=tries(100))
def test_looking_up_says_the_same_as_asking(parts: List[Dict[str, Any]], through: str) -> None:
    rules = [Rule(statement) for statement in parse_policy(policy(*parts)).statements]
    budget = Budget(10_000)
    speech = Speech(rules, budget)
    keys = {"aws:securetransport": ("false",)}
    found = callers(rules, speech, Scenario("", through), "aws", budget)
    assert len(set(found)) == len(found)
    for caller in found:
        request = Request("s3:GetObject", f"{B}/x", caller, keys)
        assert [bool(speech(caller) >> at & 1) for at in range(len(rules))] == [not r.misses(request) for r in rules]
