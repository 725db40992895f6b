# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four spellings of a KMS key: key id, key ARN, alias name, alias ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z0-9-]*):kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):(?P<resource>.+)"
)
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(rf"{_UUID}|mrk-[0-9a-f]{{32}}")

AWS_MANAGED_ALIAS = "alias/aws/s3"


@dataclass(frozen=True)
class KeyName:
    """A key as somebody spelled it.

    Exactly one of ``key_id`` and ``alias`` is set; ``region`` and ``account`` are empty unless the spelling is an ARN.
    """

    text: str
    key_id: str = ""
    alias: str = ""  # alias/name
    partition: str = ""
    region: str = ""
    account: str = ""

    @property
    def home(self) -> str:
        """Partition, region and account in one piece; empty when the spelling leaves them open."""
        return f"{self.partition}:{self.region}:{self.account}" if self.account else ""


@lru_cache(maxsize=1024)  # thousands of buckets name the same few keys
def parse_key_name(text: str) -> Optional[KeyName]:
    """The key that a text names, or ``None`` when it is none of the four spellings.

    Key ids are compared in lower case, as KMS does; everything else is case-sensitive.
    """
    arn = _ARN.fullmatch(text)
    resource = arn.group("resource") if arn else text
    key_id = resource[len("key/") :] if arn and resource.startswith("key/") else "" if arn else resource
    alias = resource if _ALIAS.fullmatch(resource) else ""
    if not alias and not _ID.fullmatch(key_id.lower()):
        return None
    return KeyName(
        text=text,
        key_id="" if alias else key_id.lower(),
        alias=alias,
        partition=arn.group("partition") if arn else "",
        region=arn.group("region") if arn else "",
        account=arn.group("account") if arn else "",
    )
