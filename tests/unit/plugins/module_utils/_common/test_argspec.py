# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.argspec import ArgumentSpec

ONE = ArgumentSpec(
    arguments={"a": {"type": "str"}, "b": {"type": "int"}},
    mutually_exclusive=(("a", "b"),),
    required_if=(("a", "x", ("b",)),),
    required_by={"a": ("b",)},
)
OTHER = ArgumentSpec(
    arguments={"c": {"type": "bool"}, "d": {"type": "bool"}},
    required_together=(("c", "d"),),
    required_one_of=(("c", "d"),),
    required_by={"c": ("d",)},
    supports_check_mode=False,
)


def test_merged_specifications_have_everything_of_both() -> None:
    assert ONE.merge(OTHER).to_kwargs() == {
        "argument_spec": {"a": {"type": "str"}, "b": {"type": "int"}, "c": {"type": "bool"}, "d": {"type": "bool"}},
        "mutually_exclusive": [("a", "b")],
        "required_together": [("c", "d")],
        "required_one_of": [("c", "d")],
        "required_if": [("a", "x", ("b",))],
        "required_by": {"a": ("b",), "c": ("d",)},
        "supports_check_mode": False,
    }


def test_neither_is_changed_by_that() -> None:
    before = ONE.to_kwargs()
    ONE.merge(OTHER).to_kwargs()["argument_spec"]["a"]["type"] = "float"
    assert ONE.to_kwargs() == before
    assert ONE.supports_check_mode


def test_nothing_merged_is_the_same() -> None:
    assert ONE.merge(ArgumentSpec()) == ONE == ArgumentSpec().merge(ONE)


def test_one_name_has_one_meaning() -> None:
    with pytest.raises(ValueError, match="defined twice: a, b"):
        ONE.merge(ONE)
