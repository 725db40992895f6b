# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the deployment share."""

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.services import Services
from ansible_collections.day2.ops.tests.support.deploying import services_of


@pytest.fixture(scope="session")
def services(moto_url: str) -> Services:
    """Calls of the session's moto."""
    return services_of(moto_url)
