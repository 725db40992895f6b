# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The suite counts what it runs, and nothing but a clean end passes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.tests.suite.model import (
    Command,
    Outcome,
    Step,
    Tally,
    chosen,
    counted,
    judged,
    ready,
    total,
)
from ansible_collections.day2.ops.tests.suite.schedule import log_of, run_all

REPORT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="a" name="one"/>
<testcase classname="a" name="two"><failure message="no"/></testcase>
<testcase classname="a" name="three"><error message="no"/></testcase>
<testcase classname="a" name="four"><skipped message="no chromium"/></testcase>
</testsuite></testsuites>"""
GREEN = '<testsuite><testcase classname="a" name="one"/><testcase classname="a" name="two"/></testsuite>'
EMPTY = "<testsuites><testsuite/></testsuites>"


def step(name: str, code: str = "", **options: object) -> Step:
    return Step(name, "group", (Command((sys.executable, "-c", code)),), **options)


def test_counted() -> None:
    assert counted(REPORT) == (Tally(1, 2, 1), ("a.four: no chromium",))


@pytest.mark.parametrize(
    "junit, code, report, tally",
    [
        ("", 0, None, Tally(passed=1)),
        ("", 3, None, Tally(failed=1)),
        ("x.xml", 0, GREEN, Tally(passed=2)),
        ("x.xml", 1, REPORT, Tally(1, 2, 1)),
        ("x.xml", 3, GREEN, Tally(passed=2, failed=1)),  # every test passed, and then pytest itself broke
        ("x.xml", 0, None, Tally(failed=1)),  # no report: nothing is known to have run
        ("x.xml", 0, EMPTY, Tally(failed=1)),
        ("x.xml", 5, EMPTY, Tally(failed=1)),  # pytest's "no tests"
        ("x.xml", -9, REPORT[:90], Tally(failed=1)),  # killed in mid-write
    ],
)
def test_judged(junit: str, code: int, report: str, tally: Tally) -> None:
    assert judged(step("s", junit=junit), code, 1.0, report).tally == tally


def test_the_closing_line() -> None:
    outcomes = [Outcome(step("a"), Tally(3, 0, 1), 1.0), Outcome(step("b"), Tally(1, 2, 0), 1.0)]
    assert str(total(outcomes)) == "4 passed, 2 failed, 1 skipped"


STEPS = [
    Step("tree", "setup", ()),
    Step("build", "package", (), after=("tree",)),
    Step("importer", "package", (), after=("build",)),
    Step("lint", "lint", ()),
]


@pytest.mark.parametrize(
    "words, names",
    [
        ([], ["tree", "build", "importer", "lint"]),
        (["lint"], ["lint"]),
        (["importer"], ["tree", "build", "importer"]),
        (["package"], ["tree", "build", "importer"]),
        (["build", "lint"], ["tree", "build", "lint"]),
    ],
)
def test_chosen(words: List[str], names: List[str]) -> None:
    assert [each.name for each in chosen(STEPS, words)] == names


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no step or group lnit; there are build, "):
        chosen(STEPS, ["lnit"])


def test_ready_waits_for_predecessors_and_locks() -> None:
    first, second, third = step("1", after=("0",)), step("2", lock="tree"), step("3")
    done: Dict[str, Outcome] = {}
    assert ready([first, second, third], [step("4", lock="tree")], done) == third
    assert ready([first, second], [], done) == second
    assert ready([first], [], {"0": Outcome(step("0"), Tally(1), 0.0)}) == first
    assert ready([first], [], done) is None


def run(steps: List[Step], folder: Path, workers: int = 2) -> Tuple[List[Outcome], List[str]]:
    said: List[str] = []
    return run_all(steps, folder / "logs", workers, said.append), said


def test_a_failed_step_stops_only_those_that_wait_for_it(tmp_path: Path) -> None:
    steps = [
        step("bad", "print('why'); raise SystemExit(3)"),
        step("waits", after=("bad",)),
        step("waits-longer", after=("waits",)),
        step("other"),
    ]
    outcomes, said = run(steps, tmp_path)
    assert {each.step.name: each.tally for each in outcomes} == {
        "bad": Tally(failed=1),
        "waits": Tally(failed=1),
        "waits-longer": Tally(failed=1),
        "other": Tally(passed=1),
    }
    assert any(line.strip() == "why" for line in said)
    assert any("waits  (not run: bad failed)" in line for line in said)


def test_commands_stop_at_the_first_failure(tmp_path: Path) -> None:
    python = (sys.executable, "-c")
    commands = (Command((*python, "print('one')")), Command((*python, "1/0")), Command((*python, "print('three')")))
    failing = Step("s", "group", commands)
    run([failing], tmp_path)
    log = log_of(failing, tmp_path / "logs").read_text(encoding="utf-8")
    assert "\none\n" in log and "ZeroDivisionError" in log and "\nthree\n" not in log


def test_a_program_that_is_not_there_fails(tmp_path: Path) -> None:
    outcomes, said = run([Step("s", "group", (Command(("/nonexistent/program",)),))], tmp_path)
    assert total(outcomes) == Tally(failed=1)
    assert any("No such file" in line for line in said)


def test_skips_are_told_with_their_reasons(tmp_path: Path) -> None:
    junit = tmp_path / "junit" / "report.xml"
    code = f"from pathlib import Path; Path({str(junit)!r}).write_text({REPORT!r}); raise SystemExit(1)"
    outcomes, said = run([step("units", code, junit=str(junit))], tmp_path)
    assert total(outcomes) == Tally(1, 2, 1)
    assert any("skipped a.four: no chromium" in line for line in said)


def test_a_report_of_an_earlier_run_does_not_count(tmp_path: Path) -> None:
    junit = tmp_path / "report.xml"
    junit.write_text(GREEN, encoding="utf-8")
    outcomes, _said = run([step("units", "raise SystemExit(1)", junit=str(junit))], tmp_path)
    assert total(outcomes) == Tally(failed=1)


def test_steps_run_side_by_side(tmp_path: Path) -> None:
    """Each waits for a file that the other one writes: they end only when both run at once."""
    code = (
        "import pathlib, sys, time; here, there = map(pathlib.Path, sys.argv[1:]); here.touch()\n"
        "until = time.monotonic() + 20\n"
        "while not there.exists(): time.monotonic() < until or sys.exit(1)"
    )
    names = [str(tmp_path / name) for name in "ab"]
    both = [Step(n, "g", (Command((sys.executable, "-c", code, *o)),)) for n, o in (("a", names), ("b", names[::-1]))]
    outcomes, _said = run(both, tmp_path)
    assert total(outcomes) == Tally(passed=2)


def test_steps_that_wait_for_one_another_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wait for one another: a, b"):
        run([step("a", after=("b",)), step("b", after=("a",))], tmp_path)


def test_output_for_people_is_shown(tmp_path: Path) -> None:
    _outcomes, said = run([step("matrix", "print('HOLE')", show=True), step("quiet", "print('noise')")], tmp_path)
    assert "        HOLE" in said
    assert not any("noise" in line for line in said)
