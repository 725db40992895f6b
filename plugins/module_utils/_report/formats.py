# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of reports of findings: their names, suffixes, media types, and who renders them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterator, Optional

from . import csv_table, html, json_document, json_records, junit, markdown, ocsf, sarif
from .forms import Form
from .model import Findings, Render, ReportInfo, Summary


@dataclass(frozen=True)
class Format(Form):
    """One format of findings. ``begin`` is what of a report can be written before the run."""

    render: Render
    begin: Optional[Callable[[ReportInfo], Iterator[str]]] = None


FORMATS: Dict[str, Format] = {
    form.name: form
    for form in (
        Format("json", (".json",), "application/json", json_document.render),
        Format("jsonl", (".jsonl", ".ndjson"), "application/jsonl", json_records.render, json_records.begin),
        Format("csv", (".csv",), "text/csv; charset=utf-8", csv_table.render),
        Format("sarif", (".sarif", ".sarif.json"), "application/sarif+json", sarif.render),
        Format("ocsf", (".ocsf.json", ".ocsf"), "application/json", ocsf.render),
        Format("junit", (".xml",), "application/xml", junit.render),
        Format("markdown", (".md", ".markdown"), "text/markdown; charset=utf-8", markdown.render),
        Format("html", (".html", ".htm"), "text/html; charset=utf-8", html.render),
    )
}


def rendering(info: ReportInfo, findings: Findings, summary: Summary) -> Callable[[Format], Iterator[str]]:
    """How a report of these findings is rendered, for ``gateway.write``."""
    return lambda form: form.render(info, findings, summary)


def beginning(info: ReportInfo) -> Callable[[Format], Optional[Iterator[str]]]:
    """How a report is begun, for ``gateway.begin``."""
    return lambda form: form.begin(info) if form.begin is not None else None
