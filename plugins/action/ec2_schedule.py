# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows the progress of a scheduling run while it runs."""

from __future__ import annotations

from ..plugin_utils._progress import FollowedAction


class ActionModule(FollowedAction):
    """Runs ``day2.ops.ec2_schedule`` and says how many resources are done."""
