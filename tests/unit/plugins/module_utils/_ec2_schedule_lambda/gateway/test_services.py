# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Iterator, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.services import (
    PATIENCE,
    Services,
    own_tags,
)
from ansible_collections.day2.ops.tests.support.loopback import FakeClock, access

Answers = List[Tuple[int, str, Any]]


@contextmanager
def lambda_service(answers: Answers) -> Iterator[Tuple[Services, FakeClock, List[str]]]:
    """Services whose Lambda gives these answers (status, error code, body), the last one for ever."""
    asked: List[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, code, body = answers[min(len(asked), len(answers) - 1)]
            asked.append(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            if code:
                self.send_header("x-amzn-errortype", code)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    clock = FakeClock()
    try:
        session = Session.open(access(f"http://127.0.0.1:{server.server_port}"), clock)
        yield Services(session, clock, clock.pass_time), clock, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


NEW_ROLE = (
    400,
    "InvalidParameterValueException",
    {"Message": "The role defined for the function cannot be assumed by Lambda."},
)
DENIED = (403, "AccessDeniedException", {"Message": "not authorized to perform lambda:GetFunction"})
MISSING = (404, "ResourceNotFoundException", {"Message": "Function not found"})
FOUND = (200, "", {"Configuration": {"FunctionName": "night"}})


def ask(services: Services, absent: Tuple[str, ...] = ()) -> Any:
    return services.call("lambda", "get_function", "night", {"FunctionName": "night"}, absent)


def test_what_is_not_ready_yet_is_asked_again() -> None:
    with lambda_service([NEW_ROLE, NEW_ROLE, FOUND]) as (services, clock, asked):
        start = clock.monotonic()
        assert ask(services)["Configuration"] == {"FunctionName": "night"}
        assert (len(asked), services.calls) == (3, {"lambda:GetFunction": 3})
        assert 0 < clock.monotonic() - start < PATIENCE


def test_not_for_ever() -> None:
    with lambda_service([NEW_ROLE]) as (services, clock, _asked):
        start = clock.monotonic()
        with pytest.raises(GatewayError, match=r"lambda:GetFunction night: InvalidParameterValueException: The role"):
            ask(services)
        assert PATIENCE <= clock.monotonic() - start < 2 * PATIENCE


def test_a_refusal_is_told_at_once() -> None:
    with lambda_service([DENIED]) as (services, clock, asked):
        start = clock.monotonic()
        with pytest.raises(GatewayError, match="AccessDeniedException"):
            ask(services, ("ResourceNotFoundException",))
        assert (len(asked), clock.monotonic()) == (1, start)


def test_what_does_not_exist_is_no_error_where_that_is_expected() -> None:
    with lambda_service([MISSING]) as (services, _clock, _asked):
        assert ask(services, ("ResourceNotFoundException",)) is None
        with pytest.raises(GatewayError, match="ResourceNotFoundException"):
            ask(services)


def test_waiting_ends() -> None:
    with lambda_service([FOUND]) as (services, _clock, _asked):
        waits = iter((False, False, True))
        services.wait("bring into service", "night", lambda: next(waits))
        with pytest.raises(GatewayError, match="bring into service night: not done after"):
            services.wait("bring into service", "night", lambda: False)


def test_tags_of_aws_are_not_ours() -> None:
    tags = {"aws:cloudformation:stack-name": "x", "team": "night"}
    assert own_tags(tags) == {"team": "night"}
    assert own_tags([{"Key": key, "Value": value} for key, value in tags.items()]) == {"team": "night"}
    assert own_tags(None) == {}
