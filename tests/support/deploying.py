# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments of the Lambda function against moto, and the function as Lambda would run it."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._common.job import Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.arguments import DEPLOY, scheduling_of
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.bundle import contents, pack, reachable
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.deploy import (
    Archive,
    build_archive,
    deploy_through,
)
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.files import room_file
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.services import Services
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.wanted import Deployment

from .loopback import FakeClock, access

ROOT = Path(__file__).parents[2]
HANDLER = (ROOT / "roles/ec2_schedule/files/ec2_schedule_main.py").read_text(encoding="utf-8")
LIMIT = 120.0  # seconds for one run of the function; only a hang takes so long
# What a Lambda function finds beside itself, for calls of AWS.
_OF_THE_RUNTIME = ("botocore", "jmespath", "dateutil", "urllib3", "six")

_DRIVER = """
import json, sys
sys.path[:0] = sys.argv[1:3]
import ec2_schedule_main
class Context:
    get_remaining_time_in_millis = staticmethod(lambda: 300_000)
try:
    answer = ec2_schedule_main.handler(json.loads(sys.argv[3]), Context)
finally:
    strangers = {name.split(".")[0] for name in sys.modules} & {"ansible", "ansible_collections", "boto3", "pytest"}
    assert not strangers, strangers
print(json.dumps(answer))
"""


def services_of(url: str, region: str = "eu-west-1") -> Services:
    """Calls of a service; their clients take long to make, so they are shared as widely as can be."""
    clock = FakeClock()
    return Services(Session.open(access(url, region=region), clock), clock, clock.pass_time)


def deployed(services: Services, check_mode: bool = False, **options: Any) -> Outcome:
    """The module's work, by the calls of others."""
    given = {**DEPLOY.defaults(), "handler_source": HANDLER, **options}
    return deploy_through(services, Job(given, check_mode, FakeClock(), random.Random(1), warn=print), _built_once)


_BUILT: Dict[str, Archive] = {}


def _built_once(deployment: Deployment) -> Archive:
    """The archive, which is made once for each configuration: that takes half a second."""
    key = json.dumps([deployment.config, deployment.options["runtime"]], sort_keys=True)
    if key not in _BUILT:
        _BUILT[key] = build_archive(deployment)
    return _BUILT[key]


def unpacked(folder: Path, scheduling: Mapping[str, Any], topic: str = "") -> Path:
    """The function of the checkout, laid out in a folder as Lambda does it."""
    config = {"name": "night", "scheduling": scheduling_of(scheduling), "topic_arn": topic}
    files = contents(reachable("_ec2_schedule_lambda/invoke.py", room_file), HANDLER, config, {})
    with zipfile.ZipFile(io.BytesIO(pack(files))) as archive:
        archive.extractall(folder / "task")
    libraries = folder / "runtime"
    libraries.mkdir()
    for name in _OF_THE_RUNTIME:
        spec = find_spec(name)
        assert spec is not None and spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (libraries / source.name).symlink_to(source)
    return folder


def started(folder: Path, url: str, event: Mapping[str, Any]) -> "subprocess.Popen[str]":
    """One run of an unpacked function, isolated: no site-packages, no Ansible."""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        _DRIVER,
        str(folder / "task"),
        str(folder / "runtime"),
        json.dumps(event),
    ]
    return subprocess.Popen(
        command,
        cwd=folder / "task",
        env={
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def invoked(folder: Path, url: str, event: Mapping[str, Any]) -> Tuple[int, List[Dict[str, Any]], str]:
    """The exit code of a run, the lines of JSON that it printed, and its errors."""
    process = started(folder, url, event)
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, [json.loads(line) for line in out.splitlines()], err


class Between:
    """A server in front of another one. ``hold`` says of which requests nobody ever hears again, although they are done.

    ``held`` is set when there was one; ``seen`` are the bodies of all requests.
    """

    def __init__(self, url: str, hold: Callable[[bytes], bool]) -> None:
        self.held = threading.Event()
        self.seen: List[bytes] = []
        self._closing = threading.Event()
        between = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                between.seen.append(body)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                headers["Host"] = self.headers["host"]
                request = urllib.request.Request(url + self.path, data=body, headers=headers, method="POST")
                try:
                    with urllib.request.urlopen(request, timeout=LIMIT) as answer:
                        status, content = answer.status, answer.read()
                except urllib.error.HTTPError as error:
                    status, content = error.code, error.read()
                if hold(body):
                    between.held.set()
                    between._closing.wait(LIMIT)
                    return
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Between":
        self._thread.start()
        return self

    def __exit__(self, *_error: Optional[object]) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
