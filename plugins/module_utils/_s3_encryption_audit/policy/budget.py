# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much work a proof may be: a policy is hostile input."""

from __future__ import annotations


class TooComplex(Exception):
    """The question has more cases than ``Budget`` allows to look at."""


class Budget:
    """Steps that may be taken; a count and no clock, so that the same policy gets the same answer everywhere.

    A ``rough`` budget asks for a few examples instead of all kinds: enough to find a request, not to prove anything.
    """

    def __init__(self, steps: int, rough: bool = False) -> None:
        self.left = steps
        self.rough = rough

    def spend(self, steps: int) -> None:
        """:raises TooComplex: when the steps are used up."""
        self.left -= steps
        if self.left < 0:
            raise TooComplex
