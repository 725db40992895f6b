# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.arn import Arn, parse_arn


@pytest.mark.parametrize(
    "text, expected",
    [
        ("arn:aws:s3:::bucket", Arn("aws", "s3", "", "", "bucket")),
        ("arn:aws-cn:kms:cn-north-1:1:key/a-b", Arn("aws-cn", "kms", "cn-north-1", "1", "key/a-b")),
        ("arn:aws:logs:eu-west-1:1:log-group:x:*", Arn("aws", "logs", "eu-west-1", "1", "log-group:x:*")),
        ("alias/x", None),
        ("arn:aws:s3", None),
        ("arn:aws:s3:::", None),
        ("arn::s3:::b", None),
        ("urn:aws:s3:::b", None),
        ("", None),
    ],
)
def test_arns(text: str, expected: object) -> None:
    assert parse_arn(text) == expected
