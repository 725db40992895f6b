# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about a call that failed: try again, when, and for how long.

Which codes mean what, and the shape of the delays, follow the "standard" retry mode of the AWS SDKs ("Retry behavior", AWS SDKs and
Tools Reference Guide). It differs where an audit does: more attempts, since a missing answer is a gap in a report, and instead of a
budget of retries a time for which an endpoint may fail without a single answer in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from random import Random
from typing import Mapping, Optional

THROTTLES = frozenset(
    (
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    )
)
_TRANSIENT = frozenset(
    (
        "InternalError",
        "InternalFailure",
        "OperationAborted",  # S3: another change of the same bucket is under way
        "RequestTimeout",
        "RequestTimeoutException",
    )
)
_TRANSIENT_STATUSES = frozenset((500, 502, 504))
_NO_ROOM = "Insufficient"  # InsufficientInstanceCapacity and its kin have status 500, and stay so for hours
_EXPIRED = frozenset(("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"))
_SKEWED = frozenset(("RequestInTheFuture", "RequestTimeTooSkewed"))
PERHAPS_EXPIRED = "RequestExpired"  # EC2 says so of credentials, others of the time of the request
# These also stand for a wrong key: only a clock that is visibly off makes them a matter of time.
_PERHAPS_SKEWED = frozenset(("AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch", PERHAPS_EXPIRED))
_VISIBLY_OFF = timedelta(minutes=4)  # AWS tolerates 5 (KMS, STS) or 15 (S3)

_LONGEST = 20.0  # seconds between two attempts
_RETRY_AFTER_HEADERS = (("x-amz-retry-after", 0.001), ("retry-after", 1.0))


class Kind(Enum):
    """What stands behind a failure."""

    FINAL = "final"  # asking again gives the same answer
    TRANSIENT = "transient"  # bad luck
    THROTTLE = "throttle"  # we ask too fast
    EXPIRED = "expired"  # the credentials need renewal
    SKEWED = "skewed"  # our clock is wrong


def classify(status: int, code: str) -> Kind:
    """What an error response is, by its HTTP status and error code."""
    if status == 503 or status == 429 or code in THROTTLES:
        return Kind.THROTTLE
    if code.startswith(_NO_ROOM):
        return Kind.FINAL
    if status in _TRANSIENT_STATUSES or code in _TRANSIENT:
        return Kind.TRANSIENT
    if code in _EXPIRED:
        return Kind.EXPIRED
    if code in _SKEWED or code in _PERHAPS_SKEWED:
        return Kind.SKEWED
    return Kind.FINAL


def clock_skew(code: str, headers: Mapping[str, str], now: datetime) -> Optional[timedelta]:
    """How far AWS's clock is ahead of ours, when ``code`` can be put down to that; ``now`` is aware.

    ``None`` when the answer has no date, or when the clocks agree and something else is wrong.
    """
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=timezone.utc)
    skew = theirs - now
    if code in _SKEWED or abs(skew) > _VISIBLY_OFF:
        return skew
    return None


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that the service asks us to wait (never more than 20), 0 when it does not say."""
    for name, unit in _RETRY_AFTER_HEADERS:
        value = headers.get(name, "")
        if value.isascii() and value.isdigit() and len(value) < 10:
            return min(int(value) * unit, _LONGEST)
    return 0.0


def delay(kind: Kind, failures: int, rng: Random, asked: float = 0.0) -> float:
    """Seconds to wait after the ``failures``-th failure (from 1) of a call: exponential, with full jitter.

    Throttles grow faster than bad luck: seven of them are 26 seconds on average. ``asked`` is what the service asked for;
    the jitter comes on top, so that not everybody is back at the same moment.
    """
    base, factor = (0.1, 3.0) if kind is Kind.THROTTLE else (0.05, 2.0)
    return asked + rng.random() * min(base * factor ** min(failures - 1, 30), _LONGEST)


class Patience:
    """How long an endpoint may fail without one answer before it is taken to be down.

    Then calls to it fail at once instead of each waiting out its own attempts: a thousand buckets in a region that cannot be
    reached cost a minute, not hours. One call in ``probe_every`` seconds still goes out and can prove the endpoint healthy.
    Times are seconds of a monotonic clock.
    """

    __slots__ = ("last_error", "_seconds", "_probe_every", "_failing_since", "_next_probe")

    def __init__(self, seconds: float = 60.0, probe_every: float = 5.0) -> None:
        self.last_error = ""
        self._seconds = seconds
        self._probe_every = probe_every
        self._failing_since: Optional[float] = None
        self._next_probe = 0.0

    @property
    def failing(self) -> bool:
        """Whether the last call was not served."""
        return self._failing_since is not None

    def failed(self, now: float, error: str) -> None:
        """A call was not served: throttled, a fault, a server error."""
        self.last_error = error
        if self._failing_since is None:
            self._failing_since = now

    def answered(self) -> None:
        """The endpoint did its work, were it to say "access denied"."""
        self._failing_since = None

    def allows(self, now: float) -> bool:
        """Whether a call may go out now."""
        if self._failing_since is None or now - self._failing_since < self._seconds:
            return True
        if now < self._next_probe:
            return False
        self._next_probe = now + self._probe_every
        return True
