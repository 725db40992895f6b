# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The buckets of the account, a page at a time, as far as they are selected by name and region."""

from __future__ import annotations

from typing import List, Optional, Set

from ..._aws.answer import AnswerError
from ..._aws.gateway.sender import Sender
from ..._aws.model import AwsError
from ..._common.errors import Day2Error, GatewayError
from .. import parse, requests
from ..model import Unknown
from ..parse import BucketEntry
from ..reasons import why
from ..selection import Selection

_PERMISSION = "s3:ListAllMyBuckets"  # IAM has another name for it than the API


class Listing:
    """Reads the pages one by one until :attr:`done`.

    The listing is asked for as little as the selection allows: by prefix, by region, and no further than to the last
    bucket that is spelled out. ``incomplete`` says why buckets may be missing; ``absent`` are names that were spelled
    out and are not there.
    """

    def __init__(self, sender: Sender, region: str, selection: Selection) -> None:
        self._sender = sender
        self._region = region
        self._selection = selection
        self._token = ""
        self._awaited: Set[str] = set(selection.expected)
        self.done = selection.only_names and not selection.expected
        self.incomplete: Optional[Unknown] = None

    async def next(self) -> List[BucketEntry]:
        """The selected buckets of the next page.

        :raises GatewayError: when not even the first page can be had. A later one that fails ends the listing.
        """
        token, select = self._token, self._selection
        request = requests.list_buckets(self._region, token, select.prefix, select.region_filter)
        try:
            page = parse.bucket_page((await self._sender.send(request)).body)
            if page.token and page.token == token:
                raise AnswerError("the same page again")
        except Day2Error as error:
            return self._failed(error, request.action)
        self._token = page.token
        chosen = [
            entry
            for entry in page.entries
            if select.names(entry.name) and (not entry.region or select.places(entry.region))
        ]
        self._awaited.difference_update(entry.name for entry in page.entries)
        self.done = not page.token or (select.only_names and not self._awaited)
        return chosen

    @property
    def absent(self) -> List[str]:
        """Names that were spelled out and that the listing, now done, did not have."""
        return [name for name in self._selection.expected if name in self._awaited]

    def _failed(self, error: Day2Error, action: str) -> List[BucketEntry]:
        self.done = True
        if self._token:
            self.incomplete = why(error, action, _PERMISSION)
            return []
        if self._selection.only_names and isinstance(error, AwsError) and error.status == 403:
            # Whoever may see but a few buckets can still audit them by name.
            self._awaited.clear()
            return [BucketEntry(name, "") for name in self._selection.expected]
        if isinstance(error, AwsError) and error.code == "AccessDenied":
            raise GatewayError(action, "", f"{error.cause} (needs {_PERMISSION})") from None
        raise error if isinstance(error, GatewayError) else GatewayError(action, "", str(error))
