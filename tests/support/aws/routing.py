# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which action of which service a request is, from nothing but its head."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, Tuple
from urllib.parse import parse_qsl, unquote

from .buckets import SUBRESOURCES
from .wire import HttpRequest

ACCOUNT_BLOCK_PATH = "/v20180820/configuration/publicAccessBlock"
_VIRTUAL = re.compile(r"(.+)\.(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?|localhost)")
_BUCKET_METHODS = {"PUT": "CreateBucket", "DELETE": "DeleteBucket", "HEAD": "HeadBucket"}
_OBJECT_METHODS = {"PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject", "GET": "GetObject"}
_ACCOUNT_METHODS = {
    "GET": "GetPublicAccessBlock",
    "PUT": "PutPublicAccessBlock",
    "DELETE": "DeletePublicAccessBlock",
}


@lru_cache(maxsize=4096)
def bucket_of_host(host: str) -> str:
    """The bucket that a virtual-host style Host header names, or nothing."""
    found = _VIRTUAL.fullmatch(host.partition(":")[0].lower())
    return found[1] if found else ""


@lru_cache(maxsize=1024)
def scope_of(credential: str) -> Tuple[str, str, str]:
    """Access key, region and service of ``AKIA…/20260301/eu-west-1/s3/aws4_request``; all empty when it is not one."""
    parts = credential.split("/")
    return (parts[0], parts[2], parts[3]) if len(parts) == 5 else ("", "", "")


def route(request: HttpRequest) -> None:
    """Fill in service, action, bucket, key, query, region, access key; ``unexpected`` when there is no such action."""
    if request.target.startswith("http://"):  # absolute form: the client takes us for a proxy
        request.target = f"/{request.target[7:].partition('/')[2]}"
    authorization = request.headers.get("authorization", "")
    start = authorization.find("Credential=")
    service = ""
    if start > 0:
        end = authorization.find(",", start)
        request.access_key, request.region, service = scope_of(authorization[start + 11 : end])
    target = request.headers.get("x-amz-target", "")
    if target or service not in ("", "s3"):
        _other(request, service, target)
    elif request.method == "POST" and not service and "=" in request.body[:7].decode("latin-1"):
        _other(request, "sts", "")  # AssumeRoleWithWebIdentity and its like come without a signature
    elif request.target.startswith("/v20180820/"):
        request.service = "s3control"
        request.action = _ACCOUNT_METHODS.get(request.method, "")
        if request.target != ACCOUNT_BLOCK_PATH or not request.action:
            request.unexpected = f"{request.method} {request.target}"
    else:
        request.service = "s3"
        _s3(request)


def _other(request: HttpRequest, service: str, target: str) -> None:
    request.service = service or "unsigned"
    if target:
        request.action = target.rpartition(".")[2]
    else:
        form: Dict[str, str] = dict(parse_qsl(request.body.decode("latin-1")))
        request.action = form.get("Action", f"{request.method} {request.target}")


def _s3(request: HttpRequest) -> None:
    path, _unused, query = request.target.partition("?")
    bucket = bucket_of_host(request.headers["host"])
    if bucket:
        key = path[1:]
    else:
        bucket, _unused, key = path[1:].partition("/")
    if "%" in path:
        bucket, key = unquote(bucket), unquote(key)
    request.bucket, request.key = bucket, key
    method = request.method
    if query in SUBRESOURCES:  # the quick way for almost all requests
        name = query
        request.query = {name: ""}
    else:
        request.query = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
        name = next((one for one in request.query if one in SUBRESOURCES), "")
    if bucket and not key and name:
        resource = SUBRESOURCES[name]
        action = {"GET": resource.get, "PUT": resource.put, "DELETE": resource.delete}.get(method, "")
        extra = set(request.query) - {name, "x-id"}
    elif not bucket:
        action, extra = ("ListBuckets" if method == "GET" else ""), set()
    elif key:
        action, extra = _OBJECT_METHODS.get(method, ""), set(request.query) - {"x-id"}
    elif method == "GET":
        action, extra = ("ListObjectsV2" if request.query.get("list-type") == "2" else ""), set()
    else:
        action, extra = _BUCKET_METHODS.get(method, ""), set(request.query) - {"x-id"}
    request.action = action
    if not action or extra:
        request.unexpected = f"{method} {request.target}"
