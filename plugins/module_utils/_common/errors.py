# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong, in words a user can act on."""

from __future__ import annotations


class Day2Error(Exception):
    """Base of all errors of the collection; ``str(error)`` is a sentence for the user."""


class GatewayError(Day2Error):
    """Something outside refused or failed: which action, on what, and why.

    Reads as ``list objects in bucket-a: AccessDenied``.
    """

    def __init__(self, action: str, target: str, cause: str) -> None:
        super().__init__(f"{action} {target}: {cause}" if target else f"{action}: {cause}")
        self.action = action
        self.target = target
        self.cause = cause
