# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy JSON (bucket, key or resource control policy) as values.

The grammar is the one of the IAM User Guide, "Grammar of the IAM JSON policy language". The form is normalised:
a lone statement, a lone string and a list of one are the same thing; JSON booleans and numbers are text;
condition keys, which know no letter case, are lower-case. Nothing is interpreted here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Dict, List, Tuple

from ..._common.errors import Day2Error

# Ten times the largest policy that AWS takes (key policies: 32 KB).
MAX_CHARACTERS = 327_680

VERSIONS = ("2012-10-17", "2008-10-17")

# Every condition operator of the IAM User Guide, by its lower-case name.
OPERATORS: Dict[str, str] = {
    name.lower(): name
    for name in (
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "BinaryEquals",
        "Bool",
        "DateEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateNotEquals",
        "IpAddress",
        "NotIpAddress",
        "Null",
        "NumericEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericNotEquals",
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringNotLike",
    )
}

_QUALIFIERS = {"foranyvalue": "ForAnyValue", "forallvalues": "ForAllValues"}

_PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")

_STATEMENT_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


class PolicyError(Day2Error):
    """Text that is no policy: what is wrong, where, and what would be right."""


@dataclass(frozen=True)
class Selection:
    """What ``Action`` or ``Resource`` select; with ``negated`` (``NotAction``, ``NotResource``) everything else."""

    values: Tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Principals:
    """Whom ``Principal`` selects, as pairs such as ``("AWS", "*")``; with ``negated`` (``NotPrincipal``) everyone else.

    ``"Principal": "*"`` is the pair ``("*", "*")``.
    """

    entries: Tuple[Tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True)
class Condition:
    """One operator on one key. All conditions of a statement must hold; of the values, one."""

    operator: str  # as AWS spells it; an operator that is not in ``OPERATORS`` is kept as written
    key: str  # lower-case
    values: Tuple[str, ...]
    qualifier: str = ""  # "" | ForAnyValue | ForAllValues
    if_exists: bool = False

    @property
    def title(self) -> str:
        """``ForAnyValue:StringLikeIfExists aws:calledvia``."""
        qualifier = f"{self.qualifier}:" if self.qualifier else ""
        return f"{qualifier}{self.operator}{'IfExists' if self.if_exists else ''} {self.key}"


@dataclass(frozen=True)
class Statement:
    """One statement; ``variables`` says whether ``${…}`` in it is a policy variable (version 2012-10-17)."""

    name: str  # its Sid, or "statement 2"
    sid: str
    effect: str  # Allow | Deny
    principals: Principals
    actions: Selection
    resources: Selection
    conditions: Tuple[Condition, ...] = ()
    variables: bool = False

    @property
    def title(self) -> str:
        """``statement DenyHTTP``, or ``statement 2`` when it has no Sid."""
        return f"statement {self.sid}" if self.sid else self.name


@dataclass(frozen=True)
class Policy:
    """A policy document."""

    version: str
    statements: Tuple[Statement, ...]


class _Number(str):
    """A JSON number or boolean, as text: allowed where the grammar takes one, refused where it wants a string."""


def parse_policy(text: str) -> Policy:
    """The policy that ``text`` holds.

    :raises PolicyError: when it is not JSON, repeats a key, or does not follow the grammar.
    """
    document = _load(text)
    if not isinstance(document, dict):
        raise PolicyError(f"the policy is {_kind(document)}; it must be a JSON object with a Statement")
    strange = [name for name in document if name not in ("Version", "Id", "Statement")]
    if strange:
        raise PolicyError(
            f"the policy has the unknown element {_shown(strange[0])}; it takes Version, Id and Statement"
        )
    version = document.get("Version", VERSIONS[1])
    if version not in VERSIONS:
        raise PolicyError(f"Version is {_shown(version)}; it must be {' or '.join(VERSIONS)}")
    if "Statement" not in document:
        raise PolicyError("the policy has no Statement")
    body = document["Statement"]
    entries = body if isinstance(body, list) else [body]
    return Policy(
        version, tuple(_statement(entry, position, version) for position, entry in enumerate(entries, start=1))
    )


def _load(text: str) -> object:
    if len(text) > MAX_CHARACTERS:
        raise PolicyError(f"the policy has {len(text)} characters; AWS takes 20,480 for a bucket and 32,768 for a key")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_Number, parse_float=_Number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise PolicyError(f"the policy is not JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise PolicyError("the policy is nested too deeply; four levels are enough for every policy") from None


def _object(pairs: List[Tuple[str, object]]) -> Dict[str, object]:
    found: Dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise PolicyError(f"the key {_shown(name)} appears twice in one object; each may appear once")
        found[name] = value
    return found


def _constant(name: str) -> object:
    raise PolicyError(f"the policy is not JSON: {name} is no JSON value")


def _statement(entry: object, position: int, version: object) -> Statement:
    where = f"statement {position}"
    if not isinstance(entry, dict):
        raise PolicyError(f"{where} is {_kind(entry)}; it must be a JSON object")
    sid = entry.get("Sid", "")
    if not isinstance(sid, str):
        raise PolicyError(f"{where}: Sid is {_kind(sid)}; it must be a string")
    if sid:
        where = f"{where} (Sid {_shown(sid)})"
    for name in entry:
        if name not in _STATEMENT_ELEMENTS:
            raise PolicyError(f"{where} has the unknown element {_shown(name)}{_meant(name)}")
    effect = entry.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"{where}: Effect is {_shown(effect)}; it must be Allow or Deny")
    names, negated = _one_of(entry, "Principal", "NotPrincipal", where)
    return Statement(
        name=sid or f"statement {position}",
        sid=sid,
        effect=str(effect),
        principals=Principals(_principals(names, where), negated),
        actions=_selection(entry, "Action", where),
        resources=_selection(entry, "Resource", where),
        conditions=_conditions(entry.get("Condition", {}), where),
        variables=version == VERSIONS[0],
    )


def _one_of(entry: Dict[str, object], name: str, other: str, where: str) -> Tuple[object, bool]:
    if name in entry and other in entry:
        raise PolicyError(f"{where} has both {name} and {other}; it must have one of them")
    if name not in entry and other not in entry:
        raise PolicyError(f"{where} has neither {name} nor {other}; it must have one of them")
    return (entry[name], False) if name in entry else (entry[other], True)


def _selection(entry: Dict[str, object], name: str, where: str) -> Selection:
    value, negated = _one_of(entry, name, f"Not{name}", where)
    return Selection(_strings(value, f"{where}: {'Not' if negated else ''}{name}"), negated)


def _principals(value: object, where: str) -> Tuple[Tuple[str, str], ...]:
    if value == "*":
        return (("*", "*"),)
    if not isinstance(value, dict):
        raise PolicyError(
            f'{where}: the principal is {_shown(value)}; it must be "*" or an object such as {{"AWS": …}}'
        )
    for kind in value:
        if kind not in _PRINCIPAL_KINDS:
            known = f"{', '.join(_PRINCIPAL_KINDS[:-1])} or {_PRINCIPAL_KINDS[-1]}"
            raise PolicyError(f"{where}: the principal is of the kind {_shown(kind)}; it must be {known}")
    return tuple(
        (kind, name) for kind, names in value.items() for name in _strings(names, f"{where}: principal {_shown(kind)}")
    )


def _conditions(value: object, where: str) -> Tuple[Condition, ...]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where}: Condition is {_kind(value)}; it must be an object of operators")
    found: List[Condition] = []
    for written, keys in value.items():
        if not isinstance(keys, dict):
            raise PolicyError(f"{where}: condition {_shown(written)} is {_kind(keys)}; it must be an object of keys")
        qualifier, operator, if_exists = _operator(written)
        for key, values in keys.items():
            texts = _strings(values, f"{where}: condition {_shown(written)} {_shown(key)}", numbers=True)
            found.append(Condition(operator, key.lower(), texts, qualifier, if_exists))
    return tuple(found)


def _operator(written: str) -> Tuple[str, str, bool]:
    """Qualifier, operator and whether ``IfExists``; an unknown name comes back as it is written."""
    head, colon, tail = written.partition(":")
    qualifier = _QUALIFIERS.get(head.lower(), "") if colon else ""
    name = (tail if qualifier else written).lower()
    if name.endswith("ifexists") and name[:-8] in OPERATORS and name != "nullifexists":
        return qualifier, OPERATORS[name[:-8]], True
    if name in OPERATORS and not (qualifier and name == "null"):
        return qualifier, OPERATORS[name], False
    return "", written, False


def _strings(value: object, where: str, numbers: bool = False) -> Tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    found: List[str] = []
    for entry in entries:
        if numbers and isinstance(entry, bool):
            found.append("true" if entry else "false")
        elif isinstance(entry, str) and (numbers or not isinstance(entry, _Number)):
            found.append(str(entry))
        else:
            wanted = "a string, a number, a boolean" if numbers else "a string"
            raise PolicyError(f"{where} has {_kind(entry)}; it must be {wanted} or a list of these")
    return tuple(found)


def _meant(name: str) -> str:
    for known in _STATEMENT_ELEMENTS:
        if known.lower() == name.lower():
            return f"; it is spelled {known}"
    return f"; it takes {', '.join(_STATEMENT_ELEMENTS)}"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, _Number):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def _shown(value: object) -> str:
    """A JSON value for a sentence: quoted, on one line, and never longer than a line."""
    if value is None or not isinstance(value, str):
        return "missing" if value is None else _kind(value)
    text = str(value) if isinstance(value, _Number) else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
