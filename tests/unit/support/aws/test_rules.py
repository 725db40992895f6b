# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules strike as often as they say, and always at the same requests."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.day2.ops.tests.support.aws.errors import S3Error
from ansible_collections.day2.ops.tests.support.aws.rules import Rule, Rules, rule_of
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def strikes(rule: Rule, count: int) -> List[int]:
    """Numbers of the requests, from 1, that a rule hits."""
    return [number for number in range(1, count + 1) if rule.strikes("s3", "GetBucketPolicy", "acme")]


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"every": 3}, [3, 6]),
        ({"every": 3, "seed": 1}, [2, 5]),
        ({"every": 3, "seed": 2}, [1, 4, 7]),
        ({"every": 2, "skip": 3}, [5, 7]),
        ({"times": 2}, [1, 2]),
        ({"skip": 1, "times": 1}, [2]),
        ({"times": 0}, []),
        ({"action": "GetBucket*", "bucket": "ac??", "service": "s3"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"action": "PutBucketPolicy"}, []),
        ({"bucket": "other-*"}, []),
        ({"service": "kms"}, []),
    ],
)
def test_which_requests_are_hit(options: Dict[str, Any], expected: List[int]) -> None:
    rule = Rule(code="SlowDown", **options)
    assert strikes(rule, 7) == expected
    assert rule.hits == len(expected)


@given(st.floats(0.01, 1), st.integers(0, 5))
@settings(derandomize=True, max_examples=tries(25))
def test_a_share_is_about_right_and_repeats(share: float, seed: int) -> None:
    first = strikes(Rule(code="SlowDown", share=share, seed=seed), 2000)
    assert first == strikes(Rule(code="SlowDown", share=share, seed=seed), 2000)
    assert abs(len(first) / 2000 - share) < 0.05


@pytest.mark.parametrize(
    "given_, says",
    [
        ({"kind": "explode"}, "kind 'explode'"),
        ({"kind": "error"}, "needs a code"),
        ({"kind": "delay", "delay": 3600}, "delay 3600"),
        ({"code": "SlowDown", "every": 0}, "every is at least 1"),
        ({"code": "SlowDown", "share": 2}, "share between"),
        ({"code": "SlowDown", "hits": 3}, "unknown hits"),
        ({"code": "SlowDown", "acton": "x"}, "unknown acton"),
    ],
)
def test_bad_rules_are_refused(given_: Dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rule_of(given_)


def test_the_first_rule_that_strikes_decides() -> None:
    rules = Rules()
    rules.add(code="AccessDenied", action="GetBucketPolicy")
    rules.add(kind="delay", delay=1.5)
    denied = rules.fault("s3", "GetBucketPolicy", "acme")
    assert denied is not None and isinstance(denied.error, S3Error)
    assert (denied.kind, denied.error.code, denied.error.status) == ("error", "AccessDenied", 403)
    late = rules.fault("s3", "GetBucketAcl", "acme")
    assert late is not None and (late.kind, late.delay) == ("", 1.5)
    rules.clear()
    assert rules.fault("s3", "GetBucketPolicy", "acme") is None
