# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole S3 objects, one at a time and blocking: reports, backups and slices that lie at ``s3://`` places."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from typing import BinaryIO, Iterator, List, Mapping, Optional
from xml.etree import ElementTree

from ..._common.errors import GatewayError
from ..answer import AnswerError, Node, xml_root
from ..model import AwsError, Pairs, Request, Response
from .caller import Caller
from .client import Client

# The smallest part that S3 takes is 5 MiB; an object has at most 10,000 parts, here 80 GiB.
PART_BYTES = 8 << 20
_CHUNK = 1 << 18
# The key is somebody's, or somebody is storing there at this moment.
_TAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


class Objects:
    """Reads and writes objects. Every call is a conversation of its own, so none may be made inside an event loop."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._region = caller.session.region  # buckets of other regions are found by redirect

    def probe(self, bucket: str, key: str) -> None:
        """Make sure that an object can be put there, and leave nothing behind.

        Begins an upload in parts, which asks for the same permission as a whole one, and gives it up.

        :raises GatewayError: when it cannot.
        """

        async def talk(client: Client) -> None:
            upload = await self._begin(client, bucket, key, "application/octet-stream")
            await self._give_up(client, bucket, key, upload)

        self._caller.run(talk)

    def put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> None:
        """Store the ``size`` bytes of ``file``, which stands at its beginning; at most a part of it is in memory.

        :raises GatewayError: when it cannot be stored; then nothing is.
        """
        self._put(bucket, key, file, size, media_type, ())

    def put_new(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> bool:
        """Store as :meth:`put` does, unless there is such an object. Of many who try at once, one gets the key.

        :returns: whether the key was free; if not, nothing was stored.
        :raises GatewayError: as :meth:`put`.
        """
        try:
            self._put(bucket, key, file, size, media_type, (("if-none-match", "*"),))
        except AwsError as error:
            if error.code in _TAKEN:
                return False
            raise
        return True

    def _put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str, condition: Pairs) -> None:
        async def talk(client: Client) -> None:
            if size <= PART_BYTES:
                request = self._request("PutObject", "PUT", bucket, key, body=file.read(), media_type=media_type)
                await client.send(replace(request, headers=request.headers + condition))
                return
            upload = await self._begin(client, bucket, key, media_type)
            try:
                await self._send_parts(client, bucket, key, upload, file, condition)
            except BaseException:
                with contextlib.suppress(GatewayError):  # what went wrong first is what matters
                    await self._give_up(client, bucket, key, upload)
                raise

        self._caller.run(talk)

    def read(self, bucket: str, key: str, largest: int = 0) -> Iterator[bytes]:
        """The content in chunks. It is brought here whole first, since it may be larger than memory.

        :param largest: of how many bytes at most; 0 for any size.
        :raises GatewayError: when it cannot be read, or is larger.
        """
        with tempfile.TemporaryFile() as file:

            async def talk(client: Client) -> None:
                async for chunk in client.stream(self._request("GetObject", "GET", bucket, key)):
                    file.write(chunk)
                    if 0 < largest < file.tell():
                        raise GatewayError("read", f"s3://{bucket}/{key}", f"it is larger than {largest} bytes")

            try:
                self._caller.run(talk)
                file.seek(0)
                yield from iter(lambda: file.read(_CHUNK), b"")
            except OSError as error:
                raise GatewayError("read", f"s3://{bucket}/{key}", error.strerror or str(error)) from error

    def keys(self, bucket: str, prefix: str) -> List[str]:
        """The keys that begin with ``prefix``, in their order.

        :raises GatewayError: when they cannot be listed.
        """

        async def talk(client: Client) -> List[str]:
            found: List[str] = []
            token = ""
            while True:
                query = {"list-type": "2", "prefix": prefix, **({"continuation-token": token} if token else {})}
                request = self._request("ListObjectsV2", "GET", bucket, "", query)
                page = _answer(request, await client.send(request), "ListBucketResult")
                found += [element.text or "" for element in page.iterfind("Contents/Key")]
                token = page.findtext("NextContinuationToken") or ""
                if not token:
                    return found

        return self._caller.run(talk)

    async def _begin(self, client: Client, bucket: str, key: str, media_type: str) -> str:
        request = self._request("CreateMultipartUpload", "POST", bucket, key, {"uploads": ""}, media_type=media_type)
        upload = _answer(request, await client.send(request), "InitiateMultipartUploadResult").findtext("UploadId")
        if not upload:
            raise GatewayError(request.action, request.target, "the answer names no upload")
        return upload

    async def _send_parts(
        self, client: Client, bucket: str, key: str, upload: str, file: BinaryIO, condition: Pairs
    ) -> None:
        root = ElementTree.Element("CompleteMultipartUpload")
        for number in range(1, 10_001):
            body = file.read(PART_BYTES)
            if not body:
                break
            part = {"partNumber": str(number), "uploadId": upload}
            answer = await client.send(self._request("UploadPart", "PUT", bucket, key, part, body=body))
            entry = ElementTree.SubElement(root, "Part")
            ElementTree.SubElement(entry, "PartNumber").text = str(number)
            ElementTree.SubElement(entry, "ETag").text = answer.headers.get("etag", "")
        body = ElementTree.tostring(root)
        request = self._request("CompleteMultipartUpload", "POST", bucket, key, {"uploadId": upload}, body=body)
        await client.send(replace(request, headers=request.headers + condition))

    async def _give_up(self, client: Client, bucket: str, key: str, upload: str) -> None:
        await client.send(self._request("AbortMultipartUpload", "DELETE", bucket, key, {"uploadId": upload}))

    def _request(
        self,
        action: str,
        method: str,
        bucket: str,
        key: str,
        query: Optional[Mapping[str, str]] = None,
        *,
        body: bytes = b"",
        media_type: str = "",
    ) -> Request:
        return Request(
            action=f"s3:{action}",
            target=f"s3://{bucket}/{key}",
            service="s3",
            region=self._region,
            method=method,
            path=f"/{bucket}/{key}" if key else f"/{bucket}",
            query=tuple((query or {}).items()),
            headers=(("content-type", media_type),) if media_type else (),
            body=body,
        )


def _answer(request: Request, response: Response, name: str) -> Node:
    try:
        return xml_root(response.body, name)
    except AnswerError as error:
        raise GatewayError(request.action, request.target, str(error)) from None
