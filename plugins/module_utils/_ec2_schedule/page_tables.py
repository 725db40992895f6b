# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of the page: what was done, what is left alone, and what is saved. What is alike is one row that unfolds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._report.html_kit import icon, text
from .page_parts import moment_tag, names, pill, where
from .report_model import Entry, ScheduleReport
from .result import named
from .savings import Row
from .wording import hours, money, place

MOST_GROUPS = 200
MOST_IN_GROUP = 200
MOST_SAVED = 100
_OUTCOMES = ("failed", "pending", "done", "")


def actions(report: ScheduleReport) -> Iterator[str]:
    """What was done, or is due: what failed comes first."""
    acted = report.run.acted
    title = "What this run did" if acted else "What a run would do"
    yield '<section class="card" id="actions" aria-labelledby="actions-title" data-rows>'
    yield f'<h2 id="actions-title">{title}</h2>\n'
    if not report.actions:
        yield '<p class="quietly">Nothing was due.</p></section>\n'
        return
    groups = _grouped(report.actions, ("outcome", "error", "note", "action", "schedule", "reason", "at"))
    groups.sort(key=lambda group: _OUTCOMES.index(group[0].get("outcome", "")))
    yield '<table class="plain rows"><thead><tr><th scope="col">Action</th><th scope="col">Resource</th>'
    yield '<th scope="col">Why</th>'
    yield '<th scope="col">Outcome</th>' if acted else ""
    yield "</tr></thead><tbody>\n"
    for group in groups[:MOST_GROUPS]:
        first = group[0]
        yield f'<tr data-row><td class="act">{pill(first["action"])}</td><th scope="row">{_members(group)}</th>'
        yield f'<td data-label="Why" dir="auto">{text(first["reason"])}{_due(report, first)}</td>'
        yield f"{_outcome(first) if acted else ''}</tr>\n"
    yield f"</tbody></table>{_more(len(groups))}</section>\n"


def _due(report: ScheduleReport, entry: Entry) -> str:
    at = _instant(entry.get("at"))
    if at is None:
        return ""
    zone = _zone(report, entry["schedule"])
    return f'<span class="where">due since {moment_tag(at, zone)} {text(place(zone))}</span>'


def left_alone(report: ScheduleReport) -> Iterator[str]:
    """What carries a schedule and is not touched, with the reasons."""
    if not report.not_touched:
        return
    yield '<section class="card" id="left" aria-labelledby="left-title" data-rows><h2 id="left-title">Left alone</h2>\n'
    yield '<table class="plain rows"><thead><tr><th scope="col">Resource</th><th scope="col">Schedule</th>'
    yield '<th scope="col">Why</th></tr></thead><tbody>\n'
    groups = _grouped(report.not_touched, ("reason", "schedule"))
    for group in groups[:MOST_GROUPS]:
        yield f'<tr data-row><th scope="row">{_members(group)}</th>'
        yield f'<td data-label="Schedule"><bdi class="cut">{text(group[0]["schedule"])}</bdi></td>'
        yield f'<td data-label="Why" dir="auto">{text(group[0]["reason"])}</td></tr>\n'
    yield f"</tbody></table>{_more(len(groups))}</section>\n"


def saved(report: ScheduleReport) -> Iterator[str]:
    """What is saved on each resource, most of it first: in money, where prices are known."""
    savings = report.savings
    if savings is None or not savings.rows:
        return
    groups = _alike(savings.rows)
    priced = savings.priced
    yield '<section class="card" aria-labelledby="savings-title" data-rows><h2 id="savings-title">Savings by resource</h2>\n'
    yield '<table class="plain rows saved"><thead><tr><th scope="col">Resource</th><th scope="col">Schedule</th>'
    yield '<th scope="col">Runs</th><th scope="col" class="n">Saved</th>'
    yield '<th scope="col" class="n">Money</th>' if priced else ""
    yield "</tr></thead><tbody>\n"
    for group in groups[:MOST_SAVED]:
        first = group[0]
        entries = [{**named(row.resource), "type": row.resource.type} for row in group]
        machines = f' <span class="soft">× {first.members:,}</span>' if first.members > 1 else ""
        yield f'<tr data-row><th scope="row">{_members(entries, machines)}</th>'
        yield f'<td data-label="Schedule"><bdi class="cut">{text(first.schedule)}</bdi></td>'
        yield f'<td data-label="Runs">{_share(group)}</td>'
        yield f'<td data-label="Saved" class="n">{hours(sum(row.hours_saved for row in group))}</td>'
        if priced:
            total = None if first.saved is None else first.saved * len(group)
            yield f'<td data-label="Money" class="n">{text(money(total, report.currency))}</td>'
        yield "</tr>\n"
    yield f"</tbody></table>{_more(len(groups), MOST_SAVED)}</section>\n"


def _alike(rows: Sequence[Row]) -> List[List[Row]]:
    """The resources that save the same for the same reason, what saves most first."""
    found: Dict[Tuple[Any, ...], List[Row]] = {}
    for row in rows:
        one = row.resource
        key = (row.schedule, one.kind, one.type, one.region, one.account, row.members, row.hours, row.saved)
        found.setdefault(key, []).append(row)
    return sorted(
        found.values(),
        key=lambda group: ((group[0].saved or 0.0) * len(group), group[0].hours_saved * len(group)),
        reverse=True,
    )


def _share(group: Sequence[Row]) -> str:
    ran, always = sum(row.hours for row in group), sum(row.hours_always_on for row in group)
    share = 100 * ran / always if always else 0.0
    return (
        '<span class="meter"><svg class="share" aria-hidden="true"><rect class="f-stopped" width="100%" height="10"/>'
        f'<rect class="f-run" width="{share:.1f}%" height="10"/></svg>{hours(ran)}</span>'
    )


def _outcome(entry: Entry) -> str:
    word = entry.get("outcome", "")
    note = entry.get("error") or entry.get("note") or ""
    said = {"pending": "on the way"}.get(word, word)
    more = f'<span class="where" dir="auto">{text(note)}</span>' if note else ""
    return f'<td data-label="Outcome" class="outcome"><span class="pill o-{text(word)}">{text(said)}</span>{more}</td>'


def _members(group: Sequence[Entry], more: str = "") -> str:
    """One resource, or what folds many; ``more`` is markup behind the name."""
    if len(group) == 1:
        return f'<bdi class="cut">{text(group[0]["name"])}</bdi>{more}<span class="where">{where(group[0])}</span>'
    lines = "".join(
        f'<li><bdi class="cut">{text(entry["name"])}</bdi><span class="where">{where(entry)}</span></li>'
        for entry in group[:MOST_IN_GROUP]
    )
    if len(group) > MOST_IN_GROUP:
        lines += f'<li class="where">and {len(group) - MOST_IN_GROUP:,} more</li>'
    return (
        f"<details><summary>{icon('chevron')}<span>"
        f"{names([entry['name'] for entry in group])}{more}</span></summary><ul>{lines}</ul></details>"
    )


def _grouped(entries: Sequence[Entry], keys: Tuple[str, ...]) -> List[List[Entry]]:
    """What is alike but for the resource, in the order of the entries."""
    found: Dict[Tuple[Any, ...], List[Mapping[str, Any]]] = {}
    for entry in entries:
        found.setdefault(tuple(entry.get(key) for key in keys), []).append(entry)
    return list(found.values())


def _more(groups: int, most: int = MOST_GROUPS) -> str:
    left = groups - most
    return f'<p class="note">And {left:,} more rows. The other formats have all.</p>' if left > 0 else ""


def _instant(written: Optional[str]) -> Optional[datetime]:
    return datetime.fromisoformat(written.replace("Z", "+00:00")) if written else None


def _zone(report: ScheduleReport, schedule: str) -> str:
    return report.outlook.zone_of(schedule) if report.outlook is not None else "UTC"
