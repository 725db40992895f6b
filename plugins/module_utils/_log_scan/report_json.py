# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON report: everything, for programs. It is the task's result with a header, so that a merge takes both."""

from __future__ import annotations

from typing import Any, Dict, Iterator

from .._report.encode import compact
from .report_model import SCHEMA, LogReport

_LISTS = ("matches", "files", "hosts")
_NOT_OF_A_REPORT = ("reports", "schema", "truncated", "changed")


def render(report: LogReport) -> Iterator[str]:
    """The report as chunks of text: the lists have a line for each entry."""
    head: Dict[str, Any] = {"schema": SCHEMA, "title": report.title, "run": report.run()}
    head.update(
        (key, value) for key, value in report.result.items() if key not in _LISTS and key not in _NOT_OF_A_REPORT
    )
    yield "{\n"
    yield ",\n".join(f"{compact(key)}: {compact(value)}" for key, value in head.items())
    for name in _LISTS:
        if name in report.result:
            yield f',\n"{name}": ['
            before = "\n"
            for entry in report.result[name]:
                yield before + compact(entry)
                before = ",\n"
            yield "\n]"
    yield "\n}\n"
