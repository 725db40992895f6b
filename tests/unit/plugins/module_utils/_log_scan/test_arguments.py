# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments are those of the documentation, and complete without Ansible what Ansible would."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Mapping

import pytest
import yaml
from ansible_collections.day2.ops.plugins.module_utils._common.argspec import ArgumentSpec
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan import options
from ansible_collections.day2.ops.plugins.module_utils._log_scan.arguments import (
    FAIL_ON,
    MERGE,
    PATTERN_SETS,
    SPEC,
    completed,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.sets.catalog import NAMES
from ansible_collections.day2.ops.tests.support.furniture import constant

MODULES = Path(__file__).parents[5] / "plugins/modules"
RULES = ("type", "elements", "choices", "default", "required")


def said(option: Mapping[str, Any]) -> Dict[str, Any]:
    """What an option is, in the words that documentation and specification share."""
    inner = option.get("suboptions") or option.get("options") or {}
    return {
        "type": "str",
        **{rule: option[rule] for rule in RULES if rule in option},
        "inner": {name: said(each) for name, each in inner.items()},
    }


@pytest.mark.parametrize("module, spec", [("log_scan", SPEC), ("log_scan_merge", MERGE)])
def test_documentation_says_what_the_specification_says(module: str, spec: ArgumentSpec) -> None:
    documented = yaml.safe_load(constant(MODULES / f"{module}.py", "DOCUMENTATION"))["options"]
    assert {name: said(each) for name, each in documented.items()} == {
        name: said(each) for name, each in spec.arguments.items()
    }


def test_every_shipped_set_can_be_chosen() -> None:
    assert sorted(PATTERN_SETS) == sorted(NAMES)


def test_statuses_that_fail_are_those_of_the_scan() -> None:
    assert FAIL_ON == options.FAIL_ON


def test_what_is_not_given_has_its_default() -> None:
    found = completed(SPEC.arguments, {"paths": ["/a"], "journal": {"priority": "err"}, "reports": [{"path": "/b"}]})
    assert set(found) == set(SPEC.arguments)
    assert found["name"] == "default"
    assert found["max_bytes"] is None
    assert found["journal"] == {"units": [], "priority": "err", "matches": [], "directory": None}
    assert found["reports"] == [{"path": "/b", "format": None}]


def test_defaults_are_nobody_elses() -> None:
    completed(SPEC.arguments, {})["redact"].append("ip")
    assert completed(SPEC.arguments, {})["redact"] == ["secrets"]


@pytest.mark.parametrize(
    "given, words",
    [
        ({"pathes": []}, "pathes: there is no such option"),
        ({"paths": "/a"}, "paths: '/a' is not of the type list"),
        ({"max_bytes": "1G"}, "max_bytes: '1G' is not of the type int"),
        ({"context": True}, "context: True is not of the type int"),
        ({"backfill": 1}, "backfill: 1 is not of the type bool"),
        ({"engine": "perl"}, "engine: 'perl' is none of auto, "),
        ({"redact": ["names"]}, "redact: 'names' is none of secrets, email, ip"),
        ({"journal": {"unit": []}}, "journal.unit: there is no such option"),
        ({"journal": []}, "journal: [] is not of the type dict"),
        ({"reports": [{"format": "html"}]}, "reports[0].path: is needed"),
    ],
)
def test_what_is_wrong_is_named(given: Dict[str, Any], words: str) -> None:
    with pytest.raises(Day2Error) as error:
        completed(SPEC.arguments, given)
    assert words in str(error.value)
