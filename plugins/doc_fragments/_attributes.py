# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes that modules of the collection document, in one wording."""

from __future__ import annotations


class ModuleDocFragment:
    """Plain attributes, and one fragment per action group."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Returns details on what has changed, or would change in C(check_mode), when in diff mode.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
"""

    ACTIONGROUP_AWS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/amazon.aws.aws) or C(group/day2.ops.aws) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - amazon.aws.aws
      - day2.ops.aws
"""
