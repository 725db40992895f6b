# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats in which the report of a scan can be had. Imported where reports are asked for: most runs want none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterator

from .._report.forms import Form
from . import page, prometheus, report_csv, report_json, report_markdown
from .report_model import LogReport


@dataclass(frozen=True)
class LogForm(Form):
    """One format, and who renders it."""

    render: Callable[[LogReport], Iterator[str]]


LOG_FORMATS: Dict[str, LogForm] = {
    form.name: form
    for form in (
        LogForm("html", (".html", ".htm"), "text/html; charset=utf-8", page.render),
        LogForm("json", (".json",), "application/json", report_json.render),
        LogForm("csv", (".csv",), "text/csv; charset=utf-8", report_csv.render),
        LogForm("markdown", (".md", ".markdown"), "text/markdown; charset=utf-8", report_markdown.render),
        LogForm("prometheus", (".prom",), "text/plain; version=0.0.4; charset=utf-8", prometheus.render),
    )
}


def rendering(report: LogReport) -> Callable[[LogForm], Iterator[str]]:
    """How this report is rendered, for ``_report.gateway.write``."""
    return lambda form: form.render(report)
