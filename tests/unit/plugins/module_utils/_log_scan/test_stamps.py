# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.stamps import Stamps
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=timezone.utc)
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


# line, its time in UTC when read by a host in Berlin
LINES = [
    # ISO 8601, and what only looks like it
    (b"2026-11-28T19:20:07Z x", "2026-11-28T19:20:07"),
    (b"2026-11-28T19:20:07.123456789+01:00 host app[1]: x", "2026-11-28T18:20:07.123456"),
    (b"2026-11-28T19:20:07-0530 x", "2026-11-29T00:50:07"),
    (b"<34>1 2026-11-28T19:20:07.003Z host su - ID47 - x", "2026-11-28T19:20:07.003"),
    (b"[2026-11-28 19:20:07] prod.ERROR: x", "2026-11-28T18:20:07"),
    (b"2026-11-28 19:20:07,123 ERROR [main] x", "2026-11-28T18:20:07.123"),
    (b"2026-11-28 19:20:07 ERROR x", "2026-11-28T18:20:07"),  # no zone of that name
    (b"2026-11-28 19:20:07.123 CET [42] LOG:  x", "2026-11-28T18:20:07.123"),
    (b"2026-11-28 19:20:07.123 UTC [42] LOG:  x", "2026-11-28T19:20:07.123"),
    (b"2026-11-28 19:20:07 EST [42] LOG:  x", "2026-11-29T00:20:07"),
    (b"2026-11-28 19:20:07.123 America/New_York [42] x", "2026-11-29T00:20:07.123"),
    (b"2026-11-28 19:20:07 Mars/Phobos [42] x", "2026-11-28T18:20:07"),
    (b"2026-11-28  9:20:07 0 [Note] mysqld: ready", "2026-11-28T08:20:07"),
    (b"2026/11/28 19:20:07 [error] 42#42: *1 open() failed", "2026-11-28T18:20:07"),
    (b"20261128T192007Z x", "2026-11-28T19:20:07"),
    (b"20261128 19:20:07.5 x", "2026-11-28T18:20:07.500"),
    (b'level=error ts=2026-11-28T19:20:07.1Z msg="x"', "2026-11-28T19:20:07.100"),
    (b'time="2026-11-28T19:20:07+02:00" level=fatal msg=x', "2026-11-28T17:20:07"),
    (b"ERROR 2026-11-28 19:20:07,123 x", "2026-11-28T18:20:07.123"),
    # of syslog
    (b"Nov 28 19:20:07 host sshd[1]: x", "2026-11-28T18:20:07"),
    (b"<34>Nov  8 19:20:07 host x", "2026-11-08T18:20:07"),
    (b"Nov 28 2025 19:20:07 fw : x", "2025-11-28T18:20:07"),
    (b"Dec  1 19:20:07 host x", "2025-12-01T18:20:07"),  # not in the future
    (b"Nov 29 20:59:59 host x", "2026-11-29T19:59:59"),  # but for a clock that is ahead by less than a day
    (b"Nov 29 21:00:01 host x", "2025-11-29T20:00:01"),
    (b"Feb 29 12:00:00 host x", "2024-02-29T11:00:00"),
    (b"Jul 31 12:00:00 host x", "2026-07-31T10:00:00"),  # summer time
    # ctime and Apache's error log
    (b"Sat Nov 28 19:20:07 2026 x", "2026-11-28T18:20:07"),
    (b"Sat Nov 28 19:20:07 UTC 2026 x", "2026-11-28T19:20:07"),
    (b"[Sat Nov 28 19:20:07.123456 2026] [core:error] x", "2026-11-28T18:20:07.123456"),
    # access logs, PHP, Redis, Tomcat, HTTP
    (b'192.0.2.1 - - [28/Nov/2026:19:20:07 +0000] "GET / HTTP/1.1" 200 2', "2026-11-28T19:20:07"),
    (b"2001:db8::1 " + b"u" * 200 + b' - [28/Nov/2026:19:20:07 -0800] "GET /"', "2026-11-29T03:20:07"),
    (b"[28-Nov-2026 19:20:07 Europe/Helsinki] PHP Fatal error: x", "2026-11-28T17:20:07"),
    (b"[28-Nov-2026 19:20:07] NOTICE: ready", "2026-11-28T18:20:07"),
    (b"1:M 28 Nov 2026 19:20:07.123 * Ready", "2026-11-28T18:20:07.123"),
    (b"28-Nov-2026 19:20:07.123 INFO [main] x", "2026-11-28T18:20:07.123"),
    (b"Sat, 28 Nov 2026 19:20:07 GMT x", "2026-11-28T19:20:07"),
    # of Google's libraries
    (b"E1128 19:20:07.123456       1 file.go:1] x", "2026-11-28T18:20:07.123456"),
    (b"W1231 23:59:59.000000       1 file.go:1] x", "2025-12-31T22:59:59"),
    (b"I20251128 19:20:07.123456 1 x", "2025-11-28T18:20:07.123456"),
    # MySQL before 5.7
    (b"261128 19:20:07 [ERROR] x", "2026-11-28T18:20:07"),
    # numbers
    (b"1795893607 x", "2026-11-28T19:20:07"),
    (b"1795893607.500    56 192.0.2.1 TCP_MISS/200", "2026-11-28T19:20:07.500"),
    (b"1795893607500 x", "2026-11-28T19:20:07.500"),
    (b"type=AVC msg=audit(1795893607.500:42): avc: denied", "2026-11-28T19:20:07.500"),
    # JSON
    (b'{"level":"error","ts":1795893607.5,"msg":"x"}', "2026-11-28T19:20:07.500"),
    (b'{"ts":1.7958936075e+09,"msg":"x"}', "2026-11-28T19:20:07.500"),
    (b'{"time": 1795893607500}', "2026-11-28T19:20:07.500"),
    (b'{"msg":"x","@timestamp":"2026-11-28T19:20:07.500Z"}', "2026-11-28T19:20:07.500"),
    (b'{"t":{"$date":"2026-11-28T19:20:07.500+00:00"},"s":"E"}', "2026-11-28T19:20:07.500"),
    (b'{"time":"noon o\'clock","timestamp":"2026-11-28 19:20:07"}', "2026-11-28T18:20:07"),
    # a leap second is the last of its minute
    (b"2016-12-31T23:59:60Z x", "2016-12-31T23:59:59"),
]
NONE = [
    b"",
    b"Traceback (most recent call last):",
    b"\tat 2026-11-28 19:20:07",
    b"  2026-11-28 19:20:07 the text of the line before",
    b"2026-13-28 19:20:07 x",
    b"2026-11-31 19:20:07 x",
    b"Feb 30 12:00:00 host x",
    b"Nov 28 25:00:00 host x",
    b"9999999999 too late",
    b"12345 19:20:07",
    b"/var/2026-11-28 19:20:07",
    b"x" * 200 + b" 2026-11-28 19:20:07 what the message speaks of",
    b'{"msg":"at 2026-11-28 19:20:07"}',
    b'{"time":"12:00","ts":12}',
    b"\xff\xfe\x00 noise",
]


@pytest.mark.parametrize("line, when", LINES)
def test_the_time_of_a_line(line, when):
    assert Stamps(NOW, BERLIN).of(line) == at(when)


@pytest.mark.parametrize("line", NONE)
def test_a_line_without_a_time(line):
    assert Stamps(NOW, BERLIN).of(line) is None


def test_mixed_lines_of_one_log():
    stamps = Stamps(NOW, BERLIN)
    for _turn in range(2):
        for line, when in LINES:
            assert stamps.of(line) == at(when), line
            assert stamps.of(NONE[1]) is None


@pytest.mark.parametrize(
    "line, first, stated",
    [
        (b"Nov 28 19:20:07 x", "years", "Years are inferred: none is later than 2026-11-28 and a day; times without a"),
        (b"2026-11-28 19:20:07 x", "zone", "Times without a zone are taken to be in Europe/Berlin."),
        (b"2026-11-28 19:20:07 CET x", "nothing", ""),
        (b"2026-11-28 19:20:07Z x", "nothing", ""),
    ],
)
def test_what_was_inferred_is_stated(line, first, stated):
    stamps = Stamps(NOW, BERLIN)
    assert stamps.stated == ""
    assert stamps.of(line) is not None
    assert stamps.stated.startswith(stated)
    assert bool(stated) == bool(stamps.stated), first


def test_the_year_of_an_old_file_is_that_of_its_last_write():
    stamps = Stamps(NOW, timezone.utc, written=datetime(2024, 1, 2, tzinfo=timezone.utc))
    assert stamps.of(b"Dec 31 23:00:00 x") == at("2023-12-31T23:00:00")
    assert stamps.of(b"Jan  1 23:00:00 x") == at("2024-01-01T23:00:00")
    assert stamps.of(b"Feb 29 23:00:00 x") == at("2020-02-29T23:00:00")


def test_around_the_end_of_a_year():
    just_before = Stamps(datetime(2026, 12, 31, 23, 59, 50, tzinfo=timezone.utc), timezone.utc)
    assert just_before.of(b"Jan  1 00:00:10 host x") == at("2027-01-01T00:00:10")
    just_after = Stamps(datetime(2027, 1, 1, 0, 0, 10, tzinfo=timezone.utc), timezone.utc)
    assert just_after.of(b"Dec 31 23:59:50 host x") == at("2026-12-31T23:59:50")


def test_a_name_tells_which_of_two_hours_it_is():
    stamps = Stamps(NOW, ZoneInfo("Asia/Jerusalem"))  # whose names mean other zones elsewhere
    assert stamps.of(b"2026-10-25 01:30:00 IDT x") == at("2026-10-24T22:30:00")
    assert stamps.of(b"2026-10-25 01:30:00 IST x") == at("2026-10-24T23:30:00")


def test_when_the_clock_is_put_back_and_forward():
    stamps = Stamps(NOW, NEW_YORK)
    assert stamps.of(b"2026-11-01 01:30:00 EDT x") == at("2026-11-01T05:30:00")
    assert stamps.of(b"2026-11-01 01:30:00 EST x") == at("2026-11-01T06:30:00")
    assert stamps.of(b"2026-11-01 01:30:00 x") == at("2026-11-01T05:30:00")  # the first of both
    assert stamps.of(b"2026-03-08 02:30:00 x") == at("2026-03-08T07:30:00")  # there is none


SECONDS = st.integers(1_010_000_000, 1_795_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
)


@settings(max_examples=tries(40))
@given(when=SECONDS, zone=st.sampled_from([BERLIN, NEW_YORK, timezone.utc, ZoneInfo("Asia/Kathmandu")]))
def test_every_format_says_the_same(when, zone):
    wall = when.replace(tzinfo=zone)
    expected = wall.astimezone(timezone.utc)
    stamps = Stamps(NOW, zone)
    offset = f"{wall:%z}"[:5]
    day = f"{when.day:2}"
    for text in (
        f"{when:%Y-%m-%d %H:%M:%S}",
        f"{when:%Y-%m-%dT%H:%M:%S}{offset}",
        f"{when:%Y/%m/%d %H:%M:%S} [error]",
        f"h - - [{when:%d/%b/%Y:%H:%M:%S} {offset}]",
        f"{when:%a %b} {day} {when:%H:%M:%S %Y}",
        f"{when:%d-%b-%Y %H:%M:%S}",
        f"I{when:%Y%m%d %H:%M:%S}.000000",
        f"{when:%y%m%d %H:%M:%S}",
        f"{int(expected.timestamp())} x",
        f'{{"ts":{int(expected.timestamp() * 1000)}}}',
    ):
        assert stamps.of(text.encode()) == expected, text


@settings(max_examples=tries(60))
@given(now=SECONDS, age=st.integers(-86_400, 364 * 86_400 - 86_400))
def test_years_are_right_within_a_year(now, age):
    now = now.replace(tzinfo=timezone.utc)
    when = now - timedelta(seconds=age)
    assert Stamps(now, timezone.utc).of(f"{when:%b} {when.day:2} {when:%H:%M:%S} host x".encode()) == when


@settings(max_examples=tries(80))
@given(line=st.one_of(st.binary(max_size=60), st.text('0123456789-:T/[]. NovZ{}"ts', max_size=40).map(str.encode)))
def test_any_line_has_a_time_in_utc_or_none(line):
    when = Stamps(NOW, BERLIN).of(line)
    assert when is None or when.tzinfo is timezone.utc
