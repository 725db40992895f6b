# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control endpoint of a fake in a process of its own: ``/_control/…``, JSON in and out, no signature.

=======  =========================  ===================================================================================
GET      /_control/state            counts of buckets and connections, most requests at once, settings, rules
GET      /_control/counters         requests per action
GET      /_control/unexpected       what was asked for and is not modelled
POST     /_control/reset            forget what was counted
GET      /_control/rules            the faults in force, with their hits
POST     /_control/rules            add one (an object) or several (a list)
DELETE   /_control/rules            no more faults
POST     /_control/settings         change some of them
GET      /_control/buckets/<name>   region, account, documents (text), keys of objects, denied actions
PUT      /_control/buckets/<name>   the same, to seed what no PUT of S3 would take; creates the bucket
DELETE   /_control/buckets/<name>   forget it, with its objects
PUT      /_control/keys/<key>       account, secret, token, requests, expires: who may sign, and for how long
=======  =========================  ===================================================================================
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, Dict, List, Tuple

from .buckets import SUBRESOURCES, Answer
from .rules import rule_of
from .service import Service, Settings
from .store import ACCOUNT, Bucket, Key
from .wire import HttpRequest

Result = Tuple[int, Any]


class Control:
    """Answers control requests for one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __call__(self, request: HttpRequest) -> Answer:
        """One control request."""
        try:
            given = json.loads(request.body) if request.body else {}
            status, result = self._dispatch(request.method, request.target[len("/_control/") :], given)
        except (ValueError, TypeError, KeyError) as error:
            status, result = 400, {"error": f"{type(error).__name__}: {error}"}
        return Answer(status, json.dumps(result).encode(), (), "application/json")

    def _dispatch(self, method: str, path: str, given: Any) -> Result:
        service = self._service
        what, _unused, name = path.partition("/")
        if what == "buckets" and name:
            return self._bucket(method, name, given)
        if what == "keys" and name and method == "PUT":
            service.store.keys[name] = Key(**given)
            return 200, {}
        if (method, what) == ("GET", "state"):
            return 200, self._state()
        if (method, what) == ("GET", "counters"):
            return 200, dict(service.counters)
        if (method, what) == ("GET", "unexpected"):
            return 200, service.unexpected
        if (method, what) == ("POST", "reset"):
            service.reset()
            return 200, {}
        if what == "rules":
            return self._rules(method, given)
        if (method, what) == ("POST", "settings"):
            known = {entry.name for entry in fields(Settings)}
            for key, value in given.items():
                if key not in known:
                    raise ValueError(f"unknown setting {key}; there are {', '.join(sorted(known))}")
                setattr(service.settings, key, value)
            return 200, asdict(service.settings)
        return 404, {"error": f"no {method} {path}"}

    def _state(self) -> Dict[str, Any]:
        service = self._service
        return {
            "buckets": len(service.store.buckets),
            "requests": sum(service.counters.values()),
            "connections": service.connections,
            "max_connections": service.max_connections,
            "connections_made": service.connections_made,
            "max_in_flight": service.max_in_flight,
            "settings": asdict(service.settings),
            "rules": [rule.as_dict() for rule in service.rules.rules],
            "unexpected": len(service.unexpected),
        }

    def _rules(self, method: str, given: Any) -> Result:
        rules = self._service.rules
        if method == "POST":
            many: List[Any] = given if isinstance(given, list) else [given]
            rules.rules.extend([rule_of(one) for one in many])
        elif method == "DELETE":
            rules.clear()
        elif method != "GET":
            return 405, {"error": method}
        return 200, [rule.as_dict() for rule in rules.rules]

    def _bucket(self, method: str, name: str, given: Any) -> Result:
        store = self._service.store
        bucket = store.buckets.get(name)
        if method == "PUT":
            return 200, _described(self._seed(bucket, name, given))
        if bucket is None:
            return 404, {"error": f"no bucket {name}"}
        if method == "DELETE":
            store.delete(bucket)
            return 200, {}
        return 200, _described(bucket)

    def _seed(self, bucket: "Bucket | None", name: str, given: Dict[str, Any]) -> Bucket:
        unknown = set(given) - {"region", "account", "documents", "remove", "denied", "objects"}
        if unknown:
            raise ValueError(f"unknown {', '.join(sorted(unknown))}")
        documents: Dict[str, str] = given.get("documents", {})
        if set(documents) - set(SUBRESOURCES):
            raise ValueError(f"documents are {', '.join(SUBRESOURCES)}")
        if bucket is None:
            bucket = self._service.store.add(name, given.get("region", "us-east-1"), given.get("account", ACCOUNT))
        for sub, text in documents.items():
            bucket.put(sub, text.encode())
        bucket.remove(*given.get("remove", ()))
        bucket.denied = tuple(given.get("denied", bucket.denied))
        for key, values in given.get("objects", {}).items():
            bucket.put_object(key, values.pop("body", "").encode(), **values)
        return bucket


def _described(bucket: Bucket) -> Dict[str, Any]:
    return {
        "name": bucket.name,
        "region": bucket.region,
        "account": bucket.account,
        "documents": {name: text.decode("utf-8", "replace") for name, text in bucket.documents.items()},
        "objects": sorted(bucket.objects),
        "denied": list(bucket.denied),
    }
