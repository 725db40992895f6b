# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped pattern sets by name; one is imported when it is asked for.

The imports stand in functions of their own, and are written out, because what is shipped to a host is found by
reading the imports.
"""

from __future__ import annotations

from typing import Callable, Mapping, Tuple

from ..._common.errors import Day2Error
from .shape import PatternSet


def _apache() -> PatternSet:
    from . import apache

    return apache.SET


def _auth() -> PatternSet:
    from . import auth

    return auth.SET


def _docker() -> PatternSet:
    from . import docker

    return docker.SET


def _java() -> PatternSet:
    from . import java

    return java.SET


def _kernel() -> PatternSet:
    from . import kernel

    return kernel.SET


def _kubernetes() -> PatternSet:
    from . import kubernetes

    return kubernetes.SET


def _mysql() -> PatternSet:
    from . import mysql

    return mysql.SET


def _nginx() -> PatternSet:
    from . import nginx

    return nginx.SET


def _php() -> PatternSet:
    from . import php

    return php.SET


def _postgresql() -> PatternSet:
    from . import postgresql

    return postgresql.SET


def _python() -> PatternSet:
    from . import python

    return python.SET


def _redis() -> PatternSet:
    from . import redis

    return redis.SET


def _sshd() -> PatternSet:
    from . import sshd

    return sshd.SET


def _syslog() -> PatternSet:
    from . import syslog

    return syslog.SET


def _systemd() -> PatternSet:
    from . import systemd

    return systemd.SET


_SETS: Mapping[str, Callable[[], PatternSet]] = {
    "apache": _apache,
    "auth": _auth,
    "docker": _docker,
    "java": _java,
    "kernel": _kernel,
    "kubernetes": _kubernetes,
    "mysql": _mysql,
    "nginx": _nginx,
    "php": _php,
    "postgresql": _postgresql,
    "python": _python,
    "redis": _redis,
    "sshd": _sshd,
    "syslog": _syslog,
    "systemd": _systemd,
}
NAMES: Tuple[str, ...] = tuple(_SETS)


def load(name: str) -> PatternSet:
    """The set of that name.

    :raises Day2Error: when there is none, naming those that are like it.
    """
    if name not in _SETS:
        import difflib

        near = difflib.get_close_matches(name, NAMES, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(NAMES)}"
        raise Day2Error(f"pattern_sets: there is no set {name!r}; {hint}")
    return _SETS[name]()
