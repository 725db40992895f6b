# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Dict, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.selection import Selection
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "include, exclude, name, selected",
    [
        ((), (), "anything", True),
        (("acme-*",), (), "acme-logs", True),
        (("acme-*",), (), "other-acme-logs", False),
        (("a?c", "x"), (), "abc", True),
        (("a?c", "x"), (), "x", True),
        (("a?c", "x"), (), "xy", False),
        (("a[0-9]",), (), "a7", True),
        (("a.b",), (), "axb", False),
        ((), ("*-tmp",), "acme-tmp", False),
        (("acme-*",), ("acme-tmp",), "acme-tmp", False),
        (("acme",), ("acme",), "acme", False),
    ],
)
def test_names(include: Tuple[str, ...], exclude: Tuple[str, ...], name: str, selected: bool) -> None:
    assert Selection(include, exclude).names(name) is selected


@pytest.mark.parametrize(
    "wanted, tags, selected",
    [
        ({}, {}, True),
        ({"env": "prod"}, {"env": "prod", "x": "y"}, True),
        ({"env": "prod"}, {"env": "Prod"}, False),
        ({"env": "prod"}, {}, False),
        ({"env": "p*", "team": "*"}, {"env": "prod", "team": ""}, True),
        ({"env": "p*", "team": "*"}, {"env": "prod"}, False),
        ({"größe": "日*"}, {"größe": "日本"}, True),
    ],
)
def test_tags(wanted: Dict[str, str], tags: Dict[str, str], selected: bool) -> None:
    assert Selection(tags=wanted).tagged(tags) is selected


@pytest.mark.parametrize(
    "include, prefix",
    [
        ((), ""),
        (("acme-*",), "acme-"),
        (("acme-logs", "acme-data"), "acme-"),
        (("acme-logs",), "acme-logs"),
        (("acme-?", "acme-[ab]c"), "acme-"),
        (("acme-*", "*-logs"), ""),
        (("acme", "b"), ""),
    ],
)
def test_the_prefix_of_the_listing(include: Tuple[str, ...], prefix: str) -> None:
    assert Selection(include).prefix == prefix


@settings(derandomize=True)
@given(st.lists(st.text("ab*?[]", max_size=6), max_size=4), st.text("ab", max_size=6))
def test_the_prefix_loses_no_selected_bucket(include: "list[str]", name: str) -> None:
    selection = Selection(tuple(include))
    if selection.names(name):
        assert name.startswith(selection.prefix)


@pytest.mark.parametrize(
    "selection, expected, only_names, region",
    [
        (Selection(), (), False, ""),
        (Selection(("a", "b*")), ("a",), False, ""),
        (Selection(("a", "b", "a"), ("b",)), ("a",), True, ""),
        (Selection(("a*",), regions=frozenset(("eu-west-1",))), (), False, "eu-west-1"),
        (Selection((), regions=frozenset(("eu-west-1", "us-east-1"))), (), False, ""),
        # Asked for one region only, S3 would be silent about a bucket that lies elsewhere and about one that is not.
        (Selection(("a",), regions=frozenset(("eu-west-1",))), ("a",), True, ""),
    ],
)
def test_what_the_listing_is_asked_for(
    selection: Selection, expected: Tuple[str, ...], only_names: bool, region: str
) -> None:
    assert (selection.expected, selection.only_names, selection.region_filter) == (expected, only_names, region)


def test_regions() -> None:
    assert Selection().places("eu-west-1")
    assert Selection(regions=frozenset(("eu-west-1",))).places("eu-west-1")
    assert not Selection(regions=frozenset(("eu-west-1",))).places("us-east-1")
