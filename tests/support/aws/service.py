# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request in, one answer out: authentication, dispatch, counting. The connections are in :mod:`wire`."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from dataclasses import dataclass
from email.utils import formatdate
from fnmatch import fnmatchcase
from typing import Awaitable, Callable, Deque, List, NamedTuple, Optional, Sequence, Set, Tuple, Union
from typing import Counter as CounterType
from urllib.parse import parse_qsl

from . import buckets, listing, objects, signature, upstream
from .buckets import SUBRESOURCES, Answer
from .errors import S3Error
from .routing import route
from .rules import Rules
from .schema import SCHEMAS, document, parse
from .store import ACCOUNT, Bucket, Store
from .wire import Fault, HttpRequest, status_line

CONTROL_NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
LOG_LIMIT = 20_000
_NO_FAULT = Fault()
_HOST_ID = "dGhlIGZha2UgUzMgb2YgdGhlIHRlc3Rz"


@dataclass
class Settings:
    """What a test may change while the server runs. Times are in seconds."""

    latency: float = 0.0  # added to every request
    redirects: Union[bool, str] = False  # True: 301 for a bucket of another region; "malformed": 400
    verify_signatures: bool = False
    chunked: bool = True  # XML answers as chunks, as S3 sends them; False: with Content-Length
    clock_offset: float = 0.0  # the server's clock against ours
    assumed_session_requests: Optional[int] = None  # how many requests a session from AssumeRole is good for
    refused_roles: Sequence[str] = ()  # globs of the ARNs of roles that nobody may assume
    block_sse_c: bool = False  # whether new buckets block SSE-C, as those of newer accounts do
    keep_alive_requests: int = 0  # answers on a connection before it ends with notice; 0: without end


class Entry(NamedTuple):
    """One line of the request log."""

    action: str  # s3:GetBucketPolicy
    bucket: str
    status: int
    account: str


class Service:
    """The application behind every connection of one fake."""

    def __init__(self, store: Store, rules: Rules, settings: Settings, moto: str = "") -> None:
        self.store = store
        self.rules = rules
        self.settings = settings
        self.moto = moto  # URL of the moto server for everything that is not S3
        self.control: Optional[Callable[[HttpRequest], Answer]] = None
        self.connections = self.max_connections = self.connections_made = 0
        self.in_flight = self.max_in_flight = 0
        self.counters: CounterType[str] = Counter()
        self.log: Deque[Entry] = deque(maxlen=LOG_LIMIT)
        self.unexpected: List[str] = []
        self._aws_managed: Set[str] = set()  # ids of KMS keys
        self._ids = itertools.count(1)
        self._date: Tuple[int, bytes] = (0, b"")

    def reset(self) -> None:
        """Forget what was counted."""
        self.counters.clear()
        self.log.clear()
        self.unexpected.clear()
        self.max_in_flight, self.max_connections, self.connections_made = self.in_flight, self.connections, 0

    def now(self) -> float:
        """The server's clock."""
        return time.time() + self.settings.clock_offset

    # --- the protocol of wire.Application ----------------------------------------------------------------------------

    def begin(self, request: HttpRequest) -> Fault:
        """Learn what the request is and count it; say what is to go wrong."""
        if self.control is not None and request.target.startswith("/_control/"):
            request.service = "control"
            return _NO_FAULT
        route(request)
        self.counters[f"{request.service}:{request.action}"] += 1
        latency = self.settings.latency
        fault = self.rules.fault(request.service, request.action, request.bucket) if self.rules.rules else None
        if fault is None:
            return Fault("", latency) if latency else _NO_FAULT
        fault.delay += latency
        return fault

    def answer(self, request: HttpRequest, fault: Fault) -> Union[bytes, Awaitable[bytes]]:
        """The whole answer."""
        if request.service == "control" and self.control is not None:
            return self._encode(self.control(request), False)
        try:
            if fault.error is not None:
                raise fault.error
            self._authenticate(request)
            if request.service == "s3":
                return self._s3(request)
            if request.service == "s3control":
                return self._finish(request, self._account_block(request))
            return self._elsewhere(request)
        except S3Error as error:
            return self._refuse(request, error)
        except Exception as error:  # a defect of the fake: told in `unexpected`, not by a closed connection
            self._surprise(f"{request.service}:{request.action} broke the fake: {type(error).__name__}: {error}")
            return self._refuse(request, S3Error("InternalError"))

    def refuse(self, reason: str) -> bytes:
        """The answer to bytes that are no request."""
        self._surprise(f"not HTTP: {reason}")
        body = S3Error("BadRequest", "An error occurred when parsing the HTTP request.", 400).document("", _HOST_ID)
        head = f"{status_line(400)}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"Connection: close\r\n\r\n" + body

    # --- who is it ---------------------------------------------------------------------------------------------------

    def _authenticate(self, request: HttpRequest) -> None:
        headers = request.headers
        authorization = headers.get("authorization")
        if authorization is None:
            if request.service == "sts":
                return  # web identity
            if "X-Amz-Signature=" in request.target:
                self._surprise(f"presigned {request.method} {request.target.partition('?')[0]}")
                raise S3Error("NotImplemented", "presigned URLs")
            raise S3Error("AccessDenied")
        if not request.access_key:
            raise S3Error(
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            )
        now = self.now()
        key = self.store.keys.get(request.access_key)
        token = headers.get("x-amz-security-token", "")
        if key is None:
            if self.settings.verify_signatures:
                raise S3Error("InvalidAccessKeyId", elements={"AWSAccessKeyId": request.access_key})
            request.account = ACCOUNT
        else:
            request.account = key.account
            if token != key.token:
                raise S3Error("InvalidToken", elements={"Token-0": token[:8]})
            if key.requests is not None:
                if key.requests <= 0:
                    raise S3Error("ExpiredToken")
                key.requests -= 1
            if key.expires is not None and now >= key.expires:
                raise S3Error("ExpiredToken")
        if request.service in ("s3", "s3control"):
            signature.check_payload(request)
        if self.settings.verify_signatures and key is not None:
            claim = signature.claim_of(authorization)
            if claim is None:
                raise S3Error("AuthorizationHeaderMalformed")
            signature.verify(request, claim, key.secret, now)

    # --- S3 ----------------------------------------------------------------------------------------------------------

    def _s3(self, request: HttpRequest) -> bytes:
        if request.unexpected:
            raise self._not_modelled(request)
        action = request.action
        if action == "ListBuckets":
            return self._finish(request, listing.list_buckets(self.store, request))
        if action == "CreateBucket":
            blocked = ("SSE-C",) if self.settings.block_sse_c else ()
            return self._finish(request, buckets.create(self.store, request, blocked))
        bucket = self._bucket(request)
        if request.method == "GET" and not request.key and action != "ListObjectsV2":
            return self._document(request, bucket)
        return self._finish(request, self._bucket_action(request, bucket))

    def _bucket(self, request: HttpRequest) -> Bucket:
        bucket = self.store.buckets.get(request.bucket)
        if bucket is None:
            raise S3Error("NoSuchBucket", elements={"BucketName": request.bucket})
        where = {"x-amz-bucket-region": bucket.region}
        if self.settings.redirects and bucket.region != request.region and request.action != "GetBucketLocation":
            if self.settings.redirects == "malformed":
                raise S3Error(
                    "AuthorizationHeaderMalformed",
                    f"The authorization header is malformed; the region '{request.region}' is wrong; "
                    f"expecting '{bucket.region}'",
                    elements={"Region": bucket.region},
                    headers=where,
                )
            endpoint = f"s3.{bucket.region}.amazonaws.com"
            raise S3Error("PermanentRedirect", elements={"Endpoint": endpoint, "Bucket": bucket.name}, headers=where)
        owner = request.headers.get("x-amz-expected-bucket-owner")
        if bucket.account != request.account or (owner is not None and owner != bucket.account):
            raise S3Error("AccessDenied", headers=where)
        if bucket.denied and any(fnmatchcase(request.action, glob) for glob in bucket.denied):
            raise S3Error(
                "AccessDenied",
                f"User: arn:aws:iam::{request.account}:user/auditor is not authorized to perform: "
                f'{request.action} on resource: "arn:aws:s3:::{bucket.name}" with an explicit deny',
                headers=where if request.action == "HeadBucket" else None,
            )
        return bucket

    def _document(self, request: HttpRequest, bucket: Bucket) -> bytes:
        """The quick way: the part of the answer that never changes is kept with the bucket."""
        slot = request.action if self.settings.chunked else f"{request.action}+length"
        tail = bucket.cache.get(slot)
        if tail is None:
            name = next(one for one in request.query if one in SUBRESOURCES)
            body, content_type = buckets.read(bucket, name)
            extra: Tuple[Tuple[str, str], ...] = ()
            if name == "lifecycle":
                extra = (("x-amz-transition-default-minimum-object-size", "all_storage_classes_128K"),)
            tail = bucket.cache[slot] = self._tail(Answer(200, body, extra, content_type), False)
        self.log.append(Entry(f"s3:{request.action}", request.bucket, 200, request.account))
        return self._head(200, self._request_id()) + tail

    def _bucket_action(self, request: HttpRequest, bucket: Bucket) -> Answer:
        action = request.action
        if request.key:
            if action == "PutObject":
                return objects.put(bucket, request, self.now())
            return objects.delete(bucket, request) if action == "DeleteObject" else objects.get(bucket, request)
        if action == "ListObjectsV2":
            return listing.list_objects(bucket, request)
        if action == "HeadBucket":
            found = (("x-amz-bucket-region", bucket.region), ("x-amz-access-point-alias", "false"))
            return Answer(200, b"", found)
        if action == "DeleteBucket":
            if bucket.objects:
                raise S3Error("BucketNotEmpty", elements={"BucketName": bucket.name})
            self.store.delete(bucket)
            return Answer(204)
        name = next(one for one in request.query if one in SUBRESOURCES)
        if request.method == "PUT":
            return buckets.put(self.store, bucket, name, request)
        return buckets.remove(bucket, name)

    # --- S3 Control --------------------------------------------------------------------------------------------------

    def _account_block(self, request: HttpRequest) -> Answer:
        if request.unexpected:
            raise self._not_modelled(request)
        account = request.headers.get("x-amz-account-id", "")
        if not account:
            raise S3Error("InvalidRequest", "Missing account ID")
        if account != request.account:
            raise S3Error("AccessDenied", elements={"AccountId": account})
        blocks = self.store.account_blocks
        if request.method == "GET":
            if account not in blocks:
                raise S3Error("NoSuchPublicAccessBlockConfiguration", elements={"AccountId": account})
            return Answer(body=blocks[account])
        if request.method == "DELETE":
            blocks.pop(account, None)
            return Answer(204)
        root = parse(request.body, SCHEMAS["publicAccessBlock"])
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        pairs = zip(names, buckets.flags_of(root))
        inner = "".join(f"<{name}>{'true' if flag else 'false'}</{name}>" for name, flag in pairs)
        blocks[account] = document("PublicAccessBlockConfiguration", inner, CONTROL_NAMESPACE)
        return Answer(201)

    # --- the rest of AWS ---------------------------------------------------------------------------------------------

    def _elsewhere(self, request: HttpRequest) -> Union[bytes, Awaitable[bytes]]:
        if not self.moto:
            if request.service == "sts" and request.action == "GetCallerIdentity":
                self._note(request, 200)
                return upstream.caller_identity(request, self._request_id())
            raise self._not_modelled(request)
        if request.service == "sts" and self.settings.refused_roles:
            role = dict(parse_qsl(request.body.decode("latin-1"))).get("RoleArn", "")
            if any(fnmatchcase(role, glob) for glob in self.settings.refused_roles):
                raise S3Error("AccessDenied", f"not authorized to perform: sts:AssumeRole on resource: {role}")
        return self._forward(request)

    async def _forward(self, request: HttpRequest) -> bytes:
        try:
            answer = await upstream.forward(self.moto, request)
        except (OSError, ValueError, IndexError) as error:
            return self._refuse(request, S3Error("ServiceUnavailable", f"moto: {error}"))
        self._note(request, int(answer.split(b" ", 2)[1]))
        if request.service == "sts" and request.action.startswith("AssumeRole"):
            upstream.remember_session(self.store, answer, self.settings.assumed_session_requests)
        return upstream.amend(request, answer, self._aws_managed, self._request_id())

    # --- writing -----------------------------------------------------------------------------------------------------

    def _surprise(self, what: str) -> None:
        if len(self.unexpected) < LOG_LIMIT:
            self.unexpected.append(what)

    def _not_modelled(self, request: HttpRequest) -> S3Error:
        what = request.unexpected or f"{request.service}:{request.action}"
        self._surprise(what)
        return S3Error("NotImplemented", f"the fake does not model {what}")

    def _request_id(self) -> str:
        return f"{next(self._ids):016X}"

    def _note(self, request: HttpRequest, status: int) -> None:
        self.log.append(Entry(f"{request.service}:{request.action}", request.bucket, status, request.account))

    def _finish(self, request: HttpRequest, answer: Answer, request_id: str = "") -> bytes:
        self._note(request, answer.status)
        return self._encode(answer, request.method == "HEAD", request_id)

    def _refuse(self, request: HttpRequest, error: S3Error) -> bytes:
        if error.code == "NotImplemented" and not request.unexpected and request.service in ("s3", "s3control"):
            self._surprise(f"{request.action}: {error.message}")
        request_id = self._request_id()
        if request.service not in ("s3", "s3control"):
            self._note(request, error.status)
            return upstream.refusal(request, error, request_id, self.now())
        body = error.document(request_id, _HOST_ID)
        if request.service == "s3control":
            body = body.replace(b"<Error>", f'<ErrorResponse xmlns="{CONTROL_NAMESPACE}"><Error>'.encode())
            body = body.replace(b"<RequestId>", b"</Error><RequestId>").replace(
                b"</HostId></Error>", b"</HostId></ErrorResponse>"
            )
        return self._finish(request, Answer(error.status, body, tuple(error.headers.items())), request_id)

    def _head(self, status: int, request_id: str) -> bytes:
        second = int(self.now())
        if second != self._date[0]:
            self._date = (second, formatdate(second, usegmt=True).encode())
        return b"%s\r\nx-amz-id-2: %s\r\nx-amz-request-id: %s\r\nDate: %s\r\nServer: AmazonS3\r\n" % (
            _STATUS.get(status) or status_line(status).encode(),
            _HOST_ID.encode(),
            request_id.encode(),
            self._date[1],
        )

    def _tail(self, answer: Answer, head_only: bool) -> bytes:
        lines = [f"{name}: {value}" for name, value in answer.headers]
        body = answer.body
        is_object = any(name == "ETag" for name, _unused in answer.headers)
        if body or head_only:
            lines.append(f"Content-Type: {answer.content_type}")
        if answer.status == 204:
            body = b""
        elif self.settings.chunked and body and answer.content_type == "application/xml" and not is_object:
            lines.append("Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        elif is_object or not head_only:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + (b"" if head_only else body)

    def _encode(self, answer: Answer, head_only: bool, request_id: str = "") -> bytes:
        return self._head(answer.status, request_id or self._request_id()) + self._tail(answer, head_only)


_STATUS = {status: status_line(status).encode() for status in (200, 204, 301, 400, 403, 404, 503)}
