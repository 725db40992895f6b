# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._aws.caller_identity import identity


@pytest.mark.parametrize(
    "inner, reason",
    [
        ("", "GetCallerIdentityResult"),
        ("<GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>", "<Arn> is missing"),
        ("<GetCallerIdentityResult><Arn>me</Arn><Account>1</Account></GetCallerIdentityResult>", "<Arn> is 'me'"),
    ],
)
def test_an_identity_that_is_none(inner: str, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        identity(f"<GetCallerIdentityResponse>{inner}</GetCallerIdentityResponse>".encode())


def test_an_identity() -> None:
    body = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        "<Arn>arn:aws-us-gov:sts::123456789012:assumed-role/a/b</Arn><UserId>x</UserId><Account>123456789012</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    found = identity(body.encode())
    assert (found.account, found.partition) == ("123456789012", "aws-us-gov")
