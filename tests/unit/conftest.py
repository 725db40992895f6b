# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fakes of AWS for every test that reaches it; here, so that one moto server serves them all."""

from __future__ import annotations

from ansible_collections.day2.ops.tests.support.aws.fixtures import (
    aws_environment,
    fake,
    fake_with_moto,
    moto_url,
)

__all__ = ["aws_environment", "fake", "fake_with_moto", "moto_url"]
