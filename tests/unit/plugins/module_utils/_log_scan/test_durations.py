# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.durations import seconds


@pytest.mark.parametrize(
    "text, expected",
    [("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400), ("1w", 604800), ("250ms", 0.25), ("1.5h", 5400), (90, 90)],
)
def test_spans(text, expected):
    assert seconds("per", text) == expected


@pytest.mark.parametrize("text", ["", "5 minutes", "-1s", "m", "1h30m", True, None, [], "9" * 20])
def test_what_is_no_span(text):
    with pytest.raises(Day2Error, match="late_window: .* is no span of time"):
        seconds("late_window", text)
