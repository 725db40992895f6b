# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the integration tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.day2.ops.tests.support.aws.fixtures import fake_with_moto, moto_url
from ansible_collections.day2.ops.tests.support.workplace import Workplace

__all__ = ["fake_with_moto", "moto_url", "workplace"]


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """An empty folder with the collection of the checkout."""
    return Workplace(tmp_path, os.environ["ANSIBLE_COLLECTIONS_PATH"])
