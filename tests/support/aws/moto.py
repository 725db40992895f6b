# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A moto server of one's own: started on a free loopback port, stopped by its process id."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Iterator

READY_WITHIN = 30.0  # seconds; it takes about one on a quiet machine


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for_port(process: "subprocess.Popen[bytes]", port: int, within: float = READY_WITHIN) -> None:
    """Return when ``port`` accepts connections.

    :raises RuntimeError: when the process ends, or does not listen in time.
    """
    until = time.monotonic() + within
    pause = 0.01
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"moto_server ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    raise RuntimeError(f"moto_server does not listen after {within:g} s")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started and wait for it."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def reset(url: str) -> None:
    """Empty the state of a running moto server."""
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=10).close()


@contextlib.contextmanager
def moto_server() -> Iterator[str]:
    """The URL of a running moto server with empty state."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
