# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto does not serve: change calendars of Systems Manager, and the Price List. Strict: what botocore's model of a
service does not know is refused, and told in ``unexpected``. Also an https server that gives what a test puts there.

In a test::

    with FakeLists() as fake:
        fake.calendars["freeze"] = "BEGIN:VCALENDAR…"
        fake.products.append(ec2_product("m5.large", "eu-west-1", "0.107"))
        …
        assert fake.counters["pricing:GetProducts"] == 1 and fake.unexpected == []
"""

from __future__ import annotations

import json
import ssl
from collections import Counter
from functools import lru_cache
from typing import Any, Callable, Dict, List, Tuple
from typing import Counter as CounterType

from .certificates import Certificates
from .server import Server
from .wire import Fault, HttpRequest, status_line

NOT_MODELLED = {
    "signatures": "not checked: fake S3 and botocore's own tests do that",
    "filters of the Price List other than TERM_MATCH": "refused",
}
_PREFIXES = {"AmazonSSM": "ssm", "AWSPriceListService": "pricing"}
Answer = Tuple[int, Dict[str, str], bytes]


class _Application:
    """A function as the application behind every connection."""

    def __init__(self, answer: Callable[[HttpRequest], Answer]) -> None:
        self.connections = self.max_connections = self.connections_made = 0
        self.in_flight = self.max_in_flight = 0
        self._answer = answer

    def begin(self, request: HttpRequest) -> Fault:
        """Nothing goes wrong here by itself."""
        return Fault()

    def answer(self, request: HttpRequest, fault: Fault) -> bytes:
        """The whole answer."""
        status, headers, body = self._answer(request)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{status_line(status)}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body

    def refuse(self, reason: str) -> bytes:
        """The answer to bytes that are no request."""
        return f"{status_line(400)}\r\nContent-Length: 0\r\n\r\n".encode()


class HttpsPages(Server):
    """Pages by their path: status, headers and body."""

    def __init__(self, certificates: Certificates) -> None:
        self.pages: Dict[str, Answer] = {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.chain, certificates.key)
        super().__init__(_Application(self._page), "127.0.0.1", 0, context)

    def _page(self, request: HttpRequest) -> Answer:
        return self.pages.get(request.target, (404, {}, b""))


class FakeLists(Server):
    """Change calendars and products; ``page`` is how many products a page has."""

    def __init__(self, page: int = 100) -> None:
        self.calendars: Dict[str, str] = {}
        self.products: List[Dict[str, Any]] = []
        self.refusals: Dict[str, str] = {}  # action: code
        self.counters: CounterType[str] = Counter()
        self.unexpected: List[str] = []
        self._page = page
        super().__init__(_Application(self._reply), "127.0.0.1", 0)

    def _reply(self, request: HttpRequest) -> Answer:
        prefix, _other, operation = request.headers.get("x-amz-target", "").partition(".")
        action = f"{_PREFIXES.get(prefix, prefix)}:{operation}"
        self.counters[action] += 1
        status, body = self._act(action, request.body)
        return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()

    def _act(self, action: str, body: bytes) -> Tuple[int, Dict[str, Any]]:
        actions = {"ssm:GetDocument": self._document, "pricing:GetProducts": self._found}
        if action not in actions:
            return self._surprise(action)
        parameters = json.loads(body)
        wrong = _faults(action, parameters)
        if wrong:
            return self._surprise(f"{action}: {wrong}")
        if action in self.refusals:
            return 400, {"__type": self.refusals[action], "message": "because"}
        return actions[action](parameters)

    def _surprise(self, what: str) -> Tuple[int, Dict[str, Any]]:
        self.unexpected.append(what)
        return 400, {"__type": "UnknownOperationException", "message": f"the fake does not model {what}"}

    def _document(self, parameters: Dict[str, Any]) -> Tuple[int, Dict[str, Any]]:
        name = parameters["Name"]
        if name not in self.calendars:
            return 400, {"__type": "InvalidDocument", "message": "Document with name does not exist."}
        content = self.calendars[name]
        kind = "ChangeCalendar" if content.startswith("BEGIN") else "Command"
        return 200, {"Name": name, "Content": content, "DocumentType": kind, "DocumentFormat": "TEXT"}

    def _found(self, parameters: Dict[str, Any]) -> Tuple[int, Dict[str, Any]]:
        wanted = {each["Field"]: each["Value"] for each in parameters.get("Filters", [])}
        if any(each["Type"] != "TERM_MATCH" for each in parameters.get("Filters", [])):
            return self._surprise("filters that are no TERM_MATCH")
        found = [
            json.dumps(product)
            for product in self.products
            if product["serviceCode"] == parameters["ServiceCode"]
            and all(product["product"]["attributes"].get(name) == value for name, value in wanted.items())
        ]
        start = int(parameters.get("NextToken", "0"))
        stop = start + min(self._page, parameters["MaxResults"])
        more = {"NextToken": str(stop)} if stop < len(found) else {}
        return 200, {"FormatVersion": "aws_v1", "PriceList": found[start:stop], **more}


@lru_cache(maxsize=2)
def _model(service: str) -> Any:
    from botocore.session import Session

    return Session().get_service_model(service)


def _faults(action: str, parameters: Dict[str, Any]) -> str:
    """What the service's own model finds wrong with parameters."""
    from botocore.validate import ParamValidator

    service, _other, operation = action.partition(":")
    report = ParamValidator().validate(parameters, _model(service).operation_model(operation).input_shape)
    return str(report.generate_report())


def product(service: str, price: str, unit: str = "Hrs", **attributes: str) -> Dict[str, Any]:
    """A product as the Price List has it, with a price on demand and one that is reserved."""
    dimensions = {"A.1.2": {"unit": unit, "pricePerUnit": {"USD": price}}}
    reserved = {"A.2.3": {"unit": "Hrs", "pricePerUnit": {"USD": "0.0010000000"}}}
    return {
        "serviceCode": service,
        "product": {"productFamily": "Compute Instance", "sku": "A", "attributes": attributes},
        "terms": {
            "OnDemand": {"A.1": {"priceDimensions": dimensions}},
            "Reserved": {"A.2": {"priceDimensions": reserved}},
        },
    }


def ec2_product(type_name: str, region: str, price: str, **attributes: str) -> Dict[str, Any]:
    """Linux on shared hardware, unless it is said otherwise."""
    usual = {"operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}
    return product("AmazonEC2", price, instanceType=type_name, regionCode=region, **{**usual, **attributes})
