# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How properties are tried, and the fakes of AWS for every test that reaches it: one moto server serves them all."""

from __future__ import annotations

from ansible_collections.day2.ops.tests.support.aws.fixtures import (
    aws_environment,
    fake,
    fake_with_moto,
    moto_url,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, settings

# Seeded, so that a change fails by itself and not by chance; and a machine may be busy: how long a test takes says nothing
# about what it tests.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    max_examples=tries(100),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

__all__ = ["aws_environment", "fake", "fake_with_moto", "moto_url"]
