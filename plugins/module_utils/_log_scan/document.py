# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file that a scan keeps its state in: what stands in it, and how it is read without trust."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .._common.values import is_integer

SCHEMA = 1


@dataclass(frozen=True)
class Pending:
    """A result that its caller may not have seen."""

    run_id: str
    result: Mapping[str, Any]
    # Whether only a receipt, or the caller's own word, says that it arrived; else the next run takes that for granted.
    wants_receipt: bool = False


@dataclass(frozen=True)
class Document:
    """All that one named scan knows from run to run. ``logs`` is as ``state.to_json`` makes it."""

    run_id: str = ""  # of the run that wrote it
    logs: Any = None
    cursors: Mapping[str, str] = field(default_factory=dict)  # places in the journal
    patterns: Mapping[str, str] = field(default_factory=dict)  # what has been looked for, and when it was new
    globs: Tuple[str, ...] = ()  # what was looked for: a log that one of them leads to by now is a new one
    checked: str = ""  # the patterns that were found to be right, by their digest
    # Of matches that may still be within the span of a threshold, as ``Collector.carry`` makes it.
    times: Mapping[str, Any] = field(default_factory=dict)
    pending: Optional[Pending] = None


def text_of(document: Document) -> Iterator[str]:
    """The document as JSON, in pieces."""
    value: Dict[str, Any] = {
        "schema": SCHEMA,
        "run_id": document.run_id,
        "logs": document.logs,
        "globs": list(document.globs),
        "cursors": dict(document.cursors),
        "patterns": dict(document.patterns),
        "checked": document.checked,
        "times": dict(document.times),
        "pending": None,
    }
    pending = document.pending
    if pending is not None:
        value["pending"] = {
            "run_id": pending.run_id,
            "result": dict(pending.result),
            "wants_receipt": pending.wants_receipt,
        }
    # In one piece: the encoder in C writes no other way. Names that are not UTF-8 are escapes of lone surrogates.
    yield json.dumps(value, separators=(",", ":"))
    yield "\n"


def parse(text: str, path: str) -> Document:
    """The document in ``text``.

    :raises Day2Error: naming ``path`` and the way out, when it is damaged or of a later version.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from None
    if not isinstance(value, dict):
        raise _damaged(path, "it is not a JSON object")
    schema: Any = value.get("schema")
    if not is_integer(schema) or schema < 1:
        raise _damaged(path, "it does not say its schema")
    if schema > SCHEMA:
        raise Day2Error(
            f"the state {path} was written by a later version of day2.ops (its schema is {schema}, this one knows {SCHEMA}): "
            "use that version, or another name or state_dir, or reset: true to forget it and begin as on a first run"
        )
    for key, kind in (
        ("run_id", str),
        ("globs", list),
        ("cursors", dict),
        ("patterns", dict),
        ("checked", str),
        ("times", dict),
    ):
        if not isinstance(value.get(key), kind):
            raise _damaged(path, f"{key} is missing or of another kind")
    for key in ("cursors", "patterns"):
        if not all(isinstance(each, str) for each in value[key].values()):
            raise _damaged(path, f"{key} is of another kind")
    return Document(
        value["run_id"],
        value.get("logs"),
        value["cursors"],
        value["patterns"],
        tuple(map(str, value["globs"])),
        value["checked"],
        value["times"],
        _pending(value.get("pending"), path),
    )


def _pending(value: Any, path: str) -> Optional[Pending]:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _damaged(path, "pending is of another kind")
    run_id, result, wants = value.get("run_id"), value.get("result"), value.get("wants_receipt")
    if not isinstance(run_id, str) or not isinstance(result, dict) or not isinstance(wants, bool):
        raise _damaged(path, "pending is of another kind")
    return Pending(run_id, result, wants)


def _damaged(path: str, why: str) -> Day2Error:
    return Day2Error(
        f"the state {path} is damaged ({why}): put a good copy back, or reset: true to forget it and begin as on a first run"
    )
