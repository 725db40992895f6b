# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KMS keys for seeded accounts: real ones in a moto server, or only their names without one."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any, Dict

from .clients import boto_client
from .store import ACCOUNT

_SEED = 20260301


def open_policy(account: str) -> str:
    """A key policy that lets everyone in."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "root",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Sid": "AllowAnyone",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                    "Resource": "*",
                },
            ],
        }
    )


class Keys:
    """Makes customer-managed keys, always with the same ids for the same calls.

    :param moto: URL of a fresh moto server; empty: nothing answers for the keys, which have ARNs only.
    """

    def __init__(self, moto: str = "", account: str = ACCOUNT) -> None:
        self._moto = moto
        self._account = account
        self._clients: Dict[str, Any] = {}
        if moto:
            request = urllib.request.Request(f"{moto}/moto-api/seed?a={_SEED}", method="POST")
            urllib.request.urlopen(request, timeout=10).close()

    def _client(self, region: str) -> Any:
        if region not in self._clients:
            self._clients[region] = boto_client(self._moto, "kms", region)
        return self._clients[region]

    def create(self, region: str, name: str, *, state: str = "Enabled", rotation: bool = True, policy: str = "") -> str:
        """ARN of a new key with the alias ``alias/<name>``; ``state`` may be Disabled or PendingDeletion."""
        if not self._moto:
            return self.missing(region, name)
        kms = self._client(region)
        options = {"Policy": policy} if policy else {}
        metadata = kms.create_key(Description=name, **options)["KeyMetadata"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=metadata["KeyId"])
        if rotation:
            kms.enable_key_rotation(KeyId=metadata["KeyId"])
        if state == "Disabled":
            kms.disable_key(KeyId=metadata["KeyId"])
        elif state == "PendingDeletion":
            kms.schedule_key_deletion(KeyId=metadata["KeyId"], PendingWindowInDays=7)
        arn: str = metadata["Arn"]
        return arn

    def missing(self, region: str, name: str) -> str:
        """ARN of a key that there is not."""
        return f"arn:aws:kms:{region}:{self._account}:key/{uuid.uuid5(uuid.NAMESPACE_DNS, f'{name}.{region}')}"

    def alias_arn(self, region: str, name: str) -> str:
        """ARN of an alias."""
        return f"arn:aws:kms:{region}:{self._account}:alias/{name}"
