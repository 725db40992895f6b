# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped sets: what each pattern finds, what it leaves alone, and how long a line made to be slow can hold it."""

from __future__ import annotations

import re
import signal
import time
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Dict, Iterator, List, Mapping, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.expressions import fields_in, group_names
from ansible_collections.day2.ops.plugins.module_utils._log_scan.literals import Needs, needs
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import LogPattern
from ansible_collections.day2.ops.plugins.module_utils._log_scan.multiline import RULES
from ansible_collections.day2.ops.plugins.module_utils._log_scan.patterns import parse_patterns
from ansible_collections.day2.ops.plugins.module_utils._log_scan.sets.catalog import NAMES, load
from ansible_collections.day2.ops.tests.support.log_pattern_samples.shape import Sample

ROOM = "ansible_collections.day2.ops.plugins.module_utils._log_scan"
PATTERNS: Mapping[str, LogPattern] = {pattern.name: pattern for pattern in parse_patterns({}, NAMES)}
NEEDS: Mapping[str, Needs] = {
    name: need
    for name, need in ((name, needs(pattern.regex.pattern, 0)) for name, pattern in PATTERNS.items())
    if need is not None
}
MODULES: Mapping[str, Any] = {
    name: import_module(f"ansible_collections.day2.ops.tests.support.log_pattern_samples.{name}") for name in NAMES
}
SAMPLES: Mapping[str, Sample] = {
    f"{name}.{pattern}": each for name, module in MODULES.items() for pattern, each in module.SAMPLES.items()
}
# What one set says of a line is said by another set, too, and both are right.
SHARED: Mapping[str, Tuple[str, ...]] = {
    "nginx": ("apache.server_error", "apache.secret_served", "syslog.disk_full", "syslog.open_files"),
    "apache": ("nginx.server_error", "nginx.secret_served", "syslog.disk_full"),
    "mysql": ("syslog.disk_full", "syslog.open_files"),
    "postgresql": ("syslog.disk_full",),
    "redis": ("syslog.disk_full", "syslog.open_files", "syslog.no_memory"),
    "sshd": ("syslog.no_memory",),
}


def finds(pattern: LogPattern, record: str) -> bool:
    data = record.encode()
    return pattern.regex.search(data) is not None and not any(each.search(data) for each in pattern.exclude)


def fields(pattern: LogPattern, record: str) -> Dict[str, str]:
    found = pattern.regex.search(record.encode())
    assert found is not None
    return {name: value.decode() for name, value in found.groupdict().items() if value is not None}


def found_in(record: str) -> List[str]:
    # As a scan does it: an expression is tried where one of its literals stands.
    data = record.encode()
    folded = data.lower()
    near = [
        name for name, need in NEEDS.items() if any(each in (folded if need.folded else data) for each in need.literals)
    ]
    return [name for name in near if finds(PATTERNS[name], record)]


def hits(each: Sample) -> Tuple[str, ...]:
    return (each.hit, *each.more)


def test_every_pattern_has_a_sample_and_every_sample_a_pattern() -> None:
    assert sorted(SAMPLES) == sorted(PATTERNS)


@pytest.mark.parametrize("name", NAMES)
def test_a_set_is_worth_its_name(name: str) -> None:
    chosen = load(name)
    assert chosen.name == name and chosen.title
    assert 12 <= len(chosen.rules) <= 30
    assert len({rule.name for rule in chosen.rules}) == len(chosen.rules)
    assert len(MODULES[name].HARMLESS) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_each_pattern_finds_its_own_and_no_other_of_the_set_does(name: str) -> None:
    for pattern, each in MODULES[name].SAMPLES.items():
        for record in hits(each):
            found = [other for other in found_in(record) if other not in SHARED.get(name, ())]
            assert found == [f"{name}.{pattern}"], record


@pytest.mark.parametrize("name", NAMES)
def test_what_is_nearly_the_same_is_not_found(name: str) -> None:
    for pattern, each in MODULES[name].SAMPLES.items():
        assert not finds(PATTERNS[f"{name}.{pattern}"], each.miss), each.miss


@pytest.mark.parametrize("name", NAMES)
def test_fields_and_messages(name: str) -> None:
    for short, each in MODULES[name].SAMPLES.items():
        pattern = PATTERNS[f"{name}.{short}"]
        assert {**fields(pattern, each.hit), **each.fields} == fields(pattern, each.hit)
        for record in hits(each):
            assert set(fields_in(pattern.message)) <= set(fields(pattern, record)), (pattern.name, record)


@pytest.mark.parametrize("name", NAMES)
def test_no_set_finds_anything_in_everyday_lines_of_any_subject(name: str) -> None:
    for line in MODULES[name].HARMLESS:
        assert found_in(line) == [], line


def test_the_harmless_lines_would_be_found_by_a_careless_pattern() -> None:
    everyday = "\n".join(line for module in MODULES.values() for line in module.HARMLESS)
    assert len(re.findall("(?i)error|fail|denied|fatal|killed|timeout|memory", everyday)) > 20


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=list(PATTERNS))
def test_how_a_pattern_is_written(pattern: LogPattern) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]+", pattern.name)
    assert pattern.name in NEEDS, "it has no literal to search for"
    assert pattern.multiline in ("", *RULES)
    assert pattern.message and pattern.message[0] != " " and not pattern.message.endswith(".")
    assert len(pattern.message) <= 120
    assert not re.search(r"(?<!\\)\.[*+]", pattern.regex.pattern.decode()), "unbounded"
    for group in group_names(pattern.regex):
        assert re.fullmatch(r"[a-z][a-z_]*", group)
    assert pattern.severity.value in ("low", "medium", "high", "critical")
    # What is worth waking somebody for is worth it the first time.
    assert pattern.threshold is None or pattern.severity.rank <= 1


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Interrupts an expression that uses more processor time than that."""

    def too_long(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def hostile(record: str, size: int) -> Iterator[bytes]:
    """Lines that begin as a record does and then go on with what its expression takes, or nearly takes."""
    yield (record[:-1] * (size // len(record) + 1)).encode()[:size]
    yield ((record + " ") * (size // len(record) + 1)).encode()[:size]
    for part in (1, 2, 3):
        start = record[: len(record) * part // 4 + 1]
        for more in (start[-1], "a", " ", start[-9:]):
            yield (start + more * (size // len(more))).encode()[:size]
    yield (" " * (size // 2) + record[: len(record) // 2] + "0" * size).encode()[:size]


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_slow(name: str) -> None:
    for short, each in MODULES[name].SAMPLES.items():
        pattern = PATTERNS[f"{name}.{short}"]
        for line in hostile(each.hit, 4096):
            try:
                with at_most(0.25):
                    for regex in (pattern.regex, *pattern.exclude):
                        regex.search(line)
            except TimeoutError:
                pytest.fail(f"{pattern.name} is slow on {line[:80]!r}…{line[-20:]!r}")


def test_a_slow_expression_would_be_noticed() -> None:
    bomb = re.compile(rb"(a|aa)+$")
    started = time.process_time()
    with pytest.raises(TimeoutError), at_most(0.05):
        bomb.search(b"a" * 60 + b"b")
    assert time.process_time() - started < 5


def test_a_set_is_imported_when_it_is_asked_for() -> None:
    import subprocess
    import sys

    script = (
        f"import sys\nimport {ROOM}.patterns\n"
        f"loaded = lambda: sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('{ROOM}.sets.'))\n"
        f"assert loaded() == ['catalog', 'shape'], loaded()\n"
        f"{ROOM}.patterns.parse_patterns({{}}, ['sshd'])\nassert loaded() == ['catalog', 'shape', 'sshd'], loaded()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_set_that_there_is_not() -> None:
    with pytest.raises(Day2Error, match=r"^pattern_sets: there is no set 'postgres'; did you mean \"postgresql\"\?$"):
        load("postgres")
    with pytest.raises(Day2Error, match=r"there is no set 'xyz'; there are apache, auth, docker"):
        load("xyz")
