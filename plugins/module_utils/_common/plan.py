# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run will change, as a value: the same one for check mode, the diff and the real thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Tuple

MAX_DIFF = 1 << 18
"""The most characters of a diff, since it becomes part of the events of a job."""


@dataclass(frozen=True)
class Change:
    """One aspect of one resource, before and after.

    ``before`` and ``after`` are JSON values, or text that is shown as it is; ``None`` stands for "not there".
    """

    resource: str
    aspect: str
    before: Any
    after: Any
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """All changes of a run, in the order in which they are made. An empty plan is false."""

    changes: Tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def as_diff(self, most: int = MAX_DIFF) -> List[Dict[str, str]]:
        """The plan in the form that ``ansible-playbook --diff`` prints.

        :param most: how many characters of before and after there may be together. A change that is too long for what
            is left of them is not shown, and a last entry counts those.
        """
        entries: List[Dict[str, str]] = []
        left = most
        for change in self.changes:
            header, before, after = f"{change.resource} ({change.aspect})", _shown(change.before), _shown(change.after)
            if len(before) + len(after) > left:
                continue
            left -= len(before) + len(after)
            entries.append({"before_header": header, "after_header": header, "before": before, "after": after})
        cut = len(self.changes) - len(entries)
        if cut:
            text = f"{cut} of {len(self.changes)} changes are not shown: a diff has at most {most} characters\n"
            entries.append({"prepared": text})
        return entries


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.endswith("\n") else value + "\n"
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
