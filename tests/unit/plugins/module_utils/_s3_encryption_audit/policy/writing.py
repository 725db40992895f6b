# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The statement of the AWS documentation, and how tests bend it."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import TlsJudgement, judge_tls

B = "arn:aws:s3:::b"
ROLE = "arn:aws:iam::111111111111:role/admin"
FALSE = {"aws:SecureTransport": "false"}
VERBS = "Abort Allow Bypass Create Delete Get Initiate List Object Pause Put Replicate Restore Tag Untag Update"
ALL_INITIALS = [f"s3:{letter}*" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


def deny(**elements: Any) -> Dict[str, Any]:
    """The statement of the AWS documentation, with some elements replaced; ``None`` takes one away."""
    canonical = {
        "Sid": "DenyHTTP",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [B, f"{B}/*"],
        "Condition": {"Bool": FALSE},
    }
    return {name: value for name, value in {**canonical, **elements}.items() if value is not None}


def when(**conditions: Any) -> Dict[str, Any]:
    """The canonical statement under further conditions."""
    return deny(Condition={**conditions, "Bool": {**FALSE, **conditions.get("Bool", {})}})


def policy(*statements: Dict[str, Any], version: Optional[str] = "2012-10-17") -> str:
    return json.dumps(
        {"Version": version, "Statement": list(statements)} if version else {"Statement": list(statements)}
    )


def judged(*statements: Dict[str, Any], **options: Any) -> TlsJudgement:
    return judge_tls(policy(*statements), "b", "aws", **options)
