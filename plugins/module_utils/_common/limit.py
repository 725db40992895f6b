# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The most that a run may do: a number of things, or a share of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import Day2Error


@dataclass(frozen=True)
class Limit:
    """A number, or a percentage of a whole that is known later. Its text is what the user wrote."""

    number: int
    percent: bool

    def allows(self, count: int, whole: int) -> bool:
        """Whether ``count`` of ``whole`` are within the limit. Nothing at all always is."""
        return count * 100 <= self.number * whole if self.percent else count <= self.number

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else str(self.number)


def parse_limit(option: str, text: str, things: str = "things") -> Limit:
    """The value of an option that is a limit.

    :param things: what is counted, for the error.
    :raises Day2Error: naming the option, when it is neither a number nor a percentage from 0 to 100.
    """
    found = re.fullmatch(r"([0-9]{1,6})(%?)", text.strip())
    if found is None or (found[2] and int(found[1]) > 100):
        raise Day2Error(f"{option}: {text!r} is neither a number of {things} nor a percentage such as 25%")
    return Limit(int(found[1]), bool(found[2]))
