# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts of the organisation: those that a merged report must account for."""

from __future__ import annotations

from typing import List

from ..._aws.gateway.sender import Sender
from ..._common.errors import Day2Error, GatewayError
from .. import parse, requests
from ..parse import OrganizationAccount


async def list_accounts(sender: Sender, region: str) -> List[OrganizationAccount]:
    """All accounts, those included that are suspended or closed; the order is AWS's.

    :raises GatewayError: when a page cannot be had: a part of the accounts would let others go missing in silence.
    """
    accounts: List[OrganizationAccount] = []
    token = ""
    while True:
        request = requests.list_accounts(region, token)
        response = await sender.send(request)
        try:
            page = parse.account_page(response.body)
        except Day2Error as error:
            raise GatewayError(request.action, "", str(error)) from error
        accounts += page.accounts
        if page.token == token:
            if not token:
                return accounts
            raise GatewayError(request.action, "", "the same page again")
        if not page.token:
            return accounts
        token = page.token
