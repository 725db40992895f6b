# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a fact is unknown, in the words of findings."""

from __future__ import annotations

import re
from functools import lru_cache

from .._aws.model import AwsError
from .._common.errors import Day2Error
from .model import Unknown

# The part of AWS's message that tells the reader where to look; the rest repeats who, what and on what.
_DENIAL = re.compile(r"\b(with an explicit deny in an? [a-z -]{1,60}|because [A-Za-z ,:-]{1,200})")
_DENIED = ("AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedAccess")
_MESSAGE = 200  # characters


class Deleted(Unknown):
    """The bucket is not there any more, so none of its facts is of use."""


def why(error: Day2Error, action: str, permission: str = "") -> Unknown:
    """The reason that an error of a call leaves a fact unknown: ``s3:GetBucketPolicy: AccessDenied (403)``.

    :param action: the call, for errors that do not name it.
    :param permission: what IAM calls the right to make the call; named when it is denied under another name.
    """
    if not isinstance(error, AwsError):
        text = str(error)
        return Unknown(text if text.startswith(action) else f"{action}: {text}")
    message = error.cause.partition("): ")[2]
    if error.code == "NoSuchBucket":
        return Deleted(f"the bucket was deleted while the audit ran ({error.action}: NoSuchBucket)")
    if error.code in _DENIED:
        found = _DENIAL.search(message)
        return _denied(error.action, error.code, error.status, permission, found.group(1) if found else "")
    what = f"{error.code} ({error.status})" if error.status else error.code
    return Unknown(f"{error.action}: {what}" + (f": {message[:_MESSAGE]}" if message else ""))


@lru_cache(maxsize=256)  # a right that is missing is missing for every bucket: one reason for all of them
def _denied(action: str, code: str, status: int, permission: str, detail: str) -> Unknown:
    needs = f", needs {permission}" if permission and permission != action else ""
    return Unknown(f"{action}: {code} ({status}){needs}" + (f", {detail}" if detail else ""))
