# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A strict, stateful, fast EC2 on loopback, with as much of RDS, Auto Scaling, EKS and STS as a schedule needs.

In a test::

    with FakeEc2() as fake:
        fake.store.place("eu-central-1").add(Instance("i-0abc", "running", {"Schedule": "office"}))
        fake.store.room["m5.large", "eu-central-1a"] = 0
        fake.rules.add(action="StopInstances", code="RequestLimitExceeded", status=503, times=1)
        …
        assert fake.counters["ec2:StopInstances"] == 2 and fake.unexpected == []

A rule's ``bucket`` is the region here, so that ``fake.rules.add(bucket="us-east-1", code="UnauthorizedOperation", status=403)``
denies one. As a process (one line of JSON on stdout, then it serves until a signal ends it; see also :mod:`process`)::

    python -m ansible_collections.day2.ops.tests.support.aws.fake_ec2 --seed 2000 --latency 0.03
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from typing import Any, Dict, List, Optional
from typing import Counter as CounterType
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from . import clients, ec2_eks
from .ec2_actions import Caller, Refused, Unexpected
from .ec2_others import ACTIONS
from .ec2_store import Ec2Store
from .errors import S3Error
from .routing import scope_of
from .rules import Rules
from .server import Server, serve_until_told
from .wire import Fault, HttpRequest, status_line

NOT_MODELLED: Dict[str, str] = {
    "signatures": "not checked: fake S3 and botocore's own tests do that",
    "other actions, parameters and filters than those of ec2_actions": "refused, and told in `unexpected`",
    "eventual consistency": "`on_the_way` counts describes instead",
    "authorization by policies": "`refuses` of an instance and rules deny",
    "pages of RDS and Auto Scaling": "all on one page",
}
_NAMESPACES = {
    "autoscaling": "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    "ec2": "http://ec2.amazonaws.com/doc/2016-11-15/",
    "rds": "http://rds.amazonaws.com/doc/2014-10-31/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}
_VERSIONS = {service: name.rstrip("/").rpartition("/")[2] for service, name in _NAMESPACES.items()}


class Ec2Service:
    """The application behind every connection of one fake."""

    def __init__(self, store: Ec2Store, rules: Rules, latency: float) -> None:
        self.store = store
        self.rules = rules
        self.latency = latency
        self.connections = self.max_connections = self.connections_made = 0
        self.in_flight = self.max_in_flight = 0
        self.counters: CounterType[str] = Counter()
        self.unexpected: List[str] = []
        self._ids = itertools.count(1)

    def begin(self, request: HttpRequest) -> Fault:
        """Learn what the request is and count it; say what is to go wrong."""
        if request.target.startswith("/_control/"):
            return Fault()
        authorization = request.headers.get("authorization", "")
        start = authorization.find("Credential=") + 11
        scope = scope_of(authorization[start : authorization.find(",", start)])
        request.access_key, request.region, request.service = scope
        if request.service == "eks":
            request.action = ec2_eks.route(request.method, request.target)[0] or f"{request.method} {request.target}"
        else:
            request.query = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            request.action = request.query.get("Action", f"{request.method} {request.target}")
        self.counters[f"{request.service}:{request.action}"] += 1
        fault = self.rules.fault(request.service, request.action, request.region) if self.rules.rules else None
        if fault is None:
            return Fault("", self.latency)
        fault.delay += self.latency
        return fault

    def answer(self, request: HttpRequest, fault: Fault) -> bytes:
        """The whole answer."""
        if request.target.startswith("/_control/"):
            told: Any = {"counters": self.counters, "unexpected": self.unexpected}.get(request.target[10:])
            return _encode(200 if told is not None else 404, json.dumps(told).encode(), "application/json")
        name = f"{request.service}:{request.action}"
        try:
            if isinstance(fault.error, S3Error):
                raise Refused(fault.error.code, fault.error.message, fault.error.status)
            account = self.store.accounts.get(request.access_key)
            if account is None:
                raise Refused("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
            caller = Caller(self.store, account, request.region)
            if request.service == "eks":
                found = ec2_eks.answer(caller, request.method, request.target, request.body)
                return _encode(200, json.dumps(found).encode(), "application/json")
            action = ACTIONS.get(name)
            if action is None or request.method != "POST" or request.query["Version"] != _VERSIONS[request.service]:
                raise Unexpected(f"{name} {request.query.get('Version', '')}")
            inside = action(caller, request.query)
        except Refused as error:
            return self._refuse(request.service, error)
        except Unexpected as error:
            return self._surprise(request.service, str(error))
        except Exception as error:  # a defect of the fake: told in `unexpected`, not by a closed connection
            return self._surprise(request.service, f"{name} broke the fake: {type(error).__name__}: {error}")
        if request.service != "ec2":
            result = f"{request.action}Result".encode()
            inside = b"<%s>%s</%s>" % (result, inside, result)
            meta = f"<ResponseMetadata><RequestId>{next(self._ids)}</RequestId></ResponseMetadata>"
        else:
            meta = f"<requestId>{next(self._ids)}</requestId>"
        head = f'<{request.action}Response xmlns="{_NAMESPACES[request.service]}">{meta}'
        return _encode(200, b"%s%s</%sResponse>" % (head.encode(), inside, request.action.encode()))

    def refuse(self, reason: str) -> bytes:
        """The answer to bytes that are no request."""
        return self._surprise("ec2", f"not HTTP: {reason}")

    def _surprise(self, service: str, what: str) -> bytes:
        self.unexpected.append(what)
        return self._refuse(service, Refused("InvalidAction", f"the fake does not model {what}"))

    def _refuse(self, service: str, error: Refused) -> bytes:
        if service == "eks":
            body = json.dumps({"message": error.message}).encode()
            return _encode(error.status, body, f"application/json\r\nx-amzn-ErrorType: {error.code}")
        what = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
        if service == "ec2":
            text = f"<Response><Errors><Error>{what}</Errors><RequestID>{next(self._ids)}</RequestID></Response>"
        else:
            text = f"<ErrorResponse><Error><Type>Sender</Type>{what}<RequestId>{next(self._ids)}</RequestId></ErrorResponse>"
        return _encode(error.status, text.encode())


def _encode(status: int, body: bytes, content_type: str = "text/xml;charset=UTF-8") -> bytes:
    head = f"{status_line(status)}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class FakeEc2(Server):
    """One server.

    :param latency: seconds, added to every request.
    """

    def __init__(
        self, *, store: Optional[Ec2Store] = None, latency: float = 0.0, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.store = store or Ec2Store()
        self.rules = Rules()
        self.service = Ec2Service(self.store, self.rules, latency)
        super().__init__(self.service, host, port)

    @property
    def counters(self) -> CounterType[str]:
        """Requests by action: ``ec2:StopInstances``."""
        return Counter(self.service.counters)

    @property
    def unexpected(self) -> List[str]:
        """What was asked for and is not modelled. A test that ends with something here has gone wrong."""
        return list(self.service.unexpected)

    def reset(self) -> None:
        """Forget what was counted."""
        self.service.counters.clear()
        self.service.unexpected.clear()

    def renew(self) -> None:
        """As a new one: nothing in it, no faults, nothing counted."""
        self.store.places.clear()
        self.store.room.clear()
        self.rules.clear()
        self.reset()

    def environment(self, region: str = "eu-central-1") -> Dict[str, str]:
        """Variables that point botocore and everything built on it here."""
        return clients.environment(self.url, region)

    def client(self, service: str = "ec2", region: str = "eu-central-1", **options: Any) -> Any:
        """A boto3 client of this server."""
        return clients.boto_client(self.url, service, region, **options)


def main(arguments: Optional[List[str]] = None) -> None:
    """Serve until SIGTERM or SIGINT come."""
    given = argparse.ArgumentParser(prog="fake_ec2", description="A fake EC2 on loopback.")
    given.add_argument("--port", type=int, default=0)
    given.add_argument("--seed", type=int, default=0, help="so many instances, each with a tag Schedule")
    given.add_argument("--tag", default="office", help="its value")
    given.add_argument("--region", default="eu-central-1", help="where they are")
    given.add_argument("--state", default="running", help="what they do")
    given.add_argument("--latency", type=float, default=0.0, help="seconds a request")
    given.add_argument("--until-eof", action="store_true", help="end when stdin does, e.g. with the parent")
    chosen = given.parse_args(arguments)
    fake = FakeEc2(latency=chosen.latency, port=chosen.port)
    fake.store.seed(chosen.seed, chosen.region, chosen.tag, chosen.state)
    for instance in fake.store.place(chosen.region).instances.values():
        instance.render()
    serve_until_told(fake, lambda: {"environment": fake.environment(chosen.region)}, chosen.until_eof)


if __name__ == "__main__":
    main()
