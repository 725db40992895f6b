# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fingerprints: they hold while a text grows, and nothing but the text makes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.identity import (
    HEAD,
    TAIL,
    is_strong,
    mark,
    same_head,
    same_tail,
    wanted,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Fingerprint
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.binary(max_size=3000)


def taken(text: bytes, offset: int) -> Fingerprint:
    return mark(1, 2, offset, text[:4096], text[max(0, offset - 4096) : offset])


def pieces(known: Fingerprint, text: bytes) -> "tuple[bytes, bytes]":
    (head, head_length), (tail, tail_length) = wanted(known)
    return text[head : head + head_length], text[tail : tail + tail_length]


@given(TEXTS, st.integers(0, 3000), TEXTS)
def test_a_text_is_known_again_when_it_has_grown(text: bytes, offset: int, more: bytes) -> None:
    offset = min(offset, len(text))
    known = taken(text, offset)
    head, tail = pieces(known, text + more)
    assert same_head(known, head) == bool(known.head_length)
    assert same_tail(known, tail)


@given(st.binary(min_size=1, max_size=3000), st.data())
def test_one_byte_near_either_end_makes_it_another(text: bytes, data: st.DataObject) -> None:
    known = taken(text, len(text))
    near = [*range(min(HEAD, len(text))), *range(max(0, len(text) - TAIL), len(text))]
    place = data.draw(st.sampled_from(near))
    head, tail = pieces(known, text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
    assert not (same_head(known, head) and same_tail(known, tail))


def test_what_is_behind_the_offset_is_not_part_of_it() -> None:
    assert taken(b"read\nhalf a li", 5) == taken(b"read\nanother", 5)


def test_where_nothing_was_read_what_was_seen_has_to_do() -> None:
    known = taken(b"half a li", 0)
    assert same_head(known, b"half a li")
    assert same_tail(known, b"")
    assert not same_head(known, b"half a")


def test_an_empty_head_says_nothing() -> None:
    assert not same_head(taken(b"", 0), b"")


@pytest.mark.parametrize("length, strong", [(HEAD - 1, False), (HEAD, True), (HEAD + 1, True)])
def test_a_long_head_is_strong(length: int, strong: bool) -> None:
    assert is_strong(taken(b"x" * length, length)) is strong


def test_the_place_of_the_file_is_not_asked() -> None:
    known = replace(taken(b"text\n", 5), device=9, inode=9)
    assert same_head(known, b"text\n")
