# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as files: those that a timer leaves on its host, and those of many hosts that are merged."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any, Dict, Iterable, List, Mapping

from ..._common.errors import GatewayError
from ..._state.gateway import write_atomically

_SUFFIX = ".json"
_LAST = "last.json"
_READABLE = 0o644  # by the exporter, which is another user; there is no text of logs in it


def read_json(path: str, action: str) -> Any:
    """What is in a JSON file.

    :raises GatewayError: when it cannot be read, or is none.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return json.load(file)
    except OSError as error:
        raise GatewayError(action, path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise GatewayError(action, path, f"it is not JSON: {error}") from error


def read_results(directory: str) -> Dict[str, Any]:
    """What each host has returned, by the name of the host: of ``<host>.json``, that is ``host``.

    A file that cannot be read is a text that says so.

    :raises GatewayError: when the directory cannot be read.
    """
    place = os.path.expanduser(directory)
    try:
        names = sorted(name for name in os.listdir(place) if name.endswith(_SUFFIX))
    except OSError as error:
        raise GatewayError("read results of", directory, error.strerror or str(error)) from error
    found: Dict[str, Any] = {}
    for name in names:
        try:
            found[name[: -len(_SUFFIX)]] = read_json(os.path.join(place, name), "read the result")
        except GatewayError as error:
            found[name[: -len(_SUFFIX)]] = str(error)
    return found


class Results:
    """Where the results of one scan lie on its host: one file for each run, and ``last.json``."""

    def __init__(self, directory: str, keep: int) -> None:
        """:param keep: how many runs to keep."""
        self._directory = os.path.abspath(directory)
        self._keep = keep

    def put(self, result: Mapping[str, Any], noteworthy: bool) -> None:
        """Keep a result. One that comes twice has the same name, and is there once.

        :param noteworthy: whether it is kept beside ``last.json``; what says nothing would only push out what does.
        :raises GatewayError: when it cannot be written.
        """
        try:
            os.makedirs(self._directory, 0o700, exist_ok=True)
        except OSError as error:
            raise GatewayError("make", self._directory, error.strerror or str(error)) from error
        text = json.dumps(result, indent=1) + "\n"
        if noteworthy:
            write_atomically(os.path.join(self._directory, f"{result['run_id']}{_SUFFIX}"), [text])
        write_atomically(os.path.join(self._directory, _LAST), [text])
        self._tidy()

    def _tidy(self) -> None:
        with contextlib.suppress(OSError):  # what stays is only untidy
            for name in self._runs()[: -self._keep or None]:
                os.unlink(os.path.join(self._directory, name))

    def _runs(self) -> List[str]:
        """The kept runs, the oldest first: their names begin with the time."""
        return sorted(name for name in os.listdir(self._directory) if name.endswith(_SUFFIX) and name != _LAST)


def metrics_file(directory: str, name: str) -> str:
    """Where the metrics of a scan lie, for the textfile collector of the node exporter."""
    return os.path.join(directory, f"day2_log_scan_{name}.prom")


def read_metrics(path: str) -> str:
    """What the last run left there; empty when it left nothing."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def write_metrics(path: str, chunks: Iterable[str]) -> None:
    """Leave metrics.

    :raises GatewayError: when they cannot be written.
    """
    write_atomically(path, chunks, _READABLE)


def leave_receipt(path: str) -> None:
    """Say that a result has arrived where it stays.

    :raises GatewayError: when that is refused; then the result comes again.
    """
    write_atomically(path, [])
