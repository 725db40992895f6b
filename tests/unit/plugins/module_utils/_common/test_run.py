# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import pytest
from ansible.module_utils import basic
from ansible_collections.day2.ops.plugins.module_utils._common.argspec import ArgumentSpec
from ansible_collections.day2.ops.plugins.module_utils._common.clock import SystemClock
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._common.job import Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._common.plan import Change, Plan
from ansible_collections.day2.ops.plugins.module_utils._common.run import RESERVED, as_task_result, run

SPEC = ArgumentSpec(arguments={"name": {"type": "str", "required": True}, "number": {"type": "int", "default": 7}})
PLAN = Plan((Change("thing", "size", 1, 2),))
Body = Callable[[Job], Outcome]
Ran = Tuple[int, Dict[str, Any]]


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """Runs a body as AnsibleModule does, with the arguments where every ansible-core since 2.16 looks for them.

    ``ansible.module_utils.testing`` would do it, but only newer ones have it.
    """

    def start(body: Body, check_mode: bool = False, diff_mode: bool = False, **arguments: Any) -> Ran:
        modes = {"_ansible_check_mode": check_mode, "_ansible_diff": diff_mode}
        given = {**arguments, **modes, "_ansible_remote_tmp": "/tmp"}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")
        internal = sys.modules.get("ansible.module_utils._internal")
        if hasattr(internal, "is_controller"):  # another test may have loaded what belongs to the controller
            monkeypatch.setattr(internal, "is_controller", False)
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        with pytest.raises(SystemExit) as ended:
            run(SPEC, body)
        result: Dict[str, Any] = json.loads(capsys.readouterr().out)  # one document, and nothing beside it
        assert isinstance(ended.value.code, int)
        return ended.value.code, result

    yield start


def fixed(result: Dict[str, Any], plan: Plan = PLAN, failure: Optional[str] = None) -> Body:
    return lambda job: Outcome(result, plan, failure)


def test_a_body_is_given_its_job(module: Callable[..., Ran]) -> None:
    jobs: List[Job] = []

    def body(job: Job) -> Outcome:
        jobs.append(job)
        job.warn("mind the gap")
        return Outcome({"seen": job.options["name"]})

    code, result = module(body, check_mode=True, name="x")
    (job,) = jobs
    assert code == 0
    assert (job.options["name"], job.options["number"], job.check_mode) == ("x", 7, True)
    assert job.clock.now().utcoffset() == timedelta(0)
    assert 0 <= job.rng.random() < 1
    assert (result["seen"], result["changed"]) == ("x", False)
    assert "diff" not in result
    assert 0 <= result["duration_seconds"] < 60
    assert "mind the gap" in json.dumps(result["warnings"])


def test_a_plan_is_a_change_and_its_diff(module: Callable[..., Ran]) -> None:
    for check_mode in (True, False):
        code, result = module(fixed({"status": "ok"}), check_mode=check_mode, diff_mode=True, name="x")
        assert (code, result["changed"], result["status"]) == (0, True, "ok")
        assert result["diff"] == PLAN.as_diff()
        assert "failed" not in result


def test_nobody_is_given_a_diff_that_nobody_asked_for(module: Callable[..., Ran]) -> None:
    _code, result = module(fixed({}), name="x")
    assert result["changed"] and "diff" not in result


def test_a_failure_comes_last_and_with_the_whole_result(module: Callable[..., Ran]) -> None:
    code, result = module(fixed({"findings": [1, 2]}, failure="fail_on is high"), diff_mode=True, name="x")
    assert code == 1
    assert (result["failed"], result["msg"]) == (True, "fail_on is high")
    assert (result["findings"], result["changed"], result["diff"]) == ([1, 2], True, PLAN.as_diff())


@pytest.mark.parametrize("error", [Day2Error("name: no good"), GatewayError("read", "a", "gone")])
def test_an_error_of_ours_is_one_sentence(module: Callable[..., Ran], error: Day2Error) -> None:
    def body(job: Job) -> Outcome:
        raise error

    code, result = module(body, name="x")
    assert (code, result["failed"], result["msg"], result["changed"]) == (1, True, str(error), False)
    assert "Traceback" not in result.get("exception", "")


def test_a_defect_is_not_dressed_up(module: Callable[..., Ran]) -> None:
    def body(job: Job) -> Outcome:
        raise KeyError("oops")

    with pytest.raises(KeyError, match="oops"):
        module(body, name="x")


def test_arguments_are_ansible_s_business(module: Callable[..., Ran]) -> None:
    code, result = module(fixed({}), number=1)
    assert (code, result["failed"]) == (1, True)
    assert "name" in result["msg"]


@pytest.mark.parametrize("key", sorted(RESERVED))
def test_reserved_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match=f"reserved by ansible-core: {key}"):
        as_task_result(Outcome({"fine": 1, key: 2}), 0.0)


@pytest.mark.parametrize("key", ["skipped", "failed", "unreachable", "warnings", "diff", "results", "invocation"])
def test_the_worst_of_them_are_known(key: str) -> None:
    assert key in RESERVED


def test_seconds_are_rounded() -> None:
    assert as_task_result(Outcome({}), 1.23456)["duration_seconds"] == 1.235


def test_the_clock_is_aware_and_does_not_run_backwards() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    assert clock.monotonic() <= clock.monotonic()
