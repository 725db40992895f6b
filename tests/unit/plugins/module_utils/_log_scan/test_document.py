# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the file of the state, and what is said of one that cannot be trusted."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.document import Document, Pending, parse, text_of
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

ANY = st.one_of(
    st.none(), st.integers(), st.text(max_size=9), st.lists(st.dictionaries(st.text(max_size=3), st.text()))
)
NAMED = st.dictionaries(st.text(max_size=3), st.text(), max_size=3)
PENDING = st.builds(Pending, st.text(), st.dictionaries(st.text(max_size=3), ANY, max_size=3), st.booleans())
TIMES = st.dictionaries(st.text(max_size=3), st.lists(st.lists(st.integers(), max_size=2), max_size=2), max_size=2)
GLOBS = st.lists(st.text(), max_size=3).map(tuple)
DOCUMENTS = st.builds(Document, st.text(), ANY, NAMED, NAMED, GLOBS, st.text(), TIMES, st.none() | PENDING)
GOOD: Dict[str, Any] = {
    "schema": 1,
    "run_id": "r",
    "logs": [],
    "cursors": {},
    "globs": [],
    "patterns": {},
    "checked": "",
    "times": {},
    "pending": None,
}


@settings(derandomize=True, max_examples=tries(25))
@given(DOCUMENTS)
def test_what_is_written_is_read(document: Document) -> None:
    assert parse("".join(text_of(document)), "x") == document


def test_a_path_that_is_not_utf_8_comes_back_as_it_was() -> None:
    document = Document("r", {"/var/log/caf\udce9.log": 1})
    text = "".join(text_of(document))
    assert text.isascii()
    assert parse(text, "x").logs == {"/var/log/caf\udce9.log": 1}


@settings(derandomize=True, max_examples=tries(25))
@given(st.text() | ANY.map(json.dumps))
def test_anything_else_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Day2Error, match="reset: true"):
        parse(text, "/state/x.json")


@pytest.mark.parametrize(
    "change, said",
    [
        ({"schema": 2}, "later version of day2.ops (its schema is 2, this one knows 1)"),
        ({"schema": True}, "does not say its schema"),
        ({"schema": "1"}, "does not say its schema"),
        ({"run_id": 1}, "run_id is missing or of another kind"),
        ({"globs": "/var/log/*.log"}, "globs is missing or of another kind"),
        ({"cursors": []}, "cursors is missing or of another kind"),
        ({"cursors": {"journal": 1}}, "cursors is of another kind"),
        ({"patterns": None}, "patterns is missing or of another kind"),
        ({"checked": 1}, "checked is missing or of another kind"),
        ({"times": []}, "times is missing or of another kind"),
        ({"pending": []}, "pending is of another kind"),
        ({"pending": {"run_id": "r", "result": {}, "wants_receipt": 1}}, "pending is of another kind"),
    ],
)
def test_each_part_is_looked_at(change: Dict[str, Any], said: str) -> None:
    assert parse(json.dumps(GOOD), "x") == Document("r", [])
    with pytest.raises(Day2Error) as refused:
        parse(json.dumps({**GOOD, **change}), "/state/x.json")
    assert said in str(refused.value)
    assert "/state/x.json" in str(refused.value)
