# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The physical limit for many small reads of S3: as little code as can make the calls, sign them, and find the answers' ends.

It knows nothing of errors but "try again", keeps no answer, and judges nothing. Run as a program it reads its job as
JSON from stdin and prints ``{"wall", "cpu", "rss_mb", "calls"}``.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import resource
import ssl
import sys
import time
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, Optional

EMPTY = hashlib.sha256(b"").hexdigest()


class Floor:
    def __init__(self, job: Dict[str, Any]) -> None:
        self.job = job
        self.host, self.port = job["host"], job["port"]
        self.context: Optional[ssl.SSLContext] = ssl.create_default_context(cafile=job["ca"]) if job["ca"] else None
        self.stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        self.keys: Dict[str, bytes] = {}
        self.calls = 0

    def key(self, region: str) -> bytes:
        if region not in self.keys:
            key = ("AWS4" + self.job["secret_key"]).encode()
            for part in (self.stamp[:8], region, "s3", "aws4_request"):
                key = hmac.new(key, part.encode(), "sha256").digest()
            self.keys[region] = key
        return self.keys[region]

    def request(self, region: str, path: str, query: str) -> bytes:
        name = query if "=" in query or not query else query + "="
        head = f"host:{self.host}:{self.port}\nx-amz-content-sha256:{EMPTY}\nx-amz-date:{self.stamp}\n"
        signed = "host;x-amz-content-sha256;x-amz-date"
        digest = hashlib.sha256(f"GET\n{path}\n{name}\n{head}\n{signed}\n{EMPTY}".encode()).hexdigest()
        scope = f"{self.stamp[:8]}/{region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{self.stamp}\n{scope}\n{digest}".encode()
        signature = hmac.new(self.key(region), text, "sha256").hexdigest()
        return (
            f"GET {path}?{name} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nx-amz-content-sha256: {EMPTY}\r\n"
            f"x-amz-date: {self.stamp}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={self.job['access_key']}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}\r\n\r\n"
        ).encode()

    async def ask(self, link: "Link", region: str, path: str, query: str) -> bytes:
        while True:
            self.calls += 1
            status: int
            body: bytes
            status, body = await link.ask(self.request(region, path, query))
            if status != 503:
                return body

    async def work(self, todo: Iterator[Any]) -> None:
        link = await self.link()
        for region, path, query in todo:
            await self.ask(link, region, path, query)
        link.transport.close()

    async def link(self) -> "Link":
        loop = asyncio.get_running_loop()
        _transport, link = await loop.create_connection(Link, self.host, self.port, ssl=self.context)
        return link

    async def run(self) -> None:
        link, buckets, query = await self.link(), [], "max-buckets=1000"
        await self.ask(link, self.job["region"], "/", "max-buckets=1")  # instead of asking STS who we are
        while True:
            page = (await self.ask(link, self.job["region"], "/", query)).decode()
            buckets += re.findall(r"<Name>(.*?)</Name>.*?<BucketRegion>(.*?)</BucketRegion>", page)
            token = re.search(r"<ContinuationToken>(.*?)</ContinuationToken>", page)
            if not token:
                break
            query = f"continuation-token={token[1]}&max-buckets=1000"
        link.transport.close()
        todo = ((region, f"/{name}", query) for name, region in buckets for query in self.job["queries"])
        await asyncio.gather(*(self.work(todo) for _unused in range(self.job["concurrency"])))


class Link(asyncio.Protocol):
    """One connection, one request at a time."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.buffer = b""
        self.answer: Optional[asyncio.Future[Any]] = None

    def ask(self, data: bytes) -> "asyncio.Future[Any]":
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            return
        found = re.search(rb"content-length: *(\d+)", self.buffer[:end], re.I)
        # A chunked answer ends with an empty chunk; one that ended so in mid-body would be a rare bad luck here.
        whole = len(self.buffer) >= end + int(found[1]) if found else self.buffer.endswith(b"\r\n0\r\n\r\n")
        if whole and self.answer is not None:
            body = self.buffer[end:] if found else re.sub(rb"(^|\r\n)[0-9a-fA-F]+\r\n", b"", self.buffer[end:])
            status, self.buffer = int(self.buffer[9:12]), b""
            self.answer.set_result((status, body))

    def connection_lost(self, exc: Optional[Exception]) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError())


def main() -> None:
    floor = Floor(json.load(sys.stdin))
    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(floor.run())
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "calls": floor.calls,
            }
        )
    )


if __name__ == "__main__":
    main()
