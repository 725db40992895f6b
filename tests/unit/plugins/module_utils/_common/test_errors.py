# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError


@pytest.mark.parametrize(
    "action, target, cause, text",
    [
        ("list objects in", "bucket-a", "AccessDenied", "list objects in bucket-a: AccessDenied"),
        ("sts:GetCallerIdentity", "", "no credentials", "sts:GetCallerIdentity: no credentials"),
        ("read", "a: b", "", "read a: b: "),
    ],
)
def test_a_gateway_error_is_a_sentence(action: str, target: str, cause: str, text: str) -> None:
    error = GatewayError(action, target, cause)
    assert isinstance(error, Day2Error)
    assert str(error) == text
    assert (error.action, error.target, error.cause) == (action, target, cause)
