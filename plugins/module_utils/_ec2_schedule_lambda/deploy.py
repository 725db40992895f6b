# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deployment of the function, from the options to the result."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from .._aws.access import Access
from .._aws.gateway.session import Session
from .._common.job import Job, Outcome
from .bundle import contents, libraries, localised, pack, reachable, sha256
from .gateway.files import packages, room_file, user_files
from .gateway.parts import Parts
from .gateway.services import Services
from .invoke import invoke
from .model import SCHEMA, Do, Part, PartKind, Step
from .names import Names, check_name
from .plan import as_plan, make_plan
from .wanted import Deployment, kinds_in_question, parse_deployment, policies, wanted_parts

Archive = Tuple[bytes, Dict[str, str]]
Build = Callable[[Deployment], Archive]

_DONE = {Do.CREATE: "created", Do.MODIFY: "modified", Do.REMOVE: "removed"}


def build_archive(deployment: Deployment) -> Archive:
    """The archive of a deployment, and the versions of the Python packages in it.

    :raises Day2Error: when one of its files cannot be read, or it is too large.
    """
    scheduling, places = localised(deployment.scheduling)
    installed, versions = packages(libraries(scheduling, deployment.options["runtime"]))
    others = {**installed, **user_files(places)}
    config = {**deployment.config, "scheduling": scheduling}
    start = "/".join(invoke.__module__.split(".")[-2:]) + ".py"
    files = contents(reachable(start, room_file), deployment.options["handler_source"], config, others)
    return pack(files), versions


def deploy(job: Job) -> Outcome:
    """The module ``ec2_schedule_lambda``.

    :raises Day2Error: for options that make no sense, parts that are somebody else's, and what AWS refuses. What was done
        before stays; the next run goes on from there.
    """
    return deploy_through(Services(Session.open(Access.from_options(job.options), job.clock), job.clock), job)


def deploy_through(services: Services, job: Job, build: Build = build_archive) -> Outcome:
    """The same by given services, whose session has the region.

    :param build: makes the archive of a deployment, and tells the versions of the packages in it.
    """
    options, region = job.options, services.session.region
    check_name(options["name"], region)
    who = services.whoami()
    names = Names(options["name"], who.partition, who.account, region)
    result: Dict[str, Any] = {}
    wanted: Sequence[Part] = ()
    packed = b""
    if options["state"] == "present":
        deployment = parse_deployment(options, names, job.clock.now())
        packed, versions = build(deployment)
        wanted = wanted_parts(deployment, sha256(packed))
        result = _described(deployment, packed, versions)
    parts = Parts(services, names, packed)
    kinds = kinds_in_question(not options["role_arn"], not options["schedule_role_arn"])
    steps = make_plan(wanted, parts.read(kinds), names.parts, f"ec2_schedule_lambda/{names.name}")
    if not job.check_mode:
        parts.carry_out(steps, lambda step: None)
    return Outcome({**result, **_report(steps, names, job.check_mode), "api_calls": services.calls}, as_plan(steps))


def _described(deployment: Deployment, packed: bytes, versions: Mapping[str, str]) -> Dict[str, Any]:
    names = deployment.names
    return {
        "function_arn": names.arn(PartKind.FUNCTION),
        "schedule_arn": names.arn(PartKind.SCHEDULE),
        "queue_arn": names.arn(PartKind.QUEUE),
        "alarm_arn": names.arn(PartKind.ALARM),
        "topic_arn": deployment.topic,
        "role_arn": deployment.role,
        "log_group": names.parts[PartKind.LOG_GROUP],
        "code": {"sha256": sha256(packed), "bytes": len(packed), "packages": dict(versions)},
        "policies": policies(deployment),
    }


def _report(steps: Sequence[Step], names: Names, check_mode: bool) -> Dict[str, Any]:
    counts = Counter(step.do for step in steps)
    said = [f"{counts[do]} {'would be ' if check_mode else ''}{_DONE[do]}" for do in Do if counts[do]]
    plan: List[Dict[str, Any]] = [
        {"part": step.kind.value, "name": step.name, "action": step.do.value, "aspects": sorted(step.changed)}
        for step in steps
    ]
    return {
        "schema": SCHEMA,
        "status": "ok",
        "summary": {
            **{_DONE[do]: counts[do] for do in Do},
            "sentence": f"{names.name} in {names.region}: {', '.join(said) or 'nothing to change'}",
        },
        "plan": plan,
    }
