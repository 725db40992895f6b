# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account that a client's calls are made in."""

from __future__ import annotations

from ..._common.errors import Day2Error, GatewayError
from ..caller_identity import Identity, caller_identity, identity
from .sender import Sender


async def identify(sender: Sender, region: str) -> Identity:
    """Whose credentials these are.

    :raises GatewayError: when they are not good for even that.
    """
    request = caller_identity(region)
    response = await sender.send(request)
    try:
        return identity(response.body)
    except Day2Error as error:
        raise GatewayError(request.action, "", str(error)) from error
