# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.limit import Limit, parse_limit


@pytest.mark.parametrize(
    "text, limit, again",
    [("10", Limit(10, False), "10"), (" 0 ", Limit(0, False), "0"), ("25%", Limit(25, True), "25%")],
)
def test_a_limit_reads_as_it_was_written(text, limit, again):
    found = parse_limit("max_stop", text)
    assert (found, str(found)) == (limit, again)


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "101%", "ten", "10 %", "1e3", "٣"])
def test_what_is_no_limit_is_said_with_the_option(text):
    with pytest.raises(Day2Error, match="max_stop: .* neither a number of stops"):
        parse_limit("max_stop", text, "stops")


@pytest.mark.parametrize(
    "text, count, whole, allowed",
    [
        ("3", 3, 3, True),
        ("3", 4, 1000, False),
        ("25%", 1, 4, True),
        ("24%", 1, 4, False),
        ("0%", 0, 0, True),
        ("0%", 1, 100, False),
        ("100%", 7, 7, True),
        ("100%", 1, 0, False),  # what is no part of the whole is over any share of it
    ],
)
def test_what_a_limit_allows(text, count, whole, allowed):
    assert parse_limit("max_stop", text).allows(count, whole) is allowed
