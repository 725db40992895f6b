# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a module runs: the one place that knows ``AnsibleModule`` and how a task ends."""

from __future__ import annotations

import random
from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule

from .argspec import ArgumentSpec
from .clock import SystemClock
from .errors import Day2Error
from .job import Job, Outcome

# ansible-core gives these keys of a result a meaning of its own; a list named "skipped" would turn the task into a skipped one.
RESERVED = frozenset(
    (
        "async_result",
        "changed",
        "deprecations",
        "diff",
        "exception",
        "failed",
        "failed_when_result",
        "finished",
        "invocation",
        "msg",
        "rc",
        "results",
        "skip_reason",
        "skipped",
        "started",
        "stderr",
        "stderr_lines",
        "stdout",
        "stdout_lines",
        "unreachable",
        "warnings",
    )
)


def run(
    spec: ArgumentSpec,
    body: Callable[[Job], Outcome],
    module_class: Callable[..., Any] = AnsibleModule,
) -> None:
    """Run ``body`` as an Ansible module and end the process with its result."""
    module = module_class(**spec.to_kwargs())
    clock = SystemClock()
    started = clock.monotonic()
    result: Dict[str, Any] = {"changed": False}
    try:
        outcome = body(
            Job(
                options=module.params,
                check_mode=module.check_mode,
                clock=clock,
                rng=random.Random(),
                warn=module.warn,
            )
        )
        failure = outcome.failure
        result = as_task_result(outcome, clock.monotonic() - started, diff_mode=module._diff)
    except Day2Error as error:
        failure = str(error)
    if failure is not None:
        module.fail_json(msg=failure, **result)
    module.exit_json(**result)


def as_task_result(outcome: Outcome, seconds: float, diff_mode: bool = False) -> Dict[str, Any]:
    """The result of the task: what the body returned, with ``changed``, ``duration_seconds``, and in diff mode ``diff``.

    :raises ValueError: when the body uses a key that ansible-core reserves.
    """
    taken = sorted(RESERVED & set(outcome.result))
    if taken:
        raise ValueError(f"reserved by ansible-core: {', '.join(taken)}")
    result = {**outcome.result, "changed": bool(outcome.plan), "duration_seconds": round(seconds, 3)}
    if diff_mode:
        result["diff"] = outcome.plan.as_diff()
    return result
