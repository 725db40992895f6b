# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What S3 checks of a bucket policy when it is put, and a simple form of its verdict "public".

This is the service's side. It is kept simpler than, and apart from, the product's judgements.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Tuple

from .errors import S3Error

LIMIT = 20 * 1024  # bytes, without white space that JSON does not need
_TOP = {"Version", "Id", "Statement"}
_STATEMENT = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}  # fmt: skip
# With a fixed value of one of these keys an Allow to everyone is not public ("The meaning of public", S3 user guide).
_NARROWING = {
    "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount",
    "aws:userid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
}  # fmt: skip


def _malformed(message: str) -> S3Error:
    return S3Error("MalformedPolicy", message)


def as_list(value: Any) -> List[Any]:
    """A lone value is a list of one."""
    return value if isinstance(value, list) else [value]


def check(text: bytes, bucket: str) -> Dict[str, Any]:
    """The policy, parsed.

    :raises S3Error: MalformedPolicy when S3 would refuse it.
    """
    try:
        policy = json.loads(text.decode("utf-8"))
    except ValueError:
        raise _malformed("Policies must be valid JSON and the first byte must be '{'") from None
    if not isinstance(policy, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    if len(json.dumps(policy, separators=(",", ":"), ensure_ascii=False).encode()) > LIMIT:
        raise _malformed("Policy exceeds the maximum allowed document size.")
    if set(policy) - _TOP:
        raise _malformed(f"Unknown field {sorted(set(policy) - _TOP)[0]}")
    if policy.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        raise _malformed("The policy must contain a valid version string")
    statements = as_list(policy.get("Statement", []))
    if not statements:
        raise _malformed("Could not parse the policy: Statement is empty!")
    for statement in statements:
        _check_statement(statement, bucket)
    return policy


def _check_statement(statement: Any, bucket: str) -> None:
    if not isinstance(statement, dict):
        raise _malformed("Statement is not of type object")
    unknown = set(statement) - _STATEMENT
    if unknown:
        raise _malformed(f"Unknown field {sorted(unknown)[0]}")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("Invalid effect")
    for one, other in (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")):
        if (one in statement) == (other in statement):
            raise _malformed(f"Missing required field {one}" if one not in statement else f"{one} and {other}")
    for resource in as_list(statement.get("Resource", statement.get("NotResource"))):
        parts = str(resource).split(":", 5)
        name = parts[5].split("/", 1)[0] if len(parts) == 6 and parts[0] == "arn" and parts[2] == "s3" else ""
        if not (name == bucket or "*" in name or "?" in name):
            raise _malformed("Policy has invalid resource")
    for action in as_list(statement.get("Action", statement.get("NotAction"))):
        if not (action == "*" or str(action).lower().startswith("s3:")):
            raise _malformed("Policy has invalid action")


def _principals(statement: Dict[str, Any]) -> List[str]:
    principal = statement.get("Principal", {})
    if isinstance(principal, str):
        return [principal]
    return [str(one) for kind in principal.values() for one in as_list(kind)]


def _narrowed(condition: Dict[str, Dict[str, Any]]) -> bool:
    for operator, keys in condition.items():
        for key, values in keys.items():
            fixed = all("*" not in str(value) and "${" not in str(value) for value in as_list(values))
            positive = "not" not in operator.lower() and not operator.lower().endswith("ifexists")
            world = any(str(value) in ("0.0.0.0/0", "::/0") for value in as_list(values))
            if key.lower() in _NARROWING and fixed and positive and not world:
                return True
    return False


def is_public(text: bytes) -> bool:
    """Whether an Allow reaches everyone. A policy that is no JSON is not public: S3 could not have stored it."""
    try:
        statements: Tuple[Any, ...] = tuple(as_list(json.loads(text)["Statement"]))
    except (ValueError, KeyError, TypeError):
        return False
    return any(
        statement.get("Effect") == "Allow"
        and ("*" in _principals(statement) or "NotPrincipal" in statement)
        and not _narrowed(statement.get("Condition", {}))
        for statement in statements
        if isinstance(statement, dict)
    )
