# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the checks require: the ``policy`` option, typed and validated."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable, Dict, FrozenSet, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .keyname import KeyName, parse_key_name

ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
"""From the least to the most: each satisfies a requirement of the ones before it."""

TLS_VERSIONS = ("1.2", "1.3")
LOCK_MODES = ("GOVERNANCE", "COMPLIANCE")


class RequirementError(Day2Error):
    """A value of the policy that cannot be required: ``policy.min_tls: …``."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"policy.{key}: {problem}")
        self.key = key


@dataclass(frozen=True)
class Requirements:
    """What the checks hold a bucket against. The defaults are what AWS itself recommends for every bucket.

    - ``algorithms``: acceptable default encryption, and encryption of the objects themselves.
    - ``kms_keys``: the default encryption uses one of these; empty: any.
    - ``customer_managed``: the key is not AWS-managed.
    - ``bucket_key``: S3 Bucket Keys on (cheaper) or off (every use of the key in CloudTrail), for SSE-KMS.
    - ``sse_c_blocked``: uploads with customer-provided keys are refused; when false, SSE-C is acceptable.
    - ``min_tls``: the oldest acceptable version of TLS.
    - ``log_bucket``: glob that the target of access logs matches; empty: any.
    - ``abort_multipart_days``: incomplete multipart uploads are removed after at most so many days.
    - ``object_lock_mode``, ``object_lock_days``: the least default retention; empty and 0: Object Lock alone suffices.
    - ``organization_policies``: resource control policies (JSON) that apply to every bucket.
    """

    algorithms: FrozenSet[str] = frozenset(ALGORITHMS)
    kms_keys: Tuple[KeyName, ...] = ()
    customer_managed: bool = False
    bucket_key: bool = True
    sse_c_blocked: bool = True
    min_tls: str = "1.2"
    log_bucket: str = ""
    abort_multipart_days: int = 7
    object_lock_mode: str = ""
    object_lock_days: int = 0
    organization_policies: Tuple[str, ...] = ()

    @cached_property
    def algorithm_text(self) -> str:
        """The acceptable algorithms for messages: ``aws:kms or aws:kms:dsse``."""
        return " or ".join(name for name in ALGORITHMS if name in self.algorithms)

    @cached_property
    def key_text(self) -> str:
        """The acceptable keys for messages; empty when every key is."""
        names = [name.text for name in self.kms_keys]
        keys = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        if not self.customer_managed:
            return keys
        return f"{keys}, customer-managed" if keys else "a customer-managed key"


def parse_requirements(policy: Mapping[str, Any], defaults: Optional[Mapping[str, Any]] = None) -> Requirements:
    """Requirements from the ``policy`` option; a key that is absent or ``None`` takes its default.

    ``algorithm`` given as one name is the *least* acceptable one (``aws:kms`` accepts DSSE-KMS too); given as a
    list it is exactly what is acceptable.

    :param defaults: the policy of the chosen profile, which the option overrides key by key.
    :raises RequirementError: naming the key, the value, and what would be right.
    """
    given: Dict[str, Any] = dict(defaults or {})
    given.update((key, value) for key, value in policy.items() if value is not None)
    unknown = sorted(set(given) - set(_PARSERS))
    if unknown:
        near = difflib.get_close_matches(unknown[0], _PARSERS, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(_PARSERS)}"
        raise RequirementError(unknown[0], f"no such requirement; {hint}")
    fields = {_FIELDS.get(key, key): _PARSERS[key](key, value) for key, value in given.items()}
    return Requirements(**fields)


def _algorithms(key: str, value: Any) -> FrozenSet[str]:
    if isinstance(value, str):
        _one_of(ALGORITHMS)(key, value)
        return frozenset(ALGORITHMS[ALGORITHMS.index(value) :])
    if not isinstance(value, (list, tuple)) or not value:
        raise RequirementError(key, f"{value!r} is neither one of {', '.join(ALGORITHMS)} nor a list of them")
    return frozenset(_one_of(ALGORITHMS)(key, name) for name in value)


def _kms_keys(key: str, value: Any) -> Tuple[KeyName, ...]:
    names = []
    for text in _texts(key, value):
        name = parse_key_name(text)
        if name is None:
            hint = "; an alias begins with alias/" if ":" not in text and "/" not in text else ""
            raise RequirementError(key, f"{text!r} is not a key id, key ARN, alias/name or alias ARN{hint}")
        names.append(name)
    return tuple(names)


def _texts(key: str, value: Any) -> Tuple[str, ...]:
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)) or not all(isinstance(text, str) for text in values):
        raise RequirementError(key, f"{value!r} is not a list of texts")
    return tuple(values)


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise RequirementError(key, f"{value!r} is neither true nor false")
    return value


def _one_of(choices: Tuple[str, ...]) -> Callable[[str, Any], str]:
    def parse(key: str, value: Any) -> str:
        text = str(value)  # YAML reads 1.2 as a number
        if text not in choices:
            hint = "".join(f"; did you mean {choice}?" for choice in choices if choice.lower() == text.lower())
            raise RequirementError(key, f"{value!r} is not one of {', '.join(choices)}{hint}")
        return text

    return parse


def _days(least: int) -> Callable[[str, Any], int]:
    def parse(key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 36500:
            raise RequirementError(key, f"{value!r} is not a number of days from {least} to 36500")
        return value

    return parse


def _glob(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise RequirementError(key, f"{value!r} is not the name of a bucket, nor a glob such as logs-*")
    return value


def _policies(key: str, value: Any) -> Tuple[str, ...]:
    values = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(_policy(f"{key}[{index}]", document) for index, document in enumerate(values))


def _policy(key: str, value: Any) -> str:
    try:
        text = value if isinstance(value, str) else json.dumps(value)
        document = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise RequirementError(key, f"not a JSON document: {error}") from error
    if not isinstance(document, dict) or "Statement" not in document:
        raise RequirementError(key, 'not a policy: a JSON object with a "Statement" is needed')
    return text


_PARSERS: Dict[str, Callable[[str, Any], Any]] = {
    "algorithm": _algorithms,
    "kms_keys": _kms_keys,
    "customer_managed": _flag,
    "bucket_key": _flag,
    "sse_c_blocked": _flag,
    "min_tls": _one_of(TLS_VERSIONS),
    "log_bucket": _glob,
    "abort_multipart_days": _days(1),
    "object_lock_mode": _one_of(LOCK_MODES),
    "object_lock_days": _days(0),
    "organization_policies": _policies,
}

_FIELDS = {"algorithm": "algorithms"}
