# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to log scans says what the code does: every option, key, set, engine and metric in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import pytest
import yaml
from ansible_collections.day2.ops.plugins.module_utils._log_scan import prometheus
from ansible_collections.day2.ops.plugins.module_utils._log_scan.arguments import ENGINES, PATTERN_SETS, SPEC, completed
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Cause
from ansible_collections.day2.ops.plugins.module_utils._log_scan.multiline import RULES
from ansible_collections.day2.ops.plugins.module_utils._log_scan.options import parse_options
from ansible_collections.day2.ops.plugins.module_utils._log_scan.patterns import KEYS, parse_patterns
from ansible_collections.day2.ops.tests.support.examples import blocks_of, examples_of, literals, table_of

CHECKOUT = Path(__file__).parents[3]
GUIDE = CHECKOUT / "docs/docsite/rst/log_scan.rst"
README = CHECKOUT / "roles/log_scan/README.md"
ROLE = CHECKOUT / "roles/log_scan"
TEXT = GUIDE.read_text(encoding="utf-8")
MODULE = "day2.ops.log_scan"
# Arguments that the guide leaves to the documentation of the module.
NOT_TOLD = {"max_returned", "progress_file", "receipt", "until", "timezone", "context", "reports", "fail_on"}
METRIC = re.compile(r"\bday2_log_scan_(\w+)\b")


def all_options() -> Iterator[Tuple[str, Dict[str, Any]]]:
    """What every example gives to the module."""
    for block in blocks_of(GUIDE):
        if block.language.startswith("yaml"):
            yield from options_in(block.caption, yaml.safe_load(block.text))
    yield from options_in(MODULE, examples_of(CHECKOUT / "plugins/modules/log_scan.py"))


def options_in(where: str, value: Any) -> Iterator[Tuple[str, Dict[str, Any]]]:
    """Those in a play, task or list of them."""
    for each in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from options_in(where, each)
    if isinstance(value, dict) and MODULE in value:
        yield where, value[MODULE]


@pytest.mark.parametrize("where, given", list(all_options()))
def test_examples_are_understood(where: str, given: Dict[str, Any]) -> None:
    # What stands in braces is filled in by Ansible: the folder of a playbook, or the id of a run.
    text = re.sub(r"\{\{.*?\}\}", "/x", yaml.safe_dump(given, width=10_000))
    options = parse_options(completed(SPEC.arguments, yaml.safe_load(text)))
    assert options.patterns, where


def test_every_option_is_told() -> None:
    told = {word for text in literals(TEXT) for word in re.findall(r"\w+", text)}
    told |= {name for _where, given in all_options() for name in given}
    assert set(SPEC.arguments) - NOT_TOLD <= told
    assert not NOT_TOLD & told & {"progress_file", "receipt"}


def first_column(heading: str) -> "list[str]":
    return [word for row in table_of(TEXT, heading) for word in sorted(literals(row[0]))]


def test_tables_are_complete() -> None:
    assert sorted(first_column("Key")) == sorted(KEYS)
    assert sorted(first_column("Set")) == sorted(PATTERN_SETS)
    assert first_column("Engine") == [engine for engine in ENGINES if engine != "auto"]
    assert set(RULES) <= literals(dict(table_of(TEXT, "Key"))["``multiline``"])
    assert Cause.WINDOW.value in literals(TEXT)


def test_metrics_are_there() -> None:
    named = {name for block in blocks_of(GUIDE) for name in METRIC.findall(block.text)}
    assert len(named) >= 3
    assert named <= set(prometheus._HELP)


def test_sample_patterns_are_patterns() -> None:
    files = {block.caption: block.text for block in blocks_of(GUIDE) if block.caption}
    patterns = yaml.safe_load(files["shop-patterns.yml"])["log_scan_patterns"]
    samples = yaml.safe_load(files["shop-samples.yml"])["log_scan_samples"]
    found = {pattern.name: pattern for pattern in parse_patterns(patterns, ())}
    assert set(samples) == set(found)
    for name, sample in samples.items():
        for line in sample["match"]:
            assert found[name].regex.search(line.encode())


def test_readme_of_the_role_has_every_variable() -> None:
    variables = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
    text = re.sub(r"^```.*?^```$", "", README.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    words = {word for each in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", each)}
    missing = [name for name in variables if not {name, re.sub(r"^log_scan_(timer_)?", "", name)} & words]
    assert missing == ["log_scan_samples_quiet", "log_scan_samples_required", "log_scan_samples_format"]
