# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that read and write what is repaired, as values.

Every call names the account that the bucket must belong to: a bucket that was deleted and made anew by somebody else
is not ours to change.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Mapping

from ..._aws.model import Request
from ..model import KeyDetail, Question
from ..parse import NOT_CONFIGURED
from ..requests import account_block, bucket_request, key_detail
from .documents import TRANSITION_SIZE_HEADER, encode, header_of
from .model import Aspect, Document, Target

QUESTIONS: Mapping[Aspect, Question] = {
    Aspect.POLICY: Question.POLICY,
    Aspect.ENCRYPTION: Question.ENCRYPTION,
    Aspect.OWNERSHIP: Question.OWNERSHIP,
    Aspect.VERSIONING: Question.VERSIONING,
    Aspect.LIFECYCLE: Question.LIFECYCLE,
    Aspect.LOGGING: Question.LOGGING,
    Aspect.PUBLIC_ACCESS_BLOCK: Question.PUBLIC_ACCESS_BLOCK,
    Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK: Question.PUBLIC_ACCESS_BLOCK,  # S3 Control answers in the same words
}
"""What is asked to read an aspect, a key's rotation apart."""

_DELETED = {Aspect.LIFECYCLE: "s3:DeleteBucketLifecycle"}  # the one whose name is not that of its PUT
_OWNER_HEADER = "x-amz-expected-bucket-owner"


def means_absent(aspect: Aspect, code: str) -> bool:
    """Whether an error of AWS says that there is no such configuration."""
    return (QUESTIONS.get(aspect), code) in NOT_CONFIGURED


def read(target: Target, account: str) -> Request:
    """The call that reads a target."""
    if target.aspect is Aspect.KMS_KEY_ROTATION:
        return key_detail(KeyDetail.ROTATION, target.resource, target.region)
    if target.aspect is Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK:
        return account_block(target.resource, target.region)
    request = bucket_request(QUESTIONS[target.aspect], target.resource, target.region)
    return replace(request, headers=((_OWNER_HEADER, account),))


def write(target: Target, account: str, document: Document, like: bytes = b"") -> Request:
    """The call that makes a target what ``document`` says; ``None`` removes the configuration.

    :param like: the body last read, see :func:`documents.encode`.
    """
    aspect = target.aspect
    if aspect is Aspect.KMS_KEY_ROTATION:
        return _rotation(target, bool((document or {}).get("KeyRotationEnabled")))
    request = read(target, account)
    service, _colon, name = request.action.partition(":Get")
    if document is None and aspect is not Aspect.LOGGING:
        action = _DELETED.get(aspect, f"{service}:Delete{name}")
        return replace(request, action=action, method="DELETE")
    headers = request.headers
    if aspect is not Aspect.POLICY:
        headers += (("content-type", "application/xml"),)
    size = header_of(aspect, document)
    if size is not None:
        headers += ((TRANSITION_SIZE_HEADER, size),)
    body = encode(aspect, document, like)
    return replace(request, action=f"{service}:Put{name}", method="PUT", headers=headers, body=body)


def _rotation(target: Target, on: bool) -> Request:
    operation = "EnableKeyRotation" if on else "DisableKeyRotation"
    request = read(target, "")
    headers = tuple(
        (name, f"TrentService.{operation}" if name == "x-amz-target" else value) for name, value in request.headers
    )
    body = json.dumps({"KeyId": target.resource}).encode()
    return replace(request, action=f"kms:{operation}", headers=headers, body=body)
