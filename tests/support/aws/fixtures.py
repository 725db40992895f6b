# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pytest fixtures around the fakes. A conftest.py imports the ones that its tests use::

    from ansible_collections.day2.ops.tests.support.aws.fixtures import fake, moto_url

    __all__ = ["fake", "moto_url"]

Not the test modules themselves: every import of ``moto_url`` is a fixture, and a moto server, of its own.
"""

from __future__ import annotations

import os
from typing import Dict, Iterator

import pytest

from .fake_s3 import FakeS3
from .moto import moto_server


@pytest.fixture
def fake() -> Iterator[FakeS3]:
    """An empty fake S3 without other services; fails the test that asked it for something it does not model."""
    with FakeS3() as server:
        yield server
    assert server.unexpected == []


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """One moto server for the whole session; what a test creates there, it names after itself."""
    with moto_server() as url:
        yield url


@pytest.fixture
def fake_with_moto(moto_url: str) -> Iterator[FakeS3]:
    """An empty fake S3 that passes KMS, STS and all else to the session's moto."""
    with FakeS3(moto=moto_url, control=True) as server:
        yield server
    assert server.unexpected == []


@pytest.fixture
def aws_environment(fake: FakeS3, monkeypatch: pytest.MonkeyPatch) -> Dict[str, str]:
    """The process's environment points botocore at ``fake``, and at nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    variables = fake.environment()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
