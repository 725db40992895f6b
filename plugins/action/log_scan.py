# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows the progress of a long scan, and tells the host that its result has arrived."""

from __future__ import annotations

import shlex
from typing import Any, Dict, Optional

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.display import Display

from ..plugin_utils._progress import FollowedAction


class ActionModule(FollowedAction):
    """Runs ``day2.ops.log_scan`` and leaves a receipt for its result.

    The module returns a result again until it finds the receipt. So the answer may be lost on its way at any
    instant, and is still there: the receipt is left after it came, not before.
    """

    def run(self, tmp: Optional[str] = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the module; the result is the module's own."""
        given = self._task.args
        if self._leaves_receipts():
            self._task.args = {**given, "receipt": True}
        try:
            result = super().run(tmp, task_vars)
        finally:
            self._task.args = given
        receipt = result.pop("receipt_file", None)
        if receipt:
            self._leave(str(receipt))
        return result

    def _follow(self, task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        # Looking twice a second costs more than to read what is new, which is nothing most of the time.
        return super()._follow(task_vars) if self._reads_old_text() else self._plain(task_vars)

    def _reads_old_text(self) -> bool:
        options = self._task.args
        return options.get("first_run", "end") != "end" or bool(boolean(options.get("backfill") or False, strict=False))

    def _leaves_receipts(self) -> bool:
        """Whether this process will be there when the result comes, and can say so to the host."""
        return (
            str(self._task.args.get("ack", "auto")) == "auto"
            and not self._task.check_mode
            and not self._task.async_val
            and getattr(self._connection._shell, "SHELL_FAMILY", "") == "sh"
        )

    def _leave(self, receipt: str) -> None:
        left = self._low_level_execute_command(f"umask 77 && : > {shlex.quote(receipt)}")
        if left.get("rc") != 0:
            said = str(left.get("stderr") or left.get("stdout") or "").strip()
            Display().warning(f"the next scan will return this result again: no receipt could be left ({said})")
