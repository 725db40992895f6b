# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents of people: local files, objects in S3 and what https brings, no larger than such documents are; YAML and JSON."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
import urllib.error
import urllib.request
from typing import IO, Any, Callable, Dict, List, Optional, Set, Tuple, cast
from urllib.parse import urlsplit

from ..._aws.gateway.content import content
from ..._aws.gateway.objects import Objects
from ..._common.errors import Day2Error, GatewayError

LARGEST = 1 << 19  # bytes of YAML: it takes seconds to read
_HTTPS = "https://"
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_CHUNK = 1 << 16
_PATIENCE = 10.0  # seconds without a byte
_WHOLE = 30.0  # seconds for all of it


def fetch_bytes(place: str, objects: Callable[[], Objects], action: str, largest: int = LARGEST) -> bytes:
    """What lies at a local path, an ``s3://`` or an ``https://`` place.

    :param objects: gives what reads S3; not asked for other places.
    :raises GatewayError: naming the place, when it cannot be read or is larger.
    """
    if place[: len(_HTTPS)].lower() == _HTTPS:
        return _fetch(place, action, largest)
    pieces: List[bytes] = []
    size = 0
    for chunk in content(place, lambda bucket, key: objects().read(bucket, key, largest), action):
        pieces.append(chunk)
        size += len(chunk)
        if size > largest:
            raise GatewayError(action, place, f"it is larger than {largest} bytes")
    return b"".join(pieces)


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> Optional[urllib.request.Request]:
        if urlsplit(newurl).scheme != "https":
            raise urllib.error.URLError("it redirects to a place that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetch(url: str, action: str, largest: int) -> bytes:
    """With the certificate checked; the rest of the URL stays out of messages, as it is often all the secret there is."""
    target = _shown(url)
    until = time.monotonic() + _WHOLE
    try:
        context = ssl.create_default_context()
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _OnlyHttps())
        request = urllib.request.Request(url, headers={"User-Agent": "day2.ops", "Accept-Encoding": "identity"})
        pieces: List[bytes] = []
        size = 0
        with opener.open(request, timeout=_PATIENCE) as answer:
            while True:
                piece = answer.read1(_CHUNK)
                if not piece:
                    break
                pieces.append(piece)
                size += len(piece)
                if size > largest:
                    raise GatewayError(action, target, f"it is larger than {largest} bytes")
                if time.monotonic() > until:
                    raise GatewayError(action, target, f"it was not here after {_WHOLE:g} seconds")
        return b"".join(pieces)
    except GatewayError:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        raise GatewayError(action, target, f"HTTP status {error.code}") from None
    except urllib.error.URLError as error:
        raise GatewayError(action, target, str(error.reason)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise GatewayError(action, target, str(error) or type(error).__name__) from None


def _shown(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return f"{_HTTPS}{host}/…"


def parse_document(data: bytes, place: str) -> Dict[str, Any]:
    """The mapping that a YAML or JSON document is. Dates and times of day stay texts, as JSON would have them.

    :raises Day2Error: naming the place: for what is none, says a name twice, or refers to other parts of itself.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Day2Error(f"{place}: it is not UTF-8 ({error.reason} at byte {error.start})") from None
    try:
        document = _read(text)
    except RecursionError:
        raise Day2Error(f"{place}: it is nested too deep") from None
    except _Unreadable as error:
        raise Day2Error(f"{place}: {error}") from None
    if not isinstance(document, dict):
        raise Day2Error(f"{place}: a mapping of names is expected at its top")
    for name in document:
        if not isinstance(name, str):
            raise Day2Error(f"{place}: {name!r} is not a text; put the name in quotes")
    return cast(Dict[str, Any], document)


class _Unreadable(Exception):
    """What is wrong with a document."""


def _read(text: str) -> Any:
    why = ""
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_once)
        except ValueError as error:
            why = f"it is not JSON ({error})"  # a mapping of YAML may begin so, too
    try:
        import yaml
    except ImportError as error:
        raise _Unreadable(
            why
            or f"the Python package PyYAML is needed to read YAML and cannot be imported ({error}): install it for the interpreter"
            " that runs this task (python -m pip install PyYAML), or write JSON"
        ) from None
    try:
        return yaml.load(text, Loader=_loader(yaml))  # a SafeLoader that takes less
    except RecursionError:
        raise
    except Exception as error:  # whatever a text makes of a library, it is the text that is wrong
        raise _Unreadable(f"it is not YAML ({' '.join(str(error).split())[:300]})") from None


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Unreadable(f"{next(name for name in names if names.count(name) > 1)!r} is there twice")
    return found


def _loader(yaml: Any) -> Any:
    """PyYAML's safe loader without aliases, which can make much of little, with each key once, and with scalars as JSON
    has them: ``19:00`` is no number to the base of 60, and ``2026-12-25`` is a text.
    """

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark
                raise yaml.MarkedYAMLError(problem="aliases are not taken: write it out", problem_mark=mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: Set[str] = set()
            for key, _value in node.value:
                if not isinstance(key.value, str):
                    raise yaml.MarkedYAMLError(problem="a text is expected as a name", problem_mark=key.start_mark)
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"{key.value!r} is there twice", problem_mark=key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    kept = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag in kept]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-+.0123456789"))
    return Loader
