# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was found: a row for each pattern, which unfolds to its samples, the most frequent values, and its hosts."""

from __future__ import annotations

from typing import Dict, Iterator, List, Optional, Sequence

from .._common.errors import Day2Error
from .._report.html_kit import icon, text
from .page_parts import at_tag, more, severity
from .page_timeline import column_of, strip
from .report_model import Entry, LogReport, headline, where
from .timeline import Buckets, Spread, moment, second_of
from .wording import matches, plural, size, span

MOST_PATTERNS = 400
MOST_SAMPLES = 20
MOST_TEXT = 4000  # characters of a sample
MOST_SHOWN = 2_000_000  # characters of all samples
MOST_HOSTS = 100


def found(report: LogReport, axis: "Spread[str]") -> Iterator[str]:
    """The whole card."""
    yield (
        '<section class="card wide" id="found" aria-labelledby="found-title" data-rows>'
        '<h2 id="found-title" tabindex="-1">What was found</h2>\n'
    )
    if not report.matches:
        yield '<p class="quietly">No pattern matched anything that was read.</p></section>\n'
        return
    drawn = axis.columns > 1
    room = MOST_SHOWN
    usual = moment(axis.stop).year if axis.columns else None
    yield f'<div class="rows{"" if drawn else " undrawn"}">\n'
    for entry in report.matches[:MOST_PATTERNS]:
        yield _summary(entry, axis if drawn else None, usual)
        yield '<div class="inside">'
        yield _facts(entry, usual)
        yield from _values(entry)
        samples = entry["samples"][-MOST_SAMPLES:]
        if samples and room > 0:
            few = (
                f' <span class="soft">{len(samples):,} of {entry["count"]:,}</span>'
                if entry["count"] > len(samples)
                else ""
            )
            yield f'<h3>{plural(len(samples), "Sample")[len(str(len(samples))) + 1 :]}{few}</h3><ol class="samples">\n'
            for sample in samples:
                shown = _sample(sample, axis, usual)
                room -= len(shown)
                yield shown
            yield "</ol>"
        elif samples:
            yield '<p class="note">Its samples are in the JSON report.</p>'
        yield "</div></details>\n"
    yield f"</div>{more(len(report.matches) - MOST_PATTERNS, 'patterns')}</section>\n"


def _summary(entry: Entry, axis: Optional["Spread[str]"], usual: Optional[int]) -> str:
    title, name = headline(entry), entry["pattern"]
    flag = "" if entry["met"] else '<span class="flag">below its threshold</span>'
    hosts = entry.get("hosts_total")
    of = f" · {plural(hosts, 'host')}" if hosts else ""
    under = (
        f"<bdi>{text(name)}</bdi>" if title != name else f"<bdi>{text(entry.get('pattern_set') or 'own pattern')}</bdi>"
    )
    last = entry["last"] or {}
    said = at_tag(last["at"], usual=usual) if last.get("at") else "no time"
    drawing = ""
    if axis is not None:
        times = Buckets.of(entry["timeline"])
        drawing = strip(axis, times, entry["severity"], f"{matches(entry['count'])} over time")
    return (
        f'<details class="row" data-row data-severity="{entry["severity"]}"><summary>{icon("chevron")}'
        f'<span class="sev">{severity(entry["severity"])}</span>'
        f'<span class="what"><span class="name" dir="auto">{text(title[:300])}</span>'
        f'<span class="where">{under}{of}{flag}</span></span>'
        f'{drawing}<b class="n">{entry["count"]:,}</b><span class="last">{said}</span></summary>'
    )


def _facts(entry: Entry, usual: Optional[int]) -> str:
    parts = []
    for word, spot in (("First", entry["first"]), ("Last", entry["last"])):
        if spot is not None:
            at = f"{at_tag(spot['at'], usual=usual)} " if spot.get("at") else ""
            parts.append(f"<div><dt>{word}</dt><dd>{at}{_place(spot)}</dd></div>")
    limit = entry.get("threshold")
    if limit:
        parts.append(f"<div><dt>Matters from</dt><dd>{_threshold(limit, usual)}</dd></div>")
    logs: Sequence[Entry] = entry.get("logs") or ()
    if len(logs) > 1:
        names = "".join(
            f'<span class="tag"><bdi>{text(log["path"])}</bdi> <b>{log["count"]:,}</b></span>' for log in logs
        )
        parts.append(f'<div class="all"><dt>Logs</dt><dd>{names}</dd></div>')
    hosts: Sequence[Entry] = entry.get("hosts") or ()
    if hosts:
        names = "".join(
            f'<span class="tag"><bdi>{text(host["host"])}</bdi> <b>{host["count"]:,}</b></span>'
            for host in hosts[:MOST_HOSTS]
        )
        left = (entry.get("hosts_total") or len(hosts)) - min(len(hosts), MOST_HOSTS)
        names += f'<span class="soft">and {left:,} more</span>' if left > 0 else ""
        parts.append(f'<div class="all"><dt>Hosts</dt><dd>{names}</dd></div>')
    return f'<dl class="facts">{"".join(parts)}</dl>'


def _threshold(limit: Entry, usual: Optional[int]) -> str:
    per = limit.get("per_seconds")
    words = f"{matches(limit['count'])} {f'within {span(per)}' if per else 'in a run'}"
    if limit.get("peak"):
        words += f"; the most were {limit['peak']:,}"
        if limit.get("peak_at"):
            return f"{text(words)} from {at_tag(limit['peak_at'], usual=usual)}"
    return text(words)


def _place(spot: Entry) -> str:
    host = f"<bdi>{text(spot['host'])}</bdi> " if spot.get("host") else ""
    return f'{host}<code dir="ltr">{text(where(spot))}</code>'


def _values(entry: Entry) -> Iterator[str]:
    """The most frequent values, as bars."""
    aggregates: Dict[str, List[Entry]] = entry.get("aggregates") or {}
    if not aggregates:
        return
    yield '<div class="tops">'
    for name, values in aggregates.items():
        most = max((value["count"] for value in values), default=1) or 1
        yield f'<section><h3><bdi>{text(name)}</bdi></h3><ol class="top-n">'
        for value in values:
            width = 100 * value["count"] / most
            limit = value.get("at_most")
            count = f"{value['count']:,}{'+' if limit else ''}"
            title = f' title="from {value["count"]:,} to {limit:,}"' if limit else ""
            yield (
                f'<li><bdi class="cut" title="{text(value["value"])}">{text(value["value"]) or "(empty)"}</bdi>'
                f'<svg class="meter" aria-hidden="true"><rect width="{max(width, 1):.1f}%" height="8" rx="2"/></svg>'
                f'<b class="n"{title}>{count}</b></li>'
            )
        yield "</ol></section>"
    yield "</div>\n"


def _sample(sample: Entry, axis: "Spread[str]", usual: Optional[int]) -> str:
    column = ""
    if sample.get("at") and axis.columns:
        try:
            number = column_of(axis, second_of(sample["at"]))
        except Day2Error:
            number = None
        column = f' data-c="{number}"' if number is not None else ""
    at = f"{at_tag(sample['at'], usual=usual)} " if sample.get("at") else ""
    body = sample["text"][:MOST_TEXT]
    cut = (sample.get("cut_bytes") or 0) + len(sample["text"][MOST_TEXT:].encode("utf-8", "replace"))
    rest = f'<span class="soft"> … {size(cut)} more</span>' if cut else ""
    before = "".join(f'<span class="around">{text(line[:MOST_TEXT])}\n</span>' for line in sample.get("before") or ())
    after = "".join(f'<span class="around">\n{text(line[:MOST_TEXT])}</span>' for line in sample.get("after") or ())
    fields = "".join(
        f'<span class="tag"><span class="soft">{text(name)}</span> <bdi>{text(value[:300])}</bdi></span>'
        for name, value in sample["fields"].items()
    )
    return (
        f'<li data-member{column}><p class="spot">{at}{_place(sample)}</p>'
        f'<pre dir="ltr">{before}{text(body)}{rest}{after}</pre>{f"<p>{fields}</p>" if fields else ""}</li>\n'
    )
