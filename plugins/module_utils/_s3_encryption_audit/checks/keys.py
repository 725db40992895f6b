# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The KMS key behind the default encryption: which one it is, its state, and its rotation."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple, Union

from ..._where.evaluate import some
from ..keyname import AWS_MANAGED_ALIAS, KeyName, parse_key_name
from ..model import AccountFacts, BucketFacts, Encryption, KmsKey, Unknown, Verdict
from ..policy.document import PolicyError
from ..policy.public import key_open_to_everyone
from ..requirements import Requirements
from .encryption import SUBJECT, named
from .say import failed, not_applicable, passed, undecided, unknown

_NO_KEY = "the default encryption uses no KMS key"

# A multi-region key stays in use while it is being updated.
_USABLE = ("Enabled", "Updating")

# Thousands of buckets share a few keys.
_opened = lru_cache(maxsize=64)(key_open_to_everyone)


def kms_key(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """The default encryption uses one of the required keys, and a customer-managed one if that is required."""
    encryption = bucket.encryption
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    wanted = requirements.key_text
    if not wanted:
        return not_applicable("the policy requires no particular KMS key")
    if encryption is None or not _uses_kms(encryption):
        what = "is not configured" if encryption is None else f"is {named(encryption.algorithm)}"
        return failed(f"default encryption {what} and uses no KMS key; required: {wanted}", {"kms_key": None})
    key = _key(bucket)
    shown = encryption.kms_key or AWS_MANAGED_ALIAS
    evidence: Dict[str, Any] = {"kms_key": shown, "arn": key.arn if isinstance(key, KmsKey) else None}
    open_questions: List[Unknown] = []
    if requirements.kms_keys:
        named_so = some(_is(bucket, encryption, key, name) for name in requirements.kms_keys)
        if named_so is False:
            return failed(f"the default encryption uses the KMS key {shown}; required: {wanted}", evidence)
        if named_so is None:
            open_questions += _doubts(key)
    if requirements.customer_managed:
        if _aws_managed(encryption, key):
            return failed(f"the KMS key {shown} is AWS-managed; required: {wanted}", evidence)
        if isinstance(key, Unknown):
            open_questions.append(key)
    if open_questions:
        return unknown(f"whether the KMS key {shown} is {wanted}", *open_questions)
    return passed(f"the default encryption uses the KMS key {shown}", evidence)


def kms_key_state(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """The key can be used, so is not waiting for its deletion, and its policy does not open it to everyone."""
    question = _question(bucket)
    if isinstance(question, Verdict):
        return question
    encryption, key = question
    if _aws_managed(encryption, key) and (isinstance(key, Unknown) or key.state in _USABLE):
        return passed(f"{encryption.kms_key or AWS_MANAGED_ALIAS} is AWS-managed: AWS keeps it enabled and private")
    if isinstance(key, Unknown):
        return unknown(f"the state of the KMS key {encryption.kms_key}", key)
    evidence: Dict[str, Any] = {"arn": key.arn, "state": key.state}
    if key.state not in _USABLE:
        return failed(f"the KMS key {key.arn} is in the state {key.state}; required: Enabled", evidence)
    if isinstance(key.policy, Unknown):
        return unknown(f"the policy of the KMS key {key.arn}", key.policy)
    try:
        opened = _opened(key.policy)
    except PolicyError as error:
        return undecided(f"the policy of the KMS key {key.arn} cannot be read: {error}", evidence)
    if opened is not None:
        evidence["opened_by"] = opened
        return failed(f"the KMS key {key.arn} is open to everyone: {opened}", evidence)
    return passed(f"the KMS key {key.arn} is {key.state}, and its policy does not open it to everyone", evidence)


def kms_key_rotation(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """AWS rotates the key material; a key that cannot be rotated by AWS is not judged."""
    question = _question(bucket)
    if isinstance(question, Verdict):
        return question
    encryption, key = question
    if _aws_managed(encryption, key):
        return passed(f"{encryption.kms_key or AWS_MANAGED_ALIAS} is AWS-managed: AWS rotates it every year")
    if isinstance(key, Unknown):
        return unknown(f"the rotation of the KMS key {encryption.kms_key}", key)
    if not key.rotatable:
        return not_applicable(f"AWS cannot rotate the KMS key {key.arn} (imported material or a custom key store)")
    if isinstance(key.rotation, Unknown):
        return unknown(f"the rotation of the KMS key {key.arn}", key.rotation)
    evidence: Dict[str, Any] = {"arn": key.arn, "rotation": key.rotation}
    if key.primary:  # which has the rotation, and is where it is enabled
        evidence["primary"] = key.primary
        said = "is" if key.rotation else "is not"
        text = f"the KMS key {key.arn} is a replica of {key.primary}, which {said} rotated automatically"
        return passed(text, evidence) if key.rotation else failed(f"{text}; required: automatic rotation", evidence)
    if key.rotation:
        return passed(f"the KMS key {key.arn} is rotated automatically", evidence)
    return failed(f"the KMS key {key.arn} is not rotated automatically; required: automatic rotation", evidence)


def _question(bucket: BucketFacts) -> Union[Verdict, Tuple[Encryption, Union[KmsKey, Unknown]]]:
    """The key that there is to judge, or the verdict when there is none."""
    encryption = bucket.encryption
    if isinstance(encryption, Unknown):
        return unknown(SUBJECT, encryption)
    if encryption is None or not _uses_kms(encryption):
        return not_applicable(_NO_KEY)
    return encryption, _key(bucket)


def _uses_kms(encryption: Encryption) -> bool:
    return encryption.algorithm.startswith("aws:kms")


def _key(bucket: BucketFacts) -> Union[KmsKey, Unknown]:
    key = bucket.kms_key
    return Unknown("the key was not described") if key is None else key


def _aws_managed(encryption: Encryption, key: Union[KmsKey, Unknown]) -> bool:
    """Certainly AWS-managed: by its description, or because it is spelled as the one key that is."""
    if isinstance(key, KmsKey):
        return key.manager == "AWS"
    name = parse_key_name(encryption.kms_key or AWS_MANAGED_ALIAS)
    return name is not None and name.alias == AWS_MANAGED_ALIAS


def _doubts(key: Union[KmsKey, Unknown]) -> List[Unknown]:
    if isinstance(key, Unknown):
        return [key]
    return [key.aliases if isinstance(key.aliases, Unknown) else Unknown(f"{key.arn} is no ARN of a key")]


def _is(bucket: BucketFacts, encryption: Encryption, key: Union[KmsKey, Unknown], wanted: KeyName) -> Optional[bool]:
    """Whether the key of a bucket is the wanted one, whatever spelling each of them has.

    A spelling without region and account means the bucket's own region and account: so does S3 when it resolves
    it. A bare key id is the exception: it is unique, so it matches wherever the key lives.
    """
    here = f"{bucket.partition}:{bucket.region}:{bucket.account}"
    configured = parse_key_name(encryption.kms_key or AWS_MANAGED_ALIAS)
    described = parse_key_name(key.arn) if isinstance(key, KmsKey) else None
    known = described or configured
    there = wanted.home or here
    if configured is not None and configured.alias == wanted.alias != "" and (configured.home or here) == there:
        return True
    if known is None:
        return None
    if wanted.key_id:
        if not known.key_id:
            return None  # only an alias is known of the key
        return known.key_id == wanted.key_id and (not wanted.home or (known.home or here) == wanted.home)
    if (known.home or here) != there:
        return False  # an alias stands for a key of its own region and account
    if isinstance(key, Unknown) or isinstance(key.aliases, Unknown):
        return None
    return wanted.alias in key.aliases
