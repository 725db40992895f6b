# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.exemptions import (
    ExemptionError,
    Exemptions,
    parse_exemptions,
)

KNOWN = ("tls_only", "versioning", "lifecycle", "account_public_access_block")
NOON = datetime(2026, 3, 31, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def entry(bucket="b", check="tls_only", **others):
    return {"bucket": bucket, "check": check, "reason": "legacy", "owner": "ops", **others}


def exemptions(*entries, now=NOON):
    return Exemptions(parse_exemptions(entries, KNOWN), now)


@pytest.mark.parametrize(
    "given, bucket, check, covered",
    [
        (entry(), "b", "tls_only", True),
        (entry(), "b", "versioning", False),
        (entry(), "bb", "tls_only", False),
        (entry("log-*"), "log-eu", "tls_only", True),
        (entry("log-*"), "alog-eu", "tls_only", False),
        (entry("log-?[12]"), "log-a1", "tls_only", True),
        (entry("log-?[12]"), "log-a3", "tls_only", False),
        (entry(check=["versioning", "tls_only"]), "b", "versioning", True),
        (entry(check="*"), "b", "lifecycle", True),
        (entry("*", "*"), "any", "lifecycle", True),
        # what is said of the account has no bucket
        (entry("*", "account_public_access_block"), "", "account_public_access_block", True),
        (entry("?*", "account_public_access_block"), "", "account_public_access_block", False),
        (entry("[a-z]*", "*"), "", "account_public_access_block", False),
    ],
)
def test_what_an_exemption_covers(given, bucket, check, covered):
    assert (exemptions(given).use(bucket, check) is not None) is covered


def test_the_first_of_the_list_counts():
    both = exemptions(entry("*", owner="first"), entry("b", owner="second"))
    assert both.use("b", "tls_only").owner == "first"
    assert [exemption.owner for exemption in both.unused()] == ["second"]


def test_unused_is_what_covered_nothing():
    some = exemptions(entry("a"), entry("b"), entry("c*", expires="2026-01-01"))
    some.use("a", "tls_only")
    some.use("z", "tls_only")
    assert [exemption.bucket for exemption in some.unused()] == ["b"]
    assert [exemption.bucket for exemption in some.expired] == ["c*"]


@pytest.mark.parametrize(
    "expires, last",
    [
        ("2026-03-31", datetime(2026, 4, 1, tzinfo=timezone.utc) - SECOND),  # the whole named day, in UTC
        (date(2026, 3, 31), datetime(2026, 4, 1, tzinfo=timezone.utc) - SECOND),
        ("2026-03-31T18:00:00Z", datetime(2026, 3, 31, 18, tzinfo=timezone.utc) - SECOND),
        ("2026-03-31T18:00:00+02:00", datetime(2026, 3, 31, 16, tzinfo=timezone.utc) - SECOND),
        (datetime(2026, 3, 31, 18, tzinfo=timezone.utc), datetime(2026, 3, 31, 18, tzinfo=timezone.utc) - SECOND),
    ],
)
def test_when_an_exemption_ends(expires, last):
    assert exemptions(entry(expires=expires), now=last).use("b", "tls_only") is not None
    over = exemptions(entry(expires=expires), now=last + SECOND)
    assert over.use("b", "tls_only") is None
    assert len(over.expired) == 1 and over.unused() == ()


@pytest.mark.parametrize("expires", [None, "9999-12-31"])
def test_without_an_end(expires):
    assert exemptions(entry(expires=expires), now=datetime(9999, 1, 1, tzinfo=timezone.utc)).use("b", "tls_only")


def test_as_dict():
    (exemption,) = parse_exemptions([entry(check=["tls_only", "tls_only"], expires="2026-03-31")], KNOWN)
    assert exemption.as_dict() == {
        "bucket": "b",
        "check": ["tls_only"],
        "reason": "legacy",
        "owner": "ops",
        "expires": "2026-03-31",
    }


@pytest.mark.parametrize(
    "given, message",
    [
        ({"bucket": "b", "check": "*", "owner": "o"}, "exemptions[1].reason: missing: why the bucket need not pass"),
        (entry(reason="  "), "exemptions[1].reason: a text is needed: why the bucket need not pass"),
        (entry(owner=None), "exemptions[1].owner: missing: who answers for it"),
        (entry(bucket=7), "exemptions[1].bucket: a text is needed: the name of a bucket, or a glob"),
        (entry(check=None), "exemptions[1].check: missing: the check, a list of checks, or *"),
        (entry(check=[]), "exemptions[1].check: a text or a list of texts is needed: the check, a list of checks"),
        (entry(check="tls_onli"), "exemptions[1].check: there is no check 'tls_onli'; did you mean tls_only?"),
        (entry(check="q"), "exemptions[1].check: there is no check 'q'; known are account_public_access_block, "),
        (entry(expires="31.3.2026"), "exemptions[1].expires: '31.3.2026' is not a date such as 2027-03-31, nor a time"),
        (entry(expires="2026-02-30"), "exemptions[1].expires: '2026-02-30' is not a date"),
        (entry(expires=7), "exemptions[1].expires: 7 is not a date"),
        (entry(expires="2026-03-31T18:00:00"),
         "exemptions[1].expires: '2026-03-31T18:00:00' has no offset; write 2026-03-31T18:00:00Z for UTC"),
        (entry(expiry="2026-03-31"), 'exemptions[1].expiry: no such key; did you mean "expires"?'),
        (entry(zzz=1), "exemptions[1].zzz: no such key; known are bucket, check, reason, owner, expires"),
        (entry("a", owner="other"), "exemptions[1].bucket: covers the same as exemptions[0]; keep one of them"),
    ],
)  # fmt: skip
def test_what_is_no_exemption(given, message):
    with pytest.raises(ExemptionError) as caught:
        parse_exemptions([entry("a"), given], KNOWN)
    assert str(caught.value).startswith(message)
