# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of remediation that kills itself with SIGKILL at a chosen moment, in a process of its own.

::

    python -m ansible_collections.day2.ops.tests.support.dying URL DIRECTORY {save|before|after} NUMBER

``save``: while the backup is written; ``before``: with the NUMBER-th change about to be sent; ``after``: with its
answer just there; ``never``: not at all.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import islice
from typing import AsyncIterator, Iterator

from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.sender import Sender
from ansible_collections.day2.ops.plugins.module_utils._aws.model import Request, Response
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway import backup
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.apply import apply
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.revert import Backup

from .aws.store import ACCOUNT
from .collecting import with_client
from .remediating import Run, at_once

CHECKS = ("tls_only", "versioning")


def die() -> None:
    """As ``kill -9`` would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingBackup(Backup):
    """Never gets to the end of being written."""

    def chunks(self) -> Iterator[str]:
        """The first chunk."""
        yield from islice(super().chunks(), 1)
        die()


class DyingSender(Sender):
    """Dies before or after the ``number``-th change."""

    def __init__(self, client: Sender, moment: str, number: int) -> None:
        self._client = client
        self._moment = moment
        self._left = number

    async def send(self, request: Request) -> Response:
        """As the client, if it lives."""
        if request.method != "PUT":
            return await self._client.send(request)
        self._left -= 1
        mine = self._left == 0
        if mine and self._moment == "before":
            die()
        answer = await self._client.send(request)
        if mine and self._moment == "after":
            die()
        return answer

    def stream(self, request: Request) -> AsyncIterator[bytes]:
        """As the client."""
        return self._client.stream(request)


def main(url: str, directory: str, moment: str, number: str) -> None:
    """Plan, save, apply, and die."""
    run = Run(url, CHECKS)
    run.plan()
    saved = run.backup()
    if moment == "save":
        saved = DyingBackup(saved.run_id, saved.account, saved.partition, saved.changes)
    backup.save(saved, directory)
    with_client(url, lambda client: apply(DyingSender(client, moment, int(number)), saved.changes, ACCOUNT, at_once))


if __name__ == "__main__":
    main(*sys.argv[1:])
