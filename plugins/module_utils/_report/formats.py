# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of reports: their names, suffixes, media types, and who renders them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterator, Optional, Tuple

from .._common.errors import Day2Error
from . import csv_table, html, json_document, json_records, junit, markdown, ocsf, sarif
from .model import Render, ReportInfo


@dataclass(frozen=True)
class Format:
    """One format. A path that ends with one of ``suffixes`` means it; the longest suffix wins.

    ``begin`` is what of a report can be written before the run.
    """

    name: str
    suffixes: Tuple[str, ...]
    media_type: str
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


def format_of(path: str) -> Format:
    """The format that the suffix of a path stands for.

    :raises Day2Error: when it stands for none.
    """
    lower = path.lower()
    fitting = [(len(suffix), form) for form in FORMATS.values() for suffix in form.suffixes if lower.endswith(suffix)]
    if not fitting:
        raise Day2Error(f"{path}: no format is given, and its suffix does not tell one of {', '.join(FORMATS)}")
    return max(fitting, key=lambda pair: pair[0])[1]
