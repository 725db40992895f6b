# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which release this is: what reports and calls say of who made them."""

from __future__ import annotations

VERSION = "0.1.0"
"""That of ``galaxy.yml``; a test compares them."""
