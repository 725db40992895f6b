# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Overall, Severity, Status, overall
from hypothesis import given, settings
from hypothesis import strategies as st

VERDICTS = st.lists(st.tuples(st.sampled_from(list(Status)), st.sampled_from(list(Severity))), max_size=8)


def test_severities_are_ordered() -> None:
    assert sorted(Severity, key=lambda one: one.rank) == [
        Severity.LOW,
        Severity.MEDIUM,
        Severity.HIGH,
        Severity.CRITICAL,
    ]


@pytest.mark.parametrize(
    "verdicts, expected",
    [
        ([], Overall.OK),
        ([(Status.PASS, Severity.CRITICAL)], Overall.OK),
        ([(Status.EXEMPT, Severity.CRITICAL)], Overall.OK),
        ([(Status.UNKNOWN, Severity.LOW)], Overall.UNKNOWN),
        ([(Status.UNKNOWN, Severity.CRITICAL), (Status.FAIL, Severity.LOW)], Overall.WARNING),
        ([(Status.FAIL, Severity.MEDIUM)], Overall.WARNING),
        ([(Status.FAIL, Severity.HIGH)], Overall.CRITICAL),
        ([(Status.FAIL, Severity.LOW), (Status.FAIL, Severity.CRITICAL)], Overall.CRITICAL),
    ],
)
def test_overall(verdicts: List[Tuple[Status, Severity]], expected: Overall) -> None:
    assert overall(verdicts) is expected


@settings(derandomize=True)
@given(verdicts=VERDICTS, more=VERDICTS)
def test_the_order_does_not_matter_and_ok_means_that_all_was_seen(
    verdicts: List[Tuple[Status, Severity]], more: List[Tuple[Status, Severity]]
) -> None:
    both = [*verdicts, *more]
    assert overall(both) is overall(reversed(both)) is overall(iter(both))
    assert (overall(both) is Overall.OK) == all(status in (Status.PASS, Status.EXEMPT) for status, _unused in both)
    worse = [Overall.OK, Overall.UNKNOWN, Overall.WARNING, Overall.CRITICAL]
    assert worse.index(overall(both)) == max(worse.index(overall(verdicts)), worse.index(overall(more)))
