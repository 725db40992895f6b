# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, Dict, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.retry import (
    THROTTLES,
    Kind,
    Patience,
    classify,
    clock_skew,
    delay,
    retry_after,
)
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker
from hypothesis import given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "status, code, kind",
    [
        (503, "SlowDown", Kind.THROTTLE),
        (503, "ServiceUnavailable", Kind.THROTTLE),
        (503, "Http503", Kind.THROTTLE),
        (429, "TooManyRequestsException", Kind.THROTTLE),
        (400, "ThrottlingException", Kind.THROTTLE),
        (200, "SlowDown", Kind.THROTTLE),  # an error in the guise of a success
        (500, "InternalError", Kind.TRANSIENT),
        (200, "InternalError", Kind.TRANSIENT),
        (502, "BadGateway", Kind.TRANSIENT),
        (504, "GatewayTimeout", Kind.TRANSIENT),
        (400, "RequestTimeout", Kind.TRANSIENT),
        (409, "OperationAborted", Kind.TRANSIENT),
        (400, "ExpiredToken", Kind.EXPIRED),
        (403, "ExpiredTokenException", Kind.EXPIRED),
        (403, "RequestTimeTooSkewed", Kind.SKEWED),
        (400, "RequestExpired", Kind.SKEWED),
        (503, "RequestLimitExceeded", Kind.THROTTLE),
        (400, "ProvisionedThroughputExceededException", Kind.THROTTLE),
        (503, "Unavailable", Kind.THROTTLE),  # EC2
        (500, "ResourceContention", Kind.TRANSIENT),  # Auto Scaling
        (500, "InsufficientInstanceCapacity", Kind.FINAL),
        (400, "InsufficientDBInstanceCapacity", Kind.FINAL),
        (403, "SignatureDoesNotMatch", Kind.SKEWED),
        (403, "AccessDenied", Kind.FINAL),
        (404, "NoSuchBucket", Kind.FINAL),
        (501, "NotImplemented", Kind.FINAL),
        (301, "PermanentRedirect", Kind.FINAL),
    ],
)
def test_kinds(status: int, code: str, kind: Kind) -> None:
    assert classify(status, code) is kind


def test_what_the_sdk_retries_is_retried() -> None:
    again = (Kind.THROTTLE, Kind.TRANSIENT)
    throttled: Any = ThrottledRetryableChecker
    transient: Any = TransientRetryableChecker
    assert set(throttled._THROTTLED_ERROR_CODES) <= THROTTLES
    for code in transient._TRANSIENT_ERROR_CODES:
        assert classify(400, code) in again
    for status in transient._TRANSIENT_STATUS_CODES:
        assert classify(status, "X") in again


@pytest.mark.parametrize(
    "code, date, minutes",
    [
        ("RequestTimeTooSkewed", "Tue, 01 Dec 2026 12:20:00 GMT", 20),
        ("RequestTimeTooSkewed", "Tue, 01 Dec 2026 11:00:00 GMT", -60),
        ("RequestTimeTooSkewed", "Tue, 01 Dec 2026 12:01:00 GMT", 1),
        ("SignatureDoesNotMatch", "Tue, 01 Dec 2026 12:20:00 GMT", 20),
        ("SignatureDoesNotMatch", "Tue, 01 Dec 2026 12:01:00 GMT", None),  # the clocks agree: the key is wrong
        ("RequestExpired", "Tue, 01 Dec 2026 12:20:00 GMT", 20),
        ("RequestExpired", "Tue, 01 Dec 2026 12:01:00 GMT", None),  # the clocks agree: EC2 means the credentials
        ("RequestTimeTooSkewed", "Tue, 01 Dec 2026 12:20:00", 20),
        ("RequestTimeTooSkewed", "yesterday", None),
        ("RequestTimeTooSkewed", "Tue, 99 Dec 99999 12:20:00 GMT", None),
        ("RequestTimeTooSkewed", None, None),
    ],
)
def test_clock_skew(code: str, date: Optional[str], minutes: Optional[int]) -> None:
    headers = {} if date is None else {"date": date}
    assert clock_skew(code, headers, NOON) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, 0.0),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "86400"}, 20.0),
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"x-amz-retry-after": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 2026 23:59:59 GMT"}, 0.0),
        ({"retry-after": "9" * 400}, 0.0),
    ],
)
def test_retry_after(headers: Dict[str, str], seconds: float) -> None:
    assert retry_after(headers) == seconds


@settings(derandomize=True)
@given(failures=st.integers(1, 1000), seed=st.integers(), asked=st.floats(0, 20), kind=st.sampled_from([Kind.THROTTLE, Kind.TRANSIENT]))  # fmt: skip
def test_a_delay_is_bounded_and_never_less_than_asked(failures: int, seed: int, asked: float, kind: Kind) -> None:
    assert asked <= delay(kind, failures, Random(seed), asked) <= asked + 20.0


def test_delays_grow_and_throttles_grow_faster() -> None:
    class Most(Random):
        def random(self) -> float:
            return 1.0

    transient = [delay(Kind.TRANSIENT, failures, Most()) for failures in range(1, 11)]
    throttle = [delay(Kind.THROTTLE, failures, Most()) for failures in range(1, 8)]
    assert transient == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0])
    assert throttle == pytest.approx([0.1, 0.3, 0.9, 2.7, 8.1, 20.0, 20.0])


def test_patience_ends_after_a_minute_without_an_answer_and_then_probes() -> None:
    patience = Patience(seconds=60.0, probe_every=5.0)
    assert patience.allows(0.0)
    patience.failed(100.0, "first")
    patience.failed(130.0, "second")
    assert patience.last_error == "second"
    times = (159.9, 160.0, 161.0, 164.9, 165.0, 166.0, 170.0)
    assert [patience.allows(time) for time in times] == [True, True, False, False, True, False, True]
    patience.answered()
    assert [patience.allows(171.0), patience.allows(171.0)] == [True, True]


@pytest.mark.parametrize("served", [True, False])
def test_failing_is_what_the_last_call_says(served: bool) -> None:
    patience = Patience()
    patience.failed(1.0, "503")
    if served:
        patience.answered()
    assert patience.failing is not served


def test_one_answer_in_between_renews_patience() -> None:
    patience = Patience(seconds=60.0)
    for second in range(1000):
        patience.failed(float(second), "503")
        if second % 50 == 0:
            patience.answered()
        assert patience.allows(float(second))
