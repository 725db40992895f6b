# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a decision."""

from __future__ import annotations

from typing import NamedTuple

from .model import Decision


class Outcome(NamedTuple):
    """What became of one decision that had something to do.

    ``done``: the wanted state was seen; for databases and node groups, which take minutes, that AWS has accepted the
    action. ``pending``: it is on its way, and a later run sees it arrive and writes the state tag. ``error`` is why it came
    to nothing, ``note`` what else somebody should know (``stopped instead of hibernated``), ``seen`` AWS's word for the state
    that was seen last.
    """

    decision: Decision
    done: bool
    pending: bool = False
    error: str = ""
    note: str = ""
    seen: str = ""

    @property
    def changed(self) -> bool:
        """Whether something is different now: also where an action came to its end, and only its state tag was not written."""
        return not self.error or (self.done and self.decision.action is not None)
