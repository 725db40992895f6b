# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bucket policies that differ in nothing but the name of their bucket are judged once.

Thousands of buckets have policies from a few templates, and a judgement costs more than all other checks of a bucket
together. A policy is judged in the shape in which a stand-in takes the place of the name; that is the same judgement
as long as nothing else in the policy could tell the two names apart. Where that is not plain to see, the policy is
judged as it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Optional, Tuple

from ..policy.document import PolicyError
from ..policy.tls import TlsJudgement, judge_tls

STAND_IN = "zz--stand-in--zz"


def judge_by_shape(
    policy: Optional[str], bucket: str, partition: str, min_tls: Optional[str], organization_policies: Tuple[str, ...]
) -> Tuple[TlsJudgement, str]:
    """The judgement of ``judge_tls``, and the name that it uses for the bucket: to be replaced in what it says.

    :raises PolicyError: as ``judge_tls`` does.
    """
    shape = None if policy is None else shape_of(policy, bucket, partition)
    if (shape is None) is (policy is None) and all(
        STAND_IN not in text and _says_nothing_of(bucket, text) and _fits_all_alike(text, partition)
        for text in organization_policies
    ):
        try:
            return _judge(shape, STAND_IN, partition, min_tls, organization_policies), STAND_IN
        except PolicyError:
            pass  # the error is to name a place in the policy itself
    return judge_tls(policy, bucket, partition, min_tls, organization_policies), bucket


_judge = lru_cache(maxsize=128)(judge_tls)


@lru_cache(maxsize=8)  # two checks ask about each policy
def shape_of(policy: str, bucket: str, partition: str) -> Optional[str]:
    """The policy with the stand-in for the name of the bucket, or ``None`` when its name may matter otherwise."""
    if STAND_IN in policy:
        return None
    shape = policy.replace(f':::{bucket}"', f':::{STAND_IN}"').replace(f":::{bucket}/", f":::{STAND_IN}/")
    return shape if _says_nothing_of(bucket, shape) and _fits_all_alike(shape, partition) else None


def _says_nothing_of(bucket: str, text: str) -> bool:
    """Whether the name is nowhere in a text, not even escaped or in another letter case."""
    return "\\" not in text and bucket.lower() not in text.lower()


@lru_cache(maxsize=128)
def _fits_all_alike(text: str, partition: str) -> bool:
    """Whether each pattern of a policy fits the ARNs of all buckets, or of none but a bucket that it names."""
    arns = f"arn:{partition}:s3:::"
    for pattern in text.split('"')[1::2]:
        plain = _before_wildcard(pattern)
        if plain is None:
            continue
        if arns.startswith(plain):
            if pattern not in ("*", f"{arns}*", f"{arns}*/*"):
                return False
        elif plain.startswith(arns) and "/" not in plain[len(arns) :]:
            return False
    return True


def _before_wildcard(pattern: str) -> Optional[str]:
    """The part of a pattern that stands for itself; ``None`` when all of it does."""
    places = [place for place in map(pattern.find, "*?$") if place >= 0]
    return pattern[: min(places)] if places else None


def renamed(value: Any, name: str, bucket: str) -> Any:
    """A JSON value with the name of the bucket in place of the one that it was judged under."""
    if name == bucket:
        return value
    if isinstance(value, str):
        return value.replace(name, bucket)
    if isinstance(value, dict):
        return {key: renamed(member, name, bucket) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [renamed(member, name, bucket) for member in value]
    return value
