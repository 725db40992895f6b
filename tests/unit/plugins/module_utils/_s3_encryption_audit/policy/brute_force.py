# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy language, evaluated in the plainest way: one request, one statement after the other.

Written from the IAM User Guide alone and shares no line with the judge: it is what the judge is held against.
It takes a policy as ``json.loads`` returns it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple


@dataclass(frozen=True)
class Asked:
    """A request. ``keys`` has every condition key of it, lower-case, with its values."""

    action: str
    resource: str
    account: str
    arn: str
    also_named: Tuple[Tuple[str, str], ...] = ()
    keys: Dict[str, List[str]] = field(default_factory=dict)


def is_denied(policies: List[Dict[str, Any]], asked: Asked) -> bool:
    """Whether an explicit Deny of any policy applies to the request."""
    for policy in policies:
        for statement in as_list(policy["Statement"]):
            if statement["Effect"] == "Deny" and applies(statement, asked, policy.get("Version") == "2012-10-17"):
                return True
    return False


def applies(statement: Dict[str, Any], asked: Asked, with_variables: bool) -> bool:
    if "Principal" in statement and not is_principal(statement["Principal"], asked):
        return False
    if "NotPrincipal" in statement and is_principal(statement["NotPrincipal"], asked):
        return False
    if "Action" in statement and not is_action(statement["Action"], asked.action):
        return False
    if "NotAction" in statement and is_action(statement["NotAction"], asked.action):
        return False
    if "Resource" in statement:
        patterns = [as_regex(text, asked, with_variables) for text in as_list(statement["Resource"])]
        if not any(pattern is not None and re.fullmatch(pattern, asked.resource, re.DOTALL) for pattern in patterns):
            return False
    if "NotResource" in statement:
        patterns = [as_regex(text, asked, with_variables) for text in as_list(statement["NotResource"])]
        if any(pattern is None or re.fullmatch(pattern, asked.resource, re.DOTALL) for pattern in patterns):
            return False
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if not condition(operator, asked.keys.get(key.lower()), as_list(values), asked, with_variables):
                return False
    return True


def is_principal(principal: Any, asked: Asked) -> bool:
    if principal == "*":
        return True
    for kind, names in principal.items():
        for name in as_list(names):
            if kind == "AWS" and name == "*":
                return True
            if (kind, name) in asked.also_named:
                return True
            if kind == "AWS" and asked.arn and name == asked.arn:
                return True
            if kind == "AWS" and asked.arn and name in (asked.account, root(asked)):
                return True
    return False


def root(asked: Asked) -> str:
    partition = asked.arn.split(":")[1]
    return f"arn:{partition}:iam::{asked.account}:root"


def is_action(actions: Any, action: str) -> bool:
    return any(re.fullmatch(wildcards(one), action, re.IGNORECASE | re.DOTALL) for one in as_list(actions))


def condition(
    operator: str, present: Optional[List[str]], wanted: List[Any], asked: Asked, with_variables: bool
) -> bool:
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in wanted]
    qualifier = ""
    if ":" in operator:
        qualifier, operator = operator.split(":")
    if operator == "Null":
        return any((text == "true") == (not present) for text in texts)
    if_exists = operator.endswith("IfExists")
    if if_exists:
        operator = operator[: -len("IfExists")]
    negated = "Not" in operator
    if not present:
        if qualifier == "ForAllValues":
            return True
        if qualifier == "ForAnyValue":
            return False
        return if_exists or negated
    positive = operator.replace("Not", "")
    results = []
    for value in present:
        matched = [fits(positive, value, text, asked, with_variables) for text in texts]
        if None in matched:
            return False  # a policy variable without a value: the statement is void
        results.append(not any(matched) if negated else any(matched))
    if qualifier == "ForAllValues":
        return all(results)
    if qualifier == "ForAnyValue":
        return any(results)
    return all(results) if negated else any(results)


def fits(operator: str, value: str, text: str, asked: Asked, with_variables: bool) -> Optional[bool]:
    if operator in ("StringEquals", "StringEqualsIgnoreCase"):
        pattern = as_regex(text, asked, with_variables, stars=False)
        flags = re.IGNORECASE if operator.endswith("IgnoreCase") else 0
        return None if pattern is None else bool(re.fullmatch(pattern, value, re.DOTALL | flags))
    if operator == "StringLike":
        pattern = as_regex(text, asked, with_variables)
        return None if pattern is None else bool(re.fullmatch(pattern, value, re.DOTALL))
    if operator in ("ArnLike", "ArnEquals"):
        if with_variables and "${" in text:
            raise NotImplementedError(text)
        value_parts, text_parts = value.split(":", 5), text.split(":", 5)
        return len(value_parts) == len(text_parts) == 6 and all(
            re.fullmatch(wildcards(one), two, re.DOTALL) for one, two in zip(text_parts, value_parts)
        )
    if operator == "Bool":
        return value.lower() == text.lower()
    if operator == "IpAddress":
        return ipaddress.ip_address(value) in ipaddress.ip_network(text, strict=False)
    if operator.startswith("Numeric"):
        return {
            "NumericEquals": float(value) == float(text),
            "NumericLessThan": float(value) < float(text),
            "NumericLessThanEquals": float(value) <= float(text),
            "NumericGreaterThan": float(value) > float(text),
            "NumericGreaterThanEquals": float(value) >= float(text),
        }[operator]
    raise NotImplementedError(operator)


def as_regex(text: str, asked: Asked, with_variables: bool, stars: bool = True) -> Optional[str]:
    """A pattern as a regular expression; nothing when a variable in it has no value."""
    quote = wildcards if stars else re.escape
    if not with_variables:
        return quote(text)
    found = ""
    for part in re.split(r"(\$\{[^{}]*\})", text):
        if not part.startswith("${"):
            found += quote(part)
            continue
        name, comma, default = part[2:-1].partition(",")
        values = asked.keys.get(name.strip().lower(), [])
        if name in ("*", "?", "$"):
            found += re.escape(name)
        elif len(values) == 1:
            found += re.escape(values[0])
        elif comma:
            found += re.escape(default.strip().strip("'"))
        else:
            return None
    return found


def wildcards(text: str) -> str:
    return "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in text)


def as_list(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]
