# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A record is verified by the expressions themselves; its literals only narrow which."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable, Mapping

from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Hit, LogPattern
from ansible_collections.day2.ops.plugins.module_utils._log_scan.verify import Verifier, decoded

from tests.support.log_samples import mixed_log, patterns

TEAM = {"team": "web"}


def pattern(name: str, text: bytes, exclude: Iterable[bytes] = ()) -> LogPattern:
    return LogPattern(name, re.compile(text), Severity.LOW, tuple(map(re.compile, exclude)), TEAM)


def test_named_groups_and_constants_become_fields() -> None:
    verifier = Verifier([pattern("login", rb"Failed for (?P<user>\S+)(?: from (?P<ip>\S+))?")])
    assert verifier.hits(b"Failed for root", 70, 3) == [
        Hit("login", 70, b"Failed for root", {"team": "web", "user": "root"}, 3)
    ]
    (hit,) = verifier.hits(b"Failed for \xc3\xa9 from \xe9", 0)
    assert hit.fields == {"team": "web", "user": "é", "ip": "é"}


def test_a_group_of_the_record_is_stronger_than_a_constant() -> None:
    (hit,) = Verifier([pattern("p", rb"x=(?P<team>\w+)")]).hits(b"x=db", 0)
    assert hit.fields == {"team": "db"}


def test_what_is_excluded_is_no_hit() -> None:
    verifier = Verifier([pattern("error", rb"ERROR", (rb"ignored", rb"harmless"))])
    assert [bool(verifier.hits(text, 0)) for text in (b"ERROR x", b"ERROR harmless", b"ignored ERROR")] == [
        *(True, False, False)
    ]


def test_all_patterns_that_match_are_hits_in_their_order() -> None:
    verifier = Verifier(
        [pattern("b", rb"two"), pattern("a", rb"(?i)ONE"), pattern("n", rb"\d"), pattern("c", rb"three")]
    )
    assert [each.pattern for each in verifier.hits(b"one two 3", 0)] == ["b", "a", "n"]
    assert [each.name for each in verifier.by_literals(b"three")] == ["n", "c"]


def test_the_pattern_at_work_has_a_name_and_can_be_left_out() -> None:
    verifier = Verifier([pattern("a", rb"x"), pattern("b", rb"x")])
    assert verifier.trying == ""
    seen = []

    class Watched(Mapping[str, str]):
        def __getitem__(self, key: str) -> str:
            raise KeyError(key)

        def __iter__(self):  # type: ignore[no-untyped-def]
            seen.append(verifier.trying)
            return iter(())

        def __len__(self) -> int:
            return 0

    verifier.patterns = (replace(pattern("a", rb"x"), fields=Watched()), pattern("b", rb"x"))
    assert len(verifier.hits(b"x", 0)) == 2
    assert set(seen) == {"a"} and verifier.trying == ""
    assert [each.pattern for each in verifier.without("a").hits(b"x", 0)] == ["b"]


def test_narrowing_changes_no_result() -> None:
    wanted = patterns(50)
    verifier = Verifier(wanted)
    hits = 0
    for line in b"".join(mixed_log(60_000, seed=3, events=0.2)).splitlines():
        found = [each.pattern for each in verifier.hits(line, 0)]
        assert found == [each.name for each in wanted if each.regex.search(line)]
        hits += len(found)
    assert hits > 50


def test_anything_is_decoded() -> None:
    assert decoded("ü".encode()) == "ü" and decoded(b"\xff\xfe") == "ÿþ"
