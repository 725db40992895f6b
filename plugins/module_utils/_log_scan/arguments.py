# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of the modules, and of the timer that runs by itself."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Mapping, Tuple

from .._common.argspec import ArgumentSpec
from .._common.errors import Day2Error

# Plain tuples, not taken from the files that they are about: every run loads this one, and few need those.
PATTERN_SETS: Tuple[str, ...] = (
    "apache",
    "auth",
    "docker",
    "java",
    "kernel",
    "kubernetes",
    "mysql",
    "nginx",
    "php",
    "postgresql",
    "python",
    "redis",
    "sshd",
    "syslog",
    "systemd",
)
FORMATS: Tuple[str, ...] = ("html", "json", "csv", "markdown")
ENGINES: Tuple[str, ...] = ("auto", "hyperscan", "re2", "rg", "grep", "stdlib")
FIRST_RUN: Tuple[str, ...] = ("end", "beginning", "since")
# The statuses that fail a task, by the value of fail_on.
FAIL_ON: Mapping[str, FrozenSet[str]] = {
    "never": frozenset(),
    "critical": frozenset(("critical",)),
    "warning": frozenset(("critical", "warning")),
    "unknown": frozenset(("critical", "warning", "unknown")),
}
REDACT: Tuple[str, ...] = ("secrets", "email", "ip")
PRIORITIES: Tuple[str, ...] = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")

_REPORTS: Mapping[str, Any] = {
    "type": "list",
    "elements": "dict",
    "default": [],
    "options": {
        "path": {"type": "str", "required": True},
        "format": {"type": "str", "choices": list(FORMATS)},
    },
}

SPEC = ArgumentSpec(
    arguments={
        "name": {"type": "str", "default": "default"},
        "paths": {"type": "list", "elements": "raw", "default": []},
        "journal": {
            "type": "dict",
            "options": {
                "units": {"type": "list", "elements": "str", "default": []},
                "priority": {"type": "str", "choices": list(PRIORITIES)},
                "matches": {"type": "list", "elements": "str", "default": []},
                "directory": {"type": "path"},
            },
        },
        "command": {"type": "list", "elements": "str", "default": []},
        "patterns": {"type": "dict", "default": {}},
        "pattern_sets": {"type": "list", "elements": "str", "choices": list(PATTERN_SETS), "default": []},
        "multiline": {"type": "str"},
        "aggregate": {"type": "list", "elements": "str", "default": []},
        "context": {"type": "int", "default": 0},
        "max_samples": {"type": "int", "default": 5},
        "redact": {"type": "list", "elements": "str", "choices": list(REDACT), "default": ["secrets"]},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "timezone": {"type": "str"},
        "first_run": {"type": "str", "choices": list(FIRST_RUN), "default": "end"},
        "backfill": {"type": "bool", "default": False},
        "max_bytes": {"type": "int"},
        "max_seconds": {"type": "float"},
        "late_window": {"type": "str", "default": "1h"},
        "partial_after": {"type": "str", "default": "5m"},
        "state_dir": {"type": "path"},
        "lock_timeout": {"type": "int", "default": 30},
        "ack": {"type": "str", "default": "auto"},
        "receipt": {"type": "bool", "default": False},
        "reset": {"type": "bool", "default": False},
        "engine": {"type": "str", "choices": list(ENGINES), "default": "auto"},
        "reports": _REPORTS,
        "max_returned": {"type": "int", "default": 200},
        "fail_on": {"type": "str", "choices": list(FAIL_ON), "default": "never"},
        "progress_file": {"type": "path"},
    },
)

MERGE = ArgumentSpec(
    arguments={
        "results": {"type": "path", "required": True},
        "expected_hosts": {"type": "list", "elements": "str", "default": []},
        "reports": _REPORTS,
        "max_returned": {"type": "int", "default": 200},
        "fail_on": {"type": "str", "choices": list(FAIL_ON), "default": "never"},
    },
)


def completed(spec: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any], where: str = "") -> Dict[str, Any]:
    """The given options with the defaults of the others, as Ansible hands them to a module.

    For runs outside of Ansible. Types are checked as far as JSON knows them.

    :raises Day2Error: for an option that there is not, a wrong type, or one that is no choice.
    """
    unknown = sorted(set(given) - set(spec))
    if unknown:
        raise Day2Error(f"{where}{unknown[0]}: there is no such option")
    found: Dict[str, Any] = {}
    for name, rules in spec.items():
        value = given.get(name)
        if value is None:
            if rules.get("required"):
                raise Day2Error(f"{where}{name}: is needed")
            found[name] = _copied(rules.get("default"))
            continue
        found[name] = _checked(f"{where}{name}", rules, value)
    return found


_TYPES: Mapping[str, Tuple[type, ...]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}


def _checked(name: str, rules: Mapping[str, Any], value: Any) -> Any:
    kind = rules.get("type", "str")
    allowed = _TYPES.get(kind)
    if allowed is not None and (not isinstance(value, allowed) or (isinstance(value, bool) and kind != "bool")):
        raise Day2Error(f"{name}: {value!r} is not of the type {kind}")
    choices = rules.get("choices")
    if choices:
        for each in value if isinstance(value, list) else [value]:
            if each not in choices:
                raise Day2Error(f"{name}: {each!r} is none of {', '.join(choices)}")
    options = rules.get("options")
    if not options:
        return value
    if isinstance(value, list):
        return [completed(options, each, f"{name}[{index}].") for index, each in enumerate(value)]
    return completed(options, value, f"{name}.")


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else value
