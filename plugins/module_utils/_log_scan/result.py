# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a scan: what was found, and the ledger of every log."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from .._common.verdict import Overall, Severity, Status, overall
from .model import Cause, Event, Ledger
from .wording import matches as matches_words
from .wording import plural, shown_path, size

SCHEMA = "day2.ops/log_scan/1"
Entry = Dict[str, Any]
_SEVERITIES = tuple(severity.value for severity in reversed(Severity))


def result(
    run_id: str,
    engine: str,
    found: Sequence[Mapping[str, Any]],
    verdicts: Iterable[Tuple[Status, Severity]],
    ledgers: Sequence[Ledger],
    problems: Sequence[str],
    inferred: Sequence[str],
    seconds: float,
    bytes_scanned: int,
    backfilled: int,
) -> Entry:
    """The whole result, with every pattern and log; :func:`returned` bounds it.

    :param inferred: sentences about years and zones that time stamps do not name.
    :param bytes_scanned: of all sources; ``backfilled`` of them had been read before, for other patterns.
    """
    files = sorted((ledger_entry(ledger) for ledger in ledgers), key=_telling)
    blind = any(entry["unreadable"] or entry["gap"] for entry in files) or bool(problems)
    unknown = [(Status.UNKNOWN, Severity.LOW)] if blind else []
    status = overall([*verdicts, *unknown])
    new = sum(entry["count"] for entry in found)
    left = [entry["pending"] for entry in files if entry["pending_cause"] == Cause.BUDGET.value]
    backlog = sum(left)
    counts = {
        "matches": new,
        "patterns": len(found),
        "logs": len(files),
        "unreadable": sum(1 for entry in files if entry["unreadable"]),
        "problems": len(problems),
        **{key: sum(entry[key] for entry in files) for key in ("appended", "scanned", "pending", "gap", "skipped")},
        "backfilled": backfilled,
    }
    counts["sentence"] = _sentence(status, found, counts, left)
    return {
        "schema": SCHEMA,
        "status": status.value,
        "summary": counts,
        "run_id": run_id,
        "redelivered": False,
        "engine": engine,
        "matches": list(found),
        "new": new,
        "files": files,
        "problems": list(problems),
        "inferred": list(inferred),
        "backlog_bytes": backlog,
        "bytes_scanned": bytes_scanned,
        "bytes_per_second": int(bytes_scanned / seconds) if seconds > 0 else 0,
        "truncated": {},
        "reports": [],
    }


def ledger_entry(ledger: Ledger) -> Entry:
    """One log of the result's ``files``."""
    return {
        "path": shown_path(ledger.path),
        "appended": ledger.appended,
        "scanned": ledger.scanned,
        "pending": ledger.pending,
        "pending_cause": ledger.pending_cause.value if ledger.pending_cause else None,
        "gap": ledger.gap,
        "gap_causes": [cause.value for cause in ledger.gap_causes],
        "skipped": ledger.skipped,
        "generations": ledger.generations,
        "events": [event_entry(event) for event in ledger.events],
        "unreadable": ledger.unreadable,
    }


def event_entry(event: Event) -> Entry:
    """One of a log's ``events``."""
    return {"cause": event.cause.value, "path": shown_path(event.path), "detail": event.detail}


def returned(whole: Mapping[str, Any], most: int, reports: Sequence[Mapping[str, Any]], lost: Sequence[str]) -> Entry:
    """What the task returns: the lists bounded, with how many entries each of them lacks.

    :param lost: sentences about reports that could not be written.
    """
    found = dict(whole)
    found["problems"] = [*whole["problems"], *lost]
    found["reports"] = list(reports)
    truncated: Dict[str, int] = {}
    for name in ("matches", "files", "problems"):
        entries: List[Any] = found[name]
        found[name] = entries[:most]
        if len(entries) > most:
            truncated[name] = len(entries) - most
    found["truncated"] = truncated
    return found


def again(whole: Mapping[str, Any]) -> Entry:
    """A result that is delivered once more."""
    sentence = f"Once more, as it was not acknowledged: {whole['summary']['sentence']}"
    return {**whole, "redelivered": True, "summary": {**whole["summary"], "sentence": sentence}}


def noteworthy(result: Mapping[str, Any]) -> bool:
    """Whether somebody may want to read it later: it found, lost or could not read something."""
    return bool(result.get("matches") or result.get("problems")) or any(
        entry.get("gap") or entry.get("unreadable") or entry.get("events") for entry in result.get("files") or ()
    )


def failure(fail_on: Iterable[str], option: str, whole: Mapping[str, Any]) -> Optional[str]:
    """Why the task fails although it did its work, if it does."""
    if whole["status"] not in fail_on:
        return None
    return f"fail_on is {option}: {whole['summary']['sentence']}"


def _telling(entry: Entry) -> Tuple[int, str]:
    """Losses first, then what is left, then what happened, then what was read."""
    ranks = ((entry["gap"], entry["unreadable"]), (entry["pending"],), (entry["events"],), (entry["scanned"],))
    return next((rank for rank, values in enumerate(ranks) if any(values)), len(ranks)), entry["path"]


def _sentence(
    status: Overall, found: Sequence[Mapping[str, Any]], counts: Mapping[str, Any], left: Sequence[int]
) -> str:
    met = [entry for entry in found if entry["met"]]
    by_severity = {
        severity: sum(entry["count"] for entry in met if entry["severity"] == severity) for severity in _SEVERITIES
    }
    where = f"in {plural(counts['logs'], 'log')} ({size(counts['scanned'])} new)"
    if counts["matches"]:
        severities = ", ".join(f"{count} {severity}" for severity, count in by_severity.items() if count)
        patterns = plural(counts["patterns"], "pattern")
        text = (
            f"{matches_words(counts['matches'])} of {patterns} {where}: {severities or 'none often enough to matter'}"
        )
    else:
        text = f"No matches {where}"
    if counts["gap"]:
        text += f"; {size(counts['gap'])} were lost"
    if sum(left):
        text += f"; {size(sum(left))} are left for the next run"
    elif left:  # of an archive and of the journal nobody knows how much
        text += "; some of it is left for the next run"
    if counts["unreadable"]:
        text += f"; {plural(counts['unreadable'], 'log')} could not be read"
    elif counts["problems"]:
        text += f"; {plural(counts['problems'], 'problem')}"
    elif status is Overall.OK and not counts["logs"]:
        text = "No logs were found"
    return f"{text}."
