# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats in which the report of a run can be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterator

from .._report.forms import Form
from . import page, report_csv, report_json, report_markdown
from .report_model import ScheduleReport


@dataclass(frozen=True)
class ScheduleForm(Form):
    """One format, and who renders it."""

    render: Callable[[ScheduleReport], Iterator[str]]


SCHEDULE_FORMATS: Dict[str, ScheduleForm] = {
    form.name: form
    for form in (
        ScheduleForm("html", (".html", ".htm"), "text/html; charset=utf-8", page.render),
        ScheduleForm("json", (".json",), "application/json", report_json.render),
        ScheduleForm("csv", (".csv",), "text/csv; charset=utf-8", report_csv.render),
        ScheduleForm("markdown", (".md", ".markdown"), "text/markdown; charset=utf-8", report_markdown.render),
    )
}


def rendering(report: ScheduleReport) -> Callable[[ScheduleForm], Iterator[str]]:
    """How this report is rendered, for ``_report.gateway.write``."""
    return lambda form: form.render(report)
