# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests are asked about, and which condition keys these have.

Source of the keys: IAM User Guide, "AWS global condition context keys", what it says of availability, and the
Service Authorization Reference for those of S3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, Mapping, Optional

from .condition import Values

DIRECT, VIA_SERVICE, SERVICE = "direct", "via service", "service"

# Versions of TLS that s3:TlsVersion can have, in order.
TLS_VERSIONS = ("1.0", "1.1", "1.2", "1.3")

# Keys that every request has. Any other key may be absent, except where the scenario or the caller says more.
ALWAYS_PRESENT = frozenset(
    (
        "aws:currenttime",
        "aws:epochtime",
        "aws:principaltype",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:userid",
        "s3:resourceaccount",
    )
)

_ONLY_OF_SERVICES = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
_ONLY_VIA_SERVICES = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")


@dataclass(frozen=True)
class Scenario:
    """Requests over one transport: made by a principal itself, by a service for a principal, or by a service."""

    tls: str  # empty for plain HTTP, else the version
    through: str = DIRECT

    @property
    def transport(self) -> str:
        """The transport in a sentence."""
        return f"TLS {self.tls}" if self.tls else "HTTP"

    @property
    def keys(self) -> Mapping[str, Optional[Values]]:
        """The condition keys that the scenario fixes; ``None`` for one that its requests do not have."""
        return _fixed(self)


@lru_cache(maxsize=32)
def _fixed(scenario: Scenario) -> Mapping[str, Optional[Values]]:
    fixed: Dict[str, Optional[Values]] = {
        "aws:securetransport": ("true",) if scenario.tls else ("false",),
        "s3:tlsversion": (scenario.tls,) if scenario.tls else None,
        "aws:viaawsservice": ("true",) if scenario.through == VIA_SERVICE else ("false",),
    }
    if scenario.through != SERVICE:
        fixed.update(dict.fromkeys(_ONLY_OF_SERVICES))
    if scenario.through != VIA_SERVICE:
        fixed.update(dict.fromkeys(_ONLY_VIA_SERVICES))
    return fixed


@dataclass(frozen=True)
class Bucket:
    """The bucket that the statements are about."""

    name: str
    partition: str

    @property
    def arn(self) -> str:
        """``arn:aws:s3:::name`` in the bucket's partition."""
        return f"arn:{self.partition}:s3:::{self.name}"
