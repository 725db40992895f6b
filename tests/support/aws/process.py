# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake in a process of its own: for benchmarks, playbooks and whatever must not share our interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, List, Optional

from .moto import stop


def _path() -> str:
    """Where the top package of this module lies, for PYTHONPATH of the child."""
    return str(Path(__file__).absolute().parents[__name__.count(".")])


class FakeS3Process:
    """A running fake; ends with the ``with`` block, and with the process that started it.

    >>> with FakeS3Process("--seed-account", "1000", "--set", "latency=0.03") as fake:
    ...     subprocess.run(…, env={**os.environ, **fake.environment})
    ...     fake.control("GET", "counters")

    :param arguments: the command line of :mod:`fake_s3`.
    """

    module = f"{__package__}.fake_s3"
    url: str
    environment: Dict[str, str]  # what points botocore here
    moto: str  # URL of the moto server behind it, or nothing

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: Optional["subprocess.Popen[bytes]"] = None
        self._base = ""

    @property
    def pid(self) -> int:
        """Process id of the server, e.g. to read its CPU time."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "FakeS3Process":
        command: List[str] = [sys.executable, "-m", self.module, "--until-eof", *self._arguments]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((_path(), os.environ.get("PYTHONPATH", "")))},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.__exit__()
            raise RuntimeError("the fake did not start: see its stderr above")
        told = json.loads(line)
        self.url, self.environment, self.moto = told["url"], told["environment"], told.get("moto", "")
        return self

    def __exit__(self, *exc: object) -> None:
        process, self._process = self._process, None
        if process is not None:
            stop(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of ``/_control/<path>``.

        :raises RuntimeError: when it says no, with its words.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=data, method=method)
        context = None
        if self.url.startswith("https"):
            import ssl

            context = ssl.create_default_context(cafile=self.environment["AWS_CA_BUNDLE"])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            with opener.open(request, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None


class FakeEc2Process(FakeS3Process):
    """The same for :mod:`fake_ec2`, with its command line. It has no ``/_control/`` but ``counters`` and ``unexpected``."""

    module = f"{__package__}.fake_ec2"
