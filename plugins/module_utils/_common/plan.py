# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run will change, as a value: the same one for check mode, the diff and the real thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Tuple


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

    def as_dict(self) -> Dict[str, Any]:
        """The change as it stands in results and state files."""
        return {
            "resource": self.resource,
            "aspect": self.aspect,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Plan:
    """All changes of a run, in the order in which they are made. An empty plan is false."""

    changes: Tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def as_diff(self) -> List[Dict[str, str]]:
        """The plan in the form that ``ansible-playbook --diff`` prints."""
        return [
            {
                "before_header": f"{change.resource} ({change.aspect})",
                "after_header": f"{change.resource} ({change.aspect})",
                "before": _shown(change.before),
                "after": _shown(change.after),
            }
            for change in self.changes
        ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.endswith("\n") else value + "\n"
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
